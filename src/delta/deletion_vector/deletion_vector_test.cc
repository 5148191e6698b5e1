#include "delta/deletion_vector/deletion_vector.h"

#include <gtest/gtest.h>

#include "delta/snapshot/snapshot.h"

namespace deltic::delta {
namespace {

std::string Dir(const std::string& name) { return std::string(DELTIC_TEST_DATA) + "/golden/" + name + "/table"; }

// Vectors of golden dv_ondisk and the rows Spark deleted there (version 3: id % 7 = 0, then id < 500 and id % 5 = 0).
TEST(DeletionVector, RelativeFileOfSpark) {
  DeletionVectorDescriptor descriptor{"u", "*$8V@?#uqfU}-8eKm/VI", 1, 346, 157};
  const auto rows = LoadDeletionVector(storage::LocalStore().get(), Dir("dv_ondisk"), descriptor);
  ASSERT_TRUE(rows.ok()) << rows.status().ToString();
  EXPECT_EQ((*rows)->Cardinality(), 157U);
  const auto list = (*rows)->ToVector();
  EXPECT_EQ(list.size(), 157U);
  for (const uint64_t row : {0U, 5U, 7U, 10U, 495U}) EXPECT_TRUE((*rows)->Contains(row)) << row;
  EXPECT_FALSE((*rows)->Contains(1));
  descriptor.cardinality = 156;
  EXPECT_EQ(LoadDeletionVector(storage::LocalStore().get(), Dir("dv_ondisk"), descriptor).status().condition(),
            "DELTA_DELETION_VECTOR_CARDINALITY_MISMATCH");
  descriptor.cardinality = 157;
  descriptor.size_bytes = 345;
  EXPECT_EQ(LoadDeletionVector(storage::LocalStore().get(), Dir("dv_ondisk"), descriptor).status().condition(),
            "DELTA_DELETION_VECTOR_SIZE_MISMATCH");
}

TEST(DeletionVector, DamageIsFound) {
  const DeletionVectorDescriptor descriptor{"u", "*$8V@?#uqfU}-8eKm/VI", 1, 346, 157};
  const std::string path = DeletionVectorPath(Dir("dv_ondisk"), descriptor).value();
  std::string bytes = storage::LocalStore()->Get(path).value();
  auto store = storage::NewMemoryStore();
  const std::string copy = DeletionVectorPath("memory:/t", descriptor).value();
  bytes[100] = static_cast<char>(bytes[100] ^ 1);
  ASSERT_TRUE(store->Put(copy, bytes).ok());
  const auto status = LoadDeletionVector(store.get(), "memory:/t", descriptor).status();
  EXPECT_EQ(status.condition(), "DELTA_DELETION_VECTOR_CHECKSUM_MISMATCH");
  EXPECT_NE(status.detail().find(copy), std::string::npos);
  ASSERT_TRUE(store->Put(copy, bytes.substr(0, 50)).ok());
  EXPECT_EQ(LoadDeletionVector(store.get(), "memory:/t", descriptor).status().condition(),
            "DELTA_DELETION_VECTOR_SIZE_MISMATCH");
  ASSERT_TRUE(store->Delete(copy).ok());
  EXPECT_EQ(LoadDeletionVector(store.get(), "memory:/t", descriptor).status().condition(), "PATH_NOT_FOUND");
}

// Golden dv_inline: Spark reads 90 of 100 rows, ids 10 to 99.
TEST(DeletionVector, InlineThatSparkReads) {
  const auto snapshot = Snapshot::Load({storage::LocalStore(), nullptr, nullptr}, Dir("dv_inline"));
  ASSERT_TRUE(snapshot.ok()) << snapshot.status().ToString();
  std::vector<uint64_t> rows;
  for (const auto& file : (*snapshot)->files()) {
    if (!file.deletion_vector) continue;
    EXPECT_EQ(file.deletion_vector->storage_type, "i");
    const auto loaded = LoadDeletionVector(storage::LocalStore().get(), Dir("dv_inline"), *file.deletion_vector);
    ASSERT_TRUE(loaded.ok()) << loaded.status().ToString();
    rows = (*loaded)->ToVector();
  }
  EXPECT_EQ(rows, (std::vector<uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

// The example of PROTOCOL.md is in an older format (magic 1681511376, big endian) that delta-spark refuses as well.
TEST(DeletionVector, OlderFormatIsRefused) {
  const DeletionVectorDescriptor descriptor{"i", "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L", std::nullopt, 40,
                                            6};
  EXPECT_EQ(LoadDeletionVector(storage::LocalStore().get(), "/t", descriptor).status().condition(),
            "DELTA_DELETION_VECTOR_CORRUPTED");
}

TEST(DeletionVector, Paths) {
  EXPECT_EQ(DeletionVectorPath("/t", {"u", "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 6}).value(),
            "/t/ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");
  EXPECT_EQ(DeletionVectorPath("/t", {"p", "s3a://b/t/x%20y.bin", 4, 40, 6}).value(), "s3a://b/t/x y.bin");
  EXPECT_FALSE(DeletionVectorPath("/t", {"u", "short", 4, 40, 6}).ok());
  DeletionVectorDescriptor descriptor{"u", "ab^-aqEH.-t@S}K{vb[*k^", 4, 40, 6};
  EXPECT_EQ(descriptor.UniqueId(), "uab^-aqEH.-t@S}K{vb[*k^@4");
}

TEST(DeletionVector, Z85) {
  EXPECT_EQ(Z85Decode("HelloWorld").value(), std::string("\x86\x4F\xD2\x6F\xB5\x59\xF7\x5B", 8));
  EXPECT_EQ(Z85Encode(std::string("\x86\x4F\xD2\x6F\xB5\x59\xF7\x5B", 8)), "HelloWorld");
  EXPECT_FALSE(Z85Decode("Hell").has_value());
  EXPECT_FALSE(Z85Decode("Hell~").has_value());
}

TEST(DeletionVector, Differences) {
  const auto a = MakeDeletionVector({1, 2, 3, (1ULL << 33) + 5});
  const auto b = MakeDeletionVector({2, 9});
  EXPECT_EQ(SubtractDeletionVectors(a.get(), b.get())->ToVector(), (std::vector<uint64_t>{1, 3, (1ULL << 33) + 5}));
  EXPECT_EQ(SubtractDeletionVectors(b.get(), a.get())->ToVector(), (std::vector<uint64_t>{9}));
  EXPECT_EQ(SubtractDeletionVectors(nullptr, a.get())->Cardinality(), 0U);
  EXPECT_EQ(SubtractDeletionVectors(a.get(), nullptr)->Cardinality(), 4U);
}

TEST(DeletionVector, MalformedBytes) {
  EXPECT_FALSE(DecodeDeletionVector("").ok());
  EXPECT_FALSE(DecodeDeletionVector("0123456789abcdef").ok());
  std::string magic("\xD1\xD3\x39\x64\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 12);
  EXPECT_FALSE(DecodeDeletionVector(magic).ok());
}

}  // namespace
}  // namespace deltic::delta
