#include "spark/catalog/delta_scan.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "base/json_writer.h"
#include "delta/log/history.h"
#include "delta/spec/column_mapping.h"
#include "delta/spec/schema.h"
#include "spark/catalog/delta_columns.h"
#include "spark/catalog/partition_value.h"
#include "spark/catalog/scan_file.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/snapshot_scan.h"
#include "spark/catalog/table_path.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::catalog {
namespace {

using engine::Column;
using engine::FileColumn;
using engine::FilesRel;
using engine::RelPtr;
using engine::ScanFile;
using engine::Value;
using types::DataType;
using types::StructField;
using types::TypeId;

std::string WithoutKeys(const std::string& metadata, const std::function<bool(std::string_view)>& dropped) {
  if (metadata == "{}") return metadata;
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(metadata).get(object) != simdjson::SUCCESS) return metadata;
  JsonWriter json;
  json.BeginObject();
  for (const auto [key, value] : object) {
    if (!dropped(key)) json.Key(key).Raw(simdjson::minify(value));
  }
  return json.EndObject().Take();
}

bool IsMappingKey(std::string_view key) { return key.starts_with("delta.columnMapping."); }
// What steers the writers of generated and identity columns.
bool IsWriterKey(std::string_view key) {
  return key == "delta.generationExpression" || key.starts_with("delta.identity.");
}

// Column mapping is no business of readers: its metadata is dropped at every level, as delta-spark does.
DataType WithoutMappingMetadata(const DataType& type) {
  switch (type.id()) {
    case TypeId::kArray: return DataType::Array(WithoutMappingMetadata(type.element()), type.contains_null());
    case TypeId::kMap:
      return DataType::Map(WithoutMappingMetadata(type.key()), WithoutMappingMetadata(type.value()),
                           type.contains_null());
    case TypeId::kStruct: {
      std::vector<StructField> fields = type.fields();
      for (auto& field : fields) {
        field.metadata = WithoutKeys(field.metadata, IsMappingKey);
        field.type = WithoutMappingMetadata(field.type);
      }
      return DataType::Struct(std::move(fields));
    }
    default: return type;
  }
}

Status ParseVersion(const std::string& name, const std::string& text, std::optional<int64_t>* out) {
  int64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) {
    return Error("_NUMBER_FORMAT", {{"option", name}}, "For input string: \"" + text + "\"");
  }
  *out = value;
  return Status::Ok();
}

engine::ColumnId NewId(resolve::Resolver* resolver) {
  return resolver != nullptr ? resolver->NewColumnId() : engine::FreshColumnId();
}

// Rows of the change feed: the data columns, then _change_type, _commit_version, _commit_timestamp.
Result<RelPtr> ScanChangeFiles(session::Session* session, const delta::ChangeFeed& feed, bool cdc_files,
                               const std::vector<std::string>& qualifier, resolve::Resolver* resolver) {
  const delta::Snapshot& snapshot = *feed.schema_snapshot;
  RETURN_IF_ERROR(delta::CheckColumnMapping(snapshot.metadata()));
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, snapshot.table_path()));
  // The change feed shows the table's field metadata as it is.
  TableColumns table = ColumnsOf(session, snapshot, StringForChar(snapshot.schema()).fields(), qualifier, resolver);
  const int partition_count = static_cast<int>(table.constant_keys.size());
  const auto add = [&](const char* name, DataType type, FileColumn source) {
    table.output.push_back({NewId(resolver), name, std::move(type), true, "{}", qualifier});
    table.columns.push_back(std::move(source));
  };
  FileColumn change_type;
  change_type.physical_name = "_change_type";
  change_type.source = cdc_files ? FileColumn::Source::kData : FileColumn::Source::kConstant;
  change_type.constant_index = cdc_files ? -1 : partition_count + 2;
  add("_change_type", TypeId::kString, change_type);
  FileColumn constant;
  constant.source = FileColumn::Source::kConstant;
  constant.constant_index = partition_count;
  add("_commit_version", TypeId::kLong, constant);
  constant.constant_index = partition_count + 1;
  add("_commit_timestamp", TypeId::kTimestamp, constant);

  const TableFiles table_files(session, io.store, snapshot.table_path());
  auto files = std::make_shared<std::vector<ScanFile>>();
  for (const delta::ChangeFile& change : feed.files) {
    if ((change.kind == delta::ChangeFile::Kind::kCdc) != cdc_files) continue;
    ScanFile file;
    ASSIGN_OR_RETURN(file.path, table_files.NativePath(change.path));
    file.size_bytes = change.size_bytes;
    ASSIGN_OR_RETURN(file.constants, ConstantsOf(table, change.partition_values));
    file.constants.push_back(Value{change.commit_version});
    file.constants.push_back(Value{change.commit_timestamp_ms * 1000});
    file.constants.push_back(Value{std::string(change.kind == delta::ChangeFile::Kind::kDelete ? "delete" : "insert")});
    ASSIGN_OR_RETURN(file.deleted, table_files.Deleted(change.deletion_vector));
    if (change.rows != nullptr) file.deleted = OnlyRows(change.rows);
    files->push_back(std::move(file));
  }
  auto scan = std::make_shared<FilesRel>(std::move(table.output), engine::FileFormat::kParquet);
  scan->columns = std::move(table.columns);
  scan->files = std::move(files);
  // _change_type has no field id; change files are written with the physical names in every mode.
  if (!cdc_files) UseFieldIds(snapshot, scan.get());
  scan->description = "delta change feed " + snapshot.table_path();
  scan->roots = {snapshot.table_path()};
  return RelPtr(scan);
}

