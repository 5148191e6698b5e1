#include "delta/deletion_vector/deletion_vector.h"

#include "delta/deletion_vector/roaring_rows.h"

namespace deltic::delta {
namespace {

constexpr std::string_view kZ85 =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
// Length of a UUID in Z85.
constexpr size_t kEncodedUuid = 20;
// delta-spark allows rows up to this one in a file.
constexpr uint64_t kMaxRow = 0x7FFFFFFE80000000ULL;

uint32_t LittleEndian32(const char* bytes) {
  const auto* b = reinterpret_cast<const unsigned char*>(bytes);
  return b[0] | (uint32_t{b[1]} << 8) | (uint32_t{b[2]} << 16) | (uint32_t{b[3]} << 24);
}

uint32_t BigEndian32(const char* bytes) {
  const auto* b = reinterpret_cast<const unsigned char*>(bytes);
  return b[3] | (uint32_t{b[2]} << 8) | (uint32_t{b[1]} << 16) | (uint32_t{b[0]} << 24);
}

Status Corrupt(std::string condition, const std::string& table, const std::string& file, const std::string& why) {
  return Error(std::move(condition), {{"tablePath", table}, {"path", file}, {"reason", why}},
               "Corrupt deletion vector of table " + table + " in " + file + ": " + why);
}

std::string UuidText(std::string_view bytes) {
  static const char kHex[] = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    out.push_back(kHex[static_cast<unsigned char>(bytes[i]) >> 4]);
    out.push_back(kHex[static_cast<unsigned char>(bytes[i]) & 15]);
  }
  return out;
}

// The framed bitmap in a vector file: size (BE), bytes, CRC-32 (BE).
Result<std::string> ReadFramed(storage::ObjectStore* store, const std::string& table, const std::string& path,
                               const DeletionVectorDescriptor& descriptor) {
  const int64_t offset = descriptor.offset.value_or(1);
  ASSIGN_OR_RETURN(std::string framed, store->GetRange(path, offset, int64_t{descriptor.size_bytes} + 8));
  if (framed.size() < 8) return Corrupt("DELTA_DELETION_VECTOR_SIZE_MISMATCH", table, path, "the file is too short");
  const uint32_t size = BigEndian32(framed.data());
  if (size != static_cast<uint32_t>(descriptor.size_bytes)) {
    return Corrupt("DELTA_DELETION_VECTOR_SIZE_MISMATCH", table, path,
                   "size is " + std::to_string(size) + " but the log says " + std::to_string(descriptor.size_bytes));
  }
  if (framed.size() != size_t{size} + 8) {
    return Corrupt("DELTA_DELETION_VECTOR_SIZE_MISMATCH", table, path, "the file is too short");
  }
  std::string data = framed.substr(4, size);
  if (DeletionVectorChecksum(data) != BigEndian32(framed.data() + 4 + size)) {
    return Corrupt("DELTA_DELETION_VECTOR_CHECKSUM_MISMATCH", table, path, "the checksum does not match");
  }
  return data;
}

}  // namespace

std::optional<std::string> Z85Decode(std::string_view text) {
  if (text.size() % 5 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 5 * 4);
  for (size_t i = 0; i < text.size(); i += 5) {
    uint64_t value = 0;
    for (size_t k = 0; k < 5; k++) {
      const size_t digit = kZ85.find(text[i + k]);
      if (digit == std::string_view::npos) return std::nullopt;
      value = value * 85 + digit;
    }
    if (value > 0xFFFFFFFFULL) return std::nullopt;
    for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>((value >> shift) & 0xFF));
  }
  return out;
}

std::string Z85Encode(std::string_view bytes) {
  std::string out;
  for (size_t i = 0; i + 4 <= bytes.size(); i += 4) {
    uint32_t value = BigEndian32(bytes.data() + i);
    char digits[5];
    for (int k = 4; k >= 0; k--) {
      digits[k] = kZ85[value % 85];
      value /= 85;
    }
    out.append(digits, 5);
  }
  return out;
}

Result<std::shared_ptr<const DeletionVector>> DecodeDeletionVector(std::string_view bytes) {
  const auto bad = [](const std::string& why) { return Error("DELTA_DELETION_VECTOR_CORRUPTED", {}, why); };
  if (bytes.size() < 12) return bad("too short");
  if (LittleEndian32(bytes.data()) != kDeletionVectorMagic) return bad("wrong magic number");
  const uint64_t count =
      LittleEndian32(bytes.data() + 4) | (static_cast<uint64_t>(LittleEndian32(bytes.data() + 8)) << 32);
  size_t at = 12;
  // A bitmap takes at least 8 bytes beside its key.
  if (count > bytes.size() / 8) return bad("too many bitmaps");
  auto rows = std::make_shared<RoaringRows>();
  for (uint64_t i = 0; i < count; i++) {
    if (bytes.size() - at < 4) return bad("truncated");
    const uint32_t high = LittleEndian32(bytes.data() + at);
    at += 4;
    const size_t left = bytes.size() - at;
    const size_t size = roaring_bitmap_portable_deserialize_size(bytes.data() + at, left);
    if (size == 0 || size > left) return bad("a bitmap is malformed");
    Bitmap bitmap(roaring_bitmap_portable_deserialize_safe(bytes.data() + at, left));
    if (bitmap == nullptr) return bad("a bitmap is malformed");
    at += size;
    if ((static_cast<uint64_t>(high) << 32) > kMaxRow || !rows->AddPart(high, std::move(bitmap))) {
      return bad("bitmap keys are wrong");
    }
  }
  return std::shared_ptr<const DeletionVector>(std::move(rows));
}

