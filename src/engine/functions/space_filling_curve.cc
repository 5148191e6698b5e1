// Kernels of multi-dimensional clustering: the number of the range a key falls into, and positions on the Z-order and
// Hilbert curves (delta-spark's range_partition_id, interleave_bits, hilbert_index). NULL ids count as 0.
#include "engine/functions/space_filling_curve.h"

#include <algorithm>
#include <vector>

#include "engine/functions/list_access.h"

namespace deltic::engine::functions {
namespace {

using duckdb::idx_t;
using duckdb::LogicalType;

constexpr uint32_t kMaxBits = 32;

// spark_range_id(key BLOB, bounds LIST(BLOB) ascending): how many bounds are below the key.
void RangeIds(duckdb::DataChunk& args, duckdb::Vector& result) {
  const idx_t rows = args.size();
  duckdb::UnifiedVectorFormat keys;
  args.data[0].ToUnifiedFormat(rows, keys);
  const auto* data = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(keys);
  ListAccess list(args.data[1], rows);
  // The bounds are a constant of the query.
  std::vector<std::string_view> bounds;
  if (rows > 0 && !list.IsNull(0)) {
    for (idx_t i = 0; i < list.Length(0); i++) {
      const auto& bound = list.Element<duckdb::string_t>(0, i);
      bounds.emplace_back(bound.GetData(), bound.GetSize());
    }
  }
  auto* out = duckdb::FlatVector::GetData<int32_t>(result);
  for (idx_t row = 0; row < rows; row++) {
    const auto index = keys.sel->get_index(row);
    if (!keys.validity.RowIsValid(index)) {
      out[row] = 0;
      continue;
    }
    const std::string_view key(data[index].GetData(), data[index].GetSize());
    out[row] = static_cast<int32_t>(std::lower_bound(bounds.begin(), bounds.end(), key) - bounds.begin());
  }
}

// The bits of the axes, highest first, one of each in turn, as bytes that compare like the number they make.
std::string Interleave(const std::vector<uint32_t>& axes, uint32_t bits) {
  std::string out((axes.size() * bits + 7) / 8, '\0');
  size_t position = 0;
  for (uint32_t bit = bits; bit-- > 0;) {
    for (const uint32_t axis : axes) {
      if ((axis >> bit) & 1U) out[position / 8] = static_cast<char>(out[position / 8] | (0x80U >> (position % 8)));
      position++;
    }
  }
  return out;
}

// Skilling, "Programming the Hilbert curve" (2004): coordinates → the transposed index, in place.
void AxesToTranspose(std::vector<uint32_t>* axes, uint32_t bits) {
  auto& x = *axes;
  const uint32_t top = 1U << (bits - 1);
  for (uint32_t q = top; q > 1; q >>= 1) {
    const uint32_t p = q - 1;
    for (auto& axis : x) {
      if (axis & q) {
        x[0] ^= p;
      } else {
        const uint32_t t = (x[0] ^ axis) & p;
        x[0] ^= t;
        axis ^= t;
      }
    }
  }
  for (size_t i = 1; i < x.size(); i++) x[i] ^= x[i - 1];
  uint32_t t = 0;
  for (uint32_t q = top; q > 1; q >>= 1) {
    if (x.back() & q) t ^= q - 1;
  }
  for (auto& axis : x) axis ^= t;
}

// (bits INTEGER, id INTEGER, …) → BLOB
void CurvePositions(duckdb::DataChunk& args, duckdb::Vector& result, bool hilbert) {
  const idx_t rows = args.size();
  std::vector<duckdb::UnifiedVectorFormat> formats(args.ColumnCount());
  for (idx_t i = 0; i < args.ColumnCount(); i++) args.data[i].ToUnifiedFormat(rows, formats[i]);
  const auto read = [&](idx_t column, idx_t row) {
    const auto index = formats[column].sel->get_index(row);
    if (!formats[column].validity.RowIsValid(index)) return uint32_t{0};
    return static_cast<uint32_t>(duckdb::UnifiedVectorFormat::GetData<int32_t>(formats[column])[index]);
  };
  auto* out = duckdb::FlatVector::GetData<duckdb::string_t>(result);
  std::vector<uint32_t> axes(args.ColumnCount() - 1);
  for (idx_t row = 0; row < rows; row++) {
    const uint32_t bits = std::clamp(read(0, row), 1U, kMaxBits);
    for (idx_t i = 1; i < args.ColumnCount(); i++) axes[i - 1] = read(i, row);
    if (hilbert) AxesToTranspose(&axes, bits);
    out[row] = duckdb::StringVector::AddStringOrBlob(result, Interleave(axes, bits));
  }
}

}  // namespace

void RegisterCurveKernels(KernelSink& sink) {
  AddGeneric(sink, "spark_range_id", 2, [](const auto&) { return LogicalType::INTEGER; }, RangeIds);
  AddGeneric(
      sink, "spark_interleave_bits", -1, [](const auto&) { return LogicalType::BLOB; },
      [](duckdb::DataChunk& args, duckdb::Vector& result) { CurvePositions(args, result, false); });
  AddGeneric(
      sink, "spark_hilbert_index", -1, [](const auto&) { return LogicalType::BLOB; },
      [](duckdb::DataChunk& args, duckdb::Vector& result) { CurvePositions(args, result, true); });
}

}  // namespace deltic::engine::functions
