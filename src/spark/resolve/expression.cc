// Resolution of single expressions except names (name_lookup.cc), calls (function_call.cc) and windows (window.cc).
#include "engine/plan/expression.h"

#include <algorithm>

#include "spark/functions/variant.h"
#include "spark/resolve/expression_binder.h"
#include "spark/sql/parser.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::resolve {

using plan::ExpressionKind;
using plan::ExpressionPtr;

std::string QuotedSql(const ExpressionPtr& expr) { return "\"" + sql::PrettyName(*expr) + "\""; }
std::string QuotedType(const DataType& type) { return "\"" + type.Sql() + "\""; }

DataType WithoutCharVarchar(const DataType& type) {
  switch (type.id()) {
    case TypeId::kChar:
    case TypeId::kVarchar: return TypeId::kString;
    case TypeId::kArray: return DataType::Array(WithoutCharVarchar(type.element()), type.contains_null());
    case TypeId::kMap:
      return DataType::Map(WithoutCharVarchar(type.key()), WithoutCharVarchar(type.value()), type.contains_null());
    case TypeId::kStruct: {
      std::vector<types::StructField> fields = type.fields();
      for (auto& f : fields) f.type = WithoutCharVarchar(f.type);
      return DataType::Struct(std::move(fields));
    }
    default: return type;
  }
}

// --- before binding ----------------------------------------------------------------------------------
ExpressionPtr MapPlanChildren(const ExpressionPtr& expr, const std::function<ExpressionPtr(const ExpressionPtr&)>& fn) {
  bool changed = false;
  auto one = [&](ExpressionPtr* e) {
    if (*e == nullptr) return;
    ExpressionPtr n = fn(*e);
    changed = changed || n != *e;
    *e = std::move(n);
  };
  auto list = [&](std::vector<ExpressionPtr>* l) {
    for (ExpressionPtr& e : *l) one(&e);
  };
  auto finish = [&](auto copy) -> ExpressionPtr { return changed ? ExpressionPtr(std::move(copy)) : expr; };
  switch (expr->kind) {
    case ExpressionKind::kFunction: {
      auto c = std::make_shared<plan::UnresolvedFunction>(expr->As<plan::UnresolvedFunction>());
      list(&c->args);
      one(&c->filter);
      list(&c->order_by);
      return finish(c);
    }
    case ExpressionKind::kAlias: {
      auto c = std::make_shared<plan::Alias>(expr->As<plan::Alias>());
      one(&c->child);
      return finish(c);
    }
    case ExpressionKind::kCast: {
      auto c = std::make_shared<plan::Cast>(expr->As<plan::Cast>());
      one(&c->child);
      return finish(c);
    }
    case ExpressionKind::kSortOrder: {
      auto c = std::make_shared<plan::SortOrder>(expr->As<plan::SortOrder>());
      one(&c->child);
      return finish(c);
    }
    case ExpressionKind::kWindow: {
      auto c = std::make_shared<plan::Window>(expr->As<plan::Window>());
      one(&c->function);
      list(&c->partition_by);
      list(&c->order_by);
      one(&c->start.value);
      one(&c->end.value);
      return finish(c);
    }
    case ExpressionKind::kLambda: {
      auto c = std::make_shared<plan::LambdaFunction>(expr->As<plan::LambdaFunction>());
      one(&c->body);
      return finish(c);
    }
    case ExpressionKind::kExtractValue: {
      auto c = std::make_shared<plan::UnresolvedExtractValue>(expr->As<plan::UnresolvedExtractValue>());
      one(&c->child);
      one(&c->extraction);
      return finish(c);
    }
    case ExpressionKind::kUpdateFields: {
      auto c = std::make_shared<plan::UpdateFields>(expr->As<plan::UpdateFields>());
      one(&c->child);
      one(&c->value);
      return finish(c);
    }
    case ExpressionKind::kNamedArgument: {
      auto c = std::make_shared<plan::NamedArgument>(expr->As<plan::NamedArgument>());
      one(&c->value);
      return finish(c);
    }
    case ExpressionKind::kSubquery: {
      auto c = std::make_shared<plan::SubqueryExpression>(expr->As<plan::SubqueryExpression>());
      list(&c->values);
      return finish(c);
    }
    case ExpressionKind::kPythonUdf: {
      auto c = std::make_shared<plan::PythonUdfCall>(expr->As<plan::PythonUdfCall>());
      list(&c->args);
      return finish(c);
    }
    case ExpressionKind::kGroupingAnalytics: {
      auto c = std::make_shared<plan::GroupingAnalytics>(expr->As<plan::GroupingAnalytics>());
      for (auto& set : c->sets) list(&set);
      return finish(c);
    }
    default: return expr;
  }
}

