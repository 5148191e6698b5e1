// Properties of the text readers that no single file shows: splits lose and repeat no line wherever they fall, and no
// bytes make a parser crash or run on.
#include <gtest/gtest.h>

// GCC 12 takes an empty std::optional<std::string> for one that is read.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <filesystem>
#include <fstream>
#include <random>

#include "base/random.h"
#include "duckdb.hpp"
#include "duckdb/common/local_file_system.hpp"
#include "engine/text/codec.h"
#include "engine/text/csv_tokenizer.h"
#include "engine/text/infer.h"
#include "engine/text/json_reader.h"
#include "engine/text/record_reader.h"

namespace deltic::engine::text {
namespace {

constexpr auto kEnd = duckdb::NumericLimits<duckdb::idx_t>::Maximum();

std::string RandomText(std::mt19937* random, std::string_view alphabet, size_t most) {
  std::string out(std::uniform_int_distribution<size_t>(0, most)(*random), '\0');
  for (char& c : out) c = alphabet[(*random)() % alphabet.size()];
  return out;
}

class TextFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = (std::filesystem::temp_directory_path() / ("text-" + Random::System()->Uuid())).string();
  }
  void TearDown() override { std::filesystem::remove(path_); }
  void Put(const std::string& text) { std::ofstream(path_, std::ios::binary) << text; }
  std::vector<std::string> Lines(const Options& options, const std::vector<duckdb::idx_t>& cuts) {
    std::vector<std::string> out;
    RecordReader reader(FileFormat::kText, options);
    for (size_t i = 0; i <= cuts.size(); ++i) {
      reader.Open(fs_, path_, i == 0 ? 0 : cuts[i - 1], i == cuts.size() ? kEnd : cuts[i]);
      std::string_view line;
      while (reader.Next(&line)) out.emplace_back(line);
    }
    return out;
  }

  duckdb::LocalFileSystem fs_;
  std::string path_;
};

TEST_F(TextFileTest, SplitsLoseAndRepeatNoLine) {
  std::mt19937 random(1);
  for (const char* separator : {"", "|", "ab", "aab"}) {
    Options options;
    options.line_separator = *separator != 0 ? std::optional<std::string>(separator) : std::nullopt;
    for (int round = 0; round < 60; ++round) {
      const std::string text = RandomText(&random, "ab|\r\nx", 60);
      Put(text);
      const auto whole = Lines(options, {});
      for (duckdb::idx_t cut = 1; cut < text.size(); ++cut) {
        ASSERT_EQ(Lines(options, {cut}), whole) << "'" << text << "' cut at " << cut << ", separator " << separator;
        ASSERT_EQ(Lines(options, {cut, cut + 1}), whole) << "'" << text << "' cut at " << cut << " and behind";
      }
    }
  }
}

TEST_F(TextFileTest, LinesLongerThanTheBuffer) {
  const std::string longest(700'000, 'x');
  Put(longest + "\r\n" + longest + "\rend");
  const auto lines = Lines(Options(), {300'000, 800'000});
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0], longest);
  EXPECT_EQ(lines[1], longest);
  EXPECT_EQ(lines[2], "end");
}

// A block that claims a gigabyte, and chunks that hold nothing of it: each costs what its bytes can hold.
TEST(CodecTest, ClaimedLengthsCostNothing) {
  std::string file("\x40\0\0\0", 4);
  for (int i = 0; i < 20'000; ++i) file += std::string("\0\0\0\1\0", 5);
  std::string_view left = file;
  auto codec = Codec::For("a.lz4", [&left](char* out, size_t size) {
    const size_t count = left.copy(out, size);
    left.remove_prefix(count);
    return count;
  });
  ASSERT_TRUE(codec.ok());
  char out[10];
  EXPECT_EQ((*codec)->Read(out, sizeof out).status().detail(), "Unexpected end of input stream");
}

TEST(CsvTokenizerTest, NoTextMakesItRunOn) {
  std::mt19937 random(2);
  const QuoteHandling handlings[] = {QuoteHandling::kStopAtDelimiter, QuoteHandling::kBackToDelimiter,
                                     QuoteHandling::kStopAtClosingQuote, QuoteHandling::kSkipValue};
  for (int round = 0; round < 40'000; ++round) {
    Options options;
    options.quote_handling = handlings[random() % 4];
    options.separator = random() % 3 == 0 ? "||" : ",";
    options.escape = random() % 3 == 0 ? "\"" : random() % 2 == 0 ? "" : "\\";
    options.escape_escape = options.escape == "\\" ? "\\" : random() % 2 == 0 ? "#" : "";
    options.quote = random() % 5 == 0 ? "" : "\"";
    options.trim_left = random() % 2 == 0;
    options.trim_right = random() % 2 == 0;
    options.line_separator = random() % 4 == 0 ? std::optional<std::string>("x") : std::nullopt;
    const bool file = random() % 2 == 0;
    const std::string text = RandomText(&random, std::string_view("\",|\\ \r\nax#\0", 11), 24);
    CsvTokenizer tokenizer(options, file ? CsvTokenizer::Source::kFile : CsvTokenizer::Source::kLine);
    tokenizer.Reset(text);
    size_t records = 0;
    while (tokenizer.Next() && file) ASSERT_LE(++records, text.size());
  }
}

TEST(JsonReaderTest, NoTextMakesItRunOn) {
  std::mt19937 random(3);
  for (int round = 0; round < 40'000; ++round) {
    functions::JsonSyntax syntax;
    syntax.comments = random() % 2 == 0;
    syntax.unquoted_names = random() % 2 == 0;
    syntax.leading_zeros = random() % 2 == 0;
    syntax.any_escape = random() % 2 == 0;
    syntax.control_characters = random() % 2 == 0;
    syntax.non_numeric_numbers = random() % 2 == 0;
    constexpr char kAlphabet[] = "{}[]:,\"'\\u01d8-+.eEtrunlfasNI/* \n\0";
    const std::string text = RandomText(&random, std::string_view(kAlphabet, sizeof kAlphabet - 1), 30);
    JsonReader reader(syntax);
    reader.Reset(text);
    size_t tokens = 0;
    for (auto token = reader.Next(); token != JsonToken::kEnd; token = reader.Next()) {
      // After an error reading goes on, as Spark's does.
      ASSERT_LE(++tokens, 2 * text.size() + 2) << text;
      if (token == JsonToken::kError && tokens > text.size()) break;
      std::string_view value;
      if (random() % 2 == 0 && token == JsonToken::kString) reader.Text(&value);
      if (random() % 4 == 0) reader.SkipChildren();
      std::string copy;
      if (random() % 4 == 0) reader.Copy(&copy);
      if (reader.current() == JsonToken::kError) break;
    }
  }
}

TEST(JsonReaderTest, NestingIsBounded) {
  Options options;
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const std::string shallow = "{\"a\":" + nested(100) + "}";
  EXPECT_EQ(InferJsonLines({shallow}, options).size(), 1u);
  const std::string deep = "{\"a\":" + nested(100'000) + "}";
  const auto fields = InferJsonLines({deep}, options);
  ASSERT_EQ(fields.size(), 1u);
  EXPECT_EQ(fields[0].name, "_corrupt_record");
}

}  // namespace
}  // namespace deltic::engine::text
