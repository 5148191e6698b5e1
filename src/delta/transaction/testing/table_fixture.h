// A small table on a memory store for tests of commits: two columns, partitioned by p. Not thread-safe.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "delta/io/testing/json_parquet.h"
#include "delta/transaction/transaction.h"

namespace deltic::delta::testing {

class TableTest : public ::testing::Test {
 protected:
  void Use(std::shared_ptr<storage::ObjectStore> store) {
    parquet_ = std::make_unique<JsonParquet>(store.get());
    io_ = {std::move(store), parquet_.get(), &clock_};
  }
  void SetUp() override { Use(storage::NewMemoryStore(&clock_)); }

  static Metadata TwoColumns(std::map<std::string, std::string> configuration = {}, bool partitioned = true) {
    Metadata metadata;
    metadata.schema = types::DataType::Struct({{"id", types::TypeId::kLong}, {"p", types::TypeId::kString}});
    if (partitioned) metadata.partition_columns = {"p"};
    metadata.configuration = std::move(configuration);
    return metadata;
  }
  static AddFile File(const std::string& path, const std::string& partition = "a", int64_t rows = 3) {
    AddFile file;
    file.path = path;
    file.partition_values["p"] = partition;
    file.size_bytes = 10;
    file.modification_time_ms = 1;
    file.stats = "{\"numRecords\":" + std::to_string(rows) + "}";
    return file;
  }
  CommitOptions Write(std::string operation = "WRITE") const {
    CommitOptions options;
    options.operation = std::move(operation);
    options.operation_parameters = {{"mode", "Append"}, {"description", "null"}};
    options.engine_info = "Deltic/test";
    return options;
  }
  void Create(std::map<std::string, std::string> configuration = {}, bool partitioned = true) {
    Transaction txn(io_, table_, &random_);
    const Status status = txn.UpdateMetadata(TwoColumns(std::move(configuration), partitioned));
    ASSERT_TRUE(status.ok()) << status.ToString();
    const auto version = txn.Commit(Write("CREATE TABLE"));
    ASSERT_TRUE(version.ok()) << version.status().ToString();
    EXPECT_EQ(*version, 0);
  }
  std::shared_ptr<const Snapshot> Load(std::optional<int64_t> version = std::nullopt) {
    auto loaded = Snapshot::Load(io_, table_, version);
    EXPECT_TRUE(loaded.ok()) << loaded.status().ToString();
    return loaded.ok() ? *loaded : nullptr;
  }
  Result<int64_t> Append(const std::shared_ptr<const Snapshot>& on, const std::string& path,
                         const std::string& partition = "a") {
    Transaction txn(io_, on, &random_);
    txn.Add(File(path, partition));
    return txn.Commit(Write());
  }
  Status SetProperty(const std::shared_ptr<const Snapshot>& on, const std::string& key, const std::string& value) {
    Transaction txn(io_, on, &random_);
    Metadata metadata = txn.metadata();
    metadata.configuration[key] = value;
    RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
    return txn.Commit(Write("SET TBLPROPERTIES")).status();
  }

  ManualClock clock_{1700000000000000};
  SeededRandom random_{1};
  std::string table_ = "memory:/t";
  std::unique_ptr<JsonParquet> parquet_;
  TableIo io_;
};

}  // namespace deltic::delta::testing
