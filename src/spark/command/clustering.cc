#include "spark/command/clustering.h"

#include <simdjson.h>

#include <set>

#include "base/json_writer.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "spark/command/delta_schema.h"
#include "spark/command/schema_edit.h"

namespace deltic::spark::command {
namespace {

using plan::NameParts;
using types::DataType;
using types::StructField;
using types::TypeId;

constexpr size_t kMaxColumns = 4;

// Types whose minimum and maximum Delta keeps.
bool HasRange(const DataType& type) {
  return type.IsAtomic() && !type.Is(TypeId::kBoolean) && !type.Is(TypeId::kBinary) && !type.Is(TypeId::kVariant);
}

// The columns with statistics as a schema, and how many leaves are left to index.
DataType StatsSchema(const DataType& type, int64_t* left) {
  std::vector<StructField> fields;
  for (const StructField& field : type.fields()) {
    if (*left == 0) break;
    StructField kept = field;
    if (field.type.Is(TypeId::kStruct)) {
      kept.type = StatsSchema(field.type, left);
    } else if (*left > 0) {
      --*left;
    }
    fields.push_back(std::move(kept));
  }
  return DataType::Struct(std::move(fields));
}

Status CheckStats(const std::vector<NameParts>& columns, const delta::Metadata& metadata) {
  std::string missing;
  const std::string listed = delta::PropertyOf(metadata, "delta.dataSkippingStatsColumns");
  int64_t left = delta::IntProperty(metadata, "delta.dataSkippingNumIndexedCols");
  DataType stats = StatsSchema(metadata.schema, &left);
  std::vector<NameParts> named;
  if (!listed.empty()) {
    ASSIGN_OR_RETURN(named, StatsColumnsOf(listed));
    std::vector<StructField> fields;
    for (const auto& path : named) {
      if (const auto field = FindField(metadata.schema, {path[0]})) fields.push_back(*field);
    }
    stats = DataType::Struct(std::move(fields));
  }
  for (const auto& column : columns) {
    bool found = FindField(stats, column).has_value();
    if (!listed.empty()) {
      found = false;
      for (const auto& path : named) found = found || PathText(path) == PathText(column);
    }
    if (!found) missing += (missing.empty() ? "" : ", ") + PathText(column);
  }
  if (missing.empty()) return Status::Ok();
  return Error("DELTA_CLUSTERING_COLUMN_MISSING_STATS", {{"columns", missing}, {"schema", types::TreeString(stats)}});
}

}  // namespace

bool HasClusteringDomain(const delta::Snapshot& snapshot) {
  const auto domain = snapshot.domains().find(kClusteringDomain);
  return domain != snapshot.domains().end() && !domain->second.removed;
}

std::vector<NameParts> ClusteringPaths(const delta::Snapshot& snapshot) {
  std::vector<NameParts> out;
  if (!HasClusteringDomain(snapshot)) return out;
  simdjson::dom::parser parser;
  simdjson::dom::array columns;
  const std::string& json = snapshot.domains().find(kClusteringDomain)->second.configuration;
  if (parser.parse(json)["clusteringColumns"].get(columns) != simdjson::SUCCESS) return out;
  const auto mode = delta::MappingModeOf(snapshot.metadata());
  for (const auto column : columns) {
    simdjson::dom::array parts;
    if (column.get(parts) != simdjson::SUCCESS) continue;
    NameParts path;
    DataType level = snapshot.schema();
    for (const auto part : parts) {
      std::string_view physical;
      if (part.get(physical) != simdjson::SUCCESS) continue;
      std::string logical(physical);
      const std::vector<StructField> fields = level.Is(TypeId::kStruct) ? level.fields() : std::vector<StructField>();
      for (const auto& field : fields) {
        if (delta::PhysicalName(field, mode) != physical) continue;
        logical = field.name;
        level = field.type;
      }
      path.push_back(std::move(logical));
    }
    out.push_back(std::move(path));
  }
  return out;
}

Result<std::vector<NameParts>> CheckClusteringColumns(const std::vector<NameParts>& columns,
                                                      const delta::Metadata& metadata) {
  if (columns.size() > kMaxColumns) {
    return Error("DELTA_CLUSTER_BY_INVALID_NUM_COLUMNS", {{"numColumnsLimit", std::to_string(kMaxColumns)},
                                                          {"actualNumColumns", std::to_string(columns.size())}});
  }
  std::vector<NameParts> out;
  std::string unsupported;
  std::set<std::string> seen;
  for (const auto& column : columns) {
    if (!seen.insert(types::ToLower(PathText(column))).second) {
      return Error("DELTA_DUPLICATE_COLUMNS_FOUND",
                   {{"coltype", "in CLUSTER BY"}, {"duplicateCols", types::QuoteIdentifier(PathText(column))}});
    }
    NameParts path;
    const auto field = FindField(metadata.schema, column, &path);
    if (!field.has_value()) {
      return Error("DELTA_COLUMN_NOT_FOUND_IN_SCHEMA",
                   {{"columnName", PathText(column)}, {"tableSchema", types::TreeString(metadata.schema)}});
    }
    if (!HasRange(field->type)) {
      unsupported += (unsupported.empty() ? "" : ", ") + PathText(path) + " : " + field->type.Sql();
    }
    out.push_back(std::move(path));
  }
  if (!unsupported.empty()) {
    return Error("DELTA_CLUSTERING_COLUMNS_DATATYPE_NOT_SUPPORTED", {{"columnsWithDataTypes", unsupported}});
  }
  RETURN_IF_ERROR(CheckStats(out, metadata));
  return out;
}

delta::DomainMetadata ClusteringDomain(const std::vector<NameParts>& columns, const delta::Metadata& metadata) {
  const auto mode = delta::MappingModeOf(metadata);
  JsonWriter json;
  json.BeginObject().Key("clusteringColumns").BeginArray();
  for (const auto& column : columns) {
    json.BeginArray();
    DataType level = metadata.schema;
    for (const auto& part : column) {
      const auto field = FindField(level, {part});
      json.String(field.has_value() ? delta::PhysicalName(*field, mode) : part);
      if (field.has_value()) level = field->type;
    }
    json.EndArray();
  }
  json.EndArray().Key("domainName").String(kClusteringDomain);
  return {kClusteringDomain, json.EndObject().Take(), false};
}

std::vector<std::string> ClusteringColumns(const delta::Snapshot& snapshot) {
  std::vector<std::string> out;
  for (const auto& path : ClusteringPaths(snapshot)) out.push_back(PathText(path));
  return out;
}

std::string ClusteringList(const std::vector<NameParts>& columns) {
  std::string out;
  for (const auto& column : columns) out += (out.empty() ? "" : ",") + PathText(column);
  return out;
}

std::string ClusteringJson(const std::vector<NameParts>& columns) {
  JsonWriter json;
  json.BeginArray();
  for (const auto& column : columns) json.String(PathText(column));
  return json.EndArray().Take();
}

}  // namespace deltic::spark::command
