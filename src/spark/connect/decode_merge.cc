// DataFrame.mergeInto: MergeIntoTableCommand → plan::MergeInto.
#include "spark/connect/decoder.h"
#include "spark/sql/parser.h"

namespace deltic::spark::connect {
namespace {

using plan::MergeClause;

// Absent, or not one that its kind of clause takes.
Status InvalidAction(const char* field) {
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "MergeAction"}, {"field", field}});
}

Result<MergeClause::Action> ActionOf(const proto::MergeAction& action, MergeClause::Match match) {
  using Action = MergeClause::Action;
  const bool inserts = match == MergeClause::Match::kNotMatched;
  switch (action.action_type()) {
    case proto::MergeAction::ACTION_TYPE_DELETE:
      if (!inserts) return Action::kDelete;
      break;
    case proto::MergeAction::ACTION_TYPE_INSERT:
      if (inserts) return Action::kInsert;
      break;
    case proto::MergeAction::ACTION_TYPE_INSERT_STAR:
      if (inserts) return Action::kInsertStar;
      break;
    case proto::MergeAction::ACTION_TYPE_UPDATE:
      if (!inserts) return Action::kUpdate;
      break;
    case proto::MergeAction::ACTION_TYPE_UPDATE_STAR:
      if (match == MergeClause::Match::kMatched) return Action::kUpdateStar;
      break;
    default: break;
  }
  return InvalidAction("action_type");
}

// The column that an assignment's key names: an attribute, or a text that the client left unparsed.
Result<plan::NameParts> KeyOf(const plan::ExpressionPtr& key) {
  if (key->kind == plan::ExpressionKind::kAttribute) return key->As<plan::UnresolvedAttribute>().parts;
  if (key->kind == plan::ExpressionKind::kExpressionString) {
    return sql::ParseMultipartIdentifier(key->As<plan::ExpressionString>().text);
  }
  return InvalidAction("assignments.key");
}

}  // namespace

Result<plan::CommandPtr> Decoder::DecodeMerge(const proto::MergeIntoTableCommand& m) {
  auto merge = std::make_shared<plan::MergeInto>();
  ASSIGN_OR_RETURN(merge->target.table, sql::ParseMultipartIdentifier(m.target_table_name()));
  ASSIGN_OR_RETURN(merge->source, Input(m.source_table_plan(), m.has_source_table_plan(), "MergeIntoTableCommand"));
  ASSIGN_OR_RETURN(merge->condition, DecodeExpression(m.merge_condition()));
  merge->with_schema_evolution = m.with_schema_evolution();
  const auto add = [&](const ExpressionList& actions, MergeClause::Match match) -> Status {
    for (const proto::Expression& expression : actions) {
      if (!expression.has_merge_action()) return InvalidAction("merge_action");
      const proto::MergeAction& action = expression.merge_action();
      MergeClause clause;
      clause.match = match;
      ASSIGN_OR_RETURN(clause.action, ActionOf(action, match));
      if (action.has_condition()) {
        ASSIGN_OR_RETURN(clause.condition, DecodeExpression(action.condition()));
      }
      for (const auto& assignment : action.assignments()) {
        plan::Assignment out;
        ASSIGN_OR_RETURN(const auto key, DecodeExpression(assignment.key()));
        ASSIGN_OR_RETURN(out.column, KeyOf(key));
        ASSIGN_OR_RETURN(out.value, DecodeExpression(assignment.value()));
        clause.assignments.push_back(std::move(out));
      }
      merge->clauses.push_back(std::move(clause));
    }
    return Status::Ok();
  };
  RETURN_IF_ERROR(add(m.match_actions(), MergeClause::Match::kMatched));
  RETURN_IF_ERROR(add(m.not_matched_actions(), MergeClause::Match::kNotMatched));
  RETURN_IF_ERROR(add(m.not_matched_by_source_actions(), MergeClause::Match::kNotMatchedBySource));
  return plan::CommandPtr(std::move(merge));
}

}  // namespace deltic::spark::connect
