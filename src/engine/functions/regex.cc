// Pattern kernels: LIKE and the regexp_ functions with Java's matcher semantics, split and str_to_map.
#include <cctype>

#include "engine/functions/java_regex.h"
#include "engine/functions/kernel.h"
#include "engine/functions/list_access.h"
#include "engine/functions/register.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::functions {
namespace {

using duckdb::DataChunk;
using duckdb::FlatVector;
using duckdb::LogicalType;
using duckdb::Vector;
using std::string;
using std::string_view;
using Span = JavaRegex::Span;

string_view Part(string_view text, const Span& span) { return text.substr(span.begin, span.end - span.begin); }

// A replacement as java.util.regex.Matcher.appendReplacement reads it.
void AppendReplacement(string_view replacement, const JavaRegex& regex, string_view text,
                       const std::vector<Span>& groups, string* out) {
  const auto append_group = [&](int group) {
    if (group < 0 || group >= static_cast<int>(groups.size())) {
      ThrowStatus(Error("_LEGACY_ERROR_TEMP_REGEX_GROUP", {}, "No group " + std::to_string(group)));
    }
    if (groups[group].matched()) *out += Part(text, groups[group]);
  };
  for (size_t i = 0; i < replacement.size();) {
    const char c = replacement[i];
    if (c == '\\') {
      if (i + 1 >= replacement.size()) {
        ThrowStatus(Error("_LEGACY_ERROR_TEMP_REGEX_GROUP", {}, "character to be escaped is missing"));
      }
      out->push_back(replacement[i + 1]);
      i += 2;
    } else if (c == '$' && i + 1 < replacement.size() && replacement[i + 1] == '{') {
      const size_t end = replacement.find('}', i);
      const string name(replacement.substr(i + 2, end - i - 2));
      append_group(regex.GroupOf(name));
      i = end == string_view::npos ? replacement.size() : end + 1;
    } else if (c == '$') {
      i++;
      if (i >= replacement.size() || replacement[i] < '0' || replacement[i] > '9') {
        ThrowStatus(Error("_LEGACY_ERROR_TEMP_REGEX_GROUP", {}, "Illegal group reference"));
      }
      int group = replacement[i++] - '0';
      while (i < replacement.size() && replacement[i] >= '0' && replacement[i] <= '9' &&
             group * 10 + (replacement[i] - '0') < static_cast<int>(groups.size())) {
        group = group * 10 + (replacement[i++] - '0');
      }
      append_group(group);
    } else {
      out->push_back(c);
      i++;
    }
  }
}

string RegexpReplace(string_view text, string_view pattern, string_view replacement, int32_t position) {
  const auto& regex = CachedRegex(pattern, "regexp_replace");
  if (position < 1) {
    ThrowStatus(Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"regexp_replace\""},
                                                               {"exprName", "position"},
                                                               {"valueRange", "(0, 2147483647]"},
                                                               {"currentValue", std::to_string(position)}}));
  }
  const size_t begin = ByteOffset(text, int64_t{position} - 1);
  if (position > 1 && begin >= text.size()) return string(text);
  const string_view region = text.substr(begin);
  string out(text.substr(0, begin));
  std::vector<Span> groups;
  size_t copied = 0;
  for (size_t from = 0; regex.FindFrom(region, from, &groups); from = JavaRegex::NextStart(region, groups[0])) {
    out += region.substr(copied, groups[0].begin - copied);
    AppendReplacement(replacement, regex, region, groups, &out);
    copied = groups[0].end;
  }
  out += region.substr(copied);
  return out;
}

void CheckGroup(const JavaRegex& regex, int32_t index, const char* function) {
  if (index >= 0 && index <= regex.group_count()) return;
  ThrowStatus(Error("INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX", {{"parameter", "`idx`"},
                                                                  {"functionName", string("`") + function + "`"},
                                                                  {"groupCount", std::to_string(regex.group_count())},
                                                                  {"groupIndex", std::to_string(index)}}));
}

