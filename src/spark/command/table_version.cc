#include "spark/command/table_version.h"

#include "delta/log/history.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/query_catalog.h"
#include "spark/sql/pretty.h"

namespace deltic::spark::command {
namespace {

using types::TypeId;

std::string ShownExpression(const plan::Expression& expression) {
  if (expression.kind == plan::ExpressionKind::kLiteral) {
    const auto& literal = expression.As<plan::Literal>();
    if (literal.type.IsString() && !literal.value.IsNull()) return "'" + std::get<std::string>(literal.value.v) + "'";
  }
  return sql::PrettySql(expression);
}

}  // namespace

Result<TravelTime> EvaluateTravelTime(session::Session* session, const plan::ExpressionPtr& timestamp) {
  QueryCatalog catalog(session);
  resolve::Resolver resolver(&catalog, session->server()->engine, session->views(), session->MakeResolveOptions(),
                             false);
  const auto cast =
      std::make_shared<plan::Cast>(timestamp, types::DataType(TypeId::kTimestamp), plan::Cast::Mode::kTry);
  ASSIGN_OR_RETURN(const auto value, resolver.EvaluateConstant(cast, TypeId::kTimestamp));
  if (value.IsNull()) return Error("DELTA_TIMESTAMP_INVALID", {{"expr", ShownExpression(*timestamp)}});
  const int64_t micros = std::get<int64_t>(value.v);
  TravelTime out;
  out.millis = micros >= 0 ? micros / 1000 : (micros - 999) / 1000;
  const auto literal = std::make_shared<plan::Literal>(engine::Value{micros}, types::DataType(TypeId::kTimestamp));
  const auto as_text = std::make_shared<plan::Cast>(literal, types::DataType(TypeId::kString), plan::Cast::Mode::kTry);
  ASSIGN_OR_RETURN(const auto text, resolver.EvaluateConstant(as_text, TypeId::kString));
  if (!text.IsNull()) out.text = std::get<std::string>(text.v);
  if (out.text.find('.') == std::string::npos) out.text += ".0";
  return out;
}

Result<std::shared_ptr<const delta::Snapshot>> SnapshotAt(session::Session* session,
                                                          const std::shared_ptr<const delta::Snapshot>& latest,
                                                          std::optional<int64_t> version,
                                                          std::optional<int64_t> timestamp_ms) {
  const std::string& path = latest->table_path();
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, path));
  if (version.has_value()) {
    RETURN_IF_ERROR(delta::CheckVersionExists(io, path, *version));
  } else {
    ASSIGN_OR_RETURN(version, delta::VersionAtTimestamp(io, path, timestamp_ms.value_or(0), false));
  }
  if (*version == latest->version()) return latest;
  return delta::Snapshot::Load(io, path, *version);
}

}  // namespace deltic::spark::command
