// Decoding of Snappy blocks (google/snappy, format_description.txt), which Parquet pages are compressed with unless
// told otherwise: a third of the time of a scan. It stands in for the decoder inside libduckdb.so, whose pace on pages
// of numbers is two thirds of this one's: tools/bind_symbols.py leaves that one reference of the library open, and the
// program's definition of duckdb_snappy::RawUncompress comes first. A library that is bound otherwise uses its own.
//
// Thread-safe. Never reads or writes outside of what it is given, whatever the bytes.
#pragma once

#include <cstddef>

namespace deltic::engine {

// The length that a block says it decodes to. False: not a block.
bool SnappyDecodedLength(const char* block, size_t size, size_t* length);

// Decodes a block into `out`, which has room for SnappyDecodedLength. False: not a block, or not as long as it says;
// `out` then holds anything.
bool DecodeSnappy(const char* block, size_t size, char* out);

}  // namespace deltic::engine
