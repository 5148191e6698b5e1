// The conflict matrix: what a transaction does × what a winner did (delta-spark 3.3 ConflictChecker and its tests in
// OptimisticTransactionSuite). Each cell names the condition that delta-spark throws, or nothing.
#include <gtest/gtest.h>

#include "delta/log/log_files.h"
#include "delta/spec/row_tracking.h"
#include "delta/transaction/testing/table_fixture.h"

namespace deltic::delta {
namespace {

constexpr char kNone[] = "";

// The table holds the files a (partition a) and b (partition b). Winners and transactions start from it.
class ConflictMatrix : public testing::TableTest {
 protected:
  using Action = std::function<void(Transaction*)>;

  void Make(std::map<std::string, std::string> configuration = {}, bool partitioned = true) {
    Use(storage::NewMemoryStore(&clock_));
    Create(std::move(configuration), partitioned);
    Transaction txn(io_, Load(), &random_);
    txn.Add(File("a", "a"));
    txn.Add(File("b", "b"));
    ASSERT_TRUE(txn.Commit(Write()).ok());
    base_ = Load();
  }
  AddFile FileOf(const std::string& path) const {
    for (const auto& file : base_->files()) {
      if (file.path == path) return file;
    }
    return {};
  }
  // Condition of the error of `mine` after `winner` won; empty: it committed.
  std::string Race(const Action& winner, const Action& mine, const std::string& operation = "WRITE",
                   std::map<std::string, std::string> winner_tags = {}) {
    Make(configuration_, partitioned_);
    Transaction txn(io_, base_, &random_);
    mine(&txn);
    Transaction other(io_, base_, &random_);
    winner(&other);
    CommitOptions options = Write(winner_operation_);
    options.tags = std::move(winner_tags);
    const auto won = other.Commit(options);
    EXPECT_TRUE(won.ok()) << won.status().ToString();
    const auto version = txn.Commit(Write(operation));
    status_ = version.status();
    if (version.ok()) {
      EXPECT_EQ(*version, 3);
    }
    return version.ok() ? kNone : version.status().condition();
  }

  Action Adds(const std::string& path, const std::string& partition, bool data_change = true) {
    return [=](Transaction* txn) {
      AddFile file = File(path, partition);
      file.data_change = data_change;
      txn->Add(file);
    };
  }
  Action Removes(const std::string& path, bool data_change = true) {
    return [=, this](Transaction* txn) { txn->Remove(FileOf(path), data_change); };
  }
  Action Reads(const std::string& partition) {
    return [=](Transaction* txn) {
      txn->ReadPartitions([=](const PartitionValues& values) { return values.at("p") == partition; });
    };
  }
  Action ReadsFile(const std::string& path) {
    return [=, this](Transaction* txn) { txn->ReadFile(FileOf(path)); };
  }
  static Action ReadsAll() {
    return [](Transaction* txn) { txn->ReadWholeTable(); };
  }
  static Action SetsProperty(const std::string& value) {
    return [=](Transaction* txn) {
      Metadata metadata = txn->metadata();
      metadata.configuration["some.key"] = value;
      ASSERT_TRUE(txn->UpdateMetadata(metadata).ok());
    };
  }
  static Action Both(const Action& first, const Action& second) {
    return [=](Transaction* txn) {
      first(txn);
      second(txn);
    };
  }

