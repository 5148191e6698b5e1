// Files of a table with bytes flipped, cut and swapped: loading ends with the right files or with an error that names
// the path or the version, and never crashes.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "delta/checkpoint/checkpoint_writer.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/log/history.h"
#include "delta/log/log_files.h"
#include "delta/log/version_checksum.h"
#include "delta/transaction/testing/table_fixture.h"

namespace deltic::delta {
namespace {

class DamageTest : public testing::TableTest {
 protected:
  void SetUp() override {
    testing::TableTest::SetUp();
    Create({{"delta.checkpointPolicy", "v2"}, {"delta.enableInCommitTimestamps", "true"}});
    for (int i = 1; i <= 6; i++) {
      ASSERT_TRUE(Append(Load(), "f" + std::to_string(i)).ok());
      if (i == 3) {
        ASSERT_TRUE(WriteCheckpoint(io_, *Load(), &random_).ok());
      }
    }
    const auto objects = io_.store->ListRecursive(table_).value();
    for (const auto& object : objects) {
      files_.emplace_back(object.path, io_.store->Get(object.path).value());
    }
  }

  std::string Damage(std::string bytes) {
    if (bytes.empty()) return bytes;
    const size_t at = random_.Next64() % bytes.size();
    switch (random_.Next64() % 4) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random_.Next64() % 8))); break;
      case 1: bytes.resize(at); break;
      case 2: std::swap(bytes[at], bytes[random_.Next64() % bytes.size()]); break;
      default: bytes.erase(at, 1 + random_.Next64() % 20);
    }
    return bytes;
  }

  // Everything that reads a log.
  void ReadAll(const std::string& what) {
    const auto check = [&](const Status& status) {
      if (status.ok()) return;
      const std::string text = status.ToString();
      const bool named = text.find("_delta_log") != std::string::npos || text.find("ersion") != std::string::npos ||
                         text.find("protocol") != std::string::npos || text.find("memory:/t") != std::string::npos ||
                         status.Is("DELTA_FEATURES_PROTOCOL_METADATA_MISMATCH");
      EXPECT_TRUE(named) << what << ": " << text;
    };
    const auto latest = Snapshot::Load(io_, table_);
    check(latest.status());
    check(Snapshot::Load(io_, table_, 4).status());
    check(History(io_, table_, std::nullopt).status());
    if (!latest.ok()) return;
    (void)ChecksumMismatch(io_.store->Get(ChecksumPath(table_, (*latest)->version())).ok() ? "" : "{", **latest);
    check(VerifyChecksum(io_.store.get(), **latest));
    check(Snapshot::Refresh(io_, *latest).status());
    for (const auto& file : (*latest)->files()) EXPECT_FALSE(file.path.empty());
    (void)(*latest)->tombstones();
  }

  std::vector<std::pair<std::string, std::string>> files_;
};

TEST_F(DamageTest, AnyFileOfTheLog) {
  for (int round = 0; round < 1500; round++) {
    const auto& [path, bytes] = files_[random_.Next64() % files_.size()];
    ASSERT_TRUE(io_.store->Put(path, Damage(bytes)).ok());
    ReadAll("round " + std::to_string(round) + ", " + path);
    ASSERT_TRUE(io_.store->Put(path, bytes).ok());
  }
}

TEST_F(DamageTest, AnyFileMissing) {
  for (const auto& [path, bytes] : files_) {
    ASSERT_TRUE(io_.store->Delete(path).ok());
    ReadAll("without " + path);
    const auto latest = Snapshot::Load(io_, table_);
    // What is derived is never needed.
    if (path.ends_with(".crc") || path.ends_with("_last_checkpoint")) {
      ASSERT_TRUE(latest.ok()) << path;
      EXPECT_EQ((*latest)->files().size(), 6U);
    }
    ASSERT_TRUE(io_.store->Put(path, bytes).ok());
  }
}

TEST_F(DamageTest, ADamagedCheckpointIsSurvivedWhileTheCommitsAreThere) {
  for (const auto& [path, bytes] : files_) {
    if (path.find("checkpoint.") == std::string::npos && path.find("_sidecars") == std::string::npos) continue;
    ASSERT_TRUE(io_.store->Put(path, bytes.substr(0, bytes.size() / 2) + "{").ok());
    EXPECT_EQ(Load()->files().size(), 6U) << path;
    ASSERT_TRUE(io_.store->Put(path, bytes).ok());
  }
}

// A deletion vector file carries a checksum: a changed byte is an error or changes nothing.
TEST(DamagedVectorTest, EveryByteOfAGoldenVector) {
  const auto local = storage::LocalStore();
  const std::string table = std::string(DELTIC_TEST_DATA) + "/golden/dv_ondisk/table";
  const auto snapshot = Snapshot::Load({local, nullptr, nullptr}, table).value();
  int checked = 0;
  for (const auto& file : snapshot->files()) {
    if (!file.deletion_vector || file.deletion_vector->storage_type == "i") continue;
    const auto right = LoadDeletionVector(local.get(), table, *file.deletion_vector).value()->ToVector();
    const std::string bytes = local->Get(DeletionVectorPath(table, *file.deletion_vector).value()).value();
    const auto memory = storage::NewMemoryStore();
    const std::string path = DeletionVectorPath("memory:/t", *file.deletion_vector).value();
    for (size_t at = 0; at < bytes.size(); at++) {
      for (const int bit : {0, 5}) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
        ASSERT_TRUE(memory->Put(path, damaged).ok());
        const auto loaded = LoadDeletionVector(memory.get(), "memory:/t", *file.deletion_vector);
        if (loaded.ok()) {
          EXPECT_EQ((*loaded)->ToVector(), right) << "byte " << at;
        } else {
          EXPECT_NE(loaded.status().ToString().find("deletion_vector"), std::string::npos);
        }
      }
      ASSERT_TRUE(memory->Put(path, bytes.substr(0, at)).ok());
      const auto cut = LoadDeletionVector(memory.get(), "memory:/t", *file.deletion_vector);
      if (cut.ok()) {
        EXPECT_EQ((*cut)->ToVector(), right) << "cut at " << at;
      }
    }
    checked++;
  }
  EXPECT_GT(checked, 0);
}

}  // namespace
}  // namespace deltic::delta
