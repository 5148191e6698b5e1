#include "engine/variant/encoding.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/functions/throw.h"

namespace deltic::engine::variant {
namespace {

using functions::ThrowStatus;
using std::string_view;

enum Basic : uint8_t { kPrimitive = 0, kShortString = 1, kObjectType = 2, kArrayType = 3 };
enum Primitive : uint8_t {
  kNullType = 0,
  kTrue = 1,
  kFalse = 2,
  kInt1 = 3,
  kInt2 = 4,
  kInt4 = 5,
  kInt8 = 6,
  kDoubleType = 7,
  kDecimal4 = 8,
  kDecimal8 = 9,
  kDecimal16 = 10,
  kDateType = 11,
  kTimestampType = 12,
  kTimestampNtzType = 13,
  kFloatType = 14,
  kBinaryType = 15,
  kLongString = 16,
  kUuidType = 20,
};

constexpr uint8_t kVersion = 1;
constexpr uint8_t kVersionMask = 0x0F;
constexpr size_t kMaxShortString = 63;
constexpr size_t kBinarySearchFrom = 32;  // fields of an object, as Spark searches

int BasicOf(uint8_t header) { return header & 3; }
int TypeOf(uint8_t header) { return header >> 2; }

[[noreturn]] void ThrowUnknownPrimitive(int type) {
  ThrowStatus(Error("UNKNOWN_PRIMITIVE_TYPE_IN_VARIANT", {{"id", std::to_string(type)}}));
}

size_t WidthOf(size_t value) {
  if (value <= 0xFF) return 1;
  if (value <= 0xFFFF) return 2;
  return value <= 0xFFFFFF ? 3 : 4;
}

void Put(uint64_t value, size_t width, std::string* out) {
  for (size_t i = 0; i < width; i++) out->push_back(static_cast<char>(value >> (8 * i)));
}

// Bytes behind the header of a primitive of fixed size; nullopt: its size is in its first four bytes.
std::optional<size_t> FixedSize(int type) {
  switch (type) {
    case kNullType:
    case kTrue:
    case kFalse: return 0;
    case kInt1: return 1;
    case kInt2: return 2;
    case kInt4:
    case kDateType:
    case kFloatType: return 4;
    case kInt8:
    case kDoubleType:
    case kTimestampType:
    case kTimestampNtzType: return 8;
    case kDecimal4: return 5;
    case kDecimal8: return 9;
    case kDecimal16: return 17;
    case kUuidType: return 16;
    case kBinaryType:
    case kLongString: return std::nullopt;
    default: ThrowUnknownPrimitive(type);
  }
}

Kind KindOfPrimitive(int type) {
  switch (type) {
    case kNullType: return Kind::kNull;
    case kTrue:
    case kFalse: return Kind::kBoolean;
    case kInt1:
    case kInt2:
    case kInt4:
    case kInt8: return Kind::kLong;
    case kDoubleType: return Kind::kDouble;
    case kDecimal4:
    case kDecimal8:
    case kDecimal16: return Kind::kDecimal;
    case kDateType: return Kind::kDate;
    case kTimestampType: return Kind::kTimestamp;
    case kTimestampNtzType: return Kind::kTimestampNtz;
    case kFloatType: return Kind::kFloat;
    case kBinaryType: return Kind::kBinary;
    case kLongString: return Kind::kString;
    case kUuidType: return Kind::kUuid;
    default: ThrowUnknownPrimitive(type);
  }
}

}  // namespace

void ThrowMalformedVariant() { ThrowStatus(Error("MALFORMED_VARIANT", {})); }

VariantView::VariantView(string_view value, string_view metadata) : value_(value), metadata_(metadata) {
  if (metadata.empty() || (static_cast<uint8_t>(metadata[0]) & kVersionMask) != kVersion) ThrowMalformedVariant();
  if (metadata.size() > kSizeLimit || value.size() > kSizeLimit) {
    ThrowStatus(Error("VARIANT_CONSTRUCTOR_SIZE_LIMIT", {}));
  }
}

uint8_t VariantView::header() const {
  if (at_ >= value_.size()) ThrowMalformedVariant();
  return static_cast<uint8_t>(value_[at_]);
}

uint64_t VariantView::Unsigned(string_view bytes, size_t at, size_t width) const {
  if (at > bytes.size() || width > bytes.size() - at) ThrowMalformedVariant();
  uint64_t out = 0;
  for (size_t i = 0; i < width; i++) out |= uint64_t{static_cast<uint8_t>(bytes[at + i])} << (8 * i);
  return out;
}

int64_t VariantView::Signed(size_t at, size_t width) const {
  const uint64_t raw = Unsigned(value_, at, width);
  const size_t unused = 64 - 8 * width;
  return static_cast<int64_t>(raw << unused) >> unused;
}

Kind VariantView::kind() const {
  const uint8_t head = header();
  switch (BasicOf(head)) {
    case kShortString: return Kind::kString;
    case kObjectType: return Kind::kObject;
    case kArrayType: return Kind::kArray;
    default: return KindOfPrimitive(TypeOf(head));
  }
}

bool VariantView::Boolean() const { return TypeOf(header()) == kTrue; }

int64_t VariantView::Long() const {
  const auto width = FixedSize(TypeOf(header()));
  if (!width || *width == 0 || *width > 8) ThrowMalformedVariant();
  return Signed(at_ + 1, *width);
}

double VariantView::Double() const { return std::bit_cast<double>(Unsigned(value_, at_ + 1, 8)); }
float VariantView::Float() const { return std::bit_cast<float>(static_cast<uint32_t>(Unsigned(value_, at_ + 1, 4))); }

VariantDecimal VariantView::Decimal() const {
  VariantDecimal out;
  out.scale = static_cast<int>(Unsigned(value_, at_ + 1, 1));
  int limit = 38;
  switch (TypeOf(header())) {
    case kDecimal4:
      out.unscaled = Signed(at_ + 2, 4);
      limit = 9;
      break;
    case kDecimal8:
      out.unscaled = Signed(at_ + 2, 8);
      limit = 18;
      break;
    default: out.unscaled = (static_cast<Int128>(Signed(at_ + 10, 8)) << 64) | Unsigned(value_, at_ + 2, 8); break;
  }
  if (out.scale > limit || DigitsOf(out.unscaled) > limit) ThrowMalformedVariant();
  return out;
}

string_view VariantView::Text() const {
  const uint8_t head = header();
  size_t start = at_ + 1;
  size_t length = 0;
  if (BasicOf(head) == kShortString) {
    length = static_cast<size_t>(TypeOf(head));
  } else if (TypeOf(head) == kUuidType) {
    length = 16;
  } else {
    length = Unsigned(value_, start, 4);
    start += 4;
  }
  if (length > value_.size() - start) ThrowMalformedVariant();
  return value_.substr(start, length);
}

VariantView::Layout VariantView::Parts(bool object) const {
  const int info = TypeOf(header());
  Layout out;
  const bool large = ((info >> (object ? 4 : 2)) & 1) != 0;
  const size_t size_width = large ? 4 : 1;
  out.size = Unsigned(value_, at_ + 1, size_width);
  out.offset_size = static_cast<size_t>(info & 3) + 1;
  out.id_size = object ? static_cast<size_t>((info >> 2) & 3) + 1 : 0;
  out.ids = at_ + 1 + size_width;
  out.offsets = out.ids + out.size * out.id_size;
  out.data = out.offsets + (out.size + 1) * out.offset_size;
  // A size that cannot be must not make anyone reserve memory for it.
  if (out.data > value_.size()) ThrowMalformedVariant();
  return out;
}

size_t VariantView::size() const { return Parts(BasicOf(header()) == kObjectType).size; }

VariantView VariantView::Child(const Layout& layout, size_t i) const {
  if (i >= layout.size) ThrowMalformedVariant();
  const size_t offset = Unsigned(value_, layout.offsets + i * layout.offset_size, layout.offset_size);
  // Every value has a header, so a child starts before the end. Children behind their parent end recursion.
  if (offset >= value_.size() - std::min(layout.data, value_.size())) ThrowMalformedVariant();
  return {value_, metadata_, layout.data + offset};
}

VariantView VariantView::Element(size_t i) const { return Child(Parts(false), i); }
VariantView VariantView::Field(size_t i) const { return Child(Parts(true), i); }

string_view VariantView::KeyOf(uint64_t id) const {
  const size_t width = static_cast<size_t>(static_cast<uint8_t>(metadata_[0]) >> 6) + 1;
  const uint64_t count = Unsigned(metadata_, 1, width);
  if (id >= count) ThrowMalformedVariant();
  const size_t strings = 1 + (count + 2) * width;
  const uint64_t from = Unsigned(metadata_, 1 + (id + 1) * width, width);
  const uint64_t until = Unsigned(metadata_, 1 + (id + 2) * width, width);
  if (from > until || strings > metadata_.size() || until > metadata_.size() - strings) ThrowMalformedVariant();
  return metadata_.substr(strings + from, until - from);
}

string_view VariantView::Key(size_t i) const {
  const Layout layout = Parts(true);
  if (i >= layout.size) ThrowMalformedVariant();
  return KeyOf(Unsigned(value_, layout.ids + i * layout.id_size, layout.id_size));
}

std::optional<VariantView> VariantView::Find(string_view key) const {
  const Layout layout = Parts(true);
  const auto key_at = [&](size_t i) {
    return KeyOf(Unsigned(value_, layout.ids + i * layout.id_size, layout.id_size));
  };
  if (layout.size < kBinarySearchFrom) {
    for (size_t i = 0; i < layout.size; i++) {
      if (key_at(i) == key) return Child(layout, i);
    }
    return std::nullopt;
  }
  size_t low = 0;
  size_t high = layout.size;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const int order = CompareJava(key_at(middle), key);
    if (order == 0) return Child(layout, middle);
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return std::nullopt;
}

size_t VariantView::ByteSize() const {
  const uint8_t head = header();
  switch (BasicOf(head)) {
    case kShortString: return 1 + static_cast<size_t>(TypeOf(head));
    case kObjectType:
    case kArrayType: {
      const Layout layout = Parts(BasicOf(head) == kObjectType);
      return layout.data - at_ +
             Unsigned(value_, layout.offsets + layout.size * layout.offset_size, layout.offset_size);
    }
    default: break;
  }
  const auto fixed = FixedSize(TypeOf(head));
  return fixed ? 1 + *fixed : 5 + Unsigned(value_, at_ + 1, 4);
}

string_view VariantView::own_bytes() const {
  const size_t size = ByteSize();
  if (size > value_.size() - at_) ThrowMalformedVariant();
  return value_.substr(at_, size);
}

size_t VariantView::scalar_size() const {
  const int basic = BasicOf(header());
  return basic == kObjectType || basic == kArrayType ? 1 : own_bytes().size();
}

int DigitsOf(Int128 unscaled) {
  int digits = 1;
  for (; unscaled > 9 || unscaled < -9; unscaled /= 10) digits++;
  return digits;
}

VariantDecimal StripZeros(VariantDecimal decimal) {
  while (decimal.scale > 0 && decimal.unscaled % 10 == 0) {
    decimal.unscaled /= 10;
    decimal.scale--;
  }
  return decimal;
}

int CompareJava(string_view a, string_view b) {
  const size_t common = std::min(a.size(), b.size());
  for (size_t i = 0; i < common; i++) {
    const auto x = static_cast<uint8_t>(a[i]);
    const auto y = static_cast<uint8_t>(b[i]);
    if (x == y) continue;
    // Characters beyond U+FFFF are surrogates in UTF-16, which come before U+E000.
    const bool x_pair = x >= 0xF0;
    const bool y_pair = y >= 0xF0;
    if (x_pair != y_pair && (x_pair ? y : x) >= 0xEE) return x_pair ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

// --- building ---------------------------------------------------------------------------------------------

void VariantBuilder::Reset() {
  bytes_.clear();
  keys_.clear();
  ids_.clear();
  key_bytes_ = 0;
}

void VariantBuilder::Primitive(int type) { bytes_.push_back(static_cast<char>(type << 2 | kPrimitive)); }
void VariantBuilder::Bytes(uint64_t value, size_t width) { Put(value, width, &bytes_); }

void VariantBuilder::Null() { Primitive(kNullType); }
void VariantBuilder::Boolean(bool value) { Primitive(value ? kTrue : kFalse); }

void VariantBuilder::Long(int64_t value) {
  const auto raw = static_cast<uint64_t>(value);
  if (value == static_cast<int8_t>(value)) {
    Primitive(kInt1);
    Bytes(raw, 1);
  } else if (value == static_cast<int16_t>(value)) {
    Primitive(kInt2);
    Bytes(raw, 2);
  } else if (value == static_cast<int32_t>(value)) {
    Primitive(kInt4);
    Bytes(raw, 4);
  } else {
    Primitive(kInt8);
    Bytes(raw, 8);
  }
}

void VariantBuilder::Double(double value) {
  Primitive(kDoubleType);
  Bytes(std::bit_cast<uint64_t>(value), 8);
}
void VariantBuilder::Float(float value) {
  Primitive(kFloatType);
  Bytes(std::bit_cast<uint32_t>(value), 4);
}

void VariantBuilder::Decimal(VariantDecimal value) {
  const int digits = std::max(DigitsOf(value.unscaled), value.scale);
  const size_t width = digits <= 9 ? 4 : digits <= 18 ? 8 : 16;
  Primitive(width == 4 ? kDecimal4 : width == 8 ? kDecimal8 : kDecimal16);
  bytes_.push_back(static_cast<char>(value.scale));
  Bytes(static_cast<uint64_t>(value.unscaled), std::min<size_t>(width, 8));
  if (width == 16) Bytes(static_cast<uint64_t>(value.unscaled >> 64), 8);
}

void VariantBuilder::Date(int32_t days) {
  Primitive(kDateType);
  Bytes(static_cast<uint32_t>(days), 4);
}
void VariantBuilder::Timestamp(int64_t micros) {
  Primitive(kTimestampType);
  Bytes(static_cast<uint64_t>(micros), 8);
}
void VariantBuilder::TimestampNtz(int64_t micros) {
  Primitive(kTimestampNtzType);
  Bytes(static_cast<uint64_t>(micros), 8);
}

void VariantBuilder::String(string_view text) {
  if (text.size() <= kMaxShortString) {
    bytes_.push_back(static_cast<char>(text.size() << 2 | kShortString));
  } else {
    Primitive(kLongString);
    Bytes(text.size(), 4);
  }
  bytes_ += text;
}
void VariantBuilder::Binary(string_view bytes) {
  Primitive(kBinaryType);
  Bytes(bytes.size(), 4);
  bytes_ += bytes;
}

int VariantBuilder::KeyId(string_view key) {
  if (const auto known = ids_.find(key); known != ids_.end()) return known->second;
  const int id = static_cast<int>(keys_.size());
  ids_.emplace(key, id);
  keys_.emplace_back(key);
  key_bytes_ += key.size();
  return id;
}

Status VariantBuilder::FinishObject(size_t start, std::vector<Field>* fields) {
  const auto key_of = [&](const Field& field) -> const std::string& { return keys_[static_cast<size_t>(field.id)]; };
  std::stable_sort(fields->begin(), fields->end(),
                   [&](const Field& a, const Field& b) { return CompareJava(key_of(a), key_of(b)) < 0; });
  size_t max_id = 0;
  for (size_t i = 0; i < fields->size(); i++) {
    const Field& field = (*fields)[i];
    max_id = std::max(max_id, static_cast<size_t>(field.id));
    if (i > 0 && (*fields)[i - 1].id == field.id) {
      return Error("VARIANT_DUPLICATE_KEY", {{"key", key_of(field)}});
    }
  }
  const size_t data_size = bytes_.size() - start;
  const bool large = fields->size() > 0xFF;
  const size_t id_width = WidthOf(max_id);
  const size_t offset_width = WidthOf(data_size);
  std::string head;
  head.push_back(static_cast<char>((large ? 1 : 0) << 6 | static_cast<int>(id_width - 1) << 4 |
                                   static_cast<int>(offset_width - 1) << 2 | kObjectType));
  Put(fields->size(), large ? 4 : 1, &head);
  for (const Field& field : *fields) Put(static_cast<uint64_t>(field.id), id_width, &head);
  for (const Field& field : *fields) Put(field.offset, offset_width, &head);
  Put(data_size, offset_width, &head);
  bytes_.insert(start, head);
  return Status::Ok();
}

void VariantBuilder::FinishArray(size_t start, const std::vector<size_t>& offsets) {
  const size_t data_size = bytes_.size() - start;
  const bool large = offsets.size() > 0xFF;
  const size_t offset_width = WidthOf(data_size);
  std::string head;
  head.push_back(static_cast<char>((large ? 1 : 0) << 4 | static_cast<int>(offset_width - 1) << 2 | kArrayType));
  Put(offsets.size(), large ? 4 : 1, &head);
  for (const size_t offset : offsets) Put(offset, offset_width, &head);
  Put(data_size, offset_width, &head);
  bytes_.insert(start, head);
}

void VariantBuilder::Append(const VariantView& view) {
  Descent descent(view);
  Append(view, &descent);
}

void VariantBuilder::Append(const VariantView& view, Descent* descent) {
  const Descent::Level level(descent, view);
  const size_t start = position();
  const Kind kind = view.kind();
  if (kind == Kind::kObject) {
    std::vector<Field> fields;
    const size_t size = view.size();
    for (size_t i = 0; i < size; i++) {
      fields.push_back({KeyId(view.Key(i)), position() - start});
      Append(view.Field(i), descent);
    }
    const Status status = FinishObject(start, &fields);
    if (!status.ok()) ThrowStatus(status);
  } else if (kind == Kind::kArray) {
    std::vector<size_t> offsets;
    const size_t size = view.size();
    for (size_t i = 0; i < size; i++) {
      offsets.push_back(position() - start);
      Append(view.Element(i), descent);
    }
    FinishArray(start, offsets);
  } else {
    bytes_ += view.own_bytes();
  }
}

std::string VariantBuilder::Metadata() const {
  const size_t width = WidthOf(std::max(key_bytes_, keys_.size()));
  std::string out;
  out.reserve(1 + (keys_.size() + 2) * width + key_bytes_);
  out.push_back(static_cast<char>(kVersion | static_cast<int>(width - 1) << 6));
  Put(keys_.size(), width, &out);
  size_t offset = 0;
  for (const auto& key : keys_) {
    Put(offset, width, &out);
    offset += key.size();
  }
  Put(offset, width, &out);
  for (const auto& key : keys_) out += key;
  return out;
}

}  // namespace deltic::engine::variant
