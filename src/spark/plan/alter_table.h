// What ALTER TABLE changes beyond names and properties: columns, constraints, clustering, features. Immutable, shared.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spark/plan/table_ddl.h"

namespace deltic::spark::plan {

// Where ALTER TABLE puts a column; neither: at the end, or where it is.
struct ColumnPosition {
  bool first = false;
  std::string after;
  bool IsGiven() const { return first || !after.empty(); }
};

// ALTER [TABLE] … COLUMN: what is set is changed.
struct ColumnChange {
  NameParts path;
  std::optional<DataType> type;
  std::optional<bool> nullable;
  std::optional<std::string> comment;
  std::optional<std::string> default_sql;  // empty: DROP DEFAULT
  ColumnPosition position;
};

// Every ALTER TABLE and COMMENT ON TABLE that the parser makes; which fields are set follows from `action`, which is
// one of: SET TBLPROPERTIES, UNSET TBLPROPERTIES, COMMENT, ADD COLUMNS, REPLACE COLUMNS, RENAME COLUMN, DROP COLUMNS,
// CHANGE COLUMN, SYNC IDENTITY, ADD CONSTRAINT, DROP CONSTRAINT, CLUSTER BY, DROP FEATURE, RENAME TO, SET LOCATION,
// ADD PARTITION, DROP PARTITION, RECOVER PARTITIONS, SET SERDE.
// Paths may reach into structs, arrays (element) and maps (key, value).
struct TableChange : AlterTable {
  // ADD and REPLACE COLUMNS: parallel to `columns`, whose names are the paths' last parts. RENAME COLUMN and SYNC
  // IDENTITY have one path, DROP COLUMNS and CLUSTER BY any number (none: NONE).
  std::vector<NameParts> paths;
  std::vector<ColumnPosition> positions;
  ColumnChange change;
  std::string name;        // of the constraint, the feature, the renamed column
  std::string expression;  // of the constraint, its tokens joined by spaces
  std::string text;        // comment or location
  bool truncate_history = false;
  bool of_view = false;        // ALTER VIEW: SET and UNSET TBLPROPERTIES, RENAME TO
  bool keys_as_given = false;  // DeltaTable.addFeatureSupport: the history shows the property as the caller spells it
};

}  // namespace deltic::spark::plan
