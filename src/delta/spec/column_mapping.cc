#include "delta/spec/column_mapping.h"

#include <algorithm>

#include "delta/spec/field_metadata.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"

namespace deltic::delta {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

constexpr const char* kMaxColumnId = "delta.columnMapping.maxColumnId";

// The type with every struct field replaced, parents before their children.
template <typename Edit>
DataType MapFields(const DataType& type, const Edit& edit) {
  switch (type.id()) {
    case TypeId::kStruct: {
      std::vector<StructField> fields = type.fields();
      for (auto& field : fields) {
        edit(&field);
        field.type = MapFields(field.type, edit);
      }
      return DataType::Struct(std::move(fields));
    }
    case TypeId::kArray: return DataType::Array(MapFields(type.element(), edit), type.contains_null());
    case TypeId::kMap: {
      DataType key = MapFields(type.key(), edit);
      return DataType::Map(std::move(key), MapFields(type.value(), edit), type.contains_null());
    }
    default: return type;
  }
}

constexpr const char* kMode = "delta.columnMapping.mode";

Status Incomplete(const char* what, const std::string& mode, const StructField& field) {
  const std::string text =
      "Missing " + std::string(what) + " in column mapping mode `" + mode + "` in the field: " + field.name;
  return Error("_COLUMN_MAPPING_INCOMPLETE", {{"field", field.name}}, text);
}

}  // namespace

Status UnsupportedMappingMode(const std::string& mode) {
  return Error("_COLUMN_MAPPING_UNSUPPORTED", {{"mode", mode}},
               "The column mapping mode `" + mode +
                   "` is not supported for this Delta version. Please upgrade if you want to use this mode.");
}

Status CheckColumnMappingMode(const Metadata& metadata) {
  const std::string mode = types::ToLower(PropertyOf(metadata, kMode));
  if (mode == "none" || mode == "name" || mode == "id") return Status::Ok();
  return UnsupportedMappingMode(mode);
}

Status CheckColumnMapping(const Metadata& metadata) {
  RETURN_IF_ERROR(CheckColumnMappingMode(metadata));
  if (MappingModeOf(metadata) == ColumnMappingMode::kNone) return Status::Ok();
  const std::string mode = types::ToLower(PropertyOf(metadata, kMode));
  Status status;
  (void)MapFields(metadata.schema, [&](StructField* field) {
    if (!status.ok()) return;
    if (ColumnId(*field) < 0) {
      status = Incomplete("column ID", mode, *field);
    } else if (!field->HasMetadata(kMappingName)) {
      status = Incomplete("physical name", mode, *field);
    }
  });
  return status;
}

void AssignColumnMapping(const Metadata* old, Metadata* metadata, Random* random) {
  if (MappingModeOf(*metadata) == ColumnMappingMode::kNone) return;
  const bool upgrade = old != nullptr && MappingModeOf(*old) == ColumnMappingMode::kNone;
  int64_t max_id = IntProperty(*metadata, kMaxColumnId);
  if (old != nullptr) max_id = std::max(max_id, IntProperty(*old, kMaxColumnId));
  (void)MapFields(metadata->schema, [&](StructField* field) { max_id = std::max(max_id, ColumnId(*field)); });
  bool changed = false;
  DataType schema = MapFields(metadata->schema, [&](StructField* field) {
    if (ColumnId(*field) < 0) {
      field->metadata = WithFieldNumber(field->metadata, kMappingId, ++max_id);
      changed = true;
    }
    if (!field->HasMetadata(kMappingName)) {
      field->metadata = WithFieldText(field->metadata, kMappingName, upgrade ? field->name : "col-" + random->Uuid());
      changed = true;
    }
  });
  metadata->configuration[kMaxColumnId] = std::to_string(max_id);
  if (!changed) return;
  metadata->schema = std::move(schema);
  metadata->schema_string = metadata->schema.Json();
}

DataType WithoutColumnMapping(const DataType& schema) {
  return MapFields(schema, [](StructField* field) {
    field->metadata = WithoutFieldMetadata(
        field->metadata, [](std::string_view key) { return key.starts_with("delta.columnMapping."); });
  });
}

}  // namespace deltic::delta