namespace {

// A parameter (:name or ?) that has no value: the parser marks it as a call.
Status UnboundParameter(const plan::UnresolvedFunction& marker) {
  const engine::Value& key = marker.args.at(0)->As<plan::Literal>().value;
  const auto* name = std::get_if<std::string>(&key.v);
  const std::string shown = name != nullptr ? *name : "_" + std::to_string(std::max(marker.origin.start, 0));
  Status status = Error("UNBOUND_SQL_PARAMETER", {{"name", shown}});
  return std::move(status).WithPosition(marker.origin.start, marker.origin.stop);
}

}  // namespace

Result<ExpressionPtr> ExpressionBinder::PrepareNode(const ExpressionPtr& expr) {
  if (expr->kind == ExpressionKind::kExpressionString) {
    ASSIGN_OR_RETURN(ExpressionPtr parsed,
                     sql::ParseExpression(expr->As<plan::ExpressionString>().text, binder_->options().parser));
    return Prepare(parsed);
  }
  if (expr->kind == ExpressionKind::kFunction) {
    const auto& call = expr->As<plan::UnresolvedFunction>();
    if (types::EqualsIgnoreCase(call.name, "count") && !call.is_distinct && call.args.size() == 1 &&
        call.args[0]->kind == ExpressionKind::kStar && !call.args[0]->As<plan::UnresolvedStar>().target.empty()) {
      std::string target;
      for (const auto& p : call.args[0]->As<plan::UnresolvedStar>().target) target += (target.empty() ? "" : ".") + p;
      return Error("_LEGACY_ERROR_TEMP_1021", {{"targetString", target}});
    }
    if (const auto function = binder_->catalog_ ? binder_->catalog_->FindPythonFunction(call.name) : nullptr) {
      return ExpressionPtr(std::make_shared<plan::PythonUdfCall>(function, call.args));  // shown by its own name
    }
    if (call.name == "__positional_parameter" || call.name == "__named_parameter") return UnboundParameter(call);
    if (call.args.size() == 1 && !call.is_distinct && types::EqualsIgnoreCase(call.name, "count") &&
        call.args[0]->kind == ExpressionKind::kStar && call.args[0]->As<plan::UnresolvedStar>().target.empty() &&
        call.args[0]->As<plan::UnresolvedStar>().except.empty()) {
      auto copy = std::make_shared<plan::UnresolvedFunction>(call);
      copy->args = {std::make_shared<plan::Literal>(engine::Value{int64_t{1}}, TypeId::kInteger)};
      return ExpressionPtr(copy);
    }
  }
  return expr;
}

Result<ExpressionPtr> ExpressionBinder::Prepare(const ExpressionPtr& expr) {
  RETURN_IF_ERROR(binder_->EnterDepth());
  Status failed;
  ExpressionPtr mapped = MapPlanChildren(expr, [&](const ExpressionPtr& child) -> ExpressionPtr {
    if (!failed.ok()) return child;
    Result<ExpressionPtr> prepared = Prepare(child);
    if (prepared.ok()) return prepared.value();
    failed = prepared.status();
    return child;
  });
  binder_->LeaveDepth();
  RETURN_IF_ERROR(failed);
  return PrepareNode(mapped);
}

