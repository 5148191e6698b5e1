// The storage seam: every byte of a table goes through an ObjectStore (local directory, memory, S3).
// Paths are absolute URIs without query ("file:/tmp/t/_delta_log/0.json" or "/tmp/t/…" for local,
// "s3a://bucket/key") that have been percent-decoded once. Implementations are thread-safe.
// The only folder that does file or network I/O is storage/ (DuckDB reads Parquet by itself).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

namespace deltic::storage {

struct ObjectMeta {
  std::string path;  // full path, same scheme as asked
  int64_t size_bytes = 0;
  int64_t modified_ms = 0;  // milliseconds since the epoch
};

// Outcome of a put-if-absent. An ambiguous failure (timeout after sending) is an error Status; the
// caller reads the object back and compares.
enum class PutOutcome { kCreated, kAlreadyExists };

// A new object written piece by piece. It appears under its path, whole and durable, when Finish succeeds; without
// Finish nothing is left behind. Used by one thread.
class ObjectWriter {
 public:
  virtual ~ObjectWriter() = default;
  virtual Status Append(std::string_view bytes) = 0;
  virtual Status Finish() = 0;
  // Before the first Append: `allowed` is asked, once, before anything is made in the store. It may wait; an error of
  // it ends the writing.
  void AskFirst(std::function<Status()> allowed) { allowed_ = std::move(allowed); }

 protected:
  // What was answered. Implementations ask before every request that makes something.
  Status Allowed();

 private:
  std::function<Status()> allowed_;  // null: there is nothing to ask any more
  Status answer_;
};

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // Whole object. Missing: condition PATH_NOT_FOUND.
  virtual Result<std::string> Get(std::string_view path) = 0;
  // Up to `length` bytes from `offset`; short at the end of the object.
  virtual Result<std::string> GetRange(std::string_view path, int64_t offset, int64_t length) = 0;
  // As GetRange, into the caller's memory; returns the number of bytes.
  virtual Result<int64_t> ReadInto(std::string_view path, int64_t offset, char* buffer, int64_t length);
  virtual Result<ObjectMeta> Head(std::string_view path) = 0;  // PATH_NOT_FOUND when missing
  // Creates or replaces atomically: readers see the old or the new bytes, never a part. Parent
  // directories are made. Durable on return (fsync of file and directory when local).
  virtual Status Put(std::string_view path, std::string_view bytes) = 0;
  // As Put, but in pieces and without holding the whole in memory where the store can.
  virtual Result<std::unique_ptr<ObjectWriter>> OpenWriter(std::string_view path);
  // As Put, but need not be durable: for files that only repeat what others say.
  virtual Status PutDerived(std::string_view path, std::string_view bytes) { return Put(path, bytes); }
  // Creates only when absent, atomically and durably.
  virtual Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view bytes) = 0;
  // A PutIfAbsent of this path, or of others beside it, will probably come: what it has to find out before, the store
  // may begin to find out. Returns at once; what it finds wrong, PutIfAbsent says.
  virtual void ExpectPutIfAbsent(std::string_view /*path*/) {}
  // Objects directly inside directory `dir` whose names are >= `from_name` (empty: all), sorted by name (bytes).
  // A missing directory is an empty list. Subdirectories are not listed.
  virtual Result<std::vector<ObjectMeta>> List(std::string_view dir, std::string_view from_name = {}) = 0;
  // The first names of List(dir, from_name), as many as come with one request.
  struct FirstNames {
    std::vector<ObjectMeta> objects;
    bool complete = true;  // there are no others
  };
  virtual Result<FirstNames> ListFirst(std::string_view dir, std::string_view from_name);
  // Every object below `dir`, recursively, sorted by path.
  virtual Result<std::vector<ObjectMeta>> ListRecursive(std::string_view dir) = 0;
  // Names of the subdirectories directly inside `dir`, sorted.
  virtual Result<std::vector<std::string>> ListDirectories(std::string_view dir) = 0;
  // True when `dir` is a directory: something is below it, or it was made.
  virtual Result<bool> HasDirectory(std::string_view dir);
  // How many requests are worth having under way at once. 1: a request is over so soon that one after the other is as
  // good, and none is worth making before it is known to be needed.
  virtual int RequestsAtOnce() const { return 1; }
  // Runs every one of `requests`, at most RequestsAtOnce() of them at the same time, and returns when they have ended.
  // The first runs on the calling thread; the others may run on any. Here: one after the other.
  virtual void Together(const std::vector<std::function<void()>>& requests);
  // Missing is not an error.
  virtual Status Delete(std::string_view path) = 0;
  // Removes a directory and all below it. Missing is not an error.
  virtual Status DeleteRecursive(std::string_view dir) = 0;
  // The path the engine opens for data files: "file:/x" → "/x"; "s3a://b/k" → "s3a+<tag>://b/k", where the tag stands
  // for this store with its settings (see ResolveNative). Never shown to users: DisplayOfNative.
  virtual std::string NativePath(std::string_view path) const = 0;
  // What the engine writes to a native path appears whole or not at all.
  virtual bool NativeWritesAreAtomic() const { return false; }
};

// Joins with exactly one '/'.
std::string JoinPath(std::string_view base, std::string_view relative);
// "file:///a/b/", "file:/a/b", "/a//b" → "/a/b"; other schemes keep scheme://bucket/key, no trailing '/'.
std::string NormalizePath(std::string_view path);
// Last path segment.
std::string_view BaseName(std::string_view path);
std::string_view DirName(std::string_view path);
// "s3a" of "s3a://b/k"; empty for a plain path.
std::string_view SchemeOf(std::string_view path);
// Starts with '/' or with a scheme: not relative to a table.
bool IsAbsolutePath(std::string_view path);
// RFC 2396 percent decoding / Hadoop's encoding of a relative path as written in add.path.
std::string UriDecode(std::string_view text);
std::string UriEncodePath(std::string_view path);

// Store for a path by its scheme: local paths and "memory:" (one per process). s3a, s3 and s3n need settings: see
// s3/s3_registry.h and Session::StoreFor. Returned stores are process-wide and never null on success.
Result<std::shared_ptr<ObjectStore>> StoreFor(std::string_view path);
bool IsS3Path(std::string_view path);  // s3a://, s3://, s3n://
// A native path of a remote store: of its form, not whether the store exists.
bool IsRemoteNative(std::string_view native);
// "s3a+<tag>://b/k" → "s3a://b/k"; other paths as they are.
std::string DisplayOfNative(std::string_view native);
// A text of the engine (an error, a plan) with every native path in it as users know it.
std::string WithoutNativePaths(std::string text);
std::shared_ptr<ObjectStore> LocalStore();
// A fresh, empty in-memory store for tests and simulation; times come from `clock` (null: the system clock).
std::shared_ptr<ObjectStore> NewMemoryStore(Clock* clock = nullptr);

}  // namespace deltic::storage
