// The product's version as it appears in commits and in answers.
#pragma once

#include <string>

namespace deltic::spark::command {

inline constexpr const char* kVersion = "0.1.0";

// commitInfo.engineInfo
inline std::string EngineInfo() { return std::string("Deltic/") + kVersion; }

}  // namespace deltic::spark::command
