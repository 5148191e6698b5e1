#include "engine/text/json_reader.h"

#include <charconv>
#include <cmath>

#include "engine/functions/utf8_text.h"

namespace deltic::engine::text {
namespace {

using std::string;
using std::string_view;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNamePart(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

double ToDouble(string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc::result_out_of_range) return value;
  const bool tiny = text.find("e-") != string_view::npos || text.find("E-") != string_view::npos;
  const double magnitude = tiny ? 0.0 : HUGE_VAL;
  return text.starts_with('-') ? -magnitude : magnitude;
}

}  // namespace

void JsonReader::Reset(string_view text) {
  p_ = text;
  i_ = 0;
  token_ = pending_ = JsonToken::kEnd;
  incomplete_ = false;
  depth_ = 0;
}

bool JsonReader::Name(string_view* name) const {
  // A start token belongs to the level around it.
  const bool start = token_ == JsonToken::kStartObject || token_ == JsonToken::kStartArray;
  const size_t level = start ? depth_ - 1 : depth_;
  if (level == 0 || !levels_[level - 1].object) return false;
  *name = levels_[level - 1].name;
  return true;
}

bool JsonReader::SkipComment() {
  if (p_.substr(i_, 2) == "//") {
    i_ = std::min(p_.find_first_of("\r\n", i_), p_.size());
    return true;
  }
  if (p_.substr(i_, 2) != "/*") return false;
  const size_t end = p_.find("*/", i_ + 2);
  i_ = end == string_view::npos ? p_.size() : end + 2;
  return true;
}

// False: the text ends.
bool JsonReader::Space() {
  while (true) {
    while (i_ < p_.size() && (p_[i_] == ' ' || p_[i_] == '\t' || p_[i_] == '\n' || p_[i_] == '\r')) i_++;
    if (i_ >= p_.size()) return false;
    if (p_[i_] != '/' || !syntax_.comments || !SkipComment()) return true;
  }
}

bool JsonReader::Push(bool object) {
  if (depth_ >= kMaxDepth) return false;
  if (levels_.size() == depth_) levels_.emplace_back();
  Level& level = levels_[depth_++];
  level.object = object;
  level.first = true;
  level.name = {};
  return true;
}

JsonToken JsonReader::Close(bool object) {
  if (depth_ == 0 || levels_[depth_ - 1].object != object) return Fail();
  depth_--;
  return token_ = object ? JsonToken::kEndObject : JsonToken::kEndArray;
}

JsonToken JsonReader::Next() {
  if (incomplete_) {
    incomplete_ = false;
    if (!String('"', &text_, &storage_)) return Fail();
  }
  if (pending_ != JsonToken::kEnd) {
    token_ = pending_;
    pending_ = JsonToken::kEnd;
    const bool start = token_ == JsonToken::kStartObject || token_ == JsonToken::kStartArray;
    if (start && !Push(token_ == JsonToken::kStartObject)) return Fail();
    incomplete_ = token_ == JsonToken::kString && text_.data() == nullptr;
    return token_;
  }
  if (!Space()) {
    if (depth_ > 0) return Fail();
    return token_ = JsonToken::kEnd;
  }
  if (p_[i_] == ']' || p_[i_] == '}') {
    const bool object = p_[i_++] == '}';
    return Close(object);
  }
  if (depth_ > 0 && !levels_[depth_ - 1].first) {
    if (p_[i_] != ',') {
      i_++;
      return Fail();
    }
    i_++;
    if (!Space()) return Fail();
  }
  if (depth_ > 0) levels_[depth_ - 1].first = false;
  if (depth_ > 0 && levels_[depth_ - 1].object) {
    if (!FieldName()) return Fail();
    const JsonToken value = Value();
    if (value == JsonToken::kError) return Fail();
    pending_ = value;
    return token_ = JsonToken::kFieldName;
  }
  token_ = Value();
  const bool start = token_ == JsonToken::kStartObject || token_ == JsonToken::kStartArray;
  if (start && !Push(token_ == JsonToken::kStartObject)) return Fail();
  incomplete_ = token_ == JsonToken::kString && text_.data() == nullptr;
  return token_;
}

bool JsonReader::FieldName() {
  Level& level = levels_[depth_ - 1];
  const char c = p_[i_];
  if (c == '"' || (c == '\'' && syntax_.single_quotes)) {
    i_++;
    if (!String(c, &level.name, &level.name_storage)) return false;
  } else if (!OddName()) {
    return false;
  }
  if (!Space() || p_[i_] != ':') {
    if (i_ < p_.size()) i_++;
    return false;
  }
  i_++;
  return Space();
}

bool JsonReader::OddName() {
  const size_t start = i_;
  if (!syntax_.unquoted_names || IsDigit(p_[i_]) || !IsNamePart(p_[i_])) {
    i_++;
    return false;
  }
  while (i_ < p_.size() && IsNamePart(p_[i_])) i_++;
  levels_[depth_ - 1].name = p_.substr(start, i_ - start);
  return true;
}

// The value at hand; a string in double quotes is only begun, its text_ null.
JsonToken JsonReader::Value() {
  switch (p_[i_]) {
    case '{': i_++; return JsonToken::kStartObject;
    case '[': i_++; return JsonToken::kStartArray;
    case '"':
      i_++;
      text_ = {};
      return JsonToken::kString;
    case '\'':
      i_++;
      if (!syntax_.single_quotes) return JsonToken::kError;
      return String('\'', &text_, &storage_) ? JsonToken::kString : JsonToken::kError;
    case 't': return Word("true", JsonToken::kTrue);
    case 'f': return Word("false", JsonToken::kFalse);
    case 'n': return Word("null", JsonToken::kNull);
    case 'N':
    case 'I': return NonNumeric();
    default: return Number();
  }
}

JsonToken JsonReader::Word(string_view word, JsonToken token) {
  const size_t start = i_;
  for (const char c : word) {
    if (i_ < p_.size() && p_[i_] == c) {
      i_++;
      continue;
    }
    while (i_ < p_.size() && IsNamePart(p_[i_])) i_++;
    if (i_ == start) i_++;
    return JsonToken::kError;
  }
  if (i_ < p_.size() && IsNamePart(p_[i_])) {
    while (i_ < p_.size() && IsNamePart(p_[i_])) i_++;
    return JsonToken::kError;
  }
  text_ = p_.substr(start, word.size());
  return token;
}

JsonToken JsonReader::NonNumeric() {
  const size_t sign = p_[i_] == '-' || p_[i_] == '+' ? 1 : 0;
  for (string_view word : {"NaN", "Infinity", "INF"}) {
    if (p_.substr(i_ + sign, word.size()) != word) continue;
    if (word == "INF" && sign == 0) continue;
    if (word == "NaN" && sign == 1) continue;
    const size_t start = i_;
    i_ += sign;
    if (Word(word, JsonToken::kFloat) == JsonToken::kError || !syntax_.non_numeric_numbers) return JsonToken::kError;
    text_ = p_.substr(start, sign + word.size());
    return JsonToken::kFloat;
  }
  i_++;
  while (i_ < p_.size() && IsNamePart(p_[i_])) i_++;
  return JsonToken::kError;
}

JsonToken JsonReader::Number() {
  const size_t start = i_;
  if (p_[i_] == '-' || p_[i_] == '+') {
    if (i_ + 1 < p_.size() && (p_[i_ + 1] == 'I' || p_[i_ + 1] == 'N')) return NonNumeric();
    if (p_[i_] == '+') {
      i_++;
      return JsonToken::kError;
    }
    i_++;
  }
  const size_t digits = i_;
  while (i_ < p_.size() && IsDigit(p_[i_])) i_++;
  if (i_ == digits) {
    const size_t word = i_;
    while (i_ < p_.size() && IsNamePart(p_[i_])) i_++;
    if (i_ == word && i_ < p_.size()) i_++;
    return JsonToken::kError;
  }
  size_t first = digits;
  if (p_[digits] == '0' && i_ - digits > 1) {
    if (!syntax_.leading_zeros) {
      i_ = digits + 1;
      return JsonToken::kError;
    }
    while (first + 1 < i_ && p_[first] == '0') first++;
  }
  bool real = false;
  if (i_ < p_.size() && p_[i_] == '.') {
    real = true;
    const size_t fraction = ++i_;
    while (i_ < p_.size() && IsDigit(p_[i_])) i_++;
    if (i_ == fraction) return JsonToken::kError;
  }
  if (i_ < p_.size() && (p_[i_] == 'e' || p_[i_] == 'E')) {
    real = true;
    i_++;
    if (i_ < p_.size() && (p_[i_] == '+' || p_[i_] == '-')) i_++;
    const size_t exponent = i_;
    while (i_ < p_.size() && IsDigit(p_[i_])) i_++;
    if (i_ == exponent) return JsonToken::kError;
  }
  if (i_ - start > kMaxNumber) return JsonToken::kError;
  if (depth_ == 0 && i_ < p_.size() && string_view(" \t\r\n").find(p_[i_]) == string_view::npos)
    return JsonToken::kError;
  if (first == digits) {
    text_ = p_.substr(start, i_ - start);
  } else {
    storage_ = string(p_.substr(start, digits - start)) + string(p_.substr(first, i_ - first));
    text_ = storage_;
  }
  return real ? JsonToken::kFloat : JsonToken::kInteger;
}

bool JsonReader::Hex4(int32_t* out) {
  if (i_ + 4 > p_.size()) {
    i_ = p_.size();
    return false;
  }
  const auto parsed = std::from_chars(p_.data() + i_, p_.data() + i_ + 4, *out, 16);
  if (parsed.ptr != p_.data() + i_ + 4) return false;
  i_ += 4;
  return true;
}

// i_ is behind the backslash.
bool JsonReader::Escape(char quote, string* storage) {
  if (i_ >= p_.size()) return false;
  const char e = p_[i_++];
  switch (e) {
    case 'b': storage->push_back('\b'); return true;
    case 'f': storage->push_back('\f'); return true;
    case 'n': storage->push_back('\n'); return true;
    case 'r': storage->push_back('\r'); return true;
    case 't': storage->push_back('\t'); return true;
    case '"':
    case '\\':
    case '/': storage->push_back(e); return true;
    case 'u': {
      int32_t c = 0;
      if (!Hex4(&c)) return false;
      if (c >= 0xD800 && c < 0xDC00 && p_.substr(i_, 2) == "\\u") {
        const size_t before = i_;
        i_ += 2;
        int32_t low = 0;
        if (!Hex4(&low)) return false;
        if (low >= 0xDC00 && low < 0xE000) {
          c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        } else {
          i_ = before;
        }
      }
      // Half of a pair has no UTF-8: Java writes a question mark.
      if (c >= 0xD800 && c < 0xE000)
        storage->push_back('?');
      else
        functions::AppendCodePoint(c, storage);
      return true;
    }
    case '\'':
      if (quote != '\'' && !syntax_.any_escape) return false;
      storage->push_back(e);
      return true;
    default:
      if (!syntax_.any_escape) return false;
      storage->push_back(e);
      return true;
  }
}

// i_ is behind the opening quote. *out is a view of the text, or of *storage when something is escaped.
bool JsonReader::String(char quote, string_view* out, string* storage) {
  const size_t start = i_;
  bool stored = false;
  size_t copied = start;
  while (i_ < p_.size()) {
    const char c = p_[i_];
    if (c == quote) {
      if (stored) {
        storage->append(p_.substr(copied, i_ - copied));
        *out = *storage;
      } else {
        *out = p_.substr(start, i_ - start);
      }
      i_++;
      return out->size() <= kMaxString;
    }
    if (c == '\\') {
      if (!stored) storage->clear();
      stored = true;
      storage->append(p_.substr(copied, i_ - copied));
      i_++;
      if (!Escape(quote, storage)) return false;
      copied = i_;
      continue;
    }
    i_++;
    if (static_cast<unsigned char>(c) < 0x20 && !syntax_.control_characters) return false;
  }
  return false;
}

bool JsonReader::Text(string_view* text) {
  if (incomplete_) {
    incomplete_ = false;
    if (!String('"', &text_, &storage_)) return false;
    if (text_.data() == nullptr) text_ = "";
  }
  *text = text_;
  return true;
}

bool JsonReader::SkipChildren() {
  if (token_ != JsonToken::kStartObject && token_ != JsonToken::kStartArray) return true;
  const size_t outside = depth_ - 1;
  while (true) {
    const JsonToken token = Next();
    if (token == JsonToken::kError || token == JsonToken::kEnd) return false;
    if (depth_ == outside) return true;
  }
}

bool JsonReader::Copy(string* out) {
  switch (token_) {
    case JsonToken::kStartObject:
    case JsonToken::kStartArray: {
      const bool object = token_ == JsonToken::kStartObject;
      out->push_back(object ? '{' : '[');
      for (bool first = true;; first = false) {
        JsonToken token = Next();
        if (token == JsonToken::kEndObject || token == JsonToken::kEndArray) break;
        if (token == JsonToken::kError || token == JsonToken::kEnd) return false;
        if (!first) out->push_back(',');
        if (object) {
          string_view name;
          Name(&name);
          functions::WriteJsonString(name, out);
          out->push_back(':');
          token = Next();
          if (token == JsonToken::kError) return false;
        }
        if (!Copy(out)) return false;
      }
      out->push_back(object ? '}' : ']');
      return true;
    }
    case JsonToken::kString: {
      string_view text;
      if (!Text(&text)) return false;
      functions::WriteJsonString(text, out);
      return true;
    }
    case JsonToken::kInteger: *out += text_ == "-0" ? string_view("0") : text_; return true;
    case JsonToken::kFloat: {
      const string text(text_);
      const size_t sign = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
      const bool word = text.find_first_of("NI") != string::npos;
      const double value = !word                   ? ToDouble(text)
                           : text[sign] == 'N'     ? std::nan("")
                           : text.starts_with('-') ? -HUGE_VAL
                                                   : HUGE_VAL;
      const string shown = functions::JavaDouble(value);
      if (std::isfinite(value))
        *out += shown;
      else
        functions::WriteJsonString(shown, out);
      return true;
    }
    case JsonToken::kTrue: *out += "true"; return true;
    case JsonToken::kFalse: *out += "false"; return true;
    default: *out += "null"; return true;
  }
}

}  // namespace deltic::engine::text
