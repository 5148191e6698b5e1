#include "engine/object_file_system.h"

#include <atomic>
#include <list>
#include <mutex>
#include <unordered_map>

#include "duckdb.hpp"
#include "duckdb/common/file_opener.hpp"
#include "duckdb/common/file_system.hpp"
#include "duckdb/main/client_context_state.hpp"
#include "engine/functions/throw.h"
#include "storage/object_reader.h"
#include "storage/read_ahead.h"
#include "storage/s3/s3_registry.h"

namespace deltic::engine {
namespace {

using duckdb::FileHandle;
using duckdb::FileOpener;
using duckdb::FileOpenFlags;
using duckdb::idx_t;
using duckdb::optional_ptr;
using functions::ThrowStatus;

// Whole small objects, by path, size and time: a scan opens each file several times, and small tables are read often.
class SmallObjects {
 public:
  std::shared_ptr<const std::string> Find(const std::string& key) {
    std::lock_guard lock(mutex_);
    const auto it = index_.find(key);
    if (it == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, it->second);
    return it->second->bytes;
  }
  void Put(const std::string& key, std::shared_ptr<const std::string> bytes) {
    std::lock_guard lock(mutex_);
    if (index_.contains(key)) return;
    total_ += bytes->size();
    entries_.push_front({key, std::move(bytes)});
    index_[key] = entries_.begin();
    while (total_ > kMaxBytes) {
      total_ -= entries_.back().bytes->size();
      index_.erase(entries_.back().key);
      entries_.pop_back();
    }
  }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const std::string> bytes;
  };
  static constexpr size_t kMaxBytes = 32 << 20;
  std::mutex mutex_;
  std::list<Entry> entries_;  // the one used last is first
  std::unordered_map<std::string, std::list<Entry>::iterator> index_;
  size_t total_ = 0;
};

class ReadHandle final : public FileHandle {
 public:
  ReadHandle(duckdb::FileSystem& fs, const std::string& native, FileOpenFlags open_flags,
             std::unique_ptr<storage::ObjectReader> object, duckdb::timestamp_t modified_at, std::string key)
      : FileHandle(fs, native, open_flags),
        reader(std::move(object)),
        modified(modified_at),
        cache_key(std::move(key)) {}
  void Close() override {}

  std::unique_ptr<storage::ObjectReader> reader;
  duckdb::timestamp_t modified;
  std::string cache_key;
  std::atomic<bool> cached = false;           // readers of one handle may be several
  std::shared_ptr<storage::ReadAhead> ahead;  // null: nobody reads ahead
  size_t ahead_file = 0;
  std::string version_tag;
  idx_t position = 0;
};

class WriteHandle final : public FileHandle {
 public:
  WriteHandle(duckdb::FileSystem& fs, const std::string& native, FileOpenFlags open_flags,
              std::unique_ptr<storage::ObjectWriter> object)
      : FileHandle(fs, native, open_flags), writer(std::move(object)) {}
  // The object appears now. Without Close, the upload is aborted with the handle.
  void Close() override {
    if (writer == nullptr) return;
    const auto finishing = std::move(writer);
    const Status status = finishing->Finish();
    if (!status.ok()) ThrowStatus(status);
  }

  std::unique_ptr<storage::ObjectWriter> writer;
  idx_t written = 0;
};

constexpr char kWriteGate[] = "deltic_write_gate";

class WriteGate final : public duckdb::ClientContextState {
 public:
  explicit WriteGate(std::function<Status()> may_start) : may_start_(std::move(may_start)) {}
  const std::function<Status()>& may_start() const { return may_start_; }

 private:
  std::function<Status()> may_start_;
};

class ObjectFileSystem final : public duckdb::FileSystem {
 public:
  bool CanHandleFile(const duckdb::string& path) override { return storage::IsRemoteNative(path); }
  std::string GetName() const override { return "DelticObjectFileSystem"; }
  bool CanSeek() override { return true; }
  bool OnDiskFile(FileHandle&) override { return false; }
  duckdb::string PathSeparator(const duckdb::string&) override { return "/"; }
  bool IsPathAbsolute(const duckdb::string&) override { return true; }

