#include "delta/transaction/metadata_rules.h"

#include <set>

#include "base/json_writer.h"
#include "delta/spec/change_columns.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"

namespace deltic::delta {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

DataType WithoutCharTypes(const DataType& type) {
  switch (type.id()) {
    case TypeId::kChar:
    case TypeId::kVarchar: return DataType(TypeId::kString);
    case TypeId::kArray: return DataType::Array(WithoutCharTypes(type.element()), type.contains_null());
    case TypeId::kMap:
      return DataType::Map(WithoutCharTypes(type.key()), WithoutCharTypes(type.value()), type.contains_null());
    case TypeId::kStruct: {
      std::vector<StructField> fields = type.fields();
      for (auto& field : fields) field.type = WithoutCharTypes(field.type);
      return DataType::Struct(std::move(fields));
    }
    default: return type;
  }
}

bool HasCharType(const DataType& type) { return HasType(type, TypeId::kChar) || HasType(type, TypeId::kVarchar); }

void ReplaceCharTypes(Metadata* metadata) {
  if (!HasCharType(metadata->schema)) return;
  std::vector<StructField> fields = metadata->schema.fields();
  for (auto& field : fields) {
    if (!HasCharType(field.type)) continue;
    const std::string entry = "\"__CHAR_VARCHAR_TYPE_STRING\":" + JsonQuote(field.type.SimpleString());
    if (field.metadata == "{}" || field.metadata.empty()) {
      field.metadata = "{" + entry + "}";
    } else if (!field.HasMetadata("__CHAR_VARCHAR_TYPE_STRING")) {
      field.metadata.insert(field.metadata.size() - 1, "," + entry);
    }
    field.type = WithoutCharTypes(field.type);
  }
  metadata->schema = DataType::Struct(std::move(fields));
}

// Names at every level must be unique without regard to case; illegal ones are collected.
Status CheckNames(const DataType& type, const std::string& prefix, bool any_character, std::string* illegal) {
  switch (type.id()) {
    case TypeId::kArray: return CheckNames(type.element(), prefix + "element.", any_character, illegal);
    case TypeId::kMap:
      RETURN_IF_ERROR(CheckNames(type.key(), prefix + "key.", any_character, illegal));
      return CheckNames(type.value(), prefix + "value.", any_character, illegal);
    case TypeId::kStruct: break;
    default: return Status::Ok();
  }
  std::set<std::string> seen;
  for (const auto& field : type.fields()) {
    if (!seen.insert(types::ToLower(field.name)).second) {
      return Error("DELTA_DUPLICATE_COLUMNS_FOUND",
                   {{"coltype", "in the metadata update"}, {"duplicateCols", types::ToLower(prefix + field.name)}});
    }
    if (!any_character && field.name.find_first_of(" ,;{}()\n\t=") != std::string::npos) {
      *illegal += (illegal->empty() ? "" : ", ") + field.name;
    }
    RETURN_IF_ERROR(CheckNames(field.type, prefix + field.name + ".", any_character, illegal));
  }
  return Status::Ok();
}

Status CheckPartitionColumns(const Metadata& metadata) {
  std::set<int> used;
  for (const auto& column : metadata.partition_columns) {
    const int index = metadata.schema.FieldIndex(column);
    if (index < 0) {
      std::string names;
      for (const auto& field : metadata.schema.fields()) names += (names.empty() ? "" : ", ") + field.name;
      return Error("DELTA_PARTITION_COLUMN_NOT_FOUND", {{"columnName", column}, {"schemaMap", names}});
    }
    const DataType& type = metadata.schema.fields()[static_cast<size_t>(index)].type;
    if (!type.IsAtomic() || type.Is(TypeId::kVariant)) {
      return Error("DELTA_INVALID_PARTITION_COLUMN_TYPE", {{"name", column}, {"dataType", type.Sql()}});
    }
    used.insert(index);
  }
  if (!used.empty() && used.size() == metadata.schema.fields().size()) {
    return Error("DELTA_CANNOT_USE_ALL_COLUMNS_FOR_PARTITION");
  }
  return Status::Ok();
}

Status CheckReservedNames(const Metadata& metadata, const Metadata* before) {
  if (!BoolProperty(metadata, "delta.enableChangeDataFeed")) return Status::Ok();
  const std::string reserved = ChangeColumnsIn(metadata.schema);
  if (reserved.empty()) return Status::Ok();
  if (before != nullptr && BoolProperty(*before, "delta.enableChangeDataFeed")) {
    return Error("RESERVED_CDC_COLUMNS_ON_WRITE",
                 {{"columnList", "[" + reserved + "]"}, {"config", "delta.enableChangeDataFeed"}});
  }
  return Error("DELTA_TABLE_ALREADY_CONTAINS_CDC_COLUMNS", {{"columnList", "[" + reserved + "]"}});
}

}  // namespace

