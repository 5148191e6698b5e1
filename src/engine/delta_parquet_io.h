// The Delta core's Parquet seam, served by the engine. Thread-safe as the engine is; does not own it.
#pragma once

#include "delta/io/parquet_io.h"
#include "engine/engine.h"
#include "engine/parquet_columns.h"

namespace deltic::engine {

class DeltaParquetIo final : public delta::ParquetIo {
 public:
  explicit DeltaParquetIo(Engine* engine) : engine_(engine) {}
  Status ReadColumns(const std::string& path, const std::vector<delta::ParquetColumn>& columns,
                     const std::function<Status(const delta::ParquetRows&)>& rows) override {
    return ReadParquetColumns(engine_, path, columns, rows);
  }
  Result<int64_t> WriteFromJson(const std::string& path, const types::DataType& schema,
                                const std::vector<std::string>& json_rows) override {
    return engine_->WriteParquetFromJson(path, schema, json_rows);
  }

 private:
  Engine* engine_;
};

}  // namespace deltic::engine
