// Literals: numbers, strings, typed literals and parameters.
#include <charconv>
#include <cmath>

#include "base/json_writer.h"
#include "spark/sql/datetime_text.h"
#include "spark/sql/parser_impl.h"

namespace deltic::spark::sql {
namespace {

using types::DataType;
using types::TypeId;

bool IsNumber(TokenKind kind) { return kind >= TokenKind::kInteger && kind <= TokenKind::kBigDecimal; }

engine::Value IntValue(int64_t value) {
  engine::Value v;
  v.v = value;
  return v;
}

std::shared_ptr<plan::Literal> Lit(engine::Value value, DataType type) {
  return std::make_shared<plan::Literal>(std::move(value), std::move(type));
}

}  // namespace

bool Parser::AtConstant() const {
  const Token& token = Peek();
  if (IsNumber(token.kind) || AtStringLit()) return true;
  if (token.kind == TokenKind::kSymbol) {
    if (token.symbol == '-') return IsNumber(Peek(1).kind);
    return token.symbol == '?' || (token.symbol == ':' && AtIdentifier(1));
  }
  if (token.kind != TokenKind::kWord) return false;
  switch (token.keyword) {
    case K::kNULL:
    case K::kTRUE:
    case K::kFALSE: return !AtSym('.', 1) && !AtSym('(', 1);
    case K::kINTERVAL: return AtInterval() || AtStringLit(1);
    case K::kCASE:
    case K::kNOT:
    case K::kEXISTS: return false;
    default: return AtStringLit(1);
  }
}

ExpressionPtr Parser::Constant() {
  size_t first = pos_;
  const Token& token = Peek();
  if (IsNumber(token.kind)) return Number(false, first);
  if (AtSym('-')) {
    Advance();
    return Number(true, first);
  }
  if (AtStringLit()) {
    std::string value = StringLit();
    while (AtStringLit()) value += StringLit();
    return StringLiteral(std::move(value), first);
  }
  if (AcceptSym('?')) {
    int32_t index = 0;
    for (size_t i = 0; i < first; i++) index += tokens_[i].symbol == '?' ? 1 : 0;
    if (values_ != nullptr && static_cast<size_t>(index) < values_->positional_args.size()) {
      return values_->positional_args[static_cast<size_t>(index)];
    }
    return Fn("__positional_parameter", {IntLiteral(index, first)}, first);
  }
  if (AcceptSym(':')) {
    std::string name = Identifier();
    if (values_ != nullptr) {
      const auto value = values_->named_args.find(name);
      if (value != values_->named_args.end()) return value->second;
    }
    return Fn("__named_parameter", {StringLiteral(std::move(name), first + 1)}, first);
  }
  if (AtInterval()) return Interval();
  if (AtStringLit(1)) return TypedLiteral();
  engine::Value value;
  DataType type;
  if (!At(K::kNULL)) {
    value.v = At(K::kTRUE);
    type = TypeId::kBoolean;
  }
  Advance();
  return Made(Lit(std::move(value), std::move(type)), first);
}

ExpressionPtr Parser::Number(bool negative, size_t first) {
  TokenKind kind = Peek().kind;
  std::string text = (negative ? "-" : "") + NumberText(kind);
  switch (kind) {
    case TokenKind::kInteger: return IntegerLiteral(std::move(text), first);
    case TokenKind::kBigInt:
    case TokenKind::kSmallInt:
    case TokenKind::kTinyInt: text.pop_back(); return SizedInteger(std::move(text), kind, first);
    case TokenKind::kExponent: return DoubleLiteral(std::move(text), false, first);
    case TokenKind::kDouble: text.pop_back(); return DoubleLiteral(std::move(text), false, first);
    case TokenKind::kFloat: text.pop_back(); return DoubleLiteral(std::move(text), true, first);
    case TokenKind::kBigDecimal: text.resize(text.size() - 2); return DecimalLiteral(std::move(text), first);
    default: return DecimalLiteral(std::move(text), first);
  }
}

// int, else bigint, else decimal.
ExpressionPtr Parser::IntegerLiteral(std::string digits, size_t first) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc()) return DecimalLiteral(std::move(digits), first);
  bool is_int = value == static_cast<int32_t>(value);
  return Made(Lit(IntValue(value), is_int ? TypeId::kInteger : TypeId::kLong), first);
}

ExpressionPtr Parser::SizedInteger(std::string digits, TokenKind kind, size_t first) {
  struct Range {
    const char* name;
    const char* min;
    const char* max;
    TypeId type;
    int bits;
  };
  Range range = {"bigint", "-9223372036854775808", "9223372036854775807", TypeId::kLong, 64};
  if (kind == TokenKind::kSmallInt) range = {"smallint", "-32768", "32767", TypeId::kShort, 16};
  if (kind == TokenKind::kTinyInt) range = {"tinyint", "-128", "127", TypeId::kByte, 8};
  int64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool fits =
      error == std::errc() && (range.bits == 64 || value >> (range.bits - 1) == 0 || value >> (range.bits - 1) == -1);
  if (fits) return Made(Lit(IntValue(value), range.type), first);
  FailWith(
      "INVALID_NUMERIC_LITERAL_RANGE",
      {{"rawStrippedQualifier", digits}, {"minValue", range.min}, {"maxValue", range.max}, {"typeName", range.name}},
      "Numeric literal " + digits + " is outside the valid range for " + range.name + " with minimum value of " +
          range.min + " and maximum value of " + range.max + ". Please adjust the value accordingly.",
      first);
}

