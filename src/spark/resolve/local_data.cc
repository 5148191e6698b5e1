// Relations whose rows are in the plan: createDataFrame, VALUES, and table functions.
#include <algorithm>

#include "spark/resolve/expression_binder.h"
#include "spark/resolve/match_schema.h"
#include "spark/resolve/python_functions.h"
#include "spark/sql/keyword_list.h"
#include "spark/sql/parser.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::resolve {

Result<Node> Binder::BindLocalData(const plan::LocalData& local) {
  DataType schema;
  if (!local.schema.empty()) {
    ASSIGN_OR_RETURN(schema, sql::ParseSchemaString(local.schema));
    if (!schema.Is(TypeId::kStruct)) schema = DataType::Struct({{"value", schema, true, "{}"}});
  }
  Node node;
  if (local.arrow_ipc == nullptr) {
    if (local.schema.empty()) return Error("INVALID_PLAN_INPUT", {}, "LocalRelation has neither data nor a schema.");
    std::vector<Column> output;
    for (const auto& f : schema.fields()) {
      output.push_back(NewColumn(f.name, WithoutCharVarchar(f.type), f.nullable, f.metadata));
    }
    node.rel = std::make_shared<engine::ValuesRel>(std::move(output), std::vector<std::vector<ExprPtr>>{});
    return node;
  }
  ASSIGN_OR_RETURN(std::vector<types::StructField> fields, engine_->ArrowSchemaOf(*local.arrow_ipc));
  std::vector<Column> output;
  for (const auto& f : fields) output.push_back(NewColumn(f.name, f.type, f.nullable, f.metadata));
  if (local.schema.empty()) {
    node.rel = std::make_shared<engine::ArrowRel>(std::move(output), local.arrow_ipc);
    return node;
  }
  if (schema.fields().size() != output.size()) {
    return Error("_LEGACY_ERROR_TEMP_1332",
                 {{"errorMessage", "requirement failed: The number of columns doesn't match.\nOld column names (" +
                                       std::to_string(output.size()) + ")\nNew column names (" +
                                       std::to_string(schema.fields().size()) + ")"}});
  }
  // The data's columns are renamed by position and then brought to the schema.
  std::vector<Column> renamed = output;
  for (size_t i = 0; i < renamed.size(); ++i) renamed[i].name = schema.fields()[i].name;
  std::vector<NamedExpr> items;
  bool same = true;
  for (size_t i = 0; i < renamed.size(); ++i) {
    ASSIGN_OR_RETURN(std::vector<NamedExpr> item,
                     MatchSchema(this, {renamed[i]}, DataType::Struct({schema.fields()[i]})));
    same = same && item[0].attribute && item[0].metadata == renamed[i].metadata;
    items.push_back(std::move(item[0]));
  }
  node.rel = std::make_shared<engine::ArrowRel>(std::move(renamed), local.arrow_ipc);
  if (same) return node;
  Node result = Project(node, std::move(items));
  result.below = nullptr;
  return result;
}

// `names` (from an alias) are used when there is one per column.
Result<Node> Binder::BindInlineTable(const plan::InlineTable& table, const std::vector<std::string>& names,
                                     const Env& env) {
  Node none{std::make_shared<engine::OneRowRel>(), {}, nullptr, nullptr};
  Scope scope = MakeScope(none, env, log_.size());
  ExpressionBinder binder(this, &scope);
  std::vector<std::vector<ExprPtr>> rows;
  const size_t width = table.rows.empty() ? 0 : table.rows[0].size();
  for (size_t r = 0; r < table.rows.size(); ++r) {
    if (table.rows[r].size() != width) {
      return Error("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                   {{"expectedNumCols", std::to_string(width)},
                    {"actualNumCols", std::to_string(table.rows[r].size())},
                    {"rowIndex", std::to_string(r)}});
    }
    rows.emplace_back();
    for (const plan::ExpressionPtr& e : table.rows[r]) {
      ASSIGN_OR_RETURN(plan::ExpressionPtr prepared, binder.Prepare(e));
      ASSIGN_OR_RETURN(ExprPtr value, binder.Bind(prepared));
      if (HasAggregate(value) || HasWindow(value) || HasSubquery(value) || CallsPython(value)) {
        return Error("INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE",
                     {{"expr", QuotedSql(prepared)}});
      }
      rows.back().push_back(std::move(value));
    }
  }
  std::vector<Column> output;
  for (size_t c = 0; c < width; ++c) {
    std::vector<DataType> column_types;
    for (const auto& row : rows) column_types.push_back(row[c]->type);
    const std::string name = names.size() == width ? names[c] : "col" + std::to_string(c + 1);
    auto common = functions::WidestCommonType(column_types, context().ansi);
    const bool promoted = common && common->IsString() &&
                          std::any_of(column_types.begin(), column_types.end(),
                                      [](const DataType& t) { return !t.IsString() && !t.Is(TypeId::kNull); });
    if (!common || promoted) {
      return Error("INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
                   {{"colName", types::QuoteIdentifier(name)}});
    }
    bool nullable = false;
    for (auto& row : rows) {
      row[c] = functions::CastTo(row[c], *common, context());
      nullable = nullable || row[c]->nullable;
    }
    output.push_back(NewColumn(name, *common, nullable));
  }
  Node node;
  node.rel = std::make_shared<engine::ValuesRel>(std::move(output), std::move(rows));
  return node;
}

