// Commands that looked at a table before another commit changed its metadata. What delta-spark 3.3.2 does of them:
// commands/alterDeltaTableCommands.scala (metadata comes from the transaction that commits it) and ConflictChecker.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/random.h"
#include "delta/log/log_files.h"
#include "delta/transaction/transaction.h"
#include "engine/delta_parquet_io.h"
#include "engine/engine.h"
#include "spark/catalog/delta_scan.h"
#include "spark/command/alter_table.h"
#include "spark/command/compaction.h"
#include "spark/command/delta_write.h"
#include "spark/command/query_catalog.h"
#include "storage/object_store.h"

namespace deltic::spark::command {
namespace {

using types::TypeId;

class OldSnapshot : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() / ("deltic-old-snapshot-" + Random::System()->Uuid());
    engine_ = engine::Engine::Open({}).value();
    parquet_ = std::make_unique<engine::DeltaParquetIo>(engine_.get());
    catalog_ = std::make_unique<catalog::ServerCatalog>(directory_.string(), parquet_.get(), Clock::System());
    server_.engine = engine_.get();
    server_.clock = Clock::System();
    server_.catalog = catalog_.get();
    server_.server_conf = std::make_shared<std::map<std::string, std::string>>();
    session_ = std::make_unique<session::Session>(&server_, "u", "s");
    context_ = std::make_unique<CommandContext>(CommandContext{session_.get(), never_});
    target_.is_path = true;
    target_.provider = "delta";
    target_.path = (directory_ / "t").string();
    Append();
    Append();
    old_ = Latest();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Append() {
    DeltaWrite write;
    write.path = target_.path;
    write.mode = plan::SaveMode::kAppend;
    write.data = std::make_shared<engine::RangeRel>(engine::Column{engine::FreshColumnId(), "id", TypeId::kLong, false},
                                                    0, 4, 1);
    const auto version = WriteDelta(session_.get(), write, never_);
    ASSERT_TRUE(version.ok()) << version.status().ToString();
  }
  std::shared_ptr<const delta::Snapshot> Latest() {
    return catalog_->LatestSnapshot(session_.get(), target_.path).value();
  }
  std::string CommitText() {
    const std::string path = delta::CommitPath(target_.path, Latest()->version());
    return catalog_->IoFor(session_.get(), target_.path)->store->Get(path).value();
  }
  engine::RelPtr Rows(const std::shared_ptr<const delta::Snapshot>& snapshot) {
    QueryCatalog catalog(session_.get());
    resolve::Resolver resolver(&catalog, engine_.get(), session_->views(), session_->MakeResolveOptions(), false);
    return catalog::ScanSnapshot(session_.get(), snapshot, {}, &resolver).value();
  }
  void Delete(std::shared_ptr<const delta::Snapshot> snapshot) {
    delta::Transaction txn(*catalog_->IoFor(session_.get(), target_.path), snapshot, Random::System());
    for (const auto& file : snapshot->files()) txn.Remove(file);
    txn.ReadWholeTable();
    const auto version = txn.Commit({.operation = "DELETE"});
    ASSERT_TRUE(version.ok()) << version.status().ToString();
  }
  // The commands, as if they had begun when the table was as in `snapshot`.
  Status AddColumn(const std::string& name, std::shared_ptr<const delta::Snapshot> snapshot) {
    plan::TableChange command;
    command.action = "ADD COLUMNS";
    command.columns = {{.name = name, .type = TypeId::kInteger}};
    command.paths = {{name}};
    command.positions = {{}};
    return AlterAddColumns({*context_, command, target_, std::move(snapshot)});
  }
  Status Set(plan::Options properties, std::shared_ptr<const delta::Snapshot> snapshot) {
    plan::TableChange command;
    command.action = "SET TBLPROPERTIES";
    command.properties = std::move(properties);
    return AlterProperties({*context_, command, target_, std::move(snapshot)});
  }
  Status Optimize(std::shared_ptr<const delta::Snapshot> snapshot) {
    std::vector<const delta::AddFile*> files;
    for (const auto& file : snapshot->files()) files.push_back(&file);
    Rewrite rewrite;
    rewrite.bins = PackBins(files, int64_t{1} << 30);
    rewrite.snapshot = std::move(snapshot);
    rewrite.commit.operation = "OPTIMIZE";
    return RunRewrite(*context_, rewrite).status();
  }

