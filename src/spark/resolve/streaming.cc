#include "spark/resolve/streaming.h"

#include <vector>

#include "spark/resolve/tree.h"

namespace deltic::spark::resolve {

bool IsStreaming(const engine::Rel& rel) {
  std::vector<const engine::Rel*> pending = {&rel};
  std::vector<RelPtr> alive;
  while (!pending.empty()) {
    const engine::Rel* next = pending.back();
    pending.pop_back();
    if (next->kind == RelKind::kStream) return true;
    for (RelPtr& child : ChildrenOf(*next)) {
      pending.push_back(child.get());
      alive.push_back(std::move(child));
    }
  }
  return false;
}

}  // namespace deltic::spark::resolve
