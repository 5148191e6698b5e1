// Which store serves a path, and what every store can do by its other operations.
#include "storage/object_store.h"

#include <algorithm>
#include <cstring>

namespace deltic::storage {
namespace {

class BufferedWriter final : public ObjectWriter {
 public:
  BufferedWriter(ObjectStore* store, std::string path) : store_(store), path_(std::move(path)) {}
  Status Append(std::string_view bytes) override {
    bytes_ += bytes;
    return Status::Ok();
  }
  Status Finish() override {
    RETURN_IF_ERROR(Allowed());
    return store_->Put(path_, bytes_);
  }

 private:
  ObjectStore* const store_;
  const std::string path_;
  std::string bytes_;
};

// Length of "s3a" in "s3a+<tag>://…"; 0 for any other path.
size_t TaggedScheme(std::string_view native) {
  const std::string_view scheme = SchemeOf(native);
  const size_t plus = scheme.find('+');
  if (plus == std::string_view::npos || plus + 1 == scheme.size()) return 0;
  const std::string_view plain = scheme.substr(0, plus);
  return plain == "s3a" || plain == "s3" || plain == "s3n" ? plus : 0;
}

}  // namespace

Status ObjectWriter::Allowed() {
  if (allowed_ != nullptr) answer_ = std::exchange(allowed_, nullptr)();
  return answer_;
}

Result<int64_t> ObjectStore::ReadInto(std::string_view path, int64_t offset, char* buffer, int64_t length) {
  ASSIGN_OR_RETURN(const std::string bytes, GetRange(path, offset, length));
  std::memcpy(buffer, bytes.data(), bytes.size());
  return static_cast<int64_t>(bytes.size());
}

Result<bool> ObjectStore::HasDirectory(std::string_view dir) {
  ASSIGN_OR_RETURN(const auto siblings, ListDirectories(DirName(dir)));
  return std::find(siblings.begin(), siblings.end(), BaseName(dir)) != siblings.end();
}

Result<ObjectStore::FirstNames> ObjectStore::ListFirst(std::string_view dir, std::string_view from_name) {
  FirstNames names;
  ASSIGN_OR_RETURN(names.objects, List(dir, from_name));
  return names;
}

void ObjectStore::Together(const std::vector<std::function<void()>>& requests) {
  for (const auto& request : requests) request();
}

Result<std::unique_ptr<ObjectWriter>> ObjectStore::OpenWriter(std::string_view path) {
  return std::unique_ptr<ObjectWriter>(new BufferedWriter(this, std::string(path)));
}

bool IsS3Path(std::string_view path) {
  const std::string_view scheme = SchemeOf(path);
  return scheme == "s3a" || scheme == "s3" || scheme == "s3n";
}

bool IsRemoteNative(std::string_view native) { return TaggedScheme(native) > 0; }

std::string DisplayOfNative(std::string_view native) {
  const size_t plain = TaggedScheme(native);
  if (plain == 0) return std::string(native);
  return std::string(native.substr(0, plain)) + std::string(native.substr(native.find(':')));
}

std::string WithoutNativePaths(std::string text) {
  constexpr size_t kTagDigits = 32;
  for (size_t plus = text.find('+'); plus != std::string::npos; plus = text.find('+', plus + 1)) {
    const size_t end = plus + 1 + kTagDigits;
    const std::string_view before = std::string_view(text).substr(0, plus);
    if (!before.ends_with("s3a") && !before.ends_with("s3") && !before.ends_with("s3n")) continue;
    if (text.find_first_not_of("0123456789abcdef", plus + 1) != end || text.compare(end, 3, "://") != 0) continue;
    text.erase(plus, end - plus);
  }
  return text;
}

Result<std::shared_ptr<ObjectStore>> StoreFor(std::string_view path) {
  const std::string_view scheme = SchemeOf(path);
  if (scheme.empty() || scheme == "file") return LocalStore();
  if (scheme == "memory") {
    static const std::shared_ptr<ObjectStore> memory = NewMemoryStore();
    return memory;
  }
  if (IsS3Path(path))
    return Unsupported("object storage here, without the settings of a session: " + std::string(path));
  return Unsupported("file system scheme \"" + std::string(scheme) + "\" of " + std::string(path));
}

}  // namespace deltic::storage
