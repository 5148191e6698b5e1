#include "engine/functions/datetime_pattern.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <unordered_map>

#include "engine/functions/throw.h"
#include "engine/functions/time_zone.h"
#include "types/data_type.h"

namespace deltic::engine::functions {
namespace {

using std::string;
using std::string_view;
using Item = DatetimePattern::Item;

constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<const char*, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                              "Friday", "Saturday", "Sunday"};
constexpr std::array<const char*, 4> kQuarters = {"1st quarter", "2nd quarter", "3rd quarter", "4th quarter"};

bool IsPatternLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

Status IllegalPattern(const string& message) { return Error("_LEGACY_ERROR_TEMP_DATETIME_PATTERN", {}, message); }

// A pattern that Spark 2's SimpleDateFormat accepts is reported as a change of behaviour.
Status BadPattern(string_view pattern, const string& message) {
  static constexpr string_view kLegacyLetters = "GyYMLwWDdFEuaHkKhmsSzZX";
  bool legacy = true;
  bool quoted = false;
  for (const char c : pattern) {
    if (c == '\'')
      quoted = !quoted;
    else if (!quoted && IsPatternLetter(c) && kLegacyLetters.find(c) == string_view::npos)
      legacy = false;
  }
  if (quoted || !legacy) return IllegalPattern(message);
  return Error("INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
               {{"pattern", "'" + string(pattern) + "'"},
                {"config", "\"spark.sql.legacy.timeParserPolicy\""},
                {"docroot", "https://spark.apache.org/docs/latest"}});
}

// Largest number of repetitions of a letter; 0: not a pattern letter of Spark.
int MaxCount(char letter) {
  switch (letter) {
    case 'y':
    case 'u': return 10;
    case 'G':
    case 'M':
    case 'L':
    case 'Q':
    case 'q':
    case 'E': return 4;
    case 'D': return 3;
    case 'd':
    case 'h':
    case 'H':
    case 'k':
    case 'K':
    case 'm':
    case 's': return 2;
    case 'a':
    case 'F': return 1;
    case 'S': return 9;
    case 'V': return 2;
    case 'z':
    case 'O': return 4;
    case 'X':
    case 'x':
    case 'Z': return 5;
    default: return 0;
  }
}

Status CheckLetter(string_view pattern, char letter, int count, bool parsing) {
  const string repeated(count, letter);
  if (letter == 'Y' || letter == 'W' || letter == 'w' || letter == 'u') {
    return BadPattern(pattern, string("All week-based patterns are unsupported since Spark 3.0, detected: ") + letter +
                                   ", Please use the SQL function EXTRACT instead");
  }
  if (parsing && string_view("EFqQ").find(letter) != string_view::npos) {
    return BadPattern(pattern, string("Illegal pattern character: ") + letter);
  }
  const int max = MaxCount(letter);
  if (max == 0) return BadPattern(pattern, string("Illegal pattern character: ") + letter);
  if (count > max) return BadPattern(pattern, "Too many pattern letters: " + string(letter == 'y' ? count : 1, letter));
  if (letter == 'V' && count != 2) return BadPattern(pattern, "Pattern letter count must be 2: V");
  if (letter == 'O' && count != 1 && count != 4) {
    return BadPattern(pattern, "Pattern letter count must be 1 or 4: O");
  }
  return Status::Ok();
}

struct Fields {  // of the local date-time
  CivilDate date;
  int day_of_year, day_of_week;  // Monday 0
  int hour, minute, second;
  int64_t micros;
};

Fields Split(int64_t local_micros) {
  Fields f;
  int64_t days = local_micros / kMicrosPerDay;
  int64_t rest = local_micros % kMicrosPerDay;
  if (rest < 0) {
    rest += kMicrosPerDay;
    days--;
  }
  f.date = CivilFromDays(days);
  f.day_of_year = static_cast<int>(days - DaysFromCivil(f.date.year, 1, 1)) + 1;
  f.day_of_week = static_cast<int>(((days + 3) % 7 + 7) % 7);
  f.micros = rest % kMicrosPerSecond;
  const auto seconds = static_cast<int>(rest / kMicrosPerSecond);
  f.hour = seconds / 3600;
  f.minute = seconds / 60 % 60;
  f.second = seconds % 60;
  return f;
}

void Number(int64_t value, int width, string* out) {
  string text = std::to_string(value < 0 ? -value : value);
  if (static_cast<int>(text.size()) < width) text.insert(0, width - text.size(), '0');
  *out += (value < 0 ? "-" : "") + text;
}

void FormatYear(int64_t year, int count, string* out) {
  if (count == 2) return Number(((year % 100) + 100) % 100, 2, out);
  const int64_t magnitude = year < 0 ? -year : year;
  if (count >= 4 && year > 0 && static_cast<int>(std::to_string(magnitude).size()) > count) *out += "+";
  Number(year, count, out);
}

void FormatOffset(int64_t seconds, const Item& item, string* out) {
  const char sign = seconds < 0 ? '-' : '+';
  const int64_t total = seconds < 0 ? -seconds : seconds;
  const int h = static_cast<int>(total / 3600);
  const int m = static_cast<int>(total / 60 % 60);
  const int s = static_cast<int>(total % 60);
  char buffer[32];
  if (item.letter == 'O' || (item.letter == 'Z' && item.count == 4)) {
    *out += "GMT";
    if (seconds == 0) return;
    if (item.letter == 'O' && item.count == 1) {
      *out += sign + std::to_string(h);
      if (m != 0 || s != 0) {
        std::snprintf(buffer, sizeof(buffer), ":%02d", m);
        *out += buffer;
      }
    } else {
      std::snprintf(buffer, sizeof(buffer), "%c%02d:%02d", sign, h, m);
      *out += buffer;
    }
    return;
  }
  int style = item.count;
  if (item.letter == 'Z') style = item.count <= 3 ? 2 : 3;
  const bool z_for_zero = item.letter == 'X' || (item.letter == 'Z' && item.count == 5);
  if (seconds == 0 && z_for_zero) {
    *out += "Z";
    return;
  }
  const bool colon = style == 3 || style == 5;
  std::snprintf(buffer, sizeof(buffer), "%c%02d", sign, h);
  *out += buffer;
  if (style > 1 || m != 0) {
    std::snprintf(buffer, sizeof(buffer), colon ? ":%02d" : "%02d", m);
    *out += buffer;
  }
  if (style >= 4 && s != 0) {
    std::snprintf(buffer, sizeof(buffer), colon ? ":%02d" : "%02d", s);
    *out += buffer;
  }
}

void FormatText(const Item& item, const Fields& f, string* out) {
  switch (item.letter) {
    case 'G':
      *out += f.date.year > 0 ? (item.count == 4 ? "Anno Domini" : "AD") : (item.count == 4 ? "Before Christ" : "BC");
      break;
    case 'M':
    case 'L': *out += item.count == 4 ? string(kMonths[f.date.month - 1]) : string(kMonths[f.date.month - 1], 3); break;
    case 'E': *out += item.count == 4 ? string(kDays[f.day_of_week]) : string(kDays[f.day_of_week], 3); break;
    default: {
      const int quarter = (f.date.month - 1) / 3;
      *out += item.count == 4 ? string(kQuarters[quarter]) : "Q" + std::to_string(quarter + 1);
    }
  }
}

void FormatItem(const Item& item, const Fields& f, const LocalTime& time, string* out) {
  const bool text = item.count >= 3;
  switch (item.letter) {
    case 0: *out += item.literal; break;
    case '[':
    case ']': break;
    case 'y': FormatYear(f.date.year > 0 ? f.date.year : 1 - f.date.year, item.count, out); break;
    case 'u': FormatYear(f.date.year, item.count, out); break;
    case 'M':
    case 'L':
      if (text)
        FormatText(item, f, out);
      else
        Number(f.date.month, item.count, out);
      break;
    case 'Q':
    case 'q':
      if (text)
        FormatText(item, f, out);
      else
        Number((f.date.month - 1) / 3 + 1, item.count, out);
      break;
    case 'G':
    case 'E': FormatText(item, f, out); break;
    case 'd': Number(f.date.day, item.count, out); break;
    case 'D': Number(f.day_of_year, item.count, out); break;
    case 'F': Number((f.date.day - 1) % 7 + 1, 1, out); break;
    case 'a': *out += f.hour < 12 ? "AM" : "PM"; break;
    case 'h': Number(f.hour % 12 == 0 ? 12 : f.hour % 12, item.count, out); break;
    case 'K': Number(f.hour % 12, item.count, out); break;
    case 'H': Number(f.hour, item.count, out); break;
    case 'k': Number(f.hour == 0 ? 24 : f.hour, item.count, out); break;
    case 'm': Number(f.minute, item.count, out); break;
    case 's': Number(f.second, item.count, out); break;
    case 'S': {
      string digits;
      Number(f.micros * 1000, 9, &digits);
      *out += digits.substr(0, item.count);
      break;
    }
    case 'V': *out += time.zone_id; break;
    case 'z': *out += time.abbreviation; break;
    default: FormatOffset(time.offset_seconds, item, out); break;
  }
}

}  // namespace

