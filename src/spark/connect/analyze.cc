#include "spark/connect/analyze.h"

#include <algorithm>
#include <functional>
#include <set>

#include "engine/plan/file_source.h"
#include "spark/command/execute.h"
#include "spark/connect/decoder.h"
#include "spark/connect/session_registry.h"
#include "spark/resolve/canonical_plan.h"
#include "spark/resolve/resolver.h"
#include "spark/resolve/tree.h"
#include "spark/sql/parser.h"
#include "spark/streaming/stream_plan.h"
#include "storage/object_store.h"

namespace deltic::spark::connect {
namespace {

using engine::RelPtr;

// Resolves the relation of a plan for analysis; a command has no schema.
Result<command::ResolvedQuery> Resolve(SessionEntry* entry, const proto::Relation& relation) {
  Decoder decoder(&entry->session);
  ASSIGN_OR_RETURN(plan::RelationPtr decoded, decoder.DecodeRelation(relation));
  return command::ResolveQuery(&entry->session, decoded, true);
}

Result<command::ResolvedQuery> Resolve(SessionEntry* entry, const proto::Plan& plan) {
  if (!plan.has_root()) {
    return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "Plan"}, {"field", "root"}});
  }
  return Resolve(entry, plan.root());
}

// Visits every relation of a resolved plan; explicit stack, so depth does not matter.
void Visit(const RelPtr& root, const std::function<void(const engine::Rel&)>& visitor) {
  std::vector<RelPtr> pending = {root};
  while (!pending.empty()) {
    RelPtr rel = std::move(pending.back());
    pending.pop_back();
    if (rel == nullptr) continue;
    visitor(*rel);
    for (const RelPtr& child : resolve::ChildrenOf(*rel)) pending.push_back(child);
  }
}

// The plan as the client sent it: the kind of each relation, inputs below it. Depth is bounded.
void AppendSent(const google::protobuf::Message& relation, int depth, std::string* out) {
  constexpr int kMaxShown = 100;
  const auto* reflection = relation.GetReflection();
  const auto* kind =
      reflection->GetOneofFieldDescriptor(relation, relation.GetDescriptor()->FindOneofByName("rel_type"));
  if (kind == nullptr) return;
  *out += std::string(static_cast<size_t>(depth) * 3, ' ') + (depth == 0 ? "'" : "+- '") + kind->name() + "\n";
  if (depth == kMaxShown || kind->message_type() == nullptr) return;
  const auto& body = reflection->GetMessage(relation, kind);
  for (int i = 0; i < body.GetDescriptor()->field_count(); i++) {
    const auto* field = body.GetDescriptor()->field(i);
    if (field->message_type() != relation.GetDescriptor() || field->is_repeated()) continue;
    if (body.GetReflection()->HasField(body, field))
      AppendSent(body.GetReflection()->GetMessage(body, field), depth + 1, out);
  }
}

Status Explain(SessionEntry* entry, const proto::AnalyzePlanRequest::Explain& request, std::string* out) {
  using Mode = proto::AnalyzePlanRequest::Explain;
  ASSIGN_OR_RETURN(command::ResolvedQuery query, Resolve(entry, request.plan()));
  // The engine has no plan for a stream; its batches have.
  std::string physical = resolve::PlanTree(*query.plan);
  if (!streaming::IsStreaming(*query.plan)) {
    ASSIGN_OR_RETURN(physical, entry->session.server()->engine->Explain(query.plan, query.options));
  }
  while (!physical.empty() && physical.back() == '\n') physical.pop_back();
  switch (request.explain_mode()) {
    case Mode::EXPLAIN_MODE_EXTENDED: {
      const std::string logical = resolve::PlanTree(*query.plan);
      std::string sent;
      AppendSent(request.plan().root(), 0, &sent);
      *out = "== Parsed Logical Plan ==\n" + sent + "\n== Analyzed Logical Plan ==\n" +
             resolve::ColumnList(*query.plan) + "\n" + logical + "\n== Optimized Logical Plan ==\n" + logical +
             "\n== Physical Plan ==\n" + physical + "\n";
      break;
    }
    case Mode::EXPLAIN_MODE_CODEGEN:
      *out = "Found 0 WholeStageCodegen subtrees.\n\n== Physical Plan ==\n" + physical + "\n";
      break;
    case Mode::EXPLAIN_MODE_COST:
      *out = "== Optimized Logical Plan ==\n" + resolve::PlanTree(*query.plan) + "\n== Physical Plan ==\n" + physical +
             "\n";
      break;
    case Mode::EXPLAIN_MODE_SIMPLE:
    case Mode::EXPLAIN_MODE_FORMATTED: *out = "== Physical Plan ==\n" + physical + "\n"; break;
    default: return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "Explain"}, {"field", "explain_mode"}});
  }
  return Status::Ok();
}

