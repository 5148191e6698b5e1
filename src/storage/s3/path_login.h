// Logins in paths, s3a://ACCESS:SECRET@bucket/key, which Hadoop took once and refuses now (S3xLoginHelper). Such a path
// must not get into errors, logs and tables' metadata as it is. Pure; thread-safe.
#pragma once

#include <string_view>

#include "base/status.h"

namespace deltic::storage::s3 {

// IO_ERROR for a path of an S3 bucket with a login, or what may be one, before the bucket's name; the error shows the
// path without it. Ok for every other path.
Status RefuseLogin(std::string_view path);

}  // namespace deltic::storage::s3
