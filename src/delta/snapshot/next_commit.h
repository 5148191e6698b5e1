// The commit that this process made right after a snapshot, kept with the snapshot so that its next refresh does not
// read back what was just written. It stands for a commit file of that version and size after the same commit of the
// snapshot's version (Snapshot::Refresh looks). Bounded; thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "delta/snapshot/snapshot.h"

namespace deltic::delta {

// Longer ones are read back.
constexpr size_t kMaxKeptCommitBytes = size_t{1} << 20;

// `text`: of the commit of version snapshot.version() + 1, which is this process's own.
void KeepNextCommit(const Snapshot& snapshot, const std::string& text);
// Null: there is none.
std::shared_ptr<const std::string> NextCommitOf(const Snapshot& snapshot);

}  // namespace deltic::delta
