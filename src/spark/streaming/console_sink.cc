#include "spark/streaming/console_sink.h"

#include <cstdio>
#include <cstdlib>

#include "base/random.h"
#include "spark/command/execute.h"
#include "spark/plan/relation.h"
#include "spark/streaming/memory_sink.h"

namespace deltic::spark::streaming {

ConsoleSink::ConsoleSink(std::shared_ptr<session::Session> session, const plan::Options& options)
    : session_(std::move(session)) {
  if (const auto rows = plan::FindOption(options, "numRows")) rows_ = std::atoi(rows->c_str());
  if (const auto truncate = plan::FindOption(options, "truncate")) {
    truncate_ = !types::EqualsIgnoreCase(*truncate, "false");
  }
}

Result<int64_t> ConsoleSink::Add(const SinkBatch& batch) {
  engine::Engine* engine = session_->server()->engine;
  ASSIGN_OR_RETURN(const auto kept, engine->Materialize(batch.rows, batch.options));
  const std::string id = "console-" + Random::System()->Uuid();
  session_->PutRemote(id, kept);
  auto show =
      std::make_shared<plan::ShowString>(plan::RelationKind::kShowString, std::make_shared<plan::CachedRemote>(id));
  show->rows = rows_;
  show->truncate = truncate_ ? 20 : 0;
  auto text = [&]() -> Result<std::string> {
    ASSIGN_OR_RETURN(const auto query, command::ResolveQuery(session_.get(), show, false, batch.interrupted));
    ASSIGN_OR_RETURN(const auto rows, engine->Collect(query.plan, query.options, 1));
    return rows.empty() ? std::string() : std::get<std::string>(rows[0][0].v);
  }();
  session_->DropRemote(id);
  if (!text.ok()) return text.status();
  constexpr const char* kLine = "-------------------------------------------\n";
  const std::string out = std::string(kLine) + "Batch: " + std::to_string(batch.id) + "\n" + kLine + *text + "\n";
  std::fwrite(out.data(), 1, out.size(), stdout);
  std::fflush(stdout);
  return CountRows(engine, kept, batch.options);
}

Result<int64_t> NoopSink::Add(const SinkBatch& batch) {
  return CountRows(session_->server()->engine, batch.rows, batch.options);
}

}  // namespace deltic::spark::streaming
