#include "spark/command/table_reads.h"

#include <algorithm>

#include "spark/resolve/tree.h"

namespace deltic::spark::command {
namespace {

bool Scans(const engine::Rel& rel, const std::string& path) {
  if (rel.kind == engine::RelKind::kFiles) {
    const auto& scan = rel.As<engine::FilesRel>();
    return !scan.pinned && std::find(scan.roots.begin(), scan.roots.end(), path) != scan.roots.end();
  }
  const auto children = resolve::ChildrenOf(rel);
  return std::any_of(children.begin(), children.end(), [&](const auto& child) { return Scans(*child, path); });
}

}  // namespace

bool ReadsTable(const engine::RelPtr& rows, const std::string& path) {
  if (Scans(*rows, path)) return true;
  bool found = false;
  const auto in_subquery = [&](const engine::ExprPtr& expr) {
    return expr->kind == engine::ExprKind::kSubquery && ReadsTable(expr->As<engine::Subquery>().plan, path);
  };
  resolve::MapRelExprs(rows, [&](const engine::ExprPtr& expr) {
    found = found || resolve::Any(expr, in_subquery);
    return expr;
  });
  return found;
}

}  // namespace deltic::spark::command
