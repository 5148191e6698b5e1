#include "sketch/hll.h"

#include <exception>
#include <hll.hpp>

namespace deltic::sketch {

using datasketches::hll_sketch;
using datasketches::hll_union;
constexpr auto kType = datasketches::HLL_8;

struct Hll::Sketch {
  hll_sketch value;
};
struct HllUnion::Union {
  hll_union value;
};

Hll::Hll(int lg_k) : sketch_(new Sketch{hll_sketch(static_cast<uint8_t>(lg_k), kType)}) {}
Hll::Hll(std::unique_ptr<Sketch> sketch) : sketch_(std::move(sketch)) {}
Hll::Hll(const Hll& other) : sketch_(new Sketch{other.sketch_->value}) {}
Hll& Hll::operator=(const Hll& other) {
  if (this != &other) sketch_ = std::unique_ptr<Sketch>(new Sketch{other.sketch_->value});
  return *this;
}
Hll::Hll(Hll&&) noexcept = default;
Hll& Hll::operator=(Hll&&) noexcept = default;
Hll::~Hll() = default;

std::optional<Hll> Hll::Read(std::string_view image) {
  try {
    hll_sketch read = hll_sketch::deserialize(image.data(), image.size());
    if (read.get_lg_config_k() < kMinLgK || read.get_lg_config_k() > kMaxLgK) return std::nullopt;
    return Hll(std::unique_ptr<Sketch>(new Sketch{std::move(read)}));
  } catch (const std::exception&) {  // the headers report every malformed image so
    return std::nullopt;
  }
}

void Hll::Add(int64_t value) { sketch_->value.update(value); }
void Hll::Add(std::string_view bytes) {
  if (!bytes.empty()) sketch_->value.update(bytes.data(), bytes.size());
}
int Hll::lg_k() const { return sketch_->value.get_lg_config_k(); }
double Hll::Estimate() const { return sketch_->value.get_estimate(); }
std::string Hll::Image() const {
  const auto bytes = sketch_->value.serialize_updatable();
  return {bytes.begin(), bytes.end()};
}

HllUnion::HllUnion(int lg_k) : union_(new Union{hll_union(static_cast<uint8_t>(lg_k))}) {}
HllUnion::HllUnion(const HllUnion& other) : union_(new Union{other.union_->value}) {}
HllUnion::HllUnion(HllUnion&&) noexcept = default;
HllUnion::~HllUnion() = default;
void HllUnion::Add(const Hll& sketch) {
  const bool narrowed = sketch.lg_k() != lg_k();
  union_->value.update(sketch.sketch_->value);
  // Narrowing leaves the union's counters behind, so that the next sketch would replace it; an estimate renews them.
  if (narrowed) static_cast<void>(union_->value.get_estimate());
}
int HllUnion::lg_k() const { return union_->value.get_lg_config_k(); }
Hll HllUnion::Result() const {
  return Hll(std::unique_ptr<Hll::Sketch>(new Hll::Sketch{union_->value.get_result(kType)}));
}

}  // namespace deltic::sketch
