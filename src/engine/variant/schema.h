// The types of variants as schema_of_variant tells them. Pure; thread-safe. Failures throw.
#pragma once

#include <string>

#include "engine/variant/encoding.h"
#include "types/data_type.h"

namespace deltic::engine::variant {

// Objects are structs whose fields are sorted by name; void: nothing but nulls; variant: values of different kinds.
types::DataType SchemaOf(const VariantView& view);
types::DataType MergeSchemas(const types::DataType& a, const types::DataType& b);
// As SQL, with OBJECT<…> for structs.
std::string SchemaSql(const types::DataType& type);

}  // namespace deltic::engine::variant
