// Row tracking (PROTOCOL.md › Row Tracking): rows keep an id and the version that last changed them. Which tables have
// it, the columns that hold ids in rewritten files, and the high-water mark of ids given out. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"
#include "delta/spec/actions.h"

namespace deltic::delta {

inline constexpr std::string_view kRowTrackingDomain = "delta.rowTracking";
// commitInfo tags.
inline constexpr std::string_view kRowTrackingPreservedTag = "delta.rowTracking.preserved";
inline constexpr std::string_view kRowTrackingEnablementOnlyTag = "rowTrackingEnablementOnly";
inline constexpr std::string_view kIdentityOnlyTag = "delta.identity.schemaUpdate";

// Every new file gets ids (the feature is in the protocol).
bool RowTrackingSupported(const Protocol& protocol);
// Ids must also survive rewriting (the property is set as well).
bool RowTrackingEnabled(const Protocol& protocol, const Metadata& metadata);

// Physical names of the columns that hold ids and versions in files whose rows came from other files. A row's id is the
// value there or, when that is null or the file has no such column, the file's baseRowId + the row's position; its
// version likewise falls back to defaultRowCommitVersion.
struct MaterializedRowColumns {
  std::string row_id;
  std::string row_commit_version;
};
// Nullopt unless row tracking is enabled; enabled without names: DELTA_MATERIALIZED_ROW_TRACKING_COLUMN_NAME_MISSING.
Result<std::optional<MaterializedRowColumns>> MaterializedRowColumnsOf(const Protocol& protocol,
                                                                       const Metadata& metadata);
// A column of rows to be written that is not the table's but keeps their ids.
bool IsRowIdColumn(const Metadata& metadata, std::string_view name);
// Gives `metadata` the names of `before` (null: a new table), or new ones when it needs them and takes them away when
// it does not.
void AssignMaterializedRowColumns(const Protocol& protocol, const Metadata* before, Metadata* metadata, Random* random);
// Takes the names away from metadata that came from another table: the ids in its files are not this table's.
void DropMaterializedRowColumns(Metadata* metadata);

// Highest id given out; -1: none yet.
int64_t RowIdHighWaterMark(const std::map<std::string, DomainMetadata>& domains);
std::optional<int64_t> RowIdHighWaterMarkOf(const DomainMetadata& domain);
DomainMetadata RowIdHighWaterMarkDomain(int64_t mark);

// numRecords of a file's statistics: physical rows.
std::optional<int64_t> RecordCountOf(std::string_view stats_json);

}  // namespace deltic::delta
