#include "delta/snapshot/file_block.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "delta/snapshot/snapshot.h"
#include "storage/object_store.h"

namespace deltic::delta {
namespace {

constexpr size_t kMostKept = 255;  // sources of kept statistics in one block
constexpr int kLevel = 1;

uint32_t HashKey(std::string_view key) {
  const uint64_t hash = std::hash<std::string_view>()(key);
  return static_cast<uint32_t>(hash ^ (hash >> 32));
}

std::string KeyOf(std::string_view table_path, const PackedFile& file) {
  return FileKey(
      table_path, file.path(),
      file.deletion_vector == nullptr ? std::nullopt : std::optional<DeletionVectorDescriptor>(*file.deletion_vector));
}

// Of the file's key, which is mostly its path as it stands.
uint32_t HashOf(std::string_view table_path, const PackedFile& file) {
  const bool is_path = file.deletion_vector == nullptr && !storage::IsAbsolutePath(file.path());
  return is_path ? HashKey(file.path()) : HashKey(KeyOf(table_path, file));
}

// Numbers of a closed block, the same field of all rows next to each other and most as the difference to the row
// before: varints of seven bits a byte, the sign in the lowest bit.
class NumberWriter {
 public:
  explicit NumberWriter(std::string* out) : out_(out) {}
  void Add(int64_t number) {
    uint64_t left = (static_cast<uint64_t>(number) << 1) ^ static_cast<uint64_t>(number >> 63);
    for (; left >= 0x80; left >>= 7) out_->push_back(static_cast<char>(left | 0x80));
    out_->push_back(static_cast<char>(left));
  }

 private:
  std::string* const out_;
};

class NumberReader {
 public:
  explicit NumberReader(const char* at) : at_(at) {}
  int64_t Next() {
    uint64_t value = 0;
    int shift = 0;
    for (; (*at_ & 0x80) != 0; shift += 7) value |= static_cast<uint64_t>(*at_++ & 0x7f) << shift;
    value |= static_cast<uint64_t>(*at_++) << shift;
    return static_cast<int64_t>(value >> 1) ^ -static_cast<int64_t>(value & 1);
  }
  const char* at() const { return at_; }

 private:
  const char* at_;
};

// Wraps where a log has numbers that far apart.
int64_t Minus(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
int64_t Plus(int64_t a, int64_t b) { return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b)); }

// One field of every row; `get` and `set` tell and take the number.
template <typename Rows, typename Get>
void WriteDeltas(const Rows& rows, NumberWriter* out, Get get) {
  int64_t last = 0;
  for (const auto& row : rows) {
    const int64_t number = get(row);
    out->Add(Minus(number, last));
    last = number;
  }
}
template <typename Rows, typename Set>
void ReadDeltas(Rows* rows, NumberReader* in, Set set) {
  int64_t last = 0;
  for (auto& row : *rows) set(&row, last = Plus(last, in->Next()));
}

using Row = BlockRows::Row;
using RowTracking = BlockRows::RowTracking;

int64_t Flags(const Row& row) { return row.kept * 2 + (row.data_change ? 1 : 0); }

// Only this process reads what this writes: there is nothing to check but that memory is what it was.
std::string Compressed(std::string_view plain) {
  std::string packed(ZSTD_compressBound(plain.size()), '\0');
  const size_t size = ZSTD_compress(packed.data(), packed.size(), plain.data(), plain.size(), kLevel);
  DELTIC_CHECK(ZSTD_isError(size) == 0);
  return {packed.data(), size};
}

void Decompress(std::string_view packed, std::string* plain) {
  const size_t size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  plain->resize(size);
  DELTIC_CHECK(ZSTD_decompress(plain->data(), size, packed.data(), packed.size()) == size);
}

std::string PackNumbers(const BlockRows& from) {
  std::string plain;
  NumberWriter out(&plain);
  out.Add(static_cast<int64_t>(from.tracking.size()));
  WriteDeltas(from.rows, &out, [](const Row& row) { return static_cast<int64_t>(row.path_length); });
  WriteDeltas(from.rows, &out, [](const Row& row) { return static_cast<int64_t>(row.stats); });
  WriteDeltas(from.rows, &out, [](const Row& row) { return row.size_bytes; });
  WriteDeltas(from.rows, &out, [](const Row& row) { return row.modification_time_ms; });
  WriteDeltas(from.rows, &out, [](const Row& row) { return static_cast<int64_t>(row.partition); });
  WriteDeltas(from.rows, &out, Flags);
  for (const auto& row : from.tracking) {
    out.Add((row.base_row_id ? 1 : 0) + (row.default_row_commit_version ? 2 : 0));
  }
  WriteDeltas(from.tracking, &out, [](const RowTracking& row) { return row.base_row_id.value_or(0); });
  WriteDeltas(from.tracking, &out, [](const RowTracking& row) { return row.default_row_commit_version.value_or(0); });
  return Compressed(plain);
}

void UnpackNumbers(std::string_view closed, size_t rows, BlockRows* to) {
  std::string plain;
  Decompress(closed, &plain);
  NumberReader in(plain.data());
  to->rows.resize(rows);
  to->tracking.resize(static_cast<size_t>(in.Next()));
  ReadDeltas(&to->rows, &in, [](Row* row, int64_t n) { row->path_length = static_cast<uint32_t>(n); });
  ReadDeltas(&to->rows, &in, [](Row* row, int64_t n) { row->stats = static_cast<uint32_t>(n); });
  ReadDeltas(&to->rows, &in, [](Row* row, int64_t n) { row->size_bytes = n; });
  ReadDeltas(&to->rows, &in, [](Row* row, int64_t n) { row->modification_time_ms = n; });
  ReadDeltas(&to->rows, &in, [](Row* row, int64_t n) { row->partition = static_cast<uint16_t>(n); });
  ReadDeltas(&to->rows, &in, [](Row* row, int64_t n) {
    row->kept = static_cast<uint8_t>(n / 2);
    row->data_change = (n & 1) != 0;
  });
  std::vector<int64_t> known(to->tracking.size());
  for (auto& flags : known) flags = in.Next();
  size_t at = 0;
  ReadDeltas(&to->tracking, &in, [&](RowTracking* row, int64_t n) {
    row->base_row_id = (known[at++] & 1) != 0 ? std::optional<int64_t>(n) : std::nullopt;
  });
  at = 0;
  ReadDeltas(&to->tracking, &in, [&](RowTracking* row, int64_t n) {
    row->default_row_commit_version = (known[at++] & 2) != 0 ? std::optional<int64_t>(n) : std::nullopt;
  });
  uint64_t text = 0;
  for (auto& row : to->rows) {
    row.text = text;
    text += row.path_length + (row.kept == 0 ? row.stats : 0U);
  }
}

AddFile Unpacked(const PackedFile& packed) {
  AddFile out;
  out.path = packed.path();
  out.stats = packed.stats();
  out.partition_values = *packed.partition_values;
  out.size_bytes = packed.size_bytes;
  out.modification_time_ms = packed.modification_time_ms;
  out.data_change = packed.data_change;
  out.base_row_id = packed.base_row_id;
  out.default_row_commit_version = packed.default_row_commit_version;
  if (packed.tags != nullptr) out.tags = *packed.tags;
  if (packed.deletion_vector != nullptr) out.deletion_vector = *packed.deletion_vector;
  if (!packed.clustering_provider.empty()) out.clustering_provider = std::string(packed.clustering_provider);
  return out;
}

}  // namespace

