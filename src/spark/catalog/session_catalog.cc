#include "spark/catalog/session_catalog.h"

#include <algorithm>
#include <cctype>

#include "spark/catalog/delta_scan.h"
#include "spark/catalog/file_source.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/stream_relation.h"
#include "spark/catalog/table_path.h"
#include "spark/session/s3a_options.h"
#include "spark/sql/parser.h"
#include "spark/sql/pretty.h"
#include "spark/sql/schema_text.h"

namespace deltic::spark::catalog {
namespace {

using engine::RelPtr;
using engine::Value;
using types::DataType;
using types::TypeId;

bool IsPathFormat(std::string_view name) {
  return types::EqualsIgnoreCase(name, "delta") || FileFormatOf(name).has_value();
}

plan::Options WithTableOptions(const plan::Options& table, const plan::Options& read) {
  plan::Options out = table;
  out.insert(out.end(), read.begin(), read.end());
  return out;
}

// Catalog, database and table of a column's qualifier.
std::vector<std::string> QualifierOf(const TableTarget& target) {
  if (target.is_path) return {"spark_catalog", target.provider, target.path};
  return {"spark_catalog", target.name.database, target.name.table};
}

// Of a named table's feed delta-spark takes one bound of a kind; of a path's the version.
Status CheckBounds(const DeltaReadOptions& options) {
  if (options.starting_version.has_value() && options.starting_timestamp_ms.has_value()) {
    return Error("DELTA_MULTIPLE_CDC_BOUNDARY", {{"startingOrEnding", "starting"}});
  }
  if (options.ending_version.has_value() && options.ending_timestamp_ms.has_value()) {
    return Error("DELTA_MULTIPLE_CDC_BOUNDARY", {{"startingOrEnding", "ending"}});
  }
  return Status::Ok();
}

// "DateType" for DATE, as delta-spark's messages have types.
std::string CatalystName(const types::DataType& type) {
  std::string name = type.Json();
  if (name.size() < 3 || name.front() != '"') return type.Sql();
  name = name.substr(1, name.size() - 2);
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name + "Type";
}

// A version number or a time as a bound of table_changes.
Status SetBound(const engine::ExprPtr& arg, bool starting, DeltaReadOptions* options, resolve::Resolver* resolver) {
  const Value value = engine::IsLiteral(arg) ? arg->As<engine::Literal>().value : Value{};
  if (value.IsNull()) return Error("_NOT_CONSTANT", {}, "The arguments of table_changes must be constants.");
  std::optional<int64_t>* time = starting ? &options->starting_timestamp_ms : &options->ending_timestamp_ms;
  switch (arg->type.id()) {
    case TypeId::kInteger:
    case TypeId::kLong:
      (starting ? options->starting_version : options->ending_version) = std::get<int64_t>(value.v);
      return Status::Ok();
    case TypeId::kString: {
      ASSIGN_OR_RETURN(*time, TimestampMillis(std::get<std::string>(value.v), resolver));
      return Status::Ok();
    }
    case TypeId::kTimestamp: {
      const int64_t micros = std::get<int64_t>(value.v);
      *time = (micros >= 0 ? micros : micros - 999) / 1000;
      return Status::Ok();
    }
    default:
      return Error("DELTA_UNSUPPORTED_EXPRESSION",
                   {{"expType", CatalystName(arg->type)},
                    {"causedBy", std::string(starting ? "starting" : "ending") + " option"},
                    {"supportedTypes", "IntegerType,LongType,StringType,TimestampType"}});
  }
}

}  // namespace

std::string QuoteParts(const plan::NameParts& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ".") + types::QuoteIdentifier(part);
  return out;
}

Status TableNotFound(const plan::NameParts& parts) {
  return Error("TABLE_OR_VIEW_NOT_FOUND", {{"relationName", QuoteParts(parts)}});
}

std::string TableTarget::Display() const {
  if (is_path) return provider + "." + types::QuoteIdentifier(path);
  return "spark_catalog." + name.database + "." + name.table;
}

