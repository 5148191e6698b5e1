// Actions, features and properties. Expected protocols are those of tests/data/golden and of delta-spark 3.3.2.
#include <gtest/gtest.h>

#include "base/json_writer.h"
#include "delta/spec/actions.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "delta/transaction/metadata_rules.h"

namespace deltic::delta {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;
using Names = std::vector<std::string>;

Metadata WithProperties(std::map<std::string, std::string> properties,
                        DataType schema = DataType::Struct({{"id", TypeId::kLong}})) {
  Metadata metadata;
  metadata.schema = std::move(schema);
  metadata.configuration = std::move(properties);
  return metadata;
}

std::string ProtocolJson(Metadata metadata) {
  const auto protocol = ProtocolForNewTable(&metadata);
  return protocol.ok() ? ActionToJson(*protocol) : protocol.status().ToString();
}

// Fields come in any order and among any number of others.
TEST(Actions, FieldsAreFoundAmongManyOthers) {
  for (const int others : {0, 20, 21, 22, 23, 24, 25, 100}) {
    std::string json = R"({"add":{)";
    for (int i = 0; i < others; i++) json += "\"x" + std::to_string(i) + "\":{\"path\":[" + std::to_string(i) + "]},";
    json += R"("modificationTime":2,"size":1,"partitionValues":{},"dataChange":false,"path":"f","tags":null}})";
    const auto action = ParseAction(json, "");
    ASSERT_TRUE(action.ok()) << others << " " << action.status().ToString();
    const auto& add = std::get<AddFile>(*action);
    EXPECT_EQ(add.path, "f");
    EXPECT_EQ(add.size_bytes, 1);
    EXPECT_EQ(add.modification_time_ms, 2);
    EXPECT_FALSE(add.data_change);
  }
}

TEST(Actions, StringsAreEscaped) {
  for (const int length : {0, 1, 40, 248, 249, 250, 251, 252, 253, 254, 255, 256, 257, 1000}) {
    std::string text(static_cast<size_t>(length), 'a');
    for (size_t i = 0; i < text.size(); i += 3) text[i] = static_cast<char>(i * 7 % 128);
    const auto action = ParseAction(
        R"({"domainMetadata":{"domain":)" + JsonQuote(text) + R"(,"configuration":"","removed":false}})", "");
    ASSERT_TRUE(action.ok()) << length << " " << action.status().ToString();
    EXPECT_EQ(std::get<DomainMetadata>(*action).domain, text);
  }
  EXPECT_EQ(JsonQuote("\"\\/\b\f\n\r\t\x01\x1f\x7f\xc3\xa9"), "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001F\x7f\xc3\xa9\"");
}

// The parameters of CONVERT, VACUUM START and CREATE TABLE in logs that Spark wrote (tests/data/golden).
TEST(Actions, ParametersThatAreNoTextHaveNoQuotes) {
  CommitInfo info;
  info.operation_parameters = {{"numFiles", "4"},      {"collectStats", "true"}, {"specifiedRetentionMillis", "0"},
                               {"isManaged", "false"}, {"description", "null"},  {"epochId", "3"},
                               {"version", "x"}};
  EXPECT_NE(ActionToJson(info).find(R"("operationParameters":{"numFiles":4,"collectStats":true,)"
                                    R"("specifiedRetentionMillis":0,"isManaged":"false","description":null,)"
                                    R"("epochId":"3","version":"x"})"),
            std::string::npos)
      << ActionToJson(info);
}

TEST(Features, NewTableProtocolsAreSparks) {
  EXPECT_EQ(ProtocolJson(WithProperties({})), R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})");
  EXPECT_EQ(ProtocolJson(WithProperties({{"delta.appendOnly", "true"}})),
            R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})");
  EXPECT_EQ(ProtocolJson(WithProperties({{"delta.enableDeletionVectors", "true"}})),
            R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["deletionVectors"],)"
            R"("writerFeatures":["deletionVectors","appendOnly","invariants"]}})");
  EXPECT_EQ(ProtocolJson(
                WithProperties({{"delta.enableInCommitTimestamps", "true"}, {"delta.enableChangeDataFeed", "true"}})),
            R"({"protocol":{"minReaderVersion":1,"minWriterVersion":7,)"
            R"("writerFeatures":["inCommitTimestamp","changeDataFeed","appendOnly","invariants"]}})");
  EXPECT_EQ(
      ProtocolJson(WithProperties({{"delta.enableChangeDataFeed", "true"}, {"delta.columnMapping.mode", "name"}})),
      R"({"protocol":{"minReaderVersion":2,"minWriterVersion":7,)"
      R"("writerFeatures":["columnMapping","changeDataFeed","appendOnly","invariants"]}})");
  EXPECT_EQ(ProtocolJson(WithProperties({{"delta.enableRowTracking", "true"}})),
            R"({"protocol":{"minReaderVersion":1,"minWriterVersion":7,)"
            R"("writerFeatures":["domainMetadata","rowTracking","appendOnly","invariants"]}})");
  EXPECT_EQ(ProtocolJson(WithProperties({{"delta.feature.vacuumProtocolCheck", "supported"}})),
            R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["vacuumProtocolCheck"],)"
            R"("writerFeatures":["vacuumProtocolCheck","appendOnly","invariants"]}})");
  EXPECT_EQ(
      ProtocolJson(WithProperties(
          {{"delta.enableChangeDataFeed", "true"}, {"delta.minWriterVersion", "4"}, {"delta.minReaderVersion", "1"}})),
      R"({"protocol":{"minReaderVersion":1,"minWriterVersion":4}})");
  EXPECT_EQ(ProtocolJson(WithProperties({{"delta.minReaderVersion", "1"}, {"delta.minWriterVersion", "1"}})),
            R"({"protocol":{"minReaderVersion":1,"minWriterVersion":1}})");
  EXPECT_EQ(ProtocolJson(WithProperties({}, DataType::Struct({{"t", TypeId::kTimestampNtz}}))),
            R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timestampNtz"],)"
            R"("writerFeatures":["timestampNtz","appendOnly","invariants"]}})");
}

