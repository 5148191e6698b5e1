// The composition root of a server process: opens the engine, the catalog and the Spark Connect service, and closes
// them in order. Thread-compatible: one owner starts and stops it.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "base/status.h"

namespace deltic::server {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 15002;                         // 0: the system picks one
  std::string token;                        // bearer token; required to listen beyond loopback
  std::string tls_cert_file, tls_key_file;  // PEM; both or none
  std::map<std::string, std::string> conf;  // file, environment and command line merged
  std::string warehouse_dir;                // empty: spark.sql.warehouse.dir, else ./spark-warehouse
  int64_t memory_limit_bytes = 0;           // 0: the engine's default
  int threads = 0;                          // 0: all cores
  std::string temp_directory;               // empty: the system's
};

class Server {
 public:
  static Result<std::unique_ptr<Server>> Start(ServerOptions options);
  // Stops, if Stop was not called. Nothing may run any more.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  // Refuses new operations from now on.
  void StartDraining();
  // True when no operation runs any more; waits at most `timeout`.
  bool WaitForOperations(std::chrono::milliseconds timeout);
  // Cancels what runs and closes the port. False: an operation did not stop in time and still uses the engine, so
  // the process must end without destroying anything.
  bool Stop();

 private:
  Server();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace deltic::server
