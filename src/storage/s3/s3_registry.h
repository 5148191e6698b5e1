// The S3 stores of the process: one for each distinct set of settings, so that sessions with equal settings share
// connections and sessions with different ones share nothing. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "storage/object_store.h"
#include "storage/s3/s3_options.h"

namespace deltic::storage::s3 {

struct RegisteredStore {
  std::shared_ptr<ObjectStore> store;
  // Stands for the settings, credentials among them, without telling any: random, the same while the process lives.
  std::string tag;
};

// The store for these settings; made when there is none yet.
RegisteredStore StoreWith(const S3Options& options);

// A path that a store's NativePath gave, back to the store and its own path. IO_ERROR when there is no such store.
struct NativeTarget {
  std::shared_ptr<ObjectStore> store;
  std::string path;
};
Result<NativeTarget> ResolveNative(std::string_view native);

}  // namespace deltic::storage::s3
