#include "engine/functions/cast.h"

#include "duckdb/parser/expression/list.hpp"
#include "engine/functions/throw.h"
#include "engine/type_map.h"

namespace deltic::engine::functions {
namespace {

using Expr = duckdb::unique_ptr<duckdb::ParsedExpression>;
using duckdb::make_uniq;

Expr Const(duckdb::Value value) { return make_uniq<duckdb::ConstantExpression>(std::move(value)); }
Expr Text(std::string_view text) { return Const(duckdb::Value(std::string(text))); }
Expr Int(int32_t v) { return Const(duckdb::Value::INTEGER(v)); }

template <typename... Args>
Expr Call(const std::string& name, Args... args) {
  duckdb::vector<Expr> list;
  (list.push_back(std::move(args)), ...);
  return make_uniq<duckdb::FunctionExpression>(name, std::move(list));
}
Expr Native(Expr child, const DataType& to) {
  return make_uniq<duckdb::CastExpression>(ToDuckType(to), std::move(child), false);
}

bool IsTimestampLike(const DataType& t) { return t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz); }
bool IsAnsiInterval(const DataType& t) { return t.Is(TypeId::kDayTimeInterval) || t.Is(TypeId::kYearMonthInterval); }

const char* NumberName(const DataType& t) {
  switch (t.id()) {
    case TypeId::kByte: return "byte";
    case TypeId::kShort: return "short";
    case TypeId::kInteger: return "int";
    case TypeId::kLong: return "long";
    case TypeId::kFloat: return "float";
    case TypeId::kDouble: return "double";
    case TypeId::kDecimal: return "decimal";
    default: return "";
  }
}

// Digits before the point that a number may have.
int IntegerDigits(const DataType& t) {
  switch (t.id()) {
    case TypeId::kBoolean: return 1;
    case TypeId::kByte: return 3;
    case TypeId::kShort: return 5;
    case TypeId::kInteger: return 10;
    case TypeId::kLong: return 19;
    default: return t.precision() - t.scale();
  }
}

class Caster {
 public:
  Caster(CastMode mode, const std::string& zone) : mode_(mode), zone_(zone) {}

  Expr Run(Expr child, const DataType& from, const DataType& to, int depth) {
    constexpr int kMaxDepth = 64;
    if (depth > kMaxDepth) ThrowStatus(Unsupported("cast of a type nested more than 64 levels"));
    if (from.Is(TypeId::kNull)) {
      Expr null = Const(duckdb::Value(ToDuckType(to)));
      if (child->GetExpressionClass() == duckdb::ExpressionClass::CONSTANT) return null;
      // raise_error() has no type: what can fail is still evaluated.
      duckdb::vector<Expr> args;
      args.push_back(std::move(child));
      args.push_back(std::move(null));
      return duckdb::make_uniq<duckdb::FunctionExpression>("spark_second_after_first", std::move(args));
    }
    if (from.SameType(to, true) || (from.IsString() && to.IsString())) return child;
    if (from.Is(TypeId::kVariant)) return OfVariant(std::move(child), to);
    if (to.Is(TypeId::kVariant)) return Call("spark_to_variant", std::move(child), Text(from.Json()));
    if (to.IsString()) return ToText(std::move(child), from);
    if (from.IsNested() || to.IsNested()) return Nested(std::move(child), from, to, depth);
    switch (to.id()) {
      case TypeId::kBinary: return ToBinary(std::move(child), from, to);
      case TypeId::kBoolean: return ToBoolean(std::move(child), from, to);
      case TypeId::kByte:
      case TypeId::kShort:
      case TypeId::kInteger:
      case TypeId::kLong: return ToIntegral(std::move(child), from, to);
      case TypeId::kFloat:
      case TypeId::kDouble: return ToReal(std::move(child), from, to);
      case TypeId::kDecimal: return ToDecimal(std::move(child), from, to);
      case TypeId::kDate: return ToDate(std::move(child), from, to);
      case TypeId::kTimestamp:
      case TypeId::kTimestampNtz: return ToTimestamp(std::move(child), from, to);
      default: return ToInterval(std::move(child), from, to);
    }
  }

 private:
  [[noreturn]] static void Refuse(const DataType& from, const DataType& to) {
    ThrowStatus(Unsupported("cast from " + from.Sql() + " to " + to.Sql()));
  }
  // The kernel of this mode: nothing for ANSI off, _ansi, _try or _store.
  std::string Named(const std::string& name) const {
    switch (mode_) {
      case CastMode::kLegacy: return name;
      case CastMode::kAnsi: return name + "_ansi";
      case CastMode::kTry: return name + "_try";
      case CastMode::kStore: return name + "_store";
    }
    return name;
  }
  // Where only "error or NULL" matters.
  std::string Strict(const std::string& name) const {
    return mode_ == CastMode::kAnsi || mode_ == CastMode::kStore ? name + "_ansi" : name;
  }
  bool Ansi() const { return mode_ == CastMode::kAnsi || mode_ == CastMode::kStore; }

