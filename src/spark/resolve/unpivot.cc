// UNPIVOT / melt: one row per row and value column.
#include <algorithm>

#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

Result<Node> Binder::BindUnpivot(const plan::Unpivot& unpivot, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(unpivot.child, env));
  Scope scope = MakeScope(child, env, log_start);
  ExpressionBinder binder(this, &scope);
  ASSIGN_OR_RETURN(std::vector<NamedExpr> ids, binder.BindList(unpivot.ids));
  std::vector<NamedExpr> values;
  auto not_columns = [](const std::vector<NamedExpr>& items) {
    std::string list;
    for (const NamedExpr& i : items) {
      if (!i.attribute) list += (list.empty() ? "\"" : ", \"") + i.name + "\"";
    }
    return list;
  };
  if (unpivot.values) {
    ASSIGN_OR_RETURN(values, binder.BindList(*unpivot.values));
  } else {
    if (std::string list = not_columns(ids); !list.empty()) {
      return Error("UNPIVOT_REQUIRES_ATTRIBUTES", {{"given", "id"}, {"empty", "value"}, {"expressions", list}});
    }
    for (const Column& c : child.rel->output) {
      const bool id = std::any_of(ids.begin(), ids.end(),
                                  [&](const NamedExpr& i) { return i.expr->As<engine::ColumnExpr>().id == c.id; });
      if (!id) values.push_back({ColumnRef(c), c.name, c.metadata, c.qualifier, true});
    }
  }
  if (values.empty()) return Error("UNPIVOT_REQUIRES_VALUE_COLUMNS");
  std::vector<DataType> value_types;
  for (const NamedExpr& v : values) value_types.push_back(v.expr->type);
  auto common = functions::WidestCommonType(value_types, context().ansi);
  if (common && !common->Is(TypeId::kString)) {
    // Strings are not a common type of numbers and dates here.
  } else if (common && std::any_of(value_types.begin(), value_types.end(),
                                   [](const DataType& t) { return !t.IsString() && !t.Is(TypeId::kNull); })) {
    common = std::nullopt;
  }
  if (!common) {
    // Grouped by type, in the order of the type names.
    std::map<std::string, std::vector<std::string>> by_type;
    for (const NamedExpr& v : values) by_type[v.expr->type.Sql()].push_back(types::QuoteIdentifier(v.name));
    std::string list;
    for (const auto& [type, names] : by_type) {
      std::string joined;
      for (size_t i = 0; i < names.size() && i < 3; ++i) joined += (i ? ", " : "") + names[i];
      if (names.size() > 3) joined += ", ...";
      list += (list.empty() ? "\"" : ", \"") + type + "\" (" + joined + ")";
    }
    return Error("UNPIVOT_VALUE_DATA_TYPE_MISMATCH", {{"types", list}});
  }
  // stack(n, name1, value1, …) gives the rows in Spark's order.
  std::vector<ExprPtr> args{engine::MakeInt(static_cast<int32_t>(values.size()))};
  bool nullable = false;
  for (const NamedExpr& v : values) {
    args.push_back(engine::MakeString(v.name));
    args.push_back(functions::CastTo(v.expr, *common, context()));
    nullable = nullable || args.back()->nullable;
  }
  ASSIGN_OR_RETURN(Node input, ExposeMissing(child, scope.missing));
  std::vector<Column> output = input.rel->output;
  output.push_back(NewColumn(unpivot.variable_column, TypeId::kString, false));
  output.push_back(NewColumn(unpivot.value_column, *common, nullable));
  std::vector<NamedExpr> items = ids;
  for (size_t i = output.size() - 2; i < output.size(); ++i) {
    items.push_back({ColumnRef(output[i]), output[i].name, "{}", {}, true});
  }
  Node generated = input;
  generated.rel = std::make_shared<engine::GenerateRel>(input.rel, std::move(output),
                                                        engine::GenerateRel::Generator::kStack, std::move(args), false);
  Node result = Project(generated, std::move(items));
  result.below = nullptr;
  result.hidden.clear();
  return result;
}

}  // namespace deltic::spark::resolve