PackedFile PackedView(const AddFile& file) {
  PackedFile view;
  view.known_path = file.path;
  view.known_stats = file.stats;
  view.partition_values = &file.partition_values;
  view.size_bytes = file.size_bytes;
  view.modification_time_ms = file.modification_time_ms;
  view.deletion_vector = file.deletion_vector ? &*file.deletion_vector : nullptr;
  view.base_row_id = file.base_row_id;
  view.default_row_commit_version = file.default_row_commit_version;
  view.tags = file.tags.empty() ? nullptr : &file.tags;
  if (file.clustering_provider) view.clustering_provider = *file.clustering_provider;
  view.data_change = file.data_change;
  return view;
}

std::string_view BlockRows::Text() const {
  if (!closed_text.empty()) Decompress(std::exchange(closed_text, {}), &text);
  return text;
}

PackedFile FileBlock::Packed(const BlockRows& all, size_t row) const {
  const Row& from = all.rows[row];
  PackedFile out;
  out.block = &all;
  out.row = static_cast<uint32_t>(row);
  if (from.kept != 0) {
    out.kept = &kept_[from.kept - 1U];
    out.kept_row = from.stats;
  }
  out.shared_partition = &partitions_[from.partition];
  out.partition_values = out.shared_partition->get();
  out.size_bytes = from.size_bytes;
  out.modification_time_ms = from.modification_time_ms;
  if (row < all.tracking.size()) {
    out.base_row_id = all.tracking[row].base_row_id;
    out.default_row_commit_version = all.tracking[row].default_row_commit_version;
  }
  out.data_change = from.data_change;
  if (!rest_.empty()) {
    const auto it = rest_.find(static_cast<uint32_t>(row));
    if (it == rest_.end()) return out;
    if (it->second.deletion_vector) out.deletion_vector = &*it->second.deletion_vector;
    if (!it->second.tags.empty()) out.tags = &it->second.tags;
    out.clustering_provider = it->second.clustering_provider;
  }
  return out;
}

const BlockRows& FileBlock::Open() const {
  if (!closed_.empty()) {
    std::call_once(open_once_, [&] {
      Unpack(&open_);
      open_.Text();
    });
  }
  return open_;
}

void FileBlock::Unpack(BlockRows* to) const {
  UnpackNumbers(closed_, size_, to);
  to->text.clear();
  to->closed_text = closed_text_;
}

