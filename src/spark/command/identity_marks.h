// High-water marks of identity columns when a table takes over an older or another schema (RESTORE, CLONE): values that
// were given out are not given out again (delta-spark IdentityColumn.copySchemaWithMergedHighWaterMarks). Pure.
#pragma once

#include "delta/spec/actions.h"

namespace deltic::spark::command {

// Raises the marks of `metadata`'s identity columns to those of the same (physical) columns of `current`.
void MergeIdentityMarks(const delta::Metadata& current, delta::Metadata* metadata);

}  // namespace deltic::spark::command
