#include "delta/log/log_files.h"

#include <algorithm>
#include <map>

#include "delta/checkpoint/last_checkpoint.h"

namespace deltic::delta {
namespace {

constexpr size_t kVersionDigits = 20;

bool ParseNumber(std::string_view digits, int64_t* out) {
  if (digits.empty() || digits.size() > kVersionDigits) return false;
  int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return false;
    if (value > (INT64_MAX - 9) / 10) return false;
    value = value * 10 + (c - '0');
  }
  *out = value;
  return true;
}

bool LooksLikeUuid(std::string_view text) {
  return text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}

// "0000000001.0000000003.parquet" → part 1 of 3.
bool ParsePart(std::string_view rest, int64_t* part, int64_t* parts) {
  if (!rest.ends_with(".parquet") || rest.size() != 10 + 1 + 10 + 8 || rest[10] != '.') return false;
  return ParseNumber(rest.substr(0, 10), part) && ParseNumber(rest.substr(11, 10), parts) && *part >= 1 &&
         *part <= *parts;
}

bool IsSingleFileCheckpoint(std::string_view rest) {
  if (rest == "parquet") return true;
  const size_t dot = rest.find('.');
  if (dot == std::string_view::npos || !LooksLikeUuid(rest.substr(0, dot))) return false;
  return rest.substr(dot) == ".json" || rest.substr(dot) == ".parquet";
}

LogListing ListingOf(std::vector<storage::ObjectMeta> files) {
  LogListing listing;
  std::map<std::pair<int64_t, int64_t>, std::vector<storage::ObjectMeta>> parts_seen;  // (version, parts)
  for (auto& file : files) {
    const std::string_view name = storage::BaseName(file.path);
    const auto parsed = VersionOfName(name);
    if (!parsed) continue;
    const int64_t version = *parsed;
    const std::string_view suffix = name.substr(kVersionDigits);
    if (suffix == ".json") {
      listing.commits.push_back({version, file.size_bytes, file.modified_ms});
      continue;
    }
    int64_t last = 0;
    if (suffix.size() == kVersionDigits + 1 + 15 && suffix[0] == '.' && suffix.ends_with(".compacted.json") &&
        ParseNumber(suffix.substr(1, kVersionDigits), &last) && last > version && file.size_bytes > 0) {
      listing.compacted.push_back({version, last, std::move(file.path), file.size_bytes});
      continue;
    }
    if (!suffix.starts_with(".checkpoint.") || file.size_bytes == 0) continue;
    const std::string_view rest = suffix.substr(12);
    int64_t part = 0;
    int64_t parts = 0;
    if (IsSingleFileCheckpoint(rest)) {
      listing.checkpoints.push_back({version, {std::move(file)}});
    } else if (ParsePart(rest, &part, &parts)) {
      auto& seen = parts_seen[{version, parts}];
      seen.push_back(std::move(file));
      if (static_cast<int64_t>(seen.size()) == parts) listing.checkpoints.push_back({version, std::move(seen)});
    }
  }
  // They are in order but for a checkpoint whose last part comes after another of the version.
  const auto older = [](const CheckpointRef& a, const CheckpointRef& b) { return a.version < b.version; };
  if (!std::is_sorted(listing.checkpoints.begin(), listing.checkpoints.end(), older)) {
    std::stable_sort(listing.checkpoints.begin(), listing.checkpoints.end(), older);
  }
  return listing;
}

}  // namespace

std::string LogPath(std::string_view table_path) { return storage::JoinPath(table_path, "_delta_log"); }

std::string VersionPrefix(int64_t version) {
  std::string digits = std::to_string(version);
  if (digits.size() < kVersionDigits) digits.insert(0, kVersionDigits - digits.size(), '0');
  return digits;
}

std::optional<int64_t> VersionOfName(std::string_view name) {
  int64_t version = 0;
  if (name.size() <= kVersionDigits || !ParseNumber(name.substr(0, kVersionDigits), &version)) return std::nullopt;
  return version;
}

std::string CommitPath(std::string_view table_path, int64_t version) {
  return LogPath(table_path) + "/" + VersionPrefix(version) + ".json";
}

std::string ChecksumPath(std::string_view table_path, int64_t version) {
  return LogPath(table_path) + "/" + VersionPrefix(version) + ".crc";
}

std::string CheckpointPath(std::string_view table_path, int64_t version) {
  return LogPath(table_path) + "/" + VersionPrefix(version) + ".checkpoint.parquet";
}

std::string LastCheckpointPath(std::string_view table_path) { return LogPath(table_path) + "/_last_checkpoint"; }