  Expr OfVariant(Expr child, const DataType& to) {
    const DataType target = to.IsString() ? DataType(TypeId::kString) : to;
    return Call("spark_variant_cast", std::move(child), Const(duckdb::Value(ToDuckType(target))), Text(target.Json()),
                Text(zone_), Const(duckdb::Value::BOOLEAN(mode_ != CastMode::kTry)));
  }

  Expr ToText(Expr child, const DataType& from) {
    switch (from.id()) {
      case TypeId::kBoolean:
      case TypeId::kByte:
      case TypeId::kShort:
      case TypeId::kInteger:
      case TypeId::kLong: return Native(std::move(child), TypeId::kString);
      case TypeId::kFloat: return Call("spark_float_to_string", std::move(child));
      case TypeId::kDouble: return Call("spark_double_to_string", std::move(child));
      case TypeId::kDecimal:
        return Call(Ansi() ? "spark_decimal_to_plain_string" : "spark_decimal_to_string", std::move(child));
      case TypeId::kBinary: return Call("spark_binary_to_string", std::move(child));
      case TypeId::kDate: return Call("spark_date_to_string", std::move(child));
      case TypeId::kTimestamp: return Call("spark_timestamp_to_string", std::move(child), Text(zone_));
      case TypeId::kTimestampNtz: return Call("spark_timestamp_ntz_to_string", std::move(child));
      case TypeId::kDayTimeInterval:
        return Call("spark_day_time_to_string", std::move(child), Int(from.start_field()), Int(from.end_field()));
      case TypeId::kYearMonthInterval:
        return Call("spark_year_month_to_string", std::move(child), Int(from.start_field()), Int(from.end_field()));
      case TypeId::kCalendarInterval: return Call("spark_calendar_to_string", std::move(child));
      case TypeId::kArray:
      case TypeId::kMap:
      case TypeId::kStruct:
        return Call("spark_nested_to_string", std::move(child), Text(from.Json()), Text(zone_),
                    Const(duckdb::Value::BOOLEAN(Ansi())));
      default: Refuse(from, TypeId::kString);
    }
  }

  Expr ToBinary(Expr child, const DataType& from, const DataType& to) {
    if (from.IsString()) return Call("encode", std::move(child));
    if (from.IsIntegral()) return Call(std::string("spark_") + NumberName(from) + "_to_binary", std::move(child));
    Refuse(from, to);
  }

  Expr ToBoolean(Expr child, const DataType& from, const DataType& to) {
    if (from.IsString()) return Call(Strict("spark_string_to_boolean"), std::move(child));
    if (from.IsNumeric()) {
      return make_uniq<duckdb::ComparisonExpression>(duckdb::ExpressionType::COMPARE_NOTEQUAL, std::move(child),
                                                     Native(Int(0), from));
    }
    if (from.Is(TypeId::kTimestamp)) return Call("spark_timestamp_to_boolean", std::move(child));
    if (from.Is(TypeId::kDate)) return Const(duckdb::Value(duckdb::LogicalType::BOOLEAN));
    Refuse(from, to);
  }

  Expr ToIntegral(Expr child, const DataType& from, const DataType& to) {
    std::string target = NumberName(to);
    if (from.IsString()) {
      std::string name = "spark_string_to_" + target;
      return Call(mode_ == CastMode::kTry ? name + "_try" : Strict(name), std::move(child));
    }
    if (from.Is(TypeId::kBoolean)) return Native(std::move(child), to);
    if (from.IsIntegral()) {
      if (from.id() < to.id()) return Native(std::move(child), to);
      return Call(Named(std::string("spark_") + NumberName(from) + "_to_" + target), std::move(child));
    }
    if (from.IsFractional() || from.Is(TypeId::kDecimal)) {
      return Call(Named(std::string("spark_") + NumberName(from) + "_to_" + target), std::move(child));
    }
    if (from.Is(TypeId::kTimestamp)) {
      Expr seconds = Call("spark_timestamp_to_long", std::move(child));
      if (to.Is(TypeId::kLong)) return seconds;
      return Call(Named("spark_long_to_" + target), std::move(seconds));
    }
    if (from.Is(TypeId::kDate)) return Const(duckdb::Value(ToDuckType(to)));
    if (IsAnsiInterval(from)) {
      Expr whole = Call(from.Is(TypeId::kDayTimeInterval) ? "spark_day_time_to_long" : "spark_year_month_to_long",
                        std::move(child), Int(from.end_field()));
      if (to.Is(TypeId::kLong)) return whole;
      return Call("spark_long_to_" + target + "_ansi", std::move(whole));
    }
    Refuse(from, to);
  }

