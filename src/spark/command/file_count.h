// How many files a query wants its rows written to. Pure function; thread-safe.
#pragma once

#include "spark/plan/relation_source.h"

namespace deltic::spark::command {

// n of a repartition(n) without columns that ends the query or is followed only by what keeps the parts; 0: none, or
// more than the writer keeps open at once.
int FilesAskedFor(const plan::RelationPtr& query);

}  // namespace deltic::spark::command
