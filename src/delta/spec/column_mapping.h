// Column mapping of a table's writers: ids and physical names of its fields (PROTOCOL.md › Column Mapping). Pure but
// for the random names; thread-safe.
#pragma once

#include "base/random.h"
#include "delta/spec/actions.h"

namespace deltic::delta {

// Gives every field of a mapped table its id and physical name, and the table its maxColumnId, which never shrinks.
// What has them keeps them. A table that is upgraded (`old` unmapped) keeps its names as physical ones; other new
// fields are called col-<uuid>. `old`: what is in force, null for a new table. Unmapped tables are left alone.
void AssignColumnMapping(const Metadata* old, Metadata* metadata, Random* random);

// The schema without ids and physical names at any level.
types::DataType WithoutColumnMapping(const types::DataType& schema);

}  // namespace deltic::delta
