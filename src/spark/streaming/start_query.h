// writeStream.start() and toTable(): checks a query, makes its sink and checkpoint, and runs it. Free functions;
// thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spark/plan/relation.h"
#include "spark/streaming/streaming_query_manager.h"

namespace deltic::spark::streaming {

// What writeStream was told.
struct StreamWrite {
  plan::RelationPtr input;
  std::string format;  // empty: the default source
  std::string output_mode;
  std::string query_name;
  std::string path;   // empty: the option, or none
  std::string table;  // toTable; empty: none
  plan::Options options;
  std::vector<std::string> partition_by;
  std::vector<std::string> cluster_by;
  Trigger trigger;
  std::shared_ptr<const engine::PythonFunction> foreach_batch;
  std::shared_ptr<const engine::PythonFunction> foreach_row;
};

// The running query. What is wrong with it is told before anything is written.
Result<std::shared_ptr<StreamingQuery>> StartQuery(const std::shared_ptr<session::Session>& session,
                                                   StreamingQueryManager* manager, StreamWrite write,
                                                   const std::function<bool()>& interrupted);

}  // namespace deltic::spark::streaming
