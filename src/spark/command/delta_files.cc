#include "spark/command/delta_files.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "base/random.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "delta/spec/row_tracking.h"
#include "delta/spec/schema.h"
#include "delta/transaction/transaction.h"
#include "engine/file_group.h"
#include "engine/merge_files.h"
#include "spark/catalog/partition_value.h"
#include "spark/command/delta_schema.h"
#include "storage/object_store.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;
using engine::WrittenFile;
using types::DataType;
using types::StructField;

constexpr std::string_view kChangeDirectory = "_change_data";
constexpr std::string_view kChangeType = "_change_type";

bool IsPartition(const delta::Metadata& metadata, const std::string& name) {
  return std::any_of(metadata.partition_columns.begin(), metadata.partition_columns.end(),
                     [&](const std::string& column) { return types::EqualsIgnoreCase(column, name); });
}

// The columns that `kept` says yes to.
template <typename Kept>
RelPtr OnlyColumns(const RelPtr& rows, const Kept& kept) {
  if (std::all_of(rows->output.begin(), rows->output.end(), kept)) return rows;
  std::vector<engine::Column> output;
  std::vector<engine::ExprPtr> exprs;
  for (const auto& column : rows->output) {
    if (!kept(column)) continue;
    output.push_back(column);
    output.back().id = engine::FreshColumnId();
    exprs.push_back(std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable));
  }
  return std::make_shared<engine::ProjectRel>(rows, std::move(output), std::move(exprs));
}

// Void columns are in the schema but never in files (PROTOCOL.md › Void Type).
RelPtr WithoutVoid(const RelPtr& rows) {
  return OnlyColumns(rows, [](const engine::Column& c) { return !c.type.Is(types::TypeId::kNull); });
}

// The statistics of a new file, which has no deletion vector (PROTOCOL.md › Per-file Statistics).
std::string WithTightBounds(std::string stats) {
  if (stats.ends_with("}")) stats.replace(stats.size() - 1, 1, ",\"tightBounds\":true}");
  return stats;
}

// Columns with statistics, by physical path: delta.dataSkippingStatsColumns, which names logical ones.
Status AddStatsColumns(const delta::Metadata& metadata, engine::WriteSpec* spec) {
  spec->stats_column_limit = static_cast<int>(delta::IntProperty(metadata, "delta.dataSkippingNumIndexedCols"));
  const std::string listed = delta::PropertyOf(metadata, "delta.dataSkippingStatsColumns");
  if (listed.empty()) return Status::Ok();
  ASSIGN_OR_RETURN(const auto columns, StatsColumnsOf(listed));
  const auto mode = delta::MappingModeOf(metadata);
  for (const auto& path : columns) {
    std::string physical;
    DataType level = metadata.schema;
    for (const auto& part : path) {
      const int index = level.Is(types::TypeId::kStruct) ? level.FieldIndex(part) : -1;
      if (index < 0) break;
      const StructField field = level.fields()[static_cast<size_t>(index)];
      physical += (physical.empty() ? "" : ".") + delta::PhysicalName(field, mode);
      level = field.type;
    }
    if (!physical.empty()) spec->stats_columns.push_back(std::move(physical));
  }
  return Status::Ok();
}

}  // namespace

DeltaFiles::DeltaFiles(session::Session* session, std::string table_path, delta::Metadata metadata,
                       const delta::Protocol& protocol, plan::Options options, std::function<bool()> interrupted)
    : session_(session),
      table_path_(std::move(table_path)),
      metadata_(std::move(metadata)),
      states_bounds_(delta::IsFeatureSupported(protocol, "deletionVectors")),
      options_(std::move(options)),
      interrupted_(std::move(interrupted)) {}

Result<std::vector<delta::AddFile>> DeltaFiles::WriteData(const RelPtr& rows) {
  ASSIGN_OR_RETURN(const PreparedRows prepared, Prepare(rows));
  return WritePrepared(prepared);
}

Result<std::vector<delta::AddFile>> DeltaFiles::WritePrepared(const PreparedRows& prepared) {
  const int64_t rows_before = rows_;
  ASSIGN_OR_RETURN(auto adds, WriteAdds(Spread(WithoutVoid(prepared.rows)), true));
  const int64_t row_count = rows_ - rows_before;
  if (!prepared.numbered.empty() && row_count > 0) {
    metadata_ = WithHighWaterMarks(metadata_, prepared.numbered, row_count);
    RETURN_IF_ERROR(identity_txn_->UpdateIdentityMarks(metadata_));
  }
  return adds;
}

