// Partition values of the Delta log (strings) ↔ typed values (PROTOCOL.md › Partition Value Serialization), and the
// same for Hive-style directory names. Pure functions; thread-safe.
#pragma once

#include <optional>
#include <string>

#include "base/status.h"
#include "engine/plan/expression.h"
#include "types/data_type.h"

namespace deltic::spark::catalog {

// nullopt and "" are NULL for every type. Timestamps: "yyyy-MM-dd HH:mm:ss[.f]" is taken in UTC (the zone our sessions
// write in), ISO 8601 with Z or an offset as such. A text that does not fit the type is an error naming it.
Result<engine::Value> ParsePartitionValue(const std::optional<std::string>& text, const types::DataType& type);

// nullopt for NULL and for the empty string (which cannot be told from NULL in the log; Spark writes null too).
std::optional<std::string> FormatPartitionValue(const engine::Value& value, const types::DataType& type);

// Days since the epoch → yyyy-MM-dd; micros → yyyy-MM-dd HH:mm:ss[.ffffff] (UTC, trailing zeros dropped).
std::string FormatDate(int64_t days);
std::string FormatTimestamp(int64_t micros);

}  // namespace deltic::spark::catalog
