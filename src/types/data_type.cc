#include "types/data_type.h"

#include <algorithm>
#include <cctype>

#include "base/check.h"

namespace deltic::types {

struct DataType::Children {
  std::vector<DataType> types;  // array: element; map: key, value
  std::vector<StructField> fields;
};

DataType DataType::Decimal(int precision, int scale) {
  DataType type(TypeId::kDecimal);
  type.a_ = precision;
  type.b_ = scale;
  return type;
}
DataType DataType::Char(int length) {
  DataType type(TypeId::kChar);
  type.a_ = length;
  return type;
}
DataType DataType::Varchar(int length) {
  DataType type(TypeId::kVarchar);
  type.a_ = length;
  return type;
}
DataType DataType::DayTimeInterval(int start_field, int end_field) {
  DataType type(TypeId::kDayTimeInterval);
  type.a_ = start_field;
  type.b_ = end_field;
  return type;
}
DataType DataType::YearMonthInterval(int start_field, int end_field) {
  DataType type(TypeId::kYearMonthInterval);
  type.a_ = start_field;
  type.b_ = end_field;
  return type;
}
DataType DataType::Array(DataType element, bool contains_null) {
  DataType type(TypeId::kArray);
  type.contains_null_ = contains_null;
  auto children = std::make_shared<Children>();
  children->types.push_back(std::move(element));
  type.children_ = std::move(children);
  return type;
}
DataType DataType::Map(DataType key, DataType value, bool value_contains_null) {
  DataType type(TypeId::kMap);
  type.contains_null_ = value_contains_null;
  auto children = std::make_shared<Children>();
  children->types.push_back(std::move(key));
  children->types.push_back(std::move(value));
  type.children_ = std::move(children);
  return type;
}
DataType DataType::Struct(std::vector<StructField> fields) {
  DataType type(TypeId::kStruct);
  auto children = std::make_shared<Children>();
  children->fields = std::move(fields);
  type.children_ = std::move(children);
  return type;
}

const DataType& DataType::element() const {
  DELTIC_CHECK(id_ == TypeId::kArray);
  return children_->types[0];
}
const DataType& DataType::key() const {
  DELTIC_CHECK(id_ == TypeId::kMap);
  return children_->types[0];
}
const DataType& DataType::value() const {
  DELTIC_CHECK(id_ == TypeId::kMap);
  return children_->types[1];
}
const std::vector<StructField>& DataType::fields() const {
  DELTIC_CHECK(id_ == TypeId::kStruct);
  return children_->fields;
}

int DataType::FieldIndex(std::string_view name, bool case_sensitive) const {
  int found = -1;
  const auto& all = fields();
  for (size_t i = 0; i < all.size(); i++) {
    if (case_sensitive ? all[i].name == name : EqualsIgnoreCase(all[i].name, name)) {
      if (found >= 0) return -2;
      found = static_cast<int>(i);
    }
  }
  return found;
}

bool DataType::operator==(const DataType& other) const {
  if (id_ != other.id_ || a_ != other.a_ || b_ != other.b_) return false;
  if (!IsNested()) return true;
  if (id_ != TypeId::kStruct && contains_null_ != other.contains_null_) return false;
  return children_ == other.children_ ||
         (children_->types == other.children_->types && children_->fields == other.children_->fields);
}

bool DataType::SameType(const DataType& other, bool case_sensitive) const {
  if (id_ != other.id_ || a_ != other.a_ || b_ != other.b_) return false;
  switch (id_) {
    case TypeId::kArray: return element().SameType(other.element(), case_sensitive);
    case TypeId::kMap:
      return key().SameType(other.key(), case_sensitive) && value().SameType(other.value(), case_sensitive);
    case TypeId::kStruct: {
      const auto& a = fields();
      const auto& b = other.fields();
      if (a.size() != b.size()) return false;
      for (size_t i = 0; i < a.size(); i++) {
        const bool same_name = case_sensitive ? a[i].name == b[i].name : EqualsIgnoreCase(a[i].name, b[i].name);
        if (!same_name || !a[i].type.SameType(b[i].type, case_sensitive)) return false;
      }
      return true;
    }
    default: return true;
  }
}

DataType DataType::AsNullable() const {
  switch (id_) {
    case TypeId::kArray: return Array(element().AsNullable(), true);
    case TypeId::kMap: return Map(key().AsNullable(), value().AsNullable(), true);
    case TypeId::kStruct: {
      std::vector<StructField> out = fields();
      for (auto& field : out) {
        field.type = field.type.AsNullable();
        field.nullable = true;
      }
      return Struct(std::move(out));
    }
    default: return *this;
  }
}

namespace {

const char* const kDayTimeFields[] = {"day", "hour", "minute", "second"};
const char* const kYearMonthFields[] = {"year", "month"};

std::string IntervalName(const char* const* names, int start, int end) {
  std::string out = std::string("interval ") + names[start];
  if (start != end) out += std::string(" to ") + names[end];
  return out;
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// Names shared by simpleString and sql for types without nested parts.
std::string AtomicSimpleName(const DataType& type) {
  switch (type.id()) {
    case TypeId::kNull: return "void";
    case TypeId::kBoolean: return "boolean";
    case TypeId::kByte: return "tinyint";
    case TypeId::kShort: return "smallint";
    case TypeId::kInteger: return "int";
    case TypeId::kLong: return "bigint";
    case TypeId::kFloat: return "float";
    case TypeId::kDouble: return "double";
    case TypeId::kDecimal:
      return "decimal(" + std::to_string(type.precision()) + "," + std::to_string(type.scale()) + ")";
    case TypeId::kString: return "string";
    case TypeId::kChar: return "char(" + std::to_string(type.length()) + ")";
    case TypeId::kVarchar: return "varchar(" + std::to_string(type.length()) + ")";
    case TypeId::kBinary: return "binary";
    case TypeId::kDate: return "date";
    case TypeId::kTimestamp: return "timestamp";
    case TypeId::kTimestampNtz: return "timestamp_ntz";
    case TypeId::kDayTimeInterval: return IntervalName(kDayTimeFields, type.start_field(), type.end_field());
    case TypeId::kYearMonthInterval: return IntervalName(kYearMonthFields, type.start_field(), type.end_field());
    case TypeId::kCalendarInterval: return "interval";
    case TypeId::kVariant: return "variant";
    default: return "";
  }
}

}  // namespace

std::string DataType::SimpleString() const {
  switch (id_) {
    case TypeId::kArray: return "array<" + element().SimpleString() + ">";
    case TypeId::kMap: return "map<" + key().SimpleString() + "," + value().SimpleString() + ">";
    case TypeId::kStruct: {
      std::string out = "struct<";
      for (size_t i = 0; i < fields().size(); i++) {
        if (i > 0) out += ",";
        out += fields()[i].name + ":" + fields()[i].type.SimpleString();
      }
      return out + ">";
    }
    default: return AtomicSimpleName(*this);
  }
}

std::string DataType::Sql() const {
  switch (id_) {
    case TypeId::kArray: return "ARRAY<" + element().Sql() + ">";
    case TypeId::kMap: return "MAP<" + key().Sql() + ", " + value().Sql() + ">";
    case TypeId::kStruct: {
      std::string out = "STRUCT<";
      for (size_t i = 0; i < fields().size(); i++) {
        if (i > 0) out += ", ";
        out += QuoteIfNeeded(fields()[i].name) + ": " + fields()[i].type.Sql();
      }
      return out + ">";
    }
    default: return Upper(AtomicSimpleName(*this));
  }
}

namespace {

void AppendTree(const DataType& type, const std::string& prefix, int depth_left, std::string* out);

std::string TreeTypeName(const DataType& type) {
  switch (type.id()) {
    case TypeId::kByte: return "byte";
    case TypeId::kShort: return "short";
    case TypeId::kInteger: return "integer";
    case TypeId::kLong: return "long";
    case TypeId::kArray: return "array";
    case TypeId::kMap: return "map";
    case TypeId::kStruct: return "struct";
    default: return AtomicSimpleName(type);
  }
}

void AppendField(const std::string& name, const DataType& type, bool nullable, const char* null_word,
                 const std::string& prefix, int depth_left, std::string* out) {
  if (depth_left == 0) return;
  *out += prefix + "-- " + name + ": " + TreeTypeName(type);
  if (null_word != nullptr) *out += std::string(" (") + null_word + " = " + (nullable ? "true" : "false") + ")";
  *out += "\n";
  AppendTree(type, prefix + "    |", depth_left - 1, out);
}

void AppendTree(const DataType& type, const std::string& prefix, int depth_left, std::string* out) {
  if (depth_left == 0) return;
  switch (type.id()) {
    case TypeId::kStruct:
      for (const auto& field : type.fields()) {
        AppendField(field.name, field.type, field.nullable, "nullable", prefix, depth_left, out);
      }
      break;
    case TypeId::kArray:
      AppendField("element", type.element(), type.contains_null(), "containsNull", prefix, depth_left, out);
      break;
    case TypeId::kMap:
      AppendField("key", type.key(), true, nullptr, prefix, depth_left, out);
      AppendField("value", type.value(), type.contains_null(), "valueContainsNull", prefix, depth_left, out);
      break;
    default: break;
  }
}

}  // namespace

std::string TreeString(const DataType& schema, int level) {
  std::string out = "root\n";
  AppendTree(schema, " |", level < 0 ? 1 << 20 : level, &out);
  return out;
}

std::string QuoteIdentifier(std::string_view name) {
  std::string out = "`";
  for (const char c : name) {
    if (c == '`') out.push_back('`');
    out.push_back(c);
  }
  return out + "`";
}

std::string QuoteIfNeeded(std::string_view name) {
  bool plain = !name.empty();
  bool all_digits = true;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    plain = plain && (digit || letter);
    all_digits = all_digits && digit;
  }
  return plain && !all_digits ? std::string(name) : QuoteIdentifier(name);
}

std::string ToLower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return out;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); i++) {
    const auto x = static_cast<unsigned char>(a[i]);
    const auto y = static_cast<unsigned char>(b[i]);
    if (x != y && (x >= 0x80 || y >= 0x80 || std::tolower(x) != std::tolower(y))) return false;
  }
  return true;
}

}  // namespace deltic::types
