// Text columns that are read later: what they say, and what happens when their file has changed meanwhile.
#include "engine/kept_column.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/random.h"
#include "engine/delta_parquet_io.h"
#include "engine/engine.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;

class Keeper final : public delta::ParquetConsumer {
 public:
  void Begin(size_t parts) override { kept.resize(parts); }
  void BeginPart(size_t part, size_t, int64_t, std::shared_ptr<const delta::KeptText> text) override {
    kept[part] = std::move(text);
  }
  Status Take(size_t, const delta::ParquetRows& rows) override {
    for (size_t row = 0; row < rows.size(); row++) numbers.push_back(rows.Int(0, row));
    EXPECT_TRUE(rows.IsAbsent(1));
    return Status::Ok();
  }
  void EndPart(size_t) override { ended++; }

  std::vector<std::shared_ptr<const delta::KeptText>> kept;
  std::vector<int64_t> numbers;
  size_t ended = 0;
};

class KeptColumnTest : public ::testing::Test {
 protected:
  void SetUp() override {
    engine_ = Engine::Open({}).value();
    parquet_ = std::make_unique<DeltaParquetIo>(engine_.get());
    directory_ = fs::temp_directory_path() / ("deltic-kept-test-" + Random::System()->Uuid());
    fs::create_directories(directory_);
    path_ = directory_ / "file.parquet";
    Write("one");
    delta::ParquetRequest request;
    request.paths = {path_};
    request.columns = {{"n", delta::ParquetColumn::Kind::kInt}, {"t", delta::ParquetColumn::Kind::kText}};
    request.keep = "t";
    request.keep_from_bytes = 1;
    const Status status = parquet_->Read(request, &keeper_);
    ASSERT_TRUE(status.ok()) << status.ToString();
    ASSERT_EQ(keeper_.kept.size(), 1U);
    ASSERT_NE(keeper_.kept[0], nullptr);
  }
  void TearDown() override { fs::remove_all(directory_); }

  void Write(const std::string& text) {
    const auto schema = DataType::Struct({{"n", TypeId::kLong, true}, {"t", TypeId::kString, true}});
    fs::remove(path_);
    const auto size = parquet_->WriteFromJson(
        path_, schema, {R"({"n":1,"t":")" + text + R"("})", R"({"n":2,"t":null})", R"({"n":3,"t":"three"})"});
    ASSERT_TRUE(size.ok()) << size.status().ToString();
  }
  std::string Kept() const {
    std::string out;
    const Status status = keeper_.kept[0]->Read([&](std::string_view text) { out += std::string(text) + ","; });
    return status.ok() ? out : status.ToString();
  }

  std::unique_ptr<Engine> engine_;
  std::unique_ptr<DeltaParquetIo> parquet_;
  fs::path directory_;
  std::string path_;
  Keeper keeper_;
};

TEST_F(KeptColumnTest, IsReadFromTheFileWhenAskedFor) {
  EXPECT_EQ(keeper_.numbers, (std::vector<int64_t>{1, 2, 3}));
  EXPECT_EQ(keeper_.ended, 1U);
  EXPECT_EQ(keeper_.kept[0]->rows(), 3U);
  EXPECT_EQ(Kept(), "one,,three,");
  EXPECT_EQ(Kept(), "one,,three,");
}

TEST_F(KeptColumnTest, IsNotTakenFromAnotherFile) {
  Write("another text of another length");
  EXPECT_NE(Kept().find("is not the file any more"), std::string::npos) << Kept();
}

TEST_F(KeptColumnTest, SaysThatItsFileIsGone) {
  fs::remove(path_);
  EXPECT_NE(Kept().find("file.parquet"), std::string::npos) << Kept();
}

}  // namespace
}  // namespace deltic::engine
