// Who finds out whether a server looks at If-None-Match, and when; the store sends no commit before that is known.
#include "storage/s3/condition_checks.h"

#include <gtest/gtest.h>

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
  const auto find = [&](Finding finding) {
    return [&probes, finding] {
      probes++;
      return finding;
    };
  };
  EXPECT_EQ(checks.Require("a", find(Finding::kUnknown)), Finding::kUnknown);
  EXPECT_EQ(checks.Require("a", find(Finding::kIgnored)), Finding::kIgnored);
  EXPECT_EQ(checks.Require("a", find(Finding::kHeeded)), Finding::kHeeded);
  EXPECT_EQ(checks.Require("a", find(Finding::kIgnored)), Finding::kHeeded);
  EXPECT_EQ(probes, 3);
  EXPECT_EQ(checks.Begin("a", find(Finding::kIgnored)), nullptr);
  EXPECT_EQ(checks.Require("b", find(Finding::kIgnored)), Finding::kIgnored);
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
  EXPECT_EQ(checks.Require("a", [] { return Finding::kHeeded; }), Finding::kHeeded);
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
  std::vector<std::future<Finding>> needed;
  for (int i = 0; i < 4; i++) {
    needed.push_back(std::async(std::launch::async, [&] {
      return checks.Require("a", [] {
        ADD_FAILURE() << "probed twice";
        return Finding::kUnknown;
      });
    }));
  }
  answer.set_value(Finding::kHeeded);
  prober.join();
  for (auto& finding : needed) EXPECT_EQ(finding.get(), Finding::kHeeded);
}

constexpr char kCommit[] = "s3a://bucket/t/_delta_log/1.json";

struct Server {
  std::shared_ptr<ScriptedHttp> http;
  std::shared_ptr<ObjectStore> store;
};

Server With(std::vector<ScriptedHttp::Answer> answers) {
  S3Options options;
  options.defaults.endpoint = "http://127.0.0.1:1";
  options.defaults.anonymous = true;
  options.defaults.check_conditions = true;
  options.defaults.retry.max_attempts = 1;
  Server out;
  out.http = std::make_shared<ScriptedHttp>(std::move(answers));
  out.store = NewS3Store(options, "tag", {out.http});
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
