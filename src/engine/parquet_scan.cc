#include "engine/parquet_scan.h"

#include <charconv>
#include <utility>

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
#include "engine/file_pruning.h"
#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "engine/object_file_system.h"
#include "engine/scan_statistics.h"
#include "engine/type_map.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

using duckdb::idx_t;
using duckdb::make_uniq;
using duckdb::unique_ptr;
using functions::ThrowStatus;
using Source = FileColumn::Source;

constexpr char kFileIndexOption[] = "deltic_file";
constexpr size_t kMostExactFiles = 1000;

// What one scan reads. Row-index columns are not in `columns`: DuckDB's virtual column serves them.
struct ScanSpec {
  std::shared_ptr<const std::vector<ScanFile>> files;
  std::vector<FileColumn> columns;
  std::vector<Column> output;
  bool by_field_id = false;
  bool nested = false;  // some column has struct fields to be mapped
};

// DuckDB passes a table function's arguments as values only: the spec travels as its address.
std::string EncodeSpec(const ScanSpec* spec) { return std::to_string(reinterpret_cast<uintptr_t>(spec)); }
const ScanSpec* DecodeSpec(const std::string& text) {
  uintptr_t address = 0;
  std::from_chars(text.data(), text.data() + text.size(), address);
  if (address == 0) ThrowStatus(InternalError("parquet scan without a description"));
  return reinterpret_cast<const ScanSpec*>(address);
}