Result<TableName> QualifyName(session::Session* session, const plan::NameParts& parts) {
  if (parts.size() == 1) return TableName{types::ToLower(session->current_database()), types::ToLower(parts[0])};
  if (parts.size() == 2) return TableName{types::ToLower(parts[0]), types::ToLower(parts[1])};
  if (parts.size() == 3 && types::EqualsIgnoreCase(parts[0], "spark_catalog")) {
    return TableName{types::ToLower(parts[1]), types::ToLower(parts[2])};
  }
  return Error("REQUIRES_SINGLE_PART_NAMESPACE",
               {{"sessionCatalog", "spark_catalog"}, {"namespace", QuoteParts(parts)}});
}

Result<std::optional<TableTarget>> FindTarget(session::Session* session, const plan::NameParts& parts) {
  TableTarget target;
  if (parts.size() == 2 && IsPathFormat(parts[0]) && parts[1].find('/') != std::string::npos) {
    target.is_path = true;
    target.provider = types::ToLower(parts[0]);
    ASSIGN_OR_RETURN(target.path, QualifyPath(session, parts[1]));
    return std::optional<TableTarget>(std::move(target));
  }
  if (parts.size() == 1 && !parts[0].empty() && parts[0].find('/') != std::string::npos) {
    // DESCRIBE HISTORY '/path' and the like
    target.is_path = true;
    target.provider = "delta";
    ASSIGN_OR_RETURN(target.path, QualifyPath(session, parts[0]));
    return std::optional<TableTarget>(std::move(target));
  }
  const auto name = QualifyName(session, parts);
  if (!name.ok()) return std::optional<TableTarget>();
  target.entry = session->server()->catalog->FindTable(*name);
  if (!target.entry.has_value()) return std::optional<TableTarget>();
  target.name = *name;
  target.provider = target.entry->provider;
  target.path = target.entry->location;
  return std::optional<TableTarget>(std::move(target));
}

Result<TableTarget> RequireTarget(session::Session* session, const plan::NameParts& parts) {
  ASSIGN_OR_RETURN(auto target, FindTarget(session, parts));
  if (!target.has_value()) return TableNotFound(parts);
  return std::move(*target);
}

Result<RelPtr> SessionCatalog::ResolveTable(const plan::TableRelation& table, resolve::Resolver* resolver) {
  plan::NameParts name = InDatabase(table.name);
  DeltaReadOptions options;
  if (!table.streaming) {
    ASSIGN_OR_RETURN(options, ParseDeltaReadOptions(table.options, resolver));
    // delta-spark reads a named table at a version without its change feed, whatever else the options say.
    if (options.version.has_value() || options.timestamp_ms.has_value()) options.read_change_feed = false;
    if (options.read_change_feed) RETURN_IF_ERROR(CheckBounds(options));
  }
  if (name.size() == 2 && types::EqualsIgnoreCase(name[0], "delta")) {
    const PathTimeTravel split = SplitPathTimeTravel(name[1]);
    if (split.version.has_value()) options.version = split.version;
    if (split.timestamp.has_value()) {
      ASSIGN_OR_RETURN(options.timestamp_ms, TimestampMillis(*split.timestamp, resolver));
      options.timestamp_text = *split.timestamp;
    }
    name[1] = split.path;
  }
  if (table.time_travel.has_value()) {
    if (table.time_travel->version.has_value()) {
      options.version = table.time_travel->version;
    } else if (table.time_travel->timestamp != nullptr) {
      ASSIGN_OR_RETURN(const Value value, resolver->EvaluateConstant(table.time_travel->timestamp, TypeId::kTimestamp));
      if (value.IsNull())
        return Error("INVALID_TIME_TRAVEL_TIMESTAMP_EXPR.INPUT",
                     {{"expr", "\"" + sql::PrettyName(*table.time_travel->timestamp) + "\""}});
      options.timestamp_ms = std::get<int64_t>(value.v) / 1000;
    }
  }
  ASSIGN_OR_RETURN(const auto target, FindTarget(session_, name));
  if (!target.has_value()) return TableNotFound(table.name);
  if (target->IsView()) {
    if (table.streaming) {
      return Error("_LEGACY_ERROR_TEMP_1018", {{"quoted", target->name.database + "." + target->name.table}});
    }
    return ResolveView(*target->entry, resolver);
  }
  if (table.streaming) {
    plan::Options with = table.options;
    if (options.version.has_value()) with.emplace_back("versionAsOf", std::to_string(*options.version));
    return StreamOfTable(session_, target->path, target->provider, QualifierOf(*target), with, resolver);
  }
  if (target->provider == "delta") {
    RETURN_IF_ERROR(session::CheckStoreOptions(target->path, table.options, session_->conf()));
    return ScanDeltaTable(session_, target->path, options, QualifierOf(*target), resolver);
  }
  if (options.version.has_value() || options.timestamp_ms.has_value()) {
    return Error("UNSUPPORTED_FEATURE.TIME_TRAVEL", {{"relationId", QuoteParts(table.name)}});
  }
  FileSource source;
  source.format = *FileFormatOf(target->provider);
  source.paths = {target->path};
  source.qualifier = QualifierOf(*target);
  source.options = table.options;
  if (target->entry.has_value()) {
    source.options = WithTableOptions(target->entry->options, table.options);
    if (!target->entry->schema.fields().empty()) source.schema = target->entry->schema;
  }
  Result<RelPtr> rows = ScanFileSource(session_, source, resolver);
  if (rows.ok() || rows.status().condition() != "PATH_NOT_FOUND" || !source.schema.has_value()) return rows;
  // A table whose location is gone, or not there yet, has no rows.
  source.paths.clear();
  return ScanFileSource(session_, source, resolver);
}

