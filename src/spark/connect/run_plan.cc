#include "spark/connect/run_plan.h"

#include <algorithm>

#include "base/random.h"
#include "spark/command/execute.h"
#include "spark/connect/arrow_stream.h"
#include "spark/connect/decoder.h"
#include "spark/connect/operation.h"
#include "spark/connect/session_registry.h"
#include "spark/connect/streaming_command.h"

namespace deltic::spark::connect {
namespace {

using engine::RelPtr;

// Rows that a SQL command returns travel inside the reply and come back with the next request.
constexpr int64_t kMaxCommandRowsBytes = int64_t{64} << 20;

// Interrupts `stream` when the operation is cancelled, as long as this lives.
class StreamScope {
 public:
  StreamScope(Operation* operation, engine::ResultStream* stream) : operation_(operation) {
    operation_->SetStream(stream);
  }
  ~StreamScope() { operation_->SetStream(nullptr); }
  StreamScope(const StreamScope&) = delete;
  StreamScope& operator=(const StreamScope&) = delete;

 private:
  Operation* operation_;
};

// What the client allows for batches larger than one message.
int64_t ChunkSize(const proto::ExecutePlanRequest& request) {
  for (const auto& option : request.request_options()) {
    const auto& chunking = option.result_chunking_options();
    if (option.has_result_chunking_options() && chunking.allow_arrow_batch_chunking()) {
      constexpr int64_t kDefault = int64_t{64} << 20;
      constexpr int64_t kLeast = 1024;
      return chunking.has_preferred_arrow_chunk_size() ? std::max(kLeast, chunking.preferred_arrow_chunk_size())
                                                       : kDefault;
    }
  }
  return 0;
}

// Sends a result's batches. The schema goes with the first of them: a client then has one response to read and to
// release where a message for the schema alone would cost it another, and it can do nothing with a schema before the
// rows.
class BatchSender {
 public:
  BatchSender(Operation* operation, const RelPtr& rows)
      : operation_(operation), chunk_size_(ChunkSize(operation->request())) {
    EncodeType(resolve::SchemaOf(*rows), first_.mutable_schema());
  }

  // `ipc`: a whole Arrow stream with one batch of `rows` rows. Cut into chunks where the client allows it.
  Status Send(std::string ipc, int64_t rows) {
    const auto size = static_cast<int64_t>(ipc.size());
    const int64_t chunks = chunk_size_ <= 0 || size <= chunk_size_ ? 1 : (size + chunk_size_ - 1) / chunk_size_;
    for (int64_t i = 0; i < chunks; i++) {
      proto::ExecutePlanResponse response = std::exchange(first_, {});
      auto* batch = response.mutable_arrow_batch();
      batch->set_row_count(rows);
      batch->set_start_offset(rows_);
      if (chunks > 1) {
        batch->set_chunk_index(i);
        batch->set_num_chunks_in_batch(chunks);
        batch->set_data(ipc.substr(static_cast<size_t>(i * chunk_size_), static_cast<size_t>(chunk_size_)));
      } else {
        batch->set_data(std::move(ipc));
      }
      RETURN_IF_ERROR(operation_->Send(&response));
    }
    rows_ += rows;
    bytes_ += size;
    return Status::Ok();
  }

  // What a result without rows sends. `schema`: an Arrow stream without batches.
  Status SendEmpty(std::string_view schema) {
    ASSIGN_OR_RETURN(std::string empty, WithEmptyBatch(schema));
    RETURN_IF_ERROR(Send(std::move(empty), 0));
    bytes_ = 0;
    return Status::Ok();
  }

  bool any() const { return !first_.has_schema(); }
  int64_t rows() const { return rows_; }
  int64_t bytes() const { return bytes_; }

