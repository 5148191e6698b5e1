#include "engine/merge_files.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>

#include "base/log.h"
#include "duckdb/parallel/task_scheduler.hpp"
#include "engine/data_file_names.h"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/file_group.h"
#include "engine/file_stats.h"
#include "engine/functions/throw.h"
#include "engine/parquet_merge/cannot_merge.h"
#include "engine/parquet_merge/delta_stats.h"
#include "engine/parquet_merge/input_file.h"
#include "engine/parquet_merge/output_file.h"
#include "engine/plan/file_source.h"
#include "engine/staged_write.h"
#include "engine/text/writer.h"
#include "engine/type_map.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
using merge::CannotMerge;
using merge::InputFile;
using merge::OutputFile;
using merge::Require;

constexpr int64_t kGroupRows = 122880;  // DuckDB's ROW_GROUP_SIZE
// Pages of less than either would make a file that is slow to read.
constexpr int64_t kLeastGroupRows = 4096;
constexpr int64_t kLeastChunkBytes = 64 << 10;
// What is in memory at once, of one row group and of all.
constexpr size_t kMostGroupBytes = size_t{512} << 20;
constexpr int64_t kMostKeptBytes = int64_t{256} << 20;
constexpr size_t kRequestsAtOnce = 16;  // of a remote store

// Row groups of inputs that become one.
struct GroupTask {
  size_t output = 0;
  size_t number = 0;  // in the output
  std::vector<std::pair<const InputFile*, size_t>> parts;
  int64_t rows = 0;
  size_t bytes = 0;
};

// A file to be made of some inputs.
struct Target {
  std::vector<size_t> inputs;
  std::vector<Value> partition_values;
  std::string directory;
  std::unique_ptr<OutputFile> file;
  int64_t rows = 0;
  std::atomic<size_t> groups_left = 0;
  int64_t bytes = 0;
};

class FileMerge {
 public:
  FileMerge(Engine* engine, const RelPtr& rows, const WriteSpec& spec, const std::function<bool()>& interrupted)
      : engine_(engine),
        connection_(static_cast<EngineImpl*>(engine)->Connect()),
        fs_(duckdb::FileSystem::GetFileSystem(*connection_->context)),
        rows_(rows),
        spec_(spec),
        interrupted_(interrupted) {}

  // What the merge has written is removed again when it fails.
  ~FileMerge() {
    if (finished_) return;
    for (auto& target : targets_) {
      if (target->file == nullptr || !target->file->is_begun()) continue;
      const std::string path = target->file->path();
      target->file.reset();
      RemoveWritten(path);
    }
  }

  Result<std::vector<WrittenFile>> Run() {
    CheckPlan();
    MakeTargets();
    OpenInputs();
    PlanGroups();
    MergeGroups();
    auto out = Written();
    finished_ = out.ok();
    return out;
  }

 private:
  const FilesRel& scan() const { return rows_->As<FilesRel>(); }
  bool IsPartition(size_t column) const {
    const auto& columns = spec_.partition_columns;
    return std::find(columns.begin(), columns.end(), static_cast<int>(column)) != columns.end();
  }
  bool IsGroup(size_t column) const {
    return column + 1 == rows_->output.size() && rows_->output[column].name == kFileGroup;
  }

  void CheckPlan() {
    Require(rows_->kind == RelKind::kFiles && scan().format == FileFormat::kParquet, "rows that are not just files");
    Require(spec_.format == FileFormat::kParquet && spec_.max_records_per_file <= 0 && !spec_.write_empty_file,
            "a limit of rows");
    Require(!scan().row_tracking.has_value() && spec_.hidden_columns.empty(), "row ids");
    Require(!scan().by_field_id || !spec_.field_ids.empty(), "columns by id");
    for (size_t i = 0; i < rows_->output.size(); i++) {
      const FileColumn& column = scan().columns[i];
      if (IsPartition(i) || IsGroup(i)) {
        Require(column.source == FileColumn::Source::kConstant, "partitions that are not the files'");
        continue;
      }
      Require(column.source == FileColumn::Source::kData, "columns that are not in the files");
      merge::WantedColumn wanted;
      wanted.name = spec_.physical_names.empty() ? rows_->output[i].name : spec_.physical_names[i];
      wanted.type = spec_.physical_types.empty() ? rows_->output[i].type : spec_.physical_types[i];
      wanted.field_id = spec_.field_ids.empty() ? -1 : spec_.field_ids[i];
      Require(column.physical_name == wanted.name, "columns of other names");
      wanted_.push_back(std::move(wanted));
    }
    Require(!wanted_.empty(), "no columns");
    codec_ = merge::Codec::Of(CodecOf(spec_.compression));
    Require(codec_.has_value(), "a compression codec that is not known here");
  }

