#include "delta/spec/properties.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>

#include "delta/spec/column_mapping.h"

namespace deltic::delta {
namespace {

constexpr std::string_view kBoolText = "needs to be a boolean.";
constexpr std::string_view kIntervalText =
    "needs to be provided as a calendar interval such as '2 weeks'. Months and years are not accepted. You may "
    "specify '365 days' for a year instead.";

// Setting them would promise what is not done here: commits through a coordinator, Iceberg's or Hudi's metadata. A
// table that has them so can no longer be opened, or written, by delta-spark.
constexpr std::string_view kRefused[] = {
    "delta.coordinatedCommits.commitCoordinator-preview", "delta.coordinatedCommits.commitCoordinatorConf-preview",
    "delta.coordinatedCommits.tableConf-preview", "delta.universalFormat.enabledFormats"};

bool ParseWhole(std::string_view text, int64_t* out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *out);
  return error == std::errc() && end == text.data() + text.size();
}

bool IsChoice(std::string_view choices, const std::string& value) {
  size_t start = 0;
  while (start <= choices.size()) {
    const size_t comma = std::min(choices.find(',', start), choices.size());
    if (types::EqualsIgnoreCase(choices.substr(start, comma - start), value)) return true;
    start = comma + 1;
  }
  return false;
}

bool IsValid(const Property& property, const std::string& value) {
  int64_t number = 0;
  switch (property.type) {
    case PropertyType::kBool: return types::EqualsIgnoreCase(value, "true") || types::EqualsIgnoreCase(value, "false");
    case PropertyType::kPositiveInt:
      return ParseWhole(value, &number) && number > 0 && number <= std::numeric_limits<int32_t>::max();
    case PropertyType::kIntFromMinusOne:
      return ParseWhole(value, &number) && number >= -1 && number <= std::numeric_limits<int32_t>::max();
    case PropertyType::kLong: return ParseWhole(value, &number) && number >= 0;
    case PropertyType::kInterval: return ParseDurationMs(value).ok();
    case PropertyType::kText: return true;
    case PropertyType::kChoice: return IsChoice(property.choices, value);
  }
  return false;
}

// Milliseconds of one unit word; 0 when unknown.
double UnitMs(std::string_view unit) {
  if (unit.ends_with('s') && unit.size() > 2) unit.remove_suffix(1);
  if (unit == "week") return 7.0 * 86400000;
  if (unit == "day") return 86400000;
  if (unit == "hour") return 3600000;
  if (unit == "minute") return 60000;
  if (unit == "second") return 1000;
  if (unit == "millisecond") return 1;
  if (unit == "microsecond") return 0.001;
  return 0;
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n') {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else {
      word.push_back(c);
    }
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

}  // namespace

