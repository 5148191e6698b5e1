// Function calls: lookup in the function table, stars as arguments, lambdas, and the few functions whose result
// depends on how their arguments are written (struct, arrays_zip, grouping).
#include <algorithm>

#include "spark/functions/refused.h"
#include "spark/functions/variant.h"
#include "spark/resolve/char_padding.h"
#include "spark/resolve/expression_binder.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::resolve {

using functions::FunctionKind;
using functions::FunctionRow;
using plan::ExpressionKind;
using plan::ExpressionPtr;

namespace {

// Distinct values are grouped by, which Spark's planner refuses for maps; where DISTINCT changes nothing it is gone by
// then.
Status CheckDistinct(std::string_view function, const std::vector<ExprPtr>& args) {
  for (std::string_view other : {"first", "last", "any_value", "collect_set"}) {
    if (function == other) return Status::Ok();
  }
  if (std::none_of(args.begin(), args.end(), [](const ExprPtr& arg) { return functions::HoldsMap(arg->type); })) {
    return Status::Ok();
  }
  return Error("_MAP_AS_KEY", {}, "grouping/join/window partition keys cannot be map type.");
}

Status UnknownFunction(const std::string& name, const functions::FunctionContext& context) {
  std::vector<std::string> parts{name};
  return Error("UNRESOLVED_ROUTINE",
               {{"routineName", QuoteParts(parts)},
                {"searchPath", "[`system`.`builtin`, `system`.`session`, `" + context.current_catalog + "`.`" +
                                   context.current_database + "`]"}});
}

std::string CallSql(const plan::UnresolvedFunction& call) { return "\"" + sql::PrettyName(call) + "\""; }

// LIKE ANY and LIKE ALL, as the grammar has them: likeany(value, pattern, …).
Result<ExprPtr> LikeMany(ExpressionBinder* expressions, Binder* binder, const plan::UnresolvedFunction& call) {
  const std::string name = types::ToLower(call.name);
  const char* join = name.ends_with("any") ? "or" : "and";
  std::vector<ExprPtr> tests;
  ASSIGN_OR_RETURN(ExprPtr value, expressions->Bind(call.args.at(0)));
  for (size_t i = 1; i < call.args.size(); ++i) {
    ASSIGN_OR_RETURN(ExprPtr pattern, expressions->Bind(call.args[i]));
    ASSIGN_OR_RETURN(ExprPtr test, binder->CallFunction("like", {value, std::move(pattern)}));
    if (name.starts_with("not")) {
      ASSIGN_OR_RETURN(test, binder->CallFunction("not", {std::move(test)}));
    }
    tests.push_back(std::move(test));
  }
  // Pair by pair, so that many patterns do not nest deeply.
  while (tests.size() > 1) {
    std::vector<ExprPtr> pairs;
    for (size_t i = 0; i + 1 < tests.size(); i += 2) {
      pairs.push_back(engine::MakeCall(join, {tests[i], tests[i + 1]}, TypeId::kBoolean, true, true));
    }
    if (tests.size() % 2 == 1) pairs.push_back(tests.back());
    tests = std::move(pairs);
  }
  const ExprPtr all = tests.at(0);
  if (all->nullable) return all;
  return ExprPtr(std::make_shared<engine::Cast>(all, TypeId::kBoolean, true, engine::CastMode::kLegacy,
                                                binder->context().time_zone));
}

}  // namespace

const FunctionRow* ExpressionBinder::GeneratorOf(const ExpressionPtr& expr) {
  const plan::Expression* e = expr.get();
  while (e->kind == ExpressionKind::kAlias) e = e->As<plan::Alias>().child.get();
  if (e->kind != ExpressionKind::kFunction) return nullptr;
  const FunctionRow* row = functions::FindFunction(e->As<plan::UnresolvedFunction>().name);
  return row != nullptr && row->kind == FunctionKind::kGenerator ? row : nullptr;
}

