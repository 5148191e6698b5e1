#include "engine/file_pruning.h"

#include <simdjson.h>

#include <optional>
#include <string>

#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "engine/file_scan.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using duckdb::ExpressionClass;
using duckdb::ExpressionType;

// A data column or a struct field in one, by physical names.
struct StatsPath {
  std::vector<std::string> names;
  DataType type;
};

// What is known about one column in one file.
struct Bounds {
  std::optional<duckdb::Value> min, max;
  std::optional<int64_t> null_count, rows;
};

class FileStats {
 public:
  explicit FileStats(const ScanFile& file) : padded_(file.stats_json), present_(!file.stats_json.empty()) {}

  Bounds For(const StatsPath& path) {
    Bounds out;
    if (!present_) return out;
    out.min = ReadValue("minValues", path);
    out.max = ReadValue("maxValues", path);
    if (out.max && (path.type.Is(TypeId::kTimestamp) || path.type.Is(TypeId::kTimestampNtz))) {
      // Statistics are truncated to milliseconds.
      auto micros = out.max->GetValueUnsafe<int64_t>();
      out.max = path.type.Is(TypeId::kTimestamp) ? duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(micros + 999))
                                                 : duckdb::Value::TIMESTAMP(duckdb::timestamp_t(micros + 999));
    }
    out.null_count = ReadCount("nullCount", path.names);
    out.rows = ReadCount("numRecords", {});
    return out;
  }

 private:
  bool Find(const char* section, const std::vector<std::string>& names, simdjson::ondemand::value* out) {
    if (parser_.iterate(padded_).get(document_) != simdjson::SUCCESS) return false;
    simdjson::ondemand::value at;
    if (document_.find_field_unordered(section).get(at) != simdjson::SUCCESS) return false;
    for (const auto& name : names) {
      simdjson::ondemand::value next;
      if (at.find_field_unordered(name).get(next) != simdjson::SUCCESS) return false;
      at = next;
    }
    *out = at;
    return true;
  }

  std::optional<int64_t> ReadCount(const char* section, const std::vector<std::string>& names) {
    simdjson::ondemand::value value;
    int64_t n = 0;
    if (!Find(section, names, &value) || value.get_int64().get(n) != simdjson::SUCCESS) return std::nullopt;
    return n;
  }

  std::optional<duckdb::Value> ReadValue(const char* section, const StatsPath& path) {
    simdjson::ondemand::value value;
    if (!Find(section, path.names, &value)) return std::nullopt;
    std::string text;
    simdjson::ondemand::json_type json_type;
    if (value.type().get(json_type) != simdjson::SUCCESS) return std::nullopt;
    if (json_type == simdjson::ondemand::json_type::string) {
      std::string_view view;
      if (value.get_string().get(view) != simdjson::SUCCESS) return std::nullopt;
      text = view;
      if (path.type.IsFractional()) return std::nullopt;  // "NaN", "Infinity"
    } else if (json_type == simdjson::ondemand::json_type::number) {
      text = value.raw_json_token();
      while (!text.empty() && (text.back() == ' ' || text.back() == '\n')) text.pop_back();
    } else {
      return std::nullopt;
    }
    switch (path.type.id()) {
      case TypeId::kByte:
      case TypeId::kShort:
      case TypeId::kInteger:
      case TypeId::kLong:
      case TypeId::kFloat:
      case TypeId::kDouble:
      case TypeId::kDecimal:
      case TypeId::kString:
      case TypeId::kDate:
      case TypeId::kTimestamp:
      case TypeId::kTimestampNtz: break;
      default: return std::nullopt;
    }
    duckdb::Value parsed(text);
    if (path.type.Is(TypeId::kString)) return parsed;
    if (path.type.Is(TypeId::kTimestampNtz) && !text.empty() && text.back() == 'Z') {
      parsed = duckdb::Value(text.substr(0, text.size() - 1));
    }
    duckdb::Value cast;
    std::string error;
    if (!parsed.DefaultTryCastAs(ToDuckType(path.type), cast, &error) || cast.IsNull()) return std::nullopt;
    return cast;
  }

  simdjson::padded_string padded_;
  bool present_;
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
};

class Pruner {
 public:
  Pruner(duckdb::ClientContext& context, duckdb::idx_t table_index, const std::vector<PrunableColumn>& columns)
      : context_(context), table_index_(table_index), columns_(columns) {}

  bool MayMatch(const ScanFile& file, const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
    FileStats stats(file);
    for (const auto& f : filters) {
      if (!Possible(*f, file, stats, 0)) return false;
    }
    return true;
  }

