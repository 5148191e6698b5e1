// The columns of a Delta table that a MERGE clause leaves to the table: generated columns are computed from the values
// that the clause gives to the others, DEFAULTs are filled in, identity columns are left to be numbered
// (delta-spark PreprocessTableMerge.resolveImplicitColumns). Not thread-safe.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "delta/spec/actions.h"
#include "spark/command/table_expression.h"
#include "spark/command/update_expressions.h"

namespace deltic::spark::command {

class ComputedColumns {
 public:
  // Borrowed for the statement.
  ComputedColumns(const delta::Metadata* metadata, TableExpressions* expressions, const StoreRules* rules)
      : metadata_(metadata), expressions_(expressions), rules_(rules) {}

  // Refuses values for columns that only the table may set: DELTA_IDENTITY_COLUMNS_*.
  Status CheckGiven(const std::set<std::string>& given, bool insert) const;
  // Replaces the values (parallel to `schema`) of columns that are not `given` (lower-case names).
  Status Fill(const std::vector<types::StructField>& schema, const std::set<std::string>& given, bool insert,
              std::vector<engine::ExprPtr>* values) const;
  // The columns of `schema` that an insert leaves to be numbered.
  std::vector<size_t> Numbered(const std::vector<types::StructField>& schema, const std::set<std::string>& given) const;
  // What DEFAULT stands for in a column.
  Result<engine::ExprPtr> DefaultOf(const std::string& column) const;

 private:
  const types::StructField* Find(const std::string& name) const;

  const delta::Metadata* const metadata_;
  TableExpressions* const expressions_;
  const StoreRules* const rules_;
};

}  // namespace deltic::spark::command
