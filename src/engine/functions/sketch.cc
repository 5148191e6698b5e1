// Bitmaps, count-min sketches and HyperLogLog sketches, byte for byte as Spark serialises them. Constant parameters of
// the aggregates go into their bind data.
#include <bit>
#include <cmath>

#include "engine/functions/constant_arguments.h"
#include "engine/functions/heap_state.h"
#include "engine/functions/java_random.h"
#include "engine/functions/kernel.h"
#include "engine/functions/murmur3.h"
#include "engine/functions/throw.h"
#include "sketch/hll.h"

namespace deltic::engine::functions {

void RegisterSketchKernels(KernelSink& sink);

namespace {

using duckdb::AggregateFunction;
using duckdb::AggregateInputData;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::string_t;
using duckdb::UnifiedVectorFormat;
using duckdb::Vector;
using std::string;
using std::string_view;

// --- aggregates with constants -----------------------------------------------------------------------------
int64_t Plain(int64_t value) { return value; }
string_view Plain(const string_t& value) { return {value.GetData(), value.GetSize()}; }

// A body has Setup(constants), Add(value), Merge and Image(); a group without values has the image of a fresh body.
template <typename Body, typename T>
void Update(Vector inputs[], AggregateInputData& data, idx_t, Vector& states, idx_t count) {
  UnifiedVectorFormat values, targets;
  inputs[0].ToUnifiedFormat(count, values);
  states.ToUnifiedFormat(count, targets);
  auto* v = UnifiedVectorFormat::GetData<T>(values);
  auto* t = UnifiedVectorFormat::GetData<Holder<Body>*>(targets);
  for (idx_t i = 0; i < count; ++i) {
    const idx_t row = values.sel->get_index(i);
    if (!values.validity.RowIsValid(row)) continue;
    Holder<Body>* holder = t[targets.sel->get_index(i)];
    if (holder->body == nullptr) BodyOf(holder).Setup(ConstantsOf(data));
    holder->body->Add(Plain(v[row]));
  }
}

template <typename Body>
void Finish(Vector& states, AggregateInputData& data, Vector& result, idx_t count, idx_t offset) {
  UnifiedVectorFormat format;
  states.ToUnifiedFormat(count, format);
  auto* holders = UnifiedVectorFormat::GetData<Holder<Body>*>(format);
  auto* out = duckdb::FlatVector::GetData<string_t>(result);
  for (idx_t i = 0; i < count; ++i) {
    const Body* body = holders[format.sel->get_index(i)]->body;
    string image;
    if (body != nullptr) {
      image = body->Image();
    } else {
      Body fresh;
      fresh.Setup(ConstantsOf(data));
      image = fresh.Image();
    }
    out[i + offset] = duckdb::StringVector::AddStringOrBlob(result, image.data(), image.size());
  }
}

template <typename Body, typename T>
void AddSketch(KernelSink& sink, const char* name, const LogicalType& value, std::vector<LogicalType> constants) {
  duckdb::vector<LogicalType> args = {value};
  for (const auto& c : constants) args.push_back(c);
  AggregateFunction function(name, std::move(args), LogicalType::BLOB, HolderSize<Body>, HolderInit<Body>,
                             Update<Body, T>, HolderCombine<Body>, Finish<Body>,
                             duckdb::FunctionNullHandling::SPECIAL_HANDLING, nullptr, nullptr, HolderDestroy<Body>);
  TakesConstants<1, 4>(&function);
  sink.RegisterFunction(std::move(function));
}

// --- bitmaps -----------------------------------------------------------------------------------------------
constexpr int64_t kBitmapBytes = 4096;
constexpr int64_t kBitmapBits = 8 * kBitmapBytes;

struct Bitmap {
  string bytes = string(kBitmapBytes, '\0');
  void Setup(const duckdb::vector<duckdb::Value>&) {}
  void Merge(const Bitmap& other) { Add(other.bytes); }
  string Image() const { return bytes; }
  // bitmap_construct_agg: a position.
  void Add(int64_t position) {
    if (position < 0 || position >= kBitmapBits) {
      ThrowStatus(Error("INVALID_BITMAP_POSITION", {{"bitPosition", std::to_string(position)},
                                                    {"bitmapNumBytes", std::to_string(kBitmapBytes)},
                                                    {"bitmapNumBits", std::to_string(kBitmapBits)}}));
    }
    bytes[static_cast<size_t>(position / 8)] |= static_cast<char>(1 << (position % 8));
  }
  // bitmap_or_agg: another bitmap, of any length.
  void Add(string_view other) {
    const size_t n = std::min(bytes.size(), other.size());
    for (size_t i = 0; i < n; i++) bytes[i] |= other[i];
  }
};

int64_t BitPosition(int64_t value) {
  // Java's arithmetic: -Long.MIN_VALUE wraps.
  if (value > 0) return (value - 1) % kBitmapBits;
  return static_cast<int64_t>(-static_cast<uint64_t>(value)) % kBitmapBits;
}
int64_t BucketNumber(int64_t value) { return value > 0 ? 1 + (value - 1) / kBitmapBits : value / kBitmapBits; }

// --- count-min sketches --------------------------------------------------------------------------------------
void AppendInt(int32_t value, string* out) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}
void AppendLong(int64_t value, string* out) {
  for (int shift = 56; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

// org.apache.spark.util.sketch.CountMinSketch, format version 1.
struct CountMin {
  int32_t depth = 0;
  int32_t width = 0;
  int64_t total = 0;
  std::vector<int64_t> factors;
  std::vector<int64_t> table;  // depth rows of width

  void Setup(const duckdb::vector<duckdb::Value>& constants) {
    const double eps = constants[0].GetValue<double>();
    const double confidence = constants[1].GetValue<double>();
    width = static_cast<int32_t>(std::ceil(2 / eps));
    depth = static_cast<int32_t>(std::ceil(-std::log1p(-confidence) / std::log(2)));
    JavaRandom random(static_cast<uint64_t>(static_cast<int64_t>(constants[2].GetValue<int32_t>())));
    for (int32_t i = 0; i < depth; i++) factors.push_back(random.NextInt(INT32_MAX));
    table.assign(static_cast<size_t>(depth) * static_cast<size_t>(width), 0);
  }
  void Count(int32_t row, int32_t bucket) {
    table[static_cast<size_t>(row) * static_cast<size_t>(width) + static_cast<size_t>(bucket)]++;
  }
  void Add(int64_t value) {
    for (int32_t i = 0; i < depth; i++) {
      auto hash =
          static_cast<int64_t>(static_cast<uint64_t>(factors[static_cast<size_t>(i)]) * static_cast<uint64_t>(value));
      hash = static_cast<int64_t>(static_cast<uint64_t>(hash) + static_cast<uint64_t>(hash >> 32));
      Count(i, static_cast<int32_t>(hash & INT32_MAX) % width);
    }
    total++;
  }
  void Add(string_view bytes) {
    const uint32_t first = Murmur3::Bytes(bytes, 0);
    const uint32_t second = Murmur3::Bytes(bytes, first);
    for (int32_t i = 0; i < depth; i++) {
      Count(i, std::abs(static_cast<int32_t>(first + static_cast<uint32_t>(i) * second) % width));
    }
    total++;
  }
  void Merge(const CountMin& other) {
    for (size_t i = 0; i < table.size(); i++) table[i] += other.table[i];
    total += other.total;
  }
  string Image() const {
    string out;
    AppendInt(1, &out);
    AppendLong(total, &out);
    AppendInt(depth, &out);
    AppendInt(width, &out);
    for (const int64_t f : factors) AppendLong(f, &out);
    for (const int64_t n : table) AppendLong(n, &out);
    return out;
  }
};

// --- HyperLogLog ---------------------------------------------------------------------------------------------
constexpr int kDefaultLgK = 12;

sketch::Hll ReadHll(string_view image, const char* function) {
  auto read = sketch::Hll::Read(image);
  if (!read.has_value()) {
    ThrowStatus(Error("HLL_INVALID_INPUT_SKETCH_BUFFER", {{"function", function}}));
  }
  return std::move(*read);
}

void CheckLgK(int left, int right, bool allow_different, const char* function) {
  if (left == right || allow_different) return;
  ThrowStatus(Error("HLL_UNION_DIFFERENT_LG_K",
                    {{"left", std::to_string(left)}, {"right", std::to_string(right)}, {"function", function}}));
}

struct HllValues {
  std::optional<sketch::Hll> sketch;
  void Setup(const duckdb::vector<duckdb::Value>& constants) { sketch.emplace(constants[0].GetValue<int32_t>()); }
  void Add(int64_t value) { sketch->Add(value); }
  void Add(string_view bytes) { sketch->Add(bytes); }
  void Merge(const HllValues& other) {
    sketch::HllUnion both(sketch->lg_k());
    both.Add(*sketch);
    both.Add(*other.sketch);
    sketch = both.Result();
  }
  string Image() const { return sketch->Image(); }
};

struct HllSketches {
  bool allow_different = false;
  std::optional<sketch::HllUnion> all;
  void Setup(const duckdb::vector<duckdb::Value>& constants) { allow_different = constants[0].GetValue<bool>(); }
  void Add(string_view image) { AddSketch(ReadHll(image, "`hll_union_agg`")); }
  void AddSketch(const sketch::Hll& sketch) {
    if (!all.has_value()) all.emplace(sketch.lg_k());
    CheckLgK(all->lg_k(), sketch.lg_k(), allow_different, "`hll_union_agg`");
    all->Add(sketch);
  }
  void Merge(const HllSketches& other) {
    if (other.all.has_value()) AddSketch(other.all->Result());
  }
  string Image() const { return all.has_value() ? all->Result().Image() : sketch::Hll(kDefaultLgK).Image(); }
};

string UnionOf(string_view left, string_view right, bool allow_different) {
  const sketch::Hll a = ReadHll(left, "`hll_union`");
  const sketch::Hll b = ReadHll(right, "`hll_union`");
  CheckLgK(a.lg_k(), b.lg_k(), allow_different, "`hll_union`");
  sketch::HllUnion both(std::min(a.lg_k(), b.lg_k()));
  both.Add(a);
  both.Add(b);
  return both.Result().Image();
}

}  // namespace

void RegisterSketchKernels(KernelSink& sink) {
  Add(sink, "spark_bitmap_bit_position", [](int64_t v) { return BitPosition(v); });
  Add(sink, "spark_bitmap_bucket_number", [](int64_t v) { return BucketNumber(v); });
  Add(sink, "spark_bitmap_count", [](Bytes b) {
    int64_t bits = 0;
    for (const char c : b.v) bits += std::popcount(static_cast<unsigned char>(c));
    return bits;
  });
  AddSketch<Bitmap, int64_t>(sink, "spark_bitmap_construct_agg", LogicalType::BIGINT, {});
  AddSketch<Bitmap, string_t>(sink, "spark_bitmap_or_agg", LogicalType::BLOB, {});
  const std::vector<LogicalType> shape = {LogicalType::DOUBLE, LogicalType::DOUBLE, LogicalType::INTEGER};
  AddSketch<CountMin, int64_t>(sink, "spark_count_min_sketch_long", LogicalType::BIGINT, shape);
  AddSketch<CountMin, string_t>(sink, "spark_count_min_sketch_text", LogicalType::VARCHAR, shape);
  AddSketch<CountMin, string_t>(sink, "spark_count_min_sketch_bytes", LogicalType::BLOB, shape);
  AddSketch<HllValues, int64_t>(sink, "spark_hll_sketch_agg_long", LogicalType::BIGINT, {LogicalType::INTEGER});
  AddSketch<HllValues, string_t>(sink, "spark_hll_sketch_agg_text", LogicalType::VARCHAR, {LogicalType::INTEGER});
  AddSketch<HllValues, string_t>(sink, "spark_hll_sketch_agg_bytes", LogicalType::BLOB, {LogicalType::INTEGER});
  AddSketch<HllSketches, string_t>(sink, "spark_hll_union_agg", LogicalType::BLOB, {LogicalType::BOOLEAN});
  Add(sink, "spark_hll_sketch_estimate", [](Bytes image) {
    const double estimate = ReadHll(image.v, "`hll_sketch_estimate`").Estimate();
    return static_cast<int64_t>(std::floor(estimate + 0.5));
  });
  Add(sink, "spark_hll_union",
      [](Bytes left, Bytes right, bool allow) { return BytesOut{UnionOf(left.v, right.v, allow)}; });
}

}  // namespace deltic::engine::functions
