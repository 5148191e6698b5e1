#include "spark/functions/ddl_schema.h"

#include <array>
#include <cctype>

namespace deltic::spark::functions {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

constexpr int kMaxDepth = 100;

struct TypeName {
  std::string_view name;
  TypeId id;
};
constexpr std::array kTypeNames = {TypeName{"boolean", TypeId::kBoolean},
                                   TypeName{"tinyint", TypeId::kByte},
                                   TypeName{"byte", TypeId::kByte},
                                   TypeName{"smallint", TypeId::kShort},
                                   TypeName{"short", TypeId::kShort},
                                   TypeName{"int", TypeId::kInteger},
                                   TypeName{"integer", TypeId::kInteger},
                                   TypeName{"bigint", TypeId::kLong},
                                   TypeName{"long", TypeId::kLong},
                                   TypeName{"float", TypeId::kFloat},
                                   TypeName{"real", TypeId::kFloat},
                                   TypeName{"double", TypeId::kDouble},
                                   TypeName{"string", TypeId::kString},
                                   TypeName{"binary", TypeId::kBinary},
                                   TypeName{"date", TypeId::kDate},
                                   TypeName{"timestamp", TypeId::kTimestamp},
                                   TypeName{"timestamp_ltz", TypeId::kTimestamp},
                                   TypeName{"timestamp_ntz", TypeId::kTimestampNtz},
                                   TypeName{"void", TypeId::kNull},
                                   TypeName{"variant", TypeId::kVariant}};

class Parser {
 public:
  explicit Parser(std::string_view text) : p_(text) {}

  bool WholeType(DataType* out) { return Type(out, 0) && AtEnd(); }
  bool WholeColumns(DataType* out) {
    std::vector<StructField> fields;
    if (!Fields(&fields, '\0', 0) || !AtEnd()) return false;
    *out = DataType::Struct(std::move(fields));
    return true;
  }
  // What stopped the parse, for the error.
  std::string Near() {
    Space();
    const bool punctuation = i_ < p_.size() && std::ispunct(static_cast<unsigned char>(p_[i_])) != 0;
    const auto word = p_.substr(i_, punctuation ? 1 : p_.find_first_of(" \t\n,<>()", i_ + 1) - i_);
    return i_ >= p_.size() ? "end of input" : "'" + std::string(word) + "'";
  }

 private:
  void Space() {
    while (i_ < p_.size() && std::isspace(static_cast<unsigned char>(p_[i_])) != 0) i_++;
  }
  bool AtEnd() {
    Space();
    return i_ == p_.size();
  }
  bool Eat(char c) {
    Space();
    if (i_ >= p_.size() || p_[i_] != c) return false;
    i_++;
    return true;
  }
  bool Identifier(std::string* out) {
    Space();
    out->clear();
    if (i_ < p_.size() && p_[i_] == '`') {
      for (i_++; i_ < p_.size(); i_++) {
        if (p_[i_] != '`') {
          out->push_back(p_[i_]);
        } else if (i_ + 1 < p_.size() && p_[i_ + 1] == '`') {
          out->push_back(p_[i_++]);
        } else {
          i_++;
          return true;
        }
      }
      return false;
    }
    while (i_ < p_.size() && (std::isalnum(static_cast<unsigned char>(p_[i_])) != 0 || p_[i_] == '_' ||
                              static_cast<unsigned char>(p_[i_]) >= 0x80)) {
      out->push_back(p_[i_++]);
    }
    return !out->empty();
  }
  bool Keyword(std::string_view word) {
    const size_t start = i_;
    std::string text;
    if (Identifier(&text) && types::EqualsIgnoreCase(text, word)) return true;
    i_ = start;
    return false;
  }
  bool Number(int* out) {
    std::string text;
    if (!Identifier(&text) || text.size() > 4) return false;
    *out = 0;
    for (const char c : text) {
      if (c < '0' || c > '9') return false;
      *out = *out * 10 + (c - '0');
    }
    return true;
  }

