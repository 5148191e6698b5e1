// The one table of the options of Delta reads and writes: what each does, for documentation. Their values are read with
// FindOption where they are used. Constant data; thread-safe.
#pragma once

#include <span>
#include <string_view>

namespace deltic::spark::plan {

enum class OptionUse : uint8_t { kRead, kWrite };

struct OptionRow {
  std::string_view name;  // case does not matter
  OptionUse use;
  std::string_view default_value;
  std::string_view doc;
};

std::span<const OptionRow> DeltaOptions();

}  // namespace deltic::spark::plan
