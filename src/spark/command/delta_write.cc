#include "spark/command/delta_write.h"

#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "base/random.h"
#include "delta/spec/change_columns.h"
#include "delta/spec/features.h"
#include "delta/spec/field_metadata.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "delta/spec/type_widening.h"
#include "delta/transaction/transaction.h"
#include "spark/catalog/delta_columns.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/clustering.h"
#include "spark/command/delta_files.h"
#include "spark/command/delta_schema.h"
#include "spark/command/dependent_expressions.h"
#include "spark/command/idempotent_write.h"
#include "spark/command/maintenance.h"
#include "spark/command/replace_where.h"
#include "spark/command/table_reads.h"
#include "spark/command/version.h"
#include "spark/session/s3a_options.h"
#include "storage/object_store.h"

namespace deltic::spark::command {
namespace {

using delta::AddFile;
using delta::Metadata;
using delta::Snapshot;
using delta::Transaction;
using engine::RelPtr;
using plan::SaveMode;
using types::DataType;
using types::StructField;

constexpr std::string_view kDefaultsPrefix = "spark.databricks.delta.properties.defaults.";
constexpr std::string_view kChangeFeed = "delta.enableChangeDataFeed";
constexpr std::string_view kIgnoreProtocolDefaults = "delta.ignoreProtocolDefaults";
constexpr std::string_view kFeaturePrefix = "delta.feature.";

std::string JsonArray(const std::vector<std::string>& items) {
  JsonWriter json;
  json.BeginArray();
  for (const auto& item : items) json.String(item);
  return json.EndArray().Take();
}

std::string JsonObject(const std::vector<std::pair<std::string, std::string>>& entries) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [key, value] : entries) json.Key(key).String(value);
  return json.EndObject().Take();
}

const char* ModeName(SaveMode mode) {
  switch (mode) {
    case SaveMode::kErrorIfExists: return "ErrorIfExists";
    case SaveMode::kAppend: return "Append";
    case SaveMode::kOverwrite: return "Overwrite";
    case SaveMode::kIgnore: return "Ignore";
  }
  return "";
}

// What says which protocol a new table gets (delta-spark TableFeatureProtocolUtils.isTableProtocolProperty).
bool IsProtocolProperty(const std::string& key) {
  return key == "delta.minReaderVersion" || key == "delta.minWriterVersion" || key == kIgnoreProtocolDefaults ||
         key.starts_with(kFeaturePrefix);
}

// The user's, in options and statements.
plan::Options GivenProperties(const DeltaWrite& write) {
  plan::Options out;
  for (const auto& [key, value] : write.options) {
    if (key.starts_with("delta.")) out.emplace_back(key, value);
  }
  out.insert(out.end(), write.properties.begin(), write.properties.end());
  return out;
}

// Properties of a new table: session and server defaults, then the user's, which win.
plan::Options NewTableProperties(session::Session* session, const DeltaWrite& write) {
  const plan::Options defaults = DefaultTableProperties(session);
  const plan::Options given = GivenProperties(write);
  bool ignores = false;
  for (const auto* properties : {&defaults, &given}) {
    for (const auto& [key, value] : *properties) {
      if (types::EqualsIgnoreCase(key, kIgnoreProtocolDefaults)) ignores = types::EqualsIgnoreCase(value, "true");
    }
  }
  plan::Options out;
  const auto put = [&](const std::string& key, const std::string& value) {
    const bool any_case = types::ToLower(key).starts_with("delta.");
    for (auto& entry : out) {
      if (entry.first != key && !(any_case && types::EqualsIgnoreCase(entry.first, key))) continue;
      entry = {key, value};
      return;
    }
    out.emplace_back(key, value);
  };
  for (const auto& [key, value] : defaults) {
    const bool protocol = IsProtocolProperty(key) && key != kIgnoreProtocolDefaults;
    if (!protocol || !ignores) put(key, value);
  }
  for (const auto& [key, value] : given) put(key, value);
  return out;
}

