#include "engine/functions/cast_text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace deltic::engine::functions {
namespace {

const Zone& ZoneOf(std::string_view id) { return **Zone::Find(id); }

TEST(CastText, Integers) {
  EXPECT_EQ(ParseIntegral(" 1 ", true), 1);
  EXPECT_EQ(ParseIntegral("-1.9", true), -1);
  EXPECT_EQ(ParseIntegral("1.9", false), std::nullopt);
  EXPECT_EQ(ParseIntegral("1e3", true), std::nullopt);
  EXPECT_EQ(ParseIntegral("9223372036854775808", true), std::nullopt);
  EXPECT_EQ(ParseIntegral("-9223372036854775808", true), INT64_MIN);
  EXPECT_EQ(ParseIntegral("", true), std::nullopt);
}

TEST(CastText, Doubles) {
  EXPECT_EQ(ParseDouble(" 1.5d "), 1.5);
  EXPECT_EQ(ParseDouble("1e400"), INFINITY);
  EXPECT_EQ(ParseDouble("-inf"), -INFINITY);
  EXPECT_TRUE(std::isnan(*ParseDouble("nan")));
  EXPECT_EQ(ParseDouble("0x1p3"), 8.0);
  EXPECT_EQ(ParseDouble("1.5x"), std::nullopt);
}

TEST(CastText, Dates) {
  EXPECT_EQ(ParseDate("2021-1-3"), 18630);
  EXPECT_EQ(ParseDate("2021-01-31T10:00"), 18658);
  EXPECT_EQ(ParseDate("2021-02-30"), std::nullopt);
  EXPECT_EQ(ParseDate("21-01-01"), std::nullopt);
  EXPECT_EQ(FormatDate(-719162), "0001-01-01");
  EXPECT_EQ(FormatDate(2932897), "+10000-01-01");
}

TEST(CastText, Timestamps) {
  const Zone& utc = ZoneOf("UTC");
  constexpr int64_t kSecond = 1000000;
  EXPECT_EQ(ParseTimestamp("2021-01-31 10:11:12.123456789", utc, 0), 1612087872 * kSecond + 123456);
  EXPECT_EQ(ParseTimestamp("2021-01-31 10:11:12+08:00", utc, 0), (1612087872 - 8 * 3600) * kSecond);
  EXPECT_EQ(ParseTimestamp("2021-01-31 10:11:12 America/Los_Angeles", utc, 0), (1612087872 + 8 * 3600) * kSecond);
  EXPECT_EQ(ParseTimestamp("2021-01-31 25:00:00", utc, 0), std::nullopt);
  EXPECT_EQ(ParseTimestamp("2021-01-31Z", utc, 0), std::nullopt);
  EXPECT_EQ(ParseTimestampNtz("10:11:12"), std::nullopt);
  EXPECT_EQ(FormatTimestamp(1612087872 * kSecond + 120000), "2021-01-31 10:11:12.12");
}

TEST(CastText, Intervals) {
  EXPECT_EQ(FormatDayTime(93784500000, 0, 3), "INTERVAL '1 02:03:04.5' DAY TO SECOND");
  EXPECT_EQ(FormatYearMonth(14, 0, 1), "INTERVAL '1-2' YEAR TO MONTH");
  EXPECT_EQ(FormatCalendar(14, 3, 14706700000), "1 years 2 months 3 days 4 hours 5 minutes 6.7 seconds");
  EXPECT_EQ(ParseDayTime("1 02:03:04", 0, 3), 93784000000);
  EXPECT_EQ(ParseYearMonth("INTERVAL '1-2' YEAR TO MONTH", 0, 1), 14);
  EXPECT_EQ(ParseCalendar("1 day 2 hours")->days, 1);
}

TEST(TimeZone, GapsMoveForwardAndOverlapsTakeTheEarlierOffset) {
  const Zone& la = ZoneOf("America/Los_Angeles");
  constexpr int64_t kSecond = 1000000;
  // 2021-03-14 02:30 does not exist there: 03:30 PDT.
  EXPECT_EQ(la.ToUtc(*ParseTimestampNtz("2021-03-14 02:30:00")), 1615717800 * kSecond);
  // 2021-11-07 01:30 happens twice: PDT first.
  EXPECT_EQ(la.ToUtc(*ParseTimestampNtz("2021-11-07 01:30:00")), 1636273800 * kSecond);
  // Beyond the zone files.
  const Zone& ny = ZoneOf("America/New_York");
  EXPECT_EQ(ny.OffsetAt(*ParseTimestampNtz("2050-07-01 04:00:00")), -4 * 3600);
  EXPECT_EQ(ny.OffsetAt(*ParseTimestampNtz("2050-01-01 05:00:00")), -5 * 3600);
}

TEST(TimeZone, Ids) {
  EXPECT_EQ(ZoneOf("GMT+8").OffsetAt(0), 8 * 3600);
  EXPECT_EQ(ZoneOf("+1:00").OffsetAt(0), 3600);
  EXPECT_EQ(ZoneOf("PST").OffsetAt(0), -8 * 3600);
  EXPECT_FALSE(Zone::Find("Nowhere/City").ok());
  EXPECT_FALSE(Zone::Find("+19:00").ok());
}

}  // namespace
}  // namespace deltic::engine::functions