Result<LogListing> ListLog(storage::ObjectStore* store, std::string_view table_path, int64_t from_version) {
  ASSIGN_OR_RETURN(auto files, store->List(LogPath(table_path), VersionPrefix(std::max<int64_t>(0, from_version))));
  return ListingOf(std::move(files));
}

Result<LogStart> ListLogFromHint(storage::ObjectStore* store, std::string_view table_path,
                                 std::optional<int64_t> version) {
  Result<std::optional<int64_t>> hint = std::optional<int64_t>();
  if (store->RequestsAtOnce() == 1) {
    hint = ReadLastCheckpointHint(store, table_path);
  } else {
    Result<storage::ObjectStore::FirstNames> first = storage::ObjectStore::FirstNames();
    store->Together({[&] { first = store->ListFirst(LogPath(table_path), VersionPrefix(0)); },
                     [&] { hint = ReadLastCheckpointHint(store, table_path); }});
    if (!first.ok()) return first.status();
    if (first->complete) return LogStart{ListingOf(std::move(first->objects)), 0};
  }
  if (!hint.ok()) return hint.status();
  LogStart start;
  start.from = hint->value_or(0);
  if (version && *version < start.from) start.from = 0;
  ASSIGN_OR_RETURN(start.listing, ListLog(store, table_path, start.from));
  return start;
}

Result<bool> HasLog(storage::ObjectStore* store, std::string_view table_path) {
  if (store->RequestsAtOnce() == 1) {
    // Almost every table still has its first commit or a checkpoint hint; else look.
    if (store->Head(CommitPath(table_path, 0)).ok() || store->Head(LastCheckpointPath(table_path)).ok()) return true;
  } else {
    ASSIGN_OR_RETURN(auto first, store->ListFirst(LogPath(table_path), VersionPrefix(0)));
    const bool complete = first.complete;
    if (!ListingOf(std::move(first.objects)).empty()) return true;
    if (complete) return false;
  }
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(store, table_path, 0));
  return !listing.empty();
}

Result<std::optional<int64_t>> ReadLastCheckpointHint(storage::ObjectStore* store, std::string_view table_path) {
  auto text = store->Get(LastCheckpointPath(table_path));
  if (!text.ok()) {
    if (text.status().Is("PATH_NOT_FOUND")) return std::optional<int64_t>();
    return text.status();
  }
  return LastCheckpointVersion(*text);
}

Result<std::vector<Action>> ReadCommit(storage::ObjectStore* store, std::string_view table_path, int64_t version) {
  const std::string path = CommitPath(table_path, version);
  ASSIGN_OR_RETURN(std::string text, store->Get(path));
  std::vector<Action> actions;
  RETURN_IF_ERROR(ForEachAction(text, path, [&](Action&& action) -> Status {
    if (!std::holds_alternative<std::monostate>(action)) actions.push_back(std::move(action));
    return Status::Ok();
  }));
  return actions;
}

Result<std::optional<CommitInfo>> ReadCommitInfo(storage::ObjectStore* store, std::string_view table_path,
                                                 int64_t version) {
  const std::string path = CommitPath(table_path, version);
  ASSIGN_OR_RETURN(std::string text, store->GetRange(path, 0, kCommitInfoProbe));
  constexpr std::string_view kStart = "{\"commitInfo\":";
  if (!text.starts_with(kStart) || text.find('\n') == std::string::npos) {
    ASSIGN_OR_RETURN(text, store->Get(path));
  }
  size_t start = 0;
  int64_t line = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view row = std::string_view(text).substr(start, end - start);
    start = end + 1;
    line++;
    if (row.find("\"commitInfo\"") == std::string_view::npos) continue;
    ActionParser parser;
    ASSIGN_OR_RETURN(Action action, parser.Parse(row, path, line));
    if (auto* info = std::get_if<CommitInfo>(&action)) {
      info->version = version;
      return std::optional<CommitInfo>(std::move(*info));
    }
  }
  return std::optional<CommitInfo>();
}

Result<int64_t> RequiredInCommitTimestamp(const std::optional<CommitInfo>& info, int64_t version) {
  if (!info) {
    return Error("DELTA_MISSING_COMMIT_INFO",
                 {{"featureName", "inCommitTimestamp"}, {"version", std::to_string(version)}});
  }
  if (!info->in_commit_timestamp_ms) {
    return Error("DELTA_MISSING_COMMIT_TIMESTAMP",
                 {{"featureName", "inCommitTimestamp"}, {"version", std::to_string(version)}});
  }
  return *info->in_commit_timestamp_ms;
}

}  // namespace deltic::delta