// A copy of `rel` with every scan in it edited.
RelPtr EditScans(const RelPtr& rel, const std::function<void(FilesRel*)>& edit) {
  if (rel->kind == engine::RelKind::kFiles) {
    auto copy = std::make_shared<FilesRel>(rel->As<FilesRel>());
    edit(copy.get());
    return copy;
  }
  std::vector<RelPtr> children = resolve::ChildrenOf(*rel);
  for (RelPtr& child : children) child = EditScans(child, edit);
  return resolve::RebuildRel(
      rel, children, [](const engine::ExprPtr& expr) { return expr; }, [](const Column& column) { return column; });
}

RelPtr Pinned(const RelPtr& rel) {
  return EditScans(rel, [](FilesRel* files) { files->pinned = true; });
}

// `lenient`: a time after the last commit is the version after the latest.
Result<int64_t> ResolveStart(const DeltaReadOptions& options, const delta::TableIo& io, const std::string& path,
                             const delta::Snapshot& latest, bool lenient) {
  if (options.starting_version.has_value()) return *options.starting_version;
  if (!options.starting_timestamp_ms.has_value()) return Error("DELTA_NO_START_FOR_CDC_READ");
  if (*options.starting_timestamp_ms > latest.timestamp_ms()) {
    if (lenient) return latest.version() + 1;
    const std::string last = FormatTimestamp(latest.timestamp_ms() * 1000);
    return Error("DELTA_TIMESTAMP_GREATER_THAN_COMMIT",
                 {{"providedTimestamp", FormatTimestamp(*options.starting_timestamp_ms * 1000)},
                  {"tableName", last},
                  {"maximumTimestamp", last.substr(0, 19)}});
  }
  return delta::VersionAtOrAfterTimestamp(io, path, *options.starting_timestamp_ms, lenient);
}

// Without time travel `legacy` is the latest schema too.
Result<delta::FeedSchema> FeedSchemaOf(session::Session* session) {
  const std::string name = "spark.databricks.delta.changeDataFeed.defaultSchemaModeForColumnMappingTable";
  const std::string value = session->conf().GetString(name, "endVersion");
  const std::string mode = types::ToLower(value);
  if (mode == "endversion") return delta::FeedSchema::kEndVersion;
  if (mode == "latest" || mode == "legacy") return delta::FeedSchema::kLatest;
  return Error("INVALID_CONF_VALUE.OUT_OF_RANGE",
               {{"confName", name}, {"confValue", value}, {"requirement", "endVersion, latest or legacy."}});
}

Result<RelPtr> ScanChanges(session::Session* session, const std::string& path, const DeltaReadOptions& options,
                           const std::shared_ptr<const delta::Snapshot>& latest,
                           const std::vector<std::string>& qualifier, resolve::Resolver* resolver) {
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, path));
  const bool lenient =
      session->conf().GetBool("spark.databricks.delta.changeDataFeed.timestampOutOfRange.enabled", false);
  ASSIGN_OR_RETURN(const int64_t start, ResolveStart(options, io, path, *latest, lenient));
  std::optional<int64_t> end = options.ending_version;
  if (!end.has_value() && options.ending_timestamp_ms.has_value()) {
    ASSIGN_OR_RETURN(end, delta::VersionAtTimestamp(io, path, *options.ending_timestamp_ms, lenient));
  }
  bool empty = lenient && start > latest->version();
  const bool by_times = !options.starting_version.has_value() && !options.ending_version.has_value() &&
                        options.ending_timestamp_ms.has_value();
  if (by_times && start <= latest->version()) {
    if (*options.starting_timestamp_ms > *options.ending_timestamp_ms) {
      return Error("DELTA_INVALID_CDC_RANGE", {{"start", std::to_string(start)}, {"end", std::to_string(*end)}});
    }
    empty = *end == start - 1;  // both times lie between two commits
  }
  delta::ChangeFeed feed{latest, {}};
  if (!empty) {
    ASSIGN_OR_RETURN(const delta::FeedSchema schema, FeedSchemaOf(session));
    ASSIGN_OR_RETURN(feed, delta::ReadChangeFeed(io, latest, start, end, schema));
  }
  ASSIGN_OR_RETURN(const RelPtr scan, ScanChangeFeed(session, feed, qualifier, resolver));
  // Feeds of different versions are different relations.
  return EditScans(scan, [&](FilesRel* files) {
    files->description +=
        " from " + std::to_string(start) + " to " + (end.has_value() ? std::to_string(*end) : "latest");
  });
}

}  // namespace

