// Partition values of the Delta log (strings) ↔ typed values (PROTOCOL.md › Partition Value Serialization), and the
// same for Hive-style directory names. Pure functions; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "engine/plan/expression.h"
#include "types/data_type.h"

namespace deltic::spark::catalog {

// nullopt and "" are NULL for every type; else what CAST makes of the text, as in delta-spark: a timestamp without a
// zone is of `time_zone` (the session's), a binary value is the text's UTF-8 bytes, decimals may be written 1E-7. A
// text that does not fit the type is an error naming it.
Result<engine::Value> ParsePartitionValue(const std::optional<std::string>& text, const types::DataType& type,
                                          std::string_view time_zone);

// Timestamps are written in UTC: yyyy-MM-ddTHH:mm:ss.ffffffZ. nullopt for NULL and for the empty string (which cannot
// be told from NULL in the log; Spark writes null too).
std::optional<std::string> FormatPartitionValue(const engine::Value& value, const types::DataType& type);

// Days since the epoch → yyyy-MM-dd; micros → yyyy-MM-dd HH:mm:ss[.ffffff] (UTC, trailing zeros dropped).
std::string FormatDate(int64_t days);
std::string FormatTimestamp(int64_t micros);

}  // namespace deltic::spark::catalog
