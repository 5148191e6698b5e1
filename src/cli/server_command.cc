// deltic server: runs the Spark Connect server until SIGTERM or SIGINT.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/log.h"
#include "cli/commands.h"
#include "server/server.h"
#include "spark/errors/conditions.h"
#include "spark/session/runtime_conf.h"

namespace deltic::cli {
namespace {

struct ServerFlags {
  server::ServerOptions options;
  std::vector<std::string> conf;  // key=value
  std::string properties_file;
  std::string memory_limit;
  std::string log_level = "info";
  std::string log_format = "text";
  std::string port_file;
  int grace_seconds = 10;
};

int Fail(const Status& status, int exit_code) {
  std::fprintf(stderr, "deltic server: %s\n", spark::errors::Render(status).message.c_str());
  return exit_code;
}

Status BadValue(std::string name, std::string value, std::string requirement) {
  return Error(
      "INVALID_CONF_VALUE.OUT_OF_RANGE",
      {{"confName", std::move(name)}, {"confValue", std::move(value)}, {"requirement", std::move(requirement)}});
}

Status AddPair(const std::string& pair, const char* source, std::map<std::string, std::string>* out) {
  const size_t equals = pair.find('=');
  if (equals == pair.npos || equals == 0) return BadValue(source, pair, "It must be key=value.");
  (*out)[pair.substr(0, equals)] = pair.substr(equals + 1);
  return Status::Ok();
}

// Settings by rising precedence: file, environment, command line.
Status MergeConf(const ServerFlags& flags, std::map<std::string, std::string>* out) {
  std::string file = flags.properties_file;
  const char* conf_dir = std::getenv("SPARK_CONF_DIR");
  if (file.empty() && conf_dir != nullptr) {
    const std::string standard = std::string(conf_dir) + "/spark-defaults.conf";
    if (access(standard.c_str(), R_OK) == 0) file = standard;
  }
  if (!file.empty()) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return IoError(file, "cannot read");
    ASSIGN_OR_RETURN(*out, spark::session::ParsePropertiesFile(text.str()));
  }
  if (const char* environment = std::getenv("DELTIC_SERVER_CONF")) {
    std::istringstream pairs(environment);
    for (std::string pair; std::getline(pairs, pair, ';');) {
      if (!pair.empty()) RETURN_IF_ERROR(AddPair(pair, "DELTIC_SERVER_CONF", out));
    }
  }
  for (const std::string& pair : flags.conf) RETURN_IF_ERROR(AddPair(pair, "--conf", out));
  return Status::Ok();
}

Status Complete(ServerFlags* flags) {
  static const std::map<std::string, LogLevel> kLevels = {
      {"debug", LogLevel::kDebug}, {"info", LogLevel::kInfo}, {"warn", LogLevel::kWarn}, {"error", LogLevel::kError}};
  ConfigureLog(kLevels.at(flags->log_level), flags->log_format == "json" ? LogFormat::kJson : LogFormat::kText);
  RETURN_IF_ERROR(MergeConf(*flags, &flags->options.conf));
  if (!flags->memory_limit.empty()) {
    std::optional<int64_t> bytes = spark::session::ParseByteSize(flags->memory_limit);
    if (!bytes || *bytes < (int64_t{16} << 20)) {
      return BadValue("--memory-limit", flags->memory_limit, "It must be a size of at least 16m, like 512m or 2g.");
    }
    flags->options.memory_limit_bytes = *bytes;
  }
  return Status::Ok();
}

// The port file appears whole: readers never see a part of it.
Status WritePortFile(const std::string& path, int port) {
  const std::string partial = path + ".partial";
  {
    std::ofstream out(partial, std::ios::trunc);
    out << port << "\n";
    if (!out.flush()) return IoError(path, "cannot write");
  }
  if (std::rename(partial.c_str(), path.c_str()) != 0) return IoError(path, "cannot write");
  return Status::Ok();
}

// Lets running operations finish within the grace; a second signal ends it.
void Drain(server::Server* server, const sigset_t& signals, int grace_seconds) {
  Log(LogLevel::kInfo, "draining", {{"grace_seconds", std::to_string(grace_seconds)}});
  server->StartDraining();
  constexpr int kStepMs = 50;
  for (int waited = 0; waited < grace_seconds * 1000; waited += kStepMs) {
    if (server->WaitForOperations(std::chrono::milliseconds(kStepMs))) return;
    const timespec none = {};
    if (sigtimedwait(&signals, nullptr, &none) > 0) return;
  }
}

int RunServer(ServerFlags* flags) {
  // Blocked before any thread starts, so that only this one takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  if (Status status = Complete(flags); !status.ok()) return Fail(status, kExitUsage);
  const std::string host = flags->options.host;
  Result<std::unique_ptr<server::Server>> started = server::Server::Start(std::move(flags->options));
  if (!started.ok()) {
    return Fail(started.status(), started.status().condition().starts_with("INVALID_CONF") ? kExitUsage : kExitFailure);
  }
  std::unique_ptr<server::Server> server = std::move(started).value();
  if (!flags->port_file.empty()) {
    if (Status status = WritePortFile(flags->port_file, server->port()); !status.ok())
      return Fail(status, kExitFailure);
  }
  std::printf("deltic server listening on sc://%s:%d\n", host.c_str(), server->port());
  std::fflush(stdout);

  int signal = 0;
  sigwait(&signals, &signal);
  Drain(server.get(), signals, flags->grace_seconds);
  const bool stopped = server->Stop();
  if (!flags->port_file.empty()) std::remove(flags->port_file.c_str());
  Log(LogLevel::kInfo, "server stopped", {{"clean", stopped ? "yes" : "no"}});
  if (!stopped) std::_Exit(kExitOk);
  return kExitOk;
}

}  // namespace

