#include "spark/catalog/rewrite_scan.h"

#include "engine/file_group.h"
#include "spark/catalog/delta_columns.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/server_catalog.h"

namespace deltic::spark::catalog {

using engine::FileColumn;
using engine::RelPtr;
using engine::ScanFile;

Result<RelPtr> ScanFiles(session::Session* session, const delta::Snapshot& snapshot,
                         const std::vector<const delta::AddFile*>& files, const std::vector<int64_t>& groups) {
  ASSIGN_OR_RETURN(const auto io, session->server()->catalog->IoFor(session, snapshot.table_path()));
  TableColumns table = ColumnsOf(snapshot, ReadSchema(snapshot), {}, nullptr);
  auto list = std::make_shared<std::vector<ScanFile>>();
  list->reserve(files.size());
  for (size_t i = 0; i < files.size(); i++) {
    const delta::AddFile& add = *files[i];
    ScanFile file;
    file.path = FilePath(io.store.get(), snapshot.table_path(), add.path);
    file.size_bytes = add.size_bytes;
    file.modified_ms = add.modification_time_ms;
    file.stats_json = add.stats;
    ASSIGN_OR_RETURN(file.constants, ConstantsOf(table, add.partition_values));
    if (!groups.empty()) file.constants.emplace_back().v = groups[i];
    ASSIGN_OR_RETURN(file.deleted, LoadDeleted(io.store.get(), snapshot.table_path(), add.deletion_vector));
    list->push_back(std::move(file));
  }
  if (!groups.empty()) {
    FileColumn group;
    group.source = FileColumn::Source::kConstant;
    group.constant_index = static_cast<int>(table.constant_keys.size());
    table.output.push_back({engine::FreshColumnId(), engine::kFileGroup, types::TypeId::kLong, false});
    table.columns.push_back(std::move(group));
  }
  auto scan = std::make_shared<engine::FilesRel>(std::move(table.output), engine::FileFormat::kParquet);
  scan->columns = std::move(table.columns);
  scan->files = std::move(list);
  UseFieldIds(snapshot, scan.get());
  scan->description = "delta " + snapshot.table_path() + "@v" + std::to_string(snapshot.version());
  return RelPtr(std::move(scan));
}

}  // namespace deltic::spark::catalog
