// The files of a checkpoint: what Spark 3.5.5 + Delta 3.3.2 wrote is read, and written alike.
#include <gtest/gtest.h>

#include "spark/streaming/delta_source_offset.h"
#include "spark/streaming/file_source_log.h"
#include "spark/streaming/listener_bus.h"
#include "spark/streaming/offset_log.h"
#include "spark/streaming/query_progress.h"
#include "spark/streaming/trigger.h"

namespace deltic::spark::streaming {
namespace {

constexpr char kId[] = "3ac1a999-a275-480b-b357-47fa8a6eee55";
// Written by Spark.
constexpr char kOffset[] =
    "{\"sourceVersion\":1,\"reservoirId\":\"3ac1a999-a275-480b-b357-47fa8a6eee55\",\"reservoirVersion\":2,\"index\":-1,"
    "\"isStartingVersion\":false}";

TEST(DeltaSourceOffset, ReadsAndWritesWhatSparkWrites) {
  const auto offset = ParseOffset(kOffset, kId);
  ASSERT_TRUE(offset.ok()) << offset.status().ToString();
  EXPECT_EQ(*offset, (DeltaSourceOffset{2, DeltaSourceOffset::kBase, false}));
  EXPECT_EQ(OffsetJson(*offset, kId), kOffset);
  EXPECT_EQ(
      OffsetJson({2, 1, true}, "t"),
      "{\"sourceVersion\":1,\"reservoirId\":\"t\",\"reservoirVersion\":2,\"index\":1,\"isStartingVersion\":true}");
}

TEST(DeltaSourceOffset, RefusesWhatItDoesNotKnow) {
  EXPECT_TRUE(ParseOffset(kOffset, "other").status().Is("DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE"));
  EXPECT_TRUE(ParseOffset("5", kId).status().Is("DELTA_INVALID_SOURCE_OFFSET_FORMAT"));
  EXPECT_TRUE(ParseOffset("", kId).status().Is("DELTA_INVALID_SOURCE_OFFSET_FORMAT"));
  const auto with_version = [](const char* version) {
    std::string text = kOffset;
    return text.replace(text.find(":1,"), 3, std::string(":") + version + ",");
  };
  EXPECT_TRUE(ParseOffset(with_version("2"), kId).status().Is("DELTA_INVALID_SOURCE_VERSION"));
  EXPECT_TRUE(ParseOffset(with_version("4"), kId).status().Is("DELTA_INVALID_FORMAT_FROM_SOURCE_VERSION"));
}

TEST(OffsetLog, ReadsAndWritesWhatSparkWrites) {
  const auto store = storage::NewMemoryStore();
  const std::string text =
      "v1\n{\"batchWatermarkMs\":7,\"batchTimestampMs\":1795651275810,\"conf\":{\"spark.sql.shuffle.partitions\":\"4\"}"
      "}\n" +
      std::string(kOffset) + "\n-";
  ASSERT_TRUE(store->Put("/c/offsets/3", text).ok());
  OffsetLog log(store, "/c");
  const auto batch = log.Get(3);
  ASSERT_TRUE(batch.ok() && batch->has_value());
  EXPECT_EQ((*batch)->watermark_ms, 7);
  EXPECT_EQ((*batch)->timestamp_ms, 1795651275810);
  EXPECT_EQ((*batch)->offsets, (std::vector<std::string>{kOffset, ""}));
  ASSERT_TRUE(log.Add(4, **batch).ok());
  EXPECT_EQ(*store->Get("/c/offsets/4"), text);
  EXPECT_TRUE(log.Add(4, **batch).Is("CONCURRENT_STREAM_LOG_UPDATE"));
  EXPECT_EQ(*log.Latest(), std::optional<int64_t>(4));
  ASSERT_TRUE(log.Purge(4).ok());
  EXPECT_FALSE(log.Get(3)->has_value());
}

TEST(OffsetLog, RefusesDamage) {
  const auto store = storage::NewMemoryStore();
  OffsetLog log(store, "/c");
  for (const char* text : {"", "v9\n{}", "x\n{}", "v0\n{}", "v1\n{\"batchWatermarkMs\":"}) {
    ASSERT_TRUE(store->Put("/c/offsets/0", text).ok());
    const auto batch = log.Get(0);
    EXPECT_FALSE(batch.ok()) << text;
    EXPECT_NE(batch.status().detail().find("Failed to read log file"), std::string::npos) << text;
  }
}

TEST(CommitLog, KeepsTheWatermark) {
  const auto store = storage::NewMemoryStore();
  CommitLog log(store, "/c");
  EXPECT_FALSE(log.NextWatermark(0)->has_value());
  ASSERT_TRUE(log.Add(0, 1704067740000).ok());
  EXPECT_EQ(*store->Get("/c/commits/0"), "v1\n{\"nextBatchWatermarkMs\":1704067740000}");
  EXPECT_EQ(*log.NextWatermark(0), std::optional<int64_t>(1704067740000));
  EXPECT_TRUE(log.Add(0, 0).ok());  // done twice is done
}

TEST(Checkpoint, KeepsTheQuerysId) {
  const auto store = storage::NewMemoryStore();
  const auto id = QueryIdOf(store.get(), "/c");
  ASSERT_TRUE(id.ok());
  EXPECT_EQ(*store->Get("/c/metadata"), "{\"id\":\"" + *id + "\"}");
  EXPECT_EQ(*QueryIdOf(store.get(), "/c"), *id);
}

TEST(FileSourceLog, CompactsEveryTenthBatch) {
  const auto store = storage::NewMemoryStore();
  FileSourceLog log(store, "/s");
  std::vector<SeenFile> all;
  for (int64_t batch = 0; batch < 12; batch++) {
    const SeenFile file{"/d/a b" + std::to_string(batch) + ".json", 100 + batch, batch};
    ASSERT_TRUE(log.Add(batch, {file}, all).ok());
    all.push_back(file);
  }
  EXPECT_EQ(*store->Get("/s/0"), "v1\n{\"path\":\"file:///d/a%20b0.json\",\"timestamp\":100,\"batchId\":0}");
  EXPECT_TRUE(store->Get("/s/9.compact").ok());
  int64_t latest = 0;
  const auto read = log.ReadAll(&latest);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(latest, 11);
  ASSERT_EQ(read->size(), 12u);
  EXPECT_EQ(read->front().path, "/d/a b0.json");
  EXPECT_EQ(read->back().batch, 11);
}

TEST(Trigger, IntervalsAreAlignedToTheEpoch) {
  const auto trigger = ProcessingTime("10 seconds");
  ASSERT_TRUE(trigger.ok());
  EXPECT_EQ(trigger->Next(12'345), 20'000);
  EXPECT_EQ(trigger->Next(20'000), 30'000);
  EXPECT_FALSE(ProcessingTime("blah").ok());
  EXPECT_FALSE(ProcessingTime("-1 second").ok());
}

TEST(QueryProgress, InstantsAreWrittenAsSparkWritesThem) {
  EXPECT_EQ(FormatInstant(1795651270085), "2026-11-26T00:01:10.085Z");
  EXPECT_EQ(FormatInstant(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatInstant(-1), "1969-12-31T23:59:59.999Z");
}

TEST(ListenerBus, EverySubscriberGetsEveryEvent) {
  ListenerBus bus;
  const auto a = bus.Subscribe("a");
  const auto b = bus.Subscribe("b");
  bus.Post({EventKind::kProgress, "1"});
  bus.Unsubscribe("b");
  bus.Post({EventKind::kProgress, "2"});
  const std::chrono::milliseconds none{0};
  EXPECT_EQ(a->Next(none)->json, "1");
  EXPECT_EQ(a->Next(none)->json, "2");
  EXPECT_FALSE(a->Next(none).has_value());
  EXPECT_FALSE(b->closed());
  EXPECT_EQ(b->Next(none)->json, "1");
  EXPECT_TRUE(b->closed());
}

}  // namespace
}  // namespace deltic::spark::streaming
