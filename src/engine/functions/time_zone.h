// Time zones with Java's rules: what Spark accepts as a zone id, the offset at an instant, and the instant of a
// local time (a local time in a gap moves forward by the gap; in an overlap the earlier offset wins).
//
// A Zone is immutable and lives for the process; Find caches. Thread-safe. Offsets after the last year of the
// system's table repeat those of a year of the same shape.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace deltic::engine::functions {

inline constexpr int64_t kMicrosPerSecond = 1000000;
inline constexpr int64_t kMicrosPerDay = 86400 * kMicrosPerSecond;

// The span of instants [begin, end) (seconds) that share the offset: kernels keep the last one they saw.
struct ZoneSpan {
  int64_t begin = std::numeric_limits<int64_t>::max();
  int64_t end = std::numeric_limits<int64_t>::min();
  int64_t offset = 0;  // seconds east
};

class Zone {
 public:
  // The zone of a Spark id: region, UTC/GMT/UT with or without offset, ±h[:mm[:ss]], Z, or one of Java's short ids.
  // Unknown: INVALID_TIMEZONE-like error of Spark (java.time.zone message in `detail`).
  static Result<const Zone*> Find(std::string_view id);

  bool fixed() const { return begins_.empty(); }
  const std::string& id() const { return id_; }
  // Seconds east of UTC at an instant in microseconds.
  int64_t OffsetAt(int64_t utc_micros, ZoneSpan* span) const {
    if (begins_.empty()) return first_offset_;
    int64_t seconds = FloorSeconds(utc_micros);
    if (seconds >= span->begin && seconds < span->end) return span->offset;
    return Lookup(seconds, span);
  }
  int64_t OffsetAt(int64_t utc_micros) const {
    ZoneSpan span;
    return OffsetAt(utc_micros, &span);
  }
  // Microseconds of the local clock at an instant; wraps at the ends of int64.
  int64_t ToLocal(int64_t utc_micros, ZoneSpan* span) const { return Shift(utc_micros, OffsetAt(utc_micros, span)); }
  int64_t ToLocal(int64_t utc_micros) const { return Shift(utc_micros, OffsetAt(utc_micros)); }
  // The instant at which the local clock shows this.
  int64_t ToUtc(int64_t local_micros, ZoneSpan* span) const;
  int64_t ToUtc(int64_t local_micros) const {
    ZoneSpan span;
    return ToUtc(local_micros, &span);
  }

 private:
  static int64_t FloorSeconds(int64_t micros) {
    int64_t s = micros / kMicrosPerSecond;
    return micros % kMicrosPerSecond < 0 ? s - 1 : s;
  }
  static int64_t Shift(int64_t micros, int64_t seconds) {
    return static_cast<int64_t>(static_cast<uint64_t>(micros) + static_cast<uint64_t>(seconds * kMicrosPerSecond));
  }
  int64_t Lookup(int64_t seconds, ZoneSpan* span) const;
  static Result<Zone> Make(const std::string& id);

  std::string id_;
  int64_t first_offset_ = 0;      // before the first transition, or always
  std::vector<int64_t> begins_;   // transition instants, seconds, ascending
  std::vector<int64_t> offsets_;  // from begins_[i] on
};

// Days since 1970-01-01 of a proleptic Gregorian date, and back.
int64_t DaysFromCivil(int64_t year, int month, int day);
struct CivilDate {
  int64_t year = 1970;
  int month = 1;
  int day = 1;
};
CivilDate CivilFromDays(int64_t days);
bool IsLeapYear(int64_t year);
int DaysInMonth(int64_t year, int month);

}  // namespace deltic::engine::functions
