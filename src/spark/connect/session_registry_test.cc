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

TEST_F(SessionRegistryTest, UsersDoNotShareSessions) {
  ASSERT_TRUE(registry_.Acquire("ann", kId, "").ok());
  EXPECT_EQ(registry_.Find("bob", kId, "").status().condition(), "INVALID_HANDLE.SESSION_NOT_FOUND");
}

}  // namespace
}  // namespace deltic::spark::connect
