#include "engine/direct_write.h"

#include <algorithm>
#include <map>

#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/copy_function_catalog_entry.hpp"
#include "duckdb/execution/execution_context.hpp"
#include "duckdb/parallel/thread_context.hpp"
#include "engine/data_file_names.h"
#include "engine/functions/throw.h"
#include "engine/rows_at_hand.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
using duckdb::make_uniq;
using functions::ThrowStatus;

struct DirectlyWritten {
  int64_t rows = 0;
  int64_t size_bytes = 0;
  std::map<std::string, LeafStats> leaves;  // as DeltaStats takes them
};

// `copy` names the file and the writer's options; `names` and `types` are of the columns of `rows`.
DirectlyWritten WriteDirectly(duckdb::ClientContext& context, const duckdb::CopyInfo& copy,
                              const duckdb::vector<std::string>& names,
                              const duckdb::vector<duckdb::LogicalType>& types_of_rows, const Chunks& rows) {
  DirectlyWritten out;
  context.RunFunctionInTransaction([&] {
    const auto& entry = duckdb::Catalog::GetEntry<duckdb::CopyFunctionCatalogEntry>(context, SYSTEM_CATALOG,
                                                                                    DEFAULT_SCHEMA, copy.format);
    const duckdb::CopyFunction& writer = entry.function;
    duckdb::CopyFunctionBindInput input(copy, writer.function_info);
    const auto bound = writer.copy_to_bind(context, input, names, types_of_rows);
    const auto file = writer.copy_to_initialize_global(context, *bound, copy.file_path);
    duckdb::CopyFunctionFileStatistics written;
    writer.copy_to_get_written_statistics(context, *bound, *file, written);
    duckdb::ThreadContext thread(context);
    duckdb::ExecutionContext execution(context, thread, nullptr);
    const auto local = writer.copy_to_initialize_local(execution, *bound);
    for (const auto& chunk : rows) writer.copy_to_sink(execution, *bound, *file, *local, *chunk);
    writer.copy_to_combine(execution, *bound, *file, *local);
    writer.copy_to_finalize(context, *bound, *file);
    out.rows = static_cast<int64_t>(written.row_count);
    out.size_bytes = static_cast<int64_t>(written.file_size_bytes);
    for (const auto& [column, statistics] : written.column_statistics) {
      LeafStats& leaf = out.leaves[types::ToLower(column)];
      for (const auto& [name, value] : statistics) {
        if (!value.IsNull()) leaf[name] = value.ToString();
      }
    }
  });
  return out;
}

// One file of rows at hand.
WrittenFile WriteChunks(duckdb::ClientContext& context, const Rel& plan, const WritePlan& write, const WriteSpec& spec,
                        const CopyTarget& target, const std::string& codec, const Chunks& rows) {
  duckdb::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  for (size_t i = 0; i < write.data.size(); i++) {
    names.push_back(write.data[i].name);
    types.push_back(ToDuckType(plan.output[write.positions[i]].type));
  }
  auto written = WriteDirectly(context, *WriterInfo(write, target, codec), names, types, rows);
  WrittenFile file;
  file.path = target.path;
  file.record_count = written.rows;
  file.size_bytes = written.size_bytes;
  if (!spec.collect_stats) return file;
  AddMissingBounds(context, target.path, written.rows, write.data, spec, &written.leaves);
  file.stats_json = DeltaStats(written.rows, write.data, spec, written.leaves, NullsOf(write));
  return file;
}

// Without the columns that are not written; of the rows that `kept` selects, when it is given.
duckdb::unique_ptr<duckdb::DataChunk> DataColumns(duckdb::DataChunk& rows, const WritePlan& write,
                                                  const duckdb::SelectionVector* kept, duckdb::idx_t count) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const size_t position : write.positions) types.push_back(rows.data[position].GetType());
  auto data = make_uniq<duckdb::DataChunk>();
  data->InitializeEmpty(types);
  for (size_t i = 0; i < types.size(); i++) data->data[i].Reference(rows.data[write.positions[i]]);
  data->SetCardinality(kept == nullptr ? rows.size() : count);
  if (kept != nullptr) data->Slice(*kept, count);
  return data;
}

