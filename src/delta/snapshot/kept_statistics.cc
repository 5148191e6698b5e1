#include "delta/snapshot/kept_statistics.h"

#include "base/log.h"

namespace deltic::delta {

std::string_view KeptStatistics::At(uint32_t row) const {
  std::call_once(once_, [this] { Read(); });
  if (row >= ends_.size()) return {};
  const uint64_t start = row == 0 ? 0 : ends_[row - 1];
  return std::string_view(text_).substr(start, ends_[row] - start);
}

void KeptStatistics::Read() const {
  ends_.reserve(kept_->rows());
  text_.reserve(kept_->text_bytes());
  const Status status = kept_->Read([this](std::string_view stats) {
    text_ += stats;
    ends_.push_back(text_.size());
  });
  if (!status.ok()) {
    ends_ = {};
    text_ = {};
    lost_ = true;
    Log(LogLevel::kWarn, "statistics_unreadable", {{"path", source_}, {"error", status.ToString()}});
  }
  kept_.reset();
}

}  // namespace deltic::delta
