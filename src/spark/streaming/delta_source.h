// A Delta table as a stream: first the files of the table as it is when the query starts, or from a given version on,
// then the changes of each commit (delta-spark's DeltaSource, DeltaSourceCDCSupport; PROTOCOL.md › Change Data Files).
//
// Every file action of a version has an index, in the order of the log; those of an initial snapshot are ordered by
// modification time and path. Offsets point between them, so that a batch can end within a version. Used by one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "delta/cdf/change_feed.h"
#include "delta/snapshot/snapshot.h"
#include "spark/streaming/delta_source_offset.h"
#include "spark/streaming/delta_source_options.h"
#include "spark/streaming/source.h"

namespace deltic::spark::streaming {

// A file action in its place; the action is null for the marks before and after all actions of a version.
struct IndexedFile {
  int64_t version = 0;
  int64_t index = 0;
  const delta::Action* action = nullptr;
  int64_t size_bytes = 0;
};

// The file actions of one version. `files` starts and ends with a mark.
struct VersionFiles {
  int64_t version = 0;
  int64_t timestamp_ms = 0;  // of the commit
  bool initial_snapshot = false;
  std::vector<IndexedFile> files;
};

class DeltaSource final : public Source {
 public:
  static Result<std::unique_ptr<Source>> Open(const SourceContext& context, const engine::StreamRel& relation);

  std::string description() const override;
  Status StopAtLatest() override;
  Result<std::string> LatestOffset(const std::string& start, ReadLimit limit) override;
  Result<SourceRows> Read(const std::string& start, const std::string& end) override;
  Status Resume(const std::string& start, const std::string& end) override;

 private:
  class Admission;
  using VisitVersion = std::function<Result<bool>(const VersionFiles&)>;

  DeltaSource(std::shared_ptr<session::Session> session, delta::TableIo io, DeltaSourceOptions options,
              std::shared_ptr<const delta::Snapshot> snapshot)
      : session_(std::move(session)),
        io_(std::move(io)),
        options_(std::move(options)),
        snapshot_(std::move(snapshot)) {}

  const std::string& table_id() const { return snapshot_->metadata().id; }
  // Where a query without offsets starts.
  Result<std::optional<int64_t>> StartingVersion();
  Result<DeltaSourceOffset> StartOf(const std::string& start, const DeltaSourceOffset& end);
  Result<std::optional<DeltaSourceOffset>> Latest(const std::string& start, ReadLimit limit);

  // Calls `visit` for each version from `start` on with its file actions after `start` and up to `bound`, until it
  // returns false. Commits are checked on the way (schema, changes).
  Status Walk(const DeltaSourceOffset& start, const std::optional<DeltaSourceOffset>& bound, const VisitVersion& visit);
  Result<bool> WalkSnapshot(const DeltaSourceOffset& start, const std::optional<DeltaSourceOffset>& bound,
                            const VisitVersion& visit);
  Status WalkCommits(int64_t version, const DeltaSourceOffset& start, const std::optional<DeltaSourceOffset>& bound,
                     const VisitVersion& visit);
  // Is the commit one that this stream may read? `*skip`: its files are left out.
  Status CheckCommit(const std::vector<delta::Action>& actions, int64_t version,
                     const std::optional<DeltaSourceOffset>& bound, bool* skip);
  std::vector<const delta::Action*> FilesOf(const std::vector<delta::Action>& actions) const;
  // The files of a version, in the order of their indexes. DELTA_LOG_FILE_NOT_FOUND_FOR_STREAMING_SOURCE.
  Status LoadSnapshotFiles(int64_t version);

  // Rows are read with the schema of snapshot_: may a commit's metadata be?
  Status CheckMetadata(const delta::Metadata& metadata, int64_t version, bool at_start);
  Status CheckSchemaOnce(int64_t start, std::optional<int64_t> end);

  Result<SourceRows> ReadAdds(const DeltaSourceOffset& start, const DeltaSourceOffset& end);
  Result<SourceRows> ReadChanges(const DeltaSourceOffset& start, const DeltaSourceOffset& end);

  const std::shared_ptr<session::Session> session_;
  const delta::TableIo io_;
  const DeltaSourceOptions options_;
  const std::shared_ptr<const delta::Snapshot> snapshot_;  // at the start of the query
  bool stop_at_latest_ = false;
  bool stop_known_ = false;
  std::optional<DeltaSourceOffset> stop_;
  bool schema_checked_ = false;
  bool start_known_ = false;
  std::optional<int64_t> starting_version_;
  int64_t files_version_ = -1;  // of what follows
  int64_t files_timestamp_ms_ = 0;
  std::vector<delta::Action> files_;
};

}  // namespace deltic::spark::streaming
