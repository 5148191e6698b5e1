#include "spark/command/dml_write.h"

#include <algorithm>

#include "base/deep_thread.h"
#include "delta/skipping/file_stats.h"
#include "delta/spec/features.h"
#include "delta/spec/properties.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/delta_write.h"
#include "spark/command/idempotent_write.h"
#include "spark/command/maintenance.h"
#include "spark/command/version.h"
#include "spark/resolve/python_functions.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {
namespace {

using engine::ExprPtr;
using engine::RelPtr;
using types::TypeId;

constexpr char kChangeType[] = "_change_type";

Status NotDelta(const catalog::TableTarget& target, const std::string& operation) {
  if (operation == "UPDATE") return Error("_LEGACY_ERROR_TEMP_2096", {{"ddl", "UPDATE TABLE"}});
  const std::string name = target.is_path
                               ? catalog::QuoteParts({target.provider, target.path})
                               : catalog::QuoteParts({"spark_catalog", target.name.database, target.name.table});
  return Error("UNSUPPORTED_FEATURE.TABLE_OPERATION", {{"tableName", name}, {"operation", operation}});
}

ExprPtr Replaced(const ExprPtr& expr, const std::vector<engine::Column>& columns, const std::vector<ExprPtr>& values) {
  return resolve::Rewrite(expr, [&](const ExprPtr& e) -> ExprPtr {
    if (e->kind != engine::ExprKind::kColumn) return nullptr;
    for (size_t i = 0; i < columns.size(); i++) {
      if (columns[i].id == e->As<engine::ColumnExpr>().id) return values[i];
    }
    return nullptr;
  });
}

bool IsWhole(const engine::ProjectRel& view) {
  const auto& table = view.child->output;
  if (view.exprs.size() != table.size()) return false;
  for (size_t i = 0; i < table.size(); i++) {
    const bool same = view.exprs[i]->kind == engine::ExprKind::kColumn &&
                      view.exprs[i]->As<engine::ColumnExpr>().id == table[i].id && view.output[i].name == table[i].name;
    if (!same) return false;
  }
  return true;
}

// What the columns of the view are not of the table, and the other way round.
std::string SchemaDifference(const engine::ProjectRel& view) {
  const auto lacking = [](const std::vector<engine::Column>& all, const std::vector<engine::Column>& others) {
    std::string out;
    for (const auto& column : all) {
      const bool there = std::any_of(others.begin(), others.end(),
                                     [&](const auto& c) { return types::EqualsIgnoreCase(c.name, column.name); });
      if (!there) out += (out.empty() ? "" : ", ") + column.name;
    }
    return out;
  };
  const std::string missing = lacking(view.output, view.child->output);
  const std::string additional = lacking(view.child->output, view.output);
  std::string out;
  if (!missing.empty()) out = "Latest schema is missing field(s): " + missing;
  if (!additional.empty()) out += (out.empty() ? "" : "\n") + ("Latest schema has additional field(s): " + additional);
  return out;
}

// A temporary view as one projection over the Delta table that it shows.
struct ViewedTable {
  std::string path;
  std::shared_ptr<const engine::ProjectRel> view;
};

Result<ViewedTable> TableOfView(const CommandContext& context, const std::string& view, const std::string& operation) {
  ASSIGN_OR_RETURN(const auto query,
                   ResolveQuery(context.session, std::make_shared<plan::TableRelation>(plan::NameParts{view}), true));
  RelPtr rel = query.plan;
  bool filtered = false;
  std::vector<ExprPtr> values;
  for (const auto& column : rel->output) values.push_back(resolve::ColumnRef(column));
  while (rel->kind == engine::RelKind::kProject || rel->kind == engine::RelKind::kFilter) {
    if (rel->kind == engine::RelKind::kFilter) {
      filtered = true;
      rel = rel->As<engine::FilterRel>().child;
      continue;
    }
    const auto& project = rel->As<engine::ProjectRel>();
    for (auto& value : values) value = Replaced(value, project.output, project.exprs);
    rel = project.child;
  }
  constexpr std::string_view kDelta = "delta ";
  const bool files = rel->kind == engine::RelKind::kFiles;
  const std::string text = files ? rel->As<engine::FilesRel>().description : "";
  const size_t at = text.rfind("@v");
  if (!text.starts_with(kDelta) || at == std::string::npos) {
    if (operation == "MERGE") return Error("_LEGACY_ERROR_TEMP_2096", {{"ddl", "MERGE INTO TABLE"}});
    return Error("DELTA_UNSUPPORTED_SOURCE", {{"operation", operation}, {"plan", types::QuoteIdentifier(view)}});
  }
  ViewedTable out;
  out.path = text.substr(kDelta.size(), at - kDelta.size());
  if (filtered) return Error("DELTA_UNEXPECTED_PARTIAL_SCAN", {{"path", "file:" + out.path}});
  ASSIGN_OR_RETURN(const auto latest, context.session->server()->catalog->LatestSnapshot(context.session, out.path));
  if (text.substr(at + 2) != std::to_string(latest->version())) {
    return Error("DELTA_FAILED_SCAN_WITH_HISTORICAL_VERSION", {{"historicalVersion", text.substr(at + 2)}});
  }
  std::vector<engine::Column> output = query.plan->output;
  for (auto& column : output) column.qualifier = {view};
  out.view = std::make_shared<engine::ProjectRel>(rel, std::move(output), std::move(values));
  return out;
}

// DELETE looks through projections; the others want the table as it is.
Status CheckView(const ViewedTable& viewed, const std::string& operation) {
  if (operation == "DELETE" || IsWhole(*viewed.view)) return Status::Ok();
  if (operation == "MERGE" && viewed.view->exprs.size() != viewed.view->child->output.size()) {
    return Error("DELTA_SCHEMA_CHANGE_SINCE_ANALYSIS",
                 {{"schemaDiff", SchemaDifference(*viewed.view)}, {"legacyFlagMessage", ""}});
  }
  return Error("DELTA_UNEXPECTED_PARTIAL_SCAN", {{"path", "file:" + viewed.path}});
}

}  // namespace

