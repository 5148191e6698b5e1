// Variants inside DuckDB vectors, where each is a STRUCT(value BLOB, metadata BLOB), and what casts make of them:
// VariantGet.cast and castToVariant of Spark. Failures throw. Thread-safe but for the vectors.
#pragma once

#include "duckdb.hpp"
#include "engine/functions/time_zone.h"
#include "engine/plan/expression.h"
#include "engine/variant/encoding.h"

namespace deltic::engine::variant {

using Format = duckdb::RecursiveUnifiedVectorFormat;

// The type of every vector of variants.
duckdb::LogicalType VectorType();

bool IsNullAt(const Format& f, duckdb::idx_t row);
// The variant of a row that is not null.
VariantView ViewAt(const Format& f, duckdb::idx_t row);
// Calls f(view, row) for each row that is not null; the others give NULL.
template <typename F>
void ForEachVariant(duckdb::DataChunk& args, duckdb::Vector& result, const F& f) {
  Format variants;
  duckdb::Vector::RecursiveToUnifiedFormat(args.data[0], args.size(), variants);
  for (duckdb::idx_t row = 0; row < args.size(); ++row) {
    if (IsNullAt(variants, row))
      duckdb::FlatVector::SetNull(result, row, true);
    else
      f(ViewAt(variants, row), row);
  }
}

// A slot of a flat result, its parts too, becomes not null.
void MakeValid(duckdb::Vector& out, duckdb::idx_t at);
void StoreVariant(std::string_view value, std::string_view metadata, duckdb::Vector& out, duckdb::idx_t at);
void StoreVariant(const VariantBuilder& built, duckdb::Vector& out, duckdb::idx_t at);
// Text into a string vector, made valid UTF-8.
void StoreText(std::string_view text, duckdb::Vector& out, duckdb::idx_t at);
// A slot behind the elements of a list.
duckdb::idx_t AppendSlot(duckdb::Vector& list);

// Stores the variant as a value of `type`. Where a part of it is no such value: INVALID_VARIANT_CAST, or NULL for that
// part unless `fail`.
struct CastOptions {
  const functions::Zone& zone;
  bool fail = true;
};
void StoreAs(const VariantView& view, const DataType& type, const CastOptions& options, duckdb::Vector& out,
             duckdb::idx_t at);

// Appends a value of `type`; NULL is the variant null.
void AppendValue(const Format& f, const DataType& type, duckdb::idx_t row, VariantBuilder* out);

}  // namespace deltic::engine::variant
