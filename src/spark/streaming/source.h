// The seam of streaming sources: where a query's rows come from, batch by batch (Spark's Source with admission
// control).
//
// Offsets are JSON texts that only their source understands; equal offsets are equal texts, and the empty text stands
// for the start of the stream. Invariant: the rows between two offsets are the same at every call. Used by one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "engine/plan/stream_relation.h"
#include "spark/session/session.h"

namespace deltic::spark::streaming {

// How much a batch may take.
enum class ReadLimit : uint8_t {
  kDefault,  // what the source's options say
  kAll,
};

struct SourceRows {
  engine::RelPtr rows;           // columns by position as the source's relation has them
  std::optional<int64_t> count;  // nullopt: not known without reading
};

class Source {
 public:
  virtual ~Source() = default;
  // As Spark shows it: "DeltaSource[file:/tmp/t]".
  virtual std::string description() const = 0;
  // The query stops at what is there when LatestOffset is called first (availableNow).
  virtual Status StopAtLatest() = 0;
  // Where the batch after `start` ends; `start` itself when there is nothing new.
  virtual Result<std::string> LatestOffset(const std::string& start, ReadLimit limit) = 0;
  // The newest offset known, for progress reports; empty: not reported.
  virtual std::string ReportedLatest() const { return {}; }
  virtual Result<SourceRows> Read(const std::string& start, const std::string& end) = 0;
  // Told the last batch of an earlier run, which is done, before new ones are asked for: can the source go on from it?
  virtual Status Resume(const std::string& /*start*/, const std::string& /*end*/) { return Status::Ok(); }
};

// What sources are made from.
struct SourceContext {
  std::shared_ptr<session::Session> session;
  std::string metadata_path;  // <checkpoint>/sources/<index>
  std::shared_ptr<storage::ObjectStore> checkpoint_store;
};

// The source a relation stands for.
Result<std::unique_ptr<Source>> OpenSource(const SourceContext& context, const engine::StreamRel& relation);

}  // namespace deltic::spark::streaming
