#include "spark/streaming/state_store.h"

#include <simdjson.h>

#include <charconv>

#include "base/json_writer.h"
#include "base/random.h"
#include "spark/catalog/table_path.h"
#include "spark/resolve/resolver.h"

namespace deltic::spark::streaming {
namespace {

constexpr char kManifestSuffix[] = ".deltic.json";

Status Damaged(const std::string& path) {
  return Error("_STREAMING_STATE", {}, "The state of the streaming query is damaged: " + catalog::DisplayPath(path));
}

}  // namespace

std::string StateStore::ManifestPath(int64_t version) const {
  return storage::JoinPath(root_, std::to_string(version) + kManifestSuffix);
}

Result<engine::RelPtr> StateStore::Read(int64_t version, const std::vector<types::StructField>& columns) {
  std::vector<engine::Column> output;
  for (const auto& field : columns) {
    output.push_back({engine::FreshColumnId(), field.name, field.type, field.nullable});
  }
  if (version == 0) {
    return engine::RelPtr(
        std::make_shared<engine::ValuesRel>(std::move(output), std::vector<std::vector<engine::ExprPtr>>()));
  }
  const std::string path = ManifestPath(version);
  const auto text = store_->Get(path);
  if (!text.ok()) {
    if (!text.status().Is("PATH_NOT_FOUND")) return text.status();
    return Error("_STREAMING_STATE", {},
                 "The state of batch " + std::to_string(version - 1) + " is not in " + catalog::DisplayPath(root_) +
                     ". A stateful query that Apache Spark began cannot be continued by Deltic, nor the other way "
                     "round: start it with a new checkpoint location.");
  }
  simdjson::dom::parser parser;
  simdjson::dom::object manifest;
  std::string_view schema;
  simdjson::dom::array files;
  if (parser.parse(*text).get(manifest) != simdjson::SUCCESS || manifest["schema"].get(schema) != simdjson::SUCCESS ||
      manifest["files"].get(files) != simdjson::SUCCESS) {
    return Damaged(path);
  }
  const std::string expected = types::DataType::Struct(columns).Json();
  if (schema != expected) {
    return Error(
        "_STREAMING_STATE", {},
        "Provided schema doesn't match to the schema for existing state! Please note that Structured Streaming "
        "does not allow to change the stateful operators of a query between restarts.\n- Provided schema: " +
            expected + "\n- Existing schema: " + std::string(schema));
  }
  auto list = std::make_shared<std::vector<engine::ScanFile>>();
  for (const auto file : files) {
    std::string_view name;
    if (file.get(name) != simdjson::SUCCESS) return Damaged(path);
    engine::ScanFile scan;
    scan.path = store_->NativePath(storage::JoinPath(root_, name));
    list->push_back(std::move(scan));
  }
  auto scan = std::make_shared<engine::FilesRel>(std::move(output), engine::FileFormat::kParquet);
  for (const auto& field : columns) {
    engine::FileColumn column;
    column.physical_name = field.name;
    scan->columns.push_back(std::move(column));
  }
  scan->files = std::move(list);
  scan->description = "streaming state version " + std::to_string(version);
  return engine::RelPtr(std::move(scan));
}

Status StateStore::Write(int64_t version, const engine::RelPtr& rows, const engine::QueryOptions& options) {
  engine::WriteSpec spec;
  spec.directory = store_->NativePath(root_);
  spec.uuid = Random::System()->Uuid();
  spec.file_prefix = std::to_string(version);
  spec.collect_stats = false;
  spec.time_zone = options.time_zone;
  ASSIGN_OR_RETURN(const auto files, session_->server()->engine->WriteFiles(rows, spec, options, options.interrupted));
  JsonWriter json;
  json.BeginObject();
  json.Key("version").Int(version);
  json.Key("schema").String(resolve::SchemaOf(*rows).Json());
  json.Key("files").BeginArray();
  for (const auto& file : files) json.String(storage::BaseName(file.path));
  json.EndArray().EndObject();
  return store_->Put(ManifestPath(version), json.Take());
}

Status StateStore::Purge(int64_t version) {
  ASSIGN_OR_RETURN(const auto objects, store_->List(root_));
  for (const auto& object : objects) {
    const std::string_view name = storage::BaseName(object.path);
    int64_t number = 0;
    const auto end = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool ours = end.ec == std::errc() && (*end.ptr == '-' || std::string_view(end.ptr) == kManifestSuffix);
    if (ours && number < version) RETURN_IF_ERROR(store_->Delete(object.path));
  }
  return Status::Ok();
}

}  // namespace deltic::spark::streaming