void FileBlock::ForEach(BlockRows* room, const std::function<void(size_t, const PackedFile&)>& each) const {
  if (!closed_.empty()) Unpack(room);
  const BlockRows& rows = closed_.empty() ? open_ : *room;
  for (size_t row = 0; row < size_; row++) each(row, Packed(rows, row));
}

const std::vector<AddFile>& FileBlock::Files() const {
  std::call_once(files_once_, [&] {
    files_.reserve(size_);
    BlockRows room;
    ForEach(&room, [&](size_t, const PackedFile& file) { files_.push_back(Unpacked(file)); });
  });
  return files_;
}

int64_t FileBlock::Find(std::string_view table_path, std::string_view key) const {
  std::call_once(index_once_, [&] {
    index_.reserve(size_);
    BlockRows room;
    ForEach(&room, [&](size_t row, const PackedFile& file) {
      index_.emplace_back(HashOf(table_path, file), static_cast<uint32_t>(row));
    });
    std::sort(index_.begin(), index_.end());
  });
  const uint32_t hash = HashKey(key);
  for (auto it = std::lower_bound(index_.begin(), index_.end(), std::make_pair(hash, 0U));
       it != index_.end() && it->first == hash; ++it) {
    if (KeyOf(table_path, At(it->second)) == key) return it->second;
  }
  return -1;
}

bool FileBlock::StatisticsLost() const {
  return std::any_of(kept_.begin(), kept_.end(), [](const auto& kept) { return kept->lost(); });
}

uint16_t FileBlockBuilder::PartitionOf(const PackedFile& file) {
  auto& known = block_->partitions_;
  if (file.shared_partition != nullptr) {
    const auto [it, inserted] = shared_partitions_.try_emplace(file.partition_values, known.size());
    if (inserted) known.push_back(*file.shared_partition);
    return it->second;
  }
  partition_key_.clear();
  for (const auto& [name, value] : *file.partition_values) {
    partition_key_ += name;
    partition_key_ += value ? '\1' : '\0';
    if (value) partition_key_ += *value;
    partition_key_ += '\2';
  }
  const auto [it, inserted] = partition_ids_.try_emplace(partition_key_, known.size());
  if (inserted) known.push_back(std::make_shared<const PartitionValues>(*file.partition_values));
  return it->second;
}

void FileBlockBuilder::SetStatistics(const PackedFile& file, Row* row) {
  auto& kept = block_->kept_;
  if (file.kept != nullptr) {
    // Files of one source are next to each other.
    if ((kept.empty() || kept.back() != *file.kept) && kept.size() < kMostKept) kept.push_back(*file.kept);
    if (kept.back() == *file.kept) {
      row->kept = static_cast<uint8_t>(kept.size());
      row->stats = file.kept_row;
      return;
    }
  }
  const std::string_view stats = file.stats();
  row->stats = static_cast<uint32_t>(stats.size());
  rows_.text += stats;
}

void FileBlockBuilder::Add(const PackedFile& file) {
  const std::string_view path = file.path();
  Row row;
  row.text = rows_.text.size();
  row.path_length = static_cast<uint32_t>(path.size());
  rows_.text += path;
  SetStatistics(file, &row);
  row.partition = PartitionOf(file);
  row.data_change = file.data_change;
  row.size_bytes = file.size_bytes;
  row.modification_time_ms = file.modification_time_ms;
  const size_t at = rows_.rows.size();
  if (file.base_row_id || file.default_row_commit_version) {
    rows_.tracking.resize(at + 1);
    rows_.tracking[at] = {file.base_row_id, file.default_row_commit_version};
  }
  if (file.deletion_vector != nullptr || file.tags != nullptr || !file.clustering_provider.empty()) {
    FileBlock::Rest& rest = block_->rest_[static_cast<uint32_t>(at)];
    if (file.deletion_vector != nullptr) rest.deletion_vector = *file.deletion_vector;
    if (file.tags != nullptr) rest.tags = *file.tags;
    rest.clustering_provider = file.clustering_provider;
  }
  rows_.rows.push_back(row);
}

std::shared_ptr<const FileBlock> FileBlockBuilder::Finish(bool closed) {
  auto out = std::exchange(block_, std::make_shared<FileBlock>());
  out->size_ = rows_.rows.size();
  if (closed) {
    out->closed_ = PackNumbers(rows_);
    out->closed_text_ = Compressed(rows_.text);
  } else {
    out->open_ = rows_;  // a copy of the right size; the room for the next block's stays here
  }
  rows_.text.clear();
  rows_.rows.clear();
  rows_.tracking.clear();
  partition_ids_.clear();
  shared_partitions_.clear();
  return out;
}

void FileBlockBuilder::Shrink() {
  rows_.text.shrink_to_fit();
  rows_.rows.shrink_to_fit();
  rows_.tracking.shrink_to_fit();
}

}  // namespace deltic::delta
