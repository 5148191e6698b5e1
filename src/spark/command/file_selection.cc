#include "spark/command/file_selection.h"

#include <algorithm>
#include <map>
#include <set>

#include "spark/catalog/file_predicate.h"
#include "spark/resolve/python_functions.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {
namespace {

using catalog::FileRows;
using catalog::SnapshotScan;
using engine::ExprPtr;
using engine::RelPtr;

void Flatten(const ExprPtr& expr, std::vector<ExprPtr>* out) {
  if (expr->kind == engine::ExprKind::kCall && expr->As<engine::Call>().function == "and") {
    for (const auto& arg : expr->As<engine::Call>().args) Flatten(arg, out);
    return;
  }
  out->push_back(expr);
}

bool UsesOnly(const ExprPtr& expr, const std::vector<engine::ColumnId>& allowed) {
  if (resolve::HasSubquery(expr) || resolve::CallsPython(expr)) return false;
  std::set<engine::ColumnId> used;
  resolve::CollectColumnIds(expr, &used);
  return std::all_of(used.begin(), used.end(),
                     [&](auto id) { return std::find(allowed.begin(), allowed.end(), id) != allowed.end(); });
}

// Which of the partitions make the condition true, by index.
Result<std::set<size_t>> MatchingPartitions(engine::Engine* engine, const SnapshotScan& scan, const ExprPtr& condition,
                                            const std::vector<delta::PartitionValues>& partitions) {
  ASSIGN_OR_RETURN(const RelPtr all, scan.Partitions(partitions));
  const RelPtr kept = std::make_shared<engine::FilterRel>(all, condition);
  ASSIGN_OR_RETURN(const auto rows, engine->Collect(resolve::ProjectTo(kept, {scan.file_column()}), {},
                                                    static_cast<int64_t>(partitions.size())));
  std::set<size_t> out;
  for (const auto& row : rows) out.insert(static_cast<size_t>(std::get<int64_t>(row[0].v)));
  return out;
}

// The files whose partition values make the condition true. Files of one partition are asked once.
Result<std::vector<size_t>> KeepPartitions(engine::Engine* engine, const SnapshotScan& scan, const ExprPtr& condition) {
  const auto& files = scan.snapshot().files();
  std::map<delta::PartitionValues, size_t> index;
  std::vector<delta::PartitionValues> partitions;
  for (const auto& file : files) {
    if (index.emplace(file.partition_values, partitions.size()).second) partitions.push_back(file.partition_values);
  }
  std::vector<size_t> out;
  if (partitions.empty()) return out;
  ASSIGN_OR_RETURN(const auto kept, MatchingPartitions(engine, scan, condition, partitions));
  for (size_t i = 0; i < files.size(); i++) {
    if (kept.contains(index[files[i].partition_values])) out.push_back(i);
  }
  return out;
}

}  // namespace

std::vector<FileRows> FileSelection::Rows() const {
  std::vector<FileRows> out;
  for (const size_t file : files) out.push_back({file, FileRows::Which::kLive, nullptr});
  return out;
}

std::vector<ExprPtr> Conjuncts(const ExprPtr& condition) {
  std::vector<ExprPtr> out;
  if (condition != nullptr) Flatten(condition, &out);
  return out;
}

ExprPtr Conjunction(const std::vector<ExprPtr>& parts) {
  if (parts.empty()) return nullptr;
  if (parts.size() == 1) return parts[0];
  return engine::MakeCall("and", parts, types::TypeId::kBoolean, true);
}

Result<FileSelection> SelectFiles(engine::Engine* engine, const SnapshotScan& scan, const ExprPtr& condition,
                                  delta::Transaction* txn) {
  FileSelection out;
  const auto& files = scan.snapshot().files();
  for (size_t i = 0; i < files.size(); i++) out.files.push_back(i);
  std::vector<ExprPtr> of_partitions, of_data;
  for (const ExprPtr& part : Conjuncts(condition)) {
    (UsesOnly(part, scan.partition_ids()) ? of_partitions : of_data).push_back(part);
  }
  out.whole_files = of_data.empty();
  if (of_partitions.empty()) {
    txn->ReadPartitions([](const delta::PartitionValues&) { return true; });
  } else {
    const ExprPtr matches = Conjunction(of_partitions);
    ASSIGN_OR_RETURN(out.files, KeepPartitions(engine, scan, matches));
    txn->ReadPartitions([engine, scan, matches](const delta::PartitionValues& values) {
      const auto kept = MatchingPartitions(engine, scan, matches, {values});
      return !kept.ok() || !kept->empty();  // on doubt it was read
    });
  }
  if (!of_data.empty()) {
    delta::FileSkipper skipper(
        catalog::FilePredicate(Conjunction(of_data), [&](engine::ColumnId id) { return scan.DataColumn(id); }), {});
    std::erase_if(out.files, [&](size_t i) { return !skipper.KeepFile(files[i].stats, {}); });
  }
  for (const size_t i : out.files) txn->ReadFile(files[i]);
  return out;
}

}  // namespace deltic::spark::command
