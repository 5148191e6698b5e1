// Records of a text file: its lines, or all of it as one (wholetext, multiLine). A file of lines can be cut into splits
// of bytes that are read side by side: a line belongs to the split it begins in, as Hadoop has it. Memory is bounded by
// the longest record. One reader per thread; not thread-safe. Failures throw and name the file.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/text/byte_source.h"
#include "engine/text/decode.h"
#include "engine/text/options.h"

namespace deltic::engine::text {

class RecordReader {
 public:
  // `options` must outlive the reader.
  RecordReader(FileFormat format, const Options& options);

  static bool CanSplit(FileFormat format, const Options& options, const std::string& path);
  // [start, end) of the file's bytes; end may be past its end.
  void Open(duckdb::FileSystem& fs, const std::string& path, duckdb::idx_t start, duckdb::idx_t end);
  // The next record, decoded except for the text format and valid until the next call. False: there is none.
  bool Next(std::string_view* record);
  // As stored in the file, of the last record.
  std::string_view raw() const { return raw_; }

 private:
  bool NextLine(std::string_view* line);
  bool Whole(std::string_view* text);
  // Position of the line's end, *skip the length of the terminator; npos: not in the buffer.
  size_t FindEnd(size_t* skip);
  size_t FindDefaultEnd(size_t* skip);
  bool Fill();
  void SkipMark();

  const FileFormat format_;
  const Options& options_;
  const bool whole_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<Decoder> decoder_;  // wide encodings
  std::string path_;
  std::string separator_;  // empty: "\n", "\r" and "\r\n"
  std::string buffer_;
  std::string scratch_;
  std::string_view raw_;
  size_t at_ = 0;
  size_t scanned_ = 0;
  size_t newline_ = 0;  // a known "\n" at or after at_, when > at_ or buffer_[newline_] is one
  bool newline_known_ = false;
  duckdb::idx_t base_ = 0;  // file position of buffer_[0]
  duckdb::idx_t end_ = 0;
  bool end_of_file_ = false;
  bool done_ = false;
};

}  // namespace deltic::engine::text
