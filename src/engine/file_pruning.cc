#include "engine/file_pruning.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "delta/skipping/predicate.h"
#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/planner/expression/list.hpp"
#include "duckdb/planner/expression_iterator.hpp"
#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using delta::Constant;
using delta::Predicate;
using duckdb::ExpressionClass;
using duckdb::ExpressionType;
using Op = Predicate::Op;

// Deeper filters are not looked into.
constexpr int kMaxDepth = 100;

// A data column or a struct field in one, by physical names.
struct StatsPath {
  std::vector<std::string> names;
  DataType type;
};

__int128 UnscaledOf(const duckdb::Value& value) {
  switch (value.type().InternalType()) {
    case duckdb::PhysicalType::INT16: return value.GetValueUnsafe<int16_t>();
    case duckdb::PhysicalType::INT32: return value.GetValueUnsafe<int32_t>();
    case duckdb::PhysicalType::INT64: return value.GetValueUnsafe<int64_t>();
    default: {
      const auto huge = value.GetValueUnsafe<duckdb::hugeint_t>();
      return (static_cast<__int128>(huge.upper) << 64) | huge.lower;
    }
  }
}

// Nullopt: a type without an order in statistics.
std::optional<Constant> ConstantOf(const duckdb::Value& value, const DataType& type) {
  if (value.IsNull()) return Constant::Null();
  switch (type.id()) {
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong: return Constant::Int(value.GetValue<int64_t>());
    case TypeId::kFloat:
    case TypeId::kDouble: return Constant::Double(value.GetValue<double>());
    case TypeId::kDecimal: return Constant::Decimal(UnscaledOf(value), type.scale());
    case TypeId::kString: return Constant::String(duckdb::StringValue::Get(value));
    case TypeId::kDate: return Constant::Int(value.GetValueUnsafe<duckdb::date_t>().days);
    case TypeId::kTimestamp: return Constant::Int(value.GetValueUnsafe<duckdb::timestamp_tz_t>().value);
    case TypeId::kTimestampNtz: return Constant::Int(value.GetValueUnsafe<duckdb::timestamp_t>().value);
    default: return std::nullopt;
  }
}

std::optional<Op> CompareOp(ExpressionType type) {
  switch (type) {
    case ExpressionType::COMPARE_EQUAL: return Op::kEq;
    case ExpressionType::COMPARE_NOTEQUAL: return Op::kNe;
    case ExpressionType::COMPARE_LESSTHAN: return Op::kLt;
    case ExpressionType::COMPARE_LESSTHANOREQUALTO: return Op::kLe;
    case ExpressionType::COMPARE_GREATERTHAN: return Op::kGt;
    case ExpressionType::COMPARE_GREATERTHANOREQUALTO: return Op::kGe;
    case ExpressionType::COMPARE_NOT_DISTINCT_FROM: return Op::kNullSafeEq;
    default: return std::nullopt;
  }
}

// The columns of the scan as the filters see them.
class Columns {
 public:
  Columns(duckdb::idx_t table_index, const std::vector<PrunableColumn>& columns)
      : table_index_(table_index), columns_(columns) {}

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

  // The expression's value follows from the file alone.
  bool PerFile(const duckdb::Expression& e) const {
    bool per_file = !e.IsVolatile();
    bool any = false;
    duckdb::ExpressionIterator::VisitExpression<duckdb::BoundColumnRefExpression>(
        e, [&](const duckdb::BoundColumnRefExpression& ref) {
          const PrunableColumn* column = ColumnOf(ref);
          per_file = per_file && column != nullptr && column->file_column->source != FileColumn::Source::kData &&
                     column->file_column->source != FileColumn::Source::kRowIndex;
          any = true;
        });
    return per_file && any;
  }

  // The columns of a per-file expression are the file's constants alone (not its path or size).
  bool OnlyConstants(const duckdb::Expression& e) const {
    bool only = true;
    duckdb::ExpressionIterator::VisitExpression<duckdb::BoundColumnRefExpression>(
        e, [&](const duckdb::BoundColumnRefExpression& ref) {
          only = only && ColumnOf(ref)->file_column->source == FileColumn::Source::kConstant;
        });
    return only;
  }

 private:
  const PrunableColumn* RootOf(const duckdb::Expression& e) const {
    const duckdb::Expression* at = &e;
    while (at->GetExpressionClass() == ExpressionClass::BOUND_FUNCTION) {
      at = at->Cast<duckdb::BoundFunctionExpression>().children[0].get();
    }
    return ColumnOf(*at);
  }

