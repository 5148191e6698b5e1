#include "spark/streaming/file_source_log.h"

#include <simdjson.h>

#include <charconv>
#include <map>
#include <set>

#include "base/json_writer.h"

namespace deltic::spark::streaming {
namespace {

constexpr char kCompactSuffix[] = ".compact";

// "file:///tmp/a%20b.json"
std::string UriOf(const std::string& path) {
  return path.starts_with('/') ? "file://" + storage::UriEncodePath(path) : storage::UriEncodePath(path);
}

std::string Line(const SeenFile& file) {
  JsonWriter json;
  json.BeginObject();
  json.Key("path").String(UriOf(file.path));
  json.Key("timestamp").Int(file.timestamp_ms);
  json.Key("batchId").Int(file.batch);
  return json.EndObject().Take();
}

Status ReadLines(const std::string& text, const std::string& path, std::vector<SeenFile>* out) {
  ASSIGN_OR_RETURN(const auto lines, LogLines(text, path));
  simdjson::dom::parser parser;
  for (const std::string& line : lines) {
    if (line.empty()) continue;
    SeenFile file;
    simdjson::dom::object object;
    std::string_view uri;
    if (parser.parse(line).get(object) != simdjson::SUCCESS || object["path"].get(uri) != simdjson::SUCCESS ||
        object["timestamp"].get(file.timestamp_ms) != simdjson::SUCCESS ||
        object["batchId"].get(file.batch) != simdjson::SUCCESS) {
      return Error("_STREAMING_STATE", {}, "Failed to read log file " + path + ". Malformed file entry");
    }
    file.path = storage::NormalizePath(storage::UriDecode(uri));
    out->push_back(std::move(file));
  }
  return Status::Ok();
}

}  // namespace

Result<std::vector<SeenFile>> FileSourceLog::ReadAll(int64_t* latest) const {
  ASSIGN_OR_RETURN(const auto objects, store_->List(directory_));
  std::map<int64_t, std::string> plain, compact;
  for (const auto& object : objects) {
    const std::string_view name = storage::BaseName(object.path);
    int64_t number = 0;
    const auto end = std::from_chars(name.data(), name.data() + name.size(), number);
    if (end.ec != std::errc()) continue;
    const std::string_view rest = name.substr(static_cast<size_t>(end.ptr - name.data()));
    if (rest.empty()) plain[number] = object.path;
    if (rest == kCompactSuffix) compact[number] = object.path;
  }
  std::vector<SeenFile> files;
  *latest = -1;
  if (!compact.empty()) {
    *latest = compact.rbegin()->first;
    ASSIGN_OR_RETURN(const auto text, store_->Get(compact.rbegin()->second));
    RETURN_IF_ERROR(ReadLines(text, compact.rbegin()->second, &files));
  }
  for (auto it = plain.upper_bound(*latest); it != plain.end(); ++it) {
    ASSIGN_OR_RETURN(const auto text, store_->Get(it->second));
    RETURN_IF_ERROR(ReadLines(text, it->second, &files));
    *latest = it->first;
  }
  return files;
}

Status FileSourceLog::Add(int64_t batch, const std::vector<SeenFile>& files, const std::vector<SeenFile>& before) {
  const bool compacts = (batch + 1) % kCompactInterval == 0;
  std::string text = "v1";
  if (compacts) {
    for (const SeenFile& file : before) text += "\n" + Line(file);
  }
  for (const SeenFile& file : files) text += "\n" + Line(file);
  const std::string path =
      storage::JoinPath(directory_, std::to_string(batch) + (compacts ? std::string(kCompactSuffix) : std::string()));
  ASSIGN_OR_RETURN(const auto outcome, store_->PutIfAbsent(path, text));
  if (outcome == storage::PutOutcome::kCreated) return Status::Ok();
  return Error("CONCURRENT_STREAM_LOG_UPDATE", {{"batchId", std::to_string(batch)}});
}

}  // namespace deltic::spark::streaming
