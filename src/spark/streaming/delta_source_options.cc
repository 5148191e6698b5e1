#include "spark/streaming/delta_source_options.h"

#include <charconv>

#include "spark/session/runtime_conf.h"

namespace deltic::spark::streaming {
namespace {

Status Illegal(const std::string& name, const std::string& value, const std::string& explain) {
  return Error("DELTA_ILLEGAL_OPTION", {{"input", value}, {"name", name}, {"explain", explain}});
}

Status ReadFlag(const plan::Options& options, const char* name, bool* out) {
  const auto text = plan::FindOption(options, name);
  if (!text.has_value()) return Status::Ok();
  const bool yes = types::EqualsIgnoreCase(*text, "true");
  if (!yes && !types::EqualsIgnoreCase(*text, "false")) return Illegal(name, *text, "must be 'true' or 'false'");
  *out = yes;
  return Status::Ok();
}

std::optional<int64_t> Number(const std::string& text) {
  int64_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

Status ReadLimits(const plan::Options& options, DeltaSourceOptions* out) {
  if (const auto text = plan::FindOption(options, "maxFilesPerTrigger")) {
    out->max_files = Number(*text);
    if (out->max_files.value_or(0) <= 0 || *out->max_files > INT32_MAX) {
      return Illegal("maxFilesPerTrigger", *text, "must be a positive integer");
    }
  }
  if (const auto text = plan::FindOption(options, "maxBytesPerTrigger")) {
    out->max_bytes = session::ParseByteSize(*text);
    if (out->max_bytes.value_or(0) <= 0) {
      return Illegal("maxBytesPerTrigger", *text, "must be a size configuration such as '10g'");
    }
  }
  return Status::Ok();
}

Status ReadStart(const plan::Options& options, DeltaSourceOptions* out) {
  out->starting_timestamp = plan::FindOption(options, "startingTimestamp");
  if (const auto text = plan::FindOption(options, "startingVersion")) {
    if (*text == "latest") {
      out->starts_at_latest = true;
    } else {
      out->starting_version = Number(*text);
      if (out->starting_version.value_or(-1) < 0) {
        return Illegal("startingVersion", *text, "must be greater than or equal to zero");
      }
    }
    if (out->starting_timestamp.has_value()) {
      return Error("DELTA_STARTING_VERSION_AND_TIMESTAMP_BOTH_SET",
                   {{"version", "startingVersion"}, {"timestamp", "startingTimestamp"}});
    }
  }
  return Status::Ok();
}

}  // namespace

Result<DeltaSourceOptions> ParseSourceOptions(const plan::Options& options) {
  DeltaSourceOptions out;
  RETURN_IF_ERROR(ReadLimits(options, &out));
  bool ignore_file_deletion = false;
  bool read_change_data = false;
  RETURN_IF_ERROR(ReadFlag(options, "ignoreFileDeletion", &ignore_file_deletion));
  RETURN_IF_ERROR(ReadFlag(options, "ignoreChanges", &out.ignore_changes));
  RETURN_IF_ERROR(ReadFlag(options, "ignoreDeletes", &out.ignore_deletes));
  RETURN_IF_ERROR(ReadFlag(options, "skipChangeCommits", &out.skip_change_commits));
  RETURN_IF_ERROR(ReadFlag(options, "failOnDataLoss", &out.fail_on_data_loss));
  RETURN_IF_ERROR(ReadFlag(options, "readChangeFeed", &out.read_change_feed));
  RETURN_IF_ERROR(ReadFlag(options, "readChangeData", &read_change_data));
  out.ignore_changes |= ignore_file_deletion;
  out.read_change_feed |= read_change_data;
  if (plan::FindOption(options, "excludeRegex").has_value()) return Unsupported("the option excludeRegex");
  RETURN_IF_ERROR(ReadStart(options, &out));
  return out;
}

}  // namespace deltic::spark::streaming
