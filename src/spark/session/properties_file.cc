// spark-defaults.conf: the java.util.Properties format.
#include <cstdint>
#include <string>

#include "spark/session/runtime_conf.h"

namespace deltic::spark::session {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

void AppendUtf8(std::string* out, uint32_t code) {
  if (code < 0x80) {
    *out += static_cast<char>(code);
  } else if (code < 0x800) {
    *out += static_cast<char>(0xC0 | (code >> 6));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    *out += static_cast<char>(0xE0 | (code >> 12));
    *out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    *out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Logical lines: comments and blanks dropped, continuations joined, leading blanks of each part removed.
std::vector<std::string> LogicalLines(std::string_view text) {
  std::vector<std::string> out;
  std::string line;
  bool continued = false;
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find_first_of("\r\n", at);
    std::string_view part = text.substr(at, end == text.npos ? text.npos : end - at);
    at = end == text.npos ? text.size() : end + 1;
    if (end != text.npos && text[end] == '\r' && at < text.size() && text[at] == '\n') at++;
    while (!part.empty() && IsBlank(part.front())) part.remove_prefix(1);
    if (!continued && (part.empty() || part[0] == '#' || part[0] == '!')) continue;
    size_t slashes = 0;
    while (slashes < part.size() && part[part.size() - 1 - slashes] == '\\') slashes++;
    continued = slashes % 2 == 1;
    if (continued) part.remove_suffix(1);
    line += part;
    if (!continued) out.push_back(std::move(line)), line.clear();
  }
  if (!line.empty()) out.push_back(std::move(line));
  return out;
}

Result<std::string> Unescape(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    char c = text[++i];
    switch (c) {
      case 't': out += '\t'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 'f': out += '\f'; break;
      case 'u': {
        uint32_t code = 0;
        if (text.size() - i < 5) {
          return IoError(text, "malformed \\uxxxx in a properties file");
        }
        for (int k = 0; k < 4; k++) {
          char h = text[++i];
          int digit = h >= '0' && h <= '9' ? h - '0' : (h | 32) >= 'a' && (h | 32) <= 'f' ? (h | 32) - 'a' + 10 : -1;
          if (digit < 0) return IoError(text, "malformed \\uxxxx in a properties file");
          code = code * 16 + static_cast<uint32_t>(digit);
        }
        AppendUtf8(&out, code);
        break;
      }
      default: out += c;
    }
  }
  return out;
}

}  // namespace

Result<std::map<std::string, std::string>> ParsePropertiesFile(std::string_view text) {
  std::map<std::string, std::string> out;
  for (const std::string& line : LogicalLines(text)) {
    std::string_view view = line;
    size_t key_end = 0;
    while (key_end < view.size() && !IsBlank(view[key_end]) && view[key_end] != '=' && view[key_end] != ':') {
      key_end += view[key_end] == '\\' ? 2 : 1;
    }
    key_end = std::min(key_end, view.size());
    size_t value = key_end;
    while (value < view.size() && IsBlank(view[value])) value++;
    if (value < view.size() && (view[value] == '=' || view[value] == ':')) value++;
    while (value < view.size() && IsBlank(view[value])) value++;
    ASSIGN_OR_RETURN(std::string k, Unescape(view.substr(0, key_end)));
    ASSIGN_OR_RETURN(std::string v, Unescape(view.substr(value)));
    while (!v.empty() && IsBlank(v.back())) v.pop_back();
    if (!k.empty()) out[k] = v;
  }
  return out;
}

}  // namespace deltic::spark::session
