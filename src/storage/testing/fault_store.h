// A store that fails on demand: wraps another store and asks a plan before each operation. For tests and simulation.
// As thread-safe as the wrapped store; the plan is called from every thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/object_store.h"

namespace deltic::storage::testing {

enum class Fault {
  kNone,
  kFail,       // nothing happens, an error is returned
  kAmbiguous,  // the operation happens, an error is returned (a lost answer)
};

enum class Op { kGet, kHead, kPut, kPutIfAbsent, kList, kDelete };

using FaultPlan = std::function<Fault(Op op, std::string_view path)>;

class FaultStore : public ObjectStore {
 public:
  FaultStore(std::shared_ptr<ObjectStore> inner, FaultPlan plan) : inner_(std::move(inner)), plan_(std::move(plan)) {}

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
    return Run(Op::kPut, path, [&] { return inner_->Put(path, bytes); });
  }
  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view bytes) override {
    return Run(Op::kPutIfAbsent, path, [&] { return inner_->PutIfAbsent(path, bytes); });
  }
  Result<std::vector<ObjectMeta>> List(std::string_view dir, std::string_view from_name) override {
    return Run(Op::kList, dir, [&] { return inner_->List(dir, from_name); });
  }
  Result<std::vector<ObjectMeta>> ListRecursive(std::string_view dir) override {
    return Run(Op::kList, dir, [&] { return inner_->ListRecursive(dir); });
  }
  Result<std::vector<std::string>> ListDirectories(std::string_view dir) override {
    return Run(Op::kList, dir, [&] { return inner_->ListDirectories(dir); });
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
  auto Run(Op op, std::string_view path, Body body) -> decltype(body()) {
    const Fault fault = plan_(op, path);
    if (fault == Fault::kFail) return IoError(path, "injected fault");
    auto result = body();
    if (fault == Fault::kAmbiguous) return IoError(path, "injected fault after the operation");
    return result;
  }

  std::shared_ptr<ObjectStore> inner_;
  FaultPlan plan_;
};

}  // namespace deltic::storage::testing
