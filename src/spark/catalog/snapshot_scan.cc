#include "spark/catalog/snapshot_scan.h"

#include <algorithm>
#include <mutex>
#include <unordered_map>

#include "delta/deletion_vector/deletion_vector_writer.h"
#include "engine/plan/file_source.h"
#include "spark/catalog/delta_scan.h"
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
  Result<std::shared_ptr<const engine::RowFilter>> Get(storage::ObjectStore* store, const std::string& table_path,
                                                       const delta::DeletionVectorDescriptor& descriptor) const {
    const std::string key = descriptor.UniqueId();
    {
      std::lock_guard lock(mutex_);
      const auto it = known_.find(key);
      if (it != known_.end()) return it->second;
    }
    ASSIGN_OR_RETURN(auto rows, LoadDeleted(store, table_path, descriptor));
    std::lock_guard lock(mutex_);
    if (known_.size() < kMost) known_.emplace(key, rows);
    return rows;
  }

 private:
  static constexpr size_t kMost = 10000;
  mutable std::mutex mutex_;
  mutable std::unordered_map<std::string, std::shared_ptr<const engine::RowFilter>> known_;
};

// The files of a snapshot, straight from its packed list.
class SnapshotFiles final : public engine::FileSource {
 public:
  SnapshotFiles(std::shared_ptr<const delta::Snapshot> snapshot, std::shared_ptr<storage::ObjectStore> store,
                TableColumns table)
      : snapshot_(std::move(snapshot)), store_(std::move(store)), table_(std::move(table)) {
    vectors_ = std::static_pointer_cast<const ReadVectors>(
        snapshot_->Derived("read_vectors", [] { return std::make_shared<const ReadVectors>(); }));
  }

  size_t size() const override { return snapshot_->files().size(); }
  int64_t total_bytes() const override { return snapshot_->files().total_bytes(); }

  Status ForEach(const std::function<Status(const Candidate&)>& visit) const override {
    Status status;
    snapshot_->files().ForEachPacked([&](const delta::PackedFile& add) {
      if (status.ok()) status = visit(File(this, add));
    });
    return status;
  }

 private:
  class File final : public Candidate {
   public:
    File(const SnapshotFiles* owner, const delta::PackedFile& add) : owner_(owner), add_(add) {}
    std::string_view stats() const override { return add_.stats; }
    const void* partition() const override { return add_.partition_values; }
    int64_t deleted_rows() const override {
      return add_.deletion_vector == nullptr ? 0 : add_.deletion_vector->cardinality;
    }
    Result<ScanFile> Make() const override { return owner_->Make(add_); }

   private:
    const SnapshotFiles* owner_;
    const delta::PackedFile& add_;
  };

  Result<ScanFile> Make(const delta::PackedFile& add) const {
    const std::string& table_path = snapshot_->table_path();
    ScanFile file;
    file.path = FilePath(store_.get(), table_path, std::string(add.path));
    file.size_bytes = add.size_bytes;
    file.modified_ms = add.modification_time_ms;
    file.stats_json = add.stats;
    ASSIGN_OR_RETURN(file.constants, ConstantsOf(table_, *add.partition_values));
    if (add.deletion_vector != nullptr) {
      ASSIGN_OR_RETURN(file.deleted, vectors_->Get(store_.get(), table_path, *add.deletion_vector));
    }
    return file;
  }

  const std::shared_ptr<const delta::Snapshot> snapshot_;
  const std::shared_ptr<storage::ObjectStore> store_;
  const TableColumns table_;
  std::shared_ptr<const ReadVectors> vectors_;
};

}  // namespace

