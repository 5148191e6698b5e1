// Bytes that Spark 4.1.1 made (tests/gold/functions/variant.json), the examples of parquet-format, and damaged ones.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "duckdb.hpp"
#include "engine/type_map.h"
#include "engine/variant/json.h"
#include "engine/variant/path.h"
#include "engine/variant/schema.h"
#include "engine/variant/shredding.h"
#include "engine/variant/vectors.h"

namespace deltic::engine::variant {
namespace {

std::string Bytes(std::string_view hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out.push_back(kDigits[static_cast<uint8_t>(c) >> 4]);
    out.push_back(kDigits[static_cast<uint8_t>(c) & 15]);
  }
  return out;
}

const functions::Zone& Utc() { return *functions::Zone::Find("UTC").value(); }

struct Recorded {
  std::string json, value, metadata, canonical;
};

const Recorded kRecorded[] = {
    {R"({"a":1,"b":[true,null,1.50,"x"]})", "020200010002130c010304000102080a04002002960000000578", "01020001026162",
     R"({"a":1,"b":[true,null,1.5,"x"]})"},
    {"null", "00", "010000", "null"},
    {"-128", "0c80", "010000", "-128"},
    {"128", "108000", "010000", "128"},
    {"-32769", "14ff7fffff", "010000", "-32769"},
    {"2147483648", "180000008000000000", "010000", "2147483648"},
    {"9223372036854775808", "280000000000000000800000000000000000", "010000", "9223372036854775808"},
    {"-9223372036854775809", "2800ffffffffffffff7fffffffffffffffff", "010000", "-9223372036854775809"},
    {"123456789012345678901234567890123456789", "1c800558693a38d747", "010000", "1.2345678901234568E38"},
    {"-0.0", "200100000000", "010000", "0"},
    {"123456789.1", "2401d302964900000000", "010000", "123456789.1"},
    {"1234567890.12345678901", "280b356c362f819f4eb10600000000000000", "010000", "1234567890.12345678901"},
    {"1E400", "1c000000000000f07f", "010000", "\"Infinity\""},
    {R"("\u00e9\ud83d\ude00\n\"\\")", "25c3a9f09f98800a225c", "010000", "\"é😀\\n\\\"\\\\\""},
    {"[[],[[]]]", "030200030a03000003010003030000", "010000", "[[],[[]]]"},
    {R"({"z":1,"a":2,"m":{"a":3,"b":4}})", "02030102000204000f0c010c02020201030002040c030c04", "010400010203047a616d62",
     R"({"a":2,"m":{"a":3,"b":4},"z":1})"},
};

TEST(Variant, ParsesAsSparkDoes) {
  for (const Recorded& one : kRecorded) {
    VariantBuilder builder;
    ASSERT_TRUE(ParseJson(one.json, "parse_json", &builder).ok()) << one.json;
    EXPECT_EQ(Hex(builder.value()), one.value) << one.json;
    EXPECT_EQ(Hex(builder.Metadata()), one.metadata) << one.json;
  }
}

TEST(Variant, WritesJsonAsSparkDoes) {
  for (const Recorded& one : kRecorded) {
    const std::string value = Bytes(one.value), metadata = Bytes(one.metadata);
    EXPECT_EQ(ToJson({value, metadata}, Utc()), one.canonical);
  }
}

TEST(Variant, RefusesWhatIsNoJson) {
  for (const char* text : {"", " ", "{\"a\":", "[1,]", "{a:1}", "{'a':1}", "01", "NaN", "+1", ".5", "5.", "\"a", "nul",
                           "{\"a\":1,\"a\":2}", "/* c */ 1"}) {
    VariantBuilder builder;
    EXPECT_EQ(ParseJson(text, "parse_json", &builder).condition(), "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION")
        << text;
  }
}

