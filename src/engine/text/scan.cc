#include "engine/text/scan.h"

#include <atomic>
#include <charconv>

#include "duckdb/common/file_system.hpp"
#include "duckdb/function/table_function.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/tableref/table_function_ref.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "duckdb/storage/statistics/node_statistics.hpp"
#include "engine/file_pruning.h"
#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "engine/text/split_rows.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace text {
namespace {

using duckdb::idx_t;
using duckdb::make_uniq;
using duckdb::unique_ptr;
using functions::ThrowStatus;

constexpr idx_t kSplitBytes = idx_t{4} << 20;
constexpr idx_t kBytesPerRow = 40;  // a guess, for cardinalities

// DuckDB passes a table function's arguments as values only: the spec travels as its address.
std::string EncodeSpec(const SourceSpec* spec) { return std::to_string(reinterpret_cast<uintptr_t>(spec)); }
const SourceSpec* DecodeSpec(const std::string& text) {
  uintptr_t address = 0;
  std::from_chars(text.data(), text.data() + text.size(), address);
  if (address == 0) ThrowStatus(InternalError("text scan without a description"));
  return reinterpret_cast<const SourceSpec*>(address);
}

struct ScanBind final : duckdb::TableFunctionData {
  const SourceSpec* spec = nullptr;
  std::vector<size_t> kept;  // files
};

struct ScanGlobal final : duckdb::GlobalTableFunctionState {
  idx_t MaxThreads() const override { return std::max<idx_t>(1, splits.size()); }
  std::vector<Split> splits;
  std::vector<idx_t> columns;  // per output column: its place in the spec; past the end: a virtual column
  std::atomic<size_t> next{0};
};

struct ScanLocal final : duckdb::LocalTableFunctionState {
  ScanLocal(const SourceSpec& spec, const std::vector<idx_t>& columns) : rows(spec, columns) {}
  SplitRows rows;
  size_t split = 0;
  bool open = false;
};

unique_ptr<duckdb::FunctionData> Bind(duckdb::ClientContext&, duckdb::TableFunctionBindInput& input,
                                      duckdb::vector<duckdb::LogicalType>& types,
                                      duckdb::vector<duckdb::string>& names) {
  auto bind = make_uniq<ScanBind>();
  bind->spec = DecodeSpec(duckdb::StringValue::Get(input.inputs[0]));
  for (size_t i = 0; i < bind->spec->files->size(); ++i) bind->kept.push_back(i);
  for (const auto& column : bind->spec->output) {
    names.push_back(ColumnName(column.id));
    types.push_back(ToDuckType(column.type));
  }
  if (types.empty()) {
    names.emplace_back("no_columns");
    types.push_back(duckdb::LogicalType::BOOLEAN);
  }
  return bind;
}

std::vector<Split> SplitsOf(const SourceSpec& spec, const std::vector<size_t>& kept) {
  std::vector<Split> out;
  for (const size_t file : kept) {
    const ScanFile& scan_file = (*spec.files)[file];
    const auto size = static_cast<idx_t>(std::max<int64_t>(scan_file.size_bytes, 0));
    if (!RecordReader::CanSplit(spec.format, spec.options, scan_file.path) || size <= kSplitBytes) {
      out.push_back({file, 0, duckdb::NumericLimits<idx_t>::Maximum()});
      continue;
    }
    for (idx_t start = 0; start < size; start += kSplitBytes) {
      const idx_t end = start + kSplitBytes;
      out.push_back({file, start, end < size ? end : duckdb::NumericLimits<idx_t>::Maximum()});
    }
  }
  return out;
}

unique_ptr<duckdb::GlobalTableFunctionState> InitGlobal(duckdb::ClientContext&, duckdb::TableFunctionInitInput& input) {
  const auto& bind = input.bind_data->Cast<ScanBind>();
  auto global = make_uniq<ScanGlobal>();
  for (const auto id : input.column_ids) global->columns.push_back(id);
  CheckWanted(*bind.spec, global->columns);
  global->splits = SplitsOf(*bind.spec, bind.kept);
  return global;
}

unique_ptr<duckdb::LocalTableFunctionState> InitLocal(duckdb::ExecutionContext&, duckdb::TableFunctionInitInput& input,
                                                      duckdb::GlobalTableFunctionState* state) {
  return make_uniq<ScanLocal>(*input.bind_data->Cast<ScanBind>().spec, state->Cast<ScanGlobal>().columns);
}

void Scan(duckdb::ClientContext& context, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  auto& global = input.global_state->Cast<ScanGlobal>();
  auto& local = input.local_state->Cast<ScanLocal>();
  while (true) {
    if (!local.open) {
      const size_t split = global.next.fetch_add(1);
      if (split >= global.splits.size()) return;
      local.split = split;
      local.rows.Open(duckdb::FileSystem::GetFileSystem(context), global.splits[split]);
      local.open = true;
    }
    const idx_t rows = local.rows.Fill(output);
    if (rows < STANDARD_VECTOR_SIZE) local.open = false;
    if (rows > 0) return;
  }
}

duckdb::OperatorPartitionData PartitionData(duckdb::ClientContext&, duckdb::TableFunctionGetPartitionInput& input) {
  return duckdb::OperatorPartitionData(input.local_state->Cast<ScanLocal>().split);
}

unique_ptr<duckdb::NodeStatistics> Cardinality(duckdb::ClientContext&, const duckdb::FunctionData* data) {
  const auto& bind = data->Cast<ScanBind>();
  idx_t bytes = 0;
  for (const size_t file : bind.kept)
    bytes += static_cast<idx_t>(std::max<int64_t>((*bind.spec->files)[file].size_bytes, 0));
  return make_uniq<duckdb::NodeStatistics>(bytes / kBytesPerRow + 1);
}

// Rows may be counted without a column.
duckdb::virtual_column_map_t VirtualColumns(duckdb::ClientContext&, duckdb::optional_ptr<duckdb::FunctionData>) {
  duckdb::virtual_column_map_t out;
  out.insert({duckdb::COLUMN_IDENTIFIER_EMPTY, duckdb::TableColumn("", duckdb::LogicalType::BOOLEAN)});
  return out;
}

// Files whose partition values rule them out are not opened.
void PushFilters(duckdb::ClientContext& context, duckdb::LogicalGet& get, duckdb::FunctionData* data,
                 duckdb::vector<unique_ptr<duckdb::Expression>>& filters) {
  auto& bind = data->Cast<ScanBind>();
  std::vector<PrunableColumn> columns;
  for (const auto& index : get.GetColumnIds()) {
    PrunableColumn column;
    const auto id = index.GetPrimaryIndex();
    if (id < bind.spec->columns.size()) {
      column.file_column = &bind.spec->columns[id];
      column.type = &bind.spec->output[id].type;
    }
    columns.push_back(column);
  }
  bind.kept = PruneFiles(context, *bind.spec->files, bind.kept, get.table_index, columns, filters);
}

void CheckColumns(const FilesRel& rel) {
  for (const auto& column : rel.columns) {
    if (column.source == FileColumn::Source::kRowIndex) ThrowStatus(Unsupported("row index of text files"));
  }
}

}  // namespace

