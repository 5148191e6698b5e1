// Reading actions with simdjson (DOM: fields come in any order and unknown ones are skipped).
#include <simdjson.h>

#include <array>
#include <limits>

#include "delta/spec/actions.h"
#include "storage/object_store.h"

namespace deltic::delta {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

// The reason is enough here; ActionParser adds the place.
Status Bad(std::string reason) { return Error("DELTA_LOG_CORRUPTED", {}, std::move(reason)); }

// The fields of an object, walked through once: simdjson's own look-up walks through all of them for every name, and
// most names are of fields that are not there.
class Fields {
 public:
  explicit Fields(const object& from) : object_(from) {
    for (const auto field : from) {
      if (size_ < kKept) {
        keys_[size_] = field.key;
        values_[size_] = field.value;
      }
      size_++;
    }
  }

  // The first field of this name.
  bool Find(std::string_view key, element* out) const {
    if (size_ > kKept) return object_[key].get(*out) == simdjson::SUCCESS;
    for (size_t i = 0; i < size_; i++) {
      if (keys_[i] != key) continue;
      *out = values_[i];
      return true;
    }
    return false;
  }

 private:
  static constexpr size_t kKept = 24;
  const object& object_;
  size_t size_ = 0;
  std::array<std::string_view, kKept> keys_;
  std::array<element, kKept> values_;
};

bool Find(const Fields& from, std::string_view key, element* out) { return from.Find(key, out) && !out->is_null(); }

Status ReadString(const Fields& from, std::string_view key, std::string* out) {
  element value;
  if (!Find(from, key, &value)) return Bad("'" + std::string(key) + "' is missing");
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return Bad("'" + std::string(key) + "' is not a string");
  *out = text;
  return Status::Ok();
}

Status ReadString(const Fields& from, std::string_view key, std::optional<std::string>* out) {
  element value;
  if (!Find(from, key, &value)) return Status::Ok();
  std::string text;
  RETURN_IF_ERROR(ReadString(from, key, &text));
  *out = std::move(text);
  return Status::Ok();
}

template <typename Int>
Status ReadInt(const Fields& from, std::string_view key, Int* out) {
  element value;
  if (!Find(from, key, &value)) return Bad("'" + std::string(key) + "' is missing");
  int64_t number = 0;
  double real = 0;
  if (value.get(number) != simdjson::SUCCESS) {
    // Some writers print longs as 1.0E9.
    if (value.get(real) != simdjson::SUCCESS || real < -9.2e18 || real > 9.2e18 ||
        static_cast<double>(static_cast<int64_t>(real)) != real) {
      return Bad("'" + std::string(key) + "' is not an integer");
    }
    number = static_cast<int64_t>(real);
  }
  if (number < std::numeric_limits<Int>::min() || number > std::numeric_limits<Int>::max()) {
    return Bad("'" + std::string(key) + "' is out of range");
  }
  *out = static_cast<Int>(number);
  return Status::Ok();
}

template <typename Int>
Status ReadInt(const Fields& from, std::string_view key, std::optional<Int>* out) {
  element value;
  if (!Find(from, key, &value)) return Status::Ok();
  Int number = 0;
  RETURN_IF_ERROR(ReadInt(from, key, &number));
  *out = number;
  return Status::Ok();
}

Status ReadBool(const Fields& from, std::string_view key, bool* out) {
  element value;
  if (!Find(from, key, &value)) return Status::Ok();
  if (value.get(*out) != simdjson::SUCCESS) return Bad("'" + std::string(key) + "' is not a boolean");
  return Status::Ok();
}

// JSON text of any value; strings as themselves.
std::string AnyText(const element& value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(value);
}

Status ReadMap(const Fields& from, std::string_view key, std::map<std::string, std::string>* out) {
  element value;
  if (!Find(from, key, &value)) return Status::Ok();
  object map;
  if (value.get(map) != simdjson::SUCCESS) return Bad("'" + std::string(key) + "' is not an object");
  for (const auto field : map) {
    if (!field.value.is_null()) (*out)[std::string(field.key)] = AnyText(field.value);
  }
  return Status::Ok();
}

Status ReadPairs(const Fields& from, std::string_view key, std::vector<std::pair<std::string, std::string>>* out) {
  element value;
  object map;
  if (!Find(from, key, &value) || value.get(map) != simdjson::SUCCESS) return Status::Ok();
  for (const auto field : map) out->emplace_back(field.key, AnyText(field.value));
  return Status::Ok();
}

Status ReadStrings(const Fields& from, std::string_view key, std::vector<std::string>* out) {
  element value;
  if (!Find(from, key, &value)) return Status::Ok();
  simdjson::dom::array array;
  if (value.get(array) != simdjson::SUCCESS) return Bad("'" + std::string(key) + "' is not an array");
  for (const auto item : array) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS) return Bad("'" + std::string(key) + "' holds something else than strings");
    out->emplace_back(text);
  }
  return Status::Ok();
}

