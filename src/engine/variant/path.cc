#include "engine/variant/path.h"

#include <charconv>

namespace deltic::engine::variant {
namespace {

// ['…'] or ["…"] behind its bracket; moves past it.
bool QuotedKey(std::string_view* rest, PathSegment* out) {
  const char quote = rest->front();
  const size_t end = rest->find(quote, 1);
  if (end == std::string_view::npos || rest->substr(end + 1, 1) != "]") return false;
  out->is_key = true;
  out->key = rest->substr(1, end - 1);
  rest->remove_prefix(end + 2);
  return true;
}

bool Index(std::string_view* rest, PathSegment* out) {
  const size_t end = rest->find_first_not_of("0123456789");
  if (end == 0 || end == std::string_view::npos || (*rest)[end] != ']') return false;
  int32_t index = 0;  // Java's int
  if (std::from_chars(rest->data(), rest->data() + end, index).ec != std::errc()) return false;
  out->index = static_cast<size_t>(index);
  rest->remove_prefix(end + 1);
  return true;
}

bool Segment(std::string_view* rest, PathSegment* out) {
  const char first = rest->front();
  rest->remove_prefix(1);
  if (first == '.') {
    const size_t end = std::min(rest->find_first_of(".["), rest->size());
    out->is_key = true;
    out->key = rest->substr(0, end);
    rest->remove_prefix(end);
    return end > 0;
  }
  if (first != '[' || rest->empty()) return false;
  return rest->front() == '\'' || rest->front() == '"' ? QuotedKey(rest, out) : Index(rest, out);
}

}  // namespace

std::optional<Path> ParsePath(std::string_view text) {
  if (!text.starts_with('$')) return std::nullopt;
  text.remove_prefix(1);
  Path path;
  while (!text.empty()) {
    if (!Segment(&text, &path.emplace_back())) return std::nullopt;
  }
  return path;
}

std::optional<VariantView> Follow(const VariantView& root, const Path& path) {
  VariantView at = root;
  for (const PathSegment& segment : path) {
    const Kind kind = at.kind();
    if (segment.is_key) {
      const auto found = kind == Kind::kObject ? at.Find(segment.key) : std::nullopt;
      if (!found) return std::nullopt;
      at = *found;
    } else {
      if (kind != Kind::kArray || segment.index >= at.size()) return std::nullopt;
      at = at.Element(segment.index);
    }
  }
  return at;
}

}  // namespace deltic::engine::variant
