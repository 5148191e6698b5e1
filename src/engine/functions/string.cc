// Text kernels with the semantics of Spark's UTF8String and stringExpressions.
#include <algorithm>
#include <limits>
#include <unordered_map>
#include <vector>

#include "engine/functions/kernel.h"
#include "engine/functions/list_access.h"
#include "engine/functions/register.h"
#include "engine/functions/string_parts.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::functions {
namespace {

using std::string;
using std::string_view;

string_view BytesSubstring(string_view bytes, int32_t position, int32_t length) {
  const auto size = static_cast<int64_t>(bytes.size());
  if (position > size) return {};
  int64_t start = position > 0 ? position - 1 : (position < 0 ? size + position : 0);
  const int64_t end = size - start < length ? size : start + length;
  start = std::max<int64_t>(start, 0);
  return start >= end ? string_view() : bytes.substr(start, end - start);
}

string_view SubstringIndex(string_view text, string_view delimiter, int32_t count) {
  if (delimiter.empty() || count == 0) return {};
  if (count > 0) {
    size_t at = string_view::npos;
    for (; count > 0; count--) {
      at = text.find(delimiter, at == string_view::npos ? 0 : at + 1);
      if (at == string_view::npos) return text;
    }
    return text.substr(0, at);
  }
  size_t at = text.size() + 1;
  for (; count < 0; count++) {
    if (at == 0) return text;
    at = text.rfind(delimiter, at - 1);
    if (at == string_view::npos) return text;
  }
  return text.substr(at + delimiter.size());
}

bool ContainsChar(string_view set, string_view character) {
  for (size_t i = 0; i < set.size();) {
    const size_t bytes = std::min(CharBytes(static_cast<unsigned char>(set[i])), set.size() - i);
    if (set.substr(i, bytes) == character) return true;
    i += bytes;
  }
  return false;
}

string_view TrimLeft(string_view text, string_view set) {
  while (!text.empty()) {
    const size_t bytes = std::min(CharBytes(static_cast<unsigned char>(text[0])), text.size());
    if (!ContainsChar(set, text.substr(0, bytes))) break;
    text.remove_prefix(bytes);
  }
  return text;
}

string_view TrimRight(string_view text, string_view set) {
  while (!text.empty()) {
    size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) start--;
    if (!ContainsChar(set, text.substr(start))) break;
    text.remove_suffix(text.size() - start);
  }
  return text;
}

// The results of these functions must fit in memory; Spark fails on arrays beyond 2^31 - 1.
constexpr int64_t kMaxResultBytes = std::numeric_limits<int32_t>::max();

void CheckSize(int64_t bytes) {
  if (bytes > kMaxResultBytes) {
    ThrowStatus(Error("COLLECTION_SIZE_LIMIT_EXCEEDED.FUNCTION",
                      {{"numberOfElements", std::to_string(bytes)},
                       {"maxRoundedArrayLength", std::to_string(kMaxResultBytes - 15)},
                       {"functionName", "`string`"}}));
  }
}

string Padding(string_view pad, int64_t chars) {
  string out;
  const int64_t pad_chars = CharCount(pad);
  CheckSize((chars / pad_chars + 1) * static_cast<int64_t>(pad.size()));
  for (int64_t i = 0; i < chars / pad_chars; i++) out += pad;
  out += Slice(pad, 0, chars % pad_chars);
  return out;
}

string Pad(string_view text, int32_t length, string_view pad, bool left) {
  const int64_t missing = int64_t{length} - CharCount(text);
  if (missing <= 0 || pad.empty()) return string(Slice(text, 0, length));
  const string padding = Padding(pad, missing);
  return left ? padding + string(text) : string(text) + padding;
}

BytesOut PadBytes(string_view bytes, int32_t length, string_view pad, bool left) {
  if (length <= 0) return {};
  if (bytes.size() >= static_cast<size_t>(length) || pad.empty()) return {string(bytes.substr(0, length))};
  string padding;
  const size_t missing = static_cast<size_t>(length) - bytes.size();
  while (padding.size() < missing) padding += pad;
  padding.resize(missing);
  return {left ? padding + string(bytes) : string(bytes) + padding};
}

string Repeat(string_view text, int32_t times) {
  string out;
  if (times <= 0) return out;
  CheckSize(static_cast<int64_t>(text.size()) * times);
  out.reserve(text.size() * times);
  for (int32_t i = 0; i < times; i++) out += text;
  return out;
}

