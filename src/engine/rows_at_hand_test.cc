// Rows that are had without a query, beside what DuckDB makes of the same relations.
#include "engine/rows_at_hand.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "base/random.h"
#include "engine/engine.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

ExprPtr Ref(const Column& c) { return std::make_shared<ColumnExpr>(c.id, c.type, c.nullable); }

Column Fresh(const std::string& name, DataType type) { return {FreshColumnId(), name, std::move(type)}; }

class RowsAtHandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    EngineOptions options;
    options.threads = 2;
    auto engine = Engine::Open(options);
    ASSERT_TRUE(engine.ok()) << engine.status().ToString();
    engine_ = std::move(engine).value();
  }

  // `rows` rows that were computed: a number, its remainder by three (NULL for every seventh), a text and an array.
  RelPtr Kept(int64_t rows) {
    const Column id = Fresh("id", TypeId::kLong);
    const auto range = std::make_shared<RangeRel>(id, 0, rows, 1);
    const auto rest = [&](int64_t by) { return MakeCall("%", {Ref(id), MakeLong(by)}, TypeId::kLong, true); };
    const auto zero = MakeCall("=", {rest(7), MakeLong(0)}, TypeId::kBoolean, true);
    std::vector<std::pair<ExprPtr, ExprPtr>> branches{{zero, MakeNull(TypeId::kLong)}};
    const ExprPtr text = std::make_shared<Cast>(Ref(id), TypeId::kString, false, CastMode::kLegacy, "UTC");
    std::vector<std::pair<ExprPtr, ExprPtr>> no_list{{zero, MakeNull(DataType::Array(TypeId::kLong))}};
    const ExprPtr list = MakeCall("list_value", {Ref(id), rest(5)}, DataType::Array(TypeId::kLong), false);
    std::vector<ExprPtr> exprs{Ref(id), std::make_shared<Case>(branches, rest(3), TypeId::kLong, true), text,
                               std::make_shared<Case>(no_list, list, DataType::Array(TypeId::kLong), true)};
    columns_ = {Fresh("n", TypeId::kLong), Fresh("rest", TypeId::kLong), Fresh("text", TypeId::kString),
                Fresh("list", DataType::Array(TypeId::kLong))};
    auto kept = engine_->Materialize(std::make_shared<ProjectRel>(range, columns_, std::move(exprs)), {});
    EXPECT_TRUE(kept.ok()) << kept.status().ToString();
    return *kept;
  }
  static RelPtr In(const RelPtr& rows, const Column& column, const std::vector<int64_t>& numbers) {
    std::vector<ExprPtr> args{Ref(column)};
    for (const int64_t n : numbers) args.push_back(MakeLong(n));
    return std::make_shared<FilterRel>(rows, MakeCall("in", std::move(args), TypeId::kBoolean, true));
  }
  // The columns from the last to the first, and a constant.
  RelPtr Turned(const RelPtr& rows, const std::string& constant) const {
    std::vector<Column> output{Fresh("constant", TypeId::kString)};
    std::vector<ExprPtr> exprs{MakeString(constant)};
    for (auto c = columns_.rbegin(); c != columns_.rend(); ++c) {
      output.push_back(Fresh(c->name, c->type));
      exprs.push_back(Ref(*c));
    }
    return std::make_shared<ProjectRel>(rows, std::move(output), std::move(exprs));
  }
  static RelPtr Both(const RelPtr& first, const RelPtr& second) {
    std::vector<Column> output = first->output;
    for (Column& column : output) column.id = FreshColumnId();
    return std::make_shared<SetOpRel>(SetOpRel::Op::kUnion, true, first, second, std::move(output));
  }

  // Collect runs a query.
  std::vector<std::string> Queried(const RelPtr& rel) {
    const auto rows = engine_->Collect(rel, {}, 1'000'000);
    EXPECT_TRUE(rows.ok()) << rows.status().ToString();
    std::vector<std::string> out;
    for (const auto& row : *rows) {
      out.emplace_back();
      for (size_t i = 0; i < row.size(); i++) out.back() += ToDuckValue(row[i], rel->output[i].type).ToString() + "|";
    }
    return out;
  }
  std::vector<std::string> AtHand(const RelPtr& rel) {
    const auto chunks = RowsAtHand(*context_, *rel);
    EXPECT_TRUE(chunks.has_value());
    std::vector<std::string> out;
    for (const auto& chunk : *chunks) {
      for (duckdb::idx_t row = 0; row < chunk->size(); row++) {
        out.emplace_back();
        for (duckdb::idx_t i = 0; i < chunk->ColumnCount(); i++) out.back() += chunk->GetValue(i, row).ToString() + "|";
      }
    }
    return out;
  }

  std::unique_ptr<Engine> engine_;
  duckdb::DuckDB db_;
  duckdb::Connection connection_{db_};
  duckdb::ClientContext* const context_ = connection_.context.get();
  std::vector<Column> columns_;
};

