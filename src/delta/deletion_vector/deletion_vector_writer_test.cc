#include "delta/deletion_vector/deletion_vector_writer.h"

#include <gtest/gtest.h>

#include "delta/skipping/file_stats.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {
namespace {

using Rows = std::vector<uint64_t>;

std::shared_ptr<const DeletionVector> RoundTrip(const DeletionVector& rows) {
  auto decoded = DecodeDeletionVector(EncodeDeletionVector(rows));
  EXPECT_TRUE(decoded.ok()) << decoded.status().ToString();
  return decoded.ok() ? *decoded : nullptr;
}

TEST(DeletionVectorWriter, EncodingReadsBack) {
  for (const Rows& rows : {Rows{}, Rows{0}, Rows{1, 2, 3, 70000}, Rows{5, (1ULL << 32) + 7, (3ULL << 32)}}) {
    EXPECT_EQ(RoundTrip(*MakeDeletionVector(rows))->ToVector(), rows);
  }
  DeletionVectorBuilder builder;
  builder.AddRun(0xFFFFFFF0ULL, 32);  // across two bitmaps
  builder.Add(3);
  builder.Add(3);
  EXPECT_EQ(builder.Cardinality(), 33U);
  const auto rows = RoundTrip(*builder.Build());
  EXPECT_EQ(rows->Cardinality(), 33U);
  EXPECT_TRUE(rows->Contains(0xFFFFFFFFULL));
  EXPECT_TRUE(rows->Contains(0x10000000FULL));
  EXPECT_FALSE(rows->Contains(0x100000010ULL));
  EXPECT_EQ(builder.Cardinality(), 0U);
}

// Spark's own vector files are what ours must look like, byte for byte.
TEST(DeletionVectorWriter, BytesAreThoseOfSpark) {
  for (const char* name : {"dv_ondisk", "dv_purged"}) {
    const std::string table = std::string(DELTIC_TEST_DATA) + "/golden/" + name + "/table";
    const auto objects = storage::LocalStore()->List(table);
    ASSERT_TRUE(objects.ok());
    int files = 0;
    for (const auto& object : *objects) {
      if (storage::BaseName(object.path).find("deletion_vector_") != 0) continue;
      const std::string bytes = storage::LocalStore()->Get(object.path).value();
      std::string again(1, bytes[0]);
      size_t at = 1;
      while (at + 8 <= bytes.size()) {
        uint32_t size = 0;
        for (int i = 0; i < 4; i++) size = size << 8 | static_cast<unsigned char>(bytes[at + static_cast<size_t>(i)]);
        const std::string data = bytes.substr(at + 4, size);
        EXPECT_EQ(EncodeDeletionVector(**DecodeDeletionVector(data)), data);
        at += size + 8;
      }
      EXPECT_EQ(at, bytes.size());
      files++;
    }
    EXPECT_GT(files, 0) << name;
  }
}

TEST(DeletionVectorWriter, OneFileHoldsTheVectorsOfACommit) {
  auto store = storage::NewMemoryStore();
  SeededRandom random(7);
  DeletionVectorFile file(&random);
  EXPECT_TRUE(file.empty());
  ASSERT_TRUE(file.Write(store.get(), "memory:/t").ok());
  EXPECT_TRUE(store->List("memory:/t").value().empty());
  const auto first = file.Add(*MakeDeletionVector({1, 5}));
  const auto second = file.Add(*MakeDeletionVector({2, 1ULL << 33}));
  EXPECT_EQ(first.offset, 1);
  EXPECT_EQ(second.offset, 1 + 4 + first.size_bytes + 4);
  EXPECT_EQ(first.storage_type, "u");
  EXPECT_EQ(first.path_or_inline, second.path_or_inline);
  ASSERT_TRUE(file.Write(store.get(), "memory:/t").ok());
  EXPECT_EQ(LoadDeletionVector(store.get(), "memory:/t", first).value()->ToVector(), (Rows{1, 5}));
  EXPECT_EQ(LoadDeletionVector(store.get(), "memory:/t", second).value()->ToVector(), (Rows{2, 1ULL << 33}));
  file.Discard(store.get(), "memory:/t");
  EXPECT_TRUE(store->List("memory:/t").value().empty());
}

TEST(DeletionVectorWriter, Unions) {
  const auto a = MakeDeletionVector({1, 2, 1ULL << 32});
  const auto b = MakeDeletionVector({2, 9});
  EXPECT_EQ(UniteDeletionVectors(a.get(), b.get())->ToVector(), (Rows{1, 2, 9, 1ULL << 32}));
  EXPECT_EQ(UniteDeletionVectors(nullptr, b.get())->ToVector(), (Rows{2, 9}));
  EXPECT_EQ(UniteDeletionVectors(a.get(), nullptr)->Cardinality(), 3U);
  EXPECT_EQ(UniteDeletionVectors(nullptr, nullptr)->Cardinality(), 0U);
  EXPECT_EQ(a->Cardinality(), 3U);
}

TEST(DeletionVectorWriter, Ranges) {
  const auto rows = MakeDeletionVector({0, 3, 4, 4000, (1ULL << 32) - 1, 1ULL << 32});
  for (const uint64_t start : {0ULL, 3ULL, 5ULL, 3999ULL, (1ULL << 32) - 2, (1ULL << 32) + 1}) {
    bool contained[8];
    rows->ContainsRange(start, 8, contained);
    for (uint64_t i = 0; i < 8; i++) EXPECT_EQ(contained[i], rows->Contains(start + i)) << start << "+" << i;
  }
}

// The stats texts are Spark 3.5.5 + Delta 3.3.2's, before and after a DELETE with vectors.
TEST(FileStats, WideBounds) {
  const std::string spark =
      R"({"numRecords":5,"minValues":{"id":1,"v":"a","n":10},"maxValues":{"id":5,"v":"b","n":50},"nullCount":{"id":0,"v":1,"n":0})";
  EXPECT_EQ(WithWideBounds(spark + "}", 0), spark + R"(,"tightBounds":false})");
  EXPECT_EQ(WithWideBounds(spark + R"(,"tightBounds":true})", 0), spark + R"(,"tightBounds":false})");
  EXPECT_EQ(WithWideBounds(spark + R"(,"tightBounds":false})", 1), spark + R"(,"tightBounds":false})");
  // Tight statistics of a file that had a vector: a column null in all 3 live rows is null in all 5.
  EXPECT_EQ(WithWideBounds(R"({"numRecords":5,"nullCount":{"a":3,"s":{"x":3,"y":1}},"tightBounds":true})", 2),
            R"({"numRecords":5,"nullCount":{"a":5,"s":{"x":5,"y":1}},"tightBounds":false})");
  EXPECT_EQ(PhysicalRows(spark + "}"), 5);
  EXPECT_EQ(PhysicalRows(""), std::nullopt);
  EXPECT_EQ(PhysicalRows("{}"), std::nullopt);
}

}  // namespace
}  // namespace deltic::delta
