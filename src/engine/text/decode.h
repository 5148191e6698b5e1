// Bytes of a text encoding → UTF-8, as Java's charsets decode: what is no character becomes U+FFFD. A decoder keeps the
// bytes of a character that is cut at the end of a call; not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "engine/text/options.h"

namespace deltic::engine::text {

// Characters of two or four bytes: lines cannot be found before decoding.
inline bool IsWide(Encoding e) { return e >= Encoding::kUtf16; }

class Decoder {
 public:
  explicit Decoder(Encoding encoding) : encoding_(encoding) {}
  // Appends to *out; `last`: nothing follows.
  void Append(std::string_view bytes, bool last, std::string* out);

 private:
  size_t Units(std::string_view bytes, std::string* out);
  const Encoding encoding_;
  std::string rest_;
  bool beginning_ = true;
  bool little_ = false;
};

// Encodings of one byte, and UTF-8: the text itself when it is valid, else *scratch.
std::string_view DecodeLine(Encoding encoding, std::string_view bytes, std::string* scratch);
// UTF-8 → the encoding, for writing; characters it lacks become '?'.
std::string Encode(Encoding encoding, std::string_view text);
// What Jackson finds out about a document without a declared encoding.
Encoding DetectJsonEncoding(std::string_view head);

}  // namespace deltic::engine::text
