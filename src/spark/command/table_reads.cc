#include "spark/command/table_reads.h"

#include <algorithm>

#include "spark/command/dml_condition.h"
#include "spark/command/file_selection.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {

using engine::ExprPtr;
using engine::RelKind;
using engine::RelPtr;

namespace {

bool ComputesByRow(const engine::Rel& rel) {
  if (rel.kind != RelKind::kProject) return false;
  const auto& exprs = rel.As<engine::ProjectRel>().exprs;
  return std::none_of(exprs.begin(), exprs.end(), resolve::HasWindow);
}

}  // namespace

void TableReads::Visit(const RelPtr& rel, std::vector<ExprPtr> filters, const std::string& path) {
  if (rel->kind == RelKind::kFiles) {
    const auto& files = rel->As<engine::FilesRel>();
    const catalog::SnapshotScan* scan = catalog::SnapshotScan::OfWhole(files);
    if (scan == nullptr || files.pinned || scan->snapshot().table_path() != path) return;
    if (!scan->HasIdsOf(files)) filters.clear();
    reads_.push_back({scan, std::move(filters)});
    return;
  }
  if (rel->kind == RelKind::kFilter) {
    for (const ExprPtr& part : Conjuncts(rel->As<engine::FilterRel>().predicate)) {
      if (!HasRandom(part)) filters.push_back(part);
    }
  } else if (!ComputesByRow(*rel)) {
    filters.clear();  // rows that they leave out may matter for those that they let pass
  }
  for (const RelPtr& child : resolve::ChildrenOf(*rel)) Visit(child, filters, path);
}

TableReads TableReads::Find(const RelPtr& rows, const std::string& path) {
  TableReads out;
  out.Visit(rows, {}, path);
  const auto in_subqueries = [&](const ExprPtr& expr) {
    if (expr->kind == engine::ExprKind::kSubquery) {
      const TableReads inner = Find(expr->As<engine::Subquery>().plan, path);
      out.reads_.insert(out.reads_.end(), inner.reads_.begin(), inner.reads_.end());
    }
    return false;
  };
  resolve::MapRelExprs(rows, [&](const ExprPtr& expr) {
    resolve::Any(expr, in_subqueries);
    return expr;
  });
  return out;
}

std::shared_ptr<const delta::Snapshot> TableReads::Start(std::shared_ptr<const delta::Snapshot> latest) const {
  for (const Read& read : reads_) {
    const auto& snapshot = read.scan->shared_snapshot();
    const bool same = snapshot->metadata().id == latest->metadata().id;
    if (same && snapshot->version() < latest->version()) latest = snapshot;
  }
  return latest;
}

Status TableReads::Declare(engine::Engine* engine, delta::Transaction* txn) const {
  for (const Read& read : reads_) {
    RETURN_IF_ERROR(SelectFiles(engine, *read.scan, Conjunction(read.filters), txn).status());
  }
  return Status::Ok();
}

}  // namespace deltic::spark::command