TEST_F(RowsAtHandTest, AreWhatAQueryAnswers) {
  const RelPtr kept = Kept(5000);  // of several chunks
  const RelPtr some = In(In(kept, columns_[1], {0, 2}), columns_[0], {1, 2, 3, 4, 5, 2046, 2048, 4999});
  for (const RelPtr& rel : {kept, Turned(kept, "x"), some, Turned(some, "x"), In(kept, columns_[1], {9}),
                            Both(Turned(some, "first"), Turned(In(kept, columns_[1], {1}), "second"))}) {
    EXPECT_EQ(AtHand(rel), Queried(rel));
  }
}

TEST_F(RowsAtHandTest, OfAClient) {
  const RelPtr kept = Kept(5000);
  QueryOptions options;
  auto stream = engine_->Execute(kept, options);
  ASSERT_TRUE(stream.ok()) << stream.status().ToString();
  int64_t rows = 0;
  auto batch = (*stream)->NextBatchIpc(&rows);
  ASSERT_TRUE(batch.ok()) << batch.status().ToString();
  std::vector<Column> columns = columns_;
  for (Column& column : columns) column.id = FreshColumnId();
  const auto sent = std::make_shared<ArrowRel>(columns, std::make_shared<const std::string>(*batch));
  EXPECT_GT(rows, STANDARD_VECTOR_SIZE);
  EXPECT_EQ(AtHand(sent), Queried(sent));
  EXPECT_EQ(AtHand(sent).size(), static_cast<size_t>(rows));
  columns_ = columns;
  EXPECT_EQ(AtHand(Turned(In(sent, columns[1], {2}), "x")), Queried(Turned(In(sent, columns[1], {2}), "x")));
  columns[0].type = TypeId::kInteger;  // a scan would cast
  EXPECT_FALSE(RowsAtHand(*context_, ArrowRel(columns, sent->ipc_stream)).has_value());
  const auto cut = std::make_shared<const std::string>(batch->substr(0, batch->size() / 2));
  EXPECT_THROW(RowsAtHand(*context_, ArrowRel(columns_, cut)), std::exception);
}

TEST_F(RowsAtHandTest, OthersWantAQuery) {
  EXPECT_FALSE(RowsAtHand(*context_, *Kept(static_cast<int64_t>(kMaxKeptRowsAtHand) + 1)).has_value());
  const RelPtr kept = Kept(10);
  EXPECT_FALSE(RowsAtHand(*context_, *std::make_shared<DistinctRel>(kept, std::vector<ExprPtr>())).has_value());
  const auto negated = MakeCall("isnull", {Ref(columns_[1])}, TypeId::kBoolean, false);
  EXPECT_FALSE(RowsAtHand(*context_, *std::make_shared<FilterRel>(kept, negated)).has_value());
  const std::vector<Column> one{Fresh("one", TypeId::kLong)};
  const auto sum = MakeCall("+", {Ref(columns_[0]), MakeLong(1)}, TypeId::kLong, true);
  EXPECT_FALSE(RowsAtHand(*context_, *std::make_shared<ProjectRel>(kept, one, std::vector<ExprPtr>{sum})).has_value());
  EXPECT_FALSE(RowsAtHand(*context_, *std::make_shared<OneRowRel>()).has_value());
}

