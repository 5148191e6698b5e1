#include "delta/deletion_vector/deletion_vector_writer.h"

#include "base/check.h"
#include "delta/deletion_vector/roaring_rows.h"

namespace deltic::delta {
namespace {

constexpr char kFileVersion = 1;

void AppendBigEndian(std::string* out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>((value >> shift) & 0xFF));
}

void AppendLittleEndian(std::string* out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++) out->push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
}

// The 16 bytes of a UUID's text.
std::string UuidBytes(const std::string& uuid) {
  std::string out;
  int high = -1;
  for (const char c : uuid) {
    if (c == '-') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<char>(high * 16 + digit));
      high = -1;
    }
  }
  return out;
}

// The roaring form of any vector.
std::shared_ptr<RoaringRows> RoaringCopy(const DeletionVector& rows) {
  if (const auto* roaring = dynamic_cast<const RoaringRows*>(&rows)) return roaring->Copy();
  auto out = std::make_shared<RoaringRows>();
  for (const uint64_t row : rows.ToVector()) out->Add(row);
  return out;
}

std::string FilePath(const std::string& table_path, const std::string& uuid) {
  std::string name = "deletion_vector_";
  name.append(uuid).append(".bin");
  return storage::JoinPath(table_path, name);
}

}  // namespace

DeletionVectorBuilder::DeletionVectorBuilder() : rows_(std::make_shared<RoaringRows>()) {}
DeletionVectorBuilder::~DeletionVectorBuilder() = default;
DeletionVectorBuilder::DeletionVectorBuilder(DeletionVectorBuilder&&) noexcept = default;
DeletionVectorBuilder& DeletionVectorBuilder::operator=(DeletionVectorBuilder&&) noexcept = default;

void DeletionVectorBuilder::Add(uint64_t row) { rows_->Add(row); }
void DeletionVectorBuilder::AddRun(uint64_t first, uint64_t count) { rows_->AddRun(first, count); }
uint64_t DeletionVectorBuilder::Cardinality() const { return rows_->Cardinality(); }
std::shared_ptr<const DeletionVector> DeletionVectorBuilder::Build() {
  auto built = std::make_shared<RoaringRows>();
  std::swap(built, rows_);
  return built;
}

std::shared_ptr<const DeletionVector> UniteDeletionVectors(const DeletionVector* a, const DeletionVector* b) {
  if (a == nullptr && b == nullptr) return std::make_shared<RoaringRows>();
  auto out = RoaringCopy(a != nullptr ? *a : *b);
  if (a != nullptr && b != nullptr) {
    const auto* other = dynamic_cast<const RoaringRows*>(b);
    out->Unite(other != nullptr ? *other : *RoaringCopy(*b));
  }
  return out;
}

std::string EncodeDeletionVector(const DeletionVector& rows) {
  const auto roaring = RoaringCopy(rows);
  roaring->Optimize();
  std::string out;
  AppendLittleEndian(&out, kDeletionVectorMagic, 4);
  AppendLittleEndian(&out, roaring->parts().size(), 8);
  for (const auto& [high, bitmap] : roaring->parts()) {
    AppendLittleEndian(&out, high, 4);
    const size_t at = out.size();
    out.resize(at + roaring_bitmap_portable_size_in_bytes(bitmap.get()));
    roaring_bitmap_portable_serialize(bitmap.get(), out.data() + at);
  }
  return out;
}

DeletionVectorFile::DeletionVectorFile(Random* random)
    : uuid_(random->Uuid()), encoded_uuid_(Z85Encode(UuidBytes(uuid_))), bytes_(1, kFileVersion) {}

DeletionVectorDescriptor DeletionVectorFile::Add(const DeletionVector& rows) {
  const std::string data = EncodeDeletionVector(rows);
  DeletionVectorDescriptor descriptor;
  descriptor.storage_type.assign(1, 'u');
  descriptor.path_or_inline = encoded_uuid_;
  DELTIC_CHECK(bytes_.size() < (1ULL << 31) && data.size() < (1ULL << 31));
  descriptor.offset = static_cast<int32_t>(bytes_.size());
  descriptor.size_bytes = static_cast<int32_t>(data.size());
  descriptor.cardinality = static_cast<int64_t>(rows.Cardinality());
  AppendBigEndian(&bytes_, static_cast<uint32_t>(data.size()));
  bytes_ += data;
  AppendBigEndian(&bytes_, DeletionVectorChecksum(data));
  return descriptor;
}

Status DeletionVectorFile::Write(storage::ObjectStore* store, const std::string& table_path) const {
  if (empty()) return Status::Ok();
  return store->Put(FilePath(table_path, uuid_), bytes_);
}

void DeletionVectorFile::Discard(storage::ObjectStore* store, const std::string& table_path) const {
  if (!empty()) (void)store->Delete(FilePath(table_path, uuid_)).ok();
}

}  // namespace deltic::delta
