// An HttpClient that answers by script and remembers what it was asked: for answers that real servers do not give when
// wanted. Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "storage/s3/http_client.h"

namespace deltic::storage::testing {

class ScriptedHttp final : public s3::HttpClient {
 public:
  using Answer = std::function<s3::HttpResponse(const s3::HttpRequest&)>;

  // The answers in order; the last one is given again and again.
  explicit ScriptedHttp(std::vector<Answer> answers) : answers_(answers.begin(), answers.end()) {}

  static Answer Status(int status, std::string body = {}) {
    return [=](const s3::HttpRequest& request) {
      s3::HttpResponse response;
      response.status = status;
      if (request.sink != nullptr && status < 300) {
        response.sink_bytes = static_cast<int64_t>(body.copy(request.sink, static_cast<size_t>(request.sink_capacity)));
      } else {
        response.body = body;
      }
      return response;
    };
  }
  static Answer S3Error(int status, const std::string& code) {
    return Status(status, "<Error><Code>" + code + "</Code><Message>scripted</Message></Error>");
  }
  static Answer Broken(s3::HttpResponse::Failure failure) {
    return [=](const s3::HttpRequest&) {
      s3::HttpResponse response;
      response.failure = failure;
      response.failure_text = "scripted";
      return response;
    };
  }

  s3::HttpResponse Send(const s3::HttpRequest& request) override {
    Answer answer;
    {
      std::lock_guard lock(mutex_);
      asked_.push_back(request.method + " " + request.url);
      answer = answers_.front();
      if (answers_.size() > 1) answers_.pop_front();
    }
    came_.notify_all();
    return answer(request);
  }

  void WaitForRequests(size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return asked_.size() >= count; });
  }

  std::vector<std::string> asked() {
    std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Answer> answers_;
  std::vector<std::string> asked_;
};

}  // namespace deltic::storage::testing
