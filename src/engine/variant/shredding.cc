#include "engine/variant/shredding.h"

#include <algorithm>

#include "engine/functions/throw.h"
#include "engine/type_map.h"

namespace deltic::engine::variant {
namespace {

using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

constexpr int kMaxGroups = 200;  // nested into each other

[[noreturn]] void ThrowBadSchema(const LogicalType& type) {
  functions::ThrowStatus(Error("INVALID_VARIANT_SHREDDING_SCHEMA", {{"schema", type.ToString()}}));
}

bool IsScalar(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::BOOLEAN:
    case LogicalTypeId::TINYINT:
    case LogicalTypeId::SMALLINT:
    case LogicalTypeId::INTEGER:
    case LogicalTypeId::BIGINT:
    case LogicalTypeId::FLOAT:
    case LogicalTypeId::DOUBLE:
    case LogicalTypeId::DECIMAL:
    case LogicalTypeId::DATE:
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_TZ:
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::BLOB: return true;
    default: return false;
  }
}

ShreddedGroup ReadGroup(const LogicalType& group, bool whole, int depth) {
  if (group.id() != LogicalTypeId::STRUCT || depth > kMaxGroups) ThrowBadSchema(group);
  ShreddedGroup out;
  const auto& children = duckdb::StructType::GetChildTypes(group);
  for (size_t i = 0; i < children.size(); i++) {
    const auto& [name, type] = children[i];
    const int at = static_cast<int>(i);
    const bool is_binary = type.id() == LogicalTypeId::BLOB;
    if (name == "metadata" && whole && is_binary) {
      out.metadata = at;
    } else if (name == "value" && is_binary) {
      out.value = at;
    } else if (name == "typed_value") {
      out.typed_value = at;
    } else {
      ThrowBadSchema(group);
    }
  }
  if (whole && out.metadata < 0) ThrowBadSchema(group);
  if (out.typed_value < 0) return out;
  const LogicalType& typed = children[static_cast<size_t>(out.typed_value)].second;
  if (typed.id() == LogicalTypeId::STRUCT) {
    out.typed = ShreddedGroup::Typed::kObject;
    for (const auto& [name, type] : duckdb::StructType::GetChildTypes(typed)) {
      out.names.push_back(name);
      out.parts.push_back(ReadGroup(type, false, depth + 1));
    }
  } else if (typed.id() == LogicalTypeId::LIST) {
    out.typed = ShreddedGroup::Typed::kArray;
    out.parts.push_back(ReadGroup(duckdb::ListType::GetChildType(typed), false, depth + 1));
  } else if (IsScalar(typed)) {
    out.typed = ShreddedGroup::Typed::kScalar;
    out.scalar = FromDuckType(typed);
  } else {
    ThrowBadSchema(group);
  }
  return out;
}

std::string_view BytesAt(const Format& f, idx_t row) {
  const auto& text = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(f.unified)[f.unified.sel->get_index(row)];
  return {text.GetData(), text.GetSize()};
}

class Rebuilder {
 public:
  Rebuilder(std::string_view metadata, VariantBuilder* out) : metadata_(metadata), out_(*out) {}

  // `at`: the row in the group's fields.
  void Group(const Format& group, const ShreddedGroup& schema, idx_t at) {
    if (IsSet(group, schema.typed_value, at)) {
      const Format& typed = Field(group, schema.typed_value);
      switch (schema.typed) {
        case ShreddedGroup::Typed::kScalar: return AppendValue(typed, schema.scalar, at, &out_);
        case ShreddedGroup::Typed::kArray: return Array(typed, schema.parts[0], at);
        default: return Object(group, schema, at);
      }
    }
    if (!IsSet(group, schema.value, at)) ThrowMalformedVariant();
    out_.Append(VariantView(BytesAt(Field(group, schema.value), at), metadata_));
  }

 private:
  static const Format& Field(const Format& group, int index) { return group.children[static_cast<size_t>(index)]; }
  static bool IsSet(const Format& group, int index, idx_t at) {
    return index >= 0 && !IsNullAt(Field(group, index), at);
  }

