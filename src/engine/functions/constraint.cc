// Functions evaluated for what they may raise: table constraints while rows are written, casts of untyped failures.
#include "base/json_writer.h"
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {
namespace {

using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;

LogicalType FirstType(const duckdb::vector<LogicalType>& args) { return args[0]; }

// The first row whose flag is not true, or the row count. NULL is not true.
idx_t FirstNotTrue(duckdb::Vector& flags, idx_t rows) {
  duckdb::UnifiedVectorFormat format;
  flags.ToUnifiedFormat(rows, format);
  const bool* data = duckdb::UnifiedVectorFormat::GetData<bool>(format);
  for (idx_t row = 0; row < rows; row++) {
    const idx_t index = format.sel->get_index(row);
    if (!format.validity.RowIsValid(index) || !data[index]) return row;
  }
  return rows;
}

// A value as Spark's row holds it, which is how its messages show it: dates as days, timestamps as microseconds.
std::string InternalText(const duckdb::Value& value) {
  if (value.IsNull()) return "null";
  switch (value.type().id()) {
    case LogicalTypeId::DOUBLE: return JavaDoubleToString(value.GetValue<double>());
    case LogicalTypeId::FLOAT: return JavaFloatToString(value.GetValue<float>());
    case LogicalTypeId::DATE: return std::to_string(duckdb::DateValue::Get(value).days);
    case LogicalTypeId::TIMESTAMP: return std::to_string(duckdb::TimestampValue::Get(value).value);
    case LogicalTypeId::TIMESTAMP_TZ: return std::to_string(value.GetValueUnsafe<int64_t>());
    case LogicalTypeId::VARCHAR: return duckdb::StringValue::Get(value);
    default: return value.ToString();
  }
}

std::string TextArgument(duckdb::DataChunk& args, idx_t column) { return args.data[column].GetValue(0).ToString(); }

// spark_check_row(value, holds, name, sql, column, column's value, …): the value; a row for which `holds` is not true
// is DELTA_VIOLATE_CONSTRAINT_WITH_VALUES.
void CheckRow(duckdb::DataChunk& args, duckdb::Vector& result) {
  const idx_t row = FirstNotTrue(args.data[1], args.size());
  if (row < args.size()) {
    std::string values;
    for (idx_t i = 4; i + 1 < args.ColumnCount(); i += 2) {
      values +=
          (i == 4 ? " - " : "\n - ") + TextArgument(args, i) + " : " + InternalText(args.data[i + 1].GetValue(row));
    }
    ThrowStatus(
        Error("DELTA_VIOLATE_CONSTRAINT_WITH_VALUES",
              {{"constraintName", TextArgument(args, 2)}, {"expression", TextArgument(args, 3)}, {"values", values}}));
  }
  duckdb::VectorOperations::Copy(args.data[0], result, args.size(), 0, 0);
}

// spark_check_length(value, holds, sql, checked column): the value; DELTA_EXCEED_CHAR_VARCHAR_LIMIT showing the checked
// column when `holds` is not true.
void CheckLength(duckdb::DataChunk& args, duckdb::Vector& result) {
  const idx_t row = FirstNotTrue(args.data[1], args.size());
  if (row < args.size()) {
    ThrowStatus(Error("DELTA_EXCEED_CHAR_VARCHAR_LIMIT",
                      {{"value", InternalText(args.data[3].GetValue(row))}, {"expr", TextArgument(args, 2)}}));
  }
  duckdb::VectorOperations::Copy(args.data[0], result, args.size(), 0, 0);
}

// spark_check_not_null(value, holds, column name): the value; DELTA_NOT_NULL_CONSTRAINT_VIOLATED naming the column.
void CheckNotNull(duckdb::DataChunk& args, duckdb::Vector& result) {
  if (FirstNotTrue(args.data[1], args.size()) < args.size()) {
    ThrowStatus(Error("DELTA_NOT_NULL_CONSTRAINT_VIOLATED", {{"columnName", TextArgument(args, 2)}}));
  }
  duckdb::VectorOperations::Copy(args.data[0], result, args.size(), 0, 0);
}

}  // namespace

void RegisterConstraintKernels(duckdb::ExtensionLoader& loader) {
  // spark_second_after_first(a, b): b, when a could be evaluated.
  AddGeneric(
      loader, "spark_second_after_first", 2, [](const duckdb::vector<LogicalType>& args) { return args[1]; },
      [](duckdb::DataChunk& args, duckdb::Vector& result) {
        duckdb::VectorOperations::Copy(args.data[1], result, args.size(), 0, 0);
      });
  AddGeneric(loader, "spark_check_row", -1, FirstType, CheckRow);
  AddGeneric(loader, "spark_check_length", 4, FirstType, CheckLength);
  AddGeneric(loader, "spark_check_not_null", 3, FirstType, CheckNotNull);
  // spark_identity(first, step, n): the n-th number, first for n = 1. Past the range of a long: "long overflow".
  Add(loader, "spark_identity", [](int64_t first, int64_t step, int64_t n) -> int64_t {
    int64_t offset = 0;
    int64_t value = 0;
    if (__builtin_mul_overflow(step, n - 1, &offset) || __builtin_add_overflow(first, offset, &value)) {
      ThrowStatus(Error("_LONG_OVERFLOW", {}, "long overflow"));
    }
    return value;
  });
}

}  // namespace deltic::engine::functions
