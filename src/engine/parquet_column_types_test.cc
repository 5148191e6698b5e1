// Files whose columns have other types than the table: what may be read as what, and what is refused by name. Expected
// values: Spark's ParquetVectorUpdaterFactory and Delta's type widening; files are DuckDB's own.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/random.h"
#include "duckdb.hpp"
#include "duckdb/main/extension_helper.hpp"
#include "engine/engine.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string file;  // the value that is written, in DuckDB's SQL
  DataType type;     // of the column
  std::string expected;
};

struct Refusal {
  std::string file;
  DataType type;
  std::string column, wanted, found;
};

std::string Shown(const Value& value) {
  if (value.IsNull()) return "NULL";
  if (const auto* b = std::get_if<bool>(&value.v)) return *b ? "true" : "false";
  if (const auto* n = std::get_if<int64_t>(&value.v)) return std::to_string(*n);
  if (const auto* n = std::get_if<Int128>(&value.v)) return std::to_string(static_cast<int64_t>(*n)) + "u";
  if (const auto* d = std::get_if<double>(&value.v)) return std::to_string(*d);
  if (const auto* s = std::get_if<std::string>(&value.v)) return *s;
  std::string out = "[";
  for (const auto& item : *std::get<std::shared_ptr<const ValueList>>(value.v)) {
    out += (out.size() > 1 ? "," : "") + Shown(item);
  }
  return out + "]";
}

class ParquetColumnTypesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    engine_ = Engine::Open({}).value();
    for (const char* name : {"core_functions", "json", "parquet"})
      duckdb::ExtensionHelper::LoadExtension(writer_, name);
    directory_ = fs::temp_directory_path() / ("deltic-column-types-test-" + Random::System()->Uuid());
    fs::create_directories(directory_);
  }
  void TearDown() override {
    engine_.reset();
    fs::remove_all(directory_);
  }

  // The one row of a file with the column `c`, read as `type`.
  Result<std::vector<std::vector<Value>>> Read(const std::string& sql, const DataType& type) {
    path_ = (directory_ / (std::to_string(files_++) + ".parquet")).string();
    duckdb::Connection connection(writer_);
    const auto written = connection.Query("COPY (SELECT " + sql + " AS c) TO '" + path_ + "' (FORMAT parquet)");
    if (written->HasError()) return InternalError(sql + ": " + written->GetError());
    auto scan =
        std::make_shared<FilesRel>(std::vector<Column>{{FreshColumnId(), "c", type, true}}, FileFormat::kParquet);
    ScanFile file;
    file.path = path_;
    file.size_bytes = static_cast<int64_t>(fs::file_size(path_));
    scan->files = std::make_shared<std::vector<ScanFile>>(std::vector<ScanFile>{file});
    scan->columns.emplace_back().physical_name = "c";
    return engine_->Collect(scan, {}, 10);
  }

  void Check(const std::vector<Case>& cases) {
    for (const auto& [file, type, expected] : cases) {
      const auto rows = Read(file, type);
      const std::string what = file + " as " + type.SimpleString();
      ASSERT_TRUE(rows.ok()) << what << ": " << rows.status().ToString();
      ASSERT_EQ(rows->size(), 1U) << what;
      EXPECT_EQ(Shown((*rows)[0][0]), expected) << what;
    }
  }

  duckdb::DuckDB writer_{nullptr};
  std::unique_ptr<Engine> engine_;
  fs::path directory_;
  std::string path_;
  int files_ = 0;
};

TEST_F(ParquetColumnTypesTest, NumbersThatKeepTheirValue) {
  Check({
      {"1::TINYINT", TypeId::kByte, "1"},
      {"7::INTEGER", TypeId::kByte, "7"},
      {"200::UTINYINT", TypeId::kShort, "200"},
      {"1::TINYINT", TypeId::kInteger, "1"},
      {"60000::USMALLINT", TypeId::kInteger, "60000"},
      {"1::SMALLINT", TypeId::kLong, "1"},
      {"1::INTEGER", TypeId::kLong, "1"},
      {"4000000000::UINTEGER", TypeId::kLong, "4000000000"},
      {"5::UBIGINT", TypeId::kLong, "5"},
      {"5::UBIGINT", DataType::Decimal(20, 0), "5u"},
      {"1.5::FLOAT", TypeId::kDouble, "1.500000"},
      {"2::SMALLINT", TypeId::kDouble, "2.000000"},
      {"2::INTEGER", TypeId::kDouble, "2.000000"},
      {"2::TINYINT", DataType::Decimal(10, 0), "2u"},
      {"2::INTEGER", DataType::Decimal(12, 2), "200u"},
      {"2::BIGINT", DataType::Decimal(20, 0), "2u"},
      {"1.25::DECIMAL(5,2)", DataType::Decimal(5, 2), "125u"},
      {"1.25::DECIMAL(5,2)", DataType::Decimal(10, 2), "125u"},
      {"1.25::DECIMAL(5,2)", DataType::Decimal(20, 4), "12500u"},
      {"1.25::DECIMAL(30,2)", DataType::Decimal(38, 2), "125u"},
      {"12::DECIMAL(5,0)", TypeId::kInteger, "12"},
      {"12::DECIMAL(15,0)", TypeId::kLong, "12"},
      {"true", TypeId::kBoolean, "true"},
      {"7", TypeId::kNull, "NULL"},
      {"7::BIGINT", TypeId::kInteger, "7"},
      {"1::INTEGER", DataType::Decimal(10, 2), "100u"},
  });
}

