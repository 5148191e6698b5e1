// Decimals inside DuckDB vectors: reading any physical width as Int128 and writing one back.
// Stateless; thread-safe.
#pragma once

#include "duckdb.hpp"
#include "engine/functions/decimal_math.h"

namespace deltic::engine::functions {

inline Int128 FromHuge(const duckdb::hugeint_t& v) {
  return (static_cast<Int128>(v.upper) << 64) | static_cast<Int128>(v.lower);
}
inline duckdb::hugeint_t ToHuge(Int128 v) {
  duckdb::hugeint_t out;
  out.lower = static_cast<uint64_t>(v);
  out.upper = static_cast<int64_t>(v >> 64);
  return out;
}

template <typename P>
Int128 LoadDecimal(const P& v) {
  if constexpr (std::is_same_v<P, duckdb::hugeint_t>) {
    return FromHuge(v);
  } else {
    return v;
  }
}
template <typename P>
P StoreDecimal(Int128 v) {
  if constexpr (std::is_same_v<P, duckdb::hugeint_t>) {
    return ToHuge(v);
  } else {
    return static_cast<P>(v);
  }
}

inline DecimalShape ShapeOf(const duckdb::LogicalType& type) {
  return {duckdb::DecimalType::GetWidth(type), duckdb::DecimalType::GetScale(type)};
}
inline duckdb::LogicalType DecimalOf(DecimalShape shape) {
  return duckdb::LogicalType::DECIMAL(static_cast<uint8_t>(shape.precision), static_cast<uint8_t>(shape.scale));
}

// Calls f with a value of the C++ type that holds decimals of this precision.
template <typename F>
auto WithPhysical(int precision, F&& f) {
  if (precision <= 4) return f(int16_t{});
  if (precision <= 9) return f(int32_t{});
  if (precision <= 18) return f(int64_t{});
  return f(duckdb::hugeint_t{});
}

}  // namespace deltic::engine::functions
