// What follows a commit: its checksum file, a checkpoint when one is due, and log clean-up. All best effort: the commit
// stands whatever happens here. Thread-safe.
#pragma once

#include <cstdint>
#include <memory>

#include "base/random.h"
#include "delta/snapshot/snapshot.h"
#include "delta/transaction/pending_commit.h"

namespace deltic::delta {

// Failures are logged. `read`: the snapshot that the transaction read, null when it created the table.
void AfterCommit(const TableIo& io, const std::shared_ptr<const Snapshot>& read, const PendingCommit& commit,
                 const CommitText& written, int64_t version, const std::string& txn_id, Random* random);

}  // namespace deltic::delta
