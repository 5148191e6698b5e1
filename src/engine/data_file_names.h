// How data files are named: codec, suffix, part name, partition directories (Spark's FileFormatWriter, Hive's
// escaping). Pure; the functions throw duckdb exceptions. Thread-safe.
#pragma once

#include <optional>
#include <string>

#include "engine/engine.h"

namespace deltic::engine {

// The codec that Spark's name means, as DuckDB calls it.
std::string CodecOf(const std::string& compression);
// ".snappy.parquet" and so on.
std::string FileSuffix(const std::string& codec);
std::string PartName(size_t number, const WriteSpec& spec, const std::string& suffix);
// The value that a partition directory stands for, from its text (nullopt: NULL), and the directory's own text.
Value PartitionValue(const std::optional<std::string>& text, const DataType& type, std::string* directory_value);

}  // namespace deltic::engine
