// ALTER TABLE SET/UNSET TBLPROPERTIES and COMMENT ON TABLE.
#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "base/random.h"
#include "delta/spec/column_mapping.h"
#include "delta/spec/properties.h"
#include "delta/spec/row_tracking.h"
#include "delta/spec/schema.h"
#include "delta/transaction/row_tracking_backfill.h"
#include "spark/command/alter_table.h"
#include "spark/command/delta_schema.h"
#include "spark/command/delta_write.h"
#include "spark/command/version.h"

namespace deltic::spark::command {
namespace {

using delta::ColumnMappingMode;

std::string ModeName(ColumnMappingMode mode) {
  switch (mode) {
    case ColumnMappingMode::kNone: return "none";
    case ColumnMappingMode::kName: return "name";
    case ColumnMappingMode::kId: return "id";
  }
  return "";
}

std::string PropertiesJson(const plan::Options& properties) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [key, value] : properties) json.Key(key).String(value);
  return json.EndObject().Take();
}

// Files hold physical names: without column mapping they must be the logical ones, so every file is written anew.
Status RemoveColumnMapping(const Alteration& alter, delta::Metadata metadata) {
  std::string invalid;
  for (const auto& field : metadata.schema.fields()) {
    if (field.name.find_first_of(" ,;{}()\n\t=") == std::string::npos) continue;
    invalid += (invalid.empty() ? "" : ", ") + field.name;
  }
  if (!invalid.empty()) {
    return Error("DELTA_INVALID_COLUMN_NAMES_WHEN_REMOVING_COLUMN_MAPPING", {{"invalidColumnNames", invalid}});
  }
  metadata.schema = delta::WithoutColumnMapping(metadata.schema);
  metadata.schema_string = metadata.schema.Json();
  metadata.configuration.erase("delta.columnMapping.maxColumnId");
  return RewriteTable(alter, std::move(metadata), "REMOVE COLUMN MAPPING", {});
}

Status CheckSettable(const plan::Options& properties) {
  for (const auto& [key, value] : properties) {
    const std::string lower = types::ToLower(key);
    if (lower.starts_with("delta.constraints.")) return Error("DELTA_ADD_CONSTRAINTS");
    if (lower == "delta.feature.clustering") {
      return Error("DELTA_ALTER_TABLE_SET_CLUSTERING_TABLE_FEATURE_NOT_ALLOWED", {{"tableFeature", "clustering"}});
    }
  }
  return Status::Ok();
}

// Row tracking begins with an id for every row there is: true when the properties turn it on and all have one.
Result<bool> NumberRows(const Alteration& alter, const plan::Options& properties) {
  const auto wanted = std::find_if(properties.begin(), properties.end(), [](const auto& property) {
    return property.first == "delta.enableRowTracking" && types::EqualsIgnoreCase(property.second, "true");
  });
  if (wanted == properties.end()) return false;
  const auto& conf = alter.session()->conf();
  if (!conf.GetBool("spark.databricks.delta.rowTracking.backfill.enabled", true)) {
    return Unsupported("row ids on an existing table with spark.databricks.delta.rowTracking.backfill.enabled = false");
  }
  ASSIGN_OR_RETURN(const auto io, alter.session()->server()->catalog->IoFor(alter.session(), alter.target.path));
  const int64_t batch = conf.GetInt("spark.databricks.delta.backfill.maxNumFiles", 100000);
  RETURN_IF_ERROR(
      delta::BackfillRowTracking(io, alter.snapshot->table_path(), EngineInfo(), Random::System(), batch).status());
  return true;
}

// The table's metadata with the properties set; `shown`: these as the history has them.
Result<delta::Metadata> WithProperties(const Alteration& alter, const plan::Options& properties, plan::Options* shown) {
  delta::Metadata metadata = alter.metadata();
  shown->clear();
  const bool any = alter.session()->conf().GetBool("spark.databricks.delta.allowArbitraryProperties.enabled", false);
  for (const auto& [key, value] : properties) {
    if (key == "comment") {
      metadata.description = value;
      shown->emplace_back(key, value);
      continue;
    }
    ASSIGN_OR_RETURN(const std::string canonical, delta::ValidateProperty(key, value, any));
    metadata.configuration[canonical] = value;
    shown->emplace_back(alter.command.keys_as_given ? key : canonical, value);
  }
  return metadata;
}

Status SetProperties(const Alteration& alter, const plan::Options& properties) {
  RETURN_IF_ERROR(CheckSettable(properties));
  plan::Options shown;
  ASSIGN_OR_RETURN(delta::Metadata metadata, WithProperties(alter, properties, &shown));
  const auto before = delta::MappingModeOf(alter.metadata());
  const auto after = delta::MappingModeOf(metadata);
  if (before != after && after == ColumnMappingMode::kNone) return RemoveColumnMapping(alter, std::move(metadata));
  if (before != after && !(before == ColumnMappingMode::kNone && after == ColumnMappingMode::kName)) {
    return Error("DELTA_UNSUPPORTED_COLUMN_MAPPING_MODE_CHANGE",
                 {{"oldMode", ModeName(before)}, {"newMode", ModeName(after)}});
  }
  RETURN_IF_ERROR(CheckStatsColumns(metadata));
  ASSIGN_OR_RETURN(const bool tracks_rows, NumberRows(alter, shown));
  auto snapshot = alter.snapshot;
  if (tracks_rows) {  // the table has moved on since, by that and by what others did meanwhile
    session::Session* session = alter.session();
    ASSIGN_OR_RETURN(snapshot, session->server()->catalog->LatestSnapshot(session, alter.target.path));
    ASSIGN_OR_RETURN(metadata,
                     WithProperties({alter.context, alter.command, alter.target, snapshot}, properties, &shown));
  }
  std::map<std::string, std::string> tags;
  // Writers at work go on when nothing else changes.
  if (tracks_rows && shown.size() == 1) tags[std::string(delta::kRowTrackingEnablementOnlyTag)] = "true";
  return CommitMetadata(alter.session(), snapshot, std::move(metadata), "SET TBLPROPERTIES",
                        {{"properties", PropertiesJson(shown)}}, std::move(tags));
}

Status UnsetProperties(const Alteration& alter) {
  delta::Metadata metadata = alter.metadata();
  JsonWriter keys;
  keys.BeginArray();
  for (const auto& [key, value] : alter.command.properties) {
    const delta::Property* known = delta::FindProperty(key);
    const std::string canonical = known == nullptr ? key : std::string(known->key);
    if (canonical == "comment") metadata.description.reset();
    metadata.configuration.erase(canonical);
    keys.String(canonical);
  }
  if (delta::MappingModeOf(alter.metadata()) != delta::MappingModeOf(metadata)) {
    return RemoveColumnMapping(alter, std::move(metadata));
  }
  return alter.Commit(std::move(metadata), "UNSET TBLPROPERTIES",
                      {{"properties", keys.EndArray().Take()}, {"ifExists", "true"}});
}

}  // namespace

Status AlterProperties(const Alteration& alter) {
  const std::string& action = alter.command.action;
  if (action == "UNSET TBLPROPERTIES") return UnsetProperties(alter);
  if (action == "COMMENT") return SetProperties(alter, {{"comment", alter.command.text}});
  return SetProperties(alter, alter.command.properties);
}

}  // namespace deltic::spark::command