 private:
  Operation* operation_;
  const int64_t chunk_size_;
  proto::ExecutePlanResponse first_;  // has the schema until it is sent
  int64_t rows_ = 0, bytes_ = 0;
};

Status SendMetrics(Operation* operation, int64_t rows, int64_t bytes, int64_t started_nanos) {
  proto::ExecutePlanResponse response;
  auto* metric = response.mutable_metrics()->add_metrics();
  metric->set_name("Query");
  auto add = [&](const char* key, const char* name, int64_t value, const char* type) {
    auto& slot = (*metric->mutable_execution_metrics())[key];
    slot.set_name(name);
    slot.set_value(value);
    slot.set_metric_type(type);
  };
  const int64_t now = operation->session()->session.server()->clock->MonotonicNanos();
  add("numOutputRows", "number of output rows", rows, "sum");
  add("outputBytes", "size of Arrow data", bytes, "size");
  add("duration", "duration", (now - started_nanos) / 1'000'000, "timing");
  return operation->Send(&response);
}

Status SendObserved(Operation* operation, const command::ResolvedQuery& query) {
  if (query.observed.empty()) return Status::Ok();
  proto::ExecutePlanResponse response;
  for (const auto& [name, relation] : query.observed) {
    engine::Engine* engine = operation->session()->session.server()->engine;
    ASSIGN_OR_RETURN(auto rows, engine->Collect(relation, query.options, 1));
    auto* observed = response.add_observed_metrics();
    observed->set_name(name);
    for (size_t i = 0; i < relation->output.size() && !rows.empty(); i++) {
      observed->add_keys(relation->output[i].name);
      EncodeLiteral(rows[0][i], relation->output[i].type, observed->add_values());
    }
  }
  return operation->Send(&response);
}

// The result of a command that returns nothing: no columns, no rows, no engine query.
bool HasNoColumns(const engine::Rel& relation) {
  return relation.kind == engine::RelKind::kValues && relation.output.empty() &&
         relation.As<engine::ValuesRel>().rows.empty();
}

Status RunRelation(Operation* operation, const plan::RelationPtr& relation) {
  session::Session* session = &operation->session()->session;
  const int64_t started = session->server()->clock->MonotonicNanos();
  ASSIGN_OR_RETURN(command::ResolvedQuery query,
                   command::ResolveQuery(session, relation, false, operation->interrupted()));
  RETURN_IF_ERROR(command::ReadKept(session, &query));
  BatchSender sender(operation, query.plan);
  if (HasNoColumns(*query.plan)) {
    RETURN_IF_ERROR(sender.SendEmpty(EmptySchemaStream()));
    return SendMetrics(operation, 0, 0, started);
  }
  query.options.large_strings |= session->conf().GetBool("spark.sql.execution.arrow.useLargeVarTypes", false);
  ASSIGN_OR_RETURN(auto stream, session->server()->engine->Execute(query.plan, query.options));
  StreamScope scope(operation, stream.get());
  while (true) {
    int64_t rows = 0;
    ASSIGN_OR_RETURN(std::string batch, stream->NextBatchIpc(&rows));
    if (batch.empty()) break;
    RETURN_IF_ERROR(sender.Send(std::move(batch), rows));
  }
  if (!sender.any()) {
    ASSIGN_OR_RETURN(const std::string schema, stream->SchemaIpc());
    RETURN_IF_ERROR(sender.SendEmpty(schema));
  }
  operation->ReportProgress(true);
  RETURN_IF_ERROR(SendMetrics(operation, sender.rows(), sender.bytes(), started));
  return SendObserved(operation, query);
}

// DataFrames that the SQL text of a 4.x client names, visible as views while the statement is checked or run.
class ReferenceViews {
 public:
  explicit ReferenceViews(session::Session* session) : session_(session) {}
  ~ReferenceViews() {
    for (const std::string& name : names_) session_->DropView(name);
  }
  ReferenceViews(const ReferenceViews&) = delete;
  ReferenceViews& operator=(const ReferenceViews&) = delete;