string Reverse(string_view text) {
  string out(text.size(), '\0');
  size_t end = text.size();
  for (size_t i = 0; i < text.size();) {
    const size_t bytes = std::min(CharBytes(static_cast<unsigned char>(text[i])), text.size() - i);
    end -= bytes;
    std::copy_n(text.data() + i, bytes, out.data() + end);
    i += bytes;
  }
  return out;
}

string Replace(string_view text, string_view search, string_view replacement) {
  if (search.empty()) return string(text);
  string out;
  size_t from = 0;
  for (size_t at = text.find(search); at != string_view::npos; at = text.find(search, from)) {
    out += text.substr(from, at - from);
    out += replacement;
    from = at + search.size();
  }
  out += text.substr(from);
  return out;
}

string Translate(string_view text, string_view from, string_view to) {
  std::unordered_map<int32_t, int32_t> map;  // -1: deleted
  size_t j = 0;
  for (size_t i = 0; i < from.size();) {
    const int32_t source = NextCodePoint(from, &i);
    const int32_t target = j < to.size() ? NextCodePoint(to, &j) : -1;
    map.try_emplace(source, target);
  }
  string out;
  for (size_t i = 0; i < text.size();) {
    const int32_t c = NextCodePoint(text, &i);
    const auto it = map.find(c);
    if (it == map.end()) {
      AppendCodePoint(c, &out);
    } else if (it->second >= 0) {
      AppendCodePoint(it->second, &out);
    }
  }
  return out;
}

// Character index of `search` at or after character `start`, -1 when absent; UTF8String.indexOf.
int32_t IndexOf(string_view text, string_view search, int32_t start) {
  if (search.empty()) return 0;
  const size_t from = ByteOffset(text, start);
  const size_t at = text.find(search, from);
  if (at == string_view::npos) return -1;
  return CharCount(text.substr(0, at));
}

string InitCap(string_view text) {
  const string lower = ToLower(text);
  string out;
  bool first = true;
  for (size_t i = 0; i < lower.size();) {
    const int32_t c = NextCodePoint(lower, &i);
    AppendCodePoint(first ? UpperCodePoint(c) : c, &out);
    first = c == ' ';
  }
  return out;
}

