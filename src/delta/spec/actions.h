// The actions of the Delta log as plain data, and their JSON (PROTOCOL.md › Actions). No I/O.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/status.h"
#include "types/data_type.h"

namespace deltic::delta {

// null partition value = nullopt (the empty string means null too, PROTOCOL.md › Partition Value Serialization).
using PartitionValues = std::map<std::string, std::optional<std::string>>;

struct DeletionVectorDescriptor {
  std::string storage_type;  // "u" relative uuid, "i" inline, "p" absolute path
  std::string path_or_inline;
  std::optional<int32_t> offset;
  int32_t size_bytes = 0;
  int64_t cardinality = 0;
  // storageType + pathOrInlineDv [+ "@" + offset]
  std::string UniqueId() const;
  bool operator==(const DeletionVectorDescriptor&) const = default;
};

struct AddFile {
  std::string path;  // percent-decoded once; relative to the table or absolute
  PartitionValues partition_values;
  int64_t size_bytes = 0;
  int64_t modification_time_ms = 0;
  bool data_change = true;
  std::string stats;  // JSON text; empty: none
  std::map<std::string, std::string> tags;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  std::optional<int64_t> base_row_id;
  std::optional<int64_t> default_row_commit_version;
  std::optional<std::string> clustering_provider;
};

struct RemoveFile {
  std::string path;
  std::optional<int64_t> deletion_timestamp_ms;
  bool data_change = true;
  bool extended_file_metadata = false;
  PartitionValues partition_values;
  std::optional<int64_t> size_bytes;
  std::string stats;
  std::map<std::string, std::string> tags;
  std::optional<DeletionVectorDescriptor> deletion_vector;
  std::optional<int64_t> base_row_id;
  std::optional<int64_t> default_row_commit_version;
};

struct CdcFile {  // AddCDCFile
  std::string path;
  PartitionValues partition_values;
  int64_t size_bytes = 0;
  std::map<std::string, std::string> tags;
};

struct Protocol {
  int32_t min_reader_version = 1;
  int32_t min_writer_version = 2;
  std::optional<std::vector<std::string>> reader_features;  // present only when min_reader_version is 3
  std::optional<std::vector<std::string>> writer_features;  // present only when min_writer_version is 7
  bool HasWriterFeature(std::string_view name) const;
  bool HasReaderFeature(std::string_view name) const;
  bool operator==(const Protocol&) const = default;
};

struct Metadata {
  std::string id;
  std::optional<std::string> name;
  std::optional<std::string> description;
  std::string format_provider = "parquet";
  std::map<std::string, std::string> format_options;
  types::DataType schema;     // a struct
  std::string schema_string;  // as in the log, verbatim
  std::vector<std::string> partition_columns;
  std::map<std::string, std::string> configuration;
  std::optional<int64_t> created_time_ms;
};

struct SetTransaction {
  std::string app_id;
  int64_t version = 0;
  std::optional<int64_t> last_updated_ms;
};

struct DomainMetadata {
  std::string domain;
  std::string configuration;
  bool removed = false;
};

struct CommitInfo {
  std::optional<int64_t> version;
  std::optional<int64_t> timestamp_ms;
  std::optional<int64_t> in_commit_timestamp_ms;
  std::optional<std::string> user_id, user_name;
  std::string operation;
  // Plain text as DESCRIBE HISTORY shows it (Append, [], ["p"], {"a":"b"}), written as JSON strings; the text "null"
  // stands for JSON null. A foreign value that is no string is kept as its JSON text. Order kept.
  std::vector<std::pair<std::string, std::string>> operation_parameters;
  std::optional<int64_t> read_version;
  std::optional<std::string> isolation_level;
  std::optional<bool> is_blind_append;
  std::vector<std::pair<std::string, std::string>> operation_metrics;
  bool has_operation_metrics = false;
  std::optional<std::string> user_metadata;
  std::map<std::string, std::string> tags;
  std::optional<std::string> engine_info;
  std::optional<std::string> txn_id;
};

struct CheckpointMetadata {
  int64_t version = 0;
};
struct Sidecar {
  std::string path;
  int64_t size_bytes = 0;
  int64_t modification_time_ms = 0;
};

using Action = std::variant<std::monostate, AddFile, RemoveFile, CdcFile, Protocol, Metadata, SetTransaction,
                            DomainMetadata, CommitInfo, CheckpointMetadata, Sidecar>;

// One action from one JSON line; unknown actions are monostate. Malformed: DELTA_LOG_CORRUPTED with `where` (file and
// line) in the text. Validates required fields and numeric ranges.
Result<Action> ParseAction(std::string_view json, std::string_view where);

// Parses many lines with one buffer. Not thread-safe.
class ActionParser {
 public:
  ActionParser();
  ~ActionParser();
  ActionParser(const ActionParser&) = delete;
  ActionParser& operator=(const ActionParser&) = delete;
  // As ParseAction; `line` is the 1-based line of `file` (0: not shown).
  Result<Action> Parse(std::string_view json, std::string_view file, int64_t line);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Calls `each` for every non-blank line of a commit file.
Status ForEachAction(std::string_view text, std::string_view file, const std::function<Status(Action&&)>& each);

// One JSON line without the newline, fields in delta-spark's order, paths percent-encoded. Empty for monostate.
std::string ActionToJson(const Action& action);

}  // namespace deltic::delta
