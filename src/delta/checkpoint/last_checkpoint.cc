#include "delta/checkpoint/last_checkpoint.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <set>

#include "base/json_writer.h"

namespace deltic::delta {
namespace {

constexpr std::string_view kChecksumKey = "checksum";
// delta-spark lists no more of them than this.
constexpr size_t kMaxListed = 30;
constexpr int kMaxDepth = 200;

void AppendEncoded(std::string* out, std::string_view text) {
  out->push_back('"');
  for (const char c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
        c == '_' || c == '~') {
      out->push_back(c);
    } else {
      char buffer[4];
      std::snprintf(buffer, sizeof(buffer), "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      *out += buffer;
    }
  }
  out->push_back('"');
}

bool Collect(const simdjson::dom::element& value, const std::string& prefix, int depth,
             std::vector<std::string>* entries) {
  if (depth > kMaxDepth) return false;
  const auto join = [&](const std::string& name) { return prefix.empty() ? name : prefix + "+" + name; };
  simdjson::dom::object object;
  if (value.get(object) == simdjson::SUCCESS) {
    std::set<std::string_view> seen;
    for (const auto field : object) {
      if (!seen.insert(field.key).second) return false;
      if (prefix.empty() && field.key == kChecksumKey) continue;
      std::string name;
      AppendEncoded(&name, field.key);
      if (!Collect(field.value, join(name), depth + 1, entries)) return false;
    }
    return true;
  }
  simdjson::dom::array array;
  if (value.get(array) == simdjson::SUCCESS) {
    size_t index = 0;
    for (const auto item : array) {
      if (!Collect(item, join(std::to_string(index++)), depth + 1, entries)) return false;
    }
    return true;
  }
  std::string entry = prefix + "=";
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) {
    AppendEncoded(&entry, text);
  } else {
    entry += simdjson::minify(value);
  }
  entries->push_back(std::move(entry));
  return true;
}

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
    static constexpr int kShifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    uint32_t words[16];
    std::memcpy(words, data, sizeof(words));
    auto [a, b, c, d] = state_;
    for (uint32_t i = 0; i < 64; i++) {
      uint32_t mix = 0;
      uint32_t at = 0;
      switch (i / 16) {
        case 0:
          mix = (b & c) | (~b & d);
          at = i;
          break;
        case 1:
          mix = (d & b) | (~d & c);
          at = (5 * i + 1) % 16;
          break;
        case 2:
          mix = b ^ c ^ d;
          at = (3 * i + 5) % 16;
          break;
        default:
          mix = c ^ (b | ~d);
          at = (7 * i) % 16;
          break;
      }
      const uint32_t next = b + RotateLeft(a + mix + kTable[i] + words[at], kShifts[i / 16][i % 4]);
      a = d;
      d = c;
      c = b;
      b = next;
    }
    state_[0] += a;
    state_[1] += b;
    state_[2] += c;
    state_[3] += d;
  }

  std::string Hex() const {
    std::string out;
    for (const uint32_t word : state_) {
      for (int byte = 0; byte < 4; byte++) {
        char buffer[3];
        std::snprintf(buffer, sizeof(buffer), "%02x", (word >> (8 * byte)) & 0xffU);
        out += buffer;
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
  std::vector<std::string> entries;
  if (!Collect(root, "", 0, &entries)) return std::nullopt;
  std::sort(entries.begin(), entries.end());
  std::string out;
  for (const auto& entry : entries) out += (out.empty() ? "" : ",") + entry;
  return out;
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
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  int64_t version = -1;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS ||
      root["version"].get(version) != simdjson::SUCCESS || version < 0) {
    return std::nullopt;
  }
  std::string_view checksum;
  if (root[kChecksumKey].get(checksum) == simdjson::SUCCESS) {
    const auto canonical = CanonicalJson(text);
    if (!canonical || Md5Hex(*canonical) != checksum) return std::nullopt;
  }
  return version;
}

}  // namespace deltic::delta
