// What VACUUM deletes and keeps, on the memory store with a clock that only tests move.
#include "delta/vacuum/vacuum.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "delta/deletion_vector/deletion_vector.h"
#include "delta/transaction/transaction.h"
#include "storage/object_store.h"

namespace deltic::delta {
namespace {

constexpr int64_t kHourMs = 3600 * 1000;
using Paths = std::vector<std::string>;

class VacuumTest : public ::testing::Test {
 protected:
  void SetUp() override {
    io_ = {storage::NewMemoryStore(&clock_), nullptr, &clock_};
    Create();
  }
  void Create() {
    Metadata metadata;
    metadata.schema = types::DataType::Struct({{"id", types::TypeId::kLong}, {"_p", types::TypeId::kString}});
    metadata.partition_columns = {"_p"};
    Transaction txn(io_, table_, &random_);
    ASSERT_TRUE(txn.UpdateMetadata(std::move(metadata)).ok());
    Commit(&txn, "CREATE TABLE");
  }
  void Commit(Transaction* txn, const std::string& operation) {
    CommitOptions options;
    options.operation = operation;
    const auto version = txn->Commit(options);
    ASSERT_TRUE(version.ok()) << version.status().ToString();
  }
  std::shared_ptr<const Snapshot> Latest() { return Snapshot::Load(io_, table_).value(); }
  void Hours(int64_t hours) { clock_.AdvanceMicros(hours * kHourMs * 1000); }
  std::string At(const std::string& path) const { return storage::JoinPath(table_, path); }
  void Put(const std::string& path, const std::string& bytes = "12345") {
    ASSERT_TRUE(io_.store->Put(At(path), bytes).ok());
  }
  bool Exists(const std::string& path) { return io_.store->Head(At(path)).ok(); }
  static AddFile File(const std::string& path) {
    AddFile file;
    file.path = path;
    file.partition_values["_p"] = "a";
    file.size_bytes = 5;
    file.stats = R"({"numRecords":3})";
    return file;
  }
  void Add(const std::string& path) {
    Put(path);
    Transaction txn(io_, Latest(), &random_);
    txn.Add(File(path));
    Commit(&txn, "WRITE");
  }
  void Remove(const std::string& path) {
    Transaction txn(io_, Latest(), &random_);
    txn.Remove(File(path));
    Commit(&txn, "DELETE");
  }
  VacuumPlan Plan(std::optional<int64_t> retention_hours, bool lite = false) {
    VacuumOptions options;
    if (retention_hours.has_value()) options.retention_ms = *retention_hours * kHourMs;
    options.check_retention = false;
    options.lite = lite;
    const auto plan = PlanVacuum(io_, *Latest(), options);
    EXPECT_TRUE(plan.ok()) << plan.status().ToString();
    return plan.ok() ? *plan : VacuumPlan();
  }