Result<DmlTable> OpenDmlTable(const CommandContext& context, const plan::DmlTarget& target,
                              const std::string& operation) {
  DmlTable out;
  const auto views = context.session->views();
  if (target.table.size() == 1 && views != nullptr && views->contains(types::ToLower(target.table[0]))) {
    out.target.is_path = true;
    out.target.provider = "delta";
    ASSIGN_OR_RETURN(const auto viewed, TableOfView(context, target.table[0], operation));
    RETURN_IF_ERROR(CheckView(viewed, operation));
    out.target.path = viewed.path;
    out.qualifier = {target.table[0]};
    if (!IsWhole(*viewed.view)) out.view = viewed.view;
  } else {
    ASSIGN_OR_RETURN(out.target, catalog::RequireTarget(context.session, target.table));
    if (out.target.IsView()) {
      return Error("DELTA_UNSUPPORTED_SOURCE",
                   {{"operation", operation}, {"plan", "View " + catalog::QuoteParts(target.table)}});
    }
    if (out.target.provider != "delta") return NotDelta(out.target, operation);
    if (out.target.is_path) {
      out.qualifier = {"spark_catalog", "delta", target.table.back()};
    } else {
      out.qualifier = {"spark_catalog", out.target.name.database, out.target.name.table};
    }
  }
  if (!target.alias.empty()) out.qualifier = {target.alias};
  auto* server = context.session->server()->catalog;
  auto snapshot = server->LatestSnapshot(context.session, out.target.path);
  if (!snapshot.ok()) {
    if (!snapshot.status().Is("DELTA_MISSING_TRANSACTION_LOG")) return snapshot.status();
    return Error("PATH_NOT_FOUND", {{"path", out.target.path}});
  }
  out.snapshot = std::move(snapshot).value();
  ASSIGN_OR_RETURN(out.io, server->IoFor(context.session, out.target.path));
  return out;
}