TEST_F(ParquetColumnTypesTest, Times) {
  const std::string at = "TIMESTAMP '2020-01-01 00:00:00.123456'";
  const std::string micros = "1577836800123456";
  Check({
      {"DATE '2020-01-01'", TypeId::kDate, "18262"},
      {"DATE '2020-01-01'", TypeId::kTimestampNtz, "1577836800000000"},
      {at, TypeId::kTimestampNtz, micros},
      {at, TypeId::kTimestamp, micros},
      {at + "::TIMESTAMPTZ", TypeId::kTimestamp, micros},
      {at + "::TIMESTAMP_NS", TypeId::kTimestampNtz, micros},
      {at + "::TIMESTAMP_NS", TypeId::kTimestamp, micros},
      {at + "::TIMESTAMP_MS", TypeId::kTimestampNtz, "1577836800123000"},
  });
}

TEST_F(ParquetColumnTypesTest, WhatWouldBecomeAnotherValueIsRefused) {
  const DataType structs = DataType::Array(DataType::Struct({{"a", TypeId::kInteger}}));
  const DataType map = DataType::Map(TypeId::kString, TypeId::kLong);
  const std::string at = "TIMESTAMP '2020-01-01 00:00:00'";
  const std::vector<Refusal> refusals = {
      {"1.5::DOUBLE", TypeId::kLong, "[c]", "bigint", "DOUBLE"},
      {"1.5::DOUBLE", TypeId::kInteger, "[c]", "int", "DOUBLE"},
      {"1.5::DOUBLE", TypeId::kFloat, "[c]", "float", "DOUBLE"},
      {"1.5::DOUBLE", DataType::Decimal(10, 2), "[c]", "decimal(10,2)", "DOUBLE"},
      {"1.5::DOUBLE", TypeId::kBoolean, "[c]", "boolean", "DOUBLE"},
      {at, TypeId::kLong, "[c]", "bigint", "INT64"},
      {"1::INTEGER", TypeId::kDate, "[c]", "date", "INT32"},
      {"1::BIGINT", TypeId::kDouble, "[c]", "double", "INT64"},
      {"1::INTEGER", TypeId::kFloat, "[c]", "float", "INT32"},
      {"1::INTEGER", TypeId::kBoolean, "[c]", "boolean", "INT32"},
      {"1::INTEGER", TypeId::kString, "[c]", "string", "INT32"},
      {"1::INTEGER", TypeId::kTimestamp, "[c]", "timestamp", "INT32"},
      {"1.25::DECIMAL(10,2)", TypeId::kLong, "[c]", "bigint", "INT64"},
      {"1.25::DECIMAL(10,2)", DataType::Decimal(10, 1), "[c]", "decimal(10,1)", "INT64"},
      {"1.25::DECIMAL(10,2)", TypeId::kDouble, "[c]", "double", "INT64"},
      {"true", TypeId::kLong, "[c]", "bigint", "BOOLEAN"},
      {"'1'", TypeId::kLong, "[c]", "bigint", "BINARY"},
      {"'1'", TypeId::kDate, "[c]", "date", "BINARY"},
      {at, TypeId::kDate, "[c]", "date", "INT64"},
      {at, TypeId::kString, "[c]", "string", "INT64"},
      {"DATE '2020-01-01'", TypeId::kTimestamp, "[c]", "timestamp", "INT32"},
      {"{'a': 1}", TypeId::kString, "[c]", "string", "STRUCT"},
      {"[1]", TypeId::kString, "[c]", "string", "LIST"},
      {"{'a': 1}", map, "[c]", "map<string,bigint>", "STRUCT"},
      {"MAP {'a': 1}", DataType::Struct({{"a", TypeId::kInteger}}), "[c]", "struct<a:int>", "MAP"},
      {"1::INTEGER", structs, "[c]", "array<struct<a:int>>", "INT32"},
      {"[1]", structs, "[c, list, element]", "struct<a:int>", "INT32"},
      {"[{'a': 1.5::DOUBLE}]", structs, "[c, list, element, a]", "int", "DOUBLE"},
      {"MAP {'a': 1.5::DOUBLE}", map, "[c, key_value, value]", "bigint", "DOUBLE"},
  };
  for (const auto& [file, type, column, wanted, found] : refusals) {
    const auto rows = Read(file, type);
    const std::string what = file + " as " + type.SimpleString();
    ASSERT_FALSE(rows.ok()) << what << ": " << Shown((*rows)[0][0]);
    EXPECT_EQ(rows.status().condition(), "_LEGACY_ERROR_TEMP_2063") << what << ": " << rows.status().ToString();
    EXPECT_EQ(rows.status().Param("filePath"), "file://" + path_) << what;
    EXPECT_EQ(rows.status().Param("column"), column) << what;
    EXPECT_EQ(rows.status().Param("logicalType"), wanted) << what;
    EXPECT_EQ(rows.status().Param("physicalType"), found) << what;
  }
}

}  // namespace
}  // namespace deltic::engine