// The partition columns as the schema spells them.
std::vector<std::string> CanonicalNames(const std::vector<std::string>& names, const std::vector<StructField>& schema) {
  std::vector<std::string> out;
  for (const auto& name : names) {
    const auto field = std::find_if(schema.begin(), schema.end(),
                                    [&](const StructField& f) { return types::EqualsIgnoreCase(f.name, name); });
    out.push_back(field == schema.end() ? name : field->name);
  }
  return out;
}

Metadata NewMetadata(session::Session* session, const DeltaWrite& write, const std::vector<StructField>& schema,
                     const std::vector<std::pair<std::string, std::string>>& properties) {
  Metadata metadata;
  metadata.id = Random::System()->Uuid();
  metadata.schema = DataType::Struct(schema);
  metadata.schema_string = metadata.schema.Json();
  metadata.partition_columns = CanonicalNames(write.partition_by, schema);
  metadata.configuration.insert(properties.begin(), properties.end());
  metadata.description = write.comment;
  metadata.created_time_ms = session->server()->clock->NowMillis();
  return metadata;
}

std::string PartitioningMismatch(const std::vector<std::string>& given, const std::vector<std::string>& table) {
  const auto list = [](const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + types::QuoteIdentifier(name);
    return out;
  };
  return "Partition columns do not match the partition columns of the table.\nGiven: [" + list(given) + "]\nTable: [" +
         list(table) + "]\n         ";
}

// As delta-spark's MetadataMismatchErrorBuilder puts its parts together.
Status Mismatch(std::string schema, const std::string& partitioning, bool overwrite) {
  std::string message = std::move(schema);
  const auto add = [&](const std::string& part) { message += (message.empty() ? "" : "\n") + part; };
  if (!partitioning.empty()) add(partitioning);
  if (overwrite) {
    add("To overwrite your schema or change partitioning, please set:\n'.option(\"overwriteSchema\", \"true\")'.\n\n"
        "Note that the schema can't be overwritten when using\n'replaceWhere'.\n         ");
  }
  return Error("_LEGACY_ERROR_TEMP_DELTA_0007", {{"message", message}}, message);
}

bool IsMapped(const Metadata& metadata) { return delta::MappingModeOf(metadata) != delta::ColumnMappingMode::kNone; }

bool SameNames(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](const auto& x, const auto& y) { return types::EqualsIgnoreCase(x, y); });
}

// Columns of rows that go into an existing table.
Status CheckDataColumns(const std::vector<StructField>& columns) {
  std::set<std::string> names;
  for (const StructField& field : columns) {
    if (field.type.IsInterval()) return Error("_LEGACY_ERROR_TEMP_1136");
    if (names.insert(types::ToLower(field.name)).second) continue;
    return Error("DELTA_DUPLICATE_COLUMNS_FOUND", {{"coltype", "in the data to save"}, {"duplicateCols", field.name}});
  }
  return Status::Ok();
}

// What the commit will hold besides files.
struct Plan {
  RelPtr data;
  Metadata metadata;
  bool metadata_changed = false;
};

// CLUSTER BY asks for its feature; nothing else may.
Status PlanClustering(const DeltaWrite& write, Metadata* metadata) {
  for (const auto& [key, value] : metadata->configuration) {
    if (!types::EqualsIgnoreCase(key, "delta.feature.clustering")) continue;
    return Error("DELTA_CREATE_TABLE_SET_CLUSTERING_TABLE_FEATURE_NOT_ALLOWED", {{"tableFeature", "clustering"}});
  }
  if (write.cluster_by.empty()) return Status::Ok();
  if (!metadata->partition_columns.empty()) return Error("DELTA_CLUSTER_BY_WITH_PARTITIONED_BY");
  RETURN_IF_ERROR(CheckClusteringColumns(write.cluster_by, *metadata).status());
  metadata->configuration["delta.feature.clustering"] = "supported";
  return Status::Ok();
}

