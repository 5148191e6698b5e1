#include "spark/resolve/binder.h"

#include <algorithm>

#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using plan::RelationKind;

Status Binder::EnterDepth() {
  if (depth_ >= kMaxDepth) {
    return Error("INVALID_PLAN_INPUT.TOO_DEEP", {},
                 "The plan is nested more than " + std::to_string(kMaxDepth) +
                     " levels deep, which is too much to analyze. Break the query up, for example by writing an "
                     "intermediate result to a table.");
  }
  ++depth_;
  return Status::Ok();
}

bool Binder::SameName(std::string_view a, std::string_view b) const {
  return options_.case_sensitive ? a == b : types::EqualsIgnoreCase(a, b);
}

std::string Binder::NameKey(std::string_view name) const {
  return options_.case_sensitive ? std::string(name) : types::ToLower(name);
}

Column Binder::NewColumn(std::string name, DataType type, bool nullable, std::string metadata) {
  return Column{NewId(), std::move(name), std::move(type), nullable, std::move(metadata), {}};
}

engine::QueryOptions Binder::RunOptions() const {
  engine::QueryOptions run;
  run.time_zone = context().time_zone;
  run.interrupted = options_.interrupted;
  return run;
}

Scope Binder::MakeScope(const Node& node, const Env& env, size_t log_start) const {
  Scope scope;
  scope.env = &env;
  scope.node = &node;
  scope.log_start = log_start;
  return scope;
}

Result<ExprPtr> Binder::BindIn(const plan::ExpressionPtr& expr, const Node& node, const Env& env) {
  // Columns of DataFrames (df["a"]) that are inputs of `node` are found by their plan.
  Scope scope = MakeScope(node, env, 0);
  ExpressionBinder binder(this, &scope);
  return binder.Bind(expr);
}

ColumnId Binder::CanonicalId(ColumnId id) const {
  auto it = same_as_.find(id);
  return it == same_as_.end() ? id : it->second;
}

std::vector<const Node*> Binder::FindPlans(int64_t plan_id, size_t log_start) const {
  std::vector<const Node*> nodes;
  auto it = log_positions_.find(plan_id);
  if (it == log_positions_.end()) return nodes;
  for (auto at = std::lower_bound(it->second.begin(), it->second.end(), log_start); at != it->second.end(); ++at) {
    nodes.push_back(&log_[*at].second);
  }
  return nodes;
}

std::optional<Column> Binder::ColumnHere(const Node& node, ColumnId id) const {
  for (size_t steps = 0; steps <= successors_.size(); ++steps) {
    for (const Column& c : node.rel->output) {
      if (c.id == id) return c;
    }
    for (const HiddenColumn& h : node.hidden) {
      if (h.column.id == id) return h.column;
    }
    auto next = successors_.find(id);
    if (next == successors_.end()) return std::nullopt;
    id = next->second;
  }
  return std::nullopt;
}

Node Binder::Project(const Node& node, std::vector<NamedExpr> items) {
  std::vector<Column> output;
  std::vector<ExprPtr> exprs;
  std::set<ColumnId> used;
  output.reserve(items.size());
  exprs.reserve(items.size());
  for (NamedExpr& item : items) {
    Column column = NewColumn(std::move(item.name), item.expr->type, item.expr->nullable, std::move(item.metadata));
    if (item.attribute && item.expr->kind == ExprKind::kColumn) {
      const ColumnId id = item.expr->As<engine::ColumnExpr>().id;
      column.qualifier = std::move(item.qualifier);
      if (used.insert(id).second) {
        column.id = id;
      } else {
        same_as_[column.id] = CanonicalId(id);
      }
    }
    if (item.id != 0 && used.insert(item.id).second) column.id = item.id;
    output.push_back(std::move(column));
    exprs.push_back(std::move(item.expr));
  }
  Node result;
  result.rel = std::make_shared<engine::ProjectRel>(node.rel, std::move(output), std::move(exprs));
  result.hidden = node.hidden;
  result.below = std::make_shared<Node>(node);
  return result;
}

