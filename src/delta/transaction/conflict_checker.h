// Checks a transaction against one commit that won the race (delta-spark ConflictChecker). Pure: no I/O. Thread-safe.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

enum class IsolationLevel : uint8_t { kSerializable, kWriteSerializable, kSnapshot };
std::string_view IsolationLevelName(IsolationLevel level);

// What the transaction read and wants to write; borrowed for the call.
struct TransactionFootprint {
  const Snapshot* snapshot = nullptr;  // null: creating the table
  std::string table_path;
  IsolationLevel isolation = IsolationLevel::kSerializable;
  bool is_blind_append = false;
  bool read_whole_table = false;
  bool changes_metadata = false;
  bool changes_protocol = false;
  const std::set<std::string>* read_paths = nullptr;
  const std::vector<std::function<bool(const PartitionValues&)>>* read_partitions = nullptr;
  const std::set<std::string>* removed_paths = nullptr;
  const std::set<std::string>* app_ids = nullptr;
  const std::set<std::string>* domains = nullptr;
};

// Ok, or the error of the first conflict with the winner.
Status CheckConflicts(const TransactionFootprint& mine, int64_t winner_version, const std::vector<Action>& winner);

}  // namespace deltic::delta
