#include "engine/parquet_scan.h"

#include <atomic>
#include <charconv>
#include <mutex>
#include <numeric>
#include <utility>

#include "delta/spec/row_tracking.h"
#include "duckdb/catalog/catalog_entry/table_function_catalog_entry.hpp"
#include "duckdb/common/multi_file/multi_file_reader.hpp"
#include "duckdb/common/multi_file/multi_file_states.hpp"
#include "duckdb/function/partition_stats.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/parser/tableref/table_function_ref.hpp"
#include "duckdb/planner/operator/logical_get.hpp"
#include "duckdb/storage/statistics/base_statistics.hpp"
#include "duckdb/storage/statistics/node_statistics.hpp"
#include "duckdb/storage/statistics/numeric_stats.hpp"
#include "engine/errors.h"
#include "engine/file_pruning.h"
#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "engine/object_file_system.h"
#include "engine/parquet_column_types.h"
#include "engine/parquet_read_plan.h"
#include "engine/parquet_variants.h"
#include "engine/plan/file_source.h"
#include "engine/scan_statistics.h"
#include "engine/type_map.h"
#include "parquet_reader.hpp"
#include "storage/object_store.h"
#include "storage/read_ahead.h"
#include "storage/s3/s3_registry.h"

namespace deltic::engine {
namespace {

using duckdb::idx_t;
using duckdb::make_uniq;
using duckdb::unique_ptr;
using functions::ThrowStatus;
using Source = FileColumn::Source;

constexpr size_t kMostExactFiles = 1000;
constexpr idx_t kFootersAtStart = 2;  // fetched before the scan goes beyond its first row group
constexpr idx_t kFootersAhead = 8;    // of the file that is read
constexpr idx_t kTailsKept = 64;
constexpr int64_t kLargeFileBytes = int64_t{1} << 20;  // may have several row groups
constexpr idx_t kBytesOfRow = 32;                      // of a file whose rows nobody counted

// What one scan reads. Row-index columns are not in `columns`: DuckDB's virtual column serves them.
struct ScanSpec {
  std::shared_ptr<const std::vector<ScanFile>> files;
  std::shared_ptr<const FileSource> source;  // instead of `files`
  std::vector<FileColumn> columns;
  std::vector<Column> output;
  bool by_field_id = false;
  bool nested = false;                  // some column has struct fields to be mapped
  std::vector<VariantColumn> variants;  // the columns with variants
  std::shared_ptr<storage::ReadAhead> ahead = std::make_shared<storage::ReadAhead>();  // of remote files
};

// DuckDB passes a table function's arguments as values only: the spec travels as its address.
std::string EncodeSpec(const ScanSpec* spec) { return std::to_string(reinterpret_cast<uintptr_t>(spec)); }
const ScanSpec* DecodeSpec(const std::string& text) {
  uintptr_t address = 0;
  std::from_chars(text.data(), text.data() + text.size(), address);
  if (address == 0) ThrowStatus(InternalError("parquet scan without a description"));
  return reinterpret_cast<const ScanSpec*>(address);
}

bool IsReadAhead(const ScanFile& file) { return file.size_bytes > 0 && storage::IsRemoteNative(file.path); }

// Size and time of a remote file spare a request for them.
void AddKnownFacts(const ScanFile& file, duckdb::ExtendedOpenFileInfo* info) {
  if (!IsReadAhead(file)) return;
  info->options[kFileSizeOption] = duckdb::Value::BIGINT(file.size_bytes);
  // Data files never change, so any time that stays the same will do where the log tells none.
  const int64_t modified_ms = file.modified_ms > 0 ? file.modified_ms : 1;
  info->options[kLastModifiedOption] = duckdb::Value::TIMESTAMP(duckdb::timestamp_t(modified_ms * 1000));
  // With a tag, what DuckDB caches of a file is valid from its first second on.
  info->options[kVersionTagOption] = duckdb::Value(std::to_string(file.size_bytes) + "-" + std::to_string(modified_ms));
}

idx_t LiveRows(const ScanFile& file, int64_t record_count) {
  idx_t rows = static_cast<idx_t>(record_count);
  idx_t deleted = file.deleted ? file.deleted->Cardinality() : 0;
  return rows > deleted ? rows - deleted : 0;
}

class DeletedRows final : public duckdb::DeleteFilter {
 public:
  explicit DeletedRows(std::shared_ptr<const RowFilter> rows) : rows_(std::move(rows)) {}
  idx_t Filter(duckdb::row_t start, idx_t count, duckdb::SelectionVector& sel) override {
    bool deleted[STANDARD_VECTOR_SIZE];
    rows_->DeletedInRange(static_cast<uint64_t>(start), count, deleted);
    sel.Initialize(STANDARD_VECTOR_SIZE);
    idx_t kept = 0;
    for (idx_t i = 0; i < count; ++i) {
      if (!deleted[i]) sel.set_index(kept++, i);
    }
    return kept;
  }

