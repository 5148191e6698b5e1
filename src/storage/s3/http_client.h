// One HTTP request and its answer: the seam between the S3 store and the network. The implementation is on libcurl:
// handles and their connections are kept and used again, every wait has a limit, TLS is verified. Thread-safe; a call
// blocks its thread. Nothing here retries, and no text it returns holds a header or a body that was sent.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deltic::storage::s3 {

struct HttpRequest {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view body;  // borrowed until Send returns
  // When set, the body of a 2xx answer is written here instead of into HttpResponse::body. A longer body than
  // `sink_capacity` fails the request.
  char* sink = nullptr;
  int64_t sink_capacity = 0;
};

struct HttpResponse {
  enum class Failure : uint8_t {
    kNone,
    kNotSent,    // no connection: the server has not seen the request
    kAmbiguous,  // broke off or timed out after sending began: the server may have done it
    kRefused,    // cannot work however often it is tried: TLS verification, malformed URL
  };
  int status = 0;  // 0 unless failure is kNone
  Failure failure = Failure::kNone;
  std::string failure_text;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  int64_t sink_bytes = 0;

  // Value of a header (lower-case name), empty when absent.
  std::string_view Header(std::string_view name) const;
};

struct HttpOptions {
  int64_t connect_timeout_ms = 5'000;
  int64_t idle_timeout_ms = 200'000;    // without a byte moving
  int64_t request_timeout_ms = 0;       // the whole request; 0: no limit
  int max_connections = 96;             // at once; more requests wait
  int64_t max_body_bytes = 64LL << 20;  // of an answer that does not go to a sink
  std::string proxy;                    // "http://host:port" or "https://…"; empty: none, whatever the environment says
  std::string proxy_user, proxy_password;
  std::string ca_file;  // PEM; empty: the system's
  bool operator==(const HttpOptions&) const = default;
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  virtual HttpResponse Send(const HttpRequest& request) = 0;
};

std::shared_ptr<HttpClient> NewCurlClient(HttpOptions options);

}  // namespace deltic::storage::s3
