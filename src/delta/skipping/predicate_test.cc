#include "delta/skipping/predicate.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace deltic::delta {
namespace {

using Op = Predicate::Op;
using types::DataType;
using types::TypeId;

bool Keep(const Predicate& predicate, const std::string& stats, const PartitionValues& partitions = {}) {
  return FileSkipper(predicate, {"p"}).KeepFile(stats, partitions);
}

Predicate Cmp(Op op, DataType type, Constant value, std::string column = "c") {
  return Predicate::Compare(op, {std::move(column)}, std::move(type), std::move(value));
}

const char* kInts = R"({"numRecords":5,"minValues":{"c":10},"maxValues":{"c":20},"nullCount":{"c":0}})";

TEST(Skipping, Integers) {
  const auto keep = [](Op op, int64_t value) { return Keep(Cmp(op, TypeId::kLong, Constant::Int(value)), kInts); };
  EXPECT_FALSE(keep(Op::kEq, 9));
  EXPECT_TRUE(keep(Op::kEq, 10));
  EXPECT_TRUE(keep(Op::kEq, 20));
  EXPECT_FALSE(keep(Op::kEq, 21));
  EXPECT_FALSE(keep(Op::kLt, 10));
  EXPECT_TRUE(keep(Op::kLe, 10));
  EXPECT_FALSE(keep(Op::kGt, 20));
  EXPECT_TRUE(keep(Op::kGe, 20));
  EXPECT_TRUE(keep(Op::kNe, 10));
  const char* single = R"({"numRecords":2,"minValues":{"c":7},"maxValues":{"c":7},"nullCount":{"c":0}})";
  EXPECT_FALSE(Keep(Cmp(Op::kNe, TypeId::kLong, Constant::Int(7)), single));
  EXPECT_TRUE(Keep(Predicate::In({"c"}, TypeId::kLong, {Constant::Int(1), Constant::Int(15)}), kInts));
  EXPECT_FALSE(Keep(Predicate::In({"c"}, TypeId::kLong, {Constant::Int(1), Constant::Int(50)}), kInts));
}

// A column that was FLOAT: its files' statistics hold the digits of floats, its rows are their exact doubles.
TEST(Skipping, DoublesThatWereFloats) {
  const auto keep = [](Op op, double value, const char* bound) {
    const std::string stats = std::string(R"({"numRecords":1,"minValues":{"c":)") + bound + R"(},"maxValues":{"c":)" +
                              bound + R"(},"nullCount":{"c":0}})";
    return Keep(Cmp(op, TypeId::kDouble, Constant::Double(value)), stats);
  };
  for (const char* bound : {"0.1", "0.7", "-0.1", "16777.217"}) {
    const double row = std::strtof(bound, nullptr);
    for (const Op op : {Op::kEq, Op::kLe, Op::kGe}) EXPECT_TRUE(keep(op, row, bound)) << bound;
    EXPECT_TRUE(keep(row < std::strtod(bound, nullptr) ? Op::kLt : Op::kGt, std::strtod(bound, nullptr), bound));
  }
  for (const char* bound : {"1.4E-45", "1.0E-45", "1.0E-40"}) {  // as Java writes it, and shorter
    EXPECT_TRUE(keep(Op::kEq, static_cast<double>(std::strtof(bound, nullptr)), bound)) << bound;
  }
  EXPECT_FALSE(keep(Op::kEq, 0.1001, "0.1"));
  // No float is written so, or it is the same number: nothing is given away.
  EXPECT_FALSE(keep(Op::kEq, 1700000001.5, "1700000001.25"));
  EXPECT_FALSE(keep(Op::kLt, 1.5, "1.5"));
  EXPECT_FALSE(keep(Op::kEq, 0.12345678901235, "0.12345678901234"));
}

TEST(Skipping, Nulls) {
  const auto is_null = Predicate::IsNull({"c"}, TypeId::kLong);
  const auto is_not_null = Predicate::IsNotNull({"c"}, TypeId::kLong);
  EXPECT_FALSE(Keep(is_null, kInts));
  EXPECT_TRUE(Keep(is_not_null, kInts));
  const char* all = R"({"numRecords":5,"minValues":{},"maxValues":{},"nullCount":{"c":5}})";
  EXPECT_TRUE(Keep(is_null, all));
  EXPECT_FALSE(Keep(is_not_null, all));
  EXPECT_FALSE(Keep(Cmp(Op::kEq, TypeId::kLong, Constant::Int(1)), all));
  EXPECT_FALSE(Keep(Cmp(Op::kNe, TypeId::kLong, Constant::Int(1)), all));
  EXPECT_FALSE(Keep(Cmp(Op::kEq, TypeId::kLong, Constant::Null()), kInts)) << "= NULL is never true";
  EXPECT_FALSE(Keep(Cmp(Op::kNullSafeEq, TypeId::kLong, Constant::Null()), kInts));
  EXPECT_TRUE(Keep(Cmp(Op::kNullSafeEq, TypeId::kLong, Constant::Null()), all));
}

TEST(Skipping, LogicAndNegation) {
  const auto low = Cmp(Op::kLt, TypeId::kLong, Constant::Int(5));
  const auto mid = Cmp(Op::kEq, TypeId::kLong, Constant::Int(15));
  EXPECT_FALSE(Keep(Predicate::And({low, mid}), kInts));
  EXPECT_TRUE(Keep(Predicate::Or({low, mid}), kInts));
  EXPECT_TRUE(Keep(Predicate::Not(low), kInts));
  EXPECT_FALSE(Keep(Predicate::Not(Cmp(Op::kGe, TypeId::kLong, Constant::Int(5))), kInts));
  EXPECT_FALSE(Keep(Predicate::Not(Predicate::Or({Predicate::Not(low), Predicate()})), kInts)) << "low AND NOT unknown";
  EXPECT_TRUE(Keep(Predicate::Not(Predicate()), kInts));
  EXPECT_FALSE(Keep(Predicate::And({Predicate(), low}), kInts));
}

// 32 characters are kept; the true maximum may be later than the text.
TEST(Skipping, TruncatedStrings) {
  const std::string prefix(32, 'a');
  const std::string stats = R"({"numRecords":1,"minValues":{"c":")" + prefix + R"("},"maxValues":{"c":")" + prefix +
                            "\x7F" + R"("},"nullCount":{"c":0}})";
  const auto keep = [&](Op op, const std::string& v) {
    return Keep(Cmp(op, TypeId::kString, Constant::String(v)), stats);
  };
  EXPECT_TRUE(keep(Op::kEq, prefix + "zzz"));
  EXPECT_TRUE(keep(Op::kNe, prefix));
  EXPECT_FALSE(keep(Op::kEq, "b"));
  EXPECT_FALSE(keep(Op::kEq, "a"));
  EXPECT_TRUE(keep(Op::kStartsWith, "aaa"));
  EXPECT_FALSE(keep(Op::kStartsWith, "ab"));
  EXPECT_FALSE(keep(Op::kStartsWith, "A"));
}

