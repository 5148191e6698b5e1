// Reading ahead: the right bytes, by few requests, whatever the store does.
#include "storage/read_ahead.h"

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "base/random.h"
#include "storage/object_reader.h"
#include "storage/testing/fault_store.h"

namespace deltic::storage {
namespace {

constexpr char kPath[] = "memory:/object";
constexpr int64_t kKiB = 1 << 10;
constexpr int64_t kMiB = 1 << 20;
using Range = ReadAhead::Range;

struct Counted {
  std::atomic<int> reads{0};
  std::atomic<bool> fails{false};
  std::string bytes;
  ReadAhead::File file;
};

std::unique_ptr<Counted> Object(int64_t size) {
  auto out = std::make_unique<Counted>();
  SeededRandom random(static_cast<uint64_t>(size));
  while (static_cast<int64_t>(out->bytes.size()) < size) {
    const uint64_t word = random.Next64();
    out->bytes.append(reinterpret_cast<const char*>(&word), 8);
  }
  out->bytes.resize(static_cast<size_t>(size));
  auto inner = NewMemoryStore();
  EXPECT_TRUE(inner->Put(kPath, out->bytes).ok());
  auto store = std::make_shared<testing::FaultStore>(inner, [counted = out.get()](testing::Op, std::string_view) {
    counted->reads++;
    return counted->fails ? testing::Fault::kFail : testing::Fault::kNone;
  });
  out->file = {store, kPath, size};
  return out;
}

void ExpectRead(ReadAhead* ahead, const Counted& object, int64_t offset, int64_t length, size_t file = 0) {
  std::string out(static_cast<size_t>(length), '\0');
  ASSERT_TRUE(ahead->Read(file, offset, out.data(), length)) << offset;
  EXPECT_TRUE(out == object.bytes.substr(static_cast<size_t>(offset), static_cast<size_t>(length))) << offset;
}

bool Reads(ReadAhead* ahead, int64_t offset, int64_t length) {
  std::string out(static_cast<size_t>(length), '\0');
  return ahead->Read(0, offset, out.data(), length);
}

TEST(ReadAhead, NeighboursAreOneRequestAndFarRangesSeveral) {
  const auto object = Object(8 * kMiB);
  ReadAhead ahead;
  ahead.Plan(0, object->file, {{.first = {{0, kMiB}, {kMiB + 100 * kKiB, kMiB}, {6 * kMiB, kMiB}}, .then = {}}});
  ExpectRead(&ahead, *object, 0, kMiB);
  ExpectRead(&ahead, *object, kMiB + 100 * kKiB, kMiB);
  ExpectRead(&ahead, *object, 6 * kMiB, kMiB);
  EXPECT_EQ(object->reads, 2);
  EXPECT_FALSE(Reads(&ahead, 4 * kMiB, 10)) << "of no plan";
  EXPECT_FALSE(Reads(&ahead, 6 * kMiB + 512 * kKiB, kMiB)) << "only half of it is";
}

TEST(ReadAhead, EveryGroupIsFetchedOnceHoweverManyRead) {
  constexpr int64_t kGroup = 700 * kKiB;
  constexpr int kGroups = 15;
  const auto object = Object(kGroup * kGroups);
  ReadAhead ahead;
  std::vector<ReadAhead::Group> groups(kGroups);
  for (int i = 0; i < kGroups; i++) groups[static_cast<size_t>(i)].first = {{i * kGroup, kGroup}};
  ahead.Plan(0, object->file, groups);
  std::atomic<int> next{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; i++) {
    threads.emplace_back([&] {
      for (int g = next++; g < kGroups; g = next++) ExpectRead(&ahead, *object, g * kGroup, kGroup);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(object->reads, kGroups);
  EXPECT_TRUE(ahead.WantsPlan());
}

TEST(ReadAhead, AScanOfOneGroupFetchesNoOther) {
  const auto object = Object(8 * kMiB);
  ReadAhead ahead;
  ahead.Plan(0, object->file,
             {{.first = {{0, kMiB}}, .then = {}},
              {.first = {{2 * kMiB, kMiB}}, .then = {}},
              {.first = {{5 * kMiB, 1}}, .then = {}}});
  ExpectRead(&ahead, *object, 0, kMiB);
  EXPECT_EQ(object->reads, 1);
  EXPECT_FALSE(ahead.HasBegun());
  ExpectRead(&ahead, *object, 2 * kMiB, kMiB);
  EXPECT_TRUE(ahead.HasBegun());
  ExpectRead(&ahead, *object, 5 * kMiB, 1);
  EXPECT_EQ(object->reads, 3);
}

TEST(ReadAhead, FilesMayBeOpenedOutOfOrder) {
  const auto object = Object(4 * kMiB);
  ReadAhead ahead;
  const auto groups = [](int64_t first) {
    return std::vector<ReadAhead::Group>{{.first = {{first, 10}}, .then = {}},
                                         {.first = {{first + kMiB, 10}}, .then = {}}};
  };
  ahead.Plan(1, object->file, groups(2 * kMiB));
  ahead.Plan(0, object->file, groups(0));
  ExpectRead(&ahead, *object, 0, 10, 0);
  EXPECT_FALSE(ahead.WantsPlan());
  ExpectRead(&ahead, *object, kMiB, 10, 0);
  EXPECT_TRUE(ahead.WantsPlan()) << "the second file's groups were asked for";
  ExpectRead(&ahead, *object, 2 * kMiB, 10, 1);
  ExpectRead(&ahead, *object, 3 * kMiB, 10, 1);
  EXPECT_EQ(object->reads, 4);
}

TEST(ReadAhead, LongRangesAreCut) {
  constexpr int64_t kSize = 100 * kMiB;  // longer than the window
  const auto object = Object(kSize);
  ReadAhead ahead;
  ahead.Plan(0, object->file, {{.first = {{0, kSize}}, .then = {}}});
  ExpectRead(&ahead, *object, 0, kSize);
  EXPECT_GE(object->reads, 100 * kMiB / (ReadAhead::kPieceBytes * 3 / 2));
  EXPECT_LE(object->reads, 100 * kMiB / ReadAhead::kPieceBytes + 2);
}

TEST(ReadAhead, WhatFilteredRowsSpareIsNotFetched) {
  constexpr int kGroups = 20;
  const auto object = Object(kGroups * 2 * kMiB);
  const auto groups = [&] {
    std::vector<ReadAhead::Group> out(kGroups);
    for (int64_t i = 0; i < kGroups; i++) {
      out[static_cast<size_t>(i)] = {.first = {{i * 2 * kMiB, kMiB / 4}}, .then = {{i * 2 * kMiB + kMiB, kMiB / 4}}};
    }
    return out;
  };
  ReadAhead none;
  none.Plan(0, object->file, groups());
  for (int64_t i = 0; i < kGroups; i++) ExpectRead(&none, *object, i * 2 * kMiB, kMiB / 4);
  EXPECT_EQ(object->reads, kGroups);
  object->reads = 0;
  ReadAhead all;
  all.Plan(0, object->file, groups());
  for (int64_t i = 0; i < kGroups; i++) {
    ExpectRead(&all, *object, i * 2 * kMiB, kMiB / 4);
    ExpectRead(&all, *object, i * 2 * kMiB + kMiB, kMiB / 4);
  }
  EXPECT_EQ(object->reads, kGroups * 2);
}

TEST(ReadAhead, TailsHoldSmallObjectsWhole) {
  const auto small = Object(300 * kKiB);
  ReadAhead ahead;
  ahead.FetchTail(0, small->file);
  ahead.FetchTail(0, small->file);
  ExpectRead(&ahead, *small, 300 * kKiB - 8, 8);
  EXPECT_TRUE(ahead.HasTail(0));
  ahead.Plan(0, small->file, {{.first = {{0, 100 * kKiB}}, .then = {}}});
  ExpectRead(&ahead, *small, 0, 300 * kKiB);
  EXPECT_EQ(small->reads, 1);
  EXPECT_EQ(ReadAhead::TailBytes(ObjectReader::kWholeBytes + 1), 64 * kKiB);
  EXPECT_EQ(ReadAhead::TailBytes(int64_t{1} << 40), 256 * kKiB);
  ahead.DropTail(0);
  EXPECT_FALSE(Reads(&ahead, 0, 8));
}

TEST(ReadAhead, AFailedFetchIsTheReadersToRepeat) {
  const auto object = Object(4 * kMiB);
  object->fails = true;
  ReadAhead ahead;
  ahead.FetchTail(0, object->file);
  ahead.Plan(0, object->file, {{.first = {{0, kMiB}}, .then = {}}});
  EXPECT_FALSE(Reads(&ahead, 4 * kMiB - 8, 8));
  EXPECT_FALSE(Reads(&ahead, 0, kMiB));
  object->fails = false;
  EXPECT_FALSE(Reads(&ahead, 0, kMiB)) << "it was asked for once";
}

TEST(ReadAhead, AShorterObjectIsAFailedFetch) {
  const auto object = Object(kMiB);
  object->file.size_bytes = 3 * kMiB;
  ReadAhead ahead;
  ahead.FetchTail(0, object->file);
  ahead.Plan(0, object->file, {{.first = {{512 * kKiB, kMiB}}, .then = {}}});
  EXPECT_FALSE(Reads(&ahead, 3 * kMiB - 8, 8));
  EXPECT_FALSE(Reads(&ahead, 512 * kKiB, kMiB));
}

TEST(ReadAhead, EndsWhileRequestsAreUnderWay) {
  auto inner = NewMemoryStore();
  ASSERT_TRUE(inner->Put(kPath, std::string(2 * kMiB, 'x')).ok());
  auto begun = std::make_shared<std::counting_semaphore<>>(0), go = std::make_shared<std::counting_semaphore<>>(0);
  auto store = std::make_shared<testing::FaultStore>(inner, [=](testing::Op, std::string_view) {
    begun->release();
    go->acquire();
    return testing::Fault::kNone;
  });
  {
    ReadAhead ahead;
    ahead.FetchTail(0, {store, kPath, 2 * kMiB});
    begun->acquire();
  }
  go->release(8);
}

}  // namespace
}  // namespace deltic::storage
