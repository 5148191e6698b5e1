// Where DuckDB's exceptions end: ErrorData → Status, and Guard() which runs code that may throw. NamingFile() is for
// what reads a Parquet file: a damaged one is an error that names it, Spark's "Encountered error while reading file".
// Stateless; thread-safe.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "base/status.h"
#include "duckdb.hpp"
#include "engine/functions/throw.h"

namespace deltic::engine {

Status StatusFromError(const duckdb::ErrorData& error);
// Inside a catch (…): the Status of the exception in flight.
Status StatusFromException(const std::exception& e);

// … which came up while the Parquet file at `path` (native) was read. What reads it fails for no other reason than the
// file's bytes, once memory, the store and errors of ours are set apart.
Status StatusOfFile(const std::exception& e, const std::string& path);

// Runs `fn`; what it throws is thrown as StatusOfFile().
template <typename Fn>
auto NamingFile(const std::string& path, Fn&& fn) -> decltype(fn()) {
  try {
    return fn();
  } catch (const std::exception& e) {
    functions::ThrowStatus(StatusOfFile(e, path));
  }
}

// Runs `fn` (returning Status or Result<T>) and turns an exception into its Status.
template <typename Fn>
auto Guard(Fn&& fn) -> decltype(fn()) {
  try {
    return fn();
  } catch (const std::exception& e) {
    return StatusFromException(e);
  }
}

}  // namespace deltic::engine
