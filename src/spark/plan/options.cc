#include "spark/plan/relation_source.h"

namespace deltic::spark::plan {

std::optional<std::string> FindOption(const Options& options, std::string_view name) {
  for (const auto& [key, value] : options) {
    if (types::EqualsIgnoreCase(key, name)) return value;
  }
  return std::nullopt;
}

bool FindFlag(const Options& options, std::string_view name, bool fallback) {
  const auto value = FindOption(options, name);
  return value.has_value() ? types::EqualsIgnoreCase(*value, "true") : fallback;
}

}  // namespace deltic::spark::plan
