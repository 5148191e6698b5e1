#include "spark/connect/service.h"

#include <algorithm>

#include "base/deep_thread.h"
#include "base/log.h"
#include "base/random.h"
#include "spark/connect/analyze.h"
#include "spark/connect/artifacts.h"
#include "spark/connect/config_rpc.h"

namespace deltic::spark::connect {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSweepInterval{10'000};
// How often a waiting stream looks whether its client is still there.
constexpr milliseconds kPoll{20};

Status OperationHandle(const char* what, const std::string& id) {
  return Error(std::string("INVALID_HANDLE.") + what, {{"handle", id}});
}

bool IsReattachable(const proto::ExecutePlanRequest& request) {
  return std::any_of(request.request_options().begin(), request.request_options().end(), [](const auto& option) {
    return option.has_reattach_options() && option.reattach_options().reattachable();
  });
}

template <typename Request>
std::string Observed(const Request& request) {
  if constexpr (requires { request.client_observed_server_side_session_id(); }) {
    return request.client_observed_server_side_session_id();
  } else {
    return {};
  }
}

template <typename Response>
void SetSession(const SessionEntry& entry, Response* response) {
  response->set_session_id(entry.session.session_id());
  response->set_server_side_session_id(entry.server_side_id);
}

}  // namespace

ConnectService::ConnectService(session::ServerState* server, ServiceOptions options)
    : server_(server),
      options_(std::move(options)),
      running_(options_.max_operations),
      streaming_(std::make_shared<streaming::StreamingHost>()),
      sessions_(server, streaming_) {
  streaming_->connect_url = [this] { return connect_url_; };
  // A query's thread is counted like an operation, so that a stopping server waits for it.
  streaming_->start_thread = [this](std::function<void()> body) -> Status {
    if (!running_.TryAdd()) {
      return Error("SERVER_BUSY",
                   {{"limit", std::to_string(options_.max_operations)}, {"what", "concurrent operations"}});
    }
    Status started = StartDeepThread([this, body = std::move(body)]() mutable {
      body();
      body = nullptr;  // before the count, so that a stopping server sees nothing of it afterwards
      running_.Remove();
    });
    if (!started.ok()) running_.Remove();
    return started;
  };
  AddMethods();
  sweeper_ = std::thread([this] { SweepLoop(); });
}

ConnectService::~ConnectService() {
  {
    std::lock_guard lock(sweep_mutex_);
    stopping_ = true;
    sweep_changed_.notify_all();
  }
  sweeper_.join();
}

template <typename Request, typename Response>
void ConnectService::AddUnary(const char* name,
                              grpc::Status (ConnectService::*method)(Context*, const Deep<Request>*, Response*)) {
  auto call = [method](ConnectService* service, Context* context, const Deep<Request>* request, Response* response) {
    return (service->*method)(context, request, response);
  };
  AddMethod(new grpc::internal::RpcServiceMethod(
      name, grpc::internal::RpcMethod::NORMAL_RPC,
      new grpc::internal::RpcMethodHandler<ConnectService, Deep<Request>, Response>(call, this)));
}

template <typename Request>
void ConnectService::AddServerStreaming(const char* name,
                                        grpc::Status (ConnectService::*method)(Context*, const Deep<Request>*,
                                                                               grpc::ServerWriter<grpc::ByteBuffer>*)) {
  auto call = [method](ConnectService* service, Context* context, const Deep<Request>* request,
                       grpc::ServerWriter<grpc::ByteBuffer>* writer) {
    return (service->*method)(context, request, writer);
  };
  AddMethod(new grpc::internal::RpcServiceMethod(
      name, grpc::internal::RpcMethod::SERVER_STREAMING,
      new grpc::internal::ServerStreamingHandler<ConnectService, Deep<Request>, grpc::ByteBuffer>(call, this)));
}

void ConnectService::AddMethods() {
  AddServerStreaming("/spark.connect.SparkConnectService/ExecutePlan", &ConnectService::ExecutePlan);
  AddServerStreaming("/spark.connect.SparkConnectService/ReattachExecute", &ConnectService::ReattachExecute);
  AddUnary("/spark.connect.SparkConnectService/AnalyzePlan", &ConnectService::AnalyzePlan);
  AddUnary("/spark.connect.SparkConnectService/Config", &ConnectService::Config);
  AddUnary("/spark.connect.SparkConnectService/ArtifactStatus", &ConnectService::ArtifactStatus);
  AddUnary("/spark.connect.SparkConnectService/Interrupt", &ConnectService::Interrupt);
  AddUnary("/spark.connect.SparkConnectService/ReleaseExecute", &ConnectService::ReleaseExecute);
  AddUnary("/spark.connect.SparkConnectService/ReleaseSession", &ConnectService::ReleaseSession);
  AddUnary("/spark.connect.SparkConnectService/FetchErrorDetails", &ConnectService::FetchErrorDetails);
  AddUnary("/spark.connect.SparkConnectService/CloneSession", &ConnectService::CloneSession);
  AddUnary("/spark.connect.SparkConnectService/GetStatus", &ConnectService::GetStatus);
  auto add_artifacts =
      [](ConnectService* service, Context* context, grpc::ServerReader<proto::AddArtifactsRequest>* reader,
         proto::AddArtifactsResponse* response) { return service->AddArtifacts(context, reader, response); };
  AddMethod(new grpc::internal::RpcServiceMethod(
      "/spark.connect.SparkConnectService/AddArtifacts", grpc::internal::RpcMethod::CLIENT_STREAMING,
      new grpc::internal::ClientStreamingHandler<ConnectService, proto::AddArtifactsRequest,
                                                 proto::AddArtifactsResponse>(add_artifacts, this)));
}

Status ConnectService::Authenticate(const Context& context) const {
  if (options_.token.empty()) return Status::Ok();
  const auto& metadata = context.client_metadata();
  auto it = metadata.find("authorization");
  static constexpr std::string_view kScheme = "Bearer ";
  std::string_view given;
  if (it != metadata.end()) given = std::string_view(it->second.data(), it->second.size());
  if (!given.starts_with(kScheme)) return Error("AUTHENTICATION_FAILED");
  given.remove_prefix(kScheme.size());
  unsigned difference = given.size() != options_.token.size() ? 1U : 0U;
  for (size_t i = 0; i < given.size(); i++) {
    difference |= static_cast<unsigned char>(given[i] ^ options_.token[i % options_.token.size()]);
  }
  return difference == 0 ? Status::Ok() : Error("AUTHENTICATION_FAILED");
}

Status ConnectService::Admit(const Context& context) const {
  RETURN_IF_ERROR(Authenticate(context));
  open_.wait(false);
  return server_->engine != nullptr ? Status::Ok() : Error("SERVER_STOPPING");
}

template <typename Request>
Result<std::shared_ptr<SessionEntry>> ConnectService::Session(const Context& context, const Request& request) {
  RETURN_IF_ERROR(Admit(context));
  return sessions_.Acquire(request.user_context().user_id(), request.session_id(), Observed(request));
}

// --- ExecutePlan, ReattachExecute, ReleaseExecute ---------------------------------------------------

Result<std::shared_ptr<Operation>> ConnectService::StartOperation(const std::shared_ptr<SessionEntry>& entry,
                                                                  const proto::ExecutePlanRequest& request) {
  const bool reattachable = IsReattachable(request);
  std::string id = request.operation_id();
  if (id.empty()) id = Random::System()->Uuid();
  if (!IsUuid(id)) return OperationHandle("FORMAT", id);
  ResponseBuffer::Limits limits;
  limits.retained_bytes = reattachable
                              ? entry->session.conf().GetBytes(
                                    "spark.connect.execute.reattachable.observerRetryBufferSize", limits.retained_bytes)
                              : 0;
  auto operation = std::make_shared<Operation>(entry, request, id, reattachable, limits);
  RETURN_IF_ERROR(entry->AddOperation(operation));
  entry->session.conf().Seal();
  Status started = operation->Start(&running_);
  if (!started.ok()) {
    Forget(operation.get());
    return started;
  }
  return operation;
}

void ConnectService::Forget(Operation* operation) {
  std::shared_ptr<Operation> dropped;  // freed after the lock
  SessionEntry* entry = operation->session().get();
  std::lock_guard lock(entry->mutex);
  auto it = entry->operations.find(operation->id());
  if (it != entry->operations.end() && it->second.get() == operation) {
    dropped = std::move(it->second);
    entry->operations.erase(it);
  }
}

grpc::Status ConnectService::ExecutePlan(Context* context, const Deep<proto::ExecutePlanRequest>* request,
                                         grpc::ServerWriter<grpc::ByteBuffer>* writer) {
  const proto::ExecutePlanRequest& message = request->message;
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  ErrorLog* log = &(*entry)->errors;
  // A client that repeats a request it got no answer to finds its operation and reads it from the start.
  std::shared_ptr<Operation> operation = (*entry)->FindOperation(message.operation_id());
  const bool repeated = operation != nullptr && operation->reattachable() && IsReattachable(message) &&
                        operation->request().plan().SerializeAsString() == message.plan().SerializeAsString();
  if (!repeated) {
    if (draining_) return ToGrpcStatus(Error("SERVER_STOPPING"), nullptr);
    Result<std::shared_ptr<Operation>> started = StartOperation(*entry, message);
    if (!started.ok()) return ToGrpcStatus(started.status(), log);
    operation = *started;
  }
  return StreamResponses(context, operation, 1, writer);
}

grpc::Status ConnectService::ReattachExecute(Context* context, const Deep<proto::ReattachExecuteRequest>* request,
                                             grpc::ServerWriter<grpc::ByteBuffer>* writer) {
  const proto::ReattachExecuteRequest& message = request->message;
  if (Status status = Admit(*context); !status.ok()) return ToGrpcStatus(status, nullptr);
  Result<std::shared_ptr<SessionEntry>> entry =
      sessions_.Find(message.user_context().user_id(), message.session_id(), Observed(message));
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  const std::string& id = message.operation_id();
  std::shared_ptr<Operation> operation = (*entry)->FindOperation(id);
  if (operation == nullptr) {
    std::lock_guard lock((*entry)->mutex);
    const auto& abandoned = (*entry)->abandoned;
    const bool known = std::find(abandoned.begin(), abandoned.end(), id) != abandoned.end();
    return ToGrpcStatus(OperationHandle(known ? "OPERATION_ABANDONED" : "OPERATION_NOT_FOUND", id), &(*entry)->errors);
  }
  if (!operation->reattachable()) return ToGrpcStatus(Error("INVALID_CURSOR.NOT_REATTACHABLE"), &(*entry)->errors);
  int64_t index = 1;
  if (message.has_last_response_id()) {
    std::optional<int64_t> last = operation->responses().IndexOf(message.last_response_id());
    if (!last) {
      return ToGrpcStatus(Error("INVALID_CURSOR.POSITION_NOT_FOUND", {{"responseId", message.last_response_id()}}),
                          &(*entry)->errors);
    }
    index = *last + 1;
  }
  return StreamResponses(context, operation, index, writer);
}

grpc::Status ConnectService::StreamResponses(Context* context, const std::shared_ptr<Operation>& operation,
                                             int64_t index, grpc::ServerWriter<grpc::ByteBuffer>* writer) {
  session::RuntimeConf& conf = operation->session()->session.conf();
  ResponseBuffer& responses = operation->responses();
  const bool reattachable = operation->reattachable();
  const int64_t started = NowNanos();
  const int64_t max_ms = conf.GetDurationMs("spark.connect.execute.reattachable.senderMaxStreamDuration", 120'000);
  const int64_t max_bytes = conf.GetBytes("spark.connect.execute.reattachable.senderMaxStreamSize", int64_t{1} << 30);
  const int64_t report_ms = conf.GetDurationMs("spark.connect.progress.reportInterval", 2'000);
  const int64_t consumer = responses.Attach();
  int64_t reported = started, sent_bytes = 0;
  grpc::Status result = grpc::Status::OK;
  bool client_gone = false;
  for (bool more = true; more;) {
    ResponseBuffer::Response response;
    milliseconds wait = kPoll;
    if (report_ms > 0) wait = std::min(wait, milliseconds(report_ms));
    switch (responses.Read(consumer, index, wait, &response)) {
      case ResponseBuffer::ReadResult::kResponse:
        sent_bytes += static_cast<int64_t>(response.bytes.Length());
        // The last one leaves together with the status that follows it.
        more = response.last ? writer->Write(response.bytes, grpc::WriteOptions().set_last_message())
                             : writer->Write(response.bytes);
        client_gone = !more;
        if (more) responses.MarkSent(index++);
        break;
      case ResponseBuffer::ReadResult::kEnd:
        result = responses.final_status();
        more = false;
        break;
      case ResponseBuffer::ReadResult::kDetached:
        result = ToGrpcStatus(Error("INVALID_CURSOR.DISCONNECTED"), nullptr);
        more = false;
        break;
      case ResponseBuffer::ReadResult::kGone:
        result = ToGrpcStatus(Error("INVALID_CURSOR.POSITION_NOT_AVAILABLE",
                                    {{"index", std::to_string(index)}, {"responseId", operation->id()}}),
                              &operation->session()->errors);
        more = false;
        break;
      case ResponseBuffer::ReadResult::kTimeout:
        client_gone = context->IsCancelled();
        more = !client_gone;
        break;
    }
    const int64_t now = NowNanos();
    if (more && report_ms > 0 && now - reported >= report_ms * 1'000'000) {
      reported = now;
      operation->ReportProgress(false);
    }
    // The stream is old or large enough: it ends without result_complete and the client reattaches.
    if (more && reattachable &&
        ((max_ms > 0 && now - started >= max_ms * 1'000'000) || (max_bytes > 0 && sent_bytes >= max_bytes))) {
      more = false;
    }
  }
  responses.Detach(consumer, NowNanos());
  if (!reattachable) {
    if (client_gone) operation->Cancel();
    responses.Close();
    Forget(operation.get());
  }
  return result;
}

grpc::Status ConnectService::ReleaseExecute(Context* context, const Deep<proto::ReleaseExecuteRequest>* request,
                                            proto::ReleaseExecuteResponse* response) {
  const proto::ReleaseExecuteRequest& message = request->message;
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  SetSession(**entry, response);
  std::shared_ptr<Operation> operation = (*entry)->FindOperation(message.operation_id());
  if (operation == nullptr) return grpc::Status::OK;  // released before: nothing to do, as Spark
  if (!operation->reattachable()) return ToGrpcStatus(Error("INVALID_CURSOR.NOT_REATTACHABLE"), &(*entry)->errors);
  response->set_operation_id(operation->id());
  if (message.has_release_until()) {
    if (auto index = operation->responses().IndexOf(message.release_until().response_id())) {
      operation->responses().ReleaseUntil(*index);
    }
    return grpc::Status::OK;
  }
  if (!message.has_release_all()) {
    return ToGrpcStatus(
        Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "ReleaseExecuteRequest"}, {"field", "release"}}),
        &(*entry)->errors);
  }
  Forget(operation.get());
  if (!operation->responses().finished()) operation->Cancel();
  operation->responses().Close();
  return grpc::Status::OK;
}

