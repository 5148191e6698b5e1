// Event-time windows: window(), session_window() and window_time(). A row stands in one or more windows, so the
// resolver (spark/resolve/time_window.cc) puts them into the relation below; here are their arguments and values.
// Pure functions; thread-safe.
#pragma once

#include "spark/functions/signature.h"

namespace deltic::spark::functions {

// window(time, length[, slide[, start]]), in microseconds.
struct TimeWindow {
  ExprPtr time;  // timestamp or timestamp_ntz
  int64_t length = 0;
  int64_t slide = 0;
  int64_t start = 0;
  bool tumbling() const { return slide == length; }
  // How many windows a time can stand in.
  int64_t overlapping() const { return (length + slide - 1) / slide; }
};
Result<TimeWindow> ParseTimeWindow(const FunctionCall& call, const FunctionContext& context);
// Start of the latest window that holds the time, as microseconds.
ExprPtr WindowStart(const TimeWindow& window);
// {start, end} of the window that starts at `start` (microseconds).
ExprPtr WindowStruct(const TimeWindow& window, const ExprPtr& start);

// session_window(time, gap): a row's own session before sessions that touch are merged.
struct SessionWindow {
  ExprPtr time;
  ExprPtr end;  // time + gap; NULL when the gap is not an interval
};
Result<SessionWindow> ParseSessionWindow(const FunctionCall& call, const FunctionContext& context);
ExprPtr SessionStruct(const ExprPtr& start, const ExprPtr& end);

std::vector<FunctionRow> TimeWindowRows();

}  // namespace deltic::spark::functions
