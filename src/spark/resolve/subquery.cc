// Subquery expressions: scalar, EXISTS, IN; correlated by outer column ids inside their plan.
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using engine::Subquery;
using Kind = plan::SubqueryExpression::Kind;

namespace {

// At most one row, whatever the outer row is.
bool AtMostOneRow(const engine::Rel& rel) {
  switch (rel.kind) {
    case RelKind::kOneRow: return true;
    case RelKind::kProject: return AtMostOneRow(*rel.As<engine::ProjectRel>().child);
    case RelKind::kFilter: return AtMostOneRow(*rel.As<engine::FilterRel>().child);
    case RelKind::kSort: return AtMostOneRow(*rel.As<engine::SortRel>().child);
    case RelKind::kLimit: return rel.As<engine::LimitRel>().limit.value_or(2) <= 1;
    case RelKind::kAggregate: return true;  // grouped by what it is correlated on, else checked when run
    default: return false;
  }
}

// t.a, `a b`
std::string ColumnSql(const Column& column) {
  std::string out;
  for (const auto& part : column.qualifier) out += types::QuoteIfNeeded(part) + ".";
  return out + types::QuoteIfNeeded(column.name);
}

// A test and the column that it would be compared with, by type: (t.a:int, `struct(a)`:struct<a:int>).
std::string ComparedTypes(const ExprPtr& test, const Column& column, const RelPtr& rows) {
  std::string left = functions::ExprSql(test);
  if (test->kind == ExprKind::kColumn && rows != nullptr) {
    for (const Column& c : rows->output) {
      if (c.id == test->As<engine::ColumnExpr>().id) left = ColumnSql(c);
    }
  }
  return "(" + left + ":" + test->type.SimpleString() + ", " + ColumnSql(column) + ":" + column.type.SimpleString() +
         ")";
}

}  // namespace

Result<ExprPtr> ExpressionBinder::BindSubquery(const plan::SubqueryExpression& subquery) {
  Env env = scope_->env != nullptr ? *scope_->env : binder_->RootEnv();
  env.outer = scope_;
  ASSIGN_OR_RETURN(Node node, binder_->Bind(subquery.plan, env));
  if (subquery.subquery_kind == Kind::kIn) return BindInSubquery(subquery, std::move(node));
  if (subquery.subquery_kind == Kind::kExists) {
    return ExprPtr(
        std::make_shared<Subquery>(Subquery::Kind::kExists, node.rel, std::vector<ExprPtr>{}, TypeId::kBoolean, false));
  }
  if (node.rel->output.size() != 1) {
    return Error("INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
                 {{"number", std::to_string(node.rel->output.size())}});
  }
  std::set<ColumnId> used;
  std::set<ColumnId> own;
  CollectColumnIds(
      std::make_shared<Subquery>(Subquery::Kind::kExists, node.rel, std::vector<ExprPtr>{}, TypeId::kBoolean, false),
      &used);
  bool correlated = false;
  if (scope_->node != nullptr && scope_->node->rel != nullptr) {
    for (const Column& c : scope_->node->rel->output) correlated = correlated || used.count(c.id) > 0;
  }
  if (correlated && !AtMostOneRow(*node.rel)) {
    return Error("UNSUPPORTED_SUBQUERY_EXPRESSION_CATEGORY.MUST_AGGREGATE_CORRELATED_SCALAR_SUBQUERY");
  }
  const DataType type = node.rel->output[0].type;
  return ExprPtr(std::make_shared<Subquery>(Subquery::Kind::kScalar, node.rel, std::vector<ExprPtr>{}, type, true));
}

Result<ExprPtr> ExpressionBinder::BindInSubquery(const plan::SubqueryExpression& subquery, Node node) {
  std::vector<ExprPtr> tests;
  for (const auto& v : subquery.values) {
    ASSIGN_OR_RETURN(ExprPtr test, BindTree(v));
    tests.push_back(std::move(test));
  }
  const std::vector<Column>& output = node.rel->output;
  const auto shown = [&] { return "\"" + NameOf(std::make_shared<plan::SubqueryExpression>(subquery)) + "\""; };
  if (tests.size() != output.size()) {
    auto names = [](auto begin, auto end, auto text) {
      std::string out;
      for (auto it = begin; it != end; ++it) out += (it == begin ? "" : ", ") + text(*it);
      return out;
    };
    return Error(
        "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
        {{"sqlExpr", shown()},
         {"leftLength", std::to_string(tests.size())},
         {"rightLength", std::to_string(output.size())},
         {"leftColumns", names(subquery.values.begin(), subquery.values.end(), QuotedSql)},
         {"rightColumns", names(output.begin(), output.end(), [](const Column& c) { return "\"" + c.name + "\""; })}});
  }
  const auto mismatch = [&] {
    std::string pairs, left, right;
    for (size_t i = 0; i < tests.size(); ++i) {
      const std::string comma = i > 0 ? ", " : "";
      left += comma + QuotedType(tests[i]->type);
      right += comma + QuotedType(output[i].type);
      if (tests[i]->type == output[i].type) continue;
      const RelPtr rows = scope_->node == nullptr ? nullptr : scope_->node->rel;
      pairs += (pairs.empty() ? "" : ", ") + ComparedTypes(tests[i], output[i], rows);
    }
    return Error("DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH",
                 {{"sqlExpr", shown()}, {"mismatchedColumns", pairs}, {"leftType", left}, {"rightType", right}});
  };
  std::vector<Column> columns;
  std::vector<ExprPtr> exprs;
  bool changed = false;
  bool nullable = false;
  for (size_t i = 0; i < tests.size(); ++i) {
    const auto common = functions::WidestCommonType(tests[i]->type, output[i].type, binder_->context().ansi);
    if (!common) return mismatch();
    if (!functions::IsOrderable(*common)) {  // Spark's analysis of these does not end
      return Error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                   {{"sqlExpr", shown()}, {"functionName", "`in`"}, {"dataType", QuotedType(*common)}});
    }
    tests[i] = functions::CastTo(tests[i], *common, binder_->context());
    ExprPtr value = functions::CastTo(ColumnRef(output[i]), *common, binder_->context());
    changed = changed || value->kind != ExprKind::kColumn;
    columns.push_back(binder_->NewColumn(output[i].name, value->type, value->nullable));
    nullable = nullable || value->nullable || tests[i]->nullable;
    exprs.push_back(std::move(value));
  }
  RelPtr plan = node.rel;
  if (changed) plan = std::make_shared<engine::ProjectRel>(plan, std::move(columns), std::move(exprs));
  return ExprPtr(std::make_shared<Subquery>(Subquery::Kind::kIn, plan, std::move(tests), TypeId::kBoolean, nullable));
}

}  // namespace deltic::spark::resolve
