// DuckDB's files on remote object stores: native paths such as "s3a+<tag>://bucket/key" are opened through
// storage::ObjectStore, with the settings that the tag stands for. Reads are ranged and coalesced, writes stream into
// an upload that appears when the file is closed. Thread-safe as DuckDB's file systems are.
#pragma once

namespace duckdb {
class DatabaseInstance;
}

namespace deltic::engine {

// Options of duckdb::OpenFileInfo that spare a look-up (httpfs's names).
inline constexpr char kFileSizeOption[] = "file_size";
inline constexpr char kLastModifiedOption[] = "last_modified";

void RegisterObjectFileSystem(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine
