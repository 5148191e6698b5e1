#include "storage/s3/s3_store.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <map>

#include "storage/request_threads.h"
#include "storage/s3/s3_writer.h"

namespace deltic::storage::s3 {
namespace {

constexpr size_t kDeleteBatch = 1000;
constexpr int kRequestsAtOnce = 16;

std::string DirectoryKey(const std::string& key) { return key.empty() || key.ends_with('/') ? key : key + "/"; }

// A key below every name >= `name` and above as many others as is easily said; listings start after it.
std::string Before(std::string_view name) {
  if (name.empty()) return {};
  std::string out(name.substr(0, name.size() - 1));
  const char last = name.back();
  if (last > '!' && last <= '~') {
    out += static_cast<char>(last - 1);
    out += '~';
  }
  return out;
}

class S3Store final : public ObjectStore {
 public:
  S3Store(const S3Options& options, std::string tag, const Seams& seams)
      : default_client_(std::make_shared<S3Client>(options.defaults, seams)), tag_(std::move(tag)) {
    for (const auto& [bucket, own] : options.buckets) clients_[bucket] = std::make_shared<S3Client>(own, seams);
  }

  Result<std::string> Get(std::string_view path) override {
    ASSIGN_OR_RETURN(const Location at, Object(path));
    return ClientOf(at)->Get(at);
  }

  Result<std::string> GetRange(std::string_view path, int64_t offset, int64_t length) override {
    if (offset < 0 || length < 0) return IoError(path, "a range must not be negative");
    ASSIGN_OR_RETURN(const Location at, Object(path));
    return ClientOf(at)->GetRange(at, offset, length);
  }

  Result<int64_t> ReadInto(std::string_view path, int64_t offset, char* buffer, int64_t length) override {
    if (offset < 0 || length < 0) return IoError(path, "a range must not be negative");
    ASSIGN_OR_RETURN(const Location at, Object(path));
    const int64_t piece = std::max<int64_t>(ClientOf(at)->options().range_bytes, 1 << 20);
    if (length <= piece + piece / 2) return ClientOf(at)->GetInto(at, offset, buffer, length);
    return ReadPieces(at, offset, buffer, length, piece);
  }

  Result<ObjectMeta> Head(std::string_view path) override {
    ASSIGN_OR_RETURN(const Location at, Object(path));
    ASSIGN_OR_RETURN(const auto object, ClientOf(at)->Head(at));
    return ObjectMeta{std::string(path), object.size_bytes, object.modified_ms};
  }

  Status Put(std::string_view path, std::string_view bytes) override {
    ASSIGN_OR_RETURN(const Location at, Object(path));
    return ClientOf(at)->Put(at, bytes);
  }

  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view bytes) override {
    ASSIGN_OR_RETURN(const Location at, Object(path));
    return ClientOf(at)->PutIfAbsent(at, bytes);
  }

  void ExpectPutIfAbsent(std::string_view path) override {
    if (const auto at = Object(path); at.ok()) ClientOf(*at)->ExpectPutIfAbsent(*at);
  }

  Result<std::unique_ptr<ObjectWriter>> OpenWriter(std::string_view path) override {
    ASSIGN_OR_RETURN(Location at, Object(path));
    const auto& client = ClientOf(at);
    return std::unique_ptr<ObjectWriter>(new S3Writer(client, std::move(at)));
  }

  Result<std::vector<ObjectMeta>> List(std::string_view dir, std::string_view from_name) override {
    ASSIGN_OR_RETURN(FirstNames names, ListPages(dir, from_name, false));
    return std::move(names.objects);
  }

  Result<FirstNames> ListFirst(std::string_view dir, std::string_view from_name) override {
    return ListPages(dir, from_name, true);
  }

  Result<std::vector<ObjectMeta>> ListRecursive(std::string_view dir) override {
    ASSIGN_OR_RETURN(Location at, ParseLocation(dir));
    at.key = DirectoryKey(at.key);
    std::vector<ObjectMeta> out;
    RETURN_IF_ERROR(ClientOf(at)->List(at, "", "", 0, [&](ListPage&& page) {
      for (auto& object : page.objects) {
        if (object.key.ends_with('/') || BaseName(object.key).starts_with(kProbePrefix)) continue;
        out.push_back({JoinPath(dir, object.key.substr(at.key.size())), object.size_bytes, object.modified_ms});
      }
      return true;
    }));
    return Sorted(std::move(out));
  }

  Result<std::vector<std::string>> ListDirectories(std::string_view dir) override {
    ASSIGN_OR_RETURN(Location at, ParseLocation(dir));
    at.key = DirectoryKey(at.key);
    std::vector<std::string> out;
    RETURN_IF_ERROR(ClientOf(at)->List(at, "/", "", 0, [&](ListPage&& page) {
      for (auto& prefix : page.prefixes) {
        std::string name = prefix.substr(std::min(at.key.size(), prefix.size()));
        if (name.ends_with('/')) name.pop_back();
        if (!name.empty()) out.push_back(std::move(name));
      }
      return true;
    }));
    std::sort(out.begin(), out.end());
    return out;
  }

