#include "spark/command/result_rows.h"

#include "base/check.h"

namespace deltic::spark::command {

using engine::Value;
using engine::ValueList;

ResultRows& ResultRows::Column(std::string name, types::DataType type, bool nullable, std::string metadata) {
  DELTIC_CHECK(rows_.empty());
  const auto id = static_cast<engine::ColumnId>(columns_.size() + 1);
  columns_.push_back({id, std::move(name), std::move(type), nullable, std::move(metadata), {}});
  return *this;
}

void ResultRows::Add(std::vector<Value> row) {
  DELTIC_CHECK(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

engine::RelPtr ResultRows::Build() const {
  std::vector<std::vector<engine::ExprPtr>> rows;
  rows.reserve(rows_.size());
  for (const auto& row : rows_) {
    std::vector<engine::ExprPtr> exprs;
    for (size_t i = 0; i < row.size(); i++)
      exprs.push_back(std::make_shared<engine::Literal>(row[i], columns_[i].type));
    rows.push_back(std::move(exprs));
  }
  return std::make_shared<engine::ValuesRel>(columns_, std::move(rows));
}

engine::RelPtr NoRows() {
  return std::make_shared<engine::ValuesRel>(std::vector<engine::Column>{},
                                             std::vector<std::vector<engine::ExprPtr>>{});
}

Value StringValue(std::string text) { return Value{std::move(text)}; }

Value StringOrNull(const std::optional<std::string>& text) { return text.has_value() ? Value{*text} : Value{}; }

Value StringMapValue(const std::vector<std::pair<std::string, std::string>>& entries) {
  auto list = std::make_shared<ValueList>();
  for (const auto& [key, value] : entries) {
    list->push_back(
        Value{std::shared_ptr<const ValueList>(std::make_shared<ValueList>(ValueList{Value{key}, Value{value}}))});
  }
  return Value{std::shared_ptr<const ValueList>(std::move(list))};
}

Value StringArrayValue(const std::vector<std::string>& items) {
  auto list = std::make_shared<ValueList>();
  for (const auto& item : items) list->push_back(Value{item});
  return Value{std::shared_ptr<const ValueList>(std::move(list))};
}

}  // namespace deltic::spark::command
