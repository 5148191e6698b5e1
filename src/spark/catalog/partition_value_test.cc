// Expected texts are those of the Delta protocol (PROTOCOL.md › Partition Value Serialization) and of tables Spark
// wrote.
#include "spark/catalog/partition_value.h"

#include <gtest/gtest.h>

namespace deltic::spark::catalog {
namespace {

using engine::Int128;
using engine::Value;
using types::DataType;
using types::TypeId;

template <typename T>
void ExpectValue(const char* text, const DataType& type, T expected) {
  const auto value = ParsePartitionValue(std::string(text), type, "UTC");
  ASSERT_TRUE(value.ok()) << value.status().ToString();
  ASSERT_TRUE(std::holds_alternative<T>(value->v)) << text;
  EXPECT_EQ(std::get<T>(value->v), expected) << text;
}

TEST(PartitionValue, ParsesEachType) {
  ExpectValue<int64_t>("-128", TypeId::kByte, -128);
  ExpectValue<int64_t>("9223372036854775807", TypeId::kLong, INT64_MAX);
  ExpectValue<bool>("true", TypeId::kBoolean, true);
  ExpectValue<double>("1.5", TypeId::kDouble, 1.5);
  ExpectValue<Int128>("-1.50", DataType::Decimal(10, 2), Int128{-150});
  ExpectValue<Int128>("12", DataType::Decimal(10, 2), Int128{1200});
  ExpectValue<int64_t>("1970-01-02", TypeId::kDate, 1);
  ExpectValue<int64_t>("1969-12-31", TypeId::kDate, -1);
  ExpectValue<int64_t>("1970-01-01 00:00:01", TypeId::kTimestamp, 1000000);
  ExpectValue<int64_t>("1970-01-01 00:00:00.5", TypeId::kTimestamp, 500000);
  ExpectValue<int64_t>("1970-01-01T00:00:00.000001Z", TypeId::kTimestamp, 1);
  ExpectValue<int64_t>("1970-01-01T02:00:00+02:00", TypeId::kTimestamp, 0);
  ExpectValue<std::string>("a b", TypeId::kString, "a b");
  ExpectValue<std::string>("\xC3\xA9", TypeId::kBinary, "\xC3\xA9");
}

// What Spark 3.5.5 with Delta 3.3.2 read from a log that held these texts.
TEST(PartitionValue, ParsesWhatCastTakes) {
  ExpectValue<Int128>("0E-18", DataType::Decimal(38, 18), Int128{0});
  ExpectValue<Int128>("1.00000000000E-7", DataType::Decimal(38, 18), Int128{100000000000});
  ExpectValue<Int128>("1E2", DataType::Decimal(10, 2), Int128{10000});
  ExpectValue<int64_t>(" 3", TypeId::kInteger, 3);
  ExpectValue<int64_t>("+5", TypeId::kInteger, 5);
  ExpectValue<bool>("t", TypeId::kBoolean, true);
  ExpectValue<bool>("1", TypeId::kBoolean, true);
  ExpectValue<double>("1.0E-10", TypeId::kDouble, 1e-10);
}

TEST(PartitionValue, TimestampsWithoutZoneAreTheSessions) {
  const auto of = [](const char* text, const DataType& type) {
    return std::get<int64_t>(ParsePartitionValue(text, type, "America/New_York")->v);
  };
  EXPECT_EQ(of("1970-01-01 00:00:00", TypeId::kTimestamp), int64_t{5} * 3600 * 1000000);
  EXPECT_EQ(of("1970-01-01", TypeId::kTimestamp), int64_t{5} * 3600 * 1000000);
  EXPECT_EQ(of("1970-01-01T00:00:00.000000Z", TypeId::kTimestamp), 0);
  EXPECT_EQ(of("1970-01-01T02:00:00+02:00", TypeId::kTimestamp), 0);
  EXPECT_EQ(of("1970-01-01 00:00:00", TypeId::kTimestampNtz), 0);
}

TEST(PartitionValue, NullAndEmptyAreNull) {
  EXPECT_TRUE(ParsePartitionValue(std::nullopt, TypeId::kString, "UTC")->IsNull());
  EXPECT_TRUE(ParsePartitionValue("", TypeId::kInteger, "UTC")->IsNull());
  EXPECT_EQ(FormatPartitionValue(Value{}, TypeId::kString), std::nullopt);
  EXPECT_EQ(FormatPartitionValue(Value{std::string()}, TypeId::kString), std::nullopt);
}

TEST(PartitionValue, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(ParsePartitionValue("x", TypeId::kInteger, "UTC").ok());
  EXPECT_FALSE(ParsePartitionValue("2024-02-30", TypeId::kDate, "UTC").ok());
  EXPECT_FALSE(ParsePartitionValue("1.234", DataType::Decimal(10, 2), "UTC").ok());
  EXPECT_FALSE(ParsePartitionValue("maybe", TypeId::kBoolean, "UTC").ok());
  EXPECT_FALSE(ParsePartitionValue("3000000000", TypeId::kInteger, "UTC").ok());
  EXPECT_FALSE(ParsePartitionValue("12:00:00", TypeId::kTimestamp, "UTC").ok());
}

TEST(PartitionValue, FormatsAsSparkWrites) {
  EXPECT_EQ(FormatPartitionValue(Value{int64_t{19723}}, TypeId::kDate), "2024-01-01");
  EXPECT_EQ(FormatPartitionValue(Value{int64_t{1704067200000000}}, TypeId::kTimestamp), "2024-01-01T00:00:00.000000Z");
  EXPECT_EQ(FormatPartitionValue(Value{int64_t{1704067200120000}}, TypeId::kTimestamp), "2024-01-01T00:00:00.120000Z");
  EXPECT_EQ(FormatPartitionValue(Value{int64_t{1704067200120000}}, TypeId::kTimestampNtz), "2024-01-01 00:00:00.12");
  EXPECT_EQ(FormatPartitionValue(Value{Int128{-5}}, DataType::Decimal(5, 2)), "-0.05");
  EXPECT_EQ(FormatPartitionValue(Value{1.0}, TypeId::kDouble), "1.0");
}

}  // namespace
}  // namespace deltic::spark::catalog
