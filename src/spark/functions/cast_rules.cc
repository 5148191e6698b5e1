// Which casts Spark allows, when they can produce NULL, and the folding of constant ones.
#include <cmath>

#include "engine/plan/decimal_rules.h"
#include "spark/functions/coercion.h"
#include "spark/functions/variant.h"

namespace deltic::spark::functions {
namespace {

bool IsAnsiInterval(const DataType& t) { return t.Is(TypeId::kDayTimeInterval) || t.Is(TypeId::kYearMonthInterval); }
bool IsTimestampLike(const DataType& t) { return t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz); }
bool IsDatetime(const DataType& t) { return t.Is(TypeId::kDate) || IsTimestampLike(t); }
bool IsExactNumeric(const DataType& t) { return t.IsIntegral() || t.Is(TypeId::kDecimal); }

// Nulls may not get into a place whose type has none.
bool NullsFit(bool from, bool to) { return !from || to; }

bool CanCastNested(const DataType& from, const DataType& to, bool ansi) {
  if (from.Is(TypeId::kArray)) {
    return CanCast(from.element(), to.element(), ansi) &&
           NullsFit(from.contains_null() || CastForcesNull(from.element(), to.element()), to.contains_null());
  }
  if (from.Is(TypeId::kMap)) {
    return CanCast(from.key(), to.key(), ansi) && !CastForcesNull(from.key(), to.key()) &&
           CanCast(from.value(), to.value(), ansi) &&
           NullsFit(from.contains_null() || CastForcesNull(from.value(), to.value()), to.contains_null());
  }
  const auto& a = from.fields();
  const auto& b = to.fields();
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!CanCast(a[i].type, b[i].type, ansi)) return false;
    if (!NullsFit(a[i].nullable || CastForcesNull(a[i].type, b[i].type), b[i].nullable)) return false;
  }
  return true;
}

// Casts to a boolean, number or timestamp, where ANSI and legacy differ.
bool CanCastScalar(const DataType& from, const DataType& to, bool ansi) {
  if (to.IsString()) return true;
  if (to.Is(TypeId::kBinary)) return from.IsString() || (!ansi && from.IsIntegral());
  if (to.Is(TypeId::kBoolean)) {
    return from.IsString() || from.IsNumeric() || (!ansi && (from.Is(TypeId::kDate) || from.Is(TypeId::kTimestamp)));
  }
  if (to.IsNumeric()) {
    if (IsAnsiInterval(from)) return IsExactNumeric(to);
    return from.IsString() || from.Is(TypeId::kBoolean) || from.IsNumeric() || from.Is(TypeId::kTimestamp) ||
           (!ansi && from.Is(TypeId::kDate));
  }
  if (to.Is(TypeId::kTimestamp)) {
    return from.IsString() || IsDatetime(from) || from.IsNumeric() || (!ansi && from.Is(TypeId::kBoolean));
  }
  if (to.Is(TypeId::kTimestampNtz) || to.Is(TypeId::kDate)) return from.IsString() || IsDatetime(from);
  if (to.Is(TypeId::kCalendarInterval)) return from.IsString();
  if (IsAnsiInterval(to)) return from.IsString() || from.id() == to.id() || IsExactNumeric(from);
  return false;
}

bool DecimalAlwaysFits(const DataType& from, const DataType& decimal) {
  int integer_digits = decimal.precision() - decimal.scale();
  if (from.Is(TypeId::kBoolean)) return integer_digits >= 1;
  if (from.IsIntegral()) {
    DataType d = DecimalForIntegral(from);
    return integer_digits >= d.precision();
  }
  if (!from.Is(TypeId::kDecimal)) return false;
  int from_digits = from.precision() - from.scale();
  return from_digits < integer_digits || (from_digits <= integer_digits && decimal.scale() >= from.scale());
}

std::optional<int64_t> Narrow(int64_t v, TypeId to) {
  auto fits = [v](int bits) { return v >= -(int64_t{1} << (bits - 1)) && v < (int64_t{1} << (bits - 1)); };
  switch (to) {
    case TypeId::kByte: return fits(8) ? std::optional(v) : std::nullopt;
    case TypeId::kShort: return fits(16) ? std::optional(v) : std::nullopt;
    case TypeId::kInteger: return fits(32) ? std::optional(v) : std::nullopt;
    default: return v;
  }
}

std::optional<engine::Value> ToDecimal(engine::Int128 unscaled, int from_scale, const DataType& to) {
  if (from_scale > to.scale()) return std::nullopt;  // rounding is the engine's work
  engine::Int128 limit = 1;
  for (int i = 0; i < to.precision(); ++i) limit *= 10;
  for (int i = from_scale; i < to.scale(); ++i) {
    if (unscaled >= limit || unscaled <= -limit) return std::nullopt;
    unscaled *= 10;
  }
  if (unscaled >= limit || unscaled <= -limit) return std::nullopt;
  return engine::Value{unscaled};
}

// The value of a constant after the cast, where that needs no care: widening numbers. nullopt: leave the cast.
std::optional<engine::Value> Fold(const engine::Value& value, const DataType& from, const DataType& to) {
  if (value.IsNull()) return engine::Value{};
  if (const auto* i = std::get_if<int64_t>(&value.v); i != nullptr && from.IsIntegral()) {
    if (to.IsIntegral()) {
      auto n = Narrow(*i, to.id());
      return n ? std::optional(engine::Value{*n}) : std::nullopt;
    }
    if (to.Is(TypeId::kDouble)) return engine::Value{static_cast<double>(*i)};
    if (to.Is(TypeId::kFloat)) return engine::Value{static_cast<double>(static_cast<float>(*i))};
    if (to.Is(TypeId::kDecimal)) return ToDecimal(*i, 0, to);
    if (to.IsString()) return engine::Value{std::to_string(*i)};
    return std::nullopt;
  }
  if (const auto* d = std::get_if<engine::Int128>(&value.v); d != nullptr && to.Is(TypeId::kDecimal)) {
    return ToDecimal(*d, from.scale(), to);
  }
  if (std::holds_alternative<double>(value.v) && from.Is(TypeId::kFloat) && to.Is(TypeId::kDouble)) return value;
  if (from.IsString() && (to.IsString() || to.Is(TypeId::kBinary))) return value;
  return std::nullopt;
}