ExpressionPtr Parser::DoubleLiteral(std::string text, bool is_float, size_t first) {
  engine::Value value;
  double parsed = 0;
  bool fits = false;
  if (is_float) {
    float f = 0;
    fits = std::from_chars(text.data(), text.data() + text.size(), f).ec == std::errc();
    parsed = f;
  } else {
    fits = std::from_chars(text.data(), text.data() + text.size(), parsed).ec == std::errc();
  }
  if (!fits) {
    // Too small a magnitude is zero, too large an error.
    size_t exponent = text.find_first_of("eE");
    bool tiny = exponent != std::string::npos && text[exponent + 1] == '-';
    if (!tiny) {
      const char* max = is_float ? "3.4028234663852886E+38" : "1.7976931348623157E+308";
      const char* name = is_float ? "float" : "double";
      std::string min = std::string("-") + max;
      FailWith("INVALID_NUMERIC_LITERAL_RANGE",
               {{"rawStrippedQualifier", text}, {"minValue", min}, {"maxValue", max}, {"typeName", name}},
               "Numeric literal " + text + " is outside the valid range for " + name + " with minimum value of " + min +
                   " and maximum value of " + max + ". Please adjust the value accordingly.",
               first);
    }
    parsed = 0;
  }
  value.v = parsed;
  return Made(Lit(std::move(value), is_float ? TypeId::kFloat : TypeId::kDouble), first);
}

// [-]digits[.digits][E exponent] → decimal with exactly the digits written.
ExpressionPtr Parser::DecimalLiteral(std::string text, size_t first) {
  constexpr int kMaxPrecision = 38;
  bool negative = text[0] == '-';
  std::string digits;
  int64_t scale = 0;
  int64_t exponent = 0;
  bool fraction = false;
  for (size_t i = negative ? 1 : 0; i < text.size(); i++) {
    char c = text[i];
    if (c == 'e' || c == 'E') {
      const char* begin = text.data() + i + (text[i + 1] == '+' ? 2 : 1);
      if (std::from_chars(begin, text.data() + text.size(), exponent).ec != std::errc()) exponent = 1000000;
      break;
    }
    if (c == '.') {
      fraction = true;
    } else {
      if (!digits.empty() || c != '0') digits += c;
      scale += fraction ? 1 : 0;
    }
  }
  scale -= exponent;
  if (scale < 0 && !digits.empty() && -scale <= kMaxPrecision) digits.append(static_cast<size_t>(-scale), '0');
  int64_t precision = std::max<int64_t>(digits.empty() ? 1 : static_cast<int64_t>(digits.size()), scale);
  if (scale < -kMaxPrecision && !digits.empty()) precision -= scale;
  scale = std::max<int64_t>(scale, 0);
  if (precision > kMaxPrecision) {
    std::string shown = std::to_string(precision);
    std::string message =
        "[DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION] Decimal precision " + shown + " exceeds max precision 38.";
    bool big_decimal = tokens_[pos_ - 1].kind == TokenKind::kBigDecimal;
    if (big_decimal) FailWith("_LEGACY_ERROR_TEMP_0061", {{"msg", message}}, message + ".", first);
    ThrowStatus(
        Error("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION", {{"precision", shown}, {"maxPrecision", "38"}}, message));
  }
  engine::Int128 unscaled = 0;
  for (char c : digits) unscaled = unscaled * 10 + (c - '0');
  engine::Value value;
  value.v = negative ? -unscaled : unscaled;
  return Made(Lit(std::move(value), DataType::Decimal(static_cast<int>(precision), static_cast<int>(scale))), first);
}

void Parser::FailTypedLiteral(std::string_view type, std::string_view value, size_t token) const {
  std::string shown_type = "\"" + std::string(type) + "\"";
  std::string shown = "'" + std::string(value) + "'";
  FailWith("INVALID_TYPED_LITERAL", {{"valueType", shown_type}, {"value", shown}},
           "The value of the typed literal " + shown_type + " is invalid: " + shown + ".", token);
}

