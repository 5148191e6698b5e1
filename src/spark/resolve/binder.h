// Inside of the resolver: the state of one query and the resolution of every relation kind. Relations are bound
// bottom-up; each bound relation (Node) remembers what names can reach beyond its output. One Binder per query;
// not thread-safe; depth is bounded by kMaxDepth over relations and expressions together.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "spark/functions/coercion.h"
#include "spark/plan/relation.h"
#include "spark/plan/relation_stream.h"
#include "spark/resolve/resolver.h"
#include "spark/resolve/scope.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::resolve {

class Binder {
 public:
  Binder(Resolver* owner, ResolveCatalog* catalog, engine::Engine* engine, std::shared_ptr<const ViewMap> views,
         ResolveOptions options, bool analyze_only)
      : owner_(owner),
        catalog_(catalog),
        engine_(engine),
        views_(std::move(views)),
        options_(std::move(options)),
        analyze_only_(analyze_only) {}

  Result<Node> Bind(const plan::RelationPtr& relation, const Env& env);
  Env RootEnv() const { return {views_, nullptr, nullptr}; }

  ColumnId NewId() { return next_id_++; }
  Column NewColumn(std::string name, DataType type, bool nullable, std::string metadata = "{}");
  const ResolveOptions& options() const { return options_; }
  const functions::FunctionContext& context() const { return options_.functions; }
  engine::Engine* engine() const { return engine_; }
  bool analyze_only() const { return analyze_only_; }
  bool SameName(std::string_view a, std::string_view b) const;
  std::string NameKey(std::string_view name) const;  // lower case unless case-sensitive
  const std::vector<std::pair<std::string, RelPtr>>& observed() const { return observed_; }
  engine::QueryOptions RunOptions() const;

  // A scope over a node; plan ids bound since `log_start` may be referred to.
  Scope MakeScope(const Node& node, const Env& env, size_t log_start) const;
  // Projection of `items` over `node`: plain columns keep their id, others get fresh ones.
  Node Project(const Node& node, std::vector<NamedExpr> items);
  // Runs a relation now (pivot values, approxQuantile, show): at most `max_rows` rows.
  Result<std::vector<std::vector<engine::Value>>> Run(const RelPtr& rel, int64_t max_rows);
  // Remembers that column `old_id` lives on as `new_id` above (set operations).
  void AddSuccessor(ColumnId old_id, ColumnId new_id) { successors_[old_id] = new_id; }
  ColumnId CanonicalId(ColumnId id) const;
  // The relations with a Connect plan id that were bound since `log_start`.
  std::vector<const Node*> FindPlans(int64_t plan_id, size_t log_start) const;
  // The column `id`, or what it became, in the output or the hidden columns of a node.
  std::optional<Column> ColumnHere(const Node& node, ColumnId id) const;
  bool with_file_metadata() const { return with_file_metadata_; }
  void set_with_file_metadata() { with_file_metadata_ = true; }
  // Builds a function row by name: for operators the resolver itself needs.
  Result<ExprPtr> CallFunction(std::string_view name, std::vector<ExprPtr> args);
  // A constant expression evaluated by the engine.
  Result<engine::Value> Evaluate(const ExprPtr& expr);
  Status EnterDepth();
  void LeaveDepth() { --depth_; }
  Result<ExprPtr> BindIn(const plan::ExpressionPtr& expr, const Node& node, const Env& env);
  Result<Node> BindWatermark(const plan::Watermark& watermark, const Env& env);  // watermark.cc
  // python_udf.cc
  Result<RelPtr> ExtractPythonUdfs(const RelPtr& rel);
  Status CheckPython(const engine::PythonFunction& function) const;
  RelPtr NumberGroups(const RelPtr& rel, const std::vector<ExprPtr>& groups, const std::vector<Column>& group_columns);

