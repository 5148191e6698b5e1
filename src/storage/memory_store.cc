// An object store in memory, for tests and simulation; and the choice of a store by scheme.
#include <map>
#include <mutex>
#include <set>

#include "base/clock.h"
#include "storage/object_store.h"

namespace deltic::storage {
namespace {

struct Blob {
  std::string bytes;
  int64_t modified_ms = 0;
};

class MemoryObjectStore : public ObjectStore {
 public:
  explicit MemoryObjectStore(Clock* clock) : clock_(clock) {}

  Result<std::string> Get(std::string_view path) override {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = blobs_.find(NormalizePath(path));
    if (it == blobs_.end()) return Missing(path);
    return it->second.bytes;
  }

  Result<std::string> GetRange(std::string_view path, int64_t offset, int64_t length) override {
    if (offset < 0 || length < 0) return IoError(path, "a range must not be negative");
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = blobs_.find(NormalizePath(path));
    if (it == blobs_.end()) return Missing(path);
    const auto size = static_cast<int64_t>(it->second.bytes.size());
    if (offset >= size) return std::string();
    return it->second.bytes.substr(static_cast<size_t>(offset), static_cast<size_t>(length));
  }

  Result<ObjectMeta> Head(std::string_view path) override {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto it = blobs_.find(NormalizePath(path));
    if (it == blobs_.end()) return Missing(path);
    return ObjectMeta{std::string(path), static_cast<int64_t>(it->second.bytes.size()), it->second.modified_ms};
  }

  Status Put(std::string_view path, std::string_view bytes) override {
    std::lock_guard<std::mutex> lock(mutex_);
    blobs_[NormalizePath(path)] = {std::string(bytes), clock_->NowMillis()};
    return Status::Ok();
  }

  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view bytes) override {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto [it, inserted] = blobs_.try_emplace(NormalizePath(path), Blob{std::string(bytes), clock_->NowMillis()});
    return inserted ? PutOutcome::kCreated : PutOutcome::kAlreadyExists;
  }

  Result<std::vector<ObjectMeta>> List(std::string_view dir, std::string_view from_name) override {
    std::vector<ObjectMeta> out;
    const std::string prefix = Prefix(dir);
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = blobs_.lower_bound(prefix + std::string(from_name));
    while (it != blobs_.end() && it->first.starts_with(prefix)) {
      const size_t slash = it->first.find('/', prefix.size());
      if (slash == std::string::npos) {
        out.push_back({it->first, static_cast<int64_t>(it->second.bytes.size()), it->second.modified_ms});
        ++it;
      } else {  // past the subdirectory
        it = blobs_.lower_bound(it->first.substr(0, slash) + static_cast<char>('/' + 1));
      }
    }
    return out;
  }

  Result<std::vector<ObjectMeta>> ListRecursive(std::string_view dir) override {
    std::vector<ObjectMeta> out;
    ForEachBelow(dir, [&](std::string_view, const std::string& path, const Blob& blob) {
      out.push_back({path, static_cast<int64_t>(blob.bytes.size()), blob.modified_ms});
    });
    return out;
  }

  Result<std::vector<std::string>> ListDirectories(std::string_view dir) override {
    std::set<std::string> names;
    ForEachBelow(dir, [&](std::string_view rest, const std::string&, const Blob&) {
      const size_t slash = rest.find('/');
      if (slash != std::string_view::npos) names.emplace(rest.substr(0, slash));
    });
    return std::vector<std::string>(names.begin(), names.end());
  }

  Status Delete(std::string_view path) override {
    std::lock_guard<std::mutex> lock(mutex_);
    blobs_.erase(NormalizePath(path));
    return Status::Ok();
  }

  Status DeleteRecursive(std::string_view dir) override {
    const std::string prefix = NormalizePath(dir) + "/";
    std::lock_guard<std::mutex> lock(mutex_);
    auto it = blobs_.lower_bound(prefix);
    while (it != blobs_.end() && it->first.starts_with(prefix)) it = blobs_.erase(it);
    blobs_.erase(NormalizePath(dir));
    return Status::Ok();
  }

  std::string NativePath(std::string_view path) const override { return NormalizePath(path); }

 private:
  static Status Missing(std::string_view path) {
    return Error("PATH_NOT_FOUND", {{"path", std::string(path)}}, "Path does not exist: " + std::string(path));
  }

  static std::string Prefix(std::string_view dir) { return JoinPath(NormalizePath(dir), "") + "/"; }

  template <typename Visit>
  void ForEachBelow(std::string_view dir, Visit visit) {
    const std::string prefix = Prefix(dir);
    std::lock_guard<std::mutex> lock(mutex_);
    for (auto it = blobs_.lower_bound(prefix); it != blobs_.end() && it->first.starts_with(prefix); ++it) {
      visit(std::string_view(it->first).substr(prefix.size()), it->first, it->second);
    }
  }

  Clock* clock_;
  std::mutex mutex_;
  std::map<std::string, Blob> blobs_;  // by normalised path
};

}  // namespace

std::shared_ptr<ObjectStore> NewMemoryStore(Clock* clock) {
  return std::make_shared<MemoryObjectStore>(clock != nullptr ? clock : Clock::System());
}

}  // namespace deltic::storage
