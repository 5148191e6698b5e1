#include "spark/command/idempotent_write.h"

#include <charconv>

namespace deltic::spark::command {
namespace {

constexpr char kTxnAppId[] = "spark.databricks.delta.write.txnAppId";
constexpr char kTxnVersion[] = "spark.databricks.delta.write.txnVersion";
constexpr char kAutoReset[] = "spark.databricks.delta.write.txnVersion.autoReset.enabled";

Status Invalid(std::string reason) {
  return Error("DELTA_INVALID_IDEMPOTENT_WRITES_OPTIONS", {{"reason", std::move(reason)}});
}

// An unset setting is the same as an empty one.
std::optional<std::string> Setting(session::Session* session, const char* key) {
  auto value = session->conf().Get(key);
  return value.has_value() && !value->empty() ? value : std::nullopt;
}

}  // namespace

Idempotence NoteVersion(const std::string& app, int64_t version, const delta::Snapshot* snapshot,
                        delta::Transaction* txn) {
  if (snapshot != nullptr) {
    const auto seen = snapshot->transactions().find(app);
    if (seen != snapshot->transactions().end() && seen->second.version >= version) return Idempotence::kSeen;
    txn->ReadTxn(app);
  }
  txn->SetTxn(app, version);
  return Idempotence::kRecorded;
}

Result<Idempotence> CheckIdempotence(session::Session* session, const plan::Options& options,
                                     const delta::Snapshot* snapshot, delta::Transaction* txn) {
  auto app = plan::FindOption(options, "txnAppId");
  auto text = plan::FindOption(options, "txnVersion");
  const bool by_options = app.has_value() || text.has_value();
  if (!by_options) {
    app = Setting(session, kTxnAppId);
    text = Setting(session, kTxnVersion);
    if (!app.has_value() && !text.has_value()) return Idempotence::kNone;
  }
  if (!app.has_value() || !text.has_value()) {
    return Invalid(by_options ? "Both txnVersion and txnAppId must be specified for idempotent data frame writes"
                              : "Both " + std::string(kTxnAppId) + " and " + kTxnVersion +
                                    " must be specified for idempotent Delta writes");
  }
  int64_t version = 0;
  const auto end = std::from_chars(text->data(), text->data() + text->size(), version);
  if (end.ec != std::errc() || end.ptr != text->data() + text->size() || version < 0) {
    return Error("DELTA_ILLEGAL_OPTION",
                 {{"input", *text}, {"name", "txnVersion"}, {"explain", "must be a non-negative integer"}});
  }
  if (!by_options && session->conf().GetBool(kAutoReset, false)) session->conf().Unset(kTxnVersion);
  return NoteVersion(*app, version, snapshot, txn);
}

}  // namespace deltic::spark::command
