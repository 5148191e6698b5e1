// readStream and readStream.table as relations without rows: what a stream reads and the columns it will have. Free
// functions; thread-safe.
#pragma once

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/plan/relation.h"
#include "spark/resolve/resolver.h"
#include "spark/session/session.h"

namespace deltic::spark::catalog {

// DATA_SOURCE_NOT_FOUND, or Spark's error for a source that does not stream; DELTA_SCHEMA_NOT_SET where there is no
// Delta table. `resolver` gives the column ids.
Result<engine::RelPtr> StreamOf(session::Session* session, const plan::DataSourceRelation& source,
                                resolve::Resolver* resolver);
// A Delta table of the catalog or a path table (delta.`/p`).
Result<engine::RelPtr> StreamOfTable(session::Session* session, const std::string& path, const std::string& provider,
                                     const std::vector<std::string>& qualifier, const plan::Options& options,
                                     resolve::Resolver* resolver);

}  // namespace deltic::spark::catalog
