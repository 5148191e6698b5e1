#include "spark/command/merge_clauses.h"

#include <algorithm>

namespace deltic::spark::command {
namespace {

using engine::ExprPtr;
using types::TypeId;
using Action = ResolvedMergeClause::Action;

}  // namespace

bool IsUnconditional(const MergeClauses& clauses) { return !clauses.empty() && clauses[0].condition == nullptr; }

bool HasAction(const MergeClauses& clauses, Action action) {
  return std::any_of(clauses.begin(), clauses.end(), [&](const auto& clause) { return clause.action == action; });
}

ExprPtr FirstClause(const MergeClauses& clauses, int64_t first) {
  if (clauses.empty()) return engine::MakeLong(-1);
  if (IsUnconditional(clauses)) return engine::MakeLong(first);
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  ExprPtr otherwise = engine::MakeLong(-1);
  for (size_t i = 0; i < clauses.size(); i++) {
    const ExprPtr number = engine::MakeLong(first + static_cast<int64_t>(i));
    if (clauses[i].condition == nullptr) {
      otherwise = number;
      break;
    }
    branches.emplace_back(clauses[i].condition, number);
  }
  return std::make_shared<engine::Case>(std::move(branches), otherwise, TypeId::kLong, false);
}

ExprPtr DoesAction(const MergeClauses& clauses, Action action, const ExprPtr& which, int64_t first) {
  std::vector<ExprPtr> args{which};
  for (size_t i = 0; i < clauses.size(); i++) {
    if (clauses[i].action == action) args.push_back(engine::MakeLong(first + static_cast<int64_t>(i)));
  }
  if (args.size() == 1) return engine::MakeBool(false);
  return engine::MakeCall("in", std::move(args), TypeId::kBoolean, true);
}

std::vector<ExprPtr> ValuesOf(const MergeClauses& clauses, Action action, const ExprPtr& which) {
  std::vector<std::pair<size_t, const ResolvedMergeClause*>> doing;
  for (size_t i = 0; i < clauses.size(); i++) {
    if (clauses[i].action == action) doing.emplace_back(i, &clauses[i]);
  }
  std::vector<ExprPtr> out = doing.back().second->values;
  for (size_t column = 0; column < out.size() && doing.size() > 1; column++) {
    std::vector<std::pair<ExprPtr, ExprPtr>> branches;
    for (size_t i = 0; i + 1 < doing.size(); i++) {
      branches.emplace_back(engine::MakeCall("=", {which, engine::MakeLong(static_cast<int64_t>(doing[i].first))},
                                             TypeId::kBoolean, true),
                            doing[i].second->values[column]);
    }
    const types::DataType type = out[column]->type;
    out[column] = std::make_shared<engine::Case>(std::move(branches), out[column], type, true);
  }
  return out;
}

}  // namespace deltic::spark::command
