#include "spark/command/parquet_table.h"

#include <algorithm>
#include <set>

#include "delta/spec/properties.h"
#include "engine/file_stats.h"
#include "spark/catalog/partition_value.h"
#include "spark/catalog/table_path.h"
#include "spark/command/delta_schema.h"
#include "storage/object_store.h"
#include "types/scala_name.h"

namespace deltic::spark::command {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

constexpr const char* kNullPartition = "__HIVE_DEFAULT_PARTITION__";
// Files of one statistics query.
constexpr size_t kStatsBatch = 1000;

// Partition columns may start with '_' or '.'.
bool IsHidden(std::string_view name) {
  return (name.starts_with("_") || name.starts_with(".")) && name.find('=') == std::string_view::npos;
}

using Partition = std::vector<std::pair<std::string, std::string>>;  // decoded

// The name=value directories of a relative path; false: some part of it is hidden.
bool SplitPartition(std::string_view relative, Partition* out) {
  while (true) {
    const size_t slash = relative.find('/');
    const std::string_view part = relative.substr(0, slash);
    if (IsHidden(part)) return false;
    if (slash == std::string_view::npos) return true;
    const size_t equals = part.find('=');
    if (equals != std::string_view::npos && equals > 0) {
      out->emplace_back(storage::UriDecode(part.substr(0, equals)), storage::UriDecode(part.substr(equals + 1)));
    }
    relative = relative.substr(slash + 1);
  }
}

std::string Quoted(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + types::QuoteIdentifier(name);
  return "[" + out + "]";
}

Result<delta::PartitionValues> PartitionValuesOf(const std::string& path, const Partition& found,
                                                 const std::vector<StructField>& expected) {
  if (found.size() != expected.size()) {
    std::vector<std::string> expected_names, found_names;
    for (const auto& field : expected) expected_names.push_back(field.name);
    for (const auto& [name, value] : found) found_names.push_back(name);
    return Error("DELTA_UNEXPECTED_NUM_PARTITION_COLUMNS_FROM_FILE_NAME",
                 {{"expectedColsSize", std::to_string(expected.size())},
                  {"expectedCols", Quoted(expected_names)},
                  {"parsedColsSize", std::to_string(found.size())},
                  {"parsedCols", Quoted(found_names)},
                  {"path", catalog::DisplayPath(path)}});
  }
  delta::PartitionValues values;
  for (size_t i = 0; i < expected.size(); i++) {
    const std::string& text = found[i].second;
    std::optional<std::string> value;
    if (text != kNullPartition) value = text;
    if (value.has_value() && !catalog::ParsePartitionValue(value, expected[i].type, "UTC").ok()) {
      return Error("DELTA_FAILED_CAST_PARTITION_VALUE",
                   {{"value", text}, {"dataType", types::ScalaName(expected[i].type)}});
    }
    values[expected[i].name] = value;
  }
  for (size_t i = 0; i < expected.size(); i++) {
    if (types::EqualsIgnoreCase(found[i].first, expected[i].name)) continue;
    return Error("DELTA_UNEXPECTED_PARTITION_COLUMN_FROM_FILE_NAME",
                 {{"expectedCol", types::QuoteIdentifier(expected[i].name)},
                  {"parsedCol", types::QuoteIdentifier(found[i].first)},
                  {"path", catalog::DisplayPath(path)}});
  }
  return values;
}

// Data columns keep their place unless they are partition columns too, whose type and place at the end win.
DataType WithPartitionColumns(const DataType& data, const std::vector<StructField>& partitions) {
  std::vector<StructField> fields;
  std::set<std::string> placed;
  for (const auto& field : data.fields()) {
    const auto partition = std::find_if(partitions.begin(), partitions.end(), [&](const StructField& p) {
      return types::EqualsIgnoreCase(p.name, field.name);
    });
    fields.push_back(partition == partitions.end() ? field : *partition);
    if (partition != partitions.end()) placed.insert(partition->name);
  }
  for (const auto& partition : partitions) {
    if (!placed.contains(partition.name)) fields.push_back(partition);
  }
  return DataType::Struct(std::move(fields));
}

Result<DataType> MergedSchema(const CommandContext& context, const std::vector<std::string>& native_paths) {
  DataType merged = DataType::Struct({});
  for (const auto& path : native_paths) {
    ASSIGN_OR_RETURN(const auto fields,
                     context.session->server()->engine->InferSchema(engine::FileFormat::kParquet, {path}, {}));
    const DataType file = DataType::Struct(fields).AsNullable();
    if (file.SameType(merged)) continue;
    ASSIGN_OR_RETURN(merged, MergeSchema(merged, file, {.merge = true}, ""));
  }
  if (merged.fields().empty()) return Error("DELTA_FAILED_INFER_SCHEMA");
  return merged;
}

Status CheckDirectory(storage::ObjectStore* store, const std::string& path) {
  ASSIGN_OR_RETURN(const bool exists, store->HasDirectory(path));
  if (!exists) {
    return Error("_CONVERT_DIRECTORY_NOT_FOUND", {}, catalog::DisplayPath(path) + " doesn't exist");
  }
  return Error("DELTA_EMPTY_DIRECTORY", {{"directory", path}});
}

}  // namespace