std::vector<StructField> ReadSchema(const delta::Snapshot& snapshot) {
  const bool mapped = delta::MappingModeOf(snapshot.metadata()) != delta::ColumnMappingMode::kNone;
  DataType schema = StringForChar(snapshot.schema());
  if (mapped) schema = WithoutMappingMetadata(schema);
  std::vector<StructField> fields = schema.fields();
  const auto& partitions = snapshot.metadata().partition_columns;
  for (auto& field : fields) {
    // delta-spark leaves partition columns as they are.
    if (std::find(partitions.begin(), partitions.end(), field.name) == partitions.end()) {
      field.metadata = WithoutKeys(field.metadata, IsWriterKey);
    }
  }
  return fields;
}

Result<int64_t> TimestampMillis(const std::string& text, resolve::Resolver* resolver) {
  auto cast = std::make_shared<plan::Cast>(std::make_shared<plan::Literal>(Value{text}, TypeId::kString),
                                           DataType(TypeId::kTimestamp), plan::Cast::Mode::kTry);
  ASSIGN_OR_RETURN(const Value value, resolver->EvaluateConstant(cast, TypeId::kTimestamp));
  if (value.IsNull()) return Error("DELTA_TIMESTAMP_INVALID", {{"expr", "'" + text + "'"}});
  const int64_t micros = std::get<int64_t>(value.v);
  return micros >= 0 ? micros / 1000 : (micros - 999) / 1000;
}

Result<DeltaReadOptions> ParseDeltaReadOptions(const plan::Options& options, resolve::Resolver* resolver) {
  DeltaReadOptions out;
  for (const auto& [name, value] : options) {
    const std::string key = types::ToLower(name);
    if (key == "versionasof") {
      if (!ParseVersion(name, value, &out.version).ok()) {
        return Error("DELTA_TIME_TRAVEL_INVALID_BEGIN_VALUE", {{"timeTravelKey", "versionAsOf"}});
      }
    } else if (key == "timestampasof") {
      out.timestamp_text = value;
      ASSIGN_OR_RETURN(out.timestamp_ms, TimestampMillis(value, resolver));
    } else if (key == "readchangefeed" || key == "readchangedata") {
      const bool on = types::EqualsIgnoreCase(value, "true");
      if (!on && !types::EqualsIgnoreCase(value, "false")) {
        return Error("DELTA_ILLEGAL_OPTION", {{"input", value},
                                              {"name", key == "readchangefeed" ? "readChangeFeed" : "readChangeData"},
                                              {"explain", "must be 'true' or 'false'"}});
      }
      out.read_change_feed = out.read_change_feed || on;
    } else if (key == "startingversion") {
      RETURN_IF_ERROR(ParseVersion(name, value, &out.starting_version));
    } else if (key == "endingversion") {
      RETURN_IF_ERROR(ParseVersion(name, value, &out.ending_version));
    } else if (key == "startingtimestamp") {
      ASSIGN_OR_RETURN(out.starting_timestamp_ms, TimestampMillis(value, resolver));
    } else if (key == "endingtimestamp") {
      ASSIGN_OR_RETURN(out.ending_timestamp_ms, TimestampMillis(value, resolver));
    }
  }
  if (out.version.has_value() && out.timestamp_ms.has_value()) return Error("DELTA_ONEOF_IN_TIMETRAVEL");
  return out;
}

