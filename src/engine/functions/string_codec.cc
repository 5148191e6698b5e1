// Texts of bytes: base 64 (MIME, as java.util.Base64 reads it), hex and character sets.
#include <array>

#include "engine/functions/kernel.h"
#include "engine/functions/string_parts.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::functions {
namespace {

using std::string;
using std::string_view;

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int Base64Value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

// The MIME decoder: characters outside the alphabet are skipped. nullopt: malformed padding or a lone character.
std::optional<string> Unbase64(string_view text) {
  string out;
  uint32_t group = 0;
  int have = 0;
  size_t i = 0;
  for (; i < text.size(); i++) {
    if (text[i] == '=') break;
    const int value = Base64Value(text[i]);
    if (value < 0) continue;
    group = group << 6 | static_cast<uint32_t>(value);
    if (++have == 4) {
      out.push_back(static_cast<char>(group >> 16));
      out.push_back(static_cast<char>(group >> 8));
      out.push_back(static_cast<char>(group));
      group = 0;
      have = 0;
    }
  }
  if (i < text.size() && have < 2) return std::nullopt;
  if (i < text.size() && have == 2) {
    size_t next = i + 1;
    while (next < text.size() && text[next] != '=' && Base64Value(text[next]) < 0) next++;
    if (next >= text.size() || text[next] != '=') return std::nullopt;
  }
  if (have == 1) return std::nullopt;
  if (have >= 2) out.push_back(static_cast<char>(group >> (have == 2 ? 4 : 10)));
  if (have == 3) out.push_back(static_cast<char>(group >> 2));
  return out;
}

enum class Charset { kUtf8, kAscii, kLatin1, kUtf16, kUtf16Be, kUtf16Le };

Charset FindCharset(string_view name, const char* function) {
  const string upper = ToUpper(name);
  if (upper == "UTF-8" || upper == "UTF8") return Charset::kUtf8;
  if (upper == "US-ASCII" || upper == "ASCII") return Charset::kAscii;
  if (upper == "ISO-8859-1" || upper == "LATIN1" || upper == "ISO8859_1") return Charset::kLatin1;
  if (upper == "UTF-16") return Charset::kUtf16;
  if (upper == "UTF-16BE") return Charset::kUtf16Be;
  if (upper == "UTF-16LE") return Charset::kUtf16Le;
  ThrowStatus(
      Error("INVALID_PARAMETER_VALUE.CHARSET",
            {{"parameter", "`charset`"}, {"functionName", string("`") + function + "`"}, {"charset", string(name)}}));
}

void AppendUtf16(int32_t c, bool big_endian, string* out) {
  const auto unit = [&](int32_t u) {
    const char high = static_cast<char>(u >> 8);
    const char low = static_cast<char>(u);
    out->push_back(big_endian ? high : low);
    out->push_back(big_endian ? low : high);
  };
  if (c < 0x10000) {
    unit(c);
  } else {
    unit(0xD800 + ((c - 0x10000) >> 10));
    unit(0xDC00 + ((c - 0x10000) & 0x3FF));
  }
}

string Encode(string_view text, string_view charset_name) {
  const Charset charset = FindCharset(charset_name, "encode");
  if (charset == Charset::kUtf8) return string(text);
  string out;
  if (charset == Charset::kUtf16) out = "\xFE\xFF";
  for (size_t i = 0; i < text.size();) {
    const int32_t c = NextCodePoint(text, &i);
    switch (charset) {
      case Charset::kAscii: out.push_back(c < 0x80 ? static_cast<char>(c) : '?'); break;
      case Charset::kLatin1: out.push_back(c < 0x100 ? static_cast<char>(c) : '?'); break;
      default: AppendUtf16(c, charset != Charset::kUtf16Le, &out); break;
    }
  }
  if (charset == Charset::kUtf16 && text.empty()) out.clear();
  return out;
}

string DecodeUtf16(string_view bytes, bool big_endian) {
  string out;
  const auto unit = [&](size_t i) {
    const auto a = static_cast<unsigned char>(bytes[i]);
    const auto b = static_cast<unsigned char>(bytes[i + 1]);
    return big_endian ? a << 8 | b : b << 8 | a;
  };
  size_t i = 0;
  for (; i + 1 < bytes.size(); i += 2) {
    int32_t c = unit(i);
    if (c >= 0xD800 && c < 0xDC00 && i + 3 < bytes.size()) {
      const int32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    AppendCodePoint(c >= 0xD800 && c < 0xE000 ? 0xFFFD : c, &out);
  }
  if (i < bytes.size()) AppendCodePoint(0xFFFD, &out);
  return out;
}

string DecodeBytes(string_view bytes, string_view charset_name) {
  const Charset charset = FindCharset(charset_name, "decode");
  string out;
  switch (charset) {
    case Charset::kUtf8: return Sanitize(bytes);
    case Charset::kUtf16Be: return DecodeUtf16(bytes, true);
    case Charset::kUtf16Le: return DecodeUtf16(bytes, false);
    case Charset::kUtf16:
      if (bytes.starts_with("\xFF\xFE")) return DecodeUtf16(bytes.substr(2), false);
      return DecodeUtf16(bytes.starts_with("\xFE\xFF") ? bytes.substr(2) : bytes, true);
    default: break;
  }
  for (const char byte : bytes) {
    const auto c = static_cast<unsigned char>(byte);
    AppendCodePoint(charset == Charset::kAscii && c >= 0x80 ? 0xFFFD : c, &out);
  }
  return out;
}

std::optional<string> Unhex(string_view text) {
  string out;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  size_t i = 0;
  if (text.size() % 2 == 1) {
    const int low = digit(text[0]);
    if (low < 0) return std::nullopt;
    out.push_back(static_cast<char>(low));
    i = 1;
  }
  for (; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

string HexOf(string_view bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  string out;
  for (const char byte : bytes) {
    out.push_back(kDigits[static_cast<unsigned char>(byte) >> 4]);
    out.push_back(kDigits[static_cast<unsigned char>(byte) & 15]);
  }
  return out;
}

std::optional<BytesOut> ToBinary(string_view text, string_view format, bool attempt) {
  const string lower = ToLower(format);
  std::optional<string> bytes;
  if (lower == "hex")
    bytes = Unhex(text);
  else if (lower == "base64")
    bytes = Unbase64(text);
  else
    bytes = string(text);
  if (bytes.has_value()) return BytesOut{*bytes};
  if (!attempt) {
    ThrowStatus(Error("CONVERSION_INVALID_INPUT", {{"str", "'" + string(text) + "'"},
                                                   {"fmt", "'" + ToUpper(format) + "'"},
                                                   {"targetType", "\"BINARY\""},
                                                   {"suggestion", "`try_to_binary`"}}));
  }
  return std::nullopt;
}

}  // namespace

std::string Base64(std::string_view bytes) {
  string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    const size_t n = std::min<size_t>(3, bytes.size() - i);
    for (size_t k = 0; k < 3; k++) {
      group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0);
    }
    for (size_t k = 0; k < 4; k++) out.push_back(k <= n ? kAlphabet[group >> (18 - 6 * k) & 63] : '=');
  }
  return out;
}

void RegisterStringCodecKernels(KernelSink& sink) {
  Add(sink, "spark_base64", [](Bytes b) {  // in MIME lines of 76 characters
    const string text = Base64(b.v);
    constexpr size_t kLine = 76;
    string lines = text.substr(0, kLine);
    lines.reserve(text.size() + text.size() / kLine * 2);
    for (size_t at = kLine; at < text.size(); at += kLine) lines.append("\r\n").append(text, at, kLine);
    return lines;
  });
  Add(sink, "spark_unbase64", [](string_view s) {
    auto bytes = Unbase64(s);
    if (!bytes.has_value()) {
      ThrowStatus(Error("CONVERSION_INVALID_INPUT", {{"str", "'" + string(s) + "'"},
                                                     {"fmt", "'BASE64'"},
                                                     {"targetType", "\"BINARY\""},
                                                     {"suggestion", "`try_to_binary`"}}));
    }
    return BytesOut{std::move(*bytes)};
  });
  Add(sink, "spark_encode", [](string_view s, string_view charset) { return BytesOut{Encode(s, charset)}; });
  Add(sink, "spark_decode", [](Bytes b, string_view charset) { return DecodeBytes(b.v, charset); });
  Add(sink, "spark_hex_binary", [](Bytes b) { return HexOf(b.v); });
  Add(sink, "spark_to_binary",
      [](string_view s, std::optional<string_view> format, bool attempt) -> std::optional<BytesOut> {
        return format.has_value() ? ToBinary(s, *format, attempt) : std::nullopt;
      });
}

}  // namespace deltic::engine::functions