Result<functions::FunctionCall> ExpressionBinder::BindArguments(const plan::UnresolvedFunction& call,
                                                                const FunctionRow* row) {
  functions::FunctionCall bound;
  bound.name = call.name;
  bound.distinct = call.is_distinct;
  bound.ignore_nulls = call.ignore_nulls;
  std::vector<ExpressionPtr> lambdas;  // parallel to bound.args: null where there is none
  for (const ExpressionPtr& arg : call.args) {
    if (arg->kind == ExpressionKind::kStar || arg->kind == ExpressionKind::kRegex) {
      ASSIGN_OR_RETURN(auto columns, Expand(arg));
      for (NamedExpr& c : columns) bound.args.push_back(std::move(c.expr));
      lambdas.resize(bound.args.size());
      continue;
    }
    if (arg->kind == ExpressionKind::kLambda) {
      bound.args.push_back(nullptr);
      lambdas.push_back(arg);
      continue;
    }
    ASSIGN_OR_RETURN(ExprPtr value, BindTree(arg));
    bound.args.push_back(std::move(value));
    lambdas.push_back(nullptr);
  }
  for (size_t i = 0; i < lambdas.size(); ++i) {
    if (lambdas[i] == nullptr) continue;
    if (row == nullptr || row->lambda_params == nullptr) {
      return Error("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", {{"class", call.name}});
    }
    const auto& lambda = lambdas[i]->As<plan::LambdaFunction>();
    ASSIGN_OR_RETURN(auto types, row->lambda_params(bound.args, i, lambda.params.size()));
    if (types.size() != lambda.params.size()) {
      return Error(
          "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
          {{"expectedNumArgs", std::to_string(lambda.params.size())}, {"actualNumArgs", std::to_string(types.size())}});
    }
    ASSIGN_OR_RETURN(bound.args[i], BindLambda(lambda, types));
  }
  if (call.filter != nullptr) {
    ASSIGN_OR_RETURN(bound.filter, BindTree(call.filter));
    if (!bound.filter->type.Is(TypeId::kBoolean)) return Error("_LEGACY_ERROR_TEMP_1025");
    if (HasAggregate(bound.filter)) return Error("_LEGACY_ERROR_TEMP_1026");
    if (HasWindow(bound.filter)) return Error("_LEGACY_ERROR_TEMP_1027");
  }
  for (const ExpressionPtr& order : call.order_by) {
    ASSIGN_OR_RETURN(engine::SortKey key, BindSortKey(order));
    bound.within_group.push_back(std::move(key));
  }
  return bound;
}

Result<ExprPtr> ExpressionBinder::BindLambda(const plan::LambdaFunction& lambda,
                                             const std::vector<std::pair<DataType, bool>>& types) {
  Scope::LambdaFrame frame;
  frame.outer = scope_->lambda;
  std::vector<ColumnId> ids;
  for (size_t i = 0; i < types.size(); ++i) {
    ids.push_back(binder_->NewId());
    frame.variables[types::ToLower(lambda.params[i])] =
        std::make_shared<engine::LambdaVariable>(ids.back(), types[i].first, types[i].second);
  }
  if (frame.variables.size() != ids.size()) {
    std::string names;
    for (const std::string& p : lambda.params) names += (names.empty() ? "" : ", ") + types::QuoteIdentifier(p);
    return Error("INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES",
                 {{"args", names}, {"caseSensitiveConfig", "\"spark.sql.caseSensitive\""}});
  }
  scope_->lambda = &frame;
  Result<ExprPtr> body = BindTree(lambda.body);
  scope_->lambda = frame.outer;
  if (!body.ok()) return body;
  return ExprPtr(std::make_shared<engine::Lambda>(std::move(ids), std::move(body).value()));
}

