// ALTER TABLE ADD CONSTRAINT … CHECK and DROP CONSTRAINT.
#include "base/random.h"
#include "delta/transaction/transaction.h"
#include "spark/catalog/delta_scan.h"
#include "spark/command/alter_table.h"
#include "spark/command/table_expression.h"
#include "spark/command/version.h"
#include "spark/functions/registry.h"
#include "spark/resolve/python_functions.h"
#include "spark/resolve/tree.h"
#include "spark/sql/catalyst_text.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using types::TypeId;

std::string KeyOf(const std::string& name) { return "delta.constraints." + types::ToLower(name); }

// The aggregate calls in an expression, in the order of the text.
std::string AggregateCalls(const plan::ExpressionPtr& written) {
  std::string out;
  sql::ForEachExpression(written, [&](const plan::Expression& node) {
    if (node.kind != plan::ExpressionKind::kFunction) return;
    const auto* row = functions::FindFunction(node.As<plan::UnresolvedFunction>().name);
    if (row == nullptr || row->kind != functions::FunctionKind::kAggregate) return;
    out = sql::PrettySql(node) + (out.empty() ? "" : ", " + out);  // the walk is from right to left
  });
  return out;
}

// delta-spark takes the check as a WHERE condition over the table: what is refused there is refused here.
Status CheckCondition(const Alteration& alter, const plan::ExpressionPtr& check, const engine::ExprPtr& bound) {
  if (resolve::HasWindow(bound)) return Error("_LEGACY_ERROR_TEMP_1034", {{"clauseName", "WHERE"}});
  if (!bound->type.Is(TypeId::kBoolean)) {
    return Error("DELTA_NON_BOOLEAN_CHECK_CONSTRAINT",
                 {{"name", alter.command.name}, {"expr", alter.command.expression}});
  }
  if (resolve::HasAggregate(bound)) {
    return Error("INVALID_WHERE_CONDITION",
                 {{"condition", "\"" + sql::PrettySql(*check) + "\""}, {"expressionList", AggregateCalls(check)}});
  }
  if (resolve::CallsPython(bound)) return Unsupported("Python functions in CHECK constraints");
  return Status::Ok();
}

// Rows for which the check is not true.
Result<int64_t> CountViolations(const Alteration& alter, const plan::ExpressionPtr& check,
                                TableExpressions* expressions) {
  ASSIGN_OR_RETURN(const auto rows,
                   catalog::ScanSnapshot(alter.session(), alter.snapshot, {}, expressions->resolver()));
  auto bound = expressions->Resolve(check, rows);
  if (bound.status().Is("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS")) {
    return Error("UNSUPPORTED_GENERATOR.OUTSIDE_SELECT", {{"plan", "'Filter " + sql::PrettySql(*check)}});
  }
  ASSIGN_OR_RETURN(const auto holds, std::move(bound));
  RETURN_IF_ERROR(CheckCondition(alter, check, holds));
  const auto is_true = engine::MakeCall("<=>", {holds, engine::MakeBool(true)}, TypeId::kBoolean, false);
  const auto broken = engine::MakeCall("not", {is_true}, TypeId::kBoolean, false);
  const auto violating = std::make_shared<engine::FilterRel>(rows, broken);
  auto count = std::make_shared<engine::AggregateRel>(
      violating, std::vector<engine::Column>{{engine::FreshColumnId(), "n", TypeId::kLong, false}});
  count->aggregates.push_back(
      std::make_shared<engine::Aggregate>("count_star", std::vector<engine::ExprPtr>{}, TypeId::kLong, false));
  ASSIGN_OR_RETURN(const auto found, alter.session()->server()->engine->Collect(count, {}, 1));
  return found.empty() ? 0 : std::get<int64_t>(found[0][0].v);
}

Status AddConstraint(const Alteration& alter) {
  const auto& configuration = alter.metadata().configuration;
  if (const auto old = configuration.find(KeyOf(alter.command.name)); old != configuration.end()) {
    return Error("DELTA_CONSTRAINT_ALREADY_EXISTS",
                 {{"constraintName", alter.command.name}, {"oldConstraint", old->second}});
  }
  TableExpressions expressions(alter.session());
  ASSIGN_OR_RETURN(const auto check, expressions.Parse(alter.command.expression));
  session::Session* session = alter.session();
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, alter.target.path));
  delta::Transaction txn(io, alter.snapshot, Random::System());
  delta::Metadata metadata = alter.metadata();
  metadata.configuration[KeyOf(alter.command.name)] = alter.command.expression;
  RETURN_IF_ERROR(txn.UpdateMetadata(std::move(metadata)));
  txn.ReadWholeTable();
  ASSIGN_OR_RETURN(const int64_t violations, CountViolations(alter, check, &expressions));
  if (violations > 0) {
    return Error("DELTA_NEW_CHECK_CONSTRAINT_VIOLATION", {{"numRows", std::to_string(violations)},
                                                          {"tableName", alter.TableName()},
                                                          {"checkConstraint", alter.command.expression}});
  }
  delta::CommitOptions options;
  options.operation = "ADD CONSTRAINT";
  options.operation_parameters = {{"name", alter.command.name}, {"expr", alter.command.expression}};
  options.engine_info = EngineInfo();
  return txn.Commit(options).status();
}

Status DropConstraint(const Alteration& alter) {
  delta::Metadata metadata = alter.metadata();
  const auto found = metadata.configuration.find(KeyOf(alter.command.name));
  std::vector<std::pair<std::string, std::string>> parameters{{"name", alter.command.name}};
  if (found == metadata.configuration.end()) {
    const std::string conf = "spark.databricks.delta.constraints.assumesDropIfExists.enabled";
    if (!alter.command.if_exists && !alter.session()->conf().GetBool(conf, false)) {
      const std::string table = alter.target.is_path
                                    ? "delta." + types::QuoteIdentifier(alter.target.path)
                                    : catalog::QuoteParts({alter.target.name.database, alter.target.name.table});
      return Error(
          "DELTA_CONSTRAINT_DOES_NOT_EXIST",
          {{"constraintName", alter.command.name}, {"tableName", table}, {"config", conf}, {"confValue", "true"}});
    }
    parameters.emplace_back("existed", "false");
  } else {
    parameters.emplace_back("expr", found->second);
    parameters.emplace_back("existed", "true");
    metadata.configuration.erase(found);
  }
  return alter.Commit(std::move(metadata), "DROP CONSTRAINT", std::move(parameters));
}

}  // namespace

Status AlterConstraint(const Alteration& alter) {
  return alter.command.action == "ADD CONSTRAINT" ? AddConstraint(alter) : DropConstraint(alter);
}

}  // namespace deltic::spark::command
