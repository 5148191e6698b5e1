// Engine::WriteFiles for Parquet: DuckDB's COPY machinery, run on a tree. Partitioned output goes to a
// staging directory first because only Spark's escaping of partition directories is acceptable.
#include <filesystem>
#include <map>

#include "base/random.h"
#include "duckdb/parser/statement/copy_statement.hpp"
#include "engine/data_file_names.h"
#include "engine/direct_write.h"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/file_group.h"
#include "engine/functions/throw.h"
#include "engine/object_file_system.h"
#include "engine/parquet_variants.h"
#include "engine/plan/file_source.h"
#include "engine/run_query.h"
#include "engine/text/writer.h"
#include "engine/type_map.h"
#include "engine/write_plan.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
using duckdb::make_uniq;
using functions::ThrowStatus;

// The column that names files (file_group.h); -1: none.
int GroupColumn(const Rel& plan) {
  return !plan.output.empty() && plan.output.back().name == kFileGroup ? static_cast<int>(plan.output.size()) - 1 : -1;
}

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

duckdb::unique_ptr<duckdb::CopyStatement> MakeCopy(duckdb::unique_ptr<duckdb::QueryNode> node, const WritePlan& plan,
                                                   const WriteSpec& spec, const CopyTarget& target,
                                                   const std::string& codec) {
  auto statement = make_uniq<duckdb::CopyStatement>();
  auto info = WriterInfo(plan, target, codec);
  info->select_statement = std::move(node);
  info->options["return_stats"] = OneValue(duckdb::Value::BOOLEAN(true));
  if (target.partitioned) {
    duckdb::vector<duckdb::Value> names;
    for (const auto& name : plan.partition_names) names.emplace_back(name);
    info->options["partition_by"] = std::move(names);
    info->options["hive_file_pattern"] = OneValue(duckdb::Value::BOOLEAN(false));
    info->options["filename_pattern"] = OneValue(duckdb::Value("{uuid}"));
    info->options["overwrite_or_ignore"] = OneValue(duckdb::Value::BOOLEAN(true));
  } else {
    info->options["use_tmp_file"] = OneValue(duckdb::Value::BOOLEAN(false));
    info->options["write_empty_file"] = OneValue(duckdb::Value::BOOLEAN(spec.write_empty_file));
    if (!target.keeps_order) info->options["preserve_order"] = OneValue(duckdb::Value::BOOLEAN(false));
  }
  statement->info = std::move(info);
  return statement;
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
    if (spec.may_start != nullptr) RETURN_IF_ERROR(spec.may_start());
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
    const std::string name =
        target.partitioned ? "_staging-" + Random::System()->Uuid() : PartName(0, spec, target.suffix);
    target.path = (fs::path(spec.directory) / name).string();
    if (remote && spec.may_start != nullptr) {
      AskBeforeRemoteWrites(*connection->context, [&] {
        const Status allowed = spec.may_start();
        if (allowed.ok()) cleanup.Add(target.path);  // else there is nothing to clean up
        return allowed;
      });
    } else {
      cleanup.Add(target.path);
    }
    if (auto files = WriteAtHand(*connection->context, *plan, &write, spec, target, codec, &cleanup)) {
      cleanup.Dismiss();
      return std::move(*files);
    }
    if (target.partitioned) fs::create_directories(target.path, ec);
    if (ec) return IoError(target.path, ec.message());
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
          auto leaves = ParseLeaves(chunk->GetValue(4, r));
          AddMissingBounds(*connection->context, file.path, file.record_count, write.data, spec, &leaves);
          file.stats_json = DeltaStats(file.record_count, write.data, spec, leaves, nulls);
        }
        if (target.partitioned) {
          auto values = ParsePartition(chunk->GetValue(5, r));
          std::vector<std::optional<std::string>> texts;
          for (size_t p = 0; p < spec.partition_columns.size(); ++p) {
            const auto value = values.find(write.partition_names[p]);
            texts.push_back(value == values.end() ? std::nullopt : std::optional(value->second));
          }
          const fs::path directory = PartitionDirectory(*plan, spec, texts, &file.partition_values);
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
