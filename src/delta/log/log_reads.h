// Reads of many files of a log, whose results are taken in order: as many at once as the store has ways for, one after
// the other where it answers at once. What is read and not yet taken is bounded.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/status.h"
#include "storage/object_store.h"

namespace deltic::delta {

// `read(i)` runs on any thread, several of them at once, and keeps what it got; `take(i)` follows on the calling
// thread, i ascending. An error of `take` ends it. `sizes`: about the bytes of each.
Status ReadInOrder(storage::ObjectStore* store, const std::vector<int64_t>& sizes,
                   const std::function<void(size_t)>& read, const std::function<Status(size_t)>& take);

}  // namespace deltic::delta