Result<std::vector<std::vector<engine::Value>>> Binder::Run(const RelPtr& rel, int64_t max_rows) {
  ASSIGN_OR_RETURN(RelPtr plan, ExtractPythonUdfs(rel));
  if (catalog_ != nullptr) {
    ASSIGN_OR_RETURN(plan, catalog_->ReadKept(plan, owner_));
  }
  return engine_->Collect(plan, RunOptions(), max_rows);
}

Result<ExprPtr> Binder::CallFunction(std::string_view name, std::vector<ExprPtr> args) {
  const functions::FunctionRow* row = functions::FindFunction(name);
  if (row == nullptr) return InternalError("no function row for '" + std::string(name) + "'");
  functions::FunctionCall call;
  call.name = std::string(name);
  call.args = std::move(args);
  return functions::BuildFunction(*row, call, context());
}

Result<engine::Value> Binder::Evaluate(const ExprPtr& expr) {
  if (engine::IsLiteral(expr)) return expr->As<engine::Literal>().value;
  auto one = std::make_shared<engine::OneRowRel>();
  std::vector<Column> output{NewColumn("value", expr->type, expr->nullable)};
  auto project = std::make_shared<engine::ProjectRel>(one, std::move(output), std::vector<ExprPtr>{expr});
  ASSIGN_OR_RETURN(auto rows, Run(project, 1));
  if (rows.empty() || rows[0].empty()) return InternalError("a constant expression gave no row");
  return rows[0][0];
}

Result<Node> Binder::Bind(const plan::RelationPtr& relation, const Env& env) {
  RETURN_IF_ERROR(EnterDepth());
  Result<Node> node = Dispatch(relation, env);
  LeaveDepth();
  if (!node.ok()) return node;
  if (relation->plan_id >= 0) {
    log_positions_[relation->plan_id].push_back(log_.size());
    log_.push_back({relation->plan_id, node.value()});
  }
  return node;
}

Result<Node> Binder::Dispatch(const plan::RelationPtr& relation, const Env& env) {
  if (relation->kind <= RelationKind::kCachedRemote || relation->kind == RelationKind::kCommandResult) {
    return DispatchSource(relation, env);
  }
  return DispatchOperator(relation, env);
}

Result<Node> Binder::DispatchSource(const plan::RelationPtr& relation, const Env& env) {
  const plan::Relation& r = *relation;
  auto from = [this](Result<RelPtr> rel) -> Result<Node> {
    if (!rel.ok()) return rel.status();
    return WithFileMetadata(std::move(rel).value());
  };
  switch (r.kind) {
    case RelationKind::kTable: return BindTable(r.As<plan::TableRelation>(), env);
    case RelationKind::kDataSource: return from(catalog_->ResolveDataSource(r.As<plan::DataSourceRelation>(), owner_));
    case RelationKind::kLocalData: return BindLocalData(r.As<plan::LocalData>());
    case RelationKind::kRange: {
      const auto& range = r.As<plan::RangeRelation>();
      Column id = NewColumn("id", TypeId::kLong, false);
      return Node{
          std::make_shared<engine::RangeRel>(std::move(id), range.start, range.end, range.step), {}, nullptr, nullptr};
    }
    case RelationKind::kOneRow: return Node{std::make_shared<engine::OneRowRel>(), {}, nullptr, nullptr};
    case RelationKind::kInlineTable: return BindInlineTable(r.As<plan::InlineTable>(), {}, env);
    case RelationKind::kTableFunction: return BindTableFunction(r.As<plan::TableFunction>(), env);
    case RelationKind::kPythonTable: return BindPythonTable(r.As<plan::PythonTable>(), env);
    case RelationKind::kSqlText: return BindSqlText(r.As<plan::SqlText>(), env);
    case RelationKind::kCachedRemote:
      return from(catalog_->ResolveCachedRemote(r.As<plan::CachedRemote>().relation_id, owner_));
    case RelationKind::kCommandResult: return from(catalog_->RunCommand(*r.As<plan::CommandResult>().command, owner_));
    default: return InternalError("not a source relation");
  }
}

