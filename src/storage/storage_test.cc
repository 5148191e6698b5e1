// The store contract on every store, and the path functions.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/random.h"
#include "storage/object_store.h"
#include "storage/s3/s3_store.h"
#include "storage/testing/fault_store.h"

namespace deltic::storage {
namespace {

struct Root {
  std::shared_ptr<ObjectStore> store;
  std::string base;
};

Root MakeRoot(const std::string& kind) {
  const std::string name = "deltic-storage-" + Random::System()->Uuid();
  const std::string dir = (std::filesystem::temp_directory_path() / name).string();
  if (kind == "memory") return {NewMemoryStore(), "memory:/root"};
  if (kind == "file_uri") return {LocalStore(), "file:" + dir};
  if (kind == "fault") {
    return {std::make_shared<testing::FaultStore>(NewMemoryStore(),
                                                  [](testing::Op, std::string_view) { return testing::Fault::kNone; }),
            "memory:/root"};
  }
  if (kind == "s3") {
    s3::S3Options options;
    options.defaults.endpoint = std::getenv("DELTIC_TEST_S3_ENDPOINT");
    options.defaults.credentials = {"minioadmin", "minioadmin", ""};
    const char* bucket = std::getenv("DELTIC_TEST_S3_BUCKET");
    return {s3::NewS3Store(options, "t"),
            "s3a://" + std::string(bucket == nullptr ? "warehouse" : bucket) + "/" + name};
  }
  return {LocalStore(), dir};
}

// S3 is among the stores when a server is given: DELTIC_TEST_S3_ENDPOINT, bucket DELTIC_TEST_S3_BUCKET.
std::vector<std::string> Kinds() {
  std::vector<std::string> kinds = {"local", "file_uri", "memory", "fault"};
  if (std::getenv("DELTIC_TEST_S3_ENDPOINT") != nullptr) kinds.push_back("s3");
  return kinds;
}

class StoreContract : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { root_ = MakeRoot(GetParam()); }
  void TearDown() override { EXPECT_TRUE(root_.store->DeleteRecursive(root_.base).ok()); }
  std::string Path(std::string_view name) const { return JoinPath(root_.base, name); }
  Root root_;
};

TEST_P(StoreContract, PutGetHeadDelete) {
  const std::string path = Path("a/b/c d%20é.txt");
  EXPECT_EQ(root_.store->Get(path).status().condition(), "PATH_NOT_FOUND");
  EXPECT_EQ(root_.store->Head(path).status().condition(), "PATH_NOT_FOUND");
  ASSERT_TRUE(root_.store->Put(path, "one").ok());
  ASSERT_TRUE(root_.store->Put(path, std::string("t\0wo", 4)).ok());
  EXPECT_EQ(root_.store->Get(path).value(), std::string("t\0wo", 4));
  EXPECT_EQ(root_.store->GetRange(path, 1, 2).value(), std::string("\0w", 2));
  EXPECT_EQ(root_.store->GetRange(path, 3, 100).value(), "o");
  EXPECT_EQ(root_.store->GetRange(path, 50, 1).value(), "");
  const auto meta = root_.store->Head(path);
  ASSERT_TRUE(meta.ok());
  EXPECT_EQ(meta->size_bytes, 4);
  EXPECT_GT(meta->modified_ms, 1500000000000);
  EXPECT_EQ(root_.store->Head(Path("a/b")).status().condition(), "PATH_NOT_FOUND") << "a directory is no object";
  ASSERT_TRUE(root_.store->Delete(path).ok());
  ASSERT_TRUE(root_.store->Delete(path).ok()) << "deleting twice is fine";
  EXPECT_FALSE(root_.store->Get(path).ok());
}

TEST_P(StoreContract, AWriterAsksFirst) {
  for (const bool allowed : {false, true}) {
    const std::string path = Path(allowed ? "yes" : "no");
    int asked = 0;
    const auto writer = root_.store->OpenWriter(path).value();
    writer->AskFirst([&] {
      asked++;
      return allowed ? Status::Ok() : Error("OPERATION_CANCELED");
    });
    ASSERT_TRUE(writer->Append("x").ok());
    EXPECT_EQ(writer->Finish().condition(), allowed ? "" : "OPERATION_CANCELED");
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(root_.store->Head(path).ok(), allowed);
  }
}

TEST_P(StoreContract, PutIfAbsentKeepsTheFirst) {
  const std::string path = Path("log/0.json");
  EXPECT_EQ(root_.store->PutIfAbsent(path, "first").value(), PutOutcome::kCreated);
  EXPECT_EQ(root_.store->PutIfAbsent(path, "second").value(), PutOutcome::kAlreadyExists);
  EXPECT_EQ(root_.store->Get(path).value(), "first");
  EXPECT_EQ(root_.store->List(Path("log")).value().size(), 1U) << "no temporary file is left or shown";
}

TEST_P(StoreContract, OneOfManyWinsARace) {
  const std::string path = Path("log/1.json");
  std::atomic<int> created{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; i++) {
    threads.emplace_back([&, i] {
      const auto outcome = root_.store->PutIfAbsent(path, std::string(1000, static_cast<char>('a' + i)));
      if (outcome.ok() && *outcome == PutOutcome::kCreated) created++;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  const std::string bytes = root_.store->Get(path).value();
  EXPECT_EQ(bytes, std::string(1000, bytes[0]));
}

TEST_P(StoreContract, Listing) {
  EXPECT_TRUE(root_.store->List(Path("none")).value().empty());
  EXPECT_TRUE(root_.store->ListDirectories(Path("none")).value().empty());
  for (const auto* name : {"d/2", "d/10", "d/1", "d/sub/x", "d/sub2/y/z"}) {
    ASSERT_TRUE(root_.store->Put(Path(name), "x").ok());
  }
  const auto names = [](const std::vector<ObjectMeta>& files) {
    std::vector<std::string> out;
    for (const auto& file : files) out.emplace_back(BaseName(file.path));
    return out;
  };
  EXPECT_EQ(names(root_.store->List(Path("d")).value()), (std::vector<std::string>{"1", "10", "2"}));
  EXPECT_EQ(names(root_.store->List(Path("d"), "10").value()), (std::vector<std::string>{"10", "2"}));
  EXPECT_EQ(root_.store->List(Path("d")).value()[0].path, Path("d/1"));
  EXPECT_EQ(names(root_.store->ListRecursive(Path("d")).value()), (std::vector<std::string>{"1", "10", "2", "x", "z"}));
  EXPECT_EQ(root_.store->ListDirectories(Path("d")).value(), (std::vector<std::string>{"sub", "sub2"}));
  EXPECT_TRUE(root_.store->HasDirectory(Path("d")).value());
  EXPECT_TRUE(root_.store->HasDirectory(Path("d/sub2")).value());
  EXPECT_FALSE(root_.store->HasDirectory(Path("d/1")).value());
  EXPECT_FALSE(root_.store->HasDirectory(Path("d/su")).value());
  EXPECT_FALSE(root_.store->HasDirectory(Path("none")).value());
  ASSERT_TRUE(root_.store->DeleteRecursive(Path("d/sub")).ok());
  EXPECT_EQ(names(root_.store->ListRecursive(Path("d")).value()), (std::vector<std::string>{"1", "10", "2", "z"}));
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, ::testing::ValuesIn(Kinds()),
                         [](const auto& info) { return info.param; });

// A writer may be shown an old list, but not one of yesterday: the log's clean-up counts on it.
TEST(FaultStore, StaleListsCatchUp) {
  ManualClock clock(1'700'000'000'000'000);
  testing::FaultStore store(
      NewMemoryStore(&clock), [](testing::Op, std::string_view) { return testing::Fault::kStale; }, &clock);
  const auto count = [&] { return store.List("memory:/d", "")->size(); };
  ASSERT_TRUE(store.Put("memory:/d/1", "").ok());
  clock.AdvanceMicros(5'000'000);
  ASSERT_TRUE(store.Put("memory:/d/2", "").ok());
  EXPECT_EQ(count(), 1);
  clock.AdvanceMicros(61'000'000);
  EXPECT_EQ(count(), 2);
}

TEST(LocalStore, ErrorsNameThePath) {
  const auto status = LocalStore()->Put("/proc/deltic-cannot-write-here/x", "1");
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.detail().find("/proc/deltic-cannot-write-here"), std::string::npos) << status.ToString();
  // The device that is always full.
  const auto full = LocalStore()->Put("/dev/full/x", "1");
  EXPECT_EQ(full.condition(), "IO_ERROR");
}

TEST(Paths, Normalize) {
  EXPECT_EQ(NormalizePath("file:///a/b/"), "/a/b");
  EXPECT_EQ(NormalizePath("file:/a/b"), "/a/b");
  EXPECT_EQ(NormalizePath("file://host/a"), "/a");
  EXPECT_EQ(NormalizePath("/a//b"), "/a/b");
  EXPECT_EQ(NormalizePath("/"), "/");
  EXPECT_EQ(NormalizePath("rel/x/"), "rel/x");
  EXPECT_EQ(NormalizePath("s3a://bucket/key//x/"), "s3a://bucket/key/x");
  EXPECT_EQ(NormalizePath("s3a://bucket"), "s3a://bucket");
  EXPECT_EQ(NormalizePath("memory:/t/"), "memory:/t");
  EXPECT_EQ(NormalizePath("/a/b:c"), "/a/b:c");
}

TEST(Paths, Parts) {
  EXPECT_EQ(JoinPath("/a/", "/b"), "/a/b");
  EXPECT_EQ(JoinPath("/a", ""), "/a");
  EXPECT_EQ(JoinPath("/", "b"), "/b");
  EXPECT_EQ(BaseName("/a/b.c"), "b.c");
  EXPECT_EQ(DirName("/a/b"), "/a");
  EXPECT_EQ(DirName("/a"), "/");
  EXPECT_TRUE(IsAbsolutePath("s3a://b/x"));
  EXPECT_TRUE(IsAbsolutePath("/x"));
  EXPECT_FALSE(IsAbsolutePath("p=a:b/x"));
}

// Left: what Spark wrote in add.path for these names (tests/data/golden/partitioned_special_chars).
TEST(Paths, UriForms) {
  const std::pair<const char*, const char*> cases[] = {{"p=%20lead/x", "p= lead/x"},
                                                       {"p=a%2522b%2527c/x", "p=a%22b%27c/x"},
                                                       {"p=a%252520b/x", "p=a%2520b/x"},
                                                       {"p=a%252Ab%3Cc%3E%7C/x", "p=a%2Ab<c>|/x"},
                                                       {"p=a+b&c/x", "p=a+b&c/x"},
                                                       {"p=./x", "p=./x"},
                                                       {"p=é/x", "p=é/x"}};
  for (const auto& [encoded, decoded] : cases) {
    EXPECT_EQ(UriDecode(encoded), decoded);
    EXPECT_EQ(UriEncodePath(decoded), encoded);
  }
  EXPECT_EQ(UriDecode("100%"), "100%");
  EXPECT_EQ(UriDecode("%zz"), "%zz");
}

TEST(Stores, ByScheme) {
  EXPECT_TRUE(StoreFor("/tmp/x").ok());
  EXPECT_TRUE(StoreFor("file:/tmp/x").ok());
  EXPECT_TRUE(StoreFor("memory:/x").ok());
  for (const auto* path : {"s3a://b/k", "s3://b/k", "s3n://b/k", "hdfs://h/x"}) {
    const auto store = StoreFor(path);
    EXPECT_EQ(store.status().condition(), "UNSUPPORTED_FEATURE");
    EXPECT_NE(store.status().detail().find(path), std::string::npos);
  }
}

}  // namespace
}  // namespace deltic::storage