RelPtr DmlTable::VisibleColumns(const catalog::SnapshotScan& scan) const {
  const RelPtr own = scan.Empty();
  if (view == nullptr) return own;
  const auto& project = view->As<engine::ProjectRel>();
  std::vector<engine::Column> seen;
  std::vector<ExprPtr> by_name;
  for (const auto& column : project.child->output) {
    const auto same =
        std::find_if(own->output.begin(), own->output.end(), [&](const auto& c) { return c.name == column.name; });
    if (same == own->output.end()) continue;
    seen.push_back(column);
    by_name.push_back(resolve::ColumnRef(*same));
  }
  std::vector<engine::Column> output = project.output;
  for (auto& column : output) {
    column.id = engine::FreshColumnId();
    column.qualifier = qualifier;
  }
  std::vector<ExprPtr> values;
  for (const auto& value : project.exprs) values.push_back(Replaced(value, seen, by_name));
  return std::make_shared<engine::ProjectRel>(own, std::move(output), std::move(values));
}

ExprPtr OverTable(const ExprPtr& expr, const engine::Rel& visible) {
  if (expr == nullptr || visible.kind != engine::RelKind::kProject) return expr;
  const auto& project = visible.As<engine::ProjectRel>();
  return Replaced(expr, project.output, project.exprs);
}

DmlWrite::DmlWrite(const CommandContext& context, delta::TableIo io, std::shared_ptr<const delta::Snapshot> snapshot,
                   plan::Options options)
    : context_(context),
      io_(std::move(io)),
      snapshot_(std::move(snapshot)),
      options_(std::move(options)),
      txn_(io_, snapshot_, Random::System()),
      files_(std::in_place, context.session, snapshot_->table_path(), snapshot_->metadata(), snapshot_->protocol(),
             options_, context.interrupted),
      vectors_(Random::System()) {
  txn_.PreservesRowIds();  // what is moved goes through SnapshotScan with its ids
}

DmlWrite::~DmlWrite() {
  if (committed_) return;
  files_->Discard();
  vectors_.Discard(io_.store.get(), snapshot_->table_path());
}

Status DmlWrite::CheckRemovable() const {
  RETURN_IF_ERROR(command::CheckRemovable(*snapshot_));
  return txn_.CheckWritable();
}

Status DmlWrite::ChangeMetadata(const delta::Metadata& metadata) {
  const bool same = delta::ActionToJson(metadata) == delta::ActionToJson(snapshot_->metadata());
  if (!same) RETURN_IF_ERROR(txn_.UpdateMetadata(metadata));
  files_.emplace(context_.session, snapshot_->table_path(), txn_.metadata(), txn_.protocol(), options_,
                 context_.interrupted);
  files_->NumberIdentityColumns(&txn_);
  changed_ = changed_ || txn_.metadata().schema_string != snapshot_->metadata().schema_string;
  return Status::Ok();
}

bool DmlWrite::change_feed() const { return snapshot_->ChangeDataFeedEnabled(); }

bool DmlWrite::UsesVectors(std::string_view conf) const {
  return delta::IsFeatureSupported(snapshot_->protocol(), "deletionVectors") &&
         delta::BoolProperty(snapshot_->metadata(), "delta.enableDeletionVectors") &&
         context_.session->conf().GetBool(conf, true);
}

Result<bool> DmlWrite::AlreadyApplied() {
  ASSIGN_OR_RETURN(const auto idempotence, CheckIdempotence(context_.session, options_, snapshot_.get(), &txn_));
  return idempotence == Idempotence::kSeen;
}

Result<RelPtr> DmlWrite::Runnable(const RelPtr& rows) const {
  return resolve::ExtractPythonFunctions(rows, [&] { return context_.session->MakeResolveOptions(); });
}

Result<std::vector<TouchedFile>> DmlWrite::FindRows(const catalog::SnapshotScan& scan, const RelPtr& rows) {
  TouchedRows touched;
  const auto ref = [](const engine::Column& c) {
    return std::make_shared<engine::ColumnExpr>(c.id, c.type, c.nullable);
  };
  const auto record = engine::RecordRow(ref(scan.file_column()), ref(scan.row_column()), &touched);
  const engine::Column recorded{engine::FreshColumnId(), "recorded", TypeId::kLong, true};
  ASSIGN_OR_RETURN(const RelPtr found, Runnable(rows));
  const RelPtr recording = std::make_shared<engine::ProjectRel>(found, std::vector<engine::Column>{recorded},
                                                                std::vector<engine::ExprPtr>{record});
  // One row comes back; the maximum needs every recorded value.
  const engine::Column last{engine::FreshColumnId(), "last", TypeId::kLong, true};
  auto plan = std::make_shared<engine::AggregateRel>(recording, std::vector<engine::Column>{last});
  plan->aggregates.push_back(
      std::make_shared<engine::Aggregate>("max", std::vector<engine::ExprPtr>{ref(recorded)}, TypeId::kLong, true));
  engine::QueryOptions options;
  options.time_zone = context_.session->conf().GetString("spark.sql.session.timeZone", "UTC");
  RETURN_IF_ERROR(engine()->Collect(plan, options, 1).status());
  return touched.Take();
}

