// deltic version
#include <cstdio>

#include "cli/commands.h"
#include "spark/session/session.h"

namespace deltic::cli {

void AddVersionCommand(CLI::App* app, int* exit_code) {
  CLI::App* command = app->add_subcommand("version", "Print the versions of Deltic and of the Spark it answers as");
  command->callback([exit_code] {
    std::printf("deltic 0.1.0\nSpark %s (Connect 3.5 and 4.x clients)\n",
                spark::session::ServerState().spark_version.c_str());
    *exit_code = kExitOk;
  });
}

}  // namespace deltic::cli