  const duckdb::idx_t table_index_;
  const std::vector<PrunableColumn>& columns_;
};

// A filter over data columns as the Delta core's predicate; kUnknown where it has none.
class Translation {
 public:
  explicit Translation(const Columns& columns) : columns_(columns) {}

  Predicate Of(const duckdb::Expression& e, int depth) const {
    if (depth > kMaxDepth || e.IsVolatile()) return {};
    switch (e.GetExpressionClass()) {
      case ExpressionClass::BOUND_CONJUNCTION: {
        std::vector<Predicate> children;
        for (const auto& child : e.Cast<duckdb::BoundConjunctionExpression>().children) {
          children.push_back(Of(*child, depth + 1));
        }
        return e.GetExpressionType() == ExpressionType::CONJUNCTION_AND ? Predicate::And(std::move(children))
                                                                        : Predicate::Or(std::move(children));
      }
      case ExpressionClass::BOUND_COMPARISON: {
        const auto& c = e.Cast<duckdb::BoundComparisonExpression>();
        return Compare(e.GetExpressionType(), *c.left, *c.right);
      }
      case ExpressionClass::BOUND_BETWEEN: {
        const auto& b = e.Cast<duckdb::BoundBetweenExpression>();
        auto lower =
            b.lower_inclusive ? ExpressionType::COMPARE_GREATERTHANOREQUALTO : ExpressionType::COMPARE_GREATERTHAN;
        auto upper = b.upper_inclusive ? ExpressionType::COMPARE_LESSTHANOREQUALTO : ExpressionType::COMPARE_LESSTHAN;
        return Predicate::And({Compare(lower, *b.input, *b.lower), Compare(upper, *b.input, *b.upper)});
      }
      case ExpressionClass::BOUND_OPERATOR: return Operator(e.Cast<duckdb::BoundOperatorExpression>(), depth);
      case ExpressionClass::BOUND_FUNCTION: return Prefix(e.Cast<duckdb::BoundFunctionExpression>());
      default: return {};
    }
  }

 private:
  static std::optional<Constant> ConstantIn(const duckdb::Expression& e, const DataType& type) {
    if (e.GetExpressionClass() != ExpressionClass::BOUND_CONSTANT) return std::nullopt;
    const auto& value = e.Cast<duckdb::BoundConstantExpression>().value;
    if (value.type() != ToDuckType(type)) return std::nullopt;
    return ConstantOf(value, type);
  }

  Predicate Compare(ExpressionType type, const duckdb::Expression& left, const duckdb::Expression& right) const {
    const auto* column = &left;
    const auto* constant = &right;
    if (left.GetExpressionClass() == ExpressionClass::BOUND_CONSTANT) {
      std::swap(column, constant);
      type = duckdb::FlipComparisonExpression(type);
    }
    const auto path = columns_.PathOf(*column);
    const auto op = CompareOp(type);
    if (!path || !op) return {};
    auto value = ConstantIn(*constant, path->type);
    if (!value) return {};
    return Predicate::Compare(*op, path->names, path->type, std::move(*value));
  }

  Predicate Operator(const duckdb::BoundOperatorExpression& op, int depth) const {
    if (op.GetExpressionType() == ExpressionType::OPERATOR_NOT) {
      return Predicate::Not(Of(*op.children[0], depth + 1));
    }
    const auto path = columns_.PathOf(*op.children[0]);
    if (!path) return {};
    switch (op.GetExpressionType()) {
      case ExpressionType::OPERATOR_IS_NULL: return Predicate::IsNull(path->names, path->type);
      case ExpressionType::OPERATOR_IS_NOT_NULL: return Predicate::IsNotNull(path->names, path->type);
      case ExpressionType::COMPARE_IN: {
        std::vector<Constant> values;
        for (size_t i = 1; i < op.children.size(); ++i) {
          auto value = ConstantIn(*op.children[i], path->type);
          if (!value) return {};
          values.push_back(std::move(*value));
        }
        return Predicate::In(path->names, path->type, std::move(values));
      }
      default: return {};
    }
  }

  Predicate Prefix(const duckdb::BoundFunctionExpression& call) const {
    if ((call.function.name != "prefix" && call.function.name != "starts_with") || call.children.size() != 2) return {};
    const auto path = columns_.PathOf(*call.children[0]);
    if (!path || !path->type.Is(TypeId::kString)) return {};
    auto value = ConstantIn(*call.children[1], path->type);
    if (!value) return {};
    return Predicate::Compare(Op::kStartsWith, path->names, path->type, std::move(*value));
  }

