#include "delta/checkpoint/last_checkpoint.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/json_writer.h"

namespace deltic::delta {
namespace {

constexpr std::string_view kChecksumKey = "checksum";
// delta-spark lists no more of them than this.
constexpr size_t kMaxListed = 30;
constexpr int kMaxDepth = 200;
// Bytes of a text that is kept to be known again.
constexpr size_t kMaxKept = 64 << 10;

// RFC 3986's unreserved characters; the canonical form percent-encodes all others.
constexpr std::array<bool, 256> kUnreserved = [] {
  std::array<bool, 256> out = {};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")) {
    out[static_cast<unsigned char>(c)] = true;
  }
  return out;
}();

void AppendEncoded(std::string* out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out->push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kUnreserved[byte]) {
      out->push_back(c);
    } else {
      const char escape[] = {'%', kDigits[byte >> 4], kDigits[byte & 15]};
      out->append(escape, sizeof(escape));
    }
  }
  out->push_back('"');
}

// The entries of a value's leaves. One buffer holds the path down to the value at hand.
class Canonical {
 public:
  // Nullopt: it has a key twice, or is too deep.
  static std::optional<std::string> Of(const simdjson::dom::element& root) {
    Canonical canonical;
    if (!canonical.Collect(root, 0)) return std::nullopt;
    std::sort(canonical.entries_.begin(), canonical.entries_.end());
    std::string out;
    for (const auto& entry : canonical.entries_) {
      if (!out.empty()) out += ',';
      out += entry;
    }
    return out;
  }

 private:
  bool Collect(const simdjson::dom::element& value, int depth) {
    if (depth > kMaxDepth) return false;
    const size_t above = path_.size();
    simdjson::dom::object object;
    if (value.get(object) == simdjson::SUCCESS) {
      if (RepeatsKey(object)) return false;
      for (const auto field : object) {
        if (above == 0 && field.key == kChecksumKey) continue;
        if (above > 0) path_ += '+';
        AppendEncoded(&path_, field.key);
        if (!Collect(field.value, depth + 1)) return false;
        path_.resize(above);
      }
      return true;
    }
    simdjson::dom::array array;
    if (value.get(array) == simdjson::SUCCESS) {
      size_t index = 0;
      for (const auto item : array) {
        if (above > 0) path_ += '+';
        path_ += std::to_string(index++);
        if (!Collect(item, depth + 1)) return false;
        path_.resize(above);
      }
      return true;
    }
    path_ += '=';
    AppendLeaf(value);
    entries_.push_back(path_);
    path_.resize(above);
    return true;
  }

  static bool RepeatsKey(const simdjson::dom::object& object) {
    std::vector<std::string_view> keys;
    for (const auto field : object) keys.push_back(field.key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
  }

  void AppendLeaf(const simdjson::dom::element& value) {
    std::string_view text;
    int64_t number = 0;
    if (value.get(text) == simdjson::SUCCESS) {
      AppendEncoded(&path_, text);
    } else if (value.is_int64() && value.get(number) == simdjson::SUCCESS) {
      path_ += std::to_string(number);
    } else {
      path_ += simdjson::minify(value);
    }
  }

  std::string path_;
  std::vector<std::string> entries_;
};

uint32_t RotateLeft(uint32_t value, int bits) { return (value << bits) | (value >> (32 - bits)); }

// RFC 1321.
class Md5 {
 public:
  void Block(const unsigned char* data) {
    static const auto kTable = [] {
      std::array<uint32_t, 64> table = {};
      for (int i = 0; i < 64; i++)
        table[static_cast<size_t>(i)] = static_cast<uint32_t>(std::fabs(std::sin(i + 1.0)) * 4294967296.0);
      return table;
    }();
    uint32_t words[16];
    std::memcpy(words, data, sizeof(words));
    auto [a, b, c, d] = state_;
    const auto step = [&](uint32_t i, uint32_t mix, uint32_t at, int shift) {
      const uint32_t next = b + RotateLeft(a + mix + kTable[i] + words[at], shift);
      a = d;
      d = c;
      c = b;
      b = next;
    };
    const auto round = [&](uint32_t i, const auto& mix, uint32_t factor, uint32_t offset, const int (&shifts)[4]) {
      for (uint32_t k = i; k < i + 16; k += 4) {
        for (uint32_t n = 0; n < 4; n++) step(k + n, mix(), (factor * (k + n) + offset) % 16, shifts[n]);
      }
    };
    round(0, [&] { return (b & c) | (~b & d); }, 1, 0, {7, 12, 17, 22});
    round(16, [&] { return (d & b) | (~d & c); }, 5, 1, {5, 9, 14, 20});
    round(32, [&] { return b ^ c ^ d; }, 3, 5, {4, 11, 16, 23});
    round(48, [&] { return c ^ (b | ~d); }, 7, 0, {6, 10, 15, 21});
    state_[0] += a;
    state_[1] += b;
    state_[2] += c;
    state_[3] += d;
  }