// A file of rows at hand says of itself what COPY's file of the same rows says.
TEST_F(RowsAtHandTest, FilesAreThoseOfACopy) {
  WriteSpec spec;
  spec.directory = (std::filesystem::temp_directory_path() / ("deltic-at-hand-" + Random::System()->Uuid())).string();
  spec.uuid = Random::System()->Uuid();
  const RelPtr kept = Kept(5000);
  const RelPtr rows = Turned(In(kept, columns_[1], {0, 2}), "x");
  const auto direct = engine_->WriteFiles(rows, spec, {}, nullptr);
  ASSERT_TRUE(direct.ok()) << direct.status().ToString();
  spec.uuid = Random::System()->Uuid();
  const auto queried = std::make_shared<LimitRel>(rows, 100'000, 0);
  const auto copied = engine_->WriteFiles(queried, spec, {}, nullptr);
  ASSERT_TRUE(copied.ok()) << copied.status().ToString();
  ASSERT_EQ(direct->size(), 1U);
  ASSERT_EQ(copied->size(), 1U);
  EXPECT_EQ((*direct)[0].record_count, (*copied)[0].record_count);
  EXPECT_EQ((*direct)[0].size_bytes, (*copied)[0].size_bytes);
  EXPECT_EQ((*direct)[0].stats_json, (*copied)[0].stats_json);
  EXPECT_EQ(std::filesystem::file_size((*direct)[0].path), (*direct)[0].size_bytes);
  const auto none = engine_->WriteFiles(In(kept, columns_[1], {9}), spec, {}, nullptr);
  ASSERT_TRUE(none.ok()) << none.status().ToString();
  EXPECT_TRUE(none->empty());
  std::filesystem::remove_all(spec.directory);
}

// What files say of themselves: the directory, the partition values, rows, bytes and statistics.
std::vector<std::string> Said(const std::vector<WrittenFile>& files) {
  std::vector<std::string> out;
  for (const WrittenFile& file : files) {
    std::string said = std::filesystem::path(file.path).parent_path().string();
    for (const Value& value : file.partition_values) {
      const auto* days = std::get_if<int64_t>(&value.v);
      said += " " + ToDuckValue(value, days == nullptr ? TypeId::kString : TypeId::kDate).ToString();
    }
    out.push_back(said + " " + std::to_string(file.record_count) + " " + std::to_string(file.size_bytes) + " " +
                  file.stats_json);
  }
  std::sort(out.begin(), out.end());
  return out;
}

TEST_F(RowsAtHandTest, PartitionsAreThoseOfACopy) {
  const RelPtr kept = Kept(3000);
  // Directories that want escaping, an empty text, which is NULL in a path, and a date.
  const Column day = Fresh("day", TypeId::kDate), what = Fresh("what", TypeId::kString);
  const auto part = [&](const std::string& text, int64_t days, int64_t rest) {
    std::vector<ExprPtr> exprs{Ref(columns_[0]), Ref(columns_[1]), Ref(columns_[2]),
                               std::make_shared<Literal>(Value{days}, TypeId::kDate), MakeString(text)};
    std::vector<Column> output{Fresh("n", TypeId::kLong), Fresh("rest", TypeId::kLong), Fresh("text", TypeId::kString),
                               Fresh("day", TypeId::kDate), Fresh("what", TypeId::kString)};
    return std::make_shared<ProjectRel>(In(kept, columns_[1], {rest}), std::move(output), std::move(exprs));
  };
  const RelPtr rows = Both(part("a/b=%c d", 1, 0), Both(part("", -800'000, 1), part("é", 19'000, 2)));
  WriteSpec spec;
  spec.partition_columns = {4, 3};
  spec.directory = (std::filesystem::temp_directory_path() / ("deltic-at-hand-" + Random::System()->Uuid())).string();
  spec.uuid = Random::System()->Uuid();
  const auto direct = engine_->WriteFiles(rows, spec, {}, nullptr);
  ASSERT_TRUE(direct.ok()) << direct.status().ToString();
  spec.uuid = Random::System()->Uuid();
  const auto copied = engine_->WriteFiles(std::make_shared<LimitRel>(rows, 100'000, 0), spec, {}, nullptr);
  ASSERT_TRUE(copied.ok()) << copied.status().ToString();
  EXPECT_EQ(direct->size(), 3U);
  EXPECT_EQ(Said(*direct), Said(*copied));
  std::filesystem::remove_all(spec.directory);
}

}  // namespace
}  // namespace deltic::engine
