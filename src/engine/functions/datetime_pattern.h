// Spark's datetime patterns (java.time.format.DateTimeFormatter as Spark restricts it): formatting and parsing.
// A compiled pattern is immutable; thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace deltic::engine::functions {

// A local date-time with the offset in force, as formatting needs it.
struct LocalTime {
  int64_t local_micros = 0;
  int64_t offset_seconds = 0;
  std::string_view zone_id;
  std::string_view abbreviation;  // short zone name; only for patterns that need_zone_name()
};

struct ParsedTime {
  int64_t local_micros = 0;
  std::optional<int64_t> offset_seconds;  // an offset in the text
  std::string zone_id;                    // a zone in the text; empty: none
};

class DatetimePattern {
 public:
  // Fails as Spark does: INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION or an illegal argument.
  static Result<std::shared_ptr<const DatetimePattern>> Compile(std::string_view pattern, bool parsing);
  std::string Format(const LocalTime& time) const;
  bool need_zone_name() const { return need_zone_name_; }
  // Strict parse of the whole text. nullopt: no match.
  std::optional<ParsedTime> Parse(std::string_view text) const;
  // Would Spark 2's SimpleDateFormat have read it? (Spark then reports the change instead of NULL.)
  bool LegacyParses(std::string_view text) const;

  struct Item {
    char letter = 0;  // pattern letter; 0: literal text; '[' ']': optional section
    int count = 0;
    std::string literal;
  };

 private:
  std::vector<Item> items_;
  bool need_zone_name_ = false;
};

// The compiled pattern from a bounded per-thread cache; throws (ThrowStatus) what Compile reports.
const DatetimePattern& CachedPattern(std::string_view pattern, bool parsing);

}  // namespace deltic::engine::functions
