#include "storage/s3/http_client.h"

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "storage/s3/curl_library.h"

namespace deltic::storage::s3 {
namespace {

constexpr long kTransferBufferBytes = 512L << 10;
constexpr size_t kMaxHeaderBytes = 64 << 10;
// A connection that has been idle longer is closed instead of used: servers drop them at about this age.
constexpr long kMaxIdleSeconds = 50;

class HeaderList {
 public:
  HeaderList() = default;
  ~HeaderList() {
    if (list_ != nullptr) Curl()->slist_free_all(list_);
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  void Add(const std::string& line) { list_ = Curl()->slist_append(list_, line.c_str()); }
  curl_slist* get() const { return list_; }

 private:
  curl_slist* list_ = nullptr;
};

// What libcurl's callbacks write to.
struct Transfer {
  const HttpRequest* request;
  HttpResponse* response;
  CURL* handle;
  int64_t max_body_bytes;
  size_t header_bytes = 0;
  bool too_long = false;
};

bool ToSink(Transfer* transfer) {
  if (transfer->request->sink == nullptr) return false;
  long status = 0;
  Curl()->easy_getinfo(transfer->handle, CURLINFO_RESPONSE_CODE, &status);
  return status >= 200 && status < 300;
}

size_t OnBody(char* data, size_t, size_t size, void* user) {
  auto* transfer = static_cast<Transfer*>(user);
  HttpResponse& response = *transfer->response;
  if (ToSink(transfer)) {
    if (response.sink_bytes + static_cast<int64_t>(size) > transfer->request->sink_capacity) {
      transfer->too_long = true;
      return 0;
    }
    std::memcpy(transfer->request->sink + response.sink_bytes, data, size);
    response.sink_bytes += static_cast<int64_t>(size);
    return size;
  }
  if (static_cast<int64_t>(response.body.size() + size) > transfer->max_body_bytes) {
    transfer->too_long = true;
    return 0;
  }
  response.body.append(data, size);
  return size;
}

size_t OnHeader(char* data, size_t, size_t size, void* user) {
  auto* transfer = static_cast<Transfer*>(user);
  transfer->header_bytes += size;
  if (transfer->header_bytes > kMaxHeaderBytes) return 0;
  std::string_view line(data, size);
  if (line.starts_with("HTTP/")) transfer->response->headers.clear();  // an interim answer came before
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  std::string_view value = line.substr(colon + 1);
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!value.empty() && space(value.front())) value.remove_prefix(1);
  while (!value.empty() && space(value.back())) value.remove_suffix(1);
  transfer->response->headers.emplace_back(std::move(name), value);
  return size;
}

HttpResponse::Failure FailureOf(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR: return HttpResponse::Failure::kNotSent;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WRITE_ERROR: return HttpResponse::Failure::kRefused;
    default: return HttpResponse::Failure::kAmbiguous;
  }
}

class CurlClient final : public HttpClient {
 public:
  explicit CurlClient(HttpOptions options) : options_(std::move(options)) {}

  ~CurlClient() override {
    for (CURL* handle : idle_) Curl()->easy_cleanup(handle);
  }

  HttpResponse Send(const HttpRequest& request) override {
    HttpResponse response;
    if (Curl() == nullptr) {
      response.failure = HttpResponse::Failure::kRefused;
      response.failure_text = "S3 needs libcurl (libcurl.so.4), which is not installed here";
      return response;
    }
    CURL* handle = Take();
    if (handle == nullptr) {
      response.failure = HttpResponse::Failure::kRefused;
      response.failure_text = "out of memory for a connection";
      return response;
    }
    Transfer transfer{&request, &response, handle, options_.max_body_bytes};
    HeaderList headers;
    Prepare(&transfer, &headers);
    char error[CURL_ERROR_SIZE] = "";
    Curl()->easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
    const CURLcode code = Curl()->easy_perform(handle);
    if (code == CURLE_OK) {
      long status = 0;
      Curl()->easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
      response.status = static_cast<int>(status);
    } else {
      response.failure = FailureOf(code);
      if (code == CURLE_OPERATION_TIMEDOUT) {
        // Without a connection nothing was sent.
        curl_off_t connected = 0;
        Curl()->easy_getinfo(handle, CURLINFO_CONNECT_TIME_T, &connected);
        if (connected == 0) response.failure = HttpResponse::Failure::kNotSent;
      }
      response.failure_text = transfer.too_long  ? "the answer is longer than expected"
                              : error[0] != '\0' ? error
                                                 : Curl()->easy_strerror(code);
    }
    Give(handle);
    return response;
  }