  Status Add(Decoder* decoder, const proto::WithRelations& message) {
    for (const auto& reference : message.references()) {
      if (!reference.has_subquery_alias()) continue;
      const std::string& name = reference.subquery_alias().alias();
      ASSIGN_OR_RETURN(plan::RelationPtr relation, decoder->DecodeRelation(reference.subquery_alias().input()));
      RETURN_IF_ERROR(session_->PutView(name, resolve::TempView{std::move(relation), session_->views(), {}}, false));
      names_.push_back(name);
    }
    return Status::Ok();
  }

 private:
  session::Session* session_;
  std::vector<std::string> names_;
};

// The relation that stands for a command's rows from now on, so that the command runs once.
Status FillLocalRelation(Operation* operation, const RelPtr& rows, proto::LocalRelation* out) {
  out->set_schema(resolve::SchemaOf(*rows).Json());
  if (HasNoColumns(*rows)) return Status::Ok();
  ASSIGN_OR_RETURN(CollectedRows collected, CollectIpc(operation, rows, kMaxCommandRowsBytes));
  out->set_data(std::move(collected.ipc_stream));
  return Status::Ok();
}

// 3.5 clients put the parameters of SQL text into fields that 4.x deprecates.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
void CopySql(const proto::SqlCommand& command, proto::SQL* out) {
  out->set_query(command.sql());
  *out->mutable_args() = command.args();
  *out->mutable_pos_args() = command.pos_args();
  *out->mutable_named_arguments() = command.named_arguments();
  *out->mutable_pos_arguments() = command.pos_arguments();
}
#pragma GCC diagnostic pop

Status RunSql(Operation* operation, const proto::SqlCommand& message) {
  session::Session* session = &operation->session()->session;
  Decoder decoder(session);
  ReferenceViews views(session);
  std::shared_ptr<plan::SqlText> sql;
  const proto::Relation& input = message.input();
  if (!message.has_input()) {
    ASSIGN_OR_RETURN(sql, decoder.DecodeSqlCommand(message));
  } else if (input.has_sql()) {
    ASSIGN_OR_RETURN(sql, decoder.DecodeSql(input.sql()));
  } else if (input.has_with_relations() && input.with_relations().root().has_sql()) {
    decoder.AddReferences(input.with_relations());
    RETURN_IF_ERROR(views.Add(&decoder, input.with_relations()));
    ASSIGN_OR_RETURN(sql, decoder.DecodeSql(input.with_relations().root().sql()));
  } else {
    return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "SqlCommand"}, {"field", "input.sql"}});
  }
  operation->set_sql_text(sql->query);
  ASSIGN_OR_RETURN(command::SqlResult result, command::ExecuteSql(session, *sql, operation->interrupted()));
  proto::ExecutePlanResponse response;
  proto::Relation* relation = response.mutable_sql_command_result()->mutable_relation();
  if (result.rows) {
    RETURN_IF_ERROR(FillLocalRelation(operation, *result.rows, relation->mutable_local_relation()));
  } else if (message.has_input()) {
    *relation = input;
  } else {
    CopySql(message, relation->mutable_sql());
  }
  return operation->Send(&response);
}

// checkpoint() and localCheckpoint(): the rows are kept under an id that the client uses from then on.
Status RunCheckpoint(Operation* operation, const proto::CheckpointCommand& message) {
  session::Session* session = &operation->session()->session;
  Decoder decoder(session);
  ASSIGN_OR_RETURN(plan::RelationPtr relation, decoder.DecodeRelation(message.relation()));
  ASSIGN_OR_RETURN(command::ResolvedQuery query,
                   command::ResolveQuery(session, relation, false, operation->interrupted()));
  RETURN_IF_ERROR(command::ReadKept(session, &query));
  ASSIGN_OR_RETURN(RelPtr kept, session->server()->engine->Materialize(query.plan, query.options));
  const std::string id = Random::System()->Uuid();
  session->PutRemote(id, std::move(kept));
  proto::ExecutePlanResponse response;
  response.mutable_checkpoint_command_result()->mutable_relation()->set_relation_id(id);
  return operation->Send(&response);
}

