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

bool IsNested(const duckdb::LogicalType& type) {
  return type.id() == duckdb::LogicalTypeId::STRUCT || type.id() == duckdb::LogicalTypeId::LIST;
}

void DuckKeys(duckdb::Vector& values, idx_t count, duckdb::Vector* out) {
  duckdb::CreateSortKeyHelpers::CreateSortKey(
      values, count, duckdb::OrderModifiers(duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_FIRST), *out);
  out->Flatten(count);
}

// DuckDB's keys put NULLs inside of structs and lists behind all values, Spark before them. Each key ends where it says
// itself, so that those of the parts can follow one another.
std::vector<std::string> NestedKeys(duckdb::Vector& values, idx_t count) {
  constexpr char kNull = 0;
  constexpr char kValue = 1;
  constexpr char kEnd = 0;  // of a list, before any further element
  std::vector<std::string> out(count);
  if (!IsNested(values.GetType())) {
    duckdb::Vector keys(duckdb::LogicalType::BLOB, std::max<idx_t>(count, 1));
    DuckKeys(values, count, &keys);
    const auto* data = duckdb::FlatVector::GetData<duckdb::string_t>(keys);
    for (idx_t i = 0; i < count; i++) out[i].assign(data[i].GetData(), data[i].GetSize());
    return out;
  }
  values.Flatten(count);
  const auto& validity = duckdb::FlatVector::Validity(values);
  for (idx_t i = 0; i < count; i++) out[i].push_back(validity.RowIsValid(i) ? kValue : kNull);
  if (values.GetType().id() == duckdb::LogicalTypeId::STRUCT) {
    for (auto& field : duckdb::StructVector::GetEntries(values)) {
      const auto parts = NestedKeys(*field, count);
      for (idx_t i = 0; i < count; i++) {
        if (validity.RowIsValid(i)) out[i] += parts[i];
      }
    }
    return out;
  }
  const auto parts = NestedKeys(duckdb::ListVector::GetEntry(values), duckdb::ListVector::GetListSize(values));
  const auto* lists = duckdb::FlatVector::GetData<duckdb::list_entry_t>(values);
  for (idx_t i = 0; i < count; i++) {
    if (!validity.RowIsValid(i)) continue;
    for (idx_t at = lists[i].offset; at < lists[i].offset + lists[i].length; at++) {
      out[i].push_back(kValue);
      out[i] += parts[at];
    }
    out[i].push_back(kEnd);
  }
  return out;
}

}  // namespace

SortKeys::SortKeys(duckdb::Vector& values, idx_t count) : keys_(duckdb::LogicalType::BLOB, std::max<idx_t>(count, 1)) {
  if (IsNested(values.GetType())) {
    duckdb::Vector copy(values.GetType(), std::max<idx_t>(count, 1));
    duckdb::VectorOperations::Copy(values, copy, count, 0, 0);
    const auto keys = NestedKeys(copy, count);
    auto* data = duckdb::FlatVector::GetData<duckdb::string_t>(keys_);
    for (idx_t i = 0; i < count; i++) data[i] = duckdb::StringVector::AddStringOrBlob(keys_, keys[i].data(), keys[i].size());
  } else {
    DuckKeys(values, count, &keys_);
  }
  data_ = duckdb::FlatVector::GetData<duckdb::string_t>(keys_);
}

}  // namespace deltic::engine::functions
