// Writing rows into a Delta table: create, append, overwrite, each one commit. The heart of df.write, INSERT and CTAS.
// Free function; thread-safe (the commit decides races).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "delta/spec/actions.h"
#include "engine/plan/relation.h"
#include "spark/plan/command.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

// One batch of a streaming query: written once however often it comes, and recorded as STREAMING UPDATE.
struct StreamingUpdate {
  std::string output_mode;  // Append or Complete
  std::string query_id;
  int64_t epoch_id = 0;
};

struct DeltaWrite {
  std::string path;                                 // qualified table directory
  std::shared_ptr<const delta::Snapshot> snapshot;  // as the caller has just read it; null: read here
  engine::RelPtr data;
  plan::SaveMode mode = plan::SaveMode::kErrorIfExists;
  std::vector<std::string> partition_by;
  std::vector<plan::NameParts> cluster_by;  // new or replaced table
  // Writer options: replaceWhere, mergeSchema, overwriteSchema, partitionOverwriteMode, userMetadata, txnAppId,
  // txnVersion, maxRecordsPerFile, compression, delta.* table properties (new tables). Others are not known to Delta
  // and ignored.
  plan::Options options;
  // New or replaced table: TBLPROPERTIES and comment.
  plan::Options properties;
  std::optional<std::string> comment;
  // Columns given explicitly (CREATE TABLE … (cols)); empty: taken from the data.
  std::vector<types::StructField> columns;
  // Empty: WRITE. Else "CREATE TABLE AS SELECT", "CREATE OR REPLACE TABLE AS SELECT", "CREATE TABLE", ….
  std::string operation;
  // Overwrite only the rows for which this is true; the option replaceWhere says the same in text.
  plan::ExpressionPtr replace_where;
  bool is_managed = false;
  std::optional<StreamingUpdate> streaming;
  int files = 0;               // repartition(n): the rows go to n files, of each partition; 0: to one
  bool replace_table = false;  // CREATE OR REPLACE: metadata and all files are replaced
};

// The committed version; nullopt when nothing was to be done (mode ignore, a txnVersion already seen).
Result<std::optional<int64_t>> WriteDelta(session::Session* session, const DeltaWrite& write,
                                          const std::function<bool()>& interrupted);

// delta.appendOnly: DELTA_CANNOT_MODIFY_APPEND_ONLY, whether there is something to remove or not.
Status CheckRemovable(const delta::Snapshot& snapshot);

// Table properties that session and server settings give new tables, someone having set them. As in delta-spark a
// setting for no property, or for one spelled otherwise, has no effect.
std::vector<std::pair<std::string, std::string>> SetTableProperties(session::Session* session);
// And those that new tables get without anybody's doing, in the order of precedence (the last wins).
std::vector<std::pair<std::string, std::string>> DefaultTableProperties(session::Session* session);

// A new table whose columns are called like those of a change feed has none if only this server's default would give it
// one, which delta-spark's does not: neither the settings nor `given` (options, properties) speak of it.
void LeaveUnaskedFeedOff(session::Session* session, const std::vector<const plan::Options*>& given,
                         delta::Metadata* metadata);

// Creates an empty table (CREATE TABLE with columns) or replaces it by an empty one.
Result<int64_t> CreateDeltaTable(session::Session* session, const DeltaWrite& create);

// Commits metadata made from that of `snapshot` as `operation` with parameters (ALTER TABLE) and commitInfo tags.
// DELTA_METADATA_CHANGED when another commit has changed it since.
Status CommitMetadata(session::Session* session, std::shared_ptr<const delta::Snapshot> snapshot,
                      delta::Metadata metadata, const std::string& operation,
                      std::vector<std::pair<std::string, std::string>> parameters,
                      std::map<std::string, std::string> tags = {});

}  // namespace deltic::spark::command
