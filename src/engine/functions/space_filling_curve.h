// spark_range_id, spark_interleave_bits and spark_hilbert_index: see the .cc. Registered once per instance.
#pragma once

#include "engine/functions/kernel.h"

namespace deltic::engine::functions {

void RegisterCurveKernels(KernelSink& sink);

}  // namespace deltic::engine::functions
