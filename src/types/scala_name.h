// A type as Scala prints it, e.g. "ArrayType(IntegerType,true)": some messages of Spark and Delta name types so.
// Pure function.
#pragma once

#include <string>

#include "types/data_type.h"

namespace deltic::types {

std::string ScalaName(const DataType& type);

}  // namespace deltic::types
