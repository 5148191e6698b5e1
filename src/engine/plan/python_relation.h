// The relation that Python functions make of another one. Immutable, shared, thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/plan/python.h"
#include "engine/plan/relation.h"

namespace deltic::engine {

// Rows that Python functions make of the child's. kPerRow: the child's columns, then one column per result. kPerGroup:
// as kPerRow with one row per group, whose other columns are those of the group's first row. kReplace: results alone.
struct PythonRel : Rel {
  enum class Shape : uint8_t { kPerRow, kPerGroup, kReplace };
  PythonRel(RelPtr c, std::vector<Column> o, Shape s, std::vector<int> i, std::shared_ptr<const BatchTransform> t)
      : Rel(RelKind::kPython, std::move(o)),
        child(std::move(c)),
        shape(s),
        inputs(std::move(i)),
        transform(std::move(t)) {}
  RelPtr child;  // sorted by group where the task is grouped
  Shape shape;
  std::vector<int> inputs;  // columns of the child that the functions see, in the task's order
  std::shared_ptr<const BatchTransform> transform;
};

}  // namespace deltic::engine