// Rows are dealt out one by one, as Spark's repartition does.
RelPtr DeltaFiles::Spread(const RelPtr& rows) const {
  if (spread_ < 2 || plan::FindOption(options_, "maxRecordsPerFile").has_value()) return rows;
  std::vector<engine::Column> output = rows->output;
  std::vector<engine::ExprPtr> exprs;
  for (const auto& column : output) {
    exprs.push_back(std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable));
  }
  auto number =
      std::make_shared<engine::WindowExpr>("row_number", std::vector<engine::ExprPtr>(), types::TypeId::kLong, false);
  number->frame.unit = engine::WindowFrame::Unit::kRows;
  const engine::Column numbered{engine::FreshColumnId(), "number", types::TypeId::kLong, false};
  output.push_back(numbered);
  exprs.push_back(number);
  const RelPtr counted = std::make_shared<engine::ProjectRel>(rows, output, exprs);
  exprs.back() = engine::MakeCall(
      "%", {std::make_shared<engine::ColumnExpr>(numbered.id, numbered.type, false), engine::MakeLong(spread_)},
      types::TypeId::kLong, false);
  output.back() = {engine::FreshColumnId(), engine::kFileGroup, types::TypeId::kLong, false};
  return std::make_shared<engine::ProjectRel>(counted, std::move(output), std::move(exprs));
}

Result<std::vector<delta::AddFile>> DeltaFiles::RewriteData(const RelPtr& rows) { return WriteAdds(rows, false); }

Result<std::vector<delta::AddFile>> DeltaFiles::WriteAdds(const RelPtr& rows, bool data_change) {
  const RelPtr stored = WithoutVoid(rows);
  ASSIGN_OR_RETURN(const auto files, Write(stored, {}, !data_change));
  const int64_t now_ms = session_->server()->clock->NowMillis();
  std::vector<delta::AddFile> adds;
  for (const auto& file : files) {
    delta::AddFile add;
    add.path = RelativePath(file.path);
    add.size_bytes = file.size_bytes;
    add.modification_time_ms = now_ms;
    add.data_change = data_change;
    add.stats = states_bounds_ ? WithTightBounds(file.stats_json) : file.stats_json;
    add.partition_values = PartitionValuesOf(*stored, file);
    rows_ += file.record_count;
    bytes_ += file.size_bytes;
    adds.push_back(std::move(add));
  }
  return adds;
}

Result<DeltaFiles::PreparedRows> DeltaFiles::Prepare(const RelPtr& rows) const {
  const bool constrained = HasConstraints(metadata_);
  if (!constrained && also_enforced_.empty() && !NeedsCompletion(*rows, metadata_)) return PreparedRows{rows, {}};
  TableExpressions expressions(session_);
  ASSIGN_OR_RETURN(CompletedRows completed, CompleteRows(rows, metadata_, &expressions));
  if (!completed.numbered.empty() && identity_txn_ == nullptr) {
    return Unsupported("numbering the identity column " + completed.numbered[0].name + " in this command");
  }
  std::vector<RowConstraint> constraints;
  if (constrained) {
    ASSIGN_OR_RETURN(constraints, ConstraintsOf(metadata_, expressions));
  }
  // delta-spark's order: the table's own, then those of generated columns, then the statement's.
  for (auto& constraint : completed.constraints) constraints.push_back(std::move(constraint));
  constraints.insert(constraints.end(), also_enforced_.begin(), also_enforced_.end());
  ASSIGN_OR_RETURN(RelPtr checked, EnforceConstraints(completed.rows, constraints, &expressions));
  return PreparedRows{std::move(checked), std::move(completed.numbered)};
}

Result<std::vector<delta::CdcFile>> DeltaFiles::WriteChanges(const RelPtr& rows) {
  const RelPtr stored = OnlyColumns(
      WithoutVoid(rows), [this](const engine::Column& c) { return !delta::IsRowIdColumn(metadata_, c.name); });
  engine::WriteSpec spec;
  spec.directory = std::string(kChangeDirectory);
  spec.file_prefix = "cdc";
  spec.collect_stats = false;
  ASSIGN_OR_RETURN(const auto files, Write(stored, std::move(spec)));
  std::vector<delta::CdcFile> changes;
  for (const auto& file : files) {
    delta::CdcFile change;
    change.path = RelativePath(file.path);
    change.size_bytes = file.size_bytes;
    change.partition_values = PartitionValuesOf(*stored, file);
    changes.push_back(std::move(change));
  }
  return changes;
}

