// Variants that a Parquet file holds in parts (parquet-format VariantShredding.md): a group of metadata, value and
// typed_value, rebuilt as one value. Thread-safe but for the vectors. Failures throw.
#pragma once

#include <memory>
#include <vector>

#include "duckdb.hpp"
#include "engine/variant/vectors.h"

namespace deltic::engine::variant {

// A group as DuckDB reads it: a STRUCT, of which these are the positions of its fields; -1: none.
struct ShreddedGroup {
  int metadata = -1;  // of a whole variant only
  int value = -1;
  int typed_value = -1;
  enum class Typed : uint8_t { kNone, kScalar, kArray, kObject };
  Typed typed = Typed::kNone;
  DataType scalar;                   // kScalar
  std::vector<std::string> names;    // kObject: of the fields
  std::vector<ShreddedGroup> parts;  // kObject: the fields; kArray: the element
};

// INVALID_VARIANT_SHREDDING_SCHEMA: not such a group. `whole`: it has a metadata field.
ShreddedGroup ReadShreddedGroup(const duckdb::LogicalType& group, bool whole);
// The first `count` rows of a vector of groups as variants. A flat result.
void Rebuild(duckdb::Vector& groups, const ShreddedGroup& schema, duckdb::idx_t count, duckdb::Vector& out);

}  // namespace deltic::engine::variant
