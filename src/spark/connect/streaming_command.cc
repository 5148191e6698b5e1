#include "spark/connect/streaming_command.h"

#include <algorithm>

#include "spark/connect/decoder.h"
#include "spark/connect/operation.h"
#include "spark/connect/session_registry.h"
#include "spark/errors/conditions.h"
#include "spark/streaming/query_progress.h"
#include "spark/streaming/start_query.h"

namespace deltic::spark::connect {
namespace {

using streaming::StreamingQuery;
using QueryPtr = std::shared_ptr<StreamingQuery>;

constexpr char kBusListener[] = "client-listener-bus";
constexpr std::chrono::milliseconds kEventPoll{100};

std::shared_ptr<session::Session> SessionOf(Operation* operation) {
  return {operation->session(), &operation->session()->session};
}

void SetId(const StreamingQuery& query, proto::StreamingQueryInstanceId* out) {
  out->set_id(query.id());
  out->set_run_id(query.run_id());
}

std::shared_ptr<const engine::PythonFunction> PythonOf(const proto::StreamingForeachFunction& message,
                                                       const char* name) {
  auto function = std::make_shared<engine::PythonFunction>();
  function->name = name;
  function->command = message.python_function().command();
  function->python_version = message.python_function().python_ver();
  return function;
}

Result<streaming::Trigger> TriggerOf(const proto::WriteStreamOperationStart& message) {
  using Kind = proto::WriteStreamOperationStart::TriggerCase;
  streaming::Trigger trigger;
  switch (message.trigger_case()) {
    case Kind::kProcessingTimeInterval: return streaming::ProcessingTime(message.processing_time_interval());
    case Kind::kAvailableNow: trigger.kind = streaming::Trigger::Kind::kAvailableNow; return trigger;
    case Kind::kOnce: trigger.kind = streaming::Trigger::Kind::kOnce; return trigger;
    case Kind::kContinuousCheckpointInterval: return Unsupported("the continuous trigger of streaming queries");
    case Kind::TRIGGER_NOT_SET: return trigger;
    default: return Unsupported("the real-time trigger of streaming queries");
  }
}

}  // namespace

Status RunWriteStream(Operation* operation, const proto::WriteStreamOperationStart& message) {
  const auto session = SessionOf(operation);
  if (!message.has_input()) {
    return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "WriteStreamOperationStart"}, {"field", "input"}});
  }
  Decoder decoder(session.get());
  streaming::StreamWrite write;
  ASSIGN_OR_RETURN(write.input, decoder.DecodeRelation(message.input()));
  write.format = types::ToLower(message.format());
  write.output_mode = message.output_mode();
  write.query_name = message.query_name();
  write.path = message.path();
  write.table = message.table_name();
  write.options.assign(message.options().begin(), message.options().end());
  std::sort(write.options.begin(), write.options.end());
  write.partition_by.assign(message.partitioning_column_names().begin(), message.partitioning_column_names().end());
  write.cluster_by.assign(message.clustering_column_names().begin(), message.clustering_column_names().end());
  ASSIGN_OR_RETURN(write.trigger, TriggerOf(message));
  if (message.has_foreach_batch() || message.has_foreach_writer()) {
    const auto& function = message.has_foreach_batch() ? message.foreach_batch() : message.foreach_writer();
    if (!function.has_python_function()) return Unsupported("Scala functions of streaming queries");
    if (message.has_foreach_batch()) {
      write.foreach_batch = PythonOf(function, "foreachBatch");
    } else {
      write.foreach_row = PythonOf(function, "foreach");
    }
  }
  streaming::StreamingQueryManager* manager = operation->session()->streams.get();
  ASSIGN_OR_RETURN(const QueryPtr query,
                   streaming::StartQuery(session, manager, std::move(write), operation->interrupted()));
  proto::ExecutePlanResponse response;
  auto* result = response.mutable_write_stream_operation_start_result();
  SetId(*query, result->mutable_query_id());
  result->set_name(query->name());
  result->set_query_started_event_json(
      streaming::StartedEventJson(query->id(), query->run_id(), query->name(), session->server()->clock->NowMillis()));
  return operation->Send(&response);
}

