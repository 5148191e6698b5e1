#include "storage/request_threads.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <thread>

namespace deltic::storage {
namespace {

TEST(RequestThreads, TasksRunAtTheSameTime) {
  std::latch both(2);  // a task alone would wait for ever
  const auto meet = [&] { both.arrive_and_wait(); };
  RequestThreads::Instance().RunAll({meet, meet}, 2);
  EXPECT_TRUE(both.try_wait());
}

TEST(RequestThreads, NoMoreThanAllowedAndTheFirstHere) {
  const auto here = std::this_thread::get_id();
  std::thread::id first;
  std::atomic<int> now{0}, most{0}, ran{0};
  std::vector<std::function<void()>> tasks = {[&] { first = std::this_thread::get_id(); }};
  for (int i = 0; i < 200; i++) {
    tasks.emplace_back([&] {
      const int running = ++now;
      for (int seen = most; seen < running && !most.compare_exchange_weak(seen, running);) {
      }
      std::this_thread::yield();
      ran++;
      now--;
    });
  }
  RequestThreads::Instance().RunAll(tasks, 3);
  EXPECT_EQ(first, here);
  EXPECT_EQ(ran, 200);
  EXPECT_LE(most, 3);
  RequestThreads::Instance().RunAll({}, 3);
}

// More callers inside one another than there are threads: each does its own work when nobody helps.
TEST(RequestThreads, NobodyWaitsForAThread) {
  std::atomic<int> leaves{0};
  const std::function<void(int)> grow = [&](int depth) {
    if (depth == 0) {
      leaves++;
      return;
    }
    const std::vector<std::function<void()>> tasks(4, [&, depth] { grow(depth - 1); });
    RequestThreads::Instance().RunAll(tasks, 4);
  };
  grow(5);
  EXPECT_EQ(leaves, 1024);
}

}  // namespace
}  // namespace deltic::storage