Status ReadPartitionValues(const Fields& from, PartitionValues* out) {
  element value;
  if (!Find(from, "partitionValues", &value)) return Status::Ok();
  object map;
  if (value.get(map) != simdjson::SUCCESS) return Bad("'partitionValues' is not an object");
  for (const auto field : map) {
    std::string_view text;
    std::optional<std::string> parsed;
    if (!field.value.is_null()) {
      if (field.value.get(text) != simdjson::SUCCESS) return Bad("a partition value is not a string");
      if (!text.empty()) parsed = std::string(text);
    }
    (*out)[std::string(field.key)] = std::move(parsed);
  }
  return Status::Ok();
}

Status ReadPath(const Fields& from, std::string* out) {
  RETURN_IF_ERROR(ReadString(from, "path", out));
  if (out->empty()) return Bad("'path' is empty");
  if (out->find('%') != std::string::npos) *out = storage::UriDecode(*out);
  return Status::Ok();
}

// Text as it is; an object (seen in the wild) as its JSON; a checkpoint may hold only the parsed form.
Status ReadStats(const Fields& from, std::string* out) {
  element value;
  if (Find(from, "stats", &value)) {
    *out = AnyText(value);
  } else if (Find(from, "stats_parsed", &value) && value.is_object()) {
    *out = simdjson::minify(value);
  }
  return Status::Ok();
}

Status ReadDeletionVector(const Fields& from, std::optional<DeletionVectorDescriptor>* out) {
  element value;
  if (!Find(from, "deletionVector", &value)) return Status::Ok();
  object dv;
  if (value.get(dv) != simdjson::SUCCESS) return Bad("'deletionVector' is not an object");
  const Fields fields(dv);
  DeletionVectorDescriptor parsed;
  RETURN_IF_ERROR(ReadString(fields, "storageType", &parsed.storage_type));
  RETURN_IF_ERROR(ReadString(fields, "pathOrInlineDv", &parsed.path_or_inline));
  RETURN_IF_ERROR(ReadInt(fields, "offset", &parsed.offset));
  RETURN_IF_ERROR(ReadInt(fields, "sizeInBytes", &parsed.size_bytes));
  RETURN_IF_ERROR(ReadInt(fields, "cardinality", &parsed.cardinality));
  if (parsed.storage_type != "u" && parsed.storage_type != "i" && parsed.storage_type != "p") {
    return Bad("unknown deletion vector storage type '" + parsed.storage_type + "'");
  }
  if (parsed.size_bytes < 0 || parsed.cardinality < 0 || parsed.offset.value_or(0) < 0) {
    return Bad("a deletion vector has a negative number");
  }
  *out = std::move(parsed);
  return Status::Ok();
}

Status ReadAdd(const Fields& from, Action* out) {
  auto& add = out->emplace<AddFile>();
  RETURN_IF_ERROR(ReadPath(from, &add.path));
  RETURN_IF_ERROR(ReadPartitionValues(from, &add.partition_values));
  RETURN_IF_ERROR(ReadInt(from, "size", &add.size_bytes));
  RETURN_IF_ERROR(ReadInt(from, "modificationTime", &add.modification_time_ms));
  RETURN_IF_ERROR(ReadBool(from, "dataChange", &add.data_change));
  RETURN_IF_ERROR(ReadStats(from, &add.stats));
  RETURN_IF_ERROR(ReadMap(from, "tags", &add.tags));
  RETURN_IF_ERROR(ReadDeletionVector(from, &add.deletion_vector));
  RETURN_IF_ERROR(ReadInt(from, "baseRowId", &add.base_row_id));
  RETURN_IF_ERROR(ReadInt(from, "defaultRowCommitVersion", &add.default_row_commit_version));
  RETURN_IF_ERROR(ReadString(from, "clusteringProvider", &add.clustering_provider));
  if (add.size_bytes < 0) return Bad("'size' is negative");
  return Status::Ok();
}

