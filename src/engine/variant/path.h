// The paths of variant_get: $ and then .name, ['name'], ["name"] and [n]. Values; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/variant/encoding.h"

namespace deltic::engine::variant {

struct PathSegment {
  bool is_key = false;
  std::string key;
  size_t index = 0;
};
using Path = std::vector<PathSegment>;

// Nullopt: no path.
std::optional<Path> ParsePath(std::string_view text);
// Nullopt: there is nothing.
std::optional<VariantView> Follow(const VariantView& root, const Path& path);

}  // namespace deltic::engine::variant
