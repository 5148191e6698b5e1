// The two logs of a query's checkpoint: offsets/N says what batch N reads, commits/N that it is done. In Spark's form,
// so that either engine continues what the other began. A batch is decided by its offsets entry alone: after it is
// written, the batch reads the same rows however often it runs. Used by one thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "spark/session/runtime_conf.h"
#include "spark/streaming/metadata_log.h"

namespace deltic::spark::streaming {

// One batch: Spark's OffsetSeq with its OffsetSeqMetadata.
struct BatchOffsets {
  int64_t watermark_ms = 0;
  int64_t timestamp_ms = 0;                 // current_timestamp() of the batch
  std::map<std::string, std::string> conf;  // settings that must not change between batches
  std::vector<std::string> offsets;         // JSON per source; empty: the source has none yet
};

class OffsetLog {
 public:
  OffsetLog(std::shared_ptr<storage::ObjectStore> store, const std::string& checkpoint)
      : log_(std::move(store), storage::JoinPath(checkpoint, "offsets")) {}
  Status Add(int64_t batch, const BatchOffsets& offsets);
  Result<std::optional<BatchOffsets>> Get(int64_t batch) const;
  Result<std::optional<int64_t>> Latest() const { return log_.Latest(); }
  Status Purge(int64_t batch) { return log_.Purge(batch); }
  const std::string& directory() const { return log_.directory(); }

 private:
  MetadataLog log_;
};

class CommitLog {
 public:
  CommitLog(std::shared_ptr<storage::ObjectStore> store, const std::string& checkpoint)
      : log_(std::move(store), storage::JoinPath(checkpoint, "commits")) {}
  // The watermark that the next batch starts with. A commit that is there already is kept.
  Status Add(int64_t batch, int64_t next_watermark_ms);
  Result<std::optional<int64_t>> NextWatermark(int64_t batch) const;
  Result<std::optional<int64_t>> Latest() const { return log_.Latest(); }
  Status Purge(int64_t batch) { return log_.Purge(batch); }

 private:
  MetadataLog log_;
};

// The id of the query whose checkpoint this is (file `metadata`), made and written when there is none.
Result<std::string> QueryIdOf(storage::ObjectStore* store, const std::string& checkpoint);

// What a new query records of the session's settings (Spark's relevantSQLConfs).
std::map<std::string, std::string> RecordedConf(const session::RuntimeConf& conf);

}  // namespace deltic::spark::streaming
