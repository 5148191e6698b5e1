#include "tests/fuzz/targets.h"

#include <cstdio>
#include <cstdlib>
#include <string>

#include "delta/checkpoint/last_checkpoint.h"
#include "delta/deletion_vector/deletion_vector.h"
#include "delta/skipping/predicate.h"
#include "delta/spec/actions.h"
#include "delta/spec/row_tracking.h"
#include "storage/object_store.h"

namespace deltic::fuzz {
namespace {

using types::TypeId;

std::string_view Text(const uint8_t* data, size_t size) { return {reinterpret_cast<const char*>(data), size}; }

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

}  // namespace

void LogJson(const uint8_t* data, size_t size) {
  (void)delta::ForEachAction(Text(data, size), "fuzz", [](delta::Action&& action) {
    const std::string once = delta::ActionToJson(action);
    if (once.empty()) return Status::Ok();
    const auto again = delta::ParseAction(once, "fuzz");
    Require(again.ok(), "what we write cannot be read");
    Require(delta::ActionToJson(*again) == once, "what we write reads as something else");
    return Status::Ok();
  });
}

void DeletionVector(const uint8_t* data, size_t size) {
  const std::string_view bytes = Text(data, size);
  const auto decoded = delta::DecodeDeletionVector(bytes);
  if (decoded.ok()) {
    Require((*decoded)->Cardinality() >= ((*decoded)->Contains(0) ? 1U : 0U), "a row is marked and not counted");
  }
  const auto text = delta::Z85Decode(bytes);
  if (text) Require(delta::Z85Encode(*text) == bytes, "Z85 does not round-trip");
  // As a file: the descriptor says where in it.
  const auto store = storage::NewMemoryStore();
  delta::DeletionVectorDescriptor descriptor;
  descriptor.storage_type = "p";
  descriptor.path_or_inline = "memory:/t/vector.bin";
  descriptor.offset = 1;
  descriptor.size_bytes = size > 9 ? static_cast<int32_t>(size - 9) : 1;
  descriptor.cardinality = 1;
  Require(store->Put(descriptor.path_or_inline, bytes).ok(), "memory");
  (void)delta::LoadDeletionVector(store.get(), "memory:/t", descriptor);
}

void PartitionValue(const uint8_t* data, size_t size) {
  const std::string text(Text(data, size));
  int64_t number = 0;
  bool zone = false;
  (void)delta::ParseStatsDate(text, &number);
  (void)delta::ParseStatsTimestamp(text, &number, &zone);
  (void)delta::RecordCountOf(text);
  for (const TypeId type : {TypeId::kBoolean, TypeId::kByte, TypeId::kLong, TypeId::kDouble, TypeId::kString,
                            TypeId::kDate, TypeId::kTimestamp, TypeId::kTimestampNtz}) {
    for (const char* column : {"p", "c"}) {
      delta::FileSkipper skipper(
          delta::Predicate::Compare(delta::Predicate::Op::kEq, {column}, type, delta::Constant::Int(1)), {"p"});
      (void)skipper.KeepFile(text, {{"p", text}});
      delta::FileSkipper null(delta::Predicate::IsNull({column}, type), {"p"});
      (void)null.KeepFile(text, {{"p", text}});
    }
  }
}

void Hints(const uint8_t* data, size_t size) {
  const std::string_view text = Text(data, size);
  (void)delta::LastCheckpointVersion(text);
  const auto canonical = delta::CanonicalJson(text);
  if (canonical) Require(delta::Md5Hex(*canonical).size() == 32, "a checksum has 32 digits");
}

const std::vector<Target>& Targets() {
  static const std::vector<Target> targets = {
      {"log_json", LogJson}, {"deletion_vector", DeletionVector}, {"partition_value", PartitionValue}, {"hints", Hints},
      {"variant", Variant},  {"text_codec", TextCodec},           {"parquet_file", ParquetFile, true}};
  return targets;
}

}  // namespace deltic::fuzz

#ifdef DELTIC_FUZZ_TARGET  // one of the functions above: a libFuzzer binary
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  deltic::fuzz::DELTIC_FUZZ_TARGET(data, size);
  return 0;
}
#endif
