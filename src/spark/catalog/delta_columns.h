// A Delta table's columns and files as an engine scan sees them: physical names, partition values as constants,
// deletion vectors as row filters. What the scans of snapshots and of change feeds share. Free functions; thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/snapshot/snapshot.h"
#include "engine/plan/relation.h"
#include "spark/resolve/resolver.h"

namespace deltic::spark::catalog {

// The columns of a table as file columns: partition columns are constants, the rest come from the data.
struct TableColumns {
  std::vector<engine::Column> output;
  std::vector<engine::FileColumn> columns;
  std::vector<std::string> constant_keys;  // partitionValues key per constant
  std::vector<types::DataType> constant_types;
};

// `visible`: the schema as readers see it, parallel to the snapshot's fields. A null resolver: ids are fresh ones.
TableColumns ColumnsOf(const delta::Snapshot& snapshot, const std::vector<types::StructField>& visible,
                       const std::vector<std::string>& qualifier, resolve::Resolver* resolver);

// A file's partition values, parallel to constant_keys.
Result<std::vector<engine::Value>> ConstantsOf(const TableColumns& table, const delta::PartitionValues& values);

// CHAR and VARCHAR as STRING, at every level.
types::DataType StringForChar(const types::DataType& type);

// CHAR(n) columns padded to their length, as Spark pads them when they are read. `scan` itself when there are none.
engine::RelPtr PadChars(const engine::RelPtr& scan);

// Makes `scan`, whose first columns are the table's, find them by field id if the table's mapping mode says so.
void UseFieldIds(const delta::Snapshot& snapshot, engine::FilesRel* scan);

// The path DuckDB opens for a file of the log.
std::string FilePath(storage::ObjectStore* store, const std::string& table_path, const std::string& path);

// All rows but these.
std::shared_ptr<const engine::RowFilter> RowsWithout(std::shared_ptr<const delta::DeletionVector> rows);
// These rows and no others.
std::shared_ptr<const engine::RowFilter> OnlyRows(std::shared_ptr<const delta::DeletionVector> rows);
// The filter of a file's own deletion vector; null when it has none.
Result<std::shared_ptr<const engine::RowFilter>> LoadDeleted(storage::ObjectStore* store, const std::string& table_path,
                                                             const std::optional<delta::DeletionVectorDescriptor>& dv);

}  // namespace deltic::spark::catalog
