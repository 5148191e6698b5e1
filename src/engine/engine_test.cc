// The engine over hand-built typed plans. Expected values are Spark's.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/random.h"
#include "duckdb/main/valid_checker.hpp"
#include "engine/engine_impl.h"
#include "engine/parquet_columns.h"
#include "nanoarrow/nanoarrow_ipc.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;

// What a reading of CheckpointJsonRoundTrip's columns hands over, in order.
class ColumnsOfFiles : public delta::ParquetConsumer {
 public:
  void Begin(size_t parts) override {
    texts_.resize(parts);
    kept.resize(parts);
  }
  void BeginPart(size_t part, size_t, int64_t first_row, std::shared_ptr<const delta::KeptText> column) override {
    EXPECT_EQ(first_row, 0);
    kept[part] = std::move(column);
  }
  Status Take(size_t part, const delta::ParquetRows& rows) override {
    std::string& out = texts_[part];
    EXPECT_TRUE(rows.IsAbsent(5) && rows.IsAbsent(6));
    for (size_t row = 0; row < rows.size(); row++) {
      EXPECT_TRUE(rows.IsNull(5, row) && rows.IsNull(6, row));
      if (!rows.IsNull(4, row)) out += std::string(rows.Text(4, row)) + ";";
      if (rows.IsNull(0, row)) continue;
      out += std::string(rows.Text(0, row)) + "," + std::to_string(rows.Int(2, row)) + "," +
             std::to_string(rows.Int(3, row));
      rows.ForEachEntry(1, row, [&](std::string_view key, std::optional<std::string_view> value) {
        out += "," + std::string(key) + "=" + std::string(value.value_or("null"));
      });
      if (!rows.IsNull(7, row)) out += "," + std::string(rows.Text(7, row));
      out += ";";
    }
    return Status::Ok();
  }
  std::string Text() const {
    std::string all;
    for (const auto& text : texts_) all += text;
    return all;
  }

  std::vector<std::shared_ptr<const delta::KeptText>> kept;

 private:
  std::vector<std::string> texts_;
};

class EngineTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    EngineOptions options;
    options.threads = 2;
    auto engine = Engine::Open(options);
    ASSERT_TRUE(engine.ok()) << engine.status().ToString();
    engine_ = std::move(engine).value().release();
  }
  static void TearDownTestSuite() {
    delete engine_;
    engine_ = nullptr;
  }
  void SetUp() override {
    directory_ = (fs::temp_directory_path() / ("deltic-engine-test-" + Random::System()->Uuid())).string();
    fs::create_directories(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  ColumnId NewId() { return next_id_++; }
  Column Col(const std::string& name, DataType type, bool nullable = true) {
    return Column{NewId(), name, std::move(type), nullable};
  }
  static ExprPtr Ref(const Column& c) { return std::make_shared<ColumnExpr>(c.id, c.type, c.nullable); }
  static ExprPtr Eq(ExprPtr a, ExprPtr b) {
    return MakeCall("=", {std::move(a), std::move(b)}, TypeId::kBoolean, true);
  }
  static ExprPtr Gt(ExprPtr a, ExprPtr b) {
    return MakeCall(">", {std::move(a), std::move(b)}, TypeId::kBoolean, true);
  }

  RelPtr Range(int64_t start, int64_t end) {
    return std::make_shared<RangeRel>(Col("id", TypeId::kLong, false), start, end, 1);
  }
  RelPtr Project(RelPtr child, std::vector<std::pair<std::string, ExprPtr>> items) {
    std::vector<Column> output;
    std::vector<ExprPtr> exprs;
    for (auto& [name, e] : items) {
      output.push_back(Col(name, e->type, e->nullable));
      exprs.push_back(std::move(e));
    }
    return std::make_shared<ProjectRel>(std::move(child), std::move(output), std::move(exprs));
  }
  RelPtr Values(std::vector<Column> columns, std::vector<std::vector<Value>> rows) {
    std::vector<std::vector<ExprPtr>> exprs;
    for (auto& row : rows) {
      std::vector<ExprPtr> out;
      for (size_t i = 0; i < row.size(); ++i) out.push_back(std::make_shared<Literal>(row[i], columns[i].type));
      exprs.push_back(std::move(out));
    }
    return std::make_shared<ValuesRel>(std::move(columns), std::move(exprs));
  }
  static ExprPtr Plus(ExprPtr a, ExprPtr b) {
    auto type = a->type;
    return MakeCall("+", {std::move(a), std::move(b)}, type, true);
  }

  std::string Show(const Value& v) {
    struct Visitor {
      EngineTest* test;
      std::string operator()(std::monostate) { return "NULL"; }
      std::string operator()(bool b) { return b ? "true" : "false"; }
      std::string operator()(int64_t n) { return std::to_string(n); }
      std::string operator()(double d) { return std::to_string(d); }
      std::string operator()(Int128 n) { return std::to_string(static_cast<int64_t>(n)); }
      std::string operator()(const std::string& s) { return s; }
      std::string operator()(const CalendarInterval& i) {
        return std::to_string(i.months) + "m" + std::to_string(i.days);
      }
      std::string operator()(const std::shared_ptr<const ValueList>& list) {
        std::string out = "[";
        for (const auto& item : *list) out += (out.size() > 1 ? "," : "") + test->Show(item);
        return out + "]";
      }
    };
    return std::visit(Visitor{this}, v.v);
  }
  // Rows as "a|b;c|d".
  std::string Run(const RelPtr& plan) {
    auto rows = engine_->Collect(plan, {}, 100000);
    if (!rows.ok()) return "ERROR " + rows.status().ToString();
    std::string out;
    for (const auto& row : *rows) {
      if (!out.empty()) out += ";";
      for (size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "|" : "") + Show(row[i]);
    }
    return out;
  }

  RelPtr Scan(const std::vector<Column>& columns, const std::vector<WrittenFile>& files,
              std::shared_ptr<const RowFilter> deleted = nullptr) {
    auto rel = std::make_shared<FilesRel>(columns, FileFormat::kParquet);
    auto list = std::make_shared<std::vector<ScanFile>>();
    for (const auto& f : files) {
      ScanFile s;
      s.path = f.path;
      s.size_bytes = f.size_bytes;
      s.record_count = f.record_count;
      s.stats_json = f.stats_json;
      s.constants = f.partition_values;
      s.deleted = deleted;
      list->push_back(std::move(s));
    }
    rel->files = list;
    for (const auto& c : columns) {
      FileColumn fc;
      fc.physical_name = c.name;
      rel->columns.push_back(fc);
    }
    return rel;
  }
  WriteSpec Spec() {
    WriteSpec spec;
    spec.directory = directory_;
    spec.uuid = Random::System()->Uuid();
    return spec;
  }

  static Engine* engine_;
  std::string directory_;
  ColumnId next_id_ = 1;
};
Engine* EngineTest::engine_ = nullptr;

Value Int(int64_t n) { return Value{n}; }
Value Str(std::string s) { return Value{std::move(s)}; }

struct OddRows : RowFilter {
  explicit OddRows(uint64_t rows) : rows_(rows) {}
  bool IsDeleted(uint64_t row) const override { return row % 2 == 1; }
  uint64_t Cardinality() const override { return rows_ / 2; }
  uint64_t rows_;
};

// --- relations ------------------------------------------------------------------------------------
TEST_F(EngineTest, ValuesKeepTypesAndOrder) {
  auto rel = Values({Col("a", TypeId::kByte), Col("b", TypeId::kString), Col("c", DataType::Decimal(10, 2))},
                    {{Int(1), Str("x"), Value{Int128{125}}}, {Value{}, Value{}, Value{}}});
  EXPECT_EQ(Run(rel), "1|x|125;NULL|NULL|NULL");
  EXPECT_EQ(Run(Values({Col("a", TypeId::kByte)}, {})), "");
}

TEST_F(EngineTest, ProjectFilterSortLimitMerge) {
  auto range = Range(0, 100);
  auto id = Ref(range->output[0]);
  auto p = Project(range, {{"x", Plus(id, MakeLong(1))}});
  auto f = std::make_shared<FilterRel>(p, Gt(Ref(p->output[0]), MakeLong(50)));
  auto s = std::make_shared<SortRel>(f, std::vector<SortKey>{{Ref(p->output[0]), false, false}});
  auto l = std::make_shared<LimitRel>(s, 2, 1);
  EXPECT_EQ(Run(l), "99;98");
  auto above = std::make_shared<FilterRel>(l, Gt(Ref(p->output[0]), MakeLong(98)));
  EXPECT_EQ(Run(above), "99");
}

TEST_F(EngineTest, DeepChainsOfProjections) {
  auto rel = Range(0, 1);
  for (int i = 0; i < 500; ++i) rel = Project(rel, {{"id", Plus(Ref(rel->output[0]), MakeLong(1))}});
  EXPECT_EQ(Run(rel), "500");
  // Every column kept: each new column uses the one before twice.
  auto wide = Range(1, 2);
  for (int i = 0; i < 60; ++i) {
    std::vector<Column> output = wide->output;
    std::vector<ExprPtr> exprs;
    for (const auto& c : output) exprs.push_back(Ref(c));
    auto last = exprs.back();
    exprs.push_back(MakeCall("-", {Plus(last, last), last}, TypeId::kLong, true));
    output.push_back(Col("c", TypeId::kLong));
    wide = std::make_shared<ProjectRel>(wide, output, exprs);
  }
  auto last = Project(wide, {{"x", Ref(wide->output.back())}});
  EXPECT_EQ(Run(last), "1");
}

TEST_F(EngineTest, JoinsOfEveryType) {
  auto left = Values({Col("a", TypeId::kInteger)}, {{Int(1)}, {Int(2)}, {Value{}}});
  auto right = Values({Col("b", TypeId::kInteger)}, {{Int(2)}, {Int(3)}});
  auto join = [&](JoinType type) {
    std::vector<Column> out = left->output;
    if (type != JoinType::kLeftSemi && type != JoinType::kLeftAnti) out.push_back(right->output[0]);
    auto j = std::make_shared<JoinRel>(type, left, right, Eq(Ref(left->output[0]), Ref(right->output[0])), out);
    return Run(std::make_shared<SortRel>(j, std::vector<SortKey>{{Ref(left->output[0]), true, true}}));
  };
  EXPECT_EQ(join(JoinType::kInner), "2|2");
  EXPECT_EQ(join(JoinType::kLeftOuter), "NULL|NULL;1|NULL;2|2");
  EXPECT_EQ(join(JoinType::kRightOuter), "NULL|3;2|2");
  EXPECT_EQ(join(JoinType::kFullOuter), "NULL|NULL;NULL|3;1|NULL;2|2");
  EXPECT_EQ(join(JoinType::kLeftSemi), "2");
  EXPECT_EQ(join(JoinType::kLeftAnti), "NULL;1");
  auto non_equi = std::make_shared<JoinRel>(JoinType::kLeftAnti, left, right,
                                            Gt(Ref(right->output[0]), Ref(left->output[0])), left->output);
  EXPECT_EQ(Run(non_equi), "NULL");
}

TEST_F(EngineTest, AggregatesAndGroupingSets) {
  auto rel = Values({Col("k", TypeId::kString), Col("v", TypeId::kLong)},
                    {{Str("a"), Int(1)}, {Str("a"), Int(2)}, {Str("b"), Int(5)}});
  auto sum = std::make_shared<Aggregate>("sum", std::vector<ExprPtr>{Ref(rel->output[1])}, TypeId::kLong, true);
  auto agg = std::make_shared<AggregateRel>(
      rel, std::vector<Column>{Col("k", TypeId::kString), Col("s", TypeId::kLong), Col("g", TypeId::kLong)});
  agg->groups = {Ref(rel->output[0])};
  agg->aggregates = {sum};
  agg->grouping_sets = {{0}, {}};
  agg->grouping_id = true;
  EXPECT_EQ(Run(std::make_shared<SortRel>(agg, std::vector<SortKey>{{Ref(agg->output[0]), true, true}})),
            "NULL|8|1;a|3|0;b|5|0");
  auto constant =
      std::make_shared<AggregateRel>(rel, std::vector<Column>{Col("k", TypeId::kInteger), Col("s", TypeId::kLong)});
  constant->groups = {MakeInt(7)};
  constant->aggregates = {sum};
  EXPECT_EQ(Run(constant), "7|8");
  auto none = std::make_shared<AggregateRel>(rel, std::vector<Column>{});
  EXPECT_EQ(engine_->Collect(none, {}, 10)->size(), 1u);
}

TEST_F(EngineTest, SetOperationsAndDistinct) {
  auto a = Values({Col("a", TypeId::kInteger)}, {{Int(1)}, {Int(1)}, {Int(2)}});
  auto b = Values({Col("b", TypeId::kInteger)}, {{Int(1)}});
  auto op = [&](SetOpRel::Op o, bool all) {
    auto s = std::make_shared<SetOpRel>(o, all, a, b, std::vector<Column>{Col("c", TypeId::kInteger)});
    return Run(std::make_shared<SortRel>(s, std::vector<SortKey>{{Ref(s->output[0]), true, true}}));
  };
  EXPECT_EQ(op(SetOpRel::Op::kUnion, true), "1;1;1;2");
  EXPECT_EQ(op(SetOpRel::Op::kIntersect, true), "1");
  EXPECT_EQ(op(SetOpRel::Op::kExcept, true), "1;2");
  EXPECT_EQ(op(SetOpRel::Op::kExcept, false), "2");
  EXPECT_EQ(Run(std::make_shared<DistinctRel>(a, std::vector<ExprPtr>{Ref(a->output[0])})).size(), 3u);
}

TEST_F(EngineTest, WindowsAndSubqueries) {
  auto rel = Values({Col("k", TypeId::kString), Col("v", TypeId::kLong)},
                    {{Str("a"), Int(1)}, {Str("a"), Int(2)}, {Str("b"), Int(5)}});
  auto w =
      std::make_shared<WindowExpr>("lag", std::vector<ExprPtr>{Ref(rel->output[1]), MakeInt(1)}, TypeId::kLong, true);
  w->partition_by = {Ref(rel->output[0])};
  w->order_by = {{Ref(rel->output[1]), true, true}};
  w->frame.unit = WindowFrame::Unit::kRows;
  auto p = Project(rel, {{"k", Ref(rel->output[0])}, {"l", w}});
  auto filtered = std::make_shared<FilterRel>(p, MakeCall("isnotnull", {Ref(p->output[1])}, TypeId::kBoolean, false));
  EXPECT_EQ(Run(filtered), "a|1");
  // Correlated EXISTS: rows whose key has a larger value.
  auto inner = Values({Col("k2", TypeId::kString), Col("v2", TypeId::kLong)}, {{Str("a"), Int(2)}, {Str("b"), Int(5)}});
  auto condition =
      MakeCall("and", {Eq(Ref(inner->output[0]), Ref(rel->output[0])), Gt(Ref(inner->output[1]), Ref(rel->output[1]))},
               TypeId::kBoolean, true);
  auto exists = std::make_shared<Subquery>(Subquery::Kind::kExists, std::make_shared<FilterRel>(inner, condition),
                                           std::vector<ExprPtr>{}, TypeId::kBoolean, false);
  EXPECT_EQ(Run(std::make_shared<FilterRel>(rel, exists)), "a|1");
  auto many = std::make_shared<Subquery>(Subquery::Kind::kScalar, inner, std::vector<ExprPtr>{}, TypeId::kString, true);
  auto one_column = Project(inner, {{"k", Ref(inner->output[0])}});
  auto scalar =
      std::make_shared<Subquery>(Subquery::Kind::kScalar, one_column, std::vector<ExprPtr>{}, TypeId::kString, true);
  EXPECT_NE(Run(Project(rel, {{"s", scalar}})).find("SCALAR_SUBQUERY_TOO_MANY_ROWS"), std::string::npos);
}

TEST_F(EngineTest, ExplodeDropsEmptyUnlessOuter) {
  auto list = [](std::vector<int64_t> items) {
    ValueList out;
    for (auto n : items) out.push_back(Int(n));
    return Value{std::make_shared<const ValueList>(out)};
  };
  auto rel = Values({Col("id", TypeId::kInteger), Col("l", DataType::Array(TypeId::kInteger))},
                    {{Int(1), list({10, 20})}, {Int(2), list({})}, {Int(3), Value{}}});
  auto generate = [&](GenerateRel::Generator g, bool outer) {
    std::vector<Column> out = rel->output;
    if (g == GenerateRel::Generator::kPosExplodeArray) out.push_back(Col("pos", TypeId::kInteger));
    out.push_back(Col("col", TypeId::kInteger));
    auto e = std::make_shared<GenerateRel>(rel, out, g, std::vector<ExprPtr>{Ref(rel->output[1])}, outer);
    std::vector<std::pair<std::string, ExprPtr>> items{{"id", Ref(rel->output[0])}};
    for (size_t i = 2; i < out.size(); ++i) items.push_back({out[i].name, Ref(out[i])});
    return Run(Project(e, items));
  };
  EXPECT_EQ(generate(GenerateRel::Generator::kExplodeArray, false), "1|10;1|20");
  EXPECT_EQ(generate(GenerateRel::Generator::kExplodeArray, true), "1|10;1|20;2|NULL;3|NULL");
  EXPECT_EQ(generate(GenerateRel::Generator::kPosExplodeArray, true), "1|0|10;1|1|20;2|NULL|NULL;3|NULL|NULL");
}

TEST_F(EngineTest, StackPadsWithNull) {
  auto one = Range(0, 1);
  auto e = std::make_shared<GenerateRel>(
      one, std::vector<Column>{one->output[0], Col("a", TypeId::kInteger), Col("b", TypeId::kInteger)},
      GenerateRel::Generator::kStack, std::vector<ExprPtr>{MakeInt(2), MakeInt(1), MakeInt(2), MakeInt(3)}, false);
  EXPECT_EQ(Run(e), "0|1|2;0|3|NULL");
}

TEST_F(EngineTest, SamplesOfOneSeedAreDisjointAndRepeatable) {
  auto range = Range(0, 10000);
  auto a = std::make_shared<SampleRel>(range, 0.0, 0.3, false, 42);
  auto b = std::make_shared<SampleRel>(range, 0.3, 1.0, false, 42);
  auto first = Run(a);
  EXPECT_EQ(first, Run(a));
  auto count = [&](const RelPtr& r) { return engine_->Collect(r, {}, 100000)->size(); };
  EXPECT_EQ(count(a) + count(b), 10000u);
  EXPECT_NEAR(static_cast<double>(count(a)), 3000, 200);
}

// --- results --------------------------------------------------------------------------------------
int64_t CountIpcRows(const std::string& ipc, std::vector<std::string>* formats) {
  ArrowBuffer buffer;
  ArrowBufferInit(&buffer);
  EXPECT_EQ(ArrowBufferAppend(&buffer, ipc.data(), static_cast<int64_t>(ipc.size())), NANOARROW_OK);
  ArrowIpcInputStream input;
  EXPECT_EQ(ArrowIpcInputStreamInitBuffer(&input, &buffer), NANOARROW_OK);
  ArrowArrayStream stream;
  EXPECT_EQ(ArrowIpcArrayStreamReaderInit(&stream, &input, nullptr), NANOARROW_OK);
  ArrowSchema schema;
  EXPECT_EQ(stream.get_schema(&stream, &schema), 0);
  for (int64_t i = 0; i < schema.n_children; ++i) formats->push_back(schema.children[i]->format);
  schema.release(&schema);
  int64_t rows = 0;
  while (true) {
    ArrowArray array;
    if (stream.get_next(&stream, &array) != 0) {
      rows = -1;
      break;
    }
    if (array.release == nullptr) break;
    rows += array.length;
    array.release(&array);
  }
  stream.release(&stream);
  return rows;
}

TEST_F(EngineTest, ArrowSchemaFollowsSparkTypes) {
  auto rel =
      Values({Col("a", TypeId::kTimestamp), Col("a", TypeId::kTimestampNtz), Col("c", DataType::DayTimeInterval()),
              Col("d", DataType::YearMonthInterval()), Col("e", TypeId::kNull), Col("f", DataType::Decimal(7, 2)),
              Col("g", DataType::Map(TypeId::kString, TypeId::kInteger)), Col("h", TypeId::kBinary)},
             {{Int(1), Int(2), Int(3), Int(4), Value{}, Value{Int128{5}}, Value{}, Str("z")}});
  QueryOptions options;
  options.time_zone = "America/Los_Angeles";
  auto stream = engine_->Execute(rel, options);
  ASSERT_TRUE(stream.ok()) << stream.status().ToString();
  int64_t rows = 0;
  auto batch = (*stream)->NextBatchIpc(&rows);
  ASSERT_TRUE(batch.ok()) << batch.status().ToString();
  EXPECT_EQ(rows, 1);
  std::vector<std::string> formats;
  EXPECT_EQ(CountIpcRows(*batch, &formats), 1);
  EXPECT_EQ(formats,
            (std::vector<std::string>{"tsu:America/Los_Angeles", "tsu:", "tDu", "tiM", "n", "d:7,2", "+m", "z"}));
  EXPECT_EQ(*(*stream)->NextBatchIpc(&rows), "");
}

TEST_F(EngineTest, ArrowRoundTrip) {
  auto rel = Values({Col("a", TypeId::kTimestamp), Col("s", TypeId::kString), Col("d", DataType::DayTimeInterval()),
                     Col("l", DataType::Array(TypeId::kString)), Col("v", TypeId::kNull)},
                    {{Int(1700000000000001), Str("héllo"), Int(90), Value{}, Value{}},
                     {Value{}, Value{}, Value{}, Value{}, Value{}}});
  auto stream = engine_->Execute(rel, {});
  ASSERT_TRUE(stream.ok()) << stream.status().ToString();
  int64_t rows = 0;
  auto ipc = std::make_shared<const std::string>(*(*stream)->NextBatchIpc(&rows));
  auto schema = engine_->ArrowSchemaOf(*ipc);
  ASSERT_TRUE(schema.ok()) << schema.status().ToString();
  std::vector<Column> columns;
  for (size_t i = 0; i < schema->size(); ++i) {
    EXPECT_TRUE((*schema)[i].type.SameType(rel->output[i].type)) << (*schema)[i].type.Sql();
    columns.push_back(Col((*schema)[i].name, (*schema)[i].type));
  }
  EXPECT_EQ(Run(std::make_shared<ArrowRel>(columns, ipc)),
            "1700000000000001|héllo|90|NULL|NULL;NULL|NULL|NULL|NULL|NULL");
  // A truncated message is refused.
  auto cut = std::make_shared<const std::string>(ipc->substr(0, ipc->size() - 100));
  EXPECT_EQ(engine_->ArrowSchemaOf(*cut).status().condition(), "CONNECT.INVALID_ARROW");
  EXPECT_EQ(engine_->ArrowSchemaOf("garbage").status().condition(), "CONNECT.INVALID_ARROW");
}

// What a command answered comes back as a client's rows; with other settings it is encoded anew.
TEST_F(EngineTest, RowsThatAreEncodedAlreadyGoOutAsTheyCame) {
  auto first = engine_->Execute(Range(0, 3), {});
  ASSERT_TRUE(first.ok());
  int64_t rows = 0;
  auto ipc = std::make_shared<const std::string>((*first)->NextBatchIpc(&rows).value());
  const auto client = std::make_shared<ArrowRel>(Range(0, 3)->output, ipc);
  auto same = engine_->Execute(client, {});
  ASSERT_TRUE(same.ok()) << same.status().ToString();
  rows = 0;
  EXPECT_EQ((*same)->NextBatchIpc(&rows).value(), *ipc);
  EXPECT_EQ(rows, 3);
  EXPECT_EQ((*same)->NextBatchIpc(&rows).value(), "");
  EXPECT_EQ(rows, 0);
  QueryOptions smaller;
  smaller.batch_rows = 2;
  auto cut = engine_->Execute(client, smaller);
  ASSERT_TRUE(cut.ok());
  EXPECT_NE((*cut)->NextBatchIpc(&rows).value(), *ipc);
  EXPECT_EQ(rows, 2);
  const auto damaged =
      std::make_shared<ArrowRel>(client->output, std::make_shared<const std::string>(ipc->substr(0, ipc->size() - 20)));
  auto broken = engine_->Execute(damaged, {});
  EXPECT_TRUE(!broken.ok() || !(*broken)->NextBatchIpc(&rows).ok());
}

TEST_F(EngineTest, StreamsHugeRangesAndInterrupts) {
  auto range = Range(0, 1000000000);
  auto stream = engine_->Execute(range, {});
  ASSERT_TRUE(stream.ok());
  int64_t rows = 0;
  auto batch = (*stream)->NextBatchIpc(&rows);
  ASSERT_TRUE(batch.ok()) << batch.status().ToString();
  EXPECT_GT(rows, 0);
  EXPECT_LT(batch->size(), 5u << 20);
  (*stream)->Interrupt();
  EXPECT_EQ((*stream)->NextBatchIpc(&rows).status().condition(), "OPERATION_CANCELED");
}

TEST_F(EngineTest, MaterializedRowsOutliveTheQuery) {
  auto cached = engine_->Materialize(Range(0, 5000), {});
  ASSERT_TRUE(cached.ok()) << cached.status().ToString();
  auto count = std::make_shared<AggregateRel>(*cached, std::vector<Column>{Col("n", TypeId::kLong)});
  count->aggregates = {std::make_shared<Aggregate>("count_star", std::vector<ExprPtr>{}, TypeId::kLong, false)};
  EXPECT_EQ(Run(count), "5000");
  EXPECT_EQ(Run(count), "5000");
}

// --- files ----------------------------------------------------------------------------------------
TEST_F(EngineTest, WriteScanRoundTripWithStatistics) {
  auto rel = Values(
      {Col("i", TypeId::kInteger), Col("s", TypeId::kString), Col("ts", TypeId::kTimestamp), Col("d", TypeId::kDouble),
       Col("n", DataType::Decimal(5, 2)), Col("dt", TypeId::kDate), Col("b", TypeId::kBoolean),
       Col("l", DataType::Array(TypeId::kInteger))},
      {{Int(1), Str(std::string(40, 'x')), Int(1500), Value{1.5}, Value{Int128{-99999}}, Int(0), Value{true}, Value{}},
       {Int(3), Str("a"), Int(2700), Value{2.0}, Value{Int128{150}}, Int(1), Value{}, Value{}}});
  auto files = engine_->WriteFiles(rel, Spec(), {}, nullptr);
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  ASSERT_EQ(files->size(), 1u);
  EXPECT_EQ((*files)[0].record_count, 2);
  EXPECT_EQ((*files)[0].stats_json,
            "{\"numRecords\":2,\"minValues\":{\"i\":1,\"s\":\"a\",\"ts\":\"1970-01-01T00:00:00.001Z\",\"d\":1.5,\"n\":-"
            "999.99,"
            "\"dt\":\"1970-01-01\"},\"maxValues\":{\"i\":3,\"s\":\"" +
                std::string(32, 'x') +
                "\x7f\",\"ts\":\"1970-01-01T00:00:00.002Z\",\"d\":2.0,\"n\":1.50,\"dt\":\"1970-01-02\"},"
                "\"nullCount\":{\"i\":0,\"s\":0,\"ts\":0,\"d\":0,\"n\":0,\"dt\":0,\"b\":1,\"l\":2}}");
  auto name = fs::path((*files)[0].path).filename().string();
  EXPECT_TRUE(name.starts_with("part-00000-") && name.ends_with("-c000.snappy.parquet")) << name;
  auto scan = Scan({Col("s", TypeId::kString), Col("i", TypeId::kLong), Col("missing", TypeId::kString),
                    Col("ts", TypeId::kTimestamp)},
                   *files);
  EXPECT_EQ(Run(scan), std::string(40, 'x') + "|1|NULL|1500;a|3|NULL|2700");
  auto pruned = std::make_shared<FilterRel>(scan, Gt(Ref(scan->output[1]), MakeLong(3)));
  EXPECT_EQ(Run(pruned), "");
}

TEST_F(EngineTest, PartitionedWritesUseHiveDirectories) {
  auto rel = Values({Col("p", TypeId::kString), Col("v", TypeId::kInteger)},
                    {{Str("a b/c"), Int(1)}, {Value{}, Int(2)}, {Str("a b/c"), Int(3)}});
  auto spec = Spec();
  spec.partition_columns = {0};
  auto files = engine_->WriteFiles(rel, spec, {}, nullptr);
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  ASSERT_EQ(files->size(), 2u);
  int64_t total = 0;
  for (const auto& f : *files) {
    total += f.record_count;
    auto parent = fs::path(f.path).parent_path().filename().string();
    EXPECT_EQ(parent, f.partition_values[0].IsNull() ? "p=__HIVE_DEFAULT_PARTITION__" : "p=a b%2Fc");
  }
  EXPECT_EQ(total, 3);
  for (const auto& entry : fs::directory_iterator(directory_))
    EXPECT_EQ(entry.path().filename().string().substr(0, 2), "p=");
  auto rel2 = std::make_shared<FilesRel>(std::vector<Column>{Col("v", TypeId::kInteger), Col("p", TypeId::kString)},
                                         FileFormat::kParquet);
  auto scan = Scan({rel2->output[0]}, *files);
  rel2->files = scan->As<FilesRel>().files;
  FileColumn v, p;
  v.physical_name = "v";
  p.source = FileColumn::Source::kConstant;
  p.constant_index = 0;
  rel2->columns = {v, p};
  auto filtered =
      std::make_shared<FilterRel>(rel2, MakeCall("isnull", {Ref(rel2->output[1])}, TypeId::kBoolean, false));
  EXPECT_EQ(Run(filtered), "2|NULL");
}

TEST_F(EngineTest, DeletionVectorsRowIndexAndCount) {
  auto files = engine_->WriteFiles(Range(0, 300000), Spec(), {}, nullptr);
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  auto scan = Scan({Col("id", TypeId::kLong)}, *files, std::make_shared<OddRows>(300000));
  auto count = [&](const RelPtr& rel) {
    auto agg = std::make_shared<AggregateRel>(rel, std::vector<Column>{Col("n", TypeId::kLong)});
    agg->aggregates = {std::make_shared<Aggregate>("count_star", std::vector<ExprPtr>{}, TypeId::kLong, false)};
    return Run(agg);
  };
  EXPECT_EQ(count(scan), "150000");
  EXPECT_EQ(count(std::make_shared<FilterRel>(scan, Gt(Ref(scan->output[0]), MakeLong(299990)))), "4");
  auto with_index = std::make_shared<FilesRel>(
      std::vector<Column>{Col("id", TypeId::kLong), Col("row_index", TypeId::kLong), Col("name", TypeId::kString)},
      FileFormat::kParquet);
  with_index->files = scan->As<FilesRel>().files;
  FileColumn id, index, name;
  id.physical_name = "id";
  index.source = FileColumn::Source::kRowIndex;
  name.source = FileColumn::Source::kFileName;
  with_index->columns = {id, index, name};
  auto filtered = std::make_shared<FilterRel>(with_index, Eq(Ref(with_index->output[0]), MakeLong(200002)));
  EXPECT_EQ(Run(filtered), "200002|200002|" + fs::path((*files)[0].path).filename().string());
  EXPECT_EQ(count(with_index), "150000");
}

TEST_F(EngineTest, NestedFieldsMapByPhysicalName) {
  auto logical = DataType::Struct({{"a", TypeId::kInteger}, {"b", TypeId::kString}});
  auto physical = DataType::Struct({{"col-1", TypeId::kInteger}, {"col-2", TypeId::kString}});
  Value row{std::make_shared<const ValueList>(ValueList{Int(7), Str("q")})};
  Value list{std::make_shared<const ValueList>(ValueList{row})};
  auto rel = Values({Col("s", logical), Col("l", DataType::Array(logical))}, {{row, list}, {Value{}, Value{}}});
  auto spec = Spec();
  spec.physical_names = {"col-s", "col-l"};
  spec.physical_types = {physical, DataType::Array(physical)};
  auto files = engine_->WriteFiles(rel, spec, {}, nullptr);
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  EXPECT_NE((*files)[0].stats_json.find("\"nullCount\":{\"col-s\":{\"col-1\":1,\"col-2\":1},\"col-l\":1}"),
            std::string::npos)
      << (*files)[0].stats_json;
  auto wider = DataType::Struct({{"b", TypeId::kString}, {"a", TypeId::kLong}, {"c", TypeId::kInteger}});
  auto wider_physical =
      DataType::Struct({{"col-2", TypeId::kString}, {"col-1", TypeId::kLong}, {"col-3", TypeId::kInteger}});
  auto scan = std::make_shared<FilesRel>(std::vector<Column>{Col("s", wider), Col("l", DataType::Array(wider))},
                                         FileFormat::kParquet);
  scan->files = Scan({}, *files)->As<FilesRel>().files;
  FileColumn s, l;
  s.physical_name = "col-s";
  s.physical_type = wider_physical;
  l.physical_name = "col-l";
  l.physical_type = DataType::Array(wider_physical);
  scan->columns = {s, l};
  EXPECT_EQ(Run(scan), "[q,7,NULL]|[[q,7,NULL]];NULL|NULL");
}

TEST_F(EngineTest, AnInternalErrorOfOneStatementIsNotTheEndOfOthers) {
  {
    const auto connection = static_cast<EngineImpl*>(engine_)->Connect();
    duckdb::ValidChecker::Invalidate(*connection->context->db, "something impossible");
    ASSERT_TRUE(connection->Query("SELECT 1")->HasError()) << "what this is about";
  }
  const auto rows = engine_->Collect(std::make_shared<RangeRel>(Col("id", TypeId::kLong), 0, 3, 1), {}, 10);
  ASSERT_TRUE(rows.ok()) << rows.status().ToString();
  EXPECT_EQ(rows->size(), 3U);
}

TEST_F(EngineTest, DamagedAndMissingFilesNameTheFile) {
  auto path = directory_ + "/broken.parquet";
  std::ofstream(path) << "this is not a Parquet file at all";
  WrittenFile file;
  file.path = path;
  file.record_count = -1;
  auto rows = engine_->Collect(Scan({Col("a", TypeId::kInteger)}, {file}), {}, 10);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.status().condition(), "_LEGACY_ERROR_TEMP_2064") << rows.status().ToString();  // as Spark 3.5
  EXPECT_NE(rows.status().detail().find(path), std::string::npos) << rows.status().ToString();
  file.path = directory_ + "/absent.snappy.parquet";
  rows = engine_->Collect(Scan({Col("a", TypeId::kInteger)}, {file}), {}, 10);
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.status().condition(), "_LEGACY_ERROR_TEMP_2055") << rows.status().ToString();  // as Spark 3.5
  EXPECT_EQ(rows.status().Param("message"), "File file:" + file.path + " does not exist");
  EXPECT_EQ(Run(Scan({Col("a", TypeId::kInteger)}, {})), "");
}

