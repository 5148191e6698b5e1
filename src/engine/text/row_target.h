// Where the rows of text records go: one vector per field of the schema that is read, the field for malformed records
// among them. What happens to a malformed record is Spark's FailureSafeParser: what could be read is kept, the record
// is dropped, or the query ends. Not thread-safe. Failures throw.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duckdb.hpp"
#include "engine/text/options.h"

namespace deltic::engine::text {

struct RowTarget {
  std::vector<types::StructField> fields;
  std::vector<duckdb::Vector*> vectors;  // parallel to fields
  int corrupt = -1;                      // index of the field for malformed records
};

// The index of the field that takes malformed records; -1: none. Fails when it is not a string.
int FindCorruptField(const std::vector<types::StructField>& fields, const Options& options);

void SetNull(duckdb::Vector& out, duckdb::idx_t at);
inline void SetValid(duckdb::Vector& out, duckdb::idx_t at) { duckdb::FlatVector::Validity(out).SetValid(at); }
void SetAllNull(const RowTarget& target, duckdb::idx_t at);

// Ends a row. False: it is dropped. `cause`: what to report instead of the row's text, when not null.
bool FinishRow(const RowTarget& target, duckdb::idx_t at, bool malformed, std::string_view record,
               const Options& options, const Status* cause = nullptr);
// MALFORMED_RECORD_IN_PARSING with a row's text.
[[noreturn]] void FailMalformed(const std::string& row, const Options& options);
// The row as Spark's InternalRow prints it.
std::string RowText(const RowTarget& target, duckdb::idx_t at);

}  // namespace deltic::engine::text
