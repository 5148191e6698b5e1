// Schemas of CSV and JSON texts, as Spark's CSVInferSchema and JsonInferSchema find them. Every record is read unless
// the option samplingRatio is less than one; memory is that of one record and the schema. Failures throw. Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/common/file_system.hpp"
#include "engine/text/options.h"

namespace deltic::engine::text {

using Fields = std::vector<types::StructField>;

Fields InferCsvFiles(duckdb::FileSystem& fs, const std::vector<std::string>& paths, const Options& options);
Fields InferJsonFiles(duckdb::FileSystem& fs, const std::vector<std::string>& paths, const Options& options);
// Of lines at hand (a DataFrame of strings).
Fields InferCsvLines(const std::vector<std::string_view>& lines, const Options& options);
Fields InferJsonLines(const std::vector<std::string_view>& lines, const Options& options);
// schema_of_csv and schema_of_json: the type of one text.
DataType TypeOfCsv(std::string_view text, const Options& options);
DataType TypeOfJson(std::string_view text, const Options& options);

void CheckSamplingRatio(const Options& options);

}  // namespace deltic::engine::text
