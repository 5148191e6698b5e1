#include "engine/parquet_merge/delta_stats.h"

#include <simdjson.h>

#include <map>

#include "base/json_writer.h"
#include "engine/type_map.h"

namespace deltic::engine::merge {
namespace {

namespace json = simdjson::ondemand;

// A leaf of the columns: a value with bounds, or an array or map with its NULL count only.
struct LeafColumn {
  std::vector<std::string> path;
  std::string key;  // as DuckDB's writer names it
  DataType type;
  bool wanted = false;

  bool is_collection() const { return type.Is(TypeId::kArray) || type.Is(TypeId::kMap); }
  bool has_bounds() const {
    return !is_collection() && !type.Is(TypeId::kBoolean) && !type.Is(TypeId::kBinary) && !type.Is(TypeId::kNull);
  }
};

class Leaves {
 public:
  Leaves(const std::vector<StatsColumn>& columns, const WriteSpec& spec) : spec_(spec) {
    for (const auto& column : columns) {
      const auto& hidden = spec.hidden_columns;
      if (std::find(hidden.begin(), hidden.end(), column.name) != hidden.end()) continue;
      Visit({column.name}, column.name, StatsKey(column.name), column.type);
    }
  }
  std::vector<LeafColumn> leaves;

 private:
  void Visit(std::vector<std::string> path, const std::string& dotted, const std::string& key, const DataType& type) {
    if (type.Is(TypeId::kStruct)) {
      for (const auto& field : type.fields()) {
        auto inner = path;
        inner.push_back(field.name);
        Visit(std::move(inner), dotted + "." + field.name, key + "." + StatsKey(field.name), field.type);
      }
      return;
    }
    leaves.push_back({std::move(path), key, type, IsStatsColumn(spec_, dotted, static_cast<int>(leaves.size()))});
  }

  const WriteSpec& spec_;
};

// What one value of the statistics is.
struct Bound {
  std::string json;  // as it is written
  duckdb::Value value;
};

class OneFile {
 public:
  explicit OneFile(const std::string& text) : text_(text) {
    ok_ = parser_.iterate(text_).get(document_) == simdjson::SUCCESS;
  }

  std::optional<int64_t> Rows() { return Integer("numRecords", {}); }
  bool HasWideBounds() {
    json::value found;
    bool tight = true;
    return Find("tightBounds", {}, &found) && found.get_bool().get(tight) == simdjson::SUCCESS && !tight;
  }
  std::optional<int64_t> Integer(const char* part, const std::vector<std::string>& path) {
    json::value found;
    int64_t number = 0;
    if (!Find(part, path, &found) || found.get_int64().get(number) != simdjson::SUCCESS) return std::nullopt;
    return number;
  }
  std::optional<Bound> BoundOf(const char* part, const LeafColumn& leaf) {
    json::value found;
    if (!Find(part, leaf.path, &found)) return std::nullopt;
    Bound bound;
    std::string text;
    json::json_type type;
    if (found.type().get(type) != simdjson::SUCCESS) return std::nullopt;
    if (type == json::json_type::string) {
      std::string_view string;
      if (found.get_string().get(string) != simdjson::SUCCESS) return std::nullopt;
      text = string;
      bound.json = JsonQuote(text);
    } else if (type == json::json_type::number) {
      std::string_view token = found.raw_json_token();
      token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
      bound.json = text = token;
    } else {
      return std::nullopt;
    }
    std::string error;
    const duckdb::Value as_text(text);
    if (!as_text.DefaultTryCastAs(ToDuckType(leaf.type), bound.value, &error) || bound.value.IsNull()) {
      return std::nullopt;
    }
    return bound;
  }

 private:
  bool Find(const char* part, const std::vector<std::string>& path, json::value* found) {
    if (!ok_) return false;
    document_.rewind();
    json::object object;
    if (document_.get_object().get(object) != simdjson::SUCCESS) return false;
    if (object.find_field_unordered(part).get(*found) != simdjson::SUCCESS) return false;
    for (const auto& name : path) {
      json::object inner;
      if (found->get_object().get(inner) != simdjson::SUCCESS) return false;
      if (inner.find_field_unordered(name).get(*found) != simdjson::SUCCESS) return false;
    }
    return true;
  }

  simdjson::padded_string text_;
  json::parser parser_;
  json::document document_;
  bool ok_ = false;
};

struct Merged {
  int64_t nulls = 0;
  std::optional<Bound> min, max;
};

bool Add(const StatsInput& input, const std::vector<LeafColumn>& leaves, std::vector<Merged>* merged) {
  OneFile file(*input.json);
  if (file.Rows() != input.rows || file.HasWideBounds()) return false;
  for (size_t i = 0; i < leaves.size(); i++) {
    if (!leaves[i].wanted) continue;
    Merged& into = (*merged)[i];
    const auto nulls = file.Integer("nullCount", leaves[i].path);
    if (!nulls.has_value() || *nulls < 0 || *nulls > input.rows) return false;
    into.nulls += *nulls;
    if (!leaves[i].has_bounds() || *nulls == input.rows) continue;
    auto min = file.BoundOf("minValues", leaves[i]);
    auto max = file.BoundOf("maxValues", leaves[i]);
    if (!min.has_value() || !max.has_value()) return false;
    if (!into.min.has_value() || min->value < into.min->value) into.min = std::move(min);
    if (!into.max.has_value() || max->value > into.max->value) into.max = std::move(max);
  }
  return true;
}

}  // namespace

std::optional<std::string> MergeDeltaStats(const std::vector<StatsInput>& inputs,
                                           const std::vector<StatsColumn>& columns, const WriteSpec& spec) {
  const auto leaves = Leaves(columns, spec).leaves;
  std::vector<Merged> merged(leaves.size());
  int64_t rows = 0;
  for (const StatsInput& input : inputs) {
    rows += input.rows;
    if (input.rows > 0 && (input.json == nullptr || !Add(input, leaves, &merged))) return std::nullopt;
  }
  std::map<std::string, LeafStats> stats;
  std::vector<int64_t> collection_nulls;
  for (size_t i = 0; i < leaves.size(); i++) {
    if (leaves[i].is_collection()) {
      collection_nulls.push_back(merged[i].nulls);
      continue;
    }
    LeafStats& leaf = stats[leaves[i].key];
    leaf["null_count"] = std::to_string(merged[i].nulls);
    if (merged[i].min.has_value()) leaf[kMinJson] = merged[i].min->json;
    if (merged[i].max.has_value()) leaf[kMaxJson] = merged[i].max->json;
  }
  return DeltaStats(rows, columns, spec, stats, collection_nulls);
}

}  // namespace deltic::engine::merge
