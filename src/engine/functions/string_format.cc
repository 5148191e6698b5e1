// Java's Formatter (format_string), DecimalFormat (format_number) and Spark's number formats (to_char, to_number).
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

#include "engine/functions/kernel.h"
#include "engine/functions/string_parts.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::functions {
namespace {

using std::string;
using std::string_view;

// --- decimal texts ------------------------------------------------------------------------------------
struct Digits {  // sign, integer digits and fraction digits of a plain decimal text
  bool negative = false;
  string whole;
  string fraction;
};

Digits SplitDecimal(string_view text) {
  Digits out;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    out.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const size_t point = text.find('.');
  out.whole = string(text.substr(0, point));
  if (point != string_view::npos) out.fraction = string(text.substr(point + 1));
  const size_t first = out.whole.find_first_not_of('0');
  out.whole = first == string::npos ? "" : out.whole.substr(first);
  return out;
}

// The exact decimal expansion of the shortest text of a double, as Java's Double.toString digits.
string PlainText(double value) {
  char buffer[512];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::fixed).ptr;
  return {buffer, end};
}

// Rounds half to even at `scale` fraction digits.
void RoundHalfEven(Digits* digits, size_t scale) {
  if (digits->fraction.size() <= scale) {
    digits->fraction.resize(scale, '0');
    return;
  }
  const string dropped = digits->fraction.substr(scale);
  digits->fraction.resize(scale);
  string all = digits->whole + digits->fraction;
  const bool half = dropped[0] == '5' && dropped.find_first_not_of('0', 1) == string::npos;
  const bool odd = !all.empty() && (all.back() - '0') % 2 == 1;
  if (half ? odd : dropped[0] >= '5') {
    size_t i = all.size();
    while (i > 0 && all[i - 1] == '9') all[--i] = '0';
    if (i == 0)
      all.insert(all.begin(), '1');
    else
      all[i - 1]++;
  }
  digits->whole = all.substr(0, all.size() - scale);
  digits->fraction = all.substr(all.size() - scale);
}

string Grouped(string_view whole, size_t group = 3) {
  string out;
  for (size_t i = 0; i < whole.size(); i++) {
    if (i > 0 && group > 0 && (whole.size() - i) % group == 0) out.push_back(',');
    out.push_back(whole[i]);
  }
  return out;
}

string FormatNumber(Digits digits, int32_t scale) {
  RoundHalfEven(&digits, static_cast<size_t>(scale));
  string out = digits.negative ? "-" : "";
  out += digits.whole.empty() ? "0" : Grouped(digits.whole);
  if (scale > 0) out += "." + digits.fraction;
  return out;
}

std::optional<string> FormatDouble(double value, int32_t scale) {
  if (scale < 0) return std::nullopt;
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-\u221E" : "\u221E";
  return FormatNumber(SplitDecimal(PlainText(value)), scale);
}

// A DecimalFormat pattern of literals, #, 0, comma and point.
string FormatByPattern(Digits digits, string_view pattern) {
  if (pattern.empty()) pattern = "#,###,###,###,###,###,##0";
  const size_t begin = std::min(pattern.find_first_of("#0,."), pattern.size());
  const size_t last = pattern.find_last_of("#0,.");
  const size_t end = last == string_view::npos ? begin : last + 1;
  const string_view body = pattern.substr(begin, end - begin);
  const size_t point = body.find('.');
  const string_view whole = body.substr(0, point);
  const string_view fraction = point == string_view::npos ? string_view() : body.substr(point + 1);
  const size_t comma = whole.rfind(',');
  const size_t group = comma == string_view::npos ? 0 : whole.size() - comma - 1;
  const auto minimum = static_cast<size_t>(std::count(whole.begin(), whole.end(), '0'));
  const auto min_fraction = static_cast<size_t>(std::count(fraction.begin(), fraction.end(), '0'));
  RoundHalfEven(&digits, fraction.size());
  while (digits.fraction.size() > min_fraction && digits.fraction.back() == '0') digits.fraction.pop_back();
  while (digits.whole.size() < minimum) digits.whole.insert(digits.whole.begin(), '0');
  if (digits.whole.empty() && digits.fraction.empty()) digits.whole = "0";
  string out = digits.negative ? "-" : "";
  out += pattern.substr(0, begin);
  out += Grouped(digits.whole, group);
  if (!digits.fraction.empty()) out += "." + digits.fraction;
  out += pattern.substr(end);
  return out;
}

