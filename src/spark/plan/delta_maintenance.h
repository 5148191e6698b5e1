// Commands that rearrange, clean, restore or copy Delta tables. Immutable, shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spark/plan/command_kind.h"

namespace deltic::spark::plan {

// OPTIMIZE t [FULL] [WHERE partition predicate] [ZORDER BY (…)]; REORG TABLE t [WHERE …] APPLY (PURGE) is kReorg.
struct Optimize : Command {
  explicit Optimize(CommandKind k = CommandKind::kOptimize) : Command(k) {}
  NameParts table;
  ExpressionPtr where;     // null: none
  std::string where_text;  // as written, for the history
  std::vector<NameParts> zorder_by;
  bool full = false;
  std::string reorg_mode;  // kReorg: "PURGE", "UPGRADE UNIFORM"
};

struct Vacuum : Command {
  Vacuum() : Command(CommandKind::kVacuum) {}
  NameParts table;
  std::optional<double> retention_hours;  // nullopt: delta.deletedFileRetentionDuration
  bool dry_run = false;
  std::optional<bool> lite;  // LITE or FULL; nullopt: spark.databricks.delta.vacuum.lite.enabled
};

struct RestoreTable : Command {
  RestoreTable() : Command(CommandKind::kRestore) {}
  NameParts table;
  std::optional<int64_t> version;  // exactly one of the two
  ExpressionPtr timestamp;
};

// CREATE [OR REPLACE] TABLE target SHALLOW CLONE source [TBLPROPERTIES] [LOCATION], DeltaTable.clone*.
struct CloneTable : Command {
  CloneTable() : Command(CommandKind::kClone) {}
  NameParts target;
  NameParts source;
  std::optional<int64_t> version;
  ExpressionPtr timestamp;  // null: none
  bool shallow = true;      // deep clones are refused
  bool replace = false;
  bool if_not_exists = false;
  Options properties;
  std::string location;
};

// CONVERT TO DELTA parquet.`/path` | table [NO STATISTICS] [PARTITIONED BY (…)]
struct ConvertToDelta : Command {
  ConvertToDelta() : Command(CommandKind::kConvertToDelta) {}
  NameParts source;
  std::vector<std::pair<std::string, DataType>> partition_schema;
  bool collect_statistics = true;
  std::string returned_name;  // not empty: the one row that DeltaTable.convertToDelta gets; SQL gets none
};

struct Generate : Command {  // GENERATE symlink_format_manifest FOR TABLE t
  Generate() : Command(CommandKind::kGenerate) {}
  std::string mode;
  NameParts table;
};

}  // namespace deltic::spark::plan
