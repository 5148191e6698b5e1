// ALTER TABLE CLUSTER BY (…) and CLUSTER BY NONE.
#include "base/random.h"
#include "delta/spec/features.h"
#include "delta/transaction/transaction.h"
#include "spark/command/alter_table.h"
#include "spark/command/clustering.h"
#include "spark/command/version.h"

namespace deltic::spark::command {

Status AlterClusterBy(const Alteration& alter) {
  if (!alter.metadata().partition_columns.empty()) {
    return Error("DELTA_ALTER_TABLE_CLUSTER_BY_ON_PARTITIONED_TABLE_NOT_ALLOWED");
  }
  ASSIGN_OR_RETURN(const auto columns, CheckClusteringColumns(alter.command.paths, alter.metadata()));
  const bool clustered = delta::IsFeatureSupported(alter.snapshot->protocol(), "clustering");
  if (columns.empty() && !clustered) return Status::Ok();  // NONE makes no clustered table
  session::Session* session = alter.session();
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, alter.target.path));
  delta::Transaction txn(io, alter.snapshot, Random::System());
  if (!clustered) {
    delta::Metadata metadata = alter.metadata();
    metadata.configuration["delta.feature.clustering"] = "supported";
    RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  }
  txn.SetDomain(ClusteringDomain(columns, txn.metadata()));
  delta::CommitOptions options;
  options.operation = "CLUSTER BY";
  options.operation_parameters = {{"oldClusteringColumns", ClusteringList(ClusteringPaths(*alter.snapshot))},
                                  {"newClusteringColumns", ClusteringList(columns)}};
  options.engine_info = EngineInfo();
  return txn.Commit(options).status();
}

}  // namespace deltic::spark::command