// --- format_string ------------------------------------------------------------------------------------
struct Spec {
  int index = 0;  // explicit argument, 1-based
  string flags;
  int width = -1;
  int precision = -1;
  char conversion = 0;
  bool upper = false;
};

[[noreturn]] void BadFormat(const string& what) { ThrowStatus(Error("_LEGACY_ERROR_TEMP_FORMAT", {}, what)); }

// Parses the specifier after '%' at *pos.
Spec ParseSpec(string_view format, size_t* pos) {
  Spec spec;
  const auto number = [&] {
    int value = 0;
    while (*pos < format.size() && format[*pos] >= '0' && format[*pos] <= '9' && value < 100000) {
      value = value * 10 + (format[(*pos)++] - '0');
    }
    return value;
  };
  const size_t start = *pos;
  if (*pos < format.size() && format[*pos] >= '1' && format[*pos] <= '9') {
    const int value = number();
    if (*pos < format.size() && format[*pos] == '$') {
      spec.index = value;
      (*pos)++;
    } else {
      *pos = start;
    }
  }
  while (*pos < format.size() && string_view("-#+ 0,(").find(format[*pos]) != string_view::npos) {
    spec.flags.push_back(format[(*pos)++]);
  }
  if (*pos < format.size() && format[*pos] >= '1' && format[*pos] <= '9') spec.width = number();
  if (*pos < format.size() && format[*pos] == '.') {
    (*pos)++;
    spec.precision = number();
  }
  if (*pos >= format.size()) BadFormat("Conversion = '%'");
  spec.conversion = format[(*pos)++];
  spec.upper = spec.conversion >= 'A' && spec.conversion <= 'Z';
  if (spec.upper && string_view("SXEGBHC").find(spec.conversion) != string_view::npos) spec.conversion += 32;
  return spec;
}

string Padded(string text, const Spec& spec) {
  const int missing = spec.width - CharCount(text);
  if (missing <= 0) return text;
  const bool left = spec.flags.find('-') != string::npos;
  return left ? text + string(missing, ' ') : string(missing, ' ') + text;
}

// Sign, grouping and zero padding of a number's digits ("123.40" without sign).
string DecorateNumber(bool negative, string digits, const Spec& spec) {
  const auto has = [&](char c) { return spec.flags.find(c) != string::npos; };
  if (has(',')) {
    const size_t point = digits.find('.');
    digits = Grouped(string_view(digits).substr(0, point)) + (point == string::npos ? "" : digits.substr(point));
  }
  string prefix;
  string suffix;
  if (negative) {
    prefix = has('(') ? "(" : "-";
    if (has('(')) suffix = ")";
  } else if (has('+')) {
    prefix = "+";
  } else if (has(' ')) {
    prefix = " ";
  }
  const auto size = static_cast<int>(prefix.size() + digits.size() + suffix.size());
  if (has('0') && spec.width > size) digits.insert(0, string(spec.width - size, '0'));
  return prefix + digits + suffix;
}

