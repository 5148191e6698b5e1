#include "engine/text/codec.h"

#include <bzlib.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "base/dynamic_library.h"
#include "engine/snappy_decoder.h"

// Of DuckDB's library, which exports it and has no header for it.
namespace duckdb_lz4 {
int LZ4_decompress_safe(const char* source, char* target, int source_size, int target_size);
}

namespace deltic::engine::text {
namespace {

constexpr size_t kInputBytes = 1 << 16;
constexpr uint32_t kMaxBlock = 1u << 30;  // of one block's rows, and of one chunk
constexpr size_t kMostLz4Ratio = 255;     // a byte of a match's length stands for as many

Status Damaged(const char* what) { return Error("_DAMAGED", {}, what); }

struct Bzip2Library {
  decltype(&BZ2_bzDecompressInit) init = nullptr;
  decltype(&BZ2_bzDecompress) decompress = nullptr;
  decltype(&BZ2_bzDecompressEnd) end = nullptr;
};

const Bzip2Library* Bzip2() {
  static const Bzip2Library* const kLibrary = []() -> const Bzip2Library* {
    void* handle = dlopen("libbz2.so.1.0", RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) return nullptr;
    static Bzip2Library bzip2;
    const bool complete = FindSymbol(handle, "BZ2_bzDecompressInit", &bzip2.init) &&
                          FindSymbol(handle, "BZ2_bzDecompress", &bzip2.decompress) &&
                          FindSymbol(handle, "BZ2_bzDecompressEnd", &bzip2.end);
    return complete ? &bzip2 : nullptr;
  }();
  return kLibrary;
}

class Bzip2Codec final : public Codec {
 public:
  Bzip2Codec(const Bzip2Library* library, Raw raw) : library_(library), raw_(std::move(raw)), input_(kInputBytes) {}
  ~Bzip2Codec() override {
    if (open_) library_->end(&stream_);
  }

  Result<size_t> Read(char* out, size_t size) override {
    const auto wanted = static_cast<unsigned>(std::min<size_t>(size, 1u << 30));
    stream_.next_out = out;
    stream_.avail_out = wanted;
    while (stream_.avail_out == wanted) {
      if (stream_.avail_in == 0) {
        const size_t got = raw_(input_.data(), input_.size());
        if (got == 0) return open_ ? Result<size_t>(Damaged("unexpected end of stream")) : Result<size_t>(0);
        stream_.next_in = input_.data();
        stream_.avail_in = static_cast<unsigned>(got);
      }
      if (!open_) {
        if (library_->init(&stream_, 0, 0) != BZ_OK) return Damaged("bzip2 could not start");
        open_ = true;
      }
      const int code = library_->decompress(&stream_);
      if (code == BZ_STREAM_END) {
        library_->end(&stream_);
        open_ = false;
      } else if (code != BZ_OK) {
        return Damaged("Stream is not BZip2 formatted");
      }
    }
    return static_cast<size_t>(wanted - stream_.avail_out);
  }

 private:
  const Bzip2Library* const library_;
  const Raw raw_;
  std::vector<char> input_;
  bz_stream stream_{};
  bool open_ = false;  // inside a stream
};

// Hadoop's BlockCompressorStream; subclasses know the chunks.
class BlockCodec : public Codec {
 public:
  explicit BlockCodec(Raw raw) : raw_(std::move(raw)) {}

  Result<size_t> Read(char* out, size_t size) override {
    while (at_ == chunk_.size()) {
      ASSIGN_OR_RETURN(const bool more, NextChunk());
      if (!more) return size_t{0};
    }
    const size_t count = std::min(size, chunk_.size() - at_);
    std::memcpy(out, chunk_.data() + at_, count);
    at_ += count;
    return count;
  }

 protected:
  // At most `limit` bytes of one chunk.
  virtual Status Decode(const std::vector<char>& packed, size_t limit, std::vector<char>* out) const = 0;

 private:
  // False: the file ends here, between blocks.
  Result<bool> ReadLength(bool may_end, uint32_t* out) {
    unsigned char bytes[4];
    size_t got = 0;
    while (got < sizeof(bytes)) {
      const size_t more = raw_(reinterpret_cast<char*>(bytes) + got, sizeof(bytes) - got);
      if (more == 0) break;
      got += more;
    }
    if (got == 0 && may_end) return false;
    if (got < sizeof(bytes)) return Damaged("Unexpected end of input stream");
    *out = uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
    if (*out > kMaxBlock) return Damaged("not a file of Hadoop's blocks");
    return true;
  }

  Result<bool> NextChunk() {
    chunk_.clear();
    at_ = 0;
    while (left_ == 0) {
      ASSIGN_OR_RETURN(const bool more, ReadLength(true, &left_));
      if (!more) return false;
    }
    uint32_t length = 0;
    RETURN_IF_ERROR(ReadLength(false, &length).status());
    packed_.resize(length);
    for (size_t got = 0; got < length;) {
      const size_t more = raw_(packed_.data() + got, length - got);
      if (more == 0) return Damaged("Unexpected end of input stream");
      got += more;
    }
    RETURN_IF_ERROR(Decode(packed_, left_, &chunk_));
    left_ -= static_cast<uint32_t>(chunk_.size());
    return true;
  }

  const Raw raw_;
  std::vector<char> packed_, chunk_;
  size_t at_ = 0;      // in chunk_
  uint32_t left_ = 0;  // bytes of the block that are still to come
};

class Lz4Codec final : public BlockCodec {
 public:
  using BlockCodec::BlockCodec;

 protected:
  Status Decode(const std::vector<char>& packed, size_t limit, std::vector<char>* out) const override {
    // No more than the bytes can hold: a damaged file's blocks are of any length, and it may have many chunks.
    limit = std::min(limit, packed.size() * kMostLz4Ratio);
    out->resize(limit);
    const int size = duckdb_lz4::LZ4_decompress_safe(packed.data(), out->data(), static_cast<int>(packed.size()),
                                                     static_cast<int>(limit));
    if (size < 0) return Damaged("not LZ4 compressed data");
    out->resize(static_cast<size_t>(size));
    return Status::Ok();
  }
};

class SnappyCodec final : public BlockCodec {
 public:
  using BlockCodec::BlockCodec;

 protected:
  Status Decode(const std::vector<char>& packed, size_t limit, std::vector<char>* out) const override {
    size_t size = 0;
    if (!SnappyDecodedLength(packed.data(), packed.size(), &size) || size > limit) {
      return Damaged("not Snappy compressed data");
    }
    out->resize(size);
    const bool whole = DecodeSnappy(packed.data(), packed.size(), out->data());
    return whole ? Status::Ok() : Damaged("not Snappy compressed data");
  }
};

}  // namespace

bool Codec::Knows(const std::string& path) {
  return path.ends_with(".bz2") || path.ends_with(".lz4") || path.ends_with(".snappy");
}

Result<std::unique_ptr<Codec>> Codec::For(const std::string& path, Raw raw) {
  if (path.ends_with(".lz4")) return std::unique_ptr<Codec>(std::make_unique<Lz4Codec>(std::move(raw)));
  if (path.ends_with(".snappy")) return std::unique_ptr<Codec>(std::make_unique<SnappyCodec>(std::move(raw)));
  const Bzip2Library* library = Bzip2();
  if (library == nullptr) return Unsupported("reading files compressed as .bz2 on a machine without libbz2");
  return std::unique_ptr<Codec>(std::make_unique<Bzip2Codec>(library, std::move(raw)));
}

}  // namespace deltic::engine::text
