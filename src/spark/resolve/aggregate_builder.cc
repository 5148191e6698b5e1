#include "spark/resolve/aggregate_builder.h"

#include <algorithm>

#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

AggregateBuilder::AggregateBuilder(Binder* binder, const AggregateInfo& info) : binder_(binder), input_(info.input) {
  groups_ = info.groups;
  const engine::AggregateRel& rel = *info.rel;
  const auto groups = static_cast<long>(groups_.size());
  group_columns_.assign(rel.output.begin(), rel.output.begin() + groups);
  aggregates_ = rel.aggregates;
  aggregate_columns_.assign(rel.output.begin() + groups,
                            rel.output.begin() + groups + static_cast<long>(aggregates_.size()));
  grouping_sets_ = rel.grouping_sets;
  if (rel.grouping_id) grouping_id_ = rel.output.back();
}

int AggregateBuilder::AddGroup(const ExprPtr& expr, const std::string& name) {
  for (size_t i = 0; i < groups_.size(); ++i) {
    if (SameExpr(groups_[i], expr)) return static_cast<int>(i);
  }
  groups_.push_back(expr);
  Column column = binder_->NewColumn(name, expr->type, expr->nullable);
  // A plain column keeps its id, since correlated subqueries and df["a"] above still mean it, and what is noted with
  // it.
  if (expr->kind == ExprKind::kColumn) {
    column.id = expr->As<engine::ColumnExpr>().id;
    const auto keep = [&](const Column& c) {
      if (c.id == column.id) column.metadata = c.metadata;
    };
    for (const Column& c : input_.rel->output) keep(c);
    for (const HiddenColumn& hidden : input_.hidden) keep(hidden.column);
  }
  group_columns_.push_back(std::move(column));
  return static_cast<int>(groups_.size()) - 1;
}

void AggregateBuilder::SetGroupingSets(std::vector<std::vector<int>> sets) {
  grouping_sets_ = std::move(sets);
  for (size_t g = 0; g < group_columns_.size(); ++g) {
    const int index = static_cast<int>(g);
    const bool always = std::all_of(grouping_sets_.begin(), grouping_sets_.end(), [&](const std::vector<int>& set) {
      return std::find(set.begin(), set.end(), index) != set.end();
    });
    if (!always) group_columns_[g].nullable = true;
  }
}

bool AggregateBuilder::FromInput(ColumnId id) const {
  auto is = [id](const Column& c) { return c.id == id; };
  return std::any_of(input_.rel->output.begin(), input_.rel->output.end(), is) ||
         std::any_of(input_.hidden.begin(), input_.hidden.end(), [&](const HiddenColumn& h) { return is(h.column); });
}

std::string AggregateBuilder::InputName(ColumnId id) const {
  for (const Column& c : input_.rel->output) {
    if (c.id == id) return c.name;
  }
  return "?";
}

Status AggregateBuilder::MissingAggregation(ColumnId id) const {
  const std::string name = InputName(id);
  if (groups_.empty()) return Error("MISSING_GROUP_BY");
  return Error("MISSING_AGGREGATION",
               {{"expression", "\"" + name + "\""}, {"expressionAnyValue", "\"any_value(" + name + ")\""}});
}

void AggregateBuilder::EnsureGroupingId() {
  if (grouping_id_.id == 0) grouping_id_ = binder_->NewColumn("spark_grouping_id", TypeId::kLong, false);
}

Result<ExprPtr> AggregateBuilder::LiftGrouping(const engine::Call& marker) {
  if (grouping_sets_.empty()) return Error("UNSUPPORTED_GROUPING_EXPRESSION");
  EnsureGroupingId();
  auto names = [&] {
    std::string list;
    for (const Column& g : group_columns_) list += (list.empty() ? "" : ",") + g.name;
    return list;
  };
  if (marker.function == "grouping_id") {
    bool same = marker.args.empty() || marker.args.size() == groups_.size();
    for (size_t i = 0; same && i < marker.args.size(); ++i) same = SameExpr(marker.args[i], groups_[i]);
    if (!same) {
      std::string list;
      for (const ExprPtr& a : marker.args) list += (list.empty() ? "" : ",") + functions::ExprSql(a);
      return Error("GROUPING_ID_COLUMN_MISMATCH", {{"groupingIdColumn", list}, {"groupByColumns", names()}});
    }
    return ColumnRef(grouping_id_);
  }
  for (size_t g = 0; g < groups_.size(); ++g) {
    if (!SameExpr(groups_[g], marker.args[0])) continue;
    const auto bit = static_cast<int32_t>(groups_.size() - 1 - g);
    ASSIGN_OR_RETURN(ExprPtr shifted,
                     binder_->CallFunction("shiftright", {ColumnRef(grouping_id_), engine::MakeInt(bit)}));
    ASSIGN_OR_RETURN(ExprPtr masked, binder_->CallFunction("&", {shifted, engine::MakeLong(1)}));
    return functions::CastTo(masked, TypeId::kByte, binder_->context());
  }
  return Error("GROUPING_COLUMN_MISMATCH",
               {{"grouping", functions::ExprSql(marker.args[0])}, {"groupingColumns", names()}});
}