 private:
  Result<Node> Dispatch(const plan::RelationPtr& relation, const Env& env);
  Result<Node> DispatchOperator(const plan::RelationPtr& relation, const Env& env);
  Result<Node> DispatchSource(const plan::RelationPtr& relation, const Env& env);
  // table.cc
  Node WithFileMetadata(RelPtr rel);
  Result<Node> BindTable(const plan::TableRelation& table, const Env& env);
  Result<Node> BindView(const TempView& view, std::vector<std::string> qualifier);
  Result<Node> BindWith(const plan::With& with, const Env& env);
  Result<Node> BindSqlText(const plan::SqlText& sql, const Env& env);
  Result<Node> BindSubqueryAlias(const plan::SubqueryAlias& alias, const Env& env);
  // local_data.cc
  Result<Node> BindLocalData(const plan::LocalData& local);
  Result<Node> BindInlineTable(const plan::InlineTable& table, const std::vector<std::string>& names, const Env& env);
  Result<Node> BindTableFunction(const plan::TableFunction& function, const Env& env);
  Result<Node> BindRangeFunction(const std::vector<ExprPtr>& args);
  Result<Node> BindKeywords();
  // project.cc
  Result<Node> BindProject(const plan::Project& project, const Env& env);
  // Binds a select list over scope->node, with lateral aliases.
  Result<std::vector<NamedExpr>> BindSelectList(const std::vector<plan::ExpressionPtr>& exprs, Scope* scope);
  // Projects a bound list, in as many steps as its lateral aliases need.
  Node ProjectInSteps(const Node& child, std::vector<NamedExpr> items);
  Result<Node> ProjectList(const Node& child, const std::vector<plan::ExpressionPtr>& exprs, const Env& env,
                           size_t log_start);
  Result<Node> ProjectGenerators(const Node& child, const std::vector<plan::ExpressionPtr>& exprs,
                                 const std::vector<size_t>& generators, const Env& env, size_t log_start);
  Result<Node> BindLateralView(const plan::LateralView& view, const Env& env);
  struct GeneratorCall {
    plan::ExpressionPtr call;        // UnresolvedFunction, prepared
    std::vector<std::string> names;  // column aliases; empty: the generator's own
    std::vector<std::string> qualifier;
    bool outer = false;
  };
  // The relation with the generator's columns after the child's.
  Result<Node> Generate(const Node& child, const GeneratorCall& generator, Scope* scope);
  // columns.cc
  Result<Node> BindWithColumns(const plan::WithColumns& with, const Env& env);
  Result<Node> BindRenames(const plan::WithColumnsRenamed& renames, const Env& env);
  Result<Node> BindDrop(const plan::Drop& drop, const Env& env);
  Result<Node> BindToDf(const plan::ToDf& to, const Env& env);
  Result<Node> BindToSchema(const plan::ToSchema& to, const Env& env);
  // filter_sort.cc
  Result<Node> BindFilter(const plan::Filter& filter, const Env& env);
  Result<Node> BindSort(const plan::Sort& sort, const Env& env);
  Result<Node> BindLimit(const plan::Limit& limit, const Env& env);
  Result<std::optional<int64_t>> LimitValue(const plan::ExpressionPtr& expr, const char* name, const Env& env);
  Result<Node> BindTail(const plan::Tail& tail, const Env& env);
  Result<Node> BindDeduplicate(const plan::Deduplicate& dedup, const Env& env);
  Result<Node> BindSample(const plan::Sample& sample, const Env& env);
  Result<ExprPtr> LiftAggregates(Node* node, const Scope& scope, const ExprPtr& expr);
  Result<Node> ExposeMissing(const Node& node, const std::set<ColumnId>& missing);
  // join.cc
  Result<Node> BindJoin(const plan::Join& join, const Env& env);
  Result<Node> UsingJoin(const plan::Join& join, const Node& left, const Node& right,
                         const std::vector<std::string>& names);
  // aggregate.cc, grouping.cc, pivot.cc
  Result<Node> BindAggregate(const plan::Aggregate& aggregate, const Env& env);
  Result<Node> BindPivot(const plan::Aggregate& aggregate, const Node& child, const Env& env, size_t log_start);
  Result<std::shared_ptr<const TimeWindowColumn>> WindowOfAggregate(Node* child, const plan::Aggregate& aggregate,
                                                                    const std::vector<plan::ExpressionPtr>& groups,
                                                                    const Env& env, size_t log_start);
  friend class AggregateBuilder;