// Size and time of a remote file spare a request for them.
void AddKnownFacts(const ScanFile& file, duckdb::ExtendedOpenFileInfo* info) {
  if (!storage::IsRemoteNative(file.path) || file.size_bytes <= 0) return;
  info->options[kFileSizeOption] = duckdb::Value::BIGINT(file.size_bytes);
  // Data files never change, so any time that stays the same will do where the log tells none.
  const int64_t modified_ms = file.modified_ms > 0 ? file.modified_ms : 1;
  info->options[kLastModifiedOption] = duckdb::Value::TIMESTAMP(duckdb::timestamp_t(modified_ms * 1000));
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

class ScanFileList final : public duckdb::SimpleMultiFileList {
 public:
  ScanFileList(const ScanSpec* spec, std::vector<size_t> kept)
      : SimpleMultiFileList(OpenInfos(*spec, kept)), spec_(spec), kept_(std::move(kept)) {}

  static duckdb::vector<duckdb::OpenFileInfo> OpenInfos(const ScanSpec& spec, const std::vector<size_t>& kept) {
    duckdb::vector<duckdb::OpenFileInfo> out;
    for (size_t i : kept) {
      duckdb::OpenFileInfo info((*spec.files)[i].path);
      info.extended_info = duckdb::make_shared_ptr<duckdb::ExtendedOpenFileInfo>();
      info.extended_info->options[kFileIndexOption] = duckdb::Value::UBIGINT(i);
      AddKnownFacts((*spec.files)[i], info.extended_info.get());
      out.push_back(std::move(info));
    }
    return out;
  }
  unique_ptr<duckdb::NodeStatistics> GetCardinality(duckdb::ClientContext&) const override {
    idx_t rows = 0;
    bool exact = true;
    for (size_t i : kept_) {
      const ScanFile& file = (*spec_->files)[i];
      // Sizes are good enough for an estimate over many files, and reading statistics is not free.
      const int64_t records = kept_.size() > kMostExactFiles ? file.record_count : RecordCountOf(file);
      if (records >= 0) {
        rows += LiveRows(file, records);
      } else {
        exact = false;
        rows += file.size_bytes > 0 ? static_cast<idx_t>(file.size_bytes) / 32 + 1 : 1000;
      }
    }
    return exact ? make_uniq<duckdb::NodeStatistics>(rows, rows) : make_uniq<duckdb::NodeStatistics>(rows);
  }
  unique_ptr<duckdb::MultiFileList> Copy() const override { return make_uniq<ScanFileList>(spec_, kept_); }

  const ScanSpec& spec() const { return *spec_; }
  const std::vector<size_t>& kept() const { return kept_; }

 private:
  const ScanSpec* spec_;
  std::vector<size_t> kept_;
};

duckdb::Value IdentifierOf(const std::string& name, int field_id, bool by_field_id) {
  return by_field_id ? duckdb::Value::INTEGER(field_id) : duckdb::Value(name);
}

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

  duckdb::shared_ptr<duckdb::MultiFileList> CreateFileList(duckdb::ClientContext&,
                                                           const duckdb::vector<duckdb::string>& paths,
                                                           const duckdb::FileGlobInput&) override {
    spec_ = DecodeSpec(paths[0]);
    std::vector<size_t> all(spec_->files->size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = i;
    return duckdb::make_shared_ptr<ScanFileList>(spec_, std::move(all));
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
      bind_data.schema.push_back(Definition(names.back(), out.type, physical,
                                            IdentifierOf(column.physical_name, column.field_id, spec_->by_field_id),
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
    auto kept = PruneFiles(context, *spec_->files, list.kept(), info.table_index, columns, filters);
    if (kept.size() == list.kept().size()) return nullptr;
    return make_uniq<ScanFileList>(spec_, std::move(kept));
  }

  duckdb::ReaderInitializeType InitializeReader(duckdb::MultiFileReaderData& reader_data,
                                                const duckdb::MultiFileBindData& bind_data,
                                                const duckdb::vector<duckdb::MultiFileColumnDefinition>& columns,
                                                const duckdb::vector<duckdb::ColumnIndex>& ids,
                                                duckdb::optional_ptr<duckdb::TableFilterSet> filters,
                                                duckdb::ClientContext& context,
                                                duckdb::MultiFileGlobalState& state) override {
    const ScanFile& file = FileOf(*reader_data.reader);
    for (idx_t i = 0; i < ids.size(); ++i) {
      auto id = ids[i].GetPrimaryIndex();
      if (id >= spec_->columns.size() || spec_->columns[id].source == Source::kData) continue;
      reader_data.constant_map.Add(duckdb::MultiFileGlobalIndex(i),
                                   PerFileValue(spec_->columns[id], spec_->output[id].type, file));
    }
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

 private:
  const ScanFile& FileOf(const duckdb::BaseFileReader& reader) const {
    const auto& options = reader.file.extended_info->options;
    return (*spec_->files)[options.at(kFileIndexOption).GetValue<uint64_t>()];
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
  duckdb::vector<duckdb::PartitionStatistics> out;
  const auto& bind_data = input.bind_data->Cast<duckdb::MultiFileBindData>();
  const auto& list = static_cast<const ScanFileList&>(*bind_data.file_list);
  for (size_t i : list.kept()) {
    const ScanFile& file = (*list.spec().files)[i];
    const int64_t records = RecordCountOf(file);
    if (records < 0) return {};
    duckdb::PartitionStatistics stats;
    stats.count = LiveRows(file, records);
    stats.count_type = duckdb::CountType::COUNT_EXACT;
    out.push_back(std::move(stats));
  }
  return out;
}

// Bounds from the table's log: nothing is read from the files.
unique_ptr<duckdb::BaseStatistics> Statistics(duckdb::ClientContext&, const duckdb::FunctionData* data,
                                              duckdb::column_t id) {
  const auto& list = static_cast<const ScanFileList&>(*data->Cast<duckdb::MultiFileBindData>().file_list);
  const ScanSpec& spec = list.spec();
  if (id >= spec.columns.size()) return nullptr;
  const DataType& type = spec.output[id].type;
  const auto bounds = BoundsOf(spec.columns[id], type, *spec.files, list.kept());
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
    f.late_materialization = false;
  }
  loader.RegisterFunction(std::move(set));
}

FileScan MakeParquetScan(const FilesRel& rel) {
  auto spec = std::make_shared<ScanSpec>();
  spec->files = rel.files;
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