  // Not by listing what is beside it, which may be a whole bucket.
  Result<bool> HasDirectory(std::string_view dir) override {
    ASSIGN_OR_RETURN(Location at, ParseLocation(dir));
    at.key = DirectoryKey(at.key);
    bool any = false;
    RETURN_IF_ERROR(ClientOf(at)->List(at, "/", "", 1, [&](ListPage&& page) {
      any = !page.objects.empty() || !page.prefixes.empty();
      return !any;
    }));
    return any;
  }

  int RequestsAtOnce() const override { return kRequestsAtOnce; }
  void Together(const std::vector<std::function<void()>>& requests) override {
    RequestThreads::Instance().RunAll(requests, kRequestsAtOnce);
  }

  Status Delete(std::string_view path) override {
    ASSIGN_OR_RETURN(const Location at, Object(path));
    return ClientOf(at)->Delete(at);
  }

  Status DeleteRecursive(std::string_view dir) override {
    ASSIGN_OR_RETURN(Location at, ParseLocation(dir));
    at.key = DirectoryKey(at.key);
    std::vector<std::string> keys;
    RETURN_IF_ERROR(ClientOf(at)->List(at, "", "", 0, [&](ListPage&& page) {
      for (auto& object : page.objects) keys.push_back(std::move(object.key));
      return true;
    }));
    for (size_t start = 0; start < keys.size(); start += kDeleteBatch) {
      const auto first = keys.begin() + static_cast<std::ptrdiff_t>(start);
      const auto last = keys.begin() + static_cast<std::ptrdiff_t>(std::min(keys.size(), start + kDeleteBatch));
      RETURN_IF_ERROR(ClientOf(at)->DeleteMany(at, {first, last}));
    }
    return Status::Ok();
  }

  bool NativeWritesAreAtomic() const override { return true; }

  std::string NativePath(std::string_view path) const override {
    const std::string_view scheme = SchemeOf(path);
    if (scheme != "s3a" && scheme != "s3" && scheme != "s3n") return std::string(path);
    return std::string(scheme) + "+" + tag_ + std::string(path.substr(scheme.size()));
  }

 private:
  static Result<Location> Object(std::string_view path) {
    ASSIGN_OR_RETURN(Location at, ParseLocation(path));
    if (at.key.empty()) return IoError(path, "names a bucket, not an object");
    return at;
  }

  Result<FirstNames> ListPages(std::string_view dir, std::string_view from_name, bool only_first) {
    ASSIGN_OR_RETURN(Location at, ParseLocation(dir));
    at.key = DirectoryKey(at.key);
    FirstNames out;
    const std::string after = from_name.empty() ? std::string() : at.key + Before(from_name);
    RETURN_IF_ERROR(ClientOf(at)->List(at, "/", after, 0, [&](ListPage&& page) {
      for (auto& object : page.objects) {
        const std::string_view name = std::string_view(object.key).substr(std::min(at.key.size(), object.key.size()));
        if (name.empty() || name.ends_with('/') || name < from_name) continue;  // markers of directories
        out.objects.push_back({JoinPath(dir, name), object.size_bytes, object.modified_ms});
      }
      out.complete = page.next_token.empty();
      return !only_first;
    }));
    out.objects = Sorted(std::move(out.objects));
    return out;
  }

  static std::vector<ObjectMeta> Sorted(std::vector<ObjectMeta> files) {
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return files;
  }

  // A long read as several requests, some at once. The first is ours, so that one thread fewer is started.
  Result<int64_t> ReadPieces(const Location& at, int64_t offset, char* buffer, int64_t length, int64_t piece) {
    const int64_t count = (length + piece - 1) / piece;
    std::atomic<int64_t> next{0};
    const auto work = [&]() -> Result<int64_t> {
      int64_t got = 0;
      for (int64_t i = next++; i < count; i = next++) {
        const int64_t start = i * piece;
        const int64_t wanted = std::min(piece, length - start);
        ASSIGN_OR_RETURN(const int64_t bytes, ClientOf(at)->GetInto(at, offset + start, buffer + start, wanted));
        if (bytes != wanted && i + 1 < count) return IoError(at.path, "the object is shorter than it was");
        got += bytes;
      }
      return got;
    };
    std::vector<std::future<Result<int64_t>>> others;
    const int64_t threads = std::min<int64_t>(std::max(1, ClientOf(at)->options().parallel_ranges), count);
    for (int64_t i = 1; i < threads; i++) others.push_back(std::async(std::launch::async, work));
    Result<int64_t> total = work();
    for (auto& other : others) {
      auto part = other.get();
      if (!total.ok()) continue;
      if (!part.ok()) {
        total = part.status();
      } else {
        *total += *part;
      }
    }
    return total;
  }

  const std::shared_ptr<S3Client>& ClientOf(const Location& at) const {
    const auto own = clients_.find(at.bucket);
    return own == clients_.end() ? default_client_ : own->second;
  }

  const std::shared_ptr<S3Client> default_client_;
  std::map<std::string, std::shared_ptr<S3Client>> clients_;  // of the buckets with options of their own
  const std::string tag_;
};

}  // namespace

std::shared_ptr<ObjectStore> NewS3Store(const S3Options& options, std::string tag, const Seams& seams) {
  return std::make_shared<S3Store>(options, std::move(tag), seams);
}

}  // namespace deltic::storage::s3
