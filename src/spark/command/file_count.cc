#include "spark/command/file_count.h"

#include <optional>

#include "spark/plan/relation.h"

namespace deltic::spark::command {
namespace {

constexpr int kMostFiles = 64;  // engine/file_group.h
constexpr int kMaxDepth = 64;

// Of REPARTITION(n); nullopt: another hint.
std::optional<int> HintedFiles(const plan::Hint& hint) {
  if (!types::EqualsIgnoreCase(hint.name, "REPARTITION") && !types::EqualsIgnoreCase(hint.name, "COALESCE"))
    return std::nullopt;
  if (types::EqualsIgnoreCase(hint.name, "COALESCE") || hint.parameters.size() != 1) return 0;
  if (hint.parameters[0]->kind != plan::ExpressionKind::kLiteral) return 0;
  const auto* count = std::get_if<int64_t>(&hint.parameters[0]->As<plan::Literal>().value.v);
  return count != nullptr && *count > 0 && *count <= kMostFiles ? static_cast<int>(*count) : 0;
}

}  // namespace

int FilesAskedFor(const plan::RelationPtr& query) {
  plan::RelationPtr at = query;
  for (int depth = 0; at != nullptr && depth < kMaxDepth; depth++) {
    switch (at->kind) {
      case plan::RelationKind::kProject: at = at->As<plan::Project>().child; break;
      case plan::RelationKind::kFilter: at = at->As<plan::Filter>().child; break;
      case plan::RelationKind::kSubqueryAlias: at = at->As<plan::SubqueryAlias>().child; break;
      case plan::RelationKind::kToDf: at = at->As<plan::ToDf>().child; break;
      case plan::RelationKind::kSort:
        if (at->As<plan::Sort>().global) return 0;
        at = at->As<plan::Sort>().child;
        break;
      case plan::RelationKind::kHint:
        if (const auto files = HintedFiles(at->As<plan::Hint>())) return *files;
        at = at->As<plan::Hint>().child;
        break;
      case plan::RelationKind::kRepartition: {
        const auto& repartition = at->As<plan::Repartition>();
        const bool known = repartition.exprs.empty() && repartition.partitions <= kMostFiles;
        return known ? repartition.partitions : 0;
      }
      default: return 0;
    }
  }
  return 0;
}

}  // namespace deltic::spark::command
