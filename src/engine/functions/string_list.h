// Builds LIST(VARCHAR) results row by row. One vector, one thread.
#pragma once

#include <string_view>

#include "duckdb.hpp"

namespace deltic::engine::functions {

class StringListWriter {
 public:
  explicit StringListWriter(duckdb::Vector& list) : list_(list), size_(duckdb::ListVector::GetListSize(list)) {}
  void Push(std::string_view text) {
    auto& child = Reserve();
    duckdb::FlatVector::GetData<duckdb::string_t>(child)[size_++] =
        duckdb::StringVector::AddStringOrBlob(child, text.data(), text.size());
  }
  void PushNull() { duckdb::FlatVector::SetNull(Reserve(), size_++, true); }
  // Elements so far: the difference is a row's entry.
  duckdb::idx_t size() const { return size_; }
  void Finish() { duckdb::ListVector::SetListSize(list_, size_); }

 private:
  duckdb::Vector& Reserve() {
    duckdb::ListVector::Reserve(list_, size_ + 1);
    return duckdb::ListVector::GetEntry(list_);
  }

  duckdb::Vector& list_;
  duckdb::idx_t size_;
};

}  // namespace deltic::engine::functions
