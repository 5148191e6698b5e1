// What OPTIMIZE builds on: rows grouped into files, positions on space-filling curves, statistics of existing files.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "base/random.h"
#include "engine/engine.h"
#include "engine/file_group.h"
#include "engine/file_stats.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;

Column Col(const std::string& name, DataType type) { return {FreshColumnId(), name, std::move(type), true}; }
ExprPtr Ref(const Column& c) { return std::make_shared<ColumnExpr>(c.id, c.type, c.nullable); }
Value Int(int64_t n) { return Value{n}; }

class FileLayoutTest : public ::testing::Test {
 protected:
  void SetUp() override {
    EngineOptions options;
    options.threads = 2;
    engine_ = Engine::Open(options).value();
    directory_ = fs::temp_directory_path() / ("deltic-layout-test-" + Random::System()->Uuid());
    fs::create_directories(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  static RelPtr Values(std::vector<Column> columns, const std::vector<std::vector<Value>>& rows) {
    std::vector<std::vector<ExprPtr>> exprs;
    for (const auto& row : rows) {
      auto& out = exprs.emplace_back();
      for (size_t i = 0; i < row.size(); i++) out.push_back(std::make_shared<Literal>(row[i], columns[i].type));
    }
    return std::make_shared<ValuesRel>(std::move(columns), std::move(exprs));
  }
  // The value of an expression over one row of integers each.
  std::vector<std::string> Positions(const char* function, int bits, const std::vector<std::vector<int64_t>>& points) {
    std::vector<Column> columns;
    for (size_t i = 0; i < points[0].size(); i++) columns.push_back(Col("x", TypeId::kInteger));
    std::vector<ExprPtr> args{MakeInt(bits)};
    for (const auto& column : columns) args.push_back(Ref(column));
    std::vector<std::vector<Value>> rows;
    for (const auto& point : points) {
      auto& row = rows.emplace_back();
      for (const int64_t x : point) row.push_back(Int(x));
    }
    const auto call = MakeCall(function, args, TypeId::kBinary, false, true);
    const auto plan = std::make_shared<ProjectRel>(
        Values(columns, rows), std::vector<Column>{Col("p", TypeId::kBinary)}, std::vector<ExprPtr>{call});
    std::vector<std::string> out;
    const auto result = engine_->Collect(plan, {}, static_cast<int64_t>(points.size()));
    EXPECT_TRUE(result.ok()) << result.status().ToString();
    if (!result.ok()) return out;
    for (const auto& row : *result) out.push_back(std::get<std::string>(row[0].v));
    return out;
  }

  std::unique_ptr<Engine> engine_;
  fs::path directory_;
};

TEST_F(FileLayoutTest, InterleavesBitsHighestFirst) {
  // delta-spark InterleaveBitsSuite: 3 columns of 0b000…001, 0b000…010, 0b000…100 and so on, at 8 bits here.
  const auto p = Positions("spark_interleave_bits", 8,
                           {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0x80, 0, 0}, {255, 255, 255}});
  using namespace std::string_literals;
  EXPECT_EQ(p, (std::vector<std::string>{"\0\0\0"s, "\0\0\4"s, "\0\0\2"s, "\0\0\1"s, "\x80\0\0"s, "\xff\xff\xff"s}));
}

TEST_F(FileLayoutTest, TheHilbertCurveVisitsNeighbours) {
  for (const int dimensions : {2, 3}) {
    const int bits = 3;
    const int64_t side = 1 << bits;
    std::vector<std::vector<int64_t>> points;
    for (int64_t i = 0; i < (dimensions == 2 ? side * side : side * side * side); i++) {
      points.push_back({i % side, i / side % side});
      if (dimensions == 3) points.back().push_back(i / side / side);
    }
    const auto positions = Positions("spark_hilbert_index", bits, points);
    std::map<std::string, std::vector<int64_t>> curve;
    for (size_t i = 0; i < points.size(); i++) curve[positions[i]] = points[i];
    ASSERT_EQ(curve.size(), points.size());
    const std::vector<int64_t>* previous = nullptr;
    for (const auto& [position, point] : curve) {
      int64_t distance = 0;
      for (int d = 0; previous != nullptr && d < dimensions; d++) distance += std::abs(point[d] - (*previous)[d]);
      EXPECT_EQ(previous == nullptr ? 1 : distance, 1);
      previous = &point;
    }
  }
}

TEST_F(FileLayoutTest, RowsOfAGroupShareAFile) {
  std::vector<std::vector<Value>> rows;
  for (int64_t i = 0; i < 5000; i++) rows.push_back({Int(i), i % 2 == 0 ? Int(i % 3) : Value{}, Int(i % 7)});
  WriteSpec spec;
  spec.directory = directory_.string();
  spec.uuid = "u";
  spec.partition_columns = {1};
  const auto files = engine_->WriteFiles(
      Values({Col("id", TypeId::kLong), Col("p", TypeId::kInteger), Col(kFileGroup, TypeId::kLong)}, rows), spec, {},
      {});
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  EXPECT_EQ(files->size(), 4u * 7u);
  int64_t total = 0;
  for (const auto& file : *files) {
    total += file.record_count;
    EXPECT_EQ(file.stats_json.find(kFileGroup), std::string::npos);
    const auto schema = engine_->InferSchema(FileFormat::kParquet, {file.path}, {});
    EXPECT_EQ(schema->size(), 1u);
  }
  EXPECT_EQ(total, 5000);
}

TEST_F(FileLayoutTest, StatisticsOfExistingFilesAreThoseOfTheWriter) {
  const DataType nested = DataType::Struct({{"x", TypeId::kInteger}, {"l", DataType::Array(TypeId::kInteger)}});
  const auto structure = [](Value x, Value l) {
    return Value{std::shared_ptr<const ValueList>(std::make_shared<ValueList>(ValueList{std::move(x), std::move(l)}))};
  };
  const std::vector<Column> columns = {Col("i", TypeId::kInteger),        Col("s", TypeId::kString),
                                       Col("ts", TypeId::kTimestamp),     Col("d", TypeId::kDouble),
                                       Col("n", DataType::Decimal(5, 2)), Col("dt", TypeId::kDate),
                                       Col("b", TypeId::kBoolean),        Col("st", nested)};
  const auto rel = Values(columns, {{Int(1), Value{std::string(40, 'x')}, Int(-1500), Value{1.5}, Value{Int128{-99999}},
                                     Int(-3), Value{true}, structure(Int(7), Value{})},
                                    {Int(3), Value{std::string("a")}, Int(2700), Value{}, Value{Int128{150}}, Int(1),
                                     Value{}, structure(Value{}, Value{})},
                                    {Value{}, Value{}, Value{}, Value{2.0}, Value{}, Value{}, Value{}, Value{}}});
  WriteSpec spec;
  spec.directory = directory_.string();
  spec.uuid = "u";
  const auto files = engine_->WriteFiles(rel, spec, {}, {});
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  FilesRel scan(columns, FileFormat::kParquet);
  for (const auto& column : columns) scan.columns.emplace_back().physical_name = column.name;
  auto list = std::make_shared<std::vector<ScanFile>>();
  list->emplace_back().path = (*files)[0].path;
  list->emplace_back().path = (*files)[0].path;
  scan.files = list;
  const auto stats = FileStats(engine_.get(), scan, spec);
  ASSERT_TRUE(stats.ok()) << stats.status().ToString();
  EXPECT_EQ(*stats, (std::vector<std::string>{(*files)[0].stats_json, (*files)[0].stats_json}));
}

std::string Times(int count, const std::string& text) {
  std::string out;
  for (int i = 0; i < count; i++) out += text;
  return out;
}

// The bounds that delta-spark's StatisticsCollection keeps of one value: Spark's substring for the least, and
// truncateMaxStringAgg for the greatest.
TEST_F(FileLayoutTest, BoundsOfLongStrings) {
  const std::string top = "\xF4\x8F\xBF\xBF";  // U+10FFFF
  const std::string smile = "\xF0\x9F\x98\x80";
  struct Case {
    std::string value, min, max;
  };
  const std::vector<Case> cases = {
      {Times(32, "é"), Times(32, "é"), Times(32, "é")},
      {Times(129, "é"), Times(32, "é"), Times(32, "é") + top},
      {Times(400, "日本語"), Times(10, "日本語") + "日本", Times(10, "日本語") + "日本" + top},
      {Times(300, "é") + "z", Times(32, "é"), Times(32, "é") + top},
      {Times(32, "é") + "a" + Times(300, "é"), Times(32, "é"), Times(32, "é") + "\x7f"},
      // In UTF-16 the 32nd unit is the first half of a character, which is taken whole.
      {"a" + Times(20, smile), "a" + Times(20, smile), "a" + Times(16, smile) + top},
      {Times(100, smile), Times(32, smile), Times(16, smile) + top},
      {Times(32, "x") + Times(5, top) + "a" + Times(50, "x"), Times(32, "x"), Times(32, "x") + Times(5, top) + "\x7f"},
  };
  for (const Case& each : cases) {
    for (const char* way : {"at hand", "partitioned", "by a query"}) {
      WriteSpec spec;
      spec.directory = (directory_ / Random::System()->Uuid()).string();
      spec.uuid = "u";
      if (way == std::string_view("partitioned")) spec.partition_columns = {1};
      if (way == std::string_view("by a query")) spec.max_records_per_file = 1000;
      const auto rows = Values({Col("s", TypeId::kString), Col("p", TypeId::kInteger)},
                               {{Value{each.value}, Int(1)}, {Value{}, Int(1)}});
      const auto files = engine_->WriteFiles(rows, spec, {}, {});
      ASSERT_TRUE(files.ok()) << files.status().ToString();
      const std::string& stats = files->at(0).stats_json;
      EXPECT_NE(stats.find(R"("minValues":{"s":")" + each.min + '"'), std::string::npos) << stats;
      EXPECT_NE(stats.find(R"("maxValues":{"s":")" + each.max + '"'), std::string::npos) << stats;
      EXPECT_NE(stats.find(R"("nullCount":{"s":1)"), std::string::npos) << way << stats;
    }
  }
}

// 64 characters above ASCII's last that a bound cannot be put above: there is none.
TEST_F(FileLayoutTest, AStringWithoutAGreatestBound) {
  WriteSpec spec;
  spec.directory = directory_.string();
  spec.uuid = "u";
  const auto files =
      engine_->WriteFiles(Values({Col("s", TypeId::kString)}, {{Value{Times(100, "\xF4\x8F\xBF\xBF")}}}), spec, {}, {});
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  const std::string& stats = files->at(0).stats_json;
  EXPECT_NE(stats.find(R"("minValues":{"s":")" + Times(32, "\xF4\x8F\xBF\xBF") + '"'), std::string::npos) << stats;
  EXPECT_NE(stats.find(R"("maxValues":{})"), std::string::npos) << stats;
}

// A row group without any value hides nothing of the others' bounds.
TEST_F(FileLayoutTest, BoundsBesideARowGroupOfNulls) {
  const std::vector<Column> id = {Col("id", TypeId::kLong)};
  const auto range = std::make_shared<RangeRel>(id[0], 0, 300000, 1);
  const auto late = [&](ExprPtr value) {
    const DataType type = value->type;
    auto condition = MakeCall(">=", {Ref(id[0]), MakeLong(200000)}, TypeId::kBoolean, false);
    return std::make_shared<Case>(std::vector<std::pair<ExprPtr, ExprPtr>>{{std::move(condition), std::move(value)}},
                                  nullptr, type, true);
  };
  const auto as = [&](const DataType& type) {
    return std::make_shared<Cast>(Ref(id[0]), type, true, CastMode::kAnsi, "UTC");
  };
  const std::vector<DataType> types = {TypeId::kLong, TypeId::kInteger, TypeId::kDouble, TypeId::kString,
                                       DataType::Decimal(20, 2)};
  std::vector<Column> output;
  std::vector<ExprPtr> values;
  for (size_t i = 0; i < types.size(); i++) {
    output.push_back(Col("c" + std::to_string(i), types[i]));
    values.push_back(late(as(types[i])));
  }
  WriteSpec spec;
  spec.directory = directory_.string();
  spec.uuid = "u";
  const auto files = engine_->WriteFiles(std::make_shared<ProjectRel>(range, output, values), spec, {}, {});
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  EXPECT_EQ(files->at(0).stats_json,
            R"({"numRecords":300000,)"
            R"("minValues":{"c0":200000,"c1":200000,"c2":200000.0,"c3":"200000","c4":200000.00},)"
            R"("maxValues":{"c0":299999,"c1":299999,"c2":299999.0,"c3":"299999","c4":299999.00},)"
            R"("nullCount":{"c0":200000,"c1":200000,"c2":200000,"c3":200000,"c4":200000}})");
}

}  // namespace
}  // namespace deltic::engine