Status ReadRemove(const Fields& from, Action* out) {
  auto& remove = out->emplace<RemoveFile>();
  RETURN_IF_ERROR(ReadPath(from, &remove.path));
  RETURN_IF_ERROR(ReadInt(from, "deletionTimestamp", &remove.deletion_timestamp_ms));
  RETURN_IF_ERROR(ReadBool(from, "dataChange", &remove.data_change));
  RETURN_IF_ERROR(ReadBool(from, "extendedFileMetadata", &remove.extended_file_metadata));
  RETURN_IF_ERROR(ReadPartitionValues(from, &remove.partition_values));
  RETURN_IF_ERROR(ReadInt(from, "size", &remove.size_bytes));
  RETURN_IF_ERROR(ReadStats(from, &remove.stats));
  RETURN_IF_ERROR(ReadMap(from, "tags", &remove.tags));
  RETURN_IF_ERROR(ReadDeletionVector(from, &remove.deletion_vector));
  RETURN_IF_ERROR(ReadInt(from, "baseRowId", &remove.base_row_id));
  RETURN_IF_ERROR(ReadInt(from, "defaultRowCommitVersion", &remove.default_row_commit_version));
  return Status::Ok();
}

Status ReadCdc(const Fields& from, Action* out) {
  auto& cdc = out->emplace<CdcFile>();
  RETURN_IF_ERROR(ReadPath(from, &cdc.path));
  RETURN_IF_ERROR(ReadPartitionValues(from, &cdc.partition_values));
  RETURN_IF_ERROR(ReadInt(from, "size", &cdc.size_bytes));
  RETURN_IF_ERROR(ReadMap(from, "tags", &cdc.tags));
  return Status::Ok();
}

Status ReadFeatures(const Fields& from, std::string_view key, std::optional<std::vector<std::string>>* out) {
  element value;
  if (!Find(from, key, &value)) return Status::Ok();
  std::vector<std::string> names;
  RETURN_IF_ERROR(ReadStrings(from, key, &names));
  *out = std::move(names);
  return Status::Ok();
}

Status ReadProtocol(const Fields& from, Action* out) {
  auto& protocol = out->emplace<Protocol>();
  RETURN_IF_ERROR(ReadInt(from, "minReaderVersion", &protocol.min_reader_version));
  RETURN_IF_ERROR(ReadInt(from, "minWriterVersion", &protocol.min_writer_version));
  RETURN_IF_ERROR(ReadFeatures(from, "readerFeatures", &protocol.reader_features));
  RETURN_IF_ERROR(ReadFeatures(from, "writerFeatures", &protocol.writer_features));
  if (protocol.min_reader_version < 1 || protocol.min_writer_version < 1) return Bad("a protocol version is below 1");
  if (protocol.min_reader_version < 3) protocol.reader_features.reset();
  if (protocol.min_writer_version < 7) protocol.writer_features.reset();
  if (protocol.min_reader_version >= 3 && !protocol.reader_features) protocol.reader_features.emplace();
  if (protocol.min_writer_version >= 7 && !protocol.writer_features) protocol.writer_features.emplace();
  return Status::Ok();
}

Status ReadSchema(const std::string& text, types::DataType* out) {
  // Mostly the one that this thread read last: a log repeats it in checkpoints and whenever a property changes.
  constexpr size_t kMaxKept = 256 << 10;
  thread_local std::string last_text;
  thread_local types::DataType last_schema;
  if (!text.empty() && text == last_text) {
    *out = last_schema;
    return Status::Ok();
  }
  auto schema = types::DataType::FromJson(text);
  if (!schema.ok()) return Bad("'schemaString' cannot be read: " + schema.status().detail());
  if (!schema->Is(types::TypeId::kStruct)) return Bad("'schemaString' is not a struct");
  *out = std::move(schema).value();
  if (text.size() <= kMaxKept) {
    last_text = text;
    last_schema = *out;
  }
  return Status::Ok();
}