const std::vector<Property>& Properties() {
  using enum PropertyType;
  static const std::vector<Property> properties = {
      {"delta.appendOnly", kBool, "false", "", kBoolText, "Rows may be added, not changed or removed."},
      {"delta.enableChangeDataFeed", kBool, "false", "", kBoolText, "Record row-level changes of every commit."},
      {"delta.enableChangeDataCapture", kBool, "false", "", kBoolText, "Old name of delta.enableChangeDataFeed."},
      {"delta.enableDeletionVectors", kBool, "false", "", kBoolText, "Deletes may only mark rows."},
      {"delta.enableRowTracking", kBool, "false", "", kBoolText, "Rows keep stable identifiers."},
      {"delta.enableVariantShredding", kBool, "false", "", kBoolText, "Variants may be stored in parts."},
      {"delta.enableTypeWidening", kBool, "false", "", kBoolText, "Column types may be widened in place."},
      {"delta.enableInCommitTimestamps", kBool, "false", "", kBoolText, "Commit times are stored in the commits."},
      {"delta.inCommitTimestampEnablementVersion", kLong, "", "", "needs to be a version.",
       "First version with an in-commit timestamp."},
      {"delta.inCommitTimestampEnablementTimestamp", kLong, "", "", "needs to be a timestamp.",
       "In-commit timestamp of that version."},
      {"delta.enableIcebergCompatV1", kBool, "false", "", kBoolText, "Keep data files readable as Iceberg v1."},
      {"delta.enableIcebergCompatV2", kBool, "false", "", kBoolText, "Keep data files readable as Iceberg v2."},
      {"delta.universalFormat.enabledFormats", kText, "", "", "", "Refused: only Delta's metadata is written."},
      {"delta.columnMapping.mode", kChoice, "none", "none,name,id", "needs to be one of none, name, id.",
       "How columns are found in data files."},
      {"delta.columnMapping.maxColumnId", kLong, "0", "", "", "Highest column id given out.", false},
      {"delta.checkpointInterval", kPositiveInt, "10", "", "needs to be a positive integer.",
       "Commits between checkpoints."},
      {"delta.checkpointPolicy", kChoice, "classic", "classic,v2", "can be 'classic' or 'v2'.", "Checkpoint format."},
      {"delta.checkpoint.writeStatsAsJson", kBool, "true", "", kBoolText, "Checkpoints hold stats as JSON."},
      {"delta.checkpoint.writeStatsAsStruct", kBool, "true", "", kBoolText, "Checkpoints hold stats as columns."},
      {"delta.checkpointRetentionDuration", kInterval, "interval 2 days", "", kIntervalText, "Age of old checkpoints."},
      {"delta.logRetentionDuration", kInterval, "interval 30 days", "", kIntervalText, "Age of old commits."},
      {"delta.enableExpiredLogCleanup", kBool, "true", "", kBoolText, "Old commits are removed."},
      {"delta.enableFullRetentionRollback", kBool, "true", "", kBoolText,
       "Recorded; log files are kept for their whole retention."},
      {"delta.dropFeatureTruncateHistory.retentionDuration", kInterval, "interval 24 hours", "", kIntervalText,
       "History kept when a feature is dropped with truncation."},
      {"delta.deletedFileRetentionDuration", kInterval, "interval 1 week", "", kIntervalText,
       "Age at which removed files may be vacuumed."},
      {"delta.setTransactionRetentionDuration", kInterval, "", "", kIntervalText, "Age of application transactions."},
      {"delta.sampleRetentionDuration", kInterval, "interval 7 days", "", kIntervalText, "Recorded."},
      {"delta.requireCheckpointProtectionBeforeVersion", kLong, "0", "", "needs to be greater or equal to zero.",
       "History before this version must be kept whole."},
      {"delta.dataSkippingNumIndexedCols", kIntFromMinusOne, "32", "", "needs to be larger than or equal to -1.",
       "Leading columns with statistics."},
      {"delta.dataSkippingStatsColumns", kText, "", "", "needs to be a comma-separated list of columns.",
       "Columns with statistics."},
      {"delta.dataSkippingStringPrefixLength", kPositiveInt, "32", "", "needs to be greater than 0.",
       "Recorded; string statistics keep 32 characters."},
      {"delta.isolationLevel", kChoice, "Serializable", "Serializable", "must be Serializable", "Isolation of writes."},
      {"delta.randomizeFilePrefixes", kBool, "false", "", kBoolText,
       "Recorded; data files lie in their partition's directory."},
      {"delta.randomPrefixLength", kPositiveInt, "2", "", "needs to be greater than 0.", "Recorded."},
      {"delta.autoOptimize", kBool, "", "", kBoolText, "Old switch of the two below."},
      {"delta.autoOptimize.autoCompact", kText, "", "", "", "Compact small files after writes."},
      {"delta.autoOptimize.optimizeWrite", kBool, "", "", kBoolText,
       "Recorded: a write makes one file per partition anyway."},
      {"delta.targetFileSize", kText, "", "", "", "Recorded; see spark.databricks.delta.optimize.maxFileSize."},
      {"delta.tuneFileSizesForRewrites", kBool, "", "", kBoolText, "Recorded."},
      {"delta.compatibility.symlinkFormatManifest.enabled", kBool, "false", "", kBoolText, "Write manifests."},
      {"delta.rowTracking.materializedRowIdColumnName", kText, "", "", "", "Column of stored row ids.", false},
      {"delta.rowTracking.materializedRowCommitVersionColumnName", kText, "", "", "",
       "Column of stored row commit versions.", false},
      {"delta.coordinatedCommits.commitCoordinator-preview", kText, "", "", "",
       "Refused: commits go to the table's own log."},
      {"delta.coordinatedCommits.commitCoordinatorConf-preview", kText, "", "", "", "Refused."},
      {"delta.coordinatedCommits.tableConf-preview", kText, "", "", "", "Refused."},
      {"delta.minReaderVersion", kPositiveInt, "", "", "needs to be one of 1, 2, 3.", "Protocol version for readers."},
      {"delta.minWriterVersion", kPositiveInt, "", "", "needs to be one of 1, 2, 3, 4, 5, 6, 7.",
       "Protocol version for writers."},
      {"delta.ignoreProtocolDefaults", kBool, "false", "", kBoolText, "Create with the lowest protocol."},
  };
  return properties;
}

