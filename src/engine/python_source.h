// Rows made by Python functions, as an Arrow stream that DuckDB scans. A thread of the stream runs the child's query
// and feeds the worker; the scan reads the worker's answers and puts the child's columns back beside them. What is
// under way at any time is what fits into the pipe and the worker: a few batches.
//
// The source must outlive the query; each scan is a run of its own. Failures throw.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/arrow_input.h"
#include "engine/engine.h"
#include "engine/plan/python_relation.h"
#include "engine/plan/relation.h"
#include "engine/run_query.h"

namespace deltic::engine {

class PythonSource final : public ArrowSource {
 public:
  using StartQuery = std::function<RunningQuery(const RelPtr&)>;

  PythonSource(const PythonRel& rel, QueryOptions options, StartQuery start);

  void OpenStream(ArrowArrayStream* out) const override;

 protected:
  void StreamSchema(ArrowSchema* out) const override;

 private:
  const RelPtr child_;
  const PythonRel::Shape shape_;
  const std::vector<Column> output_;
  const std::vector<int> inputs_;
  const std::shared_ptr<const BatchTransform> transform_;
  const QueryOptions options_;
  const StartQuery start_;
};

}  // namespace deltic::engine