string FormatInteger(const duckdb::Value& value, const Spec& spec) {
  const auto type = value.type().id();
  const int64_t number = value.GetValue<int64_t>();
  if (spec.conversion == 'd') {
    const string text = std::to_string(number);
    return DecorateNumber(number < 0, number < 0 ? text.substr(1) : text, spec);
  }
  uint64_t bits = static_cast<uint64_t>(number);
  if (type == duckdb::LogicalTypeId::INTEGER) bits = static_cast<uint32_t>(number);
  if (type == duckdb::LogicalTypeId::SMALLINT) bits = static_cast<uint16_t>(number);
  if (type == duckdb::LogicalTypeId::TINYINT) bits = static_cast<uint8_t>(number);
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), spec.conversion == 'x' ? "%lx" : "%lo", static_cast<unsigned long>(bits));
  string text = buffer;
  if (spec.flags.find('#') != string::npos) text = (spec.conversion == 'x' ? "0x" : "0") + text;
  if (spec.flags.find('0') != string::npos && static_cast<int>(text.size()) < spec.width) {
    text.insert(0, string(spec.width - text.size(), '0'));
  }
  return text;
}

// Half-up rounding of the shortest decimal text, as java.util.Formatter does.
string FixedHalfUp(Digits digits, size_t scale) {
  if (digits.fraction.size() > scale) {
    const bool up = digits.fraction[scale] >= '5';
    digits.fraction.resize(scale);
    string all = digits.whole + digits.fraction;
    if (up) {
      size_t i = all.size();
      while (i > 0 && all[i - 1] == '9') all[--i] = '0';
      if (i == 0)
        all.insert(all.begin(), '1');
      else
        all[i - 1]++;
    }
    digits.whole = all.substr(0, all.size() - scale);
    digits.fraction = all.substr(all.size() - scale);
  }
  digits.fraction.resize(scale, '0');
  if (digits.whole.empty()) digits.whole = "0";
  return scale == 0 ? digits.whole : digits.whole + "." + digits.fraction;
}

string FormatFloat(const duckdb::Value& value, const Spec& spec) {
  const int precision = spec.precision < 0 ? 6 : spec.precision;
  if (value.type().id() == duckdb::LogicalTypeId::DECIMAL && spec.conversion == 'f') {
    const auto digits = SplitDecimal(value.ToString());
    return DecorateNumber(digits.negative, FixedHalfUp(digits, precision), spec);
  }
  const double number = value.GetValue<double>();
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) {
    if (number < 0) return spec.flags.find('(') != string::npos ? "(Infinity)" : "-Infinity";
    return spec.flags.find('+') != string::npos ? "+Infinity" : "Infinity";
  }
  const bool negative = std::signbit(number);
  const double magnitude = std::fabs(number);
  const bool general = spec.conversion == 'g';
  const int significant = general && precision == 0 ? 1 : precision;
  if (spec.conversion == 'f' || (general && magnitude >= 1e-4 && magnitude < std::pow(10.0, significant)) ||
      (general && magnitude == 0)) {
    int scale = precision;
    if (general) {
      const int exponent = magnitude == 0 ? 0 : static_cast<int>(std::floor(std::log10(magnitude)));
      scale = std::max(0, significant - 1 - exponent);
    }
    return DecorateNumber(negative, FixedHalfUp(SplitDecimal(PlainText(magnitude)), scale), spec);
  }
  char buffer[512];
  std::snprintf(buffer, sizeof(buffer), "%.*e", general ? significant - 1 : precision, magnitude);
  return DecorateNumber(negative, buffer, spec);
}

string JavaText(const duckdb::Value& value) {
  const auto id = value.type().id();
  if (id == duckdb::LogicalTypeId::BOOLEAN) return value.GetValue<bool>() ? "true" : "false";
  if (id != duckdb::LogicalTypeId::DOUBLE && id != duckdb::LogicalTypeId::FLOAT) return value.ToString();
  const double number = value.GetValue<double>();
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  char buffer[64];
  const double magnitude = std::fabs(number);
  const bool plain = magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e7);
  const auto style = plain ? std::chars_format::fixed : std::chars_format::scientific;
  const auto result = id == duckdb::LogicalTypeId::FLOAT
                          ? std::to_chars(buffer, buffer + 64, value.GetValue<float>(), style)
                          : std::to_chars(buffer, buffer + 64, number, style);
  string text(buffer, result.ptr);
  const size_t e = text.find('e');
  string mantissa = text.substr(0, e);
  if (mantissa.find('.') == string::npos) mantissa += ".0";
  if (e == string::npos) return mantissa;
  return mantissa + "E" + std::to_string(std::stoi(text.substr(e + 1)));
}

