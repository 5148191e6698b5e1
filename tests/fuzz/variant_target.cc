// The target of variants: what a document becomes reads back as the same, and once its bytes are damaged, or are
// no variant at all, everything that is done with variants ends in an answer or an error.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/random.h"
#include "duckdb.hpp"
#include "engine/type_map.h"
#include "engine/variant/json.h"
#include "engine/variant/path.h"
#include "engine/variant/schema.h"
#include "engine/variant/vectors.h"
#include "tests/fuzz/targets.h"

namespace deltic::fuzz {
namespace {

using namespace engine::variant;  // NOLINT: the target's subject
using types::DataType;
using types::TypeId;

constexpr int kDamages = 4;  // of each input

const engine::functions::Zone& Zone() {
  static const auto* const zone = engine::functions::Zone::Find("America/Los_Angeles").value();
  return *zone;
}

const std::vector<DataType>& Types() {
  static const std::vector<DataType> types = {
      TypeId::kBoolean,
      TypeId::kByte,
      TypeId::kLong,
      TypeId::kFloat,
      TypeId::kDouble,
      TypeId::kDate,
      TypeId::kTimestamp,
      TypeId::kTimestampNtz,
      TypeId::kString,
      TypeId::kBinary,
      DataType::Decimal(5, 2),
      DataType::Decimal(38, 10),
      DataType::Array(TypeId::kString),
      DataType::Map(TypeId::kString, TypeId::kVariant),
      DataType::Struct({{"add", DataType::Map(TypeId::kString, TypeId::kString)},
                        {"commitInfo", DataType::Struct({{"timestamp", TypeId::kTimestamp}})},
                        {"metaData", DataType::Struct({{"partitionColumns", DataType::Array(TypeId::kDate)}})}})};
  return types;
}

// True when `use` fails as damaged data may.
template <typename Use>
bool Fails(const Use& use) {
  try {
    use();
    return false;
  } catch (const duckdb::Exception&) {
    return true;
  }
}

void UseAll(const std::string& value, const std::string& metadata) {
  (void)Fails([&] { ToJson({value, metadata}, Zone()); });
  (void)Fails([&] { SchemaSql(SchemaOf({value, metadata})); });
  (void)Fails([&] { Follow({value, metadata}, *ParsePath("$.add.partitionValues.p")); });
  (void)Fails([&] {
    VariantBuilder copy;
    copy.Append({value, metadata});
    // What is copied is whole, whatever it was copied from.
    ToJson({copy.value(), copy.Metadata()}, Zone());
  });
  for (const DataType& type : Types()) {
    duckdb::Vector out(engine::ToDuckType(type), 1);
    (void)Fails([&] { StoreAs({value, metadata}, type, {Zone(), false}, out, 0); });
  }
}

[[noreturn]] void Fail(const char* what, const std::string& text) {
  std::fprintf(stderr, "fuzz: %s: %s\n", what, text.c_str());
  std::abort();
}

// The JSON of the variant that a variant's JSON is.
std::string Again(const std::string& json) {
  VariantBuilder builder;
  if (!ParseJson(json, "parse_json", &builder).ok()) Fail("a variant's JSON is none", json);
  return ToJson({builder.value(), builder.Metadata()}, Zone());
}

std::string Damaged(std::string bytes, Random* random) {
  if (bytes.empty()) return bytes;
  const size_t at = random->Next64() % bytes.size();
  switch (random->Next64() % 4) {
    case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random->Next64() % 8)); break;
    case 1: bytes[at] = static_cast<char>(random->Next64() % 21 << 2); break;  // the header of a primitive
    case 2: bytes.resize(at); break;
    default: bytes[at] = static_cast<char>(random->Next64()); break;
  }
  return bytes;
}

}  // namespace

void Variant(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  VariantBuilder builder;
  std::string value(text);
  std::string metadata("\x01\x00\x00", 3);
  if (ParseJson(text.substr(0, text.find('\n')), "parse_json", &builder).ok()) {
    value = builder.value();
    metadata = builder.Metadata();
    // A double without exponent reads as a decimal; from there on nothing changes.
    const std::string once = Again(ToJson({value, metadata}, Zone()));
    if (Again(once) != once) Fail("a variant's JSON reads as something else", once);
  }
  UseAll(value, metadata);
  SeededRandom random(std::hash<std::string_view>()(text));
  for (int i = 0; i < kDamages; i++) {
    std::string& victim = random.Next64() % 4 == 0 ? metadata : value;
    victim = Damaged(victim, &random);
    UseAll(value, metadata);
  }
}

}  // namespace deltic::fuzz
