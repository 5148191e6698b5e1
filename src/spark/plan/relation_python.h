// Relations that Python functions make: mapInPandas, mapInArrow, applyInPandas, applyInArrow. Immutable, shared.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "engine/plan/python.h"
#include "spark/plan/relation_source.h"

namespace deltic::spark::plan {

struct MapPartitions : Relation {  // mapInPandas, mapInArrow
  MapPartitions(RelationPtr c, std::shared_ptr<const engine::PythonFunction> f)
      : Relation(RelationKind::kMapPartitions), child(std::move(c)), function(std::move(f)) {}
  RelationPtr child;
  std::shared_ptr<const engine::PythonFunction> function;
};

struct GroupMap : Relation {  // groupBy(…).applyInPandas, applyInArrow
  GroupMap(RelationPtr c, std::vector<ExpressionPtr> g, std::shared_ptr<const engine::PythonFunction> f)
      : Relation(RelationKind::kGroupMap), child(std::move(c)), groups(std::move(g)), function(std::move(f)) {}
  RelationPtr child;
  std::vector<ExpressionPtr> groups;
  std::shared_ptr<const engine::PythonFunction> function;
};

}  // namespace deltic::spark::plan
