// The parts of the string family that have files of their own. Called once at start.
#pragma once

#include "engine/functions/kernel.h"

namespace deltic::engine::functions {

// Standard base 64 with padding, on one line.
std::string Base64(std::string_view bytes);

void RegisterStringCodecKernels(KernelSink& sink);   // base64, charsets, hex texts
void RegisterStringFormatKernels(KernelSink& sink);  // format_string, format_number, to_char, to_number

}  // namespace deltic::engine::functions
