// Status and Result<T>: how every layer reports failure. No exceptions cross a folder boundary; those
// that DuckDB throws stop in engine/.
//
// An error carries a Spark/Delta error *condition* (e.g. "TABLE_OR_VIEW_NOT_FOUND",
// "DELTA_TABLE_NOT_FOUND", or "_LEGACY_ERROR_TEMP_…") and named message parameters. The text, the
// SQLSTATE and the JVM exception class of a condition come from one table (spark/errors/conditions.cc);
// lower layers only name the condition. `detail` is free text for conditions without a template
// (INTERNAL_ERROR, IO_ERROR). Both classes are plain values, movable, thread-compatible.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace deltic {

using ErrorParams = std::vector<std::pair<std::string, std::string>>;

class [[nodiscard]] Status {
 public:
  Status() = default;  // ok
  static Status Ok() { return {}; }

  bool ok() const { return state_ == nullptr; }
  // The error condition, e.g. "UNRESOLVED_COLUMN.WITH_SUGGESTION". Empty when ok.
  const std::string& condition() const;
  const ErrorParams& params() const;
  // Free text; used as the message when the condition has no template.
  const std::string& detail() const;
  // Value of one parameter, empty when absent.
  std::string_view Param(std::string_view name) const;
  bool Is(std::string_view condition_name) const { return !ok() && condition() == condition_name; }
  // "[CONDITION] detail {k=v, …}" for logs and tests; users see the rendered template instead.
  std::string ToString() const;

  // Character range of the SQL text the error is about; -1 when not known.
  int start_index() const;
  int stop_index() const;
  Status&& WithPosition(int start, int stop) &&;

 private:
  friend Status Error(std::string, ErrorParams, std::string);
  struct State {
    std::string condition;
    ErrorParams params;
    std::string detail;
    int start = -1;
    int stop = -1;
  };
  std::shared_ptr<State> state_;
};

// An error the user can act on: a Spark/Delta condition with its message parameters.
Status Error(std::string condition, ErrorParams params = {}, std::string detail = {});
// A bug of ours: condition INTERNAL_ERROR.
Status InternalError(std::string detail);
// The operating system or a store refused: condition IO_ERROR; `path` is named in the text.
Status IoError(std::string_view path, std::string_view what);
// A feature that exists in Spark but not here: UNSUPPORTED_FEATURE.<…>-like refusal, by name.
Status Unsupported(std::string feature);

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}         // NOLINT: implicit by design
  Result(Status status) : v_(std::in_place_index<1>, std::move(status)) {}  // NOLINT
  template <typename U>
    requires(std::is_convertible_v<U, T> && !std::is_same_v<std::decay_t<U>, T> &&
             !std::is_same_v<std::decay_t<U>, Status> && !std::is_same_v<std::decay_t<U>, Result<T>>)
  Result(U&& value) : v_(std::in_place_index<0>, T(std::forward<U>(value))) {}  // NOLINT

  bool ok() const { return v_.index() == 0; }
  const Status& status() const {
    static const Status kOk;
    return ok() ? kOk : std::get<1>(v_);
  }
  T& value() & { return std::get<0>(v_); }
  const T& value() const& { return std::get<0>(v_); }
  T&& value() && { return std::get<0>(std::move(v_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, Status> v_;
};

}  // namespace deltic

#define DELTIC_CONCAT_INNER(a, b) a##b
#define DELTIC_CONCAT(a, b) DELTIC_CONCAT_INNER(a, b)
// Returns from the enclosing function when `expr` is an error.
#define RETURN_IF_ERROR(expr)                        \
  do {                                               \
    ::deltic::Status deltic_status_ = (expr);        \
    if (!deltic_status_.ok()) return deltic_status_; \
  } while (0)
// ASSIGN_OR_RETURN(auto x, F()): x = value of F(), or return its error.
#define ASSIGN_OR_RETURN(lhs, expr) ASSIGN_OR_RETURN_IMPL(DELTIC_CONCAT(deltic_result_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_IMPL(tmp, lhs, expr) \
  auto tmp = (expr);                          \
  if (!tmp.ok()) return tmp.status();         \
  lhs = std::move(tmp).value()