// A new table starts, for delta-spark, with the properties that the session's settings give it: it had a change feed.
Status SetMetadata(session::Session* session, const Metadata& metadata, Transaction* txn) {
  const Status status = txn->UpdateMetadata(metadata);
  if (!status.Is("DELTA_TABLE_ALREADY_CONTAINS_CDC_COLUMNS") || txn->snapshot() != nullptr) return status;
  for (const auto& [name, value] : SetTableProperties(session)) {
    if (name != kChangeFeed || !types::EqualsIgnoreCase(value, "true")) continue;
    return Error("RESERVED_CDC_COLUMNS_ON_WRITE",
                 {{"columnList", std::string(status.Param("columnList"))}, {"config", std::string(kChangeFeed)}});
  }
  return status;
}

// The clustering of a new or replaced table: its columns, or none where there were some.
void SetClustering(const DeltaWrite& write, const Snapshot* snapshot, Transaction* txn) {
  const bool was_clustered = snapshot != nullptr && HasClusteringDomain(*snapshot);
  if (write.cluster_by.empty() && !was_clustered) return;
  txn->SetDomain(ClusteringDomain(write.cluster_by, txn->metadata()));
}

Status CheckSameClustering(const DeltaWrite& write, const Snapshot& snapshot) {
  const std::string given = ClusteringList(write.cluster_by);
  const std::string existing = ClusteringList(ClusteringPaths(snapshot));
  if (write.cluster_by.empty() || types::EqualsIgnoreCase(given, existing)) return Status::Ok();
  return Error("DELTA_CLUSTERING_COLUMNS_MISMATCH",
               {{"providedClusteringColumns", given}, {"existingClusteringColumns", existing}});
}

Result<Plan> PlanNewTable(session::Session* session, const DeltaWrite& write) {
  const bool from_data = write.columns.empty() && write.data != nullptr;
  std::vector<StructField> schema = from_data ? TableSchemaOf(*write.data) : write.columns;
  Plan plan;
  plan.metadata = NewMetadata(session, write, schema, NewTableProperties(session, write));
  // CREATE TABLE may leave the columns to the first write.
  const bool bare = schema.empty() && write.data == nullptr;
  if (!bare) RETURN_IF_ERROR(CheckNewTable(schema, write.partition_by, IsMapped(plan.metadata)));
  const bool any_property = session->conf().GetBool("spark.databricks.delta.allowArbitraryProperties.enabled", false);
  ASSIGN_OR_RETURN(plan.metadata.configuration, delta::ValidateProperties(plan.metadata.configuration, any_property));
  plan.metadata_changed = true;
  RETURN_IF_ERROR(CheckStatsColumns(plan.metadata));
  RETURN_IF_ERROR(PlanClustering(write, &plan.metadata));
  LeaveUnaskedFeedOff(session, {&write.options, &write.properties}, &plan.metadata);
  if (write.data != nullptr) {
    ASSIGN_OR_RETURN(plan.data, AlignByName(write.data, plan.metadata.schema, AbsentColumns::kLeaveOut));
  }
  return plan;
}

Result<Plan> PlanReplaceTable(session::Session* session, const DeltaWrite& write, const Snapshot& snapshot) {
  if (!write.partition_by.empty() && delta::IsFeatureSupported(snapshot.protocol(), "clustering")) {
    return Error("DELTA_CLUSTERING_REPLACE_TABLE_WITH_PARTITIONED_TABLE");
  }
  ASSIGN_OR_RETURN(Plan plan, PlanNewTable(session, write));
  plan.metadata.id = snapshot.metadata().id;
  plan.metadata.created_time_ms = snapshot.metadata().created_time_ms;
  return plan;
}

bool OverwritesSchema(const DeltaWrite& write) {
  const bool replaces_some =
      write.replace_where != nullptr || plan::FindOption(write.options, "replaceWhere").has_value();
  return write.mode == SaveMode::kOverwrite && !replaces_some &&
         plan::FindFlag(write.options, "overwriteSchema", false);
}