TEST(Variant, Paths) {
  VariantBuilder builder;
  ASSERT_TRUE(ParseJson(R"({"a":{"b":[{"c":"deep"}]},"a.b":1,"":2})", "parse_json", &builder).ok());
  const std::string value = builder.value(), metadata = builder.Metadata();
  const VariantView root(value, metadata);
  const auto at = [&](std::string_view path) {
    const auto found = Follow(root, ParsePath(path).value());
    return found ? ToJson(*found, Utc()) : "nothing";
  };
  EXPECT_EQ(at("$.a.b[0].c"), "\"deep\"");
  EXPECT_EQ(at("$[\"a\"]['b'][0]"), R"({"c":"deep"})");
  EXPECT_EQ(at("$[\"a.b\"]"), "1");
  EXPECT_EQ(at("$['']"), "2");
  EXPECT_EQ(at("$.a.b[1]"), "nothing");
  EXPECT_EQ(at("$.x"), "nothing");
  for (const char* bad : {"a", "", "$.", "$a", "$.a[", "$.a[-1]", "$[*]", "$..a", " $.a", "$[a]", "$[\"a']"}) {
    EXPECT_FALSE(ParsePath(bad).has_value()) << bad;
  }
}

TEST(Variant, LongObjectsAreSearchedInJavasOrder) {
  std::string json = "{";
  for (int i = 0; i < 300; i++) json += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":" + std::to_string(i);
  json += ",\"\xEF\xBF\xBF\":-1,\"\xF0\x9F\x98\x80\":-2}";
  VariantBuilder builder;
  ASSERT_TRUE(ParseJson(json, "parse_json", &builder).ok());
  const std::string value = builder.value(), metadata = builder.Metadata();
  const VariantView root(value, metadata);
  for (int i = 0; i < 300; i++) EXPECT_EQ(root.Find("k" + std::to_string(i))->Long(), i);
  EXPECT_EQ(root.Find("\xEF\xBF\xBF")->Long(), -1);
  EXPECT_EQ(root.Find("\xF0\x9F\x98\x80")->Long(), -2);
  EXPECT_FALSE(root.Find("l").has_value());
  EXPECT_EQ(root.Key(301), "\xEF\xBF\xBF");  // behind the surrogates of U+1F600
}

// Whatever is done with a value; true when none of it failed.
bool Use(const std::string& value, const std::string& metadata) {
  try {
    const VariantView root(value, metadata);
    ToJson(root, Utc());
    SchemaOf(root);
    VariantBuilder copy;
    copy.Append(root);
    if (root.kind() == Kind::kObject) root.Find("a");
    return true;
  } catch (const duckdb::Exception&) {
    return false;
  }
}

TEST(Variant, DamagedBytesAreErrors) {
  std::mt19937 random(7);
  for (const Recorded& one : kRecorded) {
    const std::string value = Bytes(one.value), metadata = Bytes(one.metadata);
    EXPECT_TRUE(Use(value, metadata));
    for (size_t n = 0; n < value.size(); n++) EXPECT_FALSE(Use(value.substr(0, n), metadata)) << one.json << n;
    for (size_t n = 0; n < metadata.size(); n++) Use(value, metadata.substr(0, n));
    for (int i = 0; i < 2000; i++) {
      std::string bad = value, dictionary = metadata;
      for (int k = 0; k < 1 + i % 3; k++) {
        std::string& victim = (random() % 3 == 0 ? dictionary : bad);
        victim[random() % victim.size()] = static_cast<char>(random());
      }
      Use(bad, dictionary);
    }
  }
  EXPECT_FALSE(Use(Bytes("00"), ""));
  EXPECT_FALSE(Use(Bytes("00"), Bytes("020000")));  // version 2
  EXPECT_FALSE(Use(Bytes("44"), Bytes("010000")));  // an unknown primitive
}

// Arrays of two elements that are the same bytes: 2^60 values if they were followed.
TEST(Variant, SharedPartsDoNotUnfold) {
  std::string value = Bytes("0c01");
  for (int i = 0; i < 60; i++) {
    std::string array = Bytes("03020000");
    array.push_back(static_cast<char>(value.size() & 0xFF));
    value = array + value;
    if (value.size() > 250) break;
  }
  EXPECT_FALSE(Use(value, Bytes("010000")));
}

