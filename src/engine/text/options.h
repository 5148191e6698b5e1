// Options of Spark's CSV, JSON and text sources and sinks, and of from_csv, to_csv, from_json, to_json and the
// schema_of_* functions: one table (options.cc) says which formats know a name and what it sets. An option outside the
// table is ignored, as Spark ignores it; a value that is not supported is refused by name. Names are lower case.
// Failures throw. Values; thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/functions/json_value.h"
#include "engine/plan/relation.h"

namespace deltic::engine::text {

using OptionMap = std::map<std::string, std::string>;

// What the session says, passed with the user's options.
inline constexpr char kTimestampNtzOption[] = "deltic.timestampntz";    // times are inferred as timestamp_ntz
inline constexpr char kCaseSensitiveOption[] = "deltic.casesensitive";  // for headers
inline constexpr char kCorruptColumnOption[] = "deltic.corruptcolumn";  // spark.sql.columnNameOfCorruptRecord
inline constexpr char kSessionZoneOption[] = "deltic.timezone";         // spark.sql.session.timeZone

enum class Mode : uint8_t { kPermissive, kDropMalformed, kFailFast };
enum class Encoding : uint8_t { kUtf8, kAscii, kLatin1, kUtf16, kUtf16Le, kUtf16Be, kUtf32, kUtf32Le, kUtf32Be };
enum class QuoteHandling : uint8_t { kStopAtDelimiter, kBackToDelimiter, kStopAtClosingQuote, kSkipValue, kRaiseError };

struct Options {
  // CSV. A character that is not set is empty.
  std::string separator = ",";
  std::string quote = "\"";
  std::string escape = "\\";
  std::string escape_escape;  // charToEscapeQuoteEscaping; when not set the escape, unless that is the quote
  bool escape_escape_set = false;
  std::string comment;
  std::string null_value;
  std::string empty_value;  // reading: "", writing: "\"\""
  std::string nan_value = "NaN";
  std::string positive_inf = "Inf";
  std::string negative_inf = "-Inf";
  QuoteHandling quote_handling = QuoteHandling::kStopAtDelimiter;
  bool header = false;
  bool infer_schema = false;
  bool enforce_schema = true;
  bool trim_left = false;  // ignoreLeadingWhiteSpace; true by default when writing
  bool trim_right = false;
  bool quote_all = false;
  bool escape_quotes = true;
  bool prefer_date = true;
  int64_t max_columns = 20480;
  int64_t max_chars_per_column = -1;
  // JSON
  functions::JsonSyntax json{.non_numeric_numbers = true};
  bool ignore_null_fields = true;
  bool pretty = false;
  bool ascii_only = false;  // writeNonAsciiCharacterAsCodePoint
  bool primitives_as_string = false;
  bool prefers_decimal = false;
  bool drop_field_if_all_null = false;
  bool infer_timestamp = false;
  // text
  bool whole_text = false;
  // all
  bool multi_line = false;
  Mode mode = Mode::kPermissive;
  std::string mode_text = "PERMISSIVE";
  std::string corrupt_column = "_corrupt_record";
  std::optional<std::string> date_format, timestamp_format, timestamp_ntz_format;
  std::optional<bool> datetime_fallback;  // enableDateTimeParsingFallback
  std::string time_zone = "UTC";
  bool timestamp_ntz = false;
  bool case_sensitive = false;
  std::optional<std::string> line_separator;  // reading without one: "\n", "\r" and "\r\n"
  Encoding encoding = Encoding::kUtf8;
  bool encoding_set = false;
  double sampling_ratio = 1.0;
  std::string compression;  // file suffix without dot: gz, deflate; empty: none

  bool DateFallback() const { return datetime_fallback.value_or(!date_format.has_value()); }
  bool TimestampFallback() const { return datetime_fallback.value_or(!timestamp_format.has_value()); }
  std::string LineEnd() const { return line_separator.value_or("\n"); }
};

enum class Use : uint8_t { kRead, kWrite };
Options ParseOptions(FileFormat format, const OptionMap& options, Use use);

// The options as one text, which kernels take as a constant argument, and back, from a bounded per-thread cache.
std::string EncodeOptions(const OptionMap& options);
const Options& CachedOptions(FileFormat format, std::string_view encoded, Use use);

}  // namespace deltic::engine::text
