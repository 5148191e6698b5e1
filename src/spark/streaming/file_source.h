// Files that appear in a directory as a stream (Spark's FileStreamSource): each batch is a list of new files, kept in
// the source's log. Offsets are the log's batches. Used by one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/plan/relation.h"
#include "spark/streaming/file_source_log.h"
#include "spark/streaming/source.h"

namespace deltic::spark::streaming {

class FileSource final : public Source {
 public:
  static Result<std::unique_ptr<Source>> Open(const SourceContext& context, const engine::StreamRel& relation);

  std::string description() const override;
  Status StopAtLatest() override;
  Result<std::string> LatestOffset(const std::string& start, ReadLimit limit) override;
  Result<SourceRows> Read(const std::string& start, const std::string& end) override;

 private:
  FileSource(SourceContext context, std::shared_ptr<const engine::StreamSpec> spec,
             std::shared_ptr<storage::ObjectStore> store)
      : context_(std::move(context)),
        spec_(std::move(spec)),
        store_(std::move(store)),
        log_(context_.checkpoint_store, context_.metadata_path) {}
  // Files that no batch has, oldest first.
  Result<std::vector<SeenFile>> NewFiles();

  const SourceContext context_;
  const std::shared_ptr<const engine::StreamSpec> spec_;
  const std::shared_ptr<storage::ObjectStore> store_;
  FileSourceLog log_;
  size_t max_files_ = 0;  // 0: no limit
  bool stop_at_latest_ = false;
  bool stop_known_ = false;
  std::vector<SeenFile> pending_;  // of the files known when the query was to stop
  std::vector<SeenFile> seen_;
  int64_t latest_ = -1;
};

}  // namespace deltic::spark::streaming
