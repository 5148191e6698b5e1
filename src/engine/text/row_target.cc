#include "engine/text/row_target.h"

#include "engine/functions/throw.h"
#include "engine/text/scalar_text.h"
#include "engine/type_map.h"

namespace deltic::engine::text {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using std::string;
using std::string_view;

string ValueText(const Value& value, const DataType& type) {
  if (value.IsNull()) return "null";
  if (const auto* text = std::get_if<string>(&value.v)) return *text;
  if (const auto* flag = std::get_if<bool>(&value.v)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<int64_t>(&value.v)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&value.v)) return functions::JavaDouble(*real);
  if (const auto* list = std::get_if<std::shared_ptr<const ValueList>>(&value.v)) {
    string out = "[";
    for (size_t i = 0; i < (*list)->size(); i++) {
      const DataType& item = type.Is(TypeId::kArray)    ? type.element()
                             : type.Is(TypeId::kStruct) ? type.fields()[i].type
                                                        : type;
      if (i > 0) out += ",";
      out += ValueText((**list)[i], item);
    }
    return out + "]";
  }
  return "?";
}

}  // namespace

int FindCorruptField(const std::vector<types::StructField>& fields, const Options& options) {
  for (size_t i = 0; i < fields.size(); i++) {
    if (fields[i].name != options.corrupt_column) continue;
    if (!fields[i].type.Is(TypeId::kString) || !fields[i].nullable) {
      functions::ThrowStatus(
          Error("_LEGACY_ERROR_TEMP_1097", {}, "The field for corrupt records must be string type and nullable."));
    }
    return static_cast<int>(i);
  }
  return -1;
}

void SetNull(duckdb::Vector& out, idx_t at) { FlatVector::SetNull(out, at, true); }

void SetAllNull(const RowTarget& target, idx_t at) {
  for (auto* vector : target.vectors) SetNull(*vector, at);
}

string RowText(const RowTarget& target, idx_t at) {
  string out = "[";
  for (size_t i = 0; i < target.vectors.size(); i++) {
    if (i > 0) out += ",";
    const auto value = target.vectors[i]->GetValue(at);
    const DataType& type = target.fields[i].type;
    if (value.IsNull())
      out += "null";
    else if (type.Is(TypeId::kDecimal))
      out += value.ToString();
    else
      out += ValueText(FromDuckValue(value, type), type);
  }
  return out + "]";
}

void FailMalformed(const string& row, const Options& options) {
  functions::ThrowStatus(Error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                               {{"badRecord", row}, {"failFastMode", options.mode_text}}));
}

bool FinishRow(const RowTarget& target, idx_t at, bool malformed, string_view record, const Options& options,
               const Status* cause) {
  if (target.corrupt >= 0) {
    duckdb::Vector& field = *target.vectors[static_cast<size_t>(target.corrupt)];
    if (malformed) {
      SetValid(field, at);
      StoreText(record, field, at);
    } else {
      SetNull(field, at);
    }
  }
  if (!malformed || options.mode == Mode::kPermissive) return true;
  if (options.mode == Mode::kDropMalformed) return false;
  if (cause != nullptr) functions::ThrowStatus(*cause);
  FailMalformed(RowText(target, at), options);
}

}  // namespace deltic::engine::text
