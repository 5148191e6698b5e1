// Rows that a command returns, as a relation of literals. Not thread-safe; built and handed over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/plan/relation.h"

namespace deltic::spark::command {

class ResultRows {
 public:
  // Adds a column; call before the first row.
  ResultRows& Column(std::string name, types::DataType type, bool nullable = true, std::string metadata = "{}");
  // One row, values in column order.
  void Add(std::vector<engine::Value> row);
  engine::RelPtr Build() const;

 private:
  std::vector<engine::Column> columns_;
  std::vector<std::vector<engine::Value>> rows_;
};

// The result of a command that returns nothing: no columns, no rows.
engine::RelPtr NoRows();

engine::Value StringValue(std::string text);
engine::Value StringOrNull(const std::optional<std::string>& text);
engine::Value StringMapValue(const std::vector<std::pair<std::string, std::string>>& entries);
engine::Value StringArrayValue(const std::vector<std::string>& items);

}  // namespace deltic::spark::command
