// Relation messages that bring rows in: tables, files, local data, ranges, SQL text.
//
// 3.5 clients send SQL parameters in fields that 4.x deprecates; both are read.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <algorithm>

#include "spark/connect/arrow_stream.h"
#include "spark/connect/decoder.h"
#include "spark/sql/parser.h"
#include "spark/sql/sql_text.h"

namespace deltic::spark::connect {
namespace {

using plan::ExpressionPtr;
using plan::RelationPtr;
using RelationNode = std::shared_ptr<plan::Relation>;

Status Missing(const char* message, const char* field) {
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", message}, {"field", field}});
}

// Message maps have no order; names are sorted so that equal plans stay equal.
plan::Options DecodeOptions(const google::protobuf::Map<std::string, std::string>& map) {
  plan::Options out(map.begin(), map.end());
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Result<RelationNode> Decoder::DecodeRead(const proto::Read& m) {
  if (m.has_named_table()) {
    ASSIGN_OR_RETURN(plan::NameParts parts, sql::ParseMultipartIdentifier(m.named_table().unparsed_identifier()));
    auto out = std::make_shared<plan::TableRelation>(std::move(parts));
    out->options = DecodeOptions(m.named_table().options());
    out->streaming = m.is_streaming();
    return RelationNode(std::move(out));
  }
  if (!m.has_data_source()) return Missing("Read", "read_type");
  const auto& source = m.data_source();
  if (source.predicates_size() > 0) {
    return RelationNode(std::make_shared<plan::UnsupportedRelation>("JDBC data source with predicates"));
  }
  auto out = std::make_shared<plan::DataSourceRelation>();
  out->format = types::ToLower(source.format());
  out->schema = source.schema();
  out->options = DecodeOptions(source.options());
  out->paths.assign(source.paths().begin(), source.paths().end());
  out->streaming = m.is_streaming();
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeLocal(const proto::LocalRelation& m) {
  auto out = std::make_shared<plan::LocalData>();
  if (m.has_data()) out->arrow_ipc = std::make_shared<const std::string>(m.data());
  out->schema = m.schema();
  if (!m.has_data() && m.schema().empty()) return Missing("LocalRelation", "data");
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeCachedLocal(const proto::CachedLocalRelation& m) {
  std::shared_ptr<const std::string> bytes =
      session_ == nullptr ? nullptr : session_->FindArtifact("cache/" + m.hash());
  if (bytes == nullptr) {
    return Error("INVALID_ARTIFACT",
                 {{"name", "cache/" + m.hash()}, {"reason", "it was not uploaded in this session"}});
  }
  proto::LocalRelation local;
  if (!local.ParseFromString(*bytes)) {
    return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "cached local relation " + m.hash()}});
  }
  return DecodeLocal(local);
}

Result<RelationNode> Decoder::DecodeChunkedLocal(const proto::ChunkedCachedLocalRelation& m) {
  auto find = [&](const std::string& hash) -> Result<std::shared_ptr<const std::string>> {
    std::shared_ptr<const std::string> bytes = session_ == nullptr ? nullptr : session_->FindArtifact("cache/" + hash);
    if (bytes != nullptr) return bytes;
    return Error("INVALID_ARTIFACT", {{"name", "cache/" + hash}, {"reason", "it was not uploaded in this session"}});
  };
  auto out = std::make_shared<plan::LocalData>();
  std::vector<std::shared_ptr<const std::string>> chunks;
  for (const std::string& hash : m.datahashes()) {
    ASSIGN_OR_RETURN(auto chunk, find(hash));
    chunks.push_back(std::move(chunk));
  }
  if (!chunks.empty()) {
    ASSIGN_OR_RETURN(out->arrow_ipc, ConcatenateStreams(chunks));
  }
  if (m.has_schemahash()) {
    ASSIGN_OR_RETURN(auto schema, find(m.schemahash()));
    out->schema = *schema;
  }
  return RelationNode(std::move(out));
}

Result<std::shared_ptr<plan::SqlText>> Decoder::DecodeSql(const proto::SQL& m) {
  auto out = std::make_shared<plan::SqlText>(m.query());
  for (const auto& [name, value] : m.args()) {
    ASSIGN_OR_RETURN(out->named_args[name], DecodeLiteral(value));
  }
  for (const auto& [name, value] : m.named_arguments()) {
    ASSIGN_OR_RETURN(out->named_args[name], DecodeExpression(value));
  }
  for (const auto& value : m.pos_args()) {
    ASSIGN_OR_RETURN(ExpressionPtr one, DecodeLiteral(value));
    out->positional_args.push_back(std::move(one));
  }
  for (const auto& value : m.pos_arguments()) {
    ASSIGN_OR_RETURN(ExpressionPtr one, DecodeExpression(value));
    out->positional_args.push_back(std::move(one));
  }
  return out;
}

Result<std::shared_ptr<plan::SqlText>> Decoder::DecodeSqlCommand(const proto::SqlCommand& m) {
  proto::SQL sql;
  sql.set_query(m.sql());
  *sql.mutable_args() = m.args();
  *sql.mutable_pos_args() = m.pos_args();
  *sql.mutable_named_arguments() = m.named_arguments();
  *sql.mutable_pos_arguments() = m.pos_arguments();
  return DecodeSql(sql);
}

void Decoder::AddReferences(const proto::WithRelations& message) {
  for (const auto& reference : message.references()) {
    if (reference.common().has_plan_id()) references_[reference.common().plan_id()] = &reference;
  }
}

// References are either named (SubqueryAlias, for SQL text over DataFrames) and become common table expressions, or
// subqueries that expressions below find by plan id.
Result<RelationNode> Decoder::DecodeWithRelations(const proto::WithRelations& m) {
  AddReferences(m);
  if (!m.has_root()) return Missing("WithRelations", "root");
  std::vector<std::pair<std::string, RelationPtr>> named;
  if (m.root().has_sql()) {
    for (const auto& reference : m.references()) {
      if (!reference.has_subquery_alias()) continue;
      ASSIGN_OR_RETURN(RelationPtr input, DecodeRelation(reference.subquery_alias().input()));
      named.emplace_back(reference.subquery_alias().alias(), std::move(input));
    }
  }
  if (!named.empty() && session_ != nullptr) {
    ASSIGN_OR_RETURN(auto sql, DecodeSql(m.root().sql()));
    // Parsed here, so that the text's names see the references.
    ASSIGN_OR_RETURN(plan::Statement statement, sql::ParseSqlText(*sql, session_->MakeResolveOptions().parser));
    if (statement.query != nullptr) {
      return RelationNode(std::make_shared<plan::With>(std::move(named), std::move(statement.query)));
    }
  }
  ASSIGN_OR_RETURN(RelationPtr root, DecodeRelation(m.root()));
  if (!named.empty()) return RelationNode(std::make_shared<plan::With>(std::move(named), std::move(root)));
  return std::const_pointer_cast<plan::Relation>(root);
}

Result<RelationNode> Decoder::DecodeParse(const proto::Parse& m) {
  ASSIGN_OR_RETURN(RelationPtr input, Input(m.input(), m.has_input(), "Parse"));
  std::string format;
  switch (m.format()) {
    case proto::Parse::PARSE_FORMAT_CSV: format = "csv"; break;
    case proto::Parse::PARSE_FORMAT_JSON: format = "json"; break;
    case proto::Parse::PARSE_FORMAT_XML:
      return RelationNode(std::make_shared<plan::UnsupportedRelation>("XML parsing"));
    default: return Missing("Parse", "format");
  }
  auto out = std::make_shared<plan::ParseText>(std::move(input), std::move(format));
  if (m.has_schema()) {
    ASSIGN_OR_RETURN(out->schema, DecodeType(m.schema()));
  }
  out->options = DecodeOptions(m.options());
  return RelationNode(std::move(out));
}

}  // namespace deltic::spark::connect
