// Writing actions in delta-spark's field order; absent optional fields are left out, as its mapper does.
#include <algorithm>

#include "base/json_writer.h"
#include "delta/spec/action_json.h"
#include "delta/spec/actions.h"
#include "storage/object_store.h"

namespace deltic::delta {
namespace {

void WriteText(JsonWriter* json, std::string_view key, const std::optional<std::string>& value) {
  if (value) json->Key(key).String(*value);
}

void WriteNumber(JsonWriter* json, std::string_view key, std::optional<int64_t> value) {
  if (value) json->Key(key).Int(*value);
}

void WriteMap(JsonWriter* json, std::string_view key, const std::map<std::string, std::string>& map) {
  json->Key(key).BeginObject();
  for (const auto& [name, value] : map) json->Key(name).String(value);
  json->EndObject();
}

void WriteTags(JsonWriter* json, const std::map<std::string, std::string>& tags) {
  if (!tags.empty()) WriteMap(json, "tags", tags);
}

void WriteStrings(JsonWriter* json, std::string_view key, const std::vector<std::string>& items) {
  json->Key(key).BeginArray();
  for (const auto& item : items) json->String(item);
  json->EndArray();
}

void WritePartitionValues(JsonWriter* json, const PartitionValues& values) {
  json->Key("partitionValues").BeginObject();
  for (const auto& [name, value] : values) {
    json->Key(name);
    if (value && !value->empty()) {
      json->String(*value);
    } else {
      json->Null();
    }
  }
  json->EndObject();
}

void WriteDeletionVector(JsonWriter* json, const std::optional<DeletionVectorDescriptor>& dv) {
  if (!dv) return;
  json->Key("deletionVector").BeginObject();
  json->Key("storageType").String(dv->storage_type).Key("pathOrInlineDv").String(dv->path_or_inline);
  if (dv->offset) json->Key("offset").Int(*dv->offset);
  json->Key("sizeInBytes").Int(dv->size_bytes).Key("cardinality").Int(dv->cardinality).EndObject();
}

// What delta-spark's operations hold as numbers and booleans, and so writes without quotes.
bool IsBareParameter(std::string_view name, std::string_view value) {
  constexpr std::string_view kBare[] = {
      "applyPurge",
      "auto",
      "collectStats",
      "defaultRetentionMillis",
      "ifExists",
      "isFull",
      "numFiles",
      "sourceVersion",
      "version",
      "retentionCheckEnabled",
      "specifiedRetentionMillis",
      "truncateHistory",
  };
  if (std::find(std::begin(kBare), std::end(kBare), name) == std::end(kBare)) return false;
  if (value == "true" || value == "false") return true;
  return !value.empty() && value.size() < 19 && value.find_first_not_of("0123456789") == std::string_view::npos &&
         (value[0] != '0' || value.size() == 1);
}

struct Writer {
  JsonWriter* json;

  void operator()(const std::monostate&) const {}

  void operator()(const AddFile& add) const {
    json->Key("add").BeginObject().Key("path").String(storage::UriEncodePath(add.path));
    WritePartitionValues(json, add.partition_values);
    json->Key("size").Int(add.size_bytes).Key("modificationTime").Int(add.modification_time_ms);
    json->Key("dataChange").Bool(add.data_change);
    if (!add.stats.empty()) json->Key("stats").String(add.stats);
    WriteTags(json, add.tags);
    WriteDeletionVector(json, add.deletion_vector);
    WriteNumber(json, "baseRowId", add.base_row_id);
    WriteNumber(json, "defaultRowCommitVersion", add.default_row_commit_version);
    WriteText(json, "clusteringProvider", add.clustering_provider);
    json->EndObject();
  }

  void operator()(const RemoveFile& remove) const {
    json->Key("remove").BeginObject().Key("path").String(storage::UriEncodePath(remove.path));
    WriteNumber(json, "deletionTimestamp", remove.deletion_timestamp_ms);
    json->Key("dataChange").Bool(remove.data_change);
    json->Key("extendedFileMetadata").Bool(remove.extended_file_metadata);
    if (remove.extended_file_metadata || !remove.partition_values.empty()) {
      WritePartitionValues(json, remove.partition_values);
    }
    WriteNumber(json, "size", remove.size_bytes);
    WriteTags(json, remove.tags);
    WriteDeletionVector(json, remove.deletion_vector);
    WriteNumber(json, "baseRowId", remove.base_row_id);
    WriteNumber(json, "defaultRowCommitVersion", remove.default_row_commit_version);
    if (!remove.stats.empty()) json->Key("stats").String(remove.stats);
    json->EndObject();
  }

  void operator()(const CdcFile& cdc) const {
    json->Key("cdc").BeginObject().Key("path").String(storage::UriEncodePath(cdc.path));
    WritePartitionValues(json, cdc.partition_values);
    json->Key("size").Int(cdc.size_bytes);
    WriteTags(json, cdc.tags);
    json->Key("dataChange").Bool(false).EndObject();
  }

