// The Delta core's Parquet seam, served by the engine. Thread-safe as the engine is; does not own it.
#pragma once

#include "delta/io/parquet_io.h"
#include "engine/engine.h"
#include "engine/parquet_columns.h"

namespace deltic::engine {

class DeltaParquetIo final : public delta::ParquetIo {
 public:
  explicit DeltaParquetIo(Engine* engine) : engine_(engine) {}
  Status Read(const delta::ParquetRequest& request, delta::ParquetConsumer* consumer) override {
    return ReadParquetColumns(engine_, request, consumer);
  }
  Result<int64_t> WriteFromJson(const std::string& path, const types::DataType& schema,
                                const std::vector<std::string>& json_rows) override {
    return engine_->WriteParquetFromJson(path, schema, json_rows);
  }

 private:
  Engine* engine_;
};

}  // namespace deltic::engine