// Statistics are cut to milliseconds: up to 999 us are missing at the top.
TEST(Skipping, Timestamps) {
  const std::string stats =
      R"({"numRecords":1,"minValues":{"c":"2024-01-01T00:00:00.000Z"},"maxValues":{"c":"2024-01-01T01:00:00.000+01:00"},"nullCount":{"c":0}})";
  const int64_t base = 1704067200000000;
  const auto keep = [&](Op op, int64_t v) { return Keep(Cmp(op, TypeId::kTimestamp, Constant::Int(v)), stats); };
  EXPECT_TRUE(keep(Op::kEq, base));
  EXPECT_TRUE(keep(Op::kEq, base + 999));
  EXPECT_FALSE(keep(Op::kEq, base + 1000));
  EXPECT_TRUE(keep(Op::kGt, base + 998));
  EXPECT_FALSE(keep(Op::kGt, base + 999));
  EXPECT_FALSE(keep(Op::kLt, base));
  EXPECT_TRUE(keep(Op::kNe, base));
}

TEST(Skipping, FloatsAndDecimals) {
  const char* stats = R"({"numRecords":2,"minValues":{"c":1.5},"maxValues":{"c":2.5},"nullCount":{"c":0}})";
  EXPECT_TRUE(Keep(Cmp(Op::kGt, TypeId::kDouble, Constant::Double(9)), stats)) << "NaN may be there";
  EXPECT_FALSE(Keep(Cmp(Op::kLt, TypeId::kDouble, Constant::Double(1)), stats));
  EXPECT_FALSE(Keep(Cmp(Op::kEq, TypeId::kDouble, Constant::Double(3)), stats));
  const char* nan = R"({"numRecords":2,"minValues":{"c":1.5},"maxValues":{"c":"NaN"},"nullCount":{"c":0}})";
  EXPECT_TRUE(Keep(Cmp(Op::kEq, TypeId::kDouble, Constant::Double(3)), nan));
  for (const char* bound : {"1.4E-45", "1.0E-45", "1.0E-40", "0.1", "-3.4028235E38"}) {
    const std::string of = std::string(R"({"numRecords":1,"minValues":{"c":)") + bound + R"(},"maxValues":{"c":)" +
                           bound + R"(},"nullCount":{"c":0}})";
    const double row = std::strtof(bound, nullptr);
    EXPECT_TRUE(Keep(Cmp(Op::kEq, TypeId::kFloat, Constant::Double(row)), of)) << bound;
  }
  EXPECT_FALSE(Keep(Cmp(Op::kEq, TypeId::kFloat, Constant::Double(3e-44)), stats));
  const DataType decimal = DataType::Decimal(10, 2);
  EXPECT_FALSE(Keep(Cmp(Op::kGt, decimal, Constant::Decimal(251, 2)), stats));
  EXPECT_TRUE(Keep(Cmp(Op::kGe, decimal, Constant::Decimal(250, 2)), stats));
  EXPECT_FALSE(Keep(Cmp(Op::kLt, decimal, Constant::Decimal(149, 2)), stats));
  const char* minus_zero = R"({"numRecords":1,"minValues":{"c":-0.0},"maxValues":{"c":-0.0},"nullCount":{"c":0}})";
  EXPECT_TRUE(Keep(Cmp(Op::kEq, TypeId::kDouble, Constant::Double(0.0)), minus_zero));
}

