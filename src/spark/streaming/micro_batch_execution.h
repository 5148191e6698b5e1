// Runs one streaming query: finds what is new, writes the offsets of a batch, runs the batch, notes that it is done,
// again and again (Spark's MicroBatchExecution). One thread; the query object is what others see of it.
//
// Exactly once: a batch is fixed by its entry in the offset log before it runs. After a crash the batch without an
// entry in the commit log runs again over the same offsets, and a sink that had it already leaves it out.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "spark/streaming/listener_bus.h"
#include "spark/streaming/offset_log.h"
#include "spark/streaming/query_progress.h"
#include "spark/streaming/sink.h"
#include "spark/streaming/source.h"
#include "spark/streaming/stateful_operator.h"
#include "spark/streaming/stream_plan.h"
#include "spark/streaming/streaming_query.h"
#include "spark/streaming/trigger.h"
#include "spark/streaming/watermark_tracker.h"

namespace deltic::spark::streaming {

// A query that is ready to run.
struct StreamStart {
  std::shared_ptr<session::Session> session;
  std::shared_ptr<StreamingQuery> query;
  std::shared_ptr<ListenerBus> bus;
  std::unique_ptr<StreamPlan> plan;  // analysed
  engine::RelPtr analyzed;           // what it is
  bool stateful = false;             // it has an aggregation or deduplication
  bool evicts = false;               // whose state ends as the watermark moves
  bool has_watermark = false;
  std::unique_ptr<Sink> sink;
  OutputMode mode = OutputMode::kAppend;
  Trigger trigger;
  std::string checkpoint;  // qualified directory
  bool temporary_checkpoint = false;
  std::shared_ptr<storage::ObjectStore> store;  // of the checkpoint
};

class MicroBatchExecution {
 public:
  explicit MicroBatchExecution(StreamStart start);
  // To the end; the query is finished afterwards.
  void Run();

 private:
  Status RunToEnd();
  Status Open();
  // Where the last run stopped: the next batch, or one that has to run again.
  Status Resume();
  Status CheckSourceCount(const BatchOffsets& offsets) const;
  // One trigger; `*executed`: a batch ran.
  Status RunTrigger(bool* executed);
  // Looks for new data and fixes the next batch.
  Status ConstructBatch();
  Status RunBatch();
  Result<std::vector<engine::RelPtr>> ReadSources();
  // The batch's plan with its rows, and those that earlier batches left.
  Status PlanBatch(const std::vector<engine::RelPtr>& rows, command::ResolvedQuery* query);
  Status Purge();
  void Report(bool executed);
  QueryProgress MakeProgress() const;
  void Describe();
  std::function<bool()> Interrupted() const;
  int64_t NowMs() const { return start_.session->server()->clock->NowMillis(); }
  // Adds the time that `work` takes to the trigger's durations.
  template <typename Work>
  auto Timed(const char* what, Work work) {
    const int64_t begun = NowMs();
    auto result = work();
    durations_[what] += NowMs() - begun;
    return result;
  }

  StreamStart start_;
  OffsetLog offsets_;
  CommitLog commits_;
  std::vector<std::unique_ptr<Source>> sources_;
  int64_t batch_ = 0;
  bool constructed_ = false;           // batch_ is in the offset log and has to run
  bool new_data_ = false;              // in the batch
  BatchOffsets available_;             // of batch_, once constructed
  int64_t previous_watermark_ms_ = 0;  // of the batch before
  WatermarkTracker watermark_;
  std::unique_ptr<StatefulOperator> state_;  // null: the query needs none
  std::vector<std::string> committed_;
  // Of the trigger that runs.
  std::map<std::string, int64_t> durations_;
  std::vector<int64_t> input_rows_;
  int64_t output_rows_ = -1;
  std::map<std::string, std::string> event_time_;
  std::vector<StateProgress> state_progress_;
  int64_t trigger_start_ms_ = 0;
  int64_t last_trigger_start_ms_ = -1;
  std::optional<int64_t> last_report_ms_;
};

}  // namespace deltic::spark::streaming
