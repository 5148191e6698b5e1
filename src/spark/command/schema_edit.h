// Editing a table's schema by paths, as ALTER TABLE names columns: through structs by field name (any case), arrays by
// `element`, maps by `key` and `value`. Pure functions; thread-safe.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "spark/plan/alter_table.h"
#include "types/data_type.h"

namespace deltic::spark::command {

// The field at a path; an array's element or a map's key or value reads as a field of that name. `canonical` (may be
// null) receives the path as the schema spells it.
std::optional<types::StructField> FindField(const types::DataType& schema, const plan::NameParts& path,
                                            plan::NameParts* canonical = nullptr);

// Applies `edit` to the field at a path that FindField finds; of a pseudo-field only type and nullability are kept.
types::DataType EditField(const types::DataType& schema, const plan::NameParts& path,
                          const std::function<void(types::StructField*)>& edit);
// Adds `field` below the struct at `parent` (empty: the top). False when there is no such struct, or no column to put
// it after.
bool AddField(types::DataType* schema, const plan::NameParts& parent, types::StructField field,
              const plan::ColumnPosition& position);
// Removes the field at a path; false when its parent is no struct.
bool RemoveField(types::DataType* schema, const plan::NameParts& path);

// a.`b c`.d
std::string PathText(const plan::NameParts& path);
// As the history names columns: only parts with a dot are quoted.
std::string HistoryName(const plan::NameParts& path);
// A column's type in the history, as JSON: of nested ones only which they are, "struct".
std::string HistoryType(const types::DataType& type);

}  // namespace deltic::spark::command
