// Checks a transaction against one commit that won the race (delta-spark ConflictChecker). Pure: no I/O. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

enum class IsolationLevel : uint8_t { kSerializable, kWriteSerializable, kSnapshot };
std::string_view IsolationLevelName(IsolationLevel level);

// Operation name of commits that number the files of an existing table.
inline constexpr std::string_view kRowTrackingBackfill = "ROW TRACKING BACKFILL";
// The commit's metadata only turns row tracking on (its tag says so).
bool IsRowTrackingEnablementOnly(const std::vector<Action>& commit);

// What the transaction read and wants to write; borrowed for the call.
struct TransactionFootprint {
  const Snapshot* snapshot = nullptr;  // null: creating the table
  std::string table_path;
  std::string operation;
  IsolationLevel isolation = IsolationLevel::kSerializable;
  bool is_blind_append = false;
  bool read_whole_table = false;
  bool changes_metadata = false;
  bool changes_protocol = false;
  const std::map<std::string, PartitionValues>* read_paths = nullptr;  // keys of FileKey without deletion vectors
  const std::vector<std::function<bool(const PartitionValues&)>>* read_partitions = nullptr;
  const std::set<std::string>* removed_paths = nullptr;
  const std::set<std::string>* app_ids = nullptr;
  const std::set<std::string>* domains = nullptr;
};

// Ok, or the error of the first conflict with the winner, in delta-spark's order: protocol, metadata, domains,
// application transactions, files added where the transaction read, files removed that it read, files removed twice.
Status CheckConflicts(const TransactionFootprint& mine, int64_t winner_version, const std::vector<Action>& winner);

}  // namespace deltic::delta
