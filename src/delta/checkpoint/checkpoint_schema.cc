#include "delta/checkpoint/checkpoint_schema.h"

#include "delta/spec/properties.h"
#include "delta/spec/schema.h"

namespace deltic::delta {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

DataType TextMap() { return DataType::Map(TypeId::kString, TypeId::kString); }

StructField Field(std::string name, DataType type) { return {std::move(name), std::move(type), true, "{}"}; }

DataType DeletionVectorType() {
  return DataType::Struct({Field("storageType", TypeId::kString), Field("pathOrInlineDv", TypeId::kString),
                           Field("offset", TypeId::kInteger), Field("sizeInBytes", TypeId::kInteger),
                           Field("cardinality", TypeId::kLong), Field("maxRowIndex", TypeId::kLong)});
}

// Types with an order that statistics keep.
bool HasBounds(TypeId id) {
  switch (id) {
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal:
    case TypeId::kDate:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kString: return true;
    default: return false;
  }
}

// The fields of statistics over `fields`: their own types for bounds, counts for nulls.
std::vector<StructField> StatsFields(const std::vector<StructField>& fields, bool counts) {
  std::vector<StructField> out;
  for (const auto& field : fields) {
    if (field.type.Is(TypeId::kStruct)) {
      auto inner = StatsFields(field.type.fields(), counts);
      if (!inner.empty()) out.push_back(Field(field.name, DataType::Struct(std::move(inner))));
    } else if (counts) {
      out.push_back(Field(field.name, TypeId::kLong));
    } else if (HasBounds(field.type.id())) {
      out.push_back(Field(field.name, field.type));
    }
  }
  return out;
}

bool IsPartition(const Metadata& metadata, const std::string& name) {
  for (const auto& column : metadata.partition_columns) {
    if (types::EqualsIgnoreCase(column, name)) return true;
  }
  return false;
}

DataType StatsType(const Metadata& metadata) {
  const ColumnMappingMode mode = MappingModeOf(metadata);
  const DataType physical = PhysicalSchema(metadata.schema, mode);
  std::vector<StructField> data;
  for (size_t i = 0; i < metadata.schema.fields().size(); i++) {
    if (!IsPartition(metadata, metadata.schema.fields()[i].name)) data.push_back(physical.fields()[i]);
  }
  std::vector<StructField> out = {Field("numRecords", TypeId::kLong)};
  auto bounds = StatsFields(data, false);
  if (!bounds.empty()) {
    out.push_back(Field("minValues", DataType::Struct(bounds)));
    out.push_back(Field("maxValues", DataType::Struct(std::move(bounds))));
  }
  auto counts = StatsFields(data, true);
  if (!counts.empty()) out.push_back(Field("nullCount", DataType::Struct(std::move(counts))));
  out.push_back(Field("tightBounds", TypeId::kBoolean));
  return DataType::Struct(std::move(out));
}

// Nullopt: there are none, or their text does not tell the value without the writer's time zone.
std::optional<DataType> PartitionsType(const Metadata& metadata) {
  const ColumnMappingMode mode = MappingModeOf(metadata);
  std::vector<StructField> out;
  for (const auto& field : metadata.schema.fields()) {
    if (!IsPartition(metadata, field.name)) continue;
    if (!HasBounds(field.type.id()) && !field.type.Is(TypeId::kBoolean)) return std::nullopt;
    if (field.type.Is(TypeId::kTimestamp)) return std::nullopt;
    out.push_back(Field(PhysicalName(field, mode), field.type));
  }
  if (out.empty()) return std::nullopt;
  return DataType::Struct(std::move(out));
}

DataType AddType(const CheckpointColumns& columns) {
  std::vector<StructField> add = {Field("path", TypeId::kString),
                                  Field("partitionValues", TextMap()),
                                  Field("size", TypeId::kLong),
                                  Field("modificationTime", TypeId::kLong),
                                  Field("dataChange", TypeId::kBoolean),
                                  Field("tags", TextMap()),
                                  Field("deletionVector", DeletionVectorType()),
                                  Field("baseRowId", TypeId::kLong),
                                  Field("defaultRowCommitVersion", TypeId::kLong),
                                  Field("clusteringProvider", TypeId::kString)};
  if (columns.stats_json) add.push_back(Field("stats", TypeId::kString));
  if (columns.partitions) add.push_back(Field("partitionValues_parsed", *columns.partitions));
  if (columns.stats) add.push_back(Field("stats_parsed", *columns.stats));
  return DataType::Struct(std::move(add));
}

}  // namespace

CheckpointColumns CheckpointColumnsOf(const Metadata& metadata) {
  CheckpointColumns columns;
  columns.stats_json = BoolProperty(metadata, "delta.checkpoint.writeStatsAsJson");
  if (!BoolProperty(metadata, "delta.checkpoint.writeStatsAsStruct")) return columns;
  columns.partitions = PartitionsType(metadata);
  // By default delta-spark writes the partition values alone as columns. Statistics become columns when the property
  // was set, or when they would be lost otherwise.
  if (metadata.configuration.contains("delta.checkpoint.writeStatsAsStruct") || !columns.stats_json) {
    columns.stats = StatsType(metadata);
  }
  return columns;
}

DataType CheckpointSchema(CheckpointPart part, const CheckpointColumns& columns) {
  const DataType string = TypeId::kString;
  const DataType number = TypeId::kLong;
  const DataType texts = DataType::Array(string);
  const DataType txn =
      DataType::Struct({Field("appId", string), Field("version", number), Field("lastUpdated", number)});
  const DataType remove = DataType::Struct(
      {Field("path", string), Field("deletionTimestamp", number), Field("dataChange", TypeId::kBoolean),
       Field("extendedFileMetadata", TypeId::kBoolean), Field("partitionValues", TextMap()), Field("size", number),
       Field("deletionVector", DeletionVectorType()), Field("baseRowId", number),
       Field("defaultRowCommitVersion", number)});
  const DataType metadata =
      DataType::Struct({Field("id", string), Field("name", string), Field("description", string),
                        Field("format", DataType::Struct({Field("provider", string), Field("options", TextMap())})),
                        Field("schemaString", string), Field("partitionColumns", texts),
                        Field("configuration", TextMap()), Field("createdTime", number)});
  const DataType protocol =
      DataType::Struct({Field("minReaderVersion", TypeId::kInteger), Field("minWriterVersion", TypeId::kInteger),
                        Field("readerFeatures", texts), Field("writerFeatures", texts)});
  const DataType domain =
      DataType::Struct({Field("domain", string), Field("configuration", string), Field("removed", TypeId::kBoolean)});
  std::vector<StructField> fields = {Field("add", AddType(columns)), Field("remove", remove)};
  if (part == CheckpointPart::kSidecar) return DataType::Struct(std::move(fields));
  fields.insert(fields.begin(), Field("txn", txn));
  fields.push_back(Field("metaData", metadata));
  fields.push_back(Field("protocol", protocol));
  fields.push_back(Field("domainMetadata", domain));
  if (part == CheckpointPart::kTopLevel) {
    fields.push_back(Field("checkpointMetadata", DataType::Struct({Field("version", number)})));
    fields.push_back(Field("sidecar", DataType::Struct({Field("path", string), Field("sizeInBytes", number),
                                                        Field("modificationTime", number)})));
  }
  return DataType::Struct(std::move(fields));
}

}  // namespace deltic::delta
