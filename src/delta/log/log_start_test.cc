// How a table on a far store is opened: the requests, and that the hint is only a hint.
#include <gtest/gtest.h>

#include <algorithm>

#include "delta/log/log_files.h"
#include "delta/log/version_checksum.h"
#include "delta/transaction/testing/table_fixture.h"
#include "storage/testing/fault_store.h"

namespace deltic::delta {
namespace {

using storage::testing::Fault;
using storage::testing::FaultStore;
using storage::testing::Op;

// A table of 13 versions with a checkpoint of version 10.
class LogStartTest : public testing::TableTest {
 protected:
  void SetUp() override {
    inner_ = storage::NewMemoryStore(&clock_);
    far_ = std::make_shared<FaultStore>(inner_, [this](Op op, std::string_view path) {
      std::string name(storage::BaseName(path));
      if (op == Op::kHead) name = "head " + name;
      asked_.push_back(op == Op::kList ? "list" : name);
      return name == failing_ ? Fault::kFail : Fault::kNone;
    });
    Use(far_);
    Create();
    for (int i = 1; i <= 12; i++) ASSERT_TRUE(Append(Load(), "f" + std::to_string(i)).ok());
    asked_.clear();
  }
  void BeFarAway(size_t names_of_a_page) { far_->BeFarAway(4, names_of_a_page); }
  // Opens the table as it should be, by as many requests of a kind.
  void ExpectOpen(int64_t version, std::optional<int64_t> asked_version = std::nullopt) {
    asked_.clear();
    const auto snapshot = Load(asked_version);
    ASSERT_NE(snapshot, nullptr);
    EXPECT_EQ(snapshot->version(), version);
    EXPECT_EQ(snapshot->files().size(), static_cast<size_t>(version));
    EXPECT_TRUE(VerifyChecksum(inner_.get(), *snapshot).ok());
  }
  int64_t Asked(const std::string& name) { return std::count(asked_.begin(), asked_.end(), name); }
  static std::string Json(int64_t version) { return VersionPrefix(version) + ".json"; }

