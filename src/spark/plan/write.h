// Commands that write a query's rows: DataFrameWriter, DataFrameWriterV2, INSERT. Immutable, shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spark/plan/command_kind.h"

namespace deltic::spark::plan {

enum class SaveMode : uint8_t { kErrorIfExists, kAppend, kOverwrite, kIgnore };

// df.write…: save(path) (kSaveToPath), saveAsTable (kSaveAsTable), insertInto (kInsertIntoName).
struct WriteCommand : Command {
  explicit WriteCommand(CommandKind k) : Command(k) {}
  RelationPtr input;
  std::string format;  // lower case; empty: default source (delta here, as the server is configured)
  std::string path;
  NameParts table;
  SaveMode mode = SaveMode::kErrorIfExists;
  std::vector<std::string> partition_by;
  std::vector<std::string> sort_by;
  int32_t num_buckets = 0;  // bucketBy: refused for delta
  std::vector<std::string> cluster_by;
  Options options;
};

// df.writeTo(t).using(p).create()/replace()/createOrReplace()/append()/overwrite(cond)/overwritePartitions()
struct WriteToCommand : Command {
  enum class Mode : uint8_t { kCreate, kOverwrite, kOverwritePartitions, kAppend, kReplace, kCreateOrReplace };
  WriteToCommand() : Command(CommandKind::kWriteTo) {}
  RelationPtr input;
  NameParts table;
  std::string provider;
  std::vector<ExpressionPtr> partitioned_by;
  std::vector<std::string> cluster_by;
  Options options;
  Options table_properties;
  Mode mode = Mode::kCreate;
  ExpressionPtr overwrite_condition;
};

// INSERT [WITH SCHEMA EVOLUTION] INTO/OVERWRITE [TABLE] t [PARTITION (…)] [(cols)] [BY NAME] query;
// INSERT INTO t REPLACE WHERE cond query
struct Insert : Command {
  Insert() : Command(CommandKind::kInsert) {}
  NameParts table;
  std::vector<std::string> columns;                              // explicit column list
  std::vector<std::pair<std::string, ExpressionPtr>> partition;  // PARTITION (p = 1, q): null = dynamic
  RelationPtr query;
  bool overwrite = false;
  bool by_name = false;
  bool if_partition_not_exists = false;
  bool with_schema_evolution = false;
  ExpressionPtr replace_where;
};

// FROM relation INSERT … SELECT … INSERT … SELECT …: one commit each, in this order.
struct InsertMany : Command {
  InsertMany() : Command(CommandKind::kInsertMany) {}
  std::vector<CommandPtr> inserts;
};

}  // namespace deltic::spark::plan