 private:
  void Prepare(Transfer* transfer, HeaderList* headers) {
    CURL* h = transfer->handle;
    const HttpRequest& request = *transfer->request;
    Curl()->easy_reset(h);  // keeps connections, DNS and TLS sessions
    Curl()->easy_setopt(h, CURLOPT_URL, request.url.c_str());
    Curl()->easy_setopt(h, CURLOPT_PATH_AS_IS, 1L);
    Curl()->easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    Curl()->easy_setopt(h, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    Curl()->easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    Curl()->easy_setopt(h, CURLOPT_TCP_KEEPALIVE, 1L);
    Curl()->easy_setopt(h, CURLOPT_MAXAGE_CONN, kMaxIdleSeconds);
    Curl()->easy_setopt(h, CURLOPT_BUFFERSIZE, kTransferBufferBytes);
    Curl()->easy_setopt(h, CURLOPT_UPLOAD_BUFFERSIZE, kTransferBufferBytes);
    Curl()->easy_setopt(h, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    Curl()->easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout_ms));
    if (options_.idle_timeout_ms > 0) {
      Curl()->easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
      Curl()->easy_setopt(h, CURLOPT_LOW_SPEED_TIME, static_cast<long>((options_.idle_timeout_ms + 999) / 1000));
    }
    if (options_.request_timeout_ms > 0) {
      Curl()->easy_setopt(h, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.request_timeout_ms));
    }
    Curl()->easy_setopt(h, CURLOPT_PROXY, options_.proxy.c_str());
    if (!options_.proxy_user.empty()) {
      Curl()->easy_setopt(h, CURLOPT_PROXYUSERNAME, options_.proxy_user.c_str());
      Curl()->easy_setopt(h, CURLOPT_PROXYPASSWORD, options_.proxy_password.c_str());
    }
    if (!options_.ca_file.empty()) {
      Curl()->easy_setopt(h, CURLOPT_CAINFO, options_.ca_file.c_str());
      Curl()->easy_setopt(h, CURLOPT_PROXY_CAINFO, options_.ca_file.c_str());
    }
    for (const auto& [name, value] : request.headers) headers->Add(name + ": " + value);
    headers->Add("Expect:");
    headers->Add("Accept:");
    if (request.method == "HEAD") {
      Curl()->easy_setopt(h, CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET") {
      Curl()->easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      Curl()->easy_setopt(h, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
      Curl()->easy_setopt(h, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
    Curl()->easy_setopt(h, CURLOPT_HTTPHEADER, headers->get());
    Curl()->easy_setopt(h, CURLOPT_WRITEFUNCTION, OnBody);
    Curl()->easy_setopt(h, CURLOPT_WRITEDATA, transfer);
    Curl()->easy_setopt(h, CURLOPT_HEADERFUNCTION, OnHeader);
    Curl()->easy_setopt(h, CURLOPT_HEADERDATA, transfer);
  }

  CURL* Take() {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return busy_ < std::max(1, options_.max_connections); });
    busy_++;
    if (!idle_.empty()) {
      CURL* handle = idle_.back();  // the one used last has the warmest connection
      idle_.pop_back();
      return handle;
    }
    CURL* handle = Curl()->easy_init();
    if (handle == nullptr) busy_--;
    return handle;
  }

  void Give(CURL* handle) {
    Curl()->easy_setopt(handle, CURLOPT_ERRORBUFFER, nullptr);
    {
      std::lock_guard lock(mutex_);
      busy_--;
      idle_.push_back(handle);
    }
    free_.notify_one();
  }

  const HttpOptions options_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable free_;
  std::vector<CURL*> idle_;
  int busy_ = 0;
};

}  // namespace

std::string_view HttpResponse::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

std::shared_ptr<HttpClient> NewCurlClient(HttpOptions options) {
  return std::make_shared<CurlClient>(std::move(options));
}

}  // namespace deltic::storage::s3
