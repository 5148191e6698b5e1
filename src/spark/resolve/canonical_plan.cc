#include "spark/resolve/canonical_plan.h"

#include <functional>
#include <map>

#include "base/json_writer.h"
#include "engine/plan/python_relation.h"
#include "engine/plan/stream_relation.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::resolve {
namespace {

using engine::Expr;
using engine::Rel;
using engine::SortKey;
using engine::Value;

std::string ValueText(const Value& value) {
  if (value.IsNull()) return "null";
  if (auto* flag = std::get_if<bool>(&value.v)) return *flag ? "true" : "false";
  if (auto* number = std::get_if<int64_t>(&value.v)) return std::to_string(*number);
  if (auto* real = std::get_if<double>(&value.v)) return JavaDoubleToString(*real);
  if (auto* text = std::get_if<std::string>(&value.v)) return JsonQuote(*text);
  if (auto* decimal = std::get_if<engine::Int128>(&value.v)) {
    return std::to_string(static_cast<int64_t>(*decimal >> 64)) + ":" + std::to_string(static_cast<uint64_t>(*decimal));
  }
  if (auto* interval = std::get_if<engine::CalendarInterval>(&value.v)) {
    return std::to_string(interval->months) + "m" + std::to_string(interval->days) + "d" +
           std::to_string(interval->micros);
  }
  std::string out = "[";
  for (const Value& item : *std::get<std::shared_ptr<const engine::ValueList>>(value.v)) out += ValueText(item) + ",";
  return out + "]";
}

class Printer {
 public:
  // `canonical`: ids are numbered as they appear and names are left out. `now_micros`: the start of the query, whose
  // appearance is left out too; -1: none.
  explicit Printer(bool canonical, int64_t now_micros = -1) : canonical_(canonical), now_micros_(now_micros) {}

  std::string Line(const Rel& rel) {
    switch (rel.kind) {
      case RelKind::kOneRow: return "OneRowRelation";
      case RelKind::kValues:
        return "LocalRelation " + Columns(rel) + (canonical_ ? Rows(rel.As<engine::ValuesRel>()) : "");
      case RelKind::kArrow:
        return "LocalRelation " + Columns(rel) + (canonical_ ? Digest(*rel.As<engine::ArrowRel>().ipc_stream) : "");
      case RelKind::kRange: {
        const auto& range = rel.As<engine::RangeRel>();
        return "Range (" + std::to_string(range.start) + ", " + std::to_string(range.end) +
               ", step=" + std::to_string(range.step) + ")" + Columns(rel);
      }
      case RelKind::kFiles: return "Relation " + Columns(rel) + " " + Files(rel.As<engine::FilesRel>());
      case RelKind::kProject: {
        const auto& project = rel.As<engine::ProjectRel>();
        std::string out;
        for (size_t i = 0; i < project.exprs.size(); i++) {
          out += (i > 0 ? ", " : "") + Expression(project.exprs[i]) + " AS " + Name(rel.output[i]);
        }
        return "Project [" + out + "]";
      }
      case RelKind::kFilter: return "Filter " + Expression(rel.As<engine::FilterRel>().predicate);
      case RelKind::kJoin: {
        static constexpr const char* kTypes[] = {"Inner",     "Cross",    "LeftOuter", "RightOuter",
                                                 "FullOuter", "LeftSemi", "LeftAnti"};
        const auto& join = rel.As<engine::JoinRel>();
        return std::string(join.lateral ? "LateralJoin " : "Join ") + kTypes[static_cast<size_t>(join.type)] +
               (join.condition != nullptr ? ", " + Expression(join.condition) : "");
      }
      case RelKind::kAggregate: return Aggregation(rel.As<engine::AggregateRel>());
      case RelKind::kSort: return "Sort [" + Keys(rel.As<engine::SortRel>().keys) + "], true";
      case RelKind::kLimit: {
        const auto& limit = rel.As<engine::LimitRel>();
        return "GlobalLimit " + (limit.limit ? std::to_string(*limit.limit) : "all") + " offset " +
               std::to_string(limit.offset);
      }
      case RelKind::kSetOp: {
        static constexpr const char* kOps[] = {"Union", "Intersect", "Except"};
        const auto& set = rel.As<engine::SetOpRel>();
        return std::string(kOps[static_cast<size_t>(set.op)]) + (set.all ? " All" : "") + Columns(rel);
      }
      case RelKind::kDistinct: return "Deduplicate [" + List(rel.As<engine::DistinctRel>().keys) + "]";
      case RelKind::kSample: {
        const auto& sample = rel.As<engine::SampleRel>();
        return "Sample " + JavaDoubleToString(sample.lower) + ", " + JavaDoubleToString(sample.upper) + ", " +
               (sample.with_replacement ? "true" : "false") + ", " +
               (canonical_ && engine::IsDrawnSeed(sample.seed) ? "drawn" : std::to_string(sample.seed));
      }
      case RelKind::kGenerate: {
        static constexpr const char* kNames[] = {"explode", "explode", "posexplode", "posexplode", "inline", "stack"};
        const auto& generate = rel.As<engine::GenerateRel>();
        return std::string("Generate ") + kNames[static_cast<size_t>(generate.generator)] + "(" + List(generate.args) +
               ")" + (generate.outer ? ", outer" : "") + Columns(rel);
      }
      case RelKind::kCached:
        return "InMemoryRelation " + Columns(rel) +
               (canonical_ ? Pointer(rel.As<engine::CachedRel>().table.get()) : "");
      case RelKind::kStream:
        return "StreamingRelation " + rel.As<engine::StreamRel>().spec->display + ", " + Columns(rel);
      case RelKind::kPython: return Python(rel.As<engine::PythonRel>());
    }
    return {};
  }

