// Column definitions of CREATE TABLE and DeltaTable.create → schema fields, with the checks of generated, identity and
// default columns. Thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "spark/plan/table_ddl.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

// Errors: DELTA_GENERATED_COLUMNS_EXPR_TYPE_MISMATCH, DELTA_INVALID_GENERATED_COLUMN_REFERENCES,
// DELTA_NON_DETERMINISTIC_EXPRESSION_IN_GENERATED_COLUMN, DELTA_AGGREGATE_IN_GENERATED_COLUMN,
// DELTA_UNSUPPORTED_EXPRESSION_GENERATED_COLUMN, DELTA_IDENTITY_COLUMNS_*, INVALID_DEFAULT_VALUE.*,
// WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED, DELTA_NESTED_NOT_NULL_CONSTRAINT.
Result<std::vector<types::StructField>> FieldsOf(session::Session* session, const plan::CreateTable& command);

}  // namespace deltic::spark::command
