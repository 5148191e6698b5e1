// The functions that Spark has and this server refuses by name. Immutable; thread-safe.
#pragma once

#include <span>
#include <string_view>

#include "base/status.h"

namespace deltic::spark::functions {

struct RefusedFunction {
  std::string_view name;  // lower case
  std::string_view why;
};
std::span<const RefusedFunction> RefusedFunctions();
// UNSUPPORTED_FEATURE with the reason when the function is refused; OK when it is not one of those.
Status CheckRefused(std::string_view name);

}  // namespace deltic::spark::functions
