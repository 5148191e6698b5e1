// The parts of the one table of settings (runtime_conf.h), one file each, and which of them have a single supported
// value. Constant data; thread-safe.
#pragma once

#include <span>

#include "spark/session/runtime_conf.h"

namespace deltic::spark::session {

std::span<const ConfRow> DeltaConfRows();
// Only the default value is supported: Set refuses others with UNSUPPORTED_FEATURE.
std::span<const ConfRow> FixedConfRows();
bool IsFixedConf(const ConfRow& row);

}  // namespace deltic::spark::session
