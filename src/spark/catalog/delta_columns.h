// A Delta table's columns and files as an engine scan sees them: physical names, partition values as constants,
// deletion vectors as row filters. What the scans of snapshots and of change feeds share. Free functions; thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/snapshot/snapshot.h"
#include "engine/plan/relation.h"
#include "spark/resolve/resolver.h"
#include "spark/session/session.h"

namespace deltic::spark::catalog {

// The columns of a table as file columns: partition columns are constants, the rest come from the data.
struct TableColumns {
  std::vector<engine::Column> output;
  std::vector<engine::FileColumn> columns;
  std::vector<std::string> constant_keys;  // partitionValues key per constant
  std::vector<types::DataType> constant_types;
  std::string time_zone;                                  // of partition values that are timestamps and name none
  std::optional<engine::RowTrackingSource> row_tracking;  // the table keeps row ids
  // How many constants a file has: its partition values, then with row tracking its base row id and its version.
  size_t constant_count() const { return constant_keys.size() + (row_tracking.has_value() ? 2 : 0); }
};

// `visible`: the schema as readers see it, parallel to the snapshot's fields. A null resolver: ids are fresh ones.
TableColumns ColumnsOf(session::Session* session, const delta::Snapshot& snapshot,
                       const std::vector<types::StructField>& visible, const std::vector<std::string>& qualifier,
                       resolve::Resolver* resolver);

// Partition values as this server writes them, so that those of one partition are equal whoever wrote them: 1E-7 or
// 0.0000001, a timestamp in UTC or of the session's zone. Immutable; thread-safe.
class PartitionSpelling {
 public:
  PartitionSpelling(session::Session* session, const delta::Metadata& metadata);
  // A value that its column cannot have stays as it is.
  delta::PartitionValues Canonical(const delta::PartitionValues& values) const;

 private:
  std::map<std::string, types::DataType> types_;  // by physical name
  std::string time_zone_;
};

// A file's partition values, parallel to constant_keys.
Result<std::vector<engine::Value>> ConstantsOf(const TableColumns& table, const delta::PartitionValues& values);
// All constants of a file.
Result<std::vector<engine::Value>> ConstantsOf(const TableColumns& table, const delta::PackedFile& file);

// The columns that keep the ids of a table's rows when they move to another file, named as files name them: id, commit
// version. Empty without row tracking.
std::vector<engine::Column> RowIdColumns(const TableColumns& table);

// CHAR and VARCHAR as STRING, at every level.
types::DataType StringForChar(const types::DataType& type);

// CHAR(n) columns padded to their length, as Spark pads them when they are read. `scan` itself when there are none.
engine::RelPtr PadChars(const engine::RelPtr& scan);

// Makes `scan`, whose first columns are the table's, find them by field id if the table's mapping mode says so.
void UseFieldIds(const delta::Snapshot& snapshot, engine::FilesRel* scan);

// All rows but these.
std::shared_ptr<const engine::RowFilter> RowsWithout(std::shared_ptr<const delta::DeletionVector> rows);
// These rows and no others.
std::shared_ptr<const engine::RowFilter> OnlyRows(std::shared_ptr<const delta::DeletionVector> rows);

// The files that a table's log names, wherever they are: those of a shallow clone may be on another store than its log.
// Borrows the session. Thread-safe.
class TableFiles {
 public:
  TableFiles(const session::Session* session, std::shared_ptr<storage::ObjectStore> store, std::string table_path)
      : session_(session), store_(std::move(store)), table_path_(std::move(table_path)) {}

  // The path DuckDB opens for a file of the log.
  Result<std::string> NativePath(std::string_view path) const;
  Result<std::shared_ptr<const delta::DeletionVector>> Load(const delta::DeletionVectorDescriptor& vector) const;
  // The filter of a file's own deletion vector; null when it has none.
  Result<std::shared_ptr<const engine::RowFilter>> Deleted(
      const std::optional<delta::DeletionVectorDescriptor>& vector) const;

 private:
  Result<std::shared_ptr<storage::ObjectStore>> StoreOf(std::string_view path) const;

  const session::Session* session_;
  std::shared_ptr<storage::ObjectStore> store_;
  std::string table_path_;
};

}  // namespace deltic::spark::catalog
