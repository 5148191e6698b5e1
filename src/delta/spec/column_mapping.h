// Column mapping: ids and physical names of a table's fields (PROTOCOL.md › Column Mapping). Pure but for the random
// names; thread-safe.
#pragma once

#include "base/random.h"
#include "base/status.h"
#include "delta/spec/actions.h"

namespace deltic::delta {

// Gives every field of a mapped table its id and physical name, and the table its maxColumnId, which never shrinks.
// What has them keeps them. A table that is upgraded (`old` unmapped) keeps its names as physical ones; other new
// fields are called col-<uuid>. `old`: what is in force, null for a new table. Unmapped tables are left alone.
void AssignColumnMapping(const Metadata* old, Metadata* metadata, Random* random);

// _COLUMN_MAPPING_UNSUPPORTED: a mode, in lower case, that is not none, name or id. What the files call the table's
// columns is not known then.
Status UnsupportedMappingMode(const std::string& mode);
Status CheckColumnMappingMode(const Metadata& metadata);
// And every field of a mapped table has an id and a physical name (_COLUMN_MAPPING_INCOMPLETE).
Status CheckColumnMapping(const Metadata& metadata);

// The schema without ids and physical names at any level.
types::DataType WithoutColumnMapping(const types::DataType& schema);

}  // namespace deltic::delta