  std::string Hex() const {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const uint32_t word : state_) {
      for (int byte = 0; byte < 4; byte++) {
        const uint32_t value = (word >> (8 * byte)) & 0xffU;
        out.push_back(kDigits[value >> 4]);
        out.push_back(kDigits[value & 15]);
      }
    }
    return out;
  }

 private:
  std::array<uint32_t, 4> state_ = {0x67452301U, 0xefcdab89U, 0x98badcfeU, 0x10325476U};
};

}  // namespace

std::string Md5Hex(std::string_view bytes) {
  Md5 md5;
  size_t at = 0;
  for (; at + 64 <= bytes.size(); at += 64) md5.Block(reinterpret_cast<const unsigned char*>(bytes.data()) + at);
  std::string tail(bytes.substr(at));
  tail.push_back('\x80');
  while (tail.size() % 64 != 56) tail.push_back('\0');
  const uint64_t bits = static_cast<uint64_t>(bytes.size()) * 8;
  for (int byte = 0; byte < 8; byte++) tail.push_back(static_cast<char>((bits >> (8 * byte)) & 0xffU));
  for (size_t i = 0; i < tail.size(); i += 64) md5.Block(reinterpret_cast<const unsigned char*>(tail.data()) + i);
  return md5.Hex();
}

std::optional<std::string> CanonicalJson(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS || !root.is_object()) return std::nullopt;
  return Canonical::Of(root);
}

std::string LastCheckpointText(const LastCheckpoint& last) {
  JsonWriter json;
  json.BeginObject().Key("version").Int(last.version).Key("size").Int(last.size);
  json.Key("sizeInBytes").Int(last.size_bytes).Key("numOfAddFiles").Int(last.add_files);
  if (last.v2) {
    json.Key("v2Checkpoint").BeginObject().Key("path").String(last.v2->file_name);
    json.Key("sizeInBytes").Int(last.v2->size_bytes).Key("modificationTime").Int(last.v2->modified_ms);
    if (last.v2->actions.size() <= kMaxListed) {
      json.Key("nonFileActions").BeginArray();
      for (const auto& action : last.v2->actions) json.Raw(ActionToJson(action));
      json.EndArray();
    }
    if (last.v2->sidecars.size() <= kMaxListed) {
      json.Key("sidecarFiles").BeginArray();
      constexpr std::string_view kWrapper = "{\"sidecar\":";
      for (const auto& sidecar : last.v2->sidecars) {
        const std::string wrapped = ActionToJson(sidecar);
        json.Raw(wrapped.substr(kWrapper.size(), wrapped.size() - kWrapper.size() - 1));
      }
      json.EndArray();
    }
    json.EndObject();
  }
  std::string text = json.EndObject().Take();
  const auto canonical = CanonicalJson(text);
  if (!canonical) return text;
  text.pop_back();
  return text + ",\"checksum\":\"" + Md5Hex(*canonical) + "\"}";
}

std::optional<int64_t> LastCheckpointVersion(std::string_view text) {
  // Mostly the one that this thread read last.
  thread_local std::string last_text;
  thread_local int64_t last_version = -1;
  if (last_version >= 0 && text == last_text) return last_version;
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  int64_t version = -1;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS ||
      root["version"].get(version) != simdjson::SUCCESS || version < 0) {
    return std::nullopt;
  }
  std::string_view checksum;
  if (root[kChecksumKey].get(checksum) == simdjson::SUCCESS) {
    const auto canonical = Canonical::Of(root);
    if (!canonical || Md5Hex(*canonical) != checksum) return std::nullopt;
  }
  if (text.size() <= kMaxKept) {
    last_text = text;
    last_version = version;
  }
  return version;
}

}  // namespace deltic::delta
