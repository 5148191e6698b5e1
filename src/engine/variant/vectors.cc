#include "engine/variant/vectors.h"

#include "engine/functions/decimal_vector.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::variant {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using std::string_view;

template <typename T>
const T& At(const Format& f, idx_t row) {
  return duckdb::UnifiedVectorFormat::GetData<T>(f.unified)[f.unified.sel->get_index(row)];
}

string_view BytesAt(const Format& f, idx_t row) {
  const auto& text = At<duckdb::string_t>(f, row);
  return {text.GetData(), text.GetSize()};
}

Int128 DecimalAt(const Format& f, int precision, idx_t row) {
  return functions::WithPhysical(precision,
                                 [&](auto physical) { return functions::LoadDecimal(At<decltype(physical)>(f, row)); });
}

void AppendFields(const Format& f, const DataType& type, idx_t row, VariantBuilder* out) {
  const idx_t at = f.unified.sel->get_index(row);
  const size_t start = out->position();
  std::vector<VariantBuilder::Field> fields;
  for (size_t i = 0; i < type.fields().size(); i++) {
    fields.push_back({out->KeyId(type.fields()[i].name), out->position() - start});
    AppendValue(f.children[i], type.fields()[i].type, at, out);
  }
  const Status status = out->FinishObject(start, &fields);
  if (!status.ok()) functions::ThrowStatus(status);
}

void AppendEntries(const Format& f, const DataType& type, idx_t row, VariantBuilder* out) {
  const auto entry = At<duckdb::list_entry_t>(f, row);
  const Format& pair = f.children[0];
  const size_t start = out->position();
  std::vector<VariantBuilder::Field> fields;
  for (idx_t i = 0; i < entry.length; i++) {
    const idx_t at = pair.unified.sel->get_index(entry.offset + i);
    fields.push_back({out->KeyId(BytesAt(pair.children[0], at)), out->position() - start});
    AppendValue(pair.children[1], type.value(), at, out);
  }
  const Status status = out->FinishObject(start, &fields);
  if (!status.ok()) functions::ThrowStatus(status);
}

void AppendItems(const Format& f, const DataType& type, idx_t row, VariantBuilder* out) {
  const auto entry = At<duckdb::list_entry_t>(f, row);
  const size_t start = out->position();
  std::vector<size_t> offsets;
  for (idx_t i = 0; i < entry.length; i++) {
    offsets.push_back(out->position() - start);
    AppendValue(f.children[0], type.element(), entry.offset + i, out);
  }
  out->FinishArray(start, offsets);
}

}  // namespace

duckdb::LogicalType VectorType() {
  return duckdb::LogicalType::STRUCT({{"value", duckdb::LogicalType::BLOB}, {"metadata", duckdb::LogicalType::BLOB}});
}

bool IsNullAt(const Format& f, idx_t row) { return !f.unified.validity.RowIsValid(f.unified.sel->get_index(row)); }

VariantView ViewAt(const Format& f, idx_t row) {
  const idx_t at = f.unified.sel->get_index(row);
  if (IsNullAt(f.children[0], at) || IsNullAt(f.children[1], at)) ThrowMalformedVariant();
  return {BytesAt(f.children[0], at), BytesAt(f.children[1], at)};
}

void MakeValid(duckdb::Vector& out, idx_t at) {
  FlatVector::Validity(out).SetValid(at);
  if (out.GetType().InternalType() != duckdb::PhysicalType::STRUCT) return;
  for (auto& child : duckdb::StructVector::GetEntries(out)) MakeValid(*child, at);
}

void StoreVariant(string_view value, string_view metadata, duckdb::Vector& out, idx_t at) {
  MakeValid(out, at);
  auto& parts = duckdb::StructVector::GetEntries(out);
  const auto put = [&](string_view bytes, duckdb::Vector& part) {
    FlatVector::GetData<duckdb::string_t>(part)[at] =
        duckdb::StringVector::AddStringOrBlob(part, bytes.data(), bytes.size());
  };
  put(value, *parts[0]);
  put(metadata, *parts[1]);
}

void StoreVariant(const VariantBuilder& built, duckdb::Vector& out, idx_t at) {
  if (built.IsTooLarge()) functions::ThrowStatus(Error("VARIANT_CONSTRUCTOR_SIZE_LIMIT", {}));
  StoreVariant(built.value(), built.Metadata(), out, at);
}

void StoreText(string_view text, duckdb::Vector& out, idx_t at) {
  std::string valid;
  if (!functions::IsValidUtf8(text)) {
    valid = functions::Sanitize(text);
    text = valid;
  }
  FlatVector::GetData<duckdb::string_t>(out)[at] = duckdb::StringVector::AddString(out, text.data(), text.size());
}

idx_t AppendSlot(duckdb::Vector& list) {
  const idx_t slot = duckdb::ListVector::GetListSize(list);
  duckdb::ListVector::Reserve(list, slot + 1);
  duckdb::ListVector::SetListSize(list, slot + 1);
  MakeValid(duckdb::ListVector::GetEntry(list), slot);
  return slot;
}

void AppendValue(const Format& f, const DataType& type, idx_t row, VariantBuilder* out) {
  if (IsNullAt(f, row)) return out->Null();
  switch (type.id()) {
    case TypeId::kBoolean: return out->Boolean(At<bool>(f, row));
    case TypeId::kByte: return out->Long(At<int8_t>(f, row));
    case TypeId::kShort: return out->Long(At<int16_t>(f, row));
    case TypeId::kInteger: return out->Long(At<int32_t>(f, row));
    case TypeId::kLong: return out->Long(At<int64_t>(f, row));
    case TypeId::kFloat: return out->Float(At<float>(f, row));
    case TypeId::kDouble: return out->Double(At<double>(f, row));
    case TypeId::kDecimal: return out->Decimal({DecimalAt(f, type.precision(), row), type.scale()});
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: return out->String(BytesAt(f, row));
    case TypeId::kBinary: return out->Binary(BytesAt(f, row));
    case TypeId::kDate: return out->Date(At<int32_t>(f, row));
    case TypeId::kTimestamp: return out->Timestamp(At<int64_t>(f, row));
    case TypeId::kTimestampNtz: return out->TimestampNtz(At<int64_t>(f, row));
    case TypeId::kVariant: return out->Append(ViewAt(f, row));
    case TypeId::kStruct: return AppendFields(f, type, row, out);
    case TypeId::kMap: return AppendEntries(f, type, row, out);
    case TypeId::kArray: return AppendItems(f, type, row, out);
    default: functions::ThrowStatus(Unsupported("variant of the type " + type.Sql()));
  }
}

}  // namespace deltic::engine::variant
