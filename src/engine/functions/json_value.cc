#include "engine/functions/json_value.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "engine/functions/utf8_text.h"

namespace deltic::engine::functions {
namespace {

using std::string;
using std::string_view;
using Kind = JsonValue::Kind;

constexpr int kMaxDepth = 1000;  // Jackson's own limit

class Parser {
 public:
  Parser(string_view text, const JsonSyntax& syntax) : p_(text), syntax_(syntax) {}

  bool Document(JsonValue* out, bool whole) {
    if (!Value(out, 0)) return false;
    Space();
    return !whole || i_ == p_.size();
  }

 private:
  void Space() {
    while (true) {
      while (i_ < p_.size() && (p_[i_] == ' ' || p_[i_] == '\t' || p_[i_] == '\n' || p_[i_] == '\r')) i_++;
      if (!syntax_.comments || !Comment()) return;
    }
  }
  bool Comment() {
    if (p_.substr(i_, 2) == "//") {
      i_ = std::min(p_.find('\n', i_), p_.size());
      return true;
    }
    if (p_.substr(i_, 2) != "/*") return false;
    const size_t end = p_.find("*/", i_ + 2);
    i_ = end == string_view::npos ? p_.size() : end + 2;
    return true;
  }
  bool AtQuote() const { return i_ < p_.size() && (p_[i_] == '"' || (p_[i_] == '\'' && syntax_.single_quotes)); }
  bool Eat(char c) {
    if (i_ >= p_.size() || p_[i_] != c) return false;
    i_++;
    return true;
  }
  bool Word(string_view word, Kind kind, JsonValue* out) {
    if (p_.substr(i_, word.size()) != word) return false;
    i_ += word.size();
    out->kind = kind;
    return i_ >= p_.size() || string_view(" \t\n\r,]}:").find(p_[i_]) != string_view::npos;
  }

  bool Value(JsonValue* out, int depth) {
    Space();
    if (i_ >= p_.size() || depth > kMaxDepth) return false;
    switch (p_[i_]) {
      case '{': return Object(out, depth);
      case '[': return Array(out, depth);
      case '"':
      case '\'':
        if (!AtQuote()) return false;
        out->kind = Kind::kString;
        return String(&out->text);
      case 't': return Word("true", Kind::kTrue, out);
      case 'f': return Word("false", Kind::kFalse, out);
      case 'n': return Word("null", Kind::kNull, out);
      default: return (syntax_.non_numeric_numbers && NonNumeric(out)) || Number(out);
    }
  }

  // NaN and infinities, which become the strings that numeric columns read as such.
  bool NonNumeric(JsonValue* out) {
    for (string_view word : {"NaN", "Infinity", "+Infinity", "-Infinity", "INF", "+INF", "-INF"}) {
      if (p_.substr(i_, word.size()) != word) continue;
      i_ += word.size();
      out->kind = Kind::kString;
      out->text = word;
      return true;
    }
    return false;
  }

  bool UnquotedName(string* out) {
    const size_t start = i_;
    while (i_ < p_.size() && (std::isalnum(static_cast<unsigned char>(p_[i_])) != 0 || p_[i_] == '_' || p_[i_] == '$' ||
                              static_cast<unsigned char>(p_[i_]) >= 0x80)) {
      i_++;
    }
    *out = p_.substr(start, i_ - start);
    return i_ > start;
  }

  bool Object(JsonValue* out, int depth) {
    out->kind = Kind::kObject;
    i_++;
    Space();
    if (Eat('}')) return true;
    while (true) {
      Space();
      out->members.emplace_back();
      string* name = &out->members.back().first;
      if (!(AtQuote() ? String(name) : syntax_.unquoted_names && UnquotedName(name))) return false;
      Space();
      if (!Eat(':') || !Value(&out->members.back().second, depth + 1)) return false;
      Space();
      if (Eat('}')) return true;
      if (!Eat(',')) return false;
    }
  }

  bool Array(JsonValue* out, int depth) {
    out->kind = Kind::kArray;
    i_++;
    Space();
    if (Eat(']')) return true;
    while (true) {
      out->items.emplace_back();
      if (!Value(&out->items.back(), depth + 1)) return false;
      Space();
      if (Eat(']')) return true;
      if (!Eat(',')) return false;
    }
  }

  bool Hex4(int32_t* out) {
    if (i_ + 4 > p_.size()) return false;
    const auto result = std::from_chars(p_.data() + i_, p_.data() + i_ + 4, *out, 16);
    if (result.ptr != p_.data() + i_ + 4) return false;
    i_ += 4;
    return true;
  }

