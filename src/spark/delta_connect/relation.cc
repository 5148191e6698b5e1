// DeltaRelation messages: table scans, what is known of a table, and commands that return rows.
#include "spark/delta_connect/messages.h"
#include "spark/sql/parser.h"

namespace deltic::spark::delta_connect {
namespace {

using plan::CommandPtr;
using plan::ExpressionPtr;

RelationNode ResultOf(CommandPtr command) { return std::make_shared<plan::CommandResult>(std::move(command)); }

// One row of one column, named as a Scala dataset of one value.
RelationNode OneValue(engine::Value value, types::TypeId type) {
  ExpressionPtr literal = std::make_shared<plan::Literal>(std::move(value), types::DataType(type));
  return std::make_shared<plan::Project>(
      std::make_shared<plan::OneRowRelation>(),
      std::vector<ExpressionPtr>{std::make_shared<plan::Alias>(std::move(literal), std::vector<std::string>{"value"})});
}

Result<RelationNode> DecodeDescribe(plan::CommandKind kind, const proto::DeltaTable& table, bool present,
                                    const char* parent, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::DescribeDelta>(kind);
  ASSIGN_OR_RETURN(out->table, DecodeTable(table, present, parent, decoder));
  return ResultOf(std::move(out));
}

Result<RelationNode> DecodeConvert(const proto::ConvertToDelta& m, PlanDecoder* decoder) {
  if (m.identifier().empty()) return MissingField("ConvertToDelta", "identifier");
  auto out = std::make_shared<plan::ConvertToDelta>();
  ASSIGN_OR_RETURN(out->source, sql::ParseMultipartIdentifier(m.identifier()));
  types::DataType schema = types::DataType::Struct({});
  if (m.has_partition_schema_string()) {
    ASSIGN_OR_RETURN(schema, sql::ParseTableSchema(m.partition_schema_string()));
  } else if (m.has_partition_schema_struct()) {
    ASSIGN_OR_RETURN(schema, decoder->DecodeDataType(m.partition_schema_struct()));
    if (!schema.Is(types::TypeId::kStruct)) {
      return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "a partition schema is a struct type"}});
    }
  }
  for (const auto& field : schema.fields()) out->partition_schema.emplace_back(field.name, field.type);
  // The table's name from now on: parquet.`/p` is delta.`/p`.
  const bool is_path = out->source.size() == 2 && out->source[1].find('/') != std::string::npos;
  out->returned_name = is_path ? "delta." + types::QuoteIdentifier(out->source[1]) : m.identifier();
  return ResultOf(std::move(out));
}

Result<RelationNode> DecodeRestore(const proto::RestoreTable& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::RestoreTable>();
  ASSIGN_OR_RETURN(out->table, DecodeTable(m.table(), m.has_table(), "RestoreTable", decoder));
  switch (m.version_or_timestamp_case()) {
    case proto::RestoreTable::kVersion: out->version = m.version(); break;
    case proto::RestoreTable::kTimestamp: out->timestamp = StringLiteral(m.timestamp()); break;
    default: return MissingField("RestoreTable", "version_or_timestamp");
  }
  return ResultOf(std::move(out));
}

Result<RelationNode> DecodeOptimize(const proto::OptimizeTable& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::Optimize>();
  ASSIGN_OR_RETURN(out->table, DecodeTable(m.table(), m.has_table(), "OptimizeTable", decoder));
  // Every where() of the builder counts.
  for (const std::string& filter : m.partition_filters()) {
    ASSIGN_OR_RETURN(ExpressionPtr predicate, sql::ParseExpression(filter));
    if (out->where == nullptr) {
      out->where = std::move(predicate);
      out->where_text = filter;
    } else {
      out->where = std::make_shared<plan::UnresolvedFunction>("and", std::vector<ExpressionPtr>{out->where, predicate});
      out->where_text = "(" + out->where_text + ") AND (" + filter + ")";
    }
  }
  for (const std::string& column : m.zorder_columns()) {
    ASSIGN_OR_RETURN(plan::NameParts name, sql::ParseMultipartIdentifier(column));
    out->zorder_by.push_back(std::move(name));
  }
  return ResultOf(std::move(out));
}

Result<RelationNode> ResultOf(Result<CommandPtr> command) {
  if (!command.ok()) return command.status();
  return ResultOf(std::move(command).value());
}

}  // namespace

Result<RelationNode> DecodeRelation(const proto::DeltaRelation& m, PlanDecoder* decoder) {
  using Kind = proto::DeltaRelation::RelationTypeCase;
  switch (m.relation_type_case()) {
    case Kind::kScan: {
      ASSIGN_OR_RETURN(plan::NameParts name, DecodeTable(m.scan().table(), m.scan().has_table(), "Scan", decoder));
      return RelationNode(std::make_shared<plan::TableRelation>(std::move(name)));
    }
    case Kind::kDescribeHistory:
      return DecodeDescribe(plan::CommandKind::kDescribeHistory, m.describe_history().table(),
                            m.describe_history().has_table(), "DescribeHistory", decoder);
    case Kind::kDescribeDetail:
      return DecodeDescribe(plan::CommandKind::kDescribeDetail, m.describe_detail().table(),
                            m.describe_detail().has_table(), "DescribeDetail", decoder);
    case Kind::kConvertToDelta: return DecodeConvert(m.convert_to_delta(), decoder);
    case Kind::kRestoreTable: return DecodeRestore(m.restore_table(), decoder);
    case Kind::kIsDeltaTable: {
      if (m.is_delta_table().path().empty()) return MissingField("IsDeltaTable", "path");
      ASSIGN_OR_RETURN(const bool is_delta, decoder->IsInDeltaTable(m.is_delta_table().path()));
      return OneValue(engine::Value{is_delta}, types::TypeId::kBoolean);
    }
    case Kind::kDeleteFromTable: return ResultOf(DecodeDelete(m.delete_from_table(), decoder));
    case Kind::kUpdateTable: return ResultOf(DecodeUpdate(m.update_table(), decoder));
    case Kind::kMergeIntoTable: return ResultOf(DecodeMerge(m.merge_into_table(), decoder));
    case Kind::kOptimizeTable: return DecodeOptimize(m.optimize_table(), decoder);
    case Kind::RELATION_TYPE_NOT_SET: break;
  }
  return MissingField("DeltaRelation", "relation_type");
}

}  // namespace deltic::spark::delta_connect
