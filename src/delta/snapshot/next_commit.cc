#include "delta/snapshot/next_commit.h"

namespace deltic::delta {
namespace {

constexpr char kKey[] = "delta.nextCommit";

}  // namespace

void KeepNextCommit(const Snapshot& snapshot, const std::string& text) {
  if (text.size() > kMaxKeptCommitBytes) return;
  (void)snapshot.Derived(kKey, [&] { return std::make_shared<const std::string>(text); });
}

std::shared_ptr<const std::string> NextCommitOf(const Snapshot& snapshot) {
  return std::static_pointer_cast<const std::string>(snapshot.Derived(kKey, [] { return nullptr; }));
}

}  // namespace deltic::delta
