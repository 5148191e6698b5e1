// Options of Spark's CSV, JSON and text sources and sinks (lower-case names), checked: an option is honoured,
// documented here as accepted without effect, or refused by name. Failures throw. Values; thread-safe.
#pragma once

#include <map>
#include <string>

#include "engine/plan/relation.h"

namespace deltic::engine {

using TextOptionMap = std::map<std::string, std::string>;

enum class MalformedMode { kPermissive, kDropMalformed, kFailFast };

struct TextOptions {
  // CSV
  std::string separator = ",";
  std::string quote = "\"";
  std::string escape = "\\";
  std::string comment;
  std::string null_value;
  std::string empty_value;
  bool has_empty_value = false;
  bool header = false;
  bool infer_schema = false;
  bool ignore_leading_space = false;
  bool ignore_trailing_space = false;
  bool quote_all = false;
  // JSON
  bool ignore_null_fields = true;
  bool primitives_as_string = false;
  // all
  bool multi_line = false;
  bool whole_text = false;
  MalformedMode mode = MalformedMode::kPermissive;
  std::string line_separator = "\n";
  std::string compression;
};

// `writing`: the sink's defaults and options, otherwise the source's.
TextOptions ParseTextOptions(FileFormat format, const TextOptionMap& options, bool writing);

}  // namespace deltic::engine