Status PrepareMetadata(Metadata* metadata, const Metadata* before) {
  if (!metadata->schema.Is(TypeId::kStruct)) metadata->schema = DataType::Struct({});
  ReplaceCharTypes(metadata);
  const auto written = types::DataType::FromJson(metadata->schema_string.empty() ? "?" : metadata->schema_string);
  if (!written.ok() || !(*written == metadata->schema)) metadata->schema_string = metadata->schema.Json();
  std::string illegal;
  const bool mapped = MappingModeOf(*metadata) != ColumnMappingMode::kNone;
  RETURN_IF_ERROR(CheckNames(metadata->schema, "", mapped, &illegal));
  if (!illegal.empty()) {
    return Error("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES", {{"invalidColumnNames", illegal}});
  }
  RETURN_IF_ERROR(CheckPartitionColumns(*metadata));
  return CheckReservedNames(*metadata, before);
}

Status CheckStoredMetadata(const Metadata& metadata, const std::string& table, int64_t version) {
  const DataType& schema = metadata.schema;
  if (!schema.Is(TypeId::kStruct)) return Status::Ok();
  const std::string at = std::to_string(version);
  std::string illegal;
  if (const Status names = CheckNames(schema, "", true, &illegal); !names.ok()) {
    return Error(names.condition(), {{"coltype", "in the schema of the table " + table + " at version " + at},
                                     {"duplicateCols", std::string(names.Param("duplicateCols"))}});
  }
  for (const auto& column : metadata.partition_columns) {
    std::string available;
    bool found = false;
    for (const auto& field : schema.fields()) {
      available += (available.empty() ? "" : ", ") + field.name;
      if (field.name != column) continue;
      found = true;
      if (!field.type.IsNested() && !field.type.Is(TypeId::kVariant)) continue;
      return Error(
          "DELTA_INVALID_PARTITION_COLUMN_TYPE",
          {{"name", column}, {"dataType", field.type.Sql() + ", in the table " + table + " at version " + at}});
    }
    if (found) continue;
    return Error("_PARTITION_COLUMN_UNKNOWN",
                 {{"column", column}, {"available", available}, {"path", table}, {"version", at}});
  }
  return Status::Ok();
}

Status CheckManifests(const Metadata& metadata, bool has_vectors) {
  if (!BoolProperty(metadata, "delta.compatibility.symlinkFormatManifest.enabled")) return Status::Ok();
  const std::string table = metadata.name.value_or(metadata.id);
  const std::string condition = "DELTA_VIOLATE_TABLE_PROPERTY_VALIDATION_FAILED.";
  if (BoolProperty(metadata, "delta.enableDeletionVectors")) {
    return Error(condition + "PERSISTENT_DELETION_VECTORS_WITH_INCREMENTAL_MANIFEST_GENERATION", {{"table", table}});
  }
  if (has_vectors) {
    return Error(condition + "EXISTING_DELETION_VECTORS_WITH_INCREMENTAL_MANIFEST_GENERATION", {{"table", table}});
  }
  return Status::Ok();
}

}  // namespace deltic::delta
