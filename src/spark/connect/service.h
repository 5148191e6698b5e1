// SparkConnectService: the twelve RPCs over gRPC's synchronous server. Handlers are short or block on their operation's
// responses; plans run on threads of their own. Thread-safe.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/method_handler.h>
#include <grpcpp/impl/codegen/rpc_service_method.h>
#include <grpcpp/impl/codegen/service_type.h>
#include <grpcpp/support/sync_stream.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "spark/connect/deep_message.h"
#include "spark/connect/session_registry.h"

namespace deltic::spark::connect {

struct ServiceOptions {
  std::string token;  // empty: no authentication
  int max_operations = 256;
};

class ConnectService final : public grpc::Service {
 public:
  // `server` is borrowed and outlives the service.
  ConnectService(session::ServerState* server, ServiceOptions options);
  ~ConnectService() override;

  // Calls wait until this: the server listens while its engine still opens, so that clients connect meanwhile. Those
  // that waited are refused as by a stopping server when the engine never came (`server` has none).
  void Open() {
    open_ = true;
    open_.notify_all();
  }
  // New operations are refused with UNAVAILABLE from now on; those that run may finish.
  // Streaming queries, which would not, are stopped.
  void StartDraining() {
    draining_ = true;
    streaming_->active.StopAll();
  }
  // Where this service is reached from this machine, for Python that calls back.
  void set_connect_url(std::string url) { connect_url_ = std::move(url); }
  // True when nothing runs any more within `timeout`.
  bool WaitForOperations(std::chrono::milliseconds timeout) { return running_.WaitForZero(timeout); }
  // Asks everything that still runs to stop.
  void CancelOperations();
  int running_operations() const { return running_.count(); }

 private:
  using Context = grpc::ServerContext;

  grpc::Status ExecutePlan(Context* context, const Deep<proto::ExecutePlanRequest>* request,
                           grpc::ServerWriter<grpc::ByteBuffer>* writer);
  grpc::Status ReattachExecute(Context* context, const Deep<proto::ReattachExecuteRequest>* request,
                               grpc::ServerWriter<grpc::ByteBuffer>* writer);
  grpc::Status AnalyzePlan(Context* context, const Deep<proto::AnalyzePlanRequest>* request,
                           proto::AnalyzePlanResponse* response);
  grpc::Status Config(Context* context, const Deep<proto::ConfigRequest>* request, proto::ConfigResponse* response);
  grpc::Status AddArtifacts(Context* context, grpc::ServerReader<proto::AddArtifactsRequest>* reader,
                            proto::AddArtifactsResponse* response);
  grpc::Status ArtifactStatus(Context* context, const Deep<proto::ArtifactStatusesRequest>* request,
                              proto::ArtifactStatusesResponse* response);
  grpc::Status Interrupt(Context* context, const Deep<proto::InterruptRequest>* request,
                         proto::InterruptResponse* response);
  grpc::Status ReleaseExecute(Context* context, const Deep<proto::ReleaseExecuteRequest>* request,
                              proto::ReleaseExecuteResponse* response);
  grpc::Status ReleaseSession(Context* context, const Deep<proto::ReleaseSessionRequest>* request,
                              proto::ReleaseSessionResponse* response);
  grpc::Status FetchErrorDetails(Context* context, const Deep<proto::FetchErrorDetailsRequest>* request,
                                 proto::FetchErrorDetailsResponse* response);
  grpc::Status CloneSession(Context* context, const Deep<proto::CloneSessionRequest>* request,
                            proto::CloneSessionResponse* response);
  grpc::Status GetStatus(Context* context, const Deep<proto::GetStatusRequest>* request,
                         proto::GetStatusResponse* response);

  void AddMethods();
  template <typename Request, typename Response>
  void AddUnary(const char* name, grpc::Status (ConnectService::*method)(Context*, const Deep<Request>*, Response*));
  template <typename Request>
  void AddServerStreaming(const char* name,
                          grpc::Status (ConnectService::*method)(Context*, const Deep<Request>*,
                                                                 grpc::ServerWriter<grpc::ByteBuffer>*));

  // The bearer token, compared in constant time.
  Status Authenticate(const Context& context) const;
  // Every call begins with this: authenticates and waits for Open().
  Status Admit(const Context& context) const;
  // Admits and finds or makes the session of a request.
  template <typename Request>
  Result<std::shared_ptr<SessionEntry>> Session(const Context& context, const Request& request);
  Result<std::shared_ptr<Operation>> StartOperation(const std::shared_ptr<SessionEntry>& entry,
                                                    const proto::ExecutePlanRequest& request);
  // Writes responses from number `index` until the end, the client is gone, or the stream is old or large enough.
  grpc::Status StreamResponses(Context* context, const std::shared_ptr<Operation>& operation, int64_t index,
                               grpc::ServerWriter<grpc::ByteBuffer>* writer);
  static void Forget(Operation* operation);
  void SweepLoop();
  int64_t NowNanos() const { return server_->clock->MonotonicNanos(); }

  session::ServerState* const server_;
  const ServiceOptions options_;
  RunningCount running_;
  std::string connect_url_;  // set before Open()
  const std::shared_ptr<streaming::StreamingHost> streaming_;
  SessionRegistry sessions_;
  std::atomic<bool> open_{false};
  std::atomic<bool> draining_{false};

  std::mutex sweep_mutex_;
  std::condition_variable sweep_changed_;
  bool stopping_ = false;
  std::thread sweeper_;
};

}  // namespace deltic::spark::connect
