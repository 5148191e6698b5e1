#include "engine/write_plan.h"

#include <algorithm>

#include "engine/data_file_names.h"
#include "engine/errors.h"
#include "engine/functions/throw.h"
#include "engine/parquet_variants.h"
#include "engine/text/writer.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

namespace fs = std::filesystem;
using duckdb::make_uniq;
using functions::ThrowStatus;

int MetadataId(const types::StructField& field) {
  auto at = field.metadata.find("\"delta.columnMapping.id\"");
  if (at == std::string::npos) return -1;
  at = field.metadata.find(':', at);
  return at == std::string::npos ? -1 : std::atoi(field.metadata.c_str() + at + 1);
}

// DuckDB's FIELD_IDS value for the fields of a nested type; NULL when there are none.
duckdb::Value NestedFieldIds(const DataType& type, int id) {
  duckdb::child_list_t<duckdb::Value> children;
  if (id >= 0) children.emplace_back("__duckdb_field_id", duckdb::Value::INTEGER(id));
  auto add = [&](const std::string& name, const DataType& child, int child_id) {
    auto value = NestedFieldIds(child, child_id);
    if (!value.IsNull()) children.emplace_back(name, std::move(value));
  };
  switch (type.id()) {
    case TypeId::kStruct:
      for (const auto& f : type.fields()) add(f.name, f.type, MetadataId(f));
      break;
    case TypeId::kArray: add("element", type.element(), -1); break;
    case TypeId::kMap:
      add("key", type.key(), -1);
      add("value", type.value(), -1);
      break;
    default: return id >= 0 ? duckdb::Value::INTEGER(id) : duckdb::Value();
  }
  if (children.empty()) return duckdb::Value();
  return duckdb::Value::STRUCT(std::move(children));
}

// Spark's own schema of the file, for its footer: groups say nothing of being variants. Empty: there are none.
std::string VariantSchema(const WritePlan& plan) {
  std::vector<types::StructField> fields;
  bool found = false;
  for (const StatsColumn& column : plan.data) {
    fields.push_back({column.name, column.type});
    found = found || HoldsVariant(column.type);
  }
  return found ? DataType::Struct(std::move(fields)).Json() : "";
}

}  // namespace

bool IsPartition(const WriteSpec& spec, size_t column) {
  return std::find(spec.partition_columns.begin(), spec.partition_columns.end(), static_cast<int>(column)) !=
         spec.partition_columns.end();
}

void AddDataColumn(const Column& column, size_t i, const WriteSpec& spec, WritePlan* plan) {
  if (column.type.Is(TypeId::kNull)) return;  // void columns exist in the schema only
  if (column.type.IsInterval()) ThrowStatus(Unsupported("writing interval columns to Parquet"));
  StatsColumn data{spec.physical_names.empty() ? column.name : spec.physical_names[i],
                   spec.physical_types.empty() ? column.type : spec.physical_types[i]};
  auto expr = ColumnByName(ColumnName(column.id));
  int counted = CountedCollections(column.type);
  if (counted > 0 && spec.collect_stats && plan->one_file) {
    auto& counters = plan->counters.emplace_back();
    for (int n = 0; n < counted; ++n) counters.counts.emplace_back(0);
    auto address = static_cast<int64_t>(reinterpret_cast<uintptr_t>(&counters));
    expr = MakeFunction(kCountNullsFunction, std::move(expr), Constant(duckdb::Value::BIGINT(address)));
  }
  auto physical = HoldsVariant(data.type) ? MarkVariants(data.type) : ToDuckType(data.type);
  if (physical != ToDuckType(column.type)) {
    plan->retypes = true;
    expr = MakeFunction(kRetypeFunction, std::move(expr), Constant(duckdb::Value(physical)));
  }
  expr->SetAlias(data.name);
  plan->select.push_back(std::move(expr));
  if (!spec.field_ids.empty()) {
    auto ids = NestedFieldIds(data.type, spec.field_ids[i]);
    if (!ids.IsNull()) plan->field_ids.emplace_back(data.name, std::move(ids));
  }
  plan->data.push_back(std::move(data));
  plan->positions.push_back(i);
}

std::vector<int64_t> NullsOf(const WritePlan& write) {
  std::vector<int64_t> nulls;
  for (const auto& column : write.counters) {
    for (const auto& n : column.counts) nulls.push_back(n.load());
  }
  return nulls;
}

duckdb::vector<duckdb::Value> OneValue(duckdb::Value value) {
  duckdb::vector<duckdb::Value> list;
  list.push_back(std::move(value));
  return list;
}

duckdb::unique_ptr<duckdb::CopyInfo> WriterInfo(const WritePlan& plan, const CopyTarget& target,
                                                const std::string& codec) {
  auto info = make_uniq<duckdb::CopyInfo>();
  info->is_from = false;
  info->format = kParquetFormat;
  info->file_path = target.path;
  info->options["compression"] = OneValue(duckdb::Value(codec));
  if (!plan.field_ids.empty()) {
    auto ids = plan.field_ids;
    info->options["field_ids"] = OneValue(duckdb::Value::STRUCT(std::move(ids)));
  }
  // Without its version in the footer Spark would suspect old calendars in dates and timestamps.
  duckdb::child_list_t<duckdb::Value> metadata;
  metadata.emplace_back("org.apache.spark.version", duckdb::Value("3.5.5"));
  if (const std::string schema = VariantSchema(plan); !schema.empty()) {
    metadata.emplace_back("org.apache.spark.sql.parquet.row.metadata", duckdb::Value(schema));
  }
  info->options["kv_metadata"] = OneValue(duckdb::Value::STRUCT(std::move(metadata)));
  return info;
}

std::filesystem::path PartitionDirectory(const Rel& plan, const WriteSpec& spec,
                                         const std::vector<std::optional<std::string>>& texts,
                                         std::vector<Value>* values) {
  fs::path directory(spec.directory);
  for (size_t p = 0; p < texts.size(); ++p) {
    const Column& column = plan.output[static_cast<size_t>(spec.partition_columns[p])];
    std::string shown;
    values->push_back(PartitionValue(texts[p], column.type, &shown));
    directory /= EscapePathName(column.name) + "=" + shown;
  }
  return directory;
}

}  // namespace deltic::engine