// DATE '…', TIMESTAMP '…', X'…', INTERVAL '…'
ExpressionPtr Parser::TypedLiteral() {
  size_t first = pos_;
  Keyword type = Peek().keyword;
  std::string name(Text(Peek()));
  Advance();
  std::string text = StringLit();
  switch (type) {
    case K::kDATE: return DateLiteral(text, first);
    case K::kTIMESTAMP:
      return TimestampLiteral(text, options_.timestamp_ntz_default ? TypeId::kNull : TypeId::kTimestamp, first);
    case K::kTIMESTAMP_LTZ: return TimestampLiteral(text, TypeId::kTimestamp, first);
    case K::kTIMESTAMP_NTZ: return TimestampLiteral(text, TypeId::kTimestampNtz, first);
    case K::kX: return BinaryLiteral(text, first);
    case K::kINTERVAL: {
      std::vector<std::string> units;
      std::string word;
      for (char c : text + " ") {
        if (static_cast<unsigned char>(c) > ' ') {
          word += c;
          continue;
        }
        bool letters =
            !word.empty() &&
            word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos;
        if (letters && !types::EqualsIgnoreCase(word, "interval")) units.push_back(types::ToLower(word));
        word.clear();
      }
      if (!ParseIntervalText(text).ok()) FailTypedLiteral("INTERVAL", text, first);
      return IntervalOfUnits(text, units, first);
    }
    default: break;
  }
  std::string upper = name;
  for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  std::string shown = "\"" + upper + "\"";
  std::string supported = "\"DATE\", \"TIMESTAMP_NTZ\", \"TIMESTAMP_LTZ\", \"TIMESTAMP\", \"INTERVAL\", \"X\"";
  FailWith("UNSUPPORTED_TYPED_LITERAL", {{"unsupportedType", shown}, {"supportedTypes", supported}},
           "Literals of the type " + shown + " are not supported. Supported types are " + supported + ".", first);
}

// Besides dates, the words epoch, today, yesterday and tomorrow (which depend on the query's time).
ExpressionPtr Parser::DateLiteral(const std::string& text, size_t first) {
  std::string lower = types::ToLower(text);
  if (lower == "epoch") return Made(Lit(IntValue(0), TypeId::kDate), first);
  if (lower == "now" || lower == "today") return Fn("current_date", {}, first);
  if (lower == "tomorrow") return Fn("date_add", {Fn("current_date", {}, first), IntLiteral(1, first)}, first);
  if (lower == "yesterday") return Fn("date_add", {Fn("current_date", {}, first), IntLiteral(-1, first)}, first);
  std::optional<int64_t> days = ParseDateText(text);
  if (!days) FailTypedLiteral("DATE", text, first);
  return Made(Lit(IntValue(*days), TypeId::kDate), first);
}

// `type` kNull: TIMESTAMP under spark.sql.timestampType=TIMESTAMP_NTZ, where a zone in the text decides. A text without
// a fixed offset becomes an ANSI cast of its normal form, since only the resolver knows the session's time zone.
ExpressionPtr Parser::TimestampLiteral(const std::string& text, TypeId type, size_t first) {
  const char* name = type == TypeId::kTimestampNtz ? "TIMESTAMP_NTZ" : "TIMESTAMP";
  std::string lower = types::ToLower(text);
  if (lower == "now") return Fn(type == TypeId::kTimestampNtz ? "localtimestamp" : "current_timestamp", {}, first);
  std::optional<TimestampText> parsed;
  TypeId target = type == TypeId::kTimestampNtz ? type : TypeId::kTimestamp;
  if (lower == "epoch") return Made(Lit(IntValue(0), target), first);
  if (lower == "today" || lower == "tomorrow" || lower == "yesterday") {
    ExpressionPtr day = DateLiteral(lower, first);
    return Made(std::make_shared<plan::Cast>(std::move(day), target, plan::Cast::Mode::kAnsi), first);
  }
  parsed = ParseTimestampText(text);
  if (!parsed) FailTypedLiteral(name, text, first);
  if (type == TypeId::kNull && !parsed->has_zone) target = TypeId::kTimestampNtz;
  bool needs_today = parsed->time_only;
  if (target == TypeId::kTimestampNtz && !needs_today) return Made(Lit(IntValue(parsed->local_micros), target), first);
  if (parsed->offset_micros && !needs_today) {
    return Made(Lit(IntValue(parsed->local_micros - *parsed->offset_micros), target), first);
  }
  bool verbatim = needs_today || parsed->has_zone;
  ExpressionPtr literal = StringLiteral(verbatim ? text : FormatTimestamp(parsed->local_micros), first + 1);
  return Made(std::make_shared<plan::Cast>(std::move(literal), target, plan::Cast::Mode::kAnsi), first);
}

ExpressionPtr Parser::BinaryLiteral(const std::string& text, size_t first) {
  std::string padded = text.size() % 2 == 1 ? "0" + text : text;
  std::string bytes;
  for (size_t i = 0; i < padded.size(); i += 2) {
    int byte = 0;
    auto [end, error] = std::from_chars(padded.data() + i, padded.data() + i + 2, byte, 16);
    if (error != std::errc() || end != padded.data() + i + 2 || padded[i] == '-') FailTypedLiteral("X", text, first);
    bytes += static_cast<char>(byte);
  }
  engine::Value value;
  value.v = std::move(bytes);
  return Made(Lit(std::move(value), TypeId::kBinary), first);
}

}  // namespace deltic::spark::sql
