// A JSON document as Spark's Jackson parser reads it: numbers keep their text (so that no digit is lost), strings
// may use single quotes. Nesting is bounded. Values; thread-compatible.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deltic::engine::functions {

struct JsonValue {
  enum class Kind : unsigned char { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  std::string text;                                        // number: as written; string: decoded
  std::vector<JsonValue> items;                            // array
  std::vector<std::pair<std::string, JsonValue>> members;  // object, in order, duplicates kept

  bool Is(Kind k) const { return kind == k; }
  bool IsInteger() const;  // a number without fraction and exponent
};

// What a parser lets pass beyond RFC 8259: Jackson's features under the names of Spark's options.
struct JsonSyntax {
  bool comments = false;             // allowComments
  bool unquoted_names = false;       // allowUnquotedFieldNames
  bool single_quotes = true;         // allowSingleQuotes
  bool leading_zeros = false;        // allowNumericLeadingZeros
  bool any_escape = false;           // allowBackslashEscapingAnyCharacter
  bool control_characters = false;   // allowUnquotedControlChars
  bool non_numeric_numbers = false;  // allowNonNumericNumbers: NaN, Infinity, … as numbers
};

// One document; nullopt when malformed. Text after it is ignored unless `whole`.
std::optional<JsonValue> ParseJson(std::string_view text, bool whole, const JsonSyntax& syntax = {});
// Compact text as Jackson's generator writes it.
void WriteJson(const JsonValue& value, std::string* out);
void WriteJsonString(std::string_view text, std::string* out);
// A double as Java prints it, for numbers that Jackson re-renders.
std::string JavaDouble(double value);

}  // namespace deltic::engine::functions