Result<ParquetTable> ReadParquetTable(const CommandContext& context, const std::string& path,
                                      const std::vector<StructField>& partition_schema) {
  ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(path));
  ASSIGN_OR_RETURN(const auto objects, store->ListRecursive(path));
  ParquetTable table;
  std::vector<std::string> native;
  std::vector<Partition> partitions;
  for (const auto& object : objects) {
    const std::string relative = object.path.substr(path.size() + 1);
    Partition partition;
    if (!SplitPartition(relative, &partition)) continue;
    delta::AddFile add;
    add.path = relative;
    add.size_bytes = object.size_bytes;
    add.modification_time_ms = object.modified_ms;
    table.files.push_back(std::move(add));
    partitions.push_back(std::move(partition));
    native.push_back(store->NativePath(object.path));
  }
  if (table.files.empty()) return CheckDirectory(store.get(), path);
  ASSIGN_OR_RETURN(const DataType data, MergedSchema(context, native));
  table.schema = WithPartitionColumns(data, partition_schema);
  for (const auto& field : partition_schema) table.partition_columns.push_back(field.name);
  for (size_t i = 0; i < table.files.size(); i++) {
    const std::string full = storage::JoinPath(path, table.files[i].path);
    ASSIGN_OR_RETURN(table.files[i].partition_values, PartitionValuesOf(full, partitions[i], partition_schema));
  }
  return table;
}

Status AddStatistics(const CommandContext& context, const std::string& path, const delta::Metadata& metadata,
                     std::vector<delta::AddFile>* files) {
  ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(path));
  engine::WriteSpec spec;
  spec.stats_column_limit = static_cast<int>(delta::IntProperty(metadata, "delta.dataSkippingNumIndexedCols"));
  std::vector<engine::Column> output;
  std::vector<engine::FileColumn> columns;
  for (const auto& field : metadata.schema.fields()) {
    const auto& partitions = metadata.partition_columns;
    if (std::find(partitions.begin(), partitions.end(), field.name) != partitions.end()) continue;
    output.push_back({engine::FreshColumnId(), field.name, field.type, true});
    columns.emplace_back().physical_name = field.name;
  }
  for (size_t first = 0; first < files->size(); first += kStatsBatch) {
    const size_t end = std::min(files->size(), first + kStatsBatch);
    auto scans = std::make_shared<std::vector<engine::ScanFile>>();
    for (size_t i = first; i < end; i++) {
      engine::ScanFile& scan = scans->emplace_back();
      scan.path = store->NativePath(storage::JoinPath(path, (*files)[i].path));
      scan.size_bytes = (*files)[i].size_bytes;
    }
    engine::FilesRel batch(output, engine::FileFormat::kParquet);
    batch.columns = columns;
    batch.files = std::move(scans);
    ASSIGN_OR_RETURN(auto stats, engine::FileStats(context.session->server()->engine, batch, spec));
    for (size_t i = first; i < end; i++) (*files)[i].stats = std::move(stats[i - first]);
  }
  return Status::Ok();
}

}  // namespace deltic::spark::command
