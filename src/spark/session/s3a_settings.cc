#include "spark/session/s3a_settings.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "spark/session/runtime_conf.h"
#include "types/data_type.h"

namespace deltic::spark::session {
namespace {

constexpr std::string_view kHadoop = "spark.hadoop.";
constexpr std::string_view kBucketPrefix = "bucket.";

constexpr S3aSetting kSettings[] = {
    {"endpoint", "", "Host or URL of the server; none: Amazon's of the region."},
    {"endpoint.region", "", "Region that requests are signed for; none: of the endpoint, else what the server says."},
    {"endpoint.fips", "false", "`true` is refused."},
    {"path.style.access", "false", "The bucket is in the URL's path and not in the host's name."},
    {"connection.ssl.enabled", "true", "An endpoint without a scheme is reached by https."},
    {"aws.credentials.provider", "", "Classes that give credentials, the first that has some; AssumedRole is refused."},
    {"access.key", "", "Access key."},
    {"secret.key", "", "Secret key."},
    {"session.token", "", "Token of temporary credentials."},
    {"requester.pays.enabled", "false", "Requests say that the requester pays."},
    {"acl.default", "", "Canned ACL of new objects, `BucketOwnerFullControl` and its like."},
    {"create.storage.class", "", "Storage class of new objects."},
    {"encryption.algorithm", "", "Encryption at rest of new objects: `SSE-S3`, `SSE-KMS` or `DSSE-KMS`."},
    {"encryption.key", "", "Key of `SSE-KMS` and `DSSE-KMS`."},
    {"encryption.context", "", "Refused."},
    {"connection.establish.timeout", "5s", "Time to connect; a number alone is of milliseconds."},
    {"connection.timeout", "200s", "Time without a byte; a number alone is of milliseconds."},
    {"connection.request.timeout", "0", "Time of a whole request, 0: no limit; a number alone is of seconds."},
    {"connection.maximum", "96", "Connections at once."},
    {"proxy.host", "", "Proxy server."},
    {"proxy.port", "", "Its port; none: 443 when `fs.s3a.connection.ssl.enabled`, else 80."},
    {"proxy.ssl.enabled", "",
     "The proxy itself is reached by https; said, it also decides which port is meant by none."},
    {"proxy.username", "", "Name for the proxy, with `fs.s3a.proxy.password`."},
    {"proxy.password", "", "Password for the proxy."},
    {"proxy.domain", "", "Of NTLM: refused."},
    {"proxy.workstation", "", "Of NTLM: refused."},
    {"attempts.maximum", "8", "Attempts of one request."},
    {"retry.limit", "7", "Attempts of one request after the first, when `fs.s3a.attempts.maximum` is not set."},
    {"retry.interval", "100ms", "Wait after the first attempt; it doubles with every other."},
    {"multipart.size", "8M", "Size of the parts of a large object, at least 5 MiB."},
    {"fast.upload.active.blocks", "4", "Parts of one object that are sent at once."},
    {"multiobjectdelete.enable", "true", "The server knows the request that deletes many objects."},
    {"accesspoint.arn", "", "Refused."},
    {"accesspoint.required", "false", "`true` is refused."},
    {"delegation.token.binding", "", "Refused."},
    {"security.credential.provider.path", "", "Refused."},
};

// Older names (S3AFileSystem.addDeprecatedKeys).
constexpr std::pair<std::string_view, std::string_view> kRenamed[] = {
    {"server-side-encryption-algorithm", "encryption.algorithm"}, {"server-side-encryption.key", "encryption.key"}};

bool IsKnown(std::string_view name) {
  return std::any_of(std::begin(kSettings), std::end(kSettings), [&](const auto& s) { return s.name == name; });
}

std::optional<std::string> Find(const ConfMap& map, const std::string& name) {
  const auto it = map.find(name);
  if (it == map.end() || it->second.empty()) return std::nullopt;
  return it->second;
}

Status Wrong(std::string_view name, const std::string& value, const std::string& type) {
  return Error("INVALID_CONF_VALUE.TYPE_MISMATCH",
               {{"confName", std::string(kS3aPrefix) + std::string(name)}, {"confValue", value}, {"confType", type}});
}

std::optional<int64_t> ParseSeconds(std::string_view text) {
  const auto value = ParseDurationMs(text);
  const bool bare = text.find_first_not_of("0123456789") == std::string_view::npos;
  return value && bare ? std::optional(*value * 1000) : value;
}

// "bucket.b.x" → "bucket.b." when `name` is "x".
std::optional<std::string_view> PrefixOf(std::string_view name, std::string_view key) {
  if (!key.ends_with(name)) return std::nullopt;
  key.remove_suffix(name.size());
  if (key.empty() || key.ends_with('.')) return key;
  return std::nullopt;
}

}  // namespace

std::span<const S3aSetting> S3aSettings() { return kSettings; }

ConfMap S3aConf(const ConfMap& conf) {
  ConfMap out;
  for (const bool session_name : {false, true}) {
    for (const auto& [key, value] : conf) {
      std::string_view name = key;
      if (name.starts_with(kHadoop) == session_name) continue;
      if (!session_name) name.remove_prefix(kHadoop.size());
      if (name.starts_with(kS3aPrefix)) out[std::string(name.substr(kS3aPrefix.size()))] = value;
    }
  }
  for (const auto& [older, name] : kRenamed) {
    ConfMap renamed;
    for (const auto& [key, value] : out) {
      if (const auto prefix = PrefixOf(older, key)) renamed[std::string(*prefix) + std::string(name)] = value;
    }
    out.merge(renamed);  // the newer name wins
  }
  return out;
}

std::set<std::string> BucketsOf(const ConfMap& s3a) {
  std::set<std::string> out;
  for (auto it = s3a.lower_bound(std::string(kBucketPrefix)); it != s3a.end(); ++it) {
    std::string_view rest = it->first;
    if (!rest.starts_with(kBucketPrefix)) break;
    rest.remove_prefix(kBucketPrefix.size());
    // A bucket's name may have dots, as the settings' names do: what is left of any that may be meant is one.
    for (const S3aSetting& setting : kSettings) {
      const auto bucket = PrefixOf(setting.name, rest);
      if (bucket && bucket->size() > 1) out.emplace(bucket->substr(0, bucket->size() - 1));
    }
  }
  return out;
}

std::optional<std::string> S3aValues::S3a(std::string_view name) const {
  DELTIC_CHECK(IsKnown(name));
  if (!bucket_.empty()) {
    const std::string own = std::string(kBucketPrefix) + bucket_ + "." + std::string(name);
    if (s3a_->contains(own)) return Find(*s3a_, own);
  }
  return Find(*s3a_, std::string(name));
}

std::optional<std::string> S3aValues::AwsSetting(const std::string& name) const { return Find(*aws_, name); }

std::optional<std::string> S3aValues::Aws(const std::string& name) const {
  if (const auto set = AwsSetting(name)) return set;
  return (*environment_)(name.c_str());
}

Result<bool> S3aValues::Bool(std::string_view name, bool fallback) const {
  const auto text = S3a(name);
  if (!text) return fallback;
  if (types::EqualsIgnoreCase(*text, "true")) return true;
  if (types::EqualsIgnoreCase(*text, "false")) return false;
  return Wrong(name, *text, "boolean");
}

Result<int64_t> S3aValues::Bytes(std::string_view name, int64_t fallback) const {
  return Number(name, fallback, ParseByteSize, "a size in bytes");
}

Result<int64_t> S3aValues::Millis(std::string_view name, int64_t fallback) const {
  return Number(name, fallback, ParseDurationMs, "a duration");
}

Result<int64_t> S3aValues::MillisOfSeconds(std::string_view name, int64_t fallback) const {
  return Number(name, fallback, ParseSeconds, "a duration");
}

Result<int64_t> S3aValues::Count(std::string_view name, int64_t fallback) const {
  return Number(name, fallback, ParseByteSize, "int");
}

Result<int64_t> S3aValues::Number(std::string_view name, int64_t fallback,
                                  std::optional<int64_t> (*parse)(std::string_view), const char* type) const {
  const auto text = S3a(name);
  if (!text) return fallback;
  const auto value = parse(*text);
  if (!value || *value < 0) return Wrong(name, *text, type);
  return *value;
}

}  // namespace deltic::spark::session
