#include "engine/parquet_merge/chunk_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

namespace deltic::engine::merge {
namespace {

using duckdb_parquet::ColumnMetaData;
using duckdb_parquet::Statistics;
using duckdb_parquet::Type;

template <typename T>
T Load(const std::string& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

template <typename T>
int CompareAs(const std::string& a, const std::string& b) {
  const T x = Load<T>(a);
  const T y = Load<T>(b);
  return x < y ? -1 : (y < x ? 1 : 0);
}

// Zeros by their sign.
template <typename T>
int CompareFloats(const std::string& a, const std::string& b) {
  const int order = CompareAs<T>(a, b);
  if (order != 0) return order;
  return static_cast<int>(std::signbit(Load<T>(b))) - static_cast<int>(std::signbit(Load<T>(a)));
}

// Big-endian two's complement of any length.
int CompareDecimals(const std::string& a, const std::string& b) {
  const auto negative = [](const std::string& s) {
    return !s.empty() && (static_cast<unsigned char>(s[0]) & 0x80) != 0;
  };
  if (negative(a) != negative(b)) return negative(a) ? -1 : 1;
  const char fill = negative(a) ? '\xff' : '\0';
  const size_t length = std::max(a.size(), b.size());
  const std::string x = std::string(length - a.size(), fill) + a;
  const std::string y = std::string(length - b.size(), fill) + b;
  return std::memcmp(x.data(), y.data(), length);
}

int Compare(const std::string& a, const std::string& b, const Leaf& leaf) {
  switch (leaf.physical) {
    case Type::BOOLEAN: return CompareAs<uint8_t>(a, b);
    case Type::INT32: return CompareAs<int32_t>(a, b);
    case Type::INT64: return CompareAs<int64_t>(a, b);
    case Type::FLOAT: return CompareFloats<float>(a, b);
    case Type::DOUBLE: return CompareFloats<double>(a, b);
    default: return leaf.type.Is(TypeId::kDecimal) ? CompareDecimals(a, b) : a.compare(b);
  }
}

// A bound that can be one of the leaf's values.
bool IsBound(const std::string& bytes, const Leaf& leaf) {
  switch (leaf.physical) {
    case Type::BOOLEAN: return bytes.size() == 1;
    case Type::INT32:
    case Type::INT64: return bytes.size() == leaf.value_bytes();
    case Type::FLOAT: return bytes.size() == sizeof(float) && !std::isnan(Load<float>(bytes));
    case Type::DOUBLE: return bytes.size() == sizeof(double) && !std::isnan(Load<double>(bytes));
    case Type::FIXED_LEN_BYTE_ARRAY: return bytes.size() == leaf.value_bytes();
    default: return !leaf.type.Is(TypeId::kDecimal) || !bytes.empty();
  }
}

bool HasBounds(const Statistics& stats, const Leaf& leaf) {
  return stats.__isset.min_value && stats.__isset.max_value && IsBound(stats.min_value, leaf) &&
         IsBound(stats.max_value, leaf);
}

void SetMin(const Statistics& from, Statistics* to) {
  to->__set_min_value(from.min_value);
  to->is_min_value_exact = from.is_min_value_exact;
  to->__isset.is_min_value_exact = from.__isset.is_min_value_exact;
}

void SetMax(const Statistics& from, Statistics* to) {
  to->__set_max_value(from.max_value);
  to->is_max_value_exact = from.is_max_value_exact;
  to->__isset.is_max_value_exact = from.__isset.is_max_value_exact;
}

}  // namespace

std::optional<Statistics> MergeStatistics(const std::vector<const ColumnMetaData*>& inputs, const Leaf& leaf) {
  Statistics out;
  bool nulls = true;
  bool bounds = true;
  for (const ColumnMetaData* input : inputs) {
    if (!input->__isset.statistics) return std::nullopt;
    const Statistics& stats = input->statistics;
    const bool counted = stats.__isset.null_count && stats.null_count >= 0 && stats.null_count <= input->num_values;
    nulls = nulls && counted;
    const bool empty = input->num_values == 0 || (counted && stats.null_count == input->num_values);
    if (counted) out.null_count += stats.null_count;
    if (empty || !bounds) continue;
    bounds = HasBounds(stats, leaf);
    if (!bounds) continue;
    if (!out.__isset.min_value || Compare(stats.min_value, out.min_value, leaf) < 0) SetMin(stats, &out);
    if (!out.__isset.max_value || Compare(stats.max_value, out.max_value, leaf) > 0) SetMax(stats, &out);
  }
  out.__isset.null_count = nulls;
  if (!bounds) {
    out.__isset.min_value = out.__isset.max_value = false;
    out.__isset.is_min_value_exact = out.__isset.is_max_value_exact = false;
  }
  if (!nulls && !out.__isset.min_value) return std::nullopt;
  if (inputs.size() == 1 && inputs[0]->statistics.__isset.distinct_count) {
    out.__set_distinct_count(inputs[0]->statistics.distinct_count);
  }
  return out;
}

}  // namespace deltic::engine::merge
