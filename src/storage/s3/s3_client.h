// The S3 REST API over an HttpClient: signing, retries, errors that name the path. One object serves many threads and
// every bucket that has the same options; it is owned by a shared_ptr.
//
// Invariants: a request is tried again only when that is safe; a conditional put whose outcome is in doubt is read back
// before it is called won or lost, and none is sent to a server that was seen to ignore conditions; no error text holds
// a credential.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/status.h"
#include "storage/object_store.h"
#include "storage/s3/condition_checks.h"
#include "storage/s3/http_client.h"
#include "storage/s3/retry.h"
#include "storage/s3/s3_options.h"
#include "storage/s3/s3_xml.h"

namespace deltic::storage::s3 {

// "s3a://bucket/key" taken apart; `path` is what users see.
struct Location {
  std::string bucket;
  std::string key;
  std::string path;
};

// Names of the objects that find out whether a server looks at conditions; they are nobody's data.
inline constexpr std::string_view kProbePrefix = ".deltic-condition-";

// What the outside world is to a client; null members stand for the process's own.
struct Seams {
  std::shared_ptr<HttpClient> http;
  Clock* clock = nullptr;
  Random* random = nullptr;
  Pause* pause = nullptr;
};

class S3Client : public std::enable_shared_from_this<S3Client> {
 public:
  S3Client(BucketOptions options, Seams seams);

  const BucketOptions& options() const { return options_; }

  // Missing: PATH_NOT_FOUND. Offsets at or past the end give nothing.
  Result<std::string> Get(const Location& at);
  Result<std::string> GetRange(const Location& at, int64_t offset, int64_t length);
  // One request; returns how many bytes there were.
  Result<int64_t> GetInto(const Location& at, int64_t offset, char* buffer, int64_t length);
  Result<ListPage::Object> Head(const Location& at);
  Status Put(const Location& at, std::string_view bytes);
  Result<PutOutcome> PutIfAbsent(const Location& at, std::string_view bytes);
  // What the first PutIfAbsent in the bucket has to find out is found out from now on, on another thread, which keeps
  // this alive as long as it takes. Returns at once.
  void ExpectPutIfAbsent(const Location& at);
  Status Delete(const Location& at);
  // At most 1000 keys of one bucket. `at` names them in errors.
  Status DeleteMany(const Location& at, const std::vector<std::string>& keys);
  // Every page of the keys that start with at.key, until `page` wants no more; `delimiter` empty or "/", `max_keys` of
  // a page (0: as many as the server gives).
  Status List(const Location& at, std::string_view delimiter, std::string_view start_after, int max_keys,
              const std::function<bool(ListPage&&)>& page);

  // Multipart upload.
  Result<std::string> CreateUpload(const Location& at);
  Result<std::string> UploadPart(const Location& at, const std::string& upload_id, int number, std::string_view bytes);
  // `size_bytes`: of the whole object, to recognise one that was completed by an attempt of unknown outcome.
  Status CompleteUpload(const Location& at, const std::string& upload_id, const std::vector<std::string>& etags,
                        int64_t size_bytes);
  Status AbortUpload(const Location& at, const std::string& upload_id);

 private:
  struct Call {
    std::string method;
    std::vector<std::pair<std::string, std::string>> query;
    HeaderPairs headers;
    std::string_view body;
    bool signed_payload = true;
    char* sink = nullptr;
    int64_t sink_capacity = 0;
  };
  struct Answer {
    HttpResponse http;
    S3Error error;          // of an answer that is not 2xx
    bool in_doubt = false;  // an earlier attempt may have been carried out
    int attempts = 1;
    bool ok() const { return http.status >= 200 && http.status < 300; }
  };
  Result<Answer> Send(const Location& at, const Call& call);
  // The options for a bucket, in the region that its server named when ours was a guess.
  BucketOptions OptionsOf(const std::string& bucket);
  // Whether the answer names another region than the guess; it is kept.
  bool LearnRegion(const Location& at, const Answer& answer, BucketOptions* bucket);
  Result<Answer> SendIfAbsent(const Location& at, std::string_view bytes);
  // The error of a put-if-absent that surely created nothing.
  Status NotCreated(const Location& at, const Answer& answer) const;
  // The server of the bucket is not one that is known to look at conditions.
  bool DoubtsConditions() const;
  // Puts an object twice, only if it is absent, beside `at`. It is removed later, by another thread. An error, which
  // names `at`: neither answer proved anything.
  Result<ConditionChecks::Finding> ProbeConditions(const Location& at);
  // IO_ERROR unless the server of the bucket is known to look at If-None-Match: a commit that it might put over another
  // is not sent.
  Status CheckConditions(const Location& at);
  HttpResponse SendOnce(const Location& at, const BucketOptions& bucket, const Call& call);
  // The error of an answer that is not what was wanted.
  Status Failed(const Location& at, std::string_view what, const Answer& answer) const;

  const BucketOptions options_;
  Seams seams_;
  RetryBudget budget_;
  ConditionChecks conditions_;
  std::mutex mutex_;                            // guards regions_
  std::map<std::string, std::string> regions_;  // by bucket, where the guess was wrong
};

// "s3a://bucket/key" (or s3, s3n); IO_ERROR for anything else.
Result<Location> ParseLocation(std::string_view path);

}  // namespace deltic::storage::s3
