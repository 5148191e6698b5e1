// Merging Parquet files by their pages: against DuckDB's own decoder and reader, and with damaged inputs.
#include "engine/merge_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "base/random.h"
#include "engine/file_group.h"
#include "engine/parquet_merge/cannot_merge.h"
#include "engine/parquet_merge/chunk_statistics.h"
#include "engine/parquet_merge/delta_stats.h"
#include "engine/parquet_merge/index_runs.h"
#include "engine/parquet_merge/thrift_bytes.h"
#include "parquet_rle_bp_decoder.hpp"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
using merge::CannotMerge;

Column Col(const std::string& name, DataType type) { return {FreshColumnId(), name, std::move(type), true}; }
ExprPtr Ref(const Column& c) { return std::make_shared<ColumnExpr>(c.id, c.type, c.nullable); }

std::vector<uint32_t> AsDuckDbReads(std::string bytes, int width, size_t count) {
  std::vector<uint32_t> out(count);
  duckdb::RleBpDecoder decoder(reinterpret_cast<duckdb::data_ptr_t>(bytes.data()), static_cast<uint32_t>(bytes.size()),
                               static_cast<uint32_t>(width));
  decoder.GetBatch<uint32_t>(reinterpret_cast<duckdb::data_ptr_t>(out.data()), static_cast<uint32_t>(count));
  return out;
}

TEST(IndexRuns, AsDuckDbReadsThem) {
  std::mt19937 draw(7);
  for (int width = 1; width <= 31; width++) {  // at 32 DuckDB takes large values for damage
    for (const size_t count : {1, 7, 8, 9, 63, 1000, 5003}) {
      std::vector<uint32_t> values;
      while (values.size() < count) {
        const auto value = static_cast<uint32_t>(draw() & ((1U << width) - 1));
        values.insert(values.end(), draw() % 3 == 0 ? 1 + draw() % 40 : 1, value);
      }
      values.resize(count);
      std::string bytes;
      merge::EncodeRuns(values, width, &bytes);
      EXPECT_EQ(merge::DecodeRuns(bytes, width, count), values) << width << " " << count;
      EXPECT_EQ(AsDuckDbReads(bytes, width, count), values) << width << " " << count;
      const auto found = static_cast<size_t>(std::count(values.begin(), values.end(), values[0]));
      EXPECT_EQ(merge::CountInRuns(bytes, width, count, values[0]), found);
      if (count < 1000) continue;  // half of few bytes may hold them all
      EXPECT_THROW(merge::DecodeRuns(std::string_view(bytes).substr(0, bytes.size() / 2), width, count), CannotMerge);
    }
  }
  EXPECT_EQ(merge::WidthFor(1), 1);
  EXPECT_EQ(merge::WidthFor(2), 1);
  EXPECT_EQ(merge::WidthFor(3), 2);
  EXPECT_EQ(merge::WidthFor(256), 8);
  EXPECT_EQ(merge::WidthFor(257), 9);
}

TEST(IndexRuns, BytesOfAnyKind) {
  std::mt19937 draw(11);
  for (int run = 0; run < 20000; run++) {
    std::string bytes(draw() % 12, '\0');
    for (char& byte : bytes) byte = static_cast<char>(draw());
    try {
      EXPECT_EQ(merge::DecodeRuns(bytes, static_cast<int>(draw() % 34), 100).size(), 100u);
    } catch (const CannotMerge&) {
    }
  }
}

TEST(ThriftBytes, ListsAreNoLongerThanTheirBytes) {
  // A footer whose schema claims 2^31-1 elements.
  EXPECT_THROW(merge::ReadFooter(std::string("\x15\x02\x19\xfc\xff\xff\xff\xff\x07", 9)), CannotMerge);
  EXPECT_THROW(merge::ReadFooter(""), CannotMerge);
}

duckdb_parquet::ColumnMetaData Stats(int64_t values, int64_t nulls, const std::string& min, const std::string& max) {
  duckdb_parquet::ColumnMetaData meta;
  meta.num_values = values;
  meta.statistics.__set_null_count(nulls);
  if (!min.empty()) meta.statistics.__set_min_value(min);
  if (!max.empty()) meta.statistics.__set_max_value(max);
  meta.__isset.statistics = true;
  return meta;
}

