#include "engine/functions/runtime_errors.h"

#include "engine/functions/throw.h"

namespace deltic::engine::functions {
namespace {

constexpr char kAnsiConf[] = "\"spark.sql.ansi.enabled\"";

std::string TryHint(std::string_view function) {
  if (function.empty()) return {};
  return " Use '" + std::string(function) + "' to tolerate overflow and return NULL instead.";
}

}  // namespace

void ThrowOverflow(std::string_view what, std::string_view alternative) {
  ThrowStatus(Error(
      "ARITHMETIC_OVERFLOW",
      {{"message", std::string(what) + " overflow"}, {"alternative", TryHint(alternative)}, {"config", kAnsiConf}}));
}

void ThrowBinaryOverflow(std::string left, std::string_view symbol, std::string right) {
  ThrowStatus(Error("BINARY_ARITHMETIC_OVERFLOW", {{"value1", std::move(left)},
                                                   {"symbol", std::string(symbol)},
                                                   {"value2", std::move(right)},
                                                   {"config", kAnsiConf}}));
}

void ThrowDivideByZero() { ThrowStatus(Error("DIVIDE_BY_ZERO", {{"config", kAnsiConf}})); }

void ThrowIntervalOverflow(std::string_view message, std::string_view alternative) {
  ThrowStatus(Error("INTERVAL_ARITHMETIC_OVERFLOW",
                    {{"message", std::string(message)}, {"alternative", TryHint(alternative)}}));
}

void ThrowDecimalOutOfRange(std::string value, int precision, int scale) {
  ThrowStatus(Error("NUMERIC_VALUE_OUT_OF_RANGE", {{"value", std::move(value)},
                                                   {"precision", std::to_string(precision)},
                                                   {"scale", std::to_string(scale)},
                                                   {"config", kAnsiConf}}));
}

void ThrowInvalidCast(std::string_view text, const types::DataType& from, const types::DataType& to) {
  ThrowStatus(Error("CAST_INVALID_INPUT", {{"expression", "'" + std::string(text) + "'"},
                                           {"sourceType", "\"" + from.Sql() + "\""},
                                           {"targetType", "\"" + to.Sql() + "\""},
                                           {"ansiConfig", kAnsiConf}}));
}

void ThrowCastOverflow(std::string value, const types::DataType& from, const types::DataType& to) {
  ThrowStatus(Error("CAST_OVERFLOW", {{"value", std::move(value)},
                                      {"sourceType", "\"" + from.Sql() + "\""},
                                      {"targetType", "\"" + to.Sql() + "\""},
                                      {"ansiConfig", kAnsiConf}}));
}

void ThrowStoreOverflow(const types::DataType& from, const types::DataType& to) {
  ThrowStatus(
      Error("CAST_OVERFLOW_IN_TABLE_INSERT",
            {{"sourceType", "\"" + from.Sql() + "\""}, {"targetType", "\"" + to.Sql() + "\""}, {"columnName", ""}}));
}

}  // namespace deltic::engine::functions