Result<Plan> PlanExistingTable(session::Session* session, const DeltaWrite& write, const Snapshot& snapshot) {
  const bool overwrite = write.mode == SaveMode::kOverwrite;
  const bool merge = plan::FindFlag(write.options, "mergeSchema",
                                    session->conf().GetBool("spark.databricks.delta.schema.autoMerge.enabled", false));
  Plan plan;
  plan.metadata = snapshot.metadata();
  if (OverwritesSchema(write)) {
    const auto schema = TableSchemaOf(*write.data);
    RETURN_IF_ERROR(CheckNewTable(schema, write.partition_by, IsMapped(plan.metadata)));
    DataType replaced = DataType::Struct(schema);
    const auto partitions = CanonicalNames(write.partition_by, schema);
    plan.metadata_changed = !(replaced == plan.metadata.schema) || partitions != plan.metadata.partition_columns;
    plan.metadata.schema = std::move(replaced);
    plan.metadata.partition_columns = partitions;
  } else {
    std::string partitioning;
    if (!write.partition_by.empty() && !SameNames(write.partition_by, snapshot.metadata().partition_columns)) {
      partitioning = PartitioningMismatch(write.partition_by, snapshot.metadata().partition_columns);
    }
    const auto data_schema = TableSchemaOf(*write.data);
    RETURN_IF_ERROR(CheckDataColumns(data_schema));
    RETURN_IF_ERROR(CheckDependentTypes(session, snapshot, DataType::Struct(data_schema)));
    const bool widen = delta::TypeWideningEnabled(snapshot.protocol(), snapshot.metadata());
    auto agreed = MergeSchema(snapshot.schema(), DataType::Struct(data_schema), {.merge = merge, .widen = widen},
                              snapshot.metadata().id);
    const bool mismatch = agreed.status().Is("_LEGACY_ERROR_TEMP_DELTA_0007");
    if (mismatch || (agreed.ok() && !partitioning.empty())) {
      return Mismatch(std::string(agreed.status().Param("message")), partitioning, overwrite);
    }
    ASSIGN_OR_RETURN(DataType merged, std::move(agreed));
    if (merged.fields().size() != snapshot.schema().fields().size() || !merged.SameType(snapshot.schema())) {
      RETURN_IF_ERROR(CheckNewTable(merged.fields(), snapshot.metadata().partition_columns, IsMapped(plan.metadata)));
      plan.metadata_changed = true;
      const auto version = delta::RecordedVersion(snapshot.protocol(), snapshot.version() + 1);
      plan.metadata.schema = widen ? delta::RecordTypeChanges(snapshot.schema(), merged, version) : std::move(merged);
    }
  }
  if (plan.metadata_changed) plan.metadata.schema_string = plan.metadata.schema.Json();
  ASSIGN_OR_RETURN(plan.data, AlignByName(write.data, plan.metadata.schema, AbsentColumns::kLeaveOut));
  return plan;
}

std::vector<std::pair<std::string, std::string>> OperationParameters(
    const DeltaWrite& write, const Metadata& metadata, std::vector<std::pair<std::string, std::string>> properties) {
  if (write.streaming.has_value()) {
    return {{"outputMode", write.streaming->output_mode},
            {"queryId", write.streaming->query_id},
            {"epochId", std::to_string(write.streaming->epoch_id)}};
  }
  if (write.operation.empty()) {
    return {{"mode", ModeName(write.mode)}, {"partitionBy", JsonArray(write.partition_by)}};
  }
  // What was asked for and what came of it, as it is in the table.
  std::erase_if(properties, [&](const auto& entry) { return !metadata.configuration.contains(entry.first); });
  for (auto& [key, value] : properties) value = metadata.configuration.at(key);
  for (const auto& [key, value] : metadata.configuration) {
    const bool listed = std::any_of(properties.begin(), properties.end(),
                                    [&, name = key](const auto& entry) { return entry.first == name; });
    if (!listed) properties.emplace_back(key, value);
  }
  return {{"partitionBy", JsonArray(metadata.partition_columns)},
          {"clusterBy", ClusteringJson(write.cluster_by)},
          {"description", write.comment.has_value() ? *write.comment : "null"},
          {"isManaged", write.is_managed ? "true" : "false"},
          {"properties", JsonObject(properties)}};
}

// A stream's batch is a version of its query.
Result<Idempotence> IdempotenceOf(session::Session* session, const DeltaWrite& write, const Snapshot* snapshot,
                                  Transaction* txn) {
  if (!write.streaming.has_value()) return CheckIdempotence(session, write.options, snapshot, txn);
  return NoteVersion(write.streaming->query_id, write.streaming->epoch_id, snapshot, txn);
}

