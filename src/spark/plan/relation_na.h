// Relations of DataFrame.na: fill, drop, replace. Immutable, shared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spark/plan/relation_source.h"

namespace deltic::spark::plan {

struct NaFill : Relation {
  explicit NaFill(RelationPtr c) : Relation(RelationKind::kNaFill), child(std::move(c)) {}
  RelationPtr child;
  std::vector<std::string> columns;
  std::vector<ExpressionPtr> values;  // literals: one for all, or one per column
};

struct NaDrop : Relation {
  explicit NaDrop(RelationPtr c) : Relation(RelationKind::kNaDrop), child(std::move(c)) {}
  RelationPtr child;
  std::vector<std::string> columns;
  std::optional<int32_t> min_non_nulls;  // nullopt: all (how='any')
};

struct NaReplace : Relation {
  explicit NaReplace(RelationPtr c) : Relation(RelationKind::kNaReplace), child(std::move(c)) {}
  RelationPtr child;
  std::vector<std::string> columns;
  std::vector<std::pair<ExpressionPtr, ExpressionPtr>> replacements;
};

}  // namespace deltic::spark::plan
