// The state that a streaming query carries from batch to batch: a table of rows for each version, version N + 1 being
// what batch N leaves. Kept as Parquet files below <checkpoint>/state/0, named by a manifest that is written last, so
// that a batch which runs again starts from the same state. The form is Deltic's own: state that Spark keeps there is
// refused. Used by one thread.
#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"
#include "spark/session/session.h"
#include "storage/object_store.h"

namespace deltic::spark::streaming {

class StateStore {
 public:
  StateStore(std::shared_ptr<session::Session> session, std::shared_ptr<storage::ObjectStore> store,
             const std::string& checkpoint)
      : session_(std::move(session)), store_(std::move(store)), root_(storage::JoinPath(checkpoint, "state/0")) {}

  // The rows of a version with these columns (ids are fresh); version 0 is empty. State of another query or of Spark is
  // an error.
  Result<engine::RelPtr> Read(int64_t version, const std::vector<types::StructField>& columns);
  // Keeps `rows` as a version, replacing what an interrupted run left.
  Status Write(int64_t version, const engine::RelPtr& rows, const engine::QueryOptions& options);
  // Removes versions below `version`.
  Status Purge(int64_t version);

 private:
  std::string ManifestPath(int64_t version) const;

  const std::shared_ptr<session::Session> session_;
  const std::shared_ptr<storage::ObjectStore> store_;
  const std::string root_;
};

}  // namespace deltic::spark::streaming