 private:
  bool Possible(const duckdb::Expression& e, const ScanFile& file, FileStats& stats, int depth) {
    if (depth > 100 || e.IsVolatile()) return true;
    if (auto constant = FoldConstants(e, file)) return !constant->IsNull() && duckdb::BooleanValue::Get(*constant);
    switch (e.GetExpressionClass()) {
      case ExpressionClass::BOUND_CONJUNCTION: {
        const auto& c = e.Cast<duckdb::BoundConjunctionExpression>();
        bool is_and = e.GetExpressionType() == ExpressionType::CONJUNCTION_AND;
        for (const auto& child : c.children) {
          bool possible = Possible(*child, file, stats, depth + 1);
          if (possible != is_and) return possible;
        }
        return is_and;
      }
      case ExpressionClass::BOUND_COMPARISON: {
        const auto& c = e.Cast<duckdb::BoundComparisonExpression>();
        return PossibleComparison(e.GetExpressionType(), *c.left, *c.right, stats);
      }
      case ExpressionClass::BOUND_BETWEEN: {
        const auto& b = e.Cast<duckdb::BoundBetweenExpression>();
        auto lower =
            b.lower_inclusive ? ExpressionType::COMPARE_GREATERTHANOREQUALTO : ExpressionType::COMPARE_GREATERTHAN;
        auto upper = b.upper_inclusive ? ExpressionType::COMPARE_LESSTHANOREQUALTO : ExpressionType::COMPARE_LESSTHAN;
        return PossibleComparison(lower, *b.input, *b.lower, stats) &&
               PossibleComparison(upper, *b.input, *b.upper, stats);
      }
      case ExpressionClass::BOUND_OPERATOR: return PossibleOperator(e, stats);
      default: return true;
    }
  }

  bool PossibleOperator(const duckdb::Expression& e, FileStats& stats) {
    const auto& op = e.Cast<duckdb::BoundOperatorExpression>();
    auto path = PathOf(*op.children[0]);
    if (!path) return true;
    switch (e.GetExpressionType()) {
      case ExpressionType::OPERATOR_IS_NULL: {
        auto bounds = stats.For(*path);
        return !(bounds.null_count && *bounds.null_count == 0);
      }
      case ExpressionType::OPERATOR_IS_NOT_NULL: {
        auto bounds = stats.For(*path);
        return !(bounds.null_count && bounds.rows && *bounds.null_count == *bounds.rows);
      }
      case ExpressionType::COMPARE_IN:
        for (size_t i = 1; i < op.children.size(); ++i) {
          if (PossibleComparison(ExpressionType::COMPARE_EQUAL, *op.children[0], *op.children[i], stats)) return true;
        }
        return false;
      default: return true;
    }
  }

  bool PossibleComparison(ExpressionType type, const duckdb::Expression& left, const duckdb::Expression& right,
                          FileStats& stats) {
    const auto* column = &left;
    const auto* constant = &right;
    if (left.GetExpressionClass() == ExpressionClass::BOUND_CONSTANT) {
      std::swap(column, constant);
      type = duckdb::FlipComparisonExpression(type);
    }
    if (constant->GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) return true;
    auto path = PathOf(*column);
    if (!path) return true;
    const auto& value = constant->Cast<duckdb::BoundConstantExpression>().value;
    if (value.type() != ToDuckType(path->type)) return true;
    auto bounds = stats.For(*path);
    if (value.IsNull()) {
      // col = NULL is never true; col <=> NULL needs a null.
      if (type == ExpressionType::COMPARE_NOT_DISTINCT_FROM) return !(bounds.null_count && *bounds.null_count == 0);
      return type == ExpressionType::COMPARE_DISTINCT_FROM;
    }
    if (type != ExpressionType::COMPARE_DISTINCT_FROM && bounds.null_count && bounds.rows &&
        *bounds.null_count == *bounds.rows) {
      return false;
    }
    // Some writers leave NaN, the greatest value, out of max.
    const bool max_known = bounds.max.has_value() && !path->type.IsFractional();
    switch (type) {
      case ExpressionType::COMPARE_EQUAL:
      case ExpressionType::COMPARE_NOT_DISTINCT_FROM: {
        if (bounds.min && *bounds.min > value) return false;
        bool is_nan = path->type.IsFractional() && value.ToString() == "nan";
        return !(bounds.max && !is_nan && *bounds.max < value);
      }
      case ExpressionType::COMPARE_LESSTHAN: return !(bounds.min && *bounds.min >= value);
      case ExpressionType::COMPARE_LESSTHANOREQUALTO: return !(bounds.min && *bounds.min > value);
      case ExpressionType::COMPARE_GREATERTHAN: return !(max_known && *bounds.max <= value);
      case ExpressionType::COMPARE_GREATERTHANOREQUALTO: return !(max_known && *bounds.max < value);
      default: return true;
    }
  }

