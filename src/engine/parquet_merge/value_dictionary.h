// The distinct values of a column chunk, numbered as they come: the dictionary page of merged chunks. Values are told
// apart by their PLAIN bytes, so that NaNs and zeros of either sign stay what they are. Used by one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deltic::engine::merge {

class ValueDictionary {
 public:
  // `value_bytes`: of a value; 0: each has its length before it, as BYTE_ARRAY has.
  explicit ValueDictionary(size_t value_bytes);

  // The number of a value, given with its length before it where it has one.
  uint32_t Add(std::string_view value);
  // Numbers of `count` PLAIN strings that are all of `plain`; throws CannotMerge when they are not.
  std::vector<uint32_t> AddStrings(std::string_view plain, size_t count);
  // Numbers of `count` PLAIN values that are all of `plain`; throws CannotMerge when they are not. Empty: each value
  // has the number of its place.
  std::vector<uint32_t> AddAll(std::string_view plain, size_t count);
  // Forgets the values from number `count` on; nothing is added after that.
  void Truncate(size_t count);

  size_t size() const { return starts_.size() - 1; }
  const std::string& plain() const { return plain_; }
  std::string_view value(size_t number) const {
    return std::string_view(plain_).substr(starts_[number], starts_[number + 1] - starts_[number]);
  }

  // The PLAIN values of `bytes`, which are exactly `count`; throws CannotMerge when they are not.
  static std::vector<std::string_view> Split(std::string_view bytes, size_t value_bytes, size_t count);

 private:
  void Grow();
  void Append(std::string_view value);

  const size_t value_bytes_;
  std::string plain_;
  std::vector<size_t> starts_{0};
  struct Slot {
    uint32_t hash = 0;
    uint32_t number = 0;  // plus one; 0: free
  };
  std::vector<Slot> slots_;
};

}  // namespace deltic::engine::merge
