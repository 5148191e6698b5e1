#include "spark/session/s3a_options.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "storage/s3/s3_client.h"
#include "storage/s3/s3_registry.h"
#include "types/data_type.h"

namespace deltic::spark::session {
namespace {

using storage::s3::BucketOptions;
using storage::s3::Credentials;
using storage::s3::Environment;
using storage::s3::HttpOptions;
using storage::s3::RoleOptions;
using storage::s3::S3Options;

constexpr int64_t kHttpPort = 80, kHttpsPort = 443;
constexpr std::string_view kNoCredentials =
    "there are no credentials: set fs.s3a.access.key and fs.s3a.secret.key (or AWS_ACCESS_KEY_ID and "
    "AWS_SECRET_ACCESS_KEY, or a profile), or fs.s3a.aws.credentials.provider to the AnonymousAWSCredentialsProvider";

enum class Token : uint8_t { kNone, kIfThere, kNeeded };

std::optional<Credentials> Static(const S3aValues& settings, Token wanted) {
  const auto access = settings.S3a("access.key");
  const auto secret = settings.S3a("secret.key");
  const auto token = wanted == Token::kNone ? std::nullopt : settings.S3a("session.token");
  if (access && secret && (token || wanted != Token::kNeeded)) {
    return Credentials{*access, *secret, token.value_or("")};
  }
  return std::nullopt;
}

// delta-rs's names as settings.
std::optional<Credentials> StaticAws(const S3aValues& settings) {
  const auto access = settings.AwsSetting("AWS_ACCESS_KEY_ID");
  const auto secret = settings.AwsSetting("AWS_SECRET_ACCESS_KEY");
  if (!access || !secret) return std::nullopt;
  return Credentials{*access, *secret, settings.AwsSetting("AWS_SESSION_TOKEN").value_or("")};
}

std::vector<std::string> Providers(const std::string& list) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : list + ",") {
    if (c != ',' && c != ' ' && c != '\n' && c != '\t' && c != '\r') {
      word += c;
      continue;
    }
    if (!word.empty()) out.push_back(word.substr(word.rfind('.') == std::string::npos ? 0 : word.rfind('.') + 1));
    word.clear();
  }
  return out;
}

// Plain HTTP leads credentials to nobody but this machine.
bool IsNear(std::string_view url) {
  if (url.starts_with("https://")) return true;
  for (const std::string_view near : {"http://127.", "http://localhost", "http://[::1]", "http://169.254.170.2/",
                                      "http://169.254.170.23/", "http://[fd00:ec2::23]"}) {
    if (url.starts_with(near)) return true;
  }
  return false;
}

