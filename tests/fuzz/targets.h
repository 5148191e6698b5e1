// Fuzz targets: each takes any bytes and must return without crashing, hanging or touching memory that is not its own.
// Built with clang, each is a libFuzzer target (tests/fuzz/README.md); with other compilers driver.cc mutates a corpus.
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace deltic::fuzz {

// Lines of a commit or a JSON checkpoint: parsed, written again, and parsed again to the same text.
void LogJson(const uint8_t* data, size_t size);
// A serialised deletion vector, inline text and a framed file.
void DeletionVector(const uint8_t* data, size_t size);
// Partition values and statistics of a file, asked about by predicates of every type.
void PartitionValue(const uint8_t* data, size_t size);
// _last_checkpoint and a checksum file.
void Hints(const uint8_t* data, size_t size);
// A JSON document as a variant, its bytes whole and damaged: as JSON, its schema, a copy, values of every type.
void Variant(const uint8_t* data, size_t size);
// A text file that Hadoop's codecs compressed.
void TextCodec(const uint8_t* data, size_t size);
// A Parquet file: its footer and pages, read as a table's data and as a checkpoint. The engine must live on.
void ParquetFile(const uint8_t* data, size_t size);

struct Target {
  std::string_view name;
  void (*run)(const uint8_t*, size_t);
  bool parquet = false;  // its corpus is Parquet files, and a run takes milliseconds
};
const std::vector<Target>& Targets();

}  // namespace deltic::fuzz