// --- names of results --------------------------------------------------------------------------------
void ExpressionBinder::Remember(const plan::UnresolvedAttribute& attribute, const Found& found) {
  Shown shown;
  shown.last = attribute.parts.back();
  for (const std::string& p : attribute.parts) shown.text += (shown.text.empty() ? "" : ".") + p;
  if (found.attribute) {
    shown.text = attribute.parts.back();
    for (const std::string& q : found.qualifier) shown.qualified += q + ".";
    shown.qualified += attribute.parts.back();
  } else if (found.lateral || found.expr->kind == ExprKind::kCall) {
    if (found.name != attribute.parts.back()) shown.text = found.name;
    shown.qualified = shown.text;
  } else {
    shown.qualified = shown.text;
  }
  shown_[&attribute] = std::move(shown);
}

namespace {

// `expr` with the columns in place of the stars among the arguments of its calls, to be shown.
using ExpandStar = std::function<Result<std::vector<NamedExpr>>(const ExpressionPtr&)>;
ExpressionPtr WithoutStars(const ExpressionPtr& expr, const ExpandStar& expand) {
  const ExpressionPtr mapped =
      MapPlanChildren(expr, [&](const ExpressionPtr& child) { return WithoutStars(child, expand); });
  if (mapped->kind != ExpressionKind::kFunction) return mapped;
  const auto& call = mapped->As<plan::UnresolvedFunction>();
  const auto is_star = [](const ExpressionPtr& e) { return e->kind == ExpressionKind::kStar; };
  if (std::none_of(call.args.begin(), call.args.end(), is_star)) return mapped;
  auto copy = std::make_shared<plan::UnresolvedFunction>(call);
  copy->args.clear();
  for (const ExpressionPtr& arg : call.args) {
    const auto columns = is_star(arg) ? expand(arg) : Result<std::vector<NamedExpr>>(std::vector<NamedExpr>());
    if (!is_star(arg) || !columns.ok()) copy->args.push_back(arg);
    if (!columns.ok()) continue;
    for (const NamedExpr& column : *columns) {
      copy->args.push_back(std::make_shared<plan::UnresolvedAttribute>(std::vector<std::string>{column.name}));
    }
  }
  return copy;
}

}  // namespace

std::string ExpressionBinder::NameOf(const ExpressionPtr& named) {
  const ExpressionPtr expr = WithoutStars(named, [this](const ExpressionPtr& star) { return Expand(star); });
  sql::PrettyOptions options;
  options.attribute = [this](const plan::UnresolvedAttribute& a) {
    auto it = shown_.find(&a);
    if (it != shown_.end()) return it->second.text;
    std::string text;
    for (const std::string& p : a.parts) text += (text.empty() ? "" : ".") + p;
    return text;
  };
  options.type_of = [this](const plan::Expression& e) {
    const auto it = types_.find(&e);
    return it == types_.end() ? nullptr : &it->second;
  };
  return sql::PrettyName(*expr, options);
}

std::string ExpressionBinder::QualifiedSql(const ExpressionPtr& expr) {
  sql::PrettyOptions options;
  options.attribute = [this](const plan::UnresolvedAttribute& a) {
    auto it = shown_.find(&a);
    return it != shown_.end() ? it->second.qualified : a.parts.back();
  };
  return sql::PrettyName(*expr, options);
}

Result<NamedExpr> ExpressionBinder::BindNamed(const ExpressionPtr& expr) {
  ASSIGN_OR_RETURN(ExpressionPtr prepared, Prepare(expr));
  return BindNamedTree(prepared);
}

Result<NamedExpr> ExpressionBinder::BindNamedTree(const ExpressionPtr& expr) {
  if (expr->kind == ExpressionKind::kAttribute) {
    ASSIGN_OR_RETURN(Found found, BindAttribute(expr->As<plan::UnresolvedAttribute>()));
    Remember(expr->As<plan::UnresolvedAttribute>(), found);
    if (found.lateral) found.name = expr->As<plan::UnresolvedAttribute>().parts.back();
    return NamedExpr{found.expr, found.name, found.metadata, found.qualifier, found.attribute};
  }
  if (expr->kind == ExpressionKind::kAlias) {
    const auto& alias = expr->As<plan::Alias>();
    if (alias.names.size() != 1) {
      return Error("_LEGACY_ERROR_TEMP_1332", {{"errorMessage", "Expected one alias for " + NameOf(alias.child)}});
    }
    ASSIGN_OR_RETURN(NamedExpr item, BindNamedTree(alias.child));
    item.name = alias.names[0];
    const bool named = item.attribute || alias.child->kind == ExpressionKind::kAttribute ||
                       alias.child->kind == ExpressionKind::kAlias;
    if (alias.metadata) {
      item.metadata = *alias.metadata;
    } else if (!named) {
      item.metadata = "{}";
    }
    item.attribute = false;
    item.qualifier.clear();
    return item;
  }
  ASSIGN_OR_RETURN(ExprPtr bound, BindTree(expr));
  if (expr->kind == ExpressionKind::kCast) {
    const ExpressionPtr& child = expr->As<plan::Cast>().child;
    if (child->kind == ExpressionKind::kAttribute) {
      return NamedExpr{bound, child->As<plan::UnresolvedAttribute>().parts.back()};
    }
    if (child->kind == ExpressionKind::kAlias) return NamedExpr{bound, child->As<plan::Alias>().names.back()};
  }
  if (scope_->time_window != nullptr && bound->kind == ExprKind::kColumn &&
      bound->As<engine::ColumnExpr>().id == scope_->time_window->column.id) {
    const Column& window = scope_->time_window->column;
    return NamedExpr{bound, window.name, window.metadata, {}, true};
  }
  return NamedExpr{bound, NameOf(expr)};
}

Result<std::vector<NamedExpr>> ExpressionBinder::BindList(const std::vector<ExpressionPtr>& exprs) {
  std::vector<NamedExpr> items;
  for (const ExpressionPtr& e : exprs) {
    ASSIGN_OR_RETURN(ExpressionPtr prepared, Prepare(e));
    if (prepared->kind == ExpressionKind::kStar || prepared->kind == ExpressionKind::kRegex) {
      ASSIGN_OR_RETURN(auto expanded, Expand(prepared));
      std::move(expanded.begin(), expanded.end(), std::back_inserter(items));
    } else {
      ASSIGN_OR_RETURN(NamedExpr item, BindNamedTree(prepared));
      items.push_back(std::move(item));
    }
  }
  return items;
}

// --- one expression ----------------------------------------------------------------------------------
Result<ExprPtr> ExpressionBinder::Bind(const ExpressionPtr& expr) {
  ASSIGN_OR_RETURN(ExpressionPtr prepared, Prepare(expr));
  return BindTree(prepared);
}

Result<ExprPtr> ExpressionBinder::BindTree(const ExpressionPtr& expr) {
  RETURN_IF_ERROR(binder_->EnterDepth());
  Result<ExprPtr> bound = BindKind(expr);
  binder_->LeaveDepth();
  if (bound.ok()) types_.insert_or_assign(expr.get(), bound.value()->type);
  if (!bound.ok() && bound.status().start_index() < 0 && expr->origin.start >= 0) {
    Status status = bound.status();
    return std::move(status).WithPosition(expr->origin.start, expr->origin.stop);
  }
  return bound;
}

