#include "storage/object_reader.h"

#include <algorithm>
#include <cstring>

namespace deltic::storage {
namespace {

// Longer reads are worth a request of their own.
constexpr int64_t kDirectBytes = 256 << 10;
constexpr int64_t kFirstWindowBytes = 64 << 10;
constexpr int64_t kMaxWindowBytes = 8 << 20;

}  // namespace

ObjectReader::ObjectReader(std::shared_ptr<ObjectStore> store, std::string path, int64_t size_bytes,
                           std::shared_ptr<const std::string> whole)
    : store_(std::move(store)),
      path_(std::move(path)),
      size_bytes_(size_bytes),
      window_(std::move(whole)),
      window_bytes_(kFirstWindowBytes) {}

std::shared_ptr<const std::string> ObjectReader::whole() const {
  std::lock_guard lock(mutex_);
  const bool all = window_ != nullptr && window_start_ == 0 && static_cast<int64_t>(window_->size()) == size_bytes_;
  return all ? window_ : nullptr;
}

Result<int64_t> ObjectReader::Read(int64_t offset, char* buffer, int64_t length) {
  length = std::min(length, size_bytes_ - offset);
  if (offset < 0 || length <= 0) return int64_t{0};
  if (length < kDirectBytes || size_bytes_ <= kWholeBytes) return ReadWindow(offset, buffer, length);
  {
    std::lock_guard lock(mutex_);
    const bool inside = window_ != nullptr && offset >= window_start_ &&
                        offset + length <= window_start_ + static_cast<int64_t>(window_->size());
    if (inside) {
      std::memcpy(buffer, window_->data() + (offset - window_start_), static_cast<size_t>(length));
      return length;
    }
  }
  ASSIGN_OR_RETURN(const int64_t got, store_->ReadInto(path_, offset, buffer, length));
  if (got != length) return IoError(path_, "is shorter than it should be");
  return got;
}

Result<int64_t> ObjectReader::ReadWindow(int64_t offset, char* buffer, int64_t length) {
  std::lock_guard lock(mutex_);
  const int64_t end = window_ == nullptr ? 0 : window_start_ + static_cast<int64_t>(window_->size());
  if (window_ == nullptr || offset < window_start_ || offset + length > end) {
    int64_t start = offset;
    int64_t wanted = 0;
    if (size_bytes_ <= kWholeBytes) {
      start = 0;
      wanted = size_bytes_;
    } else {
      // Reading on from where the last window ended: worth fetching more each time.
      const bool follows = window_ != nullptr && offset >= window_start_ && offset <= end;
      window_bytes_ = follows ? std::min(window_bytes_ * 4, kMaxWindowBytes) : kFirstWindowBytes;
      wanted = std::min(std::max(length, window_bytes_), size_bytes_ - start);
    }
    std::string bytes(static_cast<size_t>(wanted), '\0');
    ASSIGN_OR_RETURN(const int64_t got, store_->ReadInto(path_, start, bytes.data(), wanted));
    if (got != wanted) return IoError(path_, "is shorter than it should be");
    window_ = std::make_shared<const std::string>(std::move(bytes));
    window_start_ = start;
  }
  std::memcpy(buffer, window_->data() + (offset - window_start_), static_cast<size_t>(length));
  return length;
}

}  // namespace deltic::storage
