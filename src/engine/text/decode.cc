#include "engine/text/decode.h"

#include <simdjson.h>

#include "engine/functions/utf8_text.h"

namespace deltic::engine::text {
namespace {

using functions::AppendCodePoint;

constexpr int32_t kReplacement = 0xFFFD;

int UnitBytes(Encoding e) { return e >= Encoding::kUtf32 ? 4 : 2; }

void AppendBytes(uint32_t value, int count, bool little, std::string* out) {
  for (int i = 0; i < count; i++) out->push_back(static_cast<char>(value >> 8 * (little ? i : count - 1 - i)));
}

}  // namespace

size_t Decoder::Units(std::string_view bytes, std::string* out) {
  const int width = UnitBytes(encoding_);
  size_t i = 0;
  const auto unit = [&](size_t at) {
    uint32_t value = 0;
    for (int b = 0; b < width; b++) {
      const auto byte = static_cast<unsigned char>(bytes[at + static_cast<size_t>(little_ ? width - 1 - b : b)]);
      value = value << 8 | byte;
    }
    return value;
  };
  for (; i + static_cast<size_t>(width) <= bytes.size(); i += static_cast<size_t>(width)) {
    uint32_t c = unit(i);
    if (beginning_) {
      beginning_ = false;
      const bool marked = encoding_ == Encoding::kUtf16 || encoding_ == Encoding::kUtf32;
      const uint32_t swapped = width == 2 ? 0xFFFE : 0xFFFE0000;
      if (marked && c == swapped) little_ = !little_;
      if (c == 0xFEFF || (marked && c == swapped)) continue;
    }
    if (width == 2 && c >= 0xD800 && c < 0xDC00) {
      if (i + 3 >= bytes.size()) break;
      const uint32_t low = unit(i + 2);
      if (low >= 0xDC00 && low < 0xE000) {
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      } else {
        c = kReplacement;
      }
    } else if ((c >= 0xD800 && c < 0xE000) || c > 0x10FFFF) {
      c = kReplacement;
    }
    AppendCodePoint(static_cast<int32_t>(c), out);
  }
  return i;
}

void Decoder::Append(std::string_view bytes, bool last, std::string* out) {
  if (!IsWide(encoding_)) {
    std::string scratch;
    *out += DecodeLine(encoding_, bytes, &scratch);
    return;
  }
  if (beginning_ && rest_.empty()) little_ = encoding_ == Encoding::kUtf16Le || encoding_ == Encoding::kUtf32Le;
  rest_ += bytes;
  rest_.erase(0, Units(rest_, out));
  if (last && !rest_.empty()) {
    AppendCodePoint(kReplacement, out);
    rest_.clear();
  }
}

std::string_view DecodeLine(Encoding encoding, std::string_view bytes, std::string* scratch) {
  if (encoding == Encoding::kUtf8) {
    if (simdjson::validate_utf8(bytes.data(), bytes.size())) return bytes;
    *scratch = functions::Sanitize(bytes);
    return *scratch;
  }
  if (functions::IsAscii(bytes)) return bytes;
  scratch->clear();
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    AppendCodePoint(encoding == Encoding::kAscii && byte >= 0x80 ? kReplacement : byte, scratch);
  }
  return *scratch;
}

std::string Encode(Encoding encoding, std::string_view text) {
  if (encoding == Encoding::kUtf8) return std::string(text);
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<uint32_t>(functions::NextCodePoint(text, &i));
    if (!IsWide(encoding)) {
      const uint32_t most = encoding == Encoding::kLatin1 ? 0xFF : 0x7F;
      out.push_back(c <= most ? static_cast<char>(c) : '?');
      continue;
    }
    const bool little = encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf32Le;
    if (UnitBytes(encoding) == 4) {
      AppendBytes(c, 4, little, &out);
    } else if (c < 0x10000) {
      AppendBytes(c, 2, little, &out);
    } else {
      AppendBytes(0xD800 + ((c - 0x10000) >> 10), 2, little, &out);
      AppendBytes(0xDC00 + ((c - 0x10000) & 0x3FF), 2, little, &out);
    }
  }
  return out;
}

Encoding DetectJsonEncoding(std::string_view head) {
  const auto is = [&](std::string_view bytes) { return head.starts_with(bytes); };
  using std::string_view;
  if (is(string_view("\x00\x00\xFE\xFF", 4)) || is(string_view("\xFF\xFE\x00\x00", 4))) return Encoding::kUtf32;
  if (is("\xFE\xFF") || is("\xFF\xFE")) return Encoding::kUtf16;
  if (head.size() < 4) return Encoding::kUtf8;
  const bool zero[4] = {head[0] == 0, head[1] == 0, head[2] == 0, head[3] == 0};
  if (zero[0] && zero[1] && zero[2] && !zero[3]) return Encoding::kUtf32Be;
  if (!zero[0] && zero[1] && zero[2] && zero[3]) return Encoding::kUtf32Le;
  if (zero[0] && !zero[1]) return Encoding::kUtf16Be;
  if (!zero[0] && zero[1]) return Encoding::kUtf16Le;
  return Encoding::kUtf8;
}

}  // namespace deltic::engine::text
