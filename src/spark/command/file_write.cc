#include "spark/command/file_write.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <future>

#include "base/random.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/resolve/resolver.h"
#include "spark/session/s3a_options.h"
#include "storage/object_store.h"

namespace deltic::spark::command {
namespace {

using engine::FileFormat;
using plan::SaveMode;
using types::TypeId;

Status CheckColumns(const FileWrite& write) {
  std::vector<std::string> names;
  for (const auto& column : write.data->output) {
    const std::string key = types::ToLower(column.name);
    if (std::find(names.begin(), names.end(), key) != names.end()) {
      return Error("COLUMN_ALREADY_EXISTS", {{"columnName", types::QuoteIdentifier(key)}});
    }
    names.push_back(key);
    const bool nested = column.type.IsNested() || column.type.Is(TypeId::kVariant);
    const bool unsupported = (write.format == FileFormat::kCsv && (nested || column.type.Is(TypeId::kBinary) ||
                                                                   column.type.Is(TypeId::kCalendarInterval))) ||
                             (write.format == FileFormat::kJson && column.type.Is(TypeId::kCalendarInterval)) ||
                             (write.format == FileFormat::kParquet && column.type.Is(TypeId::kCalendarInterval));
    if (unsupported) {
      const char* format = write.format == FileFormat::kCsv    ? "CSV"
                           : write.format == FileFormat::kJson ? "JSON"
                                                               : "Parquet";
      return Error("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {{"columnName", types::QuoteIdentifier(column.name)},
                                                            {"columnType", "\"" + column.type.Sql() + "\""},
                                                            {"format", format}});
    }
  }
  for (const auto& partition : write.partition_by) {
    if (std::find(names.begin(), names.end(), types::ToLower(partition)) == names.end()) {
      return Error("_LEGACY_ERROR_TEMP_1155",
                   {{"col", partition}, {"schemaCatalog", resolve::SchemaOf(*write.data).SimpleString()}});
    }
  }
  if (!write.partition_by.empty() && write.partition_by.size() == names.size())
    return Error("ALL_PARTITION_COLUMNS_NOT_ALLOWED");
  if (write.format == FileFormat::kText) {
    const size_t values = names.size() - write.partition_by.size();
    if (values != 1) {
      return Error("_LEGACY_ERROR_TEMP_1290", {{"schemaSize", std::to_string(values)}});
    }
    for (const auto& column : write.data->output) {
      const bool is_partition = std::any_of(write.partition_by.begin(), write.partition_by.end(),
                                            [&](const auto& p) { return types::EqualsIgnoreCase(p, column.name); });
      if (!is_partition && !column.type.IsString()) {
        return Error("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {{"columnName", types::QuoteIdentifier(column.name)},
                                                              {"columnType", "\"" + column.type.Sql() + "\""},
                                                              {"format", "Text"}});
      }
    }
  }
  return Status::Ok();
}

Status DeleteAll(storage::ObjectStore* store, const std::vector<storage::ObjectMeta>& objects) {
  std::vector<Status> deleted(objects.size());
  std::vector<std::function<void()>> requests;
  for (size_t i = 0; i < objects.size(); i++) {
    requests.emplace_back([&, i] { deleted[i] = store->Delete(objects[i].path); });
  }
  store->Together(requests);
  for (const Status& status : deleted) RETURN_IF_ERROR(status);
  return Status::Ok();
}

// What was at the path of a write before it.
struct Found {
  Status status;
  bool exists = false;
  std::vector<storage::ObjectMeta> objects;  // of an overwrite
};

// No mode asks more than once, and an append nothing: every request is a round trip.
Found LookAt(storage::ObjectStore* store, const FileWrite& write) {
  Found found;
  if (write.mode == SaveMode::kOverwrite) {
    auto objects = store->ListRecursive(write.path);
    found.status = objects.status();
    if (objects.ok()) found.objects = std::move(*objects);
  } else if (write.mode != SaveMode::kAppend) {
    const auto exists = store->HasDirectory(write.path);
    found.status = exists.status();
    found.exists = exists.ok() && *exists;
  }
  return found;
}

// Whether the save mode lets the write go on.
Result<bool> Wanted(const FileWrite& write, const Found& found) {
  RETURN_IF_ERROR(found.status);
  if (!found.exists) return true;
  if (write.mode == SaveMode::kIgnore) return false;
  return Error("PATH_ALREADY_EXISTS", {{"outputPath", catalog::DisplayPath(write.path)}});
}

