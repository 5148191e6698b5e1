#include "engine/functions/decimal_math.h"

#include <gtest/gtest.h>

namespace deltic::engine::functions {
namespace {

Int128 Parse(std::string_view text, DecimalShape shape) {
  bool valid = false;
  auto v = ParseDecimal(text, shape, &valid);
  EXPECT_TRUE(valid && v.has_value()) << text;
  return v.value_or(0);
}

TEST(DecimalMath, TextFollowsBigDecimal) {
  EXPECT_EQ(DecimalToJavaString(1, 7), "1E-7");
  EXPECT_EQ(DecimalToJavaString(12, 8), "1.2E-7");
  EXPECT_EQ(DecimalToJavaString(0, 18), "0E-18");
  EXPECT_EQ(DecimalToJavaString(-150, 2), "-1.50");
  EXPECT_EQ(DecimalToPlainString(1, 7), "0.0000001");
}

TEST(DecimalMath, RoundsHalfUpAwayFromZero) {
  EXPECT_EQ(Parse("1.005", {10, 2}), 101);
  EXPECT_EQ(Parse("-1.555", {10, 2}), -156);
  EXPECT_EQ(Parse("1e3", {10, 2}), 100000);
  EXPECT_EQ(*DoubleToDecimal(1.005, {10, 2}), 101);
  EXPECT_EQ(Rescale(25, 1, 0, 5, Rounding::kHalfEven), Int128{2});
  EXPECT_EQ(Rescale(35, 1, 0, 5, Rounding::kHalfEven), Int128{4});
}

TEST(DecimalMath, OverflowIsNoValue) {
  bool valid = false;
  EXPECT_FALSE(ParseDecimal("123456", {5, 2}, &valid).has_value());
  EXPECT_TRUE(valid);
  EXPECT_FALSE(ParseDecimal("12x", {5, 2}, &valid).has_value());
  EXPECT_FALSE(valid);
  EXPECT_FALSE(DecimalAdd(Pow10(38) - 1, 0, 1, 0, {38, 0}).has_value());
  EXPECT_FALSE(DecimalMultiply(Pow10(38) - 1, 0, 10, 0, {38, 0}).has_value());
}

TEST(DecimalMath, ProductsAndQuotientsNeedMoreThan128Bits) {
  // 12345678901234567890.1234567890 squared has 40 digits before the point: too large.
  Int128 big = Parse("12345678901234567890.1234567890", {30, 10});
  EXPECT_FALSE(DecimalMultiply(big, 10, big, 10, {38, 6}).has_value());
  // 1 / 3 at scale 28 from decimal(38, 10) operands.
  auto third = DecimalDivide(Parse("1", {38, 10}), 10, Parse("3", {38, 10}), 10, {38, 6});
  EXPECT_EQ(*third, 333333);
  EXPECT_EQ(*DecimalRemainder(-55, 1, 2, 0, {3, 1}), -15);
}

TEST(DecimalMath, RoundsDoublesThroughTheirText) {
  EXPECT_EQ(RoundDouble(2.345, 2, Rounding::kHalfUp), 2.35);
  EXPECT_EQ(RoundDouble(1.005, 2, Rounding::kHalfUp), 1.01);
  EXPECT_EQ(RoundDouble(12345.678, -2, Rounding::kHalfUp), 12300.0);
  EXPECT_EQ(RoundDouble(2.5, 0, Rounding::kHalfEven), 2.0);
}

TEST(DecimalMath, ResultTypesLoseFractionFirst) {
  EXPECT_EQ(DecimalResult(DecimalOp::kMultiply, {38, 10}, {38, 10}), (DecimalShape{38, 6}));
  EXPECT_EQ(DecimalResult(DecimalOp::kDivide, {10, 0}, {10, 0}), (DecimalShape{21, 11}));
  EXPECT_EQ(DecimalResult(DecimalOp::kAdd, {10, 2}, {5, 4}), (DecimalShape{13, 4}));
}

}  // namespace
}  // namespace deltic::engine::functions
