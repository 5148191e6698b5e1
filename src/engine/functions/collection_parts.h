// The parts of the collection family that have files of their own. Called once at start.
#pragma once

#include "engine/functions/kernel.h"
#include "engine/functions/list_access.h"

namespace deltic::engine::functions {

void RegisterMapKernels(KernelSink& sink);
void RegisterSequenceKernels(KernelSink& sink);

}  // namespace deltic::engine::functions