TEST(Features, ProtocolPropertiesAreNotKept) {
  Metadata metadata = WithProperties(
      {{"delta.feature.changeDataFeed", "supported"}, {"delta.minWriterVersion", "2"}, {"other", "kept"}});
  ASSERT_TRUE(ProtocolForNewTable(&metadata).ok());
  EXPECT_EQ(metadata.configuration, (std::map<std::string, std::string>{{"other", "kept"}}));
}

TEST(Features, Upgrades) {
  Protocol legacy;  // (1, 2)
  Metadata same = WithProperties({});
  EXPECT_EQ(UpgradeProtocol(legacy, &same).value(), legacy);
  Metadata constraint = WithProperties({{"delta.constraints.pos", "id > 0"}});
  const Protocol three = UpgradeProtocol(legacy, &constraint).value();
  EXPECT_EQ(three.min_writer_version, 3);
  EXPECT_FALSE(three.writer_features.has_value());
  Metadata ntz = WithProperties({}, DataType::Struct({{"t", TypeId::kTimestampNtz}}));
  const auto refused = UpgradeProtocol(legacy, &ntz).status();
  EXPECT_EQ(refused.condition(), "DELTA_FEATURES_REQUIRE_MANUAL_ENABLEMENT");
  EXPECT_EQ(refused.Param("unsupportedFeatures"), "timestampNtz");
  ntz.configuration["delta.feature.timestampNtz"] = "supported";
  EXPECT_TRUE(UpgradeProtocol(legacy, &ntz)->HasReaderFeature("timestampNtz"));
}

TEST(Features, ImpliedByLegacyVersions) {
  Protocol protocol;
  protocol.min_writer_version = 4;
  EXPECT_TRUE(IsFeatureSupported(protocol, "changeDataFeed"));
  EXPECT_TRUE(IsFeatureSupported(protocol, "generatedColumns"));
  EXPECT_FALSE(IsFeatureSupported(protocol, "columnMapping"));
  // Written by the versions alone, used by nothing in the table: writable.
  EXPECT_TRUE(CheckWritable(protocol, WithProperties({{"delta.enableChangeDataFeed", "true"}}), "t").ok());
  EXPECT_TRUE(CheckWritable(protocol, WithProperties({{"delta.constraints.x", "id > 0"}}), "t").ok());
  protocol.min_writer_version = 7;
  protocol.writer_features = {"icebergCompatV2"};
  const auto refused = CheckWritable(protocol, WithProperties({}), "t");
  EXPECT_EQ(refused.condition(), "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE");
  EXPECT_EQ(refused.Param("unsupported"), "icebergCompatV2");
  EXPECT_TRUE(CheckReadable(protocol, "t").ok());
}