string RegexpExtract(string_view text, string_view pattern, int32_t index) {
  const auto& regex = CachedRegex(pattern, "regexp_extract");
  std::vector<Span> groups;
  if (!regex.FindFrom(text, 0, &groups)) return {};
  CheckGroup(regex, index, "regexp_extract");
  return groups[index].matched() ? string(Part(text, groups[index])) : string();
}

int32_t RegexpCount(string_view text, string_view pattern) {
  const auto& regex = CachedRegex(pattern, "regexp_count");
  std::vector<Span> groups;
  int32_t count = 0;
  for (size_t from = 0; regex.FindFrom(text, from, &groups); from = JavaRegex::NextStart(text, groups[0])) count++;
  return count;
}

std::optional<string> RegexpSubstr(string_view text, string_view pattern) {
  const auto& regex = CachedRegex(pattern, "regexp_substr");
  std::vector<Span> groups;
  if (!regex.FindFrom(text, 0, &groups) || groups[0].begin == groups[0].end) return std::nullopt;
  return string(Part(text, groups[0]));
}

int32_t RegexpInstr(string_view text, string_view pattern) {
  const auto& regex = CachedRegex(pattern, "regexp_instr");
  std::vector<Span> groups;
  if (!regex.FindFrom(text, 0, &groups)) return 0;
  return CharCount(text.substr(0, groups[0].begin)) + 1;
}

// What a pattern without special characters, or with one escaped, matches; most separators are such.
std::optional<string_view> LiteralPattern(string_view pattern) {
  const bool escaped = pattern.size() == 2 && pattern[0] == '\\' && pattern[1] > 0 &&
                       std::ispunct(static_cast<unsigned char>(pattern[1])) != 0;
  if (escaped) return pattern.substr(1);
  if (pattern.find_first_of(".$|()[{^?*+\\") == string_view::npos) return pattern;
  return std::nullopt;
}

// String.split with a limit that is never 0.
std::vector<string_view> JavaSplit(string_view text, string_view pattern, int32_t limit, const char* function) {
  std::vector<string_view> out;
  if (!text.empty() && pattern.empty()) {
    const int32_t chars = CharCount(text);
    const int32_t parts = limit > chars || limit <= 0 ? chars : limit;
    for (int32_t i = 0; i < parts; i++) {
      const size_t bytes = std::min(CharBytes(static_cast<unsigned char>(text[0])), text.size());
      out.push_back(text.substr(0, bytes));
      text.remove_prefix(bytes);
    }
    return out;
  }
  size_t copied = 0;
  if (const auto literal = LiteralPattern(pattern); literal.has_value() && !literal->empty()) {
    for (size_t at = text.find(*literal); at != string_view::npos; at = text.find(*literal, copied)) {
      if (limit > 0 && static_cast<int32_t>(out.size()) == limit - 1) break;
      out.push_back(text.substr(copied, at - copied));
      copied = at + literal->size();
    }
    out.push_back(text.substr(copied));
    return out;
  }
  const auto& regex = CachedRegex(pattern, function);
  std::vector<Span> groups;
  for (size_t from = 0; regex.FindFrom(text, from, &groups); from = JavaRegex::NextStart(text, groups[0])) {
    if (limit > 0 && static_cast<int32_t>(out.size()) == limit - 1) break;
    if (groups[0].end == 0) continue;  // no empty leading part for an empty match at the beginning
    out.push_back(text.substr(copied, groups[0].begin - copied));
    copied = groups[0].end;
  }
  out.push_back(text.substr(copied));
  return out;
}