// Adds the removes of an overwrite: every live file, or those of the partitions just written (dynamic).
void RemoveOverwritten(session::Session* session, const Snapshot& snapshot, bool dynamic,
                       const std::vector<AddFile>& added, bool data_change, Transaction* txn) {
  if (!dynamic) {
    txn->ReadWholeTable();
    for (const auto& file : snapshot.files()) txn->Remove(file, data_change);
    return;
  }
  const catalog::PartitionSpelling spelling(session, snapshot.metadata());
  std::set<delta::PartitionValues> partitions;
  for (const auto& add : added) partitions.insert(spelling.Canonical(add.partition_values));
  const auto written = [partitions, spelling](const delta::PartitionValues& values) {
    return partitions.contains(spelling.Canonical(values));
  };
  for (const auto& file : snapshot.files()) {
    if (written(file.partition_values)) txn->Remove(file, data_change);
  }
  txn->ReadPartitions(written);
}

Result<bool> IsDynamicOverwrite(session::Session* session, const DeltaWrite& write, const Metadata& metadata) {
  if (write.mode != SaveMode::kOverwrite || metadata.partition_columns.empty()) return false;
  if (write.replace_table || write.streaming.has_value()) return false;  // all of the table goes
  if (!session->conf().GetBool("spark.databricks.delta.dynamicPartitionOverwrite.enabled", true)) return false;
  std::string mode = session->conf().GetString("spark.sql.sources.partitionOverwriteMode", "static");
  if (const auto option = plan::FindOption(write.options, "partitionOverwriteMode")) mode = *option;
  mode = types::ToLower(mode);
  if (mode != "static" && mode != "dynamic") {
    return Error("DELTA_ILLEGAL_OPTION",
                 {{"input", mode}, {"name", "partitionOverwriteMode"}, {"explain", "must be 'STATIC' or 'DYNAMIC'"}});
  }
  if (mode == "dynamic" && OverwritesSchema(write)) {
    return Error("DELTA_OVERWRITE_SCHEMA_WITH_DYNAMIC_PARTITION_OVERWRITE");
  }
  return mode == "dynamic";
}

// dataChange=false: the rows are in the table already and only arranged anew. Streams do not have the option.
bool ChangesData(const DeltaWrite& write) {
  return write.streaming.has_value() || plan::FindFlag(write.options, "dataChange", true);
}

// Rows that are only arranged anew change nothing about the table (delta-spark ImplicitMetadataOperation).
Status CheckDataChange(session::Session* session, const DeltaWrite& write, const Snapshot* snapshot, const Plan& plan,
                       const std::optional<ReplaceCondition>& replace) {
  if (ChangesData(write)) return Status::Ok();
  const auto refused = [](const char* op) { return Error("DELTA_DATA_CHANGE_FALSE", {{"op", op}}); };
  if (snapshot == nullptr) return refused("Create a Delta table");
  if (plan.metadata_changed && !write.replace_table) {
    return refused(OverwritesSchema(write) ? "Overwrite the Delta table schema or change the partition schema"
                                           : "Change the Delta table schema");
  }
  return replace.has_value() ? CheckRearranges(session, *replace, plan.metadata) : Status::Ok();
}

delta::CommitOptions CommitOptionsOf(session::Session* session, const DeltaWrite& write, bool blind) {
  delta::CommitOptions options;
  options.operation = write.streaming.has_value() ? "STREAMING UPDATE"
                      : write.operation.empty()   ? "WRITE"
                                                  : write.operation;
  options.engine_info = EngineInfo();
  options.is_blind_append = blind;
  options.user_metadata = plan::FindOption(write.options, "userMetadata");
  if (!options.user_metadata.has_value())
    options.user_metadata = session->conf().Get("spark.databricks.delta.commitInfo.userMetadata");
  return options;
}