  // Files of one partition and group are one target.
  void MakeTargets() {
    auto files = FilesOf(scan());
    if (!files.ok()) functions::ThrowStatus(files.status());
    files_ = *files;
    std::map<std::vector<std::string>, size_t> by_constants;
    for (size_t i = 0; i < files_->size(); i++) {
      const ScanFile& file = (*files_)[i];
      Require(file.deleted == nullptr, "deleted rows");
      std::vector<std::string> key;
      auto target = std::make_unique<Target>();
      target->directory = spec_.directory;
      const auto text_of = [&](size_t column) -> std::optional<std::string> {
        const Value& value = file.constants.at(static_cast<size_t>(scan().columns[column].constant_index));
        if (value.IsNull()) return std::nullopt;
        return ToDuckValue(value, rows_->output[column].type).ToString();
      };
      for (const int p : spec_.partition_columns) {
        const Column& column = rows_->output[static_cast<size_t>(p)];
        const auto text = text_of(static_cast<size_t>(p));
        std::string shown;
        target->partition_values.push_back(PartitionValue(text, column.type, &shown));
        target->directory = storage::JoinPath(target->directory, EscapePathName(column.name) + "=" + shown);
        key.push_back(text.has_value() && !text->empty() ? "=" + *text : "");  // an empty string is NULL
      }
      if (IsGroup(rows_->output.size() - 1)) key.push_back(text_of(rows_->output.size() - 1).value_or(""));
      const auto [at, is_new] = by_constants.emplace(std::move(key), targets_.size());
      if (is_new) targets_.push_back(std::move(target));
      targets_[at->second]->inputs.push_back(i);
    }
  }

  void OpenInputs() {
    int64_t kept = 0;
    bool remote = false;
    for (const ScanFile& file : *files_) {
      if (file.size_bytes <= InputFile::kKeptBytes) kept += std::max<int64_t>(file.size_bytes, 0);
      remote = remote || storage::IsRemoteNative(file.path);
    }
    Require(kept <= kMostKeptBytes, "many small files of which too much would be in memory");
    inputs_.resize(files_->size());
    const size_t threads = Threads();
    Each(files_->size(), remote ? std::max(threads, kRequestsAtOnce) : threads,
         [&](size_t i) { inputs_[i] = std::make_unique<InputFile>(fs_, (*files_)[i], wanted_, *codec_); });
  }

  void PlanGroups() {
    int64_t groups = 0;
    int64_t rows = 0;
    size_t bytes = 0;
    for (size_t t = 0; t < targets_.size(); t++) {
      Target& target = *targets_[t];
      const InputFile& first = *inputs_[target.inputs[0]];
      GroupTask open;
      size_t number = 0;
      const auto close = [&](GroupTask task) {
        if (task.rows == 0) return;
        task.output = t;
        task.number = number++;
        Require(task.bytes <= kMostGroupBytes, "a row group that is too large");
        target.rows += task.rows;
        tasks_.push_back(std::move(task));
      };
      for (const size_t i : target.inputs) {
        const InputFile& input = *inputs_[i];
        merge::RequireSameLayout(first.footer(), input.footer());
        for (size_t g = 0; g < input.footer().row_groups.size(); g++) {
          const int64_t group_rows = input.footer().row_groups[g].num_rows;
          if (group_rows == 0) continue;
          groups++;
          rows += group_rows;
          bytes += input.range(g).size();
          // Large ones stay what they are, and small ones wait for others.
          if (group_rows >= kGroupRows) {
            close({t, 0, {{&input, g}}, group_rows, input.range(g).size()});
            continue;
          }
          open.parts.emplace_back(&input, g);
          open.rows += group_rows;
          open.bytes += input.range(g).size();
          if (open.rows >= kGroupRows) close(std::exchange(open, {}));
        }
      }
      close(std::move(open));
      target.groups_left = number;
    }
    const auto chunks = groups * static_cast<int64_t>(inputs_.empty() ? 1 : inputs_[0]->leaves().size());
    Require(rows >= groups * kLeastGroupRows || static_cast<int64_t>(bytes) >= chunks * kLeastChunkBytes,
            "row groups that are too small to keep");
  }

  void MergeGroups() {
    const std::string suffix = FileSuffix(CodecOf(spec_.compression));
    size_t number = 0;
    for (auto& target : targets_) {
      if (target->rows == 0) continue;
      if (!storage::IsRemoteNative(target->directory)) {
        std::error_code error;
        fs::create_directories(target->directory, error);
        if (error) functions::ThrowStatus(IoError(target->directory, error.message()));
      }
      const bool has_orders = std::all_of(target->inputs.begin(), target->inputs.end(),
                                          [&](size_t i) { return bool{inputs_[i]->footer().__isset.column_orders}; });
      target->file =
          std::make_unique<OutputFile>(fs_, storage::JoinPath(target->directory, PartName(number++, spec_, suffix)),
                                       inputs_[target->inputs[0]]->footer(), has_orders);
    }
    size_t largest = 1;
    for (const GroupTask& task : tasks_) largest = std::max(largest, task.bytes);
    const size_t threads = std::clamp<size_t>(kMostGroupBytes / largest, 1, Threads());
    Each(tasks_.size(), threads, [&](size_t i) { MergeGroup(tasks_[i]); });
  }

