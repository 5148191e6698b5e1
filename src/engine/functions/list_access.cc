#include "engine/functions/list_access.h"

#include <algorithm>

#include "duckdb/function/create_sort_key.hpp"

namespace deltic::engine::functions {

ListAccess::ListAccess(duckdb::Vector& list, idx_t rows)
    : child_((list.ToUnifiedFormat(rows, format_), duckdb::ListVector::GetEntry(list))),
      child_size_(duckdb::ListVector::GetListSize(list)) {
  entries_ = duckdb::UnifiedVectorFormat::GetData<duckdb::list_entry_t>(format_);
  child_.ToUnifiedFormat(child_size_, child_format_);
}

void ListBuilder::EndRow(idx_t row) {
  entries_[row] = {row_start_, picked_.size() - row_start_};
  row_start_ = picked_.size();
}

void ListBuilder::SetNull(idx_t row) {
  picked_.resize(row_start_);
  duckdb::FlatVector::SetNull(result_, row, true);
  EndRow(row);
}

void ListBuilder::Finish(duckdb::Vector& source, idx_t) {
  if (!picked_.empty()) {
    duckdb::SelectionVector sel(picked_.data());
    duckdb::ListVector::Append(result_, source, sel, picked_.size());
  }
  std::copy(entries_.begin(), entries_.end(), duckdb::FlatVector::GetData<duckdb::list_entry_t>(result_));
}

namespace {

using duckdb::LogicalTypeId;
using duckdb::OrderByNullType;

bool IsStruct(const duckdb::LogicalType& type) { return type.id() == LogicalTypeId::STRUCT; }
bool IsNested(const duckdb::LogicalType& type) { return IsStruct(type) || type.id() == LogicalTypeId::LIST; }

bool HoldsList(const duckdb::LogicalType& type) {
  if (!IsStruct(type)) return type.id() == LogicalTypeId::LIST;
  const auto& fields = duckdb::StructType::GetChildTypes(type);
  return std::any_of(fields.begin(), fields.end(), [](const auto& field) { return HoldsList(field.second); });
}

// Some field may be NULL, also where its struct is.
bool HoldsNull(duckdb::Vector& values, idx_t count) {
  for (auto& field : duckdb::StructVector::GetEntries(values)) {
    duckdb::UnifiedVectorFormat format;
    field->ToUnifiedFormat(count, format);
    if (!format.validity.AllValid() || (IsStruct(field->GetType()) && HoldsNull(*field, count))) return true;
  }
  return false;
}

void DuckKeys(duckdb::Vector& values, idx_t count, OrderByNullType nulls, duckdb::Vector* out) {
  duckdb::CreateSortKeyHelpers::CreateSortKey(values, count,
                                              duckdb::OrderModifiers(duckdb::OrderType::ASCENDING, nulls), *out);
  out->Flatten(count);
}

// As DuckDB makes keys of nested values, but that NULLs come before all values inside of them too: keys of both kinds
// may be compared where there are no lists. Each part ends where it says itself.
class NestedKeys {
 public:
  static std::vector<std::string> Of(duckdb::Vector& values, idx_t count) {
    std::vector<std::string> out(count);
    Append(values, std::vector<bool>(count, true), kTopValue, kTopNull, &out);
    return out;
  }

 private:
  static constexpr char kTopNull = 1;
  static constexpr char kTopValue = 2;
  static constexpr char kEnd = 0;    // of a list, before any further element
  static constexpr char kNull = 0;   // of a field or element; DuckDB's is 2
  static constexpr char kValue = 1;  // as DuckDB's
  static constexpr char kElement = 1;

  // `live`: the rows that get the part; those of NULL structs have none.
  static void Append(duckdb::Vector& values, std::vector<bool> live, char value, char null,
                     std::vector<std::string>* out) {
    const idx_t count = live.size();
    values.Flatten(count);
    const auto& validity = duckdb::FlatVector::Validity(values);
    for (idx_t i = 0; i < count; i++) {
      const bool valid = validity.RowIsValid(i);
      if (live[i] && (!valid || IsNested(values.GetType()))) (*out)[i].push_back(valid ? value : null);
      live[i] = live[i] && valid;
    }
    if (IsStruct(values.GetType())) {
      for (auto& field : duckdb::StructVector::GetEntries(values)) Append(*field, live, kValue, kNull, out);
    } else if (IsNested(values.GetType())) {
      AppendElements(values, live, out);
    } else {
      duckdb::Vector keys(duckdb::LogicalType::BLOB, std::max<idx_t>(count, 1));
      DuckKeys(values, count, OrderByNullType::NULLS_LAST, &keys);
      const auto* data = duckdb::FlatVector::GetData<duckdb::string_t>(keys);
      for (idx_t i = 0; i < count; i++) {
        if (live[i]) (*out)[i].append(data[i].GetData(), data[i].GetSize());
      }
    }
  }

  static void AppendElements(duckdb::Vector& lists, const std::vector<bool>& live, std::vector<std::string>* out) {
    const idx_t elements = duckdb::ListVector::GetListSize(lists);
    std::vector<std::string> parts(elements);
    Append(duckdb::ListVector::GetEntry(lists), std::vector<bool>(elements, true), kValue, kNull, &parts);
    const auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(lists);
    for (idx_t i = 0; i < live.size(); i++) {
      if (!live[i]) continue;
      for (idx_t at = entries[i].offset; at < entries[i].offset + entries[i].length; at++) {
        (*out)[i].push_back(kElement);
        (*out)[i] += parts[at];
      }
      (*out)[i].push_back(kEnd);
    }
  }
};

}  // namespace

SortKeys::SortKeys(duckdb::Vector& values, idx_t count) : keys_(duckdb::LogicalType::BLOB, std::max<idx_t>(count, 1)) {
  const duckdb::LogicalType& type = values.GetType();
  if (IsNested(type) && (HoldsList(type) || HoldsNull(values, count))) {
    duckdb::Vector copy(values.GetType(), std::max<idx_t>(count, 1));
    duckdb::VectorOperations::Copy(values, copy, count, 0, 0);
    const auto keys = NestedKeys::Of(copy, count);
    auto* data = duckdb::FlatVector::GetData<duckdb::string_t>(keys_);
    for (idx_t i = 0; i < count; i++)
      data[i] = duckdb::StringVector::AddStringOrBlob(keys_, keys[i].data(), keys[i].size());
  } else {
    DuckKeys(values, count, OrderByNullType::NULLS_FIRST, &keys_);
  }
  data_ = duckdb::FlatVector::GetData<duckdb::string_t>(keys_);
}

}  // namespace deltic::engine::functions
