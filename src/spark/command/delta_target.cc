#include "spark/command/delta_target.h"

#include "spark/catalog/server_catalog.h"

namespace deltic::spark::command {

Status NotATable(const catalog::TableTarget& view, const std::string& operation) {
  return Error("_LEGACY_ERROR_TEMP_1013",
               {{"nameParts", view.Display()}, {"viewStr", "view"}, {"cmd", operation}, {"hintStr", "."}});
}

Status CheckNotTempView(session::Session* session, const plan::NameParts& parts, const std::string& operation) {
  if (parts.size() != 1 || !session->views()->contains(types::ToLower(parts[0]))) return Status::Ok();
  return Error("_LEGACY_ERROR_TEMP_1013",
               {{"nameParts", parts[0]}, {"viewStr", "temp view"}, {"cmd", operation}, {"hintStr", ""}});
}

Result<DeltaTarget> RequireDeltaTarget(session::Session* session, const plan::NameParts& parts,
                                       const std::string& operation) {
  RETURN_IF_ERROR(CheckNotTempView(session, parts, operation));
  ASSIGN_OR_RETURN(auto target, catalog::RequireTarget(session, parts));
  if (target.IsView()) {
    return NotATable(target, operation);
  }
  if (target.provider != "delta") {
    if (target.is_path) return catalog::TableNotFound(parts);
    return Error("DELTA_TABLE_ONLY_OPERATION", {{"tableName", target.Display()}, {"operation", operation}});
  }
  auto snapshot = session->server()->catalog->LatestSnapshot(session, target.path);
  if (!snapshot.ok()) {
    if (!snapshot.status().Is("DELTA_MISSING_TRANSACTION_LOG")) return snapshot.status();
    const std::string name = target.is_path ? types::QuoteIdentifier(target.path) : target.Display();
    ASSIGN_OR_RETURN(const auto store, session->StoreFor(target.path));
    ASSIGN_OR_RETURN(const auto objects, store->ListRecursive(target.path));
    if (objects.empty()) return Error("DELTA_MISSING_DELTA_TABLE", {{"tableName", name}});
    return Error("DELTA_TABLE_ONLY_OPERATION", {{"tableName", name}, {"operation", operation}});
  }
  return DeltaTarget{std::move(target), std::move(*snapshot)};
}

}  // namespace deltic::spark::command
