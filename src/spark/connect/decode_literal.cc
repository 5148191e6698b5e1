// Literals both ways: values in plans, and observed metrics in responses.
//
// 3.5 clients declare nested types in fields that 4.x deprecates; both are read and the old ones are written.
// GCC 12 takes the inactive alternatives of a moved variant for uninitialised.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <algorithm>

#include "spark/connect/decoder.h"

namespace deltic::spark::connect {
namespace {

using engine::Int128;
using engine::Value;
using engine::ValueList;
using types::DataType;
using types::TypeId;
using LiteralMessage = proto::Expression::Literal;

struct TypedValue {
  Value value;
  DataType type;
};

Result<TypedValue> Decode(const LiteralMessage& m, int depth);

// The declared element type, of the field itself (3.5) or of the literal's data_type (4.x).
struct Declared {
  bool known = false;
  DataType type;
};

Result<Declared> DeclaredType(const LiteralMessage& m) {
  if (!m.has_data_type() || m.data_type().kind_case() == proto::DataType::KIND_NOT_SET) return Declared{};
  ASSIGN_OR_RETURN(DataType type, DecodeType(m.data_type()));
  return Declared{true, type};
}

Value MakeList(ValueList values) { return Value{std::make_shared<const ValueList>(std::move(values))}; }

// Decimal text → unscaled value, precision and scale as java.math.BigDecimal reads them.
Result<TypedValue> DecodeDecimal(const LiteralMessage::Decimal& m) {
  const Status invalid = Error("CANNOT_PARSE_DECIMAL", {});
  Int128 unscaled = 0;
  int digits = 0, scale = 0, exponent = 0;
  bool negative = false, point = false, any = false;
  size_t i = 0;
  const std::string& text = m.value();
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';
  for (; i < text.size(); i++) {
    char c = text[i];
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      any = true;
      if (unscaled != 0 || c != '0') digits++;
      if (digits > 38) return invalid;
      unscaled = unscaled * 10 + (c - '0');
      if (point) scale++;
    } else {
      break;
    }
  }
  if (!any) return invalid;
  if (i < text.size()) {
    if ((text[i] != 'e' && text[i] != 'E') || text.size() - i > 6 || i + 1 == text.size()) return invalid;
    exponent = std::atoi(text.c_str() + i + 1);
  }
  scale -= exponent;
  while (scale < 0) {
    if (unscaled != 0 && ++digits > 38) return invalid;
    unscaled *= 10;
    scale++;
  }
  if (scale > 38) return invalid;
  if (negative) unscaled = -unscaled;
  int precision = std::max({digits, scale, 1});
  if (m.has_precision() && m.has_scale()) {
    if (m.precision() < 1 || m.precision() > 38 || m.scale() < 0 || m.scale() > m.precision()) return invalid;
    // The value is rescaled to the declared type; digits are only added, never lost.
    for (; scale < m.scale(); scale++) {
      if (unscaled != 0 && ++digits > 38) return invalid;
      unscaled *= 10;
    }
    for (; scale > m.scale() && unscaled % 10 == 0; scale--) unscaled /= 10;
    if (scale == m.scale()) precision = std::max(precision, m.precision());
  }
  return TypedValue{Value{unscaled}, DataType::Decimal(std::min(38, std::max(precision, scale)), scale)};
}

Result<TypedValue> DecodeArray(const LiteralMessage& m, const Declared& declared, int depth) {
  ValueList values;
  DataType element;
  bool known = false;
  if (declared.known && declared.type.Is(TypeId::kArray)) {
    element = declared.type.element();
    known = true;
  } else if (m.array().has_element_type()) {
    ASSIGN_OR_RETURN(element, DecodeType(m.array().element_type()));
    known = true;
  }
  bool has_null = false;
  for (const auto& item : m.array().elements()) {
    ASSIGN_OR_RETURN(TypedValue one, Decode(item, depth + 1));
    if (!known && !one.type.Is(TypeId::kNull)) element = one.type, known = true;
    has_null |= one.value.IsNull();
    values.push_back(std::move(one.value));
  }
  return TypedValue{MakeList(std::move(values)), DataType::Array(element, has_null || declared.known)};
}

template <typename List>
void AppendInts(const List& list, ValueList* out) {
  for (auto item : list.values()) out->push_back(Value{static_cast<int64_t>(item)});
}

TypedValue DecodeSpecialized(const LiteralMessage::SpecializedArray& m) {
  using Kind = LiteralMessage::SpecializedArray::ValueTypeCase;
  ValueList values;
  TypeId element = TypeId::kInteger;
  switch (m.value_type_case()) {
    case Kind::kBools:
      element = TypeId::kBoolean;
      for (bool item : m.bools().values()) values.push_back(Value{item});
      break;
    case Kind::kInts: AppendInts(m.ints(), &values); break;
    case Kind::kLongs:
      element = TypeId::kLong;
      AppendInts(m.longs(), &values);
      break;
    case Kind::kFloats:
      element = TypeId::kFloat;
      for (float item : m.floats().values()) values.push_back(Value{static_cast<double>(item)});
      break;
    case Kind::kDoubles:
      element = TypeId::kDouble;
      for (double item : m.doubles().values()) values.push_back(Value{item});
      break;
    case Kind::kStrings:
      element = TypeId::kString;
      for (const std::string& item : m.strings().values()) values.push_back(Value{item});
      break;
    case Kind::VALUE_TYPE_NOT_SET: break;
  }
  return TypedValue{MakeList(std::move(values)), DataType::Array(DataType(element), false)};
}

Result<TypedValue> DecodeMap(const LiteralMessage& m, const Declared& declared, int depth) {
  const auto& map = m.map();
  if (map.keys_size() != map.values_size()) {
    return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "map literal with unequal keys and values"}});
  }
  DataType key, value;
  bool key_known = false, value_known = false;
  if (declared.known && declared.type.Is(TypeId::kMap)) {
    key = declared.type.key();
    value = declared.type.value();
    key_known = value_known = true;
  } else {
    if (map.has_key_type()) {
      ASSIGN_OR_RETURN(key, DecodeType(map.key_type()));
      key_known = true;
    }
    if (map.has_value_type()) {
      ASSIGN_OR_RETURN(value, DecodeType(map.value_type()));
      value_known = true;
    }
  }
  ValueList entries;
  bool has_null = false;
  for (int i = 0; i < map.keys_size(); i++) {
    ASSIGN_OR_RETURN(TypedValue k, Decode(map.keys(i), depth + 1));
    ASSIGN_OR_RETURN(TypedValue v, Decode(map.values(i), depth + 1));
    if (!key_known) key = k.type, key_known = true;
    if (!value_known && !v.type.Is(TypeId::kNull)) value = v.type, value_known = true;
    has_null |= v.value.IsNull();
    ValueList entry;
    entry.reserve(2);
    entry.push_back(std::move(k.value));
    entry.push_back(std::move(v.value));
    entries.push_back(MakeList(std::move(entry)));
  }
  return TypedValue{MakeList(std::move(entries)), DataType::Map(key, value, has_null || declared.known)};
}

