// Functions evaluated for what they may raise: table constraints while rows are written, casts of untyped failures.
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {

void RegisterConstraintKernels(duckdb::ExtensionLoader& loader) {
  // spark_second_after_first(a, b): b, when a could be evaluated.
  AddGeneric(
      loader, "spark_second_after_first", 2, [](const duckdb::vector<duckdb::LogicalType>& args) { return args[1]; },
      [](duckdb::DataChunk& args, duckdb::Vector& result) {
        duckdb::VectorOperations::Copy(args.data[1], result, args.size(), 0, 0);
      });
  // spark_require_not_null(value, column name): the value; NULL is DELTA_NOT_NULL_CONSTRAINT_VIOLATED.
  AddGeneric(
      loader, "spark_require_not_null", 2, [](const duckdb::vector<duckdb::LogicalType>& args) { return args[0]; },
      [](duckdb::DataChunk& args, duckdb::Vector& result) {
        duckdb::UnifiedVectorFormat values;
        args.data[0].ToUnifiedFormat(args.size(), values);
        for (duckdb::idx_t row = 0; row < args.size(); row++) {
          if (values.validity.RowIsValid(values.sel->get_index(row))) continue;
          const std::string column = args.data[1].GetValue(row).ToString();
          ThrowStatus(Error("DELTA_NOT_NULL_CONSTRAINT_VIOLATED", {{"columnName", column}}));
        }
        duckdb::VectorOperations::Copy(args.data[0], result, args.size(), 0, 0);
      });
}

}  // namespace deltic::engine::functions