Status RunStreamingQuery(Operation* operation, const proto::StreamingQueryCommand& message) {
  using Kind = proto::StreamingQueryCommand::CommandCase;
  const proto::StreamingQueryInstanceId& id = message.query_id();
  const QueryPtr query = operation->session()->streams->Find(id.id(), id.run_id());
  if (query == nullptr) {
    return Error("_STREAMING_STATE", {},
                 "Streaming query with id " + id.id() + " and run id " + id.run_id() + " is not found in the session.");
  }
  proto::ExecutePlanResponse response;
  auto* result = response.mutable_streaming_query_command_result();
  SetId(*query, result->mutable_query_id());
  switch (message.command_case()) {
    case Kind::kStatus: {
      const streaming::QueryStatus status = query->status();
      auto* out = result->mutable_status();
      out->set_status_message(status.message);
      out->set_is_data_available(status.data_available);
      out->set_is_trigger_active(status.trigger_active);
      out->set_is_active(status.active);
      break;
    }
    case Kind::kLastProgress: {
      auto* out = result->mutable_recent_progress();
      if (const auto last = query->LastProgress()) out->add_recent_progress_json(*last);
      break;
    }
    case Kind::kRecentProgress: {
      auto* out = result->mutable_recent_progress();
      for (const std::string& progress : query->RecentProgress()) out->add_recent_progress_json(progress);
      break;
    }
    case Kind::kStop:
      query->RequestStop();
      RETURN_IF_ERROR(query->AwaitEnd(-1, operation->interrupted()).status());
      break;
    case Kind::kProcessAllAvailable: RETURN_IF_ERROR(query->ProcessAllAvailable(operation->interrupted())); break;
    case Kind::kExplain: result->mutable_explain()->set_result(query->Explain(message.explain().extended())); break;
    case Kind::kException: {
      auto* out = result->mutable_exception();
      if (const auto failed = query->exception()) {
        out->set_exception_message("org.apache.spark.sql.streaming.StreamingQueryException: " +
                                   errors::Render(query->cause()).message + "\n" + query->DebugText());
        out->set_error_class(failed->condition());
      }
      break;
    }
    case Kind::kAwaitTermination: {
      const auto& await = message.await_termination();
      ASSIGN_OR_RETURN(const bool ended, query->AwaitTermination(await.has_timeout_ms() ? await.timeout_ms() : -1,
                                                                 operation->interrupted()));
      result->mutable_await_termination()->set_terminated(ended);
      break;
    }
    default:
      return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "StreamingQueryCommand"}, {"field", "command"}});
  }
  return operation->Send(&response);
}

Status RunStreamingManager(Operation* operation, const proto::StreamingQueryManagerCommand& message) {
  using Kind = proto::StreamingQueryManagerCommand::CommandCase;
  streaming::StreamingQueryManager* manager = operation->session()->streams.get();
  proto::ExecutePlanResponse response;
  auto* result = response.mutable_streaming_query_manager_command_result();
  const auto describe = [](const StreamingQuery& query,
                           proto::StreamingQueryManagerCommandResult::StreamingQueryInstance* out) {
    SetId(query, out->mutable_id());
    if (!query.name().empty()) out->set_name(query.name());
  };
  switch (message.command_case()) {
    case Kind::kActive: {
      auto* out = result->mutable_active();
      for (const QueryPtr& query : manager->Active()) describe(*query, out->add_active_queries());
      break;
    }
    case Kind::kGetQuery: {
      const QueryPtr query = manager->Find(message.get_query(), "");
      if (query != nullptr) describe(*query, result->mutable_query());
      break;
    }
    case Kind::kAwaitAnyTermination: {
      const auto& await = message.await_any_termination();
      ASSIGN_OR_RETURN(const bool ended,
                       manager->AwaitAny(await.has_timeout_ms() ? await.timeout_ms() : -1, operation->interrupted()));
      result->mutable_await_any_termination()->set_terminated(ended);
      break;
    }
    case Kind::kResetTerminated:
      manager->ResetTerminated();
      result->set_reset_terminated(true);
      break;
    case Kind::kAddListener:
    case Kind::kRemoveListener: return Unsupported("streaming query listeners of PySpark 3.5's Spark Connect client");
    case Kind::kListListeners: result->mutable_list_listeners(); break;
    default:
      return Error("CONNECT_INVALID_PLAN.MISSING_FIELD",
                   {{"message", "StreamingQueryManagerCommand"}, {"field", "command"}});
  }
  return operation->Send(&response);
}

Status RunListenerBus(Operation* operation, const proto::StreamingQueryListenerBusCommand& message) {
  streaming::ListenerBus* bus = operation->session()->streams->bus().get();
  if (message.remove_listener_bus_listener()) {
    bus->Unsubscribe(kBusListener);
    return Status::Ok();
  }
  const auto queue = bus->Subscribe(kBusListener);
  proto::ExecutePlanResponse added;
  added.mutable_streaming_query_listener_events_result()->set_listener_bus_listener_added(true);
  RETURN_IF_ERROR(operation->Send(&added));
  while (!queue->closed()) {
    if (operation->cancelled()) {
      bus->Unsubscribe(kBusListener);
      return Error("OPERATION_CANCELED", {}, "Operation has been canceled.");
    }
    const auto event = queue->Next(kEventPoll);
    // Clients make the started event themselves, from the answer to the start.
    if (!event.has_value() || event->kind == streaming::EventKind::kStarted) continue;
    proto::ExecutePlanResponse response;
    auto* out = response.mutable_streaming_query_listener_events_result()->add_events();
    out->set_event_json(event->json);
    out->set_event_type(event->kind == streaming::EventKind::kProgress     ? proto::QUERY_PROGRESS_EVENT
                        : event->kind == streaming::EventKind::kTerminated ? proto::QUERY_TERMINATED_EVENT
                                                                           : proto::QUERY_IDLE_EVENT);
    RETURN_IF_ERROR(operation->Send(&response));
  }
  return Status::Ok();
}

}  // namespace deltic::spark::connect
