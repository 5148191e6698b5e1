// DESCRIBE HISTORY and DESCRIBE DETAIL.
#include <algorithm>

#include "delta/log/history.h"
#include "delta/spec/features.h"
#include "spark/catalog/table_path.h"
#include "spark/command/clustering.h"
#include "spark/command/delta_target.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;
using engine::Value;
using types::DataType;
using types::TypeId;

DataType StringMap() { return DataType::Map(TypeId::kString, TypeId::kString, true); }

ResultRows HistoryRows() {
  const auto text = [](const char* name) { return types::StructField{name, TypeId::kString, true, "{}"}; };
  ResultRows rows;
  rows.Column("version", TypeId::kLong).Column("timestamp", TypeId::kTimestamp).Column("userId", TypeId::kString);
  rows.Column("userName", TypeId::kString)
      .Column("operation", TypeId::kString)
      .Column("operationParameters", StringMap());
  rows.Column("job", DataType::Struct({text("jobId"), text("jobName"), text("jobRunId"), text("runId"),
                                       text("jobOwnerId"), text("triggerType")}));
  rows.Column("notebook", DataType::Struct({text("notebookId")}));
  rows.Column("clusterId", TypeId::kString)
      .Column("readVersion", TypeId::kLong)
      .Column("isolationLevel", TypeId::kString);
  rows.Column("isBlindAppend", TypeId::kBoolean).Column("operationMetrics", StringMap());
  rows.Column("userMetadata", TypeId::kString).Column("engineInfo", TypeId::kString);
  return rows;
}

// A parameter whose text is "null" is NULL in the map.
Value ParameterMap(const std::vector<std::pair<std::string, std::string>>& entries) {
  auto list = std::make_shared<engine::ValueList>();
  for (const auto& [key, value] : entries) {
    auto pair =
        std::make_shared<engine::ValueList>(engine::ValueList{Value{key}, value == "null" ? Value{} : Value{value}});
    list->push_back(Value{std::shared_ptr<const engine::ValueList>(std::move(pair))});
  }
  return Value{std::shared_ptr<const engine::ValueList>(std::move(list))};
}

Result<RelPtr> History(const CommandContext& context, const catalog::TableTarget& target,
                       std::optional<int64_t> limit) {
  ASSIGN_OR_RETURN(const auto io, context.session->server()->catalog->IoFor(context.session, target.path));
  ASSIGN_OR_RETURN(const auto entries, delta::History(io, target.path, limit));
  ResultRows rows = HistoryRows();
  for (const auto& entry : entries) {
    const auto& info = entry.info;
    rows.Add({Value{entry.version}, Value{entry.timestamp_ms * 1000}, StringOrNull(info.user_id),
              StringOrNull(info.user_name), StringValue(info.operation), ParameterMap(info.operation_parameters),
              Value{}, Value{}, Value{}, info.read_version.has_value() ? Value{*info.read_version} : Value{},
              StringOrNull(info.isolation_level),
              info.is_blind_append.has_value() ? Value{*info.is_blind_append} : Value{},
              info.has_operation_metrics ? StringMapValue(info.operation_metrics) : Value{},
              StringOrNull(info.user_metadata), StringOrNull(info.engine_info)});
  }
  return rows.Build();
}

Result<RelPtr> Detail(const CommandContext& context, const catalog::TableTarget& target) {
  ASSIGN_OR_RETURN(const auto snapshot,
                   context.session->server()->catalog->LatestSnapshot(context.session, target.path));
  const DataType strings = DataType::Array(TypeId::kString);
  ResultRows rows;
  rows.Column("format", TypeId::kString).Column("id", TypeId::kString).Column("name", TypeId::kString);
  rows.Column("description", TypeId::kString)
      .Column("location", TypeId::kString)
      .Column("createdAt", TypeId::kTimestamp);
  rows.Column("lastModified", TypeId::kTimestamp)
      .Column("partitionColumns", strings)
      .Column("clusteringColumns", strings);
  rows.Column("numFiles", TypeId::kLong).Column("sizeInBytes", TypeId::kLong).Column("properties", StringMap());
  rows.Column("minReaderVersion", TypeId::kInteger)
      .Column("minWriterVersion", TypeId::kInteger)
      .Column("tableFeatures", strings);
  const auto& metadata = snapshot->metadata();
  const auto& protocol = snapshot->protocol();
  std::vector<std::string> features = delta::SupportedFeatures(protocol);
  std::sort(features.begin(), features.end());
  std::optional<std::string> name = metadata.name;
  if (!target.is_path) name = target.Display();
  rows.Add({StringValue("delta"), StringValue(metadata.id), StringOrNull(name), StringOrNull(metadata.description),
            StringValue(catalog::DisplayPath(target.path)),
            metadata.created_time_ms.has_value() ? Value{*metadata.created_time_ms * 1000} : Value{},
            Value{snapshot->timestamp_ms() * 1000}, StringArrayValue(metadata.partition_columns),
            StringArrayValue(ClusteringColumns(*snapshot)), Value{static_cast<int64_t>(snapshot->files().size())},
            Value{snapshot->size_bytes()},
            StringMapValue({metadata.configuration.begin(), metadata.configuration.end()}),
            Value{int64_t{protocol.min_reader_version}}, Value{int64_t{protocol.min_writer_version}},
            StringArrayValue(features)});
  return rows.Build();
}

}  // namespace

Result<RelPtr> RunDescribeDelta(const CommandContext& context, const plan::DescribeDelta& command) {
  const bool history = command.kind == plan::CommandKind::kDescribeHistory;
  const std::string operation = history ? "DESCRIBE HISTORY" : "DESCRIBE DETAIL";
  RETURN_IF_ERROR(CheckNotTempView(context.session, command.table, operation));
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.table));
  if (target.IsView()) {
    return NotATable(target, operation);
  }
  bool is_delta = target.provider == "delta";
  if (is_delta) {
    ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(target.path));
    ASSIGN_OR_RETURN(is_delta, delta::IsDeltaTable(store.get(), target.path));
  }
  if (!is_delta) {
    const std::string name = target.is_path ? types::QuoteIdentifier(target.path) : target.Display();
    return Error("DELTA_TABLE_ONLY_OPERATION", {{"tableName", name}, {"operation", operation}});
  }
  return history ? History(context, target, command.limit) : Detail(context, target);
}

}  // namespace deltic::spark::command
