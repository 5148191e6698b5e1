// Percentiles (spark_percentile, spark_percentile_disc) and histogram_numeric. States own heap memory and free it in
// their destructors.
#include <algorithm>
#include <cmath>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "engine/functions/constant_arguments.h"
#include "engine/functions/heap_state.h"
#include "engine/functions/java_random.h"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {

void RegisterPercentiles(duckdb::ExtensionLoader& loader);

namespace {

using duckdb::AggregateFunction;
using duckdb::AggregateInputData;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::UnifiedVectorFormat;
using duckdb::Vector;

bool Less(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }  // NaN is the greatest

// --- percentiles -----------------------------------------------------------------------------------------

struct Counted {
  std::vector<std::pair<double, int64_t>> values;
  void Merge(const Counted& other) { values.insert(values.end(), other.values.begin(), other.values.end()); }
};

// The percentages of percentile(value, percentages, frequency).
std::vector<double> PercentagesOf(const AggregateInputData& data) {
  std::vector<double> at;
  for (const auto& p : duckdb::ListValue::GetChildren(ConstantsOf(data)[0])) at.push_back(p.GetValue<double>());
  return at;
}

void UpdateCounted(Vector inputs[], AggregateInputData&, idx_t, Vector& states, idx_t count) {
  UnifiedVectorFormat values, frequencies, targets;
  inputs[0].ToUnifiedFormat(count, values);
  inputs[1].ToUnifiedFormat(count, frequencies);
  states.ToUnifiedFormat(count, targets);
  auto* v = UnifiedVectorFormat::GetData<double>(values);
  auto* f = UnifiedVectorFormat::GetData<int64_t>(frequencies);
  auto* t = UnifiedVectorFormat::GetData<Holder<Counted>*>(targets);
  for (idx_t i = 0; i < count; ++i) {
    idx_t value_row = values.sel->get_index(i);
    idx_t frequency_row = frequencies.sel->get_index(i);
    if (!values.validity.RowIsValid(value_row) || !frequencies.validity.RowIsValid(frequency_row)) continue;
    int64_t frequency = f[frequency_row];
    if (frequency < 0) {
      ThrowStatus(Error("_LEGACY_ERROR_TEMP_2013", {{"frequencyExpression", std::to_string(frequency)}},
                        "Negative values found in the frequency of percentile: " + std::to_string(frequency)));
    }
    if (frequency > 0) BodyOf(t[targets.sel->get_index(i)]).values.emplace_back(v[value_row], frequency);
  }
}

// The value at an index of the expanded, sorted sequence. `until[i]`: how many elements up to and with values[i].
double ValueAt(const Counted& c, const std::vector<int64_t>& until, int64_t index) {
  auto it = std::upper_bound(until.begin(), until.end(), index);
  return c.values[static_cast<size_t>(it - until.begin())].first;
}

double PercentileOf(const Counted& c, const std::vector<int64_t>& until, double p, bool discrete) {
  int64_t total = until.back();
  if (discrete) {
    auto rank = static_cast<int64_t>(std::ceil(p * static_cast<double>(total)));
    return ValueAt(c, until, std::max<int64_t>(rank - 1, 0));
  }
  double position = static_cast<double>(total - 1) * p;
  double lower = std::floor(position);
  double higher = std::ceil(position);
  double low = ValueAt(c, until, static_cast<int64_t>(lower));
  if (lower == higher) return low;
  double high = ValueAt(c, until, static_cast<int64_t>(higher));
  if (low == high) return low;
  return (higher - position) * low + (position - lower) * high;
}

// Intervals come as doubles and go, cut off, as what they are stored in.
template <typename Out>
duckdb::Value PercentileValue(double value) {
  if constexpr (std::is_same_v<Out, double>) return duckdb::Value::DOUBLE(value);
  if constexpr (std::is_same_v<Out, int64_t>) return duckdb::Value::BIGINT(static_cast<int64_t>(value));
  if constexpr (std::is_same_v<Out, int32_t>) return duckdb::Value::INTEGER(static_cast<int32_t>(value));
}

template <bool kDiscrete, bool kDescending, typename Out>
void FinishPercentiles(Vector& states, AggregateInputData& input, Vector& result, idx_t count, idx_t offset) {
  UnifiedVectorFormat format;
  states.ToUnifiedFormat(count, format);
  auto* holders = UnifiedVectorFormat::GetData<Holder<Counted>*>(format);
  const std::vector<double> at = PercentagesOf(input);
  auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result);
  for (idx_t i = 0; i < count; ++i) {
    Counted* c = holders[format.sel->get_index(i)]->body;
    idx_t row = i + offset;
    if (c == nullptr || c->values.empty()) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    std::sort(c->values.begin(), c->values.end(), [](const auto& a, const auto& b) {
      return kDescending ? Less(b.first, a.first) : Less(a.first, b.first);
    });
    std::vector<int64_t> until;
    int64_t total = 0;
    for (const auto& [value, frequency] : c->values) until.push_back(total += frequency);
    idx_t start = duckdb::ListVector::GetListSize(result);
    entries[row] = {start, at.size()};
    for (double p : at) {
      duckdb::ListVector::PushBack(result, PercentileValue<Out>(PercentileOf(*c, until, p, kDiscrete)));
    }
  }
}