  void Tree(const Rel& rel, int depth, bool last, std::string prefix, std::string* out) {
    if (depth > 0) *out += prefix + (last ? "+- " : ":- ");
    // Children first in canonical form: their ids are numbered before they are used.
    std::vector<RelPtr> children = ChildrenOf(rel);
    if (depth > 0) prefix += last ? "   " : ":  ";
    if (canonical_) {
      for (const RelPtr& child : children) Tree(*child, depth + 1, child == children.back(), prefix, out);
      *out += Line(rel) + "\n";
      return;
    }
    *out += Line(rel) + "\n";
    for (const RelPtr& child : children) Tree(*child, depth + 1, child == children.back(), prefix, out);
  }

 private:
  static std::string Pointer(const void* pointer) { return std::to_string(reinterpret_cast<uintptr_t>(pointer)); }

  // Equal data is sent anew with every request.
  static std::string Digest(std::string_view bytes) {
    const std::hash<std::string_view> hash;
    return std::to_string(bytes.size()) + ":" + std::to_string(hash(bytes)) + ":" +
           std::to_string(hash(bytes.substr(bytes.size() / 3)));
  }

  int64_t Id(ColumnId id) {
    if (!canonical_) return id;
    return ids_.emplace(id, static_cast<int64_t>(ids_.size())).first->second;
  }
  std::string Name(const engine::Column& column) {
    return (canonical_ ? column.type.Json() : column.name) + "#" + std::to_string(Id(column.id));
  }
  std::string NameOf(ColumnId id) { return "#" + std::to_string(Id(id)); }

  std::string Columns(const Rel& rel) {
    std::string out;
    for (const engine::Column& column : rel.output) out += (out.empty() ? "" : ", ") + Name(column);
    return "[" + out + "]";
  }
  // The same table is the same relation whatever its rows are now, unless a version is asked for.
  std::string Files(const engine::FilesRel& files) {
    if (!canonical_) return files.description;
    std::string out = files.description;
    const size_t version = out.rfind("@v");
    if (!files.pinned && version != std::string::npos && out.find_first_not_of("0123456789", version + 2) == out.npos) {
      out.resize(version);
    }
    for (const std::string& root : files.roots) out += "," + root;
    out += " format " + std::to_string(static_cast<int>(files.format)) + " " + files.time_zone;
    for (const auto& [name, value] : files.options) out += "," + JsonQuote(name) + "=" + JsonQuote(value);
    for (const engine::FileColumn& column : files.columns) {
      out += "," + std::to_string(static_cast<int>(column.source)) + JsonQuote(column.physical_name) +
             std::to_string(column.constant_index);
    }
    return out;
  }
  std::string Python(const engine::PythonRel& rel) {
    static constexpr const char* kNames[] = {"PythonEval", "PythonAggregate", "PythonMap"};
    std::string out = kNames[static_cast<size_t>(rel.shape)];
    for (const auto& call : rel.transform->task().calls) {
      out += " " + call.function->name + "(";
      for (int offset : call.arg_offsets) out += std::to_string(offset) + ",";
      out += ")" + (canonical_ ? JsonQuote(call.function->command) : "");
    }
    for (int input : rel.inputs) out += " #" + std::to_string(Id(rel.child->output[static_cast<size_t>(input)].id));
    return out + Columns(rel);
  }
  std::string Rows(const engine::ValuesRel& values) {
    std::string out;
    for (const auto& row : values.rows) out += "(" + List(row) + ")";
    return out;
  }
  std::string List(const std::vector<ExprPtr>& exprs) {
    std::string out;
    for (const ExprPtr& expr : exprs) out += (out.empty() ? "" : ", ") + Expression(expr);
    return out;
  }
  std::string Keys(const std::vector<SortKey>& keys) {
    std::string out;
    for (const SortKey& key : keys) {
      out += (out.empty() ? "" : ", ") + Expression(key.expr) + (key.ascending ? " ASC" : " DESC") +
             (key.nulls_first ? " NULLS FIRST" : " NULLS LAST");
    }
    return out;
  }
  std::string Aggregation(const engine::AggregateRel& aggregate) {
    std::string out = "Aggregate [" + List(aggregate.groups) + "], [" + List(aggregate.aggregates) + "]";
    for (const auto& set : aggregate.grouping_sets) {
      out += " (";
      for (int index : set) out += std::to_string(index) + ",";
      out += ")";
    }
    return out + Columns(aggregate);
  }