  const Columns& columns_;
};

void AppendKey(const Value& value, std::string* key) {
  key->push_back(static_cast<char>('0' + value.v.index()));
  if (const auto* number = std::get_if<int64_t>(&value.v)) *key += std::to_string(*number);
  if (const auto* flag = std::get_if<bool>(&value.v)) *key += *flag ? '1' : '0';
  if (const auto* real = std::get_if<double>(&value.v)) {
    key->append(reinterpret_cast<const char*>(real), sizeof(*real));
  }
  if (const auto* unscaled = std::get_if<Int128>(&value.v)) {
    key->append(reinterpret_cast<const char*>(unscaled), sizeof(*unscaled));
  }
  if (const auto* text = std::get_if<std::string>(&value.v)) *key += std::to_string(text->size()) + ":" + *text;
}

// A file that filters are tried on. What only some filters look at is made when they do.
class Subject {
 public:
  virtual ~Subject() = default;
  virtual std::string_view stats() = 0;
  virtual const ScanFile& file() = 0;  // may be without statistics
  // Tells constants apart: an address or, without one, a text; null and empty: not known to equal another file's.
  virtual const void* partition() = 0;
  virtual const std::string& key() = 0;
};

class GivenFile final : public Subject {
 public:
  explicit GivenFile(const ScanFile& file) : file_(file) {}
  std::string_view stats() override { return file_.stats_json; }
  const ScanFile& file() override { return file_; }
  const void* partition() override { return nullptr; }
  const std::string& key() override {
    if (key_.empty()) {
      for (const auto& value : file_.constants) AppendKey(value, &key_);
    }
    return key_;
  }

 private:
  const ScanFile& file_;
  std::string key_;
};

class CandidateFile final : public Subject {
 public:
  explicit CandidateFile(const FileSource::Candidate& candidate) : candidate_(candidate) {}
  std::string_view stats() override { return candidate_.stats(); }
  const ScanFile& file() override {
    if (!file_) {
      auto made = candidate_.Make();
      if (!made.ok()) functions::ThrowStatus(made.status());
      file_ = std::move(made).value();
    }
    return *file_;
  }
  ScanFile Take() {
    ScanFile out = file();
    out.stats_json = candidate_.stats();
    return out;
  }
  const void* partition() override { return candidate_.partition(); }
  const std::string& key() override {
    static const std::string kNone;
    return kNone;
  }

 private:
  const FileSource::Candidate& candidate_;
  std::optional<ScanFile> file_;
};

// One filter: parts that follow from the file itself, parts that its statistics decide, and how they are joined.
class FilterNode {
 public:
  FilterNode(duckdb::ClientContext& context, const Columns& columns, const duckdb::Expression& e, int depth)
      : context_(context), columns_(columns), expression_(&e) {
    if (depth > kMaxDepth || e.IsVolatile()) return;
    if (columns.PerFile(e)) {
      kind_ = Kind::kPerFile;
      remembers_ = columns.OnlyConstants(e);
      return;
    }
    if (e.GetExpressionClass() == ExpressionClass::BOUND_CONJUNCTION && HasPerFilePart(e)) {
      kind_ = e.GetExpressionType() == ExpressionType::CONJUNCTION_AND ? Kind::kAnd : Kind::kOr;
      for (const auto& child : e.Cast<duckdb::BoundConjunctionExpression>().children) {
        children_.push_back(std::make_unique<FilterNode>(context, columns, *child, depth + 1));
      }
      return;
    }
    kind_ = Kind::kStatistics;
    skipper_ = std::make_unique<delta::FileSkipper>(Translation(columns).Of(e, depth), std::vector<std::string>());
  }

