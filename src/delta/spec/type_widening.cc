#include "delta/spec/type_widening.h"

#include "base/json_writer.h"
#include "delta/spec/features.h"
#include "delta/spec/field_metadata.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

std::string ChangeJson(const DataType& from, const DataType& to, const std::string& path,
                       std::optional<int64_t> version) {
  JsonWriter json;
  json.BeginObject().Key("toType").Raw(to.Json()).Key("fromType").Raw(from.Json());
  if (version) json.Key("tableVersion").Int(*version);
  if (!path.empty()) json.Key("fieldPath").String(path);
  return json.EndObject().Take();
}

std::string Below(const std::string& path, const char* step) { return path.empty() ? step : path + "." + step; }

// Collects changes of `field`'s own type and what arrays and maps hold; struct fields record their own.
DataType Record(const DataType& before, const DataType& after, const std::string& path, std::optional<int64_t> version,
                std::string* changes);

DataType RecordFields(const DataType& before, const DataType& after, std::optional<int64_t> version) {
  std::vector<StructField> fields = after.fields();
  for (auto& field : fields) {
    const int index = before.FieldIndex(field.name);
    if (index < 0) continue;
    std::string changes;
    field.type = Record(before.fields()[static_cast<size_t>(index)].type, field.type, "", version, &changes);
    if (changes.empty()) continue;
    std::string all = FieldMetadataJson(field.metadata, kTypeChanges);
    if (all.size() > 2) {
      all.insert(all.size() - 1, "," + changes);
    } else {
      all = "[" + changes + "]";
    }
    field.metadata = WithFieldMetadata(field.metadata, kTypeChanges, all);
  }
  return DataType::Struct(std::move(fields));
}

DataType Record(const DataType& before, const DataType& after, const std::string& path, std::optional<int64_t> version,
                std::string* changes) {
  if (before.id() == after.id()) {
    switch (after.id()) {
      case TypeId::kStruct: return RecordFields(before, after, version);
      case TypeId::kArray:
        return DataType::Array(Record(before.element(), after.element(), Below(path, "element"), version, changes),
                               after.contains_null());
      case TypeId::kMap: {
        DataType key = Record(before.key(), after.key(), Below(path, "key"), version, changes);
        return DataType::Map(std::move(key),
                             Record(before.value(), after.value(), Below(path, "value"), version, changes),
                             after.contains_null());
      }
      default: return after;
    }
  }
  if (CanWiden(before, after)) *changes += (changes->empty() ? "" : ",") + ChangeJson(before, after, path, version);
  return after;
}

DataType Strip(const DataType& type) {
  switch (type.id()) {
    case TypeId::kStruct: {
      std::vector<StructField> fields = type.fields();
      for (auto& field : fields) {
        field.metadata = WithoutFieldKey(field.metadata, kTypeChanges);
        field.type = Strip(field.type);
      }
      return DataType::Struct(std::move(fields));
    }
    case TypeId::kArray: return DataType::Array(Strip(type.element()), type.contains_null());
    case TypeId::kMap: return DataType::Map(Strip(type.key()), Strip(type.value()), type.contains_null());
    default: return type;
  }
}

}  // namespace

bool TypeWideningEnabled(const Protocol& protocol, const Metadata& metadata) {
  return BoolProperty(metadata, "delta.enableTypeWidening") &&
         (IsFeatureSupported(protocol, "typeWidening") || IsFeatureSupported(protocol, "typeWidening-preview"));
}

bool CanWiden(const DataType& from, const DataType& to) {
  const bool small = from.Is(TypeId::kByte) || from.Is(TypeId::kShort);
  return small && to.id() > from.id() && (to.Is(TypeId::kShort) || to.Is(TypeId::kInteger));
}

DataType RecordTypeChanges(const DataType& before, const DataType& after, std::optional<int64_t> table_version) {
  return RecordFields(before, after, table_version);
}

std::optional<int64_t> RecordedVersion(const Protocol& protocol, int64_t commit_version) {
  if (!IsFeatureSupported(protocol, "typeWidening-preview")) return std::nullopt;
  return commit_version;
}

DataType WithoutTypeChanges(const DataType& schema) { return Strip(schema); }

}  // namespace deltic::delta
