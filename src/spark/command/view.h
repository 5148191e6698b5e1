// ALTER VIEW of a persistent view, but AS, which is a CREATE VIEW (view.cc).
#pragma once

#include "spark/catalog/session_catalog.h"
#include "spark/command/handlers.h"
#include "spark/plan/alter_table.h"

namespace deltic::spark::command {

// SET and UNSET TBLPROPERTIES, RENAME TO. A table is refused by name.
Result<engine::RelPtr> AlterView(const CommandContext& context, const plan::TableChange& change,
                                 const catalog::TableTarget& target);

}  // namespace deltic::spark::command