  ManualClock clock_{1700000000000000};
  SeededRandom random_{1};
  std::string table_ = "memory:/t";
  TableIo io_;
};

TEST_F(VacuumTest, TombstonesAreKeptForTheRetention) {
  Add("_p=a/one");
  Add("_p=a/two");
  Hours(200);
  Remove("_p=a/one");
  Hours(100);
  EXPECT_EQ(Plan(std::nullopt).files, Paths{});
  EXPECT_EQ(Plan(101).files, Paths{});
  EXPECT_EQ(Plan(99).files, Paths{"_p=a/one"});
  Hours(69);  // 169 hours: beyond the default of a week
  const VacuumPlan plan = Plan(std::nullopt);
  EXPECT_EQ(plan.files, Paths{"_p=a/one"});
  EXPECT_EQ(plan.bytes, 5);
  EXPECT_EQ(DeleteVacuumed(io_, *Latest(), plan).value(), 1);
  EXPECT_FALSE(Exists("_p=a/one"));
  EXPECT_TRUE(Exists("_p=a/two"));
}

TEST_F(VacuumTest, UntrackedFilesGoByAgeAndHiddenOnesStay) {
  Put("stray");
  Put("_p=b/stray");
  Put("_change_data/_p=a/cdc-1");
  Put("_delta_index/x");
  Put("_hidden/x");
  Put(".hidden");
  Put("_other=1/x");
  Hours(10);
  Put("young");
  EXPECT_EQ(Plan(1).files, (Paths{"_change_data/_p=a/cdc-1", "_delta_index/x", "_p=b/stray", "stray"}));
  EXPECT_EQ(Plan(11).files, Paths{});
}

TEST_F(VacuumTest, DeletionVectorsLiveAsLongAsTheirFiles) {
  Transaction enable(io_, Latest(), &random_);
  Metadata metadata = Latest()->metadata();
  metadata.configuration["delta.enableDeletionVectors"] = "true";
  ASSERT_TRUE(enable.UpdateMetadata(std::move(metadata)).ok());
  Commit(&enable, "SET TBLPROPERTIES");
  AddFile file = File("one");
  file.deletion_vector = DeletionVectorDescriptor{"u", "ab^-aqEH.-t@S}K{vb[*k^", 1, 34, 1};
  const std::string vector = DeletionVectorPath(table_, *file.deletion_vector).value().substr(table_.size() + 1);
  EXPECT_EQ(vector, "ab/deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");  // PROTOCOL.md's example
  Put("one");
  Put(vector);
  Transaction txn(io_, Latest(), &random_);
  txn.Add(file);
  Commit(&txn, "DELETE");
  Hours(500);
  EXPECT_EQ(Plan(0).files, Paths{});
  Transaction remove(io_, Latest(), &random_);
  remove.Remove(file);
  Commit(&remove, "DELETE");
  EXPECT_EQ(Plan(1).files, Paths{});
  Hours(2);
  EXPECT_EQ(Plan(1).files, (Paths{vector, "one"}));
  EXPECT_EQ(Plan(1, true).files, (Paths{vector, "one"}));
}

TEST_F(VacuumTest, FilesElsewhereAreNoneOfItsBusiness) {
  Transaction txn(io_, Latest(), &random_);
  txn.Add(File("memory:/other/one"));
  Commit(&txn, "CLONE");
  ASSERT_TRUE(io_.store->Put("memory:/other/two", "x").ok());
  Put("stray");
  Hours(500);
  EXPECT_EQ(Plan(0).files, Paths{"stray"});
}

TEST_F(VacuumTest, LiveFilesByAbsolutePathStay) {
  Put("one");
  Transaction txn(io_, Latest(), &random_);
  txn.Add(File("memory:/t/one"));
  Commit(&txn, "WRITE");
  Hours(500);
  EXPECT_EQ(Plan(0).files, Paths{});
}

TEST_F(VacuumTest, LiteSeesOnlyWhatTheLogRemoved) {
  Add("_p=a/one");
  Put("stray");
  Hours(1);
  Remove("_p=a/one");
  Hours(10);
  const VacuumPlan plan = Plan(5, true);
  EXPECT_EQ(plan.files, Paths{"_p=a/one"});
  EXPECT_EQ(plan.last_version, 2);
  EXPECT_EQ(Plan(10, true).files, Paths{});
  RecordVacuum(io_, *Latest(), plan);
  Add("_p=a/two");
  EXPECT_EQ(Plan(5, true).files, Paths{});  // the log up to version 2 was looked at
}

TEST_F(VacuumTest, ShortRetentionIsRefused) {
  VacuumOptions options;
  options.retention_ms = 167 * kHourMs;
  const auto plan = PlanVacuum(io_, *Latest(), options);
  ASSERT_TRUE(plan.status().Is("_VACUUM_REQUIREMENT"));
  EXPECT_NE(plan.status().detail().find("not less than \"168 hours\""), std::string::npos);
  options.retention_ms = 168 * kHourMs;
  EXPECT_TRUE(PlanVacuum(io_, *Latest(), options).ok());
  options.retention_ms = -1;
  options.check_retention = false;
  EXPECT_TRUE(PlanVacuum(io_, *Latest(), options).status().Is("_VACUUM_REQUIREMENT"));
}

TEST(VacuumDirectoriesTest, OnlyEmptyOnesGo) {
  namespace fs = std::filesystem;
  const std::string root = fs::temp_directory_path() / "deltic-vacuum-test";
  fs::remove_all(root);
  fs::create_directories(root + "/empty/inside");
  fs::create_directories(root + "/full");
  std::ofstream(root + "/full/file") << "x";
  ManualClock clock(Clock::System()->NowMicros());
  SeededRandom random(1);
  TableIo io{storage::LocalStore(), nullptr, &clock};
  Metadata metadata;
  metadata.schema = types::DataType::Struct({{"id", types::TypeId::kLong}});
  Transaction txn(io, root, &random);
  ASSERT_TRUE(txn.UpdateMetadata(std::move(metadata)).ok());
  CommitOptions commit;
  commit.operation = "CREATE TABLE";
  ASSERT_TRUE(txn.Commit(commit).ok());
  const auto snapshot = Snapshot::Load(io, root).value();
  VacuumOptions options;
  options.retention_ms = kHourMs;
  options.check_retention = false;
  VacuumPlan plan = PlanVacuum(io, *snapshot, options).value();
  EXPECT_EQ(plan.files, Paths{});
  EXPECT_EQ(plan.directories, (Paths{"empty/inside", "empty"}));
  EXPECT_EQ(plan.listed_directories, 4);
  plan.directories.push_back("full");  // a file came between
  EXPECT_EQ(DeleteVacuumed(io, *snapshot, plan).value(), 2);
  EXPECT_TRUE(fs::exists(root + "/full/file"));
  EXPECT_FALSE(fs::exists(root + "/empty"));
  fs::remove_all(root);
}

}  // namespace
}  // namespace deltic::delta