  bool String(string* out) {
    const char quote = p_[i_++];
    while (i_ < p_.size()) {
      const char c = p_[i_++];
      if (c == quote) return true;
      if (static_cast<unsigned char>(c) < 0x20 && !syntax_.control_characters) return false;
      if (c != '\\') {
        out->push_back(c);
        continue;
      }
      if (i_ >= p_.size()) return false;
      const char e = p_[i_++];
      switch (e) {
        case 'b': out->push_back('\b'); break;
        case 'f': out->push_back('\f'); break;
        case 'n': out->push_back('\n'); break;
        case 'r': out->push_back('\r'); break;
        case 't': out->push_back('\t'); break;
        case '"':
        case '\\':
        case '/': out->push_back(e); break;
        case '\'':
          if (quote != '\'' && !syntax_.any_escape) return false;
          out->push_back(e);
          break;
        case 'u': {
          int32_t c1 = 0;
          if (!Hex4(&c1)) return false;
          if (c1 >= 0xD800 && c1 < 0xDC00 && p_.substr(i_, 2) == "\\u") {
            i_ += 2;
            int32_t c2 = 0;
            if (!Hex4(&c2)) return false;
            c1 = 0x10000 + ((c1 - 0xD800) << 10) + (c2 - 0xDC00);
          }
          AppendCodePoint(c1, out);
          break;
        }
        default:
          if (!syntax_.any_escape) return false;
          out->push_back(e);
      }
    }
    return false;
  }

  bool Digits() {
    const size_t start = i_;
    while (i_ < p_.size() && p_[i_] >= '0' && p_[i_] <= '9') i_++;
    return i_ > start;
  }

  bool Number(JsonValue* out) {
    const size_t start = i_;
    Eat('-');
    const size_t digits = i_;
    if (!Digits()) return false;
    if (p_[digits] == '0' && i_ - digits > 1 && !syntax_.leading_zeros) return false;
    if (Eat('.') && !Digits()) return false;
    if (i_ < p_.size() && (p_[i_] == 'e' || p_[i_] == 'E')) {
      i_++;
      if (i_ < p_.size() && (p_[i_] == '+' || p_[i_] == '-')) i_++;
      if (!Digits()) return false;
    }
    if (i_ < p_.size() && string_view(" \t\n\r,]}").find(p_[i_]) == string_view::npos) return false;
    out->kind = Kind::kNumber;
    out->text = string(p_.substr(start, i_ - start));
    return true;
  }

  string_view p_;
  const JsonSyntax& syntax_;
  size_t i_ = 0;
};

}  // namespace

bool JsonValue::IsInteger() const { return kind == Kind::kNumber && text.find_first_of(".eE") == string::npos; }

std::optional<JsonValue> ParseJson(string_view text, bool whole, const JsonSyntax& syntax) {
  JsonValue value;
  if (!Parser(text, syntax).Document(&value, whole)) return std::nullopt;
  return value;
}

string JavaDouble(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char buffer[512];
  const double magnitude = std::fabs(value);
  const bool plain = magnitude == 0 || (magnitude >= 1e-3 && magnitude < 1e7);
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  const string text(buffer, end);
  const size_t e = text.find('e');
  string mantissa = text.substr(0, e);
  if (mantissa.find('.') == string::npos) mantissa += ".0";
  if (e == string::npos) return mantissa;
  return mantissa + "E" + std::to_string(std::stoi(text.substr(e + 1)));
}

void WriteJsonString(string_view text, string* out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  out->push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"': *out += "\\\""; break;
      case '\\': *out += "\\\\"; break;
      case '\b': *out += "\\b"; break;
      case '\f': *out += "\\f"; break;
      case '\n': *out += "\\n"; break;
      case '\r': *out += "\\r"; break;
      case '\t': *out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          *out += "\\u00";
          out->push_back(kDigits[c >> 4]);
          out->push_back(kDigits[c & 15]);
        } else {
          out->push_back(c);
        }
    }
  }
  out->push_back('"');
}

void WriteJson(const JsonValue& value, string* out) {
  switch (value.kind) {
    case Kind::kNull: *out += "null"; break;
    case Kind::kTrue: *out += "true"; break;
    case Kind::kFalse: *out += "false"; break;
    case Kind::kString: WriteJsonString(value.text, out); break;
    case Kind::kNumber: {
      if (value.IsInteger()) {
        *out += value.text;
      } else {  // Jackson copies a fraction as a double
        double number = 0;
        std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
        *out += JavaDouble(number);
      }
      break;
    }
    case Kind::kArray:
      out->push_back('[');
      for (size_t i = 0; i < value.items.size(); i++) {
        if (i > 0) out->push_back(',');
        WriteJson(value.items[i], out);
      }
      out->push_back(']');
      break;
    case Kind::kObject:
      out->push_back('{');
      for (size_t i = 0; i < value.members.size(); i++) {
        if (i > 0) out->push_back(',');
        WriteJsonString(value.members[i].first, out);
        out->push_back(':');
        WriteJson(value.members[i].second, out);
      }
      out->push_back('}');
      break;
  }
}

}  // namespace deltic::engine::functions
