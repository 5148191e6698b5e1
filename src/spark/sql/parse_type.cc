// DDL types and column lists.
#include "base/json_writer.h"
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

std::string CommentMetadata(const std::string& comment) { return "{\"comment\":" + JsonQuote(comment) + "}"; }

std::string Upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return out;
}

// Types that take no parameter, by their SQL names.
std::optional<TypeId> PlainType(std::string_view upper, bool ntz_default) {
  static constexpr std::pair<std::string_view, TypeId> kTypes[] = {{"BOOLEAN", TypeId::kBoolean},
                                                                   {"TINYINT", TypeId::kByte},
                                                                   {"BYTE", TypeId::kByte},
                                                                   {"SMALLINT", TypeId::kShort},
                                                                   {"SHORT", TypeId::kShort},
                                                                   {"INT", TypeId::kInteger},
                                                                   {"INTEGER", TypeId::kInteger},
                                                                   {"BIGINT", TypeId::kLong},
                                                                   {"LONG", TypeId::kLong},
                                                                   {"FLOAT", TypeId::kFloat},
                                                                   {"REAL", TypeId::kFloat},
                                                                   {"DOUBLE", TypeId::kDouble},
                                                                   {"DATE", TypeId::kDate},
                                                                   {"STRING", TypeId::kString},
                                                                   {"BINARY", TypeId::kBinary},
                                                                   {"VOID", TypeId::kNull},
                                                                   {"VARIANT", TypeId::kVariant},
                                                                   {"INTERVAL", TypeId::kCalendarInterval},
                                                                   {"TIMESTAMP_NTZ", TypeId::kTimestampNtz},
                                                                   {"TIMESTAMP_LTZ", TypeId::kTimestamp}};
  if (upper == "TIMESTAMP") return ntz_default ? TypeId::kTimestampNtz : TypeId::kTimestamp;
  for (const auto& [name, id] : kTypes) {
    if (name == upper) return id;
  }
  return std::nullopt;
}

}  // namespace

DataType Parser::Type() {
  Depth depth(this);
  size_t first = pos_;
  if (At(K::kARRAY) && AtSym('<', 1)) {
    pos_ += 2;
    DataType element = Type();
    TypeParameterEnd();
    return DataType::Array(std::move(element));
  }
  if (At(K::kMAP) && AtSym('<', 1)) {
    pos_ += 2;
    DataType key = Type();
    ExpectSym(',');
    DataType value = Type();
    TypeParameterEnd();
    return DataType::Map(std::move(key), std::move(value));
  }
  if (At(K::kSTRUCT) && (AtSym('<', 1) || AtSym(Sym("<>"), 1))) {
    Advance();
    std::vector<StructField> fields;
    if (AcceptSym(Sym("<>"))) return DataType::Struct({});
    Advance();
    if (!AtSym('>')) {
      do {
        fields.push_back(ComplexColumn());
      } while (AcceptSym(','));
    }
    TypeParameterEnd();
    return DataType::Struct(std::move(fields));
  }
  if (At(K::kINTERVAL) && !AtSym('(', 1)) return IntervalType(first);
  return PrimitiveType();
}

void Parser::TypeParameterEnd() {
  if (!AcceptSym('>')) Fail();
}

DataType Parser::IntervalType(size_t) {
  Advance();
  static constexpr K kDayTime[] = {K::kDAY, K::kHOUR, K::kMINUTE, K::kSECOND};
  if (At(K::kYEAR) || At(K::kMONTH)) {
    int start = At(K::kMONTH) ? 1 : 0;
    Advance();
    int end = start;
    if (Accept(K::kTO)) {
      Expect(K::kMONTH);
      end = 1;
    }
    return DataType::YearMonthInterval(start, end);
  }
  for (int start = 0; start < 4; start++) {
    if (!Accept(kDayTime[start])) continue;
    if (!Accept(K::kTO)) return DataType::DayTimeInterval(start, start);
    for (int end = start + 1; end < 4; end++) {
      if (Accept(kDayTime[end])) return DataType::DayTimeInterval(start, end);
    }
    Fail();
  }
  return TypeId::kCalendarInterval;
}