// What real Spark says of tables with such logs.
TEST(Features, WhatIsUsedIsListed) {
  const auto missing = [](std::vector<std::string> listed, const Metadata& metadata) {
    Protocol protocol;
    protocol.min_writer_version = 7;
    protocol.writer_features = std::move(listed);
    return std::string(CheckFeaturesListed(protocol, metadata).Param("features"));
  };
  const auto with = [](const char* key, const char* value) { return WithProperties({{key, value}}); };
  const auto of = [](StructField field) { return WithProperties({}, DataType::Struct({std::move(field)})); };
  EXPECT_EQ(missing({"appendOnly"}, with("delta.enableChangeDataFeed", "true")), "changeDataFeed");
  EXPECT_EQ(missing({}, with("delta.enableChangeDataCapture", "true")), "changeDataFeed");
  EXPECT_EQ(missing({}, with("DELTA.enablechangedatafeed", "true")), "");
  EXPECT_EQ(missing({}, with("delta.constraints.c", "id > 0")), "checkConstraints");
  EXPECT_EQ(missing({"clustering"}, WithProperties({})), "domainMetadata");
  EXPECT_EQ(missing({"rowTracking"}, with("delta.enableRowTracking", "true")), "domainMetadata");
  EXPECT_EQ(missing({"typeWidening"}, with("delta.enableTypeWidening", "true")), "");
  EXPECT_EQ(missing({}, with("delta.enableTypeWidening", "true")), "typeWidening-preview");
  EXPECT_EQ(missing({"columnMapping"}, with("delta.enableIcebergCompatV1", "true")), "icebergCompatV1");
  EXPECT_EQ(missing({"icebergCompatV1"}, with("delta.enableIcebergCompatV1", "true")), "columnMapping");
  EXPECT_EQ(missing({}, of({"t", TypeId::kTimestampNtz})), "timestampNtz");
  EXPECT_EQ(missing({}, of({"x", TypeId::kInteger, false})), "invariants");
  const DataType inner = DataType::Struct({{"x", TypeId::kInteger, false}});
  EXPECT_EQ(missing({}, of({"s", inner})), "invariants");
  EXPECT_EQ(missing({}, of({"a", DataType::Array(inner)})), "");
  const StructField generated{"g", TypeId::kInteger, true, R"({"delta.generationExpression":"id + 1"})"};
  EXPECT_EQ(missing({}, of(generated)), "generatedColumns");
  EXPECT_EQ(missing({}, of({"s", DataType::Struct({generated})})), "");
  EXPECT_EQ(missing({}, of({"id", TypeId::kInteger, true, R"({"CURRENT_DEFAULT":"1"})"})), "");
  Protocol legacy;
  EXPECT_TRUE(CheckFeaturesListed(legacy, with("delta.enableChangeDataFeed", "true")).ok());
}

TEST(Features, EveryRequiredFeatureIsKnown) {
  for (const auto& feature : Features()) {
    if (!feature.requires_feature.empty()) {
      EXPECT_NE(FindFeature(feature.requires_feature), nullptr) << feature.name;
    }
    if (!feature.property.empty()) {
      EXPECT_NE(FindProperty(feature.property), nullptr) << feature.name;
    }
    EXPECT_EQ(FindFeature(feature.name), &feature) << "names are unique";
  }
}

TEST(Properties, Values) {
  const Metadata metadata = WithProperties({{"delta.enableChangeDataFeed", "TRUE"}, {"delta.checkpointInterval", "3"}});
  EXPECT_TRUE(BoolProperty(metadata, "delta.enableChangeDataFeed"));
  EXPECT_EQ(IntProperty(metadata, "delta.checkpointInterval"), 3);
  EXPECT_EQ(IntProperty(metadata, "delta.dataSkippingNumIndexedCols"), 32);
  EXPECT_EQ(DurationPropertyMs(metadata, "delta.deletedFileRetentionDuration"), 7 * 86400000LL);
  EXPECT_EQ(DurationPropertyMs(metadata, "delta.logRetentionDuration"), 30 * 86400000LL);
  EXPECT_EQ(ParseDurationMs("interval 1 day 12 hours").value(), 36 * 3600000LL);
  EXPECT_EQ(ParseDurationMs("90 minutes").value(), 5400000);
  for (const auto* bad : {"", "interval", "3 months", "1 year", "-1 days", "x days", "5"}) {
    EXPECT_FALSE(ParseDurationMs(bad).ok()) << bad;
  }
}

