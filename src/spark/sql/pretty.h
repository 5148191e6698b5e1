// Spark's automatic column names: the text that names a select item without an alias. Works on unresolved
// expressions, from SQL text and Connect messages alike; what only resolution can tell (whether a.b is a
// table's column or a struct's field) is asked of the caller. Pure functions; thread-safe.
#pragma once

#include <functional>
#include <string>

#include "spark/plan/expression.h"

namespace deltic::spark::sql {

struct PrettyOptions {
  // How a column reads inside a larger expression; by default all its name parts joined by dots. The resolver drops
  // the table's qualifier here.
  std::function<std::string(const plan::UnresolvedAttribute&)> attribute;
  // The type of an expression, null when not known: s['x'] of a struct reads s.x, which by default only s.x written
  // with a dot does.
  std::function<const types::DataType*(const plan::Expression&)> type_of;
  // Literals as SQL text would have them ('abc', 5L, 1.5BD), as Spark's Expression.sql prints them.
  bool sql_literals = false;
};

// The column name of a select item: an alias's name, a column's last part, else PrettySql.
std::string PrettyName(const plan::Expression& expression, const PrettyOptions& options = {});
// The expression as Spark prints it inside a column name, e.g. (a + 1), sum(DISTINCT x).
std::string PrettySql(const plan::Expression& expression, const PrettyOptions& options = {});
// A literal as SQL text: 'a\'b', 5L, 1.5D, 1.50BD.
std::string SqlLiteral(const engine::Value& value, const types::DataType& type);
// A literal as in a column name: abc, 1.5, NULL, DATE '2020-01-02', INTERVAL '1' DAY.
std::string PrettyLiteral(const engine::Value& value, const types::DataType& type);

}  // namespace deltic::spark::sql
