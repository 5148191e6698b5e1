// What Engine::WriteFiles writes, on either of its ways: by DuckDB's COPY (write_files.cc) or, for rows that are at
// hand, by its Parquet writer alone (direct_write.h). Functions throw what they find wrong. Thread-compatible.
#pragma once

#include <deque>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "duckdb/parser/parsed_data/copy_info.hpp"
#include "engine/lower_expression.h"
#include "engine/staged_write.h"
#include "engine/write_stats.h"
#include "engine/write_support.h"

namespace deltic::engine {

// What is written: data columns first, then the partition columns as p0, p1, …
struct WritePlan {
  std::vector<StatsColumn> data;
  std::vector<size_t> positions;  // of the data columns among the rows' columns
  duckdb::vector<DuckExpr> select;
  std::vector<std::string> partition_names;  // in the COPY
  duckdb::child_list_t<duckdb::Value> field_ids;
  bool one_file = false;
  bool retypes = false;               // some column has other names inside than its rows
  std::deque<NullCounters> counters;  // one per column with collections; only when there is one file
};

struct CopyTarget {
  std::string path;  // file or staging directory
  std::string suffix;
  bool partitioned = false;
  bool keeps_order = true;
};

// Removes what was written unless told that all went well.
class Cleanup {
 public:
  ~Cleanup() {
    for (const auto& path : paths_) RemoveWritten(path);
  }
  void Add(std::string path) { paths_.push_back(std::move(path)); }
  void Dismiss() { paths_.clear(); }

 private:
  std::vector<std::string> paths_;
};

bool IsPartition(const WriteSpec& spec, size_t column);
// Column `i` of the rows, unless it is void.
void AddDataColumn(const Column& column, size_t i, const WriteSpec& spec, WritePlan* plan);
// The counters' values, column by column.
std::vector<int64_t> NullsOf(const WritePlan& plan);
duckdb::vector<duckdb::Value> OneValue(duckdb::Value value);  // as options of a COPY have it
// The file, and what DuckDB's Parquet writer is told.
duckdb::unique_ptr<duckdb::CopyInfo> WriterInfo(const WritePlan& plan, const CopyTarget& target,
                                                const std::string& codec);
// The directory of a partition, whose values `texts` are; *values are told what they are.
std::filesystem::path PartitionDirectory(const Rel& plan, const WriteSpec& spec,
                                         const std::vector<std::optional<std::string>>& texts,
                                         std::vector<Value>* values);

}  // namespace deltic::engine
