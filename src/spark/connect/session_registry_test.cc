#include "spark/connect/session_registry.h"

#include <gtest/gtest.h>

namespace deltic::spark::connect {
namespace {

constexpr int64_t kMinuteMicros = 60'000'000;
constexpr int64_t kTimeoutMs = 60 * 60'000;
constexpr char kId[] = "00112233-4455-6677-8899-aabbccddeeff";
constexpr char kOther[] = "10112233-4455-6677-8899-aabbccddeeff";

class SessionRegistryTest : public ::testing::Test {
 protected:
  SessionRegistryTest() {
    state_.clock = &clock_;
    state_.server_conf = std::make_shared<const std::map<std::string, std::string>>();
  }
  void Sweep() { registry_.Sweep(clock_.MonotonicNanos(), kTimeoutMs, kTimeoutMs); }

  ManualClock clock_{1'700'000'000'000'000};
  session::ServerState state_;
  SessionRegistry registry_{&state_, std::make_shared<streaming::StreamingHost>()};
};

TEST_F(SessionRegistryTest, IdleSessionsExpireAndSayWhy) {
  const auto first = registry_.Acquire("ann", kId, "");
  ASSERT_TRUE(first.ok());
  clock_.AdvanceMicros(59 * kMinuteMicros);
  Sweep();
  EXPECT_EQ(registry_.size(), 1U);
  clock_.AdvanceMicros(2 * kMinuteMicros);
  Sweep();
  EXPECT_EQ(registry_.size(), 0U);
  EXPECT_EQ(registry_.Acquire("ann", kId, "").status().condition(), "INVALID_HANDLE.SESSION_CLOSED");
  EXPECT_TRUE(registry_.Acquire("ann", kOther, "").ok());
}

TEST_F(SessionRegistryTest, UseKeepsASessionAlive) {
  ASSERT_TRUE(registry_.Acquire("ann", kId, "").ok());
  for (int i = 0; i < 5; i++) {
    clock_.AdvanceMicros(40 * kMinuteMicros);
    ASSERT_TRUE(registry_.Acquire("ann", kId, "").ok());
    Sweep();
  }
  EXPECT_EQ(registry_.size(), 1U);
}

TEST_F(SessionRegistryTest, ExpiryFreesWhatTheSessionKept) {
  std::weak_ptr<SessionEntry> entry;
  {
    const auto acquired = registry_.Acquire("ann", kId, "");
    ASSERT_TRUE(acquired.ok());
    entry = *acquired;
  }
  clock_.AdvanceMicros(61 * kMinuteMicros);
  Sweep();
  EXPECT_TRUE(entry.expired());
}

// A client that ends its session without releasing what it ran.
TEST_F(SessionRegistryTest, ReleaseFreesOperationsToo) {
  std::weak_ptr<SessionEntry> entry;
  std::weak_ptr<Operation> unread;
  std::shared_ptr<Operation> read;
  {
    const auto acquired = registry_.Acquire("ann", kId, "");
    ASSERT_TRUE(acquired.ok());
    entry = *acquired;
    const auto operation =
        std::make_shared<Operation>(*acquired, proto::ExecutePlanRequest(), kOther, true, ResponseBuffer::Limits());
    unread = operation;
    ASSERT_TRUE((*acquired)->AddOperation(operation).ok());
    EXPECT_EQ((*acquired)->AddOperation(operation).condition(), "INVALID_HANDLE.OPERATION_ALREADY_EXISTS");
    read = std::make_shared<Operation>(*acquired, proto::ExecutePlanRequest(), kId, true, ResponseBuffer::Limits());
    ASSERT_TRUE((*acquired)->AddOperation(read).ok());
  }
  const int64_t consumer = read->responses().Attach();
  registry_.Release("ann", kId, false);
  EXPECT_TRUE(unread.expired());
  EXPECT_TRUE(read->cancelled());
  EXPECT_EQ(read->session()->AddOperation(read).condition(), "INVALID_HANDLE.SESSION_CLOSED");
  // Who still reads sees the end; then nothing waits for a reader that never comes.
  proto::ExecutePlanResponse response;
  EXPECT_TRUE(read->responses().Push(&response));
  read->responses().Detach(consumer, 1);
  EXPECT_FALSE(read->responses().Push(&response));
  read.reset();
  EXPECT_TRUE(entry.expired());
}

TEST_F(SessionRegistryTest, EndOfTheServerFreesThem) {
  std::weak_ptr<Operation> left;
  {
    SessionRegistry registry(&state_, std::make_shared<streaming::StreamingHost>());
    const auto acquired = registry.Acquire("ann", kId, "");
    ASSERT_TRUE(acquired.ok());
    const auto operation =
        std::make_shared<Operation>(*acquired, proto::ExecutePlanRequest(), kOther, true, ResponseBuffer::Limits());
    left = operation;
    ASSERT_TRUE((*acquired)->AddOperation(operation).ok());
  }
  EXPECT_TRUE(left.expired());
}

TEST_F(SessionRegistryTest, UsersDoNotShareSessions) {
  ASSERT_TRUE(registry_.Acquire("ann", kId, "").ok());
  EXPECT_EQ(registry_.Find("bob", kId, "").status().condition(), "INVALID_HANDLE.SESSION_NOT_FOUND");
}

}  // namespace
}  // namespace deltic::spark::connect