Result<TypedValue> DecodeStruct(const LiteralMessage& m, const Declared& declared, int depth) {
  DataType type = declared.type;
  if (!declared.known) {
    ASSIGN_OR_RETURN(type, DecodeType(m.struct_().struct_type()));
  }
  if (!type.Is(TypeId::kStruct) || static_cast<int>(type.fields().size()) != m.struct_().elements_size()) {
    return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "struct literal that does not fit its type"}});
  }
  ValueList values;
  for (const auto& item : m.struct_().elements()) {
    ASSIGN_OR_RETURN(TypedValue one, Decode(item, depth + 1));
    values.push_back(std::move(one.value));
  }
  return TypedValue{MakeList(std::move(values)), type};
}

TypedValue Integer(int64_t value, DataType type) { return TypedValue{Value{value}, std::move(type)}; }

Result<TypedValue> Decode(const LiteralMessage& m, int depth) {
  using Kind = LiteralMessage::LiteralTypeCase;
  if (depth > kMaxTypeDepth) return Error("CONNECT_INVALID_PLAN.TOO_DEEP", {{"limit", std::to_string(kMaxTypeDepth)}});
  ASSIGN_OR_RETURN(Declared declared, DeclaredType(m));
  switch (m.literal_type_case()) {
    case Kind::kNull: {
      ASSIGN_OR_RETURN(DataType type, DecodeType(m.null()));
      return TypedValue{Value{}, type};
    }
    case Kind::kBinary: return TypedValue{Value{m.binary()}, DataType(TypeId::kBinary)};
    case Kind::kBoolean: return TypedValue{Value{m.boolean()}, DataType(TypeId::kBoolean)};
    case Kind::kByte: return Integer(m.byte(), DataType(TypeId::kByte));
    case Kind::kShort: return Integer(m.short_(), DataType(TypeId::kShort));
    case Kind::kInteger: return Integer(m.integer(), DataType(TypeId::kInteger));
    case Kind::kLong: return Integer(m.long_(), DataType(TypeId::kLong));
    case Kind::kFloat: return TypedValue{Value{static_cast<double>(m.float_())}, DataType(TypeId::kFloat)};
    case Kind::kDouble: return TypedValue{Value{m.double_()}, DataType(TypeId::kDouble)};
    case Kind::kDecimal: return DecodeDecimal(m.decimal());
    case Kind::kString: return TypedValue{Value{m.string()}, DataType(TypeId::kString)};
    case Kind::kDate: return Integer(m.date(), DataType(TypeId::kDate));
    case Kind::kTimestamp: return Integer(m.timestamp(), DataType(TypeId::kTimestamp));
    case Kind::kTimestampNtz: return Integer(m.timestamp_ntz(), DataType(TypeId::kTimestampNtz));
    case Kind::kCalendarInterval: {
      const auto& interval = m.calendar_interval();
      return TypedValue{Value{engine::CalendarInterval{interval.months(), interval.days(), interval.microseconds()}},
                        DataType(TypeId::kCalendarInterval)};
    }
    case Kind::kYearMonthInterval:
      return Integer(m.year_month_interval(), declared.known ? declared.type : DataType::YearMonthInterval());
    case Kind::kDayTimeInterval:
      return Integer(m.day_time_interval(), declared.known ? declared.type : DataType::DayTimeInterval());
    case Kind::kArray: return DecodeArray(m, declared, depth);
    case Kind::kSpecializedArray: return DecodeSpecialized(m.specialized_array());
    case Kind::kMap: return DecodeMap(m, declared, depth);
    case Kind::kStruct: return DecodeStruct(m, declared, depth);
    case Kind::kTime: return Error("UNSUPPORTED_DATATYPE", {{"typeName", "\"TIME\""}});
    case Kind::LITERAL_TYPE_NOT_SET: break;
  }
  if (declared.known) return TypedValue{Value{}, declared.type};  // 4.x: a typed NULL
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "Literal"}, {"field", "literal_type"}});
}

