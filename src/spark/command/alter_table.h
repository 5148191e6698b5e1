// The parts of ALTER TABLE on a Delta table, by family: each checks, then commits once as delta-spark's command of that
// name does. Used by one thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "delta/snapshot/snapshot.h"
#include "spark/catalog/session_catalog.h"
#include "spark/command/handlers.h"
#include "spark/plan/alter_table.h"

namespace deltic::spark::command {

// One ALTER TABLE on one Delta table as it is now.
struct Alteration {
  const CommandContext& context;
  const plan::TableChange& command;
  const catalog::TableTarget& target;
  std::shared_ptr<const delta::Snapshot> snapshot;

  session::Session* session() const { return context.session; }
  const delta::Metadata& metadata() const { return snapshot->metadata(); }
  // spark_catalog.default.t, or delta.`/path`
  std::string TableName() const;
  // _LEGACY_ERROR_TEMP_1331: no such column.
  Status MissingField(const plan::NameParts& path) const;
  // Commits new metadata, made from that of `snapshot`, as `operation`; DELTA_METADATA_CHANGED when that is no longer
  // the table's.
  Status Commit(delta::Metadata metadata, const std::string& operation,
                std::vector<std::pair<std::string, std::string>> parameters) const;
  // The same with a new schema.
  Status CommitSchema(types::DataType schema, const std::string& operation,
                      std::vector<std::pair<std::string, std::string>> parameters) const;
};

Status AlterProperties(const Alteration& alter);  // alter_properties.cc: set, unset, comment
Status AlterAddColumns(const Alteration& alter);  // alter_columns.cc
Status AlterReplaceColumns(const Alteration& alter);
Status AlterRenameColumn(const Alteration& alter);  // alter_rename_drop.cc
Status AlterDropColumns(const Alteration& alter);
Status AlterChangeColumn(const Alteration& alter);  // alter_change_column.cc
Status AlterSyncIdentity(const Alteration& alter);
Status AlterConstraint(const Alteration& alter);   // alter_constraint.cc: add, drop
Status AlterClusterBy(const Alteration& alter);    // alter_cluster.cc
Status AlterDropFeature(const Alteration& alter);  // alter_feature.cc

// Rewrites all rows into new files under `metadata`, as a rearrangement (dataChange = false): removing column mapping.
Status RewriteTable(const Alteration& alter, delta::Metadata metadata, const std::string& operation,
                    std::vector<std::pair<std::string, std::string>> parameters);
// A commit that changes nothing, as delta-spark makes before it looks at the history.
Status CommitNothing(const Alteration& alter);

}  // namespace deltic::spark::command
