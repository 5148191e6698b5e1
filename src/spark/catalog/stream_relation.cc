#include "spark/catalog/stream_relation.h"

#include <charconv>

#include "engine/plan/stream_relation.h"
#include "spark/catalog/delta_columns.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/file_source.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/session/s3a_options.h"
#include "spark/sql/parser.h"
#include "spark/sql/schema_text.h"

namespace deltic::spark::catalog {
namespace {

using engine::Column;
using engine::RelPtr;
using engine::StreamSpec;
using types::DataType;
using types::StructField;
using types::TypeId;

Status NoPath() { return Error("_STREAMING_ARGUMENT", {}, "'path' is not specified"); }

RelPtr Relation(std::shared_ptr<const StreamSpec> spec, const std::vector<StructField>& fields,
                const std::vector<std::string>& qualifier, resolve::Resolver* resolver) {
  std::vector<Column> output;
  for (const StructField& field : fields) {
    output.push_back({resolver->NewColumnId(), field.name, field.type, field.nullable, field.metadata, qualifier});
  }
  return std::make_shared<engine::StreamRel>(std::move(output), std::move(spec));
}

bool ReadsChangeFeed(const plan::Options& options) {
  return plan::FindFlag(options, "readChangeFeed", false) || plan::FindFlag(options, "readChangeData", false);
}

Result<RelPtr> DeltaStream(session::Session* session, StreamSpec spec, const std::vector<std::string>& qualifier,
                           resolve::Resolver* resolver) {
  for (const char* option : {"versionAsOf", "timestampAsOf"}) {
    if (plan::FindOption(spec.options, option).has_value()) return Error("DELTA_UNSUPPORTED_TIME_TRAVEL_VIEWS");
  }
  for (const char* option : {"schemaTrackingLocation", "schemaLocation", "streamingSourceTrackingId"}) {
    if (plan::FindOption(spec.options, option).has_value()) {
      return Unsupported("the option " + std::string(option) + " of Delta streams");
    }
  }
  if (plan::FindFlag(spec.options, "withEventTimeOrder", false)) {
    return Unsupported("the option withEventTimeOrder of Delta streams");
  }
  RETURN_IF_ERROR(session::CheckStoreOptions(spec.path, spec.options, session->conf()));
  const auto snapshot = session->server()->catalog->LatestSnapshot(session, spec.path);
  if (!snapshot.ok()) {
    if (snapshot.status().Is("DELTA_MISSING_TRANSACTION_LOG")) return Error("DELTA_SCHEMA_NOT_SET");
    return snapshot.status();
  }
  if ((*snapshot)->schema().fields().empty()) return Error("DELTA_SCHEMA_NOT_SET");
  std::vector<StructField> fields = ReadSchema(**snapshot);
  if (ReadsChangeFeed(spec.options)) {
    fields = StringForChar((*snapshot)->schema()).fields();
    fields.push_back({"_change_type", TypeId::kString, true, "{}"});
    fields.push_back({"_commit_version", TypeId::kLong, true, "{}"});
    fields.push_back({"_commit_timestamp", TypeId::kTimestamp, true, "{}"});
  }
  return Relation(std::make_shared<StreamSpec>(std::move(spec)), fields, qualifier, resolver);
}

Status CheckPositive(const plan::Options& options, const char* name, int64_t least, const char* what) {
  const auto text = plan::FindOption(options, name);
  if (!text.has_value()) return Status::Ok();
  int64_t value = 0;
  const auto end = std::from_chars(text->data(), text->data() + text->size(), value);
  if (end.ec == std::errc() && end.ptr == text->data() + text->size() && value >= least) return Status::Ok();
  return Error("_STREAMING_ARGUMENT", {}, "Invalid value '" + *text + "'. The option '" + name + "' must be " + what);
}

Result<RelPtr> RateStream(StreamSpec spec, resolve::Resolver* resolver) {
  if (!spec.schema.empty()) return Error("_LEGACY_ERROR_TEMP_2242", {{"provider", "RateStreamProvider"}});
  RETURN_IF_ERROR(CheckPositive(spec.options, "rowsPerSecond", 1, "positive"));
  RETURN_IF_ERROR(CheckPositive(spec.options, "numPartitions", 1, "positive"));
  if (const auto ramp = plan::FindOption(spec.options, "rampUpTime")) {
    const auto millis = session::ParseDurationMs(*ramp);
    if (!millis.has_value() || *millis < 0) {
      return Error("_STREAMING_ARGUMENT", {},
                   "Invalid value '" + *ramp + "'. The option 'rampUpTime' must not be negative");
    }
  }
  return Relation(std::make_shared<StreamSpec>(std::move(spec)),
                  {{"timestamp", TypeId::kTimestamp, true, "{}"}, {"value", TypeId::kLong, true, "{}"}}, {}, resolver);
}

// Streams of files need to be told their schema, but for text.
Result<RelPtr> FileStream(session::Session* session, StreamSpec spec, resolve::Resolver* resolver) {
  RETURN_IF_ERROR(session::CheckStoreOptions(spec.path, spec.options, session->conf()));
  DataType schema = DataType::Struct({{"value", TypeId::kString, true, "{}"}});
  if (!spec.schema.empty()) {
    ASSIGN_OR_RETURN(schema, sql::ParseStructSchema(spec.schema));
  } else if (spec.format != "text") {
    return Error("_LEGACY_ERROR_TEMP_2048");
  }
  if (session->conf().GetBool("spark.sql.streaming.schemaInference", false)) {
    return Unsupported("spark.sql.streaming.schemaInference");
  }
  spec.schema = schema.Json();
  std::vector<StructField> fields = schema.fields();
  for (StructField& field : fields) field.nullable = true;
  return Relation(std::make_shared<StreamSpec>(std::move(spec)), fields, {}, resolver);
}

}  // namespace

Result<RelPtr> StreamOf(session::Session* session, const plan::DataSourceRelation& source,
                        resolve::Resolver* resolver) {
  StreamSpec spec;
  spec.format = types::ToLower(source.format);
  if (spec.format.empty()) {
    spec.format = types::ToLower(session->conf().GetString("spark.sql.sources.default", "delta"));
  }
  spec.display = spec.format;
  spec.options = source.options;
  spec.schema = source.schema;
  if (spec.format == "rate") return RateStream(std::move(spec), resolver);
  const bool is_file = FileFormatOf(spec.format).has_value();
  if (spec.format != "delta" && !is_file) {
    if (spec.format == "jdbc") {
      return Error("_LEGACY_ERROR_TEMP_2049", {{"className", spec.format}, {"operator", "reading"}});
    }
    for (const char* name : {"orc", "avro", "xml", "binaryfile", "kafka", "socket", "rate-micro-batch", "statestore"}) {
      if (spec.format == name) return Unsupported("the streaming source '" + spec.format + "'");
    }
    return Error("DATA_SOURCE_NOT_FOUND", {{"provider", source.format}});
  }
  std::vector<std::string> paths = source.paths;
  if (paths.empty()) {
    if (const auto path = plan::FindOption(source.options, "path")) paths.push_back(*path);
  }
  if (paths.size() != 1) return NoPath();
  if (spec.format == "delta") {
    if (!source.schema.empty()) return Error("DELTA_UNSUPPORTED_SCHEMA_DURING_READ");
    const PathTimeTravel split = SplitPathTimeTravel(paths[0]);
    if (split.version.has_value() || split.timestamp.has_value()) return Error("DELTA_UNSUPPORTED_TIME_TRAVEL_VIEWS");
    ASSIGN_OR_RETURN(spec.path, QualifyPath(session, paths[0]));
    const std::vector<std::string> qualifier = {"spark_catalog", "delta", spec.path};
    return DeltaStream(session, std::move(spec), qualifier, resolver);
  }
  ASSIGN_OR_RETURN(spec.path, QualifyPath(session, paths[0]));
  return FileStream(session, std::move(spec), resolver);
}

Result<RelPtr> StreamOfTable(session::Session* session, const std::string& path, const std::string& provider,
                             const std::vector<std::string>& qualifier, const plan::Options& options,
                             resolve::Resolver* resolver) {
  if (provider != "delta") return Unsupported("reading a table of format " + provider + " as a stream");
  StreamSpec spec;
  spec.format = provider;
  spec.path = path;
  spec.options = options;
  spec.display = provider;
  return DeltaStream(session, std::move(spec), qualifier, resolver);
}

}  // namespace deltic::spark::catalog