TEST_F(EngineTest, MaxRecordsPerFile) {
  auto spec = Spec();
  spec.max_records_per_file = 400;
  auto files = engine_->WriteFiles(Range(0, 1000), spec, {}, nullptr);
  ASSERT_TRUE(files.ok()) << files.status().ToString();
  ASSERT_EQ(files->size(), 3u);
  for (const auto& f : *files) EXPECT_LE(f.record_count, 400);
}

TEST_F(EngineTest, CheckpointJsonRoundTrip) {
  auto schema =
      DataType::Struct({{"add", DataType::Struct({{"path", TypeId::kString},
                                                  {"partitionValues", DataType::Map(TypeId::kString, TypeId::kString)},
                                                  {"size", TypeId::kLong},
                                                  {"dataChange", TypeId::kBoolean},
                                                  {"stats", TypeId::kString}})},
                        {"protocol", DataType::Struct({{"minReaderVersion", TypeId::kInteger},
                                                       {"readerFeatures", DataType::Array(TypeId::kString)}})}});
  std::vector<std::string> rows{
      R"({"protocol":{"minReaderVersion":3,"readerFeatures":["deletionVectors"]}})",
      R"({"add":{"path":"a%20b","partitionValues":{"p":"1","q":null},"size":12,"dataChange":false,"stats":"{\"numRecords\":1}"}})"};
  auto path = directory_ + "/cp.parquet";
  auto size = engine_->WriteParquetFromJson(path, schema, rows);
  ASSERT_TRUE(size.ok()) << size.status().ToString();
  EXPECT_GT(*size, 100);
  std::vector<std::string> read;
  auto status = engine_->ReadParquetAsJson(path, {"add", "protocol", "txn"}, [&](std::string_view json) {
    read.emplace_back(json);
    return Status::Ok();
  });
  ASSERT_TRUE(status.ok()) << status.ToString();
  EXPECT_EQ(read, rows);
  using Kind = delta::ParquetColumn::Kind;
  delta::ParquetRequest request;
  request.paths = {path, path};
  request.columns = {{"add.path", Kind::kText},        {"add.partitionValues", Kind::kMap},
                     {"add.size", Kind::kInt},         {"add.dataChange", Kind::kInt},
                     {"protocol", Kind::kJson},        {"add.nothing", Kind::kText},
                     {"add", Kind::kJson, "add.size"}, {"add.stats", Kind::kText}};
  const std::string first = R"({"minReaderVersion":3,"readerFeatures":["deletionVectors"]};a%20b,12,0,p=1,q=null)";
  ColumnsOfFiles found;
  ASSERT_TRUE(ReadParquetColumns(engine_, request, &found).ok());
  EXPECT_EQ(found.Text(), first + R"(,{"numRecords":1};)" + first + R"(,{"numRecords":1};)");
  request.keep = "add.stats";
  ColumnsOfFiles kept;
  ASSERT_TRUE(ReadParquetColumns(engine_, request, &kept).ok());
  EXPECT_EQ(kept.Text(), first + ";" + first + ";");
  for (const auto& column : kept.kept) {
    ASSERT_NE(column, nullptr);
    EXPECT_EQ(column->rows(), 2U);
    std::vector<std::string> texts;
    const Status status_of_kept = column->Read([&](std::string_view text) { texts.emplace_back(text); });
    ASSERT_TRUE(status_of_kept.ok()) << status_of_kept.ToString();
    EXPECT_EQ(texts, (std::vector<std::string>{"", R"({"numRecords":1})"}));
  }
}