TEST(ChunkStatistics, FollowTheColumnsOrder) {
  using std::string_literals::operator""s;
  merge::Leaf leaf;
  leaf.physical = duckdb_parquet::Type::FIXED_LEN_BYTE_ARRAY;
  leaf.type_length = 2;
  leaf.type = DataType::Decimal(4, 1);
  const auto a = Stats(3, 1, "\xff\xff"s, "\x00\x05"s);  // -1, 5
  const auto b = Stats(3, 0, "\xff\x00"s, "\x00\x01"s);  // -256, 1
  const auto empty = Stats(4, 4, "", "");
  auto merged = merge::MergeStatistics({&a, &b, &empty}, leaf);
  ASSERT_TRUE(merged.has_value());
  EXPECT_EQ(merged->min_value, "\xff\x00"s);
  EXPECT_EQ(merged->max_value, "\x00\x05"s);
  EXPECT_EQ(merged->null_count, 5);
  const auto unknown = Stats(2, 0, "", "");
  merged = merge::MergeStatistics({&a, &unknown}, leaf);
  ASSERT_TRUE(merged.has_value());
  EXPECT_FALSE(merged->__isset.min_value || merged->__isset.max_value);
  EXPECT_EQ(merged->null_count, 1);
  const auto false_count = Stats(3, std::numeric_limits<int64_t>::max(), "\x00\x01"s, "\x00\x02"s);
  merged = merge::MergeStatistics({&a, &false_count, &false_count}, leaf);
  ASSERT_TRUE(merged.has_value());
  EXPECT_FALSE(merged->__isset.null_count);
  EXPECT_EQ(merged->max_value, "\x00\x05"s);
  leaf.physical = duckdb_parquet::Type::BYTE_ARRAY;
  leaf.type = TypeId::kString;
  const auto c = Stats(1, 0, "a", "z");
  const auto d = Stats(1, 0, "A", "\xc3\xa4");  // ä
  merged = merge::MergeStatistics({&c, &d}, leaf);
  EXPECT_EQ(merged->min_value, "A");
  EXPECT_EQ(merged->max_value, "\xc3\xa4");
}

TEST(DeltaStatistics, OfSeveralFiles) {
  const std::string one =
      R"({"numRecords":3,"minValues":{"i":-5,"t":"2024-01-01T00:00:00.000Z","s":{"n":12345678901234567890.10},)"
      R"("d":"NaN"},)"
      R"("maxValues":{"i":10,"t":"2024-01-01T00:00:00.001Z","s":{"n":12345678901234567890.11},"d":"NaN"},)"
      R"("nullCount":{"i":0,"t":1,"s":{"n":0},"d":2,"l":1},"tightBounds":true})";
  const std::string two = R"({"numRecords":2,"minValues":{"i":-40,"s":{"n":12345678901234567890.09},"d":1.5},)"
                          R"("maxValues":{"i":9,"s":{"n":12345678901234567890.09},"d":1.5},)"
                          R"("nullCount":{"i":0,"t":2,"s":{"n":0},"d":0,"l":0}})";
  const std::vector<StatsColumn> columns = {{"i", TypeId::kLong},
                                            {"t", TypeId::kTimestamp},
                                            {"s", DataType::Struct({{"n", DataType::Decimal(22, 2)}})},
                                            {"d", TypeId::kDouble},
                                            {"l", DataType::Array(TypeId::kInteger)}};
  WriteSpec spec;
  EXPECT_EQ(merge::MergeDeltaStats({{&one, 3}, {&two, 2}}, columns, spec),
            R"({"numRecords":5,"minValues":{"i":-40,"t":"2024-01-01T00:00:00.000Z","s":{"n":12345678901234567890.09},)"
            R"("d":1.5},)"
            R"("maxValues":{"i":10,"t":"2024-01-01T00:00:00.001Z","s":{"n":12345678901234567890.11},"d":"NaN"},)"
            R"("nullCount":{"i":0,"t":3,"s":{"n":0},"d":2,"l":1}})");
  EXPECT_EQ(merge::MergeDeltaStats({{&one, 3}, {&two, 7}}, columns, spec), std::nullopt);  // of other rows
  const std::string wide =
      R"({"numRecords":1,"minValues":{"i":1},"maxValues":{"i":1},"nullCount":{"i":0},"tightBounds":false})";
  const std::string none = R"({"numRecords":1,"nullCount":{"i":0}})";
  const std::string other = R"({"numRecords":1})";
  const std::string more_nulls =
      R"({"numRecords":1,"minValues":{"i":1},"maxValues":{"i":1},"nullCount":{"i":9223372036854775807}})";
  for (const std::string* text : {&wide, &none, &other, &more_nulls}) {
    EXPECT_EQ(merge::MergeDeltaStats({{text, 1}, {text, 1}}, {{"i", TypeId::kLong}}, spec), std::nullopt) << *text;
  }
  EXPECT_EQ(merge::MergeDeltaStats({{&other, 1}}, {}, spec),
            R"({"numRecords":1,"minValues":{},"maxValues":{},"nullCount":{}})");
}

class MergeFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    EngineOptions options;
    options.threads = 2;
    engine_ = Engine::Open(options).value();
    directory_ = (fs::temp_directory_path() / ("deltic-merge-test-" + Random::System()->Uuid())).string();
    fs::create_directories(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  static ExprPtr Call(const char* name, std::vector<ExprPtr> args, DataType type) {
    return MakeCall(name, std::move(args), std::move(type), true);
  }
  // Rows start…end-1: a number, a plain string, one of few strings with NULLs, a list.
  static RelPtr Rows(int64_t start, int64_t end) {
    const Column id = Col("id", TypeId::kLong);
    auto range = std::make_shared<RangeRel>(id, start, end, 1);
    const auto text = std::make_shared<Cast>(Ref(id), TypeId::kString, true, CastMode::kLegacy, "UTC");
    const auto few = std::make_shared<Cast>(Call("%", {Ref(id), MakeLong(30 + start % 7)}, TypeId::kLong),
                                            TypeId::kString, true, CastMode::kLegacy, "UTC");
    const auto or_null = Call("nullif", {few, MakeString("3")}, TypeId::kString);
    const auto list = Call("list_value", {Ref(id), Ref(id)}, DataType::Array(TypeId::kLong));
    std::vector<Column> output = {Col("id", TypeId::kLong), Col("text", TypeId::kString), Col("few", TypeId::kString),
                                  Col("list", DataType::Array(TypeId::kLong))};
    return std::make_shared<ProjectRel>(range, std::move(output), std::vector<ExprPtr>{Ref(id), text, or_null, list});
  }
  WriteSpec Spec(const std::string& uuid) const {
    WriteSpec spec;
    spec.directory = directory_;
    spec.uuid = uuid;
    return spec;
  }
  std::vector<WrittenFile> Inputs(int count) {
    std::vector<WrittenFile> out;
    for (int i = 0; i < count; i++) {
      auto files = engine_->WriteFiles(Rows(i * 6001, (i + 1) * 6001), Spec("in" + std::to_string(i)), {}, {});
      EXPECT_TRUE(files.ok()) << files.status().ToString();
      out.push_back((*files)[0]);
    }
    return out;
  }
  static std::shared_ptr<FilesRel> Scan(const std::vector<WrittenFile>& files) {
    const RelPtr like = Rows(0, 1);
    auto scan = std::make_shared<FilesRel>(like->output, FileFormat::kParquet);
    auto list = std::make_shared<std::vector<ScanFile>>();
    for (const auto& file : files) {
      ScanFile& one = list->emplace_back();
      one.path = file.path;
      one.size_bytes = static_cast<int64_t>(fs::file_size(file.path));
      one.stats_json = file.stats_json;
    }
    scan->files = list;
    for (const Column& column : like->output) scan->columns.emplace_back().physical_name = column.name;
    return scan;
  }
  // The rows in order; an error's text.
  std::string Read(const RelPtr& scan) {
    const auto rows = engine_->Collect(scan, {}, 100000);
    if (!rows.ok()) return "error";
    std::vector<std::string> lines;
    for (const auto& row : *rows) {
      std::ostringstream line;
      line << std::get<int64_t>(row[0].v);
      for (const size_t i : {1, 2}) line << "," << (row[i].IsNull() ? "null" : std::get<std::string>(row[i].v));
      for (const Value& v : *std::get<std::shared_ptr<const ValueList>>(row[3].v))
        line << "," << std::get<int64_t>(v.v);
      lines.push_back(line.str());
    }
    std::sort(lines.begin(), lines.end());
    std::string out;
    for (const auto& line : lines) out += line + "\n";
    return out;
  }

  std::unique_ptr<Engine> engine_;
  std::string directory_;
};

