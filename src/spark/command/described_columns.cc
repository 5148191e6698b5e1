#include "spark/command/described_columns.h"

#include "delta/spec/column_mapping.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/execute.h"

namespace deltic::spark::command {
namespace {

// Whether reading fails because nobody can tell what the files call the table's columns.
bool IsMappingError(const Status& status) {
  return status.Is("_COLUMN_MAPPING_UNSUPPORTED") || status.Is("_COLUMN_MAPPING_INCOMPLETE");
}

}  // namespace

Result<engine::RelPtr> DescribedColumns(const CommandContext& context, const plan::NameParts& name) {
  const auto query = ResolveQuery(context.session, std::make_shared<plan::TableRelation>(name), true);
  if (query.ok()) return query->plan;
  if (!IsMappingError(query.status())) return query.status();
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, name));
  if (target.provider != "delta") return query.status();
  ASSIGN_OR_RETURN(const auto snapshot,
                   context.session->server()->catalog->LatestSnapshot(context.session, target.path));
  std::vector<engine::Column> columns;
  for (const auto& field : catalog::ReadSchema(*snapshot)) {
    columns.push_back({engine::FreshColumnId(), field.name, field.type, field.nullable, field.metadata, {}});
  }
  return engine::RelPtr(
      std::make_shared<engine::ValuesRel>(std::move(columns), std::vector<std::vector<engine::ExprPtr>>()));
}

}  // namespace deltic::spark::command
