#include "spark/catalog/snapshot_scan.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "delta/deletion_vector/deletion_vector_writer.h"
#include "delta/spec/column_mapping.h"
#include "engine/plan/file_source.h"
#include "engine/plan/row_tracking.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/scan_file.h"
#include "spark/catalog/server_catalog.h"

namespace deltic::spark::catalog {
namespace {

using engine::Column;
using engine::FileColumn;
using engine::RelPtr;
using engine::ScanFile;
using engine::Value;
using types::DataType;
using types::TypeId;

engine::ExprPtr Ref(const Column& column) {
  return std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable);
}

bool IsPartition(const FileColumn& column) { return column.source == FileColumn::Source::kConstant; }

// Deletion vectors that scans of a snapshot have read, kept with it. Thread-safe.
class ReadVectors {
 public:
  Result<std::shared_ptr<const engine::RowFilter>> Get(const TableFiles& files,
                                                       const delta::DeletionVectorDescriptor& descriptor) const {
    const std::string key = descriptor.UniqueId();
    {
      std::lock_guard lock(mutex_);
      const auto it = known_.find(key);
      if (it != known_.end()) return it->second;
    }
    ASSIGN_OR_RETURN(auto rows, files.Deleted(descriptor));
    std::lock_guard lock(mutex_);
    if (known_.size() < kMost) known_.emplace(key, rows);
    return rows;
  }

 private:
  static constexpr size_t kMost = 10000;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<const engine::RowFilter>> known_;
};

}  // namespace

// The files of a snapshot, straight from its packed list.
class SnapshotScan::Files final : public engine::FileSource {
 public:
  explicit Files(SnapshotScan scan) : scan_(std::move(scan)) {
    vectors_ = std::static_pointer_cast<const ReadVectors>(
        scan_.snapshot().Derived("read_vectors", [] { return std::make_shared<const ReadVectors>(); }));
  }

  const SnapshotScan& scan() const { return scan_; }
  size_t size() const override { return scan_.snapshot().files().size(); }
  int64_t total_bytes() const override { return scan_.snapshot().files().total_bytes(); }

  Status ForEach(const std::function<Status(const Candidate&)>& visit) const override {
    Status status;
    scan_.snapshot().files().ForEachPacked([&](const delta::PackedFile& add) {
      if (status.ok()) status = visit(File(this, add));
    });
    return status;
  }

 private:
  class File final : public Candidate {
   public:
    File(const Files* owner, const delta::PackedFile& add) : owner_(owner), add_(add) {}
    std::string_view stats() const override { return add_.stats(); }
    // Row ids make every file's constants its own.
    const void* partition() const override {
      return owner_->scan_.table_.row_tracking.has_value() ? nullptr : add_.partition_values;
    }
    int64_t deleted_rows() const override {
      return add_.deletion_vector == nullptr ? 0 : add_.deletion_vector->cardinality;
    }
    Result<ScanFile> Make() const override { return owner_->Make(add_); }

   private:
    const Files* owner_;
    const delta::PackedFile& add_;
  };

  Result<ScanFile> Make(const delta::PackedFile& add) const {
    ASSIGN_OR_RETURN(ScanFile file, BareScanFileOf(*scan_.files_, scan_.table_, add));
    if (add.deletion_vector != nullptr) {
      ASSIGN_OR_RETURN(file.deleted, vectors_->Get(*scan_.files_, *add.deletion_vector));
    }
    return file;
  }

  const SnapshotScan scan_;
  std::shared_ptr<const ReadVectors> vectors_;
};