Result<DmlWrite::VectorCounts> DmlWrite::HideRows(const std::vector<TouchedFile>& touched) {
  VectorCounts counts;
  const catalog::TableFiles files_of_table(context_.session, io_.store, snapshot_->table_path());
  for (const TouchedFile& part : touched) {
    const delta::AddFile& old = snapshot_->files()[part.file];
    const auto rows = static_cast<int64_t>(part.rows->Cardinality());
    if (rows == 0) continue;
    counts.rows += rows;
    changed_ = true;
    txn_.Remove(old);
    if (delta::LiveRows(old) == rows) {
      counts.removed_files++;
      if (old.deletion_vector.has_value()) counts.removed++;
      continue;
    }
    std::shared_ptr<const delta::DeletionVector> before;
    if (old.deletion_vector.has_value()) {
      ASSIGN_OR_RETURN(before, files_of_table.Load(*old.deletion_vector));
      counts.updated++;
    } else {
      counts.added++;
    }
    counts.kept_bytes += old.size_bytes;
    counts.kept_rows += delta::LiveRows(old).value_or(rows) - rows;
    delta::AddFile add = old;
    add.data_change = true;
    add.deletion_vector = vectors_.Add(*delta::UniteDeletionVectors(before.get(), part.rows.get()));
    if (delta::PhysicalRows(old.stats).has_value()) {
      add.stats = delta::WithWideBounds(old.stats, old.deletion_vector ? old.deletion_vector->cardinality : 0);
    } else {
      ASSIGN_OR_RETURN(const int64_t physical, CountRows(part.file));
      add.stats = delta::OnlyRowCount(physical);
    }
    txn_.Add(std::move(add));
  }
  RETURN_IF_ERROR(vectors_.Write(io_.store.get(), snapshot_->table_path()));
  return counts;
}

Result<int64_t> DmlWrite::CountRows(size_t file) {
  const auto& add = snapshot_->files()[file];
  engine::ScanFile source;
  const catalog::TableFiles files_of_table(context_.session, io_.store, snapshot_->table_path());
  ASSIGN_OR_RETURN(source.path, files_of_table.NativePath(add.path));
  source.size_bytes = add.size_bytes;
  auto scan = std::make_shared<engine::FilesRel>(std::vector<engine::Column>(), engine::FileFormat::kParquet);
  scan->files = std::make_shared<std::vector<engine::ScanFile>>(1, std::move(source));
  auto plan = std::make_shared<engine::AggregateRel>(
      scan, std::vector<engine::Column>{{engine::FreshColumnId(), "rows", TypeId::kLong, false}});
  plan->aggregates.push_back(
      std::make_shared<engine::Aggregate>("count_star", std::vector<engine::ExprPtr>(), TypeId::kLong, false));
  ASSIGN_OR_RETURN(const auto rows, engine()->Collect(plan, {}, 1));
  return std::get<int64_t>(rows[0][0].v);
}

int64_t DmlWrite::RemoveFiles(const std::vector<size_t>& files) {
  int64_t bytes = 0;
  for (const size_t file : files) {
    txn_.Remove(snapshot_->files()[file], data_change_);
    bytes += snapshot_->files()[file].size_bytes;
    changed_ = true;
  }
  return bytes;
}

Status DmlWrite::AddRows(const RelPtr& rows) {
  ASSIGN_OR_RETURN(const RelPtr runnable, Runnable(rows));
  ASSIGN_OR_RETURN(const auto prepared, files_->Prepare(runnable));
  return AddPrepared(prepared);
}

