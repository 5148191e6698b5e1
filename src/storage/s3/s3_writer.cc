#include "storage/s3/s3_writer.h"

#include <algorithm>

namespace deltic::storage::s3 {
namespace {

constexpr int64_t kMinPartBytes = 5LL << 20;
constexpr size_t kMaxParts = 10'000;
// Parts grow so that the limit of their number is no limit of the object's size.
constexpr size_t kPartsPerDoubling = 1'000;

int64_t PartBytes(int64_t configured, size_t part) {
  const size_t doublings = std::min<size_t>(part / kPartsPerDoubling, 9);
  return std::max(configured, kMinPartBytes) << doublings;
}

}  // namespace

S3Writer::S3Writer(std::shared_ptr<S3Client> client, Location at) : client_(std::move(client)), at_(std::move(at)) {}

S3Writer::~S3Writer() {
  if (!done_) Abort();
}

Status S3Writer::Append(std::string_view bytes) {
  size_bytes_ += static_cast<int64_t>(bytes.size());
  while (!bytes.empty()) {
    const auto limit = static_cast<size_t>(PartBytes(client_->options().part_bytes, etags_.size()));
    const size_t take = std::min(bytes.size(), limit - std::min(limit, buffer_.size()));
    buffer_.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    // A full buffer waits for one more byte, so that the last part is never empty.
    if (!bytes.empty()) RETURN_IF_ERROR(SendPart());
  }
  return Status::Ok();
}

Status S3Writer::SendPart() {
  RETURN_IF_ERROR(Allowed());
  if (!upload_id_.valid()) {
    const auto create = [client = client_, at = at_] { return client->CreateUpload(at); };
    upload_id_ = std::async(std::launch::async, create).share();
  }
  while (static_cast<int>(running_.size()) >= std::max(1, client_->options().parallel_parts)) {
    RETURN_IF_ERROR(WaitForOne());
  }
  if (etags_.size() >= kMaxParts) return IoError(at_.path, "the object has too many parts");
  const size_t part = etags_.size();
  etags_.emplace_back();
  auto send = [client = client_, at = at_, id = upload_id_, part, bytes = std::move(buffer_)]() -> Result<std::string> {
    if (!id.get().ok()) return id.get().status();
    return client->UploadPart(at, *id.get(), static_cast<int>(part) + 1, bytes);
  };
  auto upload = std::async(std::launch::async, std::move(send));
  running_.emplace_back(part, std::move(upload));
  buffer_ = {};
  return Status::Ok();
}

Status S3Writer::WaitForOne() {
  auto [part, upload] = std::move(running_.front());
  running_.erase(running_.begin());
  ASSIGN_OR_RETURN(etags_[part], upload.get());
  return Status::Ok();
}

Status S3Writer::Finish() {
  if (done_) return InternalError("the object was already finished");
  if (!upload_id_.valid()) {
    RETURN_IF_ERROR(Allowed());
    RETURN_IF_ERROR(client_->Put(at_, buffer_));
    done_ = true;
    return Status::Ok();
  }
  if (!buffer_.empty()) RETURN_IF_ERROR(SendPart());
  while (!running_.empty()) RETURN_IF_ERROR(WaitForOne());
  RETURN_IF_ERROR(client_->CompleteUpload(at_, *upload_id_.get(), etags_, size_bytes_));
  done_ = true;
  return Status::Ok();
}

void S3Writer::Abort() {
  for (auto& [part, upload] : running_) upload.wait();
  running_.clear();
  done_ = true;
  // Best effort: what stays behind is seen by nobody and swept by the bucket's lifecycle rules.
  if (upload_id_.valid() && upload_id_.get().ok()) (void)client_->AbortUpload(at_, *upload_id_.get()).ok();
}

}  // namespace deltic::storage::s3
