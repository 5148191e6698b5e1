#include "spark/streaming/micro_batch_execution.h"

#include <algorithm>

#include "base/log.h"
#include "spark/command/execute.h"
#include "spark/errors/conditions.h"
#include "spark/resolve/canonical_plan.h"
#include "spark/streaming/memory_sink.h"

namespace deltic::spark::streaming {
namespace {

using engine::RelPtr;

// Between two looks for new data, as Spark's spark.sql.streaming.pollingDelay; longer when nothing came for a while.
constexpr int64_t kLeastPollMs = 10;
constexpr int64_t kMostPollMs = 100;
constexpr int64_t kRetainedBatches = 100;  // spark.sql.streaming.minBatchesToRetain
constexpr int64_t kIdleReportMs = 10'000;  // spark.sql.streaming.noDataProgressEventInterval

RelPtr NoRowsLike(const engine::Rel& rel) {
  std::vector<engine::Column> output = rel.output;
  for (auto& column : output) column.id = engine::FreshColumnId();
  return std::make_shared<engine::ValuesRel>(std::move(output), std::vector<std::vector<engine::ExprPtr>>());
}

}  // namespace

MicroBatchExecution::MicroBatchExecution(StreamStart start)
    : start_(std::move(start)),
      offsets_(start_.store, start_.checkpoint),
      commits_(start_.store, start_.checkpoint),
      watermark_(start_.session->conf().GetString("spark.sql.streaming.multipleWatermarkPolicy", "min") == "max") {
  if (!start_.stateful) return;
  state_ = std::make_unique<StatefulOperator>(start_.session,
                                              StateStore(start_.session, start_.store, start_.checkpoint), start_.mode);
}

std::function<bool()> MicroBatchExecution::Interrupted() const {
  return [query = start_.query.get()] { return query->stop_requested(); };
}

void MicroBatchExecution::Run() {
  Status status = RunToEnd();
  // What failed because the query was stopped has not failed.
  if (start_.query->stop_requested()) status = Status::Ok();
  if (!status.ok()) {
    Describe();
    Log(LogLevel::kWarn, "streaming query failed",
        {{"id", start_.query->id()}, {"runId", start_.query->run_id()}, {"error", status.ToString()}});
  }
  if (start_.temporary_checkpoint && status.ok()) {
    const Status removed = start_.store->DeleteRecursive(start_.checkpoint);
    if (!removed.ok()) Log(LogLevel::kWarn, "a temporary checkpoint stays", {{"path", start_.checkpoint}});
  }
  start_.query->Finish(status);
  const errors::RenderedError rendered = errors::Render(status);
  start_.bus->Post({EventKind::kTerminated, TerminatedEventJson(start_.query->id(), start_.query->run_id(),
                                                                rendered.message, rendered.condition)});
}

Status MicroBatchExecution::RunToEnd() {
  RETURN_IF_ERROR(Open());
  StreamingQuery& query = *start_.query;
  int64_t poll_ms = kLeastPollMs;
  while (!query.stop_requested()) {
    const int64_t next_ms = start_.trigger.Next(NowMs());
    bool executed = false;
    RETURN_IF_ERROR(RunTrigger(&executed));
    query.SetStatus("Waiting for next trigger", std::nullopt, false);
    if (start_.trigger.kind == Trigger::Kind::kOnce) break;
    if (start_.trigger.kind == Trigger::Kind::kAvailableNow && !executed) break;
    if (!executed) {
      query.SetStatus("Waiting for data to arrive", std::nullopt, false);
      query.NoNewData();
    }
    if (start_.trigger.kind == Trigger::Kind::kAvailableNow) continue;
    poll_ms = executed ? kLeastPollMs : std::min(poll_ms * 2, kMostPollMs);
    if (start_.trigger.interval_ms > 0) {
      const int64_t left = next_ms - NowMs();
      if (left > 0) query.Pause(left);
    } else if (!executed) {
      query.Pause(poll_ms);
    }
  }
  return Status::Ok();
}

Status MicroBatchExecution::Open() {
  for (const auto& relation : start_.plan->sources()) {
    const std::string path = storage::JoinPath(start_.checkpoint, "sources/" + std::to_string(relation->index));
    ASSIGN_OR_RETURN(auto source, OpenSource({start_.session, path, start_.store}, *relation));
    if (start_.trigger.kind == Trigger::Kind::kAvailableNow) RETURN_IF_ERROR(source->StopAtLatest());
    sources_.push_back(std::move(source));
  }
  committed_.resize(sources_.size());
  return Resume();
}

Status MicroBatchExecution::CheckSourceCount(const BatchOffsets& offsets) const {
  if (offsets.offsets.size() == sources_.size()) return Status::Ok();
  return Error("_STREAMING_STATE", {},
               "assertion failed: There are [" + std::to_string(offsets.offsets.size()) +
                   "] sources in the checkpoint offsets and now there are [" + std::to_string(sources_.size()) +
                   "] sources requested by the query. Cannot continue.");
}

Status MicroBatchExecution::Resume() {
  ASSIGN_OR_RETURN(const auto latest, offsets_.Latest());
  if (!latest.has_value()) return Status::Ok();
  ASSIGN_OR_RETURN(auto available, offsets_.Get(*latest));
  if (!available.has_value())
    return Error("_STREAMING_STATE", {}, "batch " + std::to_string(*latest) + " doesn't exist");
  RETURN_IF_ERROR(CheckSourceCount(*available));
  if (*latest > 0) {
    ASSIGN_OR_RETURN(const auto previous, offsets_.Get(*latest - 1));
    if (!previous.has_value()) {
      return Error("_STREAMING_STATE", {}, "batch " + std::to_string(*latest - 1) + " doesn't exist");
    }
    RETURN_IF_ERROR(CheckSourceCount(*previous));
    committed_ = previous->offsets;
    previous_watermark_ms_ = previous->watermark_ms;
  }
  available_ = std::move(*available);
  batch_ = *latest;
  ASSIGN_OR_RETURN(const auto done, commits_.NextWatermark(batch_));
  if (!done.has_value()) {
    watermark_.Restore(available_.watermark_ms);
    constructed_ = true;
    new_data_ = true;
    return Status::Ok();
  }
  for (size_t i = 0; i < sources_.size(); i++) {
    if (available_.offsets[i].empty()) continue;
    RETURN_IF_ERROR(sources_[i]->Resume(committed_[i], available_.offsets[i]));
  }
  committed_ = available_.offsets;
  previous_watermark_ms_ = available_.watermark_ms;
  watermark_.Restore(*done);
  batch_++;
  return Status::Ok();
}

Status MicroBatchExecution::RunTrigger(bool* executed) {
  durations_.clear();
  input_rows_.assign(sources_.size(), 0);
  output_rows_ = -1;
  event_time_.clear();
  state_progress_.clear();
  trigger_start_ms_ = NowMs();
  StreamingQuery& query = *start_.query;
  query.SetStatus(query.status().message, std::nullopt, true);
  if (!constructed_) RETURN_IF_ERROR(ConstructBatch());
  *executed = constructed_;
  if (constructed_) {
    query.SetStatus(new_data_ ? "Processing new data" : "No new data but cleaning up state", new_data_, true);
    RETURN_IF_ERROR(RunBatch());
  } else {
    query.SetStatus("Waiting for data to arrive", false, std::nullopt);
  }
  durations_["triggerExecution"] = NowMs() - trigger_start_ms_;
  Report(*executed);
  if (*executed) {
    committed_ = available_.offsets;
    previous_watermark_ms_ = available_.watermark_ms;
    constructed_ = false;
    batch_++;
  }
  last_trigger_start_ms_ = trigger_start_ms_;
  return Status::Ok();
}

Status MicroBatchExecution::ConstructBatch() {
  const ReadLimit limit = start_.trigger.kind == Trigger::Kind::kOnce ? ReadLimit::kAll : ReadLimit::kDefault;
  StreamingQuery& query = *start_.query;
  std::vector<std::string> next(sources_.size());
  RETURN_IF_ERROR(Timed("latestOffset", [&]() -> Status {
    for (size_t i = 0; i < sources_.size(); i++) {
      query.SetStatus("Getting offsets from " + sources_[i]->description(), std::nullopt, std::nullopt);
      ASSIGN_OR_RETURN(next[i], sources_[i]->LatestOffset(committed_[i], limit));
    }
    return Status::Ok();
  }));
  new_data_ = next != committed_;
  available_.offsets = std::move(next);
  // Without new data the watermark may still have moved over state that is to be given out or forgotten.
  const bool ends_state = start_.evicts && batch_ > 0 && watermark_.current_ms() > previous_watermark_ms_;
  if (!new_data_ && !ends_state) return Status::Ok();
  available_.watermark_ms = watermark_.current_ms();
  available_.timestamp_ms = NowMs();
  if (available_.conf.empty()) available_.conf = RecordedConf(start_.session->conf());
  RETURN_IF_ERROR(Timed("walCommit", [&] { return offsets_.Add(batch_, available_); }));
  constructed_ = true;
  return Purge();
}

Status MicroBatchExecution::Purge() {
  if (batch_ <= kRetainedBatches) return Status::Ok();
  RETURN_IF_ERROR(offsets_.Purge(batch_ - kRetainedBatches));
  return commits_.Purge(batch_ - kRetainedBatches);
}

Result<std::vector<RelPtr>> MicroBatchExecution::ReadSources() {
  std::vector<RelPtr> rows;
  for (size_t i = 0; i < sources_.size(); i++) {
    const std::string& end = available_.offsets[i];
    if (end == committed_[i] || end.empty()) {
      rows.push_back(NoRowsLike(*start_.plan->sources()[i]));
      continue;
    }
    ASSIGN_OR_RETURN(SourceRows read, sources_[i]->Read(committed_[i], end));
    if (!read.count.has_value()) {
      engine::QueryOptions options;
      options.interrupted = Interrupted();
      ASSIGN_OR_RETURN(read.count, CountRows(start_.session->server()->engine, read.rows, options));
    }
    input_rows_[i] = *read.count;
    rows.push_back(std::move(read.rows));
  }
  return rows;
}

Status MicroBatchExecution::RunBatch() {
  std::vector<RelPtr> rows;
  RETURN_IF_ERROR(Timed("getBatch", [&]() -> Status {
    ASSIGN_OR_RETURN(rows, ReadSources());
    return Status::Ok();
  }));
  command::ResolvedQuery query;
  RETURN_IF_ERROR(Timed("queryPlanning", [&]() -> Status {
    ASSIGN_OR_RETURN(query, start_.plan->Resolve(available_.timestamp_ms, Interrupted()));
    return command::ReadKept(start_.session.get(), &query);
  }));
  RETURN_IF_ERROR(Timed("addBatch", [&] { return PlanBatch(rows, &query); }));
  start_.query->SetExplain([engine = start_.session->server()->engine, query](bool extended) {
    const auto physical = engine->Explain(query.plan, query.options);
    const std::string text = "== Physical Plan ==\n" + (physical.ok() ? *physical : physical.status().detail());
    if (!extended) return text;
    return "== Analyzed Logical Plan ==\n" + resolve::ColumnList(*query.plan) + "\n" + resolve::PlanTree(*query.plan) +
           "\n" + text;
  });
  RETURN_IF_ERROR(Timed("addBatch", [&]() -> Status {
    ASSIGN_OR_RETURN(output_rows_, start_.sink->Add({batch_, query.plan, query.options, Interrupted()}));
    return Status::Ok();
  }));
  if (start_.query->stop_requested()) return Error("OPERATION_CANCELED", {}, "The query was stopped.");
  RETURN_IF_ERROR(Timed("commitOffsets", [&] { return commits_.Add(batch_, watermark_.current_ms()); }));
  return state_ == nullptr ? Status::Ok() : state_->Purge(batch_);
}

Status MicroBatchExecution::PlanBatch(const std::vector<RelPtr>& rows, command::ResolvedQuery* query) {
  if (start_.has_watermark) {
    RETURN_IF_ERROR(
        watermark_.Observe(start_.session->server()->engine, query->plan, rows, query->options, &event_time_));
    event_time_["watermark"] = FormatInstant(available_.watermark_ms);
  }
  if (state_ != nullptr) {
    const int64_t late_ms = batch_ == 0 ? available_.watermark_ms : previous_watermark_ms_;
    StateProgress progress;
    ASSIGN_OR_RETURN(query->plan, state_->Run(query->plan, rows,
                                              {batch_, {late_ms, available_.watermark_ms}, query->options}, &progress));
    state_progress_.push_back(std::move(progress));
  }
  query->plan = StreamPlan::WithRows(query->plan, rows);
  return Status::Ok();
}

// --- reports ----------------------------------------------------------------------------------------
QueryProgress MicroBatchExecution::MakeProgress() const {
  QueryProgress progress;
  progress.id = start_.query->id();
  progress.run_id = start_.query->run_id();
  progress.name = start_.query->name();
  progress.trigger_start_ms = trigger_start_ms_;
  progress.trigger_end_ms = NowMs();
  progress.last_trigger_start_ms = last_trigger_start_ms_;
  progress.batch_id = batch_;
  progress.durations_ms = durations_;
  progress.event_time = event_time_;
  progress.state = state_progress_;
  for (size_t i = 0; i < sources_.size(); i++) {
    SourceProgress source;
    source.description = sources_[i]->description();
    source.start_offset = committed_[i];
    source.end_offset = available_.offsets.empty() ? "" : available_.offsets[i];
    source.latest_offset = sources_[i]->ReportedLatest();
    source.input_rows = input_rows_[i];
    progress.sources.push_back(std::move(source));
  }
  progress.sink = start_.sink->description();
  progress.output_rows = output_rows_;
  return progress;
}

void MicroBatchExecution::Report(bool executed) {
  const int64_t now = NowMs();
  const bool due = !last_report_ms_.has_value() || now - *last_report_ms_ >= kIdleReportMs;
  if (!executed && !due) return;
  const bool before = last_report_ms_.has_value();
  last_report_ms_ = now;
  const std::string json = MakeProgress().Json();
  start_.query->AddProgress(json);
  if (executed) {
    start_.bus->Post({EventKind::kProgress, ProgressEventJson(json)});
  } else if (before) {
    start_.bus->Post({EventKind::kIdle, IdleEventJson(start_.query->id(), start_.query->run_id(), trigger_start_ms_)});
  }
}

void MicroBatchExecution::Describe() {
  const auto list = [&](const std::vector<std::string>& offsets) {
    std::string out;
    for (size_t i = 0; i < sources_.size() && i < offsets.size(); i++) {
      if (!offsets[i].empty()) out += (out.empty() ? "" : ",") + sources_[i]->description() + ": " + offsets[i];
    }
    return "{" + out + "}";
  };
  start_.query->SetDebugText(
      "=== Streaming Query ===\nIdentifier: " + (start_.query->name().empty() ? "" : start_.query->name() + " ") +
      "[id = " + start_.query->id() + ", runId = " + start_.query->run_id() + "]\nCurrent Committed Offsets: " +
      list(committed_) + "\nCurrent Available Offsets: " + list(available_.offsets) + "\n\nCurrent State: ACTIVE");
}

}  // namespace deltic::spark::streaming
