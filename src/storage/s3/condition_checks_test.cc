// Who finds out whether a server looks at If-None-Match, and when; the store sends no commit before that is known.
#include "storage/s3/condition_checks.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "storage/s3/s3_store.h"
#include "storage/testing/scripted_http.h"

namespace deltic::storage::s3 {
namespace {

using Finding = ConditionChecks::Finding;
using testing::ScriptedHttp;

TEST(ConditionChecks, OnceForABucketAndOnlyWhatIsGoodIsKept) {
  ConditionChecks checks;
  int probes = 0;
  const auto find = [&](const Result<Finding>& finding) {
    return [&probes, finding] {
      probes++;
      return finding;
    };
  };
  EXPECT_TRUE(checks.Require("a", find(Error("IO_ERROR"))).status().Is("IO_ERROR"));
  EXPECT_EQ(checks.Require("a", find(Finding::kIgnored)).value(), Finding::kIgnored);
  EXPECT_EQ(checks.Require("a", find(Finding::kHeeded)).value(), Finding::kHeeded);
  EXPECT_EQ(checks.Require("a", find(Finding::kIgnored)).value(), Finding::kHeeded);
  EXPECT_EQ(probes, 3);
  EXPECT_EQ(checks.Begin("a", find(Finding::kIgnored)), nullptr);
  EXPECT_EQ(checks.Require("b", find(Finding::kIgnored)).value(), Finding::kIgnored);
}

TEST(ConditionChecks, WhatNoThreadRunsIsTakenOver) {
  ConditionChecks checks;
  int begun = 0;
  const auto work = checks.Begin("a", [&] {
    begun++;
    return Finding::kIgnored;
  });
  ASSERT_NE(work, nullptr);
  EXPECT_EQ(checks.Begin("a", [] { return Finding::kIgnored; }), nullptr) << "one at a time";
  EXPECT_EQ(checks.Require("a", [] { return Finding::kHeeded; }).value(), Finding::kHeeded);
  work();
  EXPECT_EQ(begun, 0) << "a thread that comes too late does nothing";
}

TEST(ConditionChecks, WhatIsUnderWayIsWaitedFor) {
  ConditionChecks checks;
  std::promise<void> started;
  std::promise<Finding> answer;
  const auto work = checks.Begin("a", [&] {
    started.set_value();
    return answer.get_future().get();
  });
  std::thread prober(work);
  started.get_future().wait();
  std::vector<std::future<Result<Finding>>> needed;
  for (int i = 0; i < 4; i++) {
    needed.push_back(std::async(std::launch::async, [&] {
      return checks.Require("a", [] {
        ADD_FAILURE() << "probed twice";
        return Finding::kIgnored;
      });
    }));
  }
  answer.set_value(Finding::kHeeded);
  prober.join();
  for (auto& finding : needed) EXPECT_EQ(finding.get().value(), Finding::kHeeded);
}

TEST(ConditionChecks, WhoWaitedForAProbeThatCameToNothingProbesToo) {
  ConditionChecks checks;
  std::promise<void> started;
  std::promise<void> release;
  const auto work = checks.Begin("a", [&]() -> Result<Finding> {
    started.set_value();
    release.get_future().wait();
    return Error("IO_ERROR", {{"path", "the one begun"}});
  });
  std::thread prober(work);
  started.get_future().wait();
  std::atomic<int> probes = 0;
  std::vector<std::future<Result<Finding>>> needed;
  for (int i = 0; i < 4; i++) {
    needed.push_back(std::async(std::launch::async, [&] {
      return checks.Require("a", [&]() -> Result<Finding> {
        if (++probes == 1) return Error("IO_ERROR", {{"path", "its own"}});
        return Finding::kHeeded;
      });
    }));
  }
  release.set_value();
  prober.join();
  int failed = 0;
  for (auto& waited : needed) {
    const auto finding = waited.get();
    if (finding.ok()) continue;
    failed++;
    EXPECT_EQ(finding.status().Param("path"), "its own");
  }
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(probes, 2) << "what was found holds for the others";
}

constexpr char kCommit[] = "s3a://bucket/t/_delta_log/1.json";

class AtOnce final : public Pause {
  void ForMillis(int64_t) override {}
};

struct Server {
  std::shared_ptr<ScriptedHttp> http;
  std::shared_ptr<ObjectStore> store;
};

Server With(std::vector<ScriptedHttp::Answer> answers, int attempts = 1) {
  S3Options options;
  options.defaults.endpoint = "http://127.0.0.1:1";
  options.defaults.anonymous = true;
  options.defaults.check_conditions = true;
  options.defaults.retry.max_attempts = attempts;
  Server out;
  out.http = std::make_shared<ScriptedHttp>(std::move(answers));
  static AtOnce pause;
  out.store = NewS3Store(options, "tag", {.http = out.http, .pause = &pause});
  return out;
}

TEST(ExpectedPuts, TheCommitFollowsTheProbe) {
  std::promise<void> release;
  const auto slow = [released = release.get_future().share()](const HttpRequest& request) {
    released.wait();
    return ScriptedHttp::S3Error(412, "PreconditionFailed")(request);
  };
  const Server s = With({ScriptedHttp::Status(200), slow, ScriptedHttp::Status(200)});
  s.store->ExpectPutIfAbsent("s3a://bucket/t/_delta_log/0.json");
  s.store->ExpectPutIfAbsent("s3a://bucket/t/_delta_log/0.json");
  s.http->WaitForRequests(2);
  auto put = std::async(std::launch::async, [&] { return s.store->PutIfAbsent(kCommit, "x"); });
  EXPECT_EQ(s.http->asked().size(), 2U);
  release.set_value();
  EXPECT_EQ(put.get().value(), PutOutcome::kCreated);
  s.http->WaitForRequests(4);
  int commits = 0;
  int deletes = 0;
  for (const auto& request : s.http->asked()) {
    commits += request == "PUT http://127.0.0.1:1/bucket/t/_delta_log/1.json";
    deletes += request.starts_with("DELETE http://127.0.0.1:1/bucket/t/_delta_log/.deltic-condition-");
  }
  EXPECT_EQ(commits, 1);
  EXPECT_EQ(deletes, 1);
  EXPECT_EQ(s.store->PutIfAbsent("s3a://bucket/t/_delta_log/2.json", "x").value(), PutOutcome::kCreated);
  EXPECT_EQ(s.http->asked().size(), 5U);
}

TEST(ExpectedPuts, AServerThatIgnoresConditionsGetsNoCommit) {
  const Server s = With({ScriptedHttp::Status(200)});
  s.store->ExpectPutIfAbsent(kCommit);
  s.http->WaitForRequests(3);
  const auto status = s.store->PutIfAbsent(kCommit, "x").status();
  EXPECT_NE(status.detail().find("If-None-Match"), std::string::npos) << status.detail();
  EXPECT_NE(status.detail().find(kCommit), std::string::npos) << status.detail();
  for (const auto& request : s.http->asked()) EXPECT_EQ(request.find("1.json"), std::string::npos) << request;
}

// Answers puts in order, the last one again and again, and anything else with 204.
ScriptedHttp::Answer ToPuts(std::vector<ScriptedHttp::Answer> answers) {
  return [answers = std::make_shared<std::vector<ScriptedHttp::Answer>>(std::move(answers)),
          next = std::make_shared<std::atomic<size_t>>(0)](const HttpRequest& request) {
    if (request.method != "PUT") return ScriptedHttp::Status(204)(request);
    return (*answers)[std::min((*next)++, answers->size() - 1)](request);
  };
}

int CommitsSentTo(const Server& s) {
  int commits = 0;
  for (const auto& request : s.http->asked()) commits += request.ends_with("/1.json");
  return commits;
}

TEST(ExpectedPuts, WhatProvesNothingLetsNoCommitGo) {
  const auto created = ScriptedHttp::Status(200);
  const auto heeded = ScriptedHttp::S3Error(412, "PreconditionFailed");
  for (const int status : {403, 503}) {
    SCOPED_TRACE(status);
    const auto failed = ScriptedHttp::S3Error(status, "Scripted");
    // The second put of one probe fails, then the first of the next; the third finds out.
    const Server s = With({ToPuts({created, failed, failed, created, heeded, created})});
    const auto second = s.store->PutIfAbsent(kCommit, "x").status();
    EXPECT_NE(second.detail().find("If-None-Match"), std::string::npos) << second.detail();
    EXPECT_NE(second.detail().find(kCommit), std::string::npos) << second.detail();
    EXPECT_EQ(second.Param("outcome"), "") << "nothing was sent that may have been carried out";
    const auto first = s.store->PutIfAbsent(kCommit, "x").status();
    EXPECT_NE(first.detail().find("Scripted"), std::string::npos) << first.detail();
    EXPECT_NE(first.detail().find(kCommit), std::string::npos) << first.detail();
    EXPECT_EQ(CommitsSentTo(s), 0);
    EXPECT_EQ(s.store->PutIfAbsent(kCommit, "x").value(), PutOutcome::kCreated);
    EXPECT_EQ(CommitsSentTo(s), 1);
  }
}

TEST(ExpectedPuts, AProbeThatFailedAheadIsMadeAgain) {
  const auto created = ScriptedHttp::Status(200);
  const auto busy = ScriptedHttp::S3Error(503, "SlowDown");
  const auto heeded = ScriptedHttp::S3Error(412, "PreconditionFailed");
  const Server s = With({ToPuts({created, busy, created, heeded, created})});
  s.store->ExpectPutIfAbsent(kCommit);
  s.http->WaitForRequests(2);
  EXPECT_EQ(s.store->PutIfAbsent(kCommit, "x").value(), PutOutcome::kCreated);
  EXPECT_EQ(CommitsSentTo(s), 1);
}

TEST(ExpectedPuts, AProbeIsTriedAgainAsAnyRequestIs) {
  const auto created = ScriptedHttp::Status(200);
  const auto busy = ScriptedHttp::S3Error(503, "SlowDown");
  const auto heeded = ScriptedHttp::S3Error(412, "PreconditionFailed");
  const Server s = With({ToPuts({busy, created, busy, heeded, created})}, /*attempts=*/2);
  EXPECT_EQ(s.store->PutIfAbsent(kCommit, "x").value(), PutOutcome::kCreated);
  EXPECT_EQ(CommitsSentTo(s), 1);
}

TEST(ExpectedPuts, AStoreThatIsGoneWaitsForNothing) {
  std::promise<void> release;
  const auto slow = [released = release.get_future().share()](const HttpRequest& request) {
    released.wait();
    return ScriptedHttp::S3Error(412, "PreconditionFailed")(request);
  };
  Server s = With({slow});
  s.store->ExpectPutIfAbsent(kCommit);
  s.http->WaitForRequests(1);
  s.store.reset();
  release.set_value();
}

}  // namespace
}  // namespace deltic::storage::s3
