#include "storage/s3/role_credentials.h"

#include <simdjson.h>

#include <algorithm>
#include <fstream>
#include <optional>

#include "storage/s3/s3_xml.h"

namespace deltic::storage::s3 {
namespace {

// Sessions of one server differ in few roles.
constexpr size_t kMaxKept = 64;
// New ones are asked for so long before the old ones expire; AWS gives new ones from five minutes before.
constexpr int64_t kEarlyMs = 4 * 60 * 1000;
constexpr int64_t kAgainMs = 20 * 1000;
constexpr int64_t kConnectMs = 1000, kRequestMs = 5000;
constexpr int kTries = 3;
constexpr int kServerError = 500;
constexpr std::streamsize kMaxTokenBytes = 64 << 10;

Status Failed(const std::string& what, const std::string& why) {
  return Error("IO_ERROR", {{"path", what}}, what + " gave no credentials: " + why);
}

Result<std::string> TokenIn(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return IoError(path, "cannot be read");
  std::string text(static_cast<size_t>(kMaxTokenBytes), '\0');
  in.read(text.data(), kMaxTokenBytes);
  text.resize(static_cast<size_t>(in.gcount()));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

// {"AccessKeyId":…,"SecretAccessKey":…,"Token":…,"Expiration":…}, as containers and machines are told.
std::optional<std::pair<Credentials, int64_t>> FromJson(const std::string& text) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text).get(root) != simdjson::SUCCESS) return std::nullopt;
  const auto value = [&](const char* name) {
    std::string_view found;
    return root[name].get(found) == simdjson::SUCCESS ? std::string(found) : std::string();
  };
  Credentials credentials{value("AccessKeyId"), value("SecretAccessKey"), value("Token")};
  if (credentials.access_key.empty() || credentials.secret_key.empty()) return std::nullopt;
  return std::pair(std::move(credentials), ParseTimeMs(value("Expiration")));
}

}  // namespace

RoleCredentials& RoleCredentials::Instance() {
  // Never destroyed: a request thread may still ask when the process ends.
  static auto* instance = new RoleCredentials(
      NewCurlClient({.connect_timeout_ms = kConnectMs, .idle_timeout_ms = 0, .request_timeout_ms = kRequestMs}),
      Clock::System());
  return *instance;
}

Result<Credentials> RoleCredentials::Get(const RoleOptions& role) {
  std::lock_guard lock(mutex_);
  const int64_t now_ms = clock_->NowMicros() / 1000;
  const auto kept = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& k) { return k.role == role; });
  if (kept != kept_.end() && !kept->failure.ok() && now_ms < kept->expires_ms) return kept->failure;
  const bool usable = kept != kept_.end() && kept->failure.ok();
  if (usable && now_ms < kept->expires_ms - kEarlyMs) return kept->credentials;
  auto fetched = Fetch(role);
  // Those that are about to expire are better than none.
  if (!fetched.ok() && usable && now_ms < kept->expires_ms) return kept->credentials;
  if (kept != kept_.end()) kept_.erase(kept);
  if (kept_.size() >= kMaxKept) kept_.erase(kept_.begin());
  if (!fetched.ok()) {
    kept_.push_back({role, {}, now_ms + kAgainMs, fetched.status()});
    return fetched.status();
  }
  kept_.push_back(*fetched);
  return fetched->credentials;
}

Result<RoleCredentials::Kept> RoleCredentials::Fetch(const RoleOptions& role) {
  if (!role.token_file.empty()) return FromWebIdentity(role);
  if (!role.container_url.empty()) return FromContainer(role);
  return FromInstance(role);
}

Result<RoleCredentials::Kept> RoleCredentials::FromWebIdentity(const RoleOptions& role) {
  ASSIGN_OR_RETURN(const std::string token, TokenIn(role.token_file));
  const std::string form = CanonicalQuery({{"Action", "AssumeRoleWithWebIdentity"},
                                           {"Version", "2011-06-15"},
                                           {"RoleArn", role.role_arn},
                                           {"RoleSessionName", role.session_name},
                                           {"WebIdentityToken", token}});
  ASSIGN_OR_RETURN(const std::string answer,
                   Ask("POST", role.sts_endpoint + "/", {{"content-type", "application/x-www-form-urlencoded"}}, form));
  const auto root = ParseXml(answer);
  const XmlNode* result = root.ok() ? root->Child("AssumeRoleWithWebIdentityResult") : nullptr;
  const XmlNode* found = result == nullptr ? nullptr : result->Child("Credentials");
  if (found == nullptr || found->ChildText("AccessKeyId").empty() || found->ChildText("SecretAccessKey").empty()) {
    return Failed(role.sts_endpoint, "its answer holds none");
  }
  return Kept{role,
              {std::string(found->ChildText("AccessKeyId")), std::string(found->ChildText("SecretAccessKey")),
               std::string(found->ChildText("SessionToken"))},
              ParseTimeMs(found->ChildText("Expiration")),
              Status::Ok()};
}

Result<RoleCredentials::Kept> RoleCredentials::FromContainer(const RoleOptions& role) {
  std::string token = role.container_token;
  if (!role.container_token_file.empty()) {
    ASSIGN_OR_RETURN(token, TokenIn(role.container_token_file));
  }
  HeaderPairs headers;
  if (!token.empty()) headers.emplace_back("authorization", token);
  ASSIGN_OR_RETURN(const std::string answer, Ask("GET", role.container_url, headers, ""));
  auto found = FromJson(answer);
  if (!found) return Failed(role.container_url, "its answer holds none");
  return Kept{role, std::move(found->first), found->second, Status::Ok()};
}

Result<RoleCredentials::Kept> RoleCredentials::FromInstance(const RoleOptions& role) {
  const std::string base = role.instance_endpoint + "/latest/";
  ASSIGN_OR_RETURN(const std::string token,
                   Ask("PUT", base + "api/token", {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}, ""));
  const HeaderPairs headers = {{"x-aws-ec2-metadata-token", token}};
  const std::string roles = base + "meta-data/iam/security-credentials/";
  ASSIGN_OR_RETURN(std::string name, Ask("GET", roles, headers, ""));
  name.resize(std::min(name.find('\n'), name.size()));
  if (name.empty()) return Failed(role.instance_endpoint, "the machine has no role");
  ASSIGN_OR_RETURN(const std::string answer, Ask("GET", roles + UriEncode(name, false), headers, ""));
  auto found = FromJson(answer);
  if (!found) return Failed(role.instance_endpoint, "its answer holds none");
  return Kept{role, std::move(found->first), found->second, Status::Ok()};
}

Result<std::string> RoleCredentials::Ask(const std::string& method, const std::string& url, HeaderPairs headers,
                                         const std::string& body) {
  HttpRequest request;
  request.method = method;
  request.url = url;
  request.headers = std::move(headers);
  request.body = body;
  HttpResponse response;
  for (int i = 0; i < kTries; i++) {
    response = http_->Send(request);
    if (response.failure == HttpResponse::Failure::kNotSent) break;  // nobody is there
    if (response.status != 0 && response.status < kServerError) break;
  }
  if (response.status >= 200 && response.status < 300) return std::move(response.body);
  if (response.status == 0) return Failed(url, response.failure_text);
  std::string why = "HTTP " + std::to_string(response.status);
  const auto root = ParseXml(response.body);  // STS: ErrorResponse › Error › Code
  const XmlNode* error = root.ok() ? root->Child("Error") : nullptr;
  if (error != nullptr) why += " " + std::string(error->ChildText("Code"));
  return Failed(url, why);
}

}  // namespace deltic::storage::s3
