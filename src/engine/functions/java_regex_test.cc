#include "engine/functions/java_regex.h"

#include <gtest/gtest.h>

#include "engine/functions/datetime_pattern.h"
#include "engine/functions/json_path.h"

namespace deltic::engine::functions {
namespace {

TEST(JavaRegex, FindsLikeJavaAfterEmptyMatches) {
  const auto regex = JavaRegex::Compile("a*", "regexp_count");
  ASSERT_TRUE(regex.ok());
  std::vector<JavaRegex::Span> groups;
  int matches = 0;
  const std::string_view text = "aab";
  for (size_t from = 0; (*regex)->FindFrom(text, from, &groups); from = JavaRegex::NextStart(text, groups[0]))
    matches++;
  EXPECT_EQ(matches, 3);  // Spark: regexp_replace('aab', 'a*', '-') is --b-
}

TEST(JavaRegex, BacktracksWhereRe2CanNot) {
  const auto found = [](const char* pattern, const char* text) {
    const auto regex = JavaRegex::Compile(pattern, "rlike");
    return regex.ok() && (*regex)->Find(text);
  };
  EXPECT_TRUE(found("foo(?=bar)", "foobar"));
  EXPECT_FALSE(found("foo(?=bar)", "foobaz"));
  EXPECT_TRUE(found("(a)\\1", "aa"));
  EXPECT_FALSE(found("(?<!x)y", "xy"));
  EXPECT_FALSE(found("a++a", "aaa"));
  std::vector<JavaRegex::Span> groups;
  const auto regex = JavaRegex::Compile("(?<k>\\w)=(?!x)(y)?", "rlike");
  ASSERT_TRUE(regex.ok());
  ASSERT_TRUE((*regex)->FindFrom("é a=b", 0, &groups));
  EXPECT_EQ((*regex)->GroupOf("k"), 1);
  EXPECT_EQ(groups[1].begin, 3);
  EXPECT_FALSE(groups[2].matched());
}

TEST(JavaRegex, BoundsTheStepsOfBacktracking) {
  const auto regex = JavaRegex::Compile("(a+)+$(?!x)", "rlike");
  ASSERT_TRUE(regex.ok());
  EXPECT_ANY_THROW((*regex)->Find(std::string(64, 'a') + "b"));
}

TEST(JavaRegex, RefusesWhatNeitherHas) {
  for (const char* pattern : {"[a&&b]", "(?<=a{1,2})b"}) {
    const auto regex = JavaRegex::Compile(pattern, "rlike");
    ASSERT_FALSE(regex.ok()) << pattern;
    EXPECT_NE(regex.status().ToString().find(pattern), std::string::npos) << pattern;
  }
  EXPECT_TRUE(JavaRegex::Compile("[", "rlike").status().Is("INVALID_PARAMETER_VALUE.PATTERN"));
}

TEST(DatetimePattern, FollowsSparkRules) {
  EXPECT_TRUE(DatetimePattern::Compile("YYYY", false)
                  .status()
                  .Is("INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION"));
  const auto pattern = DatetimePattern::Compile("yyyy-MM-dd", true);
  ASSERT_TRUE(pattern.ok());
  EXPECT_TRUE((*pattern)->Parse("2016-12-31").has_value());
  EXPECT_FALSE((*pattern)->Parse("2016-02-30").has_value());
  EXPECT_FALSE((*pattern)->Parse("2016-1-5").has_value());
  EXPECT_TRUE((*pattern)->LegacyParses("2016-1-5"));
}

TEST(JsonPath, UnwrapsSingleWildcardMatch) {
  const auto one = ParseJson(R"({"a":[{"b":1}]})", false);
  const auto two = ParseJson(R"({"a":[{"b":1},{"b":2}]})", false);
  ASSERT_TRUE(one.has_value() && two.has_value());
  EXPECT_EQ(EvaluateJsonPath(*one, "$.a[*].b"), "1");
  EXPECT_EQ(EvaluateJsonPath(*two, "$.a[*].b"), "[1,2]");
}

}  // namespace
}  // namespace deltic::engine::functions