string FormatOne(const duckdb::Value& value, const Spec& spec) {
  const auto id = value.type().id();
  string text;
  if (spec.conversion == 'b') {
    text = value.IsNull() ? "false" : (id == duckdb::LogicalTypeId::BOOLEAN ? JavaText(value) : "true");
  } else if (value.IsNull()) {
    text = "null";
  } else {
    switch (spec.conversion) {
      case 's': text = JavaText(value); break;
      case 'd':
      case 'x':
      case 'o':
        if (id != duckdb::LogicalTypeId::BIGINT && id != duckdb::LogicalTypeId::INTEGER &&
            id != duckdb::LogicalTypeId::SMALLINT && id != duckdb::LogicalTypeId::TINYINT) {
          BadFormat(string(1, spec.conversion) + " != " + value.type().ToString());
        }
        text = FormatInteger(value, spec);
        break;
      case 'e':
      case 'f':
      case 'g':
        if (id != duckdb::LogicalTypeId::DOUBLE && id != duckdb::LogicalTypeId::FLOAT &&
            id != duckdb::LogicalTypeId::DECIMAL) {
          BadFormat(string(1, spec.conversion) + " != " + value.type().ToString());
        }
        text = FormatFloat(value, spec);
        break;
      case 'c': AppendCodePoint(static_cast<int32_t>(value.GetValue<int64_t>()), &text); break;
      default: BadFormat(string("Conversion = '") + spec.conversion + "'");
    }
  }
  if ((spec.conversion == 's' || spec.conversion == 'b' || value.IsNull()) && spec.precision >= 0) {
    text = string(Slice(text, 0, spec.precision));
  }
  if (spec.upper) text = ToUpper(text);
  return Padded(std::move(text), spec);
}

string FormatString(string_view format, const std::vector<duckdb::Value>& args) {
  string out;
  size_t next = 0;
  size_t last = 0;
  for (size_t i = 0; i < format.size();) {
    if (format[i] != '%') {
      out.push_back(format[i++]);
      continue;
    }
    i++;
    if (i < format.size() && format[i] == '<') {
      i++;
      Spec spec = ParseSpec(format, &i);
      if (last == 0) BadFormat("Format specifier '%<" + string(1, spec.conversion) + "'");
      out += FormatOne(args[last - 1], spec);
      continue;
    }
    const size_t start = i - 1;
    const Spec spec = ParseSpec(format, &i);
    if (spec.conversion == '%') {
      out += Padded("%", spec);
    } else if (spec.conversion == 'n') {
      out += "\n";
    } else {
      last = spec.index > 0 ? static_cast<size_t>(spec.index) : ++next;
      if (last > args.size()) BadFormat("Format specifier '" + string(format.substr(start, i - start)) + "'");
      out += FormatOne(args[last - 1], spec);
    }
  }
  return out;
}

void FormatStringKernel(duckdb::DataChunk& args, duckdb::Vector& result) {
  for (duckdb::idx_t row = 0; row < args.size(); row++) {
    const auto format = args.data[0].GetValue(row);
    if (format.IsNull()) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    std::vector<duckdb::Value> values;
    for (duckdb::idx_t c = 1; c < args.ColumnCount(); c++) values.push_back(args.data[c].GetValue(row));
    const string text = FormatString(duckdb::StringValue::Get(format), values);
    KernelType<string_view>::Write(result, &duckdb::FlatVector::GetData<duckdb::string_t>(result)[row], text);
  }
}

