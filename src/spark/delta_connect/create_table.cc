// CreateDeltaTable: DeltaTable.create, createIfNotExists, replace and createOrReplace.
#include <algorithm>

#include "spark/delta_connect/messages.h"
#include "spark/sql/parser.h"

namespace deltic::spark::delta_connect {
namespace {

Result<plan::ColumnDefinition> DecodeColumn(const proto::CreateDeltaTable::Column& m, PlanDecoder* decoder) {
  plan::ColumnDefinition out;
  if (m.name().empty()) return MissingField("CreateDeltaTable.Column", "name");
  if (!m.has_data_type()) return MissingField("CreateDeltaTable.Column", "data_type");
  out.name = m.name();
  if (m.data_type().has_unparsed()) {
    ASSIGN_OR_RETURN(out.type, sql::ParseDataType(m.data_type().unparsed().data_type_string()));
  } else {
    ASSIGN_OR_RETURN(out.type, decoder->DecodeDataType(m.data_type()));
  }
  out.nullable = m.nullable();
  out.generated_sql = m.generated_always_as();
  if (m.has_comment()) {
    out.has_comment = true;
    out.comment = m.comment();
  }
  if (m.has_identity_info()) {
    out.identity = true;
    out.identity_always = !m.identity_info().allow_explicit_insert();
    out.identity_start = m.identity_info().start();
    out.identity_step = m.identity_info().step();
  }
  return out;
}

Status SetMode(const proto::CreateDeltaTable& m, plan::CreateTable* out) {
  switch (m.mode()) {
    case proto::CreateDeltaTable::MODE_CREATE: return Status::Ok();
    case proto::CreateDeltaTable::MODE_CREATE_IF_NOT_EXISTS: out->if_not_exists = true; return Status::Ok();
    case proto::CreateDeltaTable::MODE_REPLACE:
      out->create = false;
      out->replace = true;
      return Status::Ok();
    case proto::CreateDeltaTable::MODE_CREATE_OR_REPLACE: out->replace = true; return Status::Ok();
    default: return MissingField("CreateDeltaTable", "mode");
  }
}

Status SetPlace(const proto::CreateDeltaTable& m, plan::CreateTable* out) {
  if (!m.has_table_name()) {
    if (m.location().empty()) return Error("DELTA_CREATE_TABLE_MISSING_TABLE_NAME_OR_LOCATION");
    out->name = PathName(m.location());
    return Status::Ok();
  }
  ASSIGN_OR_RETURN(out->name, ParseTableName(m.table_name()));
  const bool is_path = out->name.size() == 2 && types::EqualsIgnoreCase(out->name[0], "delta") &&
                       out->name[1].find('/') != std::string::npos;
  if (!is_path) {
    out->location = m.location();
  } else if (m.has_location() && m.location() != out->name[1]) {
    return Error("DELTA_CREATE_TABLE_IDENTIFIER_LOCATION_MISMATCH",
                 {{"identifier", m.table_name()}, {"location", m.location()}});
  }
  return Status::Ok();
}

}  // namespace

Result<plan::CommandPtr> DecodeCreate(const proto::CreateDeltaTable& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::CreateTable>();
  RETURN_IF_ERROR(SetMode(m, out.get()));
  RETURN_IF_ERROR(SetPlace(m, out.get()));
  out->provider = "delta";
  if (m.has_comment()) {
    out->has_comment = true;
    out->comment = m.comment();
  }
  for (const auto& column : m.columns()) {
    ASSIGN_OR_RETURN(plan::ColumnDefinition definition, DecodeColumn(column, decoder));
    out->columns.push_back(std::move(definition));
  }
  out->partition_by = {m.partitioning_columns().begin(), m.partitioning_columns().end()};
  for (const std::string& column : m.clustering_columns()) {
    ASSIGN_OR_RETURN(plan::NameParts name, sql::ParseMultipartIdentifier(column));
    out->cluster_by.push_back(std::move(name));
  }
  out->properties.assign(m.properties().begin(), m.properties().end());
  std::sort(out->properties.begin(), out->properties.end());
  return plan::CommandPtr(std::move(out));
}

}  // namespace deltic::spark::delta_connect
