// Settings that take less than their types do: the checks of Spark's SQLConf and Delta's DeltaSQLConf.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

#include "spark/session/config_rows.h"
#include "types/data_type.h"

namespace deltic::spark::session {
namespace {

constexpr double kNoMost = std::numeric_limits<double>::max();
constexpr double kMostInt = std::numeric_limits<int32_t>::max();

struct Limit {
  std::string_view key;
  // One of these, separated by commas, in any case; empty: a number.
  std::string_view options;
  double least = 0;
  double most = kNoMost;
  std::string_view requirement;
};

constexpr Limit Choice(std::string_view key, std::string_view options) { return {key, options, 0, 0, {}}; }
constexpr Limit Positive(std::string_view key, std::string_view requirement) {
  return {key, {}, 1, kNoMost, requirement};
}
constexpr Limit NotNegative(std::string_view key, std::string_view requirement) {
  return {key, {}, 0, kNoMost, requirement};
}

constexpr Limit kLimits[] = {
    Choice("spark.sql.timestampType", "TIMESTAMP_LTZ, TIMESTAMP_NTZ"),
    Choice("spark.sql.sources.partitionOverwriteMode", "DYNAMIC, STATIC"),
    Choice("spark.sql.storeAssignmentPolicy", "ANSI, LEGACY, STRICT"),
    Choice("spark.sql.legacy.timeParserPolicy", "CORRECTED, EXCEPTION, LEGACY"),
    Choice("spark.sql.mapKeyDedupPolicy", "EXCEPTION, LAST_WIN"),
    Choice("spark.sql.parquet.compression.codec",
           "brotli, uncompressed, lz4, gzip, lzo, lz4raw, snappy, lz4_raw, none, zstd"),
    {"spark.sql.shuffle.partitions", {}, 1, kMostInt, "The value of spark.sql.shuffle.partitions must be positive"},
    {"spark.sql.leafNodeDefaultParallelism",
     {},
     1,
     kMostInt,
     "The value of spark.sql.leafNodeDefaultParallelism must be positive."},
    NotNegative("spark.sql.maxPlanStringLength",
                "Invalid value for 'spark.sql.maxPlanStringLength'.  Length must be a valid string length (nonnegative "
                "and shorter than the maximum size)."),
    Positive("spark.databricks.delta.snapshotPartitions", "Delta snapshot partition number must be positive."),
    NotNegative("spark.databricks.delta.autoCompact.maxFileSize", "maxFileSize has to be positive"),
    NotNegative("spark.databricks.delta.autoCompact.minFileSize", "minFileSize has to be positive"),
    NotNegative("spark.databricks.delta.autoCompact.minNumFiles", "minNumFiles has to be positive"),
    NotNegative("spark.databricks.delta.maxCommitAttempts", "maxCommitAttempts has to be positive"),
    Positive("spark.databricks.delta.vacuum.parallelDelete.parallelism", "parallelDelete.parallelism must be positive"),
    NotNegative("spark.databricks.delta.stalenessLimit", "Staleness limit cannot be negative"),
    NotNegative("spark.databricks.delta.optimize.minFileSize", "minFileSize has to be positive"),
    NotNegative("spark.databricks.delta.optimize.maxFileSize", "maxFileSize has to be positive"),
    Positive("spark.databricks.delta.optimize.maxThreads", "'optimize.maxThreads' must be positive."),
    Positive("spark.databricks.delta.optimize.batchSize", "batchSize has to be positive"),
    {"spark.databricks.delta.optimize.maxDeletedRowsRatio",
     {},
     0,
     1,
     "maxDeletedRowsRatio must be in range [0.0, 1.0]"},
    NotNegative("spark.databricks.delta.optimize.clustering.mergeStrategy.minCubeSize.threshold",
                "the threshold must be >= 0"),
    NotNegative("spark.databricks.delta.optimize.clustering.mergeStrategy.minCubeSize.targetCubeSize",
                "the target must be >= 0"),
};

bool IsOption(std::string_view options, std::string_view value) {
  while (!options.empty()) {
    const size_t comma = std::min(options.find(", "), options.size());
    if (types::EqualsIgnoreCase(options.substr(0, comma), value)) return true;
    options.remove_prefix(std::min(comma + 2, options.size()));
  }
  return false;
}

std::string Upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::toupper(c); });
  return out;
}

// A plain number, or one with a unit as the row's type has them; nullopt when it is neither.
std::optional<double> NumberOf(const ConfRow& row, std::string_view text) {
  const auto as_double = [](const std::optional<int64_t>& number) {
    return number.has_value() ? std::optional(static_cast<double>(*number)) : std::nullopt;
  };
  if (row.type == ConfRow::Type::kTimeMs) return as_double(ParseDurationMs(text));
  if (row.type == ConfRow::Type::kBytes || row.key.ends_with(".batchSize")) return as_double(ParseByteSize(text));
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Status CheckConfLimits(const ConfRow& row, std::string_view value) {
  const auto* limit =
      std::find_if(std::begin(kLimits), std::end(kLimits), [&](const Limit& l) { return l.key == row.key; });
  if (limit == std::end(kLimits)) return Status::Ok();
  const std::string key(row.key);
  if (!limit->options.empty()) {
    if (IsOption(limit->options, value)) return Status::Ok();
    return Error("INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS",
                 {{"confName", key},
                  {"confValue", std::isupper(limit->options[0]) != 0 ? Upper(value) : types::ToLower(value)},
                  {"confOptions", std::string(limit->options)}});
  }
  const auto number = NumberOf(row, value);
  if (!number.has_value() || (limit->most == kMostInt && *number > kMostInt)) {
    const char* type = limit->most == 1 ? "double" : "int";
    return Error("INVALID_CONF_VALUE.TYPE_MISMATCH",
                 {{"confName", key}, {"confValue", std::string(value)}, {"confType", type}});
  }
  if (*number >= limit->least && *number <= limit->most) return Status::Ok();
  return Error(
      "INVALID_CONF_VALUE.REQUIREMENT",
      {{"confName", key}, {"confValue", std::string(value)}, {"confRequirement", std::string(limit->requirement)}});
}

}  // namespace deltic::spark::session
