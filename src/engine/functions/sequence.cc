// sequence(start, stop, step) over numbers, dates and timestamps.
#include <limits>
#include <optional>

#include "engine/functions/collection_parts.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/throw.h"
#include "engine/functions/time_zone.h"

namespace deltic::engine::functions {
namespace {

using duckdb::DataChunk;
using duckdb::FlatVector;
using duckdb::interval_t;
using duckdb::LogicalType;
using duckdb::Vector;

constexpr int64_t kMaxLength = std::numeric_limits<int32_t>::max() - 15;

[[noreturn]] void BadBounds(const std::string& start, const std::string& stop, const std::string& step) {
  ThrowStatus(Error("_LEGACY_ERROR_TEMP_SEQUENCE", {},
                    "Illegal sequence boundaries: " + start + " to " + stop + " by " + step));
}

void CheckLength(__int128 length) {
  if (length > kMaxLength) {
    ThrowStatus(
        Error("COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER", {{"numberOfElements", "too many"},
                                                           {"functionName", "`sequence`"},
                                                           {"maxRoundedArrayLength", std::to_string(kMaxLength)},
                                                           {"parameter", "`count`"}}));
  }
}

// Appends one row's numbers to a LIST(BIGINT-like) result.
template <typename T>
void AppendRow(Vector& result, idx_t row, const std::vector<int64_t>& values) {
  const idx_t offset = duckdb::ListVector::GetListSize(result);
  duckdb::ListVector::Reserve(result, offset + values.size());
  auto* out = FlatVector::GetData<T>(duckdb::ListVector::GetEntry(result));
  for (size_t i = 0; i < values.size(); i++) out[offset + i] = static_cast<T>(values[i]);
  duckdb::ListVector::SetListSize(result, offset + values.size());
  FlatVector::GetData<duckdb::list_entry_t>(result)[row] = {offset, values.size()};
}

std::vector<int64_t> Numbers(int64_t start, int64_t stop, int64_t step) {
  if ((step == 0 && start != stop) || (step > 0 && start > stop) || (step < 0 && start < stop)) {
    BadBounds(std::to_string(start), std::to_string(stop), std::to_string(step));
  }
  std::vector<int64_t> out;
  const __int128 count = step == 0 ? 1 : (static_cast<__int128>(stop) - start) / step + 1;
  CheckLength(count);
  out.reserve(static_cast<size_t>(count));
  for (int64_t i = 0; i < static_cast<int64_t>(count); i++) out.push_back(start + i * step);
  return out;
}

int64_t AddMonthsToDays(int64_t days, int64_t months) {
  const CivilDate date = CivilFromDays(days);
  const int64_t total = date.year * 12 + date.month - 1 + months;
  const int64_t year = total >= 0 ? total / 12 : -((-total + 11) / 12);
  const auto month = static_cast<int>(total - year * 12) + 1;
  return DaysFromCivil(year, month, std::min(date.day, DaysInMonth(year, month)));
}

std::optional<int64_t> Within(__int128 micros) {
  if (micros != static_cast<int64_t>(micros)) return std::nullopt;
  return static_cast<int64_t>(micros);
}

// nullopt: beyond the range of timestamps.
std::optional<int64_t> AddInterval(int64_t utc, const interval_t& step, int64_t times, const Zone& zone) {
  const __int128 micros = static_cast<__int128>(times) * step.micros;
  if (step.months == 0 && step.days == 0) return Within(utc + micros);
  const int64_t local = zone.ToLocal(utc);
  int64_t days = local / kMicrosPerDay;
  int64_t rest = local % kMicrosPerDay;
  if (rest < 0) {
    rest += kMicrosPerDay;
    days--;
  }
  days = AddMonthsToDays(days, times * step.months) + times * step.days;
  const auto moved = Within(static_cast<__int128>(days) * kMicrosPerDay + rest);
  if (!moved) return std::nullopt;
  return Within(zone.ToUtc(*moved) + micros);
}

std::vector<int64_t> Times(int64_t start, int64_t stop, const interval_t& step, const Zone& zone) {
  const double approximate = step.months * 2628e9 + step.days * 864e8 + static_cast<double>(step.micros);
  if ((approximate == 0 && start != stop) || (approximate > 0 && start > stop) || (approximate < 0 && start < stop)) {
    BadBounds(std::to_string(start), std::to_string(stop), std::to_string(static_cast<int64_t>(approximate)));
  }
  std::vector<int64_t> out = {start};
  for (int64_t i = 1; approximate != 0; i++) {
    const auto next = AddInterval(start, step, i, zone);
    if (!next || (approximate > 0 ? *next > stop : *next < stop)) break;
    CheckLength(i);
    out.push_back(*next);
  }
  return out;
}

template <typename T>
struct Reader {
  Reader(Vector& vector, idx_t rows) { vector.ToUnifiedFormat(rows, format); }
  bool IsNull(idx_t row) const { return !format.validity.RowIsValid(format.sel->get_index(row)); }
  const T& operator[](idx_t row) const {
    return duckdb::UnifiedVectorFormat::GetData<T>(format)[format.sel->get_index(row)];
  }
  duckdb::UnifiedVectorFormat format;
};

void SequenceNumbers(DataChunk& args, Vector& result) {
  const Reader<int64_t> start(args.data[0], args.size());
  const Reader<int64_t> stop(args.data[1], args.size());
  const Reader<int64_t> step(args.data[2], args.size());
  const Reader<bool> default_step(args.data[3], args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (start.IsNull(row) || stop.IsNull(row) || (!default_step[row] && step.IsNull(row))) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const int64_t by = default_step[row] ? (start[row] <= stop[row] ? 1 : -1) : step[row];
    AppendRow<int64_t>(result, row, Numbers(start[row], stop[row], by));
  }
}

// Timestamps in microseconds, or dates in days (`dates`, walked in UTC).
void SequenceTimes(DataChunk& args, Vector& result, bool dates) {
  duckdb::UnifiedVectorFormat start_format;
  duckdb::UnifiedVectorFormat stop_format;
  args.data[0].ToUnifiedFormat(args.size(), start_format);
  args.data[1].ToUnifiedFormat(args.size(), stop_format);
  const Reader<interval_t> step(args.data[2], args.size());
  const Reader<duckdb::string_t> zone_id(args.data[3], args.size());
  const auto read = [dates](const duckdb::UnifiedVectorFormat& f, idx_t at) {
    if (!dates) return duckdb::UnifiedVectorFormat::GetData<int64_t>(f)[at];
    int64_t micros;
    const int64_t days = duckdb::UnifiedVectorFormat::GetData<int32_t>(f)[at];
    if (__builtin_mul_overflow(days, kMicrosPerDay, &micros)) ThrowOverflow("long");
    return micros;
  };
  for (idx_t row = 0; row < args.size(); row++) {
    const auto a = start_format.sel->get_index(row);
    const auto b = stop_format.sel->get_index(row);
    if (!start_format.validity.RowIsValid(a) || !stop_format.validity.RowIsValid(b) || step.IsNull(row)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto zone = Zone::Find(zone_id[row].GetString());
    if (!zone.ok()) ThrowStatus(zone.status());
    const int64_t start = read(start_format, a);
    const int64_t stop = read(stop_format, b);
    interval_t by = step[row];
    // The default step is a day (INTERVAL 0 stands for it), backwards when the bounds are.
    if (by.months == 0 && by.days == 0 && by.micros == std::numeric_limits<int64_t>::min()) {
      by.micros = 0;
      by.days = start <= stop ? 1 : -1;
    }
    auto values = Times(start, stop, by, **zone);
    if (!dates) {
      AppendRow<int64_t>(result, row, values);
      continue;
    }
    for (auto& value : values) value = value / kMicrosPerDay - (value % kMicrosPerDay < 0 ? 1 : 0);
    AppendRow<int32_t>(result, row, values);
  }
}

}  // namespace

void RegisterSequenceKernels(KernelSink& sink) {
  AddGeneric(
      sink, "spark_sequence", 4, [](const auto&) { return LogicalType::LIST(LogicalType::BIGINT); }, SequenceNumbers);
  AddGeneric(
      sink, "spark_sequence_time", 4, [](const auto& t) { return LogicalType::LIST(t[0]); },
      [](auto& a, auto& r) { SequenceTimes(a, r, false); });
  AddGeneric(
      sink, "spark_sequence_date", 4, [](const auto& t) { return LogicalType::LIST(t[0]); },
      [](auto& a, auto& r) { SequenceTimes(a, r, true); });
  Add(sink, "spark_default_day_step", [](bool) {
    interval_t out;
    out.months = 0;
    out.days = 0;
    out.micros = std::numeric_limits<int64_t>::min();
    return out;
  });
  Add(sink, "spark_dt_to_interval", [](int64_t micros) {
    interval_t out;
    out.months = 0;
    out.days = static_cast<int32_t>(micros / kMicrosPerDay);
    out.micros = micros % kMicrosPerDay;
    if (out.micros != 0) {  // a time step walks instants, a whole number of days walks the calendar
      out.micros = micros;
      out.days = 0;
    }
    return out;
  });
  Add(sink, "spark_ym_to_interval", [](int32_t months) {
    interval_t out;
    out.months = months;
    out.days = 0;
    out.micros = 0;
    return out;
  });
}

}  // namespace deltic::engine::functions
