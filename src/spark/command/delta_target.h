// The Delta table that a statement names, at its latest version. Free function, thread-safe.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "spark/catalog/session_catalog.h"

namespace deltic::spark::command {

struct DeltaTarget {
  catalog::TableTarget table;
  std::shared_ptr<const delta::Snapshot> snapshot;
};

// `operation` names the statement in errors: TABLE_OR_VIEW_NOT_FOUND for a name, DELTA_MISSING_DELTA_TABLE for a path
// without a table, DELTA_TABLE_ONLY_OPERATION for another format, _LEGACY_ERROR_TEMP_1013 for a view.
Result<DeltaTarget> RequireDeltaTarget(session::Session* session, const plan::NameParts& parts,
                                       const std::string& operation);

// _LEGACY_ERROR_TEMP_1013: `operation` wants a table and found a view.
Status NotATable(const catalog::TableTarget& view, const std::string& operation);

// The same for the name of a temporary view, which hides a table of that name.
Status CheckNotTempView(session::Session* session, const plan::NameParts& parts, const std::string& operation);

}  // namespace deltic::spark::command
