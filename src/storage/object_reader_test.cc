// Reads of an object: right bytes by few requests.
#include "storage/object_reader.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/random.h"
#include "storage/testing/fault_store.h"

namespace deltic::storage {
namespace {

constexpr char kPath[] = "memory:/object";

struct Counted {
  std::atomic<int> reads{0};
  std::shared_ptr<ObjectStore> store;
  std::string bytes;
};

std::unique_ptr<Counted> Object(size_t size) {
  auto out = std::make_unique<Counted>();
  SeededRandom random(size);
  for (size_t i = 0; i < size; i += 8) {
    const uint64_t word = random.Next64();
    out->bytes.append(reinterpret_cast<const char*>(&word), 8);
  }
  out->bytes.resize(size);
  auto inner = NewMemoryStore();
  EXPECT_TRUE(inner->Put(kPath, out->bytes).ok());
  out->store = std::make_shared<testing::FaultStore>(inner, [counted = out.get()](testing::Op, std::string_view) {
    counted->reads++;
    return testing::Fault::kNone;
  });
  return out;
}

std::string Read(ObjectReader* reader, int64_t offset, int64_t length) {
  std::string out(static_cast<size_t>(length), '\0');
  const auto got = reader->Read(offset, out.data(), length);
  EXPECT_TRUE(got.ok()) << got.status().ToString();
  out.resize(got.ok() ? static_cast<size_t>(*got) : 0);
  return out;
}

TEST(ObjectReader, SmallObjectsAreFetchedOnce) {
  const auto object = Object(100'000);
  ObjectReader reader(object->store, kPath, 100'000, nullptr);
  EXPECT_EQ(Read(&reader, 99'990, 100), object->bytes.substr(99'990));
  EXPECT_EQ(Read(&reader, 5, 50'000), object->bytes.substr(5, 50'000));
  EXPECT_EQ(Read(&reader, 100'000, 1), "");
  EXPECT_EQ(object->reads, 1);
  ObjectReader again(object->store, kPath, 100'000, reader.whole());
  EXPECT_EQ(Read(&again, 7, 9), object->bytes.substr(7, 9));
  EXPECT_EQ(object->reads, 1);
}

TEST(ObjectReader, ReadsThatFollowOneAnotherAreFewRequests) {
  constexpr int64_t kSize = 20 << 20;
  constexpr int64_t kStep = 64 << 10;
  const auto object = Object(kSize);
  ObjectReader reader(object->store, kPath, kSize, nullptr);
  for (int64_t at = 0; at < kSize; at += kStep) {
    ASSERT_EQ(Read(&reader, at, kStep), object->bytes.substr(static_cast<size_t>(at), kStep)) << at;
  }
  EXPECT_LE(object->reads, 8);
}

TEST(ObjectReader, LongReadsAreOneRequestEach) {
  constexpr int64_t kSize = 8 << 20;
  const auto object = Object(kSize);
  ObjectReader reader(object->store, kPath, kSize, nullptr);
  std::vector<std::thread> threads;
  for (int64_t i = 0; i < 4; i++) {
    threads.emplace_back([&, i] {
      const int64_t at = i * (2 << 20);
      EXPECT_EQ(Read(&reader, at, 2 << 20), object->bytes.substr(static_cast<size_t>(at), 2 << 20));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(object->reads, 4);
}

TEST(ObjectReader, AShorterObjectIsAnError) {
  const auto object = Object(1000);
  ObjectReader reader(object->store, kPath, 2000, nullptr);
  char byte = 0;
  EXPECT_EQ(reader.Read(10, &byte, 1).status().condition(), "IO_ERROR");
}

}  // namespace
}  // namespace deltic::storage
