// Text columns of Parquet row groups kept in memory as their files have them (delta::KeptText). Thread-safe.
#pragma once

#include <cstdint>
#include <memory>

#include "delta/io/parquet_io.h"

namespace duckdb {
class DatabaseInstance;
class ParquetReader;
}  // namespace duckdb

namespace deltic::engine {

class EngineImpl;
struct ParquetLeaf;

// Once per DuckDB instance, before any is read.
void RegisterKeptColumns(duckdb::DatabaseInstance& db);

// Reads the bytes of `leaf` in row group `group`. The engine outlives what is kept. Throws.
std::shared_ptr<const delta::KeptText> KeepColumn(EngineImpl* engine, duckdb::ParquetReader* reader,
                                                  const ParquetLeaf& leaf, uint64_t group);

}  // namespace deltic::engine
