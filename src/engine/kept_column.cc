#include "engine/kept_column.h"

#include <charconv>
#include <cstring>
#include <mutex>
#include <unordered_map>

#include "duckdb/common/file_system.hpp"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/parquet_file.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

using duckdb::FileHandle;
using duckdb::FileOpener;
using duckdb::FileOpenFlags;
using duckdb::idx_t;

constexpr char kPrefix[] = "deltic-kept:";

// Of a file as long as the one it stands for, only these bytes are there.
struct KeptBytes {
  idx_t file_size = 0;
  idx_t offset = 0;
  std::string bytes;
};

// What is being read right now, by the number in its path.
class Readings {
 public:
  static Readings& All() {
    static Readings all;
    return all;
  }
  uint64_t Add(const KeptBytes* kept) {
    std::lock_guard lock(mutex_);
    readings_[++last_] = kept;
    return last_;
  }
  void Remove(uint64_t number) {
    std::lock_guard lock(mutex_);
    readings_.erase(number);
  }
  const KeptBytes* Find(uint64_t number) {
    std::lock_guard lock(mutex_);
    const auto it = readings_.find(number);
    return it == readings_.end() ? nullptr : it->second;
  }

 private:
  std::mutex mutex_;
  uint64_t last_ = 0;
  std::unordered_map<uint64_t, const KeptBytes*> readings_;
};

class Handle final : public FileHandle {
 public:
  Handle(duckdb::FileSystem& fs, const std::string& name, FileOpenFlags open_flags, const KeptBytes* kept_bytes)
      : FileHandle(fs, name, open_flags), kept(kept_bytes) {}
  void Close() override {}

  const KeptBytes* const kept;
  idx_t position = 0;
};

class KeptFileSystem final : public duckdb::FileSystem {
 public:
  bool CanHandleFile(const duckdb::string& path) override { return path.compare(0, sizeof(kPrefix) - 1, kPrefix) == 0; }
  std::string GetName() const override { return "DelticKeptFileSystem"; }
  bool CanSeek() override { return true; }
  bool OnDiskFile(FileHandle&) override { return false; }

  duckdb::unique_ptr<FileHandle> OpenFile(const duckdb::string& path, FileOpenFlags flags,
                                          duckdb::optional_ptr<FileOpener>) override {
    uint64_t number = 0;
    std::from_chars(path.data() + sizeof(kPrefix) - 1, path.data() + path.size(), number);
    const KeptBytes* kept = Readings::All().Find(number);
    if (kept == nullptr || flags.OpenForWriting()) throw duckdb::IOException("Nothing is kept as '%s'", path);
    return duckdb::make_uniq<Handle>(*this, path, flags, kept);
  }
  void Read(FileHandle& handle, void* buffer, int64_t length, idx_t location) override {
    const KeptBytes& kept = *handle.Cast<Handle>().kept;
    const auto size = static_cast<idx_t>(length);
    if (location < kept.offset || location - kept.offset > kept.bytes.size() ||
        size > kept.bytes.size() - (location - kept.offset)) {
      throw duckdb::IOException("Corrupt Parquet file: a column is longer than it says");
    }
    std::memcpy(buffer, kept.bytes.data() + (location - kept.offset), size);
  }
  int64_t Read(FileHandle& handle, void* buffer, int64_t length) override {
    auto& file = handle.Cast<Handle>();
    Read(handle, buffer, length, file.position);
    file.position += static_cast<idx_t>(length);
    return length;
  }
  int64_t GetFileSize(FileHandle& handle) override {
    return static_cast<int64_t>(handle.Cast<Handle>().kept->file_size);
  }
  duckdb::timestamp_t GetLastModifiedTime(FileHandle&) override { return duckdb::timestamp_t(0); }
  duckdb::string GetVersionTag(FileHandle&) override { return ""; }
  duckdb::FileType GetFileType(FileHandle&) override { return duckdb::FileType::FILE_TYPE_REGULAR; }
  void Seek(FileHandle& handle, idx_t location) override { handle.Cast<Handle>().position = location; }
  idx_t SeekPosition(FileHandle& handle) override { return handle.Cast<Handle>().position; }
};

