// CREATE TABLE … CLUSTERED BY … INTO n BUCKETS or PARTITIONED BY (days(d)): a table that the formats here do not have.
// It is checked as the CreateTable that it also is, then refused. Immutable, shared.
#pragma once

#include "spark/plan/table_ddl.h"

namespace deltic::spark::plan {

struct LaidOutTable : CreateTable {
  bool bucketed = false;
  bool transformed = false;  // partition_by then lacks what is no column
};

}  // namespace deltic::spark::plan
