#include "engine/errors.h"

#include <new>
#include <string>
#include <string_view>

#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

using duckdb::ExceptionType;

Status FromExtraInfo(const duckdb::ErrorData& error) {
  const auto& info = error.ExtraInfo();
  auto condition = info.find(functions::kConditionKey);
  if (condition == info.end()) return Status::Ok();
  ErrorParams params;
  std::string detail;
  const std::string_view prefix = functions::kParamPrefix;
  for (const auto& [key, value] : info) {
    if (key == functions::kDetailKey) detail = value;
    if (std::string_view(key).starts_with(prefix)) params.emplace_back(key.substr(prefix.size()), value);
  }
  return Error(condition->second, std::move(params), std::move(detail));
}

bool Mentions(const std::string& text, std::initializer_list<std::string_view> words) {
  for (auto word : words) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

// A damaged or foreign file is reported by DuckDB as invalid input; to a user it is an I/O error.
bool IsFileDamage(const std::string& text) {
  return Mentions(
      text, {"magic bytes", "Parquet file", "parquet file", "TProtocolException", "thrift", "Error while reading file",
             "Snappy", "snappy", "ZSTD", "decompress", "too small to be a Parquet", "Failed to read file",
             "Footer length", "No magic", "Corrupt", "corrupt"});
}

// A data file that VACUUM or somebody else deleted, in Spark's words; Ok: the error is another one.
Status MissingFile(const std::string& text) {
  constexpr std::string_view kOpening = "Cannot open file \"";
  if (!text.starts_with(kOpening) || text.find("No such file or directory") == std::string::npos) return Status::Ok();
  const size_t end = text.find('"', kOpening.size());
  const std::string path = text.substr(kOpening.size(), end - kOpening.size());
  const std::string shown = path.starts_with("/") ? "file:" + path : path;
  return Error("_LEGACY_ERROR_TEMP_2055", {{"message", "File " + shown + " does not exist"}});
}

// A read behind the end of the file: somebody cut it, or its footer lies.
bool IsReadBehindEnd(const std::string& text) {
  return Mentions(text, {"Could not read enough bytes", "end of file", "Corrupt Parquet file"});
}

Status DamagedFile(const std::string& path, const std::string& why) {
  const std::string uri = FileUri(path);
  return Error("_LEGACY_ERROR_TEMP_2064", {{"path", uri}, {"details", why}},
               "Encountered error while reading file " + uri + ". Details: " + why);
}

Status Arithmetic(const std::string& text) {
  return Error("ARITHMETIC_OVERFLOW",
               {{"message", text}, {"alternative", ""}, {"config", "\"spark.sql.ansi.enabled\""}}, text);
}

}  // namespace

Status StatusFromError(const duckdb::ErrorData& error) {
  Status ours = FromExtraInfo(error);
  if (!ours.ok()) return ours;
  const std::string text = storage::WithoutNativePaths(error.RawMessage());
  switch (error.Type()) {
    case ExceptionType::INTERRUPT: return Error("OPERATION_CANCELED", {}, "The operation was cancelled.");
    case ExceptionType::OUT_OF_MEMORY: return Error("OUT_OF_MEMORY", {}, "The engine ran out of memory: " + text);
    case ExceptionType::IO:
      if (Status missing = MissingFile(text); !missing.ok()) return missing;
      return Error("IO_ERROR", {}, text);
    case ExceptionType::HTTP:
    case ExceptionType::PERMISSION: return Error("IO_ERROR", {}, text);
    case ExceptionType::OUT_OF_RANGE:
    case ExceptionType::DECIMAL: return Arithmetic(text);
    default: break;
  }
  if (Mentions(text, {"More than one row returned by a subquery"})) {
    return Error("SCALAR_SUBQUERY_TOO_MANY_ROWS");
  }
  if (IsFileDamage(text)) return Error("IO_ERROR", {}, text);
  if (error.Type() == ExceptionType::CONVERSION) {
    if (Mentions(text, {"overflow", "out of range", "Could not cast"})) return Arithmetic(text);
    return Error("INVALID_INPUT", {}, text);
  }
  if (error.Type() == ExceptionType::INVALID_INPUT) return Error("INVALID_INPUT", {}, text);
  if (error.Type() == ExceptionType::NOT_IMPLEMENTED) return Unsupported(text);
  return InternalError(storage::WithoutNativePaths(error.Message()));
}

Status StatusFromException(const std::exception& e) {
  if (dynamic_cast<const std::bad_alloc*>(&e) != nullptr) {
    return Error("OUT_OF_MEMORY", {}, "The engine ran out of memory.");
  }
  return StatusFromError(duckdb::ErrorData(e));
}

Status StatusOfFile(const std::exception& e, const std::string& path) {
  const std::string name = storage::DisplayOfNative(path);
  if (dynamic_cast<const std::bad_alloc*>(&e) != nullptr) {
    return Error("OUT_OF_MEMORY", {}, "The engine ran out of memory while it read the file " + name + ".");
  }
  const duckdb::ErrorData error(e);
  const std::string text = storage::WithoutNativePaths(error.RawMessage());
  const bool named = text.find(name) != std::string::npos;
  if (Status ours = FromExtraInfo(error); !ours.ok()) return ours;
  switch (error.Type()) {
    case ExceptionType::INTERRUPT: return StatusFromError(error);
    case ExceptionType::OUT_OF_MEMORY:
      return Error("OUT_OF_MEMORY", {}, "The engine ran out of memory while it read the file " + name + ": " + text);
    case ExceptionType::IO:
    case ExceptionType::HTTP:
    case ExceptionType::PERMISSION:
      if (Status missing = MissingFile(text); !missing.ok()) return missing;
      if (IsReadBehindEnd(text)) return DamagedFile(path, text);
      return Error("IO_ERROR", {{"path", name}}, named ? text : "Reading the file " + name + " failed: " + text);
    default: return DamagedFile(path, text);
  }
}

}  // namespace deltic::engine