Status ReadMetadata(const Fields& from, Action* out) {
  auto& metadata = out->emplace<Metadata>();
  RETURN_IF_ERROR(ReadString(from, "id", &metadata.id));
  RETURN_IF_ERROR(ReadString(from, "name", &metadata.name));
  RETURN_IF_ERROR(ReadString(from, "description", &metadata.description));
  element value;
  object format;
  if (Find(from, "format", &value) && value.get(format) == simdjson::SUCCESS) {
    const Fields fields(format);
    RETURN_IF_ERROR(ReadString(fields, "provider", &metadata.format_provider));
    RETURN_IF_ERROR(ReadMap(fields, "options", &metadata.format_options));
  }
  RETURN_IF_ERROR(ReadString(from, "schemaString", &metadata.schema_string));
  RETURN_IF_ERROR(ReadStrings(from, "partitionColumns", &metadata.partition_columns));
  RETURN_IF_ERROR(ReadMap(from, "configuration", &metadata.configuration));
  RETURN_IF_ERROR(ReadInt(from, "createdTime", &metadata.created_time_ms));
  return ReadSchema(metadata.schema_string, &metadata.schema);
}

Status ReadTxn(const Fields& from, Action* out) {
  auto& txn = out->emplace<SetTransaction>();
  RETURN_IF_ERROR(ReadString(from, "appId", &txn.app_id));
  RETURN_IF_ERROR(ReadInt(from, "version", &txn.version));
  RETURN_IF_ERROR(ReadInt(from, "lastUpdated", &txn.last_updated_ms));
  return Status::Ok();
}

Status ReadDomain(const Fields& from, Action* out) {
  auto& domain = out->emplace<DomainMetadata>();
  RETURN_IF_ERROR(ReadString(from, "domain", &domain.domain));
  RETURN_IF_ERROR(ReadString(from, "configuration", &domain.configuration));
  RETURN_IF_ERROR(ReadBool(from, "removed", &domain.removed));
  return Status::Ok();
}

// Provenance is free-form in the protocol: what cannot be understood is left out, not refused.
Status ReadCommitInfo(const Fields& from, Action* out) {
  auto& info = out->emplace<CommitInfo>();
  auto lenient_int = [&](std::string_view key, std::optional<int64_t>* out) {
    if (!ReadInt(from, key, out).ok()) out->reset();
  };
  auto lenient_text = [&](std::string_view key, std::optional<std::string>* out) {
    element value;
    if (Find(from, key, &value)) *out = AnyText(value);
  };
  lenient_int("version", &info.version);
  lenient_int("timestamp", &info.timestamp_ms);
  RETURN_IF_ERROR(ReadInt(from, "inCommitTimestamp", &info.in_commit_timestamp_ms));
  lenient_text("userId", &info.user_id);
  lenient_text("userName", &info.user_name);
  std::optional<std::string> operation;
  lenient_text("operation", &operation);
  info.operation = operation.value_or("");
  RETURN_IF_ERROR(ReadPairs(from, "operationParameters", &info.operation_parameters));
  lenient_int("readVersion", &info.read_version);
  lenient_text("isolationLevel", &info.isolation_level);
  element value;
  bool flag = false;
  if (Find(from, "isBlindAppend", &value) && value.get(flag) == simdjson::SUCCESS) info.is_blind_append = flag;
  info.has_operation_metrics = Find(from, "operationMetrics", &value) && value.is_object();
  RETURN_IF_ERROR(ReadPairs(from, "operationMetrics", &info.operation_metrics));
  lenient_text("userMetadata", &info.user_metadata);
  object tags;
  if (Find(from, "tags", &value) && value.get(tags) == simdjson::SUCCESS) {
    for (const auto field : tags) info.tags[std::string(field.key)] = AnyText(field.value);
  }
  lenient_text("engineInfo", &info.engine_info);
  lenient_text("txnId", &info.txn_id);
  return Status::Ok();
}

Status ReadCheckpointMetadata(const Fields& from, Action* out) {
  auto& metadata = out->emplace<CheckpointMetadata>();
  RETURN_IF_ERROR(ReadInt(from, "version", &metadata.version));
  return Status::Ok();
}

Status ReadSidecar(const Fields& from, Action* out) {
  auto& sidecar = out->emplace<Sidecar>();
  RETURN_IF_ERROR(ReadPath(from, &sidecar.path));
  RETURN_IF_ERROR(ReadInt(from, "sizeInBytes", &sidecar.size_bytes));
  RETURN_IF_ERROR(ReadInt(from, "modificationTime", &sidecar.modification_time_ms));
  return Status::Ok();
}

using Reader = Status (*)(const Fields&, Action*);
constexpr std::pair<std::string_view, Reader> kReaders[] = {{"add", ReadAdd},
                                                            {"remove", ReadRemove},
                                                            {"cdc", ReadCdc},
                                                            {"protocol", ReadProtocol},
                                                            {"metaData", ReadMetadata},
                                                            {"txn", ReadTxn},
                                                            {"domainMetadata", ReadDomain},
                                                            {"commitInfo", ReadCommitInfo},
                                                            {"checkpointMetadata", ReadCheckpointMetadata},
                                                            {"sidecar", ReadSidecar}};

