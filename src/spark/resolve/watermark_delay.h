// How a watermark's delay is noted with its event time column (Spark's EventTimeWatermark.delayKey). Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace deltic::spark::resolve {

inline constexpr std::string_view kWatermarkKey = "spark.watermarkDelayMs";

// The delay noted in a column's metadata; nullopt: the column is no event time.
std::optional<int64_t> WatermarkDelayMs(const std::string& metadata);

}  // namespace deltic::spark::resolve