// The roles that the process's environment names; sessions cannot, since files and addresses of the server are in it.
RoleOptions RoleOf(const S3aValues& settings, bool web_identity, bool container, bool instance,
                   const std::string& region) {
  const Environment& environment = settings.environment();
  const auto text = [&](const char* name) { return environment(name).value_or(""); };
  RoleOptions role;
  if (web_identity && !text("AWS_ROLE_ARN").empty() && !text("AWS_WEB_IDENTITY_TOKEN_FILE").empty()) {
    role.token_file = text("AWS_WEB_IDENTITY_TOKEN_FILE");
    role.role_arn = text("AWS_ROLE_ARN");
    role.session_name = environment("AWS_ROLE_SESSION_NAME").value_or("deltic");
    const std::string own = environment("AWS_REGION").value_or(region);
    role.sts_endpoint = environment("AWS_ENDPOINT_URL_STS").value_or("https://sts." + own + ".amazonaws.com");
    return role;
  }
  if (container) {
    role.container_url = text("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    const std::string relative = text("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    if (!relative.empty()) role.container_url = "http://169.254.170.2" + relative;
    if (!IsNear(role.container_url)) role.container_url.clear();
    if (!role.container_url.empty()) {
      role.container_token = text("AWS_CONTAINER_AUTHORIZATION_TOKEN");
      role.container_token_file = text("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
      return role;
    }
  }
  if (instance && !types::EqualsIgnoreCase(text("AWS_EC2_METADATA_DISABLED"), "true")) {
    role.instance_endpoint = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or("http://169.254.169.254");
    while (role.instance_endpoint.ends_with('/')) role.instance_endpoint.pop_back();
  }
  return role;
}

// What a provider of roles stands for; nullopt: it is none.
std::optional<RoleOptions> RoleOfProvider(const std::string& name, const S3aValues& settings,
                                          const std::string& region) {
  if (name == "WebIdentityTokenCredentialsProvider" || name == "WebIdentityTokenFileCredentialsProvider") {
    return RoleOf(settings, true, false, false, region);
  }
  if (name == "IAMInstanceCredentialsProvider" || name == "EC2ContainerCredentialsProviderWrapper") {
    return RoleOf(settings, false, true, true, region);
  }
  if (name == "ContainerCredentialsProvider") return RoleOf(settings, false, true, false, region);
  if (name == "InstanceProfileCredentialsProvider") return RoleOf(settings, false, false, true, region);
  return std::nullopt;
}

// What the named providers give, the first that has something. A machine's role is asked when nothing else is there.
Status FromProviders(const std::string& list, const S3aValues& settings, BucketOptions* bucket) {
  const auto names = Providers(list);
  std::string unknown;
  for (const auto& name : names) {
    std::optional<Credentials> found;
    if (name == "AnonymousAWSCredentialsProvider" || name == "AnonymousCredentialsProvider") {
      bucket->anonymous = true;
      return Status::Ok();
    }
    if (name == "TemporaryAWSCredentialsProvider") {
      found = Static(settings, Token::kNeeded);
    } else if (name == "SimpleAWSCredentialsProvider") {
      found = Static(settings, Token::kNone);
    } else if (name == "EnvironmentVariableCredentialsProvider") {
      found = storage::s3::CredentialsFromEnvironment(settings.environment());
    } else if (name == "ProfileCredentialsProvider") {
      found = storage::s3::CredentialsFromProfile(settings.environment(), "");
    } else if (name == "DefaultAWSCredentialsProviderChain" || name == "DefaultCredentialsProvider") {
      found = storage::s3::CredentialsFromEnvironment(settings.environment());
      const RoleOptions role = RoleOf(settings, true, true, true, bucket->region);
      if (!found && !role.token_file.empty()) bucket->role = role;
      if (!found && bucket->role.token_file.empty()) {
        found = storage::s3::CredentialsFromProfile(settings.environment(), "");
        if (!found && !bucket->role.any()) bucket->role = role;
      }
    } else if (const auto role = RoleOfProvider(name, settings, bucket->region)) {
      if (!bucket->role.any()) bucket->role = *role;
    } else if (name == "AssumedRoleCredentialProvider") {
      return Unsupported("fs.s3a.aws.credentials.provider = " + name);  // it gives credentials before those after it
    } else {
      unknown += (unknown.empty() ? "" : ", ") + name;
    }
    const bool certain = !bucket->role.token_file.empty() || !bucket->role.container_url.empty();
    if (certain) break;
    if (found) {
      bucket->credentials = *found;
      return Status::Ok();
    }
  }
  if (bucket->role.any()) unknown.clear();
  if (!unknown.empty()) return Unsupported("fs.s3a.aws.credentials.provider = " + unknown);
  bucket->no_credentials_reason = "none of the credential providers gave credentials (" + list + ")";
  return Status::Ok();
}

Status SetCredentials(const S3aValues& settings, BucketOptions* bucket) {
  if (const auto list = settings.S3a("aws.credentials.provider")) return FromProviders(*list, settings, bucket);
  if (const auto skip = settings.Aws("AWS_SKIP_SIGNATURE"); skip && types::EqualsIgnoreCase(*skip, "true")) {
    bucket->anonymous = true;
    return Status::Ok();
  }
  std::optional<Credentials> found = Static(settings, Token::kIfThere);
  if (!found) found = StaticAws(settings);
  if (!found) found = storage::s3::CredentialsFromEnvironment(settings.environment());
  if (!found) found = storage::s3::CredentialsFromProfile(settings.environment(), "");
  if (found) {
    bucket->credentials = *found;
  } else {
    bucket->no_credentials_reason = kNoCredentials;
    bucket->role = RoleOf(settings, true, true, true, bucket->region);
  }
  return Status::Ok();
}

// "s3.eu-west-1.amazonaws.com" → "eu-west-1".
std::optional<std::string> RegionOfEndpoint(std::string_view endpoint) {
  constexpr std::string_view kAws = ".amazonaws.com";
  const size_t end = endpoint.find(kAws);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view host = endpoint.substr(0, end);
  for (const std::string_view start : {"s3.dualstack.", "s3-fips.", "s3.", "s3-"}) {
    const size_t at = host.find(start);
    if (at == std::string_view::npos) continue;
    const std::string_view region = host.substr(at + start.size());
    return std::string(region.substr(0, region.find('.')));  // "eu-west-1.vpce"
  }
  return std::nullopt;
}

Status SetEndpoint(const S3aValues& settings, BucketOptions* bucket) {
  ASSIGN_OR_RETURN(const bool ssl, settings.Bool("connection.ssl.enabled", true));
  const auto s3a = settings.S3a("endpoint");
  std::optional<std::string> endpoint = s3a;
  for (const char* name : {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"}) {
    if (!endpoint) endpoint = settings.Aws(name);
  }
  if (endpoint) {
    bucket->endpoint = *endpoint;
    if (bucket->endpoint.find("://") == std::string::npos) {
      bucket->endpoint = (ssl ? "https://" : "http://") + bucket->endpoint;
    }
    while (bucket->endpoint.ends_with('/')) bucket->endpoint.pop_back();
    if (!bucket->endpoint.starts_with("http://") && !bucket->endpoint.starts_with("https://")) {
      return Error("INVALID_CONF_VALUE.OUT_OF_RANGE", {{"confName", "fs.s3a.endpoint"},
                                                       {"confValue", *endpoint},
                                                       {"requirement", "An http or https URL is needed."}});
    }
  }
  std::optional<std::string> region = settings.S3a("endpoint.region");
  if (!region) region = settings.Aws("AWS_REGION");
  if (!region) region = settings.Aws("AWS_DEFAULT_REGION");
  if (!region && endpoint) region = RegionOfEndpoint(*endpoint);
  if (!region) region = storage::s3::RegionFromProfile(settings.environment(), "");
  bucket->region_is_guess = !region.has_value();
  if (region) bucket->region = *region;
  // delta-rs speaks path style unless told otherwise; S3A host style unless told otherwise.
  bool path_style = endpoint.has_value() && !s3a.has_value();
  if (const auto hosted = settings.Aws("AWS_VIRTUAL_HOSTED_STYLE_REQUEST")) {
    path_style = !types::EqualsIgnoreCase(*hosted, "true");
  }
  ASSIGN_OR_RETURN(bucket->path_style, settings.Bool("path.style.access", path_style));
  return Status::Ok();
}

// Settings that change where objects are, who may read them or how they are kept, and that nothing here knows.
Status RefuseUnknown(const S3aValues& settings) {
  for (const char* name :
       {"accesspoint.arn", "encryption.context", "delegation.token.binding", "security.credential.provider.path"}) {
    if (settings.S3a(name)) return Unsupported(std::string(kS3aPrefix) + name);
  }
  for (const char* name : {"endpoint.fips", "accesspoint.required"}) {
    ASSIGN_OR_RETURN(const bool on, settings.Bool(name, false));
    if (on) return Unsupported(std::string(kS3aPrefix) + name);
  }
  return Status::Ok();
}

// "BucketOwnerFullControl" → "bucket-owner-full-control".
Status SetAcl(const S3aValues& settings, BucketOptions* bucket) {
  const auto acl = settings.S3a("acl.default");
  if (!acl) return Status::Ok();
  for (const char* name : {"Private", "PublicRead", "PublicReadWrite", "AuthenticatedRead", "LogDeliveryWrite",
                           "BucketOwnerRead", "BucketOwnerFullControl"}) {
    if (*acl != name) continue;
    std::string header;
    for (const char c : *acl) {
      const bool upper = c >= 'A' && c <= 'Z';
      if (upper && !header.empty()) header += '-';
      header += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    bucket->write_headers.emplace_back("x-amz-acl", header);
    return Status::Ok();
  }
  return Error("INVALID_CONF_VALUE.OUT_OF_RANGE", {{"confName", "fs.s3a.acl.default"},
                                                   {"confValue", *acl},
                                                   {"requirement", "The name of a canned ACL is needed."}});
}

Status SetWriteHeaders(const S3aValues& settings, BucketOptions* bucket) {
  ASSIGN_OR_RETURN(const bool requester_pays, settings.Bool("requester.pays.enabled", false));
  if (requester_pays) bucket->request_headers.emplace_back("x-amz-request-payer", "requester");
  RETURN_IF_ERROR(SetAcl(settings, bucket));
  if (const auto storage_class = settings.S3a("create.storage.class")) {
    std::string header = *storage_class;
    std::transform(header.begin(), header.end(), header.begin(), [](unsigned char c) { return std::toupper(c); });
    bucket->write_headers.emplace_back("x-amz-storage-class", header);
  }
  const auto algorithm = settings.S3a("encryption.algorithm");
  if (!algorithm) return Status::Ok();
  const auto key = settings.S3a("encryption.key");
  if (*algorithm == "AES256" || *algorithm == "SSE-S3") {
    bucket->write_headers.emplace_back("x-amz-server-side-encryption", "AES256");
  } else if (*algorithm == "SSE-KMS" || *algorithm == "DSSE-KMS") {
    bucket->write_headers.emplace_back("x-amz-server-side-encryption",
                                       *algorithm == "SSE-KMS" ? "aws:kms" : "aws:kms:dsse");
    if (key) bucket->write_headers.emplace_back("x-amz-server-side-encryption-aws-kms-key-id", *key);
  } else {
    return Unsupported("fs.s3a.encryption.algorithm = " + *algorithm);
  }
  return Status::Ok();
}

Status WrongProxy(const char* name, const S3aValues& settings, const std::string& requirement) {
  return Error("INVALID_CONF_VALUE.OUT_OF_RANGE",
               {{"confName", std::string(kS3aPrefix) + name},
                {"confValue", std::string_view(name) == "proxy.password" ? "*" : settings.S3a(name).value_or("")},
                {"requirement", "Proxy error: " + requirement}});
}

Status SetProxy(const S3aValues& settings, HttpOptions* http) {
  const auto host = settings.S3a("proxy.host");
  if (!host) {
    if (!settings.S3a("proxy.port")) return Status::Ok();
    return WrongProxy("proxy.port", settings, "fs.s3a.proxy.port set without fs.s3a.proxy.host.");
  }
  const auto user = settings.S3a("proxy.username");
  const auto password = settings.S3a("proxy.password");
  if (user.has_value() != password.has_value()) {
    return WrongProxy(user ? "proxy.username" : "proxy.password", settings,
                      "fs.s3a.proxy.username or fs.s3a.proxy.password set without the other.");
  }
  for (const char* name : {"proxy.domain", "proxy.workstation"}) {
    if (settings.S3a(name)) return Unsupported(std::string(kS3aPrefix) + name);
  }
  ASSIGN_OR_RETURN(const bool ssl, settings.Bool("proxy.ssl.enabled", false));
  // Hadoop 3.4 looks at what was said of the proxy, 3.3 and the documentation of both at the endpoint's setting.
  ASSIGN_OR_RETURN(bool secure, settings.Bool("connection.ssl.enabled", true));
  if (settings.S3a("proxy.ssl.enabled")) secure = ssl;
  ASSIGN_OR_RETURN(const int64_t port, settings.Count("proxy.port", secure ? kHttpsPort : kHttpPort));
  http->proxy = (ssl ? "https://" : "http://") + *host + ":" + std::to_string(port);
  http->proxy_user = user.value_or("");
  http->proxy_password = password.value_or("");
  return Status::Ok();
}

Status SetHttp(const S3aValues& settings, HttpOptions* http) {
  ASSIGN_OR_RETURN(http->connect_timeout_ms, settings.Millis("connection.establish.timeout", http->connect_timeout_ms));
  ASSIGN_OR_RETURN(http->idle_timeout_ms, settings.Millis("connection.timeout", http->idle_timeout_ms));
  ASSIGN_OR_RETURN(http->request_timeout_ms,
                   settings.MillisOfSeconds("connection.request.timeout", http->request_timeout_ms));
  ASSIGN_OR_RETURN(const int64_t connections, settings.Count("connection.maximum", http->max_connections));
  http->max_connections = static_cast<int>(std::clamp<int64_t>(connections, 1, 1000));
  http->ca_file = settings.Aws("AWS_CA_BUNDLE").value_or("");
  return SetProxy(settings, http);
}

Status SetRequests(const S3aValues& settings, BucketOptions* bucket) {
  auto& retry = bucket->retry;
  ASSIGN_OR_RETURN(const int64_t again, settings.Count("retry.limit", retry.max_attempts - 1));
  ASSIGN_OR_RETURN(const int64_t attempts, settings.Count("attempts.maximum", again + 1));
  retry.max_attempts = static_cast<int>(std::clamp<int64_t>(attempts, 1, 100));
  ASSIGN_OR_RETURN(retry.base_delay_ms, settings.Millis("retry.interval", retry.base_delay_ms));
  ASSIGN_OR_RETURN(bucket->part_bytes, settings.Bytes("multipart.size", bucket->part_bytes));
  ASSIGN_OR_RETURN(const int64_t blocks, settings.Count("fast.upload.active.blocks", bucket->parallel_parts));
  bucket->parallel_parts = static_cast<int>(std::clamp<int64_t>(blocks, 1, 64));
  ASSIGN_OR_RETURN(bucket->delete_many, settings.Bool("multiobjectdelete.enable", bucket->delete_many));
  bucket->check_conditions = true;
  return Status::Ok();
}

Status SetAll(const S3aValues& settings, BucketOptions* bucket) {
  RETURN_IF_ERROR(RefuseUnknown(settings));
  RETURN_IF_ERROR(SetEndpoint(settings, bucket));
  RETURN_IF_ERROR(SetCredentials(settings, bucket));
  RETURN_IF_ERROR(SetWriteHeaders(settings, bucket));
  RETURN_IF_ERROR(SetHttp(settings, &bucket->http));
  return SetRequests(settings, bucket);
}

BucketOptions BucketOf(const S3aValues& settings) {
  BucketOptions bucket;
  const Status status = SetAll(settings, &bucket);
  if (status.ok()) return bucket;
  BucketOptions refused;
  refused.refusal.why = status;
  return refused;
}

}  // namespace

Result<S3Options> S3OptionsOf(const ConfMap& conf, const Environment& environment) {
  const ConfMap s3a = S3aConf(conf);
  ConfMap aws;
  for (const auto& [key, value] : conf) {
    std::string name = key;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
    if (name.starts_with("AWS_")) aws[name] = value;
  }
  const auto keystore = conf.find("spark.hadoop.hadoop.security.credential.provider.path");
  if (keystore != conf.end() && !keystore->second.empty()) return Unsupported(keystore->first);
  S3Options options;
  options.defaults = BucketOf(S3aValues(&s3a, &aws, &environment, ""));
  for (const auto& bucket : BucketsOf(s3a)) {
    options.buckets[bucket] = BucketOf(S3aValues(&s3a, &aws, &environment, bucket));
  }
  return options;
}

Result<std::shared_ptr<storage::ObjectStore>> OpenStore(std::string_view path, const std::function<ConfMap()>& conf) {
  if (!storage::IsS3Path(path)) return storage::StoreFor(path);
  static const Environment kEnvironment = storage::s3::ProcessEnvironment();
  ASSIGN_OR_RETURN(const S3Options options, S3OptionsOf(conf(), kEnvironment));
  ASSIGN_OR_RETURN(const auto location, storage::s3::ParseLocation(path));
  RETURN_IF_ERROR(options.Bucket(location.bucket).refusal.why);
  return storage::s3::StoreWith(options).store;
}

Status CheckStoreOptions(std::string_view path, const std::vector<std::pair<std::string, std::string>>& options,
                         const RuntimeConf& conf) {
  if (!storage::IsS3Path(path)) return Status::Ok();
  std::optional<ConfMap> session;
  for (const auto& [key, value] : options) {
    const std::string name = types::ToLower(key);
    if (!name.starts_with(kS3aPrefix) && !name.starts_with("fs.s3.") && !name.starts_with("fs.s3n.")) continue;
    if (!session.has_value()) session = conf.GetAll("");
    const auto same = [&](const auto& setting) {
      std::string_view known = setting.first;
      if (known.starts_with("spark.hadoop.")) known.remove_prefix(std::string_view("spark.hadoop.").size());
      return types::EqualsIgnoreCase(known, name);
    };
    // The session's own name comes first in the map, as it wins over spark.hadoop's.
    const auto found = std::find_if(session->begin(), session->end(), same);
    if (found != session->end() && found->second == value) continue;
    return Unsupported("the option " + key + " of one reader, writer or table; set " + key +
                       " on the session, or spark.hadoop." + key + " for all of them");
  }
  return Status::Ok();
}

}  // namespace deltic::spark::session
