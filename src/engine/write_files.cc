// Engine::WriteFiles for Parquet: DuckDB's COPY machinery, run on a tree. Partitioned output goes to a
// staging directory first because only Spark's escaping of partition directories is acceptable.
#include <filesystem>
#include <map>

#include "base/random.h"
#include "duckdb/parser/parsed_data/copy_info.hpp"
#include "duckdb/parser/statement/copy_statement.hpp"
#include "engine/data_file_names.h"
#include "engine/direct_write.h"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/file_group.h"
#include "engine/functions/throw.h"
#include "engine/parquet_variants.h"
#include "engine/plan/file_source.h"
#include "engine/rows_at_hand.h"
#include "engine/run_query.h"
#include "engine/staged_write.h"
#include "engine/text/writer.h"
#include "engine/type_map.h"
#include "engine/write_stats.h"
#include "engine/write_support.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
using duckdb::make_uniq;
using functions::ThrowStatus;

int MetadataId(const types::StructField& field) {
  auto at = field.metadata.find("\"delta.columnMapping.id\"");
  if (at == std::string::npos) return -1;
  at = field.metadata.find(':', at);
  return at == std::string::npos ? -1 : std::atoi(field.metadata.c_str() + at + 1);
}

// DuckDB's FIELD_IDS value for the fields of a nested type; NULL when there are none.
duckdb::Value NestedFieldIds(const DataType& type, int id) {
  duckdb::child_list_t<duckdb::Value> children;
  if (id >= 0) children.emplace_back("__duckdb_field_id", duckdb::Value::INTEGER(id));
  auto add = [&](const std::string& name, const DataType& child, int child_id) {
    auto value = NestedFieldIds(child, child_id);
    if (!value.IsNull()) children.emplace_back(name, std::move(value));
  };
  switch (type.id()) {
    case TypeId::kStruct:
      for (const auto& f : type.fields()) add(f.name, f.type, MetadataId(f));
      break;
    case TypeId::kArray: add("element", type.element(), -1); break;
    case TypeId::kMap:
      add("key", type.key(), -1);
      add("value", type.value(), -1);
      break;
    default: return id >= 0 ? duckdb::Value::INTEGER(id) : duckdb::Value();
  }
  if (children.empty()) return duckdb::Value();
  return duckdb::Value::STRUCT(std::move(children));
}

// What is written: data columns first, then the partition columns as p0, p1, …
struct WritePlan {
  std::vector<StatsColumn> data;
  duckdb::vector<DuckExpr> select;
  std::vector<std::string> partition_names;  // in the COPY
  duckdb::child_list_t<duckdb::Value> field_ids;
  bool one_file = false;
  bool retypes = false;               // some column has other names inside than its rows
  std::deque<NullCounters> counters;  // one per column with collections; only when there is one file
};

bool IsPartition(const WriteSpec& spec, size_t column) {
  return std::find(spec.partition_columns.begin(), spec.partition_columns.end(), static_cast<int>(column)) !=
         spec.partition_columns.end();
}

// The column that names files (file_group.h); -1: none.
int GroupColumn(const Rel& plan) {
  return !plan.output.empty() && plan.output.back().name == kFileGroup ? static_cast<int>(plan.output.size()) - 1 : -1;
}

