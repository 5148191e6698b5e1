#include "storage/read_ahead.h"

#include <algorithm>
#include <bit>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <new>
#include <span>
#include <thread>
#include <unordered_map>

#include "storage/object_reader.h"
#include "storage/request_threads.h"

namespace deltic::storage {
namespace {

constexpr int64_t kMinTailBytes = 64LL << 10;
constexpr int64_t kMaxTailBytes = 256LL << 10;
constexpr int64_t kBytesOfFooterByte = 1000;  // DuckDB expects a footer of a thousandth of the file and reads so much

struct Piece {
  enum class Is : uint8_t { kQueued, kFetching, kHere, kFailed };
  ReadAhead::File object;
  int64_t start = 0;
  int64_t length = 0;
  bool keep = false;   // a tail: read more than once
  int64_t unread = 0;  // of others: bytes of `wanted`; without any the piece is dropped
  std::vector<ReadAhead::Range> wanted;
  Is is = Is::kQueued;
  std::unique_ptr<char[]> bytes;  // not changed once kHere
  int64_t end() const { return start + length; }
};
using PiecePtr = std::shared_ptr<Piece>;

// A scan thread works on one group at a time: what is left of groups that lie further back is read by nobody.
int64_t GroupsUnderWay() {
  return std::max<int64_t>(16, 4 * static_cast<int64_t>(std::thread::hardware_concurrency()));
}

struct PlannedGroup {
  size_t file = 0;
  size_t rank = 0;  // its place in State::order
  ReadAhead::Group ranges;
  bool first_asked = false, then_asked = false;  // all of it was
  bool then_wanted = false;                      // the scan read of `then`
  int64_t ahead_bytes = 0;                       // counted in State::ahead
};

struct FileState {
  ReadAhead::File object;
  bool planned = false;
  std::map<int64_t, PiecePtr> pieces;  // by start, disjoint
  std::map<int64_t, size_t> groups;    // first byte of each range → its group
  PiecePtr tail;
};

int64_t Overlap(const ReadAhead::Range& range, int64_t start, int64_t end) {
  return std::max<int64_t>(0, std::min(range.end(), end) - std::max(range.offset, start));
}

bool Touches(const std::vector<ReadAhead::Range>& ranges, int64_t offset, int64_t end) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const ReadAhead::Range& r) { return Overlap(r, offset, end) > 0; });
}

}  // namespace

struct ReadAhead::State {
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::unordered_map<size_t, FileState> files;
  std::vector<PlannedGroup> groups;  // as they were planned
  std::vector<size_t> order;         // those, in the order of the scan: by file
  std::deque<PiecePtr> queue;
  std::shared_ptr<std::atomic<bool>> wants_plan;
  int running = 0;        // tasks given to FetchThreads …
  int starting = 0;       // … of which so many have not looked at the queue yet
  size_t next = 0;        // of `order`: the first that nothing was asked of
  int64_t reached = -1;   // the last group that the scan has read of
  int64_t forgotten = 0;  // groups before this one
  int64_t ahead = 0;      // bytes asked for in groups after that
  int64_t window = kFirstWindowBytes;
  int filtered_groups = 0, then_groups = 0;  // groups reached that have a `then`, and whose `then` was read
  bool closed = false;

  // Gives the queue to threads, at most kRequestsAtOnce of them.
  static void Start(const std::shared_ptr<State>& self) {
    while (self->running < kRequestsAtOnce && self->starting < static_cast<int>(self->queue.size())) {
      self->running++;
      self->starting++;
      RequestThreads::Instance().Run([self] { self->RunQueue(); });
    }
  }

  void RunQueue() {
    std::unique_lock lock(mutex);
    starting--;
    while (!queue.empty() && !closed) {
      const PiecePtr piece = queue.front();
      queue.pop_front();
      Fetch(piece, &lock);
    }
    running--;
  }

