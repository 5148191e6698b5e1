#include "engine/staged_write.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

#include "base/random.h"
#include "storage/s3/s3_registry.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
constexpr size_t kUploads = 4;
constexpr size_t kChunkBytes = 1 << 20;

Status UploadOne(const std::string& local, const std::string& native) {
  ASSIGN_OR_RETURN(const auto target, storage::s3::ResolveNative(native));
  std::ifstream in(local, std::ios::binary);
  if (!in) return IoError(local, "cannot be opened");
  ASSIGN_OR_RETURN(const auto writer, target.store->OpenWriter(target.path));
  std::string chunk(kChunkBytes, '\0');
  while (in) {
    in.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    RETURN_IF_ERROR(writer->Append(std::string_view(chunk).substr(0, static_cast<size_t>(in.gcount()))));
  }
  if (!in.eof()) return IoError(local, "cannot be read");
  return writer->Finish();
}

}  // namespace

Result<StagedWrite> StagedWrite::Begin(const std::string& temp_directory) {
  const std::string directory = (fs::path(temp_directory) / ("upload-" + Random::System()->Uuid())).string();
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return IoError(directory, error.message());
  return StagedWrite(directory);
}

StagedWrite::StagedWrite(StagedWrite&& other) noexcept : directory_(std::move(other.directory_)) {
  other.directory_.clear();
}

StagedWrite::~StagedWrite() {
  std::error_code ignored;
  if (!directory_.empty()) fs::remove_all(directory_, ignored);
}

Result<std::vector<WrittenFile>> StagedWrite::Upload(std::vector<WrittenFile> files, const std::string& target,
                                                     const std::function<bool()>& interrupted) {
  std::vector<std::string> locals;
  for (auto& file : files) {
    locals.push_back(file.path);
    file.path = storage::JoinPath(target, file.path.substr(directory_.size()));
  }
  std::atomic<size_t> next{0};
  std::atomic<bool> stop{false};
  const auto work = [&]() -> Status {
    for (size_t i = next++; i < files.size() && !stop; i = next++) {
      if (interrupted && interrupted()) return Error("OPERATION_CANCELED", {}, "The operation was cancelled.");
      const Status status = UploadOne(locals[i], files[i].path);
      if (!status.ok()) {
        stop = true;
        return status;
      }
    }
    return Status::Ok();
  };
  std::vector<std::future<Status>> others;
  for (size_t i = 1; i < std::min(kUploads, files.size()); i++) {
    others.push_back(std::async(std::launch::async, work));
  }
  Status status = work();
  for (auto& other : others) {
    const Status theirs = other.get();
    if (status.ok()) status = theirs;
  }
  if (!status.ok()) {
    for (const auto& file : files) RemoveWritten(file.path);
    return status;
  }
  return files;
}

void RemoveWritten(const std::string& native) {
  if (storage::IsRemoteNative(native)) {
    const auto target = storage::s3::ResolveNative(native);
    if (target.ok()) (void)target->store->Delete(target->path).ok();
    return;
  }
  std::error_code ignored;
  fs::remove_all(native, ignored);
}

}  // namespace deltic::engine