// --- the other calls --------------------------------------------------------------------------------

grpc::Status ConnectService::AnalyzePlan(Context* context, const Deep<proto::AnalyzePlanRequest>* request,
                                         proto::AnalyzePlanResponse* response) {
  const proto::AnalyzePlanRequest& message = request->message;
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  SetSession(**entry, response);
  Status status;
  if (message.has_spark_version()) {
    status = RunAnalyze(entry->get(), message, response);
  } else {
    (*entry)->session.conf().Seal();
    if (!running_.TryAdd())
      return ToGrpcStatus(
          Error("SERVER_BUSY", {{"limit", std::to_string(options_.max_operations)}, {"what", "concurrent operations"}}),
          nullptr);
    Status ran =
        RunOnDeepThread([&] { status = Contained([&] { return RunAnalyze(entry->get(), message, response); }); });
    running_.Remove();
    if (status.ok()) status = ran;
  }
  std::string sql_text;
  if (message.has_schema() && message.schema().plan().root().has_sql())
    sql_text = message.schema().plan().root().sql().query();
  return ToGrpcStatus(status, &(*entry)->errors, sql_text);
}

grpc::Status ConnectService::Config(Context* context, const Deep<proto::ConfigRequest>* request,
                                    proto::ConfigResponse* response) {
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, request->message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  SetSession(**entry, response);
  return ToGrpcStatus(RunConfig(request->message.operation(), &(*entry)->session.conf(), response), &(*entry)->errors);
}