Result<ExprPtr> ExpressionBinder::BindKind(const ExpressionPtr& expr) {
  switch (expr->kind) {
    case ExpressionKind::kLiteral: {
      const auto& l = expr->As<plan::Literal>();
      return ExprPtr(std::make_shared<engine::Literal>(l.value, WithoutCharVarchar(l.type)));
    }
    case ExpressionKind::kAttribute: {
      const auto& attribute = expr->As<plan::UnresolvedAttribute>();
      ASSIGN_OR_RETURN(Found found, BindAttribute(attribute));
      Remember(attribute, found);
      return found.expr;
    }
    case ExpressionKind::kStar:
    case ExpressionKind::kRegex:
      return Error("INVALID_USAGE_OF_STAR_OR_REGEX", {{"elem", "'*'"}, {"prettyName", "expression `expression`"}});
    case ExpressionKind::kFunction: return BindCall(expr->As<plan::UnresolvedFunction>(), false);
    case ExpressionKind::kExpressionString: return Bind(expr);
    case ExpressionKind::kAlias: return BindTree(expr->As<plan::Alias>().child);
    case ExpressionKind::kCast: return BindCast(expr->As<plan::Cast>());
    case ExpressionKind::kSortOrder: return BindTree(expr->As<plan::SortOrder>().child);
    case ExpressionKind::kWindow: return BindWindow(expr->As<plan::Window>());
    case ExpressionKind::kLambda:
      return Error("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", {{"class", "expression"}});
    case ExpressionKind::kLambdaVariable: {
      const auto& parts = expr->As<plan::UnresolvedLambdaVariable>().parts;
      if (auto found = LookupLambda(parts)) {
        ExprPtr value = found->expr;
        for (size_t i = 1; i < parts.size(); ++i) {
          ASSIGN_OR_RETURN(value, ExtractField(binder_, value, parts[i], parts[0]));
        }
        return value;
      }
      return UnresolvedColumn(plan::UnresolvedAttribute(parts));
    }
    case ExpressionKind::kExtractValue: {
      const auto& extract = expr->As<plan::UnresolvedExtractValue>();
      ASSIGN_OR_RETURN(ExprPtr child, BindTree(extract.child));
      ASSIGN_OR_RETURN(ExprPtr key, BindTree(extract.extraction));
      return Extract(child, key, extract.child);
    }
    case ExpressionKind::kUpdateFields: return BindUpdateFields(expr->As<plan::UpdateFields>());
    case ExpressionKind::kNamedArgument: return BindTree(expr->As<plan::NamedArgument>().value);
    case ExpressionKind::kSubquery: return BindSubquery(expr->As<plan::SubqueryExpression>());
    case ExpressionKind::kGroupingAnalytics: return Error("UNSUPPORTED_GROUPING_EXPRESSION");
    case ExpressionKind::kPythonUdf: return BindPythonUdf(expr->As<plan::PythonUdfCall>());
    case ExpressionKind::kUnsupported: return Unsupported(expr->As<plan::UnsupportedExpression>().what);
  }
  return InternalError("unknown expression kind");
}

Result<engine::SortKey> ExpressionBinder::BindSortKey(const ExpressionPtr& expr) {
  ASSIGN_OR_RETURN(ExpressionPtr prepared, Prepare(expr));
  engine::SortKey key;
  if (prepared->kind != ExpressionKind::kSortOrder) {
    ASSIGN_OR_RETURN(key.expr, BindTree(prepared));
    return key;
  }
  const auto& order = prepared->As<plan::SortOrder>();
  ASSIGN_OR_RETURN(key.expr, BindTree(order.child));
  if (!functions::IsOrderable(key.expr->type)) {
    return Error(
        "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
        {{"sqlExpr", QuotedSql(prepared)}, {"functionName", "`sortorder`"}, {"dataType", QuotedType(key.expr->type)}});
  }
  key.ascending = order.ascending;
  key.nulls_first =
      order.nulls == plan::SortOrder::Nulls::kDefault ? order.ascending : order.nulls == plan::SortOrder::Nulls::kFirst;
  return key;
}