 private:
  std::shared_ptr<const RowFilter> rows_;
};

// DuckDB's reader, whose errors name the file.
class DataFileReader final : public duckdb::ParquetReader {
 public:
  using ParquetReader::ParquetReader;

  void PrepareScan(duckdb::ClientContext& context, duckdb::GlobalTableFunctionState& global,
                   duckdb::LocalTableFunctionState& local) override {
    NamingFile(file.path, [&] { ParquetReader::PrepareScan(context, global, local); });
  }
  duckdb::AsyncResult Scan(duckdb::ClientContext& context, duckdb::GlobalTableFunctionState& global,
                           duckdb::LocalTableFunctionState& local, duckdb::DataChunk& chunk) override {
    return NamingFile(file.path, [&] { return ParquetReader::Scan(context, global, local, chunk); });
  }
};

// The files that a scan reads: some of those it was given, or all of a source, which are made when they are asked for.
class ScanFileList final : public duckdb::MultiFileList {
 public:
  using Files = std::shared_ptr<const std::vector<ScanFile>>;

  ScanFileList(const ScanSpec* spec, Files files, std::vector<size_t> kept)
      : spec_(spec), state_(std::make_shared<State>()) {
    state_->files = std::move(files);
    state_->kept = std::move(kept);
  }
  ScanFileList(const ScanSpec* spec, Files files) : ScanFileList(spec, files, Indexes(files->size())) {}
  ScanFileList(const ScanSpec* spec, std::shared_ptr<const FileSource> source)
      : spec_(spec), state_(std::make_shared<State>()) {
    state_->source = std::move(source);
  }

  duckdb::vector<duckdb::OpenFileInfo> GetAllFiles() const override {
    duckdb::vector<duckdb::OpenFileInfo> out;
    for (idx_t i = 0; i < GetTotalFileCount(); i++) out.push_back(GetFile(i));
    return out;
  }
  // DuckDB reads what it takes for one file whose row groups it has not counted with one thread.
  duckdb::FileExpandResult GetExpandResult() const override {
    if (size() == 0) return duckdb::FileExpandResult::NO_FILES;
    return size() > 1 || IsLarge() ? duckdb::FileExpandResult::MULTIPLE_FILES : duckdb::FileExpandResult::SINGLE_FILE;
  }
  idx_t GetTotalFileCount() const override { return size(); }
  unique_ptr<duckdb::NodeStatistics> GetCardinality(duckdb::ClientContext&) const override {
    if (source() != nullptr && size() > kMostExactFiles) {
      return make_uniq<duckdb::NodeStatistics>(static_cast<idx_t>(source()->total_bytes()) / kBytesOfRow + 1);
    }
    idx_t rows = 0;
    bool exact = true;
    for (size_t i : kept()) {
      const ScanFile& file = files()[i];
      // Sizes are good enough for an estimate over many files, and reading statistics is not free.
      const int64_t records = kept().size() > kMostExactFiles ? file.record_count : RecordCountOf(file);
      if (records >= 0) {
        rows += LiveRows(file, records);
      } else {
        exact = false;
        rows += file.size_bytes > 0 ? static_cast<idx_t>(file.size_bytes) / kBytesOfRow + 1 : 1000;
      }
    }
    return exact ? make_uniq<duckdb::NodeStatistics>(rows, rows) : make_uniq<duckdb::NodeStatistics>(rows);
  }
  unique_ptr<duckdb::MultiFileList> Copy() const override { return make_uniq<ScanFileList>(*this); }

  // What opens the file at a position; outlives the list.
  duckdb::OpenFileInfo FileAt(idx_t position) const { return GetFile(position); }
  // Null once the files are made.
  const FileSource* source() const { return state_->made ? nullptr : state_->source.get(); }
  size_t size() const { return source() != nullptr ? source()->size() : state_->kept.size(); }
  // The files and which of them are read; makes them.
  const std::vector<ScanFile>& files() const { return *Made().files; }
  const Files& shared_files() const { return Made().files; }
  const std::vector<size_t>& kept() const { return Made().kept; }

