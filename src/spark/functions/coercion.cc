#include "spark/functions/coercion.h"

#include <algorithm>

#include "engine/plan/decimal_rules.h"

namespace deltic::spark::functions {
namespace {

using engine::DecimalShape;

DecimalShape ShapeOf(const DataType& decimal) { return {decimal.precision(), decimal.scale()}; }
DataType Of(DecimalShape shape) { return DataType::Decimal(shape.precision, shape.scale); }

bool IsDatetime(const DataType& t) {
  return t.Is(TypeId::kDate) || t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz);
}

// DecimalType.isWiderThan for a numeric type that is no decimal or one that is.
bool DecimalHolds(const DataType& decimal, const DataType& other) {
  DecimalShape o;
  if (other.Is(TypeId::kDecimal)) {
    o = ShapeOf(other);
  } else if (other.IsIntegral()) {
    o = ShapeOf(DecimalForIntegral(other));
  } else {
    return false;
  }
  return decimal.precision() - decimal.scale() >= o.precision - o.scale && decimal.scale() >= o.scale;
}

using Combine = std::optional<DataType> (*)(const DataType&, const DataType&, bool);

// findTypeForComplex: arrays, maps and structs of equal names, element by element.
std::optional<DataType> CombineNested(const DataType& a, const DataType& b, Combine combine, bool ansi) {
  if (a.Is(TypeId::kArray) && b.Is(TypeId::kArray)) {
    auto element = combine(a.element(), b.element(), ansi);
    if (!element) return std::nullopt;
    bool nulls = a.contains_null() || b.contains_null() || CastForcesNull(a.element(), *element) ||
                 CastForcesNull(b.element(), *element);
    return DataType::Array(*element, nulls);
  }
  if (a.Is(TypeId::kMap) && b.Is(TypeId::kMap)) {
    auto key = combine(a.key(), b.key(), ansi);
    auto value = combine(a.value(), b.value(), ansi);
    if (!key || !value || CastForcesNull(a.key(), *key) || CastForcesNull(b.key(), *key)) return std::nullopt;
    bool nulls = a.contains_null() || b.contains_null() || CastForcesNull(a.value(), *value) ||
                 CastForcesNull(b.value(), *value);
    return DataType::Map(*key, *value, nulls);
  }
  if (a.Is(TypeId::kStruct) && b.Is(TypeId::kStruct)) {
    const auto& fa = a.fields();
    const auto& fb = b.fields();
    if (fa.size() != fb.size()) return std::nullopt;
    std::vector<types::StructField> fields;
    for (size_t i = 0; i < fa.size(); ++i) {
      if (!types::EqualsIgnoreCase(fa[i].name, fb[i].name)) return std::nullopt;
      auto type = combine(fa[i].type, fb[i].type, ansi);
      if (!type) return std::nullopt;
      bool nullable =
          fa[i].nullable || fb[i].nullable || CastForcesNull(fa[i].type, *type) || CastForcesNull(fb[i].type, *type);
      fields.push_back({fa[i].name, *type, nullable, "{}"});
    }
    return DataType::Struct(std::move(fields));
  }
  return std::nullopt;
}

std::optional<DataType> WiderDecimalType(const DataType& a, const DataType& b) {
  bool da = a.Is(TypeId::kDecimal);
  bool db = b.Is(TypeId::kDecimal);
  if (da && db) return Of(engine::WiderDecimal(ShapeOf(a), ShapeOf(b)));
  if (!da && !db) return std::nullopt;
  const DataType& decimal = da ? a : b;
  const DataType& other = da ? b : a;
  if (other.IsIntegral()) return Of(engine::WiderDecimal(ShapeOf(decimal), ShapeOf(DecimalForIntegral(other))));
  if (other.IsFractional()) return DataType(TypeId::kDouble);
  return std::nullopt;
}

// ANSI: what a string becomes beside `other`.
std::optional<DataType> AnsiStringPartner(const DataType& other) {
  if (other.IsIntegral()) return DataType(TypeId::kLong);
  if (other.IsFractional() || other.Is(TypeId::kDecimal)) return DataType(TypeId::kDouble);
  if (other.IsString() || other.Is(TypeId::kNull)) return DataType(TypeId::kString);
  if (other.IsInterval() || !other.IsAtomic()) return std::nullopt;
  return other;
}

std::optional<DataType> PromoteToString(const DataType& a, const DataType& b, bool ansi) {
  if (!a.IsString() && !b.IsString()) return std::nullopt;
  const DataType& other = a.IsString() ? b : a;
  if (ansi) return AnsiStringPartner(other);
  if (!other.IsAtomic() || other.Is(TypeId::kBinary) || other.Is(TypeId::kBoolean) ||
      other.Is(TypeId::kCalendarInterval)) {
    return std::nullopt;
  }
  return DataType(TypeId::kString);
}

bool HasString(const DataType& t) { return t.IsString() || (t.Is(TypeId::kArray) && HasString(t.element())); }

std::optional<DataType> WidestPairWithoutStrings(const DataType& a, const DataType& b, bool ansi) {
  if (auto t = TightestCommonType(a, b, ansi)) return t;
  if (auto t = WiderDecimalType(a, b)) return t;
  return CombineNested(a, b, &WidestPairWithoutStrings, ansi);
}

std::optional<DataType> WidestPair(const DataType& a, const DataType& b, bool ansi) {
  return WidestCommonType(a, b, ansi);
}

}  // namespace