Result<ExprPtr> AggregateBuilder::Lift(const ExprPtr& expr, const std::set<ColumnId>& allowed) {
  Status failed;
  ExprPtr lifted = Rewrite(expr, [&](const ExprPtr& e) -> ExprPtr {
    if (!failed.ok()) return e;
    for (size_t g = 0; g < groups_.size(); ++g) {
      if (SameExpr(e, groups_[g])) return ColumnRef(group_columns_[g]);
    }
    if (e->kind == ExprKind::kAggregate) {
      for (size_t a = 0; a < aggregates_.size(); ++a) {
        if (SameExpr(e, aggregates_[a])) return ColumnRef(aggregate_columns_[a]);
      }
      aggregates_.push_back(e);
      aggregate_columns_.push_back(binder_->NewColumn(e->As<engine::Aggregate>().function, e->type, e->nullable));
      return ColumnRef(aggregate_columns_.back());
    }
    if (e->kind == ExprKind::kCall) {
      const auto& call = e->As<engine::Call>();
      if (call.function == "grouping" || call.function == "grouping_id") {
        Result<ExprPtr> made = LiftGrouping(call);
        if (made.ok()) return made.value();
        failed = made.status();
        return e;
      }
    }
    if (e->kind == ExprKind::kSubquery && e->As<engine::Subquery>().subquery_kind == engine::Subquery::Kind::kScalar) {
      // A correlated scalar subquery must be a group itself or stand inside an aggregate.
      std::set<ColumnId> ids;
      CollectColumnIds(e, &ids);
      for (ColumnId id : ids) {
        if (FromInput(id)) {
          failed = Error("SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION",
                         {{"sqlExpr", "\"scalarsubquery(" + InputName(id) + ")\""}});
          break;
        }
      }
      return e;
    }
    if (e->kind == ExprKind::kColumn) {
      const ColumnId id = e->As<engine::ColumnExpr>().id;
      if (allowed.count(id) == 0 && FromInput(id)) failed = MissingAggregation(id);
      return e;
    }
    return nullptr;
  });
  RETURN_IF_ERROR(failed);
  return lifted;
}

std::shared_ptr<const engine::AggregateRel> AggregateBuilder::BuildRel() {
  std::vector<Column> output = group_columns_;
  output.insert(output.end(), aggregate_columns_.begin(), aggregate_columns_.end());
  if (grouping_id_.id != 0) output.push_back(grouping_id_);
  auto rel = std::make_shared<engine::AggregateRel>(input_.rel, std::move(output));
  rel->groups = groups_;
  rel->aggregates = aggregates_;
  rel->grouping_sets = grouping_sets_;
  rel->grouping_id = grouping_id_.id != 0;
  return rel;
}

AggregateInfo AggregateBuilder::Info(std::shared_ptr<const engine::AggregateRel> rel) const {
  AggregateInfo info;
  info.input = input_;
  info.groups = groups_;
  info.rel = std::move(rel);
  if (grouping_id_.id != 0) info.grouping_id = ColumnRef(grouping_id_);
  return info;
}

Result<Node> AggregateBuilder::BuildSelect(std::vector<NamedExpr> items) {
  std::set<ColumnId> allowed;
  for (const NamedExpr& item : items) {
    if (item.id != 0) allowed.insert(item.id);
  }
  if (!grouping_sets_.empty()) EnsureGroupingId();
  for (NamedExpr& item : items) {
    ASSIGN_OR_RETURN(item.expr, Lift(item.expr, allowed));
  }
  auto rel = BuildRel();
  Node base;
  base.rel = rel;
  Node result = binder_->ProjectInSteps(base, std::move(items));
  result.hidden.clear();
  result.below = nullptr;
  result.aggregate = std::make_shared<AggregateInfo>(Info(rel));
  return result;
}

// First the aggregation with the generator's arguments as extra columns, then the generator over it.
Result<Node> AggregateBuilder::BuildGenerator(const plan::Aggregate& aggregate, size_t at, const Env& env,
                                              size_t log_start) {
  std::vector<plan::ExpressionPtr> list = aggregate.aggregates;
  plan::ExpressionPtr generator = list[at];
  std::vector<std::string> names;
  while (generator->kind == plan::ExpressionKind::kAlias) {
    if (names.empty()) names = generator->As<plan::Alias>().names;
    generator = generator->As<plan::Alias>().child;
  }
  auto call = std::make_shared<plan::UnresolvedFunction>(generator->As<plan::UnresolvedFunction>());
  list.erase(list.begin() + static_cast<long>(at));
  const size_t others = list.size();
  for (size_t i = 0; i < call->args.size(); ++i) {
    const std::string name = "_generator_input_" + std::to_string(i);
    list.push_back(std::make_shared<plan::Alias>(call->args[i], std::vector<std::string>{name}));
    call->args[i] = std::make_shared<plan::UnresolvedAttribute>(std::vector<std::string>{name});
  }
  Scope scope = binder_->MakeScope(input_, env, log_start);
  ASSIGN_OR_RETURN(std::vector<NamedExpr> items, binder_->BindSelectList(list, &scope));
  if (items.size() != others + call->args.size()) return Unsupported("a star beside a generator over aggregates");
  ASSIGN_OR_RETURN(input_, binder_->ExposeMissing(input_, scope.missing));
  ASSIGN_OR_RETURN(Node inner, BuildSelect(std::move(items)));
  inner.aggregate = nullptr;
  Scope outer_scope = binder_->MakeScope(inner, env, log_start);
  Binder::GeneratorCall over{call, std::move(names), {}, false};
  ASSIGN_OR_RETURN(Node generated, binder_->Generate(inner, over, &outer_scope));
  std::vector<NamedExpr> output;
  auto add = [&](const Column& c) { output.push_back({ColumnRef(c), c.name, c.metadata, c.qualifier, true}); };
  const std::vector<Column>& columns = generated.rel->output;
  for (size_t i = 0; i < at; ++i) add(columns[i]);
  for (size_t i = others + call->args.size(); i < columns.size(); ++i) add(columns[i]);
  for (size_t i = at; i < others; ++i) add(columns[i]);
  return binder_->Project(generated, std::move(output));
}

}  // namespace deltic::spark::resolve
