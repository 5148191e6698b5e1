// Inserting rows into an existing table, by position or by name, under ANSI store assignment.
#pragma once

#include "spark/catalog/session_catalog.h"
#include "spark/command/handlers.h"

namespace deltic::spark::command {

struct InsertOptions {
  bool by_name = false;
  bool overwrite = false;
  std::vector<std::string> columns = {};   // explicit column list: data columns are these, in order
  plan::Options options = {};              // writer options (mergeSchema, …)
  plan::ExpressionPtr replace_where = {};  // with overwrite: only the rows for which this is true
  int files = 0;                           // FilesAskedFor the rows (file_count.h)
};

// TRUE written out: INSERT … REPLACE WHERE TRUE overwrites everything.
bool IsTrueLiteral(const plan::ExpressionPtr& expr);

// Casts `data` to the table's columns and commits. Too few or many columns: DELTA_INSERT_COLUMN_ARITY_MISMATCH (Delta)
// or INSERT_COLUMN_ARITY_MISMATCH.* (files).
Result<engine::RelPtr> InsertRows(const CommandContext& context, const catalog::TableTarget& target,
                                  engine::RelPtr data, const InsertOptions& options);

}  // namespace deltic::spark::command