// Hadoop's FileOutputCommitter: a setting of its configuration, which Spark fills from the server's spark.hadoop.*,
// from the session and from the options of the write. Anything but "false" is the default.
bool MarksSuccess(session::Session& session, const plan::Options& options) {
  constexpr std::string_view kMarker = "mapreduce.fileoutputcommitter.marksuccessfuljobs";
  auto value = plan::FindOption(options, kMarker);
  if (!value) value = session.conf().Get(kMarker);
  if (!value) value = session.conf().Get("spark.hadoop." + std::string(kMarker));
  return !value || !types::EqualsIgnoreCase(*value, "false");
}

Result<engine::WriteSpec> SpecOf(session::Session& session, const FileWrite& write) {
  engine::WriteSpec spec;
  spec.format = write.format;
  spec.uuid = Random::System()->Uuid();
  spec.collect_stats = false;
  spec.write_empty_file = write.format != FileFormat::kParquet;
  spec.time_zone = session.conf().GetString("spark.sql.session.timeZone", "UTC");
  spec.max_records_per_file = session.conf().GetInt("spark.sql.files.maxRecordsPerFile", 0);
  if (write.format == FileFormat::kParquet) {
    spec.compression = types::ToLower(session.conf().GetString("spark.sql.parquet.compression.codec", "snappy"));
  }
  for (const auto& [name, value] : write.options) {
    const std::string key = types::ToLower(name);
    spec.options[key] = value;
    if (key == "compression" && write.format == FileFormat::kParquet) spec.compression = types::ToLower(value);
    if (key == "maxrecordsperfile") {
      const auto end = std::from_chars(value.data(), value.data() + value.size(), spec.max_records_per_file);
      if (end.ec != std::errc())
        return Error("INVALID_PARAMETER_VALUE", {{"parameter", name}, {"value", value}},
                     "maxRecordsPerFile must be a number");
    }
  }
  for (const auto& partition : write.partition_by) {
    for (size_t i = 0; i < write.data->output.size(); i++) {
      if (types::EqualsIgnoreCase(write.data->output[i].name, partition))
        spec.partition_columns.push_back(static_cast<int>(i));
    }
  }
  return spec;
}

}  // namespace

Status WriteFilesTo(session::Session* session, const FileWrite& write, const std::function<bool()>& interrupted) {
  RETURN_IF_ERROR(CheckColumns(write));
  RETURN_IF_ERROR(session::CheckStoreOptions(write.path, write.options, session->conf()));
  ASSIGN_OR_RETURN(const auto store, session->StoreFor(write.path));
  // Where a request takes long, rows are read and encoded meanwhile; nothing is put before it was answered.
  const bool beside = store->RequestsAtOnce() > 1 && write.mode != SaveMode::kAppend;
  const std::shared_future<Found> found = std::async(beside ? std::launch::async : std::launch::deferred, [&] {
                                            return LookAt(store.get(), write);
                                          }).share();
  if (!beside) {
    ASSIGN_OR_RETURN(const bool wanted, Wanted(write, found.get()));
    if (!wanted) return Status::Ok();
  }
  ASSIGN_OR_RETURN(engine::WriteSpec spec, SpecOf(*session, write));
  spec.directory = store->NativePath(write.path);
  const auto refused = [&] {
    if (found.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return false;
    const auto wanted = Wanted(write, found.get());
    return !wanted.ok() || !*wanted;
  };
  if (beside) {
    spec.may_start = [&] {
      found.wait();
      return refused() ? Error("OPERATION_CANCELED", {}, "Nothing is to be written.") : Status::Ok();
    };
  }
  engine::QueryOptions options;
  options.time_zone = spec.time_zone;
  options.interrupted = [&] { return (interrupted && interrupted()) || (beside && refused()); };
  const auto written = session->server()->engine->WriteFiles(write.data, spec, options, options.interrupted);
  // What was there decides, whatever became of the rows.
  ASSIGN_OR_RETURN(const bool wanted, Wanted(write, found.get()));
  if (!wanted) return Status::Ok();
  RETURN_IF_ERROR(written.status());
  session->server()->catalog->writes().Note(write.path);
  RETURN_IF_ERROR(DeleteAll(store.get(), found.get().objects));
  if (!MarksSuccess(*session, write.options)) return Status::Ok();
  return store->Put(storage::JoinPath(write.path, "_SUCCESS"), "");
}

}  // namespace deltic::spark::command
