#include "spark/connect/operation.h"

#include <algorithm>
#include <cmath>

#include "base/deep_thread.h"
#include "base/log.h"
#include "base/random.h"
#include "spark/connect/error_reply.h"
#include "spark/connect/run_plan.h"
#include "spark/connect/session_registry.h"

namespace deltic::spark::connect {
namespace {

// A query reports progress as tasks of one stage.
constexpr int64_t kProgressTasks = 100;

Status Cancelled() { return Error("OPERATION_CANCELED", {}, "Operation has been canceled."); }

// Errors of the parser show the statement, which may set a secret: the log has it not.
std::string WithoutStatement(std::string text) {
  text.resize(std::min(text.find("== SQL"), text.size()));
  return text;
}

}  // namespace

bool RunningCount::TryAdd() {
  std::lock_guard lock(mutex_);
  if (count_ >= limit_) return false;
  count_++;
  return true;
}

void RunningCount::Remove() {
  std::lock_guard lock(mutex_);
  count_--;
  changed_.notify_all();
}

int RunningCount::count() const {
  std::lock_guard lock(mutex_);
  return count_;
}

bool RunningCount::WaitForZero(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, timeout, [&] { return count_ == 0; });
}

Operation::Operation(std::shared_ptr<SessionEntry> session, proto::ExecutePlanRequest request, std::string id,
                     bool reattachable, ResponseBuffer::Limits limits)
    : session_(std::move(session)),
      request_(std::move(request)),
      id_(std::move(id)),
      tags_(request_.tags().begin(), request_.tags().end()),
      reattachable_(reattachable),
      responses_(Random::System()->Uuid().substr(0, 24), limits) {}

Status Operation::Start(RunningCount* running) {
  if (!running->TryAdd()) return Error("SERVER_BUSY", {{"limit", "256"}, {"what", "concurrent operations"}});
  Status started = StartDeepThread([self = shared_from_this(), running]() mutable {
    self->Run();
    self.reset();  // before the count, so that a stopping server sees nothing of it afterwards
    running->Remove();
  });
  if (!started.ok()) running->Remove();
  return started;
}

void Operation::Run() {
  Status status = Contained([this] { return RunPlan(this); });
  if (cancelled()) status = Cancelled();
  if (status.ok() && reattachable_) {
    proto::ExecutePlanResponse complete;
    complete.mutable_result_complete();
    status = Send(&complete);
  }
  state_ = status.ok() ? State::kSucceeded : status.Is("OPERATION_CANCELED") ? State::kCancelled : State::kFailed;
  if (!status.ok()) {
    Log(LogLevel::kInfo, "operation failed",
        {{"operation", id_},
         {"session", session_->session.session_id()},
         {"error", Abbreviate(WithoutStatement(status.ToString()), 500)}});
  }
  responses_.Finish(ToGrpcStatus(status, &session_->errors, sql_text_));
}

void Operation::Cancel() {
  cancelled_ = true;
  std::lock_guard lock(stream_mutex_);
  if (stream_ != nullptr) stream_->Interrupt();
}

Status Operation::Send(proto::ExecutePlanResponse* response) {
  response->set_session_id(session_->session.session_id());
  response->set_server_side_session_id(session_->server_side_id);
  response->set_operation_id(id_);
  if (cancelled() || !responses_.Push(response)) return Cancelled();
  return Status::Ok();
}

void Operation::ReportProgress(bool done) {
  proto::ExecutePlanResponse response;
  {
    std::lock_guard lock(stream_mutex_);
    if (done && progress_reports_ == 0) return;
    progress_reports_++;
    const double progress = done ? 1.0 : stream_ == nullptr ? 0.0 : std::clamp(stream_->Progress(), 0.0, 1.0);
    auto* stage = response.mutable_execution_progress()->add_stages();
    stage->set_num_tasks(kProgressTasks);
    stage->set_num_completed_tasks(static_cast<int64_t>(std::floor(progress * kProgressTasks)));
    stage->set_done(done);
    response.mutable_execution_progress()->set_num_inflight_tasks(done ? 0 : 1);
  }
  response.set_session_id(session_->session.session_id());
  response.set_server_side_session_id(session_->server_side_id);
  response.set_operation_id(id_);
  responses_.TryPush(&response);
}

void Operation::SetStream(engine::ResultStream* stream) {
  std::lock_guard lock(stream_mutex_);
  stream_ = stream;
  if (stream_ != nullptr && cancelled()) stream_->Interrupt();
}

std::function<bool()> Operation::interrupted() const {
  return [this] { return cancelled(); };
}

}  // namespace deltic::spark::connect
