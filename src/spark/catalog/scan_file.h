// A file of a Delta table as a scan reads it. Pure function.
#pragma once

#include "base/status.h"
#include "delta/snapshot/snapshot.h"
#include "spark/catalog/delta_columns.h"

namespace deltic::spark::catalog {

// All but the rows that are left out: path, size, times, statistics, and the constants of `table`'s columns.
Result<engine::ScanFile> ScanFileOf(const TableFiles& files, const TableColumns& table, const delta::PackedFile& add);
// The same without statistics, which may have to be read first.
Result<engine::ScanFile> BareScanFileOf(const TableFiles& files, const TableColumns& table,
                                        const delta::PackedFile& add);

}  // namespace deltic::spark::catalog
