// DuckDB's files on remote object stores: native paths such as "s3a+<tag>://bucket/key" are opened through
// storage::ObjectStore, with the settings that the tag stands for. Reads are ranged and coalesced, writes stream into
// an upload that appears when the file is closed. Thread-safe as DuckDB's file systems are.
#pragma once

#include <functional>

#include "base/status.h"

namespace duckdb {
class ClientContext;
class DatabaseInstance;
}  // namespace duckdb

namespace deltic::engine {

// Options of duckdb::OpenFileInfo that spare a look-up (httpfs's names).
inline constexpr char kFileSizeOption[] = "file_size";
inline constexpr char kLastModifiedOption[] = "last_modified";
inline constexpr char kVersionTagOption[] = "etag";
// The address of a std::shared_ptr<storage::ReadAhead> that lives as long as the query, and the file's number there.
inline constexpr char kReadAheadOption[] = "deltic_read_ahead";
inline constexpr char kFileIndexOption[] = "deltic_file";

// Whatever this connection writes asks `may_start` before anything of it is made in the store (ObjectWriter::AskFirst).
void AskBeforeRemoteWrites(duckdb::ClientContext& context, std::function<Status()> may_start);

void RegisterObjectFileSystem(duckdb::DatabaseInstance& db);

}  // namespace deltic::engine