std::vector<std::pair<std::string, std::string>> MetricsOf(const DeltaWrite& write, const Metadata& metadata,
                                                           size_t added, size_t removed, const DeltaFiles& files) {
  const std::string rows = std::to_string(files.rows());
  const std::string bytes = std::to_string(files.bytes());
  if (!write.streaming.has_value()) {
    // Without rows Spark writes one file that has none, which Delta counts and then leaves out of the table.
    const bool empty_file = added == 0 && metadata.partition_columns.empty();
    std::vector<std::pair<std::string, std::string>> out = {
        {"numFiles", std::to_string(empty_file ? 1 : added)}, {"numOutputRows", rows}, {"numOutputBytes", bytes}};
    if (plan::FindOption(write.options, "replaceWhere").has_value()) {
      out.emplace_back("numAddedChangeFiles", "0");
      out.emplace_back("numCopiedRows", "0");
    }
    return out;
  }
  return {{"numRemovedFiles", std::to_string(removed)},
          {"numOutputRows", rows},
          {"numOutputBytes", bytes},
          {"numAddedFiles", std::to_string(added)}};
}

// GENERATED ALWAYS AS IDENTITY columns take no values.
Status CheckIdentityValues(const engine::Rel& rows, const Metadata& metadata) {
  for (const StructField& field : metadata.schema.fields()) {
    if (!IsIdentity(field)) continue;
    if (delta::FieldMetadataJson(field.metadata, delta::kIdentityAllowExplicitInsert) == "true") continue;
    for (const auto& column : rows.output) {
      if (!types::EqualsIgnoreCase(column.name, field.name)) continue;
      return Error("DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED", {{"colName", field.name}});
    }
  }
  return Status::Ok();
}

// Options of later versions of delta-spark that say which rows an overwrite replaces: without them it replaces all.
Status CheckOptions(const plan::Options& options) {
  for (const char* option : {"replaceUsing", "replaceOn"}) {
    if (plan::FindOption(options, option).has_value()) return Unsupported("the write option " + std::string(option));
  }
  // delta-spark reads all of its options, whatever is done.
  for (const char* flag :
       {"mergeSchema", "overwriteSchema", "dataChange", "optimizeWrite", "readChangeFeed", "readChangeData",
        "ignoreDeletes", "ignoreChanges", "ignoreFileDeletion", "skipChangeCommits", "failOnDataLoss"}) {
    const auto value = plan::FindOption(options, flag);
    if (!value.has_value() || types::EqualsIgnoreCase(*value, "true") || types::EqualsIgnoreCase(*value, "false")) {
      continue;
    }
    return Error("DELTA_ILLEGAL_OPTION", {{"input", *value}, {"name", flag}, {"explain", "must be 'true' or 'false'"}});
  }
  return Status::Ok();
}

// The latest snapshot, or null when there is no table yet.
Result<std::shared_ptr<const Snapshot>> ExistingSnapshot(session::Session* session, const std::string& path) {
  auto loaded = session->server()->catalog->LatestSnapshot(session, path);
  if (loaded.ok()) return *loaded;
  if (loaded.status().Is("DELTA_MISSING_TRANSACTION_LOG")) return std::shared_ptr<const Snapshot>();
  return loaded.status();
}

}  // namespace

Status CheckRemovable(const Snapshot& snapshot) {
  if (!delta::BoolProperty(snapshot.metadata(), "delta.appendOnly")) return Status::Ok();
  return Error("DELTA_CANNOT_MODIFY_APPEND_ONLY",
               {{"table_name", snapshot.metadata().name.value_or("null")}, {"config", "delta.appendOnly"}});
}

