// Text columns of Parquet row groups that are read later (delta::KeptText): from their file when it is local, else from
// its bytes, kept in memory as the file has them. Thread-safe.
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

// Remembers where `leaf` is in row group `group`, or reads its bytes. The engine outlives what is kept. Throws.
std::shared_ptr<const delta::KeptText> KeepColumn(EngineImpl* engine, duckdb::ParquetReader* reader,
                                                  const ParquetLeaf& leaf, uint64_t group);

}  // namespace deltic::engine