  std::string Window(const engine::WindowExpr& window) {
    const auto& frame = window.frame;
    std::string out = window.function + "(" + (window.distinct ? "distinct " : "") + List(window.args) + ")" +
                      (window.ignore_nulls ? " ignore nulls" : "");
    if (window.filter != nullptr) out += " FILTER " + Expression(window.filter);
    out += " OVER (PARTITION BY " + List(window.partition_by) + " ORDER BY " + Keys(window.order_by);
    out += " " + std::to_string(static_cast<int>(frame.unit)) + std::to_string(static_cast<int>(frame.start)) +
           std::to_string(static_cast<int>(frame.end));
    if (frame.start_offset != nullptr) out += " " + Expression(frame.start_offset);
    if (frame.end_offset != nullptr) out += " " + Expression(frame.end_offset);
    return out + ")";
  }

  std::string Expression(const ExprPtr& expr) {
    switch (expr->kind) {
      case ExprKind::kLiteral: return Constant(expr->As<engine::Literal>());
      case ExprKind::kPythonUdf: {
        const auto& udf = expr->As<engine::PythonUdf>();
        return udf.function->name + "(" + List(udf.args) + ")" + (canonical_ ? JsonQuote(udf.function->command) : "");
      }
      case ExprKind::kColumn: return NameOf(expr->As<engine::ColumnExpr>().id);
      case ExprKind::kLambdaVariable: return "x" + NameOf(expr->As<engine::LambdaVariable>().id);
      case ExprKind::kCall: return expr->As<engine::Call>().function + "(" + List(expr->As<engine::Call>().args) + ")";
      case ExprKind::kCast: {
        const auto& cast = expr->As<engine::Cast>();
        return "cast(" + Expression(cast.child) + " as " + cast.type.SimpleString() + ")" +
               (canonical_ ? std::to_string(static_cast<int>(cast.mode)) : "");
      }
      case ExprKind::kCase: {
        std::string out = "CASE";
        for (const auto& [when, then] : expr->As<engine::Case>().branches) {
          out += " WHEN " + Expression(when) + " THEN " + Expression(then);
        }
        const ExprPtr& otherwise = expr->As<engine::Case>().otherwise;
        return out + (otherwise != nullptr ? " ELSE " + Expression(otherwise) : "") + " END";
      }
      case ExprKind::kAggregate: {
        const auto& aggregate = expr->As<engine::Aggregate>();
        return aggregate.function + "(" + (aggregate.distinct ? "distinct " : "") + List(aggregate.args) + ")" +
               (aggregate.filter != nullptr ? " FILTER " + Expression(aggregate.filter) : "") +
               (aggregate.order_by.empty() ? "" : " ORDER " + Keys(aggregate.order_by));
      }
      case ExprKind::kWindow: return Window(expr->As<engine::WindowExpr>());
      case ExprKind::kLambda: {
        std::string params;
        for (ColumnId id : expr->As<engine::Lambda>().params) params += "x" + NameOf(id) + " ";
        return "lambda(" + params + "-> " + Expression(expr->As<engine::Lambda>().body) + ")";
      }
      case ExprKind::kSubquery: {
        static constexpr const char* kKinds[] = {"scalar-subquery", "exists", "in"};
        const auto& subquery = expr->As<engine::Subquery>();
        std::string out;
        Tree(*subquery.plan, 0, true, "", &out);
        return std::string(kKinds[static_cast<size_t>(subquery.subquery_kind)]) + "(" + List(subquery.tests) + " " +
               out + ")";
      }
    }
    return {};
  }

  std::string Constant(const engine::Literal& literal) {
    if (!canonical_) return ValueText(literal.value);
    const std::string type = ":" + literal.type.Json();
    if (const auto* number = std::get_if<int64_t>(&literal.value.v)) {
      const bool instant = literal.type.Is(TypeId::kTimestamp) || literal.type.Is(TypeId::kTimestampNtz);
      if (instant && now_micros_ >= 0 && *number == now_micros_) return "now" + type;
      if (literal.type.Is(TypeId::kLong) && engine::IsDrawnSeed(*number)) return "drawn" + type;
    }
    return ValueText(literal.value) + type;
  }

  const bool canonical_;
  const int64_t now_micros_;
  std::map<ColumnId, int64_t> ids_;
};

}  // namespace

std::string ColumnList(const Rel& rel) {
  std::string out;
  for (const engine::Column& column : rel.output) {
    out += (out.empty() ? "" : ", ") + column.name + ": " + column.type.SimpleString();
  }
  return out;
}

std::string PlanTree(const Rel& rel) {
  std::string out;
  Printer(false).Tree(rel, 0, true, "", &out);
  return out;
}

std::string CanonicalPlan(const Rel& rel, int64_t now_micros) {
  std::string out;
  Printer(true, now_micros).Tree(rel, 0, true, "", &out);
  return out;
}

}  // namespace deltic::spark::resolve