Status DmlWrite::AddPrepared(const DeltaFiles::PreparedRows& rows) {
  const int64_t rows_before = files_->rows();
  const int64_t bytes_before = files_->bytes();
  ASSIGN_OR_RETURN(auto added, files_->WritePrepared(rows));
  written_.files += static_cast<int64_t>(added.size());
  written_.rows += files_->rows() - rows_before;
  written_.bytes += files_->bytes() - bytes_before;
  for (auto& file : added) {
    partitions_written_.insert(file.partition_values);
    file.data_change = data_change_;
    txn_.Add(std::move(file));
    changed_ = true;
  }
  return Status::Ok();
}

void DmlWrite::Register(std::vector<delta::CdcFile> changes) {
  for (auto& file : changes) {
    written_.change_files++;
    written_.change_bytes += file.size_bytes;
    txn_.AddCdc(std::move(file));
    changed_ = true;
  }
}

Status DmlWrite::AddChanges(const RelPtr& rows) {
  ASSIGN_OR_RETURN(const RelPtr runnable, Runnable(rows));
  ASSIGN_OR_RETURN(auto changes, files_->WriteChanges(runnable));
  Register(std::move(changes));
  return Status::Ok();
}

Status DmlWrite::AddRowsAndChanges(const RelPtr& rows, const RelPtr& changes) {
  if (rows == nullptr) return changes == nullptr ? Status::Ok() : AddChanges(changes);
  if (changes == nullptr) return AddRows(rows);
  ASSIGN_OR_RETURN(const RelPtr changed, Runnable(changes));
  Result<std::vector<delta::CdcFile>> written = std::vector<delta::CdcFile>();
  DeepTask other;
  RETURN_IF_ERROR(other.Start([&] { written = files_->WriteChanges(changed); }));
  const Status added = AddRows(rows);
  other.Wait();
  RETURN_IF_ERROR(added);
  RETURN_IF_ERROR(written.status());
  Register(std::move(written).value());
  return Status::Ok();
}

Result<std::optional<int64_t>> DmlWrite::Commit(const std::string& operation, Metrics parameters, Metrics metrics) {
  if (!changed_) return std::optional<int64_t>();
  delta::CommitOptions options;
  options.operation = operation;
  options.operation_parameters = std::move(parameters);
  options.operation_metrics = std::move(metrics);
  options.engine_info = EngineInfo();
  options.is_blind_append = false;
  options.user_metadata = plan::FindOption(options_, "userMetadata");
  if (!options.user_metadata.has_value()) {
    options.user_metadata = context_.session->conf().Get("spark.databricks.delta.commitInfo.userMetadata");
  }
  const auto version = txn_.Commit(options);
  // A commit that was perhaps made needs its files, too.
  committed_ = version.ok() || delta::CommitOutcomeUnknown(version.status());
  if (!version.ok()) return version.status();
  RETURN_IF_ERROR(RunCommitHooks(context_, snapshot_->table_path(), txn_.metadata(), partitions_written_));
  return std::optional<int64_t>(*version);
}

RelPtr WithChangeType(const RelPtr& rows, const std::string& type) {
  std::vector<engine::Column> output;
  std::vector<engine::ExprPtr> exprs;
  for (const auto& column : rows->output) {
    exprs.push_back(std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable));
    output.push_back(column);
    output.back().id = engine::FreshColumnId();
  }
  output.push_back({engine::FreshColumnId(), kChangeType, TypeId::kString, false});
  exprs.push_back(engine::MakeString(type));
  return std::make_shared<engine::ProjectRel>(rows, std::move(output), std::move(exprs));
}

RelPtr UnionAll(const RelPtr& first, const RelPtr& second) {
  std::vector<engine::Column> output = first->output;
  for (size_t i = 0; i < output.size(); i++) {
    output[i].id = engine::FreshColumnId();
    output[i].nullable = output[i].nullable || second->output[i].nullable;
  }
  return std::make_shared<engine::SetOpRel>(engine::SetOpRel::Op::kUnion, true, first, second, std::move(output));
}

RelPtr SelectColumns(const RelPtr& rows, const std::vector<engine::Column>& columns) {
  std::vector<engine::Column> output = columns;
  std::vector<engine::ExprPtr> exprs;
  for (auto& column : output) {
    exprs.push_back(std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable));
    column.id = engine::FreshColumnId();
  }
  return std::make_shared<engine::ProjectRel>(rows, std::move(output), std::move(exprs));
}

}  // namespace deltic::spark::command
