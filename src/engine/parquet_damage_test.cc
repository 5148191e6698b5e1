// Real Parquet files with bytes flipped, swapped, zeroed and cut: data files and checkpoints. Where nothing in a file
// can notice, rows are what they are; every error names the file and says that reading it failed.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/log.h"
#include "base/random.h"
#include "delta/snapshot/snapshot.h"
#include "engine/delta_parquet_io.h"
#include "engine/engine.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(DELTIC_TEST_DATA) / "golden";
constexpr uint64_t kFooterBytes = 1500;

std::string BytesOf(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return std::move(out).str();
}

void WriteBytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The Parquet files below a folder whose names say `what`, in order.
std::vector<fs::path> ParquetFiles(const fs::path& folder, const std::string& what) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (path.ends_with(".parquet") && path.find(what) != std::string::npos) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

class ParquetDamageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ConfigureLog(LogLevel::kError, LogFormat::kText);  // unreadable checkpoints are told one by one
    EngineOptions options;
    options.threads = 2;
    engine_ = Engine::Open(options).value();
    directory_ = fs::temp_directory_path() / ("deltic-damage-test-" + Random::System()->Uuid());
    fs::create_directories(directory_);
  }
  void TearDown() override {
    ConfigureLog(LogLevel::kInfo, LogFormat::kText);
    engine_.reset();
    fs::remove_all(directory_);
  }

  // Half of the time in the footer, which says where everything is.
  std::string Damaged(std::string bytes) {
    const uint64_t from = random_.Next64() % 2 == 0 || bytes.size() < kFooterBytes ? 0 : bytes.size() - kFooterBytes;
    const size_t at = from + random_.Next64() % (bytes.size() - from);
    switch (random_.Next64() % 4) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random_.Next64() % 8))); break;
      case 1: std::swap(bytes[at], bytes[random_.Next64() % bytes.size()]); break;
      case 2:
        bytes.replace(at, std::min<size_t>(8, bytes.size() - at), std::min<size_t>(8, bytes.size() - at), '\0');
        break;
      default: bytes.resize(at);
    }
    return bytes;
  }

  void Check(const Status& status, const fs::path& path, const std::string& what) {
    if (status.ok()) return;
    errors_++;
    const std::string text = status.ToString();
    EXPECT_NE(text.find(path.filename().string()), std::string::npos) << what << ": " << text;
    const bool of_damage = status.Is("_LEGACY_ERROR_TEMP_2064") || status.Is("CANNOT_READ_FILE_FOOTER") ||
                           status.Is("DELTA_LOG_CORRUPTED");
    EXPECT_TRUE(of_damage || status.Is("OUT_OF_MEMORY")) << what << ": " << text;
  }

  RelPtr Scan(const std::vector<types::StructField>& fields, const fs::path& path, int64_t size) {
    std::vector<Column> output;
    for (const auto& field : fields) output.push_back({FreshColumnId(), field.name, field.type, true});
    auto scan = std::make_shared<FilesRel>(output, FileFormat::kParquet);
    ScanFile file;
    file.path = path.string();
    file.size_bytes = size;
    scan->files = std::make_shared<std::vector<ScanFile>>(std::vector<ScanFile>{file});
    for (const auto& field : fields) scan->columns.emplace_back().physical_name = field.name;
    return scan;
  }

  void ReadDamaged(const fs::path& original, int rounds) {
    const std::string bytes = BytesOf(original);
    const auto fields = engine_->InferSchema(FileFormat::kParquet, {original.string()}, {});
    ASSERT_TRUE(fields.ok()) << fields.status().ToString();
    for (int round = 0; round < rounds; round++) {
      const std::string damaged = Damaged(bytes);
      const fs::path path = directory_ / ("part-" + std::to_string(files_++) + ".parquet");
      WriteBytes(path, damaged);
      const std::string what = original.string() + ", round " + std::to_string(round);
      const auto size = static_cast<int64_t>(damaged.size());
      Check(engine_->Collect(Scan(*fields, path, size), {}, 1000000).status(), path, what);
      Check(engine_->InferSchema(FileFormat::kParquet, {path.string()}, {}).status(), path, what);
    }
  }

  SeededRandom random_{20261126};
  std::unique_ptr<Engine> engine_;
  fs::path directory_;
  int files_ = 0;
  int errors_ = 0;
};

TEST_F(ParquetDamageTest, DataFiles) {
  for (const char* table : {"primitives", "nested", "partitioned", "zorder"}) {
    const auto files = ParquetFiles(kGolden / table / "table", "part-");
    ASSERT_FALSE(files.empty()) << table;
    ReadDamaged(files.front(), 100);
  }
  EXPECT_GT(errors_, 100);
}

TEST_F(ParquetDamageTest, ChangeFiles) {
  ReadDamaged(ParquetFiles(kGolden / "cdf_basic" / "table" / "_change_data", "cdc-").at(0), 60);
  EXPECT_GT(errors_, 15);
}

// The commits before the checkpoint are gone: nothing but it tells what the table has.
TEST_F(ParquetDamageTest, Checkpoints) {
  DeltaParquetIo parquet(engine_.get());
  const auto store = storage::LocalStore();
  for (const char* name : {"checkpoint_log_cleaned", "checkpoint_v2_json"}) {
    const fs::path table = directory_ / name;
    fs::copy(kGolden / name / "table", table, fs::copy_options::recursive);
    const fs::path log = table / "_delta_log";
    const auto hint = BytesOf(log / "_last_checkpoint");
    const int64_t base = std::stoll(hint.substr(hint.find("\"version\":") + 10));
    for (const auto& entry : fs::directory_iterator(log)) {
      const std::string file = entry.path().filename().string();
      if (entry.path().extension() == ".json" && file.find("checkpoint") == std::string::npos &&
          std::stoll(file.substr(0, 20)) < base) {
        fs::remove(entry.path());
      }
    }
    ASSERT_TRUE(delta::Snapshot::Load({store, &parquet, nullptr}, table.string()).ok());
    const auto sidecars = ParquetFiles(log, "_sidecars/");
    const auto files = sidecars.empty() ? ParquetFiles(log, ".checkpoint.") : sidecars;
    ASSERT_FALSE(files.empty());
    const std::string bytes = BytesOf(files.back());
    for (int round = 0; round < 150; round++) {
      WriteBytes(files.back(), Damaged(bytes));
      const auto snapshot = delta::Snapshot::Load({store, &parquet, nullptr}, table.string());
      Check(snapshot.status(), files.back(), name + std::string(", round ") + std::to_string(round));
    }
    WriteBytes(files.back(), bytes);
  }
  EXPECT_GT(errors_, 60);
}

}  // namespace
}  // namespace deltic::engine