Result<RelPtr> SessionCatalog::ResolveDataSource(const plan::DataSourceRelation& source, resolve::Resolver* resolver) {
  if (source.streaming) return StreamOf(session_, source, resolver);
  std::string format = types::ToLower(source.format);
  if (format.empty()) format = types::ToLower(session_->conf().GetString("spark.sql.sources.default", "delta"));
  std::vector<std::string> paths = source.paths;
  if (paths.empty()) {
    for (const auto& [name, value] : source.options) {
      if (types::EqualsIgnoreCase(name, "path")) paths.push_back(value);
    }
  }
  if (format == "delta") {
    if (!source.schema.empty()) return Error("_LEGACY_ERROR_TEMP_2242", {{"provider", "DeltaDataSource"}});
    if (paths.size() != 1) {
      return Error("DELTA_PATH_NOT_SPECIFIED", {}, "'path' is not specified");
    }
    const PathTimeTravel split = SplitPathTimeTravel(paths[0]);
    ASSIGN_OR_RETURN(DeltaReadOptions options, ParseDeltaReadOptions(source.options, resolver));
    if ((split.version.has_value() || split.timestamp.has_value()) &&
        (options.version.has_value() || options.timestamp_ms.has_value())) {
      return Error("DELTA_UNSUPPORTED_TIME_TRAVEL_MULTIPLE_FORMATS");
    }
    if (split.version.has_value()) options.version = split.version;
    if (split.timestamp.has_value()) {
      ASSIGN_OR_RETURN(options.timestamp_ms, TimestampMillis(*split.timestamp, resolver));
    }
    if (options.read_change_feed && (options.version.has_value() || options.timestamp_ms.has_value())) {
      return Error("DELTA_UNSUPPORTED_TIME_TRAVEL_VIEWS");
    }
    ASSIGN_OR_RETURN(const std::string path, QualifyPath(session_, split.path));
    RETURN_IF_ERROR(session::CheckStoreOptions(path, source.options, session_->conf()));
    return ScanDeltaTable(session_, path, options, {"spark_catalog", "delta", path}, resolver);
  }
  const auto file_format = FileFormatOf(format);
  if (!file_format.has_value()) {
    if (format == "orc" || format == "avro" || format == "jdbc" || format == "binaryfile" || format == "xml") {
      return Unsupported("the data source '" + format + "'");
    }
    return Error("DATA_SOURCE_NOT_FOUND", {{"provider", source.format}});
  }
  FileSource files;
  files.format = *file_format;
  files.paths = std::move(paths);
  files.options = source.options;
  if (files.paths.empty()) {
    return Error("UNABLE_TO_INFER_SCHEMA", {{"format", format}});
  }
  if (!source.schema.empty()) {
    ASSIGN_OR_RETURN(files.schema, sql::ParseStructSchema(source.schema));
  }
  return ScanFileSource(session_, files, resolver);
}