 protected:
  duckdb::OpenFileInfo GetFile(idx_t i) const override {
    if (i >= size()) return duckdb::OpenFileInfo("");
    const size_t index = kept()[i];
    duckdb::OpenFileInfo info(files()[index].path);
    info.extended_info = duckdb::make_shared_ptr<duckdb::ExtendedOpenFileInfo>();
    info.extended_info->options[kFileIndexOption] = duckdb::Value::UBIGINT(index);
    AddKnownFacts(files()[index], info.extended_info.get());
    if (IsReadAhead(files()[index])) {
      info.extended_info->options[kReadAheadOption] =
          duckdb::Value::UBIGINT(reinterpret_cast<uintptr_t>(&spec_->ahead));
    }
    return info;
  }

 private:
  // Shared by copies. `made` is set once, under the flag; a list without a source is made from the start.
  struct State {
    std::shared_ptr<const FileSource> source;
    std::once_flag once;
    std::atomic<bool> made{false};
    Files files;
    std::vector<size_t> kept;
  };

  bool IsLarge() const {
    const int64_t bytes = source() != nullptr ? source()->total_bytes() : files()[kept()[0]].size_bytes;
    return bytes < 0 || bytes >= kLargeFileBytes;
  }
  static std::vector<size_t> Indexes(size_t count) {
    std::vector<size_t> all(count);
    std::iota(all.begin(), all.end(), size_t{0});
    return all;
  }
  const State& Made() const {
    State& state = *state_;
    if (state.source == nullptr) return state;
    std::call_once(state.once, [&] {
      auto files = FilesOf(*state.source);
      if (!files.ok()) ThrowStatus(files.status());
      state.files = std::move(files).value();
      state.kept = Indexes(state.files->size());
      state.made = true;
    });
    return state;
  }

  const ScanSpec* spec_;
  std::shared_ptr<State> state_;
};

duckdb::Value IdentifierOf(const std::string& name, int field_id, bool by_field_id) {
  return by_field_id ? duckdb::Value::INTEGER(field_id) : duckdb::Value(name);
}

// A column that has no field id, in a scan that finds columns by field id: it is found by its name all the same.
bool OnlyNamed(const FileColumn& column, bool by_field_id) {
  return by_field_id && column.source == Source::kData && column.field_id < 0;
}

// The id that stands for the name of column `i`; no writer gives such ids.
int IdForName(size_t i) { return -2 - static_cast<int>(i); }

int FieldIdOf(const types::StructField& field) {
  // Delta puts the id of a mapped column into the field metadata.
  for (const char* key : {"\"delta.columnMapping.id\"", "\"parquet.field.id\""}) {
    auto at = field.metadata.find(key);
    if (at == std::string::npos) continue;
    at = field.metadata.find(':', at);
    if (at == std::string::npos) continue;
    ++at;
    while (at < field.metadata.size() && field.metadata[at] == ' ') ++at;
    int id = -1;
    std::from_chars(field.metadata.data() + at, field.metadata.data() + field.metadata.size(), id);
    return id;
  }
  return -1;
}

// Some column, or some part of one, has a field id.
bool HasFieldId(const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const duckdb::MultiFileColumnDefinition& column) {
    const bool given = column.identifier.type().id() == duckdb::LogicalTypeId::INTEGER &&
                       column.identifier.GetValue<int32_t>() != duckdb::MultiFileReader::ORDINAL_FIELD_ID;
    return given || HasFieldId(column.children);
  });
}

bool HasStruct(const DataType& type) {
  switch (type.id()) {
    case TypeId::kStruct: return true;
    case TypeId::kArray: return HasStruct(type.element());
    case TypeId::kMap: return HasStruct(type.key()) || HasStruct(type.value());
    default: return false;
  }
}

duckdb::MultiFileColumnDefinition Definition(const std::string& name, const DataType& logical, const DataType& physical,
                                             duckdb::Value identifier, bool by_field_id) {
  duckdb::MultiFileColumnDefinition out(name, ToDuckType(logical));
  out.identifier = std::move(identifier);
  out.default_expression = make_uniq<duckdb::ConstantExpression>(duckdb::Value(out.type));
  if (!HasStruct(logical)) return out;
  auto part = [&](const char* part_name, const DataType& l, const DataType& p) {
    out.children.push_back(Definition(part_name, l, p, IdentifierOf(part_name, -1, by_field_id), by_field_id));
  };
  switch (logical.id()) {
    case TypeId::kArray: part("element", logical.element(), physical.element()); break;
    case TypeId::kMap:
      part("key", logical.key(), physical.key());
      part("value", logical.value(), physical.value());
      break;
    case TypeId::kStruct:
      for (size_t i = 0; i < logical.fields().size(); ++i) {
        const auto& l = logical.fields()[i];
        const auto& p = physical.fields()[i];
        out.children.push_back(
            Definition(l.name, l.type, p.type, IdentifierOf(p.name, FieldIdOf(p), by_field_id), by_field_id));
      }
      break;
    default: break;
  }
  return out;
}