std::string DecimalText(Int128 unscaled, int scale) {
  using Unsigned = unsigned __int128;
  std::string reversed;
  Unsigned rest = unscaled < 0 ? -static_cast<Unsigned>(unscaled) : static_cast<Unsigned>(unscaled);
  for (int digit = 0; rest != 0 || digit <= scale; digit++, rest /= 10) {
    if (digit == scale && scale > 0) reversed.push_back('.');
    reversed.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  if (unscaled < 0) reversed.push_back('-');
  return {reversed.rbegin(), reversed.rend()};
}

void EncodeNested(const ValueList& values, const DataType& type, LiteralMessage* out) {
  if (type.Is(TypeId::kArray)) {
    EncodeType(type.element(), out->mutable_array()->mutable_element_type());
    for (const Value& value : values) EncodeLiteral(value, type.element(), out->mutable_array()->add_elements());
  } else if (type.Is(TypeId::kMap)) {
    EncodeType(type.key(), out->mutable_map()->mutable_key_type());
    EncodeType(type.value(), out->mutable_map()->mutable_value_type());
    for (const Value& entry : values) {
      const auto& pair = *std::get<std::shared_ptr<const ValueList>>(entry.v);
      EncodeLiteral(pair[0], type.key(), out->mutable_map()->add_keys());
      EncodeLiteral(pair[1], type.value(), out->mutable_map()->add_values());
    }
  } else {
    EncodeType(type, out->mutable_struct_()->mutable_struct_type());
    for (size_t i = 0; i < values.size(); i++) {
      EncodeLiteral(values[i], type.fields()[i].type, out->mutable_struct_()->add_elements());
    }
  }
}

void EncodeInteger(int64_t value, TypeId id, LiteralMessage* out) {
  const auto narrow = static_cast<int32_t>(value);
  switch (id) {
    case TypeId::kByte: out->set_byte(narrow); break;
    case TypeId::kShort: out->set_short_(narrow); break;
    case TypeId::kInteger: out->set_integer(narrow); break;
    case TypeId::kDate: out->set_date(narrow); break;
    case TypeId::kTimestamp: out->set_timestamp(value); break;
    case TypeId::kTimestampNtz: out->set_timestamp_ntz(value); break;
    case TypeId::kDayTimeInterval: out->set_day_time_interval(value); break;
    case TypeId::kYearMonthInterval: out->set_year_month_interval(narrow); break;
    default: out->set_long_(value); break;
  }
}

}  // namespace

Result<plan::ExpressionPtr> DecodeLiteral(const LiteralMessage& message, int depth) {
  ASSIGN_OR_RETURN(TypedValue out, Decode(message, depth));
  return plan::ExpressionPtr(std::make_shared<plan::Literal>(std::move(out.value), std::move(out.type)));
}

void EncodeLiteral(const Value& value, const DataType& type, LiteralMessage* out) {
  if (value.IsNull()) return EncodeType(type, out->mutable_null());
  if (auto* flag = std::get_if<bool>(&value.v)) return out->set_boolean(*flag);
  if (auto* number = std::get_if<int64_t>(&value.v)) return EncodeInteger(*number, type.id(), out);
  if (auto* real = std::get_if<double>(&value.v)) {
    return type.Is(TypeId::kFloat) ? out->set_float_(static_cast<float>(*real)) : out->set_double_(*real);
  }
  if (auto* decimal = std::get_if<Int128>(&value.v)) {
    out->mutable_decimal()->set_value(DecimalText(*decimal, type.scale()));
    out->mutable_decimal()->set_precision(type.precision());
    out->mutable_decimal()->set_scale(type.scale());
    return;
  }
  if (auto* text = std::get_if<std::string>(&value.v)) {
    return type.Is(TypeId::kBinary) ? out->set_binary(*text) : out->set_string(*text);
  }
  if (auto* interval = std::get_if<engine::CalendarInterval>(&value.v)) {
    out->mutable_calendar_interval()->set_months(interval->months);
    out->mutable_calendar_interval()->set_days(interval->days);
    out->mutable_calendar_interval()->set_microseconds(interval->micros);
    return;
  }
  EncodeNested(*std::get<std::shared_ptr<const ValueList>>(value.v), type, out);
}

}  // namespace deltic::spark::connect