// One VARCHAR list row.
void AppendStrings(Vector& result, idx_t row, const std::vector<string_view>& parts) {
  const idx_t offset = duckdb::ListVector::GetListSize(result);
  duckdb::ListVector::Reserve(result, offset + parts.size());
  auto& child = duckdb::ListVector::GetEntry(result);
  auto* out = FlatVector::GetData<duckdb::string_t>(child);
  for (size_t i = 0; i < parts.size(); i++) {
    out[offset + i] = duckdb::StringVector::AddStringOrBlob(child, parts[i].data(), parts[i].size());
  }
  duckdb::ListVector::SetListSize(result, offset + parts.size());
  FlatVector::GetData<duckdb::list_entry_t>(result)[row] = {offset, parts.size()};
}

// Runs `f(text, pattern, number)` over rows without NULLs; the results are lists of strings.
template <typename F>
void ListKernel(DataChunk& args, Vector& result, F f) {
  std::array<duckdb::UnifiedVectorFormat, 3> formats;
  for (size_t c = 0; c < 3; c++) args.data[c].ToUnifiedFormat(args.size(), formats[c]);
  for (idx_t row = 0; row < args.size(); row++) {
    bool valid = true;
    std::array<idx_t, 3> at{};
    for (size_t c = 0; c < 3; c++) {
      at[c] = formats[c].sel->get_index(row);
      valid = valid && formats[c].validity.RowIsValid(at[c]);
    }
    if (!valid) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto text = [&](size_t c) {
      return KernelType<string_view>::Read(duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(formats[c])[at[c]]);
    };
    AppendStrings(result, row, f(text(0), text(1), duckdb::UnifiedVectorFormat::GetData<int32_t>(formats[2])[at[2]]));
  }
}

std::vector<string_view> ExtractAll(string_view text, string_view pattern, int32_t index) {
  const auto& regex = CachedRegex(pattern, "regexp_extract_all");
  std::vector<Span> groups;
  std::vector<string_view> out;
  for (size_t from = 0; regex.FindFrom(text, from, &groups); from = JavaRegex::NextStart(text, groups[0])) {
    CheckGroup(regex, index, "regexp_extract_all");
    out.push_back(groups[index].matched() ? Part(text, groups[index]) : string_view());
  }
  return out;
}

// --- LIKE ---------------------------------------------------------------------------------------------------
struct LikeItem {
  enum Kind { kChar, kOne, kAny } kind;
  int32_t code_point;
};

std::vector<LikeItem> CompileLike(string_view pattern, int32_t escape) {
  std::vector<LikeItem> items;
  for (size_t i = 0; i < pattern.size();) {
    const int32_t c = NextCodePoint(pattern, &i);
    if (c == escape) {
      if (i >= pattern.size()) {
        ThrowStatus(Error("INVALID_FORMAT.ESC_AT_THE_END", {{"format", "'" + string(pattern) + "'"}}));
      }
      const int32_t next = NextCodePoint(pattern, &i);
      if (next != '_' && next != '%' && next != escape) {
        string text;
        AppendCodePoint(next, &text);
        ThrowStatus(Error("INVALID_FORMAT.ESC_IN_THE_MIDDLE",
                          {{"format", "'" + string(pattern) + "'"}, {"char", "'" + text + "'"}}));
      }
      items.push_back({LikeItem::kChar, next});
    } else if (c == '_') {
      items.push_back({LikeItem::kOne, 0});
    } else if (c == '%') {
      if (items.empty() || items.back().kind != LikeItem::kAny) items.push_back({LikeItem::kAny, 0});
    } else {
      items.push_back({LikeItem::kChar, c});
    }
  }
  return items;
}

