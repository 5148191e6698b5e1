// HyperLogLog sketches in the format of Apache DataSketches (HLL_8, updatable images), which Spark's hll_* functions
// read and write. A thin layer over the DataSketches headers, so that nothing else compiles them. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace deltic::sketch {

inline constexpr int kMinLgK = 4;
inline constexpr int kMaxLgK = 21;

class Hll {
 public:
  // An empty sketch of 2^lg_k buckets; lg_k in [kMinLgK, kMaxLgK].
  explicit Hll(int lg_k);
  // The sketch of an image; nullopt: not one.
  static std::optional<Hll> Read(std::string_view image);
  Hll(const Hll& other);
  Hll& operator=(const Hll& other);
  Hll(Hll&&) noexcept;
  Hll& operator=(Hll&&) noexcept;
  ~Hll();

  void Add(int64_t value);
  void Add(std::string_view bytes);  // an empty one counts for nothing
  int lg_k() const;
  double Estimate() const;
  std::string Image() const;

 private:
  struct Sketch;
  explicit Hll(std::unique_ptr<Sketch> sketch);
  std::unique_ptr<Sketch> sketch_;
  friend class HllUnion;
};

// Union of sketches, at most 2^lg_k buckets wide.
class HllUnion {
 public:
  explicit HllUnion(int lg_k);
  HllUnion(const HllUnion& other);
  HllUnion& operator=(const HllUnion&) = delete;
  HllUnion(HllUnion&&) noexcept;
  ~HllUnion();
  void Add(const Hll& sketch);
  int lg_k() const;
  Hll Result() const;

 private:
  struct Union;
  std::unique_ptr<Union> union_;
};

}  // namespace deltic::sketch