void AddDataColumn(const Column& column, size_t i, const WriteSpec& spec, WritePlan* plan) {
  if (column.type.Is(TypeId::kNull)) return;  // void columns exist in the schema only
  if (column.type.IsInterval()) ThrowStatus(Unsupported("writing interval columns to Parquet"));
  StatsColumn data{spec.physical_names.empty() ? column.name : spec.physical_names[i],
                   spec.physical_types.empty() ? column.type : spec.physical_types[i]};
  auto expr = ColumnByName(ColumnName(column.id));
  int counted = CountedCollections(column.type);
  if (counted > 0 && spec.collect_stats && plan->one_file) {
    auto& counters = plan->counters.emplace_back();
    for (int n = 0; n < counted; ++n) counters.counts.emplace_back(0);
    auto address = static_cast<int64_t>(reinterpret_cast<uintptr_t>(&counters));
    expr = MakeFunction(kCountNullsFunction, std::move(expr), Constant(duckdb::Value::BIGINT(address)));
  }
  auto physical = HoldsVariant(data.type) ? MarkVariants(data.type) : ToDuckType(data.type);
  if (physical != ToDuckType(column.type)) {
    plan->retypes = true;
    expr = MakeFunction(kRetypeFunction, std::move(expr), Constant(duckdb::Value(physical)));
  }
  expr->SetAlias(data.name);
  plan->select.push_back(std::move(expr));
  if (!spec.field_ids.empty()) {
    auto ids = NestedFieldIds(data.type, spec.field_ids[i]);
    if (!ids.IsNull()) plan->field_ids.emplace_back(data.name, std::move(ids));
  }
  plan->data.push_back(std::move(data));
}

duckdb::vector<duckdb::Value> One(duckdb::Value value) {
  duckdb::vector<duckdb::Value> list;
  list.push_back(std::move(value));
  return list;
}

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

std::map<std::string, LeafStats> ParseLeaves(const duckdb::Value& stats) {
  std::map<std::string, LeafStats> out;
  if (stats.IsNull()) return out;
  for (const auto& entry : duckdb::MapValue::GetChildren(stats)) {
    const auto& pair = duckdb::StructValue::GetChildren(entry);
    LeafStats& leaf = out[types::ToLower(pair[0].ToString())];
    for (const auto& item : duckdb::MapValue::GetChildren(pair[1])) {
      const auto& kv = duckdb::StructValue::GetChildren(item);
      if (!kv[1].IsNull()) leaf[kv[0].ToString()] = kv[1].ToString();
    }
  }
  return out;
}

// Partition values by COPY name; absent for NULL.
std::map<std::string, std::string> ParsePartition(const duckdb::Value& keys) {
  std::map<std::string, std::string> out;
  if (keys.IsNull()) return out;
  for (const auto& entry : duckdb::MapValue::GetChildren(keys)) {
    const auto& pair = duckdb::StructValue::GetChildren(entry);
    if (!pair[1].IsNull()) out[pair[0].ToString()] = duckdb::StringValue::Get(pair[1]);
  }
  return out;
}

struct CopyTarget {
  std::string path;  // file or staging directory
  std::string suffix;
  bool partitioned = false;
  bool keeps_order = true;
};

// Rows that come together from several files or relations have no order of their own. DuckDB keeps one anyway, at the
// price of writing with one thread or of cutting the files' batches anew; for small tables that is worth having.
constexpr int64_t kOrderedBytes = int64_t{16} << 20;

int64_t FileBytes(const Rel& rel) {
  int64_t bytes = 0;
  if (const auto& files = rel.As<FilesRel>(); files.source != nullptr) {
    bytes = files.source->total_bytes();
  } else if (files.files != nullptr) {
    for (const ScanFile& file : *files.files) bytes += std::max<int64_t>(file.size_bytes, 0);
  }
  return bytes;
}

size_t FileCount(const Rel& rel) {
  const auto& files = rel.As<FilesRel>();
  if (files.source != nullptr) return files.source->size();
  return files.files == nullptr ? 0 : files.files->size();
}

// Adds the bytes of the files that rows come from to *bytes; true when there are several, or a union or join.
bool Mixes(const Rel& rel, int64_t* bytes) {
  switch (rel.kind) {
    case RelKind::kProject: return Mixes(*rel.As<ProjectRel>().child, bytes);
    case RelKind::kFilter: return Mixes(*rel.As<FilterRel>().child, bytes);
    case RelKind::kSetOp:
      Mixes(*rel.As<SetOpRel>().left, bytes);
      Mixes(*rel.As<SetOpRel>().right, bytes);
      return true;
    case RelKind::kJoin:
      Mixes(*rel.As<JoinRel>().left, bytes);
      Mixes(*rel.As<JoinRel>().right, bytes);
      return true;
    case RelKind::kFiles: *bytes += FileBytes(rel); return FileCount(rel) > 1;
    default: return false;
  }
}

