#include "engine/parquet_merge/value_dictionary.h"

#include <xxhash.h>

#include <cstring>
#include <limits>

#include "engine/parquet_merge/cannot_merge.h"

namespace deltic::engine::merge {
namespace {

constexpr size_t kFirstSlots = 1024;  // a power of two
constexpr char kDamaged[] = "damaged values";

// Takes a string with its length before it from *bytes.
std::string_view TakeString(std::string_view* bytes) {
  uint32_t length = 0;
  Require(bytes->size() >= sizeof length, kDamaged);
  std::memcpy(&length, bytes->data(), sizeof length);
  Require(bytes->size() - sizeof length >= length, kDamaged);
  const auto string = bytes->substr(0, sizeof length + length);
  bytes->remove_prefix(string.size());
  return string;
}

}  // namespace

ValueDictionary::ValueDictionary(size_t value_bytes) : value_bytes_(value_bytes), slots_(kFirstSlots) {}

uint32_t ValueDictionary::Add(std::string_view value) {
  const auto hash = static_cast<uint32_t>(XXH3_64bits(value.data(), value.size()));
  const size_t mask = slots_.size() - 1;
  for (size_t at = hash & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.number == 0) {
      slot = {hash, static_cast<uint32_t>(size() + 1)};
      Append(value);
      if (size() * 2 > slots_.size()) Grow();
      return static_cast<uint32_t>(size() - 1);
    }
    if (slot.hash == hash && this->value(slot.number - 1) == value) return slot.number - 1;
  }
}

void ValueDictionary::Append(std::string_view value) {
  Require(size() < std::numeric_limits<int32_t>::max(), "too many distinct values");
  plain_.append(value);
  starts_.push_back(plain_.size());
}

void ValueDictionary::Grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  const size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number == 0) continue;
    size_t at = slot.hash & mask;
    while (slots_[at].number != 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::vector<uint32_t> ValueDictionary::AddStrings(std::string_view plain, size_t count) {
  Require(count <= plain.size() / sizeof(uint32_t), kDamaged);
  std::vector<uint32_t> numbers;
  numbers.reserve(count);
  for (size_t i = 0; i < count; i++) numbers.push_back(Add(TakeString(&plain)));
  Require(plain.empty(), kDamaged);
  return numbers;
}

std::vector<uint32_t> ValueDictionary::AddAll(std::string_view plain, size_t count) {
  const auto values = Split(plain, value_bytes_, count);
  if (plain_.starts_with(plain)) return {};
  std::vector<uint32_t> numbers;
  numbers.reserve(count);
  bool same = true;
  for (const auto value : values) {
    const uint32_t number = Add(value);
    same = same && number == numbers.size();
    numbers.push_back(number);
  }
  if (same) numbers.clear();
  return numbers;
}

void ValueDictionary::Truncate(size_t count) {
  if (count >= size()) return;
  starts_.resize(count + 1);
  plain_.resize(starts_.back());
}

std::vector<std::string_view> ValueDictionary::Split(std::string_view bytes, size_t value_bytes, size_t count) {
  std::vector<std::string_view> out;
  if (value_bytes > 0) {
    Require(bytes.size() % value_bytes == 0 && bytes.size() / value_bytes == count, kDamaged);
    out.reserve(count);
    for (size_t at = 0; at < bytes.size(); at += value_bytes) out.push_back(bytes.substr(at, value_bytes));
    return out;
  }
  Require(count <= bytes.size() / sizeof(uint32_t), kDamaged);
  out.reserve(count);
  for (size_t i = 0; i < count; i++) out.push_back(TakeString(&bytes));
  Require(bytes.empty(), kDamaged);
  return out;
}

}  // namespace deltic::engine::merge