  std::filesystem::path directory_;
  const std::function<bool()> never_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<engine::DeltaParquetIo> parquet_;
  std::unique_ptr<catalog::ServerCatalog> catalog_;
  session::ServerState server_;
  std::unique_ptr<session::Session> session_;
  std::unique_ptr<CommandContext> context_;
  catalog::TableTarget target_;
  std::shared_ptr<const delta::Snapshot> old_;
};

TEST_F(OldSnapshot, AnAlterationDoesNotUndoAnother) {
  ASSERT_TRUE(AddColumn("a", old_).ok());
  EXPECT_EQ(AddColumn("b", old_).condition(), "DELTA_METADATA_CHANGED");
  EXPECT_EQ(Set({{"k", "v"}}, old_).condition(), "DELTA_METADATA_CHANGED");
  EXPECT_EQ(Latest()->schema().fields().size(), 2u);
  ASSERT_TRUE(Set({{"k", "v"}}, Latest()).ok());
  EXPECT_EQ(Latest()->schema().fields().size(), 2u);
}

TEST_F(OldSnapshot, AnAlterationGoesOnBesideRows) {
  Append();
  ASSERT_TRUE(AddColumn("a", old_).ok());
  EXPECT_EQ(Latest()->schema().fields().size(), 2u);
  EXPECT_EQ(Latest()->files().size(), 3u);
}

TEST_F(OldSnapshot, TurningRowTrackingOnStartsFromTheTableAfterTheBackfill) {
  ASSERT_TRUE(AddColumn("a", old_).ok());
  const Status set = Set({{"delta.enableRowTracking", "true"}}, old_);
  ASSERT_TRUE(set.ok()) << set.ToString();
  EXPECT_EQ(Latest()->schema().fields().size(), 2u);
  EXPECT_EQ(Latest()->metadata().configuration.at("delta.enableRowTracking"), "true");
  EXPECT_NE(CommitText().find("rowTrackingEnablementOnly"), std::string::npos);
}

TEST_F(OldSnapshot, RewrittenFilesWithoutRowIdsDoNotComeIntoATableThatTracksRows) {
  ASSERT_TRUE(Set({{"delta.enableRowTracking", "true"}, {"k", "v"}}, old_).ok());
  EXPECT_EQ(Optimize(old_).condition(), "DELTA_METADATA_CHANGED");
  EXPECT_EQ(Latest()->files().size(), 2u);
  ASSERT_TRUE(Optimize(Latest()).ok());
  EXPECT_NE(CommitText().find(R"("delta.rowTracking.preserved":"true")"), std::string::npos);
}

TEST_F(OldSnapshot, RewrittenFilesThatLostRowIdsSaySo) {
  ASSERT_TRUE(Set({{"delta.enableRowTracking", "true"}}, old_).ok());
  const Status optimized = Optimize(old_);
  ASSERT_TRUE(optimized.ok()) << optimized.ToString();
  EXPECT_NE(CommitText().find(R"("delta.rowTracking.preserved":"false")"), std::string::npos);
}

TEST_F(OldSnapshot, RowsOfTheTableItselfAreOnesThatItStillHas) {
  DeltaWrite write;
  write.path = target_.path;
  write.mode = plan::SaveMode::kAppend;
  write.data = Rows(old_);
  Delete(Latest());
  EXPECT_EQ(WriteDelta(session_.get(), write, never_).status().condition(), "DELTA_CONCURRENT_DELETE_READ");
  write.mode = plan::SaveMode::kOverwrite;
  EXPECT_EQ(WriteDelta(session_.get(), write, never_).status().condition(), "DELTA_CONCURRENT_DELETE_READ");
  EXPECT_EQ(Latest()->files().size(), 0u);
  write.mode = plan::SaveMode::kAppend;
  write.data = Rows(Latest());
  Append();  // by the isolation level blind appends are no matter
  EXPECT_TRUE(WriteDelta(session_.get(), write, never_).ok());
}

}  // namespace
}  // namespace deltic::spark::command