TEST_F(EngineTest, ParquetColumnsOfWrongTypes) {
  const auto path = directory_ + "/wrong.parquet";
  const auto schema = DataType::Struct({{"add", DataType::Struct({{"size", TypeId::kLong}})}});
  ASSERT_TRUE(engine_->WriteParquetFromJson(path, schema, {R"({"add":{"size":1}})"}).ok());
  delta::ParquetRequest request;
  request.paths = {path};
  request.columns = {{"add.size", delta::ParquetColumn::Kind::kText}};
  ColumnsOfFiles found;
  EXPECT_EQ(ReadParquetColumns(engine_, request, &found).condition(), "IO_ERROR");
  request.paths = {directory_ + "/missing.parquet"};
  EXPECT_FALSE(ReadParquetColumns(engine_, request, &found).ok());
}

TEST_F(EngineTest, CsvJsonTextRoundTrip) {
  auto rel = Values({Col("a", TypeId::kInteger), Col("s", TypeId::kString)},
                    {{Int(1), Str("x,y")}, {Int(2), Value{}}, {Value{}, Str("q\"t")}});
  for (auto format : {FileFormat::kCsv, FileFormat::kJson}) {
    auto spec = Spec();
    spec.directory = directory_ + (format == FileFormat::kCsv ? "/csv" : "/json");
    spec.format = format;
    if (format == FileFormat::kCsv) spec.options["header"] = "true";
    auto files = engine_->WriteFiles(rel, spec, {}, nullptr);
    ASSERT_TRUE(files.ok()) << files.status().ToString();
    std::map<std::string, std::string> options;
    if (format == FileFormat::kCsv) options = {{"header", "true"}, {"inferschema", "true"}};
    auto schema = engine_->InferSchema(format, {(*files)[0].path}, options);
    ASSERT_TRUE(schema.ok()) << schema.status().ToString();
    ASSERT_EQ(schema->size(), 2u);
    EXPECT_EQ((*schema)[0].type.SimpleString(), format == FileFormat::kCsv ? "int" : "bigint");
    auto scan =
        std::make_shared<FilesRel>(std::vector<Column>{Col("a", TypeId::kInteger), Col("s", TypeId::kString)}, format);
    scan->files = Scan({}, *files)->As<FilesRel>().files;
    FileColumn a, s;
    a.physical_name = "a";
    s.physical_name = "s";
    scan->columns = {a, s};
    if (format == FileFormat::kCsv) scan->options = {{"header", "true"}};
    EXPECT_EQ(Run(scan), "1|x,y;2|NULL;NULL|q\"t");
  }
  EXPECT_EQ(engine_->InferSchema(FileFormat::kCsv, {"x"}, {{"nosuchoption", "1"}}).ok(), false);
}

TEST_F(EngineTest, TextReadsLines) {
  auto path = directory_ + "/a.txt";
  std::ofstream(path) << "one,1\n\n\"two\n";
  WrittenFile file;
  file.path = path;
  auto scan = std::make_shared<FilesRel>(std::vector<Column>{Col("value", TypeId::kString)}, FileFormat::kText);
  scan->files = Scan({}, {file})->As<FilesRel>().files;
  scan->columns = {FileColumn{}};
  EXPECT_EQ(Run(scan), "one,1;;\"two");
}

TEST_F(EngineTest, ExplainShowsThePlan) {
  auto text = engine_->Explain(Range(0, 10), {});
  ASSERT_TRUE(text.ok()) << text.status().ToString();
  EXPECT_NE(text->find("RANGE"), std::string::npos) << *text;
}

}  // namespace
}  // namespace deltic::engine