  // Holds no lock while it waits.
  void Fetch(const PiecePtr& piece, std::unique_lock<std::mutex>* lock) {
    piece->is = Piece::Is::kFetching;
    lock->unlock();
    std::unique_ptr<char[]> bytes(new (std::nothrow) char[static_cast<size_t>(piece->length)]);
    bool whole = false;
    if (bytes != nullptr) {
      const auto got = piece->object.store->ReadInto(piece->object.path, piece->start, bytes.get(), piece->length);
      whole = got.ok() && *got == piece->length;
    }
    lock->lock();
    if (whole) piece->bytes = std::move(bytes);
    piece->is = whole ? Piece::Is::kHere : Piece::Is::kFailed;
    changed.notify_all();
  }

  // `ranges`: those that the piece may hold, ascending.
  void AddPiece(FileState* file, int64_t start, int64_t end, std::span<const Range> ranges) {
    auto piece = std::make_shared<Piece>();
    piece->object = file->object;
    piece->start = start;
    piece->length = end - start;
    for (const Range& range : ranges) {
      const int64_t bytes = Overlap(range, start, end);
      if (bytes == 0) continue;
      piece->unread += bytes;
      piece->wanted.push_back(range);
    }
    file->pieces[start] = piece;
    queue.push_back(piece);
  }

  // Asks for [start, end), where `ranges` are, without what is asked for already and about `budget` bytes at most.
  // Returns how many those were.
  int64_t AskForSpan(FileState* file, int64_t start, int64_t end, std::span<const Range> ranges, int64_t budget) {
    int64_t asked = 0;
    auto it = file->pieces.upper_bound(start);
    if (it != file->pieces.begin() && std::prev(it)->second->end() > start) start = std::prev(it)->second->end();
    while (start < end && asked < budget) {
      const int64_t stop = it == file->pieces.end() ? end : std::min(end, it->first);
      // A last piece that is little longer than the rest is not cut.
      const int64_t length = stop - start > kPieceBytes + kPieceBytes / 2 ? kPieceBytes : stop - start;
      if (length > 0) AddPiece(file, start, start + length, ranges);
      asked += length;
      start += length;
      if (it != file->pieces.end() && start >= it->first) {
        start = std::max(start, it->second->end());
        ++it;
      }
    }
    return asked;
  }

