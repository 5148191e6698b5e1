#include "delta/skipping/predicate.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace deltic::delta {
namespace {

using types::TypeId;
using Op = Predicate::Op;

// Statistics of timestamps are cut to milliseconds: the true maximum may be this much later.
constexpr int64_t kTimestampSlackMicros = 999;
// Strings this long may be cut.
constexpr size_t kStringPrefix = 32;
// How far, of itself, a number is from the FLOAT that is written so.
constexpr long double kFloatRounding = 6e-8L;
// And how far the smallest ones are, which have fewer digits.
constexpr long double kFloatStep = std::numeric_limits<float>::denorm_min();
// Deeper predicates are not looked into.
constexpr int kMaxDepth = 100;

// An ordered value: of a constant, a bound or a partition.
struct Scalar {
  enum class Kind : uint8_t { kInt, kReal, kText };
  Kind kind = Kind::kInt;
  int64_t number = 0;
  long double real = 0;
  long double slack = 0;     // of a real that may be rounded
  bool maybe_float = false;  // a real that may have been written when its column was a FLOAT
  std::string_view text;
};

long double FloatSlack(long double value) { return std::max(std::fabs(value) * kFloatRounding, kFloatStep); }

// FLOAT columns are widened to DOUBLE and keep their statistics: 0.1 stands for 0.10000000149011612 there.
bool MayStandForFloat(long double real, long double other) {
  if (std::fabs(real - other) > FloatSlack(real)) return false;
  const auto number = static_cast<double>(real);
  const auto narrow = static_cast<float>(number);
  if (!std::isfinite(narrow) || static_cast<double>(narrow) == number) return false;
  if (std::fabs(narrow) < std::numeric_limits<float>::min()) return true;  // such texts are not all the shortest
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, narrow).ptr;
  double shown = 0;
  std::from_chars(text, end, shown);
  return shown == number;
}

// -1, 0, 1; nullopt: not comparable or too close to tell.
std::optional<int> Compare(const Scalar& a, const Scalar& b) {
  if (a.kind != b.kind) return std::nullopt;
  switch (a.kind) {
    case Scalar::Kind::kInt: return a.number < b.number ? -1 : a.number > b.number ? 1 : 0;
    case Scalar::Kind::kText: return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
    case Scalar::Kind::kReal: {
      const long double slack = a.slack + b.slack;
      if (std::isnan(a.real) || std::isnan(b.real)) return std::nullopt;
      if (slack != 0 && std::fabs(a.real - b.real) <= slack) return std::nullopt;
      if (a.maybe_float && MayStandForFloat(a.real, b.real)) return std::nullopt;
      if (b.maybe_float && MayStandForFloat(b.real, a.real)) return std::nullopt;
      return a.real < b.real ? -1 : a.real > b.real ? 1 : 0;
    }
  }
  return std::nullopt;
}

bool IsTimestamp(TypeId id) { return id == TypeId::kTimestamp || id == TypeId::kTimestampNtz; }
bool IsReal(TypeId id) { return id == TypeId::kFloat || id == TypeId::kDouble; }

long double RoundingSlack(long double value) { return std::fabs(value) * 4.5e-16L; }

bool FromConstant(const Constant& constant, TypeId type, Scalar* out) {
  switch (constant.kind) {
    case Constant::Kind::kNull: return false;
    case Constant::Kind::kBool:
    case Constant::Kind::kInt:
      if (IsReal(type) || type == TypeId::kDecimal) {
        out->kind = Scalar::Kind::kReal;
        out->real = static_cast<long double>(constant.number);
      } else {
        out->number = constant.number;
      }
      return true;
    case Constant::Kind::kDouble:
      if (!IsReal(type)) return false;
      out->kind = Scalar::Kind::kReal;
      out->real = constant.real;
      return true;
    case Constant::Kind::kString:
      if (type != TypeId::kString && type != TypeId::kChar && type != TypeId::kVarchar) return false;
      out->kind = Scalar::Kind::kText;
      out->text = constant.text;
      return true;
    case Constant::Kind::kDecimal:
      if (type != TypeId::kDecimal && !IsReal(type)) return false;
      out->kind = Scalar::Kind::kReal;
      out->real = static_cast<long double>(constant.unscaled) / powl(10.0L, constant.scale);
      out->slack = RoundingSlack(out->real);
      return true;
  }
  return false;
}

