#include "engine/row_sampling.h"

#include <cmath>

#include "duckdb/common/vector_operations/binary_executor.hpp"
#include "duckdb/common/vector_operations/ternary_executor.hpp"
#include "duckdb/main/extension/extension_loader.hpp"

namespace deltic::engine {
namespace {

uint64_t Mix(uint64_t x) {  // the finaliser of splitmix64
  x += 0x9E3779B97F4A7C15ULL;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

double Draw(int64_t row, int64_t seed, uint64_t stream) {
  uint64_t bits = Mix(Mix(static_cast<uint64_t>(seed)) ^ Mix(static_cast<uint64_t>(row) + (stream << 48)));
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

// Knuth's product method; means above a few hundred do not occur as sampling fractions, so it is bounded.
int64_t Poisson(int64_t row, int64_t seed, double mean) {
  if (mean <= 0) return 0;
  const double limit = std::exp(-std::min(mean, 500.0));
  double product = 1.0;
  for (uint64_t k = 0; k < 10000; ++k) {
    product *= Draw(row, seed, k + 1);
    if (product <= limit) return static_cast<int64_t>(k);
  }
  return 10000;
}

void DrawFunction(duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
  duckdb::BinaryExecutor::Execute<int64_t, int64_t, double>(
      args.data[0], args.data[1], result, args.size(), [](int64_t row, int64_t seed) { return Draw(row, seed, 0); });
}

void PoissonFunction(duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
  duckdb::TernaryExecutor::Execute<int64_t, int64_t, double, int64_t>(args.data[0], args.data[1], args.data[2], result,
                                                                      args.size(), Poisson);
}

}  // namespace

void RegisterRowSampling(duckdb::DatabaseInstance& db) {
  using duckdb::LogicalType;
  duckdb::ExtensionLoader loader(db, "deltic");
  loader.RegisterFunction(duckdb::ScalarFunction(kSampleDrawFunction, {LogicalType::BIGINT, LogicalType::BIGINT},
                                                 LogicalType::DOUBLE, DrawFunction));
  loader.RegisterFunction(duckdb::ScalarFunction(kSamplePoissonFunction,
                                                 {LogicalType::BIGINT, LogicalType::BIGINT, LogicalType::DOUBLE},
                                                 LogicalType::BIGINT, PoissonFunction));
}

}  // namespace deltic::engine
