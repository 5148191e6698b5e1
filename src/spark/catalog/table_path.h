// Paths as users write them → where the bytes are. Pure functions over conf; thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"
#include "spark/session/session.h"

namespace deltic::spark::catalog {

// The path a user wrote ("s3a://bucket/x", "file:///x", "x") made absolute: relative ones against the server's
// working directory, and s3a/s3/s3n buckets that have a stand-in (spark.deltic.storage.standIn.<bucket> = local
// directory) mapped below it. No trailing '/'. Empty: an error.
Result<std::string> QualifyPath(session::Session* session, std::string_view path);

// The local path that stands in for an s3a/s3/s3n path, by the settings `conf` looks up; nullopt: none does.
std::optional<std::string> StandIn(std::string_view path,
                                   const std::function<std::optional<std::string>(const std::string&)>& conf);

// How Spark prints a qualified path: local ones as "file:/a/b".
std::string DisplayPath(std::string_view qualified);

// "…/t@v12" or "…/t@yyyyMMddHHmmssSSS": the path and the time travel it asks for (Delta's path syntax).
struct PathTimeTravel {
  std::string path;
  std::optional<int64_t> version;
  std::optional<std::string> timestamp;  // "yyyy-MM-dd HH:mm:ss.SSS"
};
PathTimeTravel SplitPathTimeTravel(std::string_view path);

}  // namespace deltic::spark::catalog