bool FromStats(const simdjson::dom::element& json, TypeId type, Scalar* out) {
  std::string_view text;
  bool has_zone = false;
  switch (type) {
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong: return json.get(out->number) == simdjson::SUCCESS;
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal: {
      double real = 0;
      if (json.get(real) != simdjson::SUCCESS) return false;
      out->kind = Scalar::Kind::kReal;
      out->real = real;
      // Floats are printed with the digits of a float; decimals beyond 15 digits are rounded here.
      out->slack = type == TypeId::kFloat     ? FloatSlack(out->real)
                   : type == TypeId::kDecimal ? RoundingSlack(out->real)
                                              : 0;
      out->maybe_float = type == TypeId::kDouble;
      return true;
    }
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar:
      if (json.get(out->text) != simdjson::SUCCESS) return false;
      out->kind = Scalar::Kind::kText;
      return true;
    case TypeId::kDate: return json.get(text) == simdjson::SUCCESS && ParseStatsDate(text, &out->number);
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
      return json.get(text) == simdjson::SUCCESS && ParseStatsTimestamp(text, &out->number, &has_zone);
    default: return false;
  }
}

bool FromPartition(const std::string& value, TypeId type, Scalar* out) {
  bool has_zone = false;
  switch (type) {
    case TypeId::kBoolean:
      if (value != "true" && value != "false") return false;
      out->number = value == "true" ? 1 : 0;
      return true;
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong: {
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), out->number);
      return error == std::errc() && end == value.data() + value.size();
    }
    case TypeId::kFloat:
    case TypeId::kDouble:
    case TypeId::kDecimal: {
      char* end = nullptr;
      out->kind = Scalar::Kind::kReal;
      out->real = std::strtold(value.c_str(), &end);
      out->slack = type == TypeId::kDouble  ? 0
                   : type == TypeId::kFloat ? FloatSlack(out->real)
                                            : RoundingSlack(out->real);
      return end == value.c_str() + value.size();
    }
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar:
      out->kind = Scalar::Kind::kText;
      out->text = value;
      return true;
    case TypeId::kDate: return ParseStatsDate(value, &out->number);
    case TypeId::kTimestamp: return ParseStatsTimestamp(value, &out->number, &has_zone) && has_zone;
    case TypeId::kTimestampNtz: return ParseStatsTimestamp(value, &out->number, &has_zone);
    default: return false;
  }
}

// What is known of one column in one file.
struct Bounds {
  std::optional<Scalar> min;
  std::optional<Scalar> max;
  bool exact = false;     // min and max are values that occur (no truncation)
  bool all_null = false;  // every row is null
  bool no_nulls = false;  // no row is null
  bool max_covers_nan = true;
};

Op Negate(Op op) {
  switch (op) {
    case Op::kEq: return Op::kNe;
    case Op::kNe: return Op::kEq;
    case Op::kLt: return Op::kGe;
    case Op::kLe: return Op::kGt;
    case Op::kGt: return Op::kLe;
    case Op::kGe: return Op::kLt;
    case Op::kIsNull: return Op::kIsNotNull;
    case Op::kIsNotNull: return Op::kIsNull;
    case Op::kAlways: return Op::kNever;
    case Op::kNever: return Op::kAlways;
    default: return Op::kUnknown;
  }
}

// a < b for sure.
bool Below(const std::optional<Scalar>& a, const std::optional<Scalar>& b, bool or_equal = false) {
  if (!a || !b) return false;
  const auto order = Compare(*a, *b);
  return order && (*order < 0 || (or_equal && *order == 0));
}

bool MayCompare(Op op, const Bounds& bounds, const std::optional<Scalar>& constant) {
  if (bounds.all_null) return false;
  switch (op) {
    case Op::kEq: return !Below(constant, bounds.min) && !Below(bounds.max, constant);
    case Op::kNe: {
      if (!bounds.exact || !bounds.min || !bounds.max || !constant || !bounds.max_covers_nan) return true;
      const auto low = Compare(*bounds.min, *constant);
      const auto high = Compare(*bounds.max, *constant);
      return !(low && high && *low == 0 && *high == 0);
    }
    case Op::kLt: return !Below(constant, bounds.min, true);
    case Op::kLe: return !Below(constant, bounds.min);
    case Op::kGt: return !bounds.max_covers_nan || !Below(bounds.max, constant, true);
    case Op::kGe: return !bounds.max_covers_nan || !Below(bounds.max, constant);
    case Op::kStartsWith: {
      if (!constant || constant->kind != Scalar::Kind::kText) return true;
      const std::string_view prefix = constant->text;
      if (bounds.max && bounds.max->text < prefix) return false;
      return !bounds.min || bounds.min->text.substr(0, prefix.size()) <= prefix;
    }
    default: return true;
  }
}

}  // namespace

