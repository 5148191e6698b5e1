// Sums and means: 64-bit sums that wrap, fail or become NULL; exact decimal sums and means; interval means.
#include <limits>

#include "engine/functions/decimal_vector.h"
#include "engine/functions/register.h"
#include "engine/functions/runtime_errors.h"

namespace deltic::engine::functions {

void RegisterMoments(duckdb::ExtensionLoader& loader);
void RegisterPercentiles(duckdb::ExtensionLoader& loader);

namespace {

using duckdb::AggregateFinalizeData;
using duckdb::AggregateFunction;
using duckdb::AggregateInputData;
using duckdb::AggregateUnaryInput;
using duckdb::hugeint_t;
using duckdb::idx_t;
using duckdb::LogicalType;

enum class Mode : uint8_t { kWrap, kAnsi, kTry };

// --- integers --------------------------------------------------------------------------------------------

struct LongState {
  int64_t sum;
  bool any;
  bool overflow;
};

template <typename T, Mode kMode>
struct SumLong {
  template <class STATE>
  static void Initialize(STATE& state) {
    state = {0, false, false};
  }
  static void AddTo(LongState& state, int64_t v) {
    state.any = true;
    int64_t sum;
    bool overflow = __builtin_add_overflow(state.sum, v, &sum);
    if constexpr (kMode == Mode::kAnsi) {
      if (overflow) ThrowOverflow("long", "try_sum");
    } else if constexpr (kMode == Mode::kTry) {
      state.overflow = state.overflow || overflow;
    }
    state.sum = sum;  // the builtin stores the wrapped sum
  }
  template <class INPUT, class STATE, class OP>
  static void Operation(STATE& state, const INPUT& input, AggregateUnaryInput&) {
    AddTo(state, input);
  }
  template <class INPUT, class STATE, class OP>
  static void ConstantOperation(STATE& state, const INPUT& input, AggregateUnaryInput&, idx_t count) {
    if constexpr (kMode == Mode::kWrap) {
      state.any = true;
      state.sum = static_cast<int64_t>(static_cast<uint64_t>(state.sum) + static_cast<uint64_t>(input) * count);
    } else {
      for (idx_t i = 0; i < count; ++i) AddTo(state, input);
    }
  }
  template <class STATE, class OP>
  static void Combine(const STATE& source, STATE& target, AggregateInputData&) {
    if (!source.any) return;
    target.overflow = target.overflow || source.overflow;
    AddTo(target, source.sum);
  }
  template <class R, class STATE>
  static void Finalize(STATE& state, R& target, AggregateFinalizeData& data) {
    if (!state.any || state.overflow) {
      data.ReturnNull();
      return;
    }
    if (state.sum > std::numeric_limits<R>::max() || state.sum < std::numeric_limits<R>::min()) {
      if constexpr (kMode == Mode::kTry) {
        data.ReturnNull();
        return;
      }
      ThrowOverflow("integer");
    }
    target = static_cast<R>(state.sum);
  }
  static bool IgnoreNull() { return true; }
};

template <typename T, Mode kMode>
void AddSum(duckdb::ExtensionLoader& loader, const char* name, const LogicalType& type) {
  auto function = AggregateFunction::UnaryAggregate<LongState, T, T, SumLong<T, kMode>>(type, type);
  function.name = name;
  function.SetOrderDependent(duckdb::AggregateOrderDependent::NOT_ORDER_DEPENDENT);
  loader.RegisterFunction(std::move(function));
}

// --- decimals --------------------------------------------------------------------------------------------

struct DecimalState {
  Int128 sum;
  int64_t count;
  bool overflow;
};

struct DecimalData : duckdb::FunctionData {
  DecimalData(DecimalShape f, DecimalShape t) : from(f), to(t) {}
  DecimalShape from, to;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<DecimalData>(from, to); }
  bool Equals(const duckdb::FunctionData& other) const override {
    const auto& o = other.Cast<DecimalData>();
    return from == o.from && to == o.to;
  }
};

template <bool kAverage, bool kAnsi>
struct DecimalFold {
  template <class STATE>
  static void Initialize(STATE& state) {
    state = {0, 0, false};
  }
  template <class INPUT, class STATE, class OP>
  static void Operation(STATE& state, const INPUT& input, AggregateUnaryInput&) {
    ++state.count;
    state.overflow = __builtin_add_overflow(state.sum, LoadDecimal(input), &state.sum) || state.overflow;
  }
  template <class INPUT, class STATE, class OP>
  static void ConstantOperation(STATE& state, const INPUT& input, AggregateUnaryInput& data, idx_t count) {
    for (idx_t i = 0; i < count; ++i) Operation<INPUT, STATE, OP>(state, input, data);
  }
  template <class STATE, class OP>
  static void Combine(const STATE& source, STATE& target, AggregateInputData&) {
    target.count += source.count;
    target.overflow = __builtin_add_overflow(target.sum, source.sum, &target.sum) || target.overflow || source.overflow;
  }
  template <class R, class STATE>
  static void Finalize(STATE& state, R& target, AggregateFinalizeData& data) {
    if (state.count == 0) {
      data.ReturnNull();
      return;
    }
    const auto& shapes = data.input.bind_data->Cast<DecimalData>();
    std::optional<Int128> out;
    if (!state.overflow) {
      out = kAverage ? DecimalDivide(state.sum, shapes.from.scale, state.count, 0, shapes.to)
                     : Rescale(state.sum, shapes.from.scale, shapes.to.scale, shapes.to.precision);
    }
    if (out) {
      target = StoreDecimal<R>(*out);
      return;
    }
    if (kAnsi) ThrowOverflow(kAverage ? "Decimal avg" : "Decimal sum", kAverage ? "try_avg" : "try_sum");
    data.ReturnNull();
  }
  static bool IgnoreNull() { return true; }
};

template <bool kAverage, bool kAnsi>
AggregateFunction DecimalAggregate(DecimalShape from, DecimalShape to) {
  using Op = DecimalFold<kAverage, kAnsi>;
  return WithPhysical(from.precision, [&](auto in) {
    return WithPhysical(to.precision, [&](auto out) {
      return AggregateFunction::UnaryAggregate<DecimalState, decltype(in), decltype(out), Op>(DecimalOf(from),
                                                                                              DecimalOf(to));
    });
  });
}

template <bool kAverage, bool kAnsi>
duckdb::unique_ptr<duckdb::FunctionData> BindDecimal(duckdb::ClientContext&, AggregateFunction& function,
                                                     duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  DecimalShape from{kMaxDecimalPrecision, 0};
  if (args[0]->return_type.id() == duckdb::LogicalTypeId::DECIMAL) from = ShapeOf(args[0]->return_type);
  DecimalShape to =
      kAverage ? BoundedDecimal(from.precision + 4, from.scale + 4) : BoundedDecimal(from.precision + 10, from.scale);
  auto name = function.name;
  function = DecimalAggregate<kAverage, kAnsi>(from, to);
  function.name = name;
  function.SetOrderDependent(duckdb::AggregateOrderDependent::NOT_ORDER_DEPENDENT);
  return duckdb::make_uniq<DecimalData>(from, to);
}

template <bool kAverage, bool kAnsi>
void AddDecimal(duckdb::ExtensionLoader& loader, const char* name) {
  AggregateFunction function(name, {LogicalType(duckdb::LogicalTypeId::DECIMAL)},
                             LogicalType(duckdb::LogicalTypeId::DECIMAL), nullptr, nullptr, nullptr, nullptr, nullptr,
                             duckdb::FunctionNullHandling::DEFAULT_NULL_HANDLING, nullptr,
                             BindDecimal<kAverage, kAnsi>);
  loader.RegisterFunction(std::move(function));
}

// --- interval means ----------------------------------------------------------------------------------------

// The mean of microseconds or months, rounded half up.
template <typename T>
struct AverageInterval {
  template <class STATE>
  static void Initialize(STATE& state) {
    state = {0, 0, false};
  }
  template <class INPUT, class STATE, class OP>
  static void Operation(STATE& state, const INPUT& input, AggregateUnaryInput&) {
    state.sum += input;
    ++state.count;
  }
  template <class INPUT, class STATE, class OP>
  static void ConstantOperation(STATE& state, const INPUT& input, AggregateUnaryInput&, idx_t count) {
    state.sum += static_cast<Int128>(input) * static_cast<int64_t>(count);
    state.count += static_cast<int64_t>(count);
  }
  template <class STATE, class OP>
  static void Combine(const STATE& source, STATE& target, AggregateInputData&) {
    target.sum += source.sum;
    target.count += source.count;
  }
  template <class R, class STATE>
  static void Finalize(STATE& state, R& target, AggregateFinalizeData& data) {
    if (state.count == 0) {
      data.ReturnNull();
      return;
    }
    auto mean = DecimalDivide(state.sum, 0, state.count, 0, {kMaxDecimalPrecision, 0});
    target = static_cast<R>(mean.value_or(0));
  }
  static bool IgnoreNull() { return true; }
};

template <typename T>
void AddAverageInterval(duckdb::ExtensionLoader& loader, const char* name, const LogicalType& type) {
  auto function = AggregateFunction::UnaryAggregate<DecimalState, T, T, AverageInterval<T>>(type, type);
  function.name = name;
  loader.RegisterFunction(std::move(function));
}

}  // namespace

