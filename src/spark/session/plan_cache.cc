#include "spark/session/plan_cache.h"

#include <algorithm>
#include <chrono>

#include "spark/resolve/canonical_plan.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::session {
namespace {

using engine::ExprKind;
using engine::ExprPtr;
using engine::Rel;
using engine::RelKind;
using engine::RelPtr;

bool IsAtOrBelow(const std::string& path, const std::string& root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/' || root.ends_with('/'));
}

size_t CountNodes(const Rel& rel) {
  size_t count = 1;
  for (const RelPtr& child : resolve::ChildrenOf(rel)) count += CountNodes(*child);
  return count;
}

// What the plan reads, relations of its subqueries included.
void CollectRoots(const RelPtr& rel, std::vector<std::string>* roots) {
  if (rel->kind == RelKind::kFiles) {
    const auto& files = rel->As<engine::FilesRel>();
    if (!files.pinned) roots->insert(roots->end(), files.roots.begin(), files.roots.end());
  }
  for (const RelPtr& child : resolve::ChildrenOf(*rel)) CollectRoots(child, roots);
  std::function<void(const ExprPtr&)> visit = [&](const ExprPtr& expr) {
    if (expr->kind == ExprKind::kSubquery) CollectRoots(expr->As<engine::Subquery>().plan, roots);
    resolve::ForEachChild(expr, visit);
  };
  const auto keep = [](const engine::Column& column) { return column; };
  resolve::RebuildRel(
      rel, resolve::ChildrenOf(*rel),
      [&](const ExprPtr& expr) {
        visit(expr);
        return expr;
      },
      keep);
}

}  // namespace