Result<Node> Binder::BindRangeFunction(const std::vector<ExprPtr>& args) {
  if (args.empty() || args.size() > 4) {
    return Error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`range`"},
                                                       {"expectedNum", "[1, 2, 3, 4]"},
                                                       {"actualNum", std::to_string(args.size())},
                                                       {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  std::vector<int64_t> values;
  for (size_t i = 0; i < args.size(); ++i) {
    if (!functions::CanCast(args[i]->type, TypeId::kLong, false) || args[i]->type.Is(TypeId::kBoolean)) {
      return Error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"sqlExpr", "\"range\""},
                                                               {"paramIndex", std::to_string(i + 1)},
                                                               {"requiredType", "\"BIGINT\""},
                                                               {"inputSql", "\"" + functions::ExprSql(args[i]) + "\""},
                                                               {"inputType", QuotedType(args[i]->type)}});
    }
    ASSIGN_OR_RETURN(engine::Value value, Evaluate(functions::CastTo(args[i], TypeId::kLong, context())));
    if (value.IsNull()) {
      return Error("UNEXPECTED_INPUT_TYPE", {{"functionName", "`range`"},
                                             {"paramIndex", std::to_string(i + 1)},
                                             {"requiredType", "\"BIGINT\""},
                                             {"inputSql", "\"" + functions::ExprSql(args[i]) + "\""},
                                             {"inputType", QuotedType(args[i]->type)}});
    }
    values.push_back(std::get<int64_t>(value.v));
  }
  const int64_t start = values.size() == 1 ? 0 : values[0];
  const int64_t end = values.size() == 1 ? values[0] : values[1];
  const int64_t step = values.size() < 3 ? 1 : values[2];
  if (step == 0) {
    return Error("_LEGACY_ERROR_TEMP_1332", {{"errorMessage", "requirement failed: step (0) cannot be 0"}});
  }
  Node node;
  node.rel = std::make_shared<engine::RangeRel>(NewColumn("id", TypeId::kLong, false), start, end, step);
  return node;
}

// sql_keywords(): none is reserved while keywords may be identifiers, which is always so here.
Result<Node> Binder::BindKeywords() {
  std::vector<std::vector<ExprPtr>> rows;
  for (const std::string_view word : sql::ListedKeywords()) {
    rows.push_back({engine::MakeString(std::string(word)), engine::MakeBool(false)});
  }
  Node node;
  node.rel = std::make_shared<engine::ValuesRel>(
      std::vector<Column>{NewColumn("keyword", TypeId::kString, false), NewColumn("reserved", TypeId::kBoolean, false)},
      std::move(rows));
  return node;
}

Result<Node> Binder::BindTableFunction(const plan::TableFunction& function, const Env& env) {
  if (catalog_ != nullptr && function.name.size() == 1) {
    const auto python = catalog_->FindPythonFunction(function.name[0]);
    if (python != nullptr) return BindPythonTable(plan::PythonTable(python, function.args), env);
  }
  Node none{std::make_shared<engine::OneRowRel>(), {}, nullptr, nullptr};
  Scope scope = MakeScope(none, env, log_.size());
  const std::string& name = function.name.back();
  if (function.name.size() == 1) {
    auto call = std::make_shared<plan::UnresolvedFunction>(name, function.args);
    if (ExpressionBinder::GeneratorOf(call) != nullptr) {
      ExpressionBinder binder(this, &scope);
      GeneratorCall generator;
      ASSIGN_OR_RETURN(generator.call, binder.Prepare(call));
      return Generate(none, generator, &scope);
    }
  }
  ExpressionBinder binder(this, &scope);
  std::vector<ExprPtr> args;
  for (const plan::ExpressionPtr& a : function.args) {
    ASSIGN_OR_RETURN(ExprPtr value, binder.Bind(a));
    args.push_back(std::move(value));
  }
  if (function.name.size() == 1 && types::EqualsIgnoreCase(name, "range")) return BindRangeFunction(args);
  if (function.name.size() == 1 && types::EqualsIgnoreCase(name, "sql_keywords") && args.empty()) return BindKeywords();
  if (catalog_ != nullptr) {
    for (size_t i = 1; i < args.size(); i++) {  // the first names the table
      if (engine::IsLiteral(args[i])) continue;
      ASSIGN_OR_RETURN(engine::Value value, Evaluate(args[i]));
      args[i] = std::make_shared<engine::Literal>(std::move(value), args[i]->type);
    }
    ASSIGN_OR_RETURN(std::optional<RelPtr> rel, catalog_->ResolveTableFunction(function, args, owner_));
    if (rel) return WithFileMetadata(*rel);
  }
  return Error("UNRESOLVABLE_TABLE_VALUED_FUNCTION", {{"name", QuoteParts(function.name)}});
}

}  // namespace deltic::spark::resolve