bool KeepsOrder(const Rel& rel) {
  int64_t bytes = 0;
  return !Mixes(rel, &bytes) || bytes < kOrderedBytes;
}

// Spark's own schema of the file, for its footer: groups say nothing of being variants. Empty: there are none.
std::string VariantSchema(const WritePlan& plan) {
  std::vector<types::StructField> fields;
  bool found = false;
  for (const StatsColumn& column : plan.data) {
    fields.push_back({column.name, column.type});
    found = found || HoldsVariant(column.type);
  }
  return found ? DataType::Struct(std::move(fields)).Json() : "";
}

// The file, and what DuckDB's Parquet writer is told.
duckdb::unique_ptr<duckdb::CopyInfo> WriterInfo(const WritePlan& plan, const CopyTarget& target,
                                                const std::string& codec) {
  auto info = make_uniq<duckdb::CopyInfo>();
  info->is_from = false;
  info->format = kParquetFormat;
  info->file_path = target.path;
  info->options["compression"] = One(duckdb::Value(codec));
  if (!plan.field_ids.empty()) {
    auto ids = plan.field_ids;
    info->options["field_ids"] = One(duckdb::Value::STRUCT(std::move(ids)));
  }
  // Without its version in the footer Spark would suspect old calendars in dates and timestamps.
  duckdb::child_list_t<duckdb::Value> metadata;
  metadata.emplace_back("org.apache.spark.version", duckdb::Value("3.5.5"));
  if (const std::string schema = VariantSchema(plan); !schema.empty()) {
    metadata.emplace_back("org.apache.spark.sql.parquet.row.metadata", duckdb::Value(schema));
  }
  info->options["kv_metadata"] = One(duckdb::Value::STRUCT(std::move(metadata)));
  return info;
}

duckdb::unique_ptr<duckdb::CopyStatement> MakeCopy(duckdb::unique_ptr<duckdb::QueryNode> node, const WritePlan& plan,
                                                   const WriteSpec& spec, const CopyTarget& target,
                                                   const std::string& codec) {
  auto statement = make_uniq<duckdb::CopyStatement>();
  auto info = WriterInfo(plan, target, codec);
  info->select_statement = std::move(node);
  info->options["return_stats"] = One(duckdb::Value::BOOLEAN(true));
  if (target.partitioned) {
    duckdb::vector<duckdb::Value> names;
    for (const auto& name : plan.partition_names) names.emplace_back(name);
    info->options["partition_by"] = std::move(names);
    info->options["hive_file_pattern"] = One(duckdb::Value::BOOLEAN(false));
    info->options["filename_pattern"] = One(duckdb::Value("{uuid}"));
    info->options["overwrite_or_ignore"] = One(duckdb::Value::BOOLEAN(true));
  } else {
    info->options["use_tmp_file"] = One(duckdb::Value::BOOLEAN(false));
    info->options["write_empty_file"] = One(duckdb::Value::BOOLEAN(spec.write_empty_file));
    if (!target.keeps_order) info->options["preserve_order"] = One(duckdb::Value::BOOLEAN(false));
  }
  statement->info = std::move(info);
  return statement;
}

std::vector<int64_t> NullsOf(const WritePlan& write) {
  std::vector<int64_t> nulls;
  for (const auto& column : write.counters) {
    for (const auto& n : column.counts) nulls.push_back(n.load());
  }
  return nulls;
}

