// get_json_object's paths: $.name, ['name'], [n], [*], .* with Hive's rules for wildcards, as Spark has them.
// Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/functions/json_value.h"

namespace deltic::engine::functions {

// The text at the path; nullopt: bad path or no match.
std::optional<std::string> EvaluateJsonPath(const JsonValue& root, std::string_view path);

}  // namespace deltic::engine::functions