grpc::Status ConnectService::AddArtifacts(Context* context, grpc::ServerReader<proto::AddArtifactsRequest>* reader,
                                          proto::AddArtifactsResponse* response) {
  proto::AddArtifactsRequest message;
  std::shared_ptr<SessionEntry> entry;
  std::optional<ArtifactReceiver> receiver;
  while (reader->Read(&message)) {
    if (entry == nullptr) {
      Result<std::shared_ptr<SessionEntry>> found = Session(*context, message);
      if (!found.ok()) return ToGrpcStatus(found.status(), nullptr);
      entry = *found;
      SetSession(*entry, response);
      receiver.emplace(&entry->session, response);
    }
    if (Status status = receiver->Add(message); !status.ok()) return ToGrpcStatus(status, &entry->errors);
  }
  if (entry == nullptr) {
    return ToGrpcStatus(
        Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "AddArtifacts"}, {"field", "payload"}}), nullptr);
  }
  return ToGrpcStatus(receiver->Finish(), &entry->errors);
}

grpc::Status ConnectService::ArtifactStatus(Context* context, const Deep<proto::ArtifactStatusesRequest>* request,
                                            proto::ArtifactStatusesResponse* response) {
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, request->message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  SetSession(**entry, response);
  for (const std::string& name : request->message.names()) {
    (*response->mutable_statuses())[name].set_exists((*entry)->session.FindArtifact(name) != nullptr);
  }
  return grpc::Status::OK;
}