Result<std::shared_ptr<const DatetimePattern>> DatetimePattern::Compile(string_view pattern, bool parsing) {
  auto compiled = std::make_shared<DatetimePattern>();
  bool era = false;
  int depth = 0;
  for (size_t i = 0; i < pattern.size();) {
    const char c = pattern[i];
    if (c == '\'') {
      string literal;
      size_t j = i + 1;
      bool closed = false;
      for (; j < pattern.size(); j++) {
        if (pattern[j] != '\'') {
          literal.push_back(pattern[j]);
        } else if (j + 1 < pattern.size() && pattern[j + 1] == '\'') {
          literal.push_back('\'');
          j++;
        } else {
          closed = true;
          break;
        }
      }
      if (!closed) return IllegalPattern("Pattern ends with an incomplete string literal: " + string(pattern));
      if (literal.empty()) literal = "'";
      compiled->items_.push_back({0, 0, std::move(literal)});
      i = j + 1;
    } else if (c == '[' || c == ']') {
      depth += c == '[' ? 1 : -1;
      if (depth < 0) return IllegalPattern("Pattern invalid as it contains ] without previous [");
      compiled->items_.push_back({c, 0, {}});
      i++;
    } else if (c == '{' || c == '}' || c == '#') {
      return IllegalPattern(string("Pattern includes reserved character: '") + c + "'");
    } else if (IsPatternLetter(c)) {
      size_t j = i;
      while (j < pattern.size() && pattern[j] == c) j++;
      const auto count = static_cast<int>(j - i);
      RETURN_IF_ERROR(CheckLetter(pattern, c, count, parsing));
      era = era || c == 'G';
      compiled->need_zone_name_ = compiled->need_zone_name_ || c == 'z';
      compiled->items_.push_back({c, count, {}});
      i = j;
    } else {
      compiled->items_.push_back({0, 0, string(1, c)});
      i++;
    }
  }
  for (auto& item : compiled->items_) {
    if (item.letter == 'y' && !era) item.letter = 'u';
  }
  return std::shared_ptr<const DatetimePattern>(std::move(compiled));
}

