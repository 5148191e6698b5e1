#include "delta/log/history.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>

#include "delta/log/log_files.h"
#include "delta/log/log_reads.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

// Where in-commit timestamps start; INT64_MAX: nowhere.
int64_t FirstInCommitVersion(const Snapshot& snapshot) {
  if (!snapshot.InCommitTimestampsEnabled() || !IsFeatureSupported(snapshot.protocol(), "inCommitTimestamp")) {
    return INT64_MAX;
  }
  const auto& configuration = snapshot.metadata().configuration;
  const auto it = configuration.find("delta.inCommitTimestampEnablementVersion");
  if (it == configuration.end()) return 0;
  int64_t version = 0;
  std::from_chars(it->second.data(), it->second.data() + it->second.size(), version);
  return version;
}

// File times that go backwards are pushed 1 ms past the one before, as delta-spark does.
void MakeMonotonic(std::vector<Commit>* commits) {
  for (size_t i = 1; i < commits->size(); i++) {
    const int64_t before = (*commits)[i - 1].timestamp_ms;
    if ((*commits)[i].timestamp_ms <= before) (*commits)[i].timestamp_ms = before + 1;
  }
}

// The commitInfos of these commits, taken in order.
Status ReadInfos(const TableIo& io, const std::string& table, const std::vector<int64_t>& versions,
                 const std::function<Status(size_t, Result<std::optional<CommitInfo>>&)>& take) {
  std::vector<Result<std::optional<CommitInfo>>> infos(versions.size(), std::optional<CommitInfo>());
  const std::vector<int64_t> sizes(versions.size(), kCommitInfoProbe);
  return ReadInOrder(
      io.store.get(), sizes, [&](size_t i) { infos[i] = ReadCommitInfo(io.store.get(), table, versions[i]); },
      [&](size_t i) { return take(i, infos[i]); });
}

// Commits [first, last] with their timestamps, ascending; versions no longer in the log are skipped.
Result<std::vector<Commit>> CommitsWithTimes(const TableIo& io, const Snapshot& snapshot, int64_t first, int64_t last) {
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), snapshot.table_path(), first));
  const int64_t ict_from = FirstInCommitVersion(snapshot);
  std::vector<Commit> by_file;
  std::vector<int64_t> in_commit;
  for (const auto& commit : listing.commits) {
    if (commit.version > last) break;
    if (commit.version < ict_from) {
      by_file.push_back({commit.version, commit.modified_ms});
      continue;
    }
    in_commit.push_back(commit.version);
  }
  MakeMonotonic(&by_file);
  RETURN_IF_ERROR(ReadInfos(io, snapshot.table_path(), in_commit, [&](size_t i, auto& info) -> Status {
    if (!info.ok()) return info.status();
    ASSIGN_OR_RETURN(const int64_t timestamp, RequiredInCommitTimestamp(*info, in_commit[i]));
    by_file.push_back({in_commit[i], timestamp});
    return Status::Ok();
  }));
  return by_file;
}

Status NoHistory(const std::string& table) { return Error("DELTA_NO_COMMITS_FOUND", {{"logPath", LogPath(table)}}); }

// delta-spark's getEarliestRecreatableCommit.
Result<int64_t> EarliestRecreatable(const TableIo& io, const std::string& table) {
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), table, 0));
  if (listing.empty()) return NoHistory(table);
  if (listing.commits.empty()) return listing.checkpoints.back().version;
  const int64_t first = listing.commits[0].version;
  if (first == 0) return 0;
  for (const auto& checkpoint : listing.checkpoints) {
    if (checkpoint.version >= first - 1) return checkpoint.version;
  }
  return Error("DELTA_NO_RECREATABLE_HISTORY_FOUND", {{"logPath", LogPath(table)}});
}