  duckdb::unique_ptr<FileHandle> OpenFile(const duckdb::string& path, FileOpenFlags flags,
                                          optional_ptr<FileOpener> opener) override {
    return OpenFileExtended(duckdb::OpenFileInfo(path), flags, opener);
  }

  // Names are literal: nothing is expanded.
  duckdb::vector<duckdb::OpenFileInfo> Glob(const duckdb::string& path, FileOpener*) override {
    return {duckdb::OpenFileInfo(path)};
  }

  void Read(FileHandle& handle, void* buffer, int64_t length, idx_t location) override {
    auto& file = handle.Cast<ReadHandle>();
    if (ReadAt(file, buffer, length, location) != length) {
      ThrowStatus(IoError(storage::DisplayOfNative(handle.path), "ends before the bytes asked for"));
    }
  }
  int64_t Read(FileHandle& handle, void* buffer, int64_t length) override {
    auto& file = handle.Cast<ReadHandle>();
    const int64_t got = ReadAt(file, buffer, length, file.position);
    file.position += static_cast<idx_t>(got);
    return got;
  }
  int64_t Write(FileHandle& handle, void* buffer, int64_t length) override {
    auto& file = handle.Cast<WriteHandle>();
    const Status status = file.writer == nullptr
                              ? InternalError("write to a closed file")
                              : file.writer->Append({static_cast<const char*>(buffer), static_cast<size_t>(length)});
    if (!status.ok()) ThrowStatus(status);
    file.written += static_cast<idx_t>(length);
    return length;
  }
  void Write(FileHandle& handle, void* buffer, int64_t length, idx_t location) override {
    if (location != handle.Cast<WriteHandle>().written) {
      ThrowStatus(Unsupported("writing into the middle of an object of a remote store"));
    }
    Write(handle, buffer, length);
  }

  int64_t GetFileSize(FileHandle& handle) override {
    if (handle.GetFlags().OpenForWriting()) return static_cast<int64_t>(handle.Cast<WriteHandle>().written);
    return handle.Cast<ReadHandle>().reader->size_bytes();
  }
  duckdb::timestamp_t GetLastModifiedTime(FileHandle& handle) override {
    if (handle.GetFlags().OpenForWriting()) return duckdb::timestamp_t(0);
    return handle.Cast<ReadHandle>().modified;
  }
  duckdb::string GetVersionTag(FileHandle& handle) override {
    return handle.GetFlags().OpenForWriting() ? "" : handle.Cast<ReadHandle>().version_tag;
  }
  duckdb::FileType GetFileType(FileHandle&) override { return duckdb::FileType::FILE_TYPE_REGULAR; }
  void FileSync(FileHandle&) override {}  // durable when closed

  void Seek(FileHandle& handle, idx_t location) override { handle.Cast<ReadHandle>().position = location; }
  void Reset(FileHandle& handle) override { Seek(handle, 0); }
  idx_t SeekPosition(FileHandle& handle) override {
    if (handle.GetFlags().OpenForWriting()) return handle.Cast<WriteHandle>().written;
    return handle.Cast<ReadHandle>().position;
  }

  // DuckDB asks before it writes, and the engine gives every file that it writes a name of its own: no request.
  bool FileExists(const duckdb::string&, optional_ptr<FileOpener>) override { return false; }
  bool DirectoryExists(const duckdb::string&, optional_ptr<FileOpener>) override { return true; }
  void CreateDirectory(const duckdb::string&, optional_ptr<FileOpener>) override {}  // prefixes need no making
  void RemoveFile(const duckdb::string& path, optional_ptr<FileOpener>) override {
    const auto target = Target(path);
    const Status status = target.store->Delete(target.path);
    if (!status.ok()) ThrowStatus(status);
  }
  bool TryRemoveFile(const duckdb::string& path, optional_ptr<FileOpener> opener) override {
    RemoveFile(path, opener);
    return true;
  }

 protected:
  bool SupportsOpenFileExtended() const override { return true; }