  // time_window.cc
  // The window() and session_window() calls of prepared expressions.
  static std::vector<plan::ExpressionPtr> TimeWindowCalls(const std::vector<plan::ExpressionPtr>& exprs);
  // Gives `child` the hidden column that the calls, all the same one, stand for. `partition`: what sessions are merged
  // within; none: they are not merged.
  Result<std::shared_ptr<const TimeWindowColumn>> PlanTimeWindow(Node* child,
                                                                 const std::vector<plan::ExpressionPtr>& calls,
                                                                 const Env& env, size_t log_start,
                                                                 const std::optional<std::vector<ExprPtr>>& partition);
  Result<RelPtr> SlideWindows(const RelPtr& rel, const functions::FunctionCall& call, Column* column);
  Result<RelPtr> MergeSessions(const RelPtr& rel, const functions::FunctionCall& call,
                               const std::optional<std::vector<ExprPtr>>& partition, Column* column);
  // set_operation.cc
  Result<Node> BindSetOperation(const plan::SetOperation& op, const Env& env);
  // na.cc, unpivot.cc
  Result<Node> BindUnpivot(const plan::Unpivot& unpivot, const Env& env);
  Result<Node> BindNaFill(const plan::NaFill& fill, const Env& env);
  Result<Node> BindNaDrop(const plan::NaDrop& drop, const Env& env);
  Result<Node> BindNaReplace(const plan::NaReplace& replace, const Env& env);
  // statistics.cc, summary.cc
  Result<Node> BindDescribe(const plan::StatFunction& stat, const Env& env);
  Result<Node> BindCrosstab(const plan::StatFunction& stat, const Env& env);
  Result<Node> BindCovCorr(const plan::StatFunction& stat, const Env& env);
  Result<Node> BindApproxQuantile(const plan::StatFunction& stat, const Env& env);
  Result<Node> BindFreqItems(const plan::StatFunction& stat, const Env& env);
  Result<Node> BindSampleBy(const plan::StatFunction& stat, const Env& env);
  // parse_text.cc, show_string.cc
  Result<Node> BindRepartition(const plan::Repartition& repartition, const Env& env);
  Result<Node> BindCollectMetrics(const plan::CollectMetrics& metrics, const Env& env);
  Result<Node> BindParse(const plan::ParseText& parse, const Env& env);
  Result<DataType> InferParsed(const Node& child, const std::string& format, const ExprPtr& options);
  Result<Node> WithoutHeader(const Node& child, const std::string& comment);
  Result<Node> BindShow(const plan::ShowString& show, const Env& env);
  // python_udf.cc
  Node FlattenStruct(RelPtr run, const DataType& type);
  Result<Node> BindMapPartitions(const plan::MapPartitions& map, const Env& env);
  Result<Node> BindGroupMap(const plan::GroupMap& map, const Env& env);
  Result<Node> BindPythonTable(const plan::PythonTable& table, const Env& env);

  Resolver* const owner_;
  ResolveCatalog* const catalog_;
  engine::Engine* const engine_;
  const std::shared_ptr<const ViewMap> views_;
  const ResolveOptions options_;
  const bool analyze_only_;
  bool with_file_metadata_ = false;  // file relations carry their hidden _metadata column
  ColumnId next_id_ = 1;
  int depth_ = 0;
  int view_depth_ = 0;
  std::vector<std::pair<int64_t, Node>> log_;                       // bound plan ids, post-order
  std::unordered_map<int64_t, std::vector<size_t>> log_positions_;  // plan id → places in log_, ascending
  std::unordered_map<ColumnId, ColumnId> successors_;
  std::unordered_map<ColumnId, ColumnId> same_as_;  // duplicates of a column within one select list
  std::vector<std::pair<std::string, RelPtr>> observed_;
  bool has_python_ = false;  // some expression calls a Python function
  std::vector<std::shared_ptr<const engine::PythonFunction>> python_aggregates_;

  friend class ExpressionBinder;
};

}  // namespace deltic::spark::resolve