  int64_t AskFor(FileState* file, std::vector<Range> ranges, int64_t budget) {
    std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.offset < b.offset; });
    int64_t asked = 0;
    for (size_t i = 0; i < ranges.size();) {
      int64_t end = ranges[i].end();
      size_t j = i + 1;
      for (; j < ranges.size() && ranges[j].offset <= end + kMaxGapBytes; j++) end = std::max(end, ranges[j].end());
      const std::span<const Range> merged(ranges.data() + i, j - i);
      if (asked < budget) asked += AskForSpan(file, ranges[i].offset, end, merged, budget - asked);
      i = j;
    }
    return asked;
  }

  // Asks for the parts of a group that were not asked for.
  int64_t AskForGroup(PlannedGroup* group, bool then, int64_t budget) {
    std::vector<Range> ranges;
    if (!group->first_asked) ranges = group->ranges.first;
    then = then && !group->then_asked;
    if (then) ranges.insert(ranges.end(), group->ranges.then.begin(), group->ranges.then.end());
    if (ranges.empty()) return 0;
    const int64_t asked = AskFor(&files[group->file], std::move(ranges), budget);
    const bool all = asked < budget;
    group->first_asked = group->first_asked || all;
    group->then_asked = group->then_asked || (then && all);
    return asked;
  }

  // Most groups so far had a row that passed.
  bool ThenIsLikely() const { return then_groups > 0 && then_groups * 2 >= filtered_groups; }

  void Advance() {
    // A scan that ends in its first group (LIMIT) gets what it asks for and no more.
    while (reached >= 1 && next < order.size() && ahead < window) {
      PlannedGroup& group = groups[order[next++]];
      const int64_t bytes = AskForGroup(&group, ThenIsLikely(), window - ahead);
      group.ahead_bytes = bytes;
      ahead += bytes;
    }
    wants_plan->store(next == order.size() && ahead < window, std::memory_order_relaxed);
  }

  // The scan reads of `group`.
  void Reach(PlannedGroup* group, bool then) {
    const size_t index = group->rank;
    for (int64_t i = reached + 1; i <= static_cast<int64_t>(index); i++) {
      PlannedGroup& passed = groups[order[static_cast<size_t>(i)]];
      ahead -= passed.ahead_bytes;
      passed.ahead_bytes = 0;
      if (!passed.ranges.then.empty()) filtered_groups++;
    }
    if (static_cast<int64_t>(index) > reached) {
      reached = static_cast<int64_t>(index);
      next = std::max(next, index + 1);
      window = std::min(window * 2, kMaxWindowBytes);
    }
    if (then && !group->then_wanted) {
      group->then_wanted = true;
      then_groups++;
      // Those after it, of which only the filters' columns were asked for, will most likely want theirs too.
      if (ThenIsLikely()) {
        for (size_t i = index + 1; i < next && ahead < window; i++) {
          PlannedGroup& later = groups[order[i]];
          const int64_t bytes = AskForGroup(&later, true, window - ahead);
          later.ahead_bytes += bytes;
          ahead += bytes;
        }
      }
    }
    AskForGroup(group, then, std::numeric_limits<int64_t>::max());
    for (; forgotten < reached - GroupsUnderWay(); forgotten++) Forget(groups[order[static_cast<size_t>(forgotten)]]);
    Advance();
  }

  // Gives the groups from `first` on, all of one file, their places: files may be opened out of order, at the start.
  void Place(size_t first) {
    size_t at = order.size();
    const size_t begun = std::max(next, static_cast<size_t>(reached + 1));
    while (at > begun && first < groups.size() && groups[order[at - 1]].file > groups[first].file) at--;
    for (size_t id = first; id < groups.size(); id++) {
      order.insert(order.begin() + static_cast<std::ptrdiff_t>(at + id - first), id);
    }
    for (; at < order.size(); at++) groups[order[at]].rank = at;
  }

  // Drops what was fetched of a group and not read: gaps, and columns whose rows were filtered.
  void Forget(const PlannedGroup& group) {
    auto& pieces = files[group.file].pieces;
    for (const auto* part : {&group.ranges.first, &group.ranges.then}) {
      for (const Range& range : *part) {
        auto it = pieces.upper_bound(range.offset);
        if (it != pieces.begin() && std::prev(it)->second->end() > range.offset) --it;
        while (it != pieces.end() && it->first < range.end()) it = pieces.erase(it);
      }
    }
  }

  // Pieces that hold [offset, end) without a hole; empty when there are none or not enough.
  std::vector<PiecePtr> Covering(const FileState& file, int64_t offset, int64_t end) const {
    std::vector<PiecePtr> out;
    if (file.tail != nullptr && file.tail->start <= offset && file.tail->end() >= end) return {file.tail};
    auto it = file.pieces.upper_bound(offset);
    if (it == file.pieces.begin()) return {};
    for (--it; offset < end; ++it) {
      if (it == file.pieces.end() || it->first > offset || it->second->end() <= offset) return {};
      out.push_back(it->second);
      offset = it->second->end();
    }
    return out;
  }

  void Drop(size_t file, const PiecePtr& piece) {
    auto& pieces = files[file].pieces;
    const auto it = pieces.find(piece->start);
    if (it != pieces.end() && it->second == piece) pieces.erase(it);
  }
};

ReadAhead::ReadAhead() : state_(std::make_shared<State>()), wants_plan_(std::make_shared<std::atomic<bool>>(false)) {
  state_->wants_plan = wants_plan_;
}

ReadAhead::~ReadAhead() {
  std::lock_guard lock(state_->mutex);
  state_->closed = true;
  state_->queue.clear();
  state_->files.clear();
}

int64_t ReadAhead::TailBytes(int64_t size_bytes) {
  if (size_bytes <= ObjectReader::kWholeBytes) return size_bytes;
  const int64_t guess = std::clamp(size_bytes / kBytesOfFooterByte, kMinTailBytes, kMaxTailBytes);
  return static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(guess)));
}