int32_t Levenshtein(string_view a, string_view b) {
  const auto left = Decode(a);
  const auto right = Decode(b);
  std::vector<int32_t> row(right.size() + 1);
  for (size_t j = 0; j <= right.size(); j++) row[j] = static_cast<int32_t>(j);
  for (size_t i = 1; i <= left.size(); i++) {
    int32_t diagonal = row[0];
    row[0] = static_cast<int32_t>(i);
    for (size_t j = 1; j <= right.size(); j++) {
      const int32_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (left[i - 1] == right[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

string Soundex(string_view text) {
  static constexpr char kCodes[] = "01230127022455012623010202";  // A…Z; 7: H and W, transparent
  const auto upper = [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); };
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.empty() || !is_letter(upper(text[0]))) return string(text);
  string out(1, upper(text[0]));
  char last = kCodes[out[0] - 'A'];
  for (size_t i = 1; i < text.size() && out.size() < 4; i++) {
    const char c = upper(text[i]);
    if (!is_letter(c)) {
      last = '0';
      continue;
    }
    const char code = kCodes[c - 'A'];
    if (code == '7') continue;
    if (code != '0' && code != last) out.push_back(code);
    last = code;
  }
  out.resize(4, '0');
  return out;
}

int32_t FindInSet(string_view word, string_view set) {
  if (word.find(',') != string_view::npos) return 0;
  int32_t index = 1;
  for (size_t from = 0;; index++) {
    const size_t comma = set.find(',', from);
    if (set.substr(from, comma - from) == word) return index;
    if (comma == string_view::npos) return 0;
    from = comma + 1;
  }
}

string Overlay(string_view text, string_view replacement, int32_t position, int32_t length) {
  const auto wrap = [](int64_t v) { return static_cast<int32_t>(v); };
  const int32_t cut = length >= 0 ? length : CharCount(replacement);
  string out(SubstringSql(text, 1, wrap(int64_t{position} - 1)));
  out += replacement;
  out += SubstringSql(text, wrap(int64_t{position} + cut), std::numeric_limits<int32_t>::max());
  return out;
}

BytesOut OverlayBytes(string_view bytes, string_view replacement, int32_t position, int32_t length) {
  const auto wrap = [](int64_t v) { return static_cast<int32_t>(v); };
  const auto cut = length >= 0 ? length : static_cast<int32_t>(replacement.size());
  string out(BytesSubstring(bytes, 1, wrap(int64_t{position} - 1)));
  out += replacement;
  out += BytesSubstring(bytes, wrap(int64_t{position} + cut), std::numeric_limits<int32_t>::max());
  return {out};
}

void AppendMasked(int32_t c, const std::optional<int32_t>& replacement, string* out) {
  AppendCodePoint(replacement.value_or(c), out);
}

std::optional<int32_t> MaskChar(const std::optional<string_view>& text) {
  if (!text.has_value() || text->empty()) return std::nullopt;
  size_t pos = 0;
  return NextCodePoint(*text, &pos);
}

string Mask(string_view text, std::optional<string_view> upper, std::optional<string_view> lower,
            std::optional<string_view> digit, std::optional<string_view> other) {
  const auto u = MaskChar(upper);
  const auto l = MaskChar(lower);
  const auto d = MaskChar(digit);
  const auto o = MaskChar(other);
  string out;
  for (size_t i = 0; i < text.size();) {
    const int32_t c = NextCodePoint(text, &i);
    if (IsUpperCodePoint(c)) {
      AppendMasked(c, u, &out);
    } else if (IsLowerCodePoint(c)) {
      AppendMasked(c, l, &out);
    } else if (c >= '0' && c <= '9') {
      AppendMasked(c, d, &out);
    } else {
      AppendMasked(c, o, &out);
    }
  }
  return out;
}

bool LuhnCheck(string_view digits) {
  int sum = 0;
  bool twice = false;
  for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
    if (*it < '0' || *it > '9') return false;
    int value = *it - '0';
    if (twice) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
    sum += value;
    twice = !twice;
  }
  return !digits.empty() && sum % 10 == 0;
}

string SplitPart(string_view text, string_view delimiter, int32_t part) {
  if (part == 0) ThrowStatus(Error("INVALID_INDEX_OF_ZERO"));
  std::vector<string_view> parts;
  size_t from = 0;
  for (size_t at = delimiter.empty() ? string_view::npos : text.find(delimiter); at != string_view::npos;
       at = text.find(delimiter, from)) {
    parts.push_back(text.substr(from, at - from));
    from = at + delimiter.size();
  }
  parts.push_back(text.substr(from));
  const auto count = static_cast<int64_t>(parts.size());
  const int64_t index = part > 0 ? part - 1 : count + part;
  return index < 0 || index >= count ? string() : string(parts[index]);
}

string Chr(int64_t n) {
  string out;
  if (n >= 0) AppendCodePoint(static_cast<int32_t>(n & 0xFF), &out);
  return out;
}

void Concat(duckdb::DataChunk& args, duckdb::Vector& result) {
  const auto columns = args.ColumnCount();
  std::vector<duckdb::UnifiedVectorFormat> formats(columns);
  for (duckdb::idx_t c = 0; c < columns; c++) args.data[c].ToUnifiedFormat(args.size(), formats[c]);
  auto* out = duckdb::FlatVector::GetData<duckdb::string_t>(result);
  string text;
  for (duckdb::idx_t row = 0; row < args.size(); row++) {
    text.clear();
    bool valid = true;
    for (const auto& format : formats) {
      const auto index = format.sel->get_index(row);
      if (!format.validity.RowIsValid(index)) {
        valid = false;
        break;
      }
      const auto& part = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(format)[index];
      text.append(part.GetData(), part.GetSize());
    }
    if (valid) {
      out[row] = duckdb::StringVector::AddStringOrBlob(result, text.data(), text.size());
    } else {
      duckdb::FlatVector::SetNull(result, row, true);
    }
  }
}

// concat_ws(separator, strings and arrays of strings…): NULLs are skipped.
void ConcatWs(duckdb::DataChunk& args, duckdb::Vector& result) {
  const auto columns = args.ColumnCount();
  std::vector<duckdb::UnifiedVectorFormat> formats(columns);
  std::vector<std::optional<ListAccess>> lists(columns);
  for (duckdb::idx_t c = 0; c < columns; c++) {
    if (args.data[c].GetType().id() == duckdb::LogicalTypeId::LIST) {
      lists[c].emplace(args.data[c], args.size());
    } else {
      args.data[c].ToUnifiedFormat(args.size(), formats[c]);
    }
  }
  for (duckdb::idx_t row = 0; row < args.size(); row++) {
    const auto at = [&](duckdb::idx_t c) -> std::optional<string_view> {
      const auto index = formats[c].sel->get_index(row);
      if (!formats[c].validity.RowIsValid(index)) return std::nullopt;
      return KernelType<string_view>::Read(duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(formats[c])[index]);
    };
    const auto separator = at(0);
    if (!separator.has_value()) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    string text;
    bool first = true;
    const auto add = [&](string_view part) {
      if (!first) text += *separator;
      first = false;
      text += part;
    };
    for (duckdb::idx_t c = 1; c < columns; c++) {
      if (!lists[c].has_value()) {
        if (const auto part = at(c)) add(*part);
        continue;
      }
      if (lists[c]->IsNull(row)) continue;
      for (idx_t i = 0; i < lists[c]->Length(row); i++) {
        if (!lists[c]->ElementIsNull(row, i)) {
          add(KernelType<string_view>::Read(lists[c]->Element<duckdb::string_t>(row, i)));
        }
      }
    }
    KernelType<string_view>::Write(result, &duckdb::FlatVector::GetData<duckdb::string_t>(result)[row], text);
  }
}

// elt(n, a, b, …).
void Elt(duckdb::DataChunk& args, duckdb::Vector& result) {
  duckdb::UnifiedVectorFormat index_format;
  args.data[0].ToUnifiedFormat(args.size(), index_format);
  args.data[args.ColumnCount() - 1].Flatten(args.size());
  const bool ansi = duckdb::FlatVector::GetData<bool>(args.data[args.ColumnCount() - 1])[0];
  const auto count = static_cast<int64_t>(args.ColumnCount()) - 2;
  std::vector<duckdb::UnifiedVectorFormat> formats(count);
  for (int64_t c = 0; c < count; c++) args.data[c + 1].ToUnifiedFormat(args.size(), formats[c]);
  for (duckdb::idx_t row = 0; row < args.size(); row++) {
    const auto at = index_format.sel->get_index(row);
    if (!index_format.validity.RowIsValid(at)) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const int64_t n = duckdb::UnifiedVectorFormat::GetData<int32_t>(index_format)[at];
    if (n < 1 || n > count) {
      if (ansi) {
        ThrowStatus(Error("INVALID_ARRAY_INDEX", {{"indexValue", std::to_string(n)},
                                                  {"arraySize", std::to_string(count)},
                                                  {"ansiConfig", "\"spark.sql.ansi.enabled\""}}));
      }
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto& format = formats[n - 1];
    const auto value_at = format.sel->get_index(row);
    if (!format.validity.RowIsValid(value_at)) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto value =
        KernelType<string_view>::Read(duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(format)[value_at]);
    KernelType<string_view>::Write(result, &duckdb::FlatVector::GetData<duckdb::string_t>(result)[row], value);
  }
}

void RegisterSearch(KernelSink& sink) {
  Add(sink, "spark_instr", [](string_view text, string_view search) { return IndexOf(text, search, 0) + 1; });
  Add(sink, "spark_locate",
      [](std::optional<string_view> search, std::optional<string_view> text,
         std::optional<int32_t> start) -> std::optional<int32_t> {
        if (!start.has_value()) return 0;
        if (!search.has_value() || !text.has_value()) return std::nullopt;
        return *start < 1 ? 0 : IndexOf(*text, *search, *start - 1) + 1;
      });
  Add(sink, "spark_contains_binary", [](Bytes a, Bytes b) { return a.v.find(b.v) != string_view::npos; });
  Add(sink, "spark_startswith_binary", [](Bytes a, Bytes b) { return a.v.starts_with(b.v); });
  Add(sink, "spark_endswith_binary", [](Bytes a, Bytes b) { return a.v.ends_with(b.v); });
  Add(sink, "spark_find_in_set", [](string_view w, string_view set) { return FindInSet(w, set); });
  Add(sink, "spark_split_part", [](string_view s, string_view d, int32_t n) { return SplitPart(s, d, n); });
  Add(sink, "spark_levenshtein", [](string_view a, string_view b) { return Levenshtein(a, b); });
  Add(sink, "spark_levenshtein_threshold", [](string_view a, string_view b, int32_t threshold) {
    const int32_t distance = Levenshtein(a, b);
    return distance > threshold ? -1 : distance;
  });
}

}  // namespace

void RegisterStringKernels(duckdb::ExtensionLoader& sink) {
  Add(sink, "spark_upper", [](string_view s) { return ToUpper(s); });
  Add(sink, "spark_lower", [](string_view s) { return ToLower(s); });
  Add(sink, "spark_initcap", [](string_view s) { return InitCap(s); });
  Add(sink, "spark_length", [](string_view s) { return CharCount(s); });
  Add(sink, "spark_octet_length", [](string_view s) { return static_cast<int32_t>(s.size()); });
  Add(sink, "spark_octet_length_binary", [](Bytes b) { return static_cast<int32_t>(b.v.size()); });
  Add(sink, "spark_bit_length", [](string_view s) { return static_cast<int32_t>(s.size() * 8); });
  Add(sink, "spark_bit_length_binary", [](Bytes b) { return static_cast<int32_t>(b.v.size() * 8); });
  Add(sink, "spark_substring", [](string_view s, int32_t pos, int32_t len) { return SubstringSql(s, pos, len); });
  Add(sink, "spark_substring_binary",
      [](Bytes b, int32_t pos, int32_t len) { return BytesOut{string(BytesSubstring(b.v, pos, len))}; });
  Add(sink, "spark_left", [](string_view s, int32_t n) { return n <= 0 ? string_view() : SubstringSql(s, 1, n); });
  Add(sink, "spark_right", [](string_view s, int32_t n) {
    return n <= 0 ? string_view() : SubstringSql(s, -n, std::numeric_limits<int32_t>::max());
  });
  Add(sink, "spark_left_binary",
      [](Bytes b, int32_t n) { return BytesOut{n <= 0 ? string() : string(BytesSubstring(b.v, 1, n))}; });
  Add(sink, "spark_substring_index",
      [](string_view s, string_view d, int32_t count) { return SubstringIndex(s, d, count); });
  Add(sink, "spark_trim", [](string_view s, string_view set) { return TrimRight(TrimLeft(s, set), set); });
  Add(sink, "spark_ltrim", [](string_view s, string_view set) { return TrimLeft(s, set); });
  Add(sink, "spark_rtrim", [](string_view s, string_view set) { return TrimRight(s, set); });
  Add(sink, "spark_lpad", [](string_view s, int32_t n, string_view pad) { return Pad(s, n, pad, true); });
  Add(sink, "spark_rpad", [](string_view s, int32_t n, string_view pad) { return Pad(s, n, pad, false); });
  Add(sink, "spark_lpad_binary", [](Bytes s, int32_t n, Bytes pad) { return PadBytes(s.v, n, pad.v, true); });
  Add(sink, "spark_rpad_binary", [](Bytes s, int32_t n, Bytes pad) { return PadBytes(s.v, n, pad.v, false); });
  Add(sink, "spark_repeat", [](string_view s, int32_t n) { return Repeat(s, n); });
  Add(sink, "spark_space", [](int32_t n) { return Repeat(" ", n); });
  Add(sink, "spark_reverse", [](string_view s) { return Reverse(s); });
  Add(sink, "spark_replace", [](string_view s, string_view a, string_view b) { return Replace(s, a, b); });
  Add(sink, "spark_translate", [](string_view s, string_view a, string_view b) { return Translate(s, a, b); });
  Add(sink, "spark_ascii", [](string_view s) {
    size_t pos = 0;
    return s.empty() ? 0 : NextCodePoint(s, &pos);
  });
  Add(sink, "spark_chr", [](int64_t n) { return Chr(n); });
  Add(sink, "spark_soundex", [](string_view s) { return Soundex(s); });
  Add(sink, "spark_overlay", [](string_view s, string_view r, int32_t p, int32_t n) { return Overlay(s, r, p, n); });
  Add(sink, "spark_overlay_binary",
      [](Bytes s, Bytes r, int32_t p, int32_t n) { return OverlayBytes(s.v, r.v, p, n); });
  Add(sink, "spark_mask",
      [](string_view s, std::optional<string_view> u, std::optional<string_view> l, std::optional<string_view> d,
         std::optional<string_view> o) { return Mask(s, u, l, d, o); });
  Add(sink, "spark_luhn_check", [](string_view s) { return LuhnCheck(s); });
  Add(sink, "spark_quote", [](string_view s) {
    string out = "'";
    for (const char c : s) {
      if (c == '\'') out.push_back('\\');
      out.push_back(c);
    }
    return out + "'";
  });
  Add(sink, "spark_empty2null",
      [](string_view s) { return s.empty() ? std::optional<string_view>() : std::optional(s); });
  AddGeneric(sink, "spark_concat", -1, [](const auto& types) { return types[0]; }, Concat);
  AddGeneric(sink, "spark_concat_ws", -1, [](const auto&) { return duckdb::LogicalType::VARCHAR; }, ConcatWs);
  AddGeneric(sink, "spark_elt", -1, [](const auto& types) { return types[1]; }, Elt);
  RegisterSearch(sink);
  RegisterStringCodecKernels(sink);
  RegisterStringFormatKernels(sink);
}

}  // namespace deltic::engine::functions
