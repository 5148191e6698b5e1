// DELETE, UPDATE and MERGE messages.
#include <set>

#include "spark/delta_connect/messages.h"

namespace deltic::spark::delta_connect {
namespace {

using plan::CommandPtr;
using plan::ExpressionPtr;
using plan::MergeClause;
using Actions = google::protobuf::RepeatedPtrField<proto::MergeIntoTable::Action>;
using Assignments = google::protobuf::RepeatedPtrField<proto::Assignment>;

// The table that a command changes, and how conditions get at its columns.
struct Target {
  plan::DmlTarget table;
  std::set<int64_t> plan_ids;  // of the scan and its aliases: what columns like deltaTable.toDF()["id"] carry
  std::string qualifier;       // quoted, with a dot; empty: no other relation's columns are about
};

// A scan of a Delta table, under any number of aliases of which the outermost counts.
Result<Target> DecodeTarget(const ::spark::connect::Relation& message, bool present, const char* parent,
                            PlanDecoder* decoder) {
  if (!present) return MissingField(parent, "target");
  ASSIGN_OR_RETURN(plan::RelationPtr relation, decoder->DecodeRelation(message));
  Target out;
  while (true) {
    if (relation->plan_id >= 0) out.plan_ids.insert(relation->plan_id);
    if (relation->kind != plan::RelationKind::kSubqueryAlias) break;
    const auto& alias = relation->As<plan::SubqueryAlias>();
    if (out.table.alias.empty()) out.table.alias = alias.alias;
    relation = alias.child;
  }
  if (relation->kind != plan::RelationKind::kTable) {
    return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE",
                 {{"errorMsg", "the target of " + std::string(parent) + " must be a Delta table or an alias of one"}});
  }
  out.table.table = relation->As<plan::TableRelation>().name;
  return out;
}

// Columns taken from the target's DataFrame become columns by its name: commands have a name, not a DataFrame.
void NameTargetColumns(const Target& target, google::protobuf::Message* root) {
  std::vector<google::protobuf::Message*> pending = {root};
  while (!pending.empty()) {
    google::protobuf::Message* message = pending.back();
    pending.pop_back();
    if (auto* column = dynamic_cast<::spark::connect::Expression::UnresolvedAttribute*>(message)) {
      if (!column->has_plan_id() || !target.plan_ids.contains(column->plan_id())) continue;
      column->clear_plan_id();
      column->set_unparsed_identifier(target.qualifier + column->unparsed_identifier());
      continue;
    }
    const auto* reflection = message->GetReflection();
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    reflection->ListFields(*message, &fields);
    for (const auto* field : fields) {
      if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
      if (!field->is_repeated()) {
        pending.push_back(reflection->MutableMessage(message, field));
        continue;
      }
      for (int i = 0; i < reflection->FieldSize(*message, field); i++) {
        pending.push_back(reflection->MutableRepeatedMessage(message, field, i));
      }
    }
  }
}

Result<ExpressionPtr> DecodeOver(const Target& target, const ::spark::connect::Expression& message,
                                 PlanDecoder* decoder) {
  ::spark::connect::Expression named = message;
  NameTargetColumns(target, &named);
  return decoder->DecodeExpression(named);
}

Result<ExpressionPtr> DecodeCondition(const Target& target, const ::spark::connect::Expression& message, bool present,
                                      PlanDecoder* decoder) {
  if (!present) return ExpressionPtr();
  return DecodeOver(target, message, decoder);
}

Result<std::vector<plan::Assignment>> DecodeAssignments(const Target& target, const Assignments& list,
                                                        PlanDecoder* decoder) {
  std::vector<plan::Assignment> out;
  for (const auto& item : list) {
    if (!item.has_field()) return MissingField("Assignment", "field");
    if (!item.has_value()) return MissingField("Assignment", "value");
    ASSIGN_OR_RETURN(const ExpressionPtr field, decoder->DecodeExpression(item.field()));
    if (field->kind != plan::ExpressionKind::kAttribute) {
      return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "only a column can be assigned to"}});
    }
    plan::Assignment assignment;
    assignment.column = field->As<plan::UnresolvedAttribute>().parts;
    ASSIGN_OR_RETURN(assignment.value, DecodeOver(target, item.value(), decoder));
    out.push_back(std::move(assignment));
  }
  return out;
}

Status UnfitAction(const char* list) {
  return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE",
               {{"errorMsg", "an action that " + std::string(list) + " of MergeIntoTable cannot have"}});
}

Result<MergeClause> DecodeAction(const Target& target, const proto::MergeIntoTable::Action& m, MergeClause::Match match,
                                 const char* list, PlanDecoder* decoder) {
  using Kind = proto::MergeIntoTable::Action::ActionTypeCase;
  MergeClause out;
  out.match = match;
  const bool inserts = match == MergeClause::Match::kNotMatched;
  switch (m.action_type_case()) {
    case Kind::kDeleteAction:
      if (inserts) return UnfitAction(list);
      out.action = MergeClause::Action::kDelete;
      break;
    case Kind::kUpdateAction: {
      if (inserts) return UnfitAction(list);
      out.action = MergeClause::Action::kUpdate;
      ASSIGN_OR_RETURN(out.assignments, DecodeAssignments(target, m.update_action().assignments(), decoder));
      break;
    }
    case Kind::kUpdateStarAction:
      if (match != MergeClause::Match::kMatched) return UnfitAction(list);
      out.action = MergeClause::Action::kUpdateStar;
      break;
    case Kind::kInsertAction: {
      if (!inserts) return UnfitAction(list);
      out.action = MergeClause::Action::kInsert;
      ASSIGN_OR_RETURN(out.assignments, DecodeAssignments(target, m.insert_action().assignments(), decoder));
      break;
    }
    case Kind::kInsertStarAction:
      if (!inserts) return UnfitAction(list);
      out.action = MergeClause::Action::kInsertStar;
      break;
    case Kind::ACTION_TYPE_NOT_SET: return MissingField("MergeIntoTable.Action", "action_type");
  }
  ASSIGN_OR_RETURN(out.condition, DecodeCondition(target, m.condition(), m.has_condition(), decoder));
  return out;
}

Status AddActions(const Target& target, const Actions& actions, MergeClause::Match match, const char* list,
                  PlanDecoder* decoder, std::vector<MergeClause>* out) {
  for (const auto& action : actions) {
    ASSIGN_OR_RETURN(MergeClause clause, DecodeAction(target, action, match, list, decoder));
    out->push_back(std::move(clause));
  }
  return Status::Ok();
}

}  // namespace

Result<CommandPtr> DecodeDelete(const proto::DeleteFromTable& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::DeleteFrom>();
  ASSIGN_OR_RETURN(const Target target, DecodeTarget(m.target(), m.has_target(), "DeleteFromTable", decoder));
  out->target = target.table;
  ASSIGN_OR_RETURN(out->condition, DecodeCondition(target, m.condition(), m.has_condition(), decoder));
  return CommandPtr(std::move(out));
}

Result<CommandPtr> DecodeUpdate(const proto::UpdateTable& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::UpdateTable>();
  ASSIGN_OR_RETURN(const Target target, DecodeTarget(m.target(), m.has_target(), "UpdateTable", decoder));
  out->target = target.table;
  ASSIGN_OR_RETURN(out->assignments, DecodeAssignments(target, m.assignments(), decoder));
  ASSIGN_OR_RETURN(out->condition, DecodeCondition(target, m.condition(), m.has_condition(), decoder));
  return CommandPtr(std::move(out));
}

Result<CommandPtr> DecodeMerge(const proto::MergeIntoTable& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::MergeInto>();
  ASSIGN_OR_RETURN(Target target, DecodeTarget(m.target(), m.has_target(), "MergeIntoTable", decoder));
  out->target = target.table;
  // The source's columns are about too, so the target's are qualified.
  const plan::NameParts name = target.table.alias.empty() ? target.table.table : plan::NameParts{target.table.alias};
  for (const auto& part : name) target.qualifier += types::QuoteIdentifier(part) + ".";
  if (!m.has_source()) return MissingField("MergeIntoTable", "source");
  if (!m.has_condition()) return MissingField("MergeIntoTable", "condition");
  ASSIGN_OR_RETURN(out->source, decoder->DecodeRelation(m.source()));
  ASSIGN_OR_RETURN(out->condition, DecodeOver(target, m.condition(), decoder));
  using Match = MergeClause::Match;
  RETURN_IF_ERROR(AddActions(target, m.matched_actions(), Match::kMatched, "matched_actions", decoder, &out->clauses));
  RETURN_IF_ERROR(
      AddActions(target, m.not_matched_actions(), Match::kNotMatched, "not_matched_actions", decoder, &out->clauses));
  RETURN_IF_ERROR(AddActions(target, m.not_matched_by_source_actions(), Match::kNotMatchedBySource,
                             "not_matched_by_source_actions", decoder, &out->clauses));
  out->with_schema_evolution = m.with_schema_evolution();
  return CommandPtr(std::move(out));
}

}  // namespace deltic::spark::delta_connect