Status InputFiles(SessionEntry* entry, const proto::Plan& plan, proto::AnalyzePlanResponse::InputFiles* out) {
  ASSIGN_OR_RETURN(command::ResolvedQuery query, Resolve(entry, plan));
  std::set<std::string> files;
  Status status;
  Visit(query.plan, [&](const engine::Rel& rel) {
    if (rel.kind != engine::RelKind::kFiles || !status.ok()) return;
    const auto list = engine::FilesOf(rel.As<engine::FilesRel>());
    status = list.status();
    if (!status.ok()) return;
    for (const engine::ScanFile& file : **list) {
      // Spark shows local files as URIs.
      files.insert(file.path.starts_with('/') ? "file://" + file.path : storage::DisplayOfNative(file.path));
    }
  });
  RETURN_IF_ERROR(status);
  for (const std::string& file : files) out->add_files(file);
  return Status::Ok();
}

Status RunIsStreaming(SessionEntry* entry, const proto::Plan& plan, bool* out) {
  ASSIGN_OR_RETURN(const command::ResolvedQuery query, Resolve(entry, plan));
  *out = streaming::IsStreaming(*query.plan);
  return Status::Ok();
}

Status RunPersist(SessionEntry* entry, const proto::AnalyzePlanRequest::Persist& request) {
  ASSIGN_OR_RETURN(const command::ResolvedQuery query, Resolve(entry, request.relation()));
  session::StorageLevel level;
  if (request.has_storage_level()) {
    const proto::StorageLevel& asked = request.storage_level();
    level = {asked.use_disk(), asked.use_memory(), asked.use_off_heap(), asked.deserialized(), asked.replication()};
  }
  entry->session.cache().Persist(query.plan, query.now_micros, level);
  return Status::Ok();
}

Status RunUnpersist(SessionEntry* entry, const proto::AnalyzePlanRequest::Unpersist& request) {
  ASSIGN_OR_RETURN(const command::ResolvedQuery query, Resolve(entry, request.relation()));
  entry->session.cache().Unpersist(query.plan, query.now_micros);
  return Status::Ok();
}

Status RunStorageLevel(SessionEntry* entry, const proto::AnalyzePlanRequest::GetStorageLevel& request,
                       proto::StorageLevel* out) {
  ASSIGN_OR_RETURN(const command::ResolvedQuery query, Resolve(entry, request.relation()));
  const auto found = entry->session.cache().Find(query.plan, query.now_micros);
  const session::StorageLevel level = found.value_or(session::StorageLevel{false, false, false, false, 1});
  out->set_use_disk(level.use_disk);
  out->set_use_memory(level.use_memory);
  out->set_use_off_heap(level.use_off_heap);
  out->set_deserialized(level.deserialized);
  out->set_replication(level.replication);
  return Status::Ok();
}

// "name TYPE NOT NULL COMMENT 'text', …" as StructType.toDDL.
std::string ToDdl(const types::DataType& schema) {
  std::string out;
  for (const types::StructField& field : schema.fields()) {
    if (!out.empty()) out += ",";
    out += types::QuoteIfNeeded(field.name) + " " + field.type.Sql();
    if (!field.nullable) out += " NOT NULL";
    const std::string comment = field.MetadataString("comment");
    if (!comment.empty()) {
      out += " COMMENT '";
      for (char c : comment) out += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
      out += "'";
    }
  }
  return out;
}

Status RunSchema(SessionEntry* entry, const proto::Plan& plan, proto::DataType* out) {
  ASSIGN_OR_RETURN(command::ResolvedQuery query, Resolve(entry, plan));
  EncodeType(resolve::SchemaOf(*query.plan), out);
  return Status::Ok();
}

Status RunTreeString(SessionEntry* entry, const proto::AnalyzePlanRequest::TreeString& request, std::string* out) {
  ASSIGN_OR_RETURN(command::ResolvedQuery query, Resolve(entry, request.plan()));
  *out = types::TreeString(resolve::SchemaOf(*query.plan), request.has_level() ? request.level() : -1);
  return Status::Ok();
}

