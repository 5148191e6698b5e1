// What delta-spark checks and changes in a table's metadata before it is committed, and what it checks when it reads
// one. Pure; thread-safe.
#pragma once

#include "delta/spec/actions.h"

namespace deltic::delta {

// Replaces CHAR/VARCHAR columns by STRING with the type in the field's metadata, and makes schema_string agree with
// schema. Refuses duplicate or illegal column names, unknown partition columns, a table of partition columns only and
// column names that the change data feed reserves. `before`: the table's metadata up to now, null when it is new.
Status PrepareMetadata(Metadata* metadata, const Metadata* before = nullptr);

// Of the metadata in the log at `version`: its partition columns are columns of the schema, spelled as they are there
// and of types that make directories, and no two columns differ by case only. Errors name the table.
Status CheckStoredMetadata(const Metadata& metadata, const std::string& table, int64_t version);

// Deletion vectors and manifests that are written along with commits exclude each other, since readers of manifests
// know no vectors: DELTA_VIOLATE_TABLE_PROPERTY_VALIDATION_FAILED.*. `has_vectors`: the table has files with some now.
Status CheckManifests(const Metadata& metadata, bool has_vectors);

}  // namespace deltic::delta
