// Command messages → commands that spark/command executes.
#include <algorithm>

#include "spark/connect/decoder.h"
#include "spark/sql/parser.h"

namespace deltic::spark::connect {
namespace {

using plan::CommandPtr;
using plan::ExpressionPtr;

Status Missing(const char* message, const char* field) {
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", message}, {"field", field}});
}

CommandPtr UnsupportedNode(std::string what) { return std::make_shared<plan::UnsupportedCommand>(std::move(what)); }

plan::Options DecodeOptions(const google::protobuf::Map<std::string, std::string>& map) {
  plan::Options out(map.begin(), map.end());
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> Strings(const google::protobuf::RepeatedPtrField<std::string>& list) {
  return {list.begin(), list.end()};
}

// Commands Spark has and Deltic has not, by their Spark names.
std::string UnsupportedName(const proto::Command& m) {
  using Kind = proto::Command::CommandTypeCase;
  switch (m.command_type_case()) {
    case Kind::kRegisterDataSource: return "registering Python data source " + m.register_data_source().name();
    case Kind::kCreateResourceProfileCommand: return "resource profiles";
    case Kind::kMlCommand: return "Spark ML";
    case Kind::kExecuteExternalCommand: return "external commands";
    case Kind::kPipelineCommand: return "declarative pipelines";
    default: return "command " + std::to_string(m.command_type_case());
  }
}

}  // namespace

Result<CommandPtr> Decoder::DecodeCommand(const proto::Command& message) {
  using Kind = proto::Command::CommandTypeCase;
  switch (message.command_type_case()) {
    case Kind::kWriteOperation: return DecodeWrite(message.write_operation());
    case Kind::kWriteOperationV2: return DecodeWriteV2(message.write_operation_v2());
    case Kind::kCreateDataframeView: return DecodeCreateView(message.create_dataframe_view());
    case Kind::kMergeIntoTableCommand: return DecodeMerge(message.merge_into_table_command());
    case Kind::kExtension: return DecodeCommandExtension(message.extension());
    case Kind::kRegisterFunction: {
      ASSIGN_OR_RETURN(auto function, DecodePythonFunction(message.register_function()));
      return CommandPtr(std::make_shared<plan::RegisterFunction>(std::move(function)));
    }
    case Kind::kRegisterTableFunction: {
      ASSIGN_OR_RETURN(auto function, DecodePythonTable(message.register_table_function()));
      return CommandPtr(std::make_shared<plan::RegisterFunction>(std::move(function)));
    }
    case Kind::COMMAND_TYPE_NOT_SET: return Missing("Command", "command_type");
    default: return UnsupportedNode(UnsupportedName(message));
  }
}

Result<CommandPtr> Decoder::DecodeWrite(const proto::WriteOperation& m) {
  auto kind = plan::CommandKind::kSaveToPath;
  plan::NameParts table;
  if (m.has_table()) {
    kind = m.table().save_method() == proto::WriteOperation::SaveTable::TABLE_SAVE_METHOD_INSERT_INTO
               ? plan::CommandKind::kInsertIntoName
               : plan::CommandKind::kSaveAsTable;
    ASSIGN_OR_RETURN(table, sql::ParseMultipartIdentifier(m.table().table_name()));
  }
  auto out = std::make_shared<plan::WriteCommand>(kind);
  ASSIGN_OR_RETURN(out->input, Input(m.input(), m.has_input(), "WriteOperation"));
  out->format = types::ToLower(m.source());
  out->path = m.path();
  out->table = std::move(table);
  switch (m.mode()) {
    case proto::WriteOperation::SAVE_MODE_APPEND: out->mode = plan::SaveMode::kAppend; break;
    case proto::WriteOperation::SAVE_MODE_OVERWRITE: out->mode = plan::SaveMode::kOverwrite; break;
    case proto::WriteOperation::SAVE_MODE_IGNORE: out->mode = plan::SaveMode::kIgnore; break;
    default: out->mode = plan::SaveMode::kErrorIfExists; break;
  }
  out->partition_by = Strings(m.partitioning_columns());
  out->sort_by = Strings(m.sort_column_names());
  out->cluster_by = Strings(m.clustering_columns());
  if (m.has_bucket_by()) out->num_buckets = m.bucket_by().num_buckets();
  out->options = DecodeOptions(m.options());
  // df.write.option("path", p).save(): the option is the path.
  if (kind == plan::CommandKind::kSaveToPath && out->path.empty()) {
    for (const auto& [name, value] : out->options) {
      if (types::EqualsIgnoreCase(name, "path")) out->path = value;
    }
  }
  if (m.with_schema_evolution()) out->options.emplace_back("mergeSchema", "true");
  return CommandPtr(std::move(out));
}

Result<CommandPtr> Decoder::DecodeWriteV2(const proto::WriteOperationV2& m) {
  using Mode = plan::WriteToCommand::Mode;
  auto out = std::make_shared<plan::WriteToCommand>();
  ASSIGN_OR_RETURN(out->input, Input(m.input(), m.has_input(), "WriteOperationV2"));
  ASSIGN_OR_RETURN(out->table, sql::ParseMultipartIdentifier(m.table_name()));
  out->provider = types::ToLower(m.provider());
  ASSIGN_OR_RETURN(out->partitioned_by, DecodeList(m.partitioning_columns()));
  out->cluster_by = Strings(m.clustering_columns());
  out->options = DecodeOptions(m.options());
  out->table_properties = DecodeOptions(m.table_properties());
  switch (m.mode()) {
    case proto::WriteOperationV2::MODE_CREATE: out->mode = Mode::kCreate; break;
    case proto::WriteOperationV2::MODE_OVERWRITE: out->mode = Mode::kOverwrite; break;
    case proto::WriteOperationV2::MODE_OVERWRITE_PARTITIONS: out->mode = Mode::kOverwritePartitions; break;
    case proto::WriteOperationV2::MODE_APPEND: out->mode = Mode::kAppend; break;
    case proto::WriteOperationV2::MODE_REPLACE: out->mode = Mode::kReplace; break;
    case proto::WriteOperationV2::MODE_CREATE_OR_REPLACE: out->mode = Mode::kCreateOrReplace; break;
    default: return Missing("WriteOperationV2", "mode");
  }
  if (m.with_schema_evolution()) out->options.emplace_back("mergeSchema", "true");
  if (out->mode == Mode::kOverwrite) {
    if (!m.has_overwrite_condition()) return Missing("WriteOperationV2", "overwrite_condition");
    ASSIGN_OR_RETURN(out->overwrite_condition, DecodeExpression(m.overwrite_condition()));
  }
  return CommandPtr(std::move(out));
}

Result<CommandPtr> Decoder::DecodeCreateView(const proto::CreateDataFrameViewCommand& m) {
  auto out = std::make_shared<plan::CreateView>();
  ASSIGN_OR_RETURN(out->name, sql::ParseMultipartIdentifier(m.name()));
  ASSIGN_OR_RETURN(out->query, Input(m.input(), m.has_input(), "CreateDataFrameViewCommand"));
  out->is_global = m.is_global();
  out->replace = m.replace();
  return CommandPtr(std::move(out));
}

}  // namespace deltic::spark::connect
