#include "delta/spec/schema.h"

#include <simdjson.h>

#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

// Schemas are at most this deep: DataType::FromJson refuses deeper ones.
template <typename Visit>
bool AnyField(const DataType& type, const Visit& visit) {
  switch (type.id()) {
    case TypeId::kStruct:
      for (const auto& field : type.fields()) {
        if (visit(field) || AnyField(field.type, visit)) return true;
      }
      return false;
    case TypeId::kArray: return AnyField(type.element(), visit);
    case TypeId::kMap: return AnyField(type.key(), visit) || AnyField(type.value(), visit);
    default: return false;
  }
}

bool CompatibleTypes(const DataType& from, const DataType& to);

bool CompatibleFields(const DataType& from, const DataType& to) {
  for (const auto& field : from.fields()) {
    const int index = to.FieldIndex(field.name);
    if (index < 0) return false;
    const StructField& target = to.fields()[static_cast<size_t>(index)];
    if (target.name != field.name) return false;
    if (field.nullable && !target.nullable) return false;
    if (!CompatibleTypes(field.type, target.type)) return false;
  }
  return true;
}

bool CompatibleTypes(const DataType& from, const DataType& to) {
  if (from.id() != to.id()) return false;
  switch (from.id()) {
    case TypeId::kStruct: return CompatibleFields(from, to);
    case TypeId::kArray:
      return (!from.contains_null() || to.contains_null()) && CompatibleTypes(from.element(), to.element());
    case TypeId::kMap:
      return (!from.contains_null() || to.contains_null()) && CompatibleTypes(from.key(), to.key()) &&
             CompatibleTypes(from.value(), to.value());
    default: return from == to;
  }
}

}  // namespace

ColumnMappingMode MappingModeOf(const Metadata& metadata) {
  const std::string mode = types::ToLower(PropertyOf(metadata, "delta.columnMapping.mode"));
  if (mode == "name") return ColumnMappingMode::kName;
  if (mode == "id") return ColumnMappingMode::kId;
  return ColumnMappingMode::kNone;
}

std::string PhysicalName(const StructField& field, ColumnMappingMode mode) {
  if (mode == ColumnMappingMode::kNone) return field.name;
  std::string physical = field.MetadataString("delta.columnMapping.physicalName");
  return physical.empty() ? field.name : physical;
}

int64_t ColumnId(const StructField& field) {
  if (field.metadata == "{}") return -1;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  int64_t id = 0;
  if (parser.parse(field.metadata).get(root) != simdjson::SUCCESS) return -1;
  return root["delta.columnMapping.id"].get(id) == simdjson::SUCCESS ? id : -1;
}

DataType PhysicalSchema(const DataType& schema, ColumnMappingMode mode) {
  if (mode == ColumnMappingMode::kNone) return schema;
  switch (schema.id()) {
    case TypeId::kStruct: {
      std::vector<StructField> fields = schema.fields();
      for (auto& field : fields) {
        field.name = PhysicalName(field, mode);
        field.type = PhysicalSchema(field.type, mode);
      }
      return DataType::Struct(std::move(fields));
    }
    case TypeId::kArray: return DataType::Array(PhysicalSchema(schema.element(), mode), schema.contains_null());
    case TypeId::kMap:
      return DataType::Map(PhysicalSchema(schema.key(), mode), PhysicalSchema(schema.value(), mode),
                           schema.contains_null());
    default: return schema;
  }
}

bool HasType(const DataType& type, TypeId id) {
  if (type.id() == id) return true;
  switch (type.id()) {
    case TypeId::kStruct:
      for (const auto& field : type.fields()) {
        if (HasType(field.type, id)) return true;
      }
      return false;
    case TypeId::kArray: return HasType(type.element(), id);
    case TypeId::kMap: return HasType(type.key(), id) || HasType(type.value(), id);
    default: return false;
  }
}

bool HasFieldMetadata(const DataType& type, std::string_view key) {
  return AnyField(type, [&](const StructField& field) {
    return field.metadata.find(key) != std::string::npos && field.HasMetadata(key);
  });
}

bool HasNotNull(const DataType& type) {
  return AnyField(type, [](const StructField& field) { return !field.nullable; });
}

bool IsReadCompatible(const DataType& from, const DataType& to) { return CompatibleTypes(from, to); }

}  // namespace deltic::delta