grpc::Status ConnectService::Interrupt(Context* context, const Deep<proto::InterruptRequest>* request,
                                       proto::InterruptResponse* response) {
  const proto::InterruptRequest& message = request->message;
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  SetSession(**entry, response);
  for (const auto& operation : (*entry)->AllOperations()) {
    if (operation->state() != Operation::State::kRunning) continue;
    bool wanted = false;
    switch (message.interrupt_type()) {
      case proto::InterruptRequest::INTERRUPT_TYPE_ALL: wanted = true; break;
      case proto::InterruptRequest::INTERRUPT_TYPE_TAG:
        wanted = operation->tags().contains(message.operation_tag());
        break;
      case proto::InterruptRequest::INTERRUPT_TYPE_OPERATION_ID:
        wanted = operation->id() == message.operation_id();
        break;
      default:
        return ToGrpcStatus(
            Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "InterruptRequest"}, {"field", "interrupt_type"}}),
            &(*entry)->errors);
    }
    if (!wanted) continue;
    operation->Cancel();
    response->add_interrupted_ids(operation->id());
  }
  return grpc::Status::OK;
}

grpc::Status ConnectService::ReleaseSession(Context* context, const Deep<proto::ReleaseSessionRequest>* request,
                                            proto::ReleaseSessionResponse* response) {
  const proto::ReleaseSessionRequest& message = request->message;
  if (Status status = Admit(*context); !status.ok()) return ToGrpcStatus(status, nullptr);
  if (!IsUuid(message.session_id())) return ToGrpcStatus(OperationHandle("FORMAT", message.session_id()), nullptr);
  response->set_session_id(message.session_id());
  response->set_server_side_session_id(
      sessions_.Release(message.user_context().user_id(), message.session_id(), message.allow_reconnect()));
  return grpc::Status::OK;
}

