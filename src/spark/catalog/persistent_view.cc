// Persistent views: their SQL text, resolved as it was meant when the view was made.
#include <algorithm>

#include "spark/catalog/session_catalog.h"
#include "spark/functions/coercion.h"
#include "spark/functions/up_cast.h"
#include "spark/sql/parser.h"

namespace deltic::spark::catalog {
namespace {

using engine::Column;
using engine::RelPtr;
using types::StructField;

constexpr size_t kMaxViewDepth = 100;  // spark.sql.view.maxNestedViewDepth

std::string NameOf(const TableEntry& view) { return QuoteParts({"spark_catalog", view.database, view.name}); }

// The column of `output` that stands for column `index` of the view: its name as the query called it, and the n-th of
// that name where it was the n-th.
Result<size_t> Find(const TableEntry& view, size_t index, const std::vector<Column>& output) {
  const std::string& name = view.view_columns[index];
  const auto named = [&](const std::string& other) { return types::EqualsIgnoreCase(other, name); };
  auto before = std::count_if(view.view_columns.begin(), view.view_columns.begin() + static_cast<long>(index), named);
  for (size_t i = 0; i < output.size(); i++) {
    if (named(output[i].name) && before-- == 0) return i;
  }
  std::string found;
  for (const Column& column : output) {
    if (named(column.name)) found += (found.empty() ? "" : ",") + column.name;
  }
  const auto expected = std::count_if(view.view_columns.begin(), view.view_columns.end(), named);
  return Error("INCOMPATIBLE_VIEW_SCHEMA_CHANGE",
               {{"viewName", NameOf(view)},
                {"colName", name},
                {"expectedNum", std::to_string(expected)},
                {"actualCols", "[" + found + "]"},
                {"suggestion", "CREATE OR REPLACE VIEW " + NameOf(view) + " AS " + view.view_text}});
}

// The column as the view declares it: widened to its type if the table's has become narrower.
Result<engine::ExprPtr> Declared(const Column& column, const StructField& field,
                                 const functions::FunctionContext& context) {
  engine::ExprPtr value = std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable);
  if (column.type.SameType(field.type, true)) return value;
  if (!functions::CanUpCast(column.type, field.type)) {
    return Error("CANNOT_UP_CAST_DATATYPE",
                 {{"expression", column.name},
                  {"sourceType", "\"" + column.type.Sql() + "\""},
                  {"targetType", "\"" + field.type.Sql() + "\""},
                  {"details",
                   "The type path of the target object is:\n\nYou can either add an explicit cast to the input data or "
                   "choose a higher precision type of the field in the target object"}});
  }
  return functions::CastTo(std::move(value), field.type, context);
}

}  // namespace

plan::NameParts SessionCatalog::InDatabase(plan::NameParts name) const {
  if (!open_views_.empty() && name.size() == 1 && name[0].find('/') == std::string::npos) {
    name.insert(name.begin(), open_views_.back()->view_database);
  }
  return name;
}

Result<RelPtr> SessionCatalog::ResolveView(const TableEntry& view, resolve::Resolver* resolver) {
  const std::string qualified = "spark_catalog." + view.database + "." + view.name;
  if (open_views_.size() >= kMaxViewDepth) {
    return Error("_LEGACY_ERROR_TEMP_1009", {{"identifier", qualified},
                                             {"maxNestedViewDepth", std::to_string(kMaxViewDepth)},
                                             {"config", "spark.sql.view.maxNestedViewDepth"}});
  }
  ASSIGN_OR_RETURN(const auto statement, sql::ParseStatement(view.view_text, resolver->options().parser));
  if (statement.query == nullptr) return InternalError("a view whose text is not a query");
  open_views_.push_back(&view);
  views_met_.emplace(view.database, view.name);
  const auto bound = [&]() -> Result<RelPtr> {
    resolve::Resolver inner(this, resolver->engine(), std::make_shared<const resolve::ViewMap>(), resolver->options(),
                            resolver->analyze_only());
    ASSIGN_OR_RETURN(RelPtr rows, inner.Resolve(statement.query));
    std::vector<Column> output;
    std::vector<engine::ExprPtr> values;
    for (size_t i = 0; i < view.schema.fields().size(); i++) {
      const StructField& field = view.schema.fields()[i];
      ASSIGN_OR_RETURN(const size_t at, Find(view, i, rows->output));
      ASSIGN_OR_RETURN(auto value, Declared(rows->output[at], field, resolver->options().functions));
      output.push_back({resolver->NewColumnId(),
                        field.name,
                        value->type,
                        value->nullable,
                        field.metadata,
                        {"spark_catalog", view.database, view.name}});
      values.push_back(std::move(value));
    }
    return RelPtr(std::make_shared<engine::ProjectRel>(std::move(rows), std::move(output), std::move(values)));
  }();
  open_views_.pop_back();
  return bound;
}

}  // namespace deltic::spark::catalog
