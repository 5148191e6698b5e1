// NaN tests and assertions.
#include <cmath>

#include "engine/functions/register.h"
#include "engine/functions/throw.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {
namespace {

[[noreturn]] void RaiseUserError(std::string_view message) {
  ThrowStatus(Error("USER_RAISED_EXCEPTION", {{"errorMessage", std::string(message)}}, std::string(message)));
}

// Always NULL: what assert_true and raise_error give when they do not throw.
std::optional<int32_t> Nothing() { return std::nullopt; }

}  // namespace

void RegisterPredicateKernels(duckdb::ExtensionLoader& loader) {
  Add(loader, "spark_isnan", [](std::optional<double> v) { return v.has_value() && std::isnan(*v); });
  Add(loader, "spark_assert_true", [](std::optional<bool> condition, std::optional<std::string_view> message) {
    if (!condition.value_or(false)) RaiseUserError(message.value_or("null"));
    return Nothing();
  });
  Add(loader, "spark_raise_error", [](std::optional<std::string_view> message) {
    RaiseUserError(message.value_or("null"));
    return Nothing();
  });
}

}  // namespace deltic::engine::functions
