#include "spark/command/merge_resolve.h"

#include <algorithm>
#include <set>

#include "spark/command/delta_schema.h"
#include "spark/command/dml_condition.h"
#include "spark/functions/coercion.h"
#include "spark/resolve/tree.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using engine::Column;
using engine::ExprPtr;
using engine::RelPtr;
using plan::MergeClause;
using types::DataType;
using types::StructField;
using types::TypeId;
using Path = std::vector<std::string>;

std::string Dotted(const Path& path) {
  std::string out;
  for (const auto& part : path) out += (out.empty() ? "" : ".") + types::QuoteIfNeeded(part);
  return out;
}

std::string Quoted(const Path& path) {
  std::string out;
  for (const auto& part : path) out += (out.empty() ? "" : ".") + types::QuoteIdentifier(part);
  return out;
}

std::string ColumnSql(const Column& column) {
  Path parts = column.qualifier;
  parts.push_back(column.name);
  return Dotted(parts);
}

const char* ActionName(MergeClause::Action action) {
  switch (action) {
    case MergeClause::Action::kUpdate:
    case MergeClause::Action::kUpdateStar: return "UPDATE";
    case MergeClause::Action::kDelete: return "DELETE";
    case MergeClause::Action::kInsert:
    case MergeClause::Action::kInsertStar: return "INSERT";
  }
  return "";
}

// The parts of a resolved target column, in the table's spelling.
Result<Path> PathOf(const ExprPtr& expr, const RelPtr& rel) {
  if (expr->kind == engine::ExprKind::kColumn) {
    for (const Column& column : rel->output) {
      if (column.id == expr->As<engine::ColumnExpr>().id) return Path{column.name};
    }
  }
  if (expr->kind == engine::ExprKind::kCall && expr->As<engine::Call>().function == "struct_field") {
    const auto& args = expr->As<engine::Call>().args;
    ASSIGN_OR_RETURN(Path path, PathOf(args[0], rel));
    path.push_back(std::get<std::string>(args[1]->As<engine::Literal>().value.v));
    return path;
  }
  return Error("_LEGACY_ERROR_TEMP_DELTA_0009", {{"optionalPrefixMessage", ""}},
               "Updating nested fields is only supported for StructType.");
}

bool IsPrefix(const Path& prefix, const Path& path, const StoreRules& rules) {
  return prefix.size() <= path.size() && std::equal(prefix.begin(), prefix.end(), path.begin(), [&](auto& a, auto& b) {
           return rules.case_sensitive ? a == b : types::EqualsIgnoreCase(a, b);
         });
}

// A clause whose names are resolved, before it is aligned with the final schema.
struct BoundClause {
  MergeClause::Match match;
  ResolvedMergeClause::Action action;
  ExprPtr condition;
  std::vector<ColumnAssignment> assignments;
};

class MergeResolver {
 public:
  MergeResolver(const plan::MergeInto& merge, const MergeSides& sides, const StoreRules& rules,
                const ComputedColumns& computed, resolve::Resolver* resolver)
      : merge_(merge), sides_(sides), rules_(rules), computed_(computed), resolver_(resolver) {
    std::vector<Column> output = sides.target->output;
    output.insert(output.end(), sides.source->output.begin(), sides.source->output.end());
    both_ = std::make_shared<engine::JoinRel>(engine::JoinType::kCross, sides.target, sides.source, nullptr,
                                              std::move(output));
  }

  Result<ResolvedMerge> Run() {
    const functions::ScopedColumnNames names([this](engine::ColumnId id) -> std::string {
      for (const Column& column : both_->output) {
        if (column.id == id) return ColumnSql(column);
      }
      return {};
    });
    RETURN_IF_ERROR(CheckClauses());
    ResolvedMerge out;
    ASSIGN_OR_RETURN(out.condition, Bind(merge_.condition, both_, "search condition"));
    std::vector<BoundClause> bound;
    for (const MergeClause& clause : merge_.clauses) {
      ASSIGN_OR_RETURN(BoundClause b, BindClause(clause));
      bound.push_back(std::move(b));
    }
    ASSIGN_OR_RETURN(out.schema, FinalSchema(bound, &out.schema_changed));
    RETURN_IF_ERROR(CheckCondition(&out.condition, "search"));
    for (size_t i = 0; i < bound.size(); i++) {
      if (bound[i].condition == nullptr) continue;
      RETURN_IF_ERROR(CheckCondition(&bound[i].condition, ActionName(merge_.clauses[i].action)));
    }
    for (const BoundClause& clause : bound) {
      ASSIGN_OR_RETURN(ResolvedMergeClause resolved, Align(clause, out.schema));
      if (clause.action == ResolvedMergeClause::Action::kInsert) {
        RETURN_IF_ERROR(AddNumbered(clause, out.not_matched.empty(), &out));
      }
      ListOf(clause.match, &out)->push_back(std::move(resolved));
    }
    ASSIGN_OR_RETURN(out.unchanged, CarryColumns(out.schema, sides_.target->output, rules_));
    return out;
  }

 private:
  static std::vector<ResolvedMergeClause>* ListOf(MergeClause::Match match, ResolvedMerge* merge) {
    switch (match) {
      case MergeClause::Match::kMatched: return &merge->matched;
      case MergeClause::Match::kNotMatched: return &merge->not_matched;
      case MergeClause::Match::kNotMatchedBySource: return &merge->not_matched_by_source;
    }
    return nullptr;
  }

  Status CheckClauses() const {
    if (merge_.clauses.empty()) return Error("DELTA_MERGE_MISSING_WHEN");
    static constexpr std::pair<MergeClause::Match, const char*> kKinds[] = {
        {MergeClause::Match::kMatched, "DELTA_NON_LAST_MATCHED_CLAUSE_OMIT_CONDITION"},
        {MergeClause::Match::kNotMatched, "DELTA_NON_LAST_NOT_MATCHED_CLAUSE_OMIT_CONDITION"},
        {MergeClause::Match::kNotMatchedBySource, "DELTA_NON_LAST_NOT_MATCHED_BY_SOURCE_CLAUSE_OMIT_CONDITION"}};
    for (const auto& [match, condition] : kKinds) {
      bool unconditional = false;
      for (const MergeClause& clause : merge_.clauses) {
        if (clause.match != match) continue;
        if (unconditional) return Error(condition);
        unconditional = clause.condition == nullptr;
      }
    }
    return Status::Ok();
  }

  Status Unresolved(const std::string& sql, const RelPtr& scope, const std::string& clause) const {
    std::string columns;
    for (const Column& column : scope->output) columns += (columns.empty() ? "" : ", ") + ColumnSql(column);
    return Error("DELTA_MERGE_UNRESOLVED_EXPRESSION",
                 {{"sqlExpr", sql}, {"clause", clause}, {"cols", "columns " + columns}});
  }

  // An expression over `scope`; a name that is not there is reported as delta-spark reports it.
  Result<ExprPtr> Bind(const plan::ExpressionPtr& expr, const RelPtr& scope, const std::string& clause) {
    auto bound = resolver_->ResolveExpression(expr, scope);
    if (bound.ok()) return bound;
    const std::string& condition = bound.status().condition();
    if (!condition.starts_with("UNRESOLVED_COLUMN.")) return bound;
    std::string name(bound.status().Param("objectName"));
    auto parts = sql::ParseMultipartIdentifier(name);
    if (parts.ok()) name = Dotted(*parts);
    return Unresolved(name, scope, clause).WithPosition(bound.status().start_index(), bound.status().stop_index());
  }

  const RelPtr& ScopeOf(MergeClause::Match match) const {
    switch (match) {
      case MergeClause::Match::kNotMatched: return sides_.source;
      case MergeClause::Match::kNotMatchedBySource: return sides_.target;
      default: return both_;
    }
  }

  Result<BoundClause> BindClause(const MergeClause& clause) {
    using Action = MergeClause::Action;
    BoundClause out;
    out.match = clause.match;
    const std::string name = std::string(ActionName(clause.action)) + " clause";
    const RelPtr& scope = ScopeOf(clause.match);
    switch (clause.action) {
      case Action::kDelete: out.action = ResolvedMergeClause::Action::kDelete; break;
      case Action::kUpdate:
      case Action::kUpdateStar: out.action = ResolvedMergeClause::Action::kUpdate; break;
      case Action::kInsert:
      case Action::kInsertStar: out.action = ResolvedMergeClause::Action::kInsert; break;
    }
    if (clause.action == Action::kUpdateStar || clause.action == Action::kInsertStar) {
      ASSIGN_OR_RETURN(out.assignments, ExpandStar(clause.action == Action::kUpdateStar, name));
    }
    for (const plan::Assignment& assignment : clause.assignments) {
      const bool may_evolve = rules_.evolve && clause.match != MergeClause::Match::kNotMatchedBySource;
      ASSIGN_OR_RETURN(Path path, TargetPath(assignment.column, name, may_evolve));
      ExprPtr value;
      if (IsDefault(assignment.value) && path.size() == 1) {
        ASSIGN_OR_RETURN(value, computed_.DefaultOf(path[0]));
      } else {
        ASSIGN_OR_RETURN(value, Bind(assignment.value, scope, name));
      }
      out.assignments.push_back({std::move(path), std::move(value)});
    }
    if (clause.condition != nullptr) {
      ASSIGN_OR_RETURN(out.condition,
                       Bind(clause.condition, scope, std::string(ActionName(clause.action)) + " condition"));
    }
    return out;
  }

