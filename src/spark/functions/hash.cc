// Rows of the hash family.
#include "spark/functions/coercion.h"
#include "spark/functions/signature.h"
#include "spark/functions/variant.h"

namespace deltic::spark::functions {
namespace {

// hash and xxhash64 take anything but maps and variants.
ScalarBuilder HashAll(const char* kernel, DataType type) {
  return [=](const FunctionCall& call, const FunctionContext&) -> Result<ExprPtr> {
    for (const auto& arg : call.args) {
      if (HoldsVariant(arg->type)) {
        return Error("DATATYPE_MISMATCH.HASH_VARIANT_TYPE", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                             {"functionName", "`" + types::ToLower(call.name) + "`"}});
      }
      if (HoldsMap(arg->type)) {
        return Error("DATATYPE_MISMATCH.HASH_MAP_TYPE", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                         {"functionName", "`" + types::ToLower(call.name) + "`"}});
      }
    }
    return Exact(kernel, call.args, type, false);
  };
}

}  // namespace

std::span<const FunctionRow> HashFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("md5", {}, 1, 1, Lower({"spark_md5", {Arg::kBinary}, TypeId::kString}), "1.5.0", "MD5 as hex."),
      Row("sha1", {"sha"}, 1, 1, Lower({"spark_sha1", {Arg::kBinary}, TypeId::kString}), "1.5.0", "SHA-1 as hex."),
      Row("sha2", {}, 2, 2, Lower({"spark_sha2", {Arg::kBinary, Arg::kInt}, TypeId::kString, Nulls::kAlways}), "1.5.0",
          "SHA-2 of 224, 256, 384 or 512 bits as hex."),
      Row("crc32", {}, 1, 1, Lower({"spark_crc32", {Arg::kBinary}, TypeId::kLong}), "1.5.0", "CRC-32."),
      Row("hash", {}, 1, -1, HashAll("spark_hash", TypeId::kInteger), "2.0.0", "Murmur3 hash of the arguments."),
      Row("xxhash64", {}, 1, -1, HashAll("spark_xxhash64", TypeId::kLong), "3.0.0", "64-bit xxHash of the arguments."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
