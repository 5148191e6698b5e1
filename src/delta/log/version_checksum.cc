#include "delta/log/version_checksum.h"

#include <simdjson.h>

#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "base/log.h"
#include "delta/log/log_files.h"
#include "delta/spec/action_json.h"
#include "delta/spec/properties.h"

namespace deltic::delta {
namespace {

// As delta-spark: more than this many are left out.
constexpr size_t kMaxListed = 100;

template <typename Map>
void WriteList(JsonWriter* json, std::string_view key, const Map* map) {
  if (map == nullptr || map->size() > kMaxListed) return;
  json->Key(key).BeginArray();
  for (const auto& [id, action] : *map) json->Raw(ActionBody(action));
  json->EndArray();
}

class Comparison {
 public:
  explicit Comparison(simdjson::dom::element root) : root_(root) {}

  void Number(std::string_view key, std::string_view title, int64_t computed) {
    int64_t expected = 0;
    if (root_[key].get(expected) != simdjson::SUCCESS || expected == computed) return;
    Say(std::string(title) + " - Expected: " + std::to_string(expected) + " Computed: " + std::to_string(computed));
  }

  // An action as the log writes it, so that equal ones have equal text.
  void Same(std::string_view key, std::string_view title, const Action& computed, std::string_view name) {
    simdjson::dom::element value;
    if (root_[key].get(value) != simdjson::SUCCESS || value.is_null()) return;
    const auto parsed = ParseAction("{\"" + std::string(name) + "\":" + simdjson::minify(value) + "}", "");
    const std::string expected = parsed.ok() ? Canonical(*parsed) : simdjson::minify(value);
    if (expected == Canonical(computed)) return;
    Say(std::string(title) + " - Expected: " + expected + " Computed: " + Canonical(computed));
  }

  template <typename Map>
  void List(std::string_view key, std::string_view title, const Map& computed, std::string_view name) {
    simdjson::dom::array items;
    if (root_[key].get(items) != simdjson::SUCCESS) return;
    std::set<std::string> expected;
    std::set<std::string> found;
    for (const auto item : items) {
      const auto parsed = ParseAction("{\"" + std::string(name) + "\":" + simdjson::minify(item) + "}", "");
      expected.insert(parsed.ok() ? ActionToJson(*parsed) : simdjson::minify(item));
    }
    for (const auto& [id, action] : computed) found.insert(ActionToJson(action));
    if (expected != found) Say(std::string(title));
  }

  std::string Take() { return std::move(text_); }

 private:
  static std::string Canonical(Action action) {
    if (auto* protocol = std::get_if<Protocol>(&action)) {
      if (protocol->reader_features) std::sort(protocol->reader_features->begin(), protocol->reader_features->end());
      if (protocol->writer_features) std::sort(protocol->writer_features->begin(), protocol->writer_features->end());
    }
    return ActionToJson(action);
  }
  void Say(const std::string& line) { text_ += (text_.empty() ? "" : "\n") + line; }

