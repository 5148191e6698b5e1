// Tables written by Spark 3.5.5 + Delta 3.3.2 (tests/data/golden): state, protocol, schema and history must be what
// Spark said of them. Checkpoints need a Parquet reader and are tested with the engine; here their JSON is replayed.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "delta/cdf/change_feed.h"
#include "delta/log/history.h"
#include "delta/snapshot/snapshot.h"
#include "delta/spec/features.h"

namespace deltic::delta {
namespace {

using simdjson::dom::element;

std::string GoldenDir() { return std::string(DELTIC_TEST_DATA) + "/golden"; }

std::vector<std::string> GoldenNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(GoldenDir())) {
    // Their first commits are gone: only a checkpoint holds the state.
    if (entry.is_directory() && entry.path().filename() != "checkpoint_log_cleaned") {
      names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

TableIo Io() { return {storage::LocalStore(), nullptr, nullptr}; }

class Golden : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    table_ = GoldenDir() + "/" + GetParam() + "/table";
    std::ifstream file(GoldenDir() + "/" + GetParam() + "/expected.json");
    std::stringstream text;
    text << file.rdbuf();
    text_ = text.str();
    ASSERT_EQ(parser_.parse(text_).get(expected_), simdjson::SUCCESS);
  }
  std::string table_;
  std::string text_;
  simdjson::dom::parser parser_;
  element expected_;
};

// Schemas as df.schema shows them: internal field metadata is left out there.
void StripMetadata(types::DataType* type) {
  using types::DataType;
  using types::TypeId;
  if (type->Is(TypeId::kStruct)) {
    std::vector<types::StructField> fields = type->fields();
    for (auto& field : fields) {
      field.metadata = "{}";
      StripMetadata(&field.type);
    }
    *type = DataType::Struct(std::move(fields));
  } else if (type->Is(TypeId::kArray)) {
    DataType item = type->element();
    StripMetadata(&item);
    *type = DataType::Array(item, type->contains_null());
  } else if (type->Is(TypeId::kMap)) {
    DataType key = type->key();
    DataType value = type->value();
    StripMetadata(&key);
    StripMetadata(&value);
    *type = DataType::Map(key, value, type->contains_null());
  }
}

// A DataFrame shows every column as nullable.
std::string Shape(types::DataType type) {
  StripMetadata(&type);
  return type.AsNullable().Json();
}

TEST_P(Golden, LatestState) {
  const auto loaded = Snapshot::Load(Io(), table_);
  ASSERT_TRUE(loaded.ok()) << loaded.status().ToString();
  const Snapshot& snapshot = **loaded;
  EXPECT_EQ(snapshot.version(), expected_["latest_version"].get_int64().value());
  const element detail = expected_["detail"];
  EXPECT_EQ(snapshot.protocol().min_reader_version, detail["minReaderVersion"].get_int64().value());
  EXPECT_EQ(snapshot.protocol().min_writer_version, detail["minWriterVersion"].get_int64().value());
  EXPECT_EQ(static_cast<int64_t>(snapshot.files().size()), detail["numFiles"].get_int64().value());
  EXPECT_EQ(snapshot.size_bytes(), detail["sizeInBytes"].get_int64().value());
  std::vector<std::string> features;
  for (const auto item : detail["tableFeatures"].get_array()) features.emplace_back(item.get_string().value());
  auto ours = SupportedFeatures(snapshot.protocol());
  std::sort(ours.begin(), ours.end());
  EXPECT_EQ(ours, features);
  std::map<std::string, std::string> properties;
  for (const auto item : detail["properties"].get_object()) {
    properties[std::string(item.key)] = item.value.get_string().value();
  }
  for (const auto& [key, value] : properties) EXPECT_EQ(snapshot.metadata().configuration.at(key), value);
  std::vector<std::string> partitions;
  for (const auto item : detail["partitionColumns"].get_array()) partitions.emplace_back(item.get_string().value());
  EXPECT_EQ(snapshot.metadata().partition_columns, partitions);
  const auto schema = types::DataType::FromJson(simdjson::minify(expected_["schema"].value()));
  ASSERT_TRUE(schema.ok());
  EXPECT_EQ(Shape(snapshot.schema()), Shape(*schema));
}

TEST_P(Golden, EveryVersion) {
  for (const auto entry : expected_["versions"].get_object()) {
    const int64_t version = std::stoll(std::string(entry.key));
    const auto loaded = Snapshot::Load(Io(), table_, version);
    element schema_json;
    if (entry.value["schema"].get(schema_json) != simdjson::SUCCESS) continue;  // Spark could not read it either
    ASSERT_TRUE(loaded.ok()) << version << ": " << loaded.status().ToString();
    const auto schema = types::DataType::FromJson(simdjson::minify(schema_json));
    ASSERT_TRUE(schema.ok());
    EXPECT_EQ(Shape((*loaded)->schema()), Shape(*schema)) << version;
    // Rows of a version are the records of its files less the deleted ones, where statistics tell.
    int64_t records = 0;
    for (const auto& file : (*loaded)->files()) {
      simdjson::dom::parser parser;
      element stats;
      int64_t count = 0;
      if (parser.parse(file.stats).get(stats) != simdjson::SUCCESS ||
          stats["numRecords"].get(count) != simdjson::SUCCESS) {
        records = -1;
        break;
      }
      records += count - (file.deletion_vector ? file.deletion_vector->cardinality : 0);
    }
    int64_t rows = 0;
    if (records >= 0 && entry.value["count"].get(rows) == simdjson::SUCCESS) {
      EXPECT_EQ(records, rows) << version;
    }
  }
}

TEST_P(Golden, HistoryIsSparks) {
  const auto history = History(Io(), table_, std::nullopt);
  ASSERT_TRUE(history.ok()) << history.status().ToString();
  size_t seen = 0;
  for (const auto want : expected_["history"].get_array()) {
    const int64_t version = want["version"].get_int64().value();
    const auto it = std::find_if(history->begin(), history->end(),
                                 [&](const HistoryEntry& entry) { return entry.version == version; });
    ASSERT_NE(it, history->end()) << version;
    seen++;
    const CommitInfo& info = it->info;
    EXPECT_EQ(info.operation, std::string(want["operation"].get_string().value()));
    std::string_view text;
    EXPECT_EQ(info.engine_info.value_or(""),
              want["engineInfo"].get(text) == simdjson::SUCCESS ? std::string(text) : std::string());
    std::map<std::string, std::string> parameters(info.operation_parameters.begin(), info.operation_parameters.end());
    for (const auto field : want["operationParameters"].get_object()) {
      const std::string value = field.value.is_null() ? "null" : std::string(field.value.get_string().value());
      EXPECT_EQ(parameters[std::string(field.key)], value) << field.key;
    }
    std::map<std::string, std::string> metrics(info.operation_metrics.begin(), info.operation_metrics.end());
    simdjson::dom::object object;
    if (want["operationMetrics"].get(object) == simdjson::SUCCESS) {
      for (const auto field : object) EXPECT_EQ(metrics[std::string(field.key)], field.value.get_string().value());
    }
    int64_t read_version = -1;
    if (want["readVersion"].get(read_version) == simdjson::SUCCESS) {
      EXPECT_EQ(info.read_version, read_version);
    }
    if (info.in_commit_timestamp_ms && (*Snapshot::Load(Io(), table_))->InCommitTimestampsEnabled()) {
      EXPECT_EQ(it->timestamp_ms, want["timestamp_ms"].get_int64().value());
    }
  }
  EXPECT_EQ(seen, history->size());
}

// What the log held stays what it was when written again.
TEST_P(Golden, ActionsRoundTrip) {
  for (const auto& entry : std::filesystem::directory_iterator(table_ + "/_delta_log")) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".json" || name.size() != 25) continue;
    std::ifstream file(entry.path());
    std::string line;
    while (std::getline(file, line)) {
      auto action = ParseAction(line, name);
      ASSERT_TRUE(action.ok()) << action.status().ToString();
      const std::string once = ActionToJson(*action);
      auto again = ParseAction(once, name);
      ASSERT_TRUE(again.ok()) << once;
      EXPECT_EQ(ActionToJson(*again), once);
      // commitInfo is never written again, and its parameters are kept as text (OPTIMIZE writes "auto":false).
      if (std::holds_alternative<CommitInfo>(*action)) continue;
      // The same bytes, but for the order of keys inside maps (ours are sorted).
      std::string ours = once;
      std::string theirs = line;
      std::erase(ours, ' ');  // dv_inline was edited by hand and has spaces
      std::erase(theirs, ' ');
      std::sort(ours.begin(), ours.end());
      std::sort(theirs.begin(), theirs.end());
      EXPECT_EQ(ours, theirs) << once << "\n" << line;
    }
  }
}

