#include "storage/s3/s3_client.h"

#include <algorithm>
#include <charconv>

#include "storage/request_threads.h"
#include "storage/s3/path_login.h"
#include "storage/s3/role_credentials.h"

namespace deltic::storage::s3 {
namespace {

constexpr size_t kMaxShownMessage = 300;
constexpr size_t kMaxRegion = 40;
constexpr int kOk = 200, kMoved = 301, kMovedForNow = 307, kBadRequest = 400, kForbidden = 403, kNotFound = 404,
              kRequestTimeout = 408, kConflict = 409, kPartial = 206, kPreconditionFailed = 412,
              kRangeNotSatisfiable = 416, kTooManyRequests = 429, kServerError = 500, kNotImplemented = 501,
              kInsufficientStorage = 507;

Status Missing(const Location& at) {
  return Error("PATH_NOT_FOUND", {{"path", at.path}}, "Path does not exist: " + at.path);
}

// Amazon's own S3, which is known to look at conditions.
bool IsAws(const BucketOptions& bucket) {
  return bucket.endpoint.empty() || bucket.endpoint.find(".amazonaws.com") != std::string::npos;
}

// scheme and host[:port] of an endpoint.
std::pair<std::string, std::string> SplitEndpoint(const std::string& endpoint) {
  const size_t end = endpoint.find("://");
  if (end == std::string::npos) return {"https", endpoint};
  return {endpoint.substr(0, end), endpoint.substr(end + 3)};
}

// An address, localhost or a bare name: there is no DNS for buckets below it.
bool IsPlainHost(std::string_view host) {
  const std::string_view name = host.substr(0, host.starts_with('[') ? host.size() : host.find(':'));
  if (name.starts_with('[') || name.find('.') == std::string_view::npos) return true;
  return name.find_first_not_of("0123456789.") == std::string_view::npos;
}

struct Url {
  std::string base;  // scheme://host
  std::string host;
  std::string path;  // encoded
};

Url UrlOf(const Location& at, const BucketOptions& bucket) {
  std::string endpoint = bucket.endpoint;
  if (endpoint.empty()) {
    endpoint = "https://s3." + bucket.region + ".amazonaws.com" + (bucket.region.starts_with("cn-") ? ".cn" : "");
  }
  auto [scheme, host] = SplitEndpoint(endpoint);
  std::string prefix;
  if (const size_t slash = host.find('/'); slash != std::string::npos) {
    prefix = host.substr(slash);
    host.resize(slash);
    while (prefix.ends_with('/')) prefix.pop_back();
  }
  const std::string_view default_port = scheme == "http" ? ":80" : ":443";
  if (host.ends_with(default_port)) host.resize(host.size() - default_port.size());
  const bool dotted = scheme == "https" && at.bucket.find('.') != std::string::npos;  // no certificate fits such a name
  Url url;
  if (bucket.path_style || dotted || IsPlainHost(host)) {
    url.host = host;
    url.path = prefix + "/" + UriEncode(at.bucket, false);
    if (!at.key.empty()) url.path += "/" + UriEncode(at.key, true);
  } else {
    url.host = at.bucket + "." + host;
    url.path = prefix + "/" + UriEncode(at.key, true);
  }
  url.base = scheme + "://" + url.host;
  return url;
}

bool MayPass(int status, const S3Error& error) {
  if (status == kRequestTimeout || status == kTooManyRequests) return true;
  if (status >= kServerError && status != kNotImplemented && status != kInsufficientStorage) return true;
  if (status == kBadRequest) return error.code == "RequestTimeout";
  // Another request for the same key is under way.
  if (status == kConflict) return error.code == "ConditionalRequestConflict" || error.code == "OperationAborted";
  return false;
}

int64_t RetryAfterMs(const HttpResponse& http) {
  const std::string_view text = http.Header("retry-after");
  int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::clamp<int64_t>(seconds, 0, 3600) * 1000;
}

// "bytes 5-9/100" is the five bytes from 5.
bool IsRange(std::string_view text, int64_t offset, int64_t length) {
  return text.starts_with("bytes " + std::to_string(offset) + "-" + std::to_string(offset + length - 1) + "/");
}

// What a user can do about an error code.
std::string Advice(int status, const S3Error& error, const BucketOptions& bucket) {
  if (error.code == "NoSuchBucket") return "The bucket does not exist";
  if (error.code == "InvalidAccessKeyId") return "The server does not know the access key";
  if (error.code == "SignatureDoesNotMatch") return "The secret key does not fit the access key";
  if (error.code == "ExpiredToken" || error.code == "TokenRefreshRequired" || error.code == "ExpiredTokenException") {
    return "The session token has expired";
  }
  if (error.code == "InvalidToken" || error.code == "InvalidTokenId") return "The session token is not valid";
  if (error.code == "RequestTimeTooSkewed") return "The clocks of this machine and the server differ too much";
  if (status == 301 || status == 307 || error.code == "AuthorizationHeaderMalformed" ||
      error.code == "PermanentRedirect") {
    std::string text = "The bucket is not in region " + bucket.region;
    if (!error.region.empty()) text += " but in " + error.region;
    if (!error.endpoint.empty()) text += "; it is served by " + error.endpoint;
    return text + " (fs.s3a.endpoint, fs.s3a.endpoint.region)";
  }
  if (status == kForbidden) return "Access is denied";
  if (status == kTooManyRequests || error.code == "SlowDown") return "The server asks to slow down";
  if (status == kInsufficientStorage) return "The server's storage is full";
  if (status == kNotImplemented) return "The server cannot do this";
  if (status >= kServerError) return "The server failed";
  return "The server refused the request";
}

}  // namespace

Result<Location> ParseLocation(std::string_view path) {
  const std::string_view scheme = SchemeOf(path);
  const std::string_view rest = path.substr(std::min(path.size(), scheme.size() + 1));
  if ((scheme != "s3a" && scheme != "s3" && scheme != "s3n") || !rest.starts_with("//")) {
    return IoError(path, "is not a path of an S3 bucket");
  }
  RETURN_IF_ERROR(RefuseLogin(path));
  const std::string_view body = rest.substr(2);
  const size_t slash = std::min(body.find('/'), body.size());
  Location at;
  at.bucket = body.substr(0, slash);
  at.key = body.substr(std::min(slash + 1, body.size()));
  at.path = path;
  if (at.bucket.empty()) return IoError(path, "names no bucket");
  if (at.bucket.find_first_of("@?#%:[]\\ \t\r\n") != std::string::npos) return IoError(path, "is no bucket name");
  return at;
}

S3Client::S3Client(BucketOptions options, Seams seams) : options_(std::move(options)), seams_(std::move(seams)) {
  if (seams_.http == nullptr) seams_.http = NewCurlClient(options_.http);
  if (seams_.clock == nullptr) seams_.clock = Clock::System();
  if (seams_.random == nullptr) seams_.random = Random::System();
  if (seams_.pause == nullptr) seams_.pause = Pause::System();
}

HttpResponse S3Client::SendOnce(const Location& at, const BucketOptions& bucket, const Call& call) {
  const Url url = UrlOf(at, bucket);
  SignableRequest request{call.method, url.path, call.query, call.headers, ""};
  for (const auto& header : bucket.request_headers) request.headers.push_back(header);
  if (!bucket.anonymous) {
    const std::string date = AmzDate(seams_.clock->NowMicros());
    const bool hashed = call.signed_payload || url.base.starts_with("http://");
    request.payload_hash = hashed ? HexSha256(call.body) : std::string(kUnsignedPayload);
    request.headers.emplace_back("host", url.host);
    request.headers.emplace_back("x-amz-date", date);
    request.headers.emplace_back("x-amz-content-sha256", request.payload_hash);
    if (!bucket.credentials.session_token.empty()) {
      request.headers.emplace_back("x-amz-security-token", bucket.credentials.session_token);
    }
    std::string authorization = Authorization(request, bucket.credentials, bucket.region, "s3", date);
    request.headers.emplace_back("authorization", std::move(authorization));
  }
  HttpRequest http;
  http.method = call.method;
  http.url = url.base + url.path;
  if (!call.query.empty()) http.url += "?" + CanonicalQuery(call.query);
  http.headers = std::move(request.headers);
  if (call.method == "PUT" || call.method == "POST")
    http.headers.emplace_back("content-type", "application/octet-stream");
  http.body = call.body;
  http.sink = call.sink;
  http.sink_capacity = call.sink_capacity;
  return seams_.http->Send(http);
}

BucketOptions S3Client::OptionsOf(const std::string& bucket) {
  BucketOptions out = options_;
  if (!out.region_is_guess) return out;
  std::lock_guard lock(mutex_);
  const auto known = regions_.find(bucket);
  if (known != regions_.end()) out.region = known->second;
  return out;
}

bool S3Client::LearnRegion(const Location& at, const Answer& answer, BucketOptions* bucket) {
  const int status = answer.http.status;
  const std::string& region = answer.error.region;
  const bool told = status == kMoved || status == kMovedForNow || status == kBadRequest;
  if (!bucket->region_is_guess || !told || region.empty() || region == bucket->region) return false;
  // It becomes part of a host's name.
  if (region.size() > kMaxRegion || region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != region.npos) {
    return false;
  }
  bucket->region = region;
  bucket->region_is_guess = false;  // once in a request
  std::lock_guard lock(mutex_);
  regions_[at.bucket] = region;
  return true;
}

Result<S3Client::Answer> S3Client::Send(const Location& at, const Call& call) {
  RETURN_IF_ERROR(options_.refusal.why);
  BucketOptions bucket = OptionsOf(at.bucket);
  if (!bucket.anonymous && bucket.credentials.access_key.empty()) {
    std::string reason = bucket.no_credentials_reason;
    if (reason.empty()) reason = "there are no credentials for the bucket";
    if (!bucket.role.any()) return IoError(at.path, reason);
    auto credentials = RoleCredentials::Instance().Get(bucket.role);
    if (!credentials.ok()) return IoError(at.path, reason + "; " + credentials.status().detail());
    bucket.credentials = std::move(*credentials);
  }
  RetryState retry(options_.retry, &budget_, seams_.clock, seams_.random, seams_.pause);
  Answer answer;
  while (true) {
    answer.http = SendOnce(at, bucket, call);
    answer.attempts = retry.attempts();
    answer.error = {};
    if (answer.ok()) {
      retry.Succeeded();
      return answer;
    }
    using Failure = HttpResponse::Failure;
    const Failure failure = answer.http.failure;
    if (failure == Failure::kNone) {
      answer.error = ParseError(answer.http.body);
      if (answer.error.region.empty()) answer.error.region = answer.http.Header("x-amz-bucket-region");
      if (LearnRegion(at, answer, &bucket)) continue;
      if (!MayPass(answer.http.status, answer.error)) return answer;
      // A proxy's or server's breakdown may come after the work was done.
      if (answer.http.status >= kServerError || answer.http.status == kRequestTimeout) answer.in_doubt = true;
    } else {
      if (failure == Failure::kRefused) return answer;
      if (failure == Failure::kAmbiguous) answer.in_doubt = true;
    }
    if (!retry.Again(failure == Failure::kAmbiguous, RetryAfterMs(answer.http))) return answer;
  }
}

Status S3Client::Failed(const Location& at, std::string_view what, const Answer& answer) const {
  const std::string tries =
      answer.attempts > 1 ? " after " + std::to_string(answer.attempts) + " attempts" : std::string();
  if (answer.http.status == 0) {
    const std::string where = options_.endpoint.empty() ? "AWS" : options_.endpoint;
    return IoError(at.path, std::string(what) + " failed" + tries + ": no answer from " + where + " (" +
                                answer.http.failure_text + ")");
  }
  if (answer.http.status == kNotFound && answer.error.code != "NoSuchBucket") return Missing(at);
  std::string text =
      std::string(what) + " failed" + tries + ": " + Advice(answer.http.status, answer.error, options_) + " (";
  if (!answer.error.code.empty()) text += answer.error.code + ", ";
  text += "HTTP " + std::to_string(answer.http.status) + ")";
  if (!answer.error.message.empty()) text += ": " + answer.error.message.substr(0, kMaxShownMessage);
  return IoError(at.path, text);
}

Result<std::string> S3Client::Get(const Location& at) {
  Call call{.method = "GET"};
  ASSIGN_OR_RETURN(Answer answer, Send(at, call));
  if (!answer.ok()) return Failed(at, "reading", answer);
  return std::move(answer.http.body);
}

Result<std::string> S3Client::GetRange(const Location& at, int64_t offset, int64_t length) {
  std::string out(static_cast<size_t>(length), '\0');
  ASSIGN_OR_RETURN(const int64_t got, GetInto(at, offset, out.data(), length));
  out.resize(static_cast<size_t>(got));
  return out;
}

Result<int64_t> S3Client::GetInto(const Location& at, int64_t offset, char* buffer, int64_t length) {
  if (length <= 0) return int64_t{0};
  Call call{.method = "GET"};
  call.headers.emplace_back("range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + length - 1));
  call.sink = buffer;
  call.sink_capacity = length;
  ASSIGN_OR_RETURN(const Answer answer, Send(at, call));
  if (answer.http.status == kRangeNotSatisfiable) return int64_t{0};
  if (!answer.ok()) return Failed(at, "reading", answer);
  if (answer.http.status == kOk && offset > 0) return IoError(at.path, "the server ignores ranges");
  if (answer.http.status == kPartial && !IsRange(answer.http.Header("content-range"), offset, answer.http.sink_bytes)) {
    return IoError(at.path, "the server answered with other bytes than those asked for (" +
                                std::string(answer.http.Header("content-range").substr(0, 80)) + ")");
  }
  return answer.http.sink_bytes;
}

Result<ListPage::Object> S3Client::Head(const Location& at) {
  ASSIGN_OR_RETURN(const Answer answer, Send(at, Call{.method = "HEAD"}));
  if (!answer.ok()) return Failed(at, "looking up", answer);
  ListPage::Object out;
  out.key = at.key;
  const std::string_view size = answer.http.Header("content-length");
  std::from_chars(size.data(), size.data() + size.size(), out.size_bytes);
  out.modified_ms = ParseTimeMs(answer.http.Header("last-modified"));
  return out;
}

Status S3Client::Put(const Location& at, std::string_view bytes) {
  Call call{.method = "PUT"};
  call.headers = options_.write_headers;
  call.body = bytes;
  call.signed_payload = false;
  ASSIGN_OR_RETURN(const Answer answer, Send(at, call));
  return answer.ok() ? Status::Ok() : Failed(at, "writing", answer);
}

Result<S3Client::Answer> S3Client::SendIfAbsent(const Location& at, std::string_view bytes) {
  Call call{.method = "PUT"};
  call.headers = options_.write_headers;
  call.headers.emplace_back("if-none-match", "*");
  call.body = bytes;
  return Send(at, call);
}

Status S3Client::NotCreated(const Location& at, const Answer& answer) const {
  if (answer.http.status != kNotImplemented) return Failed(at, "creating", answer);
  // The condition, or something else that new objects are sent with: the server's own words tell.
  return Failed(at, "creating only when absent (If-None-Match), as commits need,", answer);
}

bool S3Client::DoubtsConditions() const { return options_.check_conditions && !IsAws(options_); }

Result<ConditionChecks::Finding> S3Client::ProbeConditions(const Location& at) {
  using Finding = ConditionChecks::Finding;
  Location probe = at;
  const size_t name = at.key.rfind('/') + 1;  // npos + 1 is 0
  probe.key.resize(name);
  probe.key += std::string(kProbePrefix) + std::to_string(seams_.random->Next64());
  const auto remove = [&] {
    RequestThreads::Instance().Run([self = shared_from_this(), probe] { (void)self->Delete(probe).ok(); });
  };
  ASSIGN_OR_RETURN(const Answer first, SendIfAbsent(probe, "1"));
  if (!first.ok()) {
    if (first.in_doubt) remove();
    // What an earlier attempt left there stopped this one.
    if (first.http.status == kPreconditionFailed) return Finding::kHeeded;
    return NotCreated(at, first);
  }
  const auto second = SendIfAbsent(probe, "2");
  remove();
  if (!second.ok()) return second.status();
  if (second->ok()) return Finding::kIgnored;
  if (second->http.status == kPreconditionFailed) return Finding::kHeeded;
  return Failed(at, "finding out whether the server looks at If-None-Match, as commits need,", *second);
}

void S3Client::ExpectPutIfAbsent(const Location& at) {
  if (!DoubtsConditions()) return;
  auto work = conditions_.Begin(at.bucket, [this, at] { return ProbeConditions(at); });
  if (work == nullptr) return;
  RequestThreads::Instance().Run([self = shared_from_this(), work = std::move(work)] { work(); });
}

Status S3Client::CheckConditions(const Location& at) {
  if (!DoubtsConditions()) return Status::Ok();
  ASSIGN_OR_RETURN(const auto finding, conditions_.Require(at.bucket, [&] { return ProbeConditions(at); }));
  if (finding == ConditionChecks::Finding::kHeeded) return Status::Ok();
  return IoError(at.path,
                 "the server overwrote an object that was to be created only when absent: it ignores If-None-Match, "
                 "without which writers would lose each other's commits");
}

Result<PutOutcome> S3Client::PutIfAbsent(const Location& at, std::string_view bytes) {
  RETURN_IF_ERROR(CheckConditions(at));
  ASSIGN_OR_RETURN(const Answer answer, SendIfAbsent(at, bytes));
  if (answer.ok()) return PutOutcome::kCreated;
  const bool exists = answer.http.status == kPreconditionFailed;
  if (exists && !answer.in_doubt) return PutOutcome::kAlreadyExists;
  if (!answer.in_doubt || answer.http.status == kNotImplemented) return NotCreated(at, answer);
  // An attempt may have won without our hearing of it: what is there now tells.
  auto there = Get(at);
  if (there.ok()) return *there == bytes ? PutOutcome::kCreated : PutOutcome::kAlreadyExists;
  const Status failed = Failed(at, "creating", answer);
  return Error("IO_ERROR", {{"path", at.path}, {"outcome", "unknown"}}, failed.detail());
}

Status S3Client::Delete(const Location& at) {
  ASSIGN_OR_RETURN(const Answer answer, Send(at, Call{.method = "DELETE"}));
  if (answer.ok()) return Status::Ok();
  const Status status = Failed(at, "deleting", answer);
  return status.Is("PATH_NOT_FOUND") ? Status::Ok() : status;
}

Status S3Client::DeleteMany(const Location& at, const std::vector<std::string>& keys) {
  if (!options_.delete_many) {
    for (const auto& key : keys) RETURN_IF_ERROR(Delete({at.bucket, key, at.path}));
    return Status::Ok();
  }
  const std::string body = DeleteObjectsBody(keys);
  Call call{.method = "POST"};
  call.query = {{"delete", ""}};
  call.headers.emplace_back("content-md5", Base64Md5(body));
  call.body = body;
  const Location bucket{at.bucket, "", at.path};
  ASSIGN_OR_RETURN(const Answer answer, Send(bucket, call));
  if (!answer.ok()) return Failed(at, "deleting", answer);
  ASSIGN_OR_RETURN(const auto errors, ParseDeleteErrors(answer.http.body));
  for (const auto& error : errors) {
    if (error.code == "NoSuchKey") continue;
    return IoError(at.path, "deleting " + error.key + " failed (" + error.code +
                                "): " + error.message.substr(0, kMaxShownMessage));
  }
  return Status::Ok();
}

Status S3Client::List(const Location& at, std::string_view delimiter, std::string_view start_after, int max_keys,
                      const std::function<bool(ListPage&&)>& page) {
  const Location bucket{at.bucket, "", at.path};
  std::string token;
  do {
    Call call{.method = "GET"};
    call.query = {{"list-type", "2"}, {"prefix", at.key}, {"encoding-type", "url"}};
    if (!delimiter.empty()) call.query.emplace_back("delimiter", delimiter);
    if (max_keys > 0) call.query.emplace_back("max-keys", std::to_string(max_keys));
    if (!token.empty()) {
      call.query.emplace_back("continuation-token", token);
    } else if (!start_after.empty()) {
      call.query.emplace_back("start-after", start_after);
    }
    ASSIGN_OR_RETURN(const Answer answer, Send(bucket, call));
    if (!answer.ok()) return Failed(at, "listing", answer);
    ASSIGN_OR_RETURN(ListPage found, ParseListPage(answer.http.body));
    if (!token.empty() && found.next_token == token) return IoError(at.path, "the listing does not move on");
    token = found.next_token;
    if (!page(std::move(found))) break;
  } while (!token.empty());
  return Status::Ok();
}

Result<std::string> S3Client::CreateUpload(const Location& at) {
  Call call{.method = "POST"};
  call.query = {{"uploads", ""}};
  call.headers = options_.write_headers;
  ASSIGN_OR_RETURN(const Answer answer, Send(at, call));
  if (!answer.ok()) return Failed(at, "starting an upload", answer);
  return ParseUploadId(answer.http.body);
}

Result<std::string> S3Client::UploadPart(const Location& at, const std::string& upload_id, int number,
                                         std::string_view bytes) {
  Call call{.method = "PUT"};
  call.query = {{"partNumber", std::to_string(number)}, {"uploadId", upload_id}};
  call.body = bytes;
  call.signed_payload = false;
  ASSIGN_OR_RETURN(const Answer answer, Send(at, call));
  if (!answer.ok()) return Failed(at, "uploading a part", answer);
  std::string etag(answer.http.Header("etag"));
  if (etag.empty()) return IoError(at.path, "the server gave no ETag for an uploaded part");
  return etag;
}

Status S3Client::CompleteUpload(const Location& at, const std::string& upload_id, const std::vector<std::string>& etags,
                                int64_t size_bytes) {
  const std::string body = CompleteUploadBody(etags);
  Call call{.method = "POST"};
  call.query = {{"uploadId", upload_id}};
  call.body = body;
  bool in_doubt = false;
  for (int attempt = 0;; attempt++) {
    ASSIGN_OR_RETURN(Answer answer, Send(at, call));
    // The answer may begin as a success and turn out a failure.
    if (answer.ok()) answer.error = ParseError(answer.http.body);
    if (answer.ok() && answer.error.code.empty()) return Status::Ok();
    in_doubt = in_doubt || answer.in_doubt;
    if (answer.ok() && attempt < 3) {
      in_doubt = true;
      continue;
    }
    if (in_doubt) {
      const auto there = Head(at);
      if (there.ok() && there->size_bytes == size_bytes) return Status::Ok();
    }
    if (answer.ok()) answer.http.status = kServerError;
    // A missing upload is not a missing path.
    if (answer.http.status == kNotFound) return IoError(at.path, "the upload is gone (" + answer.error.code + ")");
    return Failed(at, "completing an upload", answer);
  }
}

Status S3Client::AbortUpload(const Location& at, const std::string& upload_id) {
  Call call{.method = "DELETE"};
  call.query = {{"uploadId", upload_id}};
  ASSIGN_OR_RETURN(const Answer answer, Send(at, call));
  if (answer.ok() || answer.http.status == kNotFound) return Status::Ok();
  return Failed(at, "aborting an upload", answer);
}

}  // namespace deltic::storage::s3
