#include "spark/session/session.h"

#include <gtest/gtest.h>

#include <set>

namespace deltic::spark::session {
namespace {

std::map<std::string, std::string> Parse(std::string_view text) {
  auto parsed = ParsePropertiesFile(text);
  EXPECT_TRUE(parsed.ok()) << parsed.status().ToString();
  return parsed.ok() ? *parsed : std::map<std::string, std::string>();
}

TEST(PropertiesFileTest, ReadsSeparatorsCommentsAndContinuations) {
  auto conf = Parse(
      "# comment\n! also a comment\n\nspark.a   one two \nspark.b=2\nspark.c : 3\r\n"
      "spark.d  first,\\\n   second\n  spark.e\nspark.f=a\\=b\\u00e9\nspark.g http://host:1/x=y\n");
  EXPECT_EQ(conf, (std::map<std::string, std::string>{{"spark.a", "one two"},
                                                      {"spark.b", "2"},
                                                      {"spark.c", "3"},
                                                      {"spark.d", "first,second"},
                                                      {"spark.e", ""},
                                                      {"spark.f", "a=b\xC3\xA9"},
                                                      {"spark.g", "http://host:1/x=y"}}));
}

TEST(PropertiesFileTest, RefusesBadUnicodeEscape) {
  EXPECT_FALSE(ParsePropertiesFile("a=\\u00").ok());
  EXPECT_FALSE(ParsePropertiesFile("a=\\uzzzz").ok());
}

class RuntimeConfTest : public ::testing::Test {
 protected:
  RuntimeConf conf_{std::make_shared<const std::map<std::string, std::string>>(
      std::map<std::string, std::string>{{"spark.sql.shuffle.partitions", "4"}, {"spark.custom", "server"}})};
};

TEST_F(RuntimeConfTest, SessionOverServerOverDefault) {
  EXPECT_EQ(conf_.Get("spark.sql.shuffle.partitions"), "4");
  EXPECT_EQ(conf_.Get("spark.sql.ansi.enabled"), "false");
  EXPECT_EQ(conf_.Get("spark.unknown"), std::nullopt);
  ASSERT_TRUE(conf_.Set("spark.sql.shuffle.partitions", "8").ok());
  ASSERT_TRUE(conf_.Set("spark.unknown", "x").ok());
  EXPECT_EQ(conf_.GetInt("spark.sql.shuffle.partitions", 0), 8);
  EXPECT_EQ(conf_.GetAll("spark.").at("spark.unknown"), "x");
  conf_.Unset("spark.sql.shuffle.partitions");
  EXPECT_EQ(conf_.Get("spark.sql.shuffle.partitions"), "4");
}

TEST_F(RuntimeConfTest, ChecksValues) {
  EXPECT_TRUE(conf_.Set("spark.sql.ansi.enabled", "maybe").Is("INVALID_CONF_VALUE.TYPE_MISMATCH"));
  EXPECT_TRUE(conf_.Set("spark.sql.shuffle.partitions", "many").Is("INVALID_CONF_VALUE.TYPE_MISMATCH"));
  EXPECT_TRUE(conf_.Set("spark.sql.session.timeZone", "Mars/Base").Is("INVALID_CONF_VALUE.TIME_ZONE"));
  EXPECT_TRUE(conf_.Set("spark.sql.session.timeZone", "+02:00").ok());
  EXPECT_TRUE(conf_.Set("spark.sql.session.timeZone", "GMT+8").ok());
  EXPECT_FALSE(conf_.Set("spark.sql.session.timeZone", "+25:00").ok());
  EXPECT_FALSE(conf_.Set("spark.sql.session.timeZone", "../etc/passwd").ok());
}

TEST_F(RuntimeConfTest, StaticSettingsAreFixedAfterTheStart) {
  EXPECT_TRUE(conf_.Set("spark.sql.warehouse.dir", "/a").ok());
  conf_.Seal();
  EXPECT_TRUE(conf_.Set("spark.sql.warehouse.dir", "/a").ok());
  EXPECT_TRUE(conf_.Set("spark.sql.warehouse.dir", "/b").Is("CANNOT_MODIFY_CONFIG"));
  EXPECT_TRUE(conf_.Set("spark.executor.memory", "2g").ok());
  EXPECT_FALSE(conf_.IsModifiable("spark.sql.warehouse.dir"));
  EXPECT_FALSE(conf_.IsModifiable("spark.executor.memory"));
  EXPECT_TRUE(conf_.IsModifiable("spark.sql.ansi.enabled"));
}

TEST(ConfTableTest, DefaultsAreValidAndKeysUnique) {
  std::set<std::string_view> seen;
  for (const ConfRow& row : ConfTable()) {
    EXPECT_TRUE(seen.insert(row.key).second) << row.key;
    EXPECT_TRUE(CheckConfValue(row.key, row.default_value).ok()) << row.key;
    EXPECT_EQ(FindConf(row.key), &row);
    EXPECT_FALSE(row.doc.empty()) << row.key;
  }
  // Change data feed is on by default on this server.
  EXPECT_EQ(FindConf("spark.databricks.delta.properties.defaults.enableChangeDataFeed")->default_value, "true");
}

TEST(ConfUnitsTest, SizesAndDurations) {
  EXPECT_EQ(ParseByteSize("10485760b"), 10485760);
  EXPECT_EQ(ParseByteSize("64MB"), 64 << 20);
  EXPECT_EQ(ParseByteSize("2g"), int64_t{2} << 30);
  EXPECT_EQ(ParseByteSize("1x"), std::nullopt);
  EXPECT_EQ(ParseByteSize("9223372036854775807k"), std::nullopt);
  EXPECT_EQ(ParseDurationMs("2s"), 2000);
  EXPECT_EQ(ParseDurationMs("-1"), -1);
  EXPECT_EQ(ParseDurationMs("5min"), 300000);
  EXPECT_EQ(ParseDurationMs(""), std::nullopt);
}

TEST(SessionTest, ViewsAreReplacedAndSnapshotsStay) {
  ManualClock clock(1'000'000);
  ServerState server;
  server.clock = &clock;
  Session session(&server, "user", "id");
  ASSERT_TRUE(session.PutView("V", {}, false).ok());
  auto before = session.views();
  EXPECT_TRUE(session.PutView("v", {}, false).Is("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS"));
  EXPECT_TRUE(session.DropView("v"));
  EXPECT_FALSE(session.DropView("v"));
  EXPECT_TRUE(before->contains("v"));
  EXPECT_EQ(session.MakeResolveOptions().functions.query_start_micros, 1'000'000);
  session.PutArtifact("cache/a", std::make_shared<const std::string>("12345"));
  session.PutArtifact("cache/a", std::make_shared<const std::string>("123"));
  EXPECT_EQ(session.artifact_bytes(), 3);
}

}  // namespace
}  // namespace deltic::spark::session
