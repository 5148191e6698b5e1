// AWS Signature Version 4 (docs.aws.amazon.com › "Signature Version 4 signing process"): the headers that prove a
// request. Pure functions; the caller gives the time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deltic::storage::s3 {

// What signs a request. Never logged, never part of an error.
struct Credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // empty: long-term credentials
  bool operator==(const Credentials&) const = default;
};

using HeaderPairs = std::vector<std::pair<std::string, std::string>>;

struct SignableRequest {
  std::string method;
  std::string path;                                        // encoded as it goes over the wire, starts with '/'
  std::vector<std::pair<std::string, std::string>> query;  // decoded
  HeaderPairs headers;                                     // all are signed; must have host
  std::string payload_hash;                                // hex SHA-256, or UNSIGNED-PAYLOAD
};

inline constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

// "20130524T000000Z"
std::string AmzDate(int64_t epoch_micros);
// The Authorization header's value. `amz_date` must be among the headers as x-amz-date.
std::string Authorization(const SignableRequest& request, const Credentials& credentials, std::string_view region,
                          std::string_view service, std::string_view amz_date);
std::string HexSha256(std::string_view bytes);
// Base64 of the MD5, for Content-MD5.
std::string Base64Md5(std::string_view bytes);
// RFC 3986 percent encoding of all but unreserved characters; '/' is kept when `keep_slash`.
std::string UriEncode(std::string_view text, bool keep_slash);
// name=value&…, encoded and sorted.
std::string CanonicalQuery(std::vector<std::pair<std::string, std::string>> query);

}  // namespace deltic::storage::s3