  static bool IsDefault(const plan::ExpressionPtr& value) {
    if (value->kind != plan::ExpressionKind::kAttribute) return false;
    const auto& parts = value->As<plan::UnresolvedAttribute>().parts;
    return parts.size() == 1 && types::EqualsIgnoreCase(parts[0], "default");
  }

  // The column that an assignment names: of the target or, for evolution, of the source.
  Result<Path> TargetPath(const plan::NameParts& column, const std::string& clause, bool may_evolve) {
    const plan::ExpressionPtr attribute = std::make_shared<plan::UnresolvedAttribute>(column);
    auto found = Bind(attribute, sides_.target, clause);
    if (found.ok()) return PathOf(*found, sides_.target);
    if (!may_evolve) return found.status();
    ASSIGN_OR_RETURN(const ExprPtr in_source, Bind(attribute, sides_.source, clause));
    return PathOf(in_source, sides_.source);
  }

  // The source's columns as assignments to leaves, so that a struct may have some of the target's fields only.
  void AssignLeaves(const ExprPtr& value, Path path, std::vector<ColumnAssignment>* out) const {
    if (!value->type.Is(TypeId::kStruct)) {
      out->push_back({std::move(path), value});
      return;
    }
    for (const StructField& field : value->type.fields()) {
      Path below = path;
      below.push_back(field.name);
      AssignLeaves(engine::MakeCall("struct_field", {value, engine::MakeString(field.name)}, field.type,
                                    value->nullable || field.nullable),
                   std::move(below), out);
    }
  }

  Result<std::vector<ColumnAssignment>> ExpandStar(bool update, const std::string& clause) {
    std::vector<ColumnAssignment> out;
    if (rules_.evolve) {
      for (const Column& column : sides_.source->output) {
        if (update) {
          AssignLeaves(resolve::ColumnRef(column), {column.name}, &out);
        } else {
          out.push_back({{column.name}, resolve::ColumnRef(column)});
        }
      }
      return out;
    }
    for (const Column& column : sides_.target->output) {
      const plan::ExpressionPtr attribute = std::make_shared<plan::UnresolvedAttribute>(Path{column.name});
      ASSIGN_OR_RETURN(ExprPtr value, Bind(attribute, sides_.source, clause));
      out.push_back({{column.name}, std::move(value)});
    }
    return out;
  }

  // The part of the source's schema that some clause assigns.
  std::vector<StructField> AssignedFields(const std::vector<StructField>& fields, const Path& base,
                                          const std::vector<const Path*>& assigned) const {
    std::vector<StructField> out;
    for (const StructField& field : fields) {
      Path path = base;
      path.push_back(field.name);
      const auto matches = [&](auto predicate) { return std::any_of(assigned.begin(), assigned.end(), predicate); };
      if (matches([&](const Path* p) { return p->size() == path.size() && IsPrefix(path, *p, rules_); })) {
        out.push_back(field);
      } else if (field.type.Is(TypeId::kStruct) && matches([&](const Path* p) { return IsPrefix(path, *p, rules_); })) {
        StructField kept = field;
        kept.type = DataType::Struct(AssignedFields(field.type.fields(), path, assigned));
        out.push_back(std::move(kept));
      }
    }
    return out;
  }

  Result<std::vector<StructField>> FinalSchema(const std::vector<BoundClause>& clauses, bool* changed) const {
    const DataType target = resolve::SchemaOf(*sides_.target);
    if (!rules_.evolve) return target.fields();
    std::vector<const Path*> assigned;
    for (const BoundClause& clause : clauses) {
      if (clause.match == MergeClause::Match::kNotMatchedBySource) continue;
      for (const auto& assignment : clause.assignments) assigned.push_back(&assignment.path);
    }
    const DataType added = DataType::Struct(AssignedFields(resolve::SchemaOf(*sides_.source).fields(), {}, assigned));
    ASSIGN_OR_RETURN(const DataType merged,
                     MergeSchema(target, added, {.merge = true, .widen = sides_.widen, .implicit_conversions = true},
                                 sides_.table_id));
    *changed = merged.fields().size() != target.fields().size() || !merged.SameType(target);
    if (*changed) {
      for (const StructField& field : merged.fields()) {
        if (field.type.Is(TypeId::kNull) && target.FieldIndex(field.name) < 0) {
          return Error("DELTA_MERGE_ADD_VOID_COLUMN", {{"newColumn", types::QuoteIdentifier(field.name)}});
        }
      }
    }
    return merged.fields();
  }