  duckdb::unique_ptr<FileHandle> OpenFileExtended(const duckdb::OpenFileInfo& info, FileOpenFlags flags,
                                                  optional_ptr<FileOpener> opener) override {
    const auto target = Target(info.path);
    if (flags.OpenForWriting()) {
      auto writer = target.store->OpenWriter(target.path);
      if (!writer.ok()) ThrowStatus(writer.status());
      const auto context = FileOpener::TryGetClientContext(opener);
      const auto gate = context ? context->registered_state->Get<WriteGate>(kWriteGate) : nullptr;
      if (gate != nullptr) (*writer)->AskFirst(gate->may_start());
      return duckdb::make_uniq<WriteHandle>(*this, info.path, flags, std::move(*writer));
    }
    int64_t size = -1;
    duckdb::timestamp_t modified(0);
    std::shared_ptr<storage::ReadAhead> ahead;
    size_t ahead_file = 0;
    std::string version_tag;
    if (info.extended_info != nullptr) {
      const auto& options = info.extended_info->options;
      if (const auto it = options.find(kVersionTagOption); it != options.end()) {
        version_tag = it->second.GetValue<std::string>();
      }
      if (const auto it = options.find(kReadAheadOption); it != options.end()) {
        ahead = *reinterpret_cast<const std::shared_ptr<storage::ReadAhead>*>(it->second.GetValue<uint64_t>());
        ahead_file = options.at(kFileIndexOption).GetValue<uint64_t>();
      }
      if (const auto it = options.find(kFileSizeOption); it != options.end()) size = it->second.GetValue<int64_t>();
      if (const auto it = options.find(kLastModifiedOption); it != options.end()) {
        modified = it->second.GetValue<duckdb::timestamp_t>();
      }
    }
    if (size < 0) {
      const auto head = target.store->Head(target.path);
      if (!head.ok()) {
        if (head.status().Is("PATH_NOT_FOUND") && flags.ReturnNullIfNotExists()) return nullptr;
        ThrowStatus(MissingFile(head.status(), target.path));
      }
      size = head->size_bytes;
      modified = duckdb::timestamp_t(head->modified_ms * 1000);
    }
    std::string key;
    std::shared_ptr<const std::string> whole;
    if (size <= storage::ObjectReader::kWholeBytes && modified.value != 0) {
      key = info.path + "\n" + std::to_string(size) + "\n" + std::to_string(modified.value);
      whole = small_.Find(key);
    }
    auto reader = std::make_unique<storage::ObjectReader>(target.store, target.path, size, whole);
    auto handle = duckdb::make_uniq<ReadHandle>(*this, info.path, flags, std::move(reader), modified,
                                                whole == nullptr ? key : std::string());
    if (whole == nullptr) handle->ahead = std::move(ahead);
    handle->ahead_file = ahead_file;
    handle->version_tag = std::move(version_tag);
    return handle;
  }

 private:
  static storage::s3::NativeTarget Target(const std::string& native) {
    auto target = storage::s3::ResolveNative(native);
    if (!target.ok()) ThrowStatus(target.status());
    return std::move(*target);
  }

  // A file that should be there: an I/O error, not a path that a user mistyped.
  static Status MissingFile(const Status& status, const std::string& path) {
    return status.Is("PATH_NOT_FOUND") ? IoError(path, "does not exist") : status;
  }

  int64_t ReadAt(ReadHandle& file, void* buffer, int64_t length, idx_t location) {
    if (file.ahead != nullptr &&
        file.ahead->Read(file.ahead_file, static_cast<int64_t>(location), static_cast<char*>(buffer), length)) {
      return length;
    }
    const auto got = file.reader->Read(static_cast<int64_t>(location), static_cast<char*>(buffer), length);
    if (!got.ok()) ThrowStatus(MissingFile(got.status(), storage::DisplayOfNative(file.path)));
    if (!file.cache_key.empty() && !file.cached) {
      if (auto whole = file.reader->whole()) small_.Put(file.cache_key, std::move(whole));
      file.cached = true;
    }
    return *got;
  }

  SmallObjects small_;
};

}  // namespace

void AskBeforeRemoteWrites(duckdb::ClientContext& context, std::function<Status()> may_start) {
  context.registered_state->Insert(kWriteGate, duckdb::make_shared_ptr<WriteGate>(std::move(may_start)));
}

void RegisterObjectFileSystem(duckdb::DatabaseInstance& db) {
  db.GetFileSystem().RegisterSubSystem(duckdb::make_uniq<ObjectFileSystem>());
}

}  // namespace deltic::engine