std::vector<std::pair<std::string, std::string>> SetTableProperties(session::Session* session) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [key, value] : session->conf().GetAll(kDefaultsPrefix)) {
    std::string name = "delta." + key.substr(kDefaultsPrefix.size());
    const delta::Property* property = delta::FindProperty(name);
    const bool known = property != nullptr && property->key == name;
    if (known || name.starts_with(kFeaturePrefix)) out.emplace_back(std::move(name), value);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> DefaultTableProperties(session::Session* session) {
  std::vector<std::pair<std::string, std::string>> out;
  const std::string cdf_key = std::string(kDefaultsPrefix) + "enableChangeDataFeed";
  if (const auto cdf = session->conf().Get(cdf_key)) out.emplace_back(kChangeFeed, *cdf);
  for (auto& entry : SetTableProperties(session)) out.push_back(std::move(entry));
  return out;
}

void LeaveUnaskedFeedOff(session::Session* session, const std::vector<const plan::Options*>& given,
                         Metadata* metadata) {
  if (delta::ChangeColumnsIn(metadata->schema).empty()) return;
  const auto set = SetTableProperties(session);
  const auto is_feed = [](const auto& entry) { return types::EqualsIgnoreCase(entry.first, kChangeFeed); };
  bool asked = std::any_of(set.begin(), set.end(), is_feed);
  for (const auto* options : given) asked = asked || std::any_of(options->begin(), options->end(), is_feed);
  if (!asked) metadata->configuration.erase(std::string(kChangeFeed));
}

Result<std::optional<int64_t>> WriteDelta(session::Session* session, const DeltaWrite& write,
                                          const std::function<bool()>& interrupted) {
  RETURN_IF_ERROR(CheckOptions(write.options));
  RETURN_IF_ERROR(session::CheckStoreOptions(write.path, write.options, session->conf()));
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, write.path));
  auto snapshot = write.snapshot;
  if (snapshot == nullptr) {
    const bool commits = write.mode == SaveMode::kAppend || write.mode == SaveMode::kOverwrite || write.replace_table;
    if (commits) Transaction::Expect(io, write.path);
    ASSIGN_OR_RETURN(snapshot, ExistingSnapshot(session, write.path));
  }
  const auto own_reads = TableReads::Find(write.data, write.path);
  if (snapshot != nullptr) snapshot = own_reads.Start(std::move(snapshot));
  if (snapshot != nullptr && !write.replace_table) {
    if (write.mode == SaveMode::kIgnore) return std::optional<int64_t>();
    if (write.mode == SaveMode::kErrorIfExists) {
      return Error("DELTA_PATH_EXISTS", {{"path", write.path[0] == '/' ? "file:" + write.path : write.path}});
    }
  }
  Transaction txn =
      snapshot == nullptr ? Transaction(io, write.path, Random::System()) : Transaction(io, snapshot, Random::System());
  ASSIGN_OR_RETURN(const auto idempotence, IdempotenceOf(session, write, snapshot.get(), &txn));
  if (idempotence == Idempotence::kSeen) return std::optional<int64_t>();
  if (snapshot != nullptr && write.mode == SaveMode::kOverwrite) RETURN_IF_ERROR(CheckRemovable(*snapshot));
  ASSIGN_OR_RETURN(const auto replace, ReplaceConditionOf(session, write));
  ASSIGN_OR_RETURN(Plan plan, snapshot == nullptr   ? PlanNewTable(session, write)
                              : write.replace_table ? PlanReplaceTable(session, write, *snapshot)
                                                    : PlanExistingTable(session, write, *snapshot));
  RETURN_IF_ERROR(CheckIdentityValues(*plan.data, plan.metadata));
  RETURN_IF_ERROR(CheckDataChange(session, write, snapshot.get(), plan, replace));
  if (replace.has_value() && write.mode == SaveMode::kOverwrite) {
    if (types::EqualsIgnoreCase(plan::FindOption(write.options, "partitionOverwriteMode").value_or(""), "dynamic")) {
      return Error("DELTA_REPLACE_WHERE_WITH_DYNAMIC_PARTITION_OVERWRITE");
    }
    if (snapshot != nullptr) {
      return ReplaceRows(session, write, *replace, snapshot, plan.metadata, plan.data, interrupted);
    }
  }
  if (plan.metadata_changed) RETURN_IF_ERROR(SetMetadata(session, plan.metadata, &txn));
  // An overwrite of everything replaces the table for delta-spark: what clusters it is what this write says.
  const bool replaces_all = write.mode == SaveMode::kOverwrite && !replace.has_value() && !write.streaming.has_value();
  if (snapshot == nullptr || write.replace_table || replaces_all) {
    SetClustering(write, snapshot.get(), &txn);
  } else {
    RETURN_IF_ERROR(CheckSameClustering(write, *snapshot));
  }
  RETURN_IF_ERROR(txn.CheckWritable());
  ASSIGN_OR_RETURN(const bool dynamic, IsDynamicOverwrite(session, write, plan.metadata));
  DeltaFiles files(session, write.path, txn.metadata(), txn.protocol(), write.options, interrupted);
  files.NumberIdentityColumns(&txn);
  files.SpreadOver(write.files);
  ASSIGN_OR_RETURN(auto added, files.WriteData(plan.data));
  const bool data_change = ChangesData(write);
  for (auto& file : added) {
    file.data_change = data_change;
    txn.Add(file);
  }
  const bool nothing = added.empty() && !plan.metadata_changed && idempotence == Idempotence::kNone;
  if (snapshot != nullptr && write.mode == SaveMode::kAppend && nothing) return std::optional<int64_t>();
  const bool overwrite = snapshot != nullptr && (write.replace_table || write.mode == SaveMode::kOverwrite);
  if (overwrite) RemoveOverwritten(session, *snapshot, dynamic, added, data_change, &txn);
  if (snapshot != nullptr) RETURN_IF_ERROR(own_reads.Declare(session->server()->engine, &txn));
  const bool replaces = write.replace_table || write.mode == SaveMode::kOverwrite;  // an empty table's files as well
  delta::CommitOptions options = CommitOptionsOf(session, write, !replaces && own_reads.empty());
  options.operation_parameters = OperationParameters(write, txn.metadata(), NewTableProperties(session, write));
  if (replace.has_value()) options.operation_parameters.emplace_back("predicate", replace->text);
  options.operation_metrics =
      MetricsOf(write, txn.metadata(), added.size(), overwrite ? snapshot->files().size() : 0, files);
  auto version = txn.Commit(options);
  if (!version.ok()) {
    files.Discard(version.status());
    return version.status();
  }
  std::set<delta::PartitionValues> partitions;
  for (const auto& file : added) partitions.insert(file.partition_values);
  RETURN_IF_ERROR(RunCommitHooks({session, interrupted}, write.path, txn.metadata(), partitions));
  return std::optional<int64_t>(*version);
}

