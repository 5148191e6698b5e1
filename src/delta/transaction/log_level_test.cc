// What a commit writes besides its files: row ids, times, checksums, checkpoints of every kind; and how the log is
// read, compacted and cleaned up.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "delta/checkpoint/checkpoint_schema.h"
#include "delta/checkpoint/checkpoint_writer.h"
#include "delta/checkpoint/last_checkpoint.h"
#include "delta/log/log_cleanup.h"
#include "delta/log/log_files.h"
#include "delta/log/version_checksum.h"
#include "delta/spec/row_tracking.h"
#include "delta/transaction/row_tracking_backfill.h"
#include "delta/transaction/testing/table_fixture.h"

namespace deltic::delta {
namespace {

constexpr int64_t kDayMicros = 86400LL * 1000000;

class LogLevelTest : public testing::TableTest {
 protected:
  std::string CommitText(int64_t version) { return io_.store->Get(CommitPath(table_, version)).value(); }
  std::vector<std::string> Names() {
    std::vector<std::string> out;
    const auto objects = io_.store->List(LogPath(table_)).value();
    for (const auto& object : objects) {
      out.emplace_back(storage::BaseName(object.path));
    }
    return out;
  }
  bool Has(const std::string& name) {
    const auto names = Names();
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  Status Checkpoint(const CheckpointOptions& options = {}) { return WriteCheckpoint(io_, *Load(), &random_, options); }
};

TEST_F(LogLevelTest, RowTrackingRefusesWhatItCannotNumber) {
  Create({{"delta.enableRowTracking", "true"}});
  const auto created = Load();
  EXPECT_EQ(*created->protocol().writer_features,
            (std::vector<std::string>{"domainMetadata", "rowTracking", "appendOnly", "invariants"}));
  const auto columns = MaterializedRowColumnsOf(created->protocol(), created->metadata()).value();
  ASSERT_TRUE(columns.has_value());
  EXPECT_TRUE(columns->row_id.starts_with("_row-id-col-"));
  EXPECT_TRUE(columns->row_commit_version.starts_with("_row-commit-version-col-"));
  Transaction without(io_, created, &random_);
  AddFile file = File("f");
  file.stats.clear();
  without.Add(file);
  EXPECT_EQ(without.Commit(Write()).status().condition(), "DELTA_ROW_ID_ASSIGNMENT_WITHOUT_STATS");
  ASSERT_TRUE(Append(created, "f1").ok());
  Transaction rewrite(io_, Load(), &random_);
  rewrite.Remove(Load()->files()[0]);
  rewrite.Add(File("f2"));
  const auto refused = rewrite.Commit(Write("UPDATE")).status();
  EXPECT_FALSE(refused.ok());
  EXPECT_NE(refused.ToString().find("rowTracking"), std::string::npos) << refused.ToString();
  Transaction keeps(io_, Load(), &random_);
  keeps.Remove(Load()->files()[0]);
  keeps.Add(File("f2", "a", 2));
  keeps.PreservesRowIds();
  ASSERT_TRUE(keeps.Commit(Write("UPDATE")).ok());
  EXPECT_NE(CommitText(2).find(R"("tags":{"delta.rowTracking.preserved":"true"})"), std::string::npos);
  EXPECT_EQ(Load()->files()[0].base_row_id, 3);
  // The names stay when other properties change.
  ASSERT_TRUE(SetProperty(Load(), "k", "v").ok());
  EXPECT_EQ(MaterializedRowColumnsOf(Load()->protocol(), Load()->metadata()).value()->row_id, columns->row_id);
}

TEST_F(LogLevelTest, RowTrackingStartsOnlyWithIdsForAllFiles) {
  Create();
  ASSERT_TRUE(Append(Load(), "f").ok());
  const Status status = SetProperty(Load(), "delta.enableRowTracking", "true");
  EXPECT_NE(status.ToString().find("rowTracking"), std::string::npos) << status.ToString();
}

TEST_F(LogLevelTest, BackfillNumbersTheFilesThereAre) {
  Create();
  for (int i = 0; i < 5; i++) ASSERT_TRUE(Append(Load(), "f" + std::to_string(i)).ok());
  const auto old = Load();
  EXPECT_EQ(BackfillRowTracking(io_, table_, "Deltic/test", &random_, 2).value(), 5);
  const Status checksum = VerifyChecksum(io_.store.get(), *Load());
  EXPECT_TRUE(checksum.ok()) << checksum.ToString();
  EXPECT_EQ(BackfillRowTracking(io_, table_, "Deltic/test", &random_).value(), 0);
  ASSERT_TRUE(Append(old, "g").ok()) << "a writer that began before";
  std::set<int64_t> bases;
  const auto now = Load();
  for (const auto& file : now->files()) bases.insert(file.base_row_id.value_or(-1));
  EXPECT_EQ(bases, (std::set<int64_t>{0, 3, 6, 9, 12, 15}));
  ASSERT_TRUE(SetProperty(Load(), "delta.enableRowTracking", "true").ok());
  EXPECT_NE(CommitText(7).find("ROW TRACKING BACKFILL"), std::string::npos);
}

TEST_F(LogLevelTest, ChecksumsSayWhatTheVersionHolds) {
  Create({{"delta.feature.domainMetadata", "supported"}});
  ASSERT_TRUE(Append(Load(), "f1").ok());
  Transaction txn(io_, Load(), &random_);
  txn.Remove(Load()->files()[0]);
  AddFile added = File("f2");
  added.size_bytes = 25;
  txn.Add(added);
  txn.SetTxn("app", 4);
  txn.SetDomain({"d", "{}", false});
  ASSERT_TRUE(txn.Commit(Write("UPDATE")).ok());
  const std::string text = io_.store->Get(ChecksumPath(table_, 2)).value();
  // Fields and order of tests/data/golden/*/_delta_log/*.crc.
  EXPECT_TRUE(text.starts_with("{\"txnId\":\"")) << text;
  EXPECT_NE(text.find(R"("tableSizeBytes":25,"numFiles":1,"numMetadata":1,"numProtocol":1,"setTransactions":[)"
                      R"({"appId":"app","version":4,"lastUpdated":1700000000000}],"domainMetadata":[)"
                      R"({"domain":"d","configuration":"{}","removed":false}],"metadata":{"id":")"),
            std::string::npos)
      << text;
  EXPECT_TRUE(text.ends_with("}\n"));
  for (int64_t v = 0; v <= 2; v++) EXPECT_TRUE(VerifyChecksum(io_.store.get(), *Load(v)).ok());
  // A commit that lost a race has the winner's files in its checksum.
  const auto old = Load(0);
  ASSERT_TRUE(Append(old, "f3").ok());
  EXPECT_TRUE(VerifyChecksum(io_.store.get(), *Load(3)).ok());
}

TEST_F(LogLevelTest, AWrongChecksumStopsReadersAndTheCheckpoint) {
  Create();
  ASSERT_TRUE(Append(Load(), "f1").ok());
  std::string text = io_.store->Get(ChecksumPath(table_, 1)).value();
  text.replace(text.find("\"numFiles\":1"), 12, "\"numFiles\":7");
  ASSERT_TRUE(io_.store->Put(ChecksumPath(table_, 1), text).ok());
  io_.checksum_mismatch_is_fatal = false;
  EXPECT_EQ(Load()->files().size(), 1U) << "it is never used";
  EXPECT_TRUE(Checkpoint().ok());
  io_.checksum_mismatch_is_fatal = true;
  const auto lenient = Snapshot::Load(io_, table_, 0).value();
  EXPECT_EQ(Snapshot::Refresh(io_, lenient).value()->files().size(), 1U) << "one more commit is not the whole log";
  const auto fails = [](const Status& status) {
    EXPECT_EQ(status.condition(), "DELTA_TXN_LOG_FAILED_INTEGRITY");
    EXPECT_EQ(status.Param("mismatchStringOpt"), "Number of files - Expected: 7 Computed: 1");
    EXPECT_EQ(status.Param("version"), "1");
    EXPECT_NE(status.ToString().find("00000000000000000001.crc"), std::string::npos) << status.ToString();
  };
  fails(Snapshot::Load(io_, table_).status());
  fails(WriteCheckpoint(io_, *Snapshot::Refresh(io_, lenient).value(), &random_, {}));
  ASSERT_TRUE(io_.store->Put(ChecksumPath(table_, 1), "{\"numFi").ok());
  EXPECT_EQ(Load()->files().size(), 1U) << "what cannot be understood says nothing";
  EXPECT_TRUE(Checkpoint().ok());
}

TEST_F(LogLevelTest, ACheckpointThatTheChecksumContradictsIsSurvivedWhileTheCommitsAreThere) {
  Create();
  ASSERT_TRUE(Append(Load(), "f1").ok());
  ASSERT_TRUE(Checkpoint().ok());
  // The checkpoint of a table with the same commits but other files.
  const std::string checkpoint = io_.store->Get(CheckpointPath(table_, 1)).value();
  ASSERT_TRUE(Append(Load(), "f2").ok());
  ASSERT_TRUE(Checkpoint().ok());
  ASSERT_TRUE(io_.store->Put(CheckpointPath(table_, 2), checkpoint).ok());
  EXPECT_EQ(Load()->files().size(), 2U);
  ASSERT_TRUE(io_.store->Delete(CommitPath(table_, 0)).ok());
  EXPECT_EQ(Load()->files().size(), 2U) << "from the checkpoint before";
  ASSERT_TRUE(io_.store->Delete(CheckpointPath(table_, 1)).ok());
  EXPECT_EQ(Snapshot::Load(io_, table_).status().condition(), "DELTA_TXN_LOG_FAILED_INTEGRITY");
}

TEST_F(LogLevelTest, V2CheckpointsWithSidecars) {
  for (const bool parquet : {false, true}) {
    Use(storage::NewMemoryStore(&clock_));
    Create({{"delta.checkpointPolicy", "v2"}});
    Transaction txn(io_, Load(), &random_);
    for (int i = 0; i < 5; i++) txn.Add(File("f" + std::to_string(i)));
    txn.SetTxn("app", 1);
    ASSERT_TRUE(txn.Commit(Write()).ok());
    ASSERT_TRUE(Checkpoint({parquet, 2}).ok());
    EXPECT_EQ(io_.store->List(LogPath(table_) + "/_sidecars").value().size(), 3U);
    const std::string hint = io_.store->Get(LastCheckpointPath(table_)).value();
    // As tests/data/golden/checkpoint_v2_json: add files, then sidecars, checkpointMetadata, protocol, metaData, txn.
    EXPECT_TRUE(hint.starts_with("{\"version\":1,\"size\":12,")) << hint;
    EXPECT_NE(hint.find("\"v2Checkpoint\":{\"path\":\"00000000000000000001.checkpoint."), std::string::npos);
    EXPECT_EQ(LastCheckpointVersion(hint), 1);
    for (int64_t v = 0; v <= 1; v++) ASSERT_TRUE(io_.store->Delete(CommitPath(table_, v)).ok());
    const auto snapshot = Load();
    EXPECT_EQ(snapshot->version(), 1);
    EXPECT_EQ(snapshot->files().size(), 5U);
    EXPECT_EQ(snapshot->transactions().at("app").version, 1);
  }
}

TEST_F(LogLevelTest, CheckpointColumnsFollowTheProperties) {
  const auto columns = [](const std::string& json, const std::string& columns_of) {
    std::map<std::string, std::string> configuration;
    if (!json.empty()) configuration["delta.checkpoint.writeStatsAsJson"] = json;
    if (!columns_of.empty()) configuration["delta.checkpoint.writeStatsAsStruct"] = columns_of;
    const CheckpointColumns out = CheckpointColumnsOf(TwoColumns(configuration));
    return std::string(out.stats_json ? "json " : "") + (out.partitions ? "partitions " : "") +
           (out.stats ? "stats" : "");
  };
  EXPECT_EQ(columns("", ""), "json partitions ") << "delta-spark's default";
  EXPECT_EQ(columns("", "true"), "json partitions stats");
  EXPECT_EQ(columns("", "false"), "json ");
  EXPECT_EQ(columns("false", ""), "partitions stats");
  EXPECT_EQ(columns("false", "false"), "");
  const CheckpointColumns out = CheckpointColumnsOf(TwoColumns({{"delta.checkpoint.writeStatsAsStruct", "true"}}));
  EXPECT_EQ(out.stats->SimpleString(),
            "struct<numRecords:bigint,minValues:struct<id:bigint>,maxValues:struct<id:bigint>,"
            "nullCount:struct<id:bigint>,tightBounds:boolean>");
  EXPECT_EQ(out.partitions->SimpleString(), "struct<p:string>");
}

TEST_F(LogLevelTest, CompactedFilesStandForTheirCommits) {
  Create();
  for (int i = 1; i <= 5; i++) ASSERT_TRUE(Append(Load(), "f" + std::to_string(i)).ok());
  Transaction txn(io_, Load(), &random_);
  txn.Remove(Load(1)->files()[0]);
  ASSERT_TRUE(txn.Commit(Write("DELETE")).ok());
  const auto rows = [](const Snapshot& snapshot) {
    std::vector<std::string> paths;
    for (const auto& file : snapshot.files()) paths.push_back(file.path);
    std::sort(paths.begin(), paths.end());
    return paths;
  };
  const auto before = rows(*Load());
  // The reconciled actions of 2..4, as a compactor writes them; then the commits are damaged to see what is read.
  std::string text;
  for (const char* path : {"f2", "f3", "f4"}) text += ActionToJson(File(path)) + "\n";
  const std::string name = LogPath(table_) + "/" + VersionPrefix(2) + "." + VersionPrefix(4) + ".compacted.json";
  ASSERT_TRUE(io_.store->Put(name, text).ok());
  for (int64_t v = 2; v <= 4; v++) ASSERT_TRUE(io_.store->Put(CommitPath(table_, v), "damaged").ok());
  EXPECT_EQ(rows(*Load()), before);
  EXPECT_EQ(rows(*Load(4)), (std::vector<std::string>{"f1", "f2", "f3", "f4"}));
  EXPECT_EQ(Snapshot::Load(io_, table_, 3).status().condition(), "DELTA_LOG_CORRUPTED") << "it covers more than asked";
}

TEST_F(LogLevelTest, LogCleanUpKeepsWhatMidnightKeeps) {
  // 2023-11-14T22:13:20Z; retention 1 day. Commits 0..2 on day one, 3 and 4 on day two.
  Create({{"delta.logRetentionDuration", "interval 1 days"}, {"delta.checkpointInterval", "100"}});
  ASSERT_TRUE(Append(Load(), "f1").ok());
  clock_.AdvanceMicros(1000000);
  ASSERT_TRUE(Append(Load(), "f2").ok());
  ASSERT_TRUE(Checkpoint().ok());
  clock_.AdvanceMicros(kDayMicros);
  ASSERT_TRUE(Append(Load(), "f3").ok());
  ASSERT_TRUE(Append(Load(), "f4").ok());
  ASSERT_TRUE(Checkpoint().ok());
  // The cutoff is the midnight before (now - 1 day): still before the first day's evening.
  EXPECT_TRUE(CleanUpLog(io_, *Load()).value().empty());
  clock_.AdvanceMicros(kDayMicros / 2);
  // Now it is the midnight after the first day: 2 is its last commit and has a checkpoint, so 0 and 1 go.
  const auto deleted = CleanUpLog(io_, *Load()).value();
  EXPECT_EQ(deleted.size(), 4U);
  EXPECT_FALSE(Has("00000000000000000001.json"));
  EXPECT_FALSE(Has("00000000000000000001.crc"));
  EXPECT_TRUE(Has("00000000000000000002.json")) << "the commit of the checkpoint stays";
  EXPECT_TRUE(Has("00000000000000000002.checkpoint.parquet"));
  EXPECT_EQ(Load()->files().size(), 4U);
  EXPECT_EQ(Load(2)->files().size(), 2U);
  EXPECT_EQ(Snapshot::Load(io_, table_, 1).status().condition(), "DELTA_VERSION_NOT_FOUND");
  EXPECT_EQ(EarliestReliableCheckpoint(io_.store.get(), table_).value(), 2);
}

TEST_F(LogLevelTest, NothingIsCleanedUpWithoutACheckpoint) {
  Create({{"delta.logRetentionDuration", "interval 1 days"}, {"delta.checkpointInterval", "100"}});
  ASSERT_TRUE(Append(Load(), "f1").ok());
  clock_.AdvanceMicros(10 * kDayMicros);
  EXPECT_TRUE(CleanUpLog(io_, *Load()).value().empty()) << "no checkpoint";
  ASSERT_TRUE(Checkpoint().ok());
  ASSERT_TRUE(io_.store->Delete(CheckpointPath(table_, 1)).ok());
  EXPECT_TRUE(CleanUpLog(io_, *Load()).value().empty()) << "the checkpoint is gone";
  ASSERT_TRUE(Checkpoint().ok());
  EXPECT_EQ(CleanUpLog(io_, *Load()).value().size(), 2U) << "version 0 and its checksum";
  ASSERT_TRUE(SetProperty(Load(), "delta.enableExpiredLogCleanup", "false").ok());
  clock_.AdvanceMicros(10 * kDayMicros);
  ASSERT_TRUE(Checkpoint().ok());
  EXPECT_TRUE(CleanUpLog(io_, *Load()).value().empty());
}

TEST_F(LogLevelTest, CheckpointProtectionForbidsPartialCleanUp) {
  Create({{"delta.logRetentionDuration", "interval 1 days"},
          {"delta.checkpointInterval", "100"},
          {"delta.feature.checkpointProtection", "supported"},
          {"delta.requireCheckpointProtectionBeforeVersion", "3"}});
  ASSERT_TRUE(Append(Load(), "f1").ok());
  ASSERT_TRUE(Checkpoint().ok());
  clock_.AdvanceMicros(10 * kDayMicros);
  EXPECT_TRUE(CleanUpLog(io_, *Load()).value().empty()) << "version 2 cannot go yet";
  for (int i = 2; i <= 4; i++) ASSERT_TRUE(Append(Load(), "f" + std::to_string(i)).ok());
  ASSERT_TRUE(Checkpoint().ok());
  clock_.AdvanceMicros(10 * kDayMicros);
  EXPECT_FALSE(CleanUpLog(io_, *Load()).value().empty()) << "all before version 3 goes at once";
  EXPECT_FALSE(Has("00000000000000000000.json"));
}

TEST_F(LogLevelTest, UnusedSidecarsGoWithTheirCheckpoint) {
  Create({{"delta.logRetentionDuration", "interval 1 days"},
          {"delta.checkpointInterval", "100"},
          {"delta.checkpointPolicy", "v2"}});
  ASSERT_TRUE(Append(Load(), "f1").ok());
  ASSERT_TRUE(Checkpoint().ok());
  clock_.AdvanceMicros(5 * kDayMicros);
  ASSERT_TRUE(Append(Load(), "f2").ok());
  ASSERT_TRUE(Checkpoint().ok());
  EXPECT_EQ(io_.store->List(LogPath(table_) + "/_sidecars").value().size(), 2U);
  clock_.AdvanceMicros(5 * kDayMicros);
  ASSERT_FALSE(CleanUpLog(io_, *Load()).value().empty());
  EXPECT_EQ(io_.store->List(LogPath(table_) + "/_sidecars").value().size(), 1U);
  EXPECT_EQ(Load()->files().size(), 2U);
}

TEST_F(LogLevelTest, TombstonesAndTransactionsExpire) {
  Create({{"delta.deletedFileRetentionDuration", "interval 1 days"},
          {"delta.setTransactionRetentionDuration", "interval 2 days"}});
  Transaction first(io_, Load(), &random_);
  first.Add(File("f1"));
  first.SetTxn("old", 1);
  ASSERT_TRUE(first.Commit(Write()).ok());
  Transaction remove(io_, Load(), &random_);
  remove.Remove(Load()->files()[0]);
  ASSERT_TRUE(remove.Commit(Write("DELETE")).ok());
  EXPECT_EQ(Load()->tombstones().size(), 1U);
  clock_.AdvanceMicros(kDayMicros);
  EXPECT_TRUE(Load()->tombstones().empty());
  EXPECT_EQ(Load()->transactions().count("old"), 1U);
  ASSERT_TRUE(Checkpoint().ok());
  EXPECT_EQ(io_.store->Get(CheckpointPath(table_, 2))->find("\"remove\""), std::string::npos);
  clock_.AdvanceMicros(kDayMicros);
  EXPECT_TRUE(Load()->transactions().empty());
}

TEST_F(LogLevelTest, ACheckpointKeepsTombstonesWhole) {
  Create({{"delta.enableDeletionVectors", "true"}, {"delta.enableRowTracking", "true"}});
  AddFile hidden = File("with space", "x%y");
  hidden.deletion_vector = DeletionVectorDescriptor{"p", "file:/dv.bin", 7, 34, 1};
  AddFile plain = File("plain", "");
  plain.partition_values["p"] = std::nullopt;
  Transaction add(io_, Load(), &random_);
  add.Add(hidden);
  add.Add(plain);
  ASSERT_TRUE(add.Commit(Write()).ok());
  const auto live = Load();
  Transaction remove(io_, live, &random_);
  for (const auto& file : live->files()) remove.Remove(file);
  ASSERT_TRUE(remove.Commit(Write("DELETE")).ok());
  const auto texts = [&] {
    std::set<std::string> out;
    const auto snapshot = Load();
    for (RemoveFile file : snapshot->tombstones()) {
      file.data_change = false;  // as checkpoints have it, and without statistics
      file.stats.clear();
      out.insert(ActionToJson(file));
    }
    return out;
  };
  const auto before = texts();
  EXPECT_EQ(before.size(), 2U);
  ASSERT_TRUE(Checkpoint().ok());
  ASSERT_TRUE(io_.store->Delete(CommitPath(table_, 0)).ok());  // from here on only the checkpoint tells
  EXPECT_EQ(texts(), before);
}

TEST_F(LogLevelTest, AVersionSharesItsFilesWithTheOneBefore) {
  Create();
  Transaction txn(io_, Load(), &random_);
  for (int i = 0; i < 10000; i++) txn.Add(File("f" + std::to_string(i)));
  ASSERT_TRUE(txn.Commit(Write()).ok());
  auto snapshot = Load();
  const AddFile* first = &*snapshot->files().begin();
  for (int i = 0; i < 40; i++) {
    Transaction change(io_, snapshot, &random_);
    change.Remove(snapshot->files()[static_cast<size_t>(i) * 37 + 5]);
    change.Add(File("g" + std::to_string(i)));
    ASSERT_TRUE(change.Commit(Write("UPDATE")).ok());
    snapshot = Snapshot::Refresh(io_, snapshot).value();
  }
  EXPECT_EQ(&*snapshot->files().begin(), first) << "not copied";
  EXPECT_LT(snapshot->files().blocks(), 12U);
  const auto whole = Load();
  std::set<std::string> shared;
  std::set<std::string> loaded;
  for (const auto& file : snapshot->files()) shared.insert(file.path);
  for (const auto& file : whole->files()) loaded.insert(file.path);
  EXPECT_EQ(shared, loaded);
  EXPECT_EQ(shared.size(), 10000U);
  EXPECT_EQ(snapshot->size_bytes(), whole->size_bytes());
  EXPECT_EQ(snapshot->tombstones().size(), 40U);
  // A removed file that comes back (RESTORE) is no tombstone any more.
  Transaction restore(io_, snapshot, &random_);
  restore.Add(File("f5"));
  ASSERT_TRUE(restore.Commit(Write("RESTORE")).ok());
  snapshot = Snapshot::Refresh(io_, snapshot).value();
  EXPECT_EQ(snapshot->tombstones().size(), 39U);
  EXPECT_EQ(snapshot->files().size(), 10001U);
}

// PROTOCOL.md › JSON checksum.
TEST(LastCheckpointTest, TheProtocolsExample) {
  const std::string json =
      R"({"k0":"'v 0'", "checksum": "adsaskfljadfkjadfkj", "k1":{"k2": 2, "k3": ["v3", [1, 2], {"k4": "v4", "k5": ["v5", "v6", "v7"]}]}})";
  EXPECT_EQ(CanonicalJson(json),
            R"("k0"="%27v%200%27","k1"+"k2"=2,"k1"+"k3"+0="v3","k1"+"k3"+1+0=1,"k1"+"k3"+1+1=2,"k1"+"k3"+2+"k4"="v4",)"
            R"("k1"+"k3"+2+"k5"+0="v5","k1"+"k3"+2+"k5"+1="v6","k1"+"k3"+2+"k5"+2="v7")");
  EXPECT_EQ(Md5Hex(*CanonicalJson(json)), "6a92d155a59bf2eecbd4b4ec7fd1f875");
  EXPECT_FALSE(CanonicalJson(R"({"a":1,"a":2})").has_value());
  EXPECT_EQ(Md5Hex(""), "d41d8cd98f00b204e9800998ecf8427e");
}

// What real Spark wrote.
TEST(LastCheckpointTest, GoldenHints) {
  const std::string golden = std::string(DELTIC_TEST_DATA) + "/golden/";
  for (const auto& [table, version] : std::vector<std::pair<std::string, int64_t>>{
           {"checkpoint_classic", 6}, {"checkpoint_v2_json", 5}, {"checkpoint_multipart", -1}}) {
    const auto text = storage::LocalStore()->Get(golden + table + "/table/_delta_log/_last_checkpoint");
    ASSERT_TRUE(text.ok());
    const auto read = LastCheckpointVersion(*text);
    ASSERT_TRUE(read.has_value()) << table;
    if (version >= 0) {
      EXPECT_EQ(*read, version) << table;
    }
    std::string damaged = *text;
    damaged.replace(damaged.find("\"size\":"), 8, "\"size\":9");
    if (damaged != *text) {
      EXPECT_FALSE(LastCheckpointVersion(damaged).has_value()) << table;
    }
  }
}

// Checksums that real Spark wrote agree with what we replay.
TEST(VersionChecksumTest, GoldenChecksums) {
  const auto store = storage::LocalStore();
  const TableIo io = {store, nullptr, nullptr};
  const std::string golden = std::string(DELTIC_TEST_DATA) + "/golden";
  int verified = 0;
  const auto names = store->ListDirectories(golden).value();
  for (const auto& name : names) {
    const std::string table = golden + "/" + name + "/table";
    const auto objects = store->List(LogPath(table)).value();
    for (const auto& object : objects) {
      if (!object.path.ends_with(".crc")) continue;
      const auto snapshot = Snapshot::Load(io, table, *VersionOfName(storage::BaseName(object.path)));
      if (!snapshot.ok()) continue;  // needs a Parquet checkpoint
      const Status status = VerifyChecksum(store.get(), **snapshot);
      EXPECT_TRUE(status.ok()) << object.path << " " << status.ToString();
      verified++;
    }
  }
  EXPECT_GT(verified, 150);
}

}  // namespace
}  // namespace deltic::delta