DataType DecimalForIntegral(const DataType& integral) {
  switch (integral.id()) {
    case TypeId::kByte: return DataType::Decimal(3, 0);
    case TypeId::kShort: return DataType::Decimal(5, 0);
    case TypeId::kInteger: return DataType::Decimal(10, 0);
    case TypeId::kLong: return DataType::Decimal(20, 0);
    case TypeId::kFloat: return DataType::Decimal(14, 7);
    case TypeId::kDouble: return DataType::Decimal(30, 15);
    case TypeId::kDecimal: return integral;
    default: return DataType::Decimal(38, 18);
  }
}

DataType DecimalForOperand(const ExprPtr& integral) {
  if (!engine::IsLiteral(integral)) return DecimalForIntegral(integral->type);
  const auto* value = std::get_if<int64_t>(&integral->As<engine::Literal>().value.v);
  if (value == nullptr) return DecimalForIntegral(integral->type);
  int digits = 1;
  for (int64_t v = *value / 10; v != 0; v /= 10) ++digits;
  return DataType::Decimal(digits, 0);
}

DataType DecimalAdjust(int precision, int scale) { return Of(engine::AdjustDecimal(precision, scale)); }

std::optional<DataType> TightestCommonType(const DataType& a, const DataType& b, bool ansi) {
  if (a == b) return a;
  if (a.Is(TypeId::kNull)) return b;
  if (b.Is(TypeId::kNull)) return a;
  if (a.IsString() && b.IsString()) return DataType(TypeId::kString);
  if (a.IsIntegral() && b.Is(TypeId::kDecimal) && DecimalHolds(b, a)) return b;
  if (b.IsIntegral() && a.Is(TypeId::kDecimal) && DecimalHolds(a, b)) return a;
  if (a.IsNumeric() && b.IsNumeric() && !a.Is(TypeId::kDecimal) && !b.Is(TypeId::kDecimal)) {
    const DataType& wide = a.id() > b.id() ? a : b;
    if (ansi && wide.Is(TypeId::kFloat)) return DataType(TypeId::kDouble);
    return wide;
  }
  if (IsDatetime(a) && IsDatetime(b)) {
    bool instant = a.Is(TypeId::kTimestamp) || b.Is(TypeId::kTimestamp);
    return DataType(instant ? TypeId::kTimestamp : TypeId::kTimestampNtz);
  }
  if (a.id() == b.id() && a.Is(TypeId::kDayTimeInterval)) {
    return DataType::DayTimeInterval(std::min(a.start_field(), b.start_field()),
                                     std::max(a.end_field(), b.end_field()));
  }
  if (a.id() == b.id() && a.Is(TypeId::kYearMonthInterval)) {
    return DataType::YearMonthInterval(std::min(a.start_field(), b.start_field()),
                                       std::max(a.end_field(), b.end_field()));
  }
  return CombineNested(a, b, &TightestCommonType, ansi);
}