struct FileSkipper::Impl {
  Predicate predicate;
  std::vector<std::string> partition_columns;
  simdjson::dom::parser parser;
  // Of the file at hand.
  std::string_view stats_text;
  const PartitionValues* partitions = nullptr;
  bool partitions_only = false;
  bool parsed = false;
  bool usable = false;
  simdjson::dom::element stats;
  std::optional<int64_t> records;
  bool tight = true;

  void Parse() {
    if (parsed) return;
    parsed = true;
    usable = false;
    records.reset();
    tight = true;
    if (stats_text.empty() || parser.parse(stats_text.data(), stats_text.size()).get(stats) != simdjson::SUCCESS ||
        !stats.is_object()) {
      return;
    }
    usable = true;
    int64_t count = 0;
    if (stats["numRecords"].get(count) == simdjson::SUCCESS && count >= 0) records = count;
    bool flag = true;
    if (stats["tightBounds"].get(flag) == simdjson::SUCCESS) tight = flag;
  }

  bool Lookup(std::string_view group, const std::vector<std::string>& path, simdjson::dom::element* out) const {
    if (stats[group].get(*out) != simdjson::SUCCESS) return false;
    for (const auto& name : path) {
      simdjson::dom::element next;
      if ((*out)[name].get(next) != simdjson::SUCCESS) return false;
      *out = next;
    }
    return !out->is_null();
  }

  bool IsPartition(const Predicate& leaf) const {
    return leaf.column.size() == 1 &&
           std::find(partition_columns.begin(), partition_columns.end(), leaf.column[0]) != partition_columns.end();
  }

  // False: nothing is known.
  bool PartitionBounds(const Predicate& leaf, Bounds* bounds) const {
    const auto it = partitions->find(leaf.column[0]);
    if (it == partitions->end()) return false;
    if (!it->second || it->second->empty()) {
      bounds->all_null = true;
      return true;
    }
    bounds->no_nulls = true;
    Scalar value;
    if (!FromPartition(*it->second, leaf.type.id(), &value)) return true;
    bounds->min = value;
    bounds->max = value;
    bounds->exact = true;
    bounds->max_covers_nan = !(value.kind == Scalar::Kind::kReal && std::isnan(value.real));
    return true;
  }

  bool StatsBounds(const Predicate& leaf, Bounds* bounds) {
    if (partitions_only) return false;
    Parse();
    if (!usable) return false;
    simdjson::dom::element json;
    int64_t nulls = 0;
    if (Lookup("nullCount", leaf.column, &json) && json.get(nulls) == simdjson::SUCCESS) {
      bounds->no_nulls = nulls == 0;
      bounds->all_null = records && nulls == *records;
    }
    const TypeId type = leaf.type.id();
    Scalar scalar;
    if (Lookup("minValues", leaf.column, &json) && FromStats(json, type, &scalar)) bounds->min = scalar;
    scalar = {};
    if (Lookup("maxValues", leaf.column, &json) && FromStats(json, type, &scalar)) {
      if (IsTimestamp(type)) scalar.number += kTimestampSlackMicros;
      bounds->max = scalar;
    }
    const bool cut = (bounds->min && bounds->min->text.size() >= kStringPrefix) ||
                     (bounds->max && bounds->max->text.size() >= kStringPrefix);
    bounds->exact = !cut && !IsTimestamp(type);
    bounds->max_covers_nan = !IsReal(type);
    return true;
  }

  bool MayMatchLeaf(Op op, const Predicate& leaf) {
    Bounds bounds;
    if (!(IsPartition(leaf) ? PartitionBounds(leaf, &bounds) : StatsBounds(leaf, &bounds))) return true;
    if (op == Op::kIsNull) return !bounds.no_nulls;
    if (op == Op::kIsNotNull) return !bounds.all_null;
    const auto may = [&](Op compare, const Constant& constant) {
      if (constant.kind == Constant::Kind::kNull) return false;  // comparing with null is never true
      std::optional<Scalar> scalar;
      Scalar value;
      if (FromConstant(constant, leaf.type.id(), &value)) scalar = value;
      return MayCompare(compare, bounds, scalar);
    };
    if (op == Op::kIn) {
      return std::any_of(leaf.values.begin(), leaf.values.end(),
                         [&](const Constant& constant) { return may(Op::kEq, constant); });
    }
    if (leaf.values.empty()) return true;
    if (op == Op::kNullSafeEq) {
      if (leaf.values[0].kind == Constant::Kind::kNull) return !bounds.no_nulls;
      return may(Op::kEq, leaf.values[0]);
    }
    return may(op, leaf.values[0]);
  }