// The one file of a plan whose rows are at hand; nothing: they want a query.
std::optional<std::vector<WrittenFile>> WriteAtHand(duckdb::ClientContext& context, const Rel& plan, WritePlan& write,
                                                    const WriteSpec& spec, const CopyTarget& target,
                                                    const std::string& codec) {
  if (!write.one_file || write.retypes || write.data.size() != plan.output.size()) return std::nullopt;
  const auto rows = RowsAtHand(plan);
  if (!rows) return std::nullopt;
  if (rows->empty() && !spec.write_empty_file) return std::vector<WrittenFile>();
  duckdb::vector<std::string> names;
  duckdb::vector<duckdb::LogicalType> types;
  size_t counted = 0;
  for (size_t i = 0; i < write.data.size(); i++) {
    names.push_back(write.data[i].name);
    types.push_back(ToDuckType(plan.output[i].type));
    if (write.counters.empty() || CountedCollections(plan.output[i].type) == 0) continue;
    for (const auto& chunk : *rows) CountNulls(chunk->data[i], chunk->size(), &write.counters[counted]);
    counted++;
  }
  const auto written = WriteDirectly(context, *WriterInfo(write, target, codec), names, types, *rows);
  WrittenFile file;
  file.path = target.path;
  file.record_count = written.rows;
  file.size_bytes = written.size_bytes;
  if (spec.collect_stats) file.stats_json = DeltaStats(written.rows, write.data, spec, written.leaves, NullsOf(write));
  return std::vector<WrittenFile>{std::move(file)};
}

}  // namespace