std::shared_ptr<const DeletionVector> MakeDeletionVector(const std::vector<uint64_t>& rows) {
  auto out = std::make_shared<RoaringRows>();
  for (const uint64_t row : rows) out->Add(row);
  return out;
}

std::shared_ptr<const DeletionVector> SubtractDeletionVectors(const DeletionVector* a, const DeletionVector* b) {
  auto out = std::make_shared<RoaringRows>();
  if (a == nullptr) return out;
  const auto* left = dynamic_cast<const RoaringRows*>(a);
  const auto* right = dynamic_cast<const RoaringRows*>(b);
  if (left == nullptr || (b != nullptr && right == nullptr)) {  // another implementation of the interface
    for (const uint64_t row : a->ToVector()) {
      if (b == nullptr || !b->Contains(row)) out->Add(row);
    }
    return out;
  }
  for (const auto& [high, bitmap] : left->parts()) {
    Bitmap difference;
    const roaring_bitmap_t* other = nullptr;
    if (right != nullptr) {
      const auto it = right->parts().find(high);
      if (it != right->parts().end()) other = it->second.get();
    }
    difference.reset(other == nullptr ? roaring_bitmap_copy(bitmap.get()) : roaring_bitmap_andnot(bitmap.get(), other));
    if (!roaring_bitmap_is_empty(difference.get())) out->AddPart(high, std::move(difference));
  }
  return out;
}

Result<std::string> DeletionVectorPath(const std::string& table_path, const DeletionVectorDescriptor& descriptor) {
  if (descriptor.storage_type == "p") return storage::NormalizePath(storage::UriDecode(descriptor.path_or_inline));
  const std::string& text = descriptor.path_or_inline;
  if (text.size() < kEncodedUuid) {
    return Corrupt("DELTA_DELETION_VECTOR_CORRUPTED", table_path, text, "the file name is too short");
  }
  const auto uuid = Z85Decode(std::string_view(text).substr(text.size() - kEncodedUuid));
  if (!uuid) return Corrupt("DELTA_DELETION_VECTOR_CORRUPTED", table_path, text, "the file name is not Z85");
  const std::string prefix = text.substr(0, text.size() - kEncodedUuid);
  const std::string dir = prefix.empty() ? table_path : storage::JoinPath(table_path, prefix);
  return storage::JoinPath(dir, "deletion_vector_" + UuidText(*uuid) + ".bin");
}

Result<std::shared_ptr<const DeletionVector>> LoadDeletionVector(storage::ObjectStore* store,
                                                                 const std::string& table_path,
                                                                 const DeletionVectorDescriptor& descriptor) {
  std::string where = "the log (inline)";
  std::string bytes;
  if (descriptor.storage_type == "i") {
    auto decoded = Z85Decode(descriptor.path_or_inline);
    if (!decoded) return Corrupt("DELTA_DELETION_VECTOR_CORRUPTED", table_path, where, "not Z85");
    bytes = std::move(*decoded);
    // Z85 works in fours; padding beyond the stated size is dropped.
    if (bytes.size() < static_cast<size_t>(descriptor.size_bytes)) {
      return Corrupt("DELTA_DELETION_VECTOR_SIZE_MISMATCH", table_path, where, "too short");
    }
    bytes.resize(static_cast<size_t>(descriptor.size_bytes));
  } else {
    ASSIGN_OR_RETURN(where, DeletionVectorPath(table_path, descriptor));
    ASSIGN_OR_RETURN(bytes, ReadFramed(store, table_path, where, descriptor));
  }
  auto rows = DecodeDeletionVector(bytes);
  if (!rows.ok()) {
    return Corrupt("DELTA_DELETION_VECTOR_CORRUPTED", table_path, where, rows.status().detail());
  }
  if ((*rows)->Cardinality() != static_cast<uint64_t>(descriptor.cardinality)) {
    return Corrupt("DELTA_DELETION_VECTOR_CARDINALITY_MISMATCH", table_path, where,
                   "it marks " + std::to_string((*rows)->Cardinality()) + " rows but the log says " +
                       std::to_string(descriptor.cardinality));
  }
  return rows;
}

}  // namespace deltic::delta
