// One object written piece by piece: a single PUT while it is small, else a multipart upload whose parts go out in
// parallel while the caller goes on; nothing but the number of parts under way makes it wait. Nothing is seen under the
// key before Finish; without Finish the upload is aborted. Used by one thread at a time.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "storage/object_store.h"
#include "storage/s3/s3_client.h"

namespace deltic::storage::s3 {

class S3Writer final : public ObjectWriter {
 public:
  S3Writer(std::shared_ptr<S3Client> client, Location at);
  ~S3Writer() override;

  Status Append(std::string_view bytes) override;
  Status Finish() override;

 private:
  Status SendPart();
  Status WaitForOne();
  void Abort();

  const std::shared_ptr<S3Client> client_;
  const Location at_;
  std::string buffer_;
  std::shared_future<Result<std::string>> upload_id_;  // asked for with the first part
  std::vector<std::string> etags_;                     // by part; those of unfinished uploads are empty
  std::vector<std::pair<size_t, std::future<Result<std::string>>>> running_;
  int64_t size_bytes_ = 0;
  bool done_ = false;
};

}  // namespace deltic::storage::s3
