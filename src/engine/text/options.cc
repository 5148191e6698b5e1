#include "engine/text/options.h"

#include <charconv>
#include <span>

#include "base/json_writer.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::text {
namespace {

using functions::ThrowStatus;
using std::string;

[[noreturn]] void Refuse(const string& name, const string& value) {
  ThrowStatus(Unsupported("data source option " + name + " = '" + value + "'"));
}

[[noreturn]] void Illegal(const string& name, const string& message) {
  ThrowStatus(Error("INVALID_OPTION", {{"option", name}}, message));
}

struct Setting {       // one option being applied
  const string& name;  // as the table spells it
  const string& value;
  FileFormat format;
  Use use;
};

bool Flag(const Setting& s) {
  const auto lower = types::ToLower(s.value);
  if (lower == "true") return true;
  if (lower == "false") return false;
  if (s.format == FileFormat::kCsv) {
    ThrowStatus(Error("_LEGACY_ERROR_TEMP_2147", {{"paramName", s.name}}));
  }
  Illegal(s.name, "For input string: \"" + s.value + "\"");
}

template <bool Options::* kMember>
void SetFlag(const Setting& s, Options* out) {
  out->*kMember = Flag(s);
}
template <bool functions::JsonSyntax::* kMember>
void SetSyntax(const Setting& s, Options* out) {
  out->json.*kMember = Flag(s);
}
template <string Options::* kMember>
void SetText(const Setting& s, Options* out) {
  out->*kMember = s.value;
}
template <std::optional<string> Options::* kMember>
void SetFormat(const Setting& s, Options* out) {
  out->*kMember = s.value;
}

// CSVOptions.getChar: one character, or none for an empty value.
template <string Options::* kMember>
void SetChar(const Setting& s, Options* out) {
  if (s.value.size() > 1) {
    ThrowStatus(Error("_LEGACY_ERROR_TEMP_2145", {{"paramName", s.name}}));
  }
  out->*kMember = s.value == string(1, '\0') ? "" : s.value;
}

void SetEscapeEscape(const Setting& s, Options* out) {
  SetChar<&Options::escape_escape>(s, out);
  out->escape_escape_set = !out->escape_escape.empty();
}

template <int64_t Options::* kMember>
void SetNumber(const Setting& s, Options* out) {
  const char* end = s.value.data() + s.value.size();
  const auto parsed = std::from_chars(s.value.data(), end, out->*kMember);
  if (parsed.ec != std::errc() || parsed.ptr != end) {
    ThrowStatus(Error("_LEGACY_ERROR_TEMP_2146", {{"paramName", s.name}, {"value", s.value}}));
  }
}

void SetSamplingRatio(const Setting& s, Options* out) {
  const char* end = s.value.data() + s.value.size();
  const auto parsed = std::from_chars(s.value.data(), end, out->sampling_ratio);
  if (parsed.ec != std::errc() || parsed.ptr != end) Illegal(s.name, "For input string: \"" + s.value + "\"");
}

// CSVExprUtils.toDelimiterStr: Java escapes stand for their characters.
void SetSeparator(const Setting& s, Options* out) {
  out->separator.clear();
  if (s.value.empty()) Illegal(s.name, "Delimiter cannot be empty string");
  for (size_t i = 0; i < s.value.size(); i++) {
    if (s.value[i] != '\\') {
      out->separator.push_back(s.value[i]);
      continue;
    }
    if (s.value == "\\") {
      Illegal(s.name,
              "Single backslash is prohibited. It has special meaning as beginning of an escape sequence. To get the "
              "backslash character, pass a string with two backslashes as the delimiter.");
    };
    if (s.value.substr(i, 6) == "\\u0000") {
      out->separator.push_back('\0');
      i += 5;
      continue;
    }
    static const std::map<char, char> kEscapes = {{'t', '\t'}, {'r', '\r'},  {'b', '\b'}, {'f', '\f'},
                                                  {'"', '"'},  {'\'', '\''}, {'\\', '\\'}};
    const auto escape = i + 1 < s.value.size() ? kEscapes.find(s.value[i + 1]) : kEscapes.end();
    if (escape == kEscapes.end()) {
      Illegal(s.name, "Unsupported special character for delimiter: " + s.value.substr(i, 2));
    }
    out->separator.push_back(escape->second);
    i++;
  }
}

void SetQuoteHandling(const Setting& s, Options* out) {
  static const std::map<string, QuoteHandling> kNames = {{"stop_at_delimiter", QuoteHandling::kStopAtDelimiter},
                                                         {"back_to_delimiter", QuoteHandling::kBackToDelimiter},
                                                         {"stop_at_closing_quote", QuoteHandling::kStopAtClosingQuote},
                                                         {"skip_value", QuoteHandling::kSkipValue},
                                                         {"raise_error", QuoteHandling::kRaiseError}};
  const auto found = kNames.find(types::ToLower(s.value));
  if (found == kNames.end()) Illegal(s.name, "No enum constant UnescapedQuoteHandling." + s.value);
  out->quote_handling = found->second;
}

// ParseMode.fromString: an unknown mode is PERMISSIVE, with a warning.
void SetMode(const Setting& s, Options* out) {
  const auto mode = types::ToLower(s.value);
  out->mode = mode == "dropmalformed" ? Mode::kDropMalformed : mode == "failfast" ? Mode::kFailFast : Mode::kPermissive;
  out->mode_text = out->mode == Mode::kDropMalformed ? "DROPMALFORMED"
                   : out->mode == Mode::kFailFast    ? "FAILFAST"
                                                     : "PERMISSIVE";
}

void SetEncoding(const Setting& s, Options* out) {
  static const std::map<string, Encoding> kNames = {
      {"utf-8", Encoding::kUtf8},       {"utf8", Encoding::kUtf8},         {"us-ascii", Encoding::kAscii},
      {"ascii", Encoding::kAscii},      {"iso-8859-1", Encoding::kLatin1}, {"iso8859_1", Encoding::kLatin1},
      {"latin1", Encoding::kLatin1},    {"utf-16", Encoding::kUtf16},      {"utf-16le", Encoding::kUtf16Le},
      {"utf-16be", Encoding::kUtf16Be}, {"utf-32", Encoding::kUtf32},      {"utf-32le", Encoding::kUtf32Le},
      {"utf-32be", Encoding::kUtf32Be}};
  const auto found = kNames.find(types::ToLower(s.value));
  if (found == kNames.end()) Refuse(s.name, s.value);
  out->encoding = found->second;
  out->encoding_set = true;
}

void SetLineSeparator(const Setting& s, Options* out) {
  if (s.value.empty()) Illegal(s.name, "requirement failed: 'lineSep' cannot be an empty string.");
  if (s.format == FileFormat::kCsv && functions::CharCount(s.value) > 2) {
    Illegal(s.name, "requirement failed: 'lineSep' can contain only 1 character.");
  }
  out->line_separator = s.value;
}

void SetCompression(const Setting& s, Options* out) {
  const auto codec = types::ToLower(s.value);
  if (codec == "none" || codec == "uncompressed") {
    out->compression.clear();
  } else if (codec == "gzip") {
    out->compression = "gz";
  } else if (codec == "deflate") {
    out->compression = "deflate";
  } else if (codec == "bzip2" || codec == "snappy" || codec == "lz4") {
    if (s.use == Use::kWrite) Refuse(s.name, s.value);
  } else {
    Illegal(s.name, "Codec [" + s.value + "] is not available. Known codecs are none, uncompressed, gzip, deflate.");
  }
}

// Text of dates and times is English; locales that write numbers and months otherwise are not there.
void SetLocale(const Setting& s, Options*) {
  const auto locale = types::ToLower(s.value);
  if (!locale.starts_with("en") && locale != "und" && !locale.empty()) Refuse(s.name, s.value);
}

void SetFallback(const Setting& s, Options* out) { out->datetime_fallback = Flag(s); }

constexpr int kCsv = 1, kJson = 2, kText = 4;

struct Row {
  const char* name;  // Spark's spelling
  int formats;
  void (*apply)(const Setting&, Options*);
};

// The session's own first: the user's options win. Of two names for one thing the later row wins.
constexpr Row kTable[] = {
    {kCorruptColumnOption, kCsv | kJson, SetText<&Options::corrupt_column>},
    {kSessionZoneOption, kCsv | kJson, SetText<&Options::time_zone>},
    {kTimestampNtzOption, kCsv | kJson, SetFlag<&Options::timestamp_ntz>},
    {kCaseSensitiveOption, kCsv | kJson, SetFlag<&Options::case_sensitive>},
    {"mode", kCsv | kJson, SetMode},
    {"columnNameOfCorruptRecord", kCsv | kJson, SetText<&Options::corrupt_column>},
    {"multiLine", kCsv | kJson, SetFlag<&Options::multi_line>},
    {"lineSep", kCsv | kJson | kText, SetLineSeparator},
    {"charset", kCsv | kJson, SetEncoding},
    {"encoding", kCsv | kJson, SetEncoding},
    {"codec", kCsv, SetCompression},
    {"compression", kCsv | kJson | kText, SetCompression},
    {"dateFormat", kCsv | kJson, SetFormat<&Options::date_format>},
    {"timestampFormat", kCsv | kJson, SetFormat<&Options::timestamp_format>},
    {"timestampNTZFormat", kCsv | kJson, SetFormat<&Options::timestamp_ntz_format>},
    {"timeZone", kCsv | kJson, SetText<&Options::time_zone>},
    {"locale", kCsv | kJson, SetLocale},
    {"enableDateTimeParsingFallback", kCsv | kJson, SetFallback},
    {"samplingRatio", kCsv | kJson, SetSamplingRatio},
    {"delimiter", kCsv, SetSeparator},
    {"sep", kCsv, SetSeparator},
    {"quote", kCsv, SetChar<&Options::quote>},
    {"escape", kCsv, SetChar<&Options::escape>},
    {"charToEscapeQuoteEscaping", kCsv, SetEscapeEscape},
    {"comment", kCsv, SetChar<&Options::comment>},
    {"header", kCsv, SetFlag<&Options::header>},
    {"inferSchema", kCsv, SetFlag<&Options::infer_schema>},
    {"enforceSchema", kCsv, SetFlag<&Options::enforce_schema>},
    {"ignoreLeadingWhiteSpace", kCsv, SetFlag<&Options::trim_left>},
    {"ignoreTrailingWhiteSpace", kCsv, SetFlag<&Options::trim_right>},
    {"nullValue", kCsv, SetText<&Options::null_value>},
    {"emptyValue", kCsv, SetText<&Options::empty_value>},
    {"nanValue", kCsv, SetText<&Options::nan_value>},
    {"positiveInf", kCsv, SetText<&Options::positive_inf>},
    {"negativeInf", kCsv, SetText<&Options::negative_inf>},
    {"preferDate", kCsv, SetFlag<&Options::prefer_date>},
    {"maxColumns", kCsv, SetNumber<&Options::max_columns>},
    {"maxCharsPerColumn", kCsv, SetNumber<&Options::max_chars_per_column>},
    {"unescapedQuoteHandling", kCsv, SetQuoteHandling},
    {"quoteAll", kCsv, SetFlag<&Options::quote_all>},
    {"escapeQuotes", kCsv, SetFlag<&Options::escape_quotes>},
    {"primitivesAsString", kJson, SetFlag<&Options::primitives_as_string>},
    {"prefersDecimal", kJson, SetFlag<&Options::prefers_decimal>},
    {"dropFieldIfAllNull", kJson, SetFlag<&Options::drop_field_if_all_null>},
    {"inferTimestamp", kJson, SetFlag<&Options::infer_timestamp>},
    {"ignoreNullFields", kJson, SetFlag<&Options::ignore_null_fields>},
    {"pretty", kJson, SetFlag<&Options::pretty>},
    {"writeNonAsciiCharacterAsCodePoint", kJson, SetFlag<&Options::ascii_only>},
    {"allowComments", kJson, SetSyntax<&functions::JsonSyntax::comments>},
    {"allowUnquotedFieldNames", kJson, SetSyntax<&functions::JsonSyntax::unquoted_names>},
    {"allowSingleQuotes", kJson, SetSyntax<&functions::JsonSyntax::single_quotes>},
    {"allowNumericLeadingZeros", kJson, SetSyntax<&functions::JsonSyntax::leading_zeros>},
    {"allowBackslashEscapingAnyCharacter", kJson, SetSyntax<&functions::JsonSyntax::any_escape>},
    {"allowUnquotedControlChars", kJson, SetSyntax<&functions::JsonSyntax::control_characters>},
    {"allowNonNumericNumbers", kJson, SetSyntax<&functions::JsonSyntax::non_numeric_numbers>},
    {"wholetext", kText, SetFlag<&Options::whole_text>},
};

int BitOf(FileFormat format) { return format == FileFormat::kCsv ? kCsv : format == FileFormat::kJson ? kJson : kText; }

// JSONOptionsInRead.checkedEncoding and what lines of wide characters need.
void CheckEncoding(FileFormat format, const Options& o) {
  if (format != FileFormat::kJson || o.multi_line || !o.encoding_set) return;
  if (o.encoding == Encoding::kUtf16 || o.encoding == Encoding::kUtf32) {
    Illegal(
        "encoding",
        "requirement failed: The UTF-16 and UTF-32 encodings must not be used when multiLine is disabled: their lines "
        "cannot be told apart.");
  }
  if (o.encoding != Encoding::kUtf8 && !o.line_separator.has_value()) {
    Illegal("encoding", "requirement failed: The lineSep option must be specified for this encoding.");
  }
}

}  // namespace