DataType Parser::PrimitiveType() {
  size_t first = pos_;
  std::string name = Upper(Identifier());
  std::vector<int> parameters;
  if (AcceptSym('(')) {
    do {
      std::string digits = NumberText(TokenKind::kInteger);
      parameters.push_back(digits.size() > 9 ? 999999999 : std::stoi(digits));
    } while (AcceptSym(','));
    if (!AtSym(')')) FailExpected("')'");
    Advance();
  }
  if (AtSym(Sym("<>"))) Fail(": extra input '<>'");
  if (parameters.empty()) {
    if (std::optional<TypeId> plain = PlainType(name, options_.timestamp_ntz_default)) return *plain;
    if (name == "CHAR" || name == "CHARACTER" || name == "VARCHAR") {
      std::string shown = "\"" + name + "\"";
      FailWith("DATATYPE_MISSING_SIZE", {{"type", shown}},
               "DataType " + shown + " requires a length parameter, for example " + shown +
                   "(10). Please specify the length.",
               first);
    }
    if (name == "ARRAY") {
      FailWith("INCOMPLETE_TYPE_DEFINITION.ARRAY", {{"elementType", "<INT>"}},
               "Incomplete complex type: The definition of \"ARRAY\" type is incomplete. You must provide an element "
               "type. For example: \"ARRAY<INT>\".",
               first);
    }
    if (name == "STRUCT") {
      FailWith(
          "INCOMPLETE_TYPE_DEFINITION.STRUCT", {},
          "Incomplete complex type: The definition of \"STRUCT\" type is incomplete. You must provide at least one "
          "field type. For example: \"STRUCT<name STRING, phone DECIMAL(10, 0)>\".",
          first);
    }
    if (name == "MAP") {
      FailWith(
          "INCOMPLETE_TYPE_DEFINITION.MAP", {},
          "Incomplete complex type: The definition of \"MAP\" type is incomplete. You must provide a key type and a "
          "value type. For example: \"MAP<TIMESTAMP, INT>\".",
          first);
    }
  }
  bool decimal = name == "DECIMAL" || name == "DEC" || name == "NUMERIC";
  if (decimal && parameters.size() <= 2) {
    int precision = parameters.empty() ? 10 : parameters[0];
    int scale = parameters.size() > 1 ? parameters[1] : 0;
    if (scale > precision) {
      ThrowParseError("_LEGACY_ERROR_TEMP_1228",
                      {{"scale", std::to_string(scale)}, {"precision", std::to_string(precision)}},
                      "Decimal scale (" + std::to_string(scale) + ") cannot be greater than precision (" +
                          std::to_string(precision) + ").",
                      text_, -1, -1);
    }
    if (precision > 38) {
      std::string shown = std::to_string(precision);
      ThrowStatus(
          Error("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", {{"precision", shown}, {"maxPrecision", "38"}},
                "[DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION] Decimal precision " + shown + " exceeds max precision 38."));
    }
    return DataType::Decimal(precision, scale);
  }
  if (parameters.size() == 1 && (name == "CHAR" || name == "CHARACTER")) return DataType::Char(parameters[0]);
  if (parameters.size() == 1 && name == "VARCHAR") return DataType::Varchar(parameters[0]);
  for (size_t i = 0; i < parameters.size(); i++) name += (i == 0 ? "(" : ",") + std::to_string(parameters[i]);
  if (!parameters.empty()) name += ")";
  // Spark checks the syntax of the whole text before it looks the name up: "a INT" is no type, whatever `a` is.
  const bool clause = At(K::kNOT) || At(K::kCOMMENT) || At(K::kDEFAULT) || At(K::kGENERATED);
  if (AtSym(':') || (AtIdentifier() && !clause)) Fail();
  FailWith("UNSUPPORTED_DATATYPE", {{"typeName", "\"" + name + "\""}}, "Unsupported data type \"" + name + "\".",
           first);
}

std::string Parser::CommentSpec() {
  Expect(K::kCOMMENT);
  return StringLit();
}

// Inside STRUCT<…>: name[:] type [NOT NULL] [COMMENT 'x']
StructField Parser::ComplexColumn() {
  StructField field;
  field.name = Identifier();
  AcceptSym(':');
  field.type = Type();
  if (At(K::kNOT) && At(K::kNULL, 1)) {
    pos_ += 2;
    field.nullable = false;
  }
  if (At(K::kCOMMENT)) field.metadata = CommentMetadata(CommentSpec());
  return field;
}

// name type [NOT NULL] [COMMENT 'x']
StructField Parser::ColumnType() {
  StructField field;
  field.name = CapturingIdentifier();
  field.type = Type();
  if (At(K::kNOT) && At(K::kNULL, 1)) {
    pos_ += 2;
    field.nullable = false;
  }
  if (At(K::kCOMMENT)) field.metadata = CommentMetadata(CommentSpec());
  return field;
}

std::vector<StructField> Parser::ColumnTypes() {
  std::vector<StructField> fields = {ColumnType()};
  while (AcceptSym(',')) fields.push_back(ColumnType());
  return fields;
}

}  // namespace deltic::spark::sql