  simdjson::dom::element root_;
  std::string text_;
};

// It is, but for the transaction's id, what this engine writes for this state: there is nothing to compare piece by
// piece. Almost every checksum of a table that this engine writes is.
bool IsAsWritten(std::string_view text, const FileTotals& totals, const Snapshot& snapshot) {
  constexpr std::string_view kTxnId = "{\"txnId\":\"";
  ChecksumContent content;
  if (text.starts_with(kTxnId)) {
    const size_t end = text.find('"', kTxnId.size());
    if (end == std::string_view::npos) return false;
    content.txn_id = text.substr(kTxnId.size(), end - kTxnId.size());
  }
  content.totals = totals;
  if (snapshot.InCommitTimestampsEnabled()) content.in_commit_timestamp_ms = snapshot.timestamp_ms();
  content.metadata = &snapshot.metadata();
  content.protocol = &snapshot.protocol();
  content.transactions = &snapshot.transactions();
  content.domains = &snapshot.domains();
  return ChecksumText(content) == text;
}

}  // namespace

FileTotals TotalsOf(const FileList& files) {
  return {static_cast<int64_t>(files.size()), files.total_bytes(), files.deletion_vectors(), files.deleted_rows()};
}

std::optional<FileTotals> TotalsAfter(FileTotals before, const std::vector<Action>& files) {
  const auto count = [&](int sign, int64_t bytes, const std::optional<DeletionVectorDescriptor>& vector) {
    before.files += sign;
    before.bytes += sign * bytes;
    if (!vector) return;
    before.deletion_vectors += sign;
    before.deleted_rows += sign * vector->cardinality;
  };
  const bool removes = std::any_of(files.begin(), files.end(),
                                   [](const Action& action) { return std::holds_alternative<RemoveFile>(action); });
  for (const auto& action : files) {
    if (const auto* add = std::get_if<AddFile>(&action)) {
      if (!removes && !add->data_change) return std::nullopt;
      count(1, add->size_bytes, add->deletion_vector);
    }
    const auto* remove = std::get_if<RemoveFile>(&action);
    if (remove == nullptr) continue;
    if (!remove->size_bytes) return std::nullopt;
    count(-1, *remove->size_bytes, remove->deletion_vector);
  }
  return before;
}

std::string ChecksumText(const ChecksumContent& content) {
  JsonWriter json;
  json.BeginObject();
  if (!content.txn_id.empty()) json.Key("txnId").String(content.txn_id);
  json.Key("tableSizeBytes").Int(content.totals.bytes).Key("numFiles").Int(content.totals.files);
  if (BoolProperty(*content.metadata, "delta.enableDeletionVectors")) {
    json.Key("numDeletedRecordsOpt").Int(content.totals.deleted_rows);
    json.Key("numDeletionVectorsOpt").Int(content.totals.deletion_vectors);
  }
  json.Key("numMetadata").Int(1).Key("numProtocol").Int(1);
  if (content.in_commit_timestamp_ms) json.Key("inCommitTimestampOpt").Int(*content.in_commit_timestamp_ms);
  // Transactions that expire cannot be told from the commits alone, so delta-spark leaves the list out.
  const bool expiring = !PropertyOf(*content.metadata, "delta.setTransactionRetentionDuration").empty();
  WriteList(&json, "setTransactions", expiring ? nullptr : content.transactions);
  WriteList(&json, "domainMetadata", content.domains);
  json.Key("metadata").Raw(ActionBody(*content.metadata));
  json.Key("protocol").Raw(ActionBody(*content.protocol));
  json.EndObject();
  return json.Take() + "\n";
}

std::string ChecksumMismatch(std::string_view text, const Snapshot& snapshot) {
  const FileTotals totals = TotalsOf(snapshot.files());
  if (IsAsWritten(text, totals, snapshot)) return {};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS || !root.is_object()) {
    Log(LogLevel::kWarn, "checksum_unreadable", {{"path", ChecksumPath(snapshot.table_path(), snapshot.version())}});
    return {};
  }
  Comparison comparison(root);
  comparison.Same("metadata", "Metadata", snapshot.metadata(), "metaData");
  comparison.Same("protocol", "Protocol", snapshot.protocol(), "protocol");
  comparison.Number("tableSizeBytes", "Table size (bytes)", totals.bytes);
  comparison.Number("numFiles", "Number of files", totals.files);
  comparison.Number("numMetadata", "Metadata updates", 1);
  comparison.Number("numProtocol", "Protocol updates", 1);
  comparison.Number("numDeletedRecordsOpt", "Number of deleted records", totals.deleted_rows);
  comparison.Number("numDeletionVectorsOpt", "Number of deleted vectors", totals.deletion_vectors);
  if (snapshot.Property("delta.setTransactionRetentionDuration").empty()) {
    comparison.List("setTransactions", "SetTransaction mismatch", snapshot.transactions(), "txn");
  }
  comparison.List("domainMetadata", "domainMetadata mismatch", snapshot.domains(), "domainMetadata");
  return comparison.Take();
}

Status VerifyChecksum(storage::ObjectStore* store, const Snapshot& snapshot) {
  return VerifyChecksum(store->Get(ChecksumPath(snapshot.table_path(), snapshot.version())), snapshot);
}

Status VerifyChecksum(const Result<std::string>& text, const Snapshot& snapshot) {
  if (!text.ok()) return text.status().Is("PATH_NOT_FOUND") ? Status::Ok() : text.status();
  const std::string mismatch = ChecksumMismatch(*text, snapshot);
  if (mismatch.empty()) return Status::Ok();
  const std::string version = std::to_string(snapshot.version());
  const std::string path = ChecksumPath(snapshot.table_path(), snapshot.version());
  return Error("DELTA_TXN_LOG_FAILED_INTEGRITY",
               {{"version", version}, {"mismatchStringOpt", mismatch}, {"path", path}});
}

}  // namespace deltic::delta
