#include "spark/command/store_cast.h"

#include "spark/functions/coercion.h"
#include "spark/functions/up_cast.h"

namespace deltic::spark::command {
namespace {

using types::DataType;
using types::TypeId;

std::string Quoted(const DataType& type) { return "\"" + type.Sql() + "\""; }

}  // namespace

Status NotCastable(const std::string& sql_expr, const DataType& from, const DataType& to) {
  ErrorParams params = {{"sqlExpr", "\"" + sql_expr + "\""}, {"srcType", Quoted(from)}, {"targetType", Quoted(to)}};
  std::string suggested;
  if (from.Is(TypeId::kTimestamp) && to.IsNumeric()) suggested = "`UNIX_SECONDS`/`UNIX_MILLIS`/`UNIX_MICROS`";
  if (from.Is(TypeId::kDate) && to.IsNumeric()) suggested = "`UNIX_DATE`";
  if (from.IsNumeric() && to.Is(TypeId::kDate)) suggested = "`DATE_FROM_UNIX_DATE`";
  if (suggested.empty() && functions::CanCast(from, to, false)) {
    params.emplace_back("config", "\"spark.sql.storeAssignmentPolicy\"");
    params.emplace_back("configVal", "'LEGACY'");
    return Error("DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION", std::move(params));
  }
  if (suggested.empty()) return Error("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION", std::move(params));
  params.emplace_back("functionNames", suggested);
  return Error("DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION", std::move(params));
}

Result<engine::ExprPtr> StoredInColumn(const engine::ExprPtr& value, const std::string& name, const DataType& target,
                                       const std::string& policy, const std::string& time_zone) {
  const DataType& from = value->type;
  if (from.SameType(target, true)) return value;
  if (types::EqualsIgnoreCase(policy, "STRICT") && !functions::CanUpCast(from, target)) {
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
