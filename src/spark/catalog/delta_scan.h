// Delta snapshots and change feeds as typed scans. The place where Delta metadata (physical names, partition values,
// deletion vectors, statistics) becomes an engine::FilesRel. Free functions, thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/cdf/change_feed.h"
#include "delta/snapshot/snapshot.h"
#include "engine/plan/relation.h"
#include "spark/plan/relation.h"
#include "spark/resolve/resolver.h"
#include "spark/session/session.h"

namespace deltic::spark::catalog {

// Options of a Delta read, from spark.read.options or SQL. Names are case-insensitive.
struct DeltaReadOptions {
  std::optional<int64_t> version;
  std::optional<int64_t> timestamp_ms;
  std::string timestamp_text;  // as the user gave it, for messages
  bool read_change_feed = false;
  std::optional<int64_t> starting_version, ending_version;
  std::optional<int64_t> starting_timestamp_ms, ending_timestamp_ms;
};

// Parses versionAsOf, timestampAsOf, readChangeFeed/readChangeData, startingVersion, endingVersion, startingTimestamp,
// endingTimestamp; other options have no meaning for Delta reads and are ignored as delta-spark does.
Result<DeltaReadOptions> ParseDeltaReadOptions(const plan::Options& options, resolve::Resolver* resolver);

// Timestamp text or expression → milliseconds; DELTA_TIMESTAMP_INVALID.
Result<int64_t> TimestampMillis(const std::string& text, resolve::Resolver* resolver);

// A table at a path with options: latest, time travel, or change feed. `qualifier` names its columns (catalog,
// database, table), may be empty. Missing: PATH_NOT_FOUND or DELTA_TABLE_NOT_FOUND.
Result<engine::RelPtr> ScanDeltaTable(session::Session* session, const std::string& path,
                                      const DeltaReadOptions& options, const std::vector<std::string>& qualifier,
                                      resolve::Resolver* resolver);

// One snapshot, all live files.
Result<engine::RelPtr> ScanSnapshot(session::Session* session, const std::shared_ptr<const delta::Snapshot>& snapshot,
                                    const std::vector<std::string>& qualifier, resolve::Resolver* resolver);

// The rows of a change feed: the data columns, then _change_type, _commit_version and _commit_timestamp. A null
// `resolver`: ids are fresh ones.
Result<engine::RelPtr> ScanChangeFeed(session::Session* session, const delta::ChangeFeed& feed,
                                      const std::vector<std::string>& qualifier, resolve::Resolver* resolver);

// The live rows of some files of a table, which need not be in `snapshot`, with its schema. Column ids are fresh ones.
Result<engine::RelPtr> ScanAddedFiles(session::Session* session, const delta::Snapshot& snapshot,
                                      const std::vector<delta::AddFile>& adds);

// The schema a reader sees: char/varchar as string, without writer-only field metadata.
std::vector<types::StructField> ReadSchema(const delta::Snapshot& snapshot);

}  // namespace deltic::spark::catalog
