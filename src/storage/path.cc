// Path and URI functions of the storage seam. Pure; no I/O.
#include <cctype>
#include <cstdint>

#include "storage/object_store.h"

namespace deltic::storage {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool IsSchemeChar(char c) { return IsLetter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; }

// Collapses runs of '/' and drops a trailing one (but keeps "/").
std::string CollapseSlashes(std::string_view text) {
  if (text.find("//") == std::string_view::npos && (text.size() <= 1 || text.back() != '/')) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '/' && !out.empty() && out.back() == '/') continue;
    out.push_back(c);
  }
  if (out.size() > 1 && out.back() == '/') out.pop_back();
  return out;
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendPercent(std::string* out, unsigned char c) {
  static const char kHex[] = "0123456789ABCDEF";
  out->push_back('%');
  out->push_back(kHex[c >> 4]);
  out->push_back(kHex[c & 15]);
}

// Bytes of the UTF-8 sequence at text[i]; 1 for an invalid one.
size_t SequenceLength(std::string_view text, size_t i) {
  const auto lead = static_cast<unsigned char>(text[i]);
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  return i + length <= text.size() ? length : 1;
}

// Characters that java.net.URI calls "other" are kept; controls and spaces beyond ASCII are not among them.
bool IsJavaOther(std::string_view sequence) {
  uint32_t code = 0;
  if (sequence.size() == 2) {
    code = (static_cast<uint32_t>(sequence[0] & 0x1F) << 6) | (sequence[1] & 0x3F);
  } else if (sequence.size() == 3) {
    code = (static_cast<uint32_t>(sequence[0] & 0x0F) << 12) | (static_cast<uint32_t>(sequence[1] & 0x3F) << 6) |
           (sequence[2] & 0x3F);
  } else {
    return sequence.size() == 4;
  }
  const bool control = code >= 0x80 && code <= 0x9F;
  const bool space = code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
                     code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
  return !control && !space;
}

// What java.net.URI leaves alone in a path: unreserved, punctuation, '@' and '/'.
bool IsPathChar(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("-_.!~*'(),;:$&+=@/").find(c) != std::string_view::npos;
}

}  // namespace

std::string_view SchemeOf(std::string_view path) {
  const size_t colon = path.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  if (!IsLetter(path[0])) return {};
  for (size_t i = 1; i < colon; i++) {
    if (!IsSchemeChar(path[i])) return {};
  }
  return path.substr(0, colon);
}

bool IsAbsolutePath(std::string_view path) {
  if (path.starts_with('/')) return true;
  const std::string_view scheme = SchemeOf(path);
  return !scheme.empty() && path.substr(scheme.size() + 1).starts_with('/');
}

std::string NormalizePath(std::string_view path) {
  const std::string_view scheme = SchemeOf(path);
  if (scheme.empty()) return CollapseSlashes(path);
  const std::string_view rest = path.substr(scheme.size() + 1);
  if (scheme == "file" || scheme == "memory") {
    std::string_view body = rest;
    if (body.starts_with("//")) {  // an authority: empty or a host, which local files do not have
      body.remove_prefix(2);
      const size_t slash = body.find('/');
      body = slash == std::string_view::npos ? std::string_view("/") : body.substr(slash);
    }
    const std::string clean = CollapseSlashes(body);
    return scheme == "file" ? clean : "memory:" + clean;
  }
  if (!rest.starts_with("//")) return std::string(scheme) + ":" + CollapseSlashes(rest);
  std::string body = CollapseSlashes(rest.substr(2));
  return std::string(scheme) + "://" + (body == "/" ? std::string() : body);
}

std::string JoinPath(std::string_view base, std::string_view relative) {
  while (base.size() > 1 && base.ends_with('/')) base.remove_suffix(1);
  while (relative.starts_with('/')) relative.remove_prefix(1);
  std::string out(base);
  if (relative.empty()) return out;
  if (!out.empty() && out.back() != '/') out.push_back('/');
  out.append(relative);
  return out;
}

std::string_view BaseName(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view DirName(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

std::string UriDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = HexValue(text[i + 1]);
      const int low = HexValue(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out.push_back(static_cast<char>(high * 16 + low));
        i += 2;
        continue;
      }
    }
    out.push_back(text[i]);
  }
  return out;
}

std::string UriEncodePath(std::string_view path) {
  std::string out;
  out.reserve(path.size() + 8);
  for (size_t i = 0; i < path.size();) {
    if (static_cast<unsigned char>(path[i]) < 0x80) {
      if (IsPathChar(path[i])) {
        out.push_back(path[i]);
      } else {
        AppendPercent(&out, static_cast<unsigned char>(path[i]));
      }
      i++;
      continue;
    }
    const size_t length = SequenceLength(path, i);
    const std::string_view sequence = path.substr(i, length);
    if (length > 1 && IsJavaOther(sequence)) {
      out.append(sequence);
    } else {
      for (const char c : sequence) AppendPercent(&out, static_cast<unsigned char>(c));
    }
    i += length;
  }
  return out;
}

}  // namespace deltic::storage