void ReadAhead::FetchTail(size_t file, const File& object) {
  std::lock_guard lock(state_->mutex);
  FileState& at = state_->files[file];
  if (at.tail != nullptr || at.planned) return;
  at.object = object;
  auto piece = std::make_shared<Piece>();
  piece->object = object;
  piece->length = TailBytes(object.size_bytes);
  piece->start = object.size_bytes - piece->length;
  piece->keep = true;
  at.tail = piece;
  state_->queue.push_front(piece);  // files are opened before their groups are read
  State::Start(state_);
}

bool ReadAhead::HasTail(size_t file) const {
  std::lock_guard lock(state_->mutex);
  const auto it = state_->files.find(file);
  if (it == state_->files.end() || it->second.tail == nullptr) return false;
  const Piece::Is is = it->second.tail->is;
  return is == Piece::Is::kHere || is == Piece::Is::kFailed;
}

void ReadAhead::DropTail(size_t file) {
  std::lock_guard lock(state_->mutex);
  const auto it = state_->files.find(file);
  if (it != state_->files.end()) it->second.tail = nullptr;
}

void ReadAhead::Plan(size_t file, const File& object, std::vector<Group> groups) {
  std::lock_guard lock(state_->mutex);
  FileState& at = state_->files[file];
  if (at.planned) return;
  at.planned = true;
  at.object = object;
  const size_t first = state_->groups.size();
  const auto in_tail = [&](const Range& r) { return at.tail != nullptr && r.offset >= at.tail->start; };
  for (auto& group : groups) {
    std::erase_if(group.first, in_tail);
    std::erase_if(group.then, in_tail);
    if (group.first.empty() && group.then.empty()) continue;
    for (const auto* part : {&group.first, &group.then}) {
      for (const Range& range : *part) at.groups[range.offset] = state_->groups.size();
    }
    state_->groups.push_back({.file = file, .ranges = std::move(group)});
  }
  state_->Place(first);
  state_->Advance();
  State::Start(state_);
}

bool ReadAhead::HasBegun() const {
  std::lock_guard lock(state_->mutex);
  return state_->reached >= 1;
}

bool ReadAhead::IsPlanned(size_t file) const {
  std::lock_guard lock(state_->mutex);
  const auto it = state_->files.find(file);
  return it != state_->files.end() && it->second.planned;
}

bool ReadAhead::Read(size_t file, int64_t offset, char* buffer, int64_t length) {
  if (length <= 0) return false;
  const int64_t end = offset + length;
  std::unique_lock lock(state_->mutex);
  const auto found = state_->files.find(file);
  if (found == state_->files.end()) return false;
  FileState& at = found->second;
  const bool in_tail = at.tail != nullptr && at.tail->start <= offset && at.tail->end() >= end;
  const auto group_at = at.groups.upper_bound(offset);
  if (!in_tail && group_at != at.groups.begin()) {
    PlannedGroup& group = state_->groups[std::prev(group_at)->second];
    const bool then = Touches(group.ranges.then, offset, end);
    if (then || Touches(group.ranges.first, offset, end)) {
      state_->Reach(&group, then);
      State::Start(state_);
    }
  }
  const auto pieces = state_->Covering(at, offset, end);
  if (pieces.empty()) return false;
  for (const auto& piece : pieces) {
    const int64_t from = std::max(offset, piece->start);
    const int64_t to = std::min(end, piece->end());
    if (piece->is == Piece::Is::kQueued) {  // nobody began yet: this thread has nothing better to do
      auto& queue = state_->queue;
      queue.erase(std::remove(queue.begin(), queue.end(), piece), queue.end());
      state_->Fetch(piece, &lock);
    }
    state_->changed.wait(lock, [&] { return piece->is == Piece::Is::kHere || piece->is == Piece::Is::kFailed; });
    if (piece->is == Piece::Is::kFailed) {
      state_->Drop(file, piece);
      if (at.tail == piece) at.tail = nullptr;
      return false;
    }
    lock.unlock();
    std::memcpy(buffer + (from - offset), piece->bytes.get() + (from - piece->start), static_cast<size_t>(to - from));
    lock.lock();
    if (piece->keep) continue;
    for (const Range& range : piece->wanted) piece->unread -= Overlap(range, from, to);
    if (piece->unread <= 0) state_->Drop(file, piece);
  }
  return true;
}

}  // namespace deltic::storage
