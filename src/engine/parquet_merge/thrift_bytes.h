// Parquet's Thrift structures from and to bytes in memory (parquet.thrift, Thrift's compact protocol). What bytes claim
// is bounded by their number: lists and strings cannot be longer than they are. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "parquet_types.h"

namespace deltic::engine::merge {

// The footer's structure; throws CannotMerge.
duckdb_parquet::FileMetaData ReadFooter(std::string_view bytes);
// The page header that `bytes` begin with, into *header; its length. Throws CannotMerge.
size_t ReadPageHeader(std::string_view bytes, duckdb_parquet::PageHeader* header);
std::string ToBytes(const duckdb_apache::thrift::TBase& structure);

}  // namespace deltic::engine::merge