Result<ExprPtr> ExpressionBinder::BindCall(const plan::UnresolvedFunction& call, bool windowed) {
  const std::string name = types::ToLower(call.name);
  if (name == "struct") return BindStruct(call);
  if (name == "grouping" || name == "grouping_id") return BindGrouping(call);
  const bool like_many = name == "likeany" || name == "likeall" || name == "notlikeany" || name == "notlikeall";
  if (like_many && call.args.size() > 1) {
    return LikeMany(this, binder_, call);
  }
  if (name == "window" || name == "session_window") {
    ASSIGN_OR_RETURN(ExprPtr column, BindTimeWindow(call));
    if (column != nullptr) return column;
  }
  if (binder_->catalog_ != nullptr) {
    if (const auto function = binder_->catalog_->FindPythonFunction(name)) {
      return BindPythonUdf(plan::PythonUdfCall(function, call.args));
    }
  }
  const FunctionRow* row = functions::FindFunction(name);
  if (row == nullptr) {
    RETURN_IF_ERROR(functions::CheckRefused(name));
    return UnknownFunction(call.name, binder_->context());
  }
  if (row->kind == FunctionKind::kGenerator) {
    return Error("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", {{"expression", CallSql(call)}});
  }
  const bool aggregate = row->kind == FunctionKind::kAggregate;
  if (!aggregate && (call.is_distinct || call.filter != nullptr)) {
    return Error("_LEGACY_ERROR_TEMP_1023",
                 {{"prettyName", std::string(row->name)}, {"syntax", call.is_distinct ? "DISTINCT" : "FILTER clause"}});
  }
  if (row->kind == FunctionKind::kWindow && !windowed) {
    return Error("WINDOW_FUNCTION_WITHOUT_OVER_CLAUSE", {{"funcName", CallSql(call)}});
  }
  const bool input_first = scope_->aggregate_input_first;
  if (aggregate && !windowed) scope_->aggregate_input_first = true;
  Result<functions::FunctionCall> bound = BindArguments(call, row);
  scope_->aggregate_input_first = input_first;
  if (!bound.ok()) return bound.status();
  if (aggregate && !windowed) {
    for (const ExprPtr& arg : bound.value().args) {
      if (HasAggregate(arg)) return Error("NESTED_AGGREGATE_FUNCTION");
      if (HasWindow(arg)) return Error("_LEGACY_ERROR_TEMP_1031");
    }
  }
  if (call.is_distinct) RETURN_IF_ERROR(CheckDistinct(row->name, bound.value().args));
  if (bound.value().args.empty()) {
    ASSIGN_OR_RETURN(ExprPtr input, InputFile(name));
    if (input != nullptr) return input;
  }
  RETURN_IF_ERROR(FoldSchema(&bound.value()));
  PadComparedChars(
      name,
      [this](ColumnId id) {
        if (scope_->node == nullptr || scope_->node->rel == nullptr) return 0;
        const auto column = binder_->ColumnHere(*scope_->node, id);
        return column.has_value() ? CharLength(column->metadata) : 0;
      },
      &bound.value().args);
  // Errors name the columns of the arguments.
  const functions::ScopedColumnNames names([this](ColumnId id) -> std::string {
    if (scope_->node == nullptr || scope_->node->rel == nullptr) return {};
    for (const Column& c : scope_->node->rel->output) {
      if (c.id == id) return c.name;
    }
    return {};
  });
  ASSIGN_OR_RETURN(ExprPtr built, functions::BuildFunction(*row, bound.value(), binder_->context()));
  if (name == "arrays_zip") return RenameZipped(call, built);
  return built;
}

// input_file_name() and its like: fields of the hidden `_metadata` column of the one file source below. Null: another
// function, or no file source in reach. Of several sources none can be told: MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION.
Result<ExprPtr> ExpressionBinder::InputFile(const std::string& name) {
  const char* field = name == "input_file_name"           ? "file_path"
                      : name == "input_file_block_start"  ? "file_block_start"
                      : name == "input_file_block_length" ? "file_block_length"
                                                          : nullptr;
  if (field == nullptr) return ExprPtr();
  const auto looked_up = Lookup({"_metadata"}, -1, true);
  if (looked_up.status().Is("AMBIGUOUS_REFERENCE")) {
    return Error("MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION", {{"expr", "\"" + name + "()\""}});
  }
  if (!looked_up.ok()) return looked_up.status();
  const auto& found = *looked_up;
  if (!found || !found->expr->type.Is(TypeId::kStruct) || found->expr->type.FieldIndex(field) < 0) return ExprPtr();
  return ExtractField(binder_, found->expr, field, "_metadata");
}

// from_json(x, schema_of_json('…')): the schema has to be known now.
Status ExpressionBinder::FoldSchema(functions::FunctionCall* call) {
  const std::string name = types::ToLower(call->name);
  if ((name != "from_json" && name != "from_csv") || call->args.size() < 2) return Status::Ok();
  ExprPtr& schema = call->args[1];
  if (schema->kind != engine::ExprKind::kCall || !schema->type.Is(TypeId::kString)) return Status::Ok();
  if (!schema->As<engine::Call>().function.starts_with("spark_schema_of_")) return Status::Ok();
  ASSIGN_OR_RETURN(engine::Value value, binder_->Evaluate(schema));
  schema = std::make_shared<engine::Literal>(std::move(value), TypeId::kString);
  return Status::Ok();
}

