#include "delta/spec/schema.h"

#include <simdjson.h>

#include <algorithm>
#include <map>

#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

bool HasKey(const StructField& field, std::string_view key) {
  return field.metadata.find(key) != std::string::npos && field.HasMetadata(key);
}

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

bool CompatibleTypes(const DataType& existing, const DataType& read, bool forbid_tighten);

bool CompatibleNullability(bool existing, bool read, bool forbid_tighten) {
  return forbid_tighten ? !existing || read : existing || !read;
}

bool CompatibleFields(const DataType& existing, const DataType& read, bool forbid_tighten) {
  for (const auto& field : existing.fields()) {
    const int index = read.FieldIndex(field.name);
    if (index < 0) return false;
    const StructField& target = read.fields()[static_cast<size_t>(index)];
    if (target.name != field.name) return false;
    if (!CompatibleNullability(field.nullable, target.nullable, forbid_tighten)) return false;
    if (!CompatibleTypes(field.type, target.type, forbid_tighten)) return false;
  }
  return true;
}

bool CompatibleTypes(const DataType& existing, const DataType& read, bool forbid_tighten) {
  if (existing.id() != read.id()) return false;
  switch (existing.id()) {
    case TypeId::kStruct: return CompatibleFields(existing, read, forbid_tighten);
    case TypeId::kArray:
      return CompatibleNullability(existing.contains_null(), read.contains_null(), forbid_tighten) &&
             CompatibleTypes(existing.element(), read.element(), forbid_tighten);
    case TypeId::kMap:
      return CompatibleNullability(existing.contains_null(), read.contains_null(), forbid_tighten) &&
             CompatibleTypes(existing.key(), read.key(), forbid_tighten) &&
             CompatibleTypes(existing.value(), read.value(), forbid_tighten);
    default: return existing == read;
  }
}

// Physical path → logical path of every field. Parts are joined by NUL, which no name holds.
void CollectPaths(const DataType& type, ColumnMappingMode mode, const std::string& physical, const std::string& logical,
                  std::map<std::string, std::string>* out) {
  switch (type.id()) {
    case TypeId::kStruct:
      for (const auto& field : type.fields()) {
        const std::string p = physical + '\0' + PhysicalName(field, mode);
        const std::string l = logical + '\0' + field.name;
        (*out)[p] = l;
        CollectPaths(field.type, mode, p, l, out);
      }
      return;
    case TypeId::kArray: return CollectPaths(type.element(), mode, physical + '\0', logical + '\0', out);
    case TypeId::kMap:
      CollectPaths(type.key(), mode, physical + ".key", logical + ".key", out);
      CollectPaths(type.value(), mode, physical + ".value", logical + ".value", out);
      return;
    default: return;
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
  return AnyField(type, [&](const StructField& field) { return HasKey(field, key); });
}

bool HasNotNull(const DataType& type) {
  return AnyField(type, [](const StructField& field) { return !field.nullable; });
}

bool HasColumnMetadata(const DataType& schema, std::string_view key) {
  return std::any_of(schema.fields().begin(), schema.fields().end(),
                     [&](const StructField& field) { return HasKey(field, key); });
}

bool HasInvariants(const DataType& schema) {
  return std::any_of(schema.fields().begin(), schema.fields().end(), [](const StructField& field) {
    return !field.nullable || HasKey(field, "delta.invariants") ||
           (field.type.Is(TypeId::kStruct) && HasInvariants(field.type));
  });
}

bool IsReadCompatible(const DataType& existing, const DataType& read, bool forbid_tighten_nullability) {
  return CompatibleTypes(existing, read, forbid_tighten_nullability);
}

bool HasNoColumnMappingChanges(const Metadata& newer, const Metadata& older) {
  const ColumnMappingMode new_mode = MappingModeOf(newer);
  const ColumnMappingMode old_mode = MappingModeOf(older);
  if (new_mode == ColumnMappingMode::kNone) return old_mode == ColumnMappingMode::kNone;
  std::map<std::string, std::string> now;
  std::map<std::string, std::string> before;
  CollectPaths(newer.schema, new_mode, "", "", &now);
  // An upgrade keeps logical names as physical ones.
  CollectPaths(older.schema, old_mode, "", "", &before);
  for (const auto& [physical, logical] : before) {
    const auto it = now.find(physical);
    if (it == now.end() || it->second != logical) return false;
  }
  return newer.partition_columns == older.partition_columns;
}

}  // namespace deltic::delta
