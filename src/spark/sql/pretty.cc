#include "spark/sql/pretty.h"

#include <algorithm>
#include <map>

#include "base/json_writer.h"
#include "spark/sql/datetime_text.h"

namespace deltic::spark::sql {
namespace {

using plan::Expression;
using plan::ExpressionKind;
using plan::ExpressionPtr;
using types::TypeId;

// Functions whose printed name is not their lower-case SQL name, and the default arguments Spark prints.
struct NameRule {
  std::string printed;                     // empty: the name itself
  size_t arity = 0;                        // with fewer arguments than this, `defaults` fill up (last ones first)
  std::vector<std::string_view> defaults;  // for the trailing arguments
};

const std::map<std::string, NameRule, std::less<>>& NameRules() {
  static const auto* rules = [] {
    auto* out = new std::map<std::string, NameRule, std::less<>>();
    for (std::string_view name : {"acos",        "acosh",  "asin",       "asinh",        "atan",
                                  "atan2",       "atanh",  "cbrt",       "ceil",         "cos",
                                  "cosh",        "cot",    "csc",        "degrees",      "e",
                                  "exp",         "expm1",  "floor",      "hypot",        "log10",
                                  "log1p",       "log2",   "pi",         "power",        "radians",
                                  "sec",         "signum", "sin",        "sinh",         "spark_partition_id",
                                  "sqrt",        "tan",    "tanh",       "rlike",        "regexp",
                                  "regexp_like", "rank",   "dense_rank", "percent_rank", "log"}) {
      std::string upper(name);
      std::transform(upper.begin(), upper.end(), upper.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      (*out)[std::string(name)] = {std::move(upper), 0, {}};
    }
    (*out)["array_agg"] = {"collect_list", 0, {}};
    (*out)["curdate"] = {"current_date", 0, {}};
    (*out)["current_schema"] = {"current_database", 0, {}};
    (*out)["user"] = {"current_user", 0, {}};
    (*out)["random"] = {"rand", 0, {}};
    (*out)["to_varchar"] = {"to_char", 0, {}};
    (*out)["dateadd"] = {"date_add", 0, {}};
    (*out)["split"] = {"", 3, {"-1"}};
    (*out)["substr"] = {"", 3, {"2147483647"}};
    (*out)["substring"] = {"", 3, {"2147483647"}};
    (*out)["locate"] = {"", 3, {"1"}};
    (*out)["position"] = {"", 3, {"1"}};
    (*out)["regexp_replace"] = {"", 4, {"1"}};
    (*out)["regexp_extract"] = {"", 3, {"1"}};
    (*out)["regexp_extract_all"] = {"", 3, {"1"}};
    (*out)["regexp_instr"] = {"", 3, {"0"}};
    (*out)["percentile"] = {"", 3, {"1"}};
    (*out)["percentile_approx"] = {"", 3, {"10000"}};
    (*out)["approx_percentile"] = {"", 3, {"10000"}};
    (*out)["round"] = {"", 2, {"0"}};
    (*out)["bround"] = {"", 2, {"0"}};
    (*out)["sort_array"] = {"", 2, {"true"}};
    (*out)["months_between"] = {"", 3, {"true"}};
    (*out)["from_unixtime"] = {"", 2, {"yyyy-MM-dd HH:mm:ss"}};
    (*out)["unix_timestamp"] = {"", 2, {"current_timestamp()", "yyyy-MM-dd HH:mm:ss"}};
    (*out)["to_unix_timestamp"] = {"", 2, {"yyyy-MM-dd HH:mm:ss"}};
    (*out)["make_dt_interval"] = {"", 4, {"0", "0", "0", "0.000000"}};
    (*out)["make_interval"] = {"", 7, {"0", "0", "0", "0", "0", "0", "0.000000"}};
    (*out)["make_ym_interval"] = {"", 2, {"0", "0"}};
    (*out)["str_to_map"] = {"", 3, {",", ":"}};
    (*out)["sentences"] = {"", 3, {"", ""}};
    (*out)["mask"] = {"", 5, {"X", "x", "n", "NULL"}};
    (*out)["lpad"] = {"", 3, {" "}};
    (*out)["rpad"] = {"", 3, {" "}};
    (*out)["aes_encrypt"] = {"", 6, {"GCM", "DEFAULT", "", ""}};
    (*out)["aes_decrypt"] = {"", 5, {"GCM", "DEFAULT", ""}};
    (*out)["try_aes_decrypt"] = {"", 5, {"GCM", "DEFAULT", ""}};
    (*out)["hll_sketch_agg"] = {"", 2, {"12"}};
    (*out)["hll_union"] = {"", 3, {"false"}};
    (*out)["hll_union_agg"] = {"", 2, {"false"}};
    (*out)["lag"] = {"", 3, {"1", "NULL"}};
    (*out)["lead"] = {"", 3, {"1", "NULL"}};
    (*out)["ntile"] = {"", 1, {"1"}};
    return out;
  }();
  return *rules;
}

// SQL functions that name a type are casts that show only their argument.
bool IsTypeFunction(std::string_view lower) {
  for (std::string_view name : {"boolean", "tinyint", "smallint", "int", "bigint", "float", "double", "decimal", "date",
                                "timestamp", "binary", "string"}) {
    if (name == lower) return true;
  }
  return false;
}

// What array_sort(array) compares by.
constexpr char kDefaultComparator[] =
    "lambdafunction((IF(((namedlambdavariable() IS NULL) AND (namedlambdavariable() IS NULL)), 0, "
    "(IF((namedlambdavariable() IS NULL), 1, (IF((namedlambdavariable() IS NULL), -1, "
    "(IF((namedlambdavariable() < namedlambdavariable()), -1, (IF((namedlambdavariable() > namedlambdavariable()), 1, "
    "0)))))))))), namedlambdavariable(), namedlambdavariable())";

class Printer {
 public:
  explicit Printer(const PrettyOptions& options) : options_(options) {}

  std::string Sql(const Expression& e) {
    switch (e.kind) {
      case ExpressionKind::kLiteral: {
        const auto& literal = e.As<plan::Literal>();
        return options_.sql_literals ? SqlLiteral(literal.value, literal.type)
                                     : PrettyLiteral(literal.value, literal.type);
      }
      case ExpressionKind::kAttribute: return Attribute(e.As<plan::UnresolvedAttribute>());
      case ExpressionKind::kStar: return Star(e.As<plan::UnresolvedStar>());
      case ExpressionKind::kRegex: return e.As<plan::UnresolvedRegex>().pattern;
      case ExpressionKind::kFunction: return Function(e.As<plan::UnresolvedFunction>());
      case ExpressionKind::kExpressionString: return e.As<plan::ExpressionString>().text;
      case ExpressionKind::kAlias:
        return Sql(*e.As<plan::Alias>().child) + " AS " + types::QuoteIfNeeded(e.As<plan::Alias>().names[0]);
      case ExpressionKind::kCast: return Cast(e.As<plan::Cast>());
      case ExpressionKind::kSortOrder: return SortOrder(e.As<plan::SortOrder>());
      case ExpressionKind::kWindow: return Window(e.As<plan::Window>());
      case ExpressionKind::kLambda: return Lambda(e.As<plan::LambdaFunction>());
      case ExpressionKind::kLambdaVariable:
        return "namedlambdavariable()" + Rest(e.As<plan::UnresolvedLambdaVariable>().parts);
      case ExpressionKind::kExtractValue: return Extract(e.As<plan::UnresolvedExtractValue>());
      case ExpressionKind::kUpdateFields: return Update(e.As<plan::UpdateFields>());
      case ExpressionKind::kNamedArgument: return Sql(*e.As<plan::NamedArgument>().value);
      case ExpressionKind::kSubquery: return Subquery(e.As<plan::SubqueryExpression>());
      case ExpressionKind::kGroupingAnalytics: return "grouping sets";
      case ExpressionKind::kPythonUdf:
        return e.As<plan::PythonUdfCall>().function->name + "(" + List(e.As<plan::PythonUdfCall>().args) + ")";
      case ExpressionKind::kUnsupported: return e.As<plan::UnsupportedExpression>().what;
    }
    return "";
  }

  // The field name when `e` reads a struct field by name, else null.
  const std::string* FieldName(const plan::UnresolvedExtractValue& e) const {
    if (e.extraction->kind != ExpressionKind::kLiteral) return nullptr;
    const auto& literal = e.extraction->As<plan::Literal>();
    const std::string* name = std::get_if<std::string>(&literal.value.v);
    if (name == nullptr || !literal.type.Is(TypeId::kString)) return nullptr;
    if (options_.type_of) {
      const types::DataType* type = options_.type_of(*e.child);
      const bool fields = type != nullptr && (type->Is(TypeId::kStruct) ||
                                              (type->Is(TypeId::kArray) && type->element().Is(TypeId::kStruct)));
      return fields ? name : nullptr;
    }
    // Written with a dot, the literal's place in the text has no quotes.
    int written = literal.origin.stop - literal.origin.start + 1;
    return literal.origin.start >= 0 && written == static_cast<int>(name->size()) ? name : nullptr;
  }

 private:
  static std::string Rest(const std::vector<std::string>& parts) {
    std::string out;
    for (size_t i = 1; i < parts.size(); i++) out += "." + parts[i];
    return out;
  }

  std::string Attribute(const plan::UnresolvedAttribute& e) {
    for (const std::string& param : params_) {
      if (types::EqualsIgnoreCase(param, e.parts[0])) return "namedlambdavariable()" + Rest(e.parts);
    }
    if (e.parts.size() == 1) {
      for (std::string_view name : {"current_date", "current_timestamp", "current_user", "user"}) {
        if (types::EqualsIgnoreCase(name, e.parts[0]))
          return std::string(name == "user" ? "current_user" : name) + "()";
      }
    }
    if (options_.attribute) return options_.attribute(e);
    return e.parts[0] + Rest(e.parts);
  }

  static std::string Star(const plan::UnresolvedStar& e) {
    std::string out;
    for (const std::string& part : e.target) out += part + ".";
    return out + "*";
  }

  std::string List(const std::vector<ExpressionPtr>& items, size_t from = 0) {
    std::string out;
    for (size_t i = from; i < items.size(); i++) out += (i > from ? ", " : "") + Sql(*items[i]);
    return out;
  }

  std::string Cast(const plan::Cast& e) {
    bool literal =
        e.mode == plan::Cast::Mode::kAnsi && e.child->kind == ExpressionKind::kLiteral && e.type.Is(TypeId::kTimestamp);
    if (literal) return "TIMESTAMP '" + Sql(*e.child) + "'";  // a timestamp literal of the session's time zone
    // Spark loses the mark of a written cast to a nested type.
    const bool nested = e.type.Is(TypeId::kArray) || e.type.Is(TypeId::kMap) || e.type.Is(TypeId::kStruct);
    if (nested) return Sql(*e.child);
    std::string type = e.type_text.empty() ? e.type.Sql() : e.type_text;
    return (e.mode == plan::Cast::Mode::kTry ? "TRY_CAST(" : "CAST(") + Sql(*e.child) + " AS " + type + ")";
  }

  std::string SortOrder(const plan::SortOrder& e) {
    bool first = e.nulls == plan::SortOrder::Nulls::kDefault ? e.ascending : e.nulls == plan::SortOrder::Nulls::kFirst;
    return Sql(*e.child) + (e.ascending ? " ASC NULLS " : " DESC NULLS ") + (first ? "FIRST" : "LAST");
  }

  std::string Lambda(const plan::LambdaFunction& e) {
    size_t before = params_.size();
    params_.insert(params_.end(), e.params.begin(), e.params.end());
    std::string out = "lambdafunction(" + Sql(*e.body);
    params_.resize(before);
    for (size_t i = 0; i < e.params.size(); i++) out += ", namedlambdavariable()";
    return out + ")";
  }

  std::string Extract(const plan::UnresolvedExtractValue& e) {
    if (const std::string* field = FieldName(e)) return Sql(*e.child) + "." + *field;
    return Sql(*e.child) + "[" + Sql(*e.extraction) + "]";
  }

  std::string Update(const plan::UpdateFields& e) {
    return "update_fields(" + Sql(*e.child) +
           (e.value == nullptr ? ", dropfield()" : ", WithField(" + Sql(*e.value) + ")") + ")";
  }

  std::string Subquery(const plan::SubqueryExpression& e) {
    if (e.subquery_kind == plan::SubqueryExpression::Kind::kScalar) return "scalarsubquery()";
    if (e.subquery_kind == plan::SubqueryExpression::Kind::kExists) return "exists()";
    if (e.values.size() == 1) return "(" + Sql(*e.values[0]) + " IN (listquery()))";
    std::string row;
    for (size_t i = 0; i < e.values.size(); i++) {
      std::string name = e.values[i]->kind == ExpressionKind::kAttribute
                             ? e.values[i]->As<plan::UnresolvedAttribute>().parts.back()
                             : "col" + std::to_string(i + 1);
      row += (i > 0 ? ", '" : "'") + name + "', " + Sql(*e.values[i]);
    }
    return "(named_struct(" + row + ") IN (listquery()))";
  }

  // Operators and special forms; empty when `name` is neither.
  std::string Operator(const std::string& name, const plan::UnresolvedFunction& e) {
    const auto& args = e.args;
    auto infix = [&](std::string_view op) {
      return "(" + Sql(*args[0]) + " " + std::string(op) + " " + Sql(*args[1]) + ")";
    };
    if (args.size() == 2) {
      if (name == "+" || name == "-") {
        std::string text = DateArithmetic(*args[0], *args[1], name == "-");
        if (!text.empty()) return text;
      }
      if (name == "*" && IsInterval(*args[1]) && !IsInterval(*args[0])) {
        return "(" + Sql(*args[1]) + " * " + Sql(*args[0]) + ")";
      }
      for (std::string_view op : {"+", "-", "*", "/", "%", "&", "|", "^", "=", "<=>", "<", "<=", ">", ">="}) {
        if (name == op) return "(" + Operand(args, 0, op) + " " + std::string(op) + " " + Operand(args, 1, op) + ")";
      }
      if (name == "==") return infix("=");
      if (name == "div") return infix("div");
      if (name == "and") return infix("AND");
      if (name == "or") return infix("OR");
      if (name == "!=" || name == "<>") return "(NOT " + infix("=") + ")";
    }
    if (name == "like" && args.size() >= 2) return Sql(*args[0]) + " LIKE " + Sql(*args[1]);
    if (!args.empty() && (name == "likeany" || name == "likeall" || name == "notlikeany" || name == "notlikeall")) {
      return name + "(" + Sql(*args[0]) + ")";
    }
    if (name == "ilike" && args.size() >= 2) return "ilike(" + Sql(*args[0]) + ", " + Sql(*args[1]) + ")";
    if (args.size() == 1) {
      if (name == "not" || name == "!") return "(NOT " + Sql(*args[0]) + ")";
      if (name == "-") return "(- " + Sql(*args[0]) + ")";
      if (name == "positive") return "(+ " + Sql(*args[0]) + ")";
      if (name == "~") return "~" + Sql(*args[0]);
      if (name == "isnull") return "(" + Sql(*args[0]) + " IS NULL)";
      if (name == "isnotnull") return "(" + Sql(*args[0]) + " IS NOT NULL)";
      if (name == "istrue") return "(" + Sql(*args[0]) + " <=> true)";
      if (name == "isfalse") return "(" + Sql(*args[0]) + " <=> false)";
    }
    if (name == "in" && !args.empty()) return "(" + Sql(*args[0]) + " IN (" + List(args, 1) + "))";
    if (name == "if" && args.size() == 3) return "(IF(" + List(args) + "))";
    if (name == "when") return Case(args);
    if (name == "extract" && args.size() == 2) return "extract(" + Sql(*args[0]) + " FROM " + Sql(*args[1]) + ")";
    if (name == "datepart" && args.size() == 2) return "datepart(" + Sql(*args[0]) + " FROM " + Sql(*args[1]) + ")";
    if (args.size() == 2 && (name == "trim" || name == "ltrim" || name == "rtrim")) {
      const char* side = name == "trim" ? "BOTH " : name == "ltrim" ? "LEADING " : "TRAILING ";
      return "TRIM(" + std::string(side) + Sql(*args[0]) + " FROM " + Sql(*args[1]) + ")";
    }
    if (args.size() == 1 && IsTypeFunction(name)) return Sql(*args[0]);
    return "";
  }

  const types::DataType* TypeOf(const Expression& e) const {
    if (e.kind == ExpressionKind::kLiteral) return &e.As<plan::Literal>().type;
    return options_.type_of ? options_.type_of(e) : nullptr;
  }

  bool IsInterval(const Expression& e) const {
    const types::DataType* type = TypeOf(e);
    return type != nullptr && type->IsInterval();
  }

  // + and - where a date or timestamp takes part, as Spark's ResolveBinaryArithmetic writes them; empty: plain.
  std::string DateArithmetic(const Expression& left, const Expression& right, bool minus) {
    const types::DataType* l = TypeOf(left);
    const types::DataType* r = TypeOf(right);
    if (l == nullptr || r == nullptr) return "";
    const auto time = [](const types::DataType& t) {
      return t.Is(TypeId::kDate) || t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz);
    };
    if (!minus && !time(*l) && time(*r)) return DateArithmetic(right, left, false);
    if (!time(*l)) return "";
    if (l->Is(TypeId::kDate) && (r->Is(TypeId::kInteger) || r->Is(TypeId::kShort) || r->Is(TypeId::kByte))) {
      return (minus ? "date_sub(" : "date_add(") + Sql(left) + ", " + Sql(right) + ")";
    }
    const bool days = r->Is(TypeId::kDayTimeInterval) && r->start_field() == 0 && r->end_field() == 0;
    if (l->Is(TypeId::kDate) && days) {
      const std::string extracted = "extractansiintervaldays(" + Sql(right) + ")";
      return "date_add(" + Sql(left) + ", " + (minus ? "(- " + extracted + ")" : extracted) + ")";
    }
    if (!r->IsInterval()) return "";
    return Sql(left) + (minus ? " - " : " + ") + Sql(right);
  }

  // A side of a comparison. Spark compares an integer with a decimal literal as integers: 2 > 1.1 reads (2 > 1).
  std::string Operand(const std::vector<ExpressionPtr>& args, size_t at, std::string_view op) {
    const Expression& e = *args[at];
    if ((op[0] != '<' && op[0] != '>') || op == "<=>" || e.kind != ExpressionKind::kLiteral) return Sql(e);
    const auto& literal = e.As<plan::Literal>();
    const auto* unscaled = std::get_if<engine::Int128>(&literal.value.v);
    if (unscaled == nullptr || !IsIntegral(*args[1 - at])) return Sql(e);
    engine::Int128 scale = 1;
    for (int i = 0; i < literal.type.scale(); i++) scale *= 10;
    const engine::Int128 rest = *unscaled % scale;
    const bool up = (op == ">=" || op == "<") == (at == 1);
    engine::Value whole;
    engine::Int128 value = *unscaled / scale;
    if (rest > 0 && up) value += 1;
    if (rest < 0 && !up) value -= 1;
    if (value > INT64_MAX || value < INT64_MIN) return Sql(e);
    whole.v = static_cast<int64_t>(value);
    return PrettyLiteral(whole, TypeId::kLong);
  }

  bool IsIntegral(const Expression& e) const {
    const types::DataType* type = TypeOf(e);
    return type != nullptr && type->IsIntegral();
  }

  std::string Case(const std::vector<ExpressionPtr>& args) {
    std::string out = "CASE";
    size_t i = 0;
    for (; i + 1 < args.size(); i += 2) out += " WHEN " + Sql(*args[i]) + " THEN " + Sql(*args[i + 1]);
    if (i < args.size()) out += " ELSE " + Sql(*args[i]);
    return out + " END";
  }

  std::string Function(const plan::UnresolvedFunction& e) {
    std::string name = types::ToLower(e.name);
    std::string text = Operator(name, e);
    if (text.empty()) text = Call(name, e);
    if (e.filter != nullptr) text += " FILTER (WHERE " + Sql(*e.filter) + ")";
    return text;
  }

  // 'map<…>', or a map type's JSON, which clients send for a type.
  static bool IsMapSchema(const plan::Expression& e) {
    if (e.kind != ExpressionKind::kLiteral) return false;
    const auto* text = std::get_if<std::string>(&e.As<plan::Literal>().value.v);
    if (text == nullptr) return false;
    const std::string lower = types::ToLower(*text);
    const size_t start = lower.find_first_not_of(' ');
    if (start != std::string::npos && lower.compare(start, 4, "map<") == 0) return true;
    const auto type = types::DataType::FromJson(*text);
    return type.ok() && type->Is(TypeId::kMap);
  }

  std::string Call(std::string name, const plan::UnresolvedFunction& e) {
    std::vector<std::string> args;
    for (const ExpressionPtr& arg : e.args) args.push_back(Sql(*arg));
    if (name == "count" && !e.is_distinct && args.size() == 1 && args[0] == "*") args[0] = "1";
    if (name == "shuffle" && args.size() == 2) args.pop_back();  // the seed is not shown
    auto rule = NameRules().find(name);
    if (rule != NameRules().end()) {
      const NameRule& r = rule->second;
      size_t missing = r.arity > args.size() ? r.arity - args.size() : 0;
      if (missing <= r.defaults.size()) {
        for (size_t i = r.defaults.size() - missing; i < r.defaults.size(); i++) args.emplace_back(r.defaults[i]);
      }
      if (name == "log" && args.size() == 1) args.insert(args.begin(), "E()");
      if (!r.printed.empty()) name = r.printed;
    }
    if ((name == "aggregate" || name == "reduce") && args.size() == 3) {
      args.emplace_back("lambdafunction(namedlambdavariable(), namedlambdavariable())");
    }
    if (name == "from_json" && args.size() > 1 && IsMapSchema(*e.args[1])) return "entries";
    if ((name == "from_json" || name == "from_csv") && args.size() > 1) args.resize(1);
    if ((name == "variant_get" || name == "try_variant_get") && args.size() > 2) args.resize(2);
    if ((name == "to_json" || name == "to_csv" || name == "approx_count_distinct") && args.size() > 1) args.resize(1);
    if ((name == "schema_of_json" || name == "schema_of_csv") && args.size() > 1) args.resize(1);
    if ((name == "first" || name == "last" || name == "any_value" || name == "first_value" || name == "last_value") &&
        args.size() == 2)
      args.resize(1);
    if (name == "RANK" || name == "DENSE_RANK" || name == "PERCENT_RANK") args.clear();  // they are the sort keys
    if (args.size() == 2 && (name == "CEIL" || name == "FLOOR")) name = types::ToLower(name);
    if (name == "convert_timezone" && args.size() == 2) args.insert(args.begin(), "current_timezone()");
    if (name == "assert_true" && args.size() == 1) args.push_back("'" + args[0] + "' is not true!");
    if (name == "array_sort" && args.size() == 1) args.emplace_back(kDefaultComparator);
    if ((name == "lpad" || name == "rpad") && e.args.size() == 2 && IsBinary(*e.args[0])) args[2] = "X'00'";
    if (e.ignore_nulls && name == "first_value") name = "first";
    if (e.ignore_nulls && name == "last_value") name = "last";
    std::string out = name + (e.is_distinct ? "(DISTINCT " : "(");
    for (size_t i = 0; i < args.size(); i++) out += (i > 0 ? ", " : "") + args[i];
    out += ")";
    if (!e.order_by.empty()) {
      const auto& order = e.order_by[0]->As<plan::SortOrder>();
      out += " WITHIN GROUP (ORDER BY " + Sql(*order.child) + (order.ascending ? ")" : " DESC)");
    }
    return out;
  }

  bool IsBinary(const Expression& e) const {
    const types::DataType* type = TypeOf(e);
    return type != nullptr && type->Is(TypeId::kBinary);
  }

  std::string Bound(const plan::WindowBound& bound) {
    using Kind = plan::WindowBound::Kind;
    if (bound.kind == Kind::kUnboundedPreceding) return "UNBOUNDED PRECEDING";
    if (bound.kind == Kind::kUnboundedFollowing) return "UNBOUNDED FOLLOWING";
    if (bound.kind == Kind::kCurrentRow) return "CURRENT ROW";
    if (bound.value->kind == ExpressionKind::kLiteral) {
      const auto& literal = bound.value->As<plan::Literal>();
      if (const auto* n = std::get_if<int64_t>(&literal.value.v); n != nullptr && *n < 0) {
        engine::Value positive;
        positive.v = -*n;
        return PrettyLiteral(positive, literal.type) + " PRECEDING";
      }
    }
    if (bound.value->kind == ExpressionKind::kFunction &&
        bound.value->As<plan::UnresolvedFunction>().name == "negative") {
      return Sql(*bound.value->As<plan::UnresolvedFunction>().args[0]) + " PRECEDING";
    }
    return Sql(*bound.value) + " FOLLOWING";
  }

  // The frame Spark gives a window without one.
  std::string DefaultFrame(const plan::Window& e) {
    std::string name;
    const plan::UnresolvedFunction* call = nullptr;
    if (e.function->kind == ExpressionKind::kFunction) {
      call = &e.function->As<plan::UnresolvedFunction>();
      name = types::ToLower(call->name);
    }
    if (name == "lag" || name == "lead") {
      std::string offset = call->args.size() > 1 ? Sql(*call->args[1]) : "1";
      if (name == "lag") offset = offset.starts_with("-") ? offset.substr(1) : "-" + offset;
      return "ROWS BETWEEN " + offset + " FOLLOWING AND " + offset + " FOLLOWING";
    }
    for (std::string_view ranking : {"row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile"}) {
      if (name == ranking) {
        return std::string(name == "cume_dist" ? "RANGE" : "ROWS") + " BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
      }
    }
    return e.order_by.empty() ? "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
                              : "RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW";
  }

  std::string Window(const plan::Window& e) {
    std::string out = Sql(*e.function) + " OVER (";
    if (!e.partition_by.empty()) out += "PARTITION BY " + List(e.partition_by) + " ";
    if (!e.order_by.empty()) out += "ORDER BY " + List(e.order_by) + " ";
    if (e.has_frame)
      out += (e.rows ? "ROWS BETWEEN " : "RANGE BETWEEN ") + Bound(e.start) + " AND " + Bound(e.end);
    else
      out += DefaultFrame(e);
    return out + ")";
  }

  const PrettyOptions& options_;
  std::vector<std::string> params_;  // of the lambdas around
};

std::string Digits(engine::Int128 value) {
  bool negative = value < 0;
  unsigned __int128 magnitude =
      negative ? -static_cast<unsigned __int128>(value) : static_cast<unsigned __int128>(value);
  std::string out;
  do {
    out.insert(out.begin(), static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  return negative ? "-" + out : out;
}

// java.math.BigDecimal.toString
std::string DecimalText(engine::Int128 unscaled, int scale) {
  std::string digits = Digits(unscaled);
  std::string sign = digits[0] == '-' ? "-" : "";
  if (!sign.empty()) digits.erase(0, 1);
  if (scale == 0) return sign + digits;
  int exponent = static_cast<int>(digits.size()) - 1 - scale;
  if (exponent < -6) {
    std::string mantissa = digits.substr(0, 1) + (digits.size() > 1 ? "." + digits.substr(1) : "");
    return sign + mantissa + "E" + std::to_string(exponent);
  }
  if (static_cast<int>(digits.size()) <= scale) digits.insert(0, static_cast<size_t>(scale) + 1 - digits.size(), '0');
  return sign + digits.substr(0, digits.size() - static_cast<size_t>(scale)) + "." +
         digits.substr(digits.size() - static_cast<size_t>(scale));
}

}  // namespace

std::string PrettyLiteral(const engine::Value& value, const types::DataType& type) {
  if (value.IsNull()) return "NULL";
  if (const bool* b = std::get_if<bool>(&value.v)) return *b ? "true" : "false";
  if (const double* d = std::get_if<double>(&value.v)) {
    return type.Is(TypeId::kFloat) ? JavaFloatToString(static_cast<float>(*d)) : JavaDoubleToString(*d);
  }
  if (const auto* i = std::get_if<int64_t>(&value.v)) {
    switch (type.id()) {
      case TypeId::kDate: return "DATE '" + FormatDate(*i) + "'";
      case TypeId::kTimestamp: return "TIMESTAMP '" + FormatTimestamp(*i) + "'";
      case TypeId::kTimestampNtz: return "TIMESTAMP_NTZ '" + FormatTimestamp(*i) + "'";
      case TypeId::kYearMonthInterval: return FormatYearMonthInterval(*i, type.start_field(), type.end_field());
      case TypeId::kDayTimeInterval: return FormatDayTimeInterval(*i, type.start_field(), type.end_field());
      default: return std::to_string(*i);
    }
  }
  if (const auto* decimal = std::get_if<engine::Int128>(&value.v)) return DecimalText(*decimal, type.scale());
  if (const auto* text = std::get_if<std::string>(&value.v)) {
    if (!type.Is(TypeId::kBinary)) return *text;
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out = "X'";
    for (unsigned char c : *text) {
      out += kHex[c >> 4];
      out += kHex[c & 15];
    }
    return out + "'";
  }
  if (const auto* interval = std::get_if<engine::CalendarInterval>(&value.v)) {
    std::string parts;
    auto add = [&](int64_t n, const char* unit) {
      if (n != 0) parts += (parts.empty() ? "" : " ") + std::to_string(n) + " " + unit;
    };
    add(interval->months / 12, "years");
    add(interval->months % 12, "months");
    add(interval->days, "days");
    add(interval->micros / 3600000000, "hours");
    add(interval->micros / 60000000 % 60, "minutes");
    if (int64_t micros = interval->micros % 60000000; micros != 0) {
      std::string seconds = DecimalText(micros, 6);
      while (seconds.back() == '0') seconds.pop_back();
      if (seconds.back() == '.') seconds.pop_back();
      parts += (parts.empty() ? "" : " ") + seconds + " seconds";
    }
    return "INTERVAL '" + (parts.empty() ? "0 seconds" : parts) + "'";
  }
  const auto& list = *std::get<std::shared_ptr<const engine::ValueList>>(value.v);
  std::string out;
  for (size_t i = 0; i < list.size(); i++) {
    if (i > 0) out += ", ";
    if (type.Is(TypeId::kArray)) {
      out += PrettyLiteral(list[i], type.element());
    } else if (type.Is(TypeId::kMap)) {
      const auto& entry = *std::get<std::shared_ptr<const engine::ValueList>>(list[i].v);
      out += PrettyLiteral(entry[0], type.key()) + ", " + PrettyLiteral(entry[1], type.value());
    } else {
      out += type.fields()[i].name + ", " + PrettyLiteral(list[i], type.fields()[i].type);
    }
  }
  return (type.Is(TypeId::kArray) ? "ARRAY(" : type.Is(TypeId::kMap) ? "MAP(" : "NAMED_STRUCT(") + out + ")";
}

std::string SqlLiteral(const engine::Value& value, const types::DataType& type) {
  const std::string text = PrettyLiteral(value, type);
  if (value.IsNull()) return type.Is(TypeId::kNull) ? text : "CAST(NULL AS " + type.Sql() + ")";
  switch (type.id()) {
    case TypeId::kByte: return text + "Y";
    case TypeId::kShort: return text + "S";
    case TypeId::kLong: return text + "L";
    case TypeId::kDouble: return text + "D";
    case TypeId::kFloat: return "CAST(" + text + " AS FLOAT)";
    case TypeId::kDecimal: return text + "BD";
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: {
      std::string out = "'";
      for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
      }
      return out + "'";
    }
    default: return text;
  }
}

std::string PrettySql(const plan::Expression& expression, const PrettyOptions& options) {
  return Printer(options).Sql(expression);
}

std::string PrettyName(const plan::Expression& expression, const PrettyOptions& options) {
  switch (expression.kind) {
    case ExpressionKind::kAlias: return expression.As<plan::Alias>().names[0];
    case ExpressionKind::kAttribute: {
      const auto& attribute = expression.As<plan::UnresolvedAttribute>();
      std::string shown = Printer(options).Sql(expression);
      return shown.ends_with("()") ? shown : attribute.parts.back();
    }
    case ExpressionKind::kCast: {
      // A cast of a column keeps the column's name.
      const auto& cast = expression.As<plan::Cast>();
      if (cast.child->kind == ExpressionKind::kAttribute || cast.child->kind == ExpressionKind::kAlias) {
        return PrettyName(*cast.child, options);
      }
      break;
    }
    default: break;
  }
  return PrettySql(expression, options);
}

}  // namespace deltic::spark::sql