void RegisterAggregateKernels(duckdb::ExtensionLoader& loader) {
  AddSum<int64_t, Mode::kWrap>(loader, "spark_sum_long", LogicalType::BIGINT);
  AddSum<int64_t, Mode::kAnsi>(loader, "spark_sum_long_ansi", LogicalType::BIGINT);
  AddSum<int64_t, Mode::kTry>(loader, "spark_sum_long_try", LogicalType::BIGINT);
  AddSum<int32_t, Mode::kAnsi>(loader, "spark_sum_int_ansi", LogicalType::INTEGER);
  AddSum<int32_t, Mode::kTry>(loader, "spark_sum_int_try", LogicalType::INTEGER);
  AddDecimal<false, false>(loader, "spark_sum_decimal");
  AddDecimal<false, true>(loader, "spark_sum_decimal_ansi");
  AddDecimal<true, false>(loader, "spark_avg_decimal");
  AddDecimal<true, true>(loader, "spark_avg_decimal_ansi");
  AddAverageInterval<int64_t>(loader, "spark_avg_day_time", LogicalType::BIGINT);
  AddAverageInterval<int32_t>(loader, "spark_avg_year_month", LogicalType::INTEGER);
  RegisterMoments(loader);
  RegisterPercentiles(loader);
}

}  // namespace deltic::engine::functions