Status RunCommandPlan(Operation* operation, const proto::Command& message) {
  session::Session* session = &operation->session()->session;
  switch (message.command_type_case()) {
    case proto::Command::kSqlCommand: return RunSql(operation, message.sql_command());
    case proto::Command::kCheckpointCommand: return RunCheckpoint(operation, message.checkpoint_command());
    case proto::Command::kRemoveCachedRemoteRelationCommand:
      session->DropRemote(message.remove_cached_remote_relation_command().relation().relation_id());
      return Status::Ok();
    case proto::Command::kWriteStreamOperationStart:
      return RunWriteStream(operation, message.write_stream_operation_start());
    case proto::Command::kStreamingQueryCommand: return RunStreamingQuery(operation, message.streaming_query_command());
    case proto::Command::kStreamingQueryManagerCommand:
      return RunStreamingManager(operation, message.streaming_query_manager_command());
    case proto::Command::kStreamingQueryListenerBusCommand:
      return RunListenerBus(operation, message.streaming_query_listener_bus_command());
    case proto::Command::kGetResourcesCommand: {
      proto::ExecutePlanResponse response;
      response.mutable_get_resources_command_result();
      return operation->Send(&response);
    }
    default: break;
  }
  Decoder decoder(session);
  ASSIGN_OR_RETURN(plan::CommandPtr command, decoder.DecodeCommand(message));
  return command::ExecuteCommand(session, *command, operation->interrupted()).status();
}

}  // namespace

Result<CollectedRows> CollectIpc(Operation* operation, const RelPtr& relation, int64_t max_bytes) {
  session::Session* session = &operation->session()->session;
  engine::QueryOptions options;
  options.time_zone = session->conf().GetString("spark.sql.session.timeZone", "UTC");
  options.interrupted = operation->interrupted();
  ASSIGN_OR_RETURN(auto stream, session->server()->engine->Execute(relation, options));
  StreamScope scope(operation, stream.get());
  CollectedRows out;
  std::vector<std::shared_ptr<const std::string>> batches;
  int64_t bytes = 0;
  while (true) {
    int64_t rows = 0;
    ASSIGN_OR_RETURN(std::string batch, stream->NextBatchIpc(&rows));
    if (batch.empty()) break;
    out.rows += rows;
    bytes += static_cast<int64_t>(batch.size());
    if (bytes > max_bytes) {
      return Error("SERVER_BUSY", {{"limit", std::to_string(max_bytes)}, {"what", "bytes for the rows of a command"}});
    }
    batches.push_back(std::make_shared<const std::string>(std::move(batch)));
  }
  if (batches.empty()) {
    ASSIGN_OR_RETURN(out.ipc_stream, stream->SchemaIpc());
    return out;
  }
  ASSIGN_OR_RETURN(auto joined, ConcatenateStreams(batches));
  out.ipc_stream = *joined;
  return out;
}

Status RunPlan(Operation* operation) {
  const proto::Plan& plan = operation->request().plan();
  switch (plan.op_type_case()) {
    case proto::Plan::kRoot: {
      if (plan.root().has_sql()) operation->set_sql_text(plan.root().sql().query());
      Decoder decoder(&operation->session()->session);
      ASSIGN_OR_RETURN(plan::RelationPtr relation, decoder.DecodeRelation(plan.root()));
      return RunRelation(operation, relation);
    }
    case proto::Plan::kCommand: return RunCommandPlan(operation, plan.command());
    case proto::Plan::kCompressedOperation:
      return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "compressed plans are not supported"}});
    case proto::Plan::OP_TYPE_NOT_SET: break;
  }
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "Plan"}, {"field", "op_type"}});
}

}  // namespace deltic::spark::connect
