// One Parquet file through DuckDB's own reader, row group by row group: where a column is, which groups have nothing
// of it, and a scan of chosen columns of one group. Functions throw duckdb exceptions. A file may be scanned by several
// threads once its columns are chosen.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "duckdb.hpp"
#include "parquet_reader.hpp"

namespace deltic::engine {

// A column, or a field in a struct column.
struct ParquetLeaf {
  std::vector<duckdb::idx_t> path;  // positions from the root
  const duckdb::ParquetColumnSchema* schema = nullptr;

  const duckdb::LogicalType& type() const { return schema->type; }
};

// `path`: names joined by dots. Nullopt: the file has no such column.
std::optional<ParquetLeaf> FindLeaf(const duckdb::ParquetReader& reader, std::string_view path);

// The row group says of itself that the leaf and all below it is null in every row.
bool IsAllNull(const duckdb_parquet::RowGroup& group, const duckdb::ParquetColumnSchema& schema);

// The bytes of a column in a row group.
struct ChunkRange {
  duckdb::idx_t offset = 0;
  duckdb::idx_t size = 0;
};
ChunkRange RangeOf(const duckdb_parquet::ColumnMetaData& column);

// What scans of `reader` read. The leaves outlive it.
void ChooseLeaves(duckdb::ParquetReader* reader, const std::vector<const ParquetLeaf*>& leaves);

// A scan of one row group.
class GroupScan {
 public:
  GroupScan(duckdb::ClientContext& context, duckdb::ParquetReader* reader, duckdb::idx_t group);
  // The next batch; null at the end.
  duckdb::DataChunk* Next();
  // The chosen leaf in the batch.
  duckdb::Vector& Of(const ParquetLeaf& leaf);

 private:
  duckdb::ClientContext& context_;
  duckdb::ParquetReader* const reader_;
  duckdb::ParquetReaderScanState state_;
  duckdb::DataChunk chunk_;
};

}  // namespace deltic::engine
