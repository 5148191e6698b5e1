#include "spark/command/table_reads.h"

#include <algorithm>

#include "spark/resolve/tree.h"

namespace deltic::spark::command {

bool ReadsTable(const engine::RelPtr& rows, const std::string& path) {
  bool reads = false;
  const auto visit = [&](const auto& self, const engine::RelPtr& rel) -> void {
    if (rel->kind == engine::RelKind::kFiles) {
      const auto& scan = rel->As<engine::FilesRel>();
      reads = reads || (!scan.pinned && std::find(scan.roots.begin(), scan.roots.end(), path) != scan.roots.end());
    }
    for (const engine::RelPtr& child : resolve::ChildrenOf(*rel)) self(self, child);
  };
  visit(visit, rows);
  if (reads) return true;
  resolve::MapRelExprs(rows, [&](const engine::ExprPtr& expr) {
    reads = reads || ReadsTable(expr, path);
    return expr;
  });
  return reads;
}

bool ReadsTable(const engine::ExprPtr& expr, const std::string& path) {
  return expr != nullptr && resolve::Any(expr, [&](const engine::ExprPtr& inner) {
           return inner->kind == engine::ExprKind::kSubquery && ReadsTable(inner->As<engine::Subquery>().plan, path);
         });
}

}  // namespace deltic::spark::command