void RegisterTextScan(duckdb::DatabaseInstance& db) {
  duckdb::TableFunction function(kTextScanFunction, {duckdb::LogicalType::VARCHAR}, Scan, Bind, InitGlobal, InitLocal);
  function.projection_pushdown = true;
  function.get_partition_data = PartitionData;
  function.cardinality = Cardinality;
  function.get_virtual_columns = VirtualColumns;
  function.pushdown_complex_filter = PushFilters;
  duckdb::ExtensionLoader(db, "deltic").RegisterFunction(std::move(function));
}

}  // namespace text

FileScan MakeTextScan(const FilesRel& rel) {
  text::CheckColumns(rel);
  auto spec = std::make_shared<text::SourceSpec>();
  spec->format = rel.format;
  text::OptionMap options = rel.options;
  options.emplace(text::kSessionZoneOption, rel.time_zone);
  spec->options = text::ParseOptions(rel.format, options, text::Use::kRead);
  spec->files = rel.files;
  spec->columns = rel.columns;
  spec->output = rel.output;
  FileScan scan;
  scan.columns.resize(rel.output.size());
  for (const auto& column : rel.output) scan.column_names.push_back(ColumnName(column.id));
  auto ref = duckdb::make_uniq<duckdb::TableFunctionRef>();
  ref->function = MakeFunction(text::kTextScanFunction, Constant(duckdb::Value(text::EncodeSpec(spec.get()))));
  scan.ref = std::move(ref);
  scan.keep_alive.push_back(spec);
  return scan;
}

}  // namespace deltic::engine