// Writers name list elements and map entries differently; they are matched by position.
void AdoptPartNames(duckdb::MultiFileColumnDefinition* wanted, const duckdb::MultiFileColumnDefinition& local) {
  auto match = [&](duckdb::MultiFileColumnDefinition* child, const duckdb::MultiFileColumnDefinition& found) {
    bool by_id = child->identifier.type().id() == duckdb::LogicalTypeId::INTEGER;
    child->identifier = by_id ? found.identifier : duckdb::Value(found.name);
    AdoptPartNames(child, found);
  };
  if (wanted->children.empty()) return;
  switch (wanted->type.id()) {
    case duckdb::LogicalTypeId::LIST:
      if (local.children.size() == 1) match(&wanted->children[0], local.children[0]);
      break;
    case duckdb::LogicalTypeId::MAP:
      if (local.children.size() == 1 && local.children[0].children.size() == 2) {
        match(&wanted->children[0], local.children[0].children[0]);
        match(&wanted->children[1], local.children[0].children[1]);
      }
      break;
    case duckdb::LogicalTypeId::STRUCT:
      for (auto& child : wanted->children) {
        bool by_id = child.identifier.type().id() == duckdb::LogicalTypeId::INTEGER;
        for (const auto& candidate : local.children) {
          bool same = by_id ? !candidate.identifier.IsNull() && candidate.identifier == child.identifier
                            : duckdb::StringUtil::CIEquals(candidate.name, child.GetIdentifierName());
          if (same) AdoptPartNames(&child, candidate);
        }
      }
      break;
    default: break;
  }
}

class ScanReader final : public duckdb::MultiFileReader {
 public:
  explicit ScanReader(const ScanSpec* spec = nullptr) : spec_(spec) {}
  static unique_ptr<duckdb::MultiFileReader> Create(const duckdb::TableFunction&) { return make_uniq<ScanReader>(); }
  unique_ptr<duckdb::MultiFileReader> Copy() const override { return make_uniq<ScanReader>(spec_); }
  const ScanSpec& spec() const { return *spec_; }
  using MultiFileReader::CreateReader;

  duckdb::shared_ptr<duckdb::MultiFileList> CreateFileList(duckdb::ClientContext&,
                                                           const duckdb::vector<duckdb::string>& paths,
                                                           const duckdb::FileGlobInput&) override {
    spec_ = DecodeSpec(paths[0]);
    if (spec_->source != nullptr) return duckdb::make_shared_ptr<ScanFileList>(spec_, spec_->source);
    return duckdb::make_shared_ptr<ScanFileList>(spec_, spec_->files);
  }

  bool Bind(duckdb::MultiFileOptions& options, duckdb::MultiFileList&, duckdb::vector<duckdb::LogicalType>& types,
            duckdb::vector<duckdb::string>& names, duckdb::MultiFileReaderBindData& bind_data) override {
    options.auto_detect_hive_partitioning = false;
    options.hive_partitioning = false;
    for (size_t i = 0; i < spec_->columns.size(); ++i) {
      const FileColumn& column = spec_->columns[i];
      const Column& out = spec_->output[i];
      names.push_back(ColumnName(out.id));
      types.push_back(ToDuckType(out.type));
      const DataType& physical = column.physical_type ? *column.physical_type : out.type;
      const int id = OnlyNamed(column, spec_->by_field_id) ? IdForName(i) : column.field_id;
      bind_data.schema.push_back(Definition(names.back(), out.type, physical,
                                            IdentifierOf(column.physical_name, id, spec_->by_field_id),
                                            spec_->by_field_id));
    }
    bind_data.mapping = spec_->by_field_id ? duckdb::MultiFileColumnMappingMode::BY_FIELD_ID
                                           : duckdb::MultiFileColumnMappingMode::BY_NAME;
    return true;
  }