bool Like(string_view text, string_view pattern, string_view escape_text) {
  thread_local string cached_key;
  thread_local std::vector<LikeItem> items;
  thread_local bool cached = false;
  string key = string(escape_text) + "\x01" + string(pattern);
  if (!cached || cached_key != key) {
    cached = false;
    size_t pos = 0;
    items = CompileLike(pattern, escape_text.empty() ? -1 : NextCodePoint(escape_text, &pos));
    cached_key = std::move(key);
    cached = true;
  }
  // Greedy matching with one point of return: the last %.
  size_t t = 0;
  size_t p = 0;
  size_t star = string_view::npos;
  size_t star_text = 0;
  while (t < text.size()) {
    size_t next = t;
    if (p < items.size() && items[p].kind == LikeItem::kAny) {
      star = p++;
      star_text = t;
    } else if (p < items.size() && (NextCodePoint(text, &next), true) &&
               (items[p].kind == LikeItem::kOne || (next = t, items[p].code_point == NextCodePoint(text, &next)))) {
      t = next;
      p++;
    } else if (star != string_view::npos) {
      NextCodePoint(text, &star_text);
      t = star_text;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (p < items.size() && items[p].kind == LikeItem::kAny) p++;
  return p == items.size();
}

// str_to_map: both delimiters are regular expressions.
void StrToMap(DataChunk& args, Vector& result) {
  for (idx_t row = 0; row < args.size(); row++) {
    const auto text = args.data[0].GetValue(row);
    const auto pair = args.data[1].GetValue(row);
    const auto key_value = args.data[2].GetValue(row);
    if (text.IsNull() || pair.IsNull() || key_value.IsNull()) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    duckdb::vector<duckdb::Value> keys;
    duckdb::vector<duckdb::Value> values;
    const string input = duckdb::StringValue::Get(text);
    for (const auto part : JavaSplit(input, duckdb::StringValue::Get(pair), -1, "str_to_map")) {
      const auto sides = JavaSplit(part, duckdb::StringValue::Get(key_value), 2, "str_to_map");
      duckdb::Value key{string(sides[0])};
      for (const auto& other : keys) {
        if (duckdb::StringValue::Get(other) == sides[0]) {
          ThrowStatus(Error("DUPLICATED_MAP_KEY",
                            {{"key", string(sides[0])}, {"mapKeyDedupPolicy", "\"spark.sql.mapKeyDedupPolicy\""}}));
        }
      }
      keys.push_back(std::move(key));
      values.push_back(sides.size() < 2 ? duckdb::Value(LogicalType::VARCHAR) : duckdb::Value(string(sides[1])));
    }
    result.SetValue(row,
                    duckdb::Value::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR, std::move(keys), std::move(values)));
  }
}

}  // namespace

void RegisterRegexKernels(duckdb::ExtensionLoader& sink) {
  const auto strings = [](const auto&) { return LogicalType::LIST(LogicalType::VARCHAR); };
  Add(sink, "spark_like", [](string_view s, string_view p, string_view escape) { return Like(s, p, escape); });
  Add(sink, "spark_rlike", [](string_view s, string_view p) { return CachedRegex(p, "rlike").Find(s); });
  Add(sink, "spark_regexp_replace",
      [](string_view s, string_view p, string_view r, int32_t position) { return RegexpReplace(s, p, r, position); });
  Add(sink, "spark_regexp_extract", [](string_view s, string_view p, int32_t i) { return RegexpExtract(s, p, i); });
  Add(sink, "spark_regexp_count", [](string_view s, string_view p) { return RegexpCount(s, p); });
  Add(sink, "spark_regexp_substr", [](string_view s, string_view p) { return RegexpSubstr(s, p); });
  Add(sink, "spark_regexp_instr", [](string_view s, string_view p) { return RegexpInstr(s, p); });
  AddGeneric(sink, "spark_regexp_extract_all", 3, strings, [](auto& a, auto& r) { ListKernel(a, r, ExtractAll); });
  AddGeneric(sink, "spark_split", 3, strings, [](auto& a, auto& r) {
    ListKernel(a, r, [](string_view s, string_view p, int32_t limit) { return JavaSplit(s, p, limit, "split"); });
  });
  AddGeneric(
      sink, "spark_str_to_map", 3,
      [](const auto&) { return LogicalType::MAP(LogicalType::VARCHAR, LogicalType::VARCHAR); }, StrToMap);
}

}  // namespace deltic::engine::functions
