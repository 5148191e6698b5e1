#include "engine/text_options.h"

#include <set>

#include "engine/functions/throw.h"

namespace deltic::engine {
namespace {

using functions::ThrowStatus;

// Options that do not change the result here: locality, sampling speed, limits of Spark's own parser, and
// those that the resolver or the file listing has already used.
const std::set<std::string>& WithoutEffect() {
  static const std::set<std::string> kNames = {"path",
                                               "paths",
                                               "maxcolumns",
                                               "maxcharspercolumn",
                                               "samplingratio",
                                               "enforceschema",
                                               "unescapedquotehandling",
                                               "chartoescapequoteescaping",
                                               "recursivefilelookup",
                                               "pathglobfilter",
                                               "modifiedbefore",
                                               "modifiedafter",
                                               "basepath",
                                               "mergeschema",
                                               "ignorecorruptfiles",
                                               "ignoremissingfiles",
                                               "inputbuffersize",
                                               "locale",
                                               "allowcomments",
                                               "allowbackslashescapinganycharacter",
                                               "dropfieldifallnull",
                                               "enabledatetimeparsingfallback",
                                               "preferdate",
                                               "prefersdecimal",
                                               "escapequotes",
                                               "maxrecordsperfile",
                                               "columnnameofcorruptrecord",
                                               "allownumericleadingzeros",
                                               "allowunquotedcontrolchars",
                                               "__partition_columns"};
  return kNames;
}

bool ParseBool(const std::string& name, const std::string& value) {
  auto lower = types::ToLower(value);
  if (lower == "true") return true;
  if (lower == "false") return false;
  ThrowStatus(Error("INVALID_OPTION", {{"option", name}, {"value", value}},
                    "Option '" + name + "' must be true or false, not '" + value + "'."));
}

std::string Unescape(const std::string& value) {
  if (value == "\\t") return "\t";
  if (value == "\\n") return "\n";
  if (value == "\\r") return "\r";
  if (value == "\\r\\n") return "\r\n";
  if (value == "\\\\") return "\\";
  if (value == "\\0" || value == "\\u0000" || value == std::string("\0", 1)) return "";
  return value;
}

[[noreturn]] void Refuse(const std::string& name, const std::string& value) {
  ThrowStatus(Unsupported("data source option " + name + " = '" + value + "'"));
}

void SetMode(const std::string& value, TextOptions* out) {
  auto mode = types::ToLower(value);
  if (mode == "permissive")
    out->mode = MalformedMode::kPermissive;
  else if (mode == "dropmalformed")
    out->mode = MalformedMode::kDropMalformed;
  else if (mode == "failfast")
    out->mode = MalformedMode::kFailFast;
  else
    Refuse("mode", value);
}

bool SetCsv(const std::string& name, const std::string& value, TextOptions* out) {
  if (name == "sep" || name == "delimiter")
    out->separator = Unescape(value);
  else if (name == "quote")
    out->quote = Unescape(value);
  else if (name == "escape")
    out->escape = Unescape(value);
  else if (name == "comment")
    out->comment = value;
  else if (name == "nullvalue")
    out->null_value = value;
  else if (name == "header")
    out->header = ParseBool(name, value);
  else if (name == "inferschema")
    out->infer_schema = ParseBool(name, value);
  else if (name == "ignoreleadingwhitespace")
    out->ignore_leading_space = ParseBool(name, value);
  else if (name == "ignoretrailingwhitespace")
    out->ignore_trailing_space = ParseBool(name, value);
  else if (name == "quoteall")
    out->quote_all = ParseBool(name, value);
  else if (name == "emptyvalue") {
    out->empty_value = value;
    out->has_empty_value = true;
  } else if (name == "nanvalue") {
    if (value != "NaN") Refuse(name, value);
  } else if (name == "positiveinf") {
    if (value != "Inf") Refuse(name, value);
  } else if (name == "negativeinf") {
    if (value != "-Inf") Refuse(name, value);
  } else {
    return false;
  }
  return true;
}

bool SetJson(const std::string& name, const std::string& value, TextOptions* out) {
  if (name == "ignorenullfields")
    out->ignore_null_fields = ParseBool(name, value);
  else if (name == "primitivesasstring")
    out->primitives_as_string = ParseBool(name, value);
  else if (name == "allowsinglequotes" || name == "allownonnumericnumbers")
    ParseBool(name, value);
  else if (name == "allowunquotedfieldnames" || name == "prefersdecimal") {
    if (ParseBool(name, value)) Refuse(name, value);
  } else {
    return false;
  }
  return true;
}

bool SetCommon(const std::string& name, const std::string& value, TextOptions* out) {
  if (name == "multiline")
    out->multi_line = ParseBool(name, value);
  else if (name == "wholetext")
    out->whole_text = ParseBool(name, value);
  else if (name == "mode")
    SetMode(value, out);
  else if (name == "linesep") {
    out->line_separator = Unescape(value);
  } else if (name == "compression" || name == "codec") {
    out->compression = types::ToLower(value);
    if (out->compression == "none" || out->compression == "uncompressed") out->compression.clear();
    if (!out->compression.empty() && out->compression != "gzip") Refuse(name, value);
  } else if (name == "encoding" || name == "charset") {
    auto encoding = types::ToLower(value);
    if (encoding != "utf-8" && encoding != "utf8" && encoding != "us-ascii") Refuse(name, value);
  } else if (name == "dateformat") {
    if (value != "yyyy-MM-dd") Refuse(name, value);
  } else if (name == "timestampformat") {
    if (!value.starts_with("yyyy-MM-dd'T'HH:mm:ss") && value != "yyyy-MM-dd HH:mm:ss") Refuse(name, value);
  } else if (name == "timestampntzformat") {
    if (!value.starts_with("yyyy-MM-dd'T'HH:mm:ss")) Refuse(name, value);
  } else if (name == "timezone") {
    // The resolver has put it into FilesRel::time_zone / WriteSpec::time_zone.
  } else {
    return false;
  }
  return true;
}

}  // namespace

TextOptions ParseTextOptions(FileFormat format, const TextOptionMap& options, bool writing) {
  TextOptions out;
  if (writing) {  // Spark trims and writes empty strings as "" by default
    out.ignore_leading_space = out.ignore_trailing_space = true;
    out.empty_value = "\"\"";
  }
  for (const auto& [name, value] : options) {
    if (SetCommon(name, value, &out)) continue;
    if (format == FileFormat::kCsv && SetCsv(name, value, &out)) continue;
    if (format == FileFormat::kJson && SetJson(name, value, &out)) continue;
    if (WithoutEffect().contains(name)) continue;
    Refuse(name, value);
  }
  if (out.separator.empty()) Refuse("sep", "");
  return out;
}

}  // namespace deltic::engine