  unique_ptr<duckdb::MultiFileList> ComplexFilterPushdown(
      duckdb::ClientContext& context, duckdb::MultiFileList& files, const duckdb::MultiFileOptions&,
      duckdb::MultiFilePushdownInfo& info, duckdb::vector<unique_ptr<duckdb::Expression>>& filters) override {
    if (filters.empty()) return nullptr;
    auto& list = static_cast<ScanFileList&>(files);
    std::vector<PrunableColumn> columns;
    for (auto id : info.column_ids) {
      PrunableColumn column;
      if (id < spec_->columns.size()) {
        column.file_column = &spec_->columns[id];
        column.type = &spec_->output[id].type;
      }
      columns.push_back(column);
    }
    if (list.source() != nullptr) {
      return make_uniq<ScanFileList>(spec_, std::make_shared<std::vector<ScanFile>>(ChooseFiles(
                                                context, *list.source(), info.table_index, columns, filters)));
    }
    auto kept = PruneFiles(context, list.files(), list.kept(), info.table_index, columns, filters);
    if (kept.size() == list.kept().size()) return nullptr;
    return make_uniq<ScanFileList>(spec_, list.shared_files(), std::move(kept));
  }

  duckdb::shared_ptr<duckdb::BaseFileReader> CreateReader(duckdb::ClientContext& context,
                                                          duckdb::GlobalTableFunctionState&,
                                                          const duckdb::OpenFileInfo& file, idx_t,
                                                          const duckdb::MultiFileBindData&) override {
    return NamingFile(file.path, [&] {
      return duckdb::make_shared_ptr<DataFileReader>(context, file, duckdb::ParquetOptions(context));
    });
  }

  duckdb::ReaderInitializeType InitializeReader(duckdb::MultiFileReaderData& reader_data,
                                                const duckdb::MultiFileBindData& bind_data,
                                                const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns,
                                                const duckdb::vector<duckdb::ColumnIndex>& ids,
                                                duckdb::optional_ptr<duckdb::TableFilterSet> filters,
                                                duckdb::ClientContext& context,
                                                duckdb::MultiFileGlobalState& state) override {
    const ScanFile& file = FileOf(static_cast<const ScanFileList&>(state.file_list), *reader_data.reader);
    const auto result = NamingFile(
        file.path, [&] { return MapColumns(reader_data, file, bind_data, columns, ids, filters, context, state); });
    // Without progress, the scan begins with a local file (a clone's): no reading ahead.
    if (state.multi_file_reader_state != nullptr && IsReadAhead(file) &&
        result != duckdb::ReaderInitializeType::SKIP_READING_FILE) {
      PlanReads(context, file, *reader_data.reader);
      ReadOn(context, bind_data, &state);
    }
    return result;
  }

  unique_ptr<duckdb::MultiFileReaderGlobalState> InitializeGlobalState(
      duckdb::ClientContext& context, const duckdb::MultiFileOptions&, const duckdb::MultiFileReaderBindData&,
      const duckdb::MultiFileList& list, const duckdb::vector<duckdb::MultiFileColumnDefinition>&,
      const duckdb::vector<duckdb::ColumnIndex>&) override {
    const auto& files = static_cast<const ScanFileList&>(list);
    if (files.size() == 0 || !IsReadAhead(files.files()[files.kept()[0]])) return nullptr;
    auto state = make_uniq<ScanProgress>(&files);
    FetchFooters(context, state.get(), kFootersAtStart);
    return state;
  }

  void FinalizeChunk(duckdb::ClientContext& context, const duckdb::MultiFileBindData& bind_data,
                     duckdb::BaseFileReader& reader, const duckdb::MultiFileReaderData& reader_data,
                     duckdb::DataChunk& input, duckdb::DataChunk& output, duckdb::ExpressionExecutor& executor,
                     duckdb::optional_ptr<duckdb::MultiFileReaderGlobalState> state) override {
    NamingFile(reader.file.path, [&] {
      MultiFileReader::FinalizeChunk(context, bind_data, reader, reader_data, input, output, executor, state);
    });
    if (state == nullptr || !spec_->ahead->WantsPlan()) return;
    if (auto* scan = static_cast<ScanProgress&>(*state).scan.load()) ReadOn(context, bind_data, scan);
  }

 private:
  // How far reading ahead has come in one scan.
  struct ScanProgress final : duckdb::MultiFileReaderGlobalState {
    explicit ScanProgress(const ScanFileList* list) : MultiFileReaderGlobalState({}, list), files(*list) {}
    const ScanFileList& files;
    std::atomic<duckdb::MultiFileGlobalState*> scan{nullptr};  // set when the first file is open
    std::mutex mutex;                                          // guards what follows; one thread plans at a time
    idx_t planned = 0;                                         // files before this position need no plan
    idx_t fetched = 0;                                         // … no footer
    std::vector<bool> has_footer;                              // by position: in memory before this scan
  };