Options ParseOptions(FileFormat format, const OptionMap& options, Use use) {
  Options out;
  if (use == Use::kWrite) {
    out.trim_left = out.trim_right = true;
    out.empty_value = "\"\"";
  }
  const int bit = BitOf(format);
  for (const Row& row : kTable) {
    if ((row.formats & bit) == 0) continue;
    const string name = row.name;
    const auto found = options.find(types::ToLower(name));
    if (found != options.end()) row.apply({name, found->second, format, use}, &out);
  }
  // Without a quote character the writer's is NUL, as Spark has it.
  if (use == Use::kWrite && format == FileFormat::kCsv && out.quote.empty()) out.quote = string(1, '\0');
  if (!out.escape_escape_set) out.escape_escape = out.escape == out.quote ? "" : out.escape;
  if (use == Use::kRead) CheckEncoding(format, out);
  return out;
}

string EncodeOptions(const OptionMap& options) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [name, value] : options) json.Key(name).String(value);
  json.EndObject();
  return json.Take();
}

const Options& CachedOptions(FileFormat format, std::string_view encoded, Use use) {
  constexpr size_t kMost = 32;
  thread_local std::map<string, Options> cache;
  string key = std::to_string(static_cast<int>(format)) + (use == Use::kWrite ? "w" : "r") + string(encoded);
  const auto known = cache.find(key);
  if (known != cache.end()) return known->second;
  if (cache.size() >= kMost) cache.clear();
  OptionMap map;
  if (const auto json = functions::ParseJson(encoded, true)) {
    for (const auto& [name, value] : json->members) map[name] = value.text;
  }
  return cache.emplace(std::move(key), ParseOptions(format, map, use)).first->second;
}

}  // namespace deltic::engine::text
