// Where DuckDB's exceptions end: ErrorData → Status, and Guard() which runs code that may throw.
// Stateless; thread-safe.
#pragma once

#include <exception>
#include <utility>

#include "base/status.h"
#include "duckdb.hpp"

namespace deltic::engine {

Status StatusFromError(const duckdb::ErrorData& error);
// Inside a catch (…): the Status of the exception in flight.
Status StatusFromException(const std::exception& e);

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
