// The variant binary encoding (parquet-format VariantEncoding.md): a value, and the dictionary of its field names, as
// two byte strings. VariantView reads one where it lies, VariantBuilder writes one.
//
// Invariants: no byte outside the two strings is read, whatever they hold; nesting beyond kMaxDepth is refused by those
// who recurse. Bytes that are no variant throw MALFORMED_VARIANT, an unknown primitive
// UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT, too many bytes VARIANT_CONSTRUCTOR_SIZE_LIMIT. A view is valid while the bytes
// are; a builder belongs to one thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.h"

namespace deltic::engine::variant {

using Int128 = __int128;

inline constexpr size_t kSizeLimit = size_t{128} << 20;  // of a value and of a dictionary
inline constexpr int kMaxDepth = 1000;                   // Jackson's own limit, so that of every parsed document

enum class Kind : uint8_t {
  kNull,
  kBoolean,
  kLong,  // an integer of any width
  kDouble,
  kDecimal,
  kDate,
  kTimestamp,
  kTimestampNtz,
  kFloat,
  kBinary,
  kString,
  kUuid,
  kObject,
  kArray,
};

struct VariantDecimal {
  Int128 unscaled = 0;
  int scale = 0;
};

[[noreturn]] void ThrowMalformedVariant();

class VariantView {
 public:
  VariantView(std::string_view value, std::string_view metadata);

  Kind kind() const;
  // Each only of a view of its kind.
  bool Boolean() const;
  int64_t Long() const;  // also date (days), timestamp and timestamp_ntz (microseconds)
  double Double() const;
  float Float() const;
  VariantDecimal Decimal() const;  // as stored
  std::string_view Text() const;   // string, binary, the 16 bytes of a UUID
  size_t size() const;             // elements of an array, fields of an object
  VariantView Element(size_t i) const;
  std::string_view Key(size_t i) const;
  VariantView Field(size_t i) const;
  std::optional<VariantView> Find(std::string_view key) const;

  // The bytes of this value (of a root: all there are, as Spark keeps them), those that belong to it, the dictionary.
  std::string_view bytes() const { return at_ == 0 ? value_ : own_bytes(); }
  std::string_view own_bytes() const;
  size_t scalar_size() const;  // of those; 1 for an array or object
  std::string_view metadata() const { return metadata_; }
  // Bytes from its start to the end of the root.
  size_t extent() const { return value_.size() - std::min(at_, value_.size()); }
  bool IsNull() const { return kind() == Kind::kNull; }

 private:
  // Where the parts of an object or array are.
  struct Layout {
    size_t size = 0;
    size_t id_size = 0;  // 0: an array
    size_t offset_size = 0;
    size_t ids = 0;
    size_t offsets = 0;
    size_t data = 0;
  };

  VariantView(std::string_view value, std::string_view metadata, size_t at)
      : value_(value), metadata_(metadata), at_(at) {}
  uint8_t header() const;
  uint64_t Unsigned(std::string_view bytes, size_t at, size_t width) const;
  int64_t Signed(size_t at, size_t width) const;
  Layout Parts(bool object) const;
  VariantView Child(const Layout& layout, size_t i) const;
  std::string_view KeyOf(uint64_t id) const;
  size_t ByteSize() const;

  std::string_view value_;
  std::string_view metadata_;
  size_t at_ = 0;
};

// The levels of a recursion into a variant, each told its value. Every value has a byte of its own, so meeting more
// values than there are bytes means that damaged parts share theirs, and would unfold without end: MALFORMED_VARIANT,
// as is too deep a level, and scalars that would together be larger than a variant can be.
class Descent {
 public:
  explicit Descent(const VariantView& root) : left_(root.extent()) {}

  class Level {
   public:
    Level(Descent* descent, const VariantView& view) : descent_(descent) {
      const size_t bytes = view.scalar_size();
      if (descent->left_-- == 0 || bytes > descent->bytes_left_ || ++descent->depth_ > kMaxDepth + 1) {
        ThrowMalformedVariant();
      }
      descent->bytes_left_ -= bytes;
    }
    ~Level() { descent_->depth_--; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Descent* const descent_;
  };

 private:
  size_t left_;
  size_t bytes_left_ = kSizeLimit;
  int depth_ = 0;
};

// The value without trailing zeros behind the point.
VariantDecimal StripZeros(VariantDecimal decimal);
// Digits of an unscaled value; 1 for zero.
int DigitsOf(Int128 unscaled);
// Java's String.compareTo (UTF-16 code units) of UTF-8 texts: negative, zero or positive.
int CompareJava(std::string_view a, std::string_view b);

class VariantBuilder {
 public:
  struct Field {
    int id = 0;
    size_t offset = 0;
  };

  void Reset();
  void Null();
  void Boolean(bool value);
  void Long(int64_t value);  // the shortest integer
  void Double(double value);
  void Float(float value);
  void Decimal(VariantDecimal value);  // the shortest decimal that keeps the scale; at most 38 digits
  void Date(int32_t days);
  void Timestamp(int64_t micros);
  void TimestampNtz(int64_t micros);
  void String(std::string_view text);
  void Binary(std::string_view bytes);
  // A value of another variant: its field names move into this dictionary.
  void Append(const VariantView& view);
  void Append(const VariantView& view, Descent* descent);

  // Objects and arrays: note position() first, append the parts and note where each starts, then finish.
  size_t position() const { return bytes_.size(); }
  int KeyId(std::string_view key);
  // Sorts the fields by name. Two of one name are an error: VARIANT_DUPLICATE_KEY.
  Status FinishObject(size_t start, std::vector<Field>* fields);
  void FinishArray(size_t start, const std::vector<size_t>& offsets);

  const std::string& value() const { return bytes_; }
  std::string Metadata() const;
  // Whether the value or its dictionary is too large to be a variant.
  bool IsTooLarge() const { return bytes_.size() > kSizeLimit || key_bytes_ > kSizeLimit; }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  void Primitive(int type);
  void Bytes(uint64_t value, size_t width);

  std::string bytes_;
  std::vector<std::string> keys_;
  std::unordered_map<std::string, int, Hash, std::equal_to<>> ids_;
  size_t key_bytes_ = 0;
};

}  // namespace deltic::engine::variant
