// Outcomes recorded from Delta Lake 3.3.2 (df.write with the same schemas).
#include "spark/command/delta_schema.h"

#include <gtest/gtest.h>

namespace deltic::spark::command {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

DataType Table(std::vector<StructField> fields) { return DataType::Struct(std::move(fields)); }
const DataType kTable = Table({{"id", TypeId::kLong, true, "{}"}, {"v", TypeId::kString, true, "{}"}});

TEST(MergeSchema, NamesMatchWhateverTheirCaseAndMissingColumnsAreFine) {
  const auto merged = MergeSchema(kTable, Table({{"V", TypeId::kString, true, "{}"}}), {}, "x");
  ASSERT_TRUE(merged.ok());
  EXPECT_EQ(*merged, kTable);
}

TEST(MergeSchema, OtherTypesAreRefusedEvenWhenTheyWouldFit) {
  for (const TypeId id : {TypeId::kInteger, TypeId::kString}) {
    const auto merged = MergeSchema(kTable, Table({{"id", id, true, "{}"}}), {.merge = true}, "x");
    ASSERT_TRUE(merged.status().Is("DELTA_FAILED_TO_MERGE_FIELDS"));
    EXPECT_EQ(merged.status().Param("currentField"), "id");
  }
}

TEST(MergeSchema, SmallIntegersGoIntoEachOthersColumns) {
  const auto of = [](TypeId id) { return Table({{"i", id, true, "{}"}}); };
  for (const TypeId narrow : {TypeId::kByte, TypeId::kShort}) {
    const auto kept = MergeSchema(of(TypeId::kInteger), of(narrow), {}, "x");
    ASSERT_TRUE(kept.ok());
    EXPECT_EQ(*kept, of(TypeId::kInteger));
    EXPECT_TRUE(MergeSchema(of(narrow), of(TypeId::kInteger), {}, "x").status().Is("_LEGACY_ERROR_TEMP_DELTA_0007"));
    const auto wider = MergeSchema(of(narrow), of(TypeId::kInteger), {.merge = true}, "x");
    ASSERT_TRUE(wider.ok());
    EXPECT_EQ(*wider, of(TypeId::kInteger));
  }
}

TEST(MergeSchema, NewColumnsNeedMergeSchema) {
  const DataType data = Table({{"id", TypeId::kLong, true, "{}"}, {"x", TypeId::kInteger, false, "{}"}});
  EXPECT_TRUE(MergeSchema(kTable, data, {}, "x").status().Is("_LEGACY_ERROR_TEMP_DELTA_0007"));
  const auto merged = MergeSchema(kTable, data, {.merge = true}, "x");
  ASSERT_TRUE(merged.ok());
  ASSERT_EQ(merged->fields().size(), 3u);
  EXPECT_EQ(merged->fields()[2].name, "x");
  EXPECT_TRUE(merged->fields()[2].nullable);
}

TEST(MergeSchema, NestedFieldsMergeToo) {
  const auto nested = [](std::vector<StructField> inner) {
    return Table({{"s", DataType::Struct(std::move(inner)), true, "{}"}});
  };
  const DataType table = nested({{"x", TypeId::kInteger, true, "{}"}});
  const DataType data = nested({{"x", TypeId::kInteger, true, "{}"}, {"y", TypeId::kString, true, "{}"}});
  EXPECT_FALSE(MergeSchema(table, data, {}, "x").ok());
  const auto merged = MergeSchema(table, data, {.merge = true}, "x");
  ASSERT_TRUE(merged.ok());
  EXPECT_EQ(merged->fields()[0].type.fields().size(), 2u);
}

TEST(CheckNewTable, RefusesWhatDeltaRefuses) {
  const std::vector<StructField> two = kTable.fields();
  EXPECT_TRUE(CheckNewTable({}, {}).Is("DELTA_EMPTY_DATA"));
  EXPECT_TRUE(CheckNewTable(two, {"id", "v"}).Is("DELTA_CANNOT_USE_ALL_COLUMNS_FOR_PARTITION"));
  const Status missing = CheckNewTable(two, {"zz"});
  EXPECT_TRUE(missing.Is("DELTA_PARTITION_COLUMN_NOT_FOUND"));
  EXPECT_EQ(missing.Param("schemaMap"), "id, v");
  EXPECT_TRUE(CheckNewTable({{"id", TypeId::kLong, true, "{}"}, {"ID", TypeId::kLong, true, "{}"}}, {})
                  .Is("DELTA_DUPLICATE_COLUMNS_FOUND"));
  EXPECT_TRUE(CheckNewTable({{"a b", TypeId::kLong, true, "{}"}}, {}).Is("DELTA_INVALID_CHARACTERS_IN_COLUMN_NAMES"));
}

}  // namespace
}  // namespace deltic::spark::command
