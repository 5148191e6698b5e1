#include "spark/command/delta_table.h"

#include "delta/snapshot/snapshot.h"
#include "spark/catalog/session_catalog.h"
#include "spark/catalog/table_path.h"

namespace deltic::spark::command {
namespace {

Result<bool> HasLog(session::Session* session, const std::string& path) {
  ASSIGN_OR_RETURN(const auto store, session->StoreFor(path));
  return delta::IsDeltaTable(store.get(), path);
}

}  // namespace

Result<bool> IsDeltaTable(session::Session* session, const plan::NameParts& table) {
  plan::NameParts name = table;
  if (name.size() == 2 && types::EqualsIgnoreCase(name[0], "delta")) {
    name[1] = catalog::SplitPathTimeTravel(name[1]).path;
  }
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(session, name));
  if (!target.has_value() || target->provider != "delta") return false;
  return HasLog(session, target->path);
}

Result<bool> IsInDeltaTable(session::Session* session, const std::string& path) {
  ASSIGN_OR_RETURN(std::string folder, catalog::QualifyPath(session, path));
  const size_t scheme = folder.find("://");
  const size_t root = scheme == std::string::npos ? 0 : scheme + 3;
  while (true) {
    const size_t slash = folder.rfind('/');
    if (slash == std::string::npos || slash < root) break;
    if (folder.compare(slash + 1, std::string::npos, "_delta_log") == 0) return false;
    ASSIGN_OR_RETURN(const bool found, HasLog(session, folder));
    if (found) return true;
    folder.resize(slash);
  }
  return false;
}

}  // namespace deltic::spark::command
