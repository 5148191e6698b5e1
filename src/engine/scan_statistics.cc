#include "engine/scan_statistics.h"

#include <simdjson.h>

#include <algorithm>

#include "delta/skipping/predicate.h"
#include "delta/spec/row_tracking.h"

namespace deltic::engine {
namespace {

constexpr size_t kMostFiles = 2000;  // a query should not spend milliseconds on reading statistics

bool HasOrder(const DataType& type) { return type.IsIntegral() || type.Is(TypeId::kDate); }

// Reads one column's statistics from the JSON text of one file after another, reusing its buffers.
class StatsReader {
 public:
  StatsReader(const std::string& name, const DataType& type) : name_(name), is_date_(type.Is(TypeId::kDate)) {}

  // Widens *bounds by the file; false: not known. *any becomes true when a value was seen.
  bool Add(const std::string& stats, ColumnBounds* bounds, bool* any) {
    simdjson::dom::object object;
    if (stats.empty() || parser_.parse(stats).get(object) != simdjson::SUCCESS) return false;
    int64_t records = 0, nulls = -1;
    if (object["numRecords"].get(records) != simdjson::SUCCESS) return false;
    if (object["nullCount"][name_].get(nulls) != simdjson::SUCCESS) return false;
    if (nulls != 0) bounds->may_have_null = true;
    if (nulls == records) return true;
    int64_t low = 0, high = 0;
    if (!Value(object["minValues"][name_], &low) || !Value(object["maxValues"][name_], &high) || low > high) {
      return false;
    }
    bounds->min = *any ? std::min(bounds->min, low) : low;
    bounds->max = *any ? std::max(bounds->max, high) : high;
    *any = true;
    return true;
  }

 private:
  bool Value(const simdjson::simdjson_result<simdjson::dom::element>& element, int64_t* out) const {
    if (!is_date_) return element.get(*out) == simdjson::SUCCESS;
    std::string_view text;
    return element.get(text) == simdjson::SUCCESS && delta::ParseStatsDate(text, out);
  }

  const std::string name_;
  const bool is_date_;
  simdjson::dom::parser parser_;
};

bool AddConstant(const Value& value, ColumnBounds* bounds, bool* any) {
  if (value.IsNull()) {
    bounds->may_have_null = true;
    return true;
  }
  const auto* number = std::get_if<int64_t>(&value.v);
  if (number == nullptr) return false;
  bounds->min = *any ? std::min(bounds->min, *number) : *number;
  bounds->max = *any ? std::max(bounds->max, *number) : *number;
  *any = true;
  return true;
}

}  // namespace

std::optional<ColumnBounds> BoundsOf(const FileColumn& column, const DataType& type, const std::vector<ScanFile>& files,
                                     const std::vector<size_t>& kept) {
  const bool constant = column.source == FileColumn::Source::kConstant;
  if (!HasOrder(type) || kept.empty() || kept.size() > kMostFiles) return std::nullopt;
  if (!constant && column.source != FileColumn::Source::kData) return std::nullopt;
  ColumnBounds bounds;
  bounds.may_have_null = false;
  bool any = false;
  StatsReader reader(column.physical_name, type);
  for (const size_t i : kept) {
    const bool known = constant
                           ? AddConstant(files[i].constants[static_cast<size_t>(column.constant_index)], &bounds, &any)
                           : reader.Add(files[i].stats_json, &bounds, &any);
    if (!known) return std::nullopt;
  }
  return any ? std::optional<ColumnBounds>(bounds) : std::nullopt;
}

int64_t RecordCountOf(const ScanFile& file) {
  return file.record_count >= 0 ? file.record_count : delta::RecordCountOf(file.stats_json).value_or(-1);
}

}  // namespace deltic::engine