  const ScanFile& FileAt(const ScanFileList& list, idx_t position) const { return list.files()[list.kept()[position]]; }

  static storage::ReadAhead::File ObjectOf(const ScanFile& file) {
    auto target = storage::s3::ResolveNative(file.path);
    if (!target.ok()) ThrowStatus(target.status());
    return {std::move(target->store), std::move(target->path), file.size_bytes};
  }

  // Under the mutex, or before there are threads.
  void FetchFooters(duckdb::ClientContext& context, ScanProgress* progress, idx_t until) const {
    const ScanFileList& list = progress->files;
    for (; progress->fetched < std::min<idx_t>(until, list.size()); progress->fetched++) {
      const idx_t position = progress->fetched;
      const ScanFile& file = FileAt(list, position);
      progress->has_footer.push_back(!IsReadAhead(file) || HasCachedFooter(context, list.FileAt(position)));
      if (!progress->has_footer.back()) spec_->ahead->FetchTail(list.kept()[position], ObjectOf(file));
      if (position >= kTailsKept) spec_->ahead->DropTail(list.kept()[position - kTailsKept]);
    }
  }

  void PlanReads(duckdb::ClientContext& context, const ScanFile& file, const duckdb::BaseFileReader& reader) const {
    const auto index = reader.file.extended_info->options.at(kFileIndexOption).GetValue<uint64_t>();
    if (spec_->ahead->IsPlanned(index)) return;
    spec_->ahead->Plan(index, ObjectOf(file), ParquetReadPlan(context, reader));
  }

  // Opens the files to come, as far as their footers are here, to plan their reads before the scan gets to them.
  void ReadOn(duckdb::ClientContext& context, const duckdb::MultiFileBindData& bind_data,
              duckdb::MultiFileGlobalState* scan) {
    auto& progress = static_cast<ScanProgress&>(*scan->multi_file_reader_state);
    progress.scan = scan;
    const std::unique_lock lock(progress.mutex, std::try_to_lock);
    if (!lock.owns_lock()) return;
    const ScanFileList& list = progress.files;
    if (scan->file_index > 0 || spec_->ahead->HasBegun()) {
      FetchFooters(context, &progress, scan->file_index + kFootersAhead);
    }
    while (spec_->ahead->WantsPlan() && progress.planned < progress.fetched) {
      const idx_t position = progress.planned;
      const size_t index = list.kept()[position];
      if (!spec_->ahead->IsPlanned(index)) {
        if (!progress.has_footer[position] && !spec_->ahead->HasTail(index)) return;
        PlanUnopened(context, bind_data, scan, position);
      }
      progress.planned++;
    }
  }

  void PlanUnopened(duckdb::ClientContext& context, const duckdb::MultiFileBindData& bind_data,
                    duckdb::MultiFileGlobalState* scan, idx_t position) {
    const auto& list = static_cast<const ScanFileList&>(scan->file_list);
    const ScanFile& file = FileAt(list, position);
    if (!IsReadAhead(file)) return;
    try {
      duckdb::MultiFileReaderData data(list.FileAt(position));
      data.reader = CreateReader(context, *scan->global_state, data.file_to_be_opened, position, bind_data);
      const auto& columns = bind_data.reader_bind.schema;
      const auto mapped =
          MapColumns(data, file, bind_data, columns, scan->column_indexes, scan->filters, context, *scan);
      if (mapped != duckdb::ReaderInitializeType::SKIP_READING_FILE) PlanReads(context, file, *data.reader);
    } catch (...) {
      // The scan will meet the same error if it gets to this file, and tell it.
    }
  }