Result<int64_t> EarliestCommit(const TableIo& io, const std::string& table) {
  ASSIGN_OR_RETURN(const LogListing listing, ListLog(io.store.get(), table, 0));
  if (listing.commits.empty()) return NoHistory(table);
  return listing.commits.front().version;
}

// "2024-01-01 00:00:00.123" in UTC; `always_fraction` as java.sql.Timestamp ("….0").
std::string TimestampText(int64_t timestamp_ms, bool always_fraction) {
  int64_t seconds = timestamp_ms / 1000;
  int64_t millis = timestamp_ms % 1000;
  if (millis < 0) {
    millis += 1000;
    seconds--;
  }
  const std::time_t time = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  gmtime_r(&time, &parts);
  char buffer[64];
  const size_t length = std::strftime(buffer, sizeof(buffer), "%Y-%m-%d %H:%M:%S", &parts);
  std::string out(buffer, length);
  if (millis == 0) return always_fraction ? out + ".0" : out;
  char fraction[16];
  std::snprintf(fraction, sizeof(fraction), ".%03d", static_cast<int>(millis));
  out += fraction;
  while (out.back() == '0') out.pop_back();
  return out;
}

Status TooEarly(int64_t asked_ms, const Commit& earliest) {
  const std::string asked = TimestampText(asked_ms, true);
  const std::string commit = TimestampText(earliest.timestamp_ms, true);
  const std::string exact = TimestampText(earliest.timestamp_ms, false);
  return Error("DELTA_TIMESTAMP_EARLIER_THAN_COMMIT_RETENTION",
               {{"userTimestamp", asked}, {"commitTs", commit}, {"timestampString", exact}},
               "The provided timestamp (" + asked + ") is before the earliest version available to this\ntable (" +
                   commit + "). Please use a timestamp after " + exact + ".\n         ");
}

Status AfterLatest(int64_t asked_ms, const Commit& latest) {
  const std::string asked = TimestampText(asked_ms, true);
  const std::string commit = TimestampText(latest.timestamp_ms, true);
  const std::string exact = TimestampText(latest.timestamp_ms, false);
  return Error("DELTA_TEMPORALLY_UNSTABLE_INPUT",
               {{"userTimestamp", asked},
                {"commitTs", commit},
                {"timestampString", exact},
                {"commitVersion", std::to_string(latest.version)}},
               "The provided timestamp: " + asked + " is after the latest commit timestamp of\n" + commit +
                   ". If you wish to query this version of the table, please either provide\nthe version with "
                   "\"VERSION AS OF " +
                   std::to_string(latest.version) +
                   "\" or use the exact timestamp\nof the last commit: \"TIMESTAMP AS OF '" + exact + "'\".\n       ");
}

// Last commit at or before the time; the first one when all are later. Files may have been copied long after the
// commits that they hold: their times are looked at only for times before in-commit timestamps start (`ict_from`).
Commit ActiveAt(const std::vector<Commit>& commits, int64_t ict_from, int64_t timestamp_ms) {
  const auto in_commit =
      std::partition_point(commits.begin(), commits.end(), [&](const Commit& c) { return c.version < ict_from; });
  const bool by_file = in_commit == commits.end() || timestamp_ms < in_commit->timestamp_ms;
  const auto first = by_file ? commits.begin() : in_commit;
  const auto it = std::upper_bound(first, by_file ? in_commit : commits.end(), timestamp_ms,
                                   [](int64_t time, const Commit& commit) { return time < commit.timestamp_ms; });
  return it == commits.begin() ? commits.front() : *(it - 1);
}

}  // namespace

Result<std::vector<Commit>> ListCommits(const TableIo& io, const std::string& table_path) {
  ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(io, table_path));
  return CommitsWithTimes(io, *snapshot, 0, snapshot->version());
}

