// Damaged logs: each is refused with an error that names the file, or survived where the protocol allows it.
#include <gtest/gtest.h>

#include "delta/log/history.h"
#include "delta/log/log_files.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {
namespace {

constexpr const char* kProtocol = R"({"protocol":{"minReaderVersion":1,"minWriterVersion":2}})";
constexpr const char* kMetadata =
    R"({"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":[],"configuration":{},"createdTime":1}})";

class CorruptionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Write(0, std::string(kProtocol) + "\n" + kMetadata + "\n");
    Write(1, Add("f1"));
    Write(2, Add("f2"));
    Write(3, Add("f3"));
  }
  static std::string Add(const std::string& path) {
    return R"({"add":{"path":")" + path +
           R"(","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}})"
           "\n";
  }
  void Write(int64_t version, const std::string& text) {
    ASSERT_TRUE(io_.store->Put(CommitPath(table_, version), text).ok());
  }
  Status LoadError(std::optional<int64_t> version = std::nullopt) {
    return Snapshot::Load(io_, table_, version).status();
  }
  std::string table_ = "memory:/t";
  TableIo io_{storage::NewMemoryStore(), nullptr, nullptr};
};

TEST_F(CorruptionTest, Whole) { EXPECT_EQ(Snapshot::Load(io_, table_).value()->files().size(), 3U); }

TEST_F(CorruptionTest, GarbledLineNamesFileAndLine) {
  Write(2, Add("f2") + R"({"add":{"path":"f2b","partiti)");
  const Status status = LoadError();
  EXPECT_EQ(status.condition(), "DELTA_LOG_CORRUPTED");
  EXPECT_NE(status.detail().find("00000000000000000002.json, line 2"), std::string::npos) << status.ToString();
  EXPECT_TRUE(Snapshot::Load(io_, table_, 1).ok()) << "earlier versions are still there";
}

TEST_F(CorruptionTest, MissingAndMistypedFields) {
  for (const auto* line :
       {R"({"add":{"partitionValues":{},"size":1}})", R"({"add":{"path":7,"size":1,"modificationTime":1}})",
        R"({"add":{"path":"x","size":-1,"modificationTime":1}})", R"({"add":3})", "[]", "nonsense",
        R"({"protocol":{"minReaderVersion":9999999999,"minWriterVersion":2}})"}) {
    Write(3, line);
    EXPECT_EQ(LoadError().condition(), "DELTA_LOG_CORRUPTED") << line;
  }
}

TEST_F(CorruptionTest, UnknownActionsAndFieldsAreTolerated) {
  Write(3,
        R"({"futureAction":{"a":1}})"
        "\n\n"
        R"({"add":{"path":"f4","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,"future":[1,2]}})");
  EXPECT_EQ(Snapshot::Load(io_, table_).value()->files().size(), 3U);
}

TEST_F(CorruptionTest, MissingMiddleVersion) {
  ASSERT_TRUE(io_.store->Delete(CommitPath(table_, 2)).ok());
  const Status status = LoadError();
  EXPECT_EQ(status.condition(), "DELTA_VERSIONS_NOT_CONTIGUOUS");
  EXPECT_EQ(status.Param("versionList"), "0, 1, 3");
  EXPECT_EQ(status.Param("path"), CommitPath(table_, 2));
  EXPECT_EQ(status.Param("version"), "3");
}

TEST_F(CorruptionTest, MissingFirstVersion) {
  ASSERT_TRUE(io_.store->Delete(CommitPath(table_, 0)).ok());
  const Status status = LoadError();
  EXPECT_EQ(status.condition(), "DELTA_TRUNCATED_TRANSACTION_LOG");
  EXPECT_EQ(status.Param("version"), "3");
  EXPECT_EQ(status.Param("logRetention"), "30 days");
}

TEST_F(CorruptionTest, LastCheckpointIsOnlyAHint) {
  for (const auto* hint : {"garbage", "{}", R"({"version":17,"size":3})", R"({"version":-4})", ""}) {
    ASSERT_TRUE(io_.store->Put(LastCheckpointPath(table_), hint).ok());
    const auto loaded = Snapshot::Load(io_, table_);
    ASSERT_TRUE(loaded.ok()) << hint << loaded.status().ToString();
    EXPECT_EQ((*loaded)->version(), 3);
  }
}

TEST_F(CorruptionTest, TwoProtocolsInOneCommit) {
  Write(3, std::string(kProtocol) + "\n" + kProtocol);
  const Status status = LoadError();
  EXPECT_EQ(status.condition(), "DELTA_LOG_CORRUPTED");
  EXPECT_NE(status.detail().find("two protocol"), std::string::npos);
}

TEST_F(CorruptionTest, NoProtocolOrMetadata) {
  Write(0, std::string(kMetadata));
  EXPECT_EQ(LoadError().Param("operation"), "protocol");
  Write(0, std::string(kProtocol));
  const Status status = LoadError();
  EXPECT_EQ(status.condition(), "DELTA_STATE_RECOVER_ERROR");
  EXPECT_EQ(status.Param("operation"), "metadata");
  EXPECT_EQ(status.Param("version"), "3");
  EXPECT_EQ(status.Param("tablePath"), table_);
}

// delta-spark's Metadata.partitionSchema looks names up as they are spelled.
TEST_F(CorruptionTest, PartitionColumnsThatAreNone) {
  for (const auto* column : {"nothing", "ID"}) {
    std::string metadata = kMetadata;
    metadata.replace(metadata.find(R"("partitionColumns":[])"), 21,
                     R"("partitionColumns":[")" + std::string(column) + R"("])");
    Write(0, std::string(kProtocol) + "\n" + metadata);
    const Status status = LoadError();
    EXPECT_EQ(status.condition(), "_PARTITION_COLUMN_UNKNOWN") << column;
    EXPECT_EQ(status.Param("column"), column);
    EXPECT_EQ(status.Param("available"), "id");
    EXPECT_EQ(status.Param("path"), table_);
  }
}