std::optional<DataType> WidestCommonType(const DataType& a, const DataType& b, bool ansi) {
  if (auto t = TightestCommonType(a, b, ansi)) return t;
  if (auto t = WiderDecimalType(a, b)) return t;
  if (auto t = PromoteToString(a, b, ansi)) return t;
  return CombineNested(a, b, &WidestPair, ansi);
}

std::optional<DataType> WidestCommonType(std::span<const DataType> types, bool ansi) {
  std::vector<DataType> ordered(types.begin(), types.end());
  // Strings first: the fold over pairs is not associative (string with date with int).
  std::stable_partition(ordered.begin(), ordered.end(), HasString);
  std::optional<DataType> common = DataType();
  for (const DataType& t : ordered) {
    common = WidestCommonType(*common, t, ansi);
    if (!common) return std::nullopt;
  }
  return common;
}

std::optional<DataType> WidestWithoutStrings(std::span<const DataType> types, bool ansi) {
  std::optional<DataType> common = DataType();
  for (const DataType& t : types) {
    common = WidestPairWithoutStrings(*common, t, ansi);
    if (!common) return std::nullopt;
  }
  return common;
}

namespace {

std::optional<DataType> ImplicitType(const DataType& from, const DataType& to, bool ansi);

std::optional<DataType> ImplicitNested(const DataType& from, const DataType& to, bool ansi) {
  if (from.Is(TypeId::kArray) && to.Is(TypeId::kArray)) {
    auto element = ImplicitType(from.element(), to.element(), ansi);
    if (!element) return std::nullopt;
    bool forced = CastForcesNull(from.element(), *element);
    if (!to.contains_null() && (from.contains_null() || forced)) return std::nullopt;
    return DataType::Array(*element, from.contains_null() || forced);
  }
  if (from.Is(TypeId::kMap) && to.Is(TypeId::kMap)) {
    auto key = ImplicitType(from.key(), to.key(), ansi);
    auto value = ImplicitType(from.value(), to.value(), ansi);
    if (!key || !value || CastForcesNull(from.key(), *key)) return std::nullopt;
    bool forced = CastForcesNull(from.value(), *value);
    if (!to.contains_null() && (from.contains_null() || forced)) return std::nullopt;
    return DataType::Map(*key, *value, from.contains_null() || forced);
  }
  return std::nullopt;
}

std::optional<DataType> ImplicitType(const DataType& from, const DataType& to, bool ansi) {
  if (from.SameType(to) && !from.IsNested()) return to;
  if (from.SameType(to)) return from;
  if (from.Is(TypeId::kNull)) return to;
  if (from.IsString() && to.IsString()) return to;
  if (from.id() == to.id() && (from.Is(TypeId::kDayTimeInterval) || from.Is(TypeId::kYearMonthInterval))) return from;
  if (ansi) {
    if (from.IsString() && to.IsAtomic()) return to;
    return CanStoreAssign(from, to) ? std::optional(to) : std::nullopt;
  }
  if (from.IsNumeric() && to.IsNumeric()) return to;
  if (IsDatetime(from) && IsDatetime(to)) return to;
  if (from.IsString() && (to.IsNumeric() || IsDatetime(to) || to.Is(TypeId::kBinary))) return to;
  if (from.IsAtomic() && !from.Is(TypeId::kCalendarInterval) && to.IsString()) return to;
  return ImplicitNested(from, to, ansi);
}

}  // namespace

std::optional<ExprPtr> ImplicitCast(const ExprPtr& expr, const DataType& to, const FunctionContext& context) {
  auto type = ImplicitType(expr->type, to, context.ansi);
  if (!type) return std::nullopt;
  return CastTo(expr, *type, context);
}

