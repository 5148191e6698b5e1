// Values that UPDATE and MERGE store into columns: casts by the store assignment policy, structs by name, assignments
// to fields of structs, and rows carried over into an evolved schema. What delta-spark calls UpdateExpressionsSupport.
// Pure functions; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/functions/registry.h"
#include "spark/session/runtime_conf.h"

namespace deltic::spark::command {

struct StoreRules {
  functions::FunctionContext context;
  engine::CastMode mode = engine::CastMode::kStore;  // spark.sql.storeAssignmentPolicy
  bool case_sensitive = false;
  bool evolve = false;  // structs may lack fields of the column's type
};

// STRICT store assignment is refused by name.
Result<StoreRules> MakeStoreRules(const session::RuntimeConf& conf, functions::FunctionContext context);

// `value` as a value of a column of `type`: a NULL literal takes any type, structs are matched by name, others are
// cast. DELTA_UPDATE_SCHEMA_MISMATCH_EXPRESSION when fields do not fit, DATATYPE_MISMATCH.* when there is no cast.
Result<engine::ExprPtr> CastForColumn(const engine::ExprPtr& value, const types::DataType& type,
                                      const StoreRules& rules);

// SET path = value; `path` is the column's name and the names of struct fields below it.
struct ColumnAssignment {
  std::vector<std::string> path;
  engine::ExprPtr value;
};

// One value per field of `schema` for a row whose columns are `row`: the assigned ones, else the row's own, else NULL
// (fields that evolution adds). DELTA_MISSING_SET_COLUMN, DELTA_CONFLICT_SET_COLUMN,
// DELTA_UNSUPPORTED_FIELD_UPDATE_NON_STRUCT.
Result<std::vector<engine::ExprPtr>> AssignColumns(const std::vector<types::StructField>& schema,
                                                   const std::vector<engine::Column>& row,
                                                   const std::vector<ColumnAssignment>& assignments,
                                                   const StoreRules& rules);

// The same for a row without assignments.
Result<std::vector<engine::ExprPtr>> CarryColumns(const std::vector<types::StructField>& schema,
                                                  const std::vector<engine::Column>& row, const StoreRules& rules);

// False for expressions that may give another value when computed again: rand(), uuid(), ….
bool IsDeterministic(const engine::ExprPtr& expr);

}  // namespace deltic::spark::command