  Expr ToReal(Expr child, const DataType& from, const DataType& to) {
    bool is_float = to.Is(TypeId::kFloat);
    if (from.IsString()) {
      return Call(Strict(is_float ? "spark_string_to_float" : "spark_string_to_double"), std::move(child));
    }
    if (from.Is(TypeId::kDouble)) return Call("spark_double_to_float", std::move(child));
    if (from.Is(TypeId::kBoolean) || from.IsIntegral() || from.Is(TypeId::kFloat)) return Native(std::move(child), to);
    if (from.Is(TypeId::kDecimal)) {
      return Call(is_float ? "spark_decimal_to_float" : "spark_decimal_to_double", std::move(child));
    }
    if (from.Is(TypeId::kTimestamp)) {
      Expr seconds = Call("spark_timestamp_to_double", std::move(child));
      return is_float ? Call("spark_double_to_float", std::move(seconds)) : std::move(seconds);
    }
    if (from.Is(TypeId::kDate)) return Const(duckdb::Value(ToDuckType(to)));
    Refuse(from, to);
  }

  Expr ToDecimal(Expr child, const DataType& from, const DataType& to) {
    Expr precision = Int(to.precision());
    Expr scale = Int(to.scale());
    auto checked = [&](const std::string& kernel, Expr value) {
      return Call(Strict(kernel), std::move(value), std::move(precision), std::move(scale));
    };
    if (from.IsString()) return checked("spark_string_to_decimal", std::move(child));
    bool always_fits = IntegerDigits(from) <= to.precision() - to.scale();
    if (from.Is(TypeId::kBoolean)) {
      Expr number = Native(std::move(child), TypeId::kInteger);
      return always_fits ? Native(std::move(number), to)
                         : checked("spark_long_to_decimal", Native(std::move(number), TypeId::kLong));
    }
    if (from.IsIntegral()) {
      if (always_fits) return Native(std::move(child), to);
      return checked("spark_long_to_decimal", Native(std::move(child), TypeId::kLong));
    }
    if (from.Is(TypeId::kDecimal)) {
      if (always_fits && from.scale() <= to.scale()) return Native(std::move(child), to);
      return checked("spark_decimal_to_decimal", std::move(child));
    }
    if (from.Is(TypeId::kFloat)) child = Native(std::move(child), TypeId::kDouble);
    if (from.Is(TypeId::kTimestamp)) child = Call("spark_timestamp_to_double", std::move(child));
    if (from.IsFractional() || from.Is(TypeId::kTimestamp)) return checked("spark_double_to_decimal", std::move(child));
    if (from.Is(TypeId::kDate)) return Const(duckdb::Value(ToDuckType(to)));
    if (from.Is(TypeId::kYearMonthInterval)) {
      return checked("spark_long_to_decimal",
                     Call("spark_year_month_to_long", std::move(child), Int(from.end_field())));
    }
    if (from.Is(TypeId::kDayTimeInterval)) {
      return checked("spark_decimal_to_decimal",
                     Call("spark_day_time_to_decimal", std::move(child), Int(from.end_field())));
    }
    Refuse(from, to);
  }

  Expr ToDate(Expr child, const DataType& from, const DataType& to) {
    if (from.IsString()) return Call(Strict("spark_string_to_date"), std::move(child));
    if (from.Is(TypeId::kTimestampNtz)) return Native(std::move(child), to);
    if (from.Is(TypeId::kTimestamp)) return Call("spark_timestamp_to_date", std::move(child), Text(zone_));
    Refuse(from, to);
  }

  Expr ToTimestamp(Expr child, const DataType& from, const DataType& to) {
    bool ntz = to.Is(TypeId::kTimestampNtz);
    if (from.IsString()) {
      if (ntz) return Call(Strict("spark_string_to_timestamp_ntz"), std::move(child));
      return Call(Strict("spark_string_to_timestamp"), std::move(child), Text(zone_));
    }
    if (from.Is(TypeId::kDate)) {
      if (ntz) return Native(std::move(child), to);
      return Call("spark_date_to_timestamp", std::move(child), Text(zone_));
    }
    if (IsTimestampLike(from)) {
      return Call(ntz ? "spark_timestamp_to_ntz" : "spark_ntz_to_timestamp", std::move(child), Text(zone_));
    }
    if (ntz) Refuse(from, to);
    if (from.Is(TypeId::kBoolean)) return Call("spark_boolean_to_timestamp", std::move(child));
    if (from.IsIntegral()) return Call("spark_long_to_timestamp", Native(std::move(child), TypeId::kLong));
    if (from.Is(TypeId::kFloat)) child = Native(std::move(child), TypeId::kDouble);
    if (from.IsFractional()) return Call(Strict("spark_double_to_timestamp"), std::move(child));
    if (from.Is(TypeId::kDecimal)) return Call("spark_decimal_to_timestamp", std::move(child));
    Refuse(from, to);
  }

