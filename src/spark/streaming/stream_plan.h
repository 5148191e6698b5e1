// The plan of a streaming query: resolved once to find its sources, and again for each batch, so that static tables are
// read as they are then and current_timestamp() is that of the batch. The sources' columns stay what they were at the
// start. Used by one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/plan/stream_relation.h"
#include "spark/command/execute.h"
#include "spark/plan/relation.h"
#include "spark/resolve/streaming.h"
#include "spark/session/session.h"

namespace deltic::spark::streaming {

using resolve::IsStreaming;

class StreamPlan {
 public:
  // Settings and views are those of the session now.
  StreamPlan(std::shared_ptr<session::Session> session, plan::RelationPtr relation);

  // Finds the sources, in the order of their relations; the resolved plan has a StreamRel for each.
  Result<engine::RelPtr> Analyze(const std::function<bool()>& interrupted);
  const std::vector<std::shared_ptr<const engine::StreamRel>>& sources() const { return sources_; }
  // The plan as of a batch that runs at `timestamp_ms`.
  Result<command::ResolvedQuery> Resolve(int64_t timestamp_ms, const std::function<bool()>& interrupted);

  // `plan` with the rows of source i (columns by position) in place of its relation.
  static engine::RelPtr WithRows(const engine::RelPtr& plan, const std::vector<engine::RelPtr>& rows);

 private:
  class Catalog;
  Result<command::ResolvedQuery> Run(Catalog* catalog, int64_t timestamp_ms, bool analyze_only,
                                     const std::function<bool()>& interrupted);

  const std::shared_ptr<session::Session> session_;
  const plan::RelationPtr relation_;
  const std::shared_ptr<const resolve::ViewMap> views_;
  const resolve::ResolveOptions options_;
  bool analyzed_ = false;
  // What each streaming relation of the plan stood for, in the order of resolution; null: no stream after all.
  std::vector<std::shared_ptr<const engine::StreamRel>> found_;
  std::vector<std::shared_ptr<const engine::StreamRel>> sources_;
};

}  // namespace deltic::spark::streaming
