// How a kernel reports a Spark error: as a DuckDB exception that carries the condition and its parameters
// in its extra info ("deltic.condition", "deltic.detail", "deltic.param.<name>"). engine/ turns it back into
// the Status where it catches DuckDB's exceptions. Stateless; thread-safe.
#pragma once

#include "base/status.h"

namespace deltic::engine::functions {

inline constexpr char kConditionKey[] = "deltic.condition";
inline constexpr char kDetailKey[] = "deltic.detail";
inline constexpr char kParamPrefix[] = "deltic.param.";

// Never returns; `status` must be an error.
[[noreturn]] void ThrowStatus(const Status& status);

}  // namespace deltic::engine::functions