template <bool kDiscrete, bool kDescending, typename Out>
void AddPercentile(duckdb::ExtensionLoader& loader, const std::string& name, const LogicalType& type) {
  AggregateFunction function(name, {LogicalType::DOUBLE, LogicalType::LIST(LogicalType::DOUBLE), LogicalType::BIGINT},
                             LogicalType::LIST(type), HolderSize<Counted>, HolderInit<Counted>, UpdateCounted,
                             HolderCombine<Counted>, FinishPercentiles<kDiscrete, kDescending, Out>,
                             duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, nullptr, nullptr,
                             HolderDestroy<Counted>);
  TakesConstants<1, 2>(&function);
  loader.RegisterFunction(std::move(function));
}

template <bool kDiscrete, bool kDescending>
void AddPercentileOfTypes(duckdb::ExtensionLoader& loader, const std::string& name) {
  AddPercentile<kDiscrete, kDescending, double>(loader, name, LogicalType::DOUBLE);
  AddPercentile<kDiscrete, kDescending, int64_t>(loader, name + "_day_time", LogicalType::BIGINT);
  AddPercentile<kDiscrete, kDescending, int32_t>(loader, name + "_year_month", LogicalType::INTEGER);
}

// --- histogram -------------------------------------------------------------------------------------------

struct Histogram {
  struct Bin {
    double x, y;
  };
  std::vector<Bin> bins;
  size_t limit = 0;
  JavaRandom random{31183};

  void Insert(double x, double y) {
    auto it = std::lower_bound(bins.begin(), bins.end(), x, [](const Bin& b, double v) { return Less(b.x, v); });
    if (it != bins.end() && it->x == x) {
      it->y += y;
      return;
    }
    bins.insert(it, {x, y});
    if (bins.size() > limit) MergeClosest();
  }
  void MergeClosest() {
    size_t best = 0;
    double smallest = bins[1].x - bins[0].x;
    int ties = 1;
    for (size_t i = 1; i + 1 < bins.size(); ++i) {
      double gap = bins[i + 1].x - bins[i].x;
      if (gap < smallest) {
        smallest = gap;
        best = i;
        ties = 1;
      } else if (gap == smallest && random.NextDouble() <= 1.0 / ++ties) {
        best = i;
      }
    }
    double y = bins[best].y + bins[best + 1].y;
    bins[best].x = bins[best].x * (bins[best].y / y) + bins[best + 1].x * (bins[best + 1].y / y);
    bins[best].y = y;
    bins.erase(bins.begin() + static_cast<ptrdiff_t>(best) + 1);
  }
  void Merge(const Histogram& other) {
    if (limit == 0) limit = other.limit;
    for (const Bin& b : other.bins) Insert(b.x, b.y);
  }
};

void UpdateHistogram(Vector inputs[], AggregateInputData&, idx_t, Vector& states, idx_t count) {
  UnifiedVectorFormat values, limits, targets;
  inputs[0].ToUnifiedFormat(count, values);
  inputs[1].ToUnifiedFormat(count, limits);
  states.ToUnifiedFormat(count, targets);
  auto* v = UnifiedVectorFormat::GetData<double>(values);
  auto* n = UnifiedVectorFormat::GetData<int32_t>(limits);
  auto* t = UnifiedVectorFormat::GetData<Holder<Histogram>*>(targets);
  for (idx_t i = 0; i < count; ++i) {
    idx_t row = values.sel->get_index(i);
    if (!values.validity.RowIsValid(row)) continue;
    Histogram& h = BodyOf(t[targets.sel->get_index(i)]);
    if (h.limit == 0) h.limit = static_cast<size_t>(n[limits.sel->get_index(i)]);
    h.Insert(v[row], 1.0);
  }
}

void FinishHistogram(Vector& states, AggregateInputData&, Vector& result, idx_t count, idx_t offset) {
  UnifiedVectorFormat format;
  states.ToUnifiedFormat(count, format);
  auto* holders = UnifiedVectorFormat::GetData<Holder<Histogram>*>(format);
  auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result);
  for (idx_t i = 0; i < count; ++i) {
    const Histogram* h = holders[format.sel->get_index(i)]->body;
    if (h == nullptr || h->bins.empty()) {
      duckdb::FlatVector::SetNull(result, i + offset, true);
      continue;
    }
    entries[i + offset] = {duckdb::ListVector::GetListSize(result), h->bins.size()};
    for (const Histogram::Bin& bin : h->bins) {
      duckdb::child_list_t<duckdb::Value> fields;
      fields.emplace_back("x", duckdb::Value::DOUBLE(bin.x));
      fields.emplace_back("y", duckdb::Value::DOUBLE(bin.y));
      duckdb::ListVector::PushBack(result, duckdb::Value::STRUCT(std::move(fields)));
    }
  }
}

}  // namespace

void RegisterPercentiles(duckdb::ExtensionLoader& loader) {
  AddPercentileOfTypes<false, false>(loader, "spark_percentile");
  AddPercentileOfTypes<false, true>(loader, "spark_percentile_desc");
  AddPercentileOfTypes<true, false>(loader, "spark_percentile_disc");
  AddPercentileOfTypes<true, true>(loader, "spark_percentile_disc_desc");
  LogicalType bin = LogicalType::STRUCT({{"x", LogicalType::DOUBLE}, {"y", LogicalType::DOUBLE}});
  AggregateFunction histogram(
      "spark_histogram_numeric", {LogicalType::DOUBLE, LogicalType::INTEGER}, LogicalType::LIST(bin),
      HolderSize<Histogram>, HolderInit<Histogram>, UpdateHistogram, HolderCombine<Histogram>, FinishHistogram,
      duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, nullptr, nullptr, HolderDestroy<Histogram>);
  loader.RegisterFunction(std::move(histogram));
}

}  // namespace deltic::engine::functions
