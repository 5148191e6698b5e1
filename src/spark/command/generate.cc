// GENERATE symlink_format_manifest FOR TABLE t: lists of data files for readers that know nothing of Delta, one per
// partition, below _symlink_format_manifest.
#include <map>

#include "delta/spec/properties.h"
#include "delta/spec/schema.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/command/delta_target.h"
#include "spark/command/maintenance.h"
#include "spark/command/result_rows.h"
#include "storage/object_store.h"

namespace deltic::spark::command {
namespace {

using delta::Snapshot;

constexpr const char* kMode = "symlink_format_manifest";
constexpr const char* kDirectory = "_symlink_format_manifest";
constexpr const char* kNullPartition = "__HIVE_DEFAULT_PARTITION__";

// Hive's escaping of names and values in a partition directory.
std::string EscapePathName(const std::string& name) {
  static const std::string kSpecial = "\"#%'*/:=?\\\x7f{[]^";
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && kSpecial.find(c) == std::string::npos) {
      out += c;
      continue;
    }
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

// "a=1/b=x", or nothing without partition columns.
std::string PartitionDirectory(const Snapshot& snapshot, const delta::PartitionValues& values) {
  std::string out;
  for (const auto& column : snapshot.metadata().partition_columns) {
    const auto it = values.find(column);
    const bool null = it == values.end() || !it->second.has_value() || it->second->empty();
    out +=
        (out.empty() ? "" : "/") + EscapePathName(column) + "=" + (null ? kNullPartition : EscapePathName(*it->second));
  }
  return out;
}

Status CheckPlainTable(const Snapshot& snapshot) {
  for (const auto& file : snapshot.files()) {
    if (file.deletion_vector.has_value()) return Error("DELTA_UNSUPPORTED_GENERATE_WITH_DELETION_VECTORS");
  }
  if (delta::MappingModeOf(snapshot.metadata()) != delta::ColumnMappingMode::kNone)
    return Error("DELTA_UNSUPPORTED_MANIFEST_GENERATION_WITH_COLUMN_MAPPING");
  return Status::Ok();
}

Status WriteManifests(const session::Session* session, const Snapshot& snapshot) {
  RETURN_IF_ERROR(CheckPlainTable(snapshot));
  ASSIGN_OR_RETURN(const auto store, session->StoreFor(snapshot.table_path()));
  const std::string root = storage::JoinPath(snapshot.table_path(), kDirectory);
  std::map<std::string, std::string> manifests;  // by path
  if (snapshot.metadata().partition_columns.empty()) manifests[storage::JoinPath(root, "manifest")];
  for (const auto& file : snapshot.files()) {
    const std::string directory = PartitionDirectory(snapshot, file.partition_values);
    const std::string parent = directory.empty() ? root : storage::JoinPath(root, directory);
    manifests[storage::JoinPath(parent, "manifest")] +=
        catalog::DisplayPath(delta::ResolveDataPath(snapshot.table_path(), file.path)) + "\n";
  }
  for (const auto& [path, text] : manifests) RETURN_IF_ERROR(store->Put(path, text));
  // Partitions that are gone.
  ASSIGN_OR_RETURN(const auto existing, store->ListRecursive(root));
  for (const auto& object : existing) {
    if (storage::BaseName(object.path) == "manifest" && !manifests.contains(object.path))
      RETURN_IF_ERROR(store->DeleteRecursive(storage::DirName(object.path)));
  }
  return Status::Ok();
}

}  // namespace

Result<engine::RelPtr> RunGenerate(const CommandContext& context, const plan::Generate& command) {
  if (!types::EqualsIgnoreCase(command.mode, kMode)) {
    return Error("DELTA_MODE_NOT_SUPPORTED", {{"mode", command.mode}, {"supportedModes", kMode}});
  }
  ASSIGN_OR_RETURN(const auto target, RequireDeltaTarget(context.session, command.table, "GENERATE"));
  RETURN_IF_ERROR(WriteManifests(context.session, *target.snapshot));
  return NoRows();
}

Status UpdateManifests(const CommandContext& context, const std::string& table_path, const delta::Metadata& metadata) {
  if (!delta::BoolProperty(metadata, "delta.compatibility.symlinkFormatManifest.enabled")) return Status::Ok();
  ASSIGN_OR_RETURN(const auto snapshot,
                   context.session->server()->catalog->LatestSnapshot(context.session, table_path));
  const Status written = WriteManifests(context.session, *snapshot);
  if (written.ok() || written.condition().starts_with("DELTA_UNSUPPORTED_")) return written;
  return Error("DELTA_POST_COMMIT_HOOK_FAILED", {{"version", std::to_string(snapshot->version())},
                                                 {"name", "Generate Symlink Format Manifest"},
                                                 {"message", ": " + written.ToString()}});
}

}  // namespace deltic::spark::command