Result<Node> Binder::DispatchOperator(const plan::RelationPtr& relation, const Env& env) {
  const plan::Relation& r = *relation;
  switch (r.kind) {
    case RelationKind::kProject: return BindProject(r.As<plan::Project>(), env);
    case RelationKind::kWithColumns: return BindWithColumns(r.As<plan::WithColumns>(), env);
    case RelationKind::kWithColumnsRenamed: return BindRenames(r.As<plan::WithColumnsRenamed>(), env);
    case RelationKind::kDrop: return BindDrop(r.As<plan::Drop>(), env);
    case RelationKind::kFilter: return BindFilter(r.As<plan::Filter>(), env);
    case RelationKind::kJoin: return BindJoin(r.As<plan::Join>(), env);
    case RelationKind::kAggregate: return BindAggregate(r.As<plan::Aggregate>(), env);
    case RelationKind::kSetOp: return BindSetOperation(r.As<plan::SetOperation>(), env);
    case RelationKind::kSort: return BindSort(r.As<plan::Sort>(), env);
    case RelationKind::kLimit: return BindLimit(r.As<plan::Limit>(), env);
    case RelationKind::kTail: return BindTail(r.As<plan::Tail>(), env);
    case RelationKind::kDeduplicate: return BindDeduplicate(r.As<plan::Deduplicate>(), env);
    case RelationKind::kSample: return BindSample(r.As<plan::Sample>(), env);
    case RelationKind::kSubqueryAlias: return BindSubqueryAlias(r.As<plan::SubqueryAlias>(), env);
    case RelationKind::kWith: return BindWith(r.As<plan::With>(), env);
    case RelationKind::kLateralView: return BindLateralView(r.As<plan::LateralView>(), env);
    case RelationKind::kToDf: return BindToDf(r.As<plan::ToDf>(), env);
    case RelationKind::kToSchema: return BindToSchema(r.As<plan::ToSchema>(), env);
    case RelationKind::kRepartition: return BindRepartition(r.As<plan::Repartition>(), env);
    case RelationKind::kHint: return Bind(r.As<plan::Hint>().child, env);
    case RelationKind::kUnpivot: return BindUnpivot(r.As<plan::Unpivot>(), env);
    case RelationKind::kNaFill: return BindNaFill(r.As<plan::NaFill>(), env);
    case RelationKind::kNaDrop: return BindNaDrop(r.As<plan::NaDrop>(), env);
    case RelationKind::kNaReplace: return BindNaReplace(r.As<plan::NaReplace>(), env);
    case RelationKind::kCollectMetrics: return BindCollectMetrics(r.As<plan::CollectMetrics>(), env);
    case RelationKind::kParse: return BindParse(r.As<plan::ParseText>(), env);
    case RelationKind::kMapPartitions: return BindMapPartitions(r.As<plan::MapPartitions>(), env);
    case RelationKind::kGroupMap: return BindGroupMap(r.As<plan::GroupMap>(), env);
    case RelationKind::kWatermark: return BindWatermark(r.As<plan::Watermark>(), env);
    case RelationKind::kDescribe:
    case RelationKind::kSummary: return BindDescribe(r.As<plan::StatFunction>(), env);
    case RelationKind::kCrosstab: return BindCrosstab(r.As<plan::StatFunction>(), env);
    case RelationKind::kCov:
    case RelationKind::kCorr: return BindCovCorr(r.As<plan::StatFunction>(), env);
    case RelationKind::kApproxQuantile: return BindApproxQuantile(r.As<plan::StatFunction>(), env);
    case RelationKind::kFreqItems: return BindFreqItems(r.As<plan::StatFunction>(), env);
    case RelationKind::kSampleBy: return BindSampleBy(r.As<plan::StatFunction>(), env);
    case RelationKind::kShowString:
    case RelationKind::kHtmlString: return BindShow(r.As<plan::ShowString>(), env);
    case RelationKind::kUnsupported: return Unsupported(r.As<plan::UnsupportedRelation>().what);
    default: return InternalError("not an operator relation");
  }
}

}  // namespace deltic::spark::resolve
