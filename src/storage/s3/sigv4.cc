#include "storage/s3/sigv4.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <ctime>

namespace deltic::storage::s3 {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

std::string Digest(const EVP_MD* kind, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_Digest(bytes.data(), bytes.size(), out, &size, kind, nullptr);
  return {reinterpret_cast<char*>(out), size};
}

std::string Hmac(std::string_view key, std::string_view text) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), out, &size);
  return {reinterpret_cast<char*>(out), size};
}

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const unsigned char c : bytes) {
    out += kDigits[c >> 4];
    out += kDigits[c & 15];
  }
  return out;
}

bool IsUnreserved(unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '~'; }

// Trimmed, runs of spaces made one.
std::string CleanValue(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if ((c == ' ' || c == '\t') && (out.empty() || out.back() == ' ')) continue;
    out += c == '\t' ? ' ' : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace

std::string HexSha256(std::string_view bytes) { return Hex(Digest(EVP_sha256(), bytes)); }

std::string Base64Md5(std::string_view bytes) {
  const std::string digest = Digest(EVP_md5(), bytes);
  unsigned char out[32];
  const int size =
      EVP_EncodeBlock(out, reinterpret_cast<const unsigned char*>(digest.data()), static_cast<int>(digest.size()));
  return {reinterpret_cast<char*>(out), static_cast<size_t>(size)};
}

std::string UriEncode(std::string_view text, bool keep_slash) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + 8);
  for (const unsigned char c : text) {
    if (IsUnreserved(c) || (c == '/' && keep_slash)) {
      out += static_cast<char>(c);
    } else {
      out += '%';
      out += kDigits[c >> 4];
      out += kDigits[c & 15];
    }
  }
  return out;
}

std::string CanonicalQuery(std::vector<std::pair<std::string, std::string>> query) {
  for (auto& [name, value] : query) {
    name = UriEncode(name, false);
    value = UriEncode(value, false);
  }
  std::sort(query.begin(), query.end());
  std::string out;
  for (const auto& [name, value] : query) {
    if (!out.empty()) out += '&';
    out += name + "=" + value;
  }
  return out;
}

std::string AmzDate(int64_t epoch_micros) {
  const auto seconds = static_cast<time_t>(epoch_micros / 1'000'000);
  struct tm utc = {};
  gmtime_r(&seconds, &utc);
  char out[32];
  std::strftime(out, sizeof out, "%Y%m%dT%H%M%SZ", &utc);
  return out;
}

std::string Authorization(const SignableRequest& request, const Credentials& credentials, std::string_view region,
                          std::string_view service, std::string_view amz_date) {
  HeaderPairs headers;
  for (const auto& [name, value] : request.headers) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    headers.emplace_back(std::move(lower), CleanValue(value));
  }
  std::sort(headers.begin(), headers.end());
  std::string canonical = request.method + "\n" + request.path + "\n" + CanonicalQuery(request.query) + "\n";
  std::string signed_names;
  for (const auto& [name, value] : headers) {
    canonical += name + ":" + value + "\n";
    if (!signed_names.empty()) signed_names += ';';
    signed_names += name;
  }
  canonical += "\n" + signed_names + "\n" + request.payload_hash;

  const std::string day(amz_date.substr(0, 8));
  const std::string scope = day + "/" + std::string(region) + "/" + std::string(service) + "/aws4_request";
  std::string to_sign(kAlgorithm);
  to_sign += "\n" + std::string(amz_date) + "\n" + scope + "\n" + HexSha256(canonical);
  const std::string day_key = Hmac("AWS4" + credentials.secret_key, day);
  const std::string key = Hmac(Hmac(Hmac(day_key, region), service), "aws4_request");
  return std::string(kAlgorithm) + " Credential=" + credentials.access_key + "/" + scope +
         ", SignedHeaders=" + signed_names + ", Signature=" + Hex(Hmac(key, to_sign));
}

}  // namespace deltic::storage::s3