// Spark's special date texts: epoch, now, today, yesterday and tomorrow stand for constants of the query. Null when
// the text is none of them.
ExprPtr SpecialDatetime(std::string_view text, const DataType& to, const FunctionContext& context) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20) text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20) text.remove_suffix(1);
  std::string word = types::ToLower(text);
  auto instant = [](int64_t micros) -> ExprPtr {
    return std::make_shared<engine::Literal>(engine::Value{micros}, TypeId::kTimestamp);
  };
  if (word == "epoch") {
    return std::make_shared<engine::Literal>(engine::Value{int64_t{0}}, to);  // in UTC, whatever the session zone
  }
  if (word == "now") return CastTo(instant(context.query_start_micros), to, context);
  int32_t days = word == "yesterday" ? -1 : word == "tomorrow" ? 1 : 0;
  if (days == 0 && word != "today") return nullptr;
  ExprPtr date = CastTo(instant(context.query_start_micros), TypeId::kDate, context);
  if (days != 0) {
    date = engine::MakeCall("spark_op_date_add_days", {date, engine::MakeInt(days)}, TypeId::kDate, false, true);
  }
  return CastTo(date, to, context);
}

ExprPtr SpecialLiteral(const engine::Literal& literal, const DataType& to, const FunctionContext& context) {
  bool datetime = to.Is(TypeId::kDate) || to.Is(TypeId::kTimestamp) || to.Is(TypeId::kTimestampNtz);
  const auto* text = std::get_if<std::string>(&literal.value.v);
  if (!datetime || text == nullptr || !literal.type.IsString()) return nullptr;
  return SpecialDatetime(*text, to, context);
}

}  // namespace

bool CanCast(const DataType& from, const DataType& to, bool ansi) {
  if (from == to || from.Is(TypeId::kNull)) return true;
  if (to.Is(TypeId::kVariant)) return IsVariantCompatible(from, false);
  if (from.Is(TypeId::kVariant)) return IsVariantCompatible(to, true);
  if (from.IsNested() && from.id() == to.id()) return CanCastNested(from, to, ansi);
  return CanCastScalar(from, to, ansi);
}

bool CanStoreAssign(const DataType& from, const DataType& to) {
  if (from == to || from.Is(TypeId::kNull)) return true;
  if (from.IsNumeric() && to.IsNumeric()) return true;
  if (to.IsString()) return from.IsAtomic();
  if (IsDatetime(from) && IsDatetime(to)) return true;
  if (IsAnsiInterval(from) && from.id() == to.id()) return true;
  if (from.id() != to.id() || !from.IsNested()) return false;
  if (from.Is(TypeId::kArray)) {
    return NullsFit(from.contains_null(), to.contains_null()) && CanStoreAssign(from.element(), to.element());
  }
  if (from.Is(TypeId::kMap)) {
    return NullsFit(from.contains_null(), to.contains_null()) && CanStoreAssign(from.key(), to.key()) &&
           CanStoreAssign(from.value(), to.value());
  }
  const auto& a = from.fields();
  const auto& b = to.fields();
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!NullsFit(a[i].nullable, b[i].nullable) || !CanStoreAssign(a[i].type, b[i].type)) return false;
  }
  return true;
}

bool CastForcesNull(const DataType& from, const DataType& to) {
  if (from.Is(TypeId::kNull) || from == to) return false;
  if (from.Is(TypeId::kVariant)) return true;
  if (from.IsString() && (to.Is(TypeId::kBinary) || to.IsString())) return false;
  if (from.IsString()) return true;
  if (to.IsString()) return false;
  if (from.IsFractional() && to.Is(TypeId::kTimestamp)) return true;
  if (from.Is(TypeId::kTimestamp) && to.Is(TypeId::kDate)) return false;
  if (to.Is(TypeId::kDate)) return true;
  if (from.Is(TypeId::kDate) && to.Is(TypeId::kTimestamp)) return false;
  if (from.Is(TypeId::kDate)) return true;
  if (to.Is(TypeId::kCalendarInterval)) return true;
  if (to.Is(TypeId::kDecimal) && !DecimalAlwaysFits(from, to)) return true;
  return (from.IsFractional() || from.Is(TypeId::kDecimal)) && to.IsIntegral();
}

ExprPtr CastTo(ExprPtr expr, const DataType& type, const FunctionContext& context) {
  if (expr->type.SameType(type, true)) return expr;
  if (engine::IsLiteral(expr)) {
    if (ExprPtr special = SpecialLiteral(expr->As<engine::Literal>(), type, context)) return special;
    if (auto folded = Fold(expr->As<engine::Literal>().value, expr->type, type)) {
      auto literal = std::make_shared<engine::Literal>(std::move(*folded), type);
      // Folding must not change what the schema says.
      literal->nullable = expr->nullable || CastForcesNull(expr->type, type);
      return literal;
    }
  }
  bool nullable = expr->nullable || CastForcesNull(expr->type, type);
  auto mode = context.ansi ? engine::CastMode::kAnsi : engine::CastMode::kLegacy;
  return std::make_shared<engine::Cast>(std::move(expr), type, nullable, mode, context.time_zone);
}

}  // namespace deltic::spark::functions
