// Commands that define tables: CREATE, REPLACE, ALTER. Immutable, shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spark/plan/command_kind.h"

namespace deltic::spark::plan {

struct ColumnDefinition {
  std::string name;
  DataType type;
  bool nullable = true;
  std::string comment;
  bool has_comment = false;
  std::string default_sql;    // DEFAULT expr text; empty: none
  std::string generated_sql;  // GENERATED ALWAYS AS (expr); empty: none
  bool identity = false;
  bool identity_always = true;
  int64_t identity_start = 1, identity_step = 1;
};

// CREATE [OR REPLACE] TABLE … [USING] … [AS query], REPLACE TABLE, CREATE TABLE LIKE.
struct CreateTable : Command {
  CreateTable() : Command(CommandKind::kCreateTable) {}
  NameParts name;  // {"delta", "/path"} for delta.`/path`
  std::vector<ColumnDefinition> columns;
  std::string provider;                   // lower case; empty: default
  std::vector<std::string> partition_by;  // column names; PARTITIONED BY (a INT) also appends to columns
  std::vector<std::vector<std::string>> cluster_by;
  Options properties;  // TBLPROPERTIES
  Options options;     // OPTIONS
  std::string location;
  std::string comment;
  bool has_comment = false;
  bool if_not_exists = false;
  bool create = true;    // CREATE or CREATE OR REPLACE
  bool replace = false;  // REPLACE or CREATE OR REPLACE
  bool external = false;
  RelationPtr query;  // AS SELECT; null: none
  NameParts like;     // LIKE source; empty: none
};

// ALTER TABLE t SET/UNSET TBLPROPERTIES, ADD COLUMNS, …; actions beyond those are refused by name.
struct AlterTable : Command {
  AlterTable() : Command(CommandKind::kAlterTable) {}
  NameParts table;
  std::string action;  // "SET TBLPROPERTIES" "UNSET TBLPROPERTIES" "ADD COLUMNS" "RENAME TO" …
  Options properties;
  std::vector<ColumnDefinition> columns;
  NameParts new_name;
  bool if_exists = false;
};

}  // namespace deltic::spark::plan
