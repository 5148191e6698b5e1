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

class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // Whole object. Missing: condition PATH_NOT_FOUND.
  virtual Result<std::string> Get(std::string_view path) = 0;
  // Up to `length` bytes from `offset`; short at the end of the object.
  virtual Result<std::string> GetRange(std::string_view path, int64_t offset, int64_t length) = 0;
  virtual Result<ObjectMeta> Head(std::string_view path) = 0;  // PATH_NOT_FOUND when missing
  // Creates or replaces atomically: readers see the old or the new bytes, never a part. Parent
  // directories are made. Durable on return (fsync of file and directory when local).
  virtual Status Put(std::string_view path, std::string_view bytes) = 0;
  // Creates only when absent, atomically and durably.
  virtual Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view bytes) = 0;
  // Objects directly inside directory `dir` whose names are >= `from_name` (empty: all), sorted by name (bytes).
  // A missing directory is an empty list. Subdirectories are not listed.
  virtual Result<std::vector<ObjectMeta>> List(std::string_view dir, std::string_view from_name = {}) = 0;
  // Every object below `dir`, recursively, sorted by path.
  virtual Result<std::vector<ObjectMeta>> ListRecursive(std::string_view dir) = 0;
  // Names of the subdirectories directly inside `dir`, sorted.
  virtual Result<std::vector<std::string>> ListDirectories(std::string_view dir) = 0;
  // Missing is not an error.
  virtual Status Delete(std::string_view path) = 0;
  // Removes a directory and all below it. Missing is not an error.
  virtual Status DeleteRecursive(std::string_view dir) = 0;
  // The path DuckDB opens for Parquet data ("file:/x" → "/x").
  virtual std::string NativePath(std::string_view path) const = 0;
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

// Store for a path by its scheme. Only local paths and "memory:" (one per process) so far; s3a/s3/s3n are refused
// by name.
// Returned stores are process-wide and never null on success.
Result<std::shared_ptr<ObjectStore>> StoreFor(std::string_view path);
std::shared_ptr<ObjectStore> LocalStore();
// A fresh, empty in-memory store for tests and simulation; times come from `clock` (null: the system clock).
std::shared_ptr<ObjectStore> NewMemoryStore(Clock* clock = nullptr);

}  // namespace deltic::storage
