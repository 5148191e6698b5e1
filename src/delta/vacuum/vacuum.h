// What VACUUM deletes: files of a table's directory that no version within the retention needs, and empty directories
// (delta-spark VacuumCommand; PROTOCOL.md › Vacuum Protocol Check is the caller's). Ages are those of the store
// (modification times) against the clock of TableIo. Free functions, thread-safe.
//
// Invariants: a live file, its deletion vector, and those of tombstones within the retention are never deleted; nothing
// outside the table's directory, and nothing hidden (names with '_' or '.') but partition directories, _delta_index and
// _change_data. Change files are in no snapshot: they go by age.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

// A file or directory in the table's directory, as somebody else listed it.
struct InventoryEntry {
  std::string path;  // relative to the table
  int64_t size_bytes = 0;
  bool is_directory = false;
  int64_t modified_ms = 0;
};

struct VacuumOptions {
  std::optional<int64_t> retention_ms;                   // nullopt: delta.deletedFileRetentionDuration
  bool check_retention = true;                           // a retention below the table's is refused
  bool lite = false;                                     // candidates come from the log instead of a listing
  std::optional<std::vector<InventoryEntry>> inventory;  // candidates come from here; goes before lite
};

struct VacuumPlan {
  std::vector<std::string> files;        // relative to the table, sorted
  std::vector<std::string> directories;  // relative, a directory after those inside it
  int64_t bytes = 0;
  int64_t listed_directories = 1;  // the table's own too
  // Directories that hold nothing but files too young to go: delta-spark means to delete them too, and then cannot.
  int64_t young_directories = 0;
  // LITE: the last version before the retention; recorded for the next VACUUM LITE.
  std::optional<int64_t> last_version;

  int64_t size() const { return static_cast<int64_t>(files.size() + directories.size()); }
};

// _VACUUM_REQUIREMENT for a negative retention or, when checked, one below the table's (delta-spark throws it without a
// condition; the detail is its text). DELTA_CANNOT_VACUUM_LITE when the log no longer tells all candidates.
Result<VacuumPlan> PlanVacuum(const TableIo& io, const Snapshot& snapshot, const VacuumOptions& options);

// Deletes and returns how many files and directories are gone. A directory that is not empty any more stays.
Result<int64_t> DeleteVacuumed(const TableIo& io, const Snapshot& snapshot, const VacuumPlan& plan);

// Records a finished VACUUM in _delta_log/_last_vacuum_info, best effort.
void RecordVacuum(const TableIo& io, const Snapshot& snapshot, const VacuumPlan& plan);

}  // namespace deltic::delta
