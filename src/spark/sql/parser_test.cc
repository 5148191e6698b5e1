// Shapes of parsed statements, for what the replay of Spark's answers (gold_test.cc) cannot see.
#include "spark/sql/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "spark/sql/pretty.h"
#include "spark/sql/sql_text.h"

namespace deltic::spark::sql {
namespace {

using plan::CommandKind;
using plan::ExpressionKind;
using plan::RelationKind;

plan::RelationPtr Query(const std::string& sql) {
  Result<plan::Statement> parsed = ParseStatement(sql);
  EXPECT_TRUE(parsed.ok()) << sql << "\n" << parsed.status().detail();
  EXPECT_NE(parsed->query, nullptr) << sql;
  return parsed->query;
}

template <typename T>
std::shared_ptr<const T> Command(const std::string& sql, CommandKind kind) {
  Result<plan::Statement> parsed = ParseStatement(sql);
  EXPECT_TRUE(parsed.ok()) << sql << "\n" << parsed.status().detail();
  if (!parsed.ok() || parsed->command == nullptr || parsed->command->kind != kind) {
    ADD_FAILURE() << sql << " is another kind of statement";
    return nullptr;
  }
  return std::static_pointer_cast<const T>(parsed->command);
}

plan::ExpressionPtr Expr(const std::string& text) {
  Result<plan::ExpressionPtr> parsed = ParseExpression(text);
  EXPECT_TRUE(parsed.ok()) << text << "\n" << parsed.status().detail();
  return *parsed;
}

TEST(Parser, ClauseOrder) {
  plan::RelationPtr q = Query("SELECT DISTINCT a FROM t WHERE b GROUP BY a HAVING c ORDER BY a LIMIT 3 OFFSET 2");
  ASSERT_EQ(q->kind, RelationKind::kLimit);
  EXPECT_NE(q->As<plan::Limit>().limit, nullptr);
  EXPECT_NE(q->As<plan::Limit>().offset, nullptr);
  q = q->As<plan::Limit>().child;
  ASSERT_EQ(q->kind, RelationKind::kSort);
  EXPECT_TRUE(q->As<plan::Sort>().global);
  q = q->As<plan::Sort>().child;
  ASSERT_EQ(q->kind, RelationKind::kDeduplicate);
  EXPECT_TRUE(q->As<plan::Deduplicate>().all_columns);
  q = q->As<plan::Deduplicate>().child;
  ASSERT_EQ(q->kind, RelationKind::kFilter);
  EXPECT_TRUE(q->As<plan::Filter>().is_having);
  q = q->As<plan::Filter>().child;
  ASSERT_EQ(q->kind, RelationKind::kAggregate);
  EXPECT_TRUE(q->As<plan::Aggregate>().is_sql);
  EXPECT_EQ(q->As<plan::Aggregate>().aggregates.size(), 1u);
  q = q->As<plan::Aggregate>().child;
  ASSERT_EQ(q->kind, RelationKind::kFilter);
  EXPECT_EQ(q->As<plan::Filter>().child->kind, RelationKind::kTable);
}

TEST(Parser, IntersectBindsTighter) {
  plan::RelationPtr q = Query("SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3");
  ASSERT_EQ(q->kind, RelationKind::kSetOp);
  EXPECT_EQ(q->As<plan::SetOperation>().op, engine::SetOpRel::Op::kUnion);
  EXPECT_TRUE(q->As<plan::SetOperation>().all);
  EXPECT_EQ(q->As<plan::SetOperation>().right->kind, RelationKind::kSetOp);
}

TEST(Parser, Joins) {
  plan::RelationPtr q = Query("SELECT * FROM a LEFT ANTI JOIN b USING (x, y) CROSS JOIN c");
  const auto& cross = q->As<plan::Project>().child->As<plan::Join>();
  EXPECT_EQ(cross.type, engine::JoinType::kCross);
  const auto& anti = cross.left->As<plan::Join>();
  EXPECT_EQ(anti.type, engine::JoinType::kLeftAnti);
  EXPECT_EQ(anti.using_columns, (std::vector<std::string>{"x", "y"}));
  q = Query("SELECT * FROM a, LATERAL (SELECT a.x) s");
  EXPECT_TRUE(q->As<plan::Project>().child->As<plan::Join>().lateral);
}

TEST(Parser, TimeTravelAndAliases) {
  plan::RelationPtr q = Query("SELECT * FROM delta.`/p` VERSION AS OF 3 AS x(a, b)");
  const auto& alias = q->As<plan::Project>().child->As<plan::SubqueryAlias>();
  EXPECT_EQ(alias.alias, "x");
  EXPECT_EQ(alias.column_aliases.size(), 2u);
  const auto& table = alias.child->As<plan::TableRelation>();
  EXPECT_EQ(table.name, (plan::NameParts{"delta", "/p"}));
  EXPECT_EQ(table.time_travel->version, 3);
}

TEST(Parser, NamedWindowsAreSubstituted) {
  plan::RelationPtr q = Query("SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c), v AS w");
  const auto& window = q->As<plan::Project>().exprs[0]->As<plan::Window>();
  EXPECT_EQ(window.partition_by.size(), 1u);
  EXPECT_EQ(window.order_by.size(), 1u);
  Result<plan::Statement> missing = ParseStatement("SELECT sum(a) OVER w FROM t");
  EXPECT_EQ(missing.status().condition(), "MISSING_WINDOW_SPECIFICATION");
}

TEST(Parser, GroupingSets) {
  plan::RelationPtr q = Query("SELECT a FROM t GROUP BY GROUPING SETS (ROLLUP(a, b), (c))");
  const auto& group = q->As<plan::Aggregate>().groups[0]->As<plan::GroupingAnalytics>();
  EXPECT_EQ(group.sets.size(), 4u);
  EXPECT_EQ(group.sets[0].size(), 2u);
  EXPECT_TRUE(group.sets[2].empty());
  EXPECT_TRUE(Query("SELECT a, count(*) FROM t GROUP BY ALL")->As<plan::Aggregate>().group_by_all);
}

TEST(Parser, RowsAndSubqueries) {
  plan::RelationPtr q = Query("SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(x, y)");
  const auto& table = q->As<plan::Project>().child->As<plan::SubqueryAlias>().child->As<plan::InlineTable>();
  EXPECT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.rows[0].size(), 2u);
  const auto in = Expr("(a, b) IN (SELECT 1, 2)");
  EXPECT_EQ(in->As<plan::SubqueryExpression>().values.size(), 2u);
  EXPECT_EQ(Expr("((SELECT 1) + 1)")->kind, ExpressionKind::kFunction);
  EXPECT_EQ(Expr("((SELECT 1) UNION (SELECT 2))")->kind, ExpressionKind::kSubquery);
}

TEST(Parser, Literals) {
  EXPECT_EQ(std::get<std::string>(Expr(R"('a\tbé\101\%')")->As<plan::Literal>().value.v),
            "a\tb\xC3\xA9"
            "A\\%");
  EXPECT_EQ(std::get<std::string>(Expr(R"(r'a\tb')")->As<plan::Literal>().value.v), "a\\tb");
  EXPECT_EQ(std::get<int64_t>(Expr("DATE '2020-01-02'")->As<plan::Literal>().value.v), 18263);
  EXPECT_EQ(std::get<int64_t>(Expr("TIMESTAMP '1970-01-01 01:00:00+01:00'")->As<plan::Literal>().value.v), 0);
  EXPECT_EQ(Expr("TIMESTAMP '2020-01-01 00:00:00'")->As<plan::Cast>().mode, plan::Cast::Mode::kAnsi);
  EXPECT_EQ(std::get<int64_t>(Expr("INTERVAL '1 02:03:04' DAY TO SECOND")->As<plan::Literal>().value.v), 93784000000);
  EXPECT_EQ(Expr("X'1F2'")->As<plan::Literal>().value.v, decltype(engine::Value::v)(std::string("\x01\xF2", 2)));
  const auto parameter = Expr("? + ?");
  const auto& second = parameter->As<plan::UnresolvedFunction>().args[1]->As<plan::UnresolvedFunction>();
  EXPECT_EQ(second.name, "__positional_parameter");
  EXPECT_EQ(std::get<int64_t>(second.args[0]->As<plan::Literal>().value.v), 1);
}

TEST(Parser, Commands) {
  auto create = Command<plan::CreateTable>(
      "CREATE OR REPLACE TABLE c.t (a INT NOT NULL COMMENT 'x', b INT GENERATED ALWAYS AS (a + 1), d INT DEFAULT 5) "
      "USING DELTA PARTITIONED BY (a) TBLPROPERTIES (delta.x = true) LOCATION '/p'",
      CommandKind::kCreateTable);
  ASSERT_NE(create, nullptr);
  EXPECT_TRUE(create->create && create->replace);
  EXPECT_EQ(create->provider, "delta");
  ASSERT_EQ(create->columns.size(), 3u);
  EXPECT_FALSE(create->columns[0].nullable);
  EXPECT_EQ(create->columns[1].generated_sql, "a + 1");
  EXPECT_EQ(create->columns[2].default_sql, "5");
  EXPECT_EQ(create->partition_by, std::vector<std::string>{"a"});
  EXPECT_EQ(create->properties[0], (std::pair<std::string, std::string>{"delta.x", "true"}));
  auto insert =
      Command<plan::Insert>("INSERT OVERWRITE t PARTITION (p = 1, q) (a, b) SELECT 1, 2", CommandKind::kInsert);
  ASSERT_NE(insert, nullptr);
  EXPECT_TRUE(insert->overwrite);
  EXPECT_EQ(insert->columns.size(), 2u);
  EXPECT_EQ(insert->partition[1].second, nullptr);
  auto set = Command<plan::SetCommand>("SET a.b = x y ;", CommandKind::kSet);
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(set->key, "a.b");
  EXPECT_EQ(set->value, "x y");
  auto zone = Command<plan::SetCommand>("SET TIME ZONE INTERVAL '08:30' HOUR TO MINUTE", CommandKind::kSetTimeZone);
  ASSERT_NE(zone, nullptr);
  EXPECT_EQ(zone->value, "+08:30");
  auto history = Command<plan::DescribeDelta>("DESCRIBE HISTORY '/p' LIMIT 5", CommandKind::kDescribeHistory);
  ASSERT_NE(history, nullptr);
  EXPECT_EQ(history->table, (plan::NameParts{"delta", "/p"}));
  EXPECT_EQ(history->limit, 5);
  auto merge =
      Command<plan::MergeInto>("MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE", CommandKind::kMerge);
  ASSERT_NE(merge, nullptr);
  ASSERT_EQ(merge->clauses.size(), 1u);
  EXPECT_EQ(merge->clauses[0].action, plan::MergeClause::Action::kDelete);
}

TEST(Parser, InsertForms) {
  const auto evolving =
      Command<plan::Insert>("INSERT WITH SCHEMA EVOLUTION INTO t BY NAME SELECT 1 AS a", CommandKind::kInsert);
  ASSERT_NE(evolving, nullptr);
  EXPECT_TRUE(evolving->with_schema_evolution && evolving->by_name);
  const auto many = Command<plan::InsertMany>(
      "WITH q AS (SELECT 1 AS a) FROM q INSERT INTO t SELECT a WHERE a > 1 INSERT OVERWRITE u PARTITION (p = 2) SELECT "
      "a",
      CommandKind::kInsertMany);
  ASSERT_NE(many, nullptr);
  ASSERT_EQ(many->inserts.size(), 2u);
  EXPECT_EQ(many->inserts[0]->As<plan::Insert>().table, plan::NameParts{"t"});
  EXPECT_EQ(many->inserts[0]->As<plan::Insert>().query->kind, RelationKind::kWith);
  EXPECT_TRUE(many->inserts[1]->As<plan::Insert>().overwrite);
  EXPECT_FALSE(ParseStatement("FROM q INSERT INTO t VALUES (1)").ok());
}

TEST(Parser, IdentifierOfConstants) {
  const auto text = [](const char* value) {
    return std::make_shared<plan::Literal>(engine::Value{std::string(value)}, types::DataType(types::TypeId::kString));
  };
  plan::SqlText sql("");
  sql.named_args = {{"db", text("d")},
                    {"n", std::make_shared<plan::Literal>(engine::Value{int64_t{1}}, types::TypeId::kLong)}};
  sql.query = "DELETE FROM IDENTIFIER(:db || '.' || 't') WHERE IDENTIFIER('a') = 1";
  const auto parsed = ParseSqlText(sql, {});
  ASSERT_TRUE(parsed.ok()) << parsed.status().detail();
  EXPECT_EQ(parsed->command->As<plan::DeleteFrom>().target.table, (plan::NameParts{"d", "t"}));
  for (const char* refused :
       {"DELETE FROM IDENTIFIER(:n)", "DELETE FROM IDENTIFIER(a)", "DELETE FROM IDENTIFIER(:x)"}) {
    sql.query = refused;
    EXPECT_TRUE(ParseSqlText(sql, {}).status().Is("UNSUPPORTED_FEATURE.IDENTIFIER_CLAUSE")) << refused;
  }
}

std::string Repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; i++) out += text;
  return out;
}

