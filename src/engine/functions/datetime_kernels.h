// The part of the datetime family that has a file of its own. Called once at start.
#pragma once

#include "engine/functions/kernel.h"

namespace deltic::engine::functions {

void RegisterIntervalKernels(KernelSink& sink);

}  // namespace deltic::engine::functions