Result<SnapshotScan> SnapshotScan::Make(session::Session* session, std::shared_ptr<const delta::Snapshot> snapshot,
                                        const std::vector<std::string>& qualifier, resolve::Resolver* resolver) {
  RETURN_IF_ERROR(delta::CheckColumnMapping(snapshot->metadata()));
  SnapshotScan scan;
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, snapshot->table_path()));
  scan.files_.emplace(session, io.store, snapshot->table_path());
  scan.table_ = ColumnsOf(session, *snapshot, ReadSchema(*snapshot), qualifier, resolver);
  scan.snapshot_ = std::move(snapshot);
  scan.file_ = {resolver->NewColumnId(), "__file", TypeId::kLong, false};
  scan.row_ = {resolver->NewColumnId(), "__row", TypeId::kLong, false};
  scan.row_ids_ = RowIdColumns(scan.table_);
  const RelPtr leaf =
      std::make_shared<engine::ValuesRel>(scan.table_.output, std::vector<std::vector<engine::ExprPtr>>());
  const RelPtr padded = PadChars(leaf);
  scan.columns_ = padded->output;
  if (padded != leaf) scan.shape_ = padded->As<engine::ProjectRel>().exprs;
  for (size_t i = 0; i < scan.columns_.size(); i++) {
    if (IsPartition(scan.table_.columns[i])) scan.partition_ids_.push_back(scan.columns_[i].id);
  }
  return scan;
}

std::vector<FileRows> SnapshotScan::AllFiles() const {
  std::vector<FileRows> out(snapshot_->files().size());
  for (size_t i = 0; i < out.size(); i++) out[i].file = i;
  return out;
}

RelPtr SnapshotScan::Shaped(RelPtr leaf, const std::vector<Column>& extra,
                            const std::vector<engine::ExprPtr>& exprs) const {
  std::vector<Column> output = columns_;
  std::vector<engine::ExprPtr> values = shape_;
  if (values.empty()) {
    for (const Column& column : table_.output) values.push_back(Ref(column));
  }
  output.insert(output.end(), extra.begin(), extra.end());
  values.insert(values.end(), exprs.begin(), exprs.end());
  return std::make_shared<engine::ProjectRel>(std::move(leaf), std::move(output), std::move(values));
}

Result<RelPtr> SnapshotScan::Over(const std::vector<FileRows>& files, bool with_positions, bool with_row_ids) const {
  auto list = std::make_shared<std::vector<ScanFile>>();
  list->reserve(files.size());
  for (const FileRows& part : files) {
    const delta::AddFile& add = snapshot_->files()[part.file];
    ASSIGN_OR_RETURN(ScanFile file, ScanFileOf(*files_, table_, delta::PackedView(add)));
    if (with_positions) file.constants.emplace_back().v = static_cast<int64_t>(part.file);
    if (part.which == FileRows::Which::kOnly) {
      file.deleted = OnlyRows(part.rows);
    } else if (part.which == FileRows::Which::kLive || !add.deletion_vector.has_value()) {
      ASSIGN_OR_RETURN(file.deleted, files_->Deleted(add.deletion_vector));
      if (part.which == FileRows::Which::kWithout) file.deleted = RowsWithout(part.rows);
    } else {
      ASSIGN_OR_RETURN(const auto own, files_->Load(*add.deletion_vector));
      file.deleted = RowsWithout(delta::UniteDeletionVectors(own.get(), part.rows.get()));
    }
    list->push_back(std::move(file));
  }
  return Relation(std::move(list), nullptr, with_positions, with_row_ids);
}

RelPtr SnapshotScan::Whole() const { return Relation(nullptr, std::make_shared<Files>(*this), false, false); }

const SnapshotScan* SnapshotScan::OfWhole(const engine::FilesRel& rel) {
  const auto* files = dynamic_cast<const Files*>(rel.source.get());
  return files == nullptr ? nullptr : &files->scan();
}

bool SnapshotScan::HasIdsOf(const engine::FilesRel& rel) const {
  return std::equal(rel.output.begin(), rel.output.end(), table_.output.begin(), table_.output.end(),
                    [](const Column& a, const Column& b) { return a.id == b.id; });
}

