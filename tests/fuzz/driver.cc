// deltic_fuzz --runs N [--seed S] [--corpus DIR]: runs every target N times on mutations of the corpus's files (bytes
// flipped, cut, swapped, repeated, joined), the same ones for the same seed; a target that takes Parquet files runs a
// tenth as often. A crash names its seed beforehand.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "storage/object_store.h"
#include "tests/fuzz/targets.h"

namespace deltic::fuzz {
namespace {

constexpr size_t kMaxInput = 64 << 10;

constexpr int64_t kMaxParquet = 16 << 10;

// Every small file of the kind in every table below `dir`: Parquet files, or those of the logs.
std::vector<std::string> Corpus(const std::string& dir, bool parquet) {
  std::vector<std::string> out = {"",
                                  "{}",
                                  "{\"add\":{\"path\":\"a\",\"size\":1,\"modificationTime\":1}}",
                                  "2024-02-29",
                                  "2024-02-29 12:00:00.123456",
                                  "2024-02-29T12:00:00.123+01:00",
                                  "-1",
                                  "1e400",
                                  "NaN"};
  const auto store = storage::LocalStore();
  const auto files = dir.empty() ? Result<std::vector<storage::ObjectMeta>>(std::vector<storage::ObjectMeta>())
                                 : store->ListRecursive(dir);
  if (!files.ok()) return out;
  for (const auto& file : *files) {
    const bool log = file.path.find("/_delta_log/") != std::string::npos || file.path.ends_with(".bin");
    if (parquet != file.path.ends_with(".parquet") || (!parquet && !log)) continue;
    if (file.size_bytes > (parquet ? kMaxParquet : static_cast<int64_t>(kMaxInput))) continue;
    auto text = store->Get(file.path);
    if (text.ok()) out.push_back(std::move(text).value());
  }
  return out;
}

// A Parquet file's footer says where everything is: every other change is made there.
size_t Place(const std::string& text, bool parquet, Random* random) {
  if (text.empty()) return 0;
  const size_t footer = std::min<size_t>(text.size(), 1500);
  if (parquet && random->Next64() % 2 == 0) return text.size() - 1 - random->Next64() % footer;
  return random->Next64() % text.size();
}

std::string Mutate(const std::vector<std::string>& corpus, bool parquet, Random* random) {
  std::string text = corpus[random->Next64() % corpus.size()];
  const uint64_t changes = random->Next64() % 5;
  for (uint64_t i = 0; i < changes; i++) {
    const size_t at = Place(text, parquet, random);
    const size_t length = text.empty() ? 0 : 1 + random->Next64() % std::min<size_t>(text.size() - at, 40);
    switch (random->Next64() % 7) {
      case 0:
        if (!text.empty()) text[at] = static_cast<char>(text[at] ^ (1 << (random->Next64() % 8)));
        break;
      case 1: text.resize(at); break;
      case 2: text.erase(at, length); break;
      case 3: text.insert(at, text.substr(at, length)); break;
      case 4: {  // two pieces change places
        const size_t other = text.empty() ? 0 : random->Next64() % text.size();
        const size_t same = std::min({length, text.size() - at, text.size() - other});
        for (size_t k = 0; k < same; k++) std::swap(text[at + k], text[other + k]);
        break;
      }
      case 5: text.insert(at, 1, static_cast<char>(random->Next64())); break;
      default: {
        const std::string& other = corpus[random->Next64() % corpus.size()];
        text = text.substr(0, at) + other.substr(std::min(other.size(), at));
      }
    }
  }
  if (text.size() > kMaxInput) text.resize(kMaxInput);
  return text;
}

}  // namespace
}  // namespace deltic::fuzz

int main(int argc, char** argv) {
  uint64_t runs = 10000;
  uint64_t seed = 1;
  std::string corpus_dir;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--runs") == 0) runs = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--corpus") == 0) corpus_dir = argv[i + 1];
  }
  deltic::ConfigureLog(deltic::LogLevel::kError, deltic::LogFormat::kText);
  for (const auto& target : deltic::fuzz::Targets()) {
    const auto corpus = deltic::fuzz::Corpus(corpus_dir, target.parquet);
    const uint64_t times = target.parquet ? runs / 10 : runs;
    std::printf("%.*s: %" PRIu64 " runs on %zu inputs, seed %" PRIu64 "\n", static_cast<int>(target.name.size()),
                target.name.data(), times, corpus.size(), seed);
    std::fflush(stdout);
    deltic::SeededRandom random(seed);
    for (uint64_t run = 0; run < times; run++) {
      const std::string input =
          run < corpus.size() ? corpus[run] : deltic::fuzz::Mutate(corpus, target.parquet, &random);
      target.run(reinterpret_cast<const uint8_t*>(input.data()), input.size());
    }
  }
  return 0;
}
