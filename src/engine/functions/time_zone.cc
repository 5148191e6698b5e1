#include "engine/functions/time_zone.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>

#define USE_OS_TZDB 1  // as the system library was built
#include "date/tz.h"

namespace deltic::engine::functions {
namespace {

constexpr std::pair<std::string_view, std::string_view> kShortIds[] = {
    {"ACT", "Australia/Darwin"},
    {"AET", "Australia/Sydney"},
    {"AGT", "America/Argentina/Buenos_Aires"},
    {"ART", "Africa/Cairo"},
    {"AST", "America/Anchorage"},
    {"BET", "America/Sao_Paulo"},
    {"BST", "Asia/Dhaka"},
    {"CAT", "Africa/Harare"},
    {"CNT", "America/St_Johns"},
    {"CST", "America/Chicago"},
    {"CTT", "Asia/Shanghai"},
    {"EAT", "Africa/Addis_Ababa"},
    {"ECT", "Europe/Paris"},
    {"EST", "-05:00"},
    {"HST", "-10:00"},
    {"IET", "America/Indiana/Indianapolis"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
    {"MIT", "Pacific/Apia"},
    {"MST", "-07:00"},
    {"NET", "Asia/Yerevan"},
    {"NST", "Pacific/Auckland"},
    {"PLT", "Asia/Karachi"},
    {"PNT", "America/Phoenix"},
    {"PRT", "America/Puerto_Rico"},
    {"PST", "America/Los_Angeles"},
    {"SST", "Pacific/Guadalcanal"},
    {"VST", "Asia/Ho_Chi_Minh"},
};

constexpr int64_t kMaxOffsetSeconds = 18 * 3600;
constexpr int kLastTableYear = 2036;  // zone files on disk end in 2037
constexpr size_t kMaxTransitions = 4096;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// ±h, ±hh, ±hh:mm, ±hhmm, ±hh:mm:ss, ±hhmmss, and Spark's ±h:mm and ±hh:m.
std::optional<int64_t> ParseOffset(std::string_view text) {
  if (text.size() < 2 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  int64_t sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  int64_t parts[3] = {0, 0, 0};
  bool colons = text.find(':') != std::string_view::npos;
  size_t part = 0;
  while (!text.empty()) {
    if (part == 3) return std::nullopt;
    if (part > 0 && colons) {
      if (text[0] != ':') return std::nullopt;
      text.remove_prefix(1);
    }
    size_t digits = 0;
    while (digits < 2 && digits < text.size() && IsDigit(text[digits])) {
      parts[part] = parts[part] * 10 + (text[digits++] - '0');
    }
    if (digits == 0 || (!colons && part > 0 && digits != 2) || (part == 2 && digits != 2)) return std::nullopt;
    text.remove_prefix(digits);
    ++part;
  }
  if (parts[1] > 59 || parts[2] > 59) return std::nullopt;
  int64_t seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (seconds > kMaxOffsetSeconds) return std::nullopt;
  return sign * seconds;
}

std::optional<int64_t> FixedOffset(std::string_view id) {
  if (id == "Z" || id == "UTC" || id == "GMT" || id == "UT" || id == "Etc/UTC") return 0;
  for (std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (id.starts_with(prefix)) return ParseOffset(id.substr(prefix.size()));
  }
  return ParseOffset(id);
}

// A year inside the zone files with the same leap-ness and first weekday.
int64_t YearOfSameShape(int64_t year) {
  auto weekday = [](int64_t y) { return ((DaysFromCivil(y, 1, 1) % 7) + 7) % 7; };
  for (int64_t y = kLastTableYear; y > kLastTableYear - 28; --y) {
    if (IsLeapYear(y) == IsLeapYear(year) && weekday(y) == weekday(year)) return y;
  }
  return kLastTableYear;
}

Status UnknownZone(std::string_view id) {
  return Error("INVALID_TIMEZONE", {{"timeZone", std::string(id)}}, "Unknown time-zone ID: " + std::string(id));
}

}  // namespace

bool IsLeapYear(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int DaysInMonth(int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && IsLeapYear(year) ? 29 : kDays[month - 1];
}

int64_t DaysFromCivil(int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate CivilFromDays(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t doe = days - era * 146097;
  const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t mp = (5 * doy + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(doy - (153 * mp + 2) / 5 + 1);
  date.month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
  date.year = yoe + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

Result<Zone> Zone::Make(const std::string& id) {
  Zone zone;
  zone.id_ = id;
  std::string_view region = id;
  for (const auto& [short_id, target] : kShortIds) {
    if (short_id == id) region = target;
  }
  if (auto fixed = FixedOffset(region)) {
    zone.first_offset_ = *fixed;
    return zone;
  }
  const date::time_zone* tz = nullptr;
  try {
    tz = date::locate_zone(std::string(region));
  } catch (const std::exception&) {
    return UnknownZone(id);
  }
  auto info = tz->get_info(date::sys_days{date::year{1} / 1 / 1});
  zone.first_offset_ = info.offset.count();
  const date::sys_seconds last = date::sys_days{date::year{kLastTableYear + 1} / 12 / 31};
  int64_t offset = zone.first_offset_;
  while (info.end < last && zone.begins_.size() < kMaxTransitions) {
    info = tz->get_info(info.end);
    if (info.offset.count() == offset) continue;
    offset = info.offset.count();
    zone.begins_.push_back(info.begin.time_since_epoch().count());
    zone.offsets_.push_back(offset);
  }
  return zone;
}

Result<const Zone*> Zone::Find(std::string_view id) {
  static std::shared_mutex mutex;
  static auto* zones = new std::map<std::string, std::unique_ptr<Zone>, std::less<>>();
  constexpr size_t kMaxZones = 4096;
  {
    std::shared_lock lock(mutex);
    auto it = zones->find(id);
    if (it != zones->end()) return static_cast<const Zone*>(it->second.get());
  }
  ASSIGN_OR_RETURN(Zone zone, Make(std::string(id)));
  std::unique_lock lock(mutex);
  if (zones->size() >= kMaxZones) return UnknownZone(id);  // more distinct ids than zones exist
  auto [it, inserted] = zones->try_emplace(std::string(id), nullptr);
  if (inserted) it->second = std::make_unique<Zone>(std::move(zone));
  return static_cast<const Zone*>(it->second.get());
}

int64_t Zone::Lookup(int64_t seconds, ZoneSpan* span) const {
  static const int64_t kTableEnd = DaysFromCivil(kLastTableYear + 1, 1, 1) * 86400;
  if (seconds >= kTableEnd) {
    int64_t days = seconds / 86400;
    int64_t year = CivilFromDays(days).year;
    int64_t shift = (DaysFromCivil(year, 1, 1) - DaysFromCivil(YearOfSameShape(year), 1, 1)) * 86400;
    int64_t offset = Lookup(seconds - shift, span);
    int64_t year_begin = DaysFromCivil(year, 1, 1) * 86400;
    int64_t year_end = DaysFromCivil(year + 1, 1, 1) * 86400;
    // A span must not reach into the years before and after, whose shapes differ.
    span->begin =
        std::max(span->begin == std::numeric_limits<int64_t>::min() ? year_begin : span->begin + shift, year_begin);
    span->end = std::min(span->end == std::numeric_limits<int64_t>::max() ? year_end : span->end + shift, year_end);
    return offset;
  }
  auto it = std::upper_bound(begins_.begin(), begins_.end(), seconds);
  size_t index = static_cast<size_t>(it - begins_.begin());
  span->begin = index == 0 ? std::numeric_limits<int64_t>::min() : begins_[index - 1];
  span->end = it == begins_.end() ? kTableEnd : std::min(*it, kTableEnd);
  span->offset = index == 0 ? first_offset_ : offsets_[index - 1];
  return span->offset;
}

int64_t Zone::ToUtc(int64_t local_micros, ZoneSpan* span) const {
  if (begins_.empty()) return Shift(local_micros, -first_offset_);
  // Well inside the last span: no transition within a day on either side.
  int64_t local_seconds = FloorSeconds(local_micros);
  constexpr int64_t kDay = 86400;
  if (span->begin <= span->end && span->begin < std::numeric_limits<int64_t>::max() - kDay &&
      local_seconds - kDay > span->begin && local_seconds + kDay < span->end) {
    return Shift(local_micros, -span->offset);
  }
  // The offset before a transition decides for both gaps and overlaps. Transitions are further apart than
  // offsets are large, so the offset a day earlier or the current one is the candidate.
  ZoneSpan before;
  int64_t offset_before = OffsetAt(Shift(local_micros, -kDay), &before);
  int64_t candidate = Shift(local_micros, -offset_before);
  if (FloorSeconds(candidate) < before.end || before.begin > before.end) return candidate;
  int64_t offset_at = OffsetAt(candidate, span);
  int64_t second = Shift(local_micros, -offset_at);
  if (OffsetAt(second, span) == offset_at) {
    // `second` lies after the transition. In an overlap the earlier instant, still before it, wins.
    return second;
  }
  return candidate;  // a gap: the offset before it moves the clock forward
}

}  // namespace deltic::engine::functions
