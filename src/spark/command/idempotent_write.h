// Idempotent writes: a transaction id of the application (txnAppId, txnVersion) from the options of a write or from the
// session's settings (delta-spark DeltaCommand.hasBeenExecuted). Used by every command that changes rows; any thread.
#pragma once

#include "delta/transaction/transaction.h"
#include "spark/plan/relation_source.h"
#include "spark/session/session.h"

namespace deltic::spark::command {

enum class Idempotence : uint8_t {
  kNone,      // the write carries no transaction id
  kRecorded,  // the commit will record it
  kSeen,      // the table has seen this version of the application or a later one: the write is to do nothing
};

// A version of the application `app`. `snapshot` null: a new table.
Idempotence NoteVersion(const std::string& app, int64_t version, const delta::Snapshot* snapshot,
                        delta::Transaction* txn);
// `snapshot` null: a new table. Settings that are to reset themselves lose the version here.
// DELTA_INVALID_IDEMPOTENT_WRITES_OPTIONS when one half is missing or is no number.
Result<Idempotence> CheckIdempotence(session::Session* session, const plan::Options& options,
                                     const delta::Snapshot* snapshot, delta::Transaction* txn);

}  // namespace deltic::spark::command
