// Writing rows as Parquet, CSV, JSON or text files into a directory, with Spark's save modes. Thread-safe.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/engine.h"
#include "spark/plan/command.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

struct FileWrite {
  std::string path;
  engine::FileFormat format = engine::FileFormat::kParquet;
  engine::RelPtr data;
  plan::SaveMode mode = plan::SaveMode::kErrorIfExists;
  std::vector<std::string> partition_by;
  plan::Options options;
};

// Overwrite replaces what the directory held only after the new files are complete; _SUCCESS marks the end, unless
// Hadoop's mapreduce.fileoutputcommitter.marksuccessfuljobs is false. In a store of which requests take long, what is
// there is looked up while the rows are read already; when the mode then refuses the write, nothing of it was put.
Status WriteFilesTo(session::Session* session, const FileWrite& write, const std::function<bool()>& interrupted);

}  // namespace deltic::spark::command
