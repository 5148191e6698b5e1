#include "spark/connect/response_buffer.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace deltic::spark::connect {
namespace {

grpc::ByteBuffer Serialize(const proto::ExecutePlanResponse& response) {
  const size_t bytes = response.ByteSizeLong();
  grpc_slice slice = grpc_slice_malloc(bytes);
  response.SerializeWithCachedSizesToArray(GRPC_SLICE_START_PTR(slice));
  grpc::Slice owned(slice, grpc::Slice::STEAL_REF);
  return grpc::ByteBuffer(&owned, 1);
}

// Whether one message can say what `first` and then `second` say. The end of the stream stays a message of its own.
bool FitTogether(const proto::ExecutePlanResponse& first, const proto::ExecutePlanResponse& second) {
  using Response = proto::ExecutePlanResponse;
  if (first.response_type_case() != Response::RESPONSE_TYPE_NOT_SET &&
      second.response_type_case() != Response::RESPONSE_TYPE_NOT_SET) {
    return false;
  }
  const bool twice = (first.has_schema() && second.has_schema()) || (first.has_metrics() && second.has_metrics()) ||
                     (first.observed_metrics_size() > 0 && second.observed_metrics_size() > 0);
  return !twice && !second.has_result_complete();
}

}  // namespace

bool ResponseBuffer::Join(proto::ExecutePlanResponse* response) {
  if (items_.empty() || items_.back().message == nullptr) return false;
  Item& last = items_.back();
  if (!FitTogether(*last.message, *response)) return false;
  response->clear_response_id();
  last.message->MergeFrom(std::move(*response));
  const auto size = static_cast<int64_t>(last.message->ByteSizeLong());
  unsent_bytes_ += size - last.size;
  last.size = size;
  return true;
}

void ResponseBuffer::Store(proto::ExecutePlanResponse* response) {
  if (Join(response)) {
    if (unsent_bytes_ >= std::min(kGatherBytes, limits_.unsent_bytes)) changed_.notify_all();
    return;
  }
  char number[16];
  const int64_t index = first_index_ + static_cast<int64_t>(items_.size());
  std::snprintf(number, sizeof(number), "%012llx", static_cast<unsigned long long>(index));
  response->set_response_id(id_prefix_ + number);
  Item item;
  item.size = static_cast<int64_t>(response->ByteSizeLong());
  if (item.size < kGatherBytes) {
    item.message = std::make_unique<proto::ExecutePlanResponse>(std::move(*response));
  } else {
    item.bytes = Serialize(*response);
  }
  unsent_bytes_ += item.size;
  items_.push_back(std::move(item));
  if (unsent_bytes_ >= std::min(kGatherBytes, limits_.unsent_bytes)) changed_.notify_all();
}

bool ResponseBuffer::Push(proto::ExecutePlanResponse* response) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || unsent_bytes_ < limits_.unsent_bytes; });
  if (closed_ || final_status_) return false;
  Store(response);
  return true;
}

bool ResponseBuffer::TryPush(proto::ExecutePlanResponse* response) {
  std::lock_guard lock(mutex_);
  if (closed_ || final_status_ || unsent_bytes_ >= limits_.unsent_bytes) return false;
  Store(response);
  return true;
}

void ResponseBuffer::Finish(grpc::Status status) {
  std::lock_guard lock(mutex_);
  if (!final_status_) final_status_ = std::move(status);
  changed_.notify_all();
}

int64_t ResponseBuffer::Attach() {
  std::lock_guard lock(mutex_);
  consumer_ = ++last_consumer_;
  detached_since_nanos_ = 0;
  changed_.notify_all();
  return consumer_;
}

void ResponseBuffer::Detach(int64_t consumer, int64_t now_nanos) {
  std::lock_guard lock(mutex_);
  if (consumer_ != consumer) return;
  consumer_ = 0;
  detached_since_nanos_ = now_nanos;
  if (!closes_when_detached_) return;
  closed_ = true;
  items_.clear();
  changed_.notify_all();
}

