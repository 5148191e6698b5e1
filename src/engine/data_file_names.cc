#include "engine/data_file_names.h"

#include <cstdio>

#include "duckdb.hpp"
#include "engine/functions/throw.h"
#include "engine/text/writer.h"
#include "engine/type_map.h"

namespace deltic::engine {

using functions::ThrowStatus;

std::string CodecOf(const std::string& compression) {
  auto codec = types::ToLower(compression);
  if (codec.empty() || codec == "snappy") return "snappy";
  if (codec == "none" || codec == "uncompressed") return "uncompressed";
  if (codec == "gzip" || codec == "zstd" || codec == "brotli" || codec == "lz4_raw") return codec;
  if (codec == "lz4" || codec == "lz4raw") return "lz4_raw";
  ThrowStatus(
      Error("_CODEC_NOT_AVAILABLE", {{"codecName", compression}},
            "Codec [" + codec +
                "] is not available. Available codecs are brotli, uncompressed, lz4, gzip, lzo, lz4raw, snappy, "
                "lz4_raw, none, zstd."));
}

std::string FileSuffix(const std::string& codec) {
  if (codec == "uncompressed") return ".parquet";
  if (codec == "gzip") return ".gz.parquet";
  if (codec == "lz4_raw") return ".lz4raw.parquet";
  return "." + codec + ".parquet";
}

std::string PartName(size_t number, const WriteSpec& spec, const std::string& suffix) {
  char digits[24];
  std::snprintf(digits, sizeof digits, "%05zu", number);
  return spec.file_prefix + "-" + digits + "-" + spec.uuid + "-c000" + suffix;
}

std::string EscapePathName(const std::string& name) {
  // Hive's list of characters that may not stand in a partition directory's name.
  static const std::string kSpecial = "\"#%'*/:=?\\\x7f{[]^";
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (unsigned char c : name) {
    if (c < 0x20 || kSpecial.find(static_cast<char>(c)) != std::string::npos) {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

Value PartitionValue(const std::optional<std::string>& text, const DataType& type, std::string* directory_value) {
  if (!text.has_value() || text->empty()) {
    *directory_value = "__HIVE_DEFAULT_PARTITION__";
    return {};
  }
  duckdb::Value cast = duckdb::Value(*text).DefaultCastAs(ToDuckType(type));
  *directory_value = EscapePathName(*text);
  if (type.Is(TypeId::kTimestamp) && directory_value->ends_with("+00")) {
    directory_value->resize(directory_value->size() - 3);
  }
  return FromDuckValue(cast, type);
}

}  // namespace deltic::engine
