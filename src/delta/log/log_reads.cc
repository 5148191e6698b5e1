#include "delta/log/log_reads.h"

#include <algorithm>

namespace deltic::delta {
namespace {

constexpr int64_t kMaxBytesAhead = int64_t{32} << 20;

}  // namespace

Status ReadInOrder(storage::ObjectStore* store, const std::vector<int64_t>& sizes,
                   const std::function<void(size_t)>& read, const std::function<Status(size_t)>& take) {
  const auto at_once = static_cast<size_t>(store->RequestsAtOnce());
  if (at_once == 1) {
    for (size_t i = 0; i < sizes.size(); i++) {
      read(i);
      RETURN_IF_ERROR(take(i));
    }
    return Status::Ok();
  }
  for (size_t i = 0; i < sizes.size();) {
    size_t end = i + 1;
    for (int64_t bytes = sizes[i]; end < std::min(sizes.size(), i + at_once); end++) {
      bytes += sizes[end];
      if (bytes > kMaxBytesAhead) break;
    }
    std::vector<std::function<void()>> reads;
    for (size_t n = i; n < end; n++) reads.emplace_back([&read, n] { read(n); });
    store->Together(reads);
    for (; i < end; i++) RETURN_IF_ERROR(take(i));
  }
  return Status::Ok();
}

}  // namespace deltic::delta