class KeptColumn final : public delta::KeptText {
 public:
  KeptColumn(EngineImpl* engine, duckdb::ParquetReader* reader, const ParquetLeaf& leaf, idx_t group)
      : engine_(engine), metadata_(reader->metadata), origin_(reader->file.path), path_(leaf.path), group_(group) {
    const auto& row_group = reader->GetFileMetadata()->row_groups[group];
    const auto& column = row_group.columns[leaf.schema->column_index].meta_data;
    const ChunkRange range = RangeOf(column);
    kept_.file_size = reader->GetFileSize();
    kept_.offset = range.offset;
    size_ = range.size;
    if (range.offset > kept_.file_size || range.size > kept_.file_size - range.offset) {
      throw duckdb::IOException("Corrupt Parquet file: a column ends behind the file");
    }
    auto& handle = reader->GetHandle().GetFileHandle();
    if (storage::IsRemoteNative(reader->file.path)) {
      kept_.bytes = BytesOf(handle);
    } else {
      file_ = reader->file.path;
      modified_ = handle.file_system.GetLastModifiedTime(handle);
    }
    rows_ = static_cast<size_t>(row_group.num_rows);
    text_bytes_ = static_cast<size_t>(column.total_uncompressed_size);
  }

  size_t rows() const override { return rows_; }
  size_t text_bytes() const override { return text_bytes_; }

  Status Read(const std::function<void(std::string_view)>& each) const override {
    KeptBytes fetched;
    if (!file_.empty()) {
      RETURN_IF_ERROR(Guard([&]() -> Status {
        fetched = Fetched();
        return Status::Ok();
      }));
    }
    const uint64_t number = Readings::All().Add(file_.empty() ? &kept_ : &fetched);
    const Status status = Guard([&]() -> Status {
      NamingFile(origin_, [&] { ReadAs(kPrefix + std::to_string(number), each); });
      return Status::Ok();
    });
    Readings::All().Remove(number);
    return status;
  }

 private:
  std::string BytesOf(FileHandle& handle) const {
    std::string bytes(size_, '\0');
    handle.Read(bytes.data(), bytes.size(), kept_.offset);
    return bytes;
  }

  KeptBytes Fetched() const {
    const auto connection = engine_->Connect();
    auto& fs = duckdb::FileSystem::GetFileSystem(*connection->context);
    const auto handle = fs.OpenFile(file_, FileOpenFlags::FILE_FLAGS_READ);
    if (static_cast<idx_t>(fs.GetFileSize(*handle)) != kept_.file_size ||
        fs.GetLastModifiedTime(*handle) != modified_) {
      throw duckdb::IOException("'%s' is not the file any more that it was", file_);
    }
    return {kept_.file_size, kept_.offset, BytesOf(*handle)};
  }

  void ReadAs(const std::string& name, const std::function<void(std::string_view)>& each) const {
    const auto connection = engine_->Connect();
    auto& context = *connection->context;
    duckdb::ParquetReader reader(context, duckdb::OpenFileInfo(name), duckdb::ParquetOptions(), metadata_);
    ParquetLeaf leaf;
    leaf.path = path_;
    ChooseLeaves(&reader, {&leaf});
    GroupScan scan(context, &reader, group_);
    while (const auto* batch = scan.Next()) {
      duckdb::Vector& column = scan.Of(leaf);
      column.Flatten(batch->size());
      const auto* texts = duckdb::FlatVector::GetData<duckdb::string_t>(column);
      for (idx_t row = 0; row < batch->size(); row++) {
        const bool null = duckdb::FlatVector::IsNull(column, row);
        each(null ? std::string_view() : std::string_view(texts[row].GetData(), texts[row].GetSize()));
      }
    }
  }

  EngineImpl* const engine_;
  const duckdb::shared_ptr<duckdb::ParquetFileMetadataCache> metadata_;
  const std::string origin_;       // the file's native path
  const std::vector<idx_t> path_;  // of the column
  const idx_t group_;
  KeptBytes kept_;    // without bytes when they are in file_
  std::string file_;  // empty: the bytes were kept
  duckdb::timestamp_t modified_;
  idx_t size_ = 0;  // of the column in the file
  size_t rows_ = 0;
  size_t text_bytes_ = 0;
};

}  // namespace

void RegisterKeptColumns(duckdb::DatabaseInstance& db) {
  db.GetFileSystem().RegisterSubSystem(duckdb::make_uniq<KeptFileSystem>());
}

std::shared_ptr<const delta::KeptText> KeepColumn(EngineImpl* engine, duckdb::ParquetReader* reader,
                                                  const ParquetLeaf& leaf, uint64_t group) {
  return std::make_shared<const KeptColumn>(engine, reader, leaf, group);
}

}  // namespace deltic::engine
