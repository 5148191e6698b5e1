// ALTER TABLE DROP FEATURE: the feature's traces are removed from the table, and when its history has none either, the
// feature leaves the protocol (delta-spark AlterTableDropFeatureDeltaCommand).
#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/random.h"
#include "delta/log/log_files.h"
#include "delta/spec/column_mapping.h"
#include "delta/spec/features.h"
#include "delta/spec/field_metadata.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "delta/spec/type_widening.h"
#include "delta/transaction/transaction.h"
#include "spark/command/alter_table.h"
#include "spark/command/schema_edit.h"
#include "spark/command/version.h"

namespace deltic::spark::command {
namespace {

using types::DataType;
using types::StructField;

constexpr std::string_view kConstraintPrefix = "delta.constraints.";

bool IsTypeWidening(std::string_view feature) { return feature.starts_with("typeWidening"); }

bool IsRemovable(std::string_view feature) {
  static constexpr std::array<std::string_view, 7> kRemovable = {
      "checkConstraints", "inCommitTimestamp", "vacuumProtocolCheck", "v2Checkpoint",
      "columnMapping",    "typeWidening",      "typeWidening-preview"};
  return std::find(kRemovable.begin(), kRemovable.end(), feature) != kRemovable.end();
}

// The metadata shows that versions with it use the feature.
bool LeavesTraces(std::string_view feature, const delta::Metadata& metadata) {
  if (IsTypeWidening(feature)) return delta::HasFieldMetadata(metadata.schema, delta::kTypeChanges);
  if (feature == "vacuumProtocolCheck") return false;
  return delta::UsesFeature(metadata, feature);
}

// The table as it is now, after a commit of this command.
Result<Alteration> Refreshed(const Alteration& alter) {
  ASSIGN_OR_RETURN(auto snapshot,
                   alter.session()->server()->catalog->LatestSnapshot(alter.session(), alter.target.path));
  return Alteration{alter.context, alter.command, alter.target, std::move(snapshot)};
}

std::string QuotedKeys(const std::vector<std::string>& keys) {
  JsonWriter json;
  json.BeginArray();
  for (const auto& key : keys) json.String(key);
  return json.EndArray().Take();
}

Status CheckNoConstraints(const Alteration& alter) {
  std::string names;
  for (const auto& [key, value] : alter.metadata().configuration) {
    if (!key.starts_with(kConstraintPrefix)) continue;
    names += (names.empty() ? "" : ", ") + types::QuoteIdentifier(key.substr(kConstraintPrefix.size()));
  }
  if (names.empty()) return Status::Ok();
  return Error("DELTA_CANNOT_DROP_CHECK_CONSTRAINT_FEATURE", {{"constraints", names}});
}

Result<bool> DisableInCommitTimestamps(const Alteration& alter) {
  delta::Metadata metadata = alter.metadata();
  std::vector<std::string> keys;
  for (const char* key : {"delta.inCommitTimestampEnablementVersion", "delta.inCommitTimestampEnablementTimestamp"}) {
    if (metadata.configuration.erase(key) > 0) keys.emplace_back(key);
  }
  if (delta::BoolProperty(alter.metadata(), "delta.enableInCommitTimestamps")) {
    metadata.configuration["delta.enableInCommitTimestamps"] = "false";
    keys.insert(keys.begin(), "delta.enableInCommitTimestamps");
  }
  if (keys.empty()) return false;
  RETURN_IF_ERROR(alter.Commit(std::move(metadata), "UNSET TBLPROPERTIES",
                               {{"properties", QuotedKeys(keys)}, {"ifExists", "true"}}));
  return true;
}

// Struct fields with recorded type changes, as the history shows them.
void ListChanges(const DataType& type, const plan::NameParts& prefix, JsonWriter* json) {
  if (type.Is(types::TypeId::kArray)) {
    plan::NameParts path = prefix;
    path.emplace_back("element");
    return ListChanges(type.element(), path, json);
  }
  if (type.Is(types::TypeId::kMap)) {
    plan::NameParts path = prefix;
    path.emplace_back("key");
    ListChanges(type.key(), path, json);
    path.back() = "value";
    return ListChanges(type.value(), path, json);
  }
  if (!type.Is(types::TypeId::kStruct)) return;
  for (const StructField& field : type.fields()) {
    plan::NameParts path = prefix;
    path.push_back(field.name);
    if (field.HasMetadata(delta::kTypeChanges)) {
      json->BeginObject().Key("name").String(HistoryName(path)).Key("type").Raw(field.type.Json());
      json->Key("nullable").Bool(field.nullable).Key("metadata").Raw(field.metadata).EndObject();
    }
    ListChanges(field.type, path, json);
  }
}

Result<bool> RemoveTypeWidening(const Alteration& alter) {
  bool changed = false;
  if (alter.metadata().configuration.contains("delta.enableTypeWidening")) {
    delta::Metadata metadata = alter.metadata();
    metadata.configuration.erase("delta.enableTypeWidening");
    RETURN_IF_ERROR(alter.Commit(std::move(metadata), "UNSET TBLPROPERTIES",
                                 {{"properties", "[\"delta.enableTypeWidening\"]"}, {"ifExists", "true"}}));
    changed = true;
  }
  if (!delta::HasFieldMetadata(alter.metadata().schema, delta::kTypeChanges)) return changed;
  ASSIGN_OR_RETURN(const Alteration now, Refreshed(alter));
  RETURN_IF_ERROR(RewriteTable(now, now.metadata(), "REORG", {{"predicate", "[]"}, {"applyPurge", "true"}}));
  ASSIGN_OR_RETURN(const Alteration rewritten, Refreshed(alter));
  JsonWriter columns;
  columns.BeginArray();
  ListChanges(rewritten.metadata().schema, {}, &columns);
  RETURN_IF_ERROR(rewritten.CommitSchema(delta::WithoutTypeChanges(rewritten.metadata().schema), "DROP FEATURE",
                                         {{"columns", columns.EndArray().Take()}}));
  return true;
}

Result<bool> RemoveMapping(const Alteration& alter) {
  if (delta::MappingModeOf(alter.metadata()) == delta::ColumnMappingMode::kNone) return false;
  delta::Metadata metadata = alter.metadata();
  for (const auto& field : metadata.schema.fields()) {
    if (field.name.find_first_of(" ,;{}()\n\t=") == std::string::npos) continue;
    return Error("DELTA_INVALID_COLUMN_NAMES_WHEN_REMOVING_COLUMN_MAPPING", {{"invalidColumnNames", field.name}});
  }
  metadata.schema = delta::WithoutColumnMapping(metadata.schema);
  metadata.schema_string = metadata.schema.Json();
  metadata.configuration.erase("delta.columnMapping.mode");
  metadata.configuration.erase("delta.columnMapping.maxColumnId");
  RETURN_IF_ERROR(RewriteTable(alter, std::move(metadata), "REMOVE COLUMN MAPPING", {}));
  return true;
}

// Removes the feature's traces from the current version; true when there were any.
Result<bool> RemoveTraces(const Alteration& alter, std::string_view feature) {
  if (feature == "checkConstraints") {
    RETURN_IF_ERROR(CheckNoConstraints(alter));
    return false;
  }
  if (feature == "inCommitTimestamp") return DisableInCommitTimestamps(alter);
  if (feature == "columnMapping") return RemoveMapping(alter);
  if (IsTypeWidening(feature)) return RemoveTypeWidening(alter);
  if (feature == "v2Checkpoint" && delta::UsesFeature(alter.metadata(), feature)) {
    delta::Metadata metadata = alter.metadata();
    metadata.configuration["delta.checkpointPolicy"] = "classic";
    RETURN_IF_ERROR(alter.Commit(std::move(metadata), "SET TBLPROPERTIES",
                                 {{"properties", R"({"delta.checkpointPolicy":"classic"})"}}));
    return true;
  }
  return false;
}

// Some version that can still be read uses the feature.
Result<bool> HistoryHasTraces(const Alteration& alter, std::string_view feature) {
  ASSIGN_OR_RETURN(const auto io, alter.session()->server()->catalog->IoFor(alter.session(), alter.target.path));
  const std::string& table = alter.snapshot->table_path();
  ASSIGN_OR_RETURN(const auto listing, delta::ListLog(io.store.get(), table, 0));
  if (!listing.checkpoints.empty() && (listing.commits.empty() || listing.commits[0].version > 0)) {
    ASSIGN_OR_RETURN(const auto oldest, delta::Snapshot::Load(io, table, listing.checkpoints[0].version));
    if (LeavesTraces(feature, oldest->metadata())) return true;
  }
  for (const auto& commit : listing.commits) {
    ASSIGN_OR_RETURN(const auto actions, delta::ReadCommit(io.store.get(), table, commit.version));
    for (const auto& action : actions) {
      const auto* metadata = std::get_if<delta::Metadata>(&action);
      if (metadata != nullptr && LeavesTraces(feature, *metadata)) return true;
    }
  }
  return false;
}

// "interval 30 days" → "30 days"
std::string Period(const delta::Metadata& metadata, std::string_view key) {
  std::string text = delta::PropertyOf(metadata, key);
  return text.starts_with("interval ") ? text.substr(9) : text;
}

Status HistoryInTheWay(const Alteration& alter, const std::string& feature, bool removed_now) {
  return Error(
      removed_now ? "DELTA_FEATURE_DROP_WAIT_FOR_RETENTION_PERIOD" : "DELTA_FEATURE_DROP_HISTORICAL_VERSIONS_EXIST",
      {{"feature", feature},
       {"logRetentionPeriodKey", "delta.logRetentionDuration"},
       {"logRetentionPeriod", Period(alter.metadata(), "delta.logRetentionDuration")},
       {"truncateHistoryLogRetentionPeriod",
        Period(alter.metadata(), "delta.dropFeatureTruncateHistory.retentionDuration")}});
}

}  // namespace

Status AlterDropFeature(const Alteration& alter) {
  const std::string& name = alter.command.name;
  const delta::Feature* feature = delta::FindFeature(name);
  if (feature == nullptr) return Error("DELTA_FEATURE_DROP_UNSUPPORTED_CLIENT_FEATURE", {{"feature", name}});
  if (feature->name == "checkpointProtection") return Unsupported("ALTER TABLE DROP FEATURE checkpointProtection");
  if (!IsRemovable(feature->name)) return Error("DELTA_FEATURE_DROP_NONREMOVABLE_FEATURE", {{"feature", name}});
  const auto supported = delta::SupportedFeatures(alter.snapshot->protocol());
  if (std::find(supported.begin(), supported.end(), feature->name) == supported.end()) {
    return Error("DELTA_FEATURE_DROP_FEATURE_NOT_PRESENT", {{"feature", name}});
  }
  if (alter.command.truncate_history && !feature->reader_writer) {
    return Error("DELTA_FEATURE_DROP_HISTORY_TRUNCATION_NOT_ALLOWED");
  }
  std::string dependents;
  for (const auto& other : supported) {
    const delta::Feature* known = delta::FindFeature(other);
    if (known == nullptr || known->requires_feature != feature->name) continue;
    dependents += (dependents.empty() ? "" : ", ") + other;
  }
  if (!dependents.empty()) {
    return Error("DELTA_FEATURE_DROP_DEPENDENT_FEATURE", {{"feature", name}, {"dependentFeatures", dependents}});
  }
  ASSIGN_OR_RETURN(const bool removed_now, RemoveTraces(alter, feature->name));
  if (feature->reader_writer) {
    RETURN_IF_ERROR(CommitNothing(alter));
    ASSIGN_OR_RETURN(const bool in_history, HistoryHasTraces(alter, feature->name));
    if (in_history) return HistoryInTheWay(alter, name, removed_now);
  }
  ASSIGN_OR_RETURN(const Alteration now, Refreshed(alter));
  ASSIGN_OR_RETURN(const auto io, now.session()->server()->catalog->IoFor(now.session(), now.target.path));
  delta::Transaction txn(io, now.snapshot, Random::System());
  RETURN_IF_ERROR(txn.UpdateProtocol(delta::WithoutFeature(now.snapshot->protocol(), feature->name)));
  delta::CommitOptions options;
  options.operation = "DROP FEATURE";
  options.operation_parameters = {{"featureName", name},
                                  {"truncateHistory", alter.command.truncate_history ? "true" : "false"}};
  options.engine_info = EngineInfo();
  return txn.Commit(options).status();
}

}  // namespace deltic::spark::command
