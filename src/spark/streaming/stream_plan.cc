#include "spark/streaming/stream_plan.h"

#include "spark/command/query_catalog.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::streaming {

using engine::RelKind;
using engine::RelPtr;
using engine::StreamRel;

// The session's catalog, but that streams are resolved once.
class StreamPlan::Catalog : public command::QueryCatalog {
 public:
  Catalog(StreamPlan* plan, std::function<bool()> interrupted)
      : QueryCatalog(plan->session_.get(), std::move(interrupted)), plan_(plan) {}

  Result<RelPtr> ResolveTable(const plan::TableRelation& table, resolve::Resolver* resolver) override {
    if (!table.streaming) return QueryCatalog::ResolveTable(table, resolver);
    return Stream([&] { return QueryCatalog::ResolveTable(table, resolver); }, resolver);
  }
  Result<RelPtr> ResolveDataSource(const plan::DataSourceRelation& source, resolve::Resolver* resolver) override {
    if (!source.streaming) return QueryCatalog::ResolveDataSource(source, resolver);
    return Stream([&] { return QueryCatalog::ResolveDataSource(source, resolver); }, resolver);
  }

 private:
  Result<RelPtr> Stream(const std::function<Result<RelPtr>()>& resolve, resolve::Resolver* resolver) {
    const size_t place = next_++;
    if (!plan_->analyzed_) {
      ASSIGN_OR_RETURN(const RelPtr rel, resolve());
      if (rel->kind != RelKind::kStream) {
        plan_->found_.push_back(nullptr);
        return rel;
      }
      auto stream = std::make_shared<StreamRel>(rel->As<StreamRel>());
      stream->index = static_cast<int>(plan_->sources_.size());
      plan_->sources_.push_back(stream);
      plan_->found_.push_back(stream);
      return RelPtr(stream);
    }
    if (place >= plan_->found_.size()) return InternalError("a streaming plan has more sources than it had");
    if (plan_->found_[place] == nullptr) return resolve();
    return resolver->WithFreshIds(plan_->found_[place]);
  }

  StreamPlan* const plan_;
  size_t next_ = 0;
};

StreamPlan::StreamPlan(std::shared_ptr<session::Session> session, plan::RelationPtr relation)
    : session_(std::move(session)),
      relation_(std::move(relation)),
      views_(session_->views()),
      options_(session_->MakeResolveOptions()) {}

Result<command::ResolvedQuery> StreamPlan::Run(Catalog* catalog, int64_t timestamp_ms, bool analyze_only,
                                               const std::function<bool()>& interrupted) {
  resolve::ResolveOptions options = options_;
  options.interrupted = interrupted;
  options.functions.query_start_micros = timestamp_ms * 1000;
  resolve::Resolver resolver(catalog, session_->server()->engine, views_, options, analyze_only);
  command::ResolvedQuery query;
  ASSIGN_OR_RETURN(query.plan, resolver.Resolve(relation_));
  query.options.time_zone = options.functions.time_zone;
  query.options.interrupted = interrupted;
  query.now_micros = options.functions.query_start_micros;
  query.observed = resolver.observed();
  return query;
}

Result<RelPtr> StreamPlan::Analyze(const std::function<bool()>& interrupted) {
  Catalog catalog(this, interrupted);
  ASSIGN_OR_RETURN(auto query, Run(&catalog, session_->server()->clock->NowMillis(), true, interrupted));
  analyzed_ = true;
  return std::move(query.plan);
}

Result<command::ResolvedQuery> StreamPlan::Resolve(int64_t timestamp_ms, const std::function<bool()>& interrupted) {
  Catalog catalog(this, interrupted);
  return Run(&catalog, timestamp_ms, false, interrupted);
}

RelPtr StreamPlan::WithRows(const RelPtr& plan, const std::vector<RelPtr>& rows) {
  if (plan->kind == RelKind::kStream) {
    const RelPtr& source = rows[static_cast<size_t>(plan->As<StreamRel>().index)];
    std::vector<engine::ExprPtr> exprs;
    for (const auto& column : source->output) exprs.push_back(resolve::ColumnRef(column));
    return std::make_shared<engine::ProjectRel>(source, plan->output, std::move(exprs));
  }
  std::vector<RelPtr> children = resolve::ChildrenOf(*plan);
  bool changed = false;
  for (RelPtr& child : children) {
    RelPtr replaced = WithRows(child, rows);
    changed |= replaced != child;
    child = std::move(replaced);
  }
  if (!changed) return plan;
  return resolve::RebuildRel(
      plan, children, [](const engine::ExprPtr& expr) { return expr; },
      [](const engine::Column& column) { return column; });
}

}  // namespace deltic::spark::streaming
