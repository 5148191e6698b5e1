// Reading checkpoints: classic, multi-part and V2 (JSON or Parquet top level, Parquet sidecars). Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "delta/io/parquet_io.h"
#include "delta/log/log_files.h"
#include "delta/snapshot/file_list.h"
#include "delta/spec/actions.h"
#include "storage/object_store.h"

namespace deltic::delta {

// Where the content of a checkpoint goes besides its files. All but `wanted` are called by one thread.
struct CheckpointSink {
  std::function<bool(const PackedFile&)> wanted;  // false: the file is left out. Thread-safe; borrowed for the call
  std::function<Status(RemoveFile&&)> remove;
  std::function<Status(Action&&)> other;  // protocol, metaData, txn, domainMetadata
};

// Files go to `files` in the checkpoint's order. Sidecars are followed, not reported. Statistics stored only as columns
// are handed on as JSON text. Without a Parquet reader: an error unless everything is JSON. What is malformed:
// DELTA_LOG_CORRUPTED naming the file.
Status ReadCheckpoint(storage::ObjectStore* store, ParquetIo* parquet, std::string_view table_path,
                      const CheckpointRef& checkpoint, const CheckpointSink& sink, FileListBuilder* files);

// Paths of the sidecars a checkpoint refers to.
Result<std::vector<std::string>> SidecarsOf(storage::ObjectStore* store, ParquetIo* parquet,
                                            std::string_view table_path, const CheckpointRef& checkpoint);

}  // namespace deltic::delta