  // Can the filter be true for a row of the file?
  bool Possible(Subject* subject) {
    static const delta::PartitionValues kNone;
    switch (kind_) {
      case Kind::kUnknown: return true;
      case Kind::kStatistics: return subject->stats().empty() || skipper_->KeepFile(subject->stats(), kNone);
      case Kind::kPerFile: {
        if (!remembers_) return Evaluate(subject->file());
        if (const void* partition = subject->partition(); partition != nullptr) {
          const auto [known, is_new] = known_partitions_.try_emplace(partition);
          if (is_new) known->second = Evaluate(subject->file());
          return known->second;
        }
        if (subject->key().empty()) return Evaluate(subject->file());
        const auto known = known_.find(subject->key());
        if (known != known_.end()) return known->second;
        return known_[subject->key()] = Evaluate(subject->file());
      }
      case Kind::kAnd:
      case Kind::kOr:
        for (const auto& child : children_) {
          const bool possible = child->Possible(subject);
          if (possible != (kind_ == Kind::kAnd)) return possible;
        }
        return kind_ == Kind::kAnd;
    }
    return true;
  }

  // Statistics are text to be parsed: they are asked last.
  bool reads_statistics() const { return kind_ == Kind::kStatistics; }

 private:
  enum class Kind : uint8_t { kUnknown, kAnd, kOr, kPerFile, kStatistics };

  bool HasPerFilePart(const duckdb::Expression& e) const {
    if (columns_.PerFile(e)) return true;
    if (e.GetExpressionClass() != ExpressionClass::BOUND_CONJUNCTION) return false;
    for (const auto& child : e.Cast<duckdb::BoundConjunctionExpression>().children) {
      if (HasPerFilePart(*child)) return true;
    }
    return false;
  }

  // The value of a boolean expression over per-file constants.
  bool Evaluate(const ScanFile& file) const {
    auto copy = expression_->Copy();
    duckdb::ExpressionIterator::VisitExpressionMutable<duckdb::BoundColumnRefExpression>(
        copy, [&](duckdb::BoundColumnRefExpression& ref, duckdb::unique_ptr<duckdb::Expression>& slot) {
          const PrunableColumn* column = columns_.ColumnOf(ref);
          slot = duckdb::make_uniq<duckdb::BoundConstantExpression>(
              PerFileValue(*column->file_column, *column->type, file));
        });
    duckdb::Value value;
    if (!copy->IsFoldable() || !duckdb::ExpressionExecutor::TryEvaluateScalar(context_, *copy, value)) return true;
    if (value.type().id() != duckdb::LogicalTypeId::BOOLEAN) return true;
    return !value.IsNull() && duckdb::BooleanValue::Get(value);
  }

  duckdb::ClientContext& context_;
  const Columns& columns_;
  const duckdb::Expression* const expression_;
  Kind kind_ = Kind::kUnknown;
  bool remembers_ = false;
  std::vector<std::unique_ptr<FilterNode>> children_;
  std::unique_ptr<delta::FileSkipper> skipper_;
  std::unordered_map<std::string, bool> known_;
  std::unordered_map<const void*, bool> known_partitions_;
};

class Filters {
 public:
  Filters(duckdb::ClientContext& context, const Columns& columns,
          const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
    for (const auto& filter : filters) nodes_.push_back(std::make_unique<FilterNode>(context, columns, *filter, 0));
    std::stable_partition(nodes_.begin(), nodes_.end(), [](const auto& node) { return !node->reads_statistics(); });
  }

  bool Possible(Subject* subject) {
    return std::all_of(nodes_.begin(), nodes_.end(), [&](const auto& node) { return node->Possible(subject); });
  }

 private:
  std::vector<std::unique_ptr<FilterNode>> nodes_;
};

}  // namespace

std::vector<size_t> PruneFiles(duckdb::ClientContext& context, const std::vector<ScanFile>& files,
                               const std::vector<size_t>& candidates, duckdb::idx_t table_index,
                               const std::vector<PrunableColumn>& columns,
                               const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  const Columns seen(table_index, columns);
  Filters tried(context, seen, filters);
  std::vector<size_t> kept;
  for (const size_t i : candidates) {
    GivenFile file(files[i]);
    if (tried.Possible(&file)) kept.push_back(i);
  }
  return kept;
}

std::vector<ScanFile> ChooseFiles(duckdb::ClientContext& context, const FileSource& source, duckdb::idx_t table_index,
                                  const std::vector<PrunableColumn>& columns,
                                  const duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& filters) {
  const Columns seen(table_index, columns);
  Filters tried(context, seen, filters);
  std::vector<ScanFile> kept;
  const Status status = source.ForEach([&](const FileSource::Candidate& candidate) {
    CandidateFile file(candidate);
    if (tried.Possible(&file)) kept.push_back(file.Take());
    return Status::Ok();
  });
  if (!status.ok()) functions::ThrowStatus(status);
  return kept;
}

}  // namespace deltic::engine
