// SQL text with values for its parameters (:name, ?), as spark.sql(text, args) sends it. Pure function, thread-safe.
#pragma once

#include "spark/plan/relation_source.h"
#include "spark/sql/parser.h"

namespace deltic::spark::sql {

// The statement with the values in place of the parameters; one without a value stays and is refused when it is
// resolved (UNBOUND_SQL_PARAMETER). Values are read in expressions of every kind of statement.
Result<plan::Statement> ParseSqlText(const plan::SqlText& sql, const ParserOptions& options);

}  // namespace deltic::spark::sql
