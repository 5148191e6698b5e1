#include "engine/range_scan.h"

#include <algorithm>
#include <atomic>

#include "duckdb/common/types/vector.hpp"
#include "duckdb/function/table_function.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/statistics/node_statistics.hpp"
#include "duckdb/storage/statistics/numeric_stats.hpp"

namespace deltic::engine {
namespace {

using duckdb::idx_t;

constexpr idx_t kBatchRows = 122880;  // DuckDB's row group: one batch becomes one row group of a written file

struct RangeBind final : duckdb::TableFunctionData {
  int64_t start = 0;
  int64_t step = 1;
  uint64_t count = 0;
  int64_t At(uint64_t row) const {
    return static_cast<int64_t>(static_cast<uint64_t>(start) + row * static_cast<uint64_t>(step));
  }
};

struct RangeGlobal final : duckdb::GlobalTableFunctionState {
  explicit RangeGlobal(uint64_t rows) : count(rows) {}
  idx_t MaxThreads() const override { return std::max<idx_t>(1, count / kBatchRows); }
  const uint64_t count;
  std::atomic<uint64_t> next_batch{0};
};

struct RangeLocal final : duckdb::LocalTableFunctionState {
  uint64_t row = 0;
  uint64_t end = 0;  // of the current batch
  uint64_t batch = 0;
};

uint64_t RowCount(int64_t start, int64_t end, int64_t step) {
  if (step == 0 || (step > 0 ? start >= end : start <= end)) return 0;
  const auto distance = step > 0 ? static_cast<uint64_t>(end) - static_cast<uint64_t>(start)
                                 : static_cast<uint64_t>(start) - static_cast<uint64_t>(end);
  const uint64_t stride = step > 0 ? static_cast<uint64_t>(step) : uint64_t{0} - static_cast<uint64_t>(step);
  return (distance - 1) / stride + 1;
}

duckdb::unique_ptr<duckdb::FunctionData> Bind(duckdb::ClientContext&, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types,
                                              duckdb::vector<duckdb::string>& names) {
  auto bind = duckdb::make_uniq<RangeBind>();
  bind->start = input.inputs[0].GetValue<int64_t>();
  bind->step = input.inputs[2].GetValue<int64_t>();
  bind->count = RowCount(bind->start, input.inputs[1].GetValue<int64_t>(), bind->step);
  types = {duckdb::LogicalType::BIGINT};
  names = {"range"};
  return bind;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(duckdb::ClientContext&,
                                                                duckdb::TableFunctionInitInput& input) {
  return duckdb::make_uniq<RangeGlobal>(input.bind_data->Cast<RangeBind>().count);
}

duckdb::unique_ptr<duckdb::LocalTableFunctionState> InitLocal(duckdb::ExecutionContext&,
                                                              duckdb::TableFunctionInitInput&,
                                                              duckdb::GlobalTableFunctionState*) {
  return duckdb::make_uniq<RangeLocal>();
}

void Scan(duckdb::ClientContext&, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& bind = input.bind_data->Cast<RangeBind>();
  auto& global = input.global_state->Cast<RangeGlobal>();
  auto& local = input.local_state->Cast<RangeLocal>();
  if (local.row == local.end) {
    const uint64_t batch = global.next_batch.fetch_add(1);
    if (batch > bind.count / kBatchRows) return;  // also keeps the product below from overflowing
    local.batch = batch;
    local.row = std::min<uint64_t>(batch * kBatchRows, bind.count);
    local.end = std::min<uint64_t>(local.row + kBatchRows, bind.count);
  }
  const idx_t rows = std::min<uint64_t>(STANDARD_VECTOR_SIZE, local.end - local.row);
  output.data[0].Sequence(bind.At(local.row), bind.step, rows);
  output.SetCardinality(rows);
  local.row += rows;
}

duckdb::OperatorPartitionData PartitionData(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<RangeLocal>().batch);
}

duckdb::unique_ptr<duckdb::NodeStatistics> Cardinality(duckdb::ClientContext&, const duckdb::FunctionData* data) {
  const idx_t rows = data->Cast<RangeBind>().count;
  return duckdb::make_uniq<duckdb::NodeStatistics>(rows, rows);
}

duckdb::unique_ptr<duckdb::BaseStatistics> Statistics(duckdb::ClientContext&, const duckdb::FunctionData* data,
                                                      duckdb::column_t column) {
  const auto& bind = data->Cast<RangeBind>();
  if (column != 0 || bind.count == 0) return nullptr;
  auto stats = duckdb::BaseStatistics::CreateEmpty(duckdb::LogicalType::BIGINT);
  const auto [low, high] = std::minmax({bind.start, bind.At(bind.count - 1)});
  duckdb::NumericStats::SetMin(stats, duckdb::Value::BIGINT(low));
  duckdb::NumericStats::SetMax(stats, duckdb::Value::BIGINT(high));
  stats.SetHasNoNull();
  return stats.ToUnique();
}

}  // namespace

void RegisterRangeScan(duckdb::DatabaseInstance& db) {
  const duckdb::LogicalType bigint = duckdb::LogicalType::BIGINT;
  duckdb::TableFunction function(kRangeScanFunction, {bigint, bigint, bigint}, Scan, Bind, InitGlobal, InitLocal);
  function.get_partition_data = PartitionData;
  function.cardinality = Cardinality;
  function.statistics = Statistics;
  duckdb::ExtensionLoader(db, "deltic").RegisterFunction(std::move(function));
}

}  // namespace deltic::engine