Result<std::optional<RelPtr>> SessionCatalog::ResolveTableFunction(const plan::TableFunction& function,
                                                                   const std::vector<engine::ExprPtr>& args,
                                                                   resolve::Resolver* resolver) {
  if (function.name.size() != 1) return std::optional<RelPtr>();
  const std::string name = types::ToLower(function.name[0]);
  if (name != "table_changes" && name != "table_changes_by_path") return std::optional<RelPtr>();
  if (args.size() < 2 || args.size() > 3) {
    return Error("INCORRECT_NUMBER_OF_ARGUMENTS", {{"failure", args.size() < 2 ? "not enough args" : "too many args"},
                                                   {"functionName", name},
                                                   {"minArgs", "2"},
                                                   {"maxArgs", "3"}});
  }
  if (!engine::IsLiteral(args[0]) || !args[0]->type.IsString() || args[0]->As<engine::Literal>().value.IsNull()) {
    return Error("_NOT_CONSTANT", {}, "The first argument of " + name + " must be a string literal.");
  }
  const std::string target_text = std::get<std::string>(args[0]->As<engine::Literal>().value.v);
  DeltaReadOptions options;
  options.read_change_feed = true;
  RETURN_IF_ERROR(SetBound(args[1], true, &options, resolver));
  if (args.size() == 3) RETURN_IF_ERROR(SetBound(args[2], false, &options, resolver));
  if (name == "table_changes_by_path") {
    ASSIGN_OR_RETURN(const std::string path, QualifyPath(session_, target_text));
    ASSIGN_OR_RETURN(auto scan, ScanDeltaTable(session_, path, options, {}, resolver));
    return std::optional<RelPtr>(std::move(scan));
  }
  ASSIGN_OR_RETURN(const auto parts, sql::ParseMultipartIdentifier(target_text));
  ASSIGN_OR_RETURN(const auto target, RequireTarget(session_, InDatabase(parts)));
  if (target.provider != "delta") {
    return Error("DELTA_TABLE_ONLY_OPERATION", {{"tableName", target.Display()}, {"operation", "table_changes"}});
  }
  ASSIGN_OR_RETURN(auto scan, ScanDeltaTable(session_, target.path, options, QualifierOf(target), resolver));
  return std::optional<RelPtr>(std::move(scan));
}

Result<RelPtr> SessionCatalog::ResolveCachedRemote(const std::string& relation_id, resolve::Resolver* resolver) {
  const auto found = session_->FindRemote(relation_id);
  if (!found.has_value()) {
    return Error("_CACHED_REMOTE_NOT_FOUND", {},
                 "No DataFrame with id " + relation_id + " is found in the session " + session_->session_id());
  }
  return resolver->WithFreshIds(*found);
}

std::shared_ptr<const engine::PythonFunction> SessionCatalog::FindPythonFunction(const std::string& name) {
  return session_->FindFunction(name);
}

Result<RelPtr> SessionCatalog::ReadKept(const RelPtr& plan, resolve::Resolver* resolver) {
  const resolve::ResolveOptions& resolved = resolver->options();
  engine::QueryOptions options;
  options.time_zone = resolved.functions.time_zone;
  options.interrupted = resolved.interrupted;
  return session_->cache().Read(plan, resolved.functions.query_start_micros, resolver->engine(), options,
                                session_->server()->catalog->writes());
}

}  // namespace deltic::spark::catalog
