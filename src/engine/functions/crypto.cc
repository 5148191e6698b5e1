// AES by OpenSSL, in the forms of Spark's aes_encrypt and aes_decrypt: the initialisation vector stands before the
// ciphertext, the GCM tag after it.
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>

#include "engine/functions/kernel.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::functions {

void RegisterCryptoKernels(KernelSink& sink);

namespace {

using std::string;
using std::string_view;

constexpr char kFunctions[] = "`aes_encrypt`/`aes_decrypt`";
constexpr size_t kTagBytes = 16;
constexpr size_t kBlockBytes = 16;

enum class AesMode : uint8_t { kEcb, kCbc, kGcm };

struct Aes {
  AesMode mode;
  const EVP_CIPHER* cipher;
  size_t iv_bytes;
};

// How a decryption failed, in the words of Java's cipher; thrown or turned into NULL by the caller.
struct CryptoFailure {
  string detail;
};

[[noreturn]] void ThrowCrypto(const string& detail) {
  ThrowStatus(Error("INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR",
                    {{"parameter", "`expr`, `key`"}, {"functionName", kFunctions}, {"detailMessage", detail}}));
}

const EVP_CIPHER* CipherOf(AesMode mode, size_t key_bytes) {
  const int at = key_bytes == 16 ? 0 : key_bytes == 24 ? 1 : 2;
  static const EVP_CIPHER* const kCiphers[3][3] = {{EVP_aes_128_ecb(), EVP_aes_192_ecb(), EVP_aes_256_ecb()},
                                                   {EVP_aes_128_cbc(), EVP_aes_192_cbc(), EVP_aes_256_cbc()},
                                                   {EVP_aes_128_gcm(), EVP_aes_192_gcm(), EVP_aes_256_gcm()}};
  return kCiphers[static_cast<int>(mode)][at];
}

Aes FindAes(string_view key, string_view mode, string_view padding) {
  const string m = ToUpper(mode);
  const string p = ToUpper(padding);
  const bool gcm = m == "GCM" && (p == "NONE" || p == "DEFAULT");
  const bool block = (m == "ECB" || m == "CBC") && (p == "PKCS" || p == "DEFAULT");
  if (!gcm && !block) {
    ThrowStatus(Error("UNSUPPORTED_FEATURE.AES_MODE",
                      {{"mode", string(mode)}, {"padding", string(padding)}, {"functionName", kFunctions}}));
  }
  if (key.size() != 16 && key.size() != 24 && key.size() != 32) {
    ThrowStatus(
        Error("INVALID_PARAMETER_VALUE.AES_KEY_LENGTH",
              {{"parameter", "`key`"}, {"functionName", kFunctions}, {"actualLength", std::to_string(key.size())}}));
  }
  const AesMode kind = gcm ? AesMode::kGcm : m == "ECB" ? AesMode::kEcb : AesMode::kCbc;
  return {kind, CipherOf(kind, key.size()), kind == AesMode::kGcm ? 12UL : kind == AesMode::kCbc ? 16UL : 0UL};
}

const unsigned char* Raw(string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* Raw(string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Context Begin(const Aes& aes, string_view key, string_view iv, string_view aad, bool encrypt) {
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  const unsigned char* vector = iv.empty() ? nullptr : Raw(iv);
  int ok = context != nullptr &&
           EVP_CipherInit_ex(context.get(), aes.cipher, nullptr, Raw(key), vector, encrypt ? 1 : 0) == 1;
  int used = 0;
  if (ok == 1 && !aad.empty()) {
    ok = EVP_CipherUpdate(context.get(), nullptr, &used, Raw(aad), static_cast<int>(aad.size()));
  }
  if (ok != 1) ThrowCrypto("the cipher is not available");
  return context;
}

// The bytes through the cipher; nullopt: the last block is wrong.
std::optional<string> Run(EVP_CIPHER_CTX* context, string_view input) {
  string out(input.size() + kBlockBytes, '\0');
  int used = 0;
  int last = 0;
  if (EVP_CipherUpdate(context, Raw(out), &used, Raw(input), static_cast<int>(input.size())) != 1) return std::nullopt;
  if (EVP_CipherFinal_ex(context, Raw(out) + used, &last) != 1) return std::nullopt;
  out.resize(static_cast<size_t>(used + last));
  return out;
}

string Encrypt(string_view input, string_view key, const Aes& aes, string_view given_iv, string_view aad) {
  const char* mode = aes.mode == AesMode::kEcb ? "ECB" : aes.mode == AesMode::kCbc ? "CBC" : "GCM";
  if (!given_iv.empty() && aes.mode == AesMode::kEcb) {
    ThrowStatus(Error("UNSUPPORTED_FEATURE.AES_MODE_IV", {{"mode", mode}, {"functionName", "`aes_encrypt`"}}));
  }
  if (!given_iv.empty() && given_iv.size() != aes.iv_bytes) {
    ThrowStatus(Error("INVALID_PARAMETER_VALUE.AES_IV_LENGTH", {{"mode", mode},
                                                                {"parameter", "`iv`"},
                                                                {"functionName", kFunctions},
                                                                {"actualLength", std::to_string(given_iv.size())}}));
  }
  if (!aad.empty() && aes.mode != AesMode::kGcm) {
    ThrowStatus(Error("UNSUPPORTED_FEATURE.AES_MODE_AAD", {{"mode", mode}, {"functionName", "`aes_encrypt`"}}));
  }
  string out(given_iv);
  if (given_iv.empty() && aes.iv_bytes > 0) {
    out.resize(aes.iv_bytes);
    if (RAND_bytes(Raw(out), static_cast<int>(out.size())) != 1) ThrowCrypto("no random bytes");
  }
  const Context context = Begin(aes, key, out, aad, true);
  const auto sealed = Run(context.get(), input);
  if (!sealed.has_value()) ThrowCrypto("encryption failed");
  out += *sealed;
  if (aes.mode == AesMode::kGcm) {
    string tag(kTagBytes, '\0');
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, tag.data());
    out += tag;
  }
  return out;
}

std::variant<string, CryptoFailure> Decrypt(string_view input, string_view key, const Aes& aes, string_view aad) {
  if (!aad.empty() && aes.mode != AesMode::kGcm) {
    const char* mode = aes.mode == AesMode::kEcb ? "ECB" : "CBC";
    ThrowStatus(Error("UNSUPPORTED_FEATURE.AES_MODE_AAD", {{"mode", mode}, {"functionName", "`aes_decrypt`"}}));
  }
  const bool gcm = aes.mode == AesMode::kGcm;
  if (input.size() < aes.iv_bytes + (gcm ? kTagBytes : 0)) return CryptoFailure{"Input data too short"};
  const string_view iv = input.substr(0, aes.iv_bytes);
  string_view sealed = input.substr(aes.iv_bytes);
  if (!gcm && sealed.empty()) return string();
  if (!gcm && sealed.size() % kBlockBytes != 0) {
    return CryptoFailure{"Input length must be multiple of 16 when decrypting with padded cipher"};
  }
  const Context context = Begin(aes, key, iv, aad, false);
  if (gcm) {
    string tag(sealed.substr(sealed.size() - kTagBytes));
    sealed.remove_suffix(kTagBytes);
    EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data());
  }
  if (auto plain = Run(context.get(), sealed)) return std::move(*plain);
  return CryptoFailure{gcm ? "Tag mismatch!"
                           : "Given final block not properly padded. Such issues can arise if a bad key is used during "
                             "decryption."};
}

std::optional<BytesOut> TryDecrypt(string_view input, string_view key, string_view mode, string_view padding,
                                   string_view aad) {
  try {
    auto plain = Decrypt(input, key, FindAes(key, mode, padding), aad);
    if (auto* bytes = std::get_if<string>(&plain)) return BytesOut{std::move(*bytes)};
  } catch (const duckdb::Exception&) {  // a wrong key length or mode is no answer either
  }
  return std::nullopt;
}

}  // namespace

void RegisterCryptoKernels(KernelSink& sink) {
  Add(sink, "spark_aes_encrypt",
      [](Bytes input, Bytes key, string_view mode, string_view padding, Bytes iv, Bytes aad) {
        return BytesOut{Encrypt(input.v, key.v, FindAes(key.v, mode, padding), iv.v, aad.v)};
      });
  Add(sink, "spark_aes_decrypt", [](Bytes input, Bytes key, string_view mode, string_view padding, Bytes aad) {
    auto plain = Decrypt(input.v, key.v, FindAes(key.v, mode, padding), aad.v);
    if (const auto* failure = std::get_if<CryptoFailure>(&plain)) ThrowCrypto(failure->detail);
    return BytesOut{std::move(std::get<string>(plain))};
  });
  Add(sink, "spark_try_aes_decrypt", [](Bytes input, Bytes key, string_view mode, string_view padding, Bytes aad) {
    return TryDecrypt(input.v, key.v, mode, padding, aad.v);
  });
}

}  // namespace deltic::engine::functions
