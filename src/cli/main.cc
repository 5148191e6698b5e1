#include "cli/commands.h"

int main(int argc, char** argv) {
  CLI::App app("Deltic: a Delta Lake engine behind a Spark Connect server");
  app.require_subcommand(1);
  int exit_code = 0;
  deltic::cli::AddServerCommand(&app, &exit_code);
  deltic::cli::AddConfigCommand(&app, &exit_code);
  deltic::cli::AddVersionCommand(&app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? deltic::cli::kExitOk : deltic::cli::kExitUsage;
  }
  return exit_code;
}
