// Hadoop's S3A settings as values (hadoop-aws › "Hadoop-AWS module"): the one table of those that act here, and what a
// session's conf says about them, in general and for one bucket. What they make of an S3 store is in s3a_options.h.
// Thread-safe; the maps and the environment are borrowed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "storage/s3/credentials.h"

namespace deltic::spark::session {

using ConfMap = std::map<std::string, std::string>;

struct S3aSetting {
  std::string_view name;           // after "fs.s3a." or "fs.s3a.bucket.NAME."
  std::string_view default_value;  // for the documentation
  std::string_view doc;
};
std::span<const S3aSetting> S3aSettings();

inline constexpr std::string_view kS3aPrefix = "fs.s3a.";

// fs.s3a.x and spark.hadoop.fs.s3a.x of a conf without their prefix; the former wins, as in Spark's SQL conf. Settings
// under an older name are under the newer one too.
ConfMap S3aConf(const ConfMap& conf);
// Every bucket of which `s3a` sets something that is in the table.
std::set<std::string> BucketsOf(const ConfMap& s3a);

// What holds for one bucket, or in general (`bucket` empty). A setting of the bucket hides the general one, even with
// an empty value, which stands for none (S3AUtils.propagateBucketOptions).
class S3aValues {
 public:
  // `aws`: settings AWS_*, their names in upper case.
  S3aValues(const ConfMap* s3a, const ConfMap* aws, const storage::s3::Environment* environment, std::string bucket)
      : s3a_(s3a), aws_(aws), environment_(environment), bucket_(std::move(bucket)) {}

  // `name` must be in the table; nullopt: not set, or empty.
  std::optional<std::string> S3a(std::string_view name) const;
  // INVALID_CONF_VALUE.TYPE_MISMATCH for a value that is none.
  Result<bool> Bool(std::string_view name, bool fallback) const;
  Result<int64_t> Bytes(std::string_view name, int64_t fallback) const;
  Result<int64_t> Millis(std::string_view name, int64_t fallback) const;
  Result<int64_t> MillisOfSeconds(std::string_view name, int64_t fallback) const;  // a number alone is of seconds
  Result<int64_t> Count(std::string_view name, int64_t fallback) const;

  // "AWS_REGION", as a setting only, or as setting or variable.
  std::optional<std::string> AwsSetting(const std::string& name) const;
  std::optional<std::string> Aws(const std::string& name) const;
  const storage::s3::Environment& environment() const { return *environment_; }

 private:
  Result<int64_t> Number(std::string_view name, int64_t fallback, std::optional<int64_t> (*parse)(std::string_view),
                         const char* type) const;

  const ConfMap* s3a_;
  const ConfMap* aws_;
  const storage::s3::Environment* environment_;
  std::string bucket_;
};

}  // namespace deltic::spark::session
