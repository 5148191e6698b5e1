#include "delta/checkpoint/checkpoint_reader.h"

namespace deltic::delta {
namespace {

Status ReadParquet(storage::ObjectStore* store, ParquetIo* parquet, const std::string& path,
                   const std::vector<std::string>& columns, const std::function<Status(Action&&)>& each) {
  if (parquet == nullptr) return Unsupported("reading the Parquet checkpoint " + path + " without a Parquet reader");
  ActionParser parser;
  int64_t row = 0;
  return parquet->ReadAsJson(store->NativePath(path), columns, [&](std::string_view json) -> Status {
    row++;
    if (json == "{}") return Status::Ok();
    ASSIGN_OR_RETURN(Action action, parser.Parse(json, path, row));
    if (std::holds_alternative<std::monostate>(action)) return Status::Ok();
    return each(std::move(action));
  });
}

}  // namespace

Status ReadCheckpoint(storage::ObjectStore* store, ParquetIo* parquet, std::string_view table_path,
                      const CheckpointRef& checkpoint, const std::function<Status(Action&&)>& each) {
  static const std::vector<std::string> kTopLevel = {
      "txn", "add", "remove", "metaData", "protocol", "domainMetadata", "sidecar", "checkpointMetadata"};
  static const std::vector<std::string> kSidecar = {"add", "remove"};
  std::vector<Sidecar> sidecars;
  const auto take = [&](Action&& action) -> Status {
    if (auto* sidecar = std::get_if<Sidecar>(&action)) {
      sidecars.push_back(std::move(*sidecar));
      return Status::Ok();
    }
    if (auto* metadata = std::get_if<CheckpointMetadata>(&action)) {
      if (metadata->version == checkpoint.version) return Status::Ok();
      return Error(
          "DELTA_LOG_CORRUPTED", {{"path", checkpoint.files[0].path}, {"reason", "wrong version"}},
          "The checkpoint " + checkpoint.files[0].path + " says it is of version " + std::to_string(metadata->version));
    }
    return each(std::move(action));
  };
  for (const auto& file : checkpoint.files) {
    if (file.path.ends_with(".json")) {
      ASSIGN_OR_RETURN(std::string text, store->Get(file.path));
      RETURN_IF_ERROR(ForEachAction(text, file.path, take));
    } else {
      RETURN_IF_ERROR(ReadParquet(store, parquet, file.path, kTopLevel, take));
    }
  }
  for (const auto& sidecar : sidecars) {
    const std::string path = storage::IsAbsolutePath(sidecar.path)
                                 ? sidecar.path
                                 : storage::JoinPath(LogPath(table_path) + "/_sidecars", sidecar.path);
    RETURN_IF_ERROR(ReadParquet(store, parquet, path, kSidecar, each));
  }
  return Status::Ok();
}

}  // namespace deltic::delta
