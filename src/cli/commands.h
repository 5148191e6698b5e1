// The commands of the `deltic` binary: each adds itself to the application and runs when chosen. Exit codes: 0 done,
// 1 failed while running, 2 wrong usage or configuration.
#pragma once

#include <CLI/CLI.hpp>

namespace deltic::cli {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;
inline constexpr int kExitUsage = 2;

// `exit_code` is set when the command has run; it outlives the application.
void AddConfigCommand(CLI::App* app, int* exit_code);
void AddServerCommand(CLI::App* app, int* exit_code);
void AddVersionCommand(CLI::App* app, int* exit_code);

}  // namespace deltic::cli
