// The rate source: `rowsPerSecond` rows for every second since the query was started first (Spark's
// RateStreamProvider). Offsets are seconds. Used by one thread.
#pragma once

#include <memory>
#include <string>

#include "spark/streaming/source.h"

namespace deltic::spark::streaming {

class RateSource final : public Source {
 public:
  // The start is kept in <metadata_path>/0, so that a restarted query goes on counting from it.
  static Result<std::unique_ptr<Source>> Open(const SourceContext& context, const engine::StreamRel& relation);

  std::string description() const override;
  Status StopAtLatest() override;
  Result<std::string> LatestOffset(const std::string& start, ReadLimit limit) override;
  std::string ReportedLatest() const override;
  Result<SourceRows> Read(const std::string& start, const std::string& end) override;

 private:
  RateSource(std::shared_ptr<session::Session> session, int64_t rows_per_second, int64_t ramp_up_seconds,
             std::string partitions, int64_t created_ms)
      : session_(std::move(session)),
        rows_per_second_(rows_per_second),
        ramp_up_seconds_(ramp_up_seconds),
        partitions_(std::move(partitions)),
        created_ms_(created_ms) {}
  // Rows before this second.
  int64_t ValueAt(int64_t second) const;

  const std::shared_ptr<session::Session> session_;
  const int64_t rows_per_second_;
  const int64_t ramp_up_seconds_;
  const std::string partitions_;
  const int64_t created_ms_;
  int64_t latest_ = 0;  // never goes back with the clock
  bool stopped_ = false;
  bool stop_at_latest_ = false;
};

}  // namespace deltic::spark::streaming
