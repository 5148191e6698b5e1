// The relation that only streaming queries have: withWatermark. Immutable, shared.
#pragma once

#include <string>
#include <utility>

#include "spark/plan/relation_source.h"

namespace deltic::spark::plan {

struct Watermark : Relation {  // df.withWatermark(event_time, delay)
  Watermark(RelationPtr c, std::string e, std::string d)
      : Relation(RelationKind::kWatermark), child(std::move(c)), event_time(std::move(e)), delay(std::move(d)) {}
  RelationPtr child;
  std::string event_time;  // a column name
  std::string delay;       // an interval as text
};

}  // namespace deltic::spark::plan
