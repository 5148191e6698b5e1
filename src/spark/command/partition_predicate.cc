#include "spark/command/partition_predicate.h"

#include <algorithm>
#include <map>

#include "base/json_writer.h"
#include "delta/spec/schema.h"
#include "spark/catalog/partition_value.h"
#include "spark/command/query_catalog.h"
#include "spark/sql/catalyst_text.h"
#include "spark/sql/parser.h"

namespace deltic::spark::command {
namespace {

using engine::Value;
using types::TypeId;

std::string Joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Every name in the predicate is a partition column.
Status CheckReferences(const plan::ExpressionPtr& expression, const std::vector<std::string>& partition_columns) {
  Status status;
  sql::ForEachExpression(expression, [&](const plan::Expression& node) {
    if (!status.ok()) return;
    if (node.kind == plan::ExpressionKind::kSubquery) {
      status = Error("DELTA_UNSUPPORTED_SUBQUERY_IN_PARTITION_PREDICATES");
    }
    if (node.kind != plan::ExpressionKind::kAttribute) return;
    std::string name;
    for (const auto& part : node.As<plan::UnresolvedAttribute>().parts) name += (name.empty() ? "" : ".") + part;
    const bool known = std::any_of(partition_columns.begin(), partition_columns.end(),
                                   [&](const auto& column) { return types::EqualsIgnoreCase(column, name); });
    if (!known) {
      status = Error("DELTA_NON_PARTITION_COLUMN_REFERENCE",
                     {{"columnName", name}, {"columnList", Joined(partition_columns)}});
    }
  });
  return status;
}

// The distinct partitions of a table as a relation: the partition columns, typed, and the partition's number.
struct PartitionRows {
  engine::RelPtr rows;
  engine::ColumnId number = 0;
  std::map<delta::PartitionValues, int64_t> numbers;
};

Result<PartitionRows> PartitionsOf(const delta::Snapshot& snapshot, const std::string& time_zone) {
  PartitionRows out;
  const auto mode = delta::MappingModeOf(snapshot.metadata());
  std::vector<engine::Column> columns;
  std::vector<std::string> keys;
  for (const auto& name : snapshot.metadata().partition_columns) {
    const int index = snapshot.schema().FieldIndex(name);
    if (index < 0) return InternalError("partition column " + name + " is not in the schema");
    const auto& field = snapshot.schema().fields()[static_cast<size_t>(index)];
    keys.push_back(delta::PhysicalName(field, mode));
    columns.push_back({engine::FreshColumnId(), field.name, field.type, true});
  }
  out.number = engine::FreshColumnId();
  columns.push_back({out.number, "__deltic_partition_number", TypeId::kLong, false});
  std::vector<std::vector<engine::ExprPtr>> rows;
  for (const auto& file : snapshot.files()) {
    const auto [it, added] = out.numbers.try_emplace(file.partition_values, static_cast<int64_t>(out.numbers.size()));
    if (!added) continue;
    std::vector<engine::ExprPtr> row;
    for (size_t i = 0; i < keys.size(); i++) {
      const auto value = file.partition_values.find(keys[i]);
      const auto text = value == file.partition_values.end() ? std::nullopt : value->second;
      ASSIGN_OR_RETURN(Value typed, catalog::ParsePartitionValue(text, columns[i].type, time_zone));
      row.push_back(std::make_shared<engine::Literal>(std::move(typed), columns[i].type));
    }
    row.push_back(engine::MakeLong(it->second));
    rows.push_back(std::move(row));
  }
  out.rows = std::make_shared<engine::ValuesRel>(std::move(columns), std::move(rows));
  return out;
}

}  // namespace

Result<PartitionPredicate> PartitionPredicate::Parse(session::Session* session, const delta::Snapshot& snapshot,
                                                     const std::string& text) {
  PartitionPredicate out;
  if (text.empty()) return out;
  auto parsed = sql::ParseExpression(text, session->MakeResolveOptions().parser);
  if (!parsed.ok()) return Error("DELTA_FAILED_RECOGNIZE_PREDICATE", {{"predicate", text}});
  RETURN_IF_ERROR(CheckReferences(*parsed, snapshot.metadata().partition_columns));
  out.expression_ = std::move(*parsed);
  return out;
}

Result<std::vector<const delta::AddFile*>> PartitionPredicate::Select(session::Session* session,
                                                                      const delta::Snapshot& snapshot) const {
  std::vector<const delta::AddFile*> out;
  if (expression_ == nullptr) {
    for (const auto& file : snapshot.files()) out.push_back(&file);
    return out;
  }
  if (snapshot.files().empty()) return out;
  ASSIGN_OR_RETURN(const PartitionRows partitions,
                   PartitionsOf(snapshot, session->conf().GetString("spark.sql.session.timeZone", "UTC")));
  QueryCatalog catalog(session);
  resolve::Resolver resolver(&catalog, session->server()->engine, session->views(), session->MakeResolveOptions(),
                             false);
  ASSIGN_OR_RETURN(const auto condition, resolver.ResolveExpression(expression_, partitions.rows));
  if (!condition->type.Is(TypeId::kBoolean)) {
    return Error("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", {{"sqlExpr", "\"" + sql::CatalystText(*expression_) + "\""},
                                                          {"filter", sql::CatalystText(*expression_)},
                                                          {"type", "\"" + condition->type.Sql() + "\""}});
  }
  const auto filtered = std::make_shared<engine::FilterRel>(partitions.rows, condition);
  const auto number = std::make_shared<engine::ColumnExpr>(partitions.number, TypeId::kLong, false);
  const auto numbers = std::make_shared<engine::ProjectRel>(
      filtered,
      std::vector<engine::Column>{{engine::FreshColumnId(), "__deltic_partition_number", TypeId::kLong, false}},
      std::vector<engine::ExprPtr>{number});
  engine::QueryOptions options;
  options.time_zone = session->conf().GetString("spark.sql.session.timeZone", "UTC");
  ASSIGN_OR_RETURN(const auto rows, session->server()->engine->Collect(
                                        numbers, options, static_cast<int64_t>(partitions.numbers.size())));
  std::vector<bool> selected(partitions.numbers.size());
  for (const auto& row : rows) selected[static_cast<size_t>(std::get<int64_t>(row[0].v))] = true;
  for (const auto& file : snapshot.files()) {
    if (selected[static_cast<size_t>(partitions.numbers.at(file.partition_values))]) out.push_back(&file);
  }
  return out;
}

std::string PartitionPredicate::HistoryText() const {
  if (expression_ == nullptr) return "[]";
  JsonWriter json;
  json.BeginArray().String(sql::CatalystText(*expression_));
  return json.EndArray().Take();
}

}  // namespace deltic::spark::command
