// Schema rules of Delta writes: enforcement, evolution (mergeSchema, overwriteSchema) and the checks of a new table, as
// delta-spark's ImplicitMetadataOperation and SchemaMergingUtils. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "delta/spec/actions.h"
#include "engine/plan/relation.h"
#include "types/data_type.h"

namespace deltic::spark::command {

// Schema to store for a new table from a query's columns: nullable everywhere, internal metadata dropped.
std::vector<types::StructField> TableSchemaOf(const engine::Rel& data);

// The columns of a query as they are.
std::vector<types::StructField> ColumnsOf(const engine::Rel& data);

// What Spark checks of the columns of a table in its catalog before Delta does.
Status CheckDefinition(const std::vector<types::StructField>& columns, const std::vector<std::string>& partition_by);

// Column names and partition columns of a table about to be created or replaced. `any_name`: column mapping allows
// names that Parquet does not.
Status CheckNewTable(const std::vector<types::StructField>& schema, const std::vector<std::string>& partition_by,
                     bool any_name = false);

// How a write may change the schema of its table.
struct SchemaMerge {
  bool merge = false;                 // new fields are added (mergeSchema)
  bool widen = false;                 // and types widened, where the table allows it
  bool implicit_conversions = false;  // MERGE: types may differ where Spark casts to the table's by itself
};

// The table schema after writing data of schema `data` into it. New fields without `merge` are a schema mismatch (the
// message shows both). Types must agree but for what `how` says: DELTA_FAILED_TO_MERGE_FIELDS. TINYINT, SMALLINT and
// INT go into each other's columns; a column that would be too narrow becomes wider with `merge`, and is a mismatch
// without.
Result<types::DataType> MergeSchema(const types::DataType& table, const types::DataType& data, const SchemaMerge& how,
                                    const std::string& table_id);

// delta.dataSkippingStatsColumns names columns that can have statistics: DELTA_COLUMN_NOT_FOUND_IN_SCHEMA,
// DELTA_COLUMN_DATA_SKIPPING_NOT_SUPPORTED_*, DELTA_DUPLICATE_DATA_SKIPPING_COLUMNS.
Status CheckStatsColumns(const delta::Metadata& metadata);

// Projects `data` to the table's columns by name: missing ones become NULL or stay out, order is the table's. Types
// agree already.
enum class AbsentColumns : uint8_t { kNull, kLeaveOut };
Result<engine::RelPtr> AlignByName(const engine::RelPtr& data, const types::DataType& table,
                                   AbsentColumns absent = AbsentColumns::kNull);

// The columns that delta.dataSkippingStatsColumns lists: "a, `b.c`.d" → {{"a"}, {"b.c", "d"}}.
Result<std::vector<std::vector<std::string>>> StatsColumnsOf(std::string_view listed);

// Casts column i of `data` to column i of `targets` as INSERT does under `policy` (store_cast.h).
Result<engine::RelPtr> StoreAssign(const engine::RelPtr& data, const std::vector<types::StructField>& targets,
                                   const std::string& policy, const std::string& time_zone);

}  // namespace deltic::spark::command