bool IsOrderable(const DataType& type) {
  switch (type.id()) {
    case TypeId::kMap:
    case TypeId::kCalendarInterval:
    case TypeId::kVariant: return false;
    case TypeId::kArray: return IsOrderable(type.element());
    case TypeId::kStruct:
      return std::all_of(type.fields().begin(), type.fields().end(),
                         [](const types::StructField& f) { return IsOrderable(f.type); });
    default: return true;
  }
}

std::optional<DataType> ComparisonType(const DataType& left, const DataType& right, bool equality, bool ansi) {
  if (left == right) return left;
  if (left.IsString() != right.IsString()) {
    const DataType& other = left.IsString() ? right : left;
    if (ansi) return AnsiStringPartner(other);
    if (other.Is(TypeId::kNull)) return DataType(TypeId::kString);
    if (other.Is(TypeId::kDecimal)) return DataType(TypeId::kDouble);
    if (other.IsAtomic() && !other.IsInterval()) return other;
    return std::nullopt;
  }
  if (equality && !ansi) {  // BooleanEquality
    if (left.Is(TypeId::kBoolean) && right.IsNumeric()) return right;
    if (right.Is(TypeId::kBoolean) && left.IsNumeric()) return left;
  }
  return WidestPairWithoutStrings(left, right, ansi);
}

Status CoerceComparison(ExprPtr* left, ExprPtr* right, std::string_view op_name, const FunctionContext& context) {
  bool equality = op_name == "=" || op_name == "==" || op_name == "<=>" || op_name == "!=" || op_name == "<>";
  auto type = ComparisonType((*left)->type, (*right)->type, equality, context.ansi);
  const auto sql = [&] { return "\"(" + ExprSql(*left) + " " + std::string(op_name) + " " + ExprSql(*right) + ")\""; };
  if (!type) {
    return Error("DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES", {{"sqlExpr", sql()},
                                                            {"left", "\"" + (*left)->type.Sql() + "\""},
                                                            {"right", "\"" + (*right)->type.Sql() + "\""}});
  }
  if (!IsOrderable(*type)) {
    return Error("DATATYPE_MISMATCH.INVALID_ORDERING_TYPE", {{"functionName", types::QuoteIdentifier(op_name)},
                                                             {"dataType", "\"" + type->Sql() + "\""},
                                                             {"sqlExpr", sql()}});
  }
  *left = CastTo(*left, *type, context);
  *right = CastTo(*right, *type, context);
  return Status::Ok();
}

Status CoerceSame(std::vector<ExprPtr>* args, std::string_view name, const FunctionContext& context) {
  std::vector<DataType> types;
  types.reserve(args->size());
  for (const ExprPtr& arg : *args) types.push_back(arg->type);
  auto common = WidestCommonType(types, context.ansi);
  if (!common) {
    std::string sql(name);
    std::string listed;
    sql += "(";
    for (size_t i = 0; i < args->size(); ++i) {
      sql += (i > 0 ? ", " : "") + ExprSql((*args)[i]);
      listed += (i > 0 ? " or \"" : "\"") + types[i].Sql() + "\"";
    }
    return Error("DATATYPE_MISMATCH.DATA_DIFF_TYPES", {{"sqlExpr", "\"" + sql + ")\""},
                                                       {"functionName", types::QuoteIdentifier(name)},
                                                       {"dataType", "(" + listed + ")"}});
  }
  for (ExprPtr& arg : *args) arg = CastTo(arg, *common, context);
  return Status::Ok();
}

Status UnexpectedInputType(const FunctionCall& call, size_t index, std::string required) {
  return Error("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                           {"paramIndex", std::to_string(index + 1)},
                                                           {"requiredType", std::move(required)},
                                                           {"inputSql", "\"" + ExprSql(call.args[index]) + "\""},
                                                           {"inputType", "\"" + call.args[index]->type.Sql() + "\""}});
}

}  // namespace deltic::spark::functions