Result<ExprPtr> ExpressionBinder::BindCast(const plan::Cast& cast) {
  ASSIGN_OR_RETURN(ExprPtr child, BindTree(cast.child));
  DataType type = cast.type;
  if (!cast.type_text.empty()) {
    ASSIGN_OR_RETURN(type, sql::ParseDataType(cast.type_text));
  }
  type = WithoutCharVarchar(type);
  const functions::FunctionContext& context = binder_->context();
  using Mode = plan::Cast::Mode;
  const bool ansi = cast.mode == Mode::kAnsi || (cast.mode == Mode::kDefault && context.ansi);
  const bool try_cast = cast.mode == Mode::kTry;
  if (!functions::CanCast(child->type, type, ansi || try_cast)) {
    ErrorParams params{{"sqlExpr", "\"CAST(" + sql::PrettyName(*cast.child) + " AS " + type.Sql() + ")\""},
                       {"srcType", QuotedType(child->type)},
                       {"targetType", QuotedType(type)}};
    if (ansi && functions::CanCast(child->type, type, false)) {
      params.emplace_back("config", "\"spark.sql.ansi.enabled\"");
      params.emplace_back("configVal", "'false'");
      return Error("DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION", std::move(params));
    }
    return Error("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", std::move(params));
  }
  if (child->type == type) return child;
  if (cast.mode == Mode::kDefault && !child->type.SameType(type)) return functions::CastTo(child, type, context);
  const engine::CastMode mode =
      try_cast ? engine::CastMode::kTry : (ansi ? engine::CastMode::kAnsi : engine::CastMode::kLegacy);
  const bool nullable = child->nullable || try_cast || (!ansi && functions::CastForcesNull(child->type, type));
  return ExprPtr(std::make_shared<engine::Cast>(child, type, nullable, mode, context.time_zone));
}

// --- nested values -----------------------------------------------------------------------------------
namespace {

Status FieldNotFound(const std::vector<types::StructField>& fields, const std::string& field) {
  std::string names;
  for (const auto& f : fields) names += (names.empty() ? "" : ", ") + types::QuoteIdentifier(f.name);
  return Error("FIELD_NOT_FOUND", {{"fieldName", types::QuoteIdentifier(field)}, {"fields", names}});
}

Result<size_t> FindField(const Binder& binder, const DataType& type, const std::string& field) {
  const int at = type.FieldIndex(field, binder.options().case_sensitive);
  if (at >= 0) return static_cast<size_t>(at);
  if (at == -1) return FieldNotFound(type.fields(), field);
  const auto count = std::count_if(type.fields().begin(), type.fields().end(),
                                   [&](const auto& f) { return binder.SameName(f.name, field); });
  return Error("AMBIGUOUS_REFERENCE_TO_FIELDS",
               {{"field", types::QuoteIdentifier(field)}, {"count", std::to_string(count)}});
}

}  // namespace

Result<ExprPtr> ExtractField(Binder* binder, const ExprPtr& child, const std::string& field, const std::string& sql) {
  const DataType& type = child->type;
  if (type.Is(TypeId::kStruct)) {
    ASSIGN_OR_RETURN(size_t at, FindField(*binder, type, field));
    const types::StructField& f = type.fields()[at];
    return engine::MakeCall("struct_field", {child, engine::MakeString(f.name)}, f.type, child->nullable || f.nullable);
  }
  if (type.Is(TypeId::kArray) && type.element().Is(TypeId::kStruct)) {
    ASSIGN_OR_RETURN(size_t at, FindField(*binder, type.element(), field));
    return binder->CallFunction("get_array_struct_field",
                                {child, engine::MakeString(type.element().fields()[at].name)});
  }
  if (type.Is(TypeId::kMap)) return binder->CallFunction("getitem", {child, engine::MakeString(field)});
  return Error("INVALID_EXTRACT_BASE_FIELD_TYPE", {{"base", "\"" + sql + "\""}, {"other", QuotedType(type)}});
}