  std::map<std::string, std::string> configuration_;
  bool partitioned_ = true;
  std::string winner_operation_ = "WRITE";
  std::shared_ptr<const Snapshot> base_;
  Status status_;
};

TEST_F(ConflictMatrix, AppendsAgainstReads) {
  EXPECT_EQ(Race(Adds("x", "a"), Adds("y", "a")), kNone) << "blind append";
  EXPECT_EQ(Race(Adds("x", "a"), Both(ReadsAll(), Adds("y", "a"))), "DELTA_CONCURRENT_APPEND");
  EXPECT_EQ(status_.Param("partition"), "partition [p=a]");
  EXPECT_EQ(status_.Param("retryMsg"), "Please try the operation again.");
  EXPECT_EQ(status_.Param("docLink"), "https://docs.delta.io/latest/concurrency-control.html");
  EXPECT_TRUE(status_.Param("conflictingCommit").starts_with("\nConflicting commit: {\"version\":2,\"timestamp\":"));
  EXPECT_EQ(Race(Adds("x", "a"), Both(Reads("a"), Adds("y", "a"))), "DELTA_CONCURRENT_APPEND");
  EXPECT_EQ(Race(Adds("x", "b"), Both(Reads("a"), Adds("y", "a"))), kNone) << "another partition";
  EXPECT_EQ(Race(Adds("x", "b"), Both(Both(Reads("a"), Reads("b")), Adds("y", "a"))), "DELTA_CONCURRENT_APPEND");
  // Compaction adds files too.
  EXPECT_EQ(Race(Both(Removes("b", false), Adds("x", "b", false)), Both(Reads("b"), Adds("y", "a"))),
            "DELTA_CONCURRENT_APPEND");
}

TEST_F(ConflictMatrix, AppendsAgainstReadsWithoutPartitions) {
  partitioned_ = false;
  const auto plain = [](const std::string& path) {
    return [=](Transaction* txn) {
      AddFile file = File(path);
      file.partition_values.clear();
      txn->Add(file);
    };
  };
  EXPECT_EQ(Race(plain("x"), plain("y")), kNone);
  EXPECT_EQ(Race(plain("x"), Both(ReadsFile("a"), plain("y"))), "DELTA_CONCURRENT_APPEND");
  EXPECT_EQ(status_.Param("partition"), "the root of the table");
  EXPECT_EQ(Race(plain("x"), Removes("a")), "DELTA_CONCURRENT_APPEND") << "a predicate that is not on partitions";
}

TEST_F(ConflictMatrix, WriteSerializableIgnoresBlindAppends) {
  configuration_ = {{"delta.isolationLevel", "WriteSerializable"}};
  EXPECT_EQ(Race(Adds("x", "a"), Both(Reads("a"), Adds("y", "a"))), kNone);
  EXPECT_EQ(Race(Both(ReadsFile("b"), Adds("x", "a")), Both(Reads("a"), Adds("y", "a"))), "DELTA_CONCURRENT_APPEND");
  // With new metadata the blind append counts again.
  EXPECT_EQ(Race(Adds("x", "a"), Both(Both(Reads("a"), SetsProperty("1")), Adds("y", "a"))), "DELTA_CONCURRENT_APPEND");
}

TEST_F(ConflictMatrix, CommitsThatChangeNoDataUseSnapshotIsolation) {
  const Action optimize = Both(Reads("a"), Both(Removes("a", false), Adds("y", "a", false)));
  EXPECT_EQ(Race(Adds("x", "a"), optimize, "OPTIMIZE"), kNone);
  EXPECT_NE(io_.store->Get(CommitPath(table_, 3))->find("\"isolationLevel\":\"SnapshotIsolation\""), std::string::npos);
  EXPECT_EQ(Race(Removes("a"), optimize, "OPTIMIZE"), "DELTA_CONCURRENT_DELETE_DELETE");
  EXPECT_EQ(Race(Removes("a"), Both(ReadsFile("a"), optimize), "OPTIMIZE"), "DELTA_CONCURRENT_DELETE_READ");
}

TEST_F(ConflictMatrix, DeletesAgainstReads) {
  EXPECT_EQ(Race(Removes("a"), Both(Both(Reads("a"), ReadsFile("a")), Adds("y", "a"))), "DELTA_CONCURRENT_DELETE_READ");
  EXPECT_EQ(status_.Param("file"), "a in partition [p=a]");
  EXPECT_EQ(Race(Removes("a"), Both(ReadsAll(), Adds("y", "b"))), "DELTA_CONCURRENT_DELETE_READ");
  EXPECT_EQ(status_.Param("file"), "a");
  EXPECT_EQ(Race(Removes("b"), Both(Both(Reads("a"), ReadsFile("a")), Adds("y", "a"))), kNone);
  EXPECT_EQ(Race(Removes("a"), Adds("y", "a")), kNone) << "blind append";
}

TEST_F(ConflictMatrix, DeletesAgainstDeletes) {
  EXPECT_EQ(Race(Removes("a"), Removes("a")), "DELTA_CONCURRENT_DELETE_DELETE");
  EXPECT_EQ(status_.Param("file"), "a");
  EXPECT_EQ(Race(Removes("a"), Removes("b")), kNone);
  EXPECT_EQ(Race(Removes("a"), Both(Both(Reads("a"), ReadsFile("a")), Removes("a"))), "DELTA_CONCURRENT_DELETE_READ");
}

TEST_F(ConflictMatrix, Metadata) {
  EXPECT_EQ(Race(SetsProperty("1"), Adds("y", "a")), "DELTA_METADATA_CHANGED");
  EXPECT_EQ(Race(SetsProperty("1"), SetsProperty("2")), "DELTA_METADATA_CHANGED");
  EXPECT_EQ(Race(Adds("x", "a"), SetsProperty("2")), kNone);
  // Only the high-water mark of an identity column moved.
  EXPECT_EQ(Race(SetsProperty("1"), Adds("y", "a"), "WRITE", {{"delta.identity.schemaUpdate", "true"}}), kNone);
  EXPECT_EQ(Race(SetsProperty("1"), SetsProperty("2"), "WRITE", {{"delta.identity.schemaUpdate", "true"}}),
            "DELTA_METADATA_CHANGED");
}

TEST_F(ConflictMatrix, IdentityMarks) {
  const auto moves = [](const std::string& mark) -> Action {
    return [=](Transaction* txn) {
      Metadata metadata = txn->metadata();
      metadata.configuration["mark"] = mark;  // as good as one in the schema
      ASSERT_TRUE(txn->UpdateIdentityMarks(metadata).ok());
    };
  };
  const auto tagged = [&] {
    return io_.store->Get(CommitPath(table_, 2))->find(R"("tags":{"delta.identity.schemaUpdate":"true"})") !=
           std::string::npos;
  };
  // delta-spark's table over ConflictChecker.checkNoMetadataUpdates.
  EXPECT_EQ(Race(Both(moves("1"), Adds("x", "a")), Both(Removes("b"), Reads("b"))), kNone);
  EXPECT_TRUE(tagged());
  EXPECT_EQ(Race(Both(moves("1"), Adds("x", "a")), Both(moves("2"), Adds("y", "a"))), "DELTA_METADATA_CHANGED");
  EXPECT_EQ(Race(moves("1"), SetsProperty("2")), "DELTA_METADATA_CHANGED");
  EXPECT_EQ(Race(moves("1"), Both(ReadsAll(), Adds("y", "a"))), kNone);
  // isIdentityOnlyMetadataUpdate: not beside other new metadata.
  EXPECT_EQ(Race(Both(SetsProperty("1"), moves("1")), Adds("y", "a")), "DELTA_METADATA_CHANGED");
  EXPECT_FALSE(tagged());
  EXPECT_EQ(Race(Both(moves("1"), SetsProperty("1")), Adds("y", "a")), "DELTA_METADATA_CHANGED");
}

TEST_F(ConflictMatrix, Protocol) {
  const Action upgrade = [](Transaction* txn) {
    Protocol protocol = txn->protocol();
    protocol.min_writer_version = 7;
    protocol.writer_features = {"appendOnly", "invariants", "domainMetadata"};
    ASSERT_TRUE(txn->UpdateProtocol(protocol).ok());
  };
  EXPECT_EQ(Race(upgrade, Adds("y", "a")), kNone) << "a new feature stops nobody who can write it";
  EXPECT_EQ(Race(upgrade, upgrade), "DELTA_PROTOCOL_CHANGED");
  EXPECT_EQ(status_.Param("additionalInfo"), "");
  configuration_ = {{"delta.feature.domainMetadata", "supported"}};
  winner_operation_ = "DROP FEATURE";
  const Action downgrade = [](Transaction* txn) { ASSERT_TRUE(txn->UpdateProtocol({1, 2, {}, {}}).ok()); };
  EXPECT_EQ(Race(downgrade, Adds("y", "a")), "DELTA_PROTOCOL_CHANGED") << "the winner took a feature away";
  Make(configuration_);
  Transaction txn(io_, base_, &random_);
  downgrade(&txn);
  EXPECT_EQ(txn.Commit(Write()).status().condition(), "DELTA_INVALID_PROTOCOL_DOWNGRADE");
}

TEST_F(ConflictMatrix, ApplicationTransactions) {
  const auto app = [](const std::string& id, int64_t version) {
    return [=](Transaction* txn) { txn->SetTxn(id, version); };
  };
  EXPECT_EQ(Race(app("s", 1), app("s", 2)), "DELTA_CONCURRENT_TRANSACTION");
  EXPECT_EQ(Race(app("s", 1), app("t", 1)), kNone);
  EXPECT_EQ(Race(app("s", 1), Both([](Transaction* txn) { EXPECT_FALSE(txn->ReadTxn("s")); }, Adds("y", "a"))),
            "DELTA_CONCURRENT_TRANSACTION");
  EXPECT_EQ(Race(app("s", 1), Adds("y", "a")), kNone);
}

TEST_F(ConflictMatrix, Domains) {
  configuration_ = {{"delta.feature.domainMetadata", "supported"}};
  const auto domain = [](const std::string& name) {
    return [=](Transaction* txn) { txn->SetDomain({name, "{}", false}); };
  };
  EXPECT_EQ(Race(domain("d"), domain("d")), "DELTA_CONCURRENT_TRANSACTION");
  EXPECT_EQ(status_.detail(), "A conflicting metadata domain d is added.");
  EXPECT_EQ(Race(domain("d"), domain("e")), kNone);
  EXPECT_EQ(Race(domain("d"), Adds("y", "a")), kNone);
  Make(configuration_);
  Transaction twice(io_, base_, &random_);
  twice.SetDomain({"d", "1", false});
  twice.SetDomain({"d", "2", false});
  EXPECT_EQ(twice.Commit(Write()).status().condition(), "DELTA_DUPLICATE_DOMAIN_METADATA_INTERNAL_ERROR");
  Make();
  Transaction unsupported(io_, base_, &random_);
  unsupported.SetDomain({"d", "1", false});
  EXPECT_EQ(unsupported.Commit(Write()).status().condition(), "DELTA_DOMAIN_METADATA_NOT_SUPPORTED");
}

TEST_F(ConflictMatrix, RowIdsAreGivenOutAnewAfterALostRace) {
  configuration_ = {{"delta.enableRowTracking", "true"}};
  EXPECT_EQ(Race(Adds("x", "a"), Adds("y", "a")), kNone);
  const auto now = Load();
  std::map<std::string, std::pair<int64_t, int64_t>> ids;
  for (const auto& file : now->files()) ids[file.path] = {*file.base_row_id, *file.default_row_commit_version};
  EXPECT_EQ(ids["a"], std::make_pair(int64_t{0}, int64_t{1}));
  EXPECT_EQ(ids["b"], std::make_pair(int64_t{3}, int64_t{1}));
  EXPECT_EQ(ids["x"], std::make_pair(int64_t{6}, int64_t{2}));
  EXPECT_EQ(ids["y"], std::make_pair(int64_t{9}, int64_t{3}));
  // As tests/data/golden/row_tracking writes it.
  EXPECT_EQ(now->domains().at("delta.rowTracking").configuration,
            R"({"rowIdHighWaterMark":11,"domainName":"delta.rowTracking"})");
}

TEST_F(ConflictMatrix, InCommitTimestampsComeAfterTheWinners) {
  configuration_ = {{"delta.enableInCommitTimestamps", "true"}};
  const int64_t now_ms = clock_.NowMillis();
  EXPECT_EQ(Race(Adds("x", "a"), Adds("y", "a")), kNone);
  EXPECT_EQ(Load(1)->timestamp_ms(), now_ms + 1);
  EXPECT_EQ(Load(2)->timestamp_ms(), now_ms + 2);
  EXPECT_EQ(Load(3)->timestamp_ms(), now_ms + 3);
}

TEST_F(ConflictMatrix, TurningInCommitTimestampsOnNamesTheVersionThatWasWritten) {
  const Action enable = [](Transaction* txn) {
    Metadata metadata = txn->metadata();
    metadata.configuration["delta.enableInCommitTimestamps"] = "true";
    ASSERT_TRUE(txn->UpdateMetadata(metadata).ok());
  };
  EXPECT_EQ(Race(Adds("x", "a"), enable), kNone);
  const auto configuration = Load()->metadata().configuration;
  EXPECT_EQ(configuration.at("delta.inCommitTimestampEnablementVersion"), "3");
  EXPECT_EQ(configuration.at("delta.inCommitTimestampEnablementTimestamp"), std::to_string(Load()->timestamp_ms()));
}

}  // namespace
}  // namespace deltic::delta
