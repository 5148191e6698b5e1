// withWatermark: the rows as they are, the delay noted with the event time column, as Spark's EventTimeWatermark does.
#include <cstdlib>

#include "base/json_writer.h"
#include "spark/resolve/expression_binder.h"
#include "spark/resolve/watermark_delay.h"
#include "spark/sql/datetime_text.h"

namespace deltic::spark::resolve {
namespace {

// {"a":1} and {"b":2} → {"a":1,"b":2}
std::string WithEntry(const std::string& metadata, const std::string& key, int64_t value) {
  std::string out = metadata.substr(0, metadata.rfind('}'));
  if (out != "{") out += ",";
  return out + JsonQuote(key) + ":" + std::to_string(value) + "}";
}

Result<int64_t> DelayMillis(const std::string& text) {
  const auto interval = sql::ParseIntervalText(text);
  if (!interval.ok()) {
    return Error("CANNOT_PARSE_INTERVAL", {{"intervalString", text}}, "Unable to parse time delay '" + text + "'");
  }
  // A month counts 31 days here, as Spark's IntervalUtils.getDuration is asked to.
  constexpr int64_t kDayMillis = 86'400'000;
  const int64_t millis = (int64_t{31} * interval->months + interval->days) * kDayMillis + interval->micros / 1000;
  if (interval->months < 0 || interval->days < 0 || interval->micros < 0) {
    return Error("_STREAMING_ARGUMENT", {},
                 "requirement failed: delay threshold (" + text + ") should not be negative.");
  }
  return millis;
}

bool IsEventTime(const DataType& type) {
  if (type.Is(TypeId::kTimestamp) || type.Is(TypeId::kTimestampNtz)) return true;
  return type.Is(TypeId::kStruct) && type.fields().size() == 2 && type.fields()[1].name == "end" &&
         type.fields()[1].type.Is(TypeId::kTimestamp);
}

}  // namespace

std::optional<int64_t> WatermarkDelayMs(const std::string& metadata) {
  const std::string key = "\"" + std::string(kWatermarkKey) + "\":";
  const size_t at = metadata.find(key);
  if (at == std::string::npos) return std::nullopt;
  return std::strtoll(metadata.c_str() + at + key.size(), nullptr, 10);
}

Result<Node> Binder::BindWatermark(const plan::Watermark& watermark, const Env& env) {
  const size_t log_start = log_.size();
  ASSIGN_OR_RETURN(Node child, Bind(watermark.child, env));
  ASSIGN_OR_RETURN(const int64_t delay, DelayMillis(watermark.delay));
  Scope scope = MakeScope(child, env, log_start);
  ExpressionBinder binder(this, &scope);
  ASSIGN_OR_RETURN(
      const ExprPtr event_time,
      binder.Bind(std::make_shared<plan::UnresolvedAttribute>(std::vector<std::string>{watermark.event_time})));
  if (!IsEventTime(event_time->type)) {
    return Error("EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE", {{"eventName", types::QuoteIdentifier(watermark.event_time)},
                                                         {"eventType", "\"" + event_time->type.Sql() + "\""}});
  }
  std::vector<NamedExpr> items;
  for (const Column& column : child.rel->output) {
    NamedExpr item{ColumnRef(column), column.name, column.metadata, column.qualifier, true};
    if (event_time->kind == ExprKind::kColumn && event_time->As<engine::ColumnExpr>().id == column.id) {
      item.metadata = WithEntry(column.metadata, std::string(kWatermarkKey), delay);
    }
    items.push_back(std::move(item));
  }
  Node node = Project(child, std::move(items));
  node.below = nullptr;
  return node;
}

}  // namespace deltic::spark::resolve
