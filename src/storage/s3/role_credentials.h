// Credentials that AWS gives to what runs in a role: by web identity (STS AssumeRoleWithWebIdentity), from the server
// beside a container, from a machine's metadata service (IMDSv2). They are kept until shortly before they expire.
// Thread-safe; a call may block for the time of some small requests. Nothing it returns as an error holds a secret.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"
#include "storage/s3/http_client.h"
#include "storage/s3/role_options.h"
#include "storage/s3/sigv4.h"

namespace deltic::storage::s3 {

class RoleCredentials {
 public:
  RoleCredentials(std::shared_ptr<HttpClient> http, Clock* clock) : http_(std::move(http)), clock_(clock) {}
  // The process's own.
  static RoleCredentials& Instance();

  // IO_ERROR when no source gives any; it says why.
  Result<Credentials> Get(const RoleOptions& role);

 private:
  struct Kept {
    RoleOptions role;
    Credentials credentials;
    int64_t expires_ms = 0;
    Status failure;  // why there are none; asked again after a while
  };
  Result<Kept> Fetch(const RoleOptions& role);
  Result<Kept> FromWebIdentity(const RoleOptions& role);
  Result<Kept> FromContainer(const RoleOptions& role);
  Result<Kept> FromInstance(const RoleOptions& role);
  Result<std::string> Ask(const std::string& method, const std::string& url, HeaderPairs headers,
                          const std::string& body);

  const std::shared_ptr<HttpClient> http_;
  Clock* const clock_;
  std::mutex mutex_;  // guards kept_; held while credentials are fetched, so that they are once
  std::vector<Kept> kept_;
};

}  // namespace deltic::storage::s3
