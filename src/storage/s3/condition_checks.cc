#include "storage/s3/condition_checks.h"

#include <utility>

namespace deltic::storage::s3 {

std::function<void()> ConditionChecks::Begin(const std::string& bucket, Probe probe) {
  std::lock_guard lock(mutex_);
  if (heeding_.contains(bucket)) return nullptr;
  auto& check = checks_[bucket];
  if (check != nullptr) return nullptr;
  check = std::make_shared<Check>();
  return [this, bucket, probe = std::move(probe), check] {
    {
      std::lock_guard own(mutex_);
      if (std::exchange(check->taken, true)) return;
    }
    (void)Run(bucket, check, probe);  // who needs to know probes again
  };
}

Result<ConditionChecks::Finding> ConditionChecks::Require(const std::string& bucket, const Probe& probe) {
  std::shared_ptr<Check> check;
  {
    std::unique_lock lock(mutex_);
    while (check == nullptr) {  // those that wait end one by one: each runs its own probe, or learns of a finding
      if (heeding_.contains(bucket)) return Finding::kHeeded;
      auto& begun = checks_[bucket];
      if (begun == nullptr) begun = std::make_shared<Check>();
      const auto found = begun;
      if (!std::exchange(found->taken, true)) {
        check = found;
        break;
      }
      ended_.wait(lock, [&] { return found->ended; });
      if (found->finding.has_value()) return *found->finding;
    }
  }
  return Run(bucket, check, probe);
}

Result<ConditionChecks::Finding> ConditionChecks::Run(const std::string& bucket, const std::shared_ptr<Check>& check,
                                                      const Probe& probe) {
  const Result<Finding> finding = probe();
  {
    std::lock_guard lock(mutex_);
    if (finding.ok()) check->finding = *finding;
    check->ended = true;
    if (check->finding == Finding::kHeeded) heeding_.insert(bucket);
    checks_.erase(bucket);
  }
  ended_.notify_all();
  return finding;
}

}  // namespace deltic::storage::s3