  duckdb::ReaderInitializeType MapColumns(duckdb::MultiFileReaderData& reader_data, const ScanFile& file,
                                          const duckdb::MultiFileBindData& bind_data,
                                          const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns,
                                          const duckdb::vector<duckdb::ColumnIndex>& ids,
                                          duckdb::optional_ptr<duckdb::TableFilterSet> filters,
                                          duckdb::ClientContext& context, duckdb::MultiFileGlobalState& state) {
    for (idx_t i = 0; i < ids.size(); ++i) {
      auto id = ids[i].GetPrimaryIndex();
      if (id >= spec_->columns.size() || spec_->columns[id].source == Source::kData) continue;
      reader_data.constant_map.Add(duckdb::MultiFileGlobalIndex(i),
                                   PerFileValue(spec_->columns[id], spec_->output[id].type, file));
    }
    if (spec_->by_field_id) {
      RequireFieldIds(*reader_data.reader, ids);
      NameColumnsWithoutId(reader_data.reader.get());
    }
    for (const auto& column : ids) CheckType(*reader_data.reader, columns, column);
    ReadAsVariants(reader_data.reader.get(), spec_->variants);
    duckdb::ReaderInitializeType result;
    if (spec_->nested) {
      auto adapted = columns;
      for (auto& column : adapted) AdaptColumn(&column, *reader_data.reader);
      result = CreateMapping(context, reader_data, adapted, ids, filters, state.file_list, bind_data.reader_bind,
                             bind_data.virtual_columns);
    } else {
      result = CreateMapping(context, reader_data, columns, ids, filters, state.file_list, bind_data.reader_bind,
                             bind_data.virtual_columns);
    }
    if (file.deleted && file.deleted->Cardinality() > 0) {
      reader_data.reader->deletion_filter = make_uniq<DeletedRows>(file.deleted);
    }
    return result;
  }

  void CheckType(const duckdb::BaseFileReader& reader, const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns,
                 const duckdb::ColumnIndex& column) const {
    const idx_t id = column.GetPrimaryIndex();
    if (id >= spec_->columns.size() || spec_->columns[id].source != Source::kData) return;
    CheckColumnType(reader, columns[id], spec_->output[id].type, column);
  }

  static const ScanFile& FileOf(const ScanFileList& list, const duckdb::BaseFileReader& reader) {
    const auto& options = reader.file.extended_info->options;
    return list.files()[options.at(kFileIndexOption).GetValue<uint64_t>()];
  }
  // A file without any field id was not written for this table: its columns would all be missing (Spark's
  // ParquetReadSupport). A file that has some lacks only the columns that were added after it.
  void RequireFieldIds(const duckdb::BaseFileReader& reader, const duckdb::vector<duckdb::ColumnIndex>& ids) const {
    const bool wanted = std::any_of(ids.begin(), ids.end(), [&](const duckdb::ColumnIndex& column) {
      const idx_t id = column.GetPrimaryIndex();
      return id < spec_->columns.size() && spec_->columns[id].source == Source::kData &&
             spec_->columns[id].field_id >= 0;
    });
    if (!wanted || HasFieldId(reader.columns)) return;
    const std::string path = reader.GetFileName();
    ThrowStatus(Error("_PARQUET_WITHOUT_FIELD_IDS", {{"path", path}},
                      "Spark read schema expects field Ids, but Parquet file schema doesn't contain any field Ids.\n"
                      "Parquet file: " +
                          path));
  }
  void NameColumnsWithoutId(duckdb::BaseFileReader* reader) const {
    for (size_t i = 0; i < spec_->columns.size(); ++i) {
      if (!OnlyNamed(spec_->columns[i], true)) continue;
      for (auto& local : reader->columns) {
        if (local.identifier.IsNull() && local.name == spec_->columns[i].physical_name) {
          local.identifier = duckdb::Value::INTEGER(IdForName(i));
        }
      }
    }
  }
  static void AdaptColumn(duckdb::MultiFileColumnDefinition* column, const duckdb::BaseFileReader& reader) {
    if (column->children.empty()) return;
    bool by_id = column->identifier.type().id() == duckdb::LogicalTypeId::INTEGER;
    for (const auto& local : reader.GetColumns()) {
      bool same = by_id ? !local.identifier.IsNull() && local.identifier == column->identifier
                        : duckdb::StringUtil::CIEquals(local.name, column->GetIdentifierName());
      if (same) AdoptPartNames(column, local);
    }
  }

  const ScanSpec* spec_;
};

// COUNT(*) without opening a file when every file's row count is known.
duckdb::vector<duckdb::PartitionStatistics> PartitionStats(duckdb::ClientContext&,
                                                           duckdb::GetPartitionStatsInput& input) {
  const auto& bind_data = input.bind_data->Cast<duckdb::MultiFileBindData>();
  const auto& list = static_cast<const ScanFileList&>(*bind_data.file_list);
  duckdb::PartitionStatistics all;
  all.count = 0;
  all.count_type = duckdb::CountType::COUNT_EXACT;
  bool known = true;
  const auto add = [&](int64_t records, idx_t deleted) {
    known = known && records >= 0;
    if (known && static_cast<idx_t>(records) > deleted) all.count += static_cast<idx_t>(records) - deleted;
  };
  if (list.source() != nullptr) {
    const Status status = list.source()->ForEach([&](const FileSource::Candidate& file) {
      add(known ? delta::RecordCountOf(file.stats()).value_or(-1) : -1, static_cast<idx_t>(file.deleted_rows()));
      return Status::Ok();
    });
    if (!status.ok()) ThrowStatus(status);
  } else {
    for (size_t i : list.kept()) {
      const ScanFile& file = list.files()[i];
      add(RecordCountOf(file), file.deleted ? file.deleted->Cardinality() : 0);
    }
  }
  if (!known) return {};
  return {std::move(all)};
}