  // Can the node (or its negation) be TRUE for some row?
  bool MayMatch(const Predicate& node, bool negated, int depth) {
    if (depth > kMaxDepth) return true;
    switch (node.op) {
      case Op::kUnknown: return true;
      case Op::kAlways: return !negated;
      case Op::kNever: return negated;
      case Op::kNot: return node.children.size() != 1 || MayMatch(node.children[0], !negated, depth + 1);
      case Op::kAnd:
      case Op::kOr: {
        const auto may = [&](const Predicate& child) { return MayMatch(child, negated, depth + 1); };
        return (node.op == Op::kAnd) != negated ? std::all_of(node.children.begin(), node.children.end(), may)
                                                : std::any_of(node.children.begin(), node.children.end(), may);
      }
      default: {
        const Op op = negated ? Negate(node.op) : node.op;
        return op == Op::kUnknown || MayMatchLeaf(op, node);
      }
    }
  }

  bool Keep(std::string_view stats_json, const PartitionValues& values, bool only_partitions) {
    stats_text = stats_json;
    partitions = &values;
    partitions_only = only_partitions;
    parsed = false;
    return MayMatch(predicate, false, 0);
  }
};

FileSkipper::FileSkipper(Predicate predicate, std::vector<std::string> partition_columns)
    : impl_(std::make_unique<Impl>()) {
  impl_->predicate = std::move(predicate);
  impl_->partition_columns = std::move(partition_columns);
}
FileSkipper::~FileSkipper() = default;

bool FileSkipper::KeepFile(const AddFile& file) { return impl_->Keep(file.stats, file.partition_values, false); }
bool FileSkipper::KeepFile(std::string_view stats_json, const PartitionValues& partition_values) {
  return impl_->Keep(stats_json, partition_values, false);
}
bool FileSkipper::KeepPartition(const PartitionValues& partition_values) {
  return impl_->Keep({}, partition_values, true);
}

Constant Constant::Bool(bool value) {
  Constant out;
  out.kind = Kind::kBool;
  out.number = value ? 1 : 0;
  return out;
}
Constant Constant::Int(int64_t value) {
  Constant out;
  out.kind = Kind::kInt;
  out.number = value;
  return out;
}
Constant Constant::Double(double value) {
  Constant out;
  out.kind = Kind::kDouble;
  out.real = value;
  return out;
}
Constant Constant::String(std::string value) {
  Constant out;
  out.kind = Kind::kString;
  out.text = std::move(value);
  return out;
}
Constant Constant::Decimal(__int128 unscaled, int scale) {
  Constant out;
  out.kind = Kind::kDecimal;
  out.unscaled = unscaled;
  out.scale = scale;
  return out;
}

Predicate Predicate::And(std::vector<Predicate> children) {
  Predicate out;
  out.op = Op::kAnd;
  out.children = std::move(children);
  return out;
}
Predicate Predicate::Or(std::vector<Predicate> children) {
  Predicate out = And(std::move(children));
  out.op = Op::kOr;
  return out;
}
Predicate Predicate::Not(Predicate child) {
  Predicate out;
  out.op = Op::kNot;
  out.children.push_back(std::move(child));
  return out;
}
Predicate Predicate::Compare(Op op, std::vector<std::string> column, types::DataType type, Constant value) {
  std::vector<Constant> values;
  values.push_back(std::move(value));
  Predicate out = In(std::move(column), std::move(type), std::move(values));
  out.op = op;
  return out;
}
Predicate Predicate::In(std::vector<std::string> column, types::DataType type, std::vector<Constant> values) {
  Predicate out;
  out.op = Op::kIn;
  out.column = std::move(column);
  out.type = std::move(type);
  out.values = std::move(values);
  return out;
}
Predicate Predicate::IsNull(std::vector<std::string> column, types::DataType type) {
  Predicate out = In(std::move(column), std::move(type), {});
  out.op = Op::kIsNull;
  return out;
}
Predicate Predicate::IsNotNull(std::vector<std::string> column, types::DataType type) {
  Predicate out = In(std::move(column), std::move(type), {});
  out.op = Op::kIsNotNull;
  return out;
}

}  // namespace deltic::delta
