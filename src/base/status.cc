#include "base/status.h"

namespace deltic {
namespace {
const std::string kEmpty;
const ErrorParams kNoParams;
}  // namespace

const std::string& Status::condition() const { return state_ ? state_->condition : kEmpty; }
const ErrorParams& Status::params() const { return state_ ? state_->params : kNoParams; }
const std::string& Status::detail() const { return state_ ? state_->detail : kEmpty; }
int Status::start_index() const { return state_ ? state_->start : -1; }
int Status::stop_index() const { return state_ ? state_->stop : -1; }

std::string_view Status::Param(std::string_view name) const {
  for (const auto& [key, value] : params()) {
    if (key == name) return value;
  }
  return {};
}

Status&& Status::WithPosition(int start, int stop) && {
  if (state_ != nullptr && state_->start < 0) {
    state_ = std::make_shared<State>(*state_);
    state_->start = start;
    state_->stop = stop;
  }
  return std::move(*this);
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  std::string out = "[" + state_->condition + "] " + state_->detail;
  if (!state_->params.empty()) {
    out += " {";
    for (size_t i = 0; i < state_->params.size(); i++) {
      if (i > 0) out += ", ";
      out += state_->params[i].first + "=" + state_->params[i].second;
    }
    out += "}";
  }
  return out;
}

Status Error(std::string condition, ErrorParams params, std::string detail) {
  Status status;
  status.state_ = std::make_shared<Status::State>();
  status.state_->condition = std::move(condition);
  status.state_->params = std::move(params);
  status.state_->detail = std::move(detail);
  return status;
}

Status InternalError(std::string detail) { return Error("INTERNAL_ERROR", {{"message", detail}}, detail); }

Status IoError(std::string_view path, std::string_view what) {
  return Error("IO_ERROR", {{"path", std::string(path)}}, std::string(what) + ": " + std::string(path));
}

Status Unsupported(std::string feature) {
  return Error("UNSUPPORTED_FEATURE", {{"feature", feature}}, "The feature is not supported: " + feature + ".");
}

}  // namespace deltic
