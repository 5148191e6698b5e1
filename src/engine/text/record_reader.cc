#include "engine/text/record_reader.h"

#include <cstring>

#include "engine/functions/throw.h"

namespace deltic::engine::text {
namespace {

constexpr size_t kReadBytes = 1 << 18;
constexpr size_t kMaxRecordBytes = (size_t{1} << 31) - 1;
constexpr size_t kNone = std::string::npos;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool IsWhole(FileFormat format, const Options& options) {
  return format == FileFormat::kText ? options.whole_text : options.multi_line;
}

}  // namespace

RecordReader::RecordReader(FileFormat format, const Options& options)
    : format_(format), options_(options), whole_(IsWhole(format, options)) {
  separator_ = options.line_separator.value_or("");
}

bool RecordReader::CanSplit(FileFormat format, const Options& options, const std::string& path) {
  return !IsWhole(format, options) && !IsWide(options.encoding) && !ByteSource::IsCompressed(path);
}

void RecordReader::Open(duckdb::FileSystem& fs, const std::string& path, duckdb::idx_t start, duckdb::idx_t end) {
  path_ = path;
  // A separator of several bytes may end at the start of this split.
  const duckdb::idx_t back = std::min<duckdb::idx_t>(start, separator_.empty() ? 0 : separator_.size() - 1);
  source_ = std::make_unique<ByteSource>(fs, path, start - back);
  decoder_ = IsWide(options_.encoding) && format_ != FileFormat::kText ? std::make_unique<Decoder>(options_.encoding)
                                                                       : nullptr;
  buffer_.clear();
  at_ = scanned_ = 0;
  newline_known_ = false;
  base_ = start - back;
  end_ = end;
  end_of_file_ = done_ = false;
  if (start == 0) {
    if (!whole_) SkipMark();
    return;
  }
  std::string_view cut;
  const duckdb::idx_t limit = end_;
  end_ = duckdb::NumericLimits<duckdb::idx_t>::Maximum();
  NextLine(&cut);
  end_ = limit;
}

void RecordReader::SkipMark() {
  if (decoder_ != nullptr) return;
  while (buffer_.size() < kMark.size() && Fill()) {
  }
  if (std::string_view(buffer_).starts_with(kMark)) at_ = scanned_ = kMark.size();
}

bool RecordReader::Next(std::string_view* record) {
  if (!(whole_ ? Whole(record) : NextLine(record))) return false;
  raw_ = *record;
  if (format_ != FileFormat::kText && decoder_ == nullptr && !(whole_ && format_ == FileFormat::kJson)) {
    *record = DecodeLine(options_.encoding, *record, &scratch_);
  }
  return true;
}

bool RecordReader::Whole(std::string_view* text) {
  if (done_) return false;
  done_ = true;
  while (Fill()) {
  }
  *text = buffer_;
  if (format_ == FileFormat::kText) return true;
  if (format_ == FileFormat::kJson && decoder_ == nullptr) {
    const Encoding found = options_.encoding_set ? options_.encoding : DetectJsonEncoding(*text);
    if (found != Encoding::kUtf8) {
      scratch_.clear();
      Decoder(found).Append(buffer_, true, &scratch_);
      *text = scratch_;
    }
  }
  if (text->starts_with(kMark)) text->remove_prefix(kMark.size());
  return true;
}

bool RecordReader::Fill() {
  if (end_of_file_) return false;
  if (at_ > 0) {
    buffer_.erase(0, at_);
    base_ += at_;
    scanned_ -= at_;
    if (newline_known_) newline_ -= at_;
    at_ = 0;
  }
  if (buffer_.size() > kMaxRecordBytes) {
    functions::ThrowStatus(IoError("file:" + path_, "a record is longer than 2 GiB"));
  }
  const size_t before = buffer_.size();
  if (decoder_ == nullptr) {
    buffer_.resize(before + kReadBytes);
    const size_t got = source_->Read(buffer_.data() + before, kReadBytes);
    buffer_.resize(before + got);
    end_of_file_ = got == 0;
  } else {
    char bytes[4096];
    const size_t got = source_->Read(bytes, sizeof bytes);
    end_of_file_ = got == 0;
    decoder_->Append({bytes, got}, end_of_file_, &buffer_);
  }
  return !end_of_file_ || buffer_.size() > before;
}

size_t RecordReader::FindDefaultEnd(size_t* skip) {
  const char* data = buffer_.data();
  if (!newline_known_ || newline_ < scanned_) {
    const void* found = std::memchr(data + scanned_, '\n', buffer_.size() - scanned_);
    newline_known_ = found != nullptr;
    if (newline_known_) newline_ = static_cast<size_t>(static_cast<const char*>(found) - data);
  }
  const size_t limit = newline_known_ ? newline_ : buffer_.size();
  const void* found = std::memchr(data + scanned_, '\r', limit - scanned_);
  if (found == nullptr) {
    *skip = 1;
    return newline_known_ ? newline_ : kNone;
  }
  const auto end = static_cast<size_t>(static_cast<const char*>(found) - data);
  if (end + 1 == buffer_.size() && !end_of_file_) return kNone;  // "\n" may follow
  *skip = end + 1 < buffer_.size() && data[end + 1] == '\n' ? 2 : 1;
  return end;
}

size_t RecordReader::FindEnd(size_t* skip) {
  if (separator_.empty()) return FindDefaultEnd(skip);
  *skip = separator_.size();
  return buffer_.find(separator_, scanned_);
}

bool RecordReader::NextLine(std::string_view* line) {
  if (base_ + at_ > end_) return false;
  while (true) {
    size_t skip = 0;
    const size_t end = FindEnd(&skip);
    if (end != kNone) {
      *line = std::string_view(buffer_).substr(at_, end - at_);
      at_ = scanned_ = end + skip;
      return true;
    }
    if (end_of_file_) {
      if (at_ >= buffer_.size()) return false;
      *line = std::string_view(buffer_).substr(at_);
      at_ = scanned_ = buffer_.size();
      return true;
    }
    // A terminator may begin in what was scanned.
    const size_t overlap = separator_.empty() ? 1 : separator_.size() - 1;
    scanned_ = std::max(at_, buffer_.size() > overlap ? buffer_.size() - overlap : 0);
    Fill();
  }
}

}  // namespace deltic::engine::text
