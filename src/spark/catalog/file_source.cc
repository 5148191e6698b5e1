#include "spark/catalog/file_source.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "spark/catalog/partition_value.h"
#include "spark/catalog/server_catalog.h"
#include "spark/catalog/table_path.h"
#include "spark/session/s3a_options.h"
#include "storage/object_store.h"

namespace deltic::spark::catalog {
namespace {

using engine::Column;
using engine::FileColumn;
using engine::FileFormat;
using engine::FilesRel;
using engine::RelPtr;
using engine::ScanFile;
using engine::Value;
using types::DataType;
using types::StructField;
using types::TypeId;

constexpr const char* kNullPartition = "__HIVE_DEFAULT_PARTITION__";

struct FoundFile {
  storage::ObjectMeta meta;
  std::vector<std::pair<std::string, std::string>> partitions = {};  // k=v directories below the root, decoded
  bool nested = false;                                               // in a directory below the root
};

bool IsGlob(std::string_view path) { return path.find_first_of("*?[{") != std::string_view::npos; }

// Hidden as Spark sees it: a name that starts with '_' (without '=') or '.'.
bool IsHidden(std::string_view name) {
  return name.starts_with(".") || (name.starts_with("_") && name.find('=') == std::string_view::npos);
}

void AddFound(const std::string& root, const storage::ObjectMeta& meta, std::vector<FoundFile>* out) {
  FoundFile found{meta};
  std::string_view rest = std::string_view(meta.path).substr(std::min(meta.path.size(), root.size()));
  while (rest.starts_with("/")) rest.remove_prefix(1);
  while (!rest.empty()) {
    const size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    if (IsHidden(part)) return;
    if (slash == std::string_view::npos) break;
    found.nested = true;
    const size_t equals = part.find('=');
    if (equals != std::string_view::npos && equals > 0) {
      found.partitions.emplace_back(storage::UriDecode(part.substr(0, equals)),
                                    storage::UriDecode(part.substr(equals + 1)));
    }
    rest = rest.substr(slash + 1);
  }
  out->push_back(std::move(found));
}

Status ListGlob(storage::ObjectStore* store, const std::string& pattern, std::vector<FoundFile>* out) {
  const size_t wild = pattern.find_first_of("*?[{");
  const size_t slash = pattern.rfind('/', wild);
  const std::string base = pattern.substr(0, slash == std::string::npos ? 0 : slash);
  ASSIGN_OR_RETURN(const auto objects, store->ListRecursive(base));
  for (const auto& object : objects) {
    // The pattern names files, or directories whose files are meant.
    std::string_view candidate = object.path;
    while (candidate.size() > base.size()) {
      if (fnmatch(pattern.c_str(), std::string(candidate).c_str(), FNM_PATHNAME) == 0) {
        AddFound(candidate.size() == object.path.size() ? base : std::string(candidate), object, out);
        break;
      }
      const size_t parent = candidate.rfind('/');
      if (parent == std::string_view::npos) break;
      candidate = candidate.substr(0, parent);
    }
  }
  return Status::Ok();
}

Result<std::vector<FoundFile>> ListFiles(session::Session* session, const std::vector<std::string>& paths,
                                         const plan::Options& options) {
  std::vector<FoundFile> out;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(const std::string qualified, QualifyPath(session, path));
    RETURN_IF_ERROR(session::CheckStoreOptions(qualified, options, session->conf()));
    ASSIGN_OR_RETURN(const auto store, session->StoreFor(qualified));
    const size_t before = out.size();
    if (IsGlob(qualified)) {
      RETURN_IF_ERROR(ListGlob(store.get(), qualified, &out));
      if (out.size() == before) return Error("PATH_NOT_FOUND", {{"path", DisplayPath(qualified)}});
      continue;
    }
    ASSIGN_OR_RETURN(const auto below, store->ListRecursive(qualified));
    if (!below.empty()) {
      for (const auto& meta : below) AddFound(qualified, meta, &out);
      continue;
    }
    const auto head = store->Head(qualified);
    if (head.ok()) {
      out.push_back({*head});
      continue;
    }
    ASSIGN_OR_RETURN(const bool exists, store->HasDirectory(qualified));
    if (!exists) {
      return Error("PATH_NOT_FOUND", {{"path", DisplayPath(qualified)}});
    }
  }
  return out;
}

// Casts take more for a value than the inference does: a year alone for a date, 1d for a double.
bool LooksInferred(std::string_view text, TypeId candidate) {
  const auto dashes = std::count(text.begin(), text.end(), '-');
  switch (candidate) {
    case TypeId::kDouble: return std::string_view("dDfF").find(text.back()) == std::string_view::npos;
    case TypeId::kDate: return dashes >= 2;
    case TypeId::kTimestamp: return dashes >= 2 && text.size() > 10 && text.find(':') != std::string_view::npos;
    default: return true;
  }
}

// Spark's partition column inference: int, long, double, date, timestamp, else string.
DataType InferPartitionType(const std::vector<FoundFile>& files, size_t index, bool infer) {
  if (!infer) return TypeId::kString;
  const TypeId candidates[] = {TypeId::kInteger, TypeId::kLong, TypeId::kDouble, TypeId::kDate, TypeId::kTimestamp};
  for (const TypeId candidate : candidates) {
    bool all = true;
    bool any = false;
    for (const auto& file : files) {
      const std::string& text = file.partitions[index].second;
      if (text == kNullPartition) continue;
      any = true;
      const bool spaced = text.find_first_of(" +") != std::string::npos && candidate != TypeId::kTimestamp;
      const auto value = ParsePartitionValue(text, candidate, "UTC");
      all = all && !spaced && value.ok() && !value->IsNull() && LooksInferred(text, candidate);
      if (all && candidate == TypeId::kInteger) {
        const int64_t number = std::get<int64_t>(value->v);
        all = number >= INT32_MIN && number <= INT32_MAX;
      }
      if (!all) break;
    }
    if (all && any) return candidate;
  }
  return TypeId::kString;
}

// The option modifiedBefore or modifiedAfter, in milliseconds; nullopt: not given.
Result<std::optional<int64_t>> ModifiedLimit(const FileSource& source, const std::string& name,
                                             resolve::Resolver* resolver) {
  const auto text = plan::FindOption(source.options, name);
  if (!text.has_value()) return std::optional<int64_t>();
  const auto literal = std::make_shared<plan::Literal>(Value{*text}, TypeId::kString);
  const auto value = resolver->EvaluateConstant(literal, TypeId::kTimestamp);
  const bool dated = !text->empty() && (*text)[0] >= '0' && (*text)[0] <= '9';  // no 'yesterday'
  if (!dated || !value.ok() || value->IsNull()) {
    return Error("_LEGACY_ERROR_TEMP_1294", {{"strategy", types::ToLower(name)}, {"timeString", *text}});
  }
  return std::optional<int64_t>(std::get<int64_t>(value->v) / 1000);
}

// The options pathGlobFilter, modifiedBefore and modifiedAfter.
Status FilterFiles(const FileSource& source, resolve::Resolver* resolver, std::vector<FoundFile>* files) {
  const auto ignore = plan::FindOption(source.options, "ignoreCorruptFiles");
  if (ignore.has_value() && types::EqualsIgnoreCase(*ignore, "true"))
    return Unsupported("the option ignoreCorruptFiles");
  const std::string glob = plan::FindOption(source.options, "pathGlobFilter").value_or("");
  if (!glob.empty()) {
    std::erase_if(*files, [&](const FoundFile& file) {
      return fnmatch(glob.c_str(), std::string(storage::BaseName(file.meta.path)).c_str(), 0) != 0;
    });
  }
  ASSIGN_OR_RETURN(const auto before, ModifiedLimit(source, "modifiedBefore", resolver));
  ASSIGN_OR_RETURN(const auto after, ModifiedLimit(source, "modifiedAfter", resolver));
  std::erase_if(*files, [&](const FoundFile& file) {
    return (before.has_value() && file.meta.modified_ms >= *before) ||
           (after.has_value() && file.meta.modified_ms <= *after);
  });
  return Status::Ok();
}

std::string PartitionNames(const FoundFile& file) {
  std::string out;
  for (const auto& [name, value] : file.partitions) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Directories that name different partition columns cannot be one table.
Status CheckPartitions(const std::vector<FoundFile>& files) {
  const FoundFile* first = nullptr;
  for (const auto& file : files) {
    if (file.partitions.empty()) continue;
    if (first == nullptr) first = &file;
    if (PartitionNames(*first) == PartitionNames(file)) continue;
    return Error("INVALID_OPTION", {{"option", "path"}},
                 "assertion failed: Conflicting partition column names detected:\n\n\tPartition column name list #0: " +
                     PartitionNames(*first) + "\n\tPartition column name list #1: " + PartitionNames(file) +
                     "\n\nFor partitioned table directories, data files should only live in leaf directories.");
  }
  return Status::Ok();
}

std::vector<StructField> DiscoverPartitions(const FileSource& source, const std::vector<FoundFile>& files, bool infer) {
  std::vector<StructField> out;
  if (files.empty()) return out;
  const size_t count = files[0].partitions.size();
  const bool consistent = std::all_of(files.begin(), files.end(), [&](const FoundFile& file) {
    if (file.partitions.size() != count) return false;
    for (size_t i = 0; i < count; i++) {
      if (file.partitions[i].first != files[0].partitions[i].first) return false;
    }
    return true;
  });
  if (!consistent) return out;
  for (size_t i = 0; i < count; i++) {
    StructField field{files[0].partitions[i].first, TypeId::kString, true, "{}"};
    const int declared = source.schema.has_value() ? source.schema->FieldIndex(field.name) : -1;
    field.type = declared >= 0 ? source.schema->fields()[static_cast<size_t>(declared)].type
                               : InferPartitionType(files, i, infer);
    out.push_back(std::move(field));
  }
  return out;
}

// The schema of the files; with mergeSchema (Parquet) the union of every file's columns.
Result<std::vector<StructField>> InferFields(engine::Engine* engine, FileFormat format,
                                             const std::vector<std::string>& paths,
                                             const std::map<std::string, std::string>& options) {
  const auto merge = options.find("mergeschema");
  if (format != FileFormat::kParquet || merge == options.end() || !types::EqualsIgnoreCase(merge->second, "true")) {
    return engine->InferSchema(format, paths, options);
  }
  std::vector<StructField> merged;
  for (const auto& path : paths) {
    ASSIGN_OR_RETURN(const auto fields, engine->InferSchema(format, {path}, options));
    for (const auto& field : fields) {
      const auto known = std::find_if(merged.begin(), merged.end(), [&](const StructField& f) {
        return types::EqualsIgnoreCase(f.name, field.name);
      });
      if (known == merged.end()) {
        merged.push_back(field);
      } else if (!known->type.SameType(field.type)) {
        return Error("CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE",
                     {{"left", "\"" + known->type.Sql() + "\""}, {"right", "\"" + field.type.Sql() + "\""}});
      }
    }
  }
  return merged;
}

// What the session says about reading text (engine/text/options.h).
void AddSessionOptions(session::Session* session, std::map<std::string, std::string>* options) {
  const auto& conf = session->conf();
  (*options)["deltic.corruptcolumn"] = conf.GetString("spark.sql.columnNameOfCorruptRecord", "_corrupt_record");
  (*options)["deltic.timezone"] = conf.GetString("spark.sql.session.timeZone", "UTC");
  const bool ntz = types::EqualsIgnoreCase(conf.GetString("spark.sql.timestampType", "TIMESTAMP_LTZ"), "TIMESTAMP_NTZ");
  (*options)["deltic.timestampntz"] = ntz ? "true" : "false";
  (*options)["deltic.casesensitive"] = conf.GetBool("spark.sql.caseSensitive", false) ? "true" : "false";
}

// The types that a text format can hold. Spark finds out when it plans a query, not when it shows a schema.
Status CheckTypes(FileFormat format, const std::vector<StructField>& fields) {
  for (const auto& field : fields) {
    const DataType& type = field.type;
    const bool interval = type.Is(TypeId::kCalendarInterval);
    const bool bad = format == FileFormat::kCsv
                         ? type.IsNested() || type.Is(TypeId::kBinary) || type.Is(TypeId::kVariant) || interval
                     : format == FileFormat::kJson ? interval
                     : format == FileFormat::kText ? !type.IsString()
                                                   : false;
    if (!bad) continue;
    const char* name = format == FileFormat::kCsv ? "CSV" : format == FileFormat::kJson ? "JSON" : "Text";
    return Error("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", {{"columnName", types::QuoteIdentifier(field.name)},
                                                          {"columnType", "\"" + type.Sql() + "\""},
                                                          {"format", name}});
  }
  return Status::Ok();
}

Status CheckNames(const std::vector<StructField>& fields, bool case_sensitive) {
  std::set<std::string> names;
  for (const auto& field : fields) {
    const std::string key = case_sensitive ? field.name : types::ToLower(field.name);
    if (!names.insert(key).second) return Error("COLUMN_ALREADY_EXISTS", {{"columnName", types::QuoteIdentifier(key)}});
  }
  return Status::Ok();
}

// The fields of the files: the user's schema, or what the files say.
Result<std::vector<StructField>> FieldsOf(session::Session* session, const FileSource& source,
                                          const std::vector<FoundFile>& found,
                                          const std::map<std::string, std::string>& options,
                                          resolve::Resolver* resolver) {
  if (source.schema.has_value()) return source.schema->fields();
  if (source.format == FileFormat::kText) return std::vector<StructField>{{"value", TypeId::kString, true, "{}"}};
  std::vector<std::string> native;
  for (const auto& file : found) {
    ASSIGN_OR_RETURN(const auto store, session->StoreFor(file.meta.path));
    native.push_back(store->NativePath(file.meta.path));
  }
  if (native.empty()) {
    const char* name = source.format == FileFormat::kParquet ? "Parquet"
                       : source.format == FileFormat::kCsv   ? "CSV"
                                                             : "JSON";
    return Error("UNABLE_TO_INFER_SCHEMA", {{"format", name}});
  }
  return InferFields(resolver->engine(), source.format, native, options);
}

Result<std::shared_ptr<std::vector<ScanFile>>> ScanFilesOf(session::Session* session,
                                                           const std::vector<FoundFile>& found,
                                                           const std::vector<StructField>& partitions) {
  const std::string time_zone = session->conf().GetString("spark.sql.session.timeZone", "UTC");
  auto files = std::make_shared<std::vector<ScanFile>>();
  for (const auto& file : found) {
    ScanFile scan_file;
    ASSIGN_OR_RETURN(const auto store, session->StoreFor(file.meta.path));
    scan_file.path = store->NativePath(file.meta.path);
    scan_file.size_bytes = file.meta.size_bytes;
    scan_file.modified_ms = file.meta.modified_ms;
    for (size_t i = 0; i < partitions.size(); i++) {
      const std::string& text = file.partitions[i].second;
      if (text == kNullPartition) {
        scan_file.constants.push_back(Value{});
        continue;
      }
      ASSIGN_OR_RETURN(Value value, ParsePartitionValue(text, partitions[i].type, time_zone));
      scan_file.constants.push_back(std::move(value));
    }
    files->push_back(std::move(scan_file));
  }
  return files;
}

}  // namespace

std::optional<FileFormat> FileFormatOf(std::string_view name) {
  if (types::EqualsIgnoreCase(name, "parquet")) return FileFormat::kParquet;
  if (types::EqualsIgnoreCase(name, "csv")) return FileFormat::kCsv;
  if (types::EqualsIgnoreCase(name, "json")) return FileFormat::kJson;
  if (types::EqualsIgnoreCase(name, "text")) return FileFormat::kText;
  return std::nullopt;
}

Result<RelPtr> ScanFileSource(session::Session* session, const FileSource& source, resolve::Resolver* resolver) {
  ASSIGN_OR_RETURN(auto found, ListFiles(session, source.paths, source.options));
  RETURN_IF_ERROR(FilterFiles(source, resolver, &found));
  // With recursiveFileLookup directories are only folders; without it files of folders that are no partitions are none.
  const bool recursive =
      types::EqualsIgnoreCase(plan::FindOption(source.options, "recursiveFileLookup").value_or("false"), "true");
  if (recursive) {
    for (auto& file : found) file.partitions.clear();
  } else {
    RETURN_IF_ERROR(CheckPartitions(found));
    std::erase_if(found, [](const FoundFile& file) { return file.nested && file.partitions.empty(); });
  }
  const bool infer = session->conf().GetBool("spark.sql.sources.partitionColumnTypeInference.enabled", true);
  const std::vector<StructField> partitions = DiscoverPartitions(source, found, infer);

  std::map<std::string, std::string> options;
  for (const auto& [name, value] : source.options) options[types::ToLower(name)] = value;
  AddSessionOptions(session, &options);
  ASSIGN_OR_RETURN(std::vector<StructField> fields, FieldsOf(session, source, found, options, resolver));
  RETURN_IF_ERROR(CheckNames(fields, session->conf().GetBool("spark.sql.caseSensitive", false)));
  for (auto& field : fields) {  // file sources are always nullable
    field.nullable = true;
    field.type = field.type.AsNullable();
  }
  // Partition columns come last, wherever the user's schema places them.
  std::erase_if(fields, [&](const StructField& field) {
    return std::any_of(partitions.begin(), partitions.end(), [&](const StructField& partition) {
      return types::EqualsIgnoreCase(partition.name, field.name);
    });
  });
  if (!resolver->analyze_only()) RETURN_IF_ERROR(CheckTypes(source.format, fields));
  fields.insert(fields.end(), partitions.begin(), partitions.end());

  ASSIGN_OR_RETURN(auto files, ScanFilesOf(session, found, partitions));
  std::vector<Column> output;
  std::vector<FileColumn> columns;
  for (const auto& field : fields) {
    output.push_back({resolver->NewColumnId(), field.name, field.type, true, field.metadata, source.qualifier});
    FileColumn column;
    column.physical_name = field.name;
    for (size_t i = 0; i < partitions.size(); i++) {
      if (partitions[i].name != field.name) continue;
      column.source = FileColumn::Source::kConstant;
      column.constant_index = static_cast<int>(i);
    }
    columns.push_back(std::move(column));
  }
  auto scan = std::make_shared<FilesRel>(std::move(output), source.format);
  scan->columns = std::move(columns);
  scan->files = std::move(files);
  scan->options = std::move(options);
  scan->time_zone = session->conf().GetString("spark.sql.session.timeZone", "UTC");
  scan->description = "files";
  for (const std::string& path : source.paths) {
    ASSIGN_OR_RETURN(const std::string root, QualifyPath(session, path));
    scan->roots.push_back(root.substr(0, root.find_first_of("*?[{")));
  }
  return RelPtr(scan);
}

}  // namespace deltic::spark::catalog