// --- to_number / to_char --------------------------------------------------------------------------------
// Reads text by a format of 9 0 . D , G $ S MI PR; nullopt when it does not match.
std::optional<string> ParseByFormat(string_view text, string_view format) {
  string f = ToUpper(format);
  bool negative = false;
  size_t begin = text.find_first_not_of(' ');
  text = begin == string_view::npos ? string_view() : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
  if (f.ends_with("PR")) {
    f.resize(f.size() - 2);
    if (text.starts_with("<") && text.ends_with(">")) {
      negative = true;
      text = text.substr(1, text.size() - 2);
    }
  }
  const bool sign_at_end = f.ends_with("S") || f.ends_with("MI");
  if (sign_at_end) {
    f.resize(f.size() - (f.ends_with("MI") ? 2 : 1));
    if (!text.empty() && (text.back() == '-' || text.back() == '+')) {
      negative = text.back() == '-';
      text.remove_suffix(1);
    }
  } else if (f.starts_with("S") || f.starts_with("MI")) {
    f = f.substr(f.starts_with("MI") ? 2 : 1);
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
      negative = text[0] == '-';
      text.remove_prefix(1);
    }
  }
  if (f.starts_with("$")) {
    f = f.substr(1);
    if (!text.starts_with("$")) return std::nullopt;
    text.remove_prefix(1);
  }
  const size_t f_point = f.find_first_of(".D");
  const size_t t_point = text.find('.');
  const string f_whole = f.substr(0, f_point);
  const string_view t_whole = text.substr(0, t_point);
  const string_view t_fraction = t_point == string_view::npos ? string_view() : text.substr(t_point + 1);
  if (f_point == string::npos && t_point != string_view::npos) return std::nullopt;
  const size_t f_scale = f_point == string::npos ? 0 : f.size() - f_point - 1;
  if (t_fraction.size() > f_scale || t_fraction.find_first_not_of("0123456789") != string_view::npos) {
    return std::nullopt;
  }
  string digits;
  size_t fi = f_whole.size();
  for (size_t ti = t_whole.size(); ti > 0; ti--) {
    const char c = t_whole[ti - 1];
    if (fi == 0) return std::nullopt;
    const char expected = f_whole[--fi];
    const bool group = expected == ',' || expected == 'G';
    if (group != (c == ',')) return std::nullopt;
    if (group) continue;
    if (c < '0' || c > '9') return std::nullopt;
    digits.insert(digits.begin(), c);
  }
  if (f_whole.find_last_of('0', fi == 0 ? 0 : fi - 1) != string::npos && fi > 0) return std::nullopt;
  if (digits.empty() && t_fraction.empty()) return std::nullopt;
  string out = negative ? "-" : "";
  out += digits.empty() ? "0" : digits;
  if (!t_fraction.empty()) out += "." + string(t_fraction);
  return out;
}

std::optional<string> FormatByFormat(string_view text, string_view format) {
  string f = ToUpper(format);
  Digits digits = SplitDecimal(text);
  const bool pr = f.ends_with("PR");
  if (pr) f.resize(f.size() - 2);
  const bool end_s = f.ends_with("S");
  const bool end_mi = f.ends_with("MI");
  if (end_s || end_mi) f.resize(f.size() - (end_s ? 1 : 2));
  const bool start_s = f.starts_with("S");
  const bool start_mi = f.starts_with("MI");
  if (start_s || start_mi) f = f.substr(start_s ? 1 : 2);
  const bool dollar = f.starts_with("$");
  if (dollar) f = f.substr(1);
  const size_t point = f.find_first_of(".D");
  const size_t scale = point == string::npos ? 0 : f.size() - point - 1;
  RoundHalfEven(&digits, scale);
  const string whole_format = f.substr(0, point);
  string whole;
  size_t d = digits.whole.size();
  bool overflow = false;
  const size_t first_zero = whole_format.find('0');
  for (size_t i = whole_format.size(); i > 0; i--) {
    const char c = whole_format[i - 1];
    const bool required = first_zero != string::npos && i - 1 >= first_zero;
    if (c == ',' || c == 'G') {
      whole.insert(whole.begin(), d > 0 || required ? ',' : ' ');
    } else if (d > 0) {
      whole.insert(whole.begin(), digits.whole[--d]);
    } else {
      whole.insert(whole.begin(), required ? '0' : ' ');
    }
  }
  overflow = d > 0;
  if (overflow) {
    for (char& c : whole) c = c == ',' ? ',' : '#';
    for (char& c : digits.fraction) c = '#';
  }
  const size_t pad = std::min(whole.find_first_not_of(' '), whole.size());
  string out(pad, ' ');
  if (start_s) out += digits.negative ? "-" : "+";
  if (start_mi) out += digits.negative ? "-" : " ";
  if (pr && digits.negative) out += "<";
  if (!start_s && !start_mi && !end_s && !end_mi && !pr && digits.negative) out += "-";
  if (dollar) out += "$";
  out += whole.substr(pad);
  if (scale > 0) out += "." + digits.fraction;
  if (end_s) out += digits.negative ? "-" : "+";
  if (end_mi) out += digits.negative ? "-" : " ";
  if (pr && digits.negative) out += ">";
  return out;
}

}  // namespace