Status ReadAction(const element& root, Action* out) {
  object fields;
  if (root.get(fields) != simdjson::SUCCESS) return Bad("not a JSON object");
  int known = 0;
  for (const auto field : fields) {
    if (field.value.is_null()) continue;
    for (const auto& [name, reader] : kReaders) {
      if (field.key != name) continue;
      object body;
      if (field.value.get(body) != simdjson::SUCCESS) return Bad("'" + std::string(name) + "' is not an object");
      const Status read = reader(Fields(body), out);
      if (!read.ok()) return Bad("in '" + std::string(name) + "': " + read.detail());
      known++;
    }
  }
  if (known > 1) return Bad("more than one action in one line");
  return Status::Ok();
}

// Parses one line. `readable`: bytes after it that may be read, which saves simdjson a copy.
Status ParseLine(simdjson::dom::parser* parser, std::string_view json, size_t readable, std::string_view file,
                 int64_t line, Action* out) {
  element root;
  const bool copy = readable < simdjson::SIMDJSON_PADDING;
  const auto error = parser->parse(json.data(), json.size(), copy).get(root);
  const Status read = error == simdjson::SUCCESS
                          ? ReadAction(root, out)
                          : Bad(std::string("not valid JSON (") + simdjson::error_message(error) + ")");
  if (read.ok()) return read;
  const std::string where = std::string(file) + (line > 0 ? ", line " + std::to_string(line) : "");
  return Error("DELTA_LOG_CORRUPTED", {{"path", where}, {"reason", read.detail()}},
               "The transaction log is corrupted: " + where + ": " + read.detail());
}

Result<Action> ParsedLine(simdjson::dom::parser* parser, std::string_view json, std::string_view file, int64_t line) {
  Action action;
  RETURN_IF_ERROR(ParseLine(parser, json, 0, file, line, &action));
  return action;
}

// A thread keeps one parser, because commits are many and small and a parser's buffers take longer to make than to use.
// One that a large commit has made large is not kept.
class BorrowedParser {
 public:
  BorrowedParser() : parser_(std::move(Kept())) {
    if (parser_ == nullptr) parser_ = std::make_unique<simdjson::dom::parser>();
  }
  ~BorrowedParser() {
    if (parser_->capacity() <= kMaxKeptBytes) Kept() = std::move(parser_);
  }
  BorrowedParser(const BorrowedParser&) = delete;
  BorrowedParser& operator=(const BorrowedParser&) = delete;
  simdjson::dom::parser& parser() const { return *parser_; }

 private:
  static constexpr size_t kMaxKeptBytes = 64 << 10;
  static std::unique_ptr<simdjson::dom::parser>& Kept() {
    thread_local std::unique_ptr<simdjson::dom::parser> kept;
    return kept;
  }
  std::unique_ptr<simdjson::dom::parser> parser_;
};

}  // namespace

struct ActionParser::Impl {
  simdjson::dom::parser parser;
};

ActionParser::ActionParser() : impl_(std::make_unique<Impl>()) {}
ActionParser::~ActionParser() = default;

Result<Action> ActionParser::Parse(std::string_view json, std::string_view file, int64_t line) {
  return ParsedLine(&impl_->parser, json, file, line);
}

Result<Action> ParseAction(std::string_view json, std::string_view where) {
  const BorrowedParser borrowed;
  return ParsedLine(&borrowed.parser(), json, where, 0);
}

Status ForEachAction(std::string_view text, std::string_view file, const std::function<Status(Action&&)>& each) {
  const BorrowedParser borrowed;
  simdjson::dom::parser& parser = borrowed.parser();
  int64_t line = 0;
  size_t start = 0;
  while (start < text.size()) {
    size_t end = text.find('\n', start);
    if (end == std::string_view::npos) end = text.size();
    std::string_view row = text.substr(start, end - start);
    start = end + 1;
    line++;
    while (!row.empty() && (row.back() == '\r' || row.back() == ' ')) row.remove_suffix(1);
    if (row.empty()) continue;
    Action action;
    RETURN_IF_ERROR(ParseLine(&parser, row, text.size() - end, file, line, &action));
    RETURN_IF_ERROR(each(std::move(action)));
  }
  return Status::Ok();
}

}  // namespace deltic::delta