Result<ExprPtr> ExpressionBinder::Extract(const ExprPtr& child, const ExprPtr& key, const ExpressionPtr& origin) {
  const DataType& type = child->type;
  const bool struct_like = type.Is(TypeId::kStruct) || (type.Is(TypeId::kArray) && type.element().Is(TypeId::kStruct));
  if (struct_like && engine::IsLiteral(key) && key->type.Is(TypeId::kString)) {
    const auto* name = std::get_if<std::string>(&key->As<engine::Literal>().value.v);
    if (name != nullptr) return ExtractField(binder_, child, *name, NameOf(origin));
  }
  if (type.Is(TypeId::kStruct)) {
    return Error("INVALID_EXTRACT_FIELD_TYPE", {{"extraction", "\"" + functions::ExprSql(key) + "\""}});
  }
  if (type.Is(TypeId::kArray) || type.Is(TypeId::kMap)) return binder_->CallFunction("getitem", {child, key});
  return Error("INVALID_EXTRACT_BASE_FIELD_TYPE",
               {{"base", "\"" + NameOf(origin) + "\""}, {"other", QuotedType(type)}});
}

Result<ExprPtr> ExpressionBinder::BindUpdateFields(const plan::UpdateFields& update) {
  ASSIGN_OR_RETURN(ExprPtr base, BindTree(update.child));
  ExprPtr value;
  if (update.value != nullptr) {
    ASSIGN_OR_RETURN(value, BindTree(update.value));
  }
  ASSIGN_OR_RETURN(std::vector<std::string> path, sql::ParseMultipartIdentifier(update.field));
  return UpdateField(base, path, 0, value, update);
}

Result<ExprPtr> ExpressionBinder::UpdateField(const ExprPtr& base, const std::vector<std::string>& path, size_t at,
                                              const ExprPtr& value, const plan::UpdateFields& update) {
  if (!base->type.Is(TypeId::kStruct)) {
    return Error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                 {{"sqlExpr", "\"update_fields(" + NameOf(update.child) + ")\""},
                  {"paramIndex", "1"},
                  {"requiredType", "\"STRUCT\""},
                  {"inputSql", "\"" + NameOf(update.child) + "\""},
                  {"inputType", QuotedType(base->type)}});
  }
  std::vector<ExprPtr> args;
  std::vector<types::StructField> fields;
  auto add = [&](const std::string& name, const ExprPtr& e) {
    args.push_back(engine::MakeString(name));
    args.push_back(e);
    fields.push_back({name, e->type, e->nullable, "{}"});
  };
  bool matched = false;
  for (const types::StructField& f : base->type.fields()) {
    ExprPtr current =
        engine::MakeCall("struct_field", {base, engine::MakeString(f.name)}, f.type, base->nullable || f.nullable);
    if (!binder_->SameName(f.name, path[at])) {
      auto kept = std::make_shared<engine::Call>(current->As<engine::Call>());
      kept->nullable = f.nullable;  // only read where the struct is not null
      add(f.name, kept);
      continue;
    }
    matched = true;
    if (at + 1 < path.size()) {
      ASSIGN_OR_RETURN(ExprPtr inner, UpdateField(current, path, at + 1, value, update));
      add(f.name, inner);
    } else if (value != nullptr) {
      add(path[at], value);
    }
  }
  if (!matched && at + 1 < path.size()) return FieldNotFound(base->type.fields(), path[at]);
  if (!matched && value != nullptr) add(path[at], value);
  if (fields.empty()) {
    return Error("DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS",
                 {{"sqlExpr", "\"update_fields(" + NameOf(update.child) + ", dropfield())\""}});
  }
  DataType type = DataType::Struct(std::move(fields));
  ExprPtr made = engine::MakeCall("named_struct", std::move(args), type, false);
  if (!base->nullable) return made;
  ExprPtr is_null = engine::MakeCall("isnull", {base}, TypeId::kBoolean, false);
  std::vector<std::pair<ExprPtr, ExprPtr>> branches{{is_null, engine::MakeNull(type)}};
  return ExprPtr(std::make_shared<engine::Case>(std::move(branches), made, type, true));
}

}  // namespace deltic::spark::resolve