RelPtr SnapshotScan::Relation(std::shared_ptr<const std::vector<ScanFile>> files,
                              std::shared_ptr<const engine::FileSource> source, bool with_positions,
                              bool with_row_ids) const {
  auto scan = std::make_shared<engine::FilesRel>(table_.output, engine::FileFormat::kParquet);
  scan->columns = table_.columns;
  scan->row_tracking = table_.row_tracking;
  std::vector<Column> extra;
  std::vector<engine::ExprPtr> exprs;
  if (with_positions) {
    FileColumn position;
    position.source = FileColumn::Source::kConstant;
    position.constant_index = static_cast<int>(table_.constant_count());
    scan->columns.push_back(position);
    position = {};
    position.source = FileColumn::Source::kRowIndex;
    scan->columns.push_back(position);
    extra = {file_, row_};
    exprs = {Ref(file_), Ref(row_)};
    scan->output.insert(scan->output.end(), extra.begin(), extra.end());
  }
  const bool tracked = with_row_ids && !row_ids_.empty();
  if (tracked) {
    const engine::TrackedRow row = engine::AddRowTracking(scan.get(), with_positions ? Ref(row_) : nullptr);
    extra.insert(extra.end(), row_ids_.begin(), row_ids_.end());
    exprs.push_back(row.row_id);
    exprs.push_back(row.row_commit_version);
  }
  scan->files = std::move(files);
  scan->source = std::move(source);
  UseFieldIds(*snapshot_, scan.get());
  scan->description = "delta " + snapshot_->table_path() + "@v" + std::to_string(snapshot_->version());
  scan->roots = {snapshot_->table_path()};
  if (shape_.empty() && !tracked) return scan;
  return Shaped(std::move(scan), extra, exprs);
}

RelPtr SnapshotScan::Empty() const {
  const RelPtr none = std::make_shared<engine::ValuesRel>(table_.output, std::vector<std::vector<engine::ExprPtr>>());
  return shape_.empty() ? none : Shaped(none, {}, {});
}

Result<RelPtr> SnapshotScan::Partitions(const std::vector<delta::PartitionValues>& partitions) const {
  std::vector<Column> leaf_output, output;
  std::vector<engine::ExprPtr> exprs;
  for (size_t i = 0; i < table_.output.size(); i++) {
    if (!IsPartition(table_.columns[i])) continue;
    leaf_output.push_back(table_.output[i]);
    output.push_back(columns_[i]);
    exprs.push_back(shape_.empty() ? Ref(table_.output[i]) : shape_[i]);
  }
  leaf_output.push_back(file_);
  std::vector<std::vector<engine::ExprPtr>> rows;
  for (size_t index = 0; index < partitions.size(); index++) {
    ASSIGN_OR_RETURN(auto values, ConstantsOf(table_, partitions[index]));
    std::vector<engine::ExprPtr> row;
    for (size_t i = 0; i < values.size(); i++) {
      row.push_back(std::make_shared<engine::Literal>(std::move(values[i]), table_.constant_types[i]));
    }
    row.push_back(engine::MakeLong(static_cast<int64_t>(index)));
    rows.push_back(std::move(row));
  }
  RelPtr leaf = std::make_shared<engine::ValuesRel>(std::move(leaf_output), std::move(rows));
  if (shape_.empty()) return leaf;
  output.push_back(file_);
  exprs.push_back(Ref(file_));
  return RelPtr(std::make_shared<engine::ProjectRel>(std::move(leaf), std::move(output), std::move(exprs)));
}

std::string SnapshotScan::DataColumn(engine::ColumnId id) const {
  for (size_t i = 0; i < columns_.size(); i++) {
    // A padded column is not what the file holds.
    if (columns_[i].id == id && !IsPartition(table_.columns[i]) && table_.output[i].id == id) {
      return table_.columns[i].physical_name;
    }
  }
  return {};
}

}  // namespace deltic::spark::catalog
