// ALTER TABLE DROP FEATURE: the feature's traces are removed from the table, and when its history has none either, the
// feature leaves the protocol (delta-spark AlterTableDropFeatureDeltaCommand).
#include <algorithm>
#include <array>

#include "base/clock.h"
#include "base/json_writer.h"
#include "base/random.h"
#include "delta/checkpoint/checkpoint_writer.h"
#include "delta/log/log_cleanup.h"
#include "delta/log/log_files.h"
#include "delta/spec/column_mapping.h"
#include "delta/spec/features.h"
#include "delta/spec/field_metadata.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "delta/spec/type_widening.h"
#include "delta/transaction/transaction.h"
#include "spark/command/alter_table.h"
#include "spark/command/maintenance.h"
#include "spark/command/schema_edit.h"
#include "spark/command/version.h"

namespace deltic::spark::command {
namespace {

using types::DataType;
using types::StructField;

constexpr std::string_view kConstraintPrefix = "delta.constraints.";
constexpr std::string_view kProtection = "checkpointProtection";
constexpr char kProtectedVersion[] = "delta.requireCheckpointProtectionBeforeVersion";
constexpr std::string_view kTruncateRetention = "delta.dropFeatureTruncateHistory.retentionDuration";
constexpr char kFastDrop[] = "spark.databricks.delta.tableFeatures.dev.fastDropFeature.enabled";
// Checkpoints between the last use of a feature and its end: readers that fail on one try so many before.
constexpr int kBarrierCheckpoints = 3;

bool IsTypeWidening(std::string_view feature) { return feature.starts_with("typeWidening"); }

bool IsRemovable(std::string_view feature) {
  static constexpr std::array<std::string_view, 8> kRemovable = {
      "checkConstraints", "inCommitTimestamp", "vacuumProtocolCheck",  "v2Checkpoint",
      "columnMapping",    "typeWidening",      "typeWidening-preview", kProtection};
  return std::find(kRemovable.begin(), kRemovable.end(), feature) != kRemovable.end();
}

// The metadata shows that versions with it use the feature.
bool LeavesTraces(std::string_view feature, const delta::Metadata& metadata) {
  if (IsTypeWidening(feature)) return delta::HasFieldMetadata(metadata.schema, delta::kTypeChanges);
  if (feature == "vacuumProtocolCheck") return false;
  if (feature == kProtection) return metadata.configuration.contains(kProtectedVersion);
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
  for (const char* key : {"delta.inCommitTimestampEnablementTimestamp", "delta.inCommitTimestampEnablementVersion"}) {
    if (metadata.configuration.erase(key) > 0) keys.emplace_back(key);
  }
  if (delta::BoolProperty(alter.metadata(), "delta.enableInCommitTimestamps")) {
    metadata.configuration["delta.enableInCommitTimestamps"] = "false";
    keys.emplace_back("delta.enableInCommitTimestamps");
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
      json->BeginObject().Key("name").String(HistoryName(path)).Key("type").Raw(HistoryType(field.type));
      json->Key("nullable").Bool(field.nullable).Key("metadata").Raw(field.metadata).EndObject();
    }
    ListChanges(field.type, path, json);
  }
}

// As delta-spark: with the property alone, no version is in the way of the protocol.
Result<bool> RemoveTypeWidening(const Alteration& alter) {
  const bool widened = delta::HasFieldMetadata(alter.metadata().schema, delta::kTypeChanges);
  if (!widened && !delta::BoolProperty(alter.metadata(), "delta.enableTypeWidening")) return false;
  delta::Metadata metadata = alter.metadata();
  metadata.configuration.erase("delta.enableTypeWidening");
  RETURN_IF_ERROR(alter.Commit(std::move(metadata), "UNSET TBLPROPERTIES",
                               {{"properties", "[\"delta.enableTypeWidening\"]"}, {"ifExists", "true"}}));
  if (!widened) return false;
  ASSIGN_OR_RETURN(const Alteration now, Refreshed(alter));
  RETURN_IF_ERROR(RewriteFilesOfOtherTypes(alter.context, now.snapshot));
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

Status HistoryInTheWay(const char* condition, const Alteration& alter) {
  return Error(condition, {{"feature", alter.command.name},
                           {"logRetentionPeriodKey", "delta.logRetentionDuration"},
                           {"logRetentionPeriod", Period(alter.metadata(), "delta.logRetentionDuration")},
                           {"truncateHistoryLogRetentionPeriod", Period(alter.metadata(), kTruncateRetention)}});
}

// A checkpoint of a version that does not use the feature, so that the versions before it can go.
Status EmptyCommitAndCheckpoint(const Alteration& alter) {
  RETURN_IF_ERROR(CommitNothing(alter));
  ASSIGN_OR_RETURN(const auto io, alter.session()->server()->catalog->IoFor(alter.session(), alter.target.path));
  ASSIGN_OR_RETURN(const Alteration now, Refreshed(alter));
  return delta::WriteCheckpoint(io, *now.snapshot, Random::System());
}

// Deletes the versions that are older than the log retention, or with `truncate` than the shorter one that the table
// keeps for transactions at work.
Status TruncateHistory(const Alteration& alter, bool truncate) {
  ASSIGN_OR_RETURN(const auto io, alter.session()->server()->catalog->IoFor(alter.session(), alter.target.path));
  const std::string_view key = truncate ? kTruncateRetention : "delta.logRetentionDuration";
  const int64_t unit_ms = truncate ? 60000 : 86400000;
  const int64_t now_ms = alter.session()->server()->clock->NowMillis();
  const int64_t cutoff_ms = now_ms - delta::DurationPropertyMs(alter.metadata(), key);
  delta::CleanupOptions options;
  options.cutoff_ms = cutoff_ms - cutoff_ms % unit_ms;
  return delta::CleanUpLog(io, *alter.snapshot, options).status();
}

Result<bool> ProtectedHistoryIsGone(const Alteration& alter) {
  const int64_t version = delta::IntProperty(alter.metadata(), kProtectedVersion);
  if (version <= 0) return true;
  ASSIGN_OR_RETURN(const auto io, alter.session()->server()->catalog->IoFor(alter.session(), alter.target.path));
  const std::string& table = alter.snapshot->table_path();
  ASSIGN_OR_RETURN(const int64_t earliest, delta::EarliestReliableCheckpoint(io.store.get(), table));
  ASSIGN_OR_RETURN(const auto listing, delta::ListLog(io.store.get(), table, 0));
  return earliest >= version && (listing.commits.empty() || listing.commits[0].version >= version);
}

// checkpointProtection ends when the history that it protects is gone.
Status EndProtection(const Alteration& alter) {
  ASSIGN_OR_RETURN(bool gone, ProtectedHistoryIsGone(alter));
  if (!gone) {
    RETURN_IF_ERROR(EmptyCommitAndCheckpoint(alter));
    RETURN_IF_ERROR(TruncateHistory(alter, true));
    ASSIGN_OR_RETURN(gone, ProtectedHistoryIsGone(alter));
  }
  if (!gone) {
    return Error("DELTA_FEATURE_DROP_CHECKPOINT_PROTECTION_WAIT_FOR_RETENTION_PERIOD",
                 {{"truncateHistoryLogRetentionPeriod", Period(alter.metadata(), kTruncateRetention)}});
  }
  delta::Metadata metadata = alter.metadata();
  metadata.configuration.erase(kProtectedVersion);
  return alter.Commit(std::move(metadata), "UNSET TBLPROPERTIES",
                      {{"properties", "[\"" + std::string(kProtectedVersion) + "\"]"}, {"ifExists", "true"}});
}

// Takes the feature out of the protocol. `protect`: checkpointProtection comes in its place.
Status CommitWithoutFeature(const Alteration& alter, const std::string& feature, bool protect) {
  ASSIGN_OR_RETURN(const auto io, alter.session()->server()->catalog->IoFor(alter.session(), alter.target.path));
  const auto still_unused = [feature](const delta::Snapshot& snapshot) {
    if (!LeavesTraces(feature, snapshot.metadata())) return Status::Ok();
    return Error("DELTA_FEATURE_DROP_CONFLICT_REVALIDATION_FAIL", {{"concurrentCommit", ""}});
  };
  RETURN_IF_ERROR(still_unused(*alter.snapshot));
  delta::Transaction txn(io, alter.snapshot, Random::System());
  if (protect) {
    delta::Metadata metadata = alter.metadata();
    metadata.configuration["delta.feature." + std::string(kProtection)] = "supported";
    metadata.configuration[kProtectedVersion] = std::to_string(alter.snapshot->version() + 1);
    RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  }
  RETURN_IF_ERROR(txn.UpdateProtocol(delta::WithoutFeature(txn.protocol(), feature)));
  delta::CommitOptions options;
  options.operation = "DROP FEATURE";
  options.operation_parameters = {{"featureName", alter.command.name},
                                  {"truncateHistory", alter.command.truncate_history ? "true" : "false"}};
  options.engine_info = EngineInfo();
  options.revalidate = still_unused;
  RETURN_IF_ERROR(txn.Commit(options).status());
  if (!protect) return Status::Ok();
  ASSIGN_OR_RETURN(const Alteration now, Refreshed(alter));
  return delta::WriteCheckpoint(io, *now.snapshot, Random::System());
}

// The feature leaves at once, its history stays behind checkpoints that nobody may go past.
Status DropBehindCheckpoints(const Alteration& alter, const delta::Feature& feature) {
  RETURN_IF_ERROR(RemoveTraces(alter, feature.name).status());
  for (int i = 0; feature.reader_writer && i < kBarrierCheckpoints; i++) {
    if (!EmptyCommitAndCheckpoint(alter).ok()) {
      return Error("DELTA_FEATURE_DROP_CHECKPOINT_FAILED", {{"featureName", alter.command.name}});
    }
  }
  ASSIGN_OR_RETURN(const Alteration now, Refreshed(alter));
  return CommitWithoutFeature(now, std::string(feature.name), feature.reader_writer);
}

// The feature leaves when no version that can still be read uses it.
Status DropAfterHistory(const Alteration& alter, const delta::Feature& feature) {
  ASSIGN_OR_RETURN(const bool removed_now, RemoveTraces(alter, feature.name));
  if (feature.reader_writer) {
    RETURN_IF_ERROR(EmptyCommitAndCheckpoint(alter));
    if (removed_now) return HistoryInTheWay("DELTA_FEATURE_DROP_WAIT_FOR_RETENTION_PERIOD", alter);
    ASSIGN_OR_RETURN(const Alteration clean, Refreshed(alter));
    RETURN_IF_ERROR(TruncateHistory(clean, alter.command.truncate_history));
    ASSIGN_OR_RETURN(const bool in_history, HistoryHasTraces(clean, feature.name));
    if (in_history) return HistoryInTheWay("DELTA_FEATURE_DROP_HISTORICAL_VERSIONS_EXIST", alter);
  }
  ASSIGN_OR_RETURN(const Alteration now, Refreshed(alter));
  return CommitWithoutFeature(now, std::string(feature.name), false);
}

Status CheckDroppable(const Alteration& alter, const delta::Feature* feature) {
  const std::string& name = alter.command.name;
  if (feature == nullptr) return Error("DELTA_FEATURE_DROP_UNSUPPORTED_CLIENT_FEATURE", {{"feature", name}});
  if (!IsRemovable(feature->name)) return Error("DELTA_FEATURE_DROP_NONREMOVABLE_FEATURE", {{"feature", name}});
  const auto supported = delta::SupportedFeatures(alter.snapshot->protocol());
  if (std::find(supported.begin(), supported.end(), feature->name) == supported.end()) {
    return Error("DELTA_FEATURE_DROP_FEATURE_NOT_PRESENT", {{"feature", name}});
  }
  if (alter.command.truncate_history && !feature->reader_writer && feature->name != kProtection) {
    return Error("DELTA_FEATURE_DROP_HISTORY_TRUNCATION_NOT_ALLOWED");
  }
  if (feature->name == kProtection && !alter.command.truncate_history) {
    return Error("DELTA_FEATURE_CAN_ONLY_DROP_CHECKPOINT_PROTECTION_WITH_HISTORY_TRUNCATION");
  }
  std::string dependents;
  for (const auto& other : supported) {
    const delta::Feature* known = delta::FindFeature(other);
    if (known == nullptr || known->requires_feature != feature->name) continue;
    dependents += (dependents.empty() ? "" : ", ") + other;
  }
  if (dependents.empty()) return Status::Ok();
  return Error("DELTA_FEATURE_DROP_DEPENDENT_FEATURE", {{"feature", name}, {"dependentFeatures", dependents}});
}

}  // namespace

Status AlterDropFeature(const Alteration& alter) {
  const delta::Feature* feature = delta::FindFeature(alter.command.name);
  RETURN_IF_ERROR(CheckDroppable(alter, feature));
  if (feature->name == kProtection) {
    RETURN_IF_ERROR(EndProtection(alter));
    ASSIGN_OR_RETURN(const Alteration now, Refreshed(alter));
    return CommitWithoutFeature(now, std::string(feature->name), false);
  }
  if (!alter.command.truncate_history && alter.session()->conf().GetBool(kFastDrop, false)) {
    return DropBehindCheckpoints(alter, *feature);
  }
  return DropAfterHistory(alter, *feature);
}

}  // namespace deltic::spark::command