void RegisterStringFormatKernels(KernelSink& sink) {
  AddGeneric(
      sink, "spark_format_string", -1, [](const auto&) { return duckdb::LogicalType::VARCHAR; }, FormatStringKernel);
  // Doubles come as they are, exact numbers as their text.
  const auto number_type = [](const auto&) { return duckdb::LogicalType::VARCHAR; };
  AddGeneric(sink, "spark_format_number", 2, number_type, [](duckdb::DataChunk& args, duckdb::Vector& result) {
    for (duckdb::idx_t row = 0; row < args.size(); row++) {
      const auto number = args.data[0].GetValue(row);
      const auto scale = args.data[1].GetValue(row);
      std::optional<string> text;
      if (!number.IsNull() && !scale.IsNull() && scale.GetValue<int32_t>() >= 0) {
        text = number.type().id() == duckdb::LogicalTypeId::DOUBLE
                   ? FormatDouble(number.GetValue<double>(), scale.GetValue<int32_t>())
                   : FormatNumber(SplitDecimal(number.ToString()), scale.GetValue<int32_t>());
      }
      if (!text.has_value()) {
        duckdb::FlatVector::SetNull(result, row, true);
        continue;
      }
      KernelType<string_view>::Write(result, &duckdb::FlatVector::GetData<duckdb::string_t>(result)[row], *text);
    }
  });
  AddGeneric(sink, "spark_format_number_pattern", 2, number_type, [](duckdb::DataChunk& args, duckdb::Vector& result) {
    for (duckdb::idx_t row = 0; row < args.size(); row++) {
      const auto number = args.data[0].GetValue(row);
      const auto pattern = args.data[1].GetValue(row);
      if (number.IsNull() || pattern.IsNull()) {
        duckdb::FlatVector::SetNull(result, row, true);
        continue;
      }
      const bool is_double = number.type().id() == duckdb::LogicalTypeId::DOUBLE;
      const string plain = is_double ? PlainText(number.GetValue<double>()) : number.ToString();
      const string text = FormatByPattern(SplitDecimal(plain), duckdb::StringValue::Get(pattern));
      KernelType<string_view>::Write(result, &duckdb::FlatVector::GetData<duckdb::string_t>(result)[row], text);
    }
  });
  Add(sink, "spark_to_number", [](string_view text, string_view format, bool attempt) -> std::optional<string> {
    auto value = ParseByFormat(text, format);
    if (!value.has_value() && !attempt) {
      ThrowStatus(Error("INVALID_FORMAT.MISMATCH_INPUT",
                        {{"inputType", "\"STRING\""}, {"input", string(text)}, {"format", string(format)}}));
    }
    return value;
  });
  Add(sink, "spark_to_char", [](string_view number, string_view format) { return FormatByFormat(number, format); });
}

}  // namespace deltic::engine::functions