// Every way to nest or to chain is bounded: far too deep a text is an error, not a crash.
TEST(Parser, DeepTextIsRefused) {
  constexpr int kTimes = 20000;
  std::vector<std::string> texts = {
      "SELECT " + Repeat("(", kTimes) + "1" + Repeat(")", kTimes),
      "SELECT " + Repeat("- ", kTimes) + "a",
      "SELECT " + Repeat("NOT ", kTimes) + "a",
      "SELECT 1" + Repeat(" + 1", kTimes),
      "SELECT " + Repeat("f(", kTimes) + "1" + Repeat(")", kTimes),
      "SELECT a" + Repeat("[0]", kTimes),
      "SELECT " + Repeat("CASE WHEN a THEN ", kTimes) + "1" + Repeat(" END", kTimes),
      "SELECT " + Repeat("CASE(", kTimes) + "1" + Repeat(")", kTimes),
      "SELECT CAST(a AS " + Repeat("ARRAY<", kTimes) + "INT" + Repeat(">", kTimes) + ")",
      Repeat("SELECT * FROM (", kTimes) + "SELECT 1" + Repeat(")", kTimes),
      "SELECT 1" + Repeat(" UNION ALL SELECT 1", kTimes),
      "SELECT * FROM a" + Repeat(" JOIN a", kTimes),
      "SELECT * FROM a" + Repeat(", a", kTimes),
      Repeat("WITH a AS (", kTimes) + "SELECT 1" + Repeat(") SELECT 1", kTimes),
      "SELECT " + Repeat("x -> ", kTimes) + "1",
      Repeat("EXPLAIN ", kTimes) + "SELECT 1",
  };
  for (const std::string& sql : texts) {
    Result<plan::Statement> parsed = ParseStatement(sql);
    ASSERT_FALSE(parsed.ok()) << sql.substr(0, 60);
    EXPECT_EQ(parsed.status().condition(), "FAILED_TO_PARSE_TOO_COMPLEX") << sql.substr(0, 60);
  }
  // Long but flat texts are fine: AND and OR make balanced trees.
  EXPECT_TRUE(ParseStatement("SELECT a" + Repeat(" OR a", kTimes)).ok());
  EXPECT_TRUE(ParseStatement("SELECT a IN (1" + Repeat(", 1", kTimes) + ")").ok());
  EXPECT_TRUE(ParseStatement("SELECT " + Repeat("substring(trim(", 60) + "a" + Repeat("), 1)", 60)).ok());
}

}  // namespace
}  // namespace deltic::spark::sql
