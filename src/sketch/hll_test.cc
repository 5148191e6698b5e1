#include "sketch/hll.h"

#include <gtest/gtest.h>

#include <cmath>

namespace deltic::sketch {
namespace {

Hll Of(int lg_k, int64_t from, int64_t until) {
  Hll sketch(lg_k);
  for (int64_t i = from; i < until; i++) sketch.Add(i);
  return sketch;
}

TEST(Hll, ImagesReadBack) {
  for (const int64_t n : {0, 3, 100, 50000}) {
    const Hll sketch = Of(10, 0, n);
    const auto again = Hll::Read(sketch.Image());
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again->Image(), sketch.Image());
    EXPECT_EQ(again->lg_k(), 10);
    EXPECT_NEAR(again->Estimate(), static_cast<double>(n), 0.15 * static_cast<double>(n));
  }
}

TEST(Hll, OtherBytesAreRefused) {
  for (const char* bytes : {"", "x", "abcdefghijklmnop"}) EXPECT_FALSE(Hll::Read(bytes).has_value());
  std::string cut = Of(12, 0, 50000).Image();
  cut.resize(cut.size() / 2);
  EXPECT_FALSE(Hll::Read(cut).has_value());
}

TEST(Hll, UnionsOfDifferentWidthsInAnyOrder) {
  const Hll wide = Of(12, 0, 100000);
  const Hll narrow = Of(10, 70000, 170000);
  for (const bool wide_first : {true, false}) {
    HllUnion both(10);
    both.Add(wide_first ? wide : narrow);
    both.Add(wide_first ? narrow : wide);
    EXPECT_NEAR(both.Result().Estimate(), 170000, 17000) << wide_first;
    EXPECT_EQ(both.Result().lg_k(), 10);
  }
}

}  // namespace
}  // namespace deltic::sketch
