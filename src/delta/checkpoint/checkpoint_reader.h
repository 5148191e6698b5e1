// Reading checkpoints: classic, multi-part and V2 (JSON or Parquet top level, Parquet sidecars). Thread-safe.
#pragma once

#include <functional>
#include <string>

#include "delta/io/parquet_io.h"
#include "delta/log/log_files.h"
#include "delta/spec/actions.h"
#include "storage/object_store.h"

namespace deltic::delta {

// Calls `each` for every action of the checkpoint (sidecars are followed, not reported). Statistics stored only as
// columns are handed on as JSON text. Without a Parquet reader: an error unless everything is JSON.
Status ReadCheckpoint(storage::ObjectStore* store, ParquetIo* parquet, std::string_view table_path,
                      const CheckpointRef& checkpoint, const std::function<Status(Action&&)>& each);

}  // namespace deltic::delta