grpc::Status ConnectService::FetchErrorDetails(Context* context, const Deep<proto::FetchErrorDetailsRequest>* request,
                                               proto::FetchErrorDetailsResponse* response) {
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, request->message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  SetSession(**entry, response);
  (*entry)->errors.Fill(request->message.error_id(), response);
  return grpc::Status::OK;
}

grpc::Status ConnectService::CloneSession(Context* context, const Deep<proto::CloneSessionRequest>* request,
                                          proto::CloneSessionResponse* response) {
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, request->message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  SetSession(**entry, response);
  Result<std::shared_ptr<SessionEntry>> clone = sessions_.Clone(entry->get(), request->message.new_session_id());
  if (!clone.ok()) return ToGrpcStatus(clone.status(), &(*entry)->errors);
  response->set_new_session_id((*clone)->session.session_id());
  response->set_new_server_side_session_id((*clone)->server_side_id);
  return grpc::Status::OK;
}

grpc::Status ConnectService::GetStatus(Context* context, const Deep<proto::GetStatusRequest>* request,
                                       proto::GetStatusResponse* response) {
  using Status = proto::GetStatusResponse::OperationStatus;
  const proto::GetStatusRequest& message = request->message;
  Result<std::shared_ptr<SessionEntry>> entry = Session(*context, message);
  if (!entry.ok()) return ToGrpcStatus(entry.status(), nullptr);
  SetSession(**entry, response);
  if (!message.has_operation_status()) return grpc::Status::OK;
  std::vector<std::string> ids(message.operation_status().operation_ids().begin(),
                               message.operation_status().operation_ids().end());
  if (ids.empty()) {
    for (const auto& operation : (*entry)->AllOperations()) ids.push_back(operation->id());
  }
  for (const std::string& id : ids) {
    auto* status = response->add_operation_statuses();
    status->set_operation_id(id);
    status->set_state(Status::OPERATION_STATE_UNKNOWN);
    std::shared_ptr<Operation> operation = (*entry)->FindOperation(id);
    if (operation == nullptr) continue;
    switch (operation->state()) {
      case Operation::State::kRunning:
        status->set_state(operation->cancelled() ? Status::OPERATION_STATE_TERMINATING
                                                 : Status::OPERATION_STATE_RUNNING);
        break;
      case Operation::State::kSucceeded: status->set_state(Status::OPERATION_STATE_SUCCEEDED); break;
      case Operation::State::kFailed: status->set_state(Status::OPERATION_STATE_FAILED); break;
      case Operation::State::kCancelled: status->set_state(Status::OPERATION_STATE_CANCELLED); break;
    }
  }
  return grpc::Status::OK;
}

void ConnectService::CancelOperations() {
  streaming_->active.StopAll();
  sessions_.CancelAll();
}

void ConnectService::SweepLoop() {
  const session::RuntimeConf conf(server_->server_conf);
  const int64_t session_ms = conf.GetDurationMs("spark.connect.session.manager.defaultSessionTimeout", 3'600'000);
  const int64_t detached_ms = conf.GetDurationMs("spark.connect.execute.manager.detachedTimeout", 300'000);
  std::unique_lock lock(sweep_mutex_);
  while (!sweep_changed_.wait_for(lock, kSweepInterval, [&] { return stopping_; })) {
    lock.unlock();
    sessions_.Sweep(NowNanos(), session_ms, detached_ms);
    lock.lock();
  }
}

}  // namespace deltic::spark::connect
