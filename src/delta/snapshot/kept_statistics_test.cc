// Statistics that are read when they are asked for: by whom, once, and what happens when they cannot be.
#include "delta/snapshot/kept_statistics.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/random.h"
#include "delta/checkpoint/checkpoint_writer.h"
#include "delta/io/testing/json_parquet.h"
#include "delta/log/log_files.h"
#include "delta/snapshot/file_list.h"
#include "delta/snapshot/snapshot.h"

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
  file.known_path = path;
  file.partition_values = partition.get();
  file.shared_partition = &partition;
  file.kept = kept;
  file.kept_row = row;
  return file;
}

std::string StatsOf(const FileList& files) {
  std::string out;
  files.ForEachPacked([&](const PackedFile& file) {
    out += file.path();
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
    if (file.path() == "c") shared = file.partition_values;
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

// A reader whose texts are gone when somebody asks for them, while `gone` is set.
class Forgetful : public ParquetIo {
 public:
  explicit Forgetful(storage::ObjectStore* store) : parquet_(store) {}
  Status Read(const ParquetRequest& request, ParquetConsumer* consumer) override {
    Proxy proxy(consumer, gone);
    return parquet_.Read(request, &proxy);
  }
  Result<int64_t> WriteFromJson(const std::string& path, const types::DataType& schema,
                                const std::vector<std::string>& rows) override {
    return parquet_.WriteFromJson(path, schema, rows);
  }
  bool gone = false;

 private:
  class Proxy : public ParquetConsumer {
   public:
    Proxy(ParquetConsumer* to, bool gone) : to_(to), gone_(gone) {}
    void Begin(size_t parts) override { to_->Begin(parts); }
    void BeginPart(size_t part, size_t file, int64_t row, std::shared_ptr<const KeptText> kept) override {
      if (kept != nullptr && gone_)
        kept = std::make_shared<Texts>(std::vector<std::string>(), IoError("it", "is gone"));
      to_->BeginPart(part, file, row, std::move(kept));
    }
    Status Take(size_t part, const ParquetRows& rows) override { return to_->Take(part, rows); }
    void EndPart(size_t part) override { to_->EndPart(part); }

   private:
    ParquetConsumer* const to_;
    const bool gone_;
  };
  testing::JsonParquet parquet_;
};

TEST(KeptStatisticsTest, ThatWereLostAreReadAgainWithTheNextVersion) {
  const auto store = storage::NewMemoryStore();
  Forgetful parquet(store.get());
  const TableIo io{store, &parquet, Clock::System()};
  const std::string table = "memory:/t";
  const std::string stats = R"x("stats":"{\"numRecords\":7}")x";
  ASSERT_TRUE(
      store
          ->Put(CommitPath(table, 0),
                R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})"
                "\n"
                R"({"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":)"
                R"("{\"type\":\"struct\",\"fields\":[]}","partitionColumns":[],"configuration":{},"createdTime":1}})"
                "\n"
                R"({"add":{"path":"a","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,)" +
                    stats + "}}")
          .ok());
  const auto first = Snapshot::Load(io, table);
  ASSERT_TRUE(first.ok()) << first.status().ToString();
  ASSERT_TRUE(WriteCheckpoint(io, **first, Random::System()).ok());
  parquet.gone = true;
  const auto lost = Snapshot::Load(io, table).value();
  EXPECT_EQ(StatsOf(lost->files()), "a= ");
  ASSERT_TRUE(lost->files().StatisticsLost());
  parquet.gone = false;
  const auto again = Snapshot::Refresh(io, lost).value();
  EXPECT_EQ(StatsOf(again->files()), "a={\"numRecords\":7} ");
}

}  // namespace
}  // namespace deltic::delta