  Expr ToInterval(Expr child, const DataType& from, const DataType& to) {
    if (IsAnsiInterval(to) && from.id() == to.id()) {
      const char* kernel = to.Is(TypeId::kDayTimeInterval) ? "spark_day_time_truncate" : "spark_year_month_truncate";
      return Call(kernel, std::move(child), Int(to.end_field()));
    }
    if (from.IsString()) {
      if (to.Is(TypeId::kCalendarInterval)) return Call(Strict("spark_string_to_calendar"), std::move(child));
      if (!IsAnsiInterval(to)) Refuse(from, to);
      const char* kernel = to.Is(TypeId::kDayTimeInterval) ? "spark_string_to_day_time" : "spark_string_to_year_month";
      return Call(Strict(kernel), std::move(child), Int(to.start_field()), Int(to.end_field()));
    }
    if (IsAnsiInterval(to) && from.IsIntegral()) {
      const char* kernel = to.Is(TypeId::kDayTimeInterval) ? "spark_long_to_day_time" : "spark_long_to_year_month";
      return Call(kernel, Native(std::move(child), TypeId::kLong), Int(to.end_field()));
    }
    if (IsAnsiInterval(to) && from.Is(TypeId::kDecimal)) {
      const char* kernel =
          to.Is(TypeId::kDayTimeInterval) ? "spark_decimal_to_day_time" : "spark_decimal_to_year_month";
      return Call(kernel, std::move(child), Int(to.end_field()));
    }
    Refuse(from, to);
  }

  // --- element by element ------------------------------------------------------------------------------
  static Expr Column(const std::string& name) { return make_uniq<duckdb::ColumnRefExpression>(name); }
  static Expr Lambda(const std::string& parameter, Expr body) {
    return make_uniq<duckdb::LambdaExpression>(duckdb::vector<duckdb::string>{parameter}, std::move(body));
  }

  Expr Nested(Expr child, const DataType& from, const DataType& to, int depth) {
    if (from.id() != to.id()) Refuse(from, to);
    std::string name = "cast" + std::to_string(depth);
    if (to.Is(TypeId::kArray)) {
      Expr body = Run(Column(name), from.element(), to.element(), depth + 1);
      return Native(Call("list_transform", std::move(child), Lambda(name, std::move(body))), to);
    }
    if (to.Is(TypeId::kMap)) {
      Expr key = Run(Call("struct_extract_at", Column(name), Const(duckdb::Value::BIGINT(1))), from.key(), to.key(),
                     depth + 1);
      Expr value = Run(Call("struct_extract_at", Column(name), Const(duckdb::Value::BIGINT(2))), from.value(),
                       to.value(), depth + 1);
      key->SetAlias("key");
      value->SetAlias("value");
      Expr entry = Call("struct_pack", std::move(key), std::move(value));
      Expr entries = Call("list_transform", Call("map_entries", std::move(child)), Lambda(name, std::move(entry)));
      return Native(Call("map_from_entries", std::move(entries)), to);
    }
    return Struct(std::move(child), from, to, depth);
  }

  Expr Struct(Expr child, const DataType& from, const DataType& to, int depth) {
    const auto& a = from.fields();
    const auto& b = to.fields();
    if (a.size() != b.size()) Refuse(from, to);
    duckdb::vector<Expr> fields;
    for (size_t i = 0; i < a.size(); ++i) {
      Expr field = Call("struct_extract_at", child->Copy(), Const(duckdb::Value::BIGINT(static_cast<int64_t>(i) + 1)));
      Expr cast = Run(std::move(field), a[i].type, b[i].type, depth + 1);
      cast->SetAlias(b[i].name);
      fields.push_back(std::move(cast));
    }
    Expr packed = make_uniq<duckdb::FunctionExpression>("struct_pack", std::move(fields));
    auto out = make_uniq<duckdb::CaseExpression>();
    duckdb::CaseCheck check;
    check.when_expr = make_uniq<duckdb::OperatorExpression>(duckdb::ExpressionType::OPERATOR_IS_NULL, std::move(child));
    check.then_expr = Const(duckdb::Value(ToDuckType(to)));
    out->case_checks.push_back(std::move(check));
    out->else_expr = Native(std::move(packed), to);
    return out;
  }

  CastMode mode_;
  const std::string& zone_;
};

}  // namespace

std::unique_ptr<duckdb::ParsedExpression> LowerCast(std::unique_ptr<duckdb::ParsedExpression> child,
                                                    const DataType& from, const DataType& to, CastMode mode,
                                                    const std::string& time_zone) {
  Expr expr(child.release());
  return Caster(mode, time_zone).Run(std::move(expr), from, to, 0);
}

}  // namespace deltic::engine::functions
