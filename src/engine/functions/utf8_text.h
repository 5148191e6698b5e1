// Code points of UTF-8 text as Spark's UTF8String counts them. Invalid bytes count as one character each and
// no function reads past the end. Pure; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace deltic::engine::functions {

// Bytes of the character that starts with `lead`, at least 1.
inline size_t CharBytes(unsigned char lead) {
  if (lead < 0xC0) return 1;
  if (lead < 0xE0) return 2;
  if (lead < 0xF0) return 3;
  return lead < 0xF8 ? 4 : 1;
}
bool IsAscii(std::string_view text);
int32_t CharCount(std::string_view text);
// Byte offset of character `index`, or the text's size when it has fewer.
size_t ByteOffset(std::string_view text, int64_t index);
// Characters [start, until), as UTF8String.substring: a negative start counts as 0.
std::string_view Slice(std::string_view text, int64_t start, int64_t until);
// UTF8String.substringSQL: 1-based, negative from the end, 0 as 1.
std::string_view SubstringSql(std::string_view text, int32_t position, int32_t length);
// Decodes the character at *pos and moves *pos past it.
int32_t NextCodePoint(std::string_view text, size_t* pos);
void AppendCodePoint(int32_t code_point, std::string* out);
std::u32string Decode(std::string_view text);
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);
int32_t UpperCodePoint(int32_t code_point);
int32_t LowerCodePoint(int32_t code_point);
bool IsLetter(int32_t code_point);
bool IsUpperCodePoint(int32_t code_point);
bool IsLowerCodePoint(int32_t code_point);
// Text with every invalid sequence replaced by U+FFFD.
std::string Sanitize(std::string_view text);
bool IsValidUtf8(std::string_view text);

}  // namespace deltic::engine::functions