Result<int64_t> CreateDeltaTable(session::Session* session, const DeltaWrite& create) {
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, create.path));
  Transaction::Expect(io, create.path);
  ASSIGN_OR_RETURN(const auto snapshot, ExistingSnapshot(session, create.path));
  Transaction txn = snapshot == nullptr ? Transaction(io, create.path, Random::System())
                                        : Transaction(io, snapshot, Random::System());
  if (create.columns.empty() && create.operation != "CREATE TABLE") return Error("DELTA_SCHEMA_NOT_PROVIDED");
  ASSIGN_OR_RETURN(Plan plan,
                   snapshot == nullptr ? PlanNewTable(session, create) : PlanReplaceTable(session, create, *snapshot));
  RETURN_IF_ERROR(SetMetadata(session, plan.metadata, &txn));
  SetClustering(create, snapshot.get(), &txn);
  if (snapshot != nullptr) RemoveOverwritten(session, *snapshot, false, {}, true, &txn);
  delta::CommitOptions options = CommitOptionsOf(session, create, snapshot == nullptr);
  options.operation_parameters = OperationParameters(create, txn.metadata(), NewTableProperties(session, create));
  return txn.Commit(options);
}

Status CommitMetadata(session::Session* session, std::shared_ptr<const Snapshot> snapshot, Metadata metadata,
                      const std::string& operation, std::vector<std::pair<std::string, std::string>> parameters,
                      std::map<std::string, std::string> tags) {
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, snapshot->table_path()));
  Transaction txn(io, std::move(snapshot), Random::System());
  RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  delta::CommitOptions options;
  options.operation = operation;
  options.operation_parameters = std::move(parameters);
  options.engine_info = EngineInfo();
  options.tags = std::move(tags);
  return txn.Commit(options).status();
}

}  // namespace deltic::spark::command