// Bounds from the table's log: nothing is read from the files.
unique_ptr<duckdb::BaseStatistics> Statistics(duckdb::ClientContext&, const duckdb::FunctionData* data,
                                              duckdb::column_t id) {
  const auto& bind_data = data->Cast<duckdb::MultiFileBindData>();
  const auto& list = static_cast<const ScanFileList&>(*bind_data.file_list);
  const ScanSpec& spec = static_cast<const ScanReader&>(*bind_data.multi_file_reader).spec();
  if (id >= spec.columns.size() || list.size() > kMostExactFiles) return nullptr;
  const DataType& type = spec.output[id].type;
  const auto bounds = BoundsOf(spec.columns[id], type, list.files(), list.kept());
  if (!bounds) return nullptr;
  const auto value = [&](int64_t number) {
    if (type.Is(TypeId::kDate)) return duckdb::Value::DATE(duckdb::date_t(static_cast<int32_t>(number)));
    return duckdb::Value::BIGINT(number).DefaultCastAs(ToDuckType(type));
  };
  auto stats = duckdb::BaseStatistics::CreateEmpty(ToDuckType(type));
  duckdb::NumericStats::SetMin(stats, value(bounds->min));
  duckdb::NumericStats::SetMax(stats, value(bounds->max));
  stats.SetHasNoNull();
  if (bounds->may_have_null) stats.SetHasNull();
  return stats.ToUnique();
}

}  // namespace

void RegisterParquetScan(duckdb::DatabaseInstance& db) {
  duckdb::ExtensionLoader loader(db, "deltic");
  duckdb::TableFunctionSet set = loader.GetTableFunction("parquet_scan").functions;
  set.name = kParquetScanFunction;
  for (auto& f : set.functions) {
    f.name = kParquetScanFunction;
    f.get_multi_file_reader = ScanReader::Create;
    f.serialize = nullptr;
    f.deserialize = nullptr;
    f.statistics = Statistics;
    f.get_partition_stats = PartitionStats;
    f.get_bind_info = nullptr;  // it would list every file
    f.late_materialization = false;
  }
  loader.RegisterFunction(std::move(set));
}

FileScan MakeParquetScan(const FilesRel& rel) {
  auto spec = std::make_shared<ScanSpec>();
  spec->files = rel.files;
  spec->source = rel.source;
  spec->by_field_id = rel.by_field_id;
  FileScan scan;
  scan.columns.resize(rel.output.size());
  for (size_t i = 0; i < rel.output.size(); ++i) {
    if (rel.columns[i].source == Source::kRowIndex) {
      scan.columns[i] = ColumnByName("file_row_number");
      continue;
    }
    if (rel.output[i].type.Is(TypeId::kNull)) {  // void columns are never in files
      scan.columns[i] = Constant(duckdb::Value(duckdb::LogicalType::INTEGER));
      continue;
    }
    spec->columns.push_back(rel.columns[i]);
    spec->output.push_back(rel.output[i]);
    spec->nested = spec->nested || HasStruct(rel.output[i].type);
    const FileColumn& column = rel.columns[i];
    if (column.source == Source::kData && HoldsVariant(rel.output[i].type)) {
      const int id = rel.by_field_id ? column.field_id : -1;
      spec->variants.push_back({column.physical_name, id, column.physical_type.value_or(rel.output[i].type)});
    }
    scan.column_names.push_back(ColumnName(rel.output[i].id));
  }
  if (spec->columns.empty()) {  // only a row index or nothing: still one row per row of the files
    FileColumn placeholder;
    placeholder.source = Source::kFileName;
    Column column;
    column.id = -1;
    column.name = "no_columns";
    column.type = TypeId::kString;
    spec->columns.push_back(placeholder);
    spec->output.push_back(column);
  }
  auto ref = make_uniq<duckdb::TableFunctionRef>();
  ref->function = MakeFunction(kParquetScanFunction, Constant(duckdb::Value(EncodeSpec(spec.get()))));
  scan.ref = std::move(ref);
  scan.keep_alive.push_back(spec);
  return scan;
}

}  // namespace deltic::engine
