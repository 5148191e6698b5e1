#include "delta/checkpoint/checkpoint_writer.h"

#include "base/json_writer.h"
#include "delta/log/log_files.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"

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

DataType MakeSchema(bool v2) {
  const DataType string = TypeId::kString;
  const DataType number = TypeId::kLong;
  const DataType texts = DataType::Array(string);
  const DataType txn =
      DataType::Struct({Field("appId", string), Field("version", number), Field("lastUpdated", number)});
  const DataType add = DataType::Struct(
      {Field("path", string), Field("partitionValues", TextMap()), Field("size", number),
       Field("modificationTime", number), Field("dataChange", TypeId::kBoolean), Field("tags", TextMap()),
       Field("deletionVector", DeletionVectorType()), Field("baseRowId", number),
       Field("defaultRowCommitVersion", number), Field("clusteringProvider", string), Field("stats", string)});
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
  std::vector<StructField> fields = {Field("txn", txn),           Field("add", add),
                                     Field("remove", remove),     Field("metaData", metadata),
                                     Field("protocol", protocol), Field("domainMetadata", domain)};
  if (v2) fields.push_back(Field("checkpointMetadata", DataType::Struct({Field("version", number)})));
  return DataType::Struct(std::move(fields));
}

std::vector<std::string> Rows(const Snapshot& snapshot, bool v2) {
  std::vector<std::string> rows;
  rows.reserve(snapshot.files().size() + snapshot.tombstones().size() + 8);
  if (v2) rows.push_back(ActionToJson(CheckpointMetadata{snapshot.version()}));
  rows.push_back(ActionToJson(snapshot.protocol()));
  rows.push_back(ActionToJson(snapshot.metadata()));
  for (const auto& [app, txn] : snapshot.transactions()) rows.push_back(ActionToJson(txn));
  for (const auto& [name, domain] : snapshot.domains()) rows.push_back(ActionToJson(domain));
  for (const auto& file : snapshot.files()) {
    AddFile add = file;
    add.data_change = false;
    rows.push_back(ActionToJson(add));
  }
  for (const auto& tombstone : snapshot.tombstones()) {
    RemoveFile remove = tombstone;
    remove.data_change = false;
    remove.stats.clear();
    remove.tags.clear();
    rows.push_back(ActionToJson(remove));
  }
  return rows;
}

}  // namespace

const DataType& CheckpointSchema() {
  static const DataType schema = MakeSchema(false);
  return schema;
}

Status WriteCheckpoint(const TableIo& io, const Snapshot& snapshot, Random* random) {
  if (io.parquet == nullptr) return Unsupported("writing a checkpoint without a Parquet writer");
  const bool v2 = types::ToLower(snapshot.Property("delta.checkpointPolicy")) == "v2" &&
                  IsFeatureSupported(snapshot.protocol(), "v2Checkpoint");
  const std::vector<std::string> rows = Rows(snapshot, v2);
  const std::string path = CheckpointPath(snapshot.table_path(), snapshot.version());
  // Where the Parquet writer's file may be seen half-way, the store's Put is not.
  const bool whole = io.store->NativeWritesAreAtomic();
  const std::string temporary = LogPath(snapshot.table_path()) + "/." + VersionPrefix(snapshot.version()) +
                                ".checkpoint." + random->Uuid() + ".parquet.tmp";
  auto written = io.parquet->WriteFromJson(io.store->NativePath(whole ? path : temporary),
                                           v2 ? MakeSchema(true) : CheckpointSchema(), rows);
  Status status = written.status();
  if (!whole) {
    if (status.ok()) {
      auto bytes = io.store->Get(temporary);
      status = bytes.ok() ? io.store->Put(path, *bytes) : bytes.status();
    }
    const Status cleaned = io.store->Delete(temporary);
    if (status.ok()) status = cleaned;
  }
  RETURN_IF_ERROR(status);
  JsonWriter hint;
  hint.BeginObject().Key("version").Int(snapshot.version());
  hint.Key("size").Int(static_cast<int64_t>(rows.size())).Key("sizeInBytes").Int(*written);
  hint.Key("numOfAddFiles").Int(static_cast<int64_t>(snapshot.files().size())).EndObject();
  return io.store->Put(LastCheckpointPath(snapshot.table_path()), hint.str());
}

}  // namespace deltic::delta