ResponseBuffer::ReadResult ResponseBuffer::Read(int64_t consumer, int64_t index, std::chrono::milliseconds timeout,
                                                Response* out) {
  std::unique_lock lock(mutex_);
  auto end = [&] { return first_index_ + static_cast<int64_t>(items_.size()); };
  changed_.wait_for(lock, timeout, [&] { return closed_ || consumer_ != consumer || final_status_ || index < end(); });
  if (consumer_ != consumer) return ReadResult::kDetached;
  if (closed_ || index < first_index_) return ReadResult::kGone;
  if (index < end()) {
    Item& item = items_[static_cast<size_t>(index - first_index_)];
    if (item.message != nullptr) {
      item.bytes = Serialize(*item.message);
      item.message.reset();
    }
    out->bytes = item.bytes;
    out->last = final_status_ && index + 1 == end();
    return ReadResult::kResponse;
  }
  if (!final_status_) return ReadResult::kTimeout;
  drained_ = true;
  return ReadResult::kEnd;
}

void ResponseBuffer::MarkSent(int64_t index) {
  std::lock_guard lock(mutex_);
  for (int64_t i = std::max(sent_index_ + 1, first_index_); i <= index; i++) {
    const auto at = static_cast<size_t>(i - first_index_);
    if (at >= items_.size()) break;
    unsent_bytes_ -= items_[at].size;
    retained_bytes_ += items_[at].size;
    sent_index_ = i;
  }
  Trim();
  changed_.notify_all();
}

// Sent responses beyond the limit go, oldest first; the last one sent always stays for a reattaching client.
void ResponseBuffer::Trim() {
  while (!items_.empty() && first_index_ <= sent_index_ && retained_bytes_ > limits_.retained_bytes &&
         (limits_.retained_bytes == 0 || first_index_ < sent_index_)) {
    retained_bytes_ -= items_.front().size;
    items_.pop_front();
    first_index_++;
  }
}

grpc::Status ResponseBuffer::final_status() const {
  std::lock_guard lock(mutex_);
  return final_status_.value_or(grpc::Status::OK);
}

std::optional<int64_t> ResponseBuffer::IndexOf(const std::string& response_id) const {
  if (!response_id.starts_with(id_prefix_)) return std::nullopt;
  int64_t index = 0;
  const char* begin = response_id.data() + id_prefix_.size();
  const char* end = response_id.data() + response_id.size();
  auto [stop, error] = std::from_chars(begin, end, index, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  std::lock_guard lock(mutex_);
  if (index < 1 || index >= first_index_ + static_cast<int64_t>(items_.size())) return std::nullopt;
  return index;
}

void ResponseBuffer::ReleaseUntil(int64_t index) {
  std::lock_guard lock(mutex_);
  while (!items_.empty() && first_index_ <= index) {
    (first_index_ <= sent_index_ ? retained_bytes_ : unsent_bytes_) -= items_.front().size;
    items_.pop_front();
    first_index_++;
  }
  sent_index_ = std::max(sent_index_, first_index_ - 1);
  changed_.notify_all();
}

void ResponseBuffer::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  items_.clear();
  changed_.notify_all();
}

void ResponseBuffer::CloseWhenDetached() {
  {
    std::lock_guard lock(mutex_);
    closes_when_detached_ = true;
    if (consumer_ != 0) return;
  }
  Close();
}

bool ResponseBuffer::finished() const {
  std::lock_guard lock(mutex_);
  return final_status_.has_value();
}

int64_t ResponseBuffer::detached_since_nanos() const {
  std::lock_guard lock(mutex_);
  return detached_since_nanos_;
}

bool ResponseBuffer::drained() const {
  std::lock_guard lock(mutex_);
  return drained_;
}

}  // namespace deltic::spark::connect
