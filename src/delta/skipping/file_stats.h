// What commands need of a file's statistics text beside skipping (PROTOCOL.md › Per-file Statistics). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "delta/spec/actions.h"

namespace deltic::delta {

// numRecords: the physical rows. nullopt: unknown.
std::optional<int64_t> PhysicalRows(const std::string& stats);
// Rows of the file that its deletion vector leaves. nullopt: unknown.
std::optional<int64_t> LiveRows(const AddFile& file);

// `stats` of a file that gets a deletion vector: bounds no longer tight, null counts physical, as delta-spark's
// updateStatsToWideBounds. `deleted`: rows of the vector it had before.
std::string WithWideBounds(const std::string& stats, int64_t deleted);
// The least that a file with a deletion vector must say.
std::string OnlyRowCount(int64_t physical_rows);

}  // namespace deltic::delta