Status DeltaFiles::AddColumns(const engine::Rel& rows, engine::WriteSpec* spec) const {
  const auto mode = delta::MappingModeOf(metadata_);
  const bool mapped = mode != delta::ColumnMappingMode::kNone;
  for (size_t i = 0; i < rows.output.size(); i++) {
    const std::string& name = rows.output[i].name;
    const bool row_id = delta::IsRowIdColumn(metadata_, name);
    if (row_id || name == kChangeType || name == engine::kFileGroup) {
      spec->physical_names.push_back(name);
      if (row_id) spec->hidden_columns.push_back(name);
      if (mapped) {
        spec->field_ids.push_back(-1);
        spec->physical_types.push_back(rows.output[i].type);
      }
      continue;
    }
    const int index = metadata_.schema.FieldIndex(name);
    DELTIC_CHECK(index >= 0);
    const StructField& field = metadata_.schema.fields()[static_cast<size_t>(index)];
    spec->physical_names.push_back(delta::PhysicalName(field, mode));
    if (mapped) {
      spec->field_ids.push_back(static_cast<int>(delta::ColumnId(field)));
      spec->physical_types.push_back(delta::PhysicalSchema(field.type, mode));
    }
    if (IsPartition(metadata_, name)) spec->partition_columns.push_back(static_cast<int>(i));
  }
  return spec->collect_stats ? AddStatsColumns(metadata_, spec) : Status::Ok();
}

Result<std::vector<WrittenFile>> DeltaFiles::Write(const RelPtr& rows, engine::WriteSpec spec, bool moved) {
  ASSIGN_OR_RETURN(const auto store, session_->StoreFor(table_path_));
  const std::string root = store->NativePath(table_path_);
  spec.directory = spec.directory.empty() ? root : storage::JoinPath(root, spec.directory);
  spec.uuid = Random::System()->Uuid();
  RETURN_IF_ERROR(AddColumns(*rows, &spec));
  spec.max_records_per_file = session_->conf().GetInt("spark.sql.files.maxRecordsPerFile", 0);
  spec.compression = types::ToLower(session_->conf().GetString("spark.sql.parquet.compression.codec", "snappy"));
  if (const auto limit = plan::FindOption(options_, "maxRecordsPerFile")) {
    const auto end = std::from_chars(limit->data(), limit->data() + limit->size(), spec.max_records_per_file);
    if (end.ec != std::errc() || end.ptr != limit->data() + limit->size()) {
      return Error("_NUMBER_FORMAT", {{"option", "maxRecordsPerFile"}}, "For input string: \"" + *limit + "\"");
    }
    if (spec.max_records_per_file < 0) spec.max_records_per_file = 0;  // no limit, as Spark has it
  }
  if (const auto codec = plan::FindOption(options_, "compression")) spec.compression = types::ToLower(*codec);
  engine::Engine* const engine = session_->server()->engine;
  std::optional<std::vector<WrittenFile>> files;
  if (moved) {
    ASSIGN_OR_RETURN(files, engine::MergeFiles(engine, rows, spec, interrupted_));
  }
  if (!files.has_value()) {
    engine::QueryOptions options;
    options.time_zone = session_->conf().GetString("spark.sql.session.timeZone", "UTC");
    ASSIGN_OR_RETURN(files, engine->WriteFiles(rows, spec, options, interrupted_));
  }
  std::lock_guard lock(written_mutex_);
  for (const auto& file : *files) written_.push_back(file.path);
  return std::move(*files);
}

delta::PartitionValues DeltaFiles::PartitionValuesOf(const engine::Rel& rows, const WrittenFile& file) const {
  delta::PartitionValues values;
  const auto mode = delta::MappingModeOf(metadata_);
  size_t next = 0;  // the file's values follow the rows' column order
  for (const auto& column : rows.output) {
    if (!IsPartition(metadata_, column.name)) continue;
    const StructField& field = metadata_.schema.fields()[static_cast<size_t>(metadata_.schema.FieldIndex(column.name))];
    values[delta::PhysicalName(field, mode)] = catalog::FormatPartitionValue(file.partition_values[next++], field.type);
  }
  return values;
}

std::string DeltaFiles::RelativePath(const std::string& native_path) const {
  const auto store = session_->StoreFor(table_path_);
  const std::string root = (*store)->NativePath(table_path_) + "/";
  return native_path.starts_with(root) ? native_path.substr(root.size()) : native_path;
}

void DeltaFiles::Discard(const Status& why) {
  if (delta::CommitOutcomeUnknown(why)) return;
  const auto store = session_->StoreFor(table_path_);
  if (!store.ok()) return;
  for (const auto& path : written_) (void)(*store)->Delete(storage::DisplayOfNative(path)).ok();
  written_.clear();
}

}  // namespace deltic::spark::command