TEST_F(MergeFilesTest, RowsAndStatisticsAreTheInputs) {
  const auto inputs = Inputs(4);
  const auto scan = Scan(inputs);
  const auto merged = MergeFiles(engine_.get(), scan, Spec("out"), {});
  ASSERT_TRUE(merged.ok() && merged->has_value()) << merged.status().ToString();
  ASSERT_EQ((*merged)->size(), 1u);
  const WrittenFile& file = (**merged)[0];
  EXPECT_EQ(file.record_count, 4 * 6001);
  EXPECT_EQ(file.size_bytes, static_cast<int64_t>(fs::file_size(file.path)));
  EXPECT_EQ(Read(Scan({file})), Read(scan));
  // Written from the rows, the statistics are the same.
  const auto written = engine_->WriteFiles(scan, Spec("rows"), {}, {});
  ASSERT_TRUE(written.ok()) << written.status().ToString();
  EXPECT_EQ(file.stats_json, (*written)[0].stats_json);
}

TEST_F(MergeFilesTest, GroupsAndRefusals) {
  const auto inputs = Inputs(4);
  const auto scan = Scan(inputs);
  auto grouped = std::make_shared<FilesRel>(*scan);
  auto files = std::make_shared<std::vector<ScanFile>>(*scan->files);
  for (size_t i = 0; i < files->size(); i++) (*files)[i].constants.emplace_back().v = static_cast<int64_t>(i % 2);
  grouped->files = files;
  grouped->output.push_back(Col(kFileGroup, TypeId::kLong));
  auto& group = grouped->columns.emplace_back();
  group.source = FileColumn::Source::kConstant;
  group.constant_index = 0;
  auto merged = MergeFiles(engine_.get(), grouped, Spec("groups"), {});
  ASSERT_TRUE(merged.ok() && merged->has_value()) << merged.status().ToString();
  ASSERT_EQ((*merged)->size(), 2u);
  EXPECT_EQ(Read(Scan(**merged)), Read(scan));

  WriteSpec gzip = Spec("gzip");
  gzip.compression = "gzip";
  WriteSpec limited = Spec("limited");
  limited.max_records_per_file = 10;
  WriteSpec zstd = Spec("zstd");
  zstd.compression = "zstd";  // the inputs have Snappy
  for (const WriteSpec& spec : {gzip, limited, zstd}) {
    merged = MergeFiles(engine_.get(), scan, spec, {});
    EXPECT_TRUE(merged.ok() && !merged->has_value());
  }
  auto wider = std::make_shared<FilesRel>(*scan);
  wider->output.push_back(Col("more", TypeId::kLong));
  wider->columns.emplace_back().physical_name = "more";
  merged = MergeFiles(engine_.get(), wider, Spec("wider"), {});
  EXPECT_TRUE(merged.ok() && !merged->has_value());
  const auto interrupted = MergeFiles(engine_.get(), scan, Spec("interrupted"), [] { return true; });
  EXPECT_EQ(interrupted.status().condition(), "OPERATION_CANCELED");
}

// Whatever a damaged file is taken for, nothing crashes, nothing stays behind, and rows are those that a reader finds.
TEST_F(MergeFilesTest, DamagedFiles) {
  auto inputs = Inputs(2);
  std::ifstream in(inputs[0].path, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  WrittenFile damaged = inputs[0];
  damaged.path = directory_ + "/damaged.parquet";
  std::mt19937 draw(3);
  int merges = 0;
  for (int run = 0; run < 1500; run++) {
    std::string bytes = whole;
    const size_t tail = std::min<size_t>(bytes.size(), 1500);  // half of the damage where the footer is
    for (unsigned i = 0; i <= draw() % 4; i++) {
      const size_t at = draw() % 2 == 0 ? draw() % bytes.size() : bytes.size() - 1 - draw() % tail;
      bytes[at] = static_cast<char>(draw());
    }
    if (run % 10 == 0) bytes.resize(draw() % bytes.size());
    std::ofstream(damaged.path, std::ios::binary | std::ios::trunc) << bytes;
    const auto scan = Scan({damaged, inputs[1]});
    const auto merged = MergeFiles(engine_.get(), scan, Spec("d" + std::to_string(run)), {});
    const size_t left =
        static_cast<size_t>(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()));
    if (!merged.ok() || !merged->has_value()) {
      EXPECT_EQ(left, 3u) << run;
      continue;
    }
    merges++;
    if (merges % 8 == 0) {
      EXPECT_EQ(Read(Scan(**merged)), Read(scan)) << run;
    }
    fs::remove((**merged)[0].path);
  }
  EXPECT_GT(merges, 50);
}

}  // namespace
}  // namespace deltic::engine
