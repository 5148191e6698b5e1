// Status → what a gRPC client receives: google.rpc.Status with an ErrorInfo, and FetchErrorDetails afterwards.
// Texts are capped so that the call's metadata stays under gRPC's 8 KB default.
#pragma once

#include <grpcpp/support/status.h>

#include <deque>
#include <functional>
#include <mutex>
#include <string>

#include "base/status.h"
#include "spark/connect/base.pb.h"

namespace deltic::spark::connect {

namespace proto = ::spark::connect;

// Errors a session has seen lately, for FetchErrorDetails; the oldest goes first. Thread-safe.
class ErrorLog {
 public:
  static constexpr size_t kMaxErrors = 64;
  // Remembers the error and returns its id. `sql_text`: the statement that positions refer to; may be empty.
  std::string Add(const Status& status, std::string sql_text);
  // False: unknown id; the response is left without errors.
  bool Fill(const std::string& id, proto::FetchErrorDetailsResponse* out);

 private:
  struct Entry {
    std::string id;
    Status status;
    std::string sql_text;
  };
  std::mutex mutex_;
  std::deque<Entry> entries_;
};

// `log` may be null: then the client gets no errorId. `sql_text` as in ErrorLog::Add.
grpc::Status ToGrpcStatus(const Status& status, ErrorLog* log, const std::string& sql_text = {});

// Runs the work of a request. What it throws, which nobody expects, ends the request and not the server:
// INTERNAL_ERROR, OUT_OF_MEMORY; it is logged.
Status Contained(const std::function<Status()>& work);

// At most `limit` bytes: the head and the tail of a longer text, cut between characters.
std::string Abbreviate(const std::string& text, size_t limit);

}  // namespace deltic::spark::connect