void AddServerCommand(CLI::App* app, int* exit_code) {
  CLI::App* command = app->add_subcommand("server", "Run the Spark Connect server");
  auto flags = std::make_shared<ServerFlags>();
  server::ServerOptions* options = &flags->options;
  command->add_option("--host", options->host, "Address to listen on; beyond loopback a token is needed")
      ->envname("DELTIC_SERVER_HOST")
      ->capture_default_str();
  command->add_option("--port", options->port, "Port to listen on; 0 picks a free one")
      ->envname("DELTIC_SERVER_PORT")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  command->add_option("--token", options->token, "Bearer token that every client must send")
      ->envname("DELTIC_SERVER_TOKEN");
  command->add_option("--tls-cert", options->tls_cert_file, "PEM file with the certificate chain")
      ->envname("DELTIC_SERVER_TLS_CERT");
  command->add_option("--tls-key", options->tls_key_file, "PEM file with the private key")
      ->envname("DELTIC_SERVER_TLS_KEY");
  command
      ->add_option("--conf", flags->conf,
                   "A setting for all sessions, key=value; may be repeated "
                   "(DELTIC_SERVER_CONF: key=value;key=value)")
      ->allow_extra_args(false);
  command
      ->add_option("--properties-file", flags->properties_file,
                   "Settings in spark-defaults.conf form; default $SPARK_CONF_DIR/spark-defaults.conf")
      ->envname("DELTIC_SERVER_PROPERTIES_FILE");
  command
      ->add_option("--warehouse-dir", options->warehouse_dir, "Directory of managed tables; default ./spark-warehouse")
      ->envname("DELTIC_SERVER_WAREHOUSE_DIR");
  command
      ->add_option("--memory-limit", flags->memory_limit,
                   "Memory of the engine, like 512m or 2g; default 60 % of the machine")
      ->envname("DELTIC_SERVER_MEMORY_LIMIT");
  command->add_option("--threads", options->threads, "Threads of the engine; 0: all cores")
      ->envname("DELTIC_SERVER_THREADS")
      ->check(CLI::Range(0, 1024));
  command->add_option("--temp-directory", options->temp_directory, "Directory for data that does not fit into memory")
      ->envname("DELTIC_SERVER_TEMP_DIRECTORY");
  command->add_option("--log-level", flags->log_level, "debug, info, warn or error")
      ->envname("DELTIC_SERVER_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  command->add_option("--log-format", flags->log_format, "text or json")
      ->envname("DELTIC_SERVER_LOG_FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("--port-file", flags->port_file, "File that gets the port number when the server is ready")
      ->envname("DELTIC_SERVER_PORT_FILE");
  command->add_option("--shutdown-grace", flags->grace_seconds, "Seconds that running operations get on SIGTERM")
      ->envname("DELTIC_SERVER_SHUTDOWN_GRACE")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
  command->footer("Precedence: session settings, then --conf, then the environment, then the properties file.");
  command->callback([flags, exit_code] { *exit_code = RunServer(flags.get()); });
}

}  // namespace deltic::cli
