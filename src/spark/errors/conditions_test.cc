#include "spark/errors/conditions.h"

#include <gtest/gtest.h>

#include <set>

namespace deltic::spark::errors {
namespace {

// Texts are those of Spark 3.5.5 and Delta 3.3.2.
TEST(ConditionsTest, RendersTemplateWithParameters) {
  RenderedError error =
      Render(Error("UNRESOLVED_COLUMN.WITH_SUGGESTION", {{"objectName", "`x`"}, {"proposal", "`id`"}}));
  EXPECT_EQ(error.message,
            "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column or function parameter with name `x` cannot be resolved. "
            "Did you mean one of the following? [`id`].");
  EXPECT_EQ(error.sql_state, "42703");
  EXPECT_EQ(error.classes, (std::vector<std::string>{"org.apache.spark.sql.AnalysisException", "java.lang.Exception",
                                                     "java.lang.Throwable", "java.lang.Object"}));
}

TEST(ConditionsTest, KeepsPlaceholdersWithoutValue) {
  EXPECT_EQ(FillTemplate("a <b> c <d>.", {{"b", "1"}}), "a 1 c <d>.");
  EXPECT_EQ(FillTemplate("a < b", {}), "a < b");
}

TEST(ConditionsTest, MapsExceptionClasses) {
  EXPECT_EQ(Render(Error("DIVIDE_BY_ZERO", {{"config", "x"}})).classes[1], "java.lang.ArithmeticException");
  EXPECT_EQ(Render(Error("CANNOT_MODIFY_CONFIG", {{"key", "x"}})).classes[0], "org.apache.spark.sql.AnalysisException");
  EXPECT_EQ(Render(Error("DELTA_CONCURRENT_APPEND", {})).classes[0], "io.delta.exceptions.ConcurrentAppendException");
  EXPECT_EQ(Render(Error("CAST_INVALID_INPUT", {{"targetType", "\"DATE\""}})).classes[1],
            "java.time.DateTimeException");
  EXPECT_EQ(Render(Error("CAST_INVALID_INPUT", {{"targetType", "\"INT\""}})).classes[1],
            "java.lang.NumberFormatException");
}

TEST(ConditionsTest, LegacyAndUnnamedErrorsHaveNoPrefix) {
  EXPECT_EQ(Render(Error("_LEGACY_ERROR_TEMP_1049", {{"name", "a..b"}})).message,
            "Syntax error in attribute name: a..b.");
  RenderedError unnamed = Render(Error("_NUMBER_FORMAT", {}, "For input string: \"x\""));
  EXPECT_EQ(unnamed.message, "For input string: \"x\"");
  EXPECT_EQ(unnamed.condition, "");
}

TEST(ConditionsTest, ParserTextIsKept) {
  RenderedError error = Render(Error("PARSE_SYNTAX_ERROR", {}, "\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'x'."));
  EXPECT_EQ(error.message, "\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'x'.");
  EXPECT_EQ(error.classes[0], "org.apache.spark.sql.catalyst.parser.ParseException");
}

TEST(ConditionsTest, UnknownConditionShowsItsDetail) {
  RenderedError error = Render(Error("NO_SUCH_CONDITION", {}, "what happened"));
  EXPECT_EQ(error.message, "[NO_SUCH_CONDITION] what happened");
  EXPECT_EQ(error.classes[0], "org.apache.spark.SparkException");
}

TEST(ConditionsTest, TableIsLargeAndWithoutDuplicates) {
  std::set<std::string_view> seen;
  for (const ConditionRow* row : Conditions()) {
    EXPECT_TRUE(seen.insert(row->condition).second) << row->condition;
    EXPECT_TRUE(row->sql_state.empty() || row->sql_state.size() == 5) << row->condition;
  }
  EXPECT_GT(seen.size(), 900U);
}

}  // namespace
}  // namespace deltic::spark::errors
