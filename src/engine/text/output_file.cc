#include "engine/text/output_file.h"

#include <zlib.h>

#include "engine/functions/throw.h"
#include "engine/text/decode.h"

namespace deltic::engine::text {

namespace {
constexpr size_t kBufferBytes = 1 << 20;
constexpr int kGzip = 16;
}  // namespace

struct OutputFile::Deflater {
  z_stream stream{};
  explicit Deflater(bool gzip) {
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + (gzip ? kGzip : 0), 8, Z_DEFAULT_STRATEGY);
  }
  ~Deflater() { deflateEnd(&stream); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
};

OutputFile::OutputFile(std::string path, const Options& options) : path_(std::move(path)), options_(options) {
  file_ = std::fopen(path_.c_str(), "wb");
  if (file_ == nullptr) functions::ThrowStatus(IoError(path_, "cannot be created"));
  if (!options.compression.empty()) deflater_ = std::make_unique<Deflater>(options.compression == "gz");
}

OutputFile::~OutputFile() {
  if (file_ != nullptr) std::fclose(file_);
}

void OutputFile::Append(std::string_view text) {
  if (options_.encoding == Encoding::kUtf8)
    buffer_ += text;
  else
    buffer_ += Encode(options_.encoding, text);
  if (buffer_.size() > kBufferBytes) Flush(false);
}

void OutputFile::Close() {
  Flush(true);
  const bool ok = std::fclose(file_) == 0;
  file_ = nullptr;
  if (!ok) functions::ThrowStatus(IoError(path_, "cannot be written"));
}

void OutputFile::Store(const char* bytes, size_t size) {
  if (std::fwrite(bytes, 1, size, file_) != size) functions::ThrowStatus(IoError(path_, "cannot be written"));
}

void OutputFile::Flush(bool last) {
  if (deflater_ == nullptr) {
    Store(buffer_.data(), buffer_.size());
    buffer_.clear();
    return;
  }
  auto& stream = deflater_->stream;
  stream.next_in = reinterpret_cast<Bytef*>(buffer_.data());
  stream.avail_in = static_cast<uInt>(buffer_.size());
  char out[1 << 15];
  do {
    stream.next_out = reinterpret_cast<Bytef*>(out);
    stream.avail_out = sizeof out;
    deflate(&stream, last ? Z_FINISH : Z_NO_FLUSH);
    Store(out, sizeof out - stream.avail_out);
  } while (stream.avail_out == 0);
  buffer_.clear();
}

}  // namespace deltic::engine::text