string DatetimePattern::Format(const LocalTime& time) const {
  const Fields fields = Split(time.local_micros);
  string out;
  for (const auto& item : items_) FormatItem(item, fields, time, &out);
  return out;
}

// --- parsing -------------------------------------------------------------------------------------------
namespace {

struct State {
  size_t pos = 0;
  std::optional<int64_t> year, month, day, day_of_year, hour, hour12, ampm, minute, second, offset, era;
  int64_t nanos = 0;
  string zone;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

struct Width {
  int min, max;
};

// Digits a numeric item takes; {0, 0}: not numeric.
Width NumericWidth(const Item& item) {
  switch (item.letter) {
    case 'u':
    case 'y':
      if (item.count == 2) return {2, 2};
      return {item.count, item.count >= 4 ? item.count : 19};
    case 'M':
    case 'L':
      if (item.count >= 3) return {0, 0};
      return item.count == 1 ? Width{1, 19} : Width{2, 2};
    case 'D': return item.count == 1 ? Width{1, 19} : Width{item.count, 3};
    case 'd':
    case 'h':
    case 'H':
    case 'k':
    case 'K':
    case 'm':
    case 's': return item.count == 1 ? Width{1, 19} : Width{2, 2};
    default: return {0, 0};
  }
}

bool SetField(const Item& item, int64_t value, State* state) {
  const auto put = [&](std::optional<int64_t>* field, int64_t low, int64_t high, int64_t v) {
    if (v < low || v > high || (field->has_value() && **field != v)) return false;
    *field = v;
    return true;
  };
  switch (item.letter) {
    case 'u':
    case 'y': return put(&state->year, -999999, 999999, item.count == 2 ? 2000 + value : value);
    case 'M':
    case 'L': return put(&state->month, 1, 12, value);
    case 'd': return put(&state->day, 1, 31, value);
    case 'D': return put(&state->day_of_year, 1, 366, value);
    case 'H': return put(&state->hour, 0, 23, value);
    case 'k': return value >= 1 && put(&state->hour, 0, 23, value % 24) && value <= 24;
    case 'h': return value >= 1 && value <= 12 && put(&state->hour12, 0, 11, value % 12);
    case 'K': return put(&state->hour12, 0, 11, value);
    case 'm': return put(&state->minute, 0, 59, value);
    case 's': return put(&state->second, 0, 59, value);
    default: return false;
  }
}

bool EqualsFold(string_view text, string_view word) {
  return text.size() >= word.size() && types::EqualsIgnoreCase(text.substr(0, word.size()), word);
}

bool ParseOffset(string_view text, const Item& item, State* state) {
  string_view rest = text.substr(state->pos);
  const bool gmt = item.letter == 'O' || (item.letter == 'Z' && item.count == 4);
  if (gmt) {
    if (!EqualsFold(rest, "GMT")) return false;
    state->pos += 3;
    rest.remove_prefix(3);
    if (rest.empty() || (rest[0] != '+' && rest[0] != '-')) {
      state->offset = 0;
      return true;
    }
  }
  const bool z_allowed = item.letter == 'X' || (item.letter == 'Z' && item.count == 5);
  if (z_allowed && !rest.empty() && (rest[0] == 'Z' || rest[0] == 'z')) {
    state->offset = 0;
    state->pos++;
    return true;
  }
  if (rest.empty() || (rest[0] != '+' && rest[0] != '-')) return false;
  const int style = item.letter == 'Z' ? (item.count <= 3 ? 2 : 3) : (gmt ? 3 : item.count);
  const bool colon = style == 3 || style == 5;
  size_t i = 1;
  const auto two = [&](int64_t* value) {
    if (i + 1 >= rest.size() || !IsDigit(rest[i]) || !IsDigit(rest[i + 1])) return false;
    *value = (rest[i] - '0') * 10 + (rest[i + 1] - '0');
    i += 2;
    return true;
  };
  int64_t h = 0;
  int64_t m = 0;
  int64_t s = 0;
  if (!two(&h)) {
    if (!(item.letter == 'O' && i < rest.size() && IsDigit(rest[i]))) return false;
    h = rest[i++] - '0';
  }
  const auto next = [&](int64_t* value) {
    const size_t before = i;
    if (colon) {
      if (i >= rest.size() || rest[i] != ':') return false;
      i++;
    }
    if (two(value)) return true;
    i = before;
    return false;
  };
  const bool has_minutes = next(&m);
  if (style > 1 && !has_minutes && !gmt) return false;
  if (style >= 4) next(&s);
  if (h > 18 || m > 59 || s > 59) return false;
  state->pos += i;
  state->offset = (rest[0] == '-' ? -1 : 1) * (h * 3600 + m * 60 + s);
  return true;
}

bool ParseZone(string_view text, State* state) {
  size_t end = state->pos;
  while (end < text.size() && (IsPatternLetter(text[end]) || IsDigit(text[end]) ||
                               string_view("/_+-:").find(text[end]) != string_view::npos)) {
    end++;
  }
  for (; end > state->pos; end--) {
    const auto id = text.substr(state->pos, end - state->pos);
    if (Zone::Find(id).ok()) {
      state->zone = string(id);
      state->pos = end;
      return true;
    }
  }
  return false;
}

template <size_t N>
bool ParseName(string_view text, const std::array<const char*, N>& names, bool full, int64_t* index, State* state) {
  const auto rest = text.substr(state->pos);
  for (size_t i = 0; i < N; i++) {
    const string_view name = full ? string_view(names[i]) : string_view(names[i]).substr(0, 3);
    if (EqualsFold(rest, name)) {
      *index = static_cast<int64_t>(i);
      state->pos += name.size();
      return true;
    }
  }
  return false;
}

// `legacy`: SimpleDateFormat's widths: any number of digits unless the next item is numeric too.
bool ParseNumber(string_view text, const std::vector<Item>& items, size_t at, bool legacy, State* state) {
  const Item& item = items[at];
  Width width = NumericWidth(item);
  bool negative = false;
  bool sign = false;
  if (!legacy && state->pos < text.size() && (text[state->pos] == '-' || text[state->pos] == '+') &&
      item.letter == 'u' && item.count != 2) {
    negative = text[state->pos] == '-';
    sign = !negative;
    state->pos++;
    width.max = 10;
    if (sign && item.count < 4) return false;
  }
  size_t digits = 0;
  while (state->pos + digits < text.size() && IsDigit(text[state->pos + digits])) digits++;
  size_t reserved = 0;
  const bool numeric_next =
      at + 1 < items.size() && (NumericWidth(items[at + 1]).max > 0 || items[at + 1].letter == 'S');
  if (legacy) {
    width = numeric_next ? Width{1, item.count} : Width{1, 19};
  } else if (width.min != width.max) {
    for (size_t j = at + 1; j < items.size(); j++) {
      const Width next = NumericWidth(items[j]);
      if (next.max == 0 || next.min != next.max) break;
      reserved += static_cast<size_t>(next.max);
    }
  }
  size_t take = std::min<size_t>(digits, width.max);
  if (reserved > 0) take = digits > reserved ? std::min(take, digits - reserved) : take;
  if (take < static_cast<size_t>(width.min) || take == 0 || take > 18) return false;
  if (sign && take <= static_cast<size_t>(item.count)) return false;
  int64_t value = 0;
  for (size_t i = 0; i < take; i++) value = value * 10 + (text[state->pos + i] - '0');
  state->pos += take;
  if (legacy && item.letter == 'u' && item.count > 2 && value == 0) return false;
  Item plain = item;
  if (legacy && item.letter == 'u' && item.count == 2 && take != 2) plain.count = 4;
  return SetField(plain, negative ? -value : value, state);
}

bool ParseFraction(string_view text, bool legacy, State* state) {
  size_t digits = 0;
  while (state->pos + digits < text.size() && IsDigit(text[state->pos + digits]) && (digits < 9 || legacy)) digits++;
  if (digits == 0) return false;
  int64_t value = 0;
  for (size_t i = 0; i < 9; i++) value = value * 10 + (i < digits ? text[state->pos + i] - '0' : 0);
  state->nanos = value;
  state->pos += digits;
  return true;
}

bool ParseItem(string_view text, const std::vector<Item>& items, size_t at, bool legacy, State* state) {
  const Item& item = items[at];
  if (NumericWidth(item).max > 0) {
    if (legacy) {
      while (state->pos < text.size() && (text[state->pos] == ' ' || text[state->pos] == '\t')) state->pos++;
    }
    return ParseNumber(text, items, at, legacy, state);
  }
  int64_t index = 0;
  switch (item.letter) {
    case 0: {
      const auto rest = text.substr(state->pos);
      if (!EqualsFold(rest, item.literal)) return false;
      state->pos += item.literal.size();
      return true;
    }
    case 'S': return ParseFraction(text, legacy, state);
    case 'M':
    case 'L':
      if (!ParseName(text, kMonths, item.count == 4, &index, state) &&
          !(legacy && ParseName(text, kMonths, item.count != 4, &index, state))) {
        return false;
      }
      return SetField({'M', 2, {}}, index + 1, state);
    case 'a':
      for (const char* name : {"AM", "PM"}) {
        if (EqualsFold(text.substr(state->pos), name)) {
          state->ampm = name[0] == 'P';
          state->pos += 2;
          return true;
        }
      }
      return false;
    case 'G':
      for (const char* name : {"Anno Domini", "Before Christ", "AD", "BC"}) {
        if (EqualsFold(text.substr(state->pos), name)) {
          state->era = name[0] == 'A';
          state->pos += string_view(name).size();
          return true;
        }
      }
      return false;
    case 'V':
    case 'z': return ParseZone(text, state);
    default: return ParseOffset(text, item, state);
  }
}

// Parses items [at, end), optional sections included.
bool ParseItems(string_view text, const std::vector<Item>& items, bool legacy, State* state) {
  for (size_t at = 0; at < items.size(); at++) {
    if (items[at].letter == ']') continue;
    if (items[at].letter != '[') {
      if (!ParseItem(text, items, at, legacy, state)) return false;
      continue;
    }
    int depth = 1;
    size_t end = at + 1;
    for (; end < items.size() && depth > 0; end++) {
      depth += items[end].letter == '[' ? 1 : (items[end].letter == ']' ? -1 : 0);
    }
    const size_t stop = depth == 0 ? end - 1 : end;
    State attempt = *state;
    const std::vector<Item> section(items.begin() + static_cast<ptrdiff_t>(at) + 1,
                                    items.begin() + static_cast<ptrdiff_t>(stop));
    if (ParseItems(text, section, legacy, &attempt)) *state = attempt;
    at = end - 1;
  }
  return true;
}

std::optional<ParsedTime> Resolve(const State& s) {
  int64_t year = s.year.value_or(1970);
  if (s.era.has_value() && *s.era == 0) year = 1 - year;
  int64_t days = 0;
  if (s.day_of_year.has_value() && s.year.has_value()) {
    if (*s.day_of_year > (IsLeapYear(year) ? 366 : 365)) return std::nullopt;
    days = DaysFromCivil(year, 1, 1) + *s.day_of_year - 1;
    const auto date = CivilFromDays(days);
    if ((s.month.has_value() && *s.month != date.month) || (s.day.has_value() && *s.day != date.day)) {
      return std::nullopt;
    }
  } else {
    const auto month = static_cast<int>(s.month.value_or(1));
    const auto day = static_cast<int>(s.day.value_or(1));
    if (day > DaysInMonth(year, month)) return std::nullopt;
    days = DaysFromCivil(year, month, day);
  }
  int64_t hour = s.hour.value_or(0);
  if (!s.hour.has_value() && s.hour12.has_value()) hour = *s.hour12 + 12 * s.ampm.value_or(0);
  if (s.hour.has_value() && s.ampm.has_value() && (hour >= 12) != (*s.ampm == 1)) return std::nullopt;
  const int64_t seconds = hour * 3600 + s.minute.value_or(0) * 60 + s.second.value_or(0);
  __int128 micros = static_cast<__int128>(days) * kMicrosPerDay + seconds * kMicrosPerSecond + s.nanos / 1000;
  if (micros > INT64_MAX || micros < INT64_MIN) return std::nullopt;
  return ParsedTime{static_cast<int64_t>(micros), s.offset, s.zone};
}

}  // namespace

std::optional<ParsedTime> DatetimePattern::Parse(string_view text) const {
  State state;
  if (!ParseItems(text, items_, false, &state) || state.pos != text.size()) return std::nullopt;
  return Resolve(state);
}

bool DatetimePattern::LegacyParses(string_view text) const {
  for (const auto& item : items_) {
    if (string_view("[]uVOxq").find(item.letter) != string_view::npos && item.letter != 0 && item.letter != 'u') {
      return false;
    }
  }
  State state;
  return ParseItems(text, items_, true, &state) && Resolve(state).has_value();
}

const DatetimePattern& CachedPattern(string_view pattern, bool parsing) {
  constexpr size_t kMaxCached = 128;
  thread_local std::unordered_map<string, std::shared_ptr<const DatetimePattern>> cache;
  thread_local const DatetimePattern* last = nullptr;
  thread_local string last_key;
  if (last != nullptr && last_key.size() == pattern.size() + 1 && last_key.front() == (parsing ? 'p' : 'f') &&
      string_view(last_key).substr(1) == pattern) {
    return *last;
  }
  string key = (parsing ? "p" : "f") + string(pattern);
  auto it = cache.find(key);
  if (it == cache.end()) {
    auto compiled = DatetimePattern::Compile(pattern, parsing);
    if (!compiled.ok()) ThrowStatus(compiled.status());
    if (cache.size() >= kMaxCached) cache.clear();
    it = cache.emplace(key, *compiled).first;
  }
  last = it->second.get();
  last_key = std::move(key);
  return *last;
}

}  // namespace deltic::engine::functions