TEST_P(Golden, ChangeFeed) {
  const auto latest = Snapshot::Load(Io(), table_);
  ASSERT_TRUE(latest.ok());
  element cdf;
  if (expected_["cdf"].get(cdf) == simdjson::SUCCESS && !cdf.is_null()) {
    const auto feed = ReadChangeFeed(Io(), *latest, cdf["startingVersion"].get_int64().value(),
                                     cdf["endingVersion"].get_int64().value());
    ASSERT_TRUE(feed.ok()) << feed.status().ToString();
    std::set<int64_t> versions;
    for (const auto& file : feed->files) versions.insert(file.commit_version);
    std::set<int64_t> want;
    for (const auto row : cdf["rows"].get_array()) want.insert(row["_commit_version"].get_int64().value());
    EXPECT_EQ(versions, want);
  }
  simdjson::dom::object errors;
  if (expected_["cdf_errors"].get(errors) != simdjson::SUCCESS) return;
  for (const auto error : errors) {
    const auto feed = ReadChangeFeed(Io(), *latest, std::stoll(std::string(error.key)), std::nullopt);
    const std::string_view text = error.value.get_string().value();
    if (!text.starts_with('[')) continue;  // data files are gone: found out by the scan
    ASSERT_FALSE(feed.ok()) << error.key << " should be " << text;
    EXPECT_EQ(feed.status().condition(), text.substr(1, text.find(']') - 1)) << error.key;
  }
}

INSTANTIATE_TEST_SUITE_P(Tables, Golden, ::testing::ValuesIn(GoldenNames()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace deltic::delta
