// Scalars of CSV and JSON texts as Spark's parsers read them, straight into result vectors. Thread-safe but for the
// vector. A text that is no value is a false result; texts that only Spark 2 would have read are errors.
#pragma once

#include <optional>
#include <string_view>

#include "duckdb.hpp"
#include "engine/text/options.h"

namespace deltic::engine::text {

// Dates and times by the options' formats or, without one, as CAST reads them.
std::optional<int32_t> ReadDate(std::string_view text, const Options& options);
std::optional<int64_t> ReadTimestamp(std::string_view text, const Options& options);
std::optional<int64_t> ReadTimestampNtz(std::string_view text, const Options& options);
// java.lang.Double.parseDouble and Float.parseFloat.
std::optional<double> ReadJavaDouble(std::string_view text);
std::optional<float> ReadJavaFloat(std::string_view text);

// `text` as DECIMAL, rounded half up; grouping commas are left out.
bool StoreDecimal(std::string_view text, const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
void StoreText(std::string_view text, duckdb::Vector& out, duckdb::idx_t at);
// Interval types out of a text. An ANSI interval that cannot be read is zero, as Spark has it.
bool StoreInterval(std::string_view text, const DataType& type, duckdb::Vector& out, duckdb::idx_t at);
// Any type that CSV has, out of a token that is not null.
bool StoreCsvToken(std::string_view text, const DataType& type, const Options& options, duckdb::Vector& out,
                   duckdb::idx_t at);

}  // namespace deltic::engine::text
