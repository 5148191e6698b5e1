#include "spark/resolve/match_schema.h"

#include <algorithm>

#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

namespace {

Status WrongType(const std::vector<std::string>& path, const DataType& type, const DataType& expected) {
  return Error("INVALID_COLUMN_OR_FIELD_DATA_TYPE",
               {{"name", QuoteParts(path)}, {"type", QuotedType(type)}, {"expectedType", QuotedType(expected)}});
}

Status CheckNullable(bool nullable, bool allowed, const std::vector<std::string>& path) {
  if (!nullable || allowed) return Status::Ok();
  return Error("NULLABLE_COLUMN_OR_FIELD", {{"name", QuoteParts(path)}});
}

// Only atomic types and containers of them: structs inside arrays and maps must agree field by field.
Status CheckContained(const DataType& from, const DataType& to, std::vector<std::string> path) {
  if (from.Is(TypeId::kArray) && to.Is(TypeId::kArray)) {
    path.emplace_back("element");
    RETURN_IF_ERROR(CheckNullable(from.contains_null(), to.contains_null(), path));
    return CheckContained(from.element(), to.element(), std::move(path));
  }
  if (from.Is(TypeId::kMap) && to.Is(TypeId::kMap)) {
    std::vector<std::string> key = path;
    key.emplace_back("key");
    RETURN_IF_ERROR(CheckContained(from.key(), to.key(), std::move(key)));
    path.emplace_back("value");
    RETURN_IF_ERROR(CheckNullable(from.contains_null(), to.contains_null(), path));
    return CheckContained(from.value(), to.value(), std::move(path));
  }
  if (!from.SameType(to) && !functions::CanStoreAssign(from, to)) return WrongType(path, from, to);
  return Status::Ok();
}

Result<ExprPtr> Match(Binder* binder, const ExprPtr& value, const DataType& to, std::vector<std::string> path);

Result<ExprPtr> MatchStruct(Binder* binder, const ExprPtr& value, const DataType& to, std::vector<std::string> path) {
  std::vector<ExprPtr> args;
  std::vector<types::StructField> fields;
  for (const types::StructField& f : to.fields()) {
    const int at = value->type.FieldIndex(f.name, binder->options().case_sensitive);
    std::vector<std::string> inner = path;
    inner.push_back(f.name);
    if (at < 0) {
      std::vector<std::vector<std::string>> candidates;
      for (const auto& own : value->type.fields()) candidates.push_back({own.name});
      return Error("UNRESOLVED_FIELD.WITH_SUGGESTION", {{"fieldName", types::QuoteIdentifier(f.name)},
                                                        {"columnPath", QuoteParts(path)},
                                                        {"proposal", Suggestions({f.name}, std::move(candidates))}});
    }
    const types::StructField& own = value->type.fields()[static_cast<size_t>(at)];
    RETURN_IF_ERROR(CheckNullable(own.nullable, f.nullable, inner));
    ExprPtr field = engine::MakeCall("struct_field", {value, engine::MakeString(own.name)}, own.type, own.nullable);
    ASSIGN_OR_RETURN(field, Match(binder, field, f.type, std::move(inner)));
    args.push_back(engine::MakeString(f.name));
    fields.push_back({f.name, field->type, field->nullable, f.metadata == "{}" ? own.metadata : f.metadata});
    args.push_back(std::move(field));
  }
  DataType type = DataType::Struct(std::move(fields));
  ExprPtr made = engine::MakeCall("named_struct", std::move(args), type, false);
  if (!value->nullable) return made;
  std::vector<std::pair<ExprPtr, ExprPtr>> branches{
      {engine::MakeCall("isnull", {value}, TypeId::kBoolean, false), engine::MakeNull(type)}};
  return ExprPtr(std::make_shared<engine::Case>(std::move(branches), made, type, true));
}

Result<ExprPtr> Match(Binder* binder, const ExprPtr& value, const DataType& to, std::vector<std::string> path) {
  if (value->type == to) return value;
  if (value->type.Is(TypeId::kStruct) && to.Is(TypeId::kStruct)) return MatchStruct(binder, value, to, std::move(path));
  RETURN_IF_ERROR(CheckContained(value->type, to, path));
  if (value->type.SameType(to)) return value;
  return ExprPtr(std::make_shared<engine::Cast>(value, to, value->nullable, engine::CastMode::kStore,
                                                binder->context().time_zone));
}

}  // namespace

Result<std::vector<NamedExpr>> MatchSchema(Binder* binder, const std::vector<Column>& columns, const DataType& schema) {
  std::vector<NamedExpr> items;
  for (const types::StructField& f : schema.fields()) {
    std::vector<const Column*> matches;
    for (const Column& c : columns) {
      if (binder->SameName(c.name, f.name)) matches.push_back(&c);
    }
    if (matches.empty()) {
      std::vector<std::vector<std::string>> candidates;
      for (const Column& c : columns) candidates.push_back({c.name});
      return Error("UNRESOLVED_COLUMN.WITH_SUGGESTION", {{"objectName", types::QuoteIdentifier(f.name)},
                                                         {"proposal", Suggestions({f.name}, std::move(candidates))}});
    }
    if (matches.size() > 1) {
      return Error("AMBIGUOUS_COLUMN_OR_FIELD",
                   {{"name", types::QuoteIdentifier(f.name)}, {"n", std::to_string(matches.size())}});
    }
    const Column& c = *matches[0];
    RETURN_IF_ERROR(CheckNullable(c.nullable, f.nullable, {f.name}));
    ASSIGN_OR_RETURN(ExprPtr value, Match(binder, ColumnRef(c), WithoutCharVarchar(f.type), {f.name}));
    const bool plain = value->kind == ExprKind::kColumn && c.name == f.name;
    items.push_back({value, f.name, f.metadata == "{}" ? c.metadata : f.metadata, c.qualifier, plain});
  }
  return items;
}

}  // namespace deltic::spark::resolve
