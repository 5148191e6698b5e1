#include "engine/functions/throw.h"

#include "duckdb.hpp"

namespace deltic::engine::functions {

void ThrowStatus(const Status& status) {
  duckdb::unordered_map<duckdb::string, duckdb::string> info;
  info[kConditionKey] = status.condition();
  info[kDetailKey] = status.detail();
  for (const auto& [name, value] : status.params()) info[kParamPrefix + name] = value;
  throw duckdb::InvalidInputException(info, status.ToString());
}

}  // namespace deltic::engine::functions
