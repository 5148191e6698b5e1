// Python functions in a typed plan: what they are, and the seam through which the engine runs them. spark/python
// implements the seam with worker processes; the engine only moves Arrow IPC bytes.
//
// PythonFunction and PythonTask are values. A BatchTransform is immutable and thread-safe; a TransformRun has one
// writing and one reading thread, and Cancel may come from any.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "types/data_type.h"

namespace deltic::engine {

// Spark's PythonEvalType: how the worker calls the function.
enum class PythonEval : int {
  kBatched = 100,  // row by row
  kArrowBatched = 101,
  kScalarPandas = 200,
  kGroupedMapPandas = 201,
  kGroupedAggPandas = 202,
  kWindowAggPandas = 203,
  kScalarPandasIter = 204,
  kMapPandasIter = 205,
  kCogroupedMapPandas = 206,
  kMapArrowIter = 207,
  kGroupedMapArrow = 209,
  kCogroupedMapArrow = 210,
  kScalarArrow = 250,
  kScalarArrowIter = 251,
  kGroupedAggArrow = 252,
  kTable = 300,
  kArrowTable = 301,
};

// A function as the client pickled it.
struct PythonFunction {
  std::string name;
  PythonEval eval = PythonEval::kBatched;
  std::string command;         // pickled (function, return type), or a UDTF class
  std::string python_version;  // of the client: "3.11"
  types::DataType return_type;
  bool deterministic = true;
};

// One run of a worker: its functions over one stream of input columns.
struct PythonTask {
  struct Call {
    std::shared_ptr<const PythonFunction> function;
    std::vector<int> arg_offsets;  // input columns, or Spark's grouped form of them
  };
  PythonEval eval = PythonEval::kBatched;
  std::vector<Call> calls;
  types::DataType input;   // struct of the input columns
  types::DataType result;  // struct of the columns that come back
  // The last input column numbers the groups (ascending, equal within a group) and is not shown to the functions.
  bool grouped = false;
  std::string executable;  // the Python to run
  std::string owner;       // runs of one owner may share a process
  std::map<std::string, std::string> conf;
  std::string files_dir;              // where added files are; empty: none
  std::vector<std::string> includes;  // zip and egg files in it
};

// One run in flight. Destroying it ends a worker that is not done.
class TransformRun {
 public:
  virtual ~TransformRun() = default;
  // Bytes of an Arrow IPC stream; blocks while the function is slower. An error means that the run is over: Finish
  // says why.
  virtual Status Write(std::string_view bytes) = 0;
  virtual Status FinishInput() = 0;
  // Exactly `size` bytes of the resulting Arrow IPC stream, or 0 where the function has no more results.
  virtual Result<size_t> Read(void* buffer, size_t size) = 0;
  // After the last Read: the function's error, if it failed.
  virtual Status Finish() = 0;
  virtual void Cancel() = 0;
};

class BatchTransform {
 public:
  virtual ~BatchTransform() = default;
  // `interrupted` (may be empty) is polled while waiting.
  virtual Result<std::unique_ptr<TransformRun>> Start(std::function<bool()> interrupted) const = 0;
  virtual const PythonTask& task() const = 0;
};

class PythonRunner {
 public:
  virtual ~PythonRunner() = default;
  virtual std::shared_ptr<const BatchTransform> Prepare(PythonTask task) = 0;
};

}  // namespace deltic::engine
