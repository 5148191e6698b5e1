// The leaf of a streaming query: where its rows come from, without any rows. Queries that run have none;
// spark/streaming puts the rows of one micro-batch in its place. Immutable, shared, thread-safe.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/plan/relation.h"

namespace deltic::engine {

// A source as the user described it.
struct StreamSpec {
  std::string format;  // lower case: delta, rate, csv, …
  std::string path;    // qualified location; empty: the source has none
  std::vector<std::pair<std::string, std::string>> options;
  std::string schema;   // of file sources, JSON
  std::string display;  // in messages: the format, or the table's name
};

struct StreamRel : Rel {
  StreamRel(std::vector<Column> o, std::shared_ptr<const StreamSpec> s)
      : Rel(RelKind::kStream, std::move(o)), spec(std::move(s)) {}
  std::shared_ptr<const StreamSpec> spec;
  int index = -1;  // which source of a started query, from the left
};

}  // namespace deltic::engine
