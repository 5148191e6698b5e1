#include "server/server.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/resource_quota.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

#include "base/clock.h"
#include "base/log.h"
#include "engine/delta_parquet_io.h"
#include "engine/engine.h"
#include "engine/remote_file_cache.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/connect/service.h"
#include "spark/python/python_workers.h"
#include "spark/session/session.h"
#include "storage/object_store.h"

namespace deltic::server {
namespace {

// One thread for each operation that a client follows, and some for the short calls.
constexpr int kMaxOperations = 256;
constexpr int kMaxGrpcThreads = kMaxOperations + 64;

bool IsLoopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "[::1]" || host.starts_with("127.");
}

// "1.2.3.4" → "ipv4:1.2.3.4:p"; names are resolved by gRPC.
std::string Address(const std::string& host, int port) {
  if (host.find(':') != host.npos && host[0] != '[') return "[" + host + "]:" + std::to_string(port);
  return host + ":" + std::to_string(port);
}

Result<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream out;
  out << file.rdbuf();
  if (!file) return IoError(path, "cannot read");
  return out.str();
}

Result<std::shared_ptr<grpc::ServerCredentials>> Credentials(const ServerOptions& options) {
  if (options.tls_cert_file.empty() && options.tls_key_file.empty()) return grpc::InsecureServerCredentials();
  if (options.tls_cert_file.empty() || options.tls_key_file.empty()) {
    return Error(
        "INVALID_CONF_VALUE.OUT_OF_RANGE",
        {{"confName", "--tls-cert, --tls-key"}, {"confValue", ""}, {"requirement", "Both are needed for TLS."}});
  }
  grpc::SslServerCredentialsOptions ssl;
  grpc::SslServerCredentialsOptions::PemKeyCertPair pair;
  ASSIGN_OR_RETURN(pair.cert_chain, ReadFile(options.tls_cert_file));
  ASSIGN_OR_RETURN(pair.private_key, ReadFile(options.tls_key_file));
  ssl.pem_key_cert_pairs.push_back(std::move(pair));
  return grpc::SslServerCredentials(ssl);
}