TEST(Skipping, DatesAndNested) {
  const char* stats =
      R"({"numRecords":1,"minValues":{"s":{"d":"2024-01-10"}},"maxValues":{"s":{"d":"2024-01-20"}},"nullCount":{"s":{"d":0}}})";
  const auto at = [&](int64_t day) {
    return Keep(Predicate::Compare(Op::kEq, {"s", "d"}, TypeId::kDate, Constant::Int(day)), stats);
  };
  EXPECT_FALSE(at(19731));
  EXPECT_TRUE(at(19732));
  EXPECT_TRUE(at(19742));
  EXPECT_FALSE(at(19743));
}

TEST(Skipping, UnknownStatisticsKeep) {
  const auto predicate = Cmp(Op::kEq, TypeId::kLong, Constant::Int(99));
  for (const auto* stats :
       {"", "null", "{", "{}", R"({"numRecords":1})", R"({"minValues":{"c":null},"maxValues":{"c":null}})",
        R"({"minValues":{"c":"x"},"maxValues":{"c":[1]}})"}) {
    EXPECT_TRUE(Keep(predicate, stats)) << stats;
  }
  EXPECT_TRUE(Keep(Cmp(Op::kEq, TypeId::kBinary, Constant::String("x")), kInts));
}

TEST(Skipping, Partitions) {
  const auto keep = [](const Predicate& predicate, std::optional<std::string> value) {
    return FileSkipper(predicate, {"p"}).KeepPartition({{"p", std::move(value)}});
  };
  EXPECT_TRUE(keep(Cmp(Op::kEq, TypeId::kInteger, Constant::Int(7), "p"), "7"));
  EXPECT_FALSE(keep(Cmp(Op::kEq, TypeId::kInteger, Constant::Int(7), "p"), "8"));
  EXPECT_FALSE(keep(Cmp(Op::kNe, TypeId::kString, Constant::String("x"), "p"), "x"));
  EXPECT_FALSE(keep(Cmp(Op::kEq, TypeId::kString, Constant::String("x"), "p"), std::nullopt));
  EXPECT_TRUE(keep(Predicate::IsNull({"p"}, TypeId::kString), std::nullopt));
  EXPECT_FALSE(keep(Predicate::IsNull({"p"}, TypeId::kString), "x"));
  EXPECT_TRUE(keep(Cmp(Op::kEq, TypeId::kTimestamp, Constant::Int(0), "p"), "2024-01-01 00:00:00")) << "zone unknown";
  EXPECT_FALSE(keep(Cmp(Op::kEq, TypeId::kTimestamp, Constant::Int(0), "p"), "2024-01-01T00:00:00Z"));
  EXPECT_FALSE(keep(Cmp(Op::kEq, TypeId::kBoolean, Constant::Bool(true), "p"), "false"));
  EXPECT_TRUE(keep(Cmp(Op::kEq, TypeId::kLong, Constant::Int(1), "other"), "x"));
}

}  // namespace
}  // namespace deltic::delta