// NULL comes first, as in Spark's order of partitions.
struct PartitionOrder {
  bool operator()(const std::vector<duckdb::Value>& a, const std::vector<duckdb::Value>& b) const {
    for (size_t i = 0; i < a.size(); i++) {
      if (a[i].IsNull() != b[i].IsNull()) return a[i].IsNull();
      if (a[i].IsNull() || a[i] == b[i]) continue;
      return a[i] < b[i];
    }
    return false;
  }
};

// Whether the text of a partition value is that of the value itself.
bool SaysItself(const DataType& type) {
  switch (type.id()) {
    case TypeId::kString:
    case TypeId::kLong:
    case TypeId::kInteger:
    case TypeId::kShort:
    case TypeId::kByte:
    case TypeId::kBoolean:
    case TypeId::kDate: return true;
    default: return false;
  }
}

// A file per partition of rows at hand.
std::vector<WrittenFile> WritePartitionsAtHand(duckdb::ClientContext& context, const Rel& plan, const WritePlan& write,
                                               const WriteSpec& spec, CopyTarget target, const std::string& codec,
                                               const Chunks& rows, Cleanup* cleanup) {
  std::map<std::vector<duckdb::Value>, Chunks, PartitionOrder> partitions;
  for (const auto& chunk : rows) {
    std::map<std::vector<duckdb::Value>, std::vector<duckdb::sel_t>, PartitionOrder> here;
    for (duckdb::idx_t row = 0; row < chunk->size(); row++) {
      std::vector<duckdb::Value> key;
      for (const int column : spec.partition_columns) key.push_back(chunk->GetValue(static_cast<size_t>(column), row));
      here[std::move(key)].push_back(static_cast<duckdb::sel_t>(row));
    }
    for (auto& [key, kept] : here) {
      duckdb::SelectionVector selection(kept.size());
      for (size_t i = 0; i < kept.size(); i++) selection.set_index(i, kept[i]);
      partitions[key].push_back(DataColumns(*chunk, write, &selection, kept.size()));
    }
  }
  std::vector<WrittenFile> files;
  for (const auto& [key, chunks] : partitions) {
    std::vector<std::optional<std::string>> texts;
    for (const duckdb::Value& value : key) {
      texts.push_back(value.IsNull() ? std::nullopt : std::optional(value.ToString()));
    }
    std::vector<Value> values;
    const fs::path directory = PartitionDirectory(plan, spec, texts, &values);
    std::error_code ec;
    fs::create_directories(directory, ec);
    if (ec) ThrowStatus(IoError(directory.string(), ec.message()));
    target.path = (directory / PartName(files.size(), spec, target.suffix)).string();
    cleanup->Add(target.path);
    files.push_back(WriteChunks(context, plan, write, spec, target, codec, chunks));
    files.back().partition_values = std::move(values);
  }
  return files;
}

}  // namespace

std::optional<std::vector<WrittenFile>> WriteAtHand(duckdb::ClientContext& context, const Rel& plan, WritePlan* write,
                                                    const WriteSpec& spec, const CopyTarget& target,
                                                    const std::string& codec, Cleanup* cleanup) {
  const bool by_value = std::all_of(spec.partition_columns.begin(), spec.partition_columns.end(), [&](int column) {
    return SaysItself(plan.output[static_cast<size_t>(column)].type);
  });
  if (write->retypes || !by_value || write->partition_names.size() != spec.partition_columns.size()) {
    return std::nullopt;
  }
  auto rows = RowsAtHand(context, plan);
  if (!rows) return std::nullopt;
  if (rows->empty() && (!spec.write_empty_file || !write->one_file)) return std::vector<WrittenFile>();
  if (!write->one_file) return WritePartitionsAtHand(context, plan, *write, spec, target, codec, *rows, cleanup);
  size_t counted = 0;
  for (const size_t position : write->positions) {
    if (write->counters.empty() || CountedCollections(plan.output[position].type) == 0) continue;
    for (const auto& chunk : *rows) CountNulls(chunk->data[position], chunk->size(), &write->counters[counted]);
    counted++;
  }
  for (auto& chunk : *rows) chunk = DataColumns(*chunk, *write, nullptr, 0);
  return std::vector<WrittenFile>{WriteChunks(context, plan, *write, spec, target, codec, *rows)};
}

}  // namespace deltic::engine
