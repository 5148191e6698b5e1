// sentences(text): words of sentences by the rules of java.text.BreakIterator for languages without a dictionary.
// A sentence ends after ? or !, or after a full stop whose next word does not start in lower case; words keep inner
// marks (e-mail, b.com), numbers their separators and a per cent sign (1,000, 2.5%).
#include "engine/functions/kernel.h"
#include "engine/functions/string_list.h"
#include "engine/functions/utf8_text.h"

namespace duckdb {
int utf8proc_category(int c);  // exported by DuckDB's library
}

namespace deltic::engine::functions {

void RegisterSentenceKernels(KernelSink& sink);

namespace {

using std::u32string_view;

bool IsSpace(char32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 ||
         c == 0x3000 || c == 0x202F || c == 0x205F || c == 0x1680;
}
bool IsDigit(char32_t c) {
  return c < 0x80 ? c >= '0' && c <= '9' : duckdb::utf8proc_category(static_cast<int32_t>(c)) == 9;
}
bool IsStop(char32_t c) { return c == '?' || c == '!' || c == 0x3002 || c == 0xFF01 || c == 0xFF1F; }

enum Category : uint8_t { kPc = 12, kPd = 13, kPs = 14, kPe = 15, kPi = 16, kPf = 17, kSc = 20 };
int CategoryOf(char32_t c) { return duckdb::utf8proc_category(static_cast<int32_t>(c)); }

bool IsOpening(char32_t c) {
  const int category = CategoryOf(c);
  return category == kPs || category == kPi || c == '"' || c == '\'';
}
bool IsClosing(char32_t c) {
  const int category = CategoryOf(c);
  return category == kPe || category == kPf || c == '"' || c == '\'';
}

// Where the sentence that starts at `from` ends.
size_t SentenceEnd(u32string_view text, size_t from) {
  for (size_t i = from; i < text.size(); i++) {
    if (text[i] == 0x2029) return i + 1;
    if (text[i] != '.' && !IsStop(text[i])) continue;
    bool certain = false;
    size_t at = i;
    for (; at < text.size() && (text[at] == '.' || IsStop(text[at])); at++) certain = certain || IsStop(text[at]);
    while (at < text.size() && IsClosing(text[at])) at++;
    const size_t after_marks = at;
    while (at < text.size() && IsSpace(text[at])) at++;
    if (at >= text.size()) return text.size();
    if (certain) return at;
    size_t next = at;
    while (next < text.size() && IsOpening(text[next])) next++;
    const bool lower = next < text.size() && IsLowerCodePoint(static_cast<int32_t>(text[next]));
    if (at > after_marks && !lower) return at;
    i = after_marks - 1;
  }
  return text.size();
}

enum class Script : uint8_t { kNone, kLetter, kKanji, kHiragana, kKatakana };

Script ScriptOf(char32_t c) {
  if (c < 0x80)
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z' ? Script::kLetter : c == '_' ? Script::kLetter : Script::kNone;
  if ((c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || c == 0x3005) return Script::kKanji;
  if (c >= 0x3041 && c <= 0x309F) return Script::kHiragana;
  if (c >= 0x30A1 && c <= 0x30FF) return Script::kKatakana;
  const int category = CategoryOf(c);
  const bool letter = IsLetter(static_cast<int32_t>(c)) || (category >= 6 && category <= 8) || category == kPc;
  return letter ? Script::kLetter : Script::kNone;
}

bool JoinsWords(char32_t c) {
  return c == '-' || c == '\'' || c == '"' || c == '.' || c == 0xAD || c == 0x2027 || CategoryOf(c) == kPd;
}
bool JoinsDigits(char32_t c) { return c == ',' || c == '.' || c == '\'' || c == '"' || c == 0x066B; }
bool EndsNumber(char32_t c) { return c == '%' || c == '&' || c == 0xA2 || c == 0x2030; }

// A run of what `is` accepts, with single marks of `joins` inside; returns where it ends.
template <typename Is, typename Joins>
size_t Run(u32string_view text, size_t at, Is is, Joins joins) {
  while (at < text.size()) {
    if (is(text[at])) {
      at++;
    } else if (joins(text[at]) && at + 1 < text.size() && is(text[at + 1])) {
      at += 2;
    } else {
      break;
    }
  }
  return at;
}

// Where the word that starts at `from` ends, which is at least one character.
size_t WordEnd(u32string_view text, size_t from) {
  const Script script = ScriptOf(text[from]);
  if (script != Script::kNone && script != Script::kLetter) {
    size_t at = from;
    while (at < text.size() && ScriptOf(text[at]) == script) at++;
    return at;
  }
  const auto letter = [](char32_t c) { return ScriptOf(c) == Script::kLetter; };
  size_t at = from;
  // A sign before a number belongs to it.
  const bool sign = (CategoryOf(text[from]) == kSc && text[from] != 0xA2) || text[from] == '#' || text[from] == '.';
  if (sign && from + 1 < text.size() && IsDigit(text[from + 1])) at++;
  for (bool more = true; more;) {
    const size_t before = at;
    if (at < text.size() && letter(text[at])) at = Run(text, at, letter, JoinsWords);
    if (at < text.size() && IsDigit(text[at])) {
      at = Run(text, at, IsDigit, JoinsDigits);
      if (at < text.size() && EndsNumber(text[at])) return at + 1;
    }
    more = at > before;
  }
  return at > from ? at : from + 1;
}

std::string Encode(u32string_view text) {
  std::string out;
  for (const char32_t c : text) AppendCodePoint(static_cast<int32_t>(c), &out);
  return out;
}

// The words of every sentence, as LIST(LIST(VARCHAR)).
void SplitSentences(duckdb::DataChunk& args, duckdb::Vector& result) {
  duckdb::UnifiedVectorFormat texts;
  args.data[0].ToUnifiedFormat(args.size(), texts);
  auto* entries = duckdb::FlatVector::GetData<duckdb::list_entry_t>(result);
  std::vector<duckdb::list_entry_t> sentences;
  auto& inner = duckdb::ListVector::GetEntry(result);
  StringListWriter words(inner);
  for (duckdb::idx_t row = 0; row < args.size(); row++) {
    const auto text = ReadArgument<std::optional<std::string_view>>(texts, row);
    entries[row] = {sentences.size(), 0};
    if (!text.has_value()) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const std::u32string decoded = Decode(*text);
    const u32string_view all = decoded;
    for (size_t from = 0; from < all.size();) {
      const size_t end = SentenceEnd(all, from);
      const u32string_view sentence = all.substr(from, end - from);
      const duckdb::idx_t first = words.size();
      for (size_t at = 0; at < sentence.size();) {
        const size_t stop = WordEnd(sentence, at);
        const char32_t c = sentence[at];
        if (IsDigit(c) || IsLetter(static_cast<int32_t>(c))) words.Push(Encode(sentence.substr(at, stop - at)));
        at = stop;
      }
      sentences.push_back({first, words.size() - first});
      from = end;
    }
    entries[row].length = sentences.size() - entries[row].offset;
  }
  words.Finish();
  duckdb::ListVector::Reserve(result, sentences.size());
  std::copy(sentences.begin(), sentences.end(),
            duckdb::FlatVector::GetData<duckdb::list_entry_t>(duckdb::ListVector::GetEntry(result)));
  duckdb::ListVector::SetListSize(result, sentences.size());
}

}  // namespace

void RegisterSentenceKernels(KernelSink& sink) {
  AddGeneric(
      sink, "spark_sentences", 1,
      [](const auto&) { return duckdb::LogicalType::LIST(duckdb::LogicalType::LIST(duckdb::LogicalType::VARCHAR)); },
      SplitSentences);
}

}  // namespace deltic::engine::functions
