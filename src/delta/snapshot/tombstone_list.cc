#include "delta/snapshot/tombstone_list.h"

#include <unordered_map>
#include <unordered_set>

#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

TombstoneList::TombstoneList() : merged_(std::make_shared<Merged>()) {}

// One layer that says what these say together. The oldest layer of a list needs no revived keys.
TombstoneList::Layer TombstoneList::Flatten(const std::string& table_path,
                                            const std::vector<std::shared_ptr<const Layer>>& layers,
                                            bool keep_revived) {
  if (layers.size() == 1 && keep_revived) return *layers[0];
  Layer out;
  // From the newest on: the first word about a key is the last one said.
  std::unordered_set<std::string> seen;
  for (size_t i = layers.size(); i-- > 0;) {
    for (const auto& key : layers[i]->revived) {
      if (seen.insert(key).second && keep_revived) out.revived.push_back(key);
    }
    for (const auto& remove : layers[i]->removed) {
      if (seen.insert(FileKey(table_path, remove.path, remove.deletion_vector)).second) out.removed.push_back(remove);
    }
  }
  return out;
}

TombstoneList TombstoneList::With(const std::string& table_path, std::vector<RemoveFile> removed,
                                  std::vector<std::string> revived) const {
  TombstoneList out;
  out.layers_ = layers_;
  auto layer = std::make_shared<Layer>();
  layer->removed = std::move(removed);
  if (!layers_.empty()) layer->revived = std::move(revived);
  if (layer->size() == 0) return out;
  out.layers_.push_back(std::move(layer));
  // Layers at least double in size from the newest to the oldest, so there are few of them.
  while (out.layers_.size() > 1) {
    const size_t last = out.layers_.size() - 1;
    if (out.layers_[last - 1]->size() > 2 * out.layers_[last]->size()) break;
    auto merged = std::make_shared<Layer>(
        Flatten(table_path, {out.layers_[last - 1], out.layers_[last]}, /*keep_revived=*/last > 1));
    out.layers_.pop_back();
    out.layers_.back() = std::move(merged);
  }
  return out;
}

const std::vector<RemoveFile>& TombstoneList::Unexpired(const std::string& table_path, int64_t expired_ms) const {
  std::call_once(merged_->once, [&] {
    if (layers_.empty()) return;
    Layer all = Flatten(table_path, layers_, false);
    std::erase_if(all.removed,
                  [&](const RemoveFile& remove) { return remove.deletion_timestamp_ms.value_or(0) <= expired_ms; });
    merged_->removes = std::move(all.removed);
  });
  return merged_->removes;
}

}  // namespace deltic::delta
