#include "engine/text/csv_rows.h"

#include "engine/text/scalar_text.h"

namespace deltic::engine::text {

CsvRows::CsvRows(const Options& options, const std::vector<types::StructField>& columns,
                 const std::vector<types::StructField>& wanted)
    : options_(options), width_(columns.size()) {
  target_.fields = wanted;
  target_.vectors.resize(wanted.size());
  target_.corrupt = FindCorruptField(wanted, options);
  size_t read = 0;
  for (const auto& field : wanted) {
    int token = -1;
    for (size_t i = 0; i < columns.size() && token < 0; i++) {
      if (columns[i].name == field.name) token = static_cast<int>(i);
    }
    if (field.name == options.corrupt_column) token = -1;
    read += token >= 0 ? 1 : 0;
    token_of_.push_back(token);
  }
  // With fewer columns the parser picks their tokens and cannot see how many there are.
  check_width_ = read == columns.size();
}

bool CsvRows::Store(const std::vector<std::string_view>* tokens, std::string_view record, duckdb::idx_t at) {
  if (tokens == nullptr) {
    SetAllNull(target_, at);
    return FinishRow(target_, at, true, record, options_);
  }
  bool malformed = check_width_ && tokens->size() != width_;
  for (size_t i = 0; i < target_.fields.size(); i++) {
    if (token_of_[i] < 0) continue;
    duckdb::Vector& out = *target_.vectors[i];
    const auto token = static_cast<size_t>(token_of_[i]);
    const bool null = token >= tokens->size() || (*tokens)[token] == options_.null_value;
    if (!null && StoreCsvToken((*tokens)[token], target_.fields[i].type, options_, out, at)) {
      if (options_.mode == Mode::kDropMalformed) SetValid(out, at);  // a dropped row may have been here
      continue;
    }
    SetNull(out, at);
    malformed = malformed || !null;
  }
  return FinishRow(target_, at, malformed, record, options_);
}

}  // namespace deltic::engine::text
