// Spark's run-time errors of arithmetic and casts, thrown from kernels. Stateless; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "types/data_type.h"

namespace deltic::engine::functions {

// ARITHMETIC_OVERFLOW "<what> overflow"; `alternative`: try_ function to suggest, may be empty.
[[noreturn]] void ThrowOverflow(std::string_view what, std::string_view alternative = {});
// BINARY_ARITHMETIC_OVERFLOW of tinyint and smallint.
[[noreturn]] void ThrowBinaryOverflow(std::string left, std::string_view symbol, std::string right);
[[noreturn]] void ThrowDivideByZero();
[[noreturn]] void ThrowIntervalOverflow(std::string_view message, std::string_view alternative = {});
// NUMERIC_VALUE_OUT_OF_RANGE: `value` does not fit DECIMAL(precision, scale).
[[noreturn]] void ThrowDecimalOutOfRange(std::string value, int precision, int scale);
// CAST_INVALID_INPUT: text that is no value of the type.
[[noreturn]] void ThrowInvalidCast(std::string_view text, const types::DataType& from, const types::DataType& to);
// CAST_OVERFLOW: `value` is SQL text.
[[noreturn]] void ThrowCastOverflow(std::string value, const types::DataType& from, const types::DataType& to);
// CAST_OVERFLOW_IN_TABLE_INSERT; the writer adds the column.
[[noreturn]] void ThrowStoreOverflow(const types::DataType& from, const types::DataType& to);

}  // namespace deltic::engine::functions
