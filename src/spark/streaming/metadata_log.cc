#include "spark/streaming/metadata_log.h"

#include <algorithm>
#include <charconv>

#include "spark/catalog/table_path.h"

namespace deltic::spark::streaming {
namespace {

std::optional<int64_t> NumberOf(std::string_view name) {
  int64_t number = 0;
  const auto end = std::from_chars(name.data(), name.data() + name.size(), number);
  if (end.ec != std::errc() || end.ptr != name.data() + name.size() || number < 0) return std::nullopt;
  return number;
}

Status Unreadable(const std::string& path, const std::string& why) {
  return Error("_STREAMING_STATE", {}, "Failed to read log file " + catalog::DisplayPath(path) + ". " + why);
}

}  // namespace

Status MetadataLog::Add(int64_t number, std::string_view text) {
  const std::string path = PathOf(number);
  ASSIGN_OR_RETURN(const auto outcome, store_->PutIfAbsent(path, text));
  if (outcome == storage::PutOutcome::kAlreadyExists) {
    return Error("CONCURRENT_STREAM_LOG_UPDATE", {{"batchId", std::to_string(number)}});
  }
  // Hadoop's checksum of a file that was there before would not fit the new one.
  if (path.starts_with('/')) {
    return store_->Delete(storage::JoinPath(directory_, "." + std::to_string(number) + ".crc"));
  }
  return Status::Ok();
}

Result<std::optional<std::string>> MetadataLog::Get(int64_t number) const {
  auto text = store_->Get(PathOf(number));
  if (text.ok()) return std::optional<std::string>(std::move(text).value());
  if (text.status().Is("PATH_NOT_FOUND")) return std::optional<std::string>();
  return text.status();
}

Result<std::vector<int64_t>> MetadataLog::Numbers() const {
  ASSIGN_OR_RETURN(const auto objects, store_->List(directory_));
  std::vector<int64_t> numbers;
  for (const auto& object : objects) {
    if (const auto number = NumberOf(storage::BaseName(object.path))) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<std::optional<int64_t>> MetadataLog::Latest() const {
  ASSIGN_OR_RETURN(const auto numbers, Numbers());
  return numbers.empty() ? std::optional<int64_t>() : std::optional<int64_t>(numbers.back());
}

Status MetadataLog::Purge(int64_t number) {
  ASSIGN_OR_RETURN(const auto numbers, Numbers());
  for (const int64_t old : numbers) {
    if (old >= number) break;
    RETURN_IF_ERROR(store_->Delete(PathOf(old)));
    if (directory_.starts_with('/')) {
      RETURN_IF_ERROR(store_->Delete(storage::JoinPath(directory_, "." + std::to_string(old) + ".crc")));
    }
  }
  return Status::Ok();
}

Result<std::vector<std::string>> LogLines(const std::string& text, const std::string& path) {
  std::vector<std::string> lines;
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  if (lines.empty()) return Unreadable(path, "Incomplete log file");
  const std::string version = lines.front();
  const auto number = version.starts_with('v') ? NumberOf(std::string_view(version).substr(1)) : std::nullopt;
  if (!number.has_value() || *number == 0) {
    return Unreadable(path, "Log file was malformed: failed to read correct log version from " + version + ".");
  }
  if (*number > 1) {
    return Unreadable(path, "UnsupportedLogVersion: maximum supported log version is v1, but encountered v" +
                                std::to_string(*number) +
                                ". The log file was produced by a newer version of Spark and cannot be read by this "
                                "version. Please upgrade.");
  }
  lines.erase(lines.begin());
  return lines;
}

}  // namespace deltic::spark::streaming
