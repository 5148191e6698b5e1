// Settings of an S3 store: values only, whatever names users gave them by (spark/session/s3a_options maps those).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/status.h"
#include "storage/s3/http_client.h"
#include "storage/s3/role_options.h"
#include "storage/s3/sigv4.h"

namespace deltic::storage::s3 {

struct RetryOptions {
  int max_attempts = 8;           // of one request, the first included
  int64_t base_delay_ms = 100;    // doubles with every attempt, with jitter
  int64_t max_delay_ms = 10'000;  // of one wait
  int64_t budget_ms = 120'000;    // all attempts and waits of one request
  bool operator==(const RetryOptions&) const = default;
};

// Why the settings of a bucket are none.
struct Refusal {
  Status why;
  bool operator==(const Refusal& other) const { return why.ToString() == other.why.ToString(); }
};

// How a bucket is reached, read and written: everything that a client of it is told.
struct BucketOptions {
  std::string endpoint;  // "http://host:9000" or "https://…", no trailing '/'; empty: AWS by region
  std::string region = "us-east-1";
  bool region_is_guess = false;  // nobody said it: another one that the server names is taken
  bool path_style = false;       // endpoint/bucket/key in place of bucket.endpoint/key
  bool anonymous = false;        // requests are not signed
  Credentials credentials;
  RoleOptions role;             // asked for credentials when there are no others
  HeaderPairs request_headers;  // sent with every request: who pays
  HeaderPairs write_headers;    // sent with every new object: encryption at rest, access, storage class
  // Why there are no credentials: shown when a request needs them.
  std::string no_credentials_reason;
  HttpOptions http;
  RetryOptions retry;
  int64_t part_bytes = 8LL << 20;   // of a multipart upload, at least 5 MiB
  int parallel_parts = 4;           // uploads of one file at once
  int64_t range_bytes = 8LL << 20;  // a longer read is cut into ranges of this size …
  int parallel_ranges = 4;          // … of which so many are fetched at once
  bool delete_many = true;          // the server knows the request that deletes many keys
  // Before the first put-if-absent in a bucket find out whether the server looks at If-None-Match: one that does not
  // would let writers overwrite each other's commits.
  bool check_conditions = false;
  Refusal refusal;  // when it says why, that is the error of every request, and the rest means nothing
  bool operator==(const BucketOptions&) const = default;
};

struct S3Options {
  BucketOptions defaults;
  std::map<std::string, BucketOptions> buckets;  // those with settings of their own
  bool operator==(const S3Options&) const = default;

  const BucketOptions& Bucket(const std::string& bucket) const {
    const auto it = buckets.find(bucket);
    return it == buckets.end() ? defaults : it->second;
  }
};

}  // namespace deltic::storage::s3
