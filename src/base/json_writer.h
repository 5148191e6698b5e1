// A small JSON writer: keys in the order given, numbers exact, no allocation beyond the output string.
// Not thread-safe. The caller is responsible for balanced Begin/End.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deltic {

// Appends `text` as a quoted JSON string; escapes as Jackson does (only ", \ and controls below 0x20).
void AppendJsonString(std::string* out, std::string_view text);
std::string JsonQuote(std::string_view text);

class JsonWriter {
 public:
  JsonWriter& BeginObject();
  JsonWriter& EndObject();
  JsonWriter& BeginArray();
  JsonWriter& EndArray();
  JsonWriter& Key(std::string_view key);
  JsonWriter& String(std::string_view value);
  JsonWriter& Int(int64_t value);
  // Java's Double.toString form (1.0, 1.0E10); NaN and infinities as quoted strings.
  JsonWriter& Double(double value);
  JsonWriter& Bool(bool value);
  JsonWriter& Null();
  // `json` must be one valid JSON value; copied as is.
  JsonWriter& Raw(std::string_view json);

  const std::string& str() const { return out_; }
  std::string Take() { return std::move(out_); }

 private:
  void Separate();
  std::string out_;
  std::vector<bool> first_;
  bool after_key_ = false;
};

// Java's Double.toString / Float.toString: shortest digits that round-trip, E notation outside
// [1e-3, 1e7). "NaN", "Infinity", "-Infinity" for the specials.
std::string JavaDoubleToString(double value);
std::string JavaFloatToString(float value);

}  // namespace deltic
