// Statistics that are read when they are asked for: by whom, once, and what happens when they cannot be.
#include "delta/snapshot/kept_statistics.h"

#include <gtest/gtest.h>

#include "delta/snapshot/file_list.h"

namespace deltic::delta {
namespace {

class Texts : public KeptText {
 public:
  explicit Texts(std::vector<std::string> texts, Status status = Status::Ok())
      : texts_(std::move(texts)), status_(std::move(status)) {}
  size_t rows() const override { return texts_.size(); }
  size_t text_bytes() const override { return 10; }
  Status Read(const std::function<void(std::string_view)>& each) const override {
    reads++;
    for (const auto& text : texts_) each(text);
    return status_;
  }
  mutable int reads = 0;

 private:
  const std::vector<std::string> texts_;
  const Status status_;
};

PackedFile File(std::string_view path, const SharedPartition& partition,
                const std::shared_ptr<const KeptStatistics>* kept, uint32_t row) {
  PackedFile file;
  file.path = path;
  file.partition_values = partition.get();
  file.shared_partition = &partition;
  file.kept = kept;
  file.kept_row = row;
  return file;
}

std::string StatsOf(const FileList& files) {
  std::string out;
  files.ForEachPacked([&](const PackedFile& file) {
    out += file.path;
    out += '=';
    out += file.stats();
    out += ' ';
  });
  return out;
}

TEST(KeptStatisticsTest, AreReadOnceAndNotForTheirPaths) {
  const auto texts = std::make_shared<Texts>(std::vector<std::string>{"A", "", "C"});
  const auto kept = std::make_shared<const KeptStatistics>("checkpoint", texts);
  const auto partition = std::make_shared<const PartitionValues>(PartitionValues{{"p", "1"}});
  FilePacker packer;
  packer.Add(File("c", partition, &kept, 2));
  packer.Add(File("a", partition, &kept, 0));
  packer.Add(File("b", partition, &kept, 1));
  FileListBuilder builder("/t", FileList());
  builder.Append(std::move(packer));
  AddFile more;
  more.path = "d";
  more.stats = "D";
  builder.Add(more);
  const FileList files = builder.Finish();
  // A newer version, for which the blocks are merged.
  FileListBuilder next("/t", files);
  EXPECT_TRUE(next.Remove("a"));
  more.path = "e";
  more.stats = "E";
  next.Add(more);
  const FileList newer = next.Finish();
  EXPECT_EQ(newer.size(), 4U);
  EXPECT_TRUE(newer.Contains("/t", "b"));
  EXPECT_EQ(texts->reads, 0);
  EXPECT_EQ(StatsOf(files), "c=C a=A b= d=D ");
  EXPECT_EQ(StatsOf(newer), "c=C b= d=D e=E ");
  EXPECT_EQ(files[0].stats, "C");
  EXPECT_EQ(texts->reads, 1);
  EXPECT_FALSE(newer.StatisticsLost());
  const void* shared = nullptr;
  newer.ForEachPacked([&](const PackedFile& file) {
    if (file.path == "c") shared = file.partition_values;
  });
  EXPECT_EQ(shared, partition.get());
}

TEST(KeptStatisticsTest, ThatCannotBeReadAreNone) {
  const auto texts = std::make_shared<Texts>(std::vector<std::string>{"A"}, IoError("checkpoint", "is damaged"));
  const auto kept = std::make_shared<const KeptStatistics>("checkpoint", texts);
  const auto partition = std::make_shared<const PartitionValues>();
  FileListBuilder builder("/t", FileList());
  builder.Add(File("a", partition, &kept, 0));
  const FileList files = builder.Finish();
  EXPECT_FALSE(files.StatisticsLost());
  EXPECT_EQ(StatsOf(files), "a= ");
  EXPECT_TRUE(files.StatisticsLost());
}

}  // namespace
}  // namespace deltic::delta