  void Array(const Format& list, const ShreddedGroup& element, idx_t row) {
    const auto entry =
        duckdb::UnifiedVectorFormat::GetData<duckdb::list_entry_t>(list.unified)[list.unified.sel->get_index(row)];
    const Format& items = list.children[0];
    const size_t start = out_.position();
    std::vector<size_t> offsets;
    for (idx_t i = 0; i < entry.length; i++) {
      offsets.push_back(out_.position() - start);
      if (IsNullAt(items, entry.offset + i)) ThrowMalformedVariant();
      Group(items, element, items.unified.sel->get_index(entry.offset + i));
    }
    out_.FinishArray(start, offsets);
  }

  // The shredded fields that are there, and those that the value holds besides.
  void Object(const Format& group, const ShreddedGroup& schema, idx_t row) {
    const Format& typed = Field(group, schema.typed_value);
    const idx_t at = typed.unified.sel->get_index(row);
    const size_t start = out_.position();
    std::vector<VariantBuilder::Field> fields;
    for (size_t i = 0; i < schema.parts.size(); i++) {
      const Format& part = typed.children[i];
      if (IsNullAt(part, at)) ThrowMalformedVariant();
      const idx_t inside = part.unified.sel->get_index(at);
      const ShreddedGroup& field = schema.parts[i];
      if (!IsSet(part, field.typed_value, inside) && !IsSet(part, field.value, inside)) continue;
      fields.push_back({out_.KeyId(schema.names[i]), out_.position() - start});
      Group(part, field, inside);
    }
    if (IsSet(group, schema.value, row)) {
      const VariantView rest(BytesAt(Field(group, schema.value), row), metadata_);
      if (rest.kind() != Kind::kObject) ThrowMalformedVariant();
      const size_t size = rest.size();
      Descent descent(rest);
      for (size_t i = 0; i < size; i++) {
        const std::string_view key = rest.Key(i);
        if (std::find(schema.names.begin(), schema.names.end(), key) != schema.names.end()) ThrowMalformedVariant();
        fields.push_back({out_.KeyId(key), out_.position() - start});
        out_.Append(rest.Field(i), &descent);
      }
    }
    const Status status = out_.FinishObject(start, &fields);
    if (!status.ok()) functions::ThrowStatus(status);
  }

  const std::string_view metadata_;
  VariantBuilder& out_;
};

}  // namespace

ShreddedGroup ReadShreddedGroup(const LogicalType& group, bool whole) { return ReadGroup(group, whole, 0); }

void Rebuild(duckdb::Vector& groups, const ShreddedGroup& schema, idx_t count, duckdb::Vector& out) {
  if (schema.typed_value < 0 && schema.value >= 0) {  // nothing but the order of the fields may differ
    groups.Flatten(count);
    auto& from = duckdb::StructVector::GetEntries(groups);
    auto& to = duckdb::StructVector::GetEntries(out);
    to[0]->Reference(*from[static_cast<size_t>(schema.value)]);
    to[1]->Reference(*from[static_cast<size_t>(schema.metadata)]);
    duckdb::FlatVector::SetValidity(out, duckdb::FlatVector::Validity(groups));
    return;
  }
  Format format;
  duckdb::Vector::RecursiveToUnifiedFormat(groups, count, format);
  VariantBuilder builder;
  for (idx_t row = 0; row < count; row++) {
    if (IsNullAt(format, row)) {
      duckdb::FlatVector::SetNull(out, row, true);
      continue;
    }
    const idx_t at = format.unified.sel->get_index(row);
    const Format& metadata = format.children[static_cast<size_t>(schema.metadata)];
    if (IsNullAt(metadata, at)) ThrowMalformedVariant();
    builder.Reset();
    Rebuilder(BytesAt(metadata, at), &builder).Group(format, schema, at);
    StoreVariant(builder, out, row);
  }
}

}  // namespace deltic::engine::variant
