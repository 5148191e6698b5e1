#include "spark/catalog/scan_file.h"

namespace deltic::spark::catalog {

Result<engine::ScanFile> BareScanFileOf(const TableFiles& files, const TableColumns& table,
                                        const delta::PackedFile& add) {
  engine::ScanFile file;
  ASSIGN_OR_RETURN(file.path, files.NativePath(add.path()));
  file.size_bytes = add.size_bytes;
  file.modified_ms = add.modification_time_ms;
  ASSIGN_OR_RETURN(file.constants, ConstantsOf(table, add));
  return file;
}

Result<engine::ScanFile> ScanFileOf(const TableFiles& files, const TableColumns& table, const delta::PackedFile& add) {
  ASSIGN_OR_RETURN(engine::ScanFile file, BareScanFileOf(files, table, add));
  file.stats_json = add.stats();
  return file;
}

}  // namespace deltic::spark::catalog
