#include "engine/text/byte_source.h"

#include <zlib.h>

#include <vector>

#include "engine/functions/throw.h"
#include "storage/object_store.h"

namespace deltic::engine::text {
namespace {

constexpr size_t kInputBytes = 1 << 16;

[[noreturn]] void Damaged(const std::string& path, const std::string& what) {
  const std::string shown = storage::IsRemoteNative(path) ? storage::DisplayOfNative(path) : "file:" + path;
  functions::ThrowStatus(IoError(shown, what));
}

bool EndsWith(const std::string& path, std::string_view suffix) { return path.ends_with(suffix); }

bool IsZlib(const std::string& path) { return EndsWith(path, ".gz") || EndsWith(path, ".deflate"); }

}  // namespace

// gzip (any number of members) and zlib streams.
struct ByteSource::Inflater {
  z_stream stream{};
  std::vector<char> input = std::vector<char>(kInputBytes);
  bool member_done = false;
  bool any_member = false;
  Inflater() { inflateInit2(&stream, 15 + 32); }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

ByteSource::ByteSource(duckdb::FileSystem& fs, const std::string& path, duckdb::idx_t start) : path_(path) {
  const bool zstd = EndsWith(path, ".zst");
  handle_ = fs.OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ | (zstd ? duckdb::FileCompressionType::ZSTD
                                                                         : duckdb::FileCompressionType::UNCOMPRESSED));
  if (IsZlib(path)) inflater_ = std::make_unique<Inflater>();
  if (Codec::Knows(path)) {
    auto codec = Codec::For(path, [this](char* out, size_t size) { return ReadRaw(out, size); });
    if (!codec.ok()) functions::ThrowStatus(codec.status());
    codec_ = std::move(codec).value();
  }
  if (start > 0) handle_->Seek(start);
}

ByteSource::~ByteSource() = default;

bool ByteSource::IsCompressed(const std::string& path) {
  return IsZlib(path) || EndsWith(path, ".zst") || Codec::Knows(path);
}

size_t ByteSource::ReadRaw(char* out, size_t size) {
  if (!EndsWith(path_, ".zst")) return static_cast<size_t>(handle_->Read(out, size));
  try {
    return static_cast<size_t>(handle_->Read(out, size));
  } catch (const std::exception& e) {
    Damaged(path_, duckdb::ErrorData(e).RawMessage());
  }
}

size_t ByteSource::Read(char* out, size_t size) {
  if (codec_ != nullptr) {
    const auto got = codec_->Read(out, size);
    if (!got.ok()) Damaged(path_, std::string(got.status().detail()));
    return *got;
  }
  if (inflater_ == nullptr) return ReadRaw(out, size);
  auto& z = *inflater_;
  z.stream.next_out = reinterpret_cast<Bytef*>(out);
  z.stream.avail_out = static_cast<uInt>(size);
  while (z.stream.avail_out == size) {
    if (z.stream.avail_in == 0) {
      const size_t got = ReadRaw(z.input.data(), z.input.size());
      if (got == 0) {
        if (z.any_member && !z.member_done) Damaged(path_, "Unexpected end of input stream");
        return 0;
      }
      z.stream.next_in = reinterpret_cast<Bytef*>(z.input.data());
      z.stream.avail_in = static_cast<uInt>(got);
    }
    if (z.member_done) {
      inflateReset2(&z.stream, 15 + 32);
      z.member_done = false;
    }
    z.any_member = true;
    const int code = inflate(&z.stream, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      z.member_done = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      const char* reason = z.stream.msg != nullptr ? z.stream.msg : "not compressed data";
      Damaged(path_, EndsWith(path_, ".gz") && z.stream.total_out == 0 ? "not a gzip file" : reason);
    }
  }
  return size - z.stream.avail_out;
}

}  // namespace deltic::engine::text
