// Engine over one in-memory DuckDB instance. Each call runs on a connection of its own.
// Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "duckdb.hpp"
#include "engine/engine.h"
#include "engine/lower_relation.h"
#include "engine/result_stream.h"

namespace deltic::engine {

class EngineImpl final : public Engine {
 public:
  explicit EngineImpl(std::shared_ptr<duckdb::DuckDB> db, std::string own_temp_directory);
  ~EngineImpl() override;

  Result<std::unique_ptr<ResultStream>> Execute(const RelPtr& plan, const QueryOptions& options) override;
  Result<std::vector<std::vector<Value>>> Collect(const RelPtr& plan, const QueryOptions& options,
                                                  int64_t max_rows) override;
  Result<std::vector<WrittenFile>> WriteFiles(const RelPtr& plan, const WriteSpec& spec, const QueryOptions& options,
                                              std::function<bool()> interrupted) override;
  Result<RelPtr> Materialize(const RelPtr& plan, const QueryOptions& options) override;
  Result<std::vector<types::StructField>> InferSchema(FileFormat format, const std::vector<std::string>& paths,
                                                      const std::map<std::string, std::string>& options) override;
  Result<std::vector<types::StructField>> ArrowSchemaOf(const std::string& ipc_stream) override;
  Result<std::string> Explain(const RelPtr& plan, const QueryOptions& options) override;
  Status ReadParquetAsJson(const std::string& path, const std::vector<std::string>& columns,
                           const std::function<Status(std::string_view json)>& row) override;
  Result<int64_t> WriteParquetFromJson(const std::string& path, const DataType& schema,
                                       const std::vector<std::string>& json_rows) override;

  std::shared_ptr<duckdb::Connection> Connect();

 private:
  // Lowers and starts the plan. Throws.
  RunningQuery Start(const RelPtr& plan, duckdb::QueryParameters parameters,
                     const QueryOptions& options = QueryOptions());
  duckdb::unique_ptr<duckdb::SelectStatement> Lower(duckdb::Connection& connection, const RelPtr& plan,
                                                    std::vector<std::shared_ptr<void>>* keep_alive,
                                                    const QueryOptions& options = QueryOptions());
  // Runs the plan and hands over its rows one by one; stops at the first error. Throws.
  using RowSink = std::function<Status(const std::vector<Value>&)>;
  Status ForEachRow(const RelPtr& plan, const RowSink& sink, const QueryOptions& options = QueryOptions());
  std::string TempDirectory() const;
  bool IsVolatile(duckdb::ClientContext& context, const std::string& function);

  std::shared_ptr<duckdb::DuckDB> db_;
  std::string own_temp_directory_;
  std::mutex mutex_;
  std::unordered_map<std::string, bool> volatile_functions_;  // guarded by mutex_
};

}  // namespace deltic::engine