  const PrunableColumn* ColumnOf(const duckdb::Expression& e) const {
    if (e.GetExpressionClass() != ExpressionClass::BOUND_COLUMN_REF) return nullptr;
    const auto& binding = e.Cast<duckdb::BoundColumnRefExpression>().binding;
    if (binding.table_index != table_index_ || binding.column_index >= columns_.size()) return nullptr;
    const PrunableColumn& column = columns_[binding.column_index];
    return column.file_column == nullptr ? nullptr : &column;
  }

  std::optional<StatsPath> PathOf(const duckdb::Expression& e) const {
    if (const PrunableColumn* column = ColumnOf(e)) {
      if (column->file_column->source != FileColumn::Source::kData) return std::nullopt;
      return StatsPath{{column->file_column->physical_name}, *column->type};
    }
    if (e.GetExpressionClass() != ExpressionClass::BOUND_FUNCTION) return std::nullopt;
    const auto& call = e.Cast<duckdb::BoundFunctionExpression>();
    if (call.function.name != "struct_extract_at" || call.children.size() != 2 ||
        call.children[1]->GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) {
      return std::nullopt;
    }
    auto parent = PathOf(*call.children[0]);
    if (!parent || !parent->type.Is(TypeId::kStruct)) return std::nullopt;
    auto position = call.children[1]->Cast<duckdb::BoundConstantExpression>().value.GetValue<int64_t>();
    const auto& fields = parent->type.fields();
    if (position < 1 || position > static_cast<int64_t>(fields.size())) return std::nullopt;
    const auto& field = fields[static_cast<size_t>(position - 1)];
    const PrunableColumn* root = RootOf(*call.children[0]);
    // Nested physical names would have to be followed in parallel; only identity mappings are used.
    if (root != nullptr && root->file_column->physical_type) return std::nullopt;
    parent->names.push_back(field.name);
    parent->type = field.type;
    return parent;
  }

  const PrunableColumn* RootOf(const duckdb::Expression& e) const {
    const duckdb::Expression* at = &e;
    while (at->GetExpressionClass() == ExpressionClass::BOUND_FUNCTION) {
      at = at->Cast<duckdb::BoundFunctionExpression>().children[0].get();
    }
    return ColumnOf(*at);
  }

  // The value of a boolean expression over per-file constants only.
  std::optional<duckdb::Value> FoldConstants(const duckdb::Expression& e, const ScanFile& file) {
    bool foldable = true, any = false;
    duckdb::ExpressionIterator::VisitExpression<duckdb::BoundColumnRefExpression>(
        e, [&](const duckdb::BoundColumnRefExpression& ref) {
          const PrunableColumn* column = ColumnOf(ref);
          bool is_constant = column != nullptr && column->file_column->source != FileColumn::Source::kData &&
                             column->file_column->source != FileColumn::Source::kRowIndex;
          foldable = foldable && is_constant;
          any = true;
        });
    if (!foldable || !any) return std::nullopt;
    auto copy = e.Copy();
    duckdb::ExpressionIterator::VisitExpressionMutable<duckdb::BoundColumnRefExpression>(
        copy, [&](duckdb::BoundColumnRefExpression& ref, duckdb::unique_ptr<duckdb::Expression>& slot) {
          const PrunableColumn* column = ColumnOf(ref);
          slot = duckdb::make_uniq<duckdb::BoundConstantExpression>(
              PerFileValue(*column->file_column, *column->type, file));
        });
    if (!copy->IsFoldable()) return std::nullopt;
    duckdb::Value value;
    if (!duckdb::ExpressionExecutor::TryEvaluateScalar(context_, *copy, value)) return std::nullopt;
    if (value.type().id() != duckdb::LogicalTypeId::BOOLEAN) return std::nullopt;
    return value;
  }

  duckdb::ClientContext& context_;
  duckdb::idx_t table_index_;
  const std::vector<PrunableColumn>& columns_;
};

}  // namespace

std::vector<size_t> PruneFiles(duckdb::ClientContext& context, const std::vector<ScanFile>& files,
                               const std::vector<size_t>& candidates, duckdb::idx_t table_index,
                               const std::vector<PrunableColumn>& columns,
                               const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  Pruner pruner(context, table_index, columns);
  std::vector<size_t> kept;
  for (size_t i : candidates) {
    if (pruner.MayMatch(files[i], filters)) kept.push_back(i);
  }
  return kept;
}

}  // namespace deltic::engine
