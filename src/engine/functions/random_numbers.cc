// rand, randn and monotonically_increasing_id: volatile kernels with a state per thread.
//
// rand and randn follow Spark's XORShiftRandom, so a seed gives Spark's own numbers for its first partition; every
// further thread of a query is one more partition.
#include <atomic>
#include <cmath>
#include <memory>

#include "engine/functions/register.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {
namespace {

using duckdb::LogicalType;

// MurmurHash3 (32 bits) of eight bytes, as scala.util.hashing.MurmurHash3.bytesHash.
uint32_t HashBytes(const uint8_t (&bytes)[8], uint32_t seed) {
  auto rotate = [](uint32_t v, int n) { return (v << n) | (v >> (32 - n)); };
  uint32_t h = seed;
  for (int i = 0; i < 8; i += 4) {
    uint32_t k = static_cast<uint32_t>(bytes[i]) | static_cast<uint32_t>(bytes[i + 1]) << 8 |
                 static_cast<uint32_t>(bytes[i + 2]) << 16 | static_cast<uint32_t>(bytes[i + 3]) << 24;
    k = rotate(k * 0xcc9e2d51U, 15) * 0x1b873593U;
    h = rotate(h ^ k, 13) * 5 + 0xe6546b64U;
  }
  h ^= 8;
  h = (h ^ (h >> 16)) * 0x85ebca6bU;
  h = (h ^ (h >> 13)) * 0xc2b2ae35U;
  return h ^ (h >> 16);
}

// XORShiftRandom.hashSeed: the seed's big-endian bytes hashed twice.
int64_t HashSeed(int64_t seed) {
  uint8_t bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<uint8_t>(static_cast<uint64_t>(seed) >> (56 - 8 * i));
  constexpr uint32_t kArraySeed = 0x3c074a61U;
  uint32_t low = HashBytes(bytes, kArraySeed);
  uint32_t high = HashBytes(bytes, low);
  return static_cast<int64_t>((static_cast<uint64_t>(high) << 32) | low);
}

class XorShift {
 public:
  explicit XorShift(int64_t seed) : state_(HashSeed(seed)) {}

  double NextDouble() {
    int64_t high = Next(26);
    return static_cast<double>((high << 27) + Next(27)) * 0x1.0p-53;
  }
  // java.util.Random.nextGaussian: Marsaglia's polar method, two at a time.
  double NextGaussian() {
    if (has_next_) {
      has_next_ = false;
      return next_;
    }
    double a, b, s;
    do {
      a = 2 * NextDouble() - 1;
      b = 2 * NextDouble() - 1;
      s = a * a + b * b;
    } while (s >= 1 || s == 0);
    double factor = std::sqrt(-2 * std::log(s) / s);
    next_ = b * factor;
    has_next_ = true;
    return a * factor;
  }

 private:
  int64_t Next(int bits) {
    auto s = static_cast<uint64_t>(state_);
    s ^= s << 21;
    s ^= s >> 35;
    s ^= s << 4;
    state_ = static_cast<int64_t>(s);
    return static_cast<int64_t>(s & ((uint64_t{1} << bits) - 1));
  }
  int64_t state_;
  bool has_next_ = false;
  double next_ = 0;
};

// Shared by the threads of one query: how many have started.
struct Partitions : duckdb::FunctionData {
  explicit Partitions(std::shared_ptr<std::atomic<int64_t>> c) : count(std::move(c)) {}
  std::shared_ptr<std::atomic<int64_t>> count;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override { return duckdb::make_uniq<Partitions>(count); }
  bool Equals(const duckdb::FunctionData& other) const override { return count == other.Cast<Partitions>().count; }
};

duckdb::unique_ptr<duckdb::FunctionData> BindPartitions(duckdb::ClientContext&, duckdb::ScalarFunction&,
                                                        duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>&) {
  return duckdb::make_uniq<Partitions>(std::make_shared<std::atomic<int64_t>>(0));
}

struct ThreadState : duckdb::FunctionLocalState {
  explicit ThreadState(int64_t p) : partition(p) {}
  int64_t partition;
  int64_t row = 0;
  std::unique_ptr<XorShift> random;
};

duckdb::unique_ptr<duckdb::FunctionLocalState> StartThread(duckdb::ExpressionState&,
                                                           const duckdb::BoundFunctionExpression&,
                                                           duckdb::FunctionData* data) {
  return duckdb::make_uniq<ThreadState>(data->Cast<Partitions>().count->fetch_add(1));
}

ThreadState& StateOf(duckdb::ExpressionState& state) {
  return duckdb::ExecuteFunctionState::GetFunctionState(state)->Cast<ThreadState>();
}

template <double (XorShift::*kNext)()>
void RunRandom(duckdb::DataChunk& args, duckdb::ExpressionState& state, duckdb::Vector& result) {
  ThreadState& thread = StateOf(state);
  if (!thread.random) {
    duckdb::UnifiedVectorFormat seeds;
    args.data[0].ToUnifiedFormat(args.size(), seeds);
    int64_t seed = duckdb::UnifiedVectorFormat::GetData<int64_t>(seeds)[seeds.sel->get_index(0)];
    thread.random = std::make_unique<XorShift>(seed + thread.partition);
  }
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* out = duckdb::FlatVector::GetData<double>(result);
  for (duckdb::idx_t i = 0; i < args.size(); ++i) out[i] = (*thread.random.*kNext)();
}

void RunIds(duckdb::DataChunk& args, duckdb::ExpressionState& state, duckdb::Vector& result) {
  constexpr int kRowBits = 33;
  ThreadState& thread = StateOf(state);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* out = duckdb::FlatVector::GetData<int64_t>(result);
  for (duckdb::idx_t i = 0; i < args.size(); ++i) out[i] = (thread.partition << kRowBits) + thread.row++;
}

void AddVolatile(KernelSink& sink, const char* name, duckdb::vector<LogicalType> args, const LogicalType& result,
                 duckdb::scalar_function_t run) {
  duckdb::ScalarFunction function(name, std::move(args), result, std::move(run), BindPartitions);
  function.SetInitStateCallback(StartThread);
  function.SetVolatile();
  sink.RegisterFunction(std::move(function));
}

}  // namespace

void RegisterMiscKernels(duckdb::ExtensionLoader& loader) {
  AddVolatile(loader, "spark_rand", {LogicalType::BIGINT}, LogicalType::DOUBLE, RunRandom<&XorShift::NextDouble>);
  AddVolatile(loader, "spark_randn", {LogicalType::BIGINT}, LogicalType::DOUBLE, RunRandom<&XorShift::NextGaussian>);
  AddVolatile(loader, "spark_monotonically_increasing_id", {}, LogicalType::BIGINT, RunIds);
}

}  // namespace deltic::engine::functions
