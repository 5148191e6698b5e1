// Moments, correlation and regression, updated and merged by Spark's formulas (CentralMomentAgg, Corr, Covariance).
#include <cmath>

#include "duckdb.hpp"
#include "duckdb/main/extension/extension_loader.hpp"

namespace deltic::engine::functions {

void RegisterMoments(duckdb::ExtensionLoader& loader);

namespace {

using duckdb::AggregateBinaryInput;
using duckdb::AggregateFinalizeData;
using duckdb::AggregateFunction;
using duckdb::AggregateInputData;
using duckdb::AggregateUnaryInput;
using duckdb::idx_t;
using duckdb::LogicalType;

struct Moments {
  double n, avg, m2, m3, m4;
};

// The result, or false for NULL.
using Evaluate = bool (*)(const Moments&, double*);

template <Evaluate kEvaluate>
struct MomentAggregate {
  template <class STATE>
  static void Initialize(STATE& s) {
    s = {0, 0, 0, 0, 0};
  }
  template <class INPUT, class STATE, class OP>
  static void Operation(STATE& s, const INPUT& x, AggregateUnaryInput&) {
    double n = s.n + 1;
    double delta = x - s.avg;
    double delta_n = delta / n;
    double m2 = s.m2 + delta * (delta - delta_n);
    double delta2 = delta * delta;
    double delta_n2 = delta_n * delta_n;
    double m3 = s.m3 - 3.0 * delta_n * m2 + delta * (delta2 - delta_n2);
    s.m4 = s.m4 - 4.0 * delta_n * m3 - 6.0 * delta_n2 * m2 + delta * (delta * delta2 - delta_n * delta_n2);
    s.m3 = m3;
    s.m2 = m2;
    s.avg += delta_n;
    s.n = n;
  }
  template <class INPUT, class STATE, class OP>
  static void ConstantOperation(STATE& s, const INPUT& x, AggregateUnaryInput& data, idx_t count) {
    for (idx_t i = 0; i < count; ++i) Operation<INPUT, STATE, OP>(s, x, data);
  }
  template <class STATE, class OP>
  static void Combine(const STATE& r, STATE& l, AggregateInputData&) {
    if (r.n == 0) return;
    double n = l.n + r.n;
    double delta = r.avg - l.avg;
    double delta_n = delta / n;
    Moments out;
    out.n = n;
    out.avg = l.avg + delta_n * r.n;
    out.m2 = l.m2 + r.m2 + delta * delta_n * l.n * r.n;
    out.m3 =
        l.m3 + r.m3 + delta_n * delta_n * delta * l.n * r.n * (l.n - r.n) + 3.0 * delta_n * (l.n * r.m2 - r.n * l.m2);
    out.m4 = l.m4 + r.m4 + delta_n * delta_n * delta_n * delta * l.n * r.n * (l.n * l.n - l.n * r.n + r.n * r.n) +
             6.0 * delta_n * delta_n * (l.n * l.n * r.m2 + r.n * r.n * l.m2) +
             4.0 * delta_n * (l.n * r.m3 - r.n * l.m3);
    l = out;
  }
  template <class R, class STATE>
  static void Finalize(STATE& s, R& target, AggregateFinalizeData& data) {
    if (s.n == 0 || !kEvaluate(s, &target)) data.ReturnNull();
  }
  static bool IgnoreNull() { return true; }
};

bool Set(double v, double* out) {
  *out = v;
  return true;
}
bool StddevPop(const Moments& s, double* out) { return Set(std::sqrt(s.m2 / s.n), out); }
bool StddevSamp(const Moments& s, double* out) { return s.n != 1 && Set(std::sqrt(s.m2 / (s.n - 1)), out); }
bool VarPop(const Moments& s, double* out) { return Set(s.m2 / s.n, out); }
bool VarSamp(const Moments& s, double* out) { return s.n != 1 && Set(s.m2 / (s.n - 1), out); }
bool Skewness(const Moments& s, double* out) {
  return s.m2 != 0 && Set(std::sqrt(s.n) * s.m3 / std::sqrt(s.m2 * s.m2 * s.m2), out);
}
bool Kurtosis(const Moments& s, double* out) { return s.m2 != 0 && Set(s.n * s.m4 / (s.m2 * s.m2) - 3.0, out); }

template <Evaluate kEvaluate>
void AddMoment(duckdb::ExtensionLoader& loader, const char* name) {
  auto function = AggregateFunction::UnaryAggregate<Moments, double, double, MomentAggregate<kEvaluate>>(
      LogicalType::DOUBLE, LogicalType::DOUBLE);
  function.name = name;
  loader.RegisterFunction(std::move(function));
}

// --- pairs -----------------------------------------------------------------------------------------------

// a and b are the arguments in the order of the call.
struct Pairs {
  double n, avg_a, avg_b, ck, mk_a, mk_b;
  double m2_a, m2_b;  // the same sums by CentralMomentAgg's formula, which regr_* use
  double ck_b;        // ck with b as Covariance's first side, as regr_slope and regr_intercept have it
};
using EvaluatePairs = bool (*)(const Pairs&, double*);

template <EvaluatePairs kEvaluate>
struct PairAggregate {
  template <class STATE>
  static void Initialize(STATE& s) {
    s = {0, 0, 0, 0, 0, 0, 0, 0, 0};
  }
  template <class A, class B, class STATE, class OP>
  static void Operation(STATE& s, const A& a, const B& b, AggregateBinaryInput&) {
    s.n += 1;
    double da = a - s.avg_a;
    double db = b - s.avg_b;
    s.avg_a += da / s.n;
    s.avg_b += db / s.n;
    s.ck += da * (b - s.avg_b);
    s.ck_b += db * (a - s.avg_a);
    s.mk_a += da * (a - s.avg_a);
    s.mk_b += db * (b - s.avg_b);
    s.m2_a += da * (da - da / s.n);
    s.m2_b += db * (db - db / s.n);
  }
  template <class STATE, class OP>
  static void Combine(const STATE& r, STATE& l, AggregateInputData&) {
    if (r.n == 0) return;
    double n = l.n + r.n;
    double da = r.avg_a - l.avg_a;
    double da_n = da / n;
    double db = r.avg_b - l.avg_b;
    double db_n = db / n;
    Pairs out;
    out.n = n;
    out.avg_a = l.avg_a + da_n * r.n;
    out.avg_b = l.avg_b + db_n * r.n;
    out.ck = l.ck + r.ck + da * db_n * l.n * r.n;
    out.ck_b = l.ck_b + r.ck_b + db * da_n * l.n * r.n;
    out.mk_a = l.mk_a + r.mk_a + da * da_n * l.n * r.n;
    out.mk_b = l.mk_b + r.mk_b + db * db_n * l.n * r.n;
    out.m2_a = l.m2_a + r.m2_a + da * da_n * l.n * r.n;
    out.m2_b = l.m2_b + r.m2_b + db * db_n * l.n * r.n;
    l = out;
  }
  template <class R, class STATE>
  static void Finalize(STATE& s, R& target, AggregateFinalizeData& data) {
    if (s.n == 0 || !kEvaluate(s, &target)) data.ReturnNull();
  }
  static bool IgnoreNull() { return true; }
};

bool Corr(const Pairs& s, double* out) {
  double divisor = std::sqrt(s.mk_a * s.mk_b);
  return s.n != 1 && divisor != 0 && Set(s.ck / divisor, out);
}
bool CovarPop(const Pairs& s, double* out) { return Set(s.ck / s.n, out); }
bool CovarSamp(const Pairs& s, double* out) { return s.n != 1 && Set(s.ck / (s.n - 1), out); }
// regr_*(y, x): a is y, b is x.
bool RegrAvgX(const Pairs& s, double* out) { return Set(s.avg_b, out); }
bool RegrAvgY(const Pairs& s, double* out) { return Set(s.avg_a, out); }
// Spark 3.5 has the sides of the special cases exchanged: a constant y is NULL, a constant x is 1.
bool RegrR2(const Pairs& s, double* out) {
  if (s.mk_a == 0) return false;
  if (s.mk_b == 0) return Set(1.0, out);
  double corr = s.ck / std::sqrt(s.mk_a * s.mk_b);
  return Set(corr * corr, out);
}
bool RegrSlope(const Pairs& s, double* out) { return s.m2_b != 0 && Set(s.ck_b / s.m2_b, out); }
bool RegrIntercept(const Pairs& s, double* out) { return s.m2_b != 0 && Set(s.avg_a - s.ck_b / s.m2_b * s.avg_b, out); }
bool RegrSxx(const Pairs& s, double* out) { return Set(s.m2_b, out); }
bool RegrSyy(const Pairs& s, double* out) { return Set(s.m2_a, out); }
bool RegrSxy(const Pairs& s, double* out) { return Set(s.ck, out); }

template <EvaluatePairs kEvaluate>
void AddPair(duckdb::ExtensionLoader& loader, const char* name) {
  auto function = AggregateFunction::BinaryAggregate<Pairs, double, double, double, PairAggregate<kEvaluate>>(
      LogicalType::DOUBLE, LogicalType::DOUBLE, LogicalType::DOUBLE);
  function.name = name;
  loader.RegisterFunction(std::move(function));
}

struct PairCount {
  template <class STATE>
  static void Initialize(STATE& s) {
    s = 0;
  }
  template <class A, class B, class STATE, class OP>
  static void Operation(STATE& s, const A&, const B&, AggregateBinaryInput&) {
    ++s;
  }
  template <class STATE, class OP>
  static void Combine(const STATE& r, STATE& l, AggregateInputData&) {
    l += r;
  }
  template <class R, class STATE>
  static void Finalize(STATE& s, R& target, AggregateFinalizeData&) {
    target = s;
  }
  static bool IgnoreNull() { return true; }
};

}  // namespace

void RegisterMoments(duckdb::ExtensionLoader& loader) {
  AddMoment<StddevPop>(loader, "spark_stddev_pop");
  AddMoment<StddevSamp>(loader, "spark_stddev_samp");
  AddMoment<VarPop>(loader, "spark_var_pop");
  AddMoment<VarSamp>(loader, "spark_var_samp");
  AddMoment<Skewness>(loader, "spark_skewness");
  AddMoment<Kurtosis>(loader, "spark_kurtosis");
  AddPair<Corr>(loader, "spark_corr");
  AddPair<CovarPop>(loader, "spark_covar_pop");
  AddPair<CovarSamp>(loader, "spark_covar_samp");
  AddPair<RegrAvgX>(loader, "spark_regr_avgx");
  AddPair<RegrAvgY>(loader, "spark_regr_avgy");
  AddPair<RegrR2>(loader, "spark_regr_r2");
  AddPair<RegrSlope>(loader, "spark_regr_slope");
  AddPair<RegrIntercept>(loader, "spark_regr_intercept");
  AddPair<RegrSxx>(loader, "spark_regr_sxx");
  AddPair<RegrSyy>(loader, "spark_regr_syy");
  AddPair<RegrSxy>(loader, "spark_regr_sxy");
  auto count = AggregateFunction::BinaryAggregate<int64_t, double, double, int64_t, PairCount>(
      LogicalType::DOUBLE, LogicalType::DOUBLE, LogicalType::BIGINT);
  count.name = "spark_regr_count";
  loader.RegisterFunction(std::move(count));
}

}  // namespace deltic::engine::functions
