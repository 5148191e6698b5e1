// URL kernels with the rules of java.net.URI and URLEncoder.
#include "engine/functions/kernel.h"
#include "engine/functions/register.h"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {
namespace {

using std::string;
using std::string_view;

bool IsAlnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

string UrlEncode(string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  string out;
  for (const char c : text) {
    if (IsAlnum(c) || c == '.' || c == '-' || c == '*' || c == '_') {
      out.push_back(c);
    } else if (c == ' ') {
      out.push_back('+');
    } else {
      out.push_back('%');
      out.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
      out.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
    }
  }
  return out;
}

// nullopt: a % without two digits after it.
std::optional<string> UrlDecode(string_view text) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  string out;
  for (size_t i = 0; i < text.size(); i++) {
    if (text[i] == '+') {
      out.push_back(' ');
    } else if (text[i] != '%') {
      out.push_back(text[i]);
    } else {
      const int high = i + 1 < text.size() ? digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high << 4 | low));
      i += 2;
    }
  }
  return out;
}

struct Url {
  string_view scheme, authority, path, query, fragment;
  bool has_authority = false, has_query = false, has_fragment = false;
};

// Splits by RFC 3986; nullopt for characters java.net.URI refuses.
std::optional<Url> SplitUrl(string_view text) {
  for (size_t i = 0; i < text.size(); i++) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c <= ' ' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`' || c == '{' || c == '|' ||
        c == '}' || c == 0x7F) {
      return std::nullopt;
    }
  }
  Url url;
  if (const size_t hash = text.find('#'); hash != string_view::npos) {
    url.fragment = text.substr(hash + 1);
    url.has_fragment = true;
    text = text.substr(0, hash);
  }
  const size_t colon = text.find_first_of(":/?");
  if (colon != string_view::npos && colon > 0 && text[colon] == ':') {
    url.scheme = text.substr(0, colon);
    text = text.substr(colon + 1);
  }
  if (const size_t question = text.find('?'); question != string_view::npos) {
    url.query = text.substr(question + 1);
    url.has_query = true;
    text = text.substr(0, question);
  }
  if (text.starts_with("//")) {
    const size_t slash = text.find('/', 2);
    url.authority = text.substr(2, slash == string_view::npos ? slash : slash - 2);
    url.has_authority = !url.authority.empty();
    text = slash == string_view::npos ? string_view() : text.substr(slash);
  }
  url.path = text;
  return url;
}

std::optional<string> QueryValue(const Url& url, string_view key) {
  if (!url.has_query) return std::nullopt;
  string_view rest = url.query;
  while (true) {
    const size_t end = rest.find('&');
    const string_view pair = rest.substr(0, end);
    if (pair.size() > key.size() && pair.starts_with(key) && pair[key.size()] == '=') {
      return string(pair.substr(key.size() + 1));
    }
    if (end == string_view::npos) return std::nullopt;
    rest = rest.substr(end + 1);
  }
}

std::optional<string> ParseUrl(string_view text, string_view part, std::optional<string_view> key, bool ansi) {
  const auto url = SplitUrl(text);
  if (!url.has_value()) {
    if (ansi) {
      ThrowStatus(Error("INVALID_URL", {{"url", string(text)}, {"ansiConfig", "\"spark.sql.ansi.enabled\""}}));
    }
    return std::nullopt;
  }
  if (key.has_value()) return part == "QUERY" ? QueryValue(*url, *key) : std::nullopt;
  const size_t at = url->authority.rfind('@');
  string_view host = at == string_view::npos ? url->authority : url->authority.substr(at + 1);
  const size_t port = host.rfind(':');
  if (port != string_view::npos && host.find(']', port) == string_view::npos) host = host.substr(0, port);
  const auto optional = [](bool has, string_view value) { return has ? std::optional(string(value)) : std::nullopt; };
  if (part == "HOST") return optional(url->has_authority && !host.empty(), host);
  if (part == "PATH") return string(url->path);
  if (part == "QUERY") return optional(url->has_query, url->query);
  if (part == "REF") return optional(url->has_fragment, url->fragment);
  if (part == "PROTOCOL") return optional(!url->scheme.empty(), url->scheme);
  if (part == "FILE") {
    return string(url->path) + (url->has_query ? "?" + string(url->query) : string());
  }
  if (part == "AUTHORITY") return optional(url->has_authority, url->authority);
  if (part == "USERINFO") return optional(at != string_view::npos, url->authority.substr(0, at));
  return std::nullopt;
}

}  // namespace

void RegisterUrlKernels(duckdb::ExtensionLoader& sink) {
  Add(sink, "spark_url_encode", [](string_view s) { return UrlEncode(s); });
  Add(sink, "spark_url_decode", [](string_view s) {
    auto text = UrlDecode(s);
    if (!text.has_value()) ThrowStatus(Error("CANNOT_DECODE_URL", {{"url", string(s)}}));
    return std::move(*text);
  });
  Add(sink, "spark_try_url_decode", [](string_view s) { return UrlDecode(s); });
  Add(sink, "spark_parse_url",
      [](string_view url, string_view part, bool ansi) { return ParseUrl(url, part, std::nullopt, ansi); });
  Add(sink, "spark_parse_url_key",
      [](string_view url, string_view part, string_view key, bool ansi) { return ParseUrl(url, part, key, ansi); });
}

}  // namespace deltic::engine::functions