TEST_F(CorruptionTest, ColumnsThatDifferByCaseOnly) {
  std::string metadata = kMetadata;
  const std::string second = R"(,{\"name\":\"ID\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}}])";
  metadata.replace(metadata.find("]}\",\"partition"), 1, second);
  Write(0, std::string(kProtocol) + "\n" + metadata);
  const Status status = LoadError();
  EXPECT_EQ(status.condition(), "DELTA_DUPLICATE_COLUMNS_FOUND") << status.ToString();
  EXPECT_EQ(status.Param("duplicateCols"), "id");
  EXPECT_NE(status.Param("coltype").find(table_), std::string::npos);
}

TEST_F(CorruptionTest, ADamagedCompactionIsSurvived) {
  const std::string path = table_ + "/_delta_log/00000000000000000001.00000000000000000003.compacted.json";
  const std::string whole = Add("f1") + Add("f2") + Add("f3");
  for (const std::string& text : {whole, whole.substr(0, whole.size() / 2), std::string("garbage"), std::string(),
                                  std::string(kProtocol) + "\n" + kProtocol}) {
    ASSERT_TRUE(io_.store->Put(path, text).ok());
    const auto loaded = Snapshot::Load(io_, table_);
    ASSERT_TRUE(loaded.ok()) << loaded.status().ToString();
    EXPECT_EQ((*loaded)->files().size(), 3U);
    const auto refreshed = Snapshot::Refresh(io_, Snapshot::Load(io_, table_, 0).value());
    ASSERT_TRUE(refreshed.ok()) << refreshed.status().ToString();
    EXPECT_EQ((*refreshed)->files().size(), 3U);
  }
  // The commits are what counts: a damaged one is told.
  Write(2, "garbage");
  EXPECT_EQ(LoadError().condition(), "DELTA_LOG_CORRUPTED");
}

TEST_F(CorruptionTest, NoTable) {
  EXPECT_EQ(Snapshot::Load(io_, "memory:/none").status().condition(), "DELTA_MISSING_TRANSACTION_LOG");
  EXPECT_FALSE(IsDeltaTable(io_.store.get(), "memory:/none").value());
  EXPECT_TRUE(IsDeltaTable(io_.store.get(), table_).value());
}

TEST_F(CorruptionTest, VersionsOutOfRange) {
  const Status status = LoadError(9);
  EXPECT_EQ(status.condition(), "DELTA_VERSION_NOT_FOUND");
  EXPECT_EQ(status.detail(), "Cannot time travel Delta table to version 9. Available versions: [0, 3].");
  EXPECT_EQ(CheckVersionExists(io_, table_, 4).condition(), "DELTA_VERSION_NOT_FOUND");
  EXPECT_TRUE(CheckVersionExists(io_, table_, 3).ok());
}

TEST_F(CorruptionTest, UnsupportedReaderFeature) {
  Write(
      3,
      R"({"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["catalogManaged","newThing","deletionVectors"],"writerFeatures":["catalogManaged","newThing","deletionVectors"]}})");
  Status status = LoadError();
  EXPECT_EQ(status.condition(), "DELTA_UNSUPPORTED_FEATURES_FOR_READ");
  EXPECT_EQ(status.Param("unsupported"), "catalogManaged, newThing");
  Write(3, R"({"protocol":{"minReaderVersion":4,"minWriterVersion":7}})");
  EXPECT_EQ(LoadError().condition(), "DELTA_INVALID_PROTOCOL_VERSION");
}

TEST_F(CorruptionTest, FeaturesThatAreUsedAndNotListed) {
  std::string metadata = kMetadata;
  const std::string none = R"("configuration":{})";
  metadata.replace(metadata.find(none), none.size(), R"("configuration":{"delta.enableChangeDataFeed":"true"})");
  const auto load = [&](const std::string& protocol) {
    Write(3, R"({"protocol":)" + protocol + "}\n" + metadata + "\n");
    return LoadError();
  };
  const Status status = load(R"({"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["rowTracking"]})");
  EXPECT_EQ(status.condition(), "DELTA_FEATURES_PROTOCOL_METADATA_MISMATCH");
  EXPECT_EQ(status.Param("features"), "domainMetadata, changeDataFeed") << "what a feature needs is looked for, too";
  EXPECT_TRUE(load(R"({"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["changeDataFeed"]})").ok());
  EXPECT_TRUE(load(R"({"minReaderVersion":1,"minWriterVersion":2})").ok()) << "a protocol that lists none";
  EXPECT_TRUE(LoadError(2).ok()) << "earlier versions are what they were";
}

TEST_F(CorruptionTest, AReplacedTableIsNoticed) {
  const auto old = Snapshot::Load(io_, table_).value();
  ASSERT_TRUE(io_.store->DeleteRecursive(table_).ok());
  Write(0, std::string(kProtocol) + "\n" + kMetadata + "\n");
  EXPECT_EQ(Snapshot::Refresh(io_, old).value()->version(), 0);
}

TEST_F(CorruptionTest, PathsAreComparedAfterDecoding) {
  Write(3, R"({"remove":{"path":"memory:/t/f1","dataChange":true}})"
           "\n"
           R"({"remove":{"path":"f%32","dataChange":true}})");
  EXPECT_TRUE(Snapshot::Load(io_, table_).value()->files().empty());
}

}  // namespace
}  // namespace deltic::delta