Result<RelPtr> ScanChangeFeed(session::Session* session, const delta::ChangeFeed& feed,
                              const std::vector<std::string>& qualifier, resolve::Resolver* resolver) {
  const bool has_cdc = std::any_of(feed.files.begin(), feed.files.end(),
                                   [](const auto& file) { return file.kind == delta::ChangeFile::Kind::kCdc; });
  const bool has_data = std::any_of(feed.files.begin(), feed.files.end(),
                                    [](const auto& file) { return file.kind != delta::ChangeFile::Kind::kCdc; });
  ASSIGN_OR_RETURN(RelPtr first, ScanChangeFiles(session, feed, has_cdc && !has_data, qualifier, resolver));
  if (!has_cdc || !has_data) return PadChars(first);
  ASSIGN_OR_RETURN(RelPtr second, ScanChangeFiles(session, feed, true, qualifier, resolver));
  std::vector<Column> output = first->output;
  for (auto& column : output) column.id = NewId(resolver);
  return PadChars(
      std::make_shared<engine::SetOpRel>(engine::SetOpRel::Op::kUnion, true, first, second, std::move(output)));
}

Result<RelPtr> ScanAddedFiles(session::Session* session, const delta::Snapshot& snapshot,
                              const std::vector<delta::AddFile>& adds) {
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, snapshot.table_path()));
  RETURN_IF_ERROR(delta::CheckColumnMapping(snapshot.metadata()));
  TableColumns table = ColumnsOf(session, snapshot, ReadSchema(snapshot), {}, nullptr);
  const TableFiles table_files(session, io.store, snapshot.table_path());
  auto files = std::make_shared<std::vector<ScanFile>>();
  for (const delta::AddFile& add : adds) {
    ASSIGN_OR_RETURN(ScanFile file, ScanFileOf(table_files, table, delta::PackedView(add)));
    ASSIGN_OR_RETURN(file.deleted, table_files.Deleted(add.deletion_vector));
    files->push_back(std::move(file));
  }
  auto scan = std::make_shared<FilesRel>(std::move(table.output), engine::FileFormat::kParquet);
  scan->columns = std::move(table.columns);
  scan->files = std::move(files);
  UseFieldIds(snapshot, scan.get());
  scan->description = "delta files of " + snapshot.table_path();
  scan->roots = {snapshot.table_path()};
  return PadChars(scan);
}

Result<RelPtr> ScanSnapshot(session::Session* session, const std::shared_ptr<const delta::Snapshot>& snapshot,
                            const std::vector<std::string>& qualifier, resolve::Resolver* resolver) {
  ASSIGN_OR_RETURN(const auto scan, SnapshotScan::Make(session, snapshot, qualifier, resolver));
  return scan.Whole();
}

Result<RelPtr> ScanDeltaTable(session::Session* session, const std::string& path, const DeltaReadOptions& options,
                              const std::vector<std::string>& qualifier, resolve::Resolver* resolver) {
  ServerCatalog* catalog = session->server()->catalog;
  auto latest = catalog->LatestSnapshot(session, path);
  if (!latest.ok()) {
    if (!latest.status().Is("DELTA_MISSING_TRANSACTION_LOG")) return latest.status();
    ASSIGN_OR_RETURN(const auto io, catalog->IoFor(session, path));
    ASSIGN_OR_RETURN(const bool exists, io.store->HasDirectory(path));
    if (!exists) return Error("PATH_NOT_FOUND", {{"path", path}});
    return Error("DELTA_TABLE_NOT_FOUND", {{"tableName", types::QuoteIdentifier(path)}});
  }
  if ((*latest)->schema().fields().empty() && !resolver->analyze_only()) {
    return Error("DELTA_READ_TABLE_WITHOUT_COLUMNS", {{"tableName", "delta." + types::QuoteIdentifier(path)}});
  }
  if (options.read_change_feed) return ScanChanges(session, path, options, *latest, qualifier, resolver);
  if (!options.version.has_value() && !options.timestamp_ms.has_value()) {
    return ScanSnapshot(session, *latest, qualifier, resolver);
  }
  ASSIGN_OR_RETURN(const auto io, catalog->IoFor(session, path));
  int64_t version = 0;
  if (options.version.has_value()) {
    version = *options.version;
    RETURN_IF_ERROR(delta::CheckVersionExists(io, path, version));
  } else {
    ASSIGN_OR_RETURN(version, delta::VersionAtTimestamp(io, path, *options.timestamp_ms, false));
  }
  std::shared_ptr<const delta::Snapshot> snapshot = *latest;
  if (version != snapshot->version()) {
    ASSIGN_OR_RETURN(snapshot, delta::Snapshot::Load(io, path, version));
  }
  ASSIGN_OR_RETURN(const RelPtr scan, ScanSnapshot(session, snapshot, qualifier, resolver));
  return Pinned(scan);
}

}  // namespace deltic::spark::catalog