Result<std::vector<HistoryEntry>> History(const TableIo& io, const std::string& table_path,
                                          std::optional<int64_t> limit) {
  ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(io, table_path));
  const int64_t first = limit ? std::max<int64_t>(0, snapshot->version() - *limit + 1) : 0;
  ASSIGN_OR_RETURN(auto commits, CommitsWithTimes(io, *snapshot, first, snapshot->version()));
  std::vector<HistoryEntry> history;
  history.reserve(commits.size());
  std::reverse(commits.begin(), commits.end());
  std::vector<int64_t> versions;
  for (const auto& commit : commits) versions.push_back(commit.version);
  RETURN_IF_ERROR(ReadInfos(io, snapshot->table_path(), versions, [&](size_t i, auto& info) -> Status {
    if (!info.ok()) return info.status().Is("PATH_NOT_FOUND") ? Status::Ok() : info.status();  // cleaned up meanwhile
    CommitInfo shown = *info ? std::move(**info) : CommitInfo();
    shown.version = versions[i];
    history.push_back({versions[i], commits[i].timestamp_ms, std::move(shown)});
    return Status::Ok();
  }));
  return history;
}

Status CheckVersionExists(const TableIo& io, const std::string& table_path, int64_t version, VersionBounds bounds) {
  const std::string table = storage::NormalizePath(table_path);
  ASSIGN_OR_RETURN(const int64_t earliest,
                   bounds.recreatable ? EarliestRecreatable(io, table) : EarliestCommit(io, table));
  ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(io, table));
  if (version >= earliest && (version <= snapshot->version() || bounds.may_exceed_latest)) return Status::Ok();
  return Error("DELTA_VERSION_NOT_FOUND",
               {{"userVersion", std::to_string(version)},
                {"earliest", std::to_string(earliest)},
                {"latest", std::to_string(snapshot->version())}},
               "Cannot time travel Delta table to version " + std::to_string(version) + ". Available versions: [" +
                   std::to_string(earliest) + ", " + std::to_string(snapshot->version()) + "].");
}

Result<int64_t> VersionAtTimestamp(const TableIo& io, const std::string& table_path, int64_t timestamp_ms,
                                   bool can_return_last) {
  const std::string table = storage::NormalizePath(table_path);
  ASSIGN_OR_RETURN(const int64_t earliest, EarliestRecreatable(io, table));
  ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(io, table));
  ASSIGN_OR_RETURN(const auto commits, CommitsWithTimes(io, *snapshot, earliest, snapshot->version()));
  if (commits.empty()) return NoHistory(table);
  const Commit found = ActiveAt(commits, FirstInCommitVersion(*snapshot), timestamp_ms);
  if (found.timestamp_ms > timestamp_ms) return TooEarly(timestamp_ms, found);
  if (found.version == snapshot->version() && !can_return_last && found.timestamp_ms < timestamp_ms) {
    return AfterLatest(timestamp_ms, found);
  }
  return found.version;
}

Result<int64_t> VersionAtOrAfterTimestamp(const TableIo& io, const std::string& table_path, int64_t timestamp_ms,
                                          bool may_exceed_latest) {
  ASSIGN_OR_RETURN(const auto snapshot, Snapshot::Load(io, table_path));
  ASSIGN_OR_RETURN(const auto commits, CommitsWithTimes(io, *snapshot, 0, snapshot->version()));
  if (commits.empty()) return NoHistory(snapshot->table_path());
  const Commit found = ActiveAt(commits, FirstInCommitVersion(*snapshot), timestamp_ms);
  if (found.timestamp_ms >= timestamp_ms) return found.version;
  if (found.version + 1 <= snapshot->version() || may_exceed_latest) return found.version + 1;
  const std::string latest = TimestampText(found.timestamp_ms, true);
  return Error("DELTA_TIMESTAMP_GREATER_THAN_COMMIT", {{"providedTimestamp", TimestampText(timestamp_ms, true)},
                                                       {"tableName", latest},
                                                       {"maximumTimestamp", TimestampText(found.timestamp_ms, false)}});
}

}  // namespace deltic::delta
