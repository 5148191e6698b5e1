// The target of Parquet files: footers, pages and what they claim, from a table's data or a checkpoint.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include "delta/checkpoint/checkpoint_reader.h"
#include "engine/delta_parquet_io.h"
#include "engine/engine.h"
#include "engine/file_stats.h"
#include "storage/object_store.h"
#include "tests/fuzz/targets.h"

namespace deltic::fuzz {
namespace {

using engine::Column;
using engine::FilesRel;

// One engine and one file for all runs.
class Bench {
 public:
  Bench() {
    engine::EngineOptions options;
    options.threads = 2;
    options.memory_limit_bytes = int64_t{256} << 20;
    engine_ = engine::Engine::Open(options).value();
    directory_ = std::filesystem::temp_directory_path() / ("deltic-fuzz-" + std::to_string(getpid()));
    std::filesystem::create_directories(directory_);
  }
  ~Bench() { std::filesystem::remove_all(directory_); }

  engine::Engine* engine() { return engine_.get(); }
  std::string Write(std::string_view bytes) const {
    std::string path = directory_ / "file.parquet";
    std::filesystem::remove(path);
    if (!storage::LocalStore()->Put(path, bytes).ok()) std::abort();
    return path;
  }

 private:
  std::unique_ptr<engine::Engine> engine_;
  std::filesystem::path directory_;
};

// All rows of the file, as its schema says they are.
void Scan(engine::Engine* engine, const std::string& path, size_t size) {
  const auto schema = engine->InferSchema(engine::FileFormat::kParquet, {path}, {});
  if (!schema.ok()) return;
  std::vector<Column> columns;
  for (const auto& field : *schema) columns.push_back({engine::FreshColumnId(), field.name, field.type, true});
  const auto scan = std::make_shared<FilesRel>(columns, engine::FileFormat::kParquet);
  for (const auto& column : columns) scan->columns.emplace_back().physical_name = column.name;
  engine::ScanFile file;
  file.path = path;
  file.size_bytes = static_cast<int64_t>(size);
  scan->files = std::make_shared<std::vector<engine::ScanFile>>(1, std::move(file));
  (void)engine->Collect(scan, {}, 100000);
  (void)engine::FileStats(engine, *scan, {});
}

void ReadAsCheckpoint(engine::Engine* engine, const std::string& path) {
  engine::DeltaParquetIo parquet(engine);
  const auto store = storage::LocalStore();
  delta::CheckpointRef checkpoint;
  checkpoint.files.emplace_back().path = path;
  const delta::CheckpointSink sink = {[](const delta::PackedFile&) { return true; },
                                      [](delta::RemoveFile&&) { return Status::Ok(); },
                                      [](delta::Action&&) { return Status::Ok(); }};
  delta::FileListBuilder files("/table", delta::FileList());
  if (!delta::ReadCheckpoint(store.get(), &parquet, "/table", checkpoint, sink, &files).ok()) return;
  const delta::FileList list = files.Finish();
  size_t bytes = 0;
  list.ForEachPacked([&](const delta::PackedFile& file) { bytes += file.path().size() + file.stats().size(); });
  if (list.size() > 0 && bytes == 0) return;  // paths may be empty, but looking at them must do no harm
}

}  // namespace

void ParquetFile(const uint8_t* data, size_t size) {
  static Bench bench;
  const std::string path = bench.Write({reinterpret_cast<const char*>(data), size});
  Scan(bench.engine(), path, size);
  ReadAsCheckpoint(bench.engine(), path);
  const auto alive = bench.engine()->Collect(std::make_shared<engine::OneRowRel>(), {}, 10);
  if (alive.ok()) return;
  std::fprintf(stderr, "fuzz: the engine answers nothing more: %s\n", alive.status().ToString().c_str());
  std::abort();
}

}  // namespace deltic::fuzz
