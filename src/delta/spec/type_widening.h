// Type widening of a table's columns: which changes delta-spark 3.3 makes, and their record in the schema
// (PROTOCOL.md › Type Change Metadata). Pure; thread-safe.
#pragma once

#include <cstdint>
#include <optional>

#include "delta/spec/actions.h"

namespace deltic::delta {

// The table is set to widen types (delta.enableTypeWidening, with either name of the feature).
bool TypeWideningEnabled(const Protocol& protocol, const Metadata& metadata);
// byte → short → int, as delta-spark does on Spark 3.5.
bool CanWiden(const types::DataType& from, const types::DataType& to);

// `after` with delta.typeChanges recorded for every atomic type that differs from `before`'s; both have the same fields
// as far as they go. `table_version`: of the commit, for tables with the preview feature.
types::DataType RecordTypeChanges(const types::DataType& before, const types::DataType& after,
                                  std::optional<int64_t> table_version);
// `table_version` for RecordTypeChanges.
std::optional<int64_t> RecordedVersion(const Protocol& protocol, int64_t commit_version);
// The schema without delta.typeChanges.
types::DataType WithoutTypeChanges(const types::DataType& schema);

}  // namespace deltic::delta
