#include "engine/plan/file_source.h"

namespace deltic::engine {

Result<std::shared_ptr<const std::vector<ScanFile>>> FilesOf(const FileSource& source) {
  auto files = std::make_shared<std::vector<ScanFile>>();
  files->reserve(source.size());
  RETURN_IF_ERROR(source.ForEach([&](const FileSource::Candidate& candidate) {
    ASSIGN_OR_RETURN(files->emplace_back(), candidate.Make());
    files->back().stats_json = candidate.stats();
    return Status::Ok();
  }));
  return std::shared_ptr<const std::vector<ScanFile>>(std::move(files));
}

Result<std::shared_ptr<const std::vector<ScanFile>>> FilesOf(const FilesRel& rel) {
  if (rel.source != nullptr) return FilesOf(*rel.source);
  return rel.files != nullptr ? rel.files : std::make_shared<const std::vector<ScanFile>>();
}

}  // namespace deltic::engine
