// Operators that only the DataFrame API has, through the engine. Expected texts are those Spark 3.5 prints.
#include "spark/resolve/test_env.h"

namespace deltic::spark::resolve {
namespace {

plan::RelationPtr Query(const std::string& text) {
  auto statement = sql::ParseStatement(text);
  EXPECT_TRUE(statement.ok()) << statement.status().ToString();
  return statement.ok() ? statement.value().query : nullptr;
}

plan::ExpressionPtr Column(const std::string& name, int64_t plan_id = -1) {
  return std::make_shared<plan::UnresolvedAttribute>(std::vector<std::string>{name}, plan_id);
}

plan::ExpressionPtr Call(const std::string& name, std::vector<plan::ExpressionPtr> args) {
  return std::make_shared<plan::UnresolvedFunction>(name, std::move(args));
}

plan::ExpressionPtr Number(int64_t value) {
  return std::make_shared<plan::Literal>(engine::Value{value}, types::TypeId::kInteger);
}

plan::ExpressionPtr As(plan::ExpressionPtr e, const std::string& name) {
  return std::make_shared<plan::Alias>(std::move(e), std::vector<std::string>{name});
}

std::string Show(const plan::RelationPtr& child, int rows = 20, int truncate = 20, bool vertical = false) {
  auto show = std::make_shared<plan::ShowString>(plan::RelationKind::kShowString, child);
  show->rows = rows;
  show->truncate = truncate;
  show->vertical = vertical;
  TestSession session;
  Answer answer = session.Run(show);
  if (!answer.status.ok()) return answer.status.ToString();
  return std::get<std::string>(answer.rows.at(0).at(0).v);
}

template <typename T, typename... Args>
std::shared_ptr<T> WithPlanId(int64_t id, Args&&... args) {
  auto relation = std::make_shared<T>(std::forward<Args>(args)...);
  relation->plan_id = id;
  return relation;
}

TEST(ShowString, RightAlignedAndCut) {
  EXPECT_EQ(Show(Query("VALUES (1, 'a'), (2, 'abcdefghijklmnopqrstuvwxyz'), (3, NULL)"), 2),
            "+----+--------------------+\n"
            "|col1|                col2|\n"
            "+----+--------------------+\n"
            "|   1|                   a|\n"
            "|   2|abcdefghijklmnopq...|\n"
            "+----+--------------------+\n"
            "only showing top 2 rows\n");
}

TEST(ShowString, NestedValuesAndBinary) {
  EXPECT_EQ(
      Show(Query("SELECT array(1, NULL) a, named_struct('x', 1.5D, 'y', NULL) s, map('k', 2) m, X'1FAB' b"), 20, 0),
      "+---------+-----------+--------+-------+\n"
      "|a        |s          |m       |b      |\n"
      "+---------+-----------+--------+-------+\n"
      "|[1, NULL]|{1.5, NULL}|{k -> 2}|[1F AB]|\n"
      "+---------+-----------+--------+-------+\n");
}

TEST(ShowString, Vertical) {
  EXPECT_EQ(Show(Query("SELECT 1 AS id, 'x' AS name"), 20, 20, true),
            "-RECORD 0---\n"
            " id   | 1   \n"
            " name | x   \n");
}

TEST(Columns, WithColumnsReplacesInPlace) {
  auto with = std::make_shared<plan::WithColumns>(
      Query("SELECT 1 AS a, 2 AS b"),
      std::vector<plan::ExpressionPtr>{As(Call("+", {Column("b"), Number(1)}), "A"), As(Number(9), "c")});
  TestSession session;
  Answer answer = session.Run(with);
  ASSERT_TRUE(answer.status.ok()) << answer.status.ToString();
  EXPECT_EQ(answer.schema.SimpleString(), "struct<A:int,b:int,c:int>");
  EXPECT_EQ(EncodeValue(answer.rows.at(0).at(0), types::TypeId::kInteger), "3");
}

TEST(Columns, DropIgnoresUnknownNames) {
  auto drop = std::make_shared<plan::Drop>(Query("SELECT 1 AS a, 2 AS b"));
  drop->names = {"A", "zzz"};
  TestSession session;
  EXPECT_EQ(session.Run(drop).schema.SimpleString(), "struct<b:int>");
}

TEST(PlanId, JoinConditionTakesEachSidesColumn) {
  auto left = WithPlanId<plan::RangeRelation>(1, 0, 3, 1);
  auto right = WithPlanId<plan::RangeRelation>(2, 1, 5, 1);
  auto join = std::make_shared<plan::Join>(left, right, engine::JoinType::kInner);
  join->condition = Call("=", {Column("id", 1), Column("id", 2)});
  auto project = std::make_shared<plan::Project>(join, std::vector<plan::ExpressionPtr>{Column("id", 2)});
  TestSession session;
  Answer answer = session.Run(project);
  ASSERT_TRUE(answer.status.ok()) << answer.status.ToString();
  EXPECT_EQ(answer.rows.size(), 2U);
}

TEST(PlanId, SameDataFrameOnBothSidesIsAmbiguous) {
  auto range = WithPlanId<plan::RangeRelation>(1, 0, 3, 1);
  auto join = std::make_shared<plan::Join>(range, range, engine::JoinType::kInner);
  join->condition = Call("=", {Column("id", 1), Column("id", 1)});
  TestSession session;
  EXPECT_EQ(session.Run(join).status.condition(), "AMBIGUOUS_COLUMN_REFERENCE");
}

TEST(PlanId, FilterReachesBelowTheProjection) {
  auto source = WithPlanId<plan::RangeRelation>(1, 0, 5, 1);
  auto project = std::make_shared<plan::Project>(
      source, std::vector<plan::ExpressionPtr>{As(Call("*", {Column("id"), Number(10)}), "x")});
  auto filter = std::make_shared<plan::Filter>(project, Call(">", {Column("id", 1), Number(3)}));
  TestSession session;
  Answer answer = session.Run(filter);
  ASSERT_TRUE(answer.status.ok()) << answer.status.ToString();
  EXPECT_EQ(answer.schema.SimpleString(), "struct<x:bigint>");
  ASSERT_EQ(answer.rows.size(), 1U);
}

TEST(Na, FillGoesWhereTheTypeFits) {
  auto fill = std::make_shared<plan::NaFill>(Query("SELECT CAST(NULL AS INT) a, CAST(NULL AS STRING) b"));
  fill->values = {std::make_shared<plan::Literal>(engine::Value{int64_t{7}}, types::TypeId::kLong)};
  EXPECT_EQ(Show(fill), "+---+----+\n|  a|   b|\n+---+----+\n|  7|NULL|\n+---+----+\n");
}

TEST(Na, DropNeedsEnoughValues) {
  auto drop = std::make_shared<plan::NaDrop>(Query("VALUES (1, NULL), (NULL, NULL), (1, 2)"));
  drop->min_non_nulls = 1;
  TestSession session;
  EXPECT_EQ(session.Run(drop).rows.size(), 2U);
}

TEST(Statistics, Describe) {
  auto describe =
      std::make_shared<plan::StatFunction>(plan::RelationKind::kDescribe, Query("VALUES (1, 'a'), (3, 'b')"));
  EXPECT_EQ(Show(describe, 20, 0),
            "+-------+------------------+----+\n"
            "|summary|col1              |col2|\n"
            "+-------+------------------+----+\n"
            "|count  |2                 |2   |\n"
            "|mean   |2.0               |NULL|\n"
            "|stddev |1.4142135623730951|NULL|\n"
            "|min    |1                 |a   |\n"
            "|max    |3                 |b   |\n"
            "+-------+------------------+----+\n");
}

TEST(Statistics, Crosstab) {
  auto crosstab =
      std::make_shared<plan::StatFunction>(plan::RelationKind::kCrosstab, Query("VALUES (1, 'a'), (1, 'b'), (1, 'a')"));
  crosstab->columns = {"col1", "col2"};
  EXPECT_EQ(Show(crosstab),
            "+---------+---+---+\n|col1_col2|  a|  b|\n+---------+---+---+\n|        1|  2|  1|\n"
            "+---------+---+---+\n");
}

TEST(Tail, LastRowsInOrder) {
  auto tail = std::make_shared<plan::Tail>(Query("SELECT id FROM range(10)"), 2);
  EXPECT_EQ(Show(tail), "+---+\n| id|\n+---+\n|  8|\n|  9|\n+---+\n");
}

TEST(Depth, TooDeepIsRefused) {
  plan::RelationPtr relation = Query("SELECT 1 AS a");
  for (int i = 0; i < kMaxDepth + 10; ++i) {
    relation = std::make_shared<plan::Limit>(relation, Number(1), nullptr);
  }
  TestSession session;
  EXPECT_FALSE(session.Run(relation).status.ok());
}

}  // namespace
}  // namespace deltic::spark::resolve
