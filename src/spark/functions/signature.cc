#include "spark/functions/signature.h"

#include "spark/functions/coercion.h"

namespace deltic::spark::functions {
namespace {

// The types a parameter accepts, in the order Spark tries them; empty: matched by kind only.
std::vector<DataType> AcceptedTypes(Arg arg) {
  switch (arg) {
    case Arg::kString: return {TypeId::kString};
    case Arg::kBinary: return {TypeId::kBinary};
    case Arg::kStringOrBinary: return {TypeId::kString, TypeId::kBinary};
    case Arg::kBoolean: return {TypeId::kBoolean};
    case Arg::kInt: return {TypeId::kInteger};
    case Arg::kLong: return {TypeId::kLong};
    case Arg::kDouble: return {TypeId::kDouble};
    case Arg::kDate: return {TypeId::kDate};
    case Arg::kTimestamp: return {TypeId::kTimestamp};
    case Arg::kTimestampNtz: return {TypeId::kTimestampNtz};
    case Arg::kAnyTimestamp: return {TypeId::kTimestamp, TypeId::kTimestampNtz};
    case Arg::kDateOrTimestamp: return {TypeId::kDate, TypeId::kTimestamp, TypeId::kTimestampNtz};
    case Arg::kCalendarInterval: return {TypeId::kCalendarInterval};
    case Arg::kDayTimeInterval: return {DataType::DayTimeInterval()};
    case Arg::kStringArray: return {DataType::Array(TypeId::kString)};
    default: return {};
  }
}

bool MatchesKind(const DataType& type, Arg arg) {
  switch (arg) {
    case Arg::kAny: return true;
    case Arg::kNumeric: return type.IsNumeric();
    case Arg::kArray: return type.Is(TypeId::kArray);
    case Arg::kMap: return type.Is(TypeId::kMap);
    case Arg::kStruct: return type.Is(TypeId::kStruct);
    case Arg::kDayTimeInterval: return type.Is(TypeId::kDayTimeInterval);
    case Arg::kStringArray: return type.Is(TypeId::kArray) && type.element().IsString();
    default: break;
  }
  for (const auto& accepted : AcceptedTypes(arg)) {
    if (type.SameType(accepted) || (accepted.IsString() && type.IsString())) return true;
  }
  return false;
}

}  // namespace

std::string RequiredType(Arg arg) {
  switch (arg) {
    case Arg::kNumeric: return "\"NUMERIC\"";
    case Arg::kArray: return "\"ARRAY\"";
    case Arg::kMap: return "\"MAP\"";
    case Arg::kStruct: return "\"STRUCT\"";
    case Arg::kAnyTimestamp: return "(\"TIMESTAMP\" or \"TIMESTAMP WITHOUT TIME ZONE\")";
    default: break;
  }
  const auto types = AcceptedTypes(arg);
  if (types.size() == 1) return "\"" + types[0].Sql() + "\"";
  std::string text = "(";
  for (size_t i = 0; i < types.size(); i++) text += (i > 0 ? " or \"" : "\"") + types[i].Sql() + "\"";
  return text + ")";
}

Result<ExprPtr> CoerceTo(const FunctionCall& call, size_t index, Arg arg, const FunctionContext& context) {
  const ExprPtr& expr = call.args[index];
  if (MatchesKind(expr->type, arg)) return expr;
  if (expr->type.Is(TypeId::kNull) && arg == Arg::kNumeric) return CastTo(expr, TypeId::kDouble, context);
  if (expr->type.IsString() && arg == Arg::kNumeric) return CastTo(expr, TypeId::kDouble, context);
  if (expr->type.Is(TypeId::kNull) && arg == Arg::kArray) {
    return CastTo(expr, DataType::Array(TypeId::kNull), context);
  }
  if (expr->type.Is(TypeId::kNull) && arg == Arg::kMap) {
    return CastTo(expr, DataType::Map(TypeId::kNull, TypeId::kNull), context);
  }
  for (const auto& type : AcceptedTypes(arg)) {
    if (auto cast = ImplicitCast(expr, type, context)) return *cast;
  }
  return UnexpectedInputType(call, index, RequiredType(arg));
}

Result<std::vector<ExprPtr>> CoerceAll(const FunctionCall& call, const std::vector<Arg>& params,
                                       const FunctionContext& context) {
  std::vector<ExprPtr> args;
  args.reserve(call.args.size());
  for (size_t i = 0; i < call.args.size(); i++) {
    ASSIGN_OR_RETURN(auto arg, CoerceTo(call, i, params[std::min(i, params.size() - 1)], context));
    args.push_back(std::move(arg));
  }
  return args;
}

ExprPtr Exact(std::string function, std::vector<ExprPtr> args, DataType type, bool nullable) {
  return engine::MakeCall(std::move(function), std::move(args), std::move(type), nullable, true);
}

ScalarBuilder Lower(Signature signature) {
  return [s = std::move(signature)](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, s.params, context));
    const size_t missing =
        args.size() >= s.params.size() ? 0 : std::min(s.defaults.size(), s.params.size() - args.size());
    args.insert(args.end(), s.defaults.end() - static_cast<ptrdiff_t>(missing), s.defaults.end());
    const bool nullable = s.nulls == Nulls::kAlways || (s.nulls == Nulls::kAny && AnyNullable(args));
    if (s.zone) args.push_back(engine::MakeString(context.time_zone));
    if (s.ansi) args.push_back(engine::MakeBool(context.ansi));
    return Exact(s.engine, std::move(args), s.result, nullable);
  };
}

FunctionRow Row(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                ScalarBuilder build, std::string_view since, std::string_view doc) {
  FunctionRow row = Scalar(name, std::move(aliases), min_args, max_args, nullptr, since, doc);
  row.build = std::move(build);
  return row;
}

ExprPtr FieldOf(const ExprPtr& structure, const types::StructField& field) {
  return engine::MakeCall("struct_field", {structure, engine::MakeString(field.name)}, field.type,
                          structure->nullable || field.nullable);
}

std::optional<std::string> ConstantString(const ExprPtr& expr) {
  if (!engine::IsLiteral(expr)) return std::nullopt;
  const auto* text = std::get_if<std::string>(&expr->As<engine::Literal>().value.v);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<int64_t> ConstantInt(const ExprPtr& expr) {
  if (!engine::IsLiteral(expr)) return std::nullopt;
  const auto* number = std::get_if<int64_t>(&expr->As<engine::Literal>().value.v);
  return number == nullptr ? std::nullopt : std::optional(*number);
}

Status NonFoldable(const FunctionCall& call, size_t index, std::string_view input_name, std::string_view type) {
  return Error("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", {{"sqlExpr", "\"" + call.name + "\""},
                                                        {"inputName", std::string(input_name)},
                                                        {"inputType", "\"" + std::string(type) + "\""},
                                                        {"inputExpr", "\"" + ExprSql(call.args[index]) + "\""}});
}

}  // namespace deltic::spark::functions