// An array whose elements are one long text: thrice as large as a variant can be if all were copied.
TEST(Variant, SharedTextsDoNotUnfold) {
  const size_t count = 20'000;
  std::string value = Bytes("1f");  // many elements, offsets of four bytes
  const auto put = [&](size_t number) {
    for (int k = 0; k < 4; k++) value.push_back(static_cast<char>(number >> (8 * k)));
  };
  put(count);
  for (size_t i = 0; i < count; i++) put(0);
  const std::string text(20'000, 'x');
  put(text.size() + 5);
  value += Bytes("40");
  put(text.size());
  value += text;
  const std::string metadata = Bytes("010000");
  const VariantView root(value, metadata);
  EXPECT_EQ(root.Element(count - 1).Text(), text);
  EXPECT_THROW(ToJson(root, Utc()), duckdb::Exception);
  VariantBuilder copy;
  EXPECT_THROW(copy.Append(root), duckdb::Exception);
  for (const auto& element : {DataType(TypeId::kString), DataType(TypeId::kVariant), DataType(TypeId::kBinary)}) {
    duckdb::Vector out(ToDuckType(DataType::Array(element)), 1);
    EXPECT_THROW(StoreAs(root, DataType::Array(element), {Utc(), true}, out, 0), duckdb::Exception);
  }
}

// The largest and smallest of every primitive, and what lies beyond them, as every type.
TEST(Variant, ExtremesAreCast) {
  const char* const kValues[] = {"2cffffff7f",  // dates
                                 "2c00000080",
                                 "30ffffffffffffff7f",  // timestamps
                                 "300000000000000080",
                                 "34ffffffffffffff7f",  // timestamps without zone
                                 "340000000000000080",
                                 "18ffffffffffffff7f",  // integers
                                 "180000000000000080",
                                 "1cffffffffffffef7f",  // doubles
                                 "1c000000000000f8ff",
                                 "1c000000000000f0ff",
                                 "38ffff7f7f",  // floats
                                 "38000080ff",
                                 "2826ffffffff3f228a097ac4865aa84c3b4b",  // decimals, 38 digits
                                 "280001000000c0dd75f6853b79a557b3c4b4",
                                 "282600000000000000000000000000000080"};
  const auto& zone = *functions::Zone::Find("America/Los_Angeles").value();
  for (const char* hex : kValues) {
    const std::string value = Bytes(hex), metadata = Bytes("010000");
    for (const DataType& type : {DataType(TypeId::kBoolean), DataType(TypeId::kByte), DataType(TypeId::kInteger),
                                 DataType(TypeId::kLong), DataType(TypeId::kFloat), DataType(TypeId::kDouble),
                                 DataType(TypeId::kDate), DataType(TypeId::kTimestamp), DataType(TypeId::kTimestampNtz),
                                 DataType(TypeId::kString), DataType::Decimal(38, 0), DataType::Decimal(38, 38)}) {
      duckdb::Vector out(ToDuckType(type), 1);
      try {
        StoreAs({value, metadata}, type, {zone, false}, out, 0);
      } catch (const duckdb::Exception&) {
      }
    }
    Use(value, metadata);
  }
}

TEST(Variant, DepthIsBounded) {
  std::string value = Bytes("00");
  for (int i = 0; i < 5000; i++) {
    std::string array = Bytes("0f0100000000");  // offsets of four bytes
    for (int k = 0; k < 4; k++) array.push_back(static_cast<char>(value.size() >> (8 * k)));
    value = array + value;
  }
  EXPECT_FALSE(Use(value, Bytes("010000")));
}

TEST(Variant, Schemas) {
  const std::pair<const char*, const char*> cases[] = {
      {"[1,1.5]", "ARRAY<DECIMAL(21,1)>"},
      {"[1,\"a\"]", "ARRAY<VARIANT>"},
      {"[]", "ARRAY<VOID>"},
      {"[{\"a\":1},{\"b\":\"x\"},{\"a\":1.5}]", "ARRAY<OBJECT<a: DECIMAL(21,1), b: STRING>>"},
      {"[12345678901234567890123456789012345678,0.5]", "ARRAY<DOUBLE>"},
      {"100.0", "DECIMAL(3,0)"}};
  for (const auto& [json, schema] : cases) {
    VariantBuilder builder;
    ASSERT_TRUE(ParseJson(json, "parse_json", &builder).ok());
    const std::string value = builder.value(), metadata = builder.Metadata();
    EXPECT_EQ(SchemaSql(SchemaOf({value, metadata})), schema) << json;
  }
}

}  // namespace
}  // namespace deltic::engine::variant
