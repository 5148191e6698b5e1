#include "storage/s3/s3_registry.h"

#include <algorithm>
#include <cstdio>
#include <list>
#include <mutex>

#include "base/random.h"
#include "storage/s3/s3_store.h"

namespace deltic::storage::s3 {
namespace {

// Sessions come and go with short-lived credentials: the stores not used for longest are closed beyond this number.
constexpr size_t kMaxStores = 1024;

class Registry {
 public:
  static Registry& Instance() {
    static Registry registry;
    return registry;
  }

  RegisteredStore With(const S3Options& options) {
    std::lock_guard lock(mutex_);
    const auto it =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.options == options; });
    if (it != entries_.end()) {
      entries_.splice(entries_.begin(), entries_, it);
      return it->registered;
    }
    const std::string tag = NewTag();
    entries_.push_front({options, {NewS3Store(options, tag), tag}});
    if (entries_.size() > kMaxStores) entries_.pop_back();
    return entries_.front().registered;
  }

  std::shared_ptr<ObjectStore> Find(std::string_view tag) {
    std::lock_guard lock(mutex_);
    const auto it =
        std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.registered.tag == tag; });
    if (it == entries_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, it);
    return it->registered.store;
  }

 private:
  struct Entry {
    S3Options options;
    RegisteredStore registered;
  };

  static std::string NewTag() {
    char text[40];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(Random::System()->Next64()),
                  static_cast<unsigned long long>(Random::System()->Next64()));
    return text;
  }

  std::mutex mutex_;
  std::list<Entry> entries_;  // the one used last is first
};

}  // namespace

RegisteredStore StoreWith(const S3Options& options) { return Registry::Instance().With(options); }

Result<NativeTarget> ResolveNative(std::string_view native) {
  const std::string path = DisplayOfNative(native);
  if (!IsRemoteNative(native)) return IoError(path, "is not a path of an open store");
  const std::string_view scheme = SchemeOf(native);
  auto store = Registry::Instance().Find(scheme.substr(scheme.find('+') + 1));
  if (store == nullptr) return IoError(path, "its store was closed");
  return NativeTarget{std::move(store), path};
}

}  // namespace deltic::storage::s3