  void operator()(const Protocol& protocol) const {
    json->Key("protocol").BeginObject();
    json->Key("minReaderVersion").Int(protocol.min_reader_version);
    json->Key("minWriterVersion").Int(protocol.min_writer_version);
    if (protocol.reader_features) WriteStrings(json, "readerFeatures", *protocol.reader_features);
    if (protocol.writer_features) WriteStrings(json, "writerFeatures", *protocol.writer_features);
    json->EndObject();
  }

  void operator()(const Metadata& metadata) const {
    json->Key("metaData").BeginObject().Key("id").String(metadata.id);
    WriteText(json, "name", metadata.name);
    WriteText(json, "description", metadata.description);
    json->Key("format").BeginObject().Key("provider").String(metadata.format_provider);
    WriteMap(json, "options", metadata.format_options);
    json->EndObject();
    json->Key("schemaString").String(metadata.schema_string);
    WriteStrings(json, "partitionColumns", metadata.partition_columns);
    WriteMap(json, "configuration", metadata.configuration);
    WriteNumber(json, "createdTime", metadata.created_time_ms);
    json->EndObject();
  }

  void operator()(const SetTransaction& txn) const {
    json->Key("txn").BeginObject().Key("appId").String(txn.app_id).Key("version").Int(txn.version);
    WriteNumber(json, "lastUpdated", txn.last_updated_ms);
    json->EndObject();
  }

  void operator()(const DomainMetadata& domain) const {
    json->Key("domainMetadata").BeginObject().Key("domain").String(domain.domain);
    json->Key("configuration").String(domain.configuration).Key("removed").Bool(domain.removed).EndObject();
  }

  void operator()(const CommitInfo& info) const {
    json->Key("commitInfo").BeginObject();
    WriteNumber(json, "version", info.version);
    WriteNumber(json, "inCommitTimestamp", info.in_commit_timestamp_ms);
    WriteNumber(json, "timestamp", info.timestamp_ms);
    WriteText(json, "userId", info.user_id);
    WriteText(json, "userName", info.user_name);
    json->Key("operation").String(info.operation);
    json->Key("operationParameters").BeginObject();
    for (const auto& [name, value] : info.operation_parameters) {
      json->Key(name);
      if (value == "null") {
        json->Null();
      } else if (IsBareParameter(name, value)) {
        json->Raw(value);
      } else {
        json->String(value);
      }
    }
    json->EndObject();
    WriteNumber(json, "readVersion", info.read_version);
    WriteText(json, "isolationLevel", info.isolation_level);
    if (info.is_blind_append) json->Key("isBlindAppend").Bool(*info.is_blind_append);
    if (info.has_operation_metrics || !info.operation_metrics.empty()) {
      json->Key("operationMetrics").BeginObject();
      for (const auto& [name, value] : info.operation_metrics) json->Key(name).String(value);
      json->EndObject();
    }
    WriteText(json, "userMetadata", info.user_metadata);
    WriteTags(json, info.tags);
    WriteText(json, "engineInfo", info.engine_info);
    WriteText(json, "txnId", info.txn_id);
    json->EndObject();
  }

  void operator()(const CheckpointMetadata& metadata) const {
    json->Key("checkpointMetadata").BeginObject().Key("version").Int(metadata.version).EndObject();
  }

  void operator()(const Sidecar& sidecar) const {
    json->Key("sidecar").BeginObject().Key("path").String(storage::UriEncodePath(sidecar.path));
    json->Key("sizeInBytes").Int(sidecar.size_bytes);
    json->Key("modificationTime").Int(sidecar.modification_time_ms).EndObject();
  }
};

template <typename T>
std::string Text(const T& action) {
  JsonWriter json;
  json.BeginObject();
  Writer{&json}(action);
  json.EndObject();
  return json.Take();
}

template <typename T>
std::string Body(const T& action) {
  std::string text = Text(action);
  text.pop_back();
  text.erase(0, text.find(':') + 1);
  return text;
}

bool Contains(const std::optional<std::vector<std::string>>& names, std::string_view name) {
  return names && std::find(names->begin(), names->end(), name) != names->end();
}

}  // namespace

std::string ActionToJson(const Action& action) {
  if (std::holds_alternative<std::monostate>(action)) return {};
  JsonWriter json;
  json.BeginObject();
  std::visit(Writer{&json}, action);
  json.EndObject();
  return json.Take();
}

std::string ActionToJson(const AddFile& add) { return Text(add); }
std::string ActionToJson(const RemoveFile& remove) { return Text(remove); }
std::string ActionToJson(const CommitInfo& info) { return Text(info); }
std::string ActionBody(const Protocol& protocol) { return Body(protocol); }
std::string ActionBody(const Metadata& metadata) { return Body(metadata); }
std::string ActionBody(const SetTransaction& txn) { return Body(txn); }
std::string ActionBody(const DomainMetadata& domain) { return Body(domain); }

std::string DeletionVectorDescriptor::UniqueId() const {
  std::string id = storage_type + path_or_inline;
  if (offset) id += "@" + std::to_string(*offset);
  return id;
}

bool Protocol::HasWriterFeature(std::string_view name) const { return Contains(writer_features, name); }
bool Protocol::HasReaderFeature(std::string_view name) const { return Contains(reader_features, name); }

}  // namespace deltic::delta
