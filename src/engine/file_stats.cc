#include "engine/file_stats.h"

#include <cmath>

#include "engine/errors.h"
#include "engine/plan/file_source.h"
#include "engine/type_map.h"
#include "engine/write_stats.h"

namespace deltic::engine {
namespace {

// One column of the statistics: a leaf with bounds, or an array or map with its NULL count only.
struct Leaf {
  std::string key;  // as DuckDB's writer names it: "a" or "s"."f", lower case
  DataType type;
  ExprPtr value;
  bool has_bounds = false;
};

bool HasBounds(const DataType& type) {
  return !type.Is(TypeId::kArray) && !type.Is(TypeId::kMap) && !type.Is(TypeId::kBoolean) &&
         !type.Is(TypeId::kBinary) && !type.Is(TypeId::kNull) && !type.Is(TypeId::kVariant);
}

void AddLeaves(const std::string& key, const DataType& physical, const ExprPtr& value, std::vector<Leaf>* out) {
  if (!physical.Is(TypeId::kStruct)) {
    out->push_back({key, physical, value, HasBounds(physical)});
    return;
  }
  const auto logical = value->type.fields();
  for (size_t i = 0; i < logical.size(); i++) {
    const auto& field = physical.fields()[i];
    auto child = MakeCall("struct_field", {value, MakeString(logical[i].name)}, logical[i].type, true);
    AddLeaves(key + "." + StatsKey(field.name), field.type, child, out);
  }
}

// A bound as text that the statistics writer reads back.
std::string BoundText(const Value& value, const DataType& type) {
  if (type.Is(TypeId::kTimestamp)) {
    return duckdb::Value::TIMESTAMP(duckdb::timestamp_t(std::get<int64_t>(value.v))).ToString() + "+00";
  }
  return ToDuckValue(value, type).ToString();
}

void AddBounds(const Leaf& leaf, const Value& min, const Value& max, LeafStats* stats) {
  if (min.IsNull() || max.IsNull()) return;
  (*stats)["min"] = BoundText(min, leaf.type);
  (*stats)["max"] = BoundText(max, leaf.type);
  if (leaf.type.IsFractional()) (*stats)["has_nan"] = std::isnan(std::get<double>(max.v)) ? "true" : "false";
}

ExprPtr AggregateOf(const char* function, const ExprPtr& arg, const DataType& type) {
  std::vector<ExprPtr> args;
  if (arg != nullptr) args.push_back(arg);
  return std::make_shared<Aggregate>(function, std::move(args), type, true);
}

}  // namespace

// One aggregation over all files, grouped by file.
Result<std::vector<std::string>> FileStats(Engine* engine, const FilesRel& files, const WriteSpec& spec) {
  // Which file a row is of: one more constant.
  auto scan = std::make_shared<FilesRel>(files);
  const Column file_number{FreshColumnId(), "file", TypeId::kLong, false};
  size_t constants = 0;
  ASSIGN_OR_RETURN(const auto given, FilesOf(files));
  auto numbered = std::make_shared<std::vector<ScanFile>>(*given);
  for (size_t i = 0; i < numbered->size(); i++) {
    constants = (*numbered)[i].constants.size();
    (*numbered)[i].constants.emplace_back().v = static_cast<int64_t>(i);
  }
  FileColumn source;
  source.source = FileColumn::Source::kConstant;
  source.constant_index = static_cast<int>(constants);
  scan->files = numbered;
  scan->source = nullptr;
  scan->output.push_back(file_number);
  scan->columns.push_back(source);

  std::vector<StatsColumn> columns;
  std::vector<Leaf> leaves;
  for (size_t i = 0; i < files.output.size(); i++) {
    if (files.columns[i].source != FileColumn::Source::kData || files.output[i].type.Is(TypeId::kNull)) continue;
    const Column& column = files.output[i];
    columns.push_back({spec.physical_names.empty() ? column.name : spec.physical_names[i],
                       spec.physical_types.empty() ? column.type : spec.physical_types[i]});
    AddLeaves(StatsKey(columns.back().name), columns.back().type,
              std::make_shared<ColumnExpr>(column.id, column.type, column.nullable), &leaves);
  }

  std::vector<Column> output{{FreshColumnId(), "file", TypeId::kLong, false}};
  std::vector<ExprPtr> aggregates;
  const auto add = [&](const char* function, const ExprPtr& arg, const DataType& type) {
    output.push_back({FreshColumnId(), function, type, true});
    aggregates.push_back(AggregateOf(function, arg, type));
  };
  add("count_star", nullptr, TypeId::kLong);
  for (const Leaf& leaf : leaves) {
    add("count", leaf.value, TypeId::kLong);
    if (!leaf.has_bounds) continue;
    add("min", leaf.value, leaf.value->type);
    add("max", leaf.value, leaf.value->type);
  }
  auto aggregate = std::make_shared<AggregateRel>(scan, output);
  aggregate->groups.push_back(std::make_shared<ColumnExpr>(file_number.id, file_number.type, false));
  aggregate->aggregates = std::move(aggregates);
  ASSIGN_OR_RETURN(const auto rows, engine->Collect(aggregate, {}, static_cast<int64_t>(numbered->size())));

  // A file without rows has no group.
  std::vector<std::string> out(numbered->size());
  for (auto& stats : out) stats = DeltaStats(0, {}, spec, {}, {});
  return Guard([&]() -> Result<std::vector<std::string>> {
    for (const auto& row : rows) {
      const int64_t records = std::get<int64_t>(row[1].v);
      std::map<std::string, LeafStats> stats;
      std::vector<int64_t> collection_nulls;
      size_t at = 2;
      for (const Leaf& leaf : leaves) {
        const int64_t nulls = records - std::get<int64_t>(row[at++].v);
        if (leaf.type.Is(TypeId::kArray) || leaf.type.Is(TypeId::kMap)) {
          collection_nulls.push_back(nulls);
          continue;
        }
        const bool variant = leaf.type.Is(TypeId::kVariant);  // its first part stands for it, as in what is written
        stats[variant ? leaf.key + ".\"value\"" : leaf.key]["null_count"] = std::to_string(nulls);
        if (!leaf.has_bounds) continue;
        AddBounds(leaf, row[at], row[at + 1], &stats[leaf.key]);
        at += 2;
      }
      out[static_cast<size_t>(std::get<int64_t>(row[0].v))] =
          DeltaStats(records, columns, spec, stats, collection_nulls);
    }
    return out;
  });
}

}  // namespace deltic::engine
