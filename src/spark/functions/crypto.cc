// Encryption.
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeString;

// An absent initialisation vector or additional data is an empty one.
ExprPtr NoBytes() { return std::make_shared<engine::Literal>(engine::Value{std::string()}, TypeId::kBinary); }

ScalarBuilder Aes(const char* kernel, bool encrypt) {
  Signature signature{kernel,
                      {Arg::kBinary, Arg::kBinary, Arg::kString, Arg::kString, Arg::kBinary},
                      TypeId::kBinary,
                      Nulls::kAlways,
                      {MakeString("GCM"), MakeString("DEFAULT"), NoBytes()}};
  if (encrypt) {
    signature.params.push_back(Arg::kBinary);
    signature.defaults.push_back(NoBytes());
  }
  return Lower(std::move(signature));
}

}  // namespace

std::span<const FunctionRow> CryptoFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("aes_encrypt", {}, 2, 6, Aes("spark_aes_encrypt", true), "3.3.0", "AES encryption."),
      Row("aes_decrypt", {}, 2, 5, Aes("spark_aes_decrypt", false), "3.3.0", "AES decryption."),
      Row("try_aes_decrypt", {}, 2, 5, Aes("spark_try_aes_decrypt", false), "3.5.0",
          "aes_decrypt, NULL when it fails."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
