// Deterministic per-row random draws for SampleRel: scalar functions of (row number, seed).
// Registration happens once per DuckDB instance; the functions are pure and thread-safe.
#pragma once

#include "duckdb.hpp"

namespace deltic::engine {

inline constexpr char kSampleDrawFunction[] = "deltic_sample_draw";        // (row, seed) → [0, 1)
inline constexpr char kSamplePoissonFunction[] = "deltic_sample_poisson";  // (row, seed, mean) → count

void RegisterRowSampling(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine
