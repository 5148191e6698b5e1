// The Spark SQL parser: text → unresolved plan. Hand-written lexer, Pratt expressions, recursive descent.
// Errors are PARSE_SYNTAX_ERROR (and its neighbours) with line, position and the source excerpt, as Spark 3.5
// words them. Recursion is bounded (kMaxDepth); pure functions, thread-safe.
#pragma once

#include <string_view>

#include "base/status.h"
#include "spark/plan/command.h"

namespace deltic::spark::sql {

// Deepest nesting of expressions or queries; deeper text is refused with a clear error.
inline constexpr int kMaxDepth = 1000;

struct ParserOptions {
  bool ansi = false;                       // spark.sql.ansi.enabled && enforceReservedKeywords
  bool double_quoted_identifiers = false;  // spark.sql.ansi.doubleQuotedIdentifiers
  bool escaped_string_literals = false;    // spark.sql.parser.escapedStringLiterals
  bool timestamp_ntz_default = false;      // spark.sql.timestampType=TIMESTAMP_NTZ
};

// One statement, optionally followed by ';'.
Result<plan::Statement> ParseStatement(std::string_view text, const ParserOptions& options = {});
// selectExpr / expr text: may be aliased (`a + 1 AS b`) and may be a star.
Result<plan::ExpressionPtr> ParseExpression(std::string_view text, const ParserOptions& options = {});
// A sort item: "a desc nulls last".
Result<plan::ExpressionPtr> ParseSortOrder(std::string_view text, const ParserOptions& options = {});
// a.`b.c`.d → {a, b.c, d}
Result<plan::NameParts> ParseMultipartIdentifier(std::string_view text);
// One DDL type: "array<struct<a:int>>", "decimal(10,2)".
Result<types::DataType> ParseDataType(std::string_view text);
// A table schema: "a INT NOT NULL COMMENT 'x', b STRING" or "struct<…>" → a struct type.
Result<types::DataType> ParseTableSchema(std::string_view text);
// JSON or DDL, as spark.read.schema and createDataFrame accept.
Result<types::DataType> ParseSchemaString(std::string_view text);

}  // namespace deltic::spark::sql
