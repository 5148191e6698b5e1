#include "spark/streaming/memory_sink.h"

#include "spark/resolve/tree.h"

namespace deltic::spark::streaming {
namespace {

using engine::RelPtr;

RelPtr UnionOf(const RelPtr& left, const RelPtr& right) {
  std::vector<engine::Column> output = left->output;
  for (auto& column : output) column.id = engine::FreshColumnId();
  return std::make_shared<engine::SetOpRel>(engine::SetOpRel::Op::kUnion, true, left, right, std::move(output));
}

}  // namespace

Result<int64_t> CountRows(engine::Engine* engine, const RelPtr& rows, const engine::QueryOptions& options) {
  const engine::Column count{engine::FreshColumnId(), "count", types::TypeId::kLong, false};
  auto aggregate = std::make_shared<engine::AggregateRel>(rows, std::vector<engine::Column>{count});
  aggregate->aggregates.push_back(
      std::make_shared<engine::Aggregate>("count_star", std::vector<engine::ExprPtr>{}, types::TypeId::kLong, false));
  ASSIGN_OR_RETURN(const auto result, engine->Collect(aggregate, options, 1));
  return result.empty() ? 0 : std::get<int64_t>(result[0][0].v);
}

Status MemorySink::Begin(const std::string& query_id, const engine::Rel& rows) {
  relation_id_ = "memory-sink-" + query_id;
  std::vector<engine::Column> output = rows.output;
  for (auto& column : output) {
    column.id = engine::FreshColumnId();
    column.qualifier.clear();
  }
  empty_ = std::make_shared<engine::ValuesRel>(std::move(output), std::vector<std::vector<engine::ExprPtr>>());
  session_->PutRemote(relation_id_, empty_);
  return session_->PutView(name_, {std::make_shared<plan::CachedRemote>(relation_id_), session_->views(), {}}, true);
}

Result<int64_t> MemorySink::Add(const SinkBatch& batch) {
  engine::Engine* engine = session_->server()->engine;
  ASSIGN_OR_RETURN(RelPtr kept, engine->Materialize(batch.rows, batch.options));
  ASSIGN_OR_RETURN(const int64_t count, CountRows(engine, kept, batch.options));
  if (mode_ == OutputMode::kComplete) pieces_.clear();
  if (count > 0) pieces_.push_back(std::move(kept));
  RETURN_IF_ERROR(Publish(batch.options));
  return count;
}

Status MemorySink::Publish(const engine::QueryOptions& options) {
  RelPtr all = empty_;
  const auto piece_of = [&](const RelPtr& rows) {
    resolve::IdMap ids;
    return resolve::CloneWithIds(rows, engine::FreshColumnId, &ids);
  };
  for (const RelPtr& piece : pieces_) all = all == empty_ ? piece_of(piece) : UnionOf(all, piece_of(piece));
  if (pieces_.size() > kMaxPieces) {
    ASSIGN_OR_RETURN(all, session_->server()->engine->Materialize(all, options));
    pieces_ = {all};
  }
  // The columns are those of the empty relation, whatever the pieces are called.
  std::vector<engine::ExprPtr> exprs;
  for (const auto& column : all->output) exprs.push_back(resolve::ColumnRef(column));
  std::vector<engine::Column> output = empty_->output;
  for (auto& column : output) column.id = engine::FreshColumnId();
  session_->PutRemote(relation_id_,
                      std::make_shared<engine::ProjectRel>(std::move(all), std::move(output), std::move(exprs)));
  return Status::Ok();
}

}  // namespace deltic::spark::streaming
