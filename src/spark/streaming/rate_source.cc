#include "spark/streaming/rate_source.h"

#include <algorithm>
#include <charconv>

#include "base/json_writer.h"
#include "spark/command/execute.h"
#include "spark/resolve/tree.h"
#include "spark/streaming/metadata_log.h"

namespace deltic::spark::streaming {
namespace {

Result<int64_t> SecondsOf(const std::string& offset) {
  if (offset.empty()) return 0;
  int64_t seconds = 0;
  const auto end = std::from_chars(offset.data(), offset.data() + offset.size(), seconds);
  if (end.ec != std::errc() || end.ptr != offset.data() + offset.size() || seconds < 0) {
    return Error("_STREAMING_STATE", {}, "The offset '" + offset + "' is not one of the rate source.");
  }
  return seconds;
}

Result<int64_t> CreationTime(const SourceContext& context) {
  MetadataLog log(context.checkpoint_store, context.metadata_path);
  ASSIGN_OR_RETURN(const auto text, log.Get(0));
  if (!text.has_value()) {
    const int64_t now = context.session->server()->clock->NowMillis();
    RETURN_IF_ERROR(log.Add(0, "v1\n" + std::to_string(now)));
    return now;
  }
  ASSIGN_OR_RETURN(const auto lines, LogLines(*text, log.PathOf(0)));
  return SecondsOf(lines.empty() ? "" : lines[0]);
}

}  // namespace

Result<std::unique_ptr<Source>> RateSource::Open(const SourceContext& context, const engine::StreamRel& relation) {
  const auto& options = relation.spec->options;
  const auto rows = plan::FindOption(options, "rowsPerSecond");
  const auto ramp = plan::FindOption(options, "rampUpTime");
  ASSIGN_OR_RETURN(const int64_t created_ms, CreationTime(context));
  const int64_t ramp_ms = ramp.has_value() ? session::ParseDurationMs(*ramp).value_or(0) : 0;
  return std::unique_ptr<Source>(
      new RateSource(context.session, rows.has_value() ? std::strtoll(rows->c_str(), nullptr, 10) : 1, ramp_ms / 1000,
                     plan::FindOption(options, "numPartitions").value_or("default"), created_ms));
}

std::string RateSource::description() const {
  // Spark leaves the bracket open.
  return "RateStreamV2[rowsPerSecond=" + std::to_string(rows_per_second_) +
         ", rampUpTimeSeconds=" + std::to_string(ramp_up_seconds_) + ", numPartitions=" + partitions_;
}

Status RateSource::StopAtLatest() {
  stop_at_latest_ = true;
  return Status::Ok();
}

Result<std::string> RateSource::LatestOffset(const std::string& start, ReadLimit) {
  ASSIGN_OR_RETURN(const int64_t first, SecondsOf(start));
  if (!stopped_) {
    const int64_t now = session_->server()->clock->NowMillis();
    latest_ = std::max({latest_, first, (now - created_ms_) / 1000});
    stopped_ = stop_at_latest_;
  }
  return std::to_string(latest_);
}

std::string RateSource::ReportedLatest() const { return std::to_string(latest_); }

int64_t RateSource::ValueAt(int64_t second) const {
  const int64_t step = rows_per_second_ / (ramp_up_seconds_ + 1);
  const int64_t ramp = std::min(second, ramp_up_seconds_);
  // 1 + 2 + … + ramp steps, halved where it is even so that it does not overflow.
  const int64_t ramped = ramp % 2 == 1 ? (ramp + 1) / 2 * step * ramp : ramp / 2 * step * (ramp + 1);
  return ramped + (second - ramp) * rows_per_second_;
}

Result<SourceRows> RateSource::Read(const std::string& start, const std::string& end) {
  ASSIGN_OR_RETURN(const int64_t first, SecondsOf(start));
  ASSIGN_OR_RETURN(const int64_t last, SecondsOf(end));
  const int64_t from = ValueAt(first);
  const int64_t to = ValueAt(last);
  const double step = to > from ? static_cast<double>((last - first) * 1000) / static_cast<double>(to - from) : 0;
  const std::string id = "(id - " + std::to_string(from) + ")";
  const std::string text = "SELECT timestamp_millis(" + std::to_string(created_ms_ + first * 1000) +
                           " + CAST(round(CAST(" + JavaDoubleToString(step) + " AS DOUBLE) * CAST(" + id +
                           " AS DOUBLE)) AS BIGINT)) AS timestamp, id AS value FROM range(" + std::to_string(from) +
                           ", " + std::to_string(std::max(from, to)) + ")";
  ASSIGN_OR_RETURN(const auto query,
                   command::ResolveQuery(session_.get(), std::make_shared<plan::SqlText>(text), false));
  resolve::IdMap ids;
  return SourceRows{resolve::CloneWithIds(query.plan, engine::FreshColumnId, &ids), to - from};
}

}  // namespace deltic::spark::streaming
