// A store that fails on demand: wraps another store and asks a plan before each operation. For tests and simulation.
// As thread-safe as the wrapped store; the plan is called from every thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "storage/object_store.h"

namespace deltic::storage::testing {

enum class Fault {
  kNone,
  kFail,       // nothing happens, an error is returned
  kAmbiguous,  // the operation happens, an error is returned (a lost answer)
  kDuplicate,  // a put that is sent twice; the second answer is returned
  kEcho,       // a put that is sent twice; the first answer is returned, the second arrives at ReleaseDelayed()
  kDelay,      // a put that happens only at ReleaseDelayed(); an error is returned
  kTorn,       // a put of the first half of the bytes; an error is returned (files that others than the store write)
  kFull,       // a put that finds no room; nothing happens
  kStale,      // a list as it was a moment before its newest object, if that came in the last minute of the clock
};

enum class Op { kGet, kHead, kPut, kPutIfAbsent, kList, kDelete };

using FaultPlan = std::function<Fault(Op op, std::string_view path)>;

class FaultStore : public ObjectStore {
 public:
  // `clock`: the inner store's, needed for stale lists.
  FaultStore(std::shared_ptr<ObjectStore> inner, FaultPlan plan, Clock* clock = nullptr)
      : inner_(std::move(inner)), plan_(std::move(plan)), clock_(clock) {}

  // Lets the delayed puts happen, in their order.
  void ReleaseDelayed() {
    std::vector<std::function<void()>> puts;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      puts.swap(delayed_);
    }
    for (const auto& put : puts) put();
  }

  // As a store whose requests take long: what may be asked at once is asked in order, and a list comes in pages.
  void BeFarAway(int requests_at_once, size_t names_of_a_page) {
    requests_at_once_ = requests_at_once;
    names_of_a_page_ = names_of_a_page;
  }
  int RequestsAtOnce() const override { return requests_at_once_; }
  Result<FirstNames> ListFirst(std::string_view dir, std::string_view from_name) override {
    FirstNames names;
    ASSIGN_OR_RETURN(names.objects, List(dir, from_name));
    names.complete = names.objects.size() <= names_of_a_page_;
    if (!names.complete) names.objects.resize(names_of_a_page_);
    return names;
  }

  Result<std::string> Get(std::string_view path) override {
    return Run(Op::kGet, path, [&] { return inner_->Get(path); });
  }
  Result<std::string> GetRange(std::string_view path, int64_t offset, int64_t length) override {
    return Run(Op::kGet, path, [&] { return inner_->GetRange(path, offset, length); });
  }
  Result<ObjectMeta> Head(std::string_view path) override {
    return Run(Op::kHead, path, [&] { return inner_->Head(path); });
  }
  Status Put(std::string_view path, std::string_view bytes) override {
    return RunPut(Op::kPut, path, bytes, [this](std::string_view p, std::string_view b) { return inner_->Put(p, b); });
  }
  Status PutDerived(std::string_view path, std::string_view bytes) override {
    return RunPut(Op::kPut, path, bytes,
                  [this](std::string_view p, std::string_view b) { return inner_->PutDerived(p, b); });
  }
  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view bytes) override {
    return RunPut(Op::kPutIfAbsent, path, bytes,
                  [this](std::string_view p, std::string_view b) { return inner_->PutIfAbsent(p, b); });
  }
  Result<std::vector<ObjectMeta>> List(std::string_view dir, std::string_view from_name) override {
    bool stale = false;
    auto listed = Run(Op::kList, dir, [&] { return inner_->List(dir, from_name); }, &stale);
    if (!stale || !listed.ok()) return listed;
    int64_t newest_ms = 0;
    for (const auto& object : *listed) newest_ms = std::max(newest_ms, object.modified_ms);
    if (newest_ms < clock_->NowMillis() - kLongestStaleMs) return listed;
    std::erase_if(*listed, [&](const ObjectMeta& object) { return object.modified_ms > newest_ms - kStaleMs; });
    return listed;
  }
  Result<std::vector<ObjectMeta>> ListRecursive(std::string_view dir) override {
    return Run(Op::kList, dir, [&] { return inner_->ListRecursive(dir); });
  }
  Result<std::vector<std::string>> ListDirectories(std::string_view dir) override {
    return Run(Op::kList, dir, [&] { return inner_->ListDirectories(dir); });
  }
  Result<bool> HasDirectory(std::string_view dir) override {
    return Run(Op::kList, dir, [&] { return inner_->HasDirectory(dir); });
  }
  Status Delete(std::string_view path) override {
    return Run(Op::kDelete, path, [&] { return inner_->Delete(path); });
  }
  Status DeleteRecursive(std::string_view dir) override {
    return Run(Op::kDelete, dir, [&] { return inner_->DeleteRecursive(dir); });
  }
  std::string NativePath(std::string_view path) const override { return inner_->NativePath(path); }

 private:
  template <typename Body>
  auto Run(Op op, std::string_view path, Body body, bool* stale = nullptr) -> decltype(body()) {
    const Fault fault = plan_(op, path);
    if (fault == Fault::kFail) return IoError(path, "injected fault");
    if (fault == Fault::kFull) return IoError(path, kNoRoom);
    if (stale != nullptr) *stale = fault == Fault::kStale;
    auto result = body();
    if (fault == Fault::kAmbiguous) return IoError(path, "injected fault after the operation");
    return result;
  }

  template <typename Body>
  auto RunPut(Op op, std::string_view path, std::string_view bytes, Body body) -> decltype(body(path, bytes)) {
    switch (plan_(op, path)) {
      case Fault::kFail: return IoError(path, "injected fault");
      case Fault::kFull: return IoError(path, kNoRoom);
      case Fault::kAmbiguous: (void)body(path, bytes); return IoError(path, "injected fault after the operation");
      case Fault::kDuplicate: (void)body(path, bytes); return body(path, bytes);
      case Fault::kTorn:
        (void)body(path, bytes.substr(0, bytes.size() / 2));
        return IoError(path, "injected torn write");
      case Fault::kEcho: {
        auto result = body(path, bytes);
        Delay(path, bytes, body);
        return result;
      }
      case Fault::kDelay: Delay(path, bytes, body); return IoError(path, "injected delay");
      default: return body(path, bytes);
    }
  }

  template <typename Body>
  void Delay(std::string_view path, std::string_view bytes, Body body) {
    std::lock_guard<std::mutex> lock(mutex_);
    delayed_.push_back([body, p = std::string(path), b = std::string(bytes)] { (void)body(p, b); });
  }

  static constexpr std::string_view kNoRoom = "write failed (No space left on device)";  // as a local store's
  // How far back a stale list is.
  static constexpr int64_t kStaleMs = 2000;
  // No store's lists lag for longer.
  static constexpr int64_t kLongestStaleMs = 60000;

  std::shared_ptr<ObjectStore> inner_;
  FaultPlan plan_;
  Clock* clock_;
  int requests_at_once_ = 1;
  size_t names_of_a_page_ = 0;
  std::mutex mutex_;
  std::vector<std::function<void()>> delayed_;  // guarded by mutex_
};

}  // namespace deltic::storage::testing
