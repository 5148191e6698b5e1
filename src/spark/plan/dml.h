// Commands that change rows of a Delta table: DELETE, UPDATE, MERGE, from SQL, DeltaTable (Delta Connect) and
// DataFrame.mergeInto alike. Immutable, shared. Conditions and values are unresolved: they see the target's columns
// (under its alias, else its name) and, in MERGE, the source's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spark/plan/command_kind.h"

namespace deltic::spark::plan {

struct DmlTarget {
  NameParts table;    // {"delta", "/path"} for a path
  std::string alias;  // empty: none
};

struct DeleteFrom : Command {
  DeleteFrom() : Command(CommandKind::kDelete) {}
  DmlTarget target;
  ExpressionPtr condition;  // null: all rows
};

// SET column = value. `column` may be qualified by the target's alias and may reach into structs: {"t", "s", "x"}.
struct Assignment {
  NameParts column;
  ExpressionPtr value;
};

struct UpdateTable : Command {
  UpdateTable() : Command(CommandKind::kUpdate) {}
  DmlTarget target;
  std::vector<Assignment> assignments;
  ExpressionPtr condition;  // null: all rows
};

struct MergeClause {
  enum class Match : uint8_t { kMatched, kNotMatched, kNotMatchedBySource };
  enum class Action : uint8_t { kUpdate, kUpdateStar, kDelete, kInsert, kInsertStar };
  Match match = Match::kMatched;
  Action action = Action::kUpdate;
  ExpressionPtr condition;              // null: always
  std::vector<Assignment> assignments;  // kUpdate, kInsert
};

struct MergeInto : Command {
  MergeInto() : Command(CommandKind::kMerge) {}
  DmlTarget target;
  RelationPtr source;  // with its alias, if it has one
  ExpressionPtr condition;
  std::vector<MergeClause> clauses;  // in the order written; within one kind of match the first that fits wins
  bool with_schema_evolution = false;
};

}  // namespace deltic::spark::plan
