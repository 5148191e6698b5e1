// Blocks of files: a closed one tells the same as an open one, whatever the files are like.
#include "delta/snapshot/file_block.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <thread>

#include "base/random.h"
#include "delta/snapshot/file_list.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

int64_t Number(Random* random) {
  switch (random->Next64() % 5) {
    case 0: return kLeast;
    case 1: return kMost;
    case 2: return 0;
    case 3: return static_cast<int64_t>(random->Next64());
    default: return static_cast<int64_t>(random->Next64() % 1000) - 500;
  }
}

// `with`: which of the rare fields files may have.
AddFile File(size_t number, uint64_t with, Random* random) {
  AddFile file;
  file.path = "p=" + std::to_string(number % 7) + "/part-" + std::to_string(number);
  if (random->Next64() % 10 == 0) file.path = "file:/elsewhere/" + file.path;
  file.partition_values["p"] = number % 7 == 0 ? std::nullopt : std::optional(std::to_string(number % 7));
  file.size_bytes = with & 1 ? Number(random) : static_cast<int64_t>(1000 + number);
  file.modification_time_ms = with & 1 ? Number(random) : static_cast<int64_t>(1700000000000 + number);
  file.data_change = random->Next64() % 2 == 0;
  if (random->Next64() % 3 != 0) file.stats = R"({"numRecords":)" + std::to_string(number) + "}";
  if ((with & 2) != 0 && random->Next64() % 2 == 0) file.base_row_id = Number(random);
  if ((with & 2) != 0 && random->Next64() % 2 == 0) file.default_row_commit_version = Number(random);
  if ((with & 4) != 0 && random->Next64() % 4 == 0) file.tags["zone"] = std::to_string(number);
  if ((with & 4) != 0 && random->Next64() % 4 == 0) file.clustering_provider = "liquid";
  if ((with & 4) != 0 && random->Next64() % 4 == 0) {
    file.deletion_vector.emplace();
    file.deletion_vector->storage_type = "u";
    file.deletion_vector->path_or_inline = "vector" + std::to_string(number);
    file.deletion_vector->cardinality = 3;
  }
  return file;
}

std::shared_ptr<const FileBlock> BlockOf(const std::vector<AddFile>& files, bool closed) {
  FileBlockBuilder builder;
  for (const auto& file : files) builder.Add(PackedView(file));
  return builder.Finish(closed);
}

TEST(FileBlockTest, ClosedTellsWhatOpenTells) {
  SeededRandom random(5);
  for (int turn = 0; turn < 60; turn++) {
    std::vector<AddFile> files;
    const size_t count = random.Next64() % 400;
    for (size_t i = 0; i < count; i++) files.push_back(File(i, static_cast<uint64_t>(turn) % 8, &random));
    BlockRows room;
    for (const bool closed : {false, true}) {
      const auto block = BlockOf(files, closed);
      ASSERT_EQ(block->size(), count);
      size_t seen = 0;
      block->ForEach(&room, [&](size_t row, const PackedFile& file) {
        ASSERT_EQ(row, seen++);
        ASSERT_EQ(file.path(), files[row].path);
        ASSERT_EQ(file.stats(), files[row].stats);
        ASSERT_EQ(file.size_bytes, files[row].size_bytes);
        ASSERT_EQ(file.modification_time_ms, files[row].modification_time_ms);
        ASSERT_EQ(*file.partition_values, files[row].partition_values);
      });
      ASSERT_EQ(seen, count);
      for (size_t row = 0; row < count; row++) {
        ASSERT_EQ(ActionToJson(block->Files()[row]), ActionToJson(files[row]));
        ASSERT_EQ(block->Find("/t", FileKey("/t", files[row].path, files[row].deletion_vector)),
                  static_cast<int64_t>(row));
        ASSERT_EQ(block->At(row).path(), files[row].path);
      }
      EXPECT_EQ(block->Find("/t", "nowhere"), -1);
    }
  }
}

TEST(FileBlockTest, ManyThreadsUnpackOneBlock) {
  SeededRandom random(6);
  std::vector<AddFile> files;
  for (size_t i = 0; i < 3000; i++) files.push_back(File(i, 7, &random));
  const auto block = BlockOf(files, true);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; t++) {
    threads.emplace_back([&, t] {
      BlockRows room;
      size_t bytes = 0;
      for (size_t turn = 0; turn < 20; turn++) {
        block->ForEach(&room, [&](size_t, const PackedFile& file) { bytes += file.path().size(); });
        const size_t row = (turn * 151 + t * 37) % files.size();
        EXPECT_EQ(block->Find("/t", FileKey("/t", files[row].path, files[row].deletion_vector)),
                  static_cast<int64_t>(row));
      }
      EXPECT_GT(bytes, files.size());
    });
  }
  for (auto& thread : threads) thread.join();
}

// A list of closed blocks is changed as one of open blocks is.
TEST(FileBlockTest, ListsOfClosedBlocks) {
  SeededRandom random(7);
  std::set<std::string> expected;
  FilePacker packer(true);
  for (size_t i = 0; i < 10000; i++) {
    const AddFile file = File(i, 0, &random);
    expected.insert(file.path);
    packer.Add(PackedView(file));
  }
  packer.Seal();
  FileListBuilder first("/t", FileList());
  first.Append(std::move(packer));
  FileList list = first.Finish();
  for (size_t version = 0; version < 20; version++) {
    FileListBuilder next("/t", list);
    for (size_t i = 0; i < 450; i++) {
      const auto at = std::next(expected.begin(), static_cast<std::ptrdiff_t>(random.Next64() % expected.size()));
      ASSERT_TRUE(next.Remove(FileKey("/t", *at, std::nullopt)));
      expected.erase(at);
    }
    const AddFile file = File(20000 + version, 0, &random);
    expected.insert(file.path);
    next.Add(file);
    list = next.Finish();
    std::set<std::string> paths;
    list.ForEachPacked([&](const PackedFile& packed) { paths.insert(std::string(packed.path())); });
    ASSERT_EQ(paths, expected);
    ASSERT_EQ(list.size(), expected.size());
  }
}

}  // namespace
}  // namespace deltic::delta