  std::shared_ptr<storage::ObjectStore> inner_;
  std::shared_ptr<FaultStore> far_;
  std::vector<std::string> asked_;
  std::string failing_;
};

TEST_F(LogStartTest, ANearStoreIsAskedAsItAlwaysWas) {
  ExpectOpen(12);
  const std::string checkpoint = VersionPrefix(10) + ".checkpoint.parquet";
  EXPECT_EQ(asked_, (std::vector<std::string>{"_last_checkpoint", "list", Json(11), Json(12), checkpoint,
                                              VersionPrefix(12) + ".crc"}));
}

TEST_F(LogStartTest, AShortLogIsListedOnce) {
  BeFarAway(100);
  ExpectOpen(12);
  EXPECT_EQ(Asked("list"), 1);
  EXPECT_EQ(Asked("_last_checkpoint"), 1);
  EXPECT_EQ(Asked(Json(10)), 0) << "the checkpoint was found without its hint";
  EXPECT_EQ(asked_.size(), 6U);
  ExpectOpen(4, 4);
  EXPECT_EQ(Asked("list"), 1);
}

TEST_F(LogStartTest, ALongLogIsListedFromTheHint) {
  BeFarAway(5);
  ExpectOpen(12);
  EXPECT_EQ(Asked("list"), 2);
  EXPECT_EQ(asked_.size(), 7U);
  ExpectOpen(4, 4);
  EXPECT_EQ(Asked("list"), 2);
}

TEST_F(LogStartTest, TheHintIsOnlyAHint) {
  for (const size_t names : {5U, 100U}) {
    BeFarAway(names);
    for (const std::string hint :
         {"{\"version\":99,\"size\":1}", "{\"version\":7,\"size\":1}", "{\"version\":-3}", "nonsense", ""}) {
      ASSERT_TRUE(inner_->Put(LastCheckpointPath(table_), hint).ok());
      ExpectOpen(12);
      ExpectOpen(11, 11);
    }
    ASSERT_TRUE(inner_->Delete(LastCheckpointPath(table_)).ok());
    ExpectOpen(12);
    EXPECT_EQ(Asked("list"), names == 5 ? 2 : 1);
  }
}

TEST_F(LogStartTest, AFailingHintFailsOnlyWhoNeedsIt) {
  failing_ = "_last_checkpoint";
  BeFarAway(100);
  ExpectOpen(12);
  BeFarAway(5);
  EXPECT_EQ(Snapshot::Load(io_, table_).status().condition(), "IO_ERROR");
  failing_ = "list";
  EXPECT_TRUE(Snapshot::Load(io_, table_).ok()) << "names of lists are those of directories";
  failing_ = "_delta_log";
  EXPECT_EQ(Snapshot::Load(io_, table_).status().condition(), "IO_ERROR");
}

TEST_F(LogStartTest, AMissingCommitAmongThoseReadTogether) {
  BeFarAway(100);
  failing_ = Json(11);
  EXPECT_EQ(Snapshot::Load(io_, table_).status().condition(), "IO_ERROR");
  failing_ = VersionPrefix(12) + ".crc";
  ExpectOpen(12);
}

TEST_F(LogStartTest, AnOwnCommitIsNotReadBack) {
  const auto before = Load();
  ASSERT_TRUE(Append(before, "mine").ok());
  asked_.clear();
  const auto after = Snapshot::Refresh(io_, before).value();
  EXPECT_EQ(after->version(), 13);
  EXPECT_EQ(asked_, std::vector<std::string>{"list"});
  EXPECT_TRUE(VerifyChecksum(inner_.get(), *after).ok());
  // A reader of the same snapshot before another writer's commit knows nothing of it.
  ASSERT_TRUE(Append(Load(), "theirs").ok());
  asked_.clear();
  EXPECT_EQ(Snapshot::Refresh(io_, after).value()->version(), 14);
  EXPECT_EQ(asked_, (std::vector<std::string>{"list", Json(14)}));
}

TEST_F(LogStartTest, ALostRaceIsReadBack) {
  const auto before = Load();
  ASSERT_TRUE(Append(Load(), "theirs").ok());
  ASSERT_TRUE(Append(before, "mine").ok());
  asked_.clear();
  const auto after = Snapshot::Refresh(io_, before).value();
  EXPECT_EQ(after->version(), 14);
  EXPECT_EQ(asked_, (std::vector<std::string>{"list", Json(13), Json(14)}));
  EXPECT_EQ(after->files().size(), 14U);
}

TEST_F(LogStartTest, ACommitOfAnotherSizeIsNotOurs) {
  const auto before = Load();
  ASSERT_TRUE(Append(before, "mine").ok());
  const std::string text = inner_->Get(CommitPath(table_, 13)).value();
  ASSERT_TRUE(inner_->Put(CommitPath(table_, 13), text + "\n").ok());
  asked_.clear();
  EXPECT_EQ(Snapshot::Refresh(io_, before).value()->version(), 13);
  EXPECT_EQ(Asked(Json(13)), 1);
}

TEST_F(LogStartTest, WhatIsNoTable) {
  for (const size_t names : {0U, 5U, 100U}) {
    if (names > 0) BeFarAway(names);
    EXPECT_EQ(Snapshot::Load(io_, "memory:/none").status().condition(), "DELTA_MISSING_TRANSACTION_LOG");
    EXPECT_FALSE(IsDeltaTable(far_.get(), "memory:/none").value());
    asked_.clear();
    EXPECT_TRUE(IsDeltaTable(far_.get(), table_).value());
    EXPECT_EQ(asked_.size(), 1U);
    EXPECT_EQ(Snapshot::Load(io_, table_, 13).status().condition(), "DELTA_VERSION_NOT_FOUND");
    EXPECT_EQ(Snapshot::Load(io_, table_, 13).status().Param("latest"), "12");
  }
}

}  // namespace
}  // namespace deltic::delta