Result<std::vector<WrittenFile>> EngineImpl::WriteFiles(const RelPtr& plan, const WriteSpec& spec,
                                                        const QueryOptions& options,
                                                        std::function<bool()> interrupted) {
  const bool remote = storage::IsRemoteNative(spec.directory);
  const int group = GroupColumn(*plan);
  const bool one_file = spec.partition_columns.empty() && spec.max_records_per_file <= 0 && group < 0;
  if (remote && (spec.format != FileFormat::kParquet || !one_file)) {
    ASSIGN_OR_RETURN(StagedWrite staged, StagedWrite::Begin(TempDirectory()));
    WriteSpec local = spec;
    local.directory = staged.directory();
    ASSIGN_OR_RETURN(auto files, WriteFiles(plan, local, options, interrupted));
    return staged.Upload(std::move(files), spec.directory, interrupted);
  }
  if (spec.format != FileFormat::kParquet) {
    return Guard([&] {
      return WriteTextFiles([&](const RelPtr& p, const RowSink& sink) { return ForEachRow(p, sink, options); }, plan,
                            spec, interrupted);
    });
  }
  return Guard([&]() -> Result<std::vector<WrittenFile>> {
    auto connection = Connect();
    WritePlan write;
    write.one_file = one_file;
    for (size_t i = 0; i < plan->output.size(); ++i) {
      if (!IsPartition(spec, i) && static_cast<int>(i) != group) AddDataColumn(plan->output[i], i, spec, &write);
    }
    if (write.data.empty()) return Error("EMPTY_SCHEMA_NOT_SUPPORTED_FOR_DATASOURCE", {{"format", "Parquet"}});
    for (size_t p = 0; p < spec.partition_columns.size(); ++p) {
      auto expr = ColumnByName(ColumnName(plan->output[static_cast<size_t>(spec.partition_columns[p])].id));
      write.partition_names.push_back("__deltic_partition_" + std::to_string(p));
      expr->SetAlias(write.partition_names.back());
      write.select.push_back(std::move(expr));
    }
    if (group >= 0) {
      auto number = ColumnByName(ColumnName(plan->output[static_cast<size_t>(group)].id));
      write.partition_names.push_back("__deltic_file");
      number->SetAlias(write.partition_names.back());
      write.select.push_back(std::move(number));
    }
    auto rows_limit = spec.max_records_per_file;
    if (rows_limit > 0) {
      // Rows are numbered and every run of `rows_limit` rows is a partition of its own.
      auto number =
          make_uniq<duckdb::WindowExpression>(duckdb::ExpressionType::WINDOW_ROW_NUMBER, "", "", "row_number");
      number->start = duckdb::WindowBoundary::UNBOUNDED_PRECEDING;
      number->end = duckdb::WindowBoundary::CURRENT_ROW_ROWS;
      for (size_t p = 0; p < spec.partition_columns.size(); ++p) {
        number->partitions.push_back(
            ColumnByName(ColumnName(plan->output[static_cast<size_t>(spec.partition_columns[p])].id)));
      }
      auto zero_based = MakeFunction("-", DuckExpr(std::move(number)), Constant(duckdb::Value::BIGINT(1)));
      auto run = MakeFunction("//", std::move(zero_based), Constant(duckdb::Value::BIGINT(rows_limit)));
      write.partition_names.push_back("__deltic_file");
      run->SetAlias(write.partition_names.back());
      write.select.push_back(std::move(run));
    }
    std::error_code ec;
    if (!remote) fs::create_directories(spec.directory, ec);
    if (ec) return IoError(spec.directory, ec.message());
    const std::string codec = CodecOf(spec.compression);
    CopyTarget target;
    target.suffix = FileSuffix(codec);
    target.partitioned = !write.partition_names.empty();
    target.keeps_order = KeepsOrder(*plan);
    Cleanup cleanup;
    if (target.partitioned) {
      target.path = (fs::path(spec.directory) / ("_staging-" + Random::System()->Uuid())).string();
      fs::create_directories(target.path, ec);
      if (ec) return IoError(target.path, ec.message());
    } else {
      target.path = (fs::path(spec.directory) / PartName(0, spec, target.suffix)).string();
    }
    cleanup.Add(target.path);
    if (auto files = WriteAtHand(*connection->context, *plan, write, spec, target, codec)) {
      cleanup.Dismiss();
      return std::move(*files);
    }
    std::vector<std::shared_ptr<void>> keep_alive;
    auto node = make_uniq<duckdb::SelectNode>();
    node->from_table = make_uniq<duckdb::SubqueryRef>(Lower(*connection, plan, &keep_alive, options), "w");
    node->select_list = std::move(write.select);
    auto result = RunStatement(*connection, MakeCopy(std::move(node), write, spec, target, codec), {}, interrupted);

    std::vector<WrittenFile> files;
    const auto nulls = NullsOf(write);
    for (auto chunk = result->Fetch(); chunk && chunk->size() > 0; chunk = result->Fetch()) {
      for (duckdb::idx_t r = 0; r < chunk->size(); ++r) {
        WrittenFile file;
        file.path = chunk->GetValue(0, r).ToString();
        file.record_count = static_cast<int64_t>(chunk->GetValue(1, r).GetValue<uint64_t>());
        file.size_bytes = static_cast<int64_t>(chunk->GetValue(2, r).GetValue<uint64_t>());
        if (file.record_count == 0 && !spec.write_empty_file) {
          RemoveWritten(file.path);
          continue;
        }
        if (spec.collect_stats) {
          file.stats_json = DeltaStats(file.record_count, write.data, spec, ParseLeaves(chunk->GetValue(4, r)), nulls);
        }
        if (target.partitioned) {
          auto values = ParsePartition(chunk->GetValue(5, r));
          fs::path directory(spec.directory);
          for (size_t p = 0; p < spec.partition_columns.size(); ++p) {
            const Column& c = plan->output[static_cast<size_t>(spec.partition_columns[p])];
            std::string shown;
            const auto value = values.find(write.partition_names[p]);
            const auto text = value == values.end() ? std::nullopt : std::optional(value->second);
            file.partition_values.push_back(PartitionValue(text, c.type, &shown));
            directory /= EscapePathName(c.name) + "=" + shown;
          }
          fs::create_directories(directory, ec);
          if (ec) return IoError(directory.string(), ec.message());
          auto final_path = (directory / PartName(files.size(), spec, target.suffix)).string();
          fs::rename(file.path, final_path, ec);
          if (ec) return IoError(final_path, ec.message());
          file.path = final_path;
          cleanup.Add(final_path);
        }
        files.push_back(std::move(file));
      }
    }
    cleanup.Dismiss();
    if (target.partitioned) fs::remove_all(target.path, ec);
    return files;
  });
}

}  // namespace deltic::engine
