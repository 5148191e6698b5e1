// Spark's UpCastRule: the casts that lose nothing. A pure function, thread-safe.
#pragma once

#include "types/data_type.h"

namespace deltic::spark::functions {

// Whether every value of `from` is one of `to` (or a text of it):
// org.apache.spark.sql.catalyst.expressions.Cast.canUpCast.
bool CanUpCast(const types::DataType& from, const types::DataType& to);

}  // namespace deltic::spark::functions