TEST(Properties, Validation) {
  EXPECT_EQ(ValidateProperty("DELTA.EnableChangeDataFeed", "true").value(), "delta.enableChangeDataFeed");
  EXPECT_EQ(ValidateProperty("mine", "x").value(), "mine");
  EXPECT_EQ(ValidateProperty("delta.constraints.A", "x > 0").value(), "delta.constraints.A");
  EXPECT_EQ(ValidateProperty("delta.nosuch", "x").status().condition(), "DELTA_UNKNOWN_CONFIGURATION");
  EXPECT_TRUE(ValidateProperty("delta.nosuch", "x", true).ok());
  EXPECT_FALSE(ValidateProperty("delta.enableChangeDataFeed", "maybe").ok());
  EXPECT_FALSE(ValidateProperty("delta.checkpointInterval", "0").ok());
  EXPECT_FALSE(ValidateProperty("delta.logRetentionDuration", "2 months").ok());
  EXPECT_FALSE(ValidateProperty("delta.isolationLevel", "WriteSerializable").ok());
  EXPECT_EQ(ValidateProperty("delta.columnMapping.maxColumnId", "4").status().condition(),
            "DELTA_CANNOT_MODIFY_TABLE_PROPERTY");
  for (const char* refused :
       {"delta.coordinatedCommits.commitCoordinator-preview", "delta.coordinatedCommits.commitCoordinatorConf-preview",
        "delta.coordinatedCommits.tableConf-preview", "delta.universalFormat.enabledFormats"}) {
    EXPECT_EQ(ValidateProperty(refused, "iceberg").status().condition(), "UNSUPPORTED_FEATURE") << refused;
    EXPECT_TRUE(ValidateProperty(refused, "").ok()) << "as the default is";
  }
}

TEST(MetadataRules, NamesAndPartitions) {
  const auto check = [](DataType schema, Names partitions, std::map<std::string, std::string> properties = {}) {
    Metadata metadata = WithProperties(std::move(properties), std::move(schema));
    metadata.partition_columns = std::move(partitions);
    return PrepareMetadata(&metadata).condition();
  };
  const DataType two = DataType::Struct({{"a", TypeId::kLong}, {"b", TypeId::kString}});
  EXPECT_EQ(check(two, {"b"}), "");
  EXPECT_EQ(check(two, {"c"}), "DELTA_PARTITION_COLUMN_NOT_FOUND");
  EXPECT_EQ(check(two, {"a", "b"}), "DELTA_CANNOT_USE_ALL_COLUMNS_FOR_PARTITION");
  EXPECT_EQ(check(DataType::Struct({{"a", TypeId::kLong}, {"A", TypeId::kString}}), {}),
            "DELTA_DUPLICATE_COLUMNS_FOUND");
  EXPECT_EQ(check(DataType::Struct({{"a b", TypeId::kLong}}), {}), "DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES");
  EXPECT_EQ(check(DataType::Struct({{"_change_type", TypeId::kLong}}), {}, {{"delta.enableChangeDataFeed", "true"}}),
            "DELTA_TABLE_ALREADY_CONTAINS_CDC_COLUMNS");
}

// As golden char_varchar.
TEST(MetadataRules, CharAndVarcharAreStrings) {
  Metadata metadata = WithProperties({}, DataType::Struct({{"c", DataType::Char(5)}, {"v", DataType::Varchar(10)}}));
  ASSERT_TRUE(PrepareMetadata(&metadata).ok());
  EXPECT_EQ(metadata.schema_string,
            R"json({"type":"struct","fields":[{"name":"c","type":"string","nullable":true,)json"
            R"json("metadata":{"__CHAR_VARCHAR_TYPE_STRING":"char(5)"}},{"name":"v","type":"string",)json"
            R"json("nullable":true,"metadata":{"__CHAR_VARCHAR_TYPE_STRING":"varchar(10)"}}]})json");
}

TEST(Schema, ReadCompatibility) {
  const DataType one = DataType::Struct({{"a", TypeId::kInteger}});
  const DataType two = DataType::Struct({{"a", TypeId::kInteger}, {"b", TypeId::kString}});
  const DataType wide = DataType::Struct({{"a", TypeId::kLong}});
  const DataType strict = DataType::Struct({{"a", TypeId::kInteger, false}});
  EXPECT_TRUE(IsReadCompatible(one, two, true)) << "a column was added";
  EXPECT_FALSE(IsReadCompatible(two, one, true)) << "a column was dropped";
  EXPECT_FALSE(IsReadCompatible(one, wide, true));
  EXPECT_FALSE(IsReadCompatible(one, strict, true));
  EXPECT_TRUE(IsReadCompatible(strict, one, true));
  EXPECT_FALSE(IsReadCompatible(strict, one, false));
}

}  // namespace
}  // namespace deltic::delta
