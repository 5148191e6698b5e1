// Commits, conflicts, retries, checkpoints; on the memory store unless files matter.
#include "delta/transaction/transaction.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "delta/checkpoint/checkpoint_writer.h"
#include "delta/log/history.h"
#include "delta/log/log_files.h"
#include "delta/spec/features.h"
#include "delta/transaction/testing/table_fixture.h"
#include "storage/testing/fault_store.h"

namespace deltic::delta {
namespace {

using storage::testing::Fault;
using storage::testing::Op;

using TransactionTest = testing::TableTest;

// The first commit of tests/data/golden/cdf_basic, with our ids and times.
TEST_F(TransactionTest, CreateWritesWhatSparkWrites) {
  Create({{"delta.enableChangeDataFeed", "true"}});
  const std::string text = io_.store->Get(CommitPath(table_, 0)).value();
  std::istringstream lines(text);
  std::string info;
  std::string metadata;
  std::string protocol;
  std::getline(lines, info);
  std::getline(lines, metadata);
  std::getline(lines, protocol);
  EXPECT_TRUE(
      info.starts_with(R"({"commitInfo":{"timestamp":1700000000000,"operation":"CREATE TABLE","operationParameters":)"
                       R"({"mode":"Append","description":null},"isolationLevel":"Serializable","isBlindAppend":true,)"
                       R"("operationMetrics":{},"engineInfo":"Deltic/test","txnId":")"))
      << info;
  EXPECT_NE(metadata.find(R"("format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",)"
                          R"(\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},)"),
            std::string::npos)
      << metadata;
  EXPECT_NE(metadata.find(R"("configuration":{"delta.enableChangeDataFeed":"true"},"createdTime":1700000000000}})"),
            std::string::npos)
      << metadata;
  EXPECT_EQ(protocol, R"({"protocol":{"minReaderVersion":1,"minWriterVersion":7,)"
                      R"("writerFeatures":["changeDataFeed","appendOnly","invariants"]}})");
}

class ExpectingStore final : public storage::testing::FaultStore {
 public:
  ExpectingStore() : FaultStore(storage::NewMemoryStore(), [](Op, std::string_view) { return Fault::kNone; }) {}
  void ExpectPutIfAbsent(std::string_view path) override { expected.emplace_back(path); }
  std::vector<std::string> expected;
};

TEST_F(TransactionTest, TheStoreIsToldThatACommitWillCome) {
  const auto store = std::make_shared<ExpectingStore>();
  Use(store);
  Create();
  const std::string log = std::string(storage::DirName(CommitPath(table_, 0)));
  ASSERT_EQ(store->expected.size(), 1U);
  EXPECT_EQ(storage::DirName(store->expected[0]), log);
  const Transaction txn(io_, Load(), &random_);
  ASSERT_EQ(store->expected.size(), 2U);
  EXPECT_EQ(storage::DirName(store->expected[1]), log);
}

TEST_F(TransactionTest, AppendRemoveAndRefresh) {
  Create();
  auto snapshot = Load();
  EXPECT_EQ(Append(snapshot, "f1").value(), 1);
  auto refreshed = Snapshot::Refresh(io_, snapshot).value();
  EXPECT_EQ(refreshed->version(), 1);
  EXPECT_EQ(refreshed->files().size(), 1U);
  EXPECT_EQ(Snapshot::Refresh(io_, refreshed).value(), refreshed) << "nothing new: the same snapshot";
  Transaction txn(io_, refreshed, &random_);
  txn.Remove(refreshed->files()[0]);
  txn.Add(File("f2"));
  EXPECT_EQ(txn.Commit(Write("UPDATE")).value(), 2);
  refreshed = Snapshot::Refresh(io_, refreshed).value();
  ASSERT_EQ(refreshed->files().size(), 1U);
  EXPECT_EQ(refreshed->files()[0].path, "f2");
  ASSERT_EQ(refreshed->tombstones().size(), 1U);
  EXPECT_EQ(refreshed->tombstones()[0].path, "f1");
  EXPECT_EQ(refreshed->size_bytes(), 10);
  const auto whole = Load();
  EXPECT_EQ(whole->files().size(), 1U);
  EXPECT_EQ(Load(1)->files()[0].path, "f1");
  EXPECT_FALSE(txn.Commit(Write()).ok()) << "one commit per transaction";
  const auto history = History(io_, table_, 2).value();
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].version, 2);
  EXPECT_EQ(history[0].info.operation, "UPDATE");
  EXPECT_EQ(history[0].info.is_blind_append, false);
  EXPECT_EQ(history[0].info.read_version, 1);
  EXPECT_EQ(history[1].info.is_blind_append, true);
}

TEST_F(TransactionTest, BlindAppendsRetry) {
  Create();
  const auto old = Load();
  EXPECT_EQ(Append(old, "f1").value(), 1);
  EXPECT_EQ(Append(old, "f2").value(), 2);
  EXPECT_EQ(Append(old, "f3").value(), 3);
  EXPECT_EQ(Load()->files().size(), 3U);
}

TEST_F(TransactionTest, ConflictsAreReportedWithDeltasConditions) {
  Create();
  EXPECT_TRUE(Append(Load(), "f1").ok());
  const auto base = Load();
  {  // a winner adds where we read
    Transaction txn(io_, base, &random_);
    txn.ReadWholeTable();
    txn.Add(File("x1"));
    ASSERT_TRUE(Append(base, "f2").ok());
    const auto status = txn.Commit(Write()).status();
    EXPECT_EQ(status.condition(), "DELTA_CONCURRENT_APPEND");
    EXPECT_EQ(status.Param("partition"), "partition [p=a]");
    EXPECT_TRUE(status.Param("conflictingCommit").starts_with("\nConflicting commit: {\"version\":2,\"timestamp\":"));
  }
  {  // another partition than we read
    Transaction txn(io_, base, &random_);
    txn.ReadPartitions([](const PartitionValues& values) { return values.at("p") == "z"; });
    txn.Add(File("x2", "z"));
    EXPECT_TRUE(txn.Commit(Write()).ok());
  }
  const auto now = Load();
  const AddFile f1 = base->files()[0];
  const auto remove_f1 = [&](bool read_all) {
    Transaction txn(io_, now, &random_);
    if (read_all) txn.ReadWholeTable();
    txn.Remove(f1);
    return txn.Commit(Write("DELETE"));
  };
  Transaction reader(io_, now, &random_);
  reader.ReadFile(f1);
  reader.ReadPartitions([](const PartitionValues&) { return false; });
  reader.Add(File("x3"));
  ASSERT_TRUE(remove_f1(false).ok());
  EXPECT_EQ(remove_f1(false).status().condition(), "DELTA_CONCURRENT_DELETE_DELETE");
  EXPECT_EQ(remove_f1(true).status().condition(), "DELTA_CONCURRENT_DELETE_READ");
  EXPECT_EQ(reader.Commit(Write()).status().condition(), "DELTA_CONCURRENT_DELETE_READ");
}

TEST_F(TransactionTest, MetadataProtocolAndTransactionConflicts) {
  Create();
  const auto base = Load();
  Transaction streaming(io_, base, &random_);
  streaming.SetTxn("app", 7);
  Transaction plain(io_, base, &random_);
  plain.Add(File("f"));
  {
    Transaction winner(io_, base, &random_);
    winner.SetTxn("app", 7);
    ASSERT_TRUE(winner.Commit(Write("STREAMING UPDATE")).ok());
  }
  EXPECT_EQ(streaming.Commit(Write()).status().condition(), "DELTA_CONCURRENT_TRANSACTION");
  EXPECT_EQ(Load()->transactions().at("app").version, 7);
  {
    Transaction winner(io_, Load(), &random_);
    Metadata metadata = winner.metadata();
    metadata.configuration["delta.checkpointInterval"] = "5";
    ASSERT_TRUE(winner.UpdateMetadata(metadata).ok());
    ASSERT_TRUE(winner.Commit(Write("SET TBLPROPERTIES")).ok());
  }
  EXPECT_EQ(plain.Commit(Write()).status().condition(), "DELTA_METADATA_CHANGED");
  Transaction creator(io_, table_, &random_);
  ASSERT_TRUE(creator.UpdateMetadata(TwoColumns()).ok());
  const auto status = creator.Commit(Write("CREATE TABLE")).status();
  EXPECT_EQ(status.condition(), "DELTA_PROTOCOL_CHANGED");
  EXPECT_TRUE(status.Param("additionalInfo").starts_with("This happens when multiple writers"));
}

TEST_F(TransactionTest, EnablingChangeDataFeedUpgradesTheProtocol) {
  Create();
  EXPECT_EQ(Load()->protocol().min_writer_version, 2);
  Transaction txn(io_, Load(), &random_);
  Metadata metadata = txn.metadata();
  metadata.configuration["delta.enableChangeDataFeed"] = "true";
  ASSERT_TRUE(txn.UpdateMetadata(metadata).ok());
  ASSERT_TRUE(txn.Commit(Write("SET TBLPROPERTIES")).ok());
  const auto snapshot = Load();
  EXPECT_TRUE(snapshot->ChangeDataFeedEnabled());
  // As golden cdf_enabled_later.
  EXPECT_EQ(snapshot->protocol().min_writer_version, 7);
  EXPECT_EQ(*snapshot->protocol().writer_features,
            (std::vector<std::string>{"changeDataFeed", "appendOnly", "invariants"}));
}

TEST_F(TransactionTest, AppendOnlyTablesRefuseRemoves) {
  Create({{"delta.appendOnly", "true"}});
  ASSERT_TRUE(Append(Load(), "f").ok());
  Transaction txn(io_, Load(), &random_);
  txn.Remove(Load()->files()[0]);
  EXPECT_EQ(txn.Commit(Write("DELETE")).status().condition(), "DELTA_CANNOT_MODIFY_APPEND_ONLY");
  Transaction compaction(io_, Load(), &random_);
  compaction.Remove(Load()->files()[0], false);
  EXPECT_TRUE(compaction.Commit(Write("OPTIMIZE")).ok());
}

TEST_F(TransactionTest, UnsupportedFeaturesAreRefusedByName) {
  Transaction txn(io_, table_, &random_);
  const auto status = txn.UpdateMetadata(TwoColumns({{"delta.enableIcebergCompatV1", "true"}}));
  EXPECT_EQ(status.condition(), "DELTA_UNSUPPORTED_FEATURES_FOR_WRITE");
  EXPECT_EQ(status.Param("unsupported"), "icebergCompatV1");
  EXPECT_EQ(txn.UpdateMetadata(TwoColumns({{"delta.feature.nosuch", "supported"}})).condition(),
            "DELTA_UNSUPPORTED_FEATURES_IN_CONFIG");
}

TEST_F(TransactionTest, InCommitTimestampsNeverGoBack) {
  Create({{"delta.enableInCommitTimestamps", "true"}});
  auto snapshot = Load();
  EXPECT_EQ(snapshot->timestamp_ms(), 1700000000000);
  ASSERT_TRUE(Append(snapshot, "f1").ok());
  ASSERT_TRUE(Append(snapshot, "f2").ok());
  EXPECT_EQ(Load(1)->timestamp_ms(), 1700000000001);
  EXPECT_EQ(Load(2)->timestamp_ms(), 1700000000002);
  EXPECT_EQ(VersionAtTimestamp(io_, table_, 1700000000001, true).value(), 1);
}

TEST_F(TransactionTest, AnAmbiguousPutIsReadBack) {
  auto inner = storage::NewMemoryStore(&clock_);
  int faults = 0;
  Use(std::make_shared<storage::testing::FaultStore>(inner, [&](Op op, std::string_view) {
    return op == Op::kPutIfAbsent && faults-- > 0 ? Fault::kAmbiguous : Fault::kNone;
  }));
  Create();
  faults = 1;
  EXPECT_EQ(Append(Load(), "f1").value(), 1);
  EXPECT_EQ(Load()->version(), 1);
}

TEST_F(TransactionTest, AFailedPutIsRetriedAndThenReported) {
  int faults = 0;
  Use(std::make_shared<storage::testing::FaultStore>(storage::NewMemoryStore(&clock_), [&](Op op, std::string_view) {
    return op == Op::kPutIfAbsent && faults-- > 0 ? Fault::kFail : Fault::kNone;
  }));
  Create();
  faults = 2;
  EXPECT_EQ(Append(Load(), "f1").value(), 1);
  faults = 100;
  EXPECT_EQ(Append(Load(), "f2").status().condition(), "IO_ERROR");
  EXPECT_EQ(Load()->version(), 1) << "nothing was committed";
}

// actions.scala, assertTablePropertyConstraintsSatisfied.
TEST_F(TransactionTest, ManifestsAndDeletionVectorsExcludeEachOther) {
  const std::string manifests = "delta.compatibility.symlinkFormatManifest.enabled";
  const std::string vectors = "delta.enableDeletionVectors";
  const std::string condition = "DELTA_VIOLATE_TABLE_PROPERTY_VALIDATION_FAILED.";
  const std::string both = condition + "PERSISTENT_DELETION_VECTORS_WITH_INCREMENTAL_MANIFEST_GENERATION";
  Create({{manifests, "true"}});
  EXPECT_EQ(SetProperty(Load(), vectors, "true").condition(), both);
  ASSERT_TRUE(SetProperty(Load(), manifests, "false").ok());
  ASSERT_TRUE(SetProperty(Load(), vectors, "true").ok());
  EXPECT_EQ(SetProperty(Load(), manifests, "true").condition(), both);

  Transaction txn(io_, Load(), &random_);
  AddFile file = File("f1");
  file.deletion_vector =
      DeletionVectorDescriptor{.storage_type = "i",
                               .path_or_inline = "wi5b=000010000siXQKl0rr91000f55c8Xg0@@D72lkbi5=-{L",
                               .offset = {},
                               .size_bytes = 40,
                               .cardinality = 1};
  txn.Add(file);
  const auto committed = txn.Commit(Write());
  ASSERT_TRUE(committed.ok()) << committed.status().ToString();
  ASSERT_TRUE(SetProperty(Load(), vectors, "false").ok());
  EXPECT_EQ(SetProperty(Load(), manifests, "true").condition(),
            condition + "EXISTING_DELETION_VECTORS_WITH_INCREMENTAL_MANIFEST_GENERATION");
}

// A full disk: what the store says when the commit, its checksum or its checkpoint has no room.
TEST_F(TransactionTest, AFullStore) {
  std::string full;  // the end of the names that find no room
  const auto inner = storage::NewMemoryStore(&clock_);
  Use(std::make_shared<storage::testing::FaultStore>(inner, [&](Op op, std::string_view path) {
    const bool put = op == Op::kPut || op == Op::kPutIfAbsent;
    return put && !full.empty() && path.ends_with(full) ? Fault::kFull : Fault::kNone;
  }));
  Create({{"delta.checkpointInterval", "2"}});
  full = ".json";
  const Status refused = Append(Load(), "f1").status();
  EXPECT_EQ(refused.condition(), "IO_ERROR");
  EXPECT_NE(refused.detail().find("No space left on device"), std::string::npos) << refused.detail();
  EXPECT_NE(refused.detail().find(CommitPath(table_, 1)), std::string::npos) << refused.detail();
  EXPECT_EQ(Load()->version(), 0);
  EXPECT_FALSE(inner->Head(CommitPath(table_, 1)).ok()) << "a partial commit";
  full.clear();
  EXPECT_EQ(Append(Load(), "f1").value(), 1) << "there is room again";
  // Checksums and checkpoints can be missing.
  for (const char* end : {".crc", ".checkpoint.parquet", "_last_checkpoint"}) {
    full = end;
    for (int i = 0; i < 2; i++) ASSERT_TRUE(Append(Load(), end + std::to_string(i)).ok()) << end;
    full.clear();
  }
  EXPECT_EQ(Load()->files().size(), 7U);
  const auto objects = inner->ListRecursive(table_).value();
  std::set<std::string> names;
  for (const auto& object : objects) names.insert(std::string(storage::BaseName(object.path)));
  EXPECT_EQ(names.count("00000000000000000002.crc") + names.count("00000000000000000003.crc"), 0U);
  EXPECT_FALSE(names.contains("00000000000000000004.checkpoint.parquet"));
  for (const auto& name : names) {
    EXPECT_TRUE(name.ends_with(".json") || name.ends_with(".crc") || name.ends_with(".parquet") ||
                name == "_last_checkpoint")
        << name << " was left over";
  }
  ASSERT_TRUE(Append(Load(), "last").ok());
  EXPECT_EQ(Load()->version(), 8);
}

TEST_F(TransactionTest, CheckpointEveryInterval) {
  Create();
  for (int i = 1; i <= 12; i++) {
    clock_.AdvanceMicros(1000);
    ASSERT_TRUE(Append(Load(), "f" + std::to_string(i)).ok());
  }
  const LogListing listing = ListLog(io_.store.get(), table_, 0).value();
  ASSERT_EQ(listing.checkpoints.size(), 1U);
  EXPECT_EQ(listing.checkpoints[0].version, 10);
  EXPECT_EQ(ReadLastCheckpointHint(io_.store.get(), table_).value(), 10);
  for (int64_t v = 0; v < 10; v++) ASSERT_TRUE(io_.store->Delete(CommitPath(table_, v)).ok());
  const auto snapshot = Load();
  EXPECT_EQ(snapshot->version(), 12);
  EXPECT_EQ(snapshot->checkpoint_version(), 10);
  EXPECT_EQ(snapshot->files().size(), 12U);
  EXPECT_EQ(Snapshot::Load(io_, table_, 5).status().condition(), "DELTA_VERSION_NOT_FOUND");
  EXPECT_EQ(Load(10)->files().size(), 10U);
  // A refresh that starts at the checkpointed version keeps working.
  EXPECT_EQ(Snapshot::Refresh(io_, Load(10)).value()->version(), 12);
}

TEST_F(TransactionTest, ConcurrentAppendersLoseNothing) {
  const std::string name = "deltic-txn-" + Random::System()->Uuid();
  const std::string dir = (std::filesystem::temp_directory_path() / name).string();
  table_ = dir;
  io_ = {storage::LocalStore(), nullptr, nullptr};
  Create();
  constexpr int kThreads = 8;
  constexpr int kEach = 20;
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; t++) {
    threads.emplace_back([&, t] {
      SeededRandom random(static_cast<uint64_t>(t) + 100);
      auto snapshot = Snapshot::Load(io_, table_).value();
      for (int i = 0; i < kEach; i++) {
        Transaction txn(io_, snapshot, &random);
        txn.Add(File("f-" + std::to_string(t) + "-" + std::to_string(i)));
        if (!txn.Commit(Write()).ok()) failures++;
        if (i % 3 == 0) snapshot = Snapshot::Refresh(io_, snapshot).value();
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  const auto snapshot = Load();
  EXPECT_EQ(snapshot->version(), kThreads * kEach) << "versions are dense";
  std::set<std::string> paths;
  for (const auto& file : snapshot->files()) paths.insert(file.path);
  EXPECT_EQ(paths.size(), static_cast<size_t>(kThreads * kEach));
  EXPECT_TRUE(storage::LocalStore()->DeleteRecursive(dir).ok());
}

}  // namespace
}  // namespace deltic::delta