Result<SnapshotScan> SnapshotScan::Make(session::Session* session, std::shared_ptr<const delta::Snapshot> snapshot,
                                        const std::vector<std::string>& qualifier, resolve::Resolver* resolver) {
  SnapshotScan scan;
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, snapshot->table_path()));
  scan.store_ = io.store;
  scan.table_ = ColumnsOf(*snapshot, ReadSchema(*snapshot), qualifier, resolver);
  scan.snapshot_ = std::move(snapshot);
  scan.file_ = {resolver->NewColumnId(), "__file", TypeId::kLong, false};
  scan.row_ = {resolver->NewColumnId(), "__row", TypeId::kLong, false};
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

RelPtr SnapshotScan::Shaped(RelPtr leaf, size_t extra) const {
  if (shape_.empty()) return leaf;
  std::vector<Column> output = columns_;
  std::vector<engine::ExprPtr> exprs = shape_;
  for (size_t i = leaf->output.size() - extra; i < leaf->output.size(); i++) {
    output.push_back(leaf->output[i]);
    exprs.push_back(Ref(leaf->output[i]));
  }
  return std::make_shared<engine::ProjectRel>(std::move(leaf), std::move(output), std::move(exprs));
}

Result<RelPtr> SnapshotScan::Over(const std::vector<FileRows>& files, bool with_positions) const {
  auto list = std::make_shared<std::vector<ScanFile>>();
  list->reserve(files.size());
  for (const FileRows& part : files) {
    const delta::AddFile& add = snapshot_->files()[part.file];
    ScanFile file;
    file.path = FilePath(store_.get(), snapshot_->table_path(), add.path);
    file.size_bytes = add.size_bytes;
    file.modified_ms = add.modification_time_ms;
    file.stats_json = add.stats;
    ASSIGN_OR_RETURN(file.constants, ConstantsOf(table_, add.partition_values));
    if (with_positions) file.constants.emplace_back().v = static_cast<int64_t>(part.file);
    if (part.which == FileRows::Which::kOnly) {
      file.deleted = OnlyRows(part.rows);
    } else if (part.which == FileRows::Which::kLive || !add.deletion_vector.has_value()) {
      ASSIGN_OR_RETURN(file.deleted, LoadDeleted(store_.get(), snapshot_->table_path(), add.deletion_vector));
      if (part.which == FileRows::Which::kWithout) file.deleted = RowsWithout(part.rows);
    } else {
      ASSIGN_OR_RETURN(const auto own,
                       delta::LoadDeletionVector(store_.get(), snapshot_->table_path(), *add.deletion_vector));
      file.deleted = RowsWithout(delta::UniteDeletionVectors(own.get(), part.rows.get()));
    }
    list->push_back(std::move(file));
  }
  auto scan = Relation(with_positions);
  scan->files = std::move(list);
  return Shaped(std::move(scan), with_positions ? 2 : 0);
}

RelPtr SnapshotScan::Whole() const {
  auto scan = Relation(false);
  scan->source = std::make_shared<SnapshotFiles>(snapshot_, store_, table_);
  return Shaped(std::move(scan), 0);
}

std::shared_ptr<engine::FilesRel> SnapshotScan::Relation(bool with_positions) const {
  std::vector<Column> output = table_.output;
  std::vector<FileColumn> columns = table_.columns;
  if (with_positions) {
    FileColumn position;
    position.source = FileColumn::Source::kConstant;
    position.constant_index = static_cast<int>(table_.constant_keys.size());
    output.push_back(file_);
    columns.push_back(position);
    position = {};
    position.source = FileColumn::Source::kRowIndex;
    output.push_back(row_);
    columns.push_back(position);
  }
  auto scan = std::make_shared<engine::FilesRel>(std::move(output), engine::FileFormat::kParquet);
  scan->columns = std::move(columns);
  UseFieldIds(*snapshot_, scan.get());
  scan->description = "delta " + snapshot_->table_path() + "@v" + std::to_string(snapshot_->version());
  scan->roots = {snapshot_->table_path()};
  return scan;
}

RelPtr SnapshotScan::Empty() const {
  return Shaped(std::make_shared<engine::ValuesRel>(table_.output, std::vector<std::vector<engine::ExprPtr>>()), 0);
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
