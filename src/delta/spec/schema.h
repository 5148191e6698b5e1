// Questions about a Delta schema: column mapping, nested types, field metadata. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "delta/spec/actions.h"

namespace deltic::delta {

enum class ColumnMappingMode : uint8_t { kNone, kName, kId };
ColumnMappingMode MappingModeOf(const Metadata& metadata);
// Name of a field inside Parquet files, stats and partition values; its logical name without column mapping.
std::string PhysicalName(const types::StructField& field, ColumnMappingMode mode);
// delta.columnMapping.id; -1 when absent.
int64_t ColumnId(const types::StructField& field);
// The schema with physical names at every level (metadata kept).
types::DataType PhysicalSchema(const types::DataType& schema, ColumnMappingMode mode);

// Any field at any level has the type / the metadata key / is not nullable.
bool HasType(const types::DataType& type, types::TypeId id);
bool HasFieldMetadata(const types::DataType& type, std::string_view key);
bool HasNotNull(const types::DataType& type);
// A column itself has the metadata key.
bool HasColumnMetadata(const types::DataType& schema, std::string_view key);
// A column, or a field that structs alone lead to, is not nullable or has an invariant: what writers enforce.
bool HasInvariants(const types::DataType& schema);

// Data of schema `existing` can be read as `read`: every column is still there under the same name with the same type,
// and nullability agrees: nothing nullable became NOT NULL when `forbid_tighten_nullability`, else nothing NOT NULL
// became nullable (delta-spark SchemaUtils.isReadCompatible).
bool IsReadCompatible(const types::DataType& existing, const types::DataType& read, bool forbid_tighten_nullability);
// No column was renamed or dropped and the partitioning is the same between two metadatas (old first), by column
// mapping (delta-spark DeltaColumnMapping.hasNoColumnMappingSchemaChanges).
bool HasNoColumnMappingChanges(const Metadata& newer, const Metadata& older);

}  // namespace deltic::delta
