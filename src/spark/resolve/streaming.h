// Whether a plan's rows come from a stream. Pure function.
#pragma once

#include "engine/plan/relation.h"

namespace deltic::spark::resolve {

bool IsStreaming(const engine::Rel& rel);

}  // namespace deltic::spark::resolve