  // Conditions are deterministic, without aggregates and subqueries, and boolean.
  Status CheckCondition(ExprPtr* condition, const std::string& name) const {
    const std::string operation = name + " condition of MERGE operation";
    const std::string text = "(condition = " + functions::ExprSql(*condition) + ").";
    if (!IsDeterministic(*condition)) {
      return Error("DELTA_NON_DETERMINISTIC_FUNCTION_NOT_SUPPORTED", {{"operation", operation}, {"expression", text}});
    }
    if (resolve::HasAggregate(*condition)) {
      return Error("DELTA_AGGREGATION_NOT_SUPPORTED", {{"operation", operation}, {"predicate", text}});
    }
    if (resolve::HasSubquery(*condition)) {
      return Error("DELTA_UNSUPPORTED_SUBQUERY",
                   {{"operation", operation}, {"cond", ConditionSql(*condition, both_->output)}});
    }
    if ((*condition)->type.Is(TypeId::kNull)) *condition = engine::MakeNull(TypeId::kBoolean);
    if ((*condition)->type.Is(TypeId::kBoolean)) return Status::Ok();
    const std::string type = "\"" + (*condition)->type.Sql() + "\"";
    if (name == "search") {
      return Error("JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
                   {{"joinCondition", "\"" + functions::ExprSql(*condition) + "\""}, {"conditionType", type}});
    }
    return Error("CANNOT_UP_CAST_DATATYPE",
                 {{"expression", "input"}, {"sourceType", type}, {"targetType", "\"BOOLEAN\""}, {"details", ""}});
  }

  Result<ResolvedMergeClause> Align(const BoundClause& clause, const std::vector<StructField>& schema) const {
    ResolvedMergeClause out;
    out.action = clause.action;
    out.condition = clause.condition;
    if (clause.action == ResolvedMergeClause::Action::kDelete) return out;
    for (const auto& assignment : clause.assignments) RETURN_IF_ERROR(CheckValue(assignment.value));
    const std::set<std::string> given = Given(clause);
    if (clause.action == ResolvedMergeClause::Action::kUpdate) {
      RETURN_IF_ERROR(computed_.CheckGiven(given, false));
      ASSIGN_OR_RETURN(out.values, AssignColumns(schema, sides_.target->output, clause.assignments, rules_));
      RETURN_IF_ERROR(computed_.Fill(schema, given, false, &out.values));
      return out;
    }
    std::set<std::string> seen;
    for (const auto& assignment : clause.assignments) {
      if (assignment.path.size() > 1) {
        return Error("DELTA_UNSUPPORTED_NESTED_FIELD_IN_OPERATION",
                     {{"operation", "INSERT clause of MERGE operation"}, {"fieldName", Quoted(assignment.path)}});
      }
      if (!seen.insert(assignment.path[0]).second) return Error("DELTA_DUPLICATE_COLUMNS_ON_INSERT");
    }
    RETURN_IF_ERROR(computed_.CheckGiven(given, true));
    ASSIGN_OR_RETURN(out.values, AssignColumns(schema, {}, clause.assignments, rules_));
    RETURN_IF_ERROR(computed_.Fill(schema, given, true, &out.values));
    return out;
  }

  static std::set<std::string> Given(const BoundClause& clause) {
    std::set<std::string> given;
    for (const auto& assignment : clause.assignments) given.insert(types::ToLower(assignment.path[0]));
    return given;
  }

  Status AddNumbered(const BoundClause& clause, bool first, ResolvedMerge* out) const {
    const std::vector<size_t> numbered = computed_.Numbered(out->schema, Given(clause));
    if (!first && numbered != out->numbered) {
      return Unsupported("INSERT clauses of a MERGE of which only some give a value to an identity column");
    }
    out->numbered = numbered;
    return Status::Ok();
  }

  static Status CheckValue(const ExprPtr& value) {
    if (!resolve::HasAggregate(value) && !resolve::HasWindow(value)) return Status::Ok();
    return Error("UNSUPPORTED_EXPR_FOR_OPERATOR", {{"invalidExprSqls", "\"" + functions::ExprSql(value) + "\""}});
  }

  const plan::MergeInto& merge_;
  const MergeSides& sides_;
  const StoreRules& rules_;
  const ComputedColumns& computed_;
  resolve::Resolver* const resolver_;
  RelPtr both_;
};

}  // namespace

bool ResolvedMerge::IsOneUnconditionalDelete() const {
  return matched.size() == 1 && matched[0].action == ResolvedMergeClause::Action::kDelete &&
         matched[0].condition == nullptr;
}

Result<ResolvedMerge> ResolveMerge(const plan::MergeInto& merge, const MergeSides& sides, const StoreRules& rules,
                                   const ComputedColumns& computed, resolve::Resolver* resolver) {
  return MergeResolver(merge, sides, rules, computed, resolver).Run();
}

}  // namespace deltic::spark::command
