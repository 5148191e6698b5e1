// Percentiles (spark_percentile, spark_percentile_disc) and histogram_numeric. States own heap memory and free it in
// their destructors.
#include <algorithm>
#include <cmath>
#include <vector>

#include "duckdb.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {

void RegisterPercentiles(duckdb::ExtensionLoader& loader);

namespace {

using duckdb::AggregateFunction;
using duckdb::AggregateInputData;
using duckdb::data_ptr_t;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::UnifiedVectorFormat;
using duckdb::Vector;

bool Less(double a, double b) { return std::isnan(b) ? !std::isnan(a) : a < b; }  // NaN is the greatest

template <typename Body>
struct Holder {
  Body* body;
};

template <typename Body>
idx_t HolderSize(const AggregateFunction&) {
  return sizeof(Holder<Body>);
}
template <typename Body>
void HolderInit(const AggregateFunction&, data_ptr_t state) {
  reinterpret_cast<Holder<Body>*>(state)->body = nullptr;
}
template <typename Body>
void HolderDestroy(Vector& states, AggregateInputData&, idx_t count) {
  UnifiedVectorFormat format;
  states.ToUnifiedFormat(count, format);
  auto* data = UnifiedVectorFormat::GetData<Holder<Body>*>(format);
  for (idx_t i = 0; i < count; ++i) {
    Holder<Body>* holder = data[format.sel->get_index(i)];
    delete holder->body;
    holder->body = nullptr;
  }
}
template <typename Body>
void HolderCombine(Vector& source, Vector& target, AggregateInputData&, idx_t count) {
  UnifiedVectorFormat from;
  source.ToUnifiedFormat(count, from);
  auto* s = UnifiedVectorFormat::GetData<Holder<Body>*>(from);
  auto* t = duckdb::FlatVector::GetData<Holder<Body>*>(target);
  for (idx_t i = 0; i < count; ++i) {
    const Holder<Body>* holder = s[from.sel->get_index(i)];
    if (holder->body == nullptr) continue;
    if (t[i]->body == nullptr) {
      t[i]->body = new Body(*holder->body);
    } else {
      t[i]->body->Merge(*holder->body);
    }
  }
}
template <typename Body>
Body& BodyOf(Holder<Body>* holder) {
  if (holder->body == nullptr) holder->body = new Body();
  return *holder->body;
}

// --- percentiles -----------------------------------------------------------------------------------------

struct Counted {
  std::vector<std::pair<double, int64_t>> values;
  void Merge(const Counted& other) { values.insert(values.end(), other.values.begin(), other.values.end()); }
};

struct Percentages : duckdb::FunctionData {
  explicit Percentages(std::vector<double> p) : at(std::move(p)) {}
  std::vector<double> at;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<Percentages>(at); }
  bool Equals(const duckdb::FunctionData& other) const override { return at == other.Cast<Percentages>().at; }
};

// percentile(value, percentages, frequency): the constant percentages go into the bind data.
duckdb::unique_ptr<duckdb::FunctionData> BindPercentages(duckdb::ClientContext& context, AggregateFunction& function,
                                                         duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  duckdb::Value list = duckdb::ExpressionExecutor::EvaluateScalar(context, *args[1]);
  std::vector<double> at;
  for (const auto& p : duckdb::ListValue::GetChildren(list)) at.push_back(p.GetValue<double>());
  duckdb::Function::EraseArgument(function, args, 1);
  return duckdb::make_uniq<Percentages>(std::move(at));
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

template <bool kDiscrete>
void FinishPercentiles(Vector& states, AggregateInputData& input, Vector& result, idx_t count, idx_t offset) {
  UnifiedVectorFormat format;
  states.ToUnifiedFormat(count, format);
  auto* holders = UnifiedVectorFormat::GetData<Holder<Counted>*>(format);
  const auto& at = input.bind_data->Cast<Percentages>().at;
  auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result);
  for (idx_t i = 0; i < count; ++i) {
    Counted* c = holders[format.sel->get_index(i)]->body;
    idx_t row = i + offset;
    if (c == nullptr || c->values.empty()) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    std::sort(c->values.begin(), c->values.end(), [](const auto& a, const auto& b) { return Less(a.first, b.first); });
    std::vector<int64_t> until;
    int64_t total = 0;
    for (const auto& [value, frequency] : c->values) until.push_back(total += frequency);
    idx_t start = duckdb::ListVector::GetListSize(result);
    entries[row] = {start, at.size()};
    for (double p : at) {
      duckdb::ListVector::PushBack(result, duckdb::Value::DOUBLE(PercentileOf(*c, until, p, kDiscrete)));
    }
  }
}

template <bool kDiscrete>
void AddPercentile(duckdb::ExtensionLoader& loader, const char* name) {
  AggregateFunction function(name, {LogicalType::DOUBLE, LogicalType::LIST(LogicalType::DOUBLE), LogicalType::BIGINT},
                             LogicalType::LIST(LogicalType::DOUBLE), HolderSize<Counted>, HolderInit<Counted>,
                             UpdateCounted, HolderCombine<Counted>, FinishPercentiles<kDiscrete>,
                             duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, nullptr, BindPercentages,
                             HolderDestroy<Counted>);
  loader.RegisterFunction(std::move(function));
}

// --- histogram -------------------------------------------------------------------------------------------

// java.util.Random's doubles, for ties between equally close bins.
class JavaRandom {
 public:
  explicit JavaRandom(uint64_t seed) : state_((seed ^ kMultiplier) & kMask) {}
  double NextDouble() {
    int64_t high = Next(26);
    return static_cast<double>((high << 27) + Next(27)) * 0x1.0p-53;
  }

 private:
  static constexpr uint64_t kMultiplier = 0x5DEECE66DULL;
  static constexpr uint64_t kMask = (uint64_t{1} << 48) - 1;
  int64_t Next(int bits) {
    state_ = (state_ * kMultiplier + 0xB) & kMask;
    return static_cast<int64_t>(state_ >> (48 - bits));
  }
  uint64_t state_;
};

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
  AddPercentile<false>(loader, "spark_percentile");
  AddPercentile<true>(loader, "spark_percentile_disc");
  LogicalType bin = LogicalType::STRUCT({{"x", LogicalType::DOUBLE}, {"y", LogicalType::DOUBLE}});
  AggregateFunction histogram(
      "spark_histogram_numeric", {LogicalType::DOUBLE, LogicalType::INTEGER}, LogicalType::LIST(bin),
      HolderSize<Histogram>, HolderInit<Histogram>, UpdateHistogram, HolderCombine<Histogram>, FinishHistogram,
      duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, nullptr, nullptr, HolderDestroy<Histogram>);
  loader.RegisterFunction(std::move(histogram));
}

}  // namespace deltic::engine::functions
