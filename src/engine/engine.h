// The engine: one DuckDB instance behind a Spark-typed interface. The only folder that includes DuckDB;
// this header does not.
//
// Engine is thread-safe; an EngineSession is used by one query thread at a time per call but may be called
// concurrently (each query gets its own DuckDB connection); a ResultStream belongs to one thread, except
// Interrupt(), which any thread may call.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/plan/relation.h"

struct ArrowSchema;
struct ArrowArray;

namespace deltic::engine {

struct EngineOptions {
  int threads = 0;                 // 0: all cores
  int64_t memory_limit_bytes = 0;  // 0: 60 % of the machine
  std::string temp_directory;      // spill; empty: a private directory under the system's temp
};

struct QueryOptions {
  std::string time_zone = "UTC";      // for Arrow timestamp fields and functions that need the session zone
  int64_t batch_rows = 0;             // 0: engine's choice
  bool large_strings = false;         // Arrow large_utf8/large_binary instead of utf8/binary
  std::function<bool()> interrupted;  // may be empty; polled: true ends the call with OPERATION_CANCELED
};

// Encoded batches of one query. Memory is bounded: rows are produced as they are asked for.
class ResultStream {
 public:
  virtual ~ResultStream() = default;
  // One Arrow IPC stream holding only the schema message and end-of-stream (for empty results).
  virtual Result<std::string> SchemaIpc() = 0;
  // Next batch as a self-contained Arrow IPC stream (schema + one record batch), at most ~4 MiB of data;
  // *rows is its row count. Empty string: end of the result.
  virtual Result<std::string> NextBatchIpc(int64_t* rows) = 0;
  // 0..1, or -1 when unknown. Any thread.
  virtual double Progress() = 0;
  // Makes the running Next fail with OPERATION_CANCELED. Any thread; idempotent.
  virtual void Interrupt() = 0;
};

// One data file that WriteFiles produced.
struct WrittenFile {
  std::string path;  // native path
  int64_t size_bytes = 0;
  int64_t record_count = 0;
  std::vector<Value> partition_values;  // parallel to WriteSpec::partition_columns
  std::string stats_json;               // Delta stats {"numRecords":…,"minValues":…,"maxValues":…,"nullCount":…}
};

struct WriteSpec {
  FileFormat format = FileFormat::kParquet;
  std::string directory;  // native path; created when absent
  // Indexes into the relation's output. Partition columns are not written into the files (Delta, Hive);
  // files go to `col=value/` sub-directories with Hive escaping.
  std::vector<int> partition_columns;
  // Physical column names (column mapping) and Parquet field ids, parallel to output; empty: logical, none.
  std::vector<std::string> physical_names;
  std::vector<int> field_ids;
  // Physical types parallel to output: nested physical names, and nested field ids in field metadata
  // ("delta.columnMapping.id"). Empty: equal to the logical types.
  std::vector<DataType> physical_types;
  // File names are part-<number>-<uuid>-c000.snappy.parquet (or the format's extension); the uuid comes from `uuid`.
  std::string uuid;
  std::string file_prefix = "part";  // "cdc" for change files
  std::string compression = "snappy";
  int64_t max_records_per_file = 0;  // 0: no limit
  bool write_empty_file = false;     // without rows: one file with the schema instead of none
  bool collect_stats = true;
  int stats_column_limit = 32;                 // delta.dataSkippingNumIndexedCols; -1: all
  std::vector<std::string> stats_columns;      // delta.dataSkippingStatsColumns (physical); empty: by limit
  std::vector<std::string> hidden_columns;     // physical names of columns that are not the table's: no statistics
  std::map<std::string, std::string> options;  // csv/json/text writer options, lower-case Spark names
  std::string time_zone = "UTC";
  // Asked, on any thread, before a file is put into a remote directory: rows are read and encoded meanwhile. It may
  // wait; an error of it ends the writing. Null: there is nothing to ask.
  std::function<Status()> may_start;
};

class Engine {
 public:
  static Result<std::unique_ptr<Engine>> Open(const EngineOptions& options);
  virtual ~Engine() = default;

  virtual Result<std::unique_ptr<ResultStream>> Execute(const RelPtr& plan, const QueryOptions& options) = 0;
  // Runs to the end and returns at most `max_rows` rows as values (for commands, show, small results).
  virtual Result<std::vector<std::vector<Value>>> Collect(const RelPtr& plan, const QueryOptions& options,
                                                          int64_t max_rows) = 0;
  // Writes the relation's rows as files. Nothing is committed anywhere; on error the files written so far
  // are removed. `interrupt` (may be empty) is polled.
  virtual Result<std::vector<WrittenFile>> WriteFiles(const RelPtr& plan, const WriteSpec& spec,
                                                      const QueryOptions& options,
                                                      std::function<bool()> interrupted) = 0;
  // Runs and keeps the rows (spills to disk); the result is read any number of times and freed with the Rel.
  virtual Result<RelPtr> Materialize(const RelPtr& plan, const QueryOptions& options) = 0;
  // Schema of one file: Spark types of a Parquet footer, or inference for csv/json by sampling.
  virtual Result<std::vector<types::StructField>> InferSchema(FileFormat format, const std::vector<std::string>& paths,
                                                              const std::map<std::string, std::string>& options) = 0;
  // Number of rows in the stream of Arrow IPC bytes and its Spark schema; validates the message whole.
  virtual Result<std::vector<types::StructField>> ArrowSchemaOf(const std::string& ipc_stream) = 0;
  // The optimised physical plan as text, for explain().
  virtual Result<std::string> Explain(const RelPtr& plan, const QueryOptions& options) = 0;
  // Rows of a Parquet file as JSON objects, one per row, for Delta checkpoints; columns: top-level names to read.
  virtual Status ReadParquetAsJson(const std::string& path, const std::vector<std::string>& columns,
                                   const std::function<Status(std::string_view json)>& row) = 0;
  // Writes one Parquet file from JSON lines with the given struct schema (Delta checkpoints). Returns its size.
  virtual Result<int64_t> WriteParquetFromJson(const std::string& path, const DataType& schema,
                                               const std::vector<std::string>& json_rows) = 0;
};

}  // namespace deltic::engine