Status RunSameSemantics(SessionEntry* entry, const proto::AnalyzePlanRequest::SameSemantics& request, bool* out) {
  ASSIGN_OR_RETURN(command::ResolvedQuery target, Resolve(entry, request.target_plan()));
  ASSIGN_OR_RETURN(command::ResolvedQuery other, Resolve(entry, request.other_plan()));
  *out = resolve::CanonicalPlan(*target.plan) == resolve::CanonicalPlan(*other.plan);
  return Status::Ok();
}

Status RunSemanticHash(SessionEntry* entry, const proto::Plan& plan, int32_t* out) {
  ASSIGN_OR_RETURN(command::ResolvedQuery query, Resolve(entry, plan));
  uint32_t hash = 17;
  for (char c : resolve::CanonicalPlan(*query.plan)) hash = hash * 31 + static_cast<unsigned char>(c);
  *out = static_cast<int32_t>(hash);
  return Status::Ok();
}

// Plans without files, tables or shuffles that Spark answers without a job.
Status RunIsLocal(SessionEntry* entry, const proto::Plan& plan, bool* out) {
  ASSIGN_OR_RETURN(command::ResolvedQuery query, Resolve(entry, plan));
  *out = query.plan->kind == engine::RelKind::kValues || query.plan->kind == engine::RelKind::kArrow;
  return Status::Ok();
}

}  // namespace

Status RunAnalyze(SessionEntry* entry, const proto::AnalyzePlanRequest& request, proto::AnalyzePlanResponse* out) {
  using Kind = proto::AnalyzePlanRequest::AnalyzeCase;
  switch (request.analyze_case()) {
    case Kind::kSchema: return RunSchema(entry, request.schema().plan(), out->mutable_schema()->mutable_schema());
    case Kind::kExplain: return Explain(entry, request.explain(), out->mutable_explain()->mutable_explain_string());
    case Kind::kTreeString:
      return RunTreeString(entry, request.tree_string(), out->mutable_tree_string()->mutable_tree_string());
    case Kind::kIsLocal: {
      bool is_local = false;
      RETURN_IF_ERROR(RunIsLocal(entry, request.is_local().plan(), &is_local));
      out->mutable_is_local()->set_is_local(is_local);
      return Status::Ok();
    }
    case Kind::kIsStreaming: {
      bool is_streaming = false;
      RETURN_IF_ERROR(RunIsStreaming(entry, request.is_streaming().plan(), &is_streaming));
      out->mutable_is_streaming()->set_is_streaming(is_streaming);
      return Status::Ok();
    }
    case Kind::kInputFiles: return InputFiles(entry, request.input_files().plan(), out->mutable_input_files());
    case Kind::kSparkVersion:
      out->mutable_spark_version()->set_version(entry->session.server()->spark_version);
      return Status::Ok();
    case Kind::kDdlParse: {
      ASSIGN_OR_RETURN(types::DataType type, sql::ParseSchemaString(request.ddl_parse().ddl_string()));
      EncodeType(type, out->mutable_ddl_parse()->mutable_parsed());
      return Status::Ok();
    }
    case Kind::kSameSemantics: {
      bool same = false;
      RETURN_IF_ERROR(RunSameSemantics(entry, request.same_semantics(), &same));
      out->mutable_same_semantics()->set_result(same);
      return Status::Ok();
    }
    case Kind::kSemanticHash: {
      int32_t hash = 0;
      RETURN_IF_ERROR(RunSemanticHash(entry, request.semantic_hash().plan(), &hash));
      out->mutable_semantic_hash()->set_result(hash);
      return Status::Ok();
    }
    case Kind::kPersist: out->mutable_persist(); return RunPersist(entry, request.persist());
    case Kind::kUnpersist: out->mutable_unpersist(); return RunUnpersist(entry, request.unpersist());
    case Kind::kGetStorageLevel:
      return RunStorageLevel(entry, request.get_storage_level(),
                             out->mutable_get_storage_level()->mutable_storage_level());
    case Kind::kJsonToDdl: {
      ASSIGN_OR_RETURN(types::DataType type, types::DataType::FromJson(request.json_to_ddl().json_string()));
      out->mutable_json_to_ddl()->set_ddl_string(type.Is(types::TypeId::kStruct) ? ToDdl(type) : type.Sql());
      return Status::Ok();
    }
    case Kind::ANALYZE_NOT_SET: break;
  }
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "AnalyzePlanRequest"}, {"field", "analyze"}});
}

}  // namespace deltic::spark::connect
