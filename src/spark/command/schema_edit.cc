#include "spark/command/schema_edit.h"

#include <algorithm>

namespace deltic::spark::command {
namespace {

using plan::NameParts;
using types::DataType;
using types::StructField;
using types::TypeId;

// What is below a type under one name, if anything.
std::optional<StructField> Child(const DataType& type, const std::string& name) {
  switch (type.id()) {
    case TypeId::kStruct: {
      const int index = type.FieldIndex(name);
      if (index < 0) return std::nullopt;
      return type.fields()[static_cast<size_t>(index)];
    }
    case TypeId::kArray:
      if (!types::EqualsIgnoreCase(name, "element")) return std::nullopt;
      return StructField{"element", type.element(), type.contains_null(), "{}"};
    case TypeId::kMap:
      if (types::EqualsIgnoreCase(name, "key")) return StructField{"key", type.key(), false, "{}"};
      if (types::EqualsIgnoreCase(name, "value")) return StructField{"value", type.value(), type.contains_null(), "{}"};
      return std::nullopt;
    default: return std::nullopt;
  }
}

// The type with its child of that name replaced.
DataType WithChild(const DataType& type, const std::string& name, const StructField& child) {
  switch (type.id()) {
    case TypeId::kStruct: {
      std::vector<StructField> fields = type.fields();
      fields[static_cast<size_t>(type.FieldIndex(name))] = child;
      return DataType::Struct(std::move(fields));
    }
    case TypeId::kArray: return DataType::Array(child.type, child.nullable);
    case TypeId::kMap:
      if (types::EqualsIgnoreCase(name, "key")) return DataType::Map(child.type, type.value(), type.contains_null());
      return DataType::Map(type.key(), child.type, child.nullable);
    default: return type;
  }
}

DataType EditAt(const DataType& type, const NameParts& path, size_t at, const std::function<void(StructField*)>& edit) {
  auto child = Child(type, path[at]);
  if (!child.has_value()) return type;
  if (at + 1 == path.size()) {
    edit(&*child);
  } else {
    child->type = EditAt(child->type, path, at + 1, edit);
  }
  return WithChild(type, path[at], *child);
}

// Edits the fields of the struct at `parent`; false when it is none.
bool EditStruct(DataType* schema, const NameParts& parent, const std::function<bool(std::vector<StructField>*)>& edit) {
  const auto apply = [&](DataType* type) {
    if (!type->Is(TypeId::kStruct)) return false;
    std::vector<StructField> fields = type->fields();
    if (!edit(&fields)) return false;
    *type = DataType::Struct(std::move(fields));
    return true;
  };
  if (parent.empty()) return apply(schema);
  bool done = false;
  *schema = EditAt(*schema, parent, 0, [&](StructField* field) { done = apply(&field->type); });
  return done;
}

}  // namespace

std::optional<StructField> FindField(const DataType& schema, const NameParts& path, NameParts* canonical) {
  std::optional<StructField> found;
  DataType level = schema;
  for (const auto& part : path) {
    auto child = Child(level, part);
    if (!child.has_value()) return std::nullopt;
    found = std::move(child);
    level = found->type;
    if (canonical != nullptr) canonical->push_back(found->name);
  }
  return found;
}

DataType EditField(const DataType& schema, const NameParts& path, const std::function<void(StructField*)>& edit) {
  return EditAt(schema, path, 0, edit);
}

bool AddField(DataType* schema, const NameParts& parent, StructField field, const plan::ColumnPosition& position) {
  return EditStruct(schema, parent, [&](std::vector<StructField>* fields) {
    auto place = fields->end();
    if (position.first) place = fields->begin();
    if (!position.after.empty()) {
      place = std::find_if(fields->begin(), fields->end(),
                           [&](const StructField& f) { return types::EqualsIgnoreCase(f.name, position.after); });
      if (place == fields->end()) return false;
      ++place;
    }
    fields->insert(place, std::move(field));
    return true;
  });
}

bool RemoveField(DataType* schema, const NameParts& path) {
  const NameParts parent(path.begin(), path.end() - 1);
  return EditStruct(schema, parent, [&](std::vector<StructField>* fields) {
    return std::erase_if(*fields, [&](const StructField& f) { return types::EqualsIgnoreCase(f.name, path.back()); }) >
           0;
  });
}

std::string PathText(const NameParts& path) {
  std::string out;
  for (const auto& part : path) out += (out.empty() ? "" : ".") + types::QuoteIfNeeded(part);
  return out;
}

std::string HistoryName(const NameParts& path) {
  std::string out;
  for (const auto& part : path) {
    out += out.empty() ? "" : ".";
    out += part.find('.') == std::string::npos ? part : types::QuoteIdentifier(part);
  }
  return out;
}

std::string HistoryType(const types::DataType& type) {
  switch (type.id()) {
    case types::TypeId::kStruct: return "\"struct\"";
    case types::TypeId::kArray: return "\"array\"";
    case types::TypeId::kMap: return "\"map\"";
    default: return type.Json();
  }
}

}  // namespace deltic::spark::command
