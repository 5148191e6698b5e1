// The names that users give S3 settings by → storage::s3::S3Options. Hadoop's S3A names (spark.hadoop.fs.s3a.* and, in
// a session, fs.s3a.*; any of them as fs.s3a.bucket.NAME.* for one bucket), AWS's and delta-rs's (AWS_*, as settings or
// in the server's environment). A setting wins over the environment. Pure functions over conf and environment;
// thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "spark/session/runtime_conf.h"
#include "spark/session/s3a_settings.h"
#include "storage/object_store.h"
#include "storage/s3/credentials.h"
#include "storage/s3/s3_options.h"

namespace deltic::spark::session {

// A bucket whose settings cannot be had is refused, and no other: INVALID_CONF_VALUE.* for a value that is none,
// UNSUPPORTED_FEATURE for a setting that would change what is written or who pays and is not honoured here. The error
// is of settings that hold for no bucket alone.
Result<storage::s3::S3Options> S3OptionsOf(const ConfMap& conf, const storage::s3::Environment& environment);

// The store of a qualified path, or why its bucket is refused; `conf` is asked for S3 paths only. Paths of other
// buckets are the same store's, which tells of theirs.
Result<std::shared_ptr<storage::ObjectStore>> OpenStore(std::string_view path, const std::function<ConfMap()>& conf);

// A store has the settings of its session: those that a reader, a writer or a table's OPTIONS say for an S3 path
// (fs.s3a.*, fs.s3.*, fs.s3n.*) must be the session's own. UNSUPPORTED_FEATURE naming the first that is not; without
// its value.
Status CheckStoreOptions(std::string_view path, const std::vector<std::pair<std::string, std::string>>& options,
                         const RuntimeConf& conf);

}  // namespace deltic::spark::session