  bool Fields(std::vector<StructField>* fields, char close, int depth) {
    if (close != '\0' && Eat(close)) return true;
    while (true) {
      StructField field;
      if (!Identifier(&field.name)) return false;
      if (close != '\0') Eat(':');  // the columns of a list have none
      if (!Type(&field.type, depth + 1)) return false;
      if (Keyword("not")) {
        if (!Keyword("null")) return false;
        field.nullable = false;
      }
      if (Keyword("comment")) {
        Space();
        if (i_ >= p_.size() || (p_[i_] != '\'' && p_[i_] != '"')) return false;
        const char quote = p_[i_++];
        while (i_ < p_.size() && p_[i_] != quote) i_++;
        if (i_++ >= p_.size()) return false;
      }
      fields->push_back(std::move(field));
      if (Eat(',')) continue;
      return close == '\0' || Eat(close);
    }
  }

  // INTERVAL [unit [TO unit]], behind the first word.
  bool Interval(DataType* out) {
    constexpr std::array kDayTime = {"day", "hour", "minute", "second"};
    constexpr std::array kYearMonth = {"year", "month"};
    const auto unit = [&](const auto& names, int* at) {
      for (size_t i = 0; i < names.size(); i++) {
        if (!Keyword(names[i])) continue;
        *at = static_cast<int>(i);
        return true;
      }
      return false;
    };
    const auto range = [&](const auto& names, int* from, int* to) {
      if (!unit(names, from)) return false;
      *to = *from;
      return !Keyword("to") || (unit(names, to) && *to > *from);
    };
    int from = 0;
    int to = 0;
    if (range(kDayTime, &from, &to))
      *out = DataType::DayTimeInterval(from, to);
    else if (range(kYearMonth, &from, &to))
      *out = DataType::YearMonthInterval(from, to);
    else
      *out = TypeId::kCalendarInterval;
    return true;
  }

  bool Type(DataType* out, int depth) {
    std::string word;
    if (depth > kMaxDepth || !Identifier(&word)) return false;
    const std::string name = types::ToLower(word);
    if (name == "array") {
      DataType element;
      if (!Eat('<') || !Type(&element, depth + 1) || !Eat('>')) return false;
      *out = DataType::Array(element);
      return true;
    }
    if (name == "map") {
      DataType key;
      DataType value;
      if (!Eat('<') || !Type(&key, depth + 1) || !Eat(',') || !Type(&value, depth + 1) || !Eat('>')) return false;
      *out = DataType::Map(key, value);
      return true;
    }
    if (name == "struct") {
      std::vector<StructField> fields;
      if (!Eat('<') || !Fields(&fields, '>', depth)) return false;
      *out = DataType::Struct(std::move(fields));
      return true;
    }
    if (name == "decimal" || name == "dec" || name == "numeric") {
      int precision = 10;
      int scale = 0;
      if (Eat('(') && (!Number(&precision) || (Eat(',') && !Number(&scale)) || !Eat(')'))) return false;
      *out = DataType::Decimal(precision, scale);
      return precision >= 1 && precision <= 38 && scale <= precision;
    }
    if (name == "char" || name == "varchar" || name == "character") {
      int length = 0;
      *out = TypeId::kString;
      return Eat('(') && Number(&length) && Eat(')');
    }
    if (name == "interval") return Interval(out);
    for (const auto& candidate : kTypeNames) {
      if (candidate.name != name) continue;
      *out = candidate.id;
      return true;
    }
    return false;
  }

  std::string_view p_;
  size_t i_ = 0;
};

}  // namespace

Result<DataType> ParseDdlSchema(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && (text[first] == '{' || text[first] == '"')) {
    auto type = DataType::FromJson(text);
    if (type.ok()) return type;
  }
  DataType type;
  if (Parser(text).WholeType(&type)) return type;
  Parser columns(text);
  if (columns.WholeColumns(&type)) return type;
  return Error("PARSE_SYNTAX_ERROR", {{"error", columns.Near()}, {"hint", ""}});
}

}  // namespace deltic::spark::functions
