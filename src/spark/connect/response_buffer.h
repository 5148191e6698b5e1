// The responses of one operation between its producer and the client's stream: numbered, bounded, and kept for a while
// after sending so that a client that lost its connection can read on from the last response it has.
//
// The producer blocks while too much is unsent, so memory stays constant whatever the result's size. Small responses
// wait for company: a consumer that waits in Read is woken by kGatherBytes or by the end, and looks by itself when its
// timeout has passed; until it has looked, a response takes up the next one if that fits beside it (schema, batch and
// metrics have fields of their own). So a short query's answer is one message, and a client releases one response, not
// three. Thread-safe; one producer, one current consumer (a newer attach displaces an older one).
#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "spark/connect/base.pb.h"

namespace deltic::spark::connect {

namespace proto = ::spark::connect;

class ResponseBuffer {
 public:
  static constexpr int64_t kGatherBytes = int64_t{64} << 10;
  struct Limits {
    int64_t unsent_bytes = int64_t{16} << 20;
    int64_t retained_bytes = int64_t{10} << 20;  // 0: nothing is kept after sending (not reattachable)
  };
  // `id_prefix`: 24 characters of a UUID; a response's id is the prefix and its number.
  ResponseBuffer(std::string id_prefix, Limits limits) : id_prefix_(std::move(id_prefix)), limits_(limits) {}

  // --- producer ---
  // Sets response_id, stores the response; blocks while the unsent limit is reached. False: closed meanwhile.
  bool Push(proto::ExecutePlanResponse* response);
  // As Push, without blocking; false also when over the limit.
  bool TryPush(proto::ExecutePlanResponse* response);
  // No more responses; the stream ends with `status` after the last one. The first call counts.
  void Finish(grpc::Status status);

  // --- consumer ---
  // A new consumer; the previous one gets kDetached.
  int64_t Attach();
  // `now_nanos`: monotonic.
  void Detach(int64_t consumer, int64_t now_nanos);
  enum class ReadResult : uint8_t { kResponse, kEnd, kTimeout, kDetached, kGone };
  struct Response {
    grpc::ByteBuffer bytes;
    bool last = false;  // the end follows
  };
  // Response number `index` (from 1). kGone: it was released or is no longer kept.
  ReadResult Read(int64_t consumer, int64_t index, std::chrono::milliseconds timeout, Response* out);
  void MarkSent(int64_t index);
  grpc::Status final_status() const;

  // --- client control ---
  // The number in a response id of this operation; nullopt when it is not one of ours.
  std::optional<int64_t> IndexOf(const std::string& response_id) const;
  void ReleaseUntil(int64_t index);
  // Drops everything and makes Push and Read fail.
  void Close();
  // The same as soon as it has no consumer.
  void CloseWhenDetached();

  bool finished() const;
  // Monotonic time since when it has no consumer any more; 0: it has one, or is waiting for its first.
  int64_t detached_since_nanos() const;
  // Everything, the end included, has been read by a consumer.
  bool drained() const;

 private:
  struct Item {
    std::unique_ptr<proto::ExecutePlanResponse> message;  // of a small response that nobody has read; else null
    grpc::ByteBuffer bytes;
    int64_t size = 0;
  };
  // Adds `response` to the last item when both fit into one message and the last one has not been read.
  bool Join(proto::ExecutePlanResponse* response);
  void Store(proto::ExecutePlanResponse* response);
  void Trim();

  const std::string id_prefix_;
  const Limits limits_;
  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::deque<Item> items_;
  int64_t first_index_ = 1;  // of items_.front()
  int64_t sent_index_ = 0;   // highest sent
  int64_t unsent_bytes_ = 0;
  int64_t retained_bytes_ = 0;
  int64_t consumer_ = 0;  // 0: none
  int64_t last_consumer_ = 0;
  int64_t detached_since_nanos_ = 0;
  bool closed_ = false;
  bool closes_when_detached_ = false;
  bool drained_ = false;
  std::optional<grpc::Status> final_status_;
};

}  // namespace deltic::spark::connect