void WriteLog::Note(const std::string& path) {
  std::lock_guard lock(mutex_);
  writes_[path] = ++now_;
  if (writes_.size() <= kMaxPaths) return;
  const auto oldest = std::min_element(writes_.begin(), writes_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
  forgotten_ = oldest->second;
  writes_.erase(oldest);
}

uint64_t WriteLog::now() const {
  std::lock_guard lock(mutex_);
  return now_;
}

bool WriteLog::WrittenSince(const std::vector<std::string>& paths, uint64_t since) const {
  std::lock_guard lock(mutex_);
  if (now_ <= since || paths.empty()) return false;
  if (forgotten_ > since) return true;
  return std::any_of(writes_.begin(), writes_.end(), [&](const auto& write) {
    return write.second > since && std::any_of(paths.begin(), paths.end(), [&](const std::string& path) {
             return IsAtOrBelow(write.first, path) || IsAtOrBelow(path, write.first);
           });
  });
}

struct PlanCache::Entry {
  StorageLevel level;
  // To tell most plans apart without their canonical form.
  RelKind kind;
  size_t width;
  size_t nodes;
  std::vector<std::string> roots;

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  bool computing = false;
  std::shared_ptr<const engine::CachedRel> rows;  // null: not computed
  uint64_t written = 0;                           // the write log when the rows were computed
};

// Replaces the persisted parts of one plan, the largest first.
class PlanCache::Reader {
 public:
  Reader(const std::map<std::string, EntryPtr>& entries, int64_t now_micros, engine::Engine* engine,
         const engine::QueryOptions& options, const WriteLog& writes)
      : entries_(entries), now_micros_(now_micros), engine_(engine), options_(options), writes_(writes) {}

  // `whole`: the plan itself may be replaced, not only its parts.
  RelPtr Replace(const RelPtr& rel, bool whole = true) {
    if (!status_.ok()) return rel;
    if (whole && rel->kind != RelKind::kCached && rel->kind != RelKind::kOneRow) {
      if (const EntryPtr entry = Match(*rel)) return Rows(entry, rel);
    }
    std::vector<RelPtr> children = resolve::ChildrenOf(*rel);
    bool changed = false;
    for (RelPtr& child : children) {
      RelPtr replaced = Replace(child);
      changed |= replaced != child;
      child = std::move(replaced);
    }
    const auto map = [&](const ExprPtr& expr) {
      ExprPtr mapped = Expression(expr);
      changed |= mapped != expr;
      return mapped;
    };
    RelPtr rebuilt = resolve::RebuildRel(rel, children, map, [](const engine::Column& column) { return column; });
    return changed ? rebuilt : rel;
  }
  const Status& status() const { return status_; }

 private:
  ExprPtr Expression(const ExprPtr& expr) {
    ExprPtr mapped = resolve::MapChildren(expr, [this](const ExprPtr& child) { return Expression(child); });
    if (mapped->kind != ExprKind::kSubquery) return mapped;
    RelPtr plan = Replace(mapped->As<engine::Subquery>().plan);
    if (plan == mapped->As<engine::Subquery>().plan) return mapped;
    auto copy = std::make_shared<engine::Subquery>(mapped->As<engine::Subquery>());
    copy->plan = std::move(plan);
    return copy;
  }

  EntryPtr Match(const Rel& rel) const {
    const bool possible = std::any_of(entries_.begin(), entries_.end(), [&](const auto& entry) {
      return entry.second->kind == rel.kind && entry.second->width == rel.output.size() &&
             entry.second->nodes == CountNodes(rel);
    });
    if (!possible) return nullptr;
    const auto found = entries_.find(resolve::CanonicalPlan(rel, now_micros_));
    return found == entries_.end() ? nullptr : found->second;
  }

  RelPtr Rows(const EntryPtr& entry, const RelPtr& rel) {
    std::unique_lock lock(entry->mutex);
    while (entry->computing) {
      entry->changed.wait_for(lock, std::chrono::milliseconds(50));
      if (options_.interrupted && options_.interrupted()) {
        status_ = Error("OPERATION_CANCELED", {}, "Operation has been canceled.");
        return rel;
      }
    }
    if (entry->rows != nullptr && writes_.WrittenSince(entry->roots, entry->written)) entry->rows.reset();
    if (entry->rows == nullptr) {
      entry->computing = true;
      lock.unlock();
      const uint64_t written = writes_.now();
      const RelPtr plan = Replace(rel, false);
      Result<RelPtr> kept = status_.ok() ? engine_->Materialize(plan, options_) : Result<RelPtr>(status_);
      lock.lock();
      entry->computing = false;
      entry->changed.notify_all();
      if (!kept.ok()) {
        status_ = kept.status();
        return rel;
      }
      entry->rows = std::static_pointer_cast<const engine::CachedRel>(*kept);
      entry->written = written;
    }
    return std::make_shared<engine::CachedRel>(rel->output, entry->rows->table, entry->rows->name);
  }

  const std::map<std::string, EntryPtr>& entries_;
  const int64_t now_micros_;
  engine::Engine* const engine_;
  const engine::QueryOptions& options_;
  const WriteLog& writes_;
  Status status_;
};

void PlanCache::Persist(const RelPtr& plan, int64_t now_micros, StorageLevel level) {
  if (plan->output.empty()) return;  // no columns: nothing to keep
  auto entry = std::make_shared<Entry>();
  entry->level = level;
  entry->kind = plan->kind;
  entry->width = plan->output.size();
  entry->nodes = CountNodes(*plan);
  CollectRoots(plan, &entry->roots);
  std::string key = resolve::CanonicalPlan(*plan, now_micros);
  EntryPtr dropped;  // freed after the lock is released
  std::lock_guard lock(mutex_);
  if (!entries_.emplace(key, std::move(entry)).second) return;
  order_.push_back(std::move(key));
  if (order_.size() <= kMaxEntries) return;
  dropped = std::move(entries_[order_.front()]);
  entries_.erase(order_.front());
  order_.pop_front();
}

bool PlanCache::Unpersist(const RelPtr& plan, int64_t now_micros) {
  const std::string key = resolve::CanonicalPlan(*plan, now_micros);
  EntryPtr dropped;
  std::lock_guard lock(mutex_);
  const auto it = entries_.find(key);
  if (it == entries_.end()) return false;
  dropped = std::move(it->second);
  entries_.erase(it);
  std::erase(order_, key);
  return true;
}

std::optional<StorageLevel> PlanCache::Find(const RelPtr& plan, int64_t now_micros) const {
  const std::string key = resolve::CanonicalPlan(*plan, now_micros);
  std::lock_guard lock(mutex_);
  const auto it = entries_.find(key);
  if (it == entries_.end()) return std::nullopt;
  return it->second->level;
}

void PlanCache::Uncache(const std::string& path) {
  std::vector<EntryPtr> dropped;
  std::lock_guard lock(mutex_);
  for (auto it = entries_.begin(); it != entries_.end();) {
    const auto& roots = it->second->roots;
    if (std::none_of(roots.begin(), roots.end(), [&](const auto& root) { return IsAtOrBelow(root, path); })) {
      ++it;
      continue;
    }
    dropped.push_back(std::move(it->second));
    std::erase(order_, it->first);
    it = entries_.erase(it);
  }
}

void PlanCache::Clear() {
  std::map<std::string, EntryPtr> dropped;
  std::lock_guard lock(mutex_);
  dropped.swap(entries_);
  order_.clear();
}

Result<RelPtr> PlanCache::Read(const RelPtr& plan, int64_t now_micros, engine::Engine* engine,
                               const engine::QueryOptions& options, const WriteLog& writes) {
  std::map<std::string, EntryPtr> entries;
  {
    std::lock_guard lock(mutex_);
    if (entries_.empty()) return plan;
    entries = entries_;
  }
  Reader reader(entries, now_micros, engine, options, writes);
  RelPtr replaced = reader.Replace(plan);
  if (!reader.status().ok()) return reader.status();
  return replaced;
}

}  // namespace deltic::spark::session
