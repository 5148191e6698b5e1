// The one table of Delta table properties: key, type, default, meaning (delta-spark DeltaConfig.scala). Constant data
// and pure functions; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "delta/spec/actions.h"

namespace deltic::delta {

enum class PropertyType : uint8_t { kBool, kPositiveInt, kIntFromMinusOne, kLong, kInterval, kText, kChoice };

struct Property {
  std::string_view key;  // with the "delta." prefix, in its canonical case
  PropertyType type = PropertyType::kText;
  std::string_view default_value;
  std::string_view choices;      // kChoice: comma-separated, case-insensitive
  std::string_view requirement;  // what delta-spark says a value must be
  std::string_view doc;
  bool user_settable = true;
};

const std::vector<Property>& Properties();
const Property* FindProperty(std::string_view key);  // case-insensitive; null when unknown

// Value of a property of a table, or its default, or "".
std::string PropertyOf(const Metadata& metadata, std::string_view key);
bool BoolProperty(const Metadata& metadata, std::string_view key);
int64_t IntProperty(const Metadata& metadata, std::string_view key);
// A duration property in milliseconds.
int64_t DurationPropertyMs(const Metadata& metadata, std::string_view key);

// Checks one property a user sets and gives the key its canonical case. DELTA_UNKNOWN_CONFIGURATION for an unknown
// "delta." key unless `allow_arbitrary`; a bad value is refused naming key and requirement. Keys without the prefix,
// CHECK constraints and delta.feature.* pass.
Result<std::string> ValidateProperty(const std::string& key, const std::string& value, bool allow_arbitrary = false);
// All of a CREATE TABLE or ALTER TABLE … SET TBLPROPERTIES.
Result<std::map<std::string, std::string>> ValidateProperties(const std::map<std::string, std::string>& properties,
                                                              bool allow_arbitrary = false);

// "interval 1 week", "30 days 12 hours", "90 minutes" → milliseconds. Months and years are refused.
Result<int64_t> ParseDurationMs(std::string_view text);

}  // namespace deltic::delta
