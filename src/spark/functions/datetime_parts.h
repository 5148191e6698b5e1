// The datetime rows that have a file of their own: fields by name and intervals.
// Pure functions; thread-safe.
#pragma once

#include "spark/functions/signature.h"

namespace deltic::spark::functions {

// A timestamp as timestamp_ntz of the session's clock; a timestamp_ntz as it is.
ExprPtr LocalClock(const ExprPtr& time, const FunctionContext& context);
// Decimal seconds as integral microseconds.
ExprPtr SecondsMicros(const ExprPtr& seconds, const FunctionContext& context);

Result<ExprPtr> BuildDatePart(const FunctionCall& call, const FunctionContext& context);
Result<ExprPtr> BuildMakeInterval(const FunctionCall& call, const FunctionContext& context);
Result<ExprPtr> BuildMakeDtInterval(const FunctionCall& call, const FunctionContext& context);
Result<ExprPtr> BuildMakeYmInterval(const FunctionCall& call, const FunctionContext& context);

}  // namespace deltic::spark::functions
