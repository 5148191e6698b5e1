#include "engine/functions/utf8_text.h"

#include <algorithm>
#include <limits>

namespace duckdb {  // Unicode tables of the engine's library; their header is not installed with it
int utf8proc_toupper(int c);
int utf8proc_tolower(int c);
int utf8proc_category(int c);
}  // namespace duckdb

namespace deltic::engine::functions {
namespace {

constexpr int32_t kReplacement = 0xFFFD;

// Upper case of the characters that become several, as java.lang.String.toUpperCase has it.
std::string_view ExpandedUpper(int32_t c) {
  switch (c) {
    case 0xDF: return "SS";
    case 0x149: return "\u02BCN";
    case 0x1F0: return "J\u030C";
    case 0x390: return "\u0399\u0308\u0301";
    case 0x3B0: return "\u03A5\u0308\u0301";
    case 0x587: return "\u0535\u0552";
    case 0xFB00: return "FF";
    case 0xFB01: return "FI";
    case 0xFB02: return "FL";
    case 0xFB03: return "FFI";
    case 0xFB04: return "FFL";
    case 0xFB05:
    case 0xFB06: return "ST";
    default: return {};
  }
}

bool IsContinuation(unsigned char c) { return (c & 0xC0) == 0x80; }

}  // namespace

bool IsAscii(std::string_view text) {
  unsigned char all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

int32_t CharCount(std::string_view text) {
  int32_t count = 0;
  for (size_t i = 0; i < text.size(); i += CharBytes(static_cast<unsigned char>(text[i]))) count++;
  return count;
}

size_t ByteOffset(std::string_view text, int64_t index) {
  size_t i = 0;
  for (int64_t c = 0; c < index && i < text.size(); c++) i += CharBytes(static_cast<unsigned char>(text[i]));
  return std::min(i, text.size());
}

std::string_view Slice(std::string_view text, int64_t start, int64_t until) {
  if (until <= start) return {};
  const size_t begin = ByteOffset(text, start);
  const auto rest = text.substr(begin);
  return rest.substr(0, ByteOffset(rest, until - std::max<int64_t>(start, 0)));
}

std::string_view SubstringSql(std::string_view text, int32_t position, int32_t length) {
  int64_t start = position > 0 ? int64_t{position} - 1 : 0;
  if (position < 0) start = int64_t{CharCount(text)} + position;
  const int64_t end =
      std::clamp<int64_t>(start + length, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
  return Slice(text, start, end);
}

int32_t NextCodePoint(std::string_view text, size_t* pos) {
  const auto lead = static_cast<unsigned char>(text[*pos]);
  const size_t bytes = CharBytes(lead);
  if (bytes == 1 || *pos + bytes > text.size()) {
    (*pos)++;
    return lead < 0x80 ? lead : kReplacement;
  }
  int32_t value = lead & (0xFF >> (bytes + 1));
  for (size_t i = 1; i < bytes; i++) {
    const auto next = static_cast<unsigned char>(text[*pos + i]);
    if (!IsContinuation(next)) {
      *pos += i;
      return kReplacement;
    }
    value = (value << 6) | (next & 0x3F);
  }
  *pos += bytes;
  return value;
}

void AppendCodePoint(int32_t c, std::string* out) {
  const auto put = [out](int32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

std::u32string Decode(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) out.push_back(static_cast<char32_t>(NextCodePoint(text, &i)));
  return out;
}

int32_t UpperCodePoint(int32_t c) {
  if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
  return duckdb::utf8proc_toupper(c);
}
int32_t LowerCodePoint(int32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  return duckdb::utf8proc_tolower(c);
}
bool IsUpperCodePoint(int32_t c) { return duckdb::utf8proc_category(c) == 1; }
bool IsLowerCodePoint(int32_t c) { return duckdb::utf8proc_category(c) == 2; }
bool IsLetter(int32_t c) {
  const int category = duckdb::utf8proc_category(c);
  return category >= 1 && category <= 5;
}

std::string ToUpper(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      out.push_back(static_cast<char>(UpperCodePoint(byte)));
      i++;
      continue;
    }
    const int32_t c = NextCodePoint(text, &i);
    if (const auto expanded = ExpandedUpper(c); !expanded.empty()) {
      out += expanded;
    } else {
      AppendCodePoint(UpperCodePoint(c), &out);
    }
  }
  return out;
}

std::string ToLower(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  int32_t previous = 0;
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      out.push_back(static_cast<char>(LowerCodePoint(byte)));
      previous = byte;
      i++;
      continue;
    }
    const int32_t c = NextCodePoint(text, &i);
    size_t ahead = i;
    const bool at_end = i >= text.size() || !IsLetter(NextCodePoint(text, &ahead));
    if (c == 0x3A3 && IsLetter(previous) && at_end) {
      out += "\u03C2";  // final sigma
    } else if (c == 0x130) {
      out += "i\u0307";
    } else {
      AppendCodePoint(LowerCodePoint(c), &out);
    }
    previous = c;
  }
  return out;
}

std::string Sanitize(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) AppendCodePoint(NextCodePoint(text, &i), &out);
  return out;
}

bool IsValidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t start = i;
    const int32_t c = NextCodePoint(text, &i);
    if (c == kReplacement && text.substr(start, i - start) != "\xEF\xBF\xBD") return false;
    if ((c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF) return false;
  }
  return true;
}

}  // namespace deltic::engine::functions
