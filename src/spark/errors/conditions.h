// The one table of error conditions: condition → SQLSTATE, message template, exception class of Spark's JVM API
// (most derived first). Text and SQLSTATEs follow Spark 3.5.5 and Delta 3.3.2. Immutable; thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace deltic::spark::errors {

enum class ExceptionKind : uint8_t {
  kAnalysis,  // org.apache.spark.sql.AnalysisException
  kParse,     // …catalyst.parser.ParseException
  kTempTableExists,
  kNoSuchTable,
  kNoSuchDatabase,
  kTableAlreadyExists,  // analysis.* subclasses of AnalysisException
  kIllegalArgument,
  kArithmetic,
  kUnsupportedOperation,
  kArrayIndexOutOfBounds,
  kDateTime,
  kNumberFormat,
  kRuntime,  // org.apache.spark.SparkRuntimeException
  kSpark,    // org.apache.spark.SparkException
  kUpgrade,  // org.apache.spark.SparkUpgradeException
  kFileNotFound,
  kNoSuchElement,   // org.apache.spark.SparkNoSuchElementException
  kSql,             // org.apache.spark.SparkSQLException
  kIo,              // java.io.IOException
  kIllegalState,    // java.lang.IllegalStateException
  kStreamingQuery,  // org.apache.spark.sql.streaming.StreamingQueryException
  kPython,          // org.apache.spark.api.python.PythonException
  kDeltaAnalysis,
  kDeltaIllegalArgument,
  kDeltaUnsupported,
  kDeltaRuntime,
  kDeltaInvariantViolation,
  kDeltaIllegalState,
  kDeltaTableFeature,
  kDeltaFileNotFound,
  kDeltaIo,
  kDeltaConcurrentAppend,
  kDeltaConcurrentWrite,
  kDeltaMetadataChanged,
  kDeltaProtocolChanged,
  kDeltaConcurrentDeleteRead,
  kDeltaConcurrentDeleteDelete,
  kDeltaConcurrentTransaction,
};

struct ConditionRow {
  std::string_view condition;
  std::string_view sql_state;
  ExceptionKind kind;
  std::string_view message;  // with <param> placeholders
};

std::vector<const ConditionRow*> Conditions();  // sorted by condition
const ConditionRow* FindCondition(std::string_view condition);

// What a client sees of a Status. Unknown conditions render their detail as SparkException.
struct RenderedError {
  std::string condition;  // errorClass; empty when Spark has none
  std::string sql_state;
  std::string message;               // "[COND] text. SQLSTATE: …" as Spark 3.5 prints it (no SQLSTATE suffix in 3.5)
  std::vector<std::string> classes;  // JVM class names, most derived first, ending in java.lang.Object
};
RenderedError Render(const Status& status);
// The template with its <param> placeholders replaced; those without a value stay as they are.
std::string FillTemplate(std::string_view message, const ErrorParams& params);
// JVM class names of a kind, most derived first, ending in java.lang.Object.
std::vector<std::string> ExceptionClasses(ExceptionKind kind);

}  // namespace deltic::spark::errors
