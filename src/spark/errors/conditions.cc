#include "spark/errors/conditions.h"

#include <algorithm>
#include <unordered_map>

#include "spark/errors/condition_tables.h"

namespace deltic::spark::errors {
namespace {

const std::unordered_map<std::string_view, const ConditionRow*>& Index() {
  static const auto* const kIndex = [] {
    auto* index = new std::unordered_map<std::string_view, const ConditionRow*>;
    for (auto rows : {ConnectConditions(), SparkConditionsAToH(), SparkConditionsIToT(), SparkConditionsUToZ(),
                      SparkLegacyAnalysisConditions(), SparkLegacyExecutionConditions(), DeltaConditionsAToE(),
                      DeltaConditionsFToS(), DeltaConditionsTToZ()}) {
      for (const ConditionRow& row : rows) index->emplace(row.condition, &row);
    }
    return index;
  }();
  return *kIndex;
}

// Each kind's own classes above java.lang.Exception.
std::vector<std::string> OwnClasses(ExceptionKind kind) {
  const std::string analysis = "org.apache.spark.sql.AnalysisException";
  const std::string catalyst = "org.apache.spark.sql.catalyst.analysis.";
  const std::string spark = "org.apache.spark.";
  const std::string runtime = "java.lang.RuntimeException";
  const std::string illegal_argument = "java.lang.IllegalArgumentException";
  const std::string unsupported = "java.lang.UnsupportedOperationException";
  const std::string delta = "org.apache.spark.sql.delta.";
  const std::string io = "java.io.IOException";
  switch (kind) {
    case ExceptionKind::kAnalysis: return {analysis};
    case ExceptionKind::kParse: return {"org.apache.spark.sql.catalyst.parser.ParseException", analysis};
    case ExceptionKind::kTempTableExists:
      return {catalyst + "TempTableAlreadyExistsException", catalyst + "TableAlreadyExistsException", analysis};
    case ExceptionKind::kNoSuchTable: return {catalyst + "NoSuchTableException", analysis};
    case ExceptionKind::kNoSuchDatabase:
      return {catalyst + "NoSuchDatabaseException", catalyst + "NoSuchNamespaceException", analysis};
    case ExceptionKind::kTableAlreadyExists: return {catalyst + "TableAlreadyExistsException", analysis};
    case ExceptionKind::kIllegalArgument: return {spark + "SparkIllegalArgumentException", illegal_argument, runtime};
    case ExceptionKind::kArithmetic:
      return {spark + "SparkArithmeticException", "java.lang.ArithmeticException", runtime};
    case ExceptionKind::kUnsupportedOperation:
      return {spark + "SparkUnsupportedOperationException", unsupported, runtime};
    case ExceptionKind::kArrayIndexOutOfBounds:
      return {spark + "SparkArrayIndexOutOfBoundsException", "java.lang.ArrayIndexOutOfBoundsException",
              "java.lang.IndexOutOfBoundsException", runtime};
    case ExceptionKind::kDateTime: return {spark + "SparkDateTimeException", "java.time.DateTimeException", runtime};
    case ExceptionKind::kNumberFormat:
      return {spark + "SparkNumberFormatException", "java.lang.NumberFormatException", illegal_argument, runtime};
    case ExceptionKind::kRuntime: return {spark + "SparkRuntimeException", runtime};
    case ExceptionKind::kSpark: return {spark + "SparkException"};
    case ExceptionKind::kUpgrade: return {spark + "SparkUpgradeException", runtime};
    case ExceptionKind::kFileNotFound:
      return {spark + "SparkFileNotFoundException", "java.io.FileNotFoundException", io};
    case ExceptionKind::kNoSuchElement:
      return {spark + "SparkNoSuchElementException", "java.util.NoSuchElementException", runtime};
    case ExceptionKind::kSql: return {spark + "SparkSQLException", "java.sql.SQLException"};
    case ExceptionKind::kIo: return {io};
    case ExceptionKind::kIllegalState: return {"java.lang.IllegalStateException", runtime};
    case ExceptionKind::kStreamingQuery: return {spark + "sql.streaming.StreamingQueryException"};
    case ExceptionKind::kPython: return {spark + "api.python.PythonException", runtime};
    case ExceptionKind::kDeltaAnalysis: return {delta + "DeltaAnalysisException", analysis};
    case ExceptionKind::kDeltaIllegalArgument:
      return {delta + "DeltaIllegalArgumentException", illegal_argument, runtime};
    case ExceptionKind::kDeltaUnsupported: return {delta + "DeltaUnsupportedOperationException", unsupported, runtime};
    case ExceptionKind::kDeltaRuntime: return {delta + "DeltaRuntimeException", runtime};
    case ExceptionKind::kDeltaInvariantViolation:
      return {delta + "schema.DeltaInvariantViolationException", delta + "schema.InvariantViolationException", runtime};
    case ExceptionKind::kDeltaIllegalState:
      return {delta + "DeltaIllegalStateException", "java.lang.IllegalStateException", runtime};
    case ExceptionKind::kDeltaTableFeature: return {delta + "DeltaTableFeatureException", runtime};
    case ExceptionKind::kDeltaFileNotFound:
      return {delta + "DeltaFileNotFoundException", "java.io.FileNotFoundException", io};
    case ExceptionKind::kDeltaIo: return {delta + "DeltaIOException", io};
    default: break;
  }
  const std::string base = "io.delta.exceptions.";
  std::string name;
  switch (kind) {
    case ExceptionKind::kDeltaConcurrentAppend: name = "ConcurrentAppendException"; break;
    case ExceptionKind::kDeltaConcurrentWrite: name = "ConcurrentWriteException"; break;
    case ExceptionKind::kDeltaMetadataChanged: name = "MetadataChangedException"; break;
    case ExceptionKind::kDeltaProtocolChanged: name = "ProtocolChangedException"; break;
    case ExceptionKind::kDeltaConcurrentDeleteRead: name = "ConcurrentDeleteReadException"; break;
    case ExceptionKind::kDeltaConcurrentDeleteDelete: name = "ConcurrentDeleteDeleteException"; break;
    default: name = "ConcurrentTransactionException"; break;
  }
  return {base + name, base + "DeltaConcurrentModificationException", "java.util.ConcurrentModificationException",
          runtime};
}

// Spark throws one condition as different classes depending on what was being cast.
ExceptionKind KindOf(const ConditionRow& row, const Status& status) {
  if (row.condition == "CAST_INVALID_INPUT") {
    std::string_view target = status.Param("targetType");
    if (target.find("DATE") != target.npos || target.find("TIMESTAMP") != target.npos) return ExceptionKind::kDateTime;
    if (target.find("BOOLEAN") != target.npos) return ExceptionKind::kRuntime;
  }
  return row.kind;
}

}  // namespace

std::vector<const ConditionRow*> Conditions() {
  std::vector<const ConditionRow*> out;
  for (const auto& [name, row] : Index()) out.push_back(row);
  std::sort(out.begin(), out.end(), [](auto* a, auto* b) { return a->condition < b->condition; });
  return out;
}

const ConditionRow* FindCondition(std::string_view condition) {
  auto it = Index().find(condition);
  return it == Index().end() ? nullptr : it->second;
}

std::vector<std::string> ExceptionClasses(ExceptionKind kind) {
  std::vector<std::string> out = OwnClasses(kind);
  for (const char* base : {"java.lang.Exception", "java.lang.Throwable", "java.lang.Object"}) out.emplace_back(base);
  return out;
}

std::string FillTemplate(std::string_view message, const ErrorParams& params) {
  std::string out;
  size_t at = 0;
  while (at < message.size()) {
    size_t open = message.find('<', at);
    size_t close = open == message.npos ? message.npos : message.find('>', open);
    if (close == message.npos) break;
    std::string_view name = message.substr(open + 1, close - open - 1);
    auto it = std::find_if(params.begin(), params.end(), [&](const auto& p) { return p.first == name; });
    out.append(message.substr(at, open - at));
    if (it != params.end()) {
      out.append(it->second);
    } else if (name == "docroot") {
      out.append("https://spark.apache.org/docs/latest");
    } else {
      out.append(message.substr(open, close - open + 1));
    }
    at = close + 1;
  }
  out.append(message.substr(at));
  return out;
}

RenderedError Render(const Status& status) {
  RenderedError out;
  if (status.ok()) return out;
  const std::string& condition = status.condition();
  const ConditionRow* row = FindCondition(condition);
  // Names of ours for errors that Spark throws without a condition.
  const bool unnamed = condition.starts_with("_") && !condition.starts_with("_LEGACY_ERROR_TEMP_");
  if (!unnamed) out.condition = condition;
  if (row != nullptr) out.sql_state = row->sql_state;
  ExceptionKind kind = ExceptionKind::kSpark;
  if (row != nullptr) {
    kind = KindOf(*row, status);
  } else if (condition.starts_with("DELTA_")) {
    kind = ExceptionKind::kDeltaAnalysis;
  } else if (condition.starts_with("INVALID_PARAMETER_VALUE")) {
    kind = ExceptionKind::kRuntime;
  }
  // The parser's detail is the whole text, with position and excerpt.
  if (status.detail().starts_with("\n")) {
    out.classes = ExceptionClasses(ExceptionKind::kParse);
    out.message = status.detail();
    return out;
  }
  out.classes = ExceptionClasses(kind);
  const bool has_template = row != nullptr && !row->message.empty();
  const bool bare = condition.starts_with("_") || (!has_template && row != nullptr && row->sql_state.empty());
  if (!bare) out.message = "[" + condition + "] ";
  out.message += has_template ? FillTemplate(row->message, status.params()) : status.detail();
  return out;
}

}  // namespace deltic::spark::errors
