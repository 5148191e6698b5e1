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
// Whether a value of the row's type is one that the setting takes (config_table_limits.cc):
// INVALID_CONF_VALUE.REQUIREMENT, .OUT_OF_RANGE_OF_OPTIONS.
Status CheckConfLimits(const ConfRow& row, std::string_view value);

}  // namespace deltic::spark::session
