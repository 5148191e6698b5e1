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

SortKeys::SortKeys(duckdb::Vector& values, idx_t count) : keys_(duckdb::LogicalType::BLOB, std::max<idx_t>(count, 1)) {
  duckdb::CreateSortKeyHelpers::CreateSortKey(
      values, count, duckdb::OrderModifiers(duckdb::OrderType::ASCENDING, duckdb::OrderByNullType::NULLS_FIRST), keys_);
  keys_.Flatten(count);
  data_ = duckdb::FlatVector::GetData<duckdb::string_t>(keys_);
}

}  // namespace deltic::engine::functions