// The warehouse as an absolute path without trailing slash, local ones without a scheme.
Result<std::string> WarehouseDir(const ServerOptions& options) {
  std::string dir = options.warehouse_dir;
  if (dir.empty()) {
    auto it = options.conf.find("spark.sql.warehouse.dir");
    dir = it == options.conf.end() ? "spark-warehouse" : it->second;
  }
  const auto setting = [&](const std::string& key) -> std::optional<std::string> {
    const auto found = options.conf.find(key);
    return found == options.conf.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
  if (auto local = spark::catalog::StandIn(dir, setting)) dir = *local;
  if (storage::IsS3Path(dir)) return storage::NormalizePath(dir);
  if (dir.starts_with("file:")) {
    dir.erase(0, 5);
    while (dir.starts_with("//")) dir.erase(0, 1);
  }
  if (dir.find("://") != dir.npos) return Unsupported("a warehouse at " + dir);
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(dir, error).lexically_normal();
  if (error) return IoError(dir, error.message());
  std::string text = absolute.string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

// How Python of this machine reaches the server.
std::string LocalUrl(const ServerOptions& options, int port) {
  const bool anywhere = options.host == "0.0.0.0" || options.host == "::" || options.host == "[::]";
  std::string url = "sc://" + Address(anywhere ? "127.0.0.1" : options.host, port) + "/";
  if (!options.tls_cert_file.empty()) url += ";use_ssl=true";
  if (!options.token.empty()) url += ";token=" + storage::UriEncodePath(options.token);
  return url;
}

int64_t MaxMessageBytes(const std::map<std::string, std::string>& conf) {
  constexpr int64_t kDefault = int64_t{128} << 20;
  auto it = conf.find("spark.connect.grpc.maxInboundMessageSize");
  return it == conf.end() ? kDefault : spark::session::ParseByteSize(it->second).value_or(kDefault);
}

}  // namespace

struct Server::Impl {
  Status OpenEngine(const ServerOptions& options);

  std::unique_ptr<engine::Engine> engine;
  std::unique_ptr<engine::DeltaParquetIo> parquet;
  std::unique_ptr<spark::catalog::ServerCatalog> catalog;
  spark::python::PythonWorkers python;
  spark::session::ServerState state;
  std::unique_ptr<spark::connect::ConnectService> service;
  std::unique_ptr<grpc::Server> grpc;
  int port = 0;
};

Status Server::Impl::OpenEngine(const ServerOptions& options) {
  engine::EngineOptions engine_options;
  engine_options.threads = options.threads;
  engine_options.memory_limit_bytes = options.memory_limit_bytes;
  engine_options.temp_directory = options.temp_directory;
  ASSIGN_OR_RETURN(engine, engine::Engine::Open(engine_options));
  if (const auto it = options.conf.find("deltic.remoteFileCache.enabled"); it != options.conf.end()) {
    engine::SetRemoteFileCache(engine.get(), it->second == "true");
  }
  parquet = std::make_unique<engine::DeltaParquetIo>(engine.get());
  catalog = std::make_unique<spark::catalog::ServerCatalog>(state.warehouse_dir, parquet.get(), Clock::System(),
                                                            options.conf);
  state.engine = engine.get();
  state.catalog = catalog.get();
  return Status::Ok();
}

Server::Server() : impl_(std::make_unique<Impl>()) {}

Result<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  if (!IsLoopback(options.host) && options.token.empty()) {
    return Error("INVALID_CONF_VALUE.OUT_OF_RANGE",
                 {{"confName", "--host"},
                  {"confValue", options.host},
                  {"requirement",
                   "Listening beyond this machine needs --token (or DELTIC_SERVER_TOKEN), since whoever "
                   "reaches the port may read and write files."}});
  }
  for (const auto& [key, value] : options.conf) RETURN_IF_ERROR(spark::session::CheckConfValue(key, value));
  std::unique_ptr<Server> server(new Server());
  Impl& impl = *server->impl_;
  ASSIGN_OR_RETURN(impl.state.warehouse_dir, WarehouseDir(options));
  ASSIGN_OR_RETURN(auto credentials, Credentials(options));

  options.conf["spark.sql.warehouse.dir"] = spark::catalog::DisplayPath(impl.state.warehouse_dir);
  impl.state.clock = Clock::System();
  impl.state.python = &impl.python;
  if (const char* python = std::getenv("PYSPARK_PYTHON"); python != nullptr && *python != 0) {
    impl.state.python_executable = python;
  }
  if (auto it = options.conf.find("deltic.spark.version"); it != options.conf.end())
    impl.state.spark_version = it->second;
  impl.state.server_conf = std::make_shared<const std::map<std::string, std::string>>(options.conf);

  spark::connect::ServiceOptions service_options;
  service_options.token = options.token;
  service_options.max_operations = kMaxOperations;
  impl.service = std::make_unique<spark::connect::ConnectService>(&impl.state, service_options);

  grpc::ServerBuilder builder;
  grpc::ResourceQuota quota;
  quota.SetMaxThreads(kMaxGrpcThreads);
  builder.SetResourceQuota(quota);
  builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 8);
  builder.SetMaxReceiveMessageSize(static_cast<int>(std::min<int64_t>(MaxMessageBytes(options.conf), INT32_MAX)));
  builder.SetMaxSendMessageSize(-1);
  // Two servers must not share a port unknowingly.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(Address(options.host, options.port), credentials, &impl.port);
  builder.RegisterService(impl.service.get());
  // The engine opens meanwhile, on the other core.
  std::future<std::unique_ptr<grpc::Server>> listening =
      std::async(std::launch::async, [&builder] { return builder.BuildAndStart(); });
  const Status opened = impl.OpenEngine(options);
  impl.grpc = listening.get();
  RETURN_IF_ERROR(opened);
  if (impl.grpc == nullptr || impl.port == 0) {
    return IoError(Address(options.host, options.port), "cannot listen (is the port in use?)");
  }
  impl.service->set_connect_url(LocalUrl(options, impl.port));
  impl.service->Open();
  Log(LogLevel::kInfo, "server started",
      {{"address", Address(options.host, impl.port)},
       {"warehouse", impl.state.warehouse_dir},
       {"tls", options.tls_cert_file.empty() ? "off" : "on"},
       {"authentication", options.token.empty() ? "off" : "on"}});
  return server;
}

Server::~Server() { Stop(); }

bool Server::Stop() {
  if (impl_->service == nullptr) return true;
  impl_->service->StartDraining();
  impl_->service->Open();
  impl_->service->CancelOperations();
  const bool stopped = impl_->service->WaitForOperations(std::chrono::milliseconds(3'000));
  if (impl_->grpc != nullptr) {
    impl_->grpc->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    impl_->grpc->Wait();
    impl_->grpc.reset();
  }
  return stopped;
}

int Server::port() const { return impl_->port; }
void Server::StartDraining() { impl_->service->StartDraining(); }
bool Server::WaitForOperations(std::chrono::milliseconds timeout) { return impl_->service->WaitForOperations(timeout); }

}  // namespace deltic::server