const Property* FindProperty(std::string_view key) {
  for (const auto& property : Properties()) {
    if (types::EqualsIgnoreCase(property.key, key)) return &property;
  }
  return nullptr;
}

std::string PropertyOf(const Metadata& metadata, std::string_view key) {
  const auto it = metadata.configuration.find(std::string(key));
  if (it != metadata.configuration.end()) return it->second;
  if (key == "delta.enableChangeDataFeed") return PropertyOf(metadata, "delta.enableChangeDataCapture");
  const Property* property = FindProperty(key);
  return property == nullptr ? std::string() : std::string(property->default_value);
}

bool BoolProperty(const Metadata& metadata, std::string_view key) {
  return types::EqualsIgnoreCase(PropertyOf(metadata, key), "true");
}

int64_t IntProperty(const Metadata& metadata, std::string_view key) {
  int64_t number = 0;
  if (ParseWhole(PropertyOf(metadata, key), &number)) return number;
  const Property* property = FindProperty(key);
  number = 0;
  if (property != nullptr) ParseWhole(property->default_value, &number);
  return number;
}

int64_t DurationPropertyMs(const Metadata& metadata, std::string_view key) {
  auto parsed = ParseDurationMs(PropertyOf(metadata, key));
  if (parsed.ok()) return *parsed;
  const Property* property = FindProperty(key);
  if (property == nullptr) return 0;
  parsed = ParseDurationMs(property->default_value);
  return parsed.ok() ? *parsed : 0;
}

Result<int64_t> ParseDurationMs(std::string_view text) {
  const auto bad = [&] {
    return Error("INVALID_INTERVAL_FORMAT", {{"input", std::string(text)}},
                 "'" + std::string(text) + "' " + std::string(kIntervalText));
  };
  std::vector<std::string> words = Words(types::ToLower(text));
  if (!words.empty() && words[0] == "interval") words.erase(words.begin());
  if (words.empty() || words.size() % 2 != 0) return bad();
  double total = 0;
  for (size_t i = 0; i < words.size(); i += 2) {
    char* end = nullptr;
    const double amount = std::strtod(words[i].c_str(), &end);
    const double unit = UnitMs(words[i + 1]);
    if (end == words[i].c_str() || *end != '\0' || unit == 0) return bad();
    total += amount * unit;
  }
  if (!(total >= 0) || total > 9.0e18) return bad();
  return static_cast<int64_t>(total);
}

Result<std::string> ValidateProperty(const std::string& key, const std::string& value, bool allow_arbitrary) {
  const std::string lower = types::ToLower(key);
  if (!lower.starts_with("delta.") || lower.starts_with("delta.constraints.")) return key;
  if (lower.starts_with("delta.feature.")) return lower;
  const Property* property = FindProperty(key);
  if (property == nullptr) {
    if (lower.starts_with("delta.universalformat.config.")) return lower;
    if (allow_arbitrary) return key;
    // delta-spark's one parameter is the setting; its text has both.
    const std::string setting = "spark.databricks.delta.allowArbitraryProperties.enabled";
    return Error("DELTA_UNKNOWN_CONFIGURATION", {{"config", setting}},
                 "Unknown configuration was specified: " + key + "\nTo disable this check, set " + setting +
                     "=true in the Spark session configuration.");
  }
  if (!property->user_settable) {
    return Error("DELTA_CANNOT_MODIFY_TABLE_PROPERTY", {{"prop", key}});
  }
  if (!value.empty() && std::find(std::begin(kRefused), std::end(kRefused), property->key) != std::end(kRefused)) {
    return Unsupported("the table property " + std::string(property->key));
  }
  if (!IsValid(*property, value)) {
    if (property->key == "delta.columnMapping.mode") return UnsupportedMappingMode(types::ToLower(value));
    return Error(
        "_INVALID_TABLE_PROPERTY_VALUE",
        {{"key", std::string(property->key)}, {"value", value}, {"requirement", std::string(property->requirement)}},
        "requirement failed: " + std::string(property->key) + " " + std::string(property->requirement));
  }
  return std::string(property->key);
}

Result<std::map<std::string, std::string>> ValidateProperties(const std::map<std::string, std::string>& properties,
                                                              bool allow_arbitrary) {
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : properties) {
    ASSIGN_OR_RETURN(std::string canonical, ValidateProperty(key, value, allow_arbitrary));
    out[canonical] = value;
  }
  return out;
}

}  // namespace deltic::delta
