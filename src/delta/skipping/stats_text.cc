// Dates and timestamps as the log writes them.
#include <charconv>

#include "delta/skipping/predicate.h"

namespace deltic::delta {
namespace {

// Days since the epoch in the proleptic Gregorian calendar.
int64_t DaysFromCivil(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool done() const { return at_ == text_.size(); }
  bool Take(char c) {
    if (done() || text_[at_] != c) return false;
    at_++;
    return true;
  }
  // Between min and max digits.
  bool Digits(size_t min, size_t max, int64_t* out) {
    const size_t start = at_;
    *out = 0;
    while (!done() && at_ - start < max && text_[at_] >= '0' && text_[at_] <= '9') {
      *out = *out * 10 + (text_[at_++] - '0');
    }
    taken_ = at_ - start;
    return taken_ >= min;
  }
  size_t taken() const { return taken_; }

 private:
  std::string_view text_;
  size_t at_ = 0;
  size_t taken_ = 0;
};

bool TakeDate(Cursor* cursor, int64_t* days) {
  const bool negative = cursor->Take('-');
  if (!negative) cursor->Take('+');
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  if (!cursor->Digits(4, 6, &year) || !cursor->Take('-') || !cursor->Digits(1, 2, &month) || !cursor->Take('-') ||
      !cursor->Digits(1, 2, &day) || month < 1 || month > 12 || day < 1 || day > 31) {
    return false;
  }
  *days = DaysFromCivil(negative ? -year : year, month, day);
  return true;
}

// "Z", "+01:00", "-0800" or nothing; seconds east of UTC.
bool TakeZone(Cursor* cursor, int64_t* offset, bool* has_zone) {
  *offset = 0;
  *has_zone = true;
  if (cursor->Take('Z') || cursor->Take('z')) return cursor->done();
  const bool east = cursor->Take('+');
  if (!east && !cursor->Take('-')) {
    *has_zone = false;
    return cursor->done();
  }
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!cursor->Digits(2, 2, &hours)) return false;
  cursor->Take(':');
  if (!cursor->done() && !cursor->Digits(2, 2, &minutes)) return false;
  *offset = (hours * 3600 + minutes * 60) * (east ? 1 : -1);
  return cursor->done();
}

}  // namespace

bool ParseStatsDate(std::string_view text, int64_t* days) {
  Cursor cursor(text);
  return TakeDate(&cursor, days) && cursor.done();
}

bool ParseStatsTimestamp(std::string_view text, int64_t* micros, bool* has_zone) {
  Cursor cursor(text);
  int64_t days = 0;
  *has_zone = false;
  if (!TakeDate(&cursor, &days)) return false;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t fraction = 0;
  int64_t offset = 0;
  if (!cursor.done()) {
    if (!cursor.Take('T') && !cursor.Take(' ')) return false;
    if (!cursor.Digits(2, 2, &hour) || !cursor.Take(':') || !cursor.Digits(2, 2, &minute)) return false;
    if (cursor.Take(':') && !cursor.Digits(2, 2, &second)) return false;
    if (cursor.Take('.')) {
      if (!cursor.Digits(1, 6, &fraction)) return false;
      for (size_t i = cursor.taken(); i < 6; i++) fraction *= 10;
      int64_t finer = 0;
      cursor.Digits(0, 3, &finer);
    }
    if (!TakeZone(&cursor, &offset, has_zone)) return false;
    if (hour > 24 || minute > 59 || second > 60) return false;
  }
  *micros = ((days * 86400) + hour * 3600 + minute * 60 + second - offset) * 1000000 + fraction;
  return true;
}

}  // namespace deltic::delta
