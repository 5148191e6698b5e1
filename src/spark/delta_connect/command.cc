// DeltaCommand messages: commands that return nothing.
#include <algorithm>

#include "spark/delta_connect/messages.h"
#include "spark/plan/alter_table.h"
#include "spark/sql/parser.h"

namespace deltic::spark::delta_connect {
namespace {

using plan::CommandPtr;

Result<CommandPtr> DecodeClone(const proto::CloneTable& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::CloneTable>();
  ASSIGN_OR_RETURN(out->source, DecodeTable(m.table(), m.has_table(), "CloneTable", decoder));
  if (m.target().empty()) return MissingField("CloneTable", "target");
  ASSIGN_OR_RETURN(out->target, ParseTableName(m.target()));
  if (m.has_version()) out->version = m.version();
  if (m.has_timestamp()) out->timestamp = StringLiteral(m.timestamp());
  out->shallow = m.is_shallow();
  out->replace = m.replace();
  out->properties.assign(m.properties().begin(), m.properties().end());
  std::sort(out->properties.begin(), out->properties.end());
  return CommandPtr(std::move(out));
}

Result<CommandPtr> DecodeVacuum(const proto::VacuumTable& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::Vacuum>();
  ASSIGN_OR_RETURN(out->table, DecodeTable(m.table(), m.has_table(), "VacuumTable", decoder));
  if (m.has_retention_hours()) out->retention_hours = m.retention_hours();
  return CommandPtr(std::move(out));
}

// Features and protocol versions are asked for with table properties, as ALTER TABLE does.
Result<CommandPtr> SetProperties(plan::NameParts table, plan::Options properties) {
  auto out = std::make_shared<plan::TableChange>();
  out->keys_as_given = true;
  out->table = std::move(table);
  out->action = "SET TBLPROPERTIES";
  out->properties = std::move(properties);
  return CommandPtr(std::move(out));
}

Result<CommandPtr> DecodeUpgrade(const proto::UpgradeTableProtocol& m, PlanDecoder* decoder) {
  ASSIGN_OR_RETURN(plan::NameParts table, DecodeTable(m.table(), m.has_table(), "UpgradeTableProtocol", decoder));
  return SetProperties(std::move(table), {{"delta.minReaderVersion", std::to_string(m.reader_version())},
                                          {"delta.minWriterVersion", std::to_string(m.writer_version())}});
}

Result<CommandPtr> DecodeAddFeature(const proto::AddFeatureSupport& m, PlanDecoder* decoder) {
  ASSIGN_OR_RETURN(plan::NameParts table, DecodeTable(m.table(), m.has_table(), "AddFeatureSupport", decoder));
  if (m.feature_name().empty()) return MissingField("AddFeatureSupport", "feature_name");
  return SetProperties(std::move(table), {{"delta.feature." + m.feature_name(), "supported"}});
}

Result<CommandPtr> DecodeDropFeature(const proto::DropFeatureSupport& m, PlanDecoder* decoder) {
  ASSIGN_OR_RETURN(plan::NameParts table, DecodeTable(m.table(), m.has_table(), "DropFeatureSupport", decoder));
  if (m.feature_name().empty()) return MissingField("DropFeatureSupport", "feature_name");
  // The statement's own words: its grammar alone knows what dropping a feature takes.
  std::string text = "ALTER TABLE ";
  for (const auto& part : table) text += types::QuoteIdentifier(part) + ".";
  text.back() = ' ';
  text += "DROP FEATURE " + types::QuoteIdentifier(m.feature_name());
  if (m.truncate_history()) text += " TRUNCATE HISTORY";
  ASSIGN_OR_RETURN(plan::Statement statement, sql::ParseStatement(text));
  if (statement.command == nullptr) return InternalError("ALTER TABLE is no command");
  return std::move(statement.command);
}

Result<CommandPtr> DecodeGenerate(const proto::Generate& m, PlanDecoder* decoder) {
  auto out = std::make_shared<plan::Generate>();
  ASSIGN_OR_RETURN(out->table, DecodeTable(m.table(), m.has_table(), "Generate", decoder));
  if (m.mode().empty()) return MissingField("Generate", "mode");
  out->mode = m.mode();
  return CommandPtr(std::move(out));
}

}  // namespace

Result<CommandPtr> DecodeCommand(const proto::DeltaCommand& m, PlanDecoder* decoder) {
  using Kind = proto::DeltaCommand::CommandTypeCase;
  switch (m.command_type_case()) {
    case Kind::kCloneTable: return DecodeClone(m.clone_table(), decoder);
    case Kind::kVacuumTable: return DecodeVacuum(m.vacuum_table(), decoder);
    case Kind::kUpgradeTableProtocol: return DecodeUpgrade(m.upgrade_table_protocol(), decoder);
    case Kind::kGenerate: return DecodeGenerate(m.generate(), decoder);
    case Kind::kCreateDeltaTable: return DecodeCreate(m.create_delta_table(), decoder);
    case Kind::kAddFeatureSupport: return DecodeAddFeature(m.add_feature_support(), decoder);
    case Kind::kDropFeatureSupport: return DecodeDropFeature(m.drop_feature_support(), decoder);
    case Kind::COMMAND_TYPE_NOT_SET: break;
  }
  return MissingField("DeltaCommand", "command_type");
}

}  // namespace deltic::spark::delta_connect