// --- functions that look at how an argument is written -----------------------------------------------
// The name a value gets as a struct field: of a column, an alias or an accessed field; else `fallback`.
Result<std::string> ExpressionBinder::FieldName(const ExpressionPtr& arg, size_t index, const std::string& fallback) {
  switch (arg->kind) {
    case ExpressionKind::kAlias: return arg->As<plan::Alias>().names.back();
    case ExpressionKind::kAttribute: return arg->As<plan::UnresolvedAttribute>().parts.back();
    case ExpressionKind::kLambdaVariable: return arg->As<plan::UnresolvedLambdaVariable>().parts.back();
    case ExpressionKind::kExtractValue: {
      const ExpressionPtr& key = arg->As<plan::UnresolvedExtractValue>().extraction;
      if (key->kind == ExpressionKind::kLiteral) {
        if (const auto* text = std::get_if<std::string>(&key->As<plan::Literal>().value.v)) return *text;
      }
      break;
    }
    default: break;
  }
  return fallback.empty() ? "col" + std::to_string(index + 1) : fallback;
}

Result<ExprPtr> ExpressionBinder::BindStruct(const plan::UnresolvedFunction& call) {
  std::vector<ExprPtr> args;
  std::vector<types::StructField> fields;
  auto add = [&](const std::string& name, const ExprPtr& value, std::string metadata) {
    args.push_back(engine::MakeString(name));
    args.push_back(value);
    fields.push_back({name, value->type, value->nullable, std::move(metadata)});
  };
  for (const ExpressionPtr& arg : call.args) {
    if (arg->kind == ExpressionKind::kStar || arg->kind == ExpressionKind::kRegex) {
      ASSIGN_OR_RETURN(auto columns, Expand(arg));
      for (const NamedExpr& c : columns) add(c.name, c.expr, c.metadata);
      continue;
    }
    if (arg->kind == ExpressionKind::kAttribute || arg->kind == ExpressionKind::kAlias) {
      ASSIGN_OR_RETURN(NamedExpr item, BindNamedTree(arg));
      add(item.name, item.expr, item.metadata);
      continue;
    }
    ASSIGN_OR_RETURN(ExprPtr value, BindTree(arg));
    ASSIGN_OR_RETURN(std::string name, FieldName(arg, fields.size(), ""));
    add(name, value, "{}");
  }
  if (args.empty()) {
    return Error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`struct`"},
                                                       {"expectedNum", "> 0"},
                                                       {"actualNum", "0"},
                                                       {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  return engine::MakeCall("named_struct", std::move(args), DataType::Struct(std::move(fields)), false);
}

// arrays_zip names the fields of its structs after its arguments.
Result<ExprPtr> ExpressionBinder::RenameZipped(const plan::UnresolvedFunction& call, const ExprPtr& built) {
  if (!built->type.Is(TypeId::kArray) || !built->type.element().Is(TypeId::kStruct)) return built;
  std::vector<types::StructField> fields = built->type.element().fields();
  if (fields.size() != call.args.size()) return built;
  for (size_t i = 0; i < fields.size(); ++i) {
    ASSIGN_OR_RETURN(fields[i].name, FieldName(call.args[i], i, std::to_string(i)));
  }
  DataType type = DataType::Array(DataType::Struct(std::move(fields)), built->type.contains_null());
  if (type == built->type) return built;
  return ExprPtr(std::make_shared<engine::Cast>(built, type, built->nullable, engine::CastMode::kLegacy,
                                                binder_->context().time_zone));
}

// A marker that the aggregation replaces by an expression over its grouping id.
Result<ExprPtr> ExpressionBinder::BindGrouping(const plan::UnresolvedFunction& call) {
  if (!scope_->allow_grouping) return Error("UNSUPPORTED_GROUPING_EXPRESSION");
  const std::string name = types::ToLower(call.name);
  const bool input_first = scope_->aggregate_input_first;
  scope_->aggregate_input_first = true;
  Result<functions::FunctionCall> bound = BindArguments(call, nullptr);
  scope_->aggregate_input_first = input_first;
  if (!bound.ok()) return bound.status();
  if (name == "grouping" && bound.value().args.size() != 1) {
    return Error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`grouping`"},
                                                       {"expectedNum", "1"},
                                                       {"actualNum", std::to_string(bound.value().args.size())},
                                                       {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  const TypeId type = name == "grouping" ? TypeId::kByte : TypeId::kLong;
  return engine::MakeCall(name, std::move(bound).value().args, type, false);
}

}  // namespace deltic::spark::resolve
