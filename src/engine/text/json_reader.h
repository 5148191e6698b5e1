// A JSON text as the stream of tokens that Jackson makes of it, with its leniencies and its habits: the value behind a
// field name is read together with the name unless it is a string, strings are decoded when asked for, and after an
// error reading goes on where it stopped. What Spark keeps of a damaged record follows from these. Nesting is bounded.
// One reader per thread; not thread-safe.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "engine/functions/json_value.h"

namespace deltic::engine::text {

enum class JsonToken : uint8_t {
  kEnd,    // no further token
  kError,  // malformed
  kStartObject,
  kEndObject,
  kStartArray,
  kEndArray,
  kFieldName,
  kString,
  kInteger,
  kFloat,
  kTrue,
  kFalse,
  kNull,
};

class JsonReader {
 public:
  explicit JsonReader(const functions::JsonSyntax& syntax) : syntax_(syntax) {}
  // `text` must outlive the reading; it is UTF-8, `valid_utf8` or not.
  void Reset(std::string_view text);

  JsonToken Next();
  JsonToken current() const { return token_; }
  // Name of the field that the current token belongs to; empty and false inside arrays.
  bool Name(std::string_view* name) const;
  // Decoded text of a string, or a number as written. False: the string is malformed.
  bool Text(std::string_view* text);
  // From a start token to its end; no effect on others. False: malformed.
  bool SkipChildren();
  // Copies the current value, children and all, as Jackson's generator writes it. False: malformed.
  bool Copy(std::string* out);

 private:
  struct Level {
    bool object = false;
    bool first = true;
    std::string_view name;
    std::string name_storage;
  };
  static constexpr size_t kMaxDepth = 1000;  // Jackson's own limits
  static constexpr size_t kMaxNumber = 1000;
  static constexpr size_t kMaxString = 20'000'000;

  bool Space();
  bool SkipComment();
  JsonToken Value();
  JsonToken Word(std::string_view word, JsonToken token);
  JsonToken NonNumeric();
  JsonToken Number();
  bool FieldName();
  bool OddName();
  bool String(char quote, std::string_view* out, std::string* storage);
  bool Escape(char quote, std::string* storage);
  bool Hex4(int32_t* out);
  bool Push(bool object);
  JsonToken Close(bool object);
  JsonToken Fail() { return token_ = JsonToken::kError; }

  const functions::JsonSyntax syntax_;
  std::string_view p_;
  size_t i_ = 0;
  JsonToken token_ = JsonToken::kEnd;
  JsonToken pending_ = JsonToken::kEnd;  // the value behind the current field name
  bool incomplete_ = false;              // a string of which only the quote was read
  std::string_view text_;
  std::string storage_;
  std::deque<Level> levels_;
  size_t depth_ = 0;
};

}  // namespace deltic::engine::text