  void MergeGroup(const GroupTask& task) {
    std::vector<std::unique_ptr<char[]>> buffers(task.parts.size());
    std::vector<std::string_view> bytes;
    for (size_t i = 0; i < task.parts.size(); i++) {
      bytes.push_back(task.parts[i].first->Group(fs_, task.parts[i].second, &buffers[i]));
    }
    const auto& leaves = task.parts[0].first->leaves();
    merge::OutputGroup group;
    group.rows = task.rows;
    for (size_t c = 0; c < leaves.size(); c++) {
      std::vector<merge::InputChunk> chunks;
      for (size_t i = 0; i < task.parts.size(); i++) {
        const auto& [input, g] = task.parts[i];
        const auto& row_group = input->footer().row_groups[g];
        chunks.push_back({input->Chunk(bytes[i], g, c), &row_group.columns[c].meta_data, row_group.num_rows});
      }
      group.chunks.push_back(merge::MergeChunks(chunks, leaves[c], *codec_));
    }
    Target& target = *targets_[task.output];
    if (!target.file->Append(task.number, group)) throw CannotMerge("another thread failed");
    if (--target.groups_left == 0) target.bytes = target.file->Finish();
  }

  // `work` for 0…count-1, begun in this order, on some threads; throws what the first to fail threw.
  void Each(size_t count, size_t threads, const std::function<void(size_t)>& work) {
    std::atomic<size_t> next = 0;
    std::mutex mutex;
    std::exception_ptr error;
    const auto run = [&] {
      for (size_t i = next++; i < count; i = next++) {
        try {
          if (interrupted_ && interrupted_()) throw duckdb::InterruptException();
          work(i);
        } catch (...) {
          next = count;
          {
            std::lock_guard lock(mutex);
            if (!error) error = std::current_exception();
          }
          for (auto& target : targets_) {
            if (target->file != nullptr) target->file->Stop();
          }
        }
      }
    };
    std::vector<std::future<void>> others;
    for (size_t i = 1; i < std::min(threads, count); i++) others.push_back(std::async(std::launch::async, run));
    run();
    for (auto& other : others) other.get();
    if (error) std::rethrow_exception(error);
  }

  size_t Threads() {
    const auto threads = duckdb::TaskScheduler::GetScheduler(*connection_->context).NumberOfThreads();
    return std::max<size_t>(1, static_cast<size_t>(threads));
  }

  Result<std::vector<WrittenFile>> Written() {
    std::vector<WrittenFile> out;
    for (auto& target : targets_) {
      if (target->rows == 0) continue;
      WrittenFile& file = out.emplace_back();
      file.path = target->file->path();
      file.size_bytes = target->bytes;
      file.record_count = target->rows;
      file.partition_values = target->partition_values;
      if (!spec_.collect_stats) continue;
      ASSIGN_OR_RETURN(file.stats_json, StatsOf(*target));
    }
    return out;
  }

  Result<std::string> StatsOf(const Target& target) {
    std::vector<merge::StatsInput> inputs;
    for (const size_t i : target.inputs) inputs.push_back({&(*files_)[i].stats_json, inputs_[i]->rows()});
    std::vector<StatsColumn> columns;
    for (const auto& wanted : wanted_) columns.push_back({wanted.name, wanted.type});
    if (auto merged = merge::MergeDeltaStats(inputs, columns, spec_)) return *merged;
    FilesRel written = scan();
    ScanFile file = (*files_)[target.inputs[0]];
    file.path = target.file->path();
    file.size_bytes = target.bytes;
    file.modified_ms = 0;
    file.record_count = target.rows;
    file.stats_json.clear();
    written.files = std::make_shared<const std::vector<ScanFile>>(1, std::move(file));
    written.source = nullptr;
    ASSIGN_OR_RETURN(auto stats, FileStats(engine_, written, spec_));
    return stats[0];
  }

  Engine* const engine_;
  const std::shared_ptr<duckdb::Connection> connection_;
  duckdb::FileSystem& fs_;
  const RelPtr& rows_;
  const WriteSpec& spec_;
  const std::function<bool()>& interrupted_;
  std::vector<merge::WantedColumn> wanted_;
  std::optional<merge::Codec> codec_;
  std::shared_ptr<const std::vector<ScanFile>> files_;
  std::vector<std::unique_ptr<Target>> targets_;
  std::vector<std::unique_ptr<InputFile>> inputs_;
  std::vector<GroupTask> tasks_;
  bool finished_ = false;
};

}  // namespace

Result<std::optional<std::vector<WrittenFile>>> MergeFiles(Engine* engine, const RelPtr& rows, const WriteSpec& spec,
                                                           const std::function<bool()>& interrupted) {
  using Merged = std::optional<std::vector<WrittenFile>>;
  return Guard([&]() -> Result<Merged> {
    try {
      ASSIGN_OR_RETURN(auto files, FileMerge(engine, rows, spec, interrupted).Run());
      return Merged(std::move(files));
    } catch (const CannotMerge& reason) {
      Log(LogLevel::kDebug, "files_not_merged", {{"why", reason.why}});
      return Merged();
    }
  });
}

}  // namespace deltic::engine
