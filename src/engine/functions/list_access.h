// Reading LIST and MAP arguments row by row, and building LIST results from elements of existing vectors.
// Objects live for one kernel call on one thread.
#pragma once

#include <vector>

#include "duckdb.hpp"

namespace deltic::engine::functions {

using duckdb::idx_t;

// Rows of a LIST (or MAP) vector; elements by (row, i), also through dictionary encodings. The child is flattened.
class ListAccess {
 public:
  ListAccess(duckdb::Vector& list, idx_t rows);
  bool IsNull(idx_t row) const { return !format_.validity.RowIsValid(format_.sel->get_index(row)); }
  idx_t Length(idx_t row) const { return entries_[format_.sel->get_index(row)].length; }
  // Position of an element in child().
  idx_t Position(idx_t row, idx_t i) const { return entries_[format_.sel->get_index(row)].offset + i; }
  bool ElementIsNull(idx_t row, idx_t i) const {
    return !child_format_.validity.RowIsValid(child_format_.sel->get_index(Position(row, i)));
  }
  template <typename T>
  const T& Element(idx_t row, idx_t i) const {
    return duckdb::UnifiedVectorFormat::GetData<T>(child_format_)[child_format_.sel->get_index(Position(row, i))];
  }
  duckdb::Vector& child() const { return child_; }
  idx_t child_size() const { return child_size_; }

 private:
  duckdb::UnifiedVectorFormat format_;
  const duckdb::list_entry_t* entries_;
  duckdb::Vector& child_;
  idx_t child_size_;
  duckdb::UnifiedVectorFormat child_format_;
};

// Collects, row by row, which elements of one source vector make up a LIST result.
class ListBuilder {
 public:
  ListBuilder(duckdb::Vector& result, idx_t rows) : result_(result), entries_(rows) {}
  void Push(idx_t source_position) { picked_.push_back(static_cast<duckdb::sel_t>(source_position)); }
  void EndRow(idx_t row);
  void SetNull(idx_t row);
  // Number of elements of the row being built.
  idx_t RowLength() const { return picked_.size() - row_start_; }
  // Copies the picked elements of `source` (of the result's element type) into the result.
  void Finish(duckdb::Vector& source, idx_t source_size);

 private:
  duckdb::Vector& result_;
  std::vector<duckdb::list_entry_t> entries_;
  std::vector<duckdb::sel_t> picked_;
  idx_t row_start_ = 0;
};

// Memory-comparable keys of every value of a vector: equal exactly when Spark's ordering says equal (NaN = NaN),
// and ordered as Spark orders; NULL sorts first. Valid while the object lives.
class SortKeys {
 public:
  SortKeys(duckdb::Vector& values, idx_t count);
  const duckdb::string_t& operator[](idx_t i) const { return data_[i]; }

 private:
  duckdb::Vector keys_;
  const duckdb::string_t* data_;
};

}  // namespace deltic::engine::functions
