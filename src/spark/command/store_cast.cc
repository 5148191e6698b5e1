#include "spark/command/store_cast.h"

#include <algorithm>

#include "spark/functions/coercion.h"

namespace deltic::spark::command {
namespace {

using types::DataType;
using types::TypeId;

std::string Quoted(const DataType& type) { return "\"" + type.Sql() + "\""; }

constexpr TypeId kByWidth[] = {TypeId::kByte, TypeId::kShort, TypeId::kInteger,
                               TypeId::kLong, TypeId::kFloat, TypeId::kDouble};

int Width(const DataType& type) {
  const auto* at = std::find(std::begin(kByWidth), std::end(kByWidth), type.id());
  return at == std::end(kByWidth) ? -1 : static_cast<int>(at - std::begin(kByWidth));
}

bool IsNumeric(const DataType& type) { return Width(type) >= 0 || type.Is(TypeId::kDecimal); }

// Digits that every value of an integer type fits in.
int IntegerDigits(TypeId id) {
  switch (id) {
    case TypeId::kByte: return 3;
    case TypeId::kShort: return 5;
    case TypeId::kInteger: return 10;
    default: return 20;
  }
}

bool NumericUpCast(const DataType& from, const DataType& to) {
  if (Width(from) >= 0 && Width(to) >= 0) return Width(from) <= Width(to);
  if (!to.Is(TypeId::kDecimal)) return to.Is(TypeId::kDouble) || to.Is(TypeId::kFloat);
  const bool exact = from.Is(TypeId::kDecimal);
  if (!exact && Width(from) > Width(DataType(TypeId::kLong))) return false;
  const int scale = exact ? from.scale() : 0;
  const int whole = exact ? from.precision() - scale : IntegerDigits(from.id());
  return to.scale() >= scale && to.precision() - to.scale() >= whole;
}

// Spark's UpCastRule: nothing is lost.
bool CanUpCast(const DataType& from, const DataType& to) {
  if (from.Is(TypeId::kNull) || from.SameType(to)) return true;
  if (IsNumeric(from) && IsNumeric(to)) return NumericUpCast(from, to);
  const auto moment = [](const DataType& type) {
    return type.Is(TypeId::kTimestamp) || type.Is(TypeId::kTimestampNtz);
  };
  if ((from.Is(TypeId::kDate) || moment(from)) && moment(to)) return true;
  if (to.IsString()) return !from.IsNested();
  if (from.Is(TypeId::kArray) && to.Is(TypeId::kArray)) return CanUpCast(from.element(), to.element());
  if (from.Is(TypeId::kMap) && to.Is(TypeId::kMap)) {
    return CanUpCast(from.key(), to.key()) && CanUpCast(from.value(), to.value());
  }
  if (!from.Is(TypeId::kStruct) || !to.Is(TypeId::kStruct) || from.fields().size() != to.fields().size()) return false;
  for (size_t i = 0; i < to.fields().size(); i++) {
    if (!CanUpCast(from.fields()[i].type, to.fields()[i].type)) return false;
  }
  return true;
}

}  // namespace

Status NotCastable(const std::string& sql_expr, const DataType& from, const DataType& to) {
  ErrorParams params = {{"sqlExpr", "\"" + sql_expr + "\""}, {"srcType", Quoted(from)}, {"targetType", Quoted(to)}};
  std::string functions;
  if (from.Is(TypeId::kTimestamp) && IsNumeric(to)) functions = "`UNIX_SECONDS`/`UNIX_MILLIS`/`UNIX_MICROS`";
  if (from.Is(TypeId::kDate) && IsNumeric(to)) functions = "`UNIX_DATE`";
  if (IsNumeric(from) && to.Is(TypeId::kDate)) functions = "`DATE_FROM_UNIX_DATE`";
  if (functions.empty()) return Error("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", std::move(params));
  params.emplace_back("functionNames", functions);
  return Error("DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION", std::move(params));
}

Result<engine::ExprPtr> StoredInColumn(const engine::ExprPtr& value, const std::string& name, const DataType& target,
                                       const std::string& policy, const std::string& time_zone) {
  const DataType& from = value->type;
  if (from.SameType(target, true)) return value;
  if (types::EqualsIgnoreCase(policy, "STRICT") && !CanUpCast(from, target)) {
    return Error("CANNOT_UP_CAST_DATATYPE",
                 {{"expression", name},
                  {"sourceType", Quoted(from)},
                  {"targetType", Quoted(target)},
                  {"details",
                   "The type path of the target object is:\n\nYou can either add an explicit cast to the input data or "
                   "choose a higher precision type of the field in the target object"}});
  }
  const bool legacy = types::EqualsIgnoreCase(policy, "LEGACY");
  if (!from.Is(TypeId::kNull) && !functions::CanCast(from, target, !legacy)) return NotCastable(name, from, target);
  const auto mode = legacy ? engine::CastMode::kLegacy : engine::CastMode::kStore;
  return engine::ExprPtr(std::make_shared<engine::Cast>(value, target, value->nullable || legacy, mode, time_zone));
}

}  // namespace deltic::spark::command
