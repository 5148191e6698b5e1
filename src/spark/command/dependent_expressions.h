// The CHECK constraints and generated columns of a Delta table that use a column, and the changes of columns that are
// refused because of them (delta-spark SchemaUtils.containsDependentExpression, ImplicitMetadataOperation
// .checkDependentExpressions). An expression uses a column when it reads it, something in it, or what it is part of.
// Free functions; thread-safe.
#pragma once

#include "delta/snapshot/snapshot.h"
#include "spark/plan/expression.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

// Before a column, or one below it, is renamed, dropped or altered: DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE,
// DELTA_GENERATED_COLUMNS_DEPENDENT_COLUMN_CHANGE. An element of an array is the field `element`, and so on.
Status CheckNoDependents(session::Session* session, const delta::Snapshot& snapshot,
                         const std::vector<std::string>& column);

// Before rows of schema `data` are written, whether their types are to become the table's or not: columns that have the
// table's names and other types are none that an expression uses. DELTA_CONSTRAINT_DATA_TYPE_MISMATCH,
// DELTA_GENERATED_COLUMNS_DATA_TYPE_MISMATCH.
Status CheckDependentTypes(session::Session* session, const delta::Snapshot& snapshot, const types::DataType& data);

}  // namespace deltic::spark::command
