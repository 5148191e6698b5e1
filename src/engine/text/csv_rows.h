// CSV records → rows, as Spark's UnivocityParser converts tokens: a token that is no value of its column's type is NULL
// and makes the record malformed, like too few or too many tokens. One per reader; not thread-safe. Failures throw.
#pragma once

#include <string_view>
#include <vector>

#include "engine/text/csv_tokenizer.h"
#include "engine/text/row_target.h"

namespace deltic::engine::text {

class CsvRows {
 public:
  // `columns` are the file's columns, without the one for malformed records; the target's fields are some of them.
  CsvRows(const Options& options, const std::vector<types::StructField>& columns,
          const std::vector<types::StructField>& wanted);
  RowTarget& target() { return target_; }
  // `tokens` null: the record has none. False: the row is dropped.
  bool Store(const std::vector<std::string_view>* tokens, std::string_view record, duckdb::idx_t at);
  // Is nothing read out of the records?
  bool CountsOnly() const { return target_.fields.empty(); }

 private:
  const Options& options_;
  RowTarget target_;
  std::vector<int> token_of_;  // per field; -1: the field for malformed records
  size_t width_ = 0;           // tokens of a good record
  bool check_width_ = true;
};

}  // namespace deltic::engine::text
