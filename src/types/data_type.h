// The Spark SQL type system: the types of Delta schemas, of typed plans and of Connect messages.
//
// A DataType is an immutable value (cheap to copy: nested parts are shared). The JSON form is the one
// of Spark's `DataType.json` and of Delta's schemaString (PROTOCOL.md › Schema Serialization Format).
// Thread-safe: nothing mutates after construction.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace deltic::types {

enum class TypeId : uint8_t {
  kNull,  // Spark NullType / VOID
  kBoolean,
  kByte,
  kShort,
  kInteger,
  kLong,
  kFloat,
  kDouble,
  kDecimal,  // precision, scale
  kString,
  kChar,     // length; only in table schemas, read back as string
  kVarchar,  // length; only in table schemas, read back as string
  kBinary,
  kDate,
  kTimestamp,          // instant, microseconds UTC
  kTimestampNtz,       // local date-time, microseconds
  kDayTimeInterval,    // microseconds; start/end field 0 DAY … 3 SECOND
  kYearMonthInterval,  // months; start/end field 0 YEAR, 1 MONTH
  kCalendarInterval,   // months, days, microseconds
  kArray,
  kMap,
  kStruct,
  kVariant,
};

struct StructField;

class DataType {
 public:
  DataType() = default;             // null type
  DataType(TypeId id) : id_(id) {}  // NOLINT: a plain type is its id
  static DataType Decimal(int precision, int scale);
  static DataType Char(int length);
  static DataType Varchar(int length);
  static DataType DayTimeInterval(int start_field = 0, int end_field = 3);
  static DataType YearMonthInterval(int start_field = 0, int end_field = 1);
  static DataType Array(DataType element, bool contains_null = true);
  static DataType Map(DataType key, DataType value, bool value_contains_null = true);
  static DataType Struct(std::vector<StructField> fields);

  TypeId id() const { return id_; }
  bool Is(TypeId id) const { return id_ == id; }
  int precision() const { return a_; }    // decimal
  int scale() const { return b_; }        // decimal
  int length() const { return a_; }       // char, varchar
  int start_field() const { return a_; }  // intervals
  int end_field() const { return b_; }
  // Requires kArray / kMap / kStruct respectively.
  const DataType& element() const;
  bool contains_null() const { return contains_null_; }  // array element or map value
  const DataType& key() const;
  const DataType& value() const;
  const std::vector<StructField>& fields() const;
  // Index of a struct field, case-insensitively unless `case_sensitive`; -1 when absent, -2 when ambiguous.
  int FieldIndex(std::string_view name, bool case_sensitive = false) const;

  bool IsIntegral() const { return id_ >= TypeId::kByte && id_ <= TypeId::kLong; }
  bool IsFractional() const { return id_ == TypeId::kFloat || id_ == TypeId::kDouble; }
  bool IsNumeric() const { return id_ >= TypeId::kByte && id_ <= TypeId::kDecimal; }
  bool IsString() const { return id_ >= TypeId::kString && id_ <= TypeId::kVarchar; }
  bool IsInterval() const { return id_ >= TypeId::kDayTimeInterval && id_ <= TypeId::kCalendarInterval; }
  bool IsNested() const { return id_ >= TypeId::kArray && id_ <= TypeId::kStruct; }
  bool IsAtomic() const { return !IsNested() && id_ != TypeId::kNull; }

  // Exact equality: names, nullability and field metadata included.
  bool operator==(const DataType& other) const;
  // Same type ignoring nullability and metadata at every level (and name case unless case_sensitive).
  bool SameType(const DataType& other, bool case_sensitive = false) const;
  // The same type with every nested nullability true (Spark's asNullable).
  DataType AsNullable() const;

  // Spark's DataType.json, e.g. "long", {"type":"array",…}; decimal(10,2); char(5).
  std::string Json() const;
  // Spark's simpleString/catalogString without truncation: int, bigint, array<int>, struct<a:int>.
  std::string SimpleString() const;
  // Spark's sql: INT, BIGINT, ARRAY<INT>, STRUCT<a: INT>, used in error messages quoted.
  std::string Sql() const;

  static Result<DataType> FromJson(std::string_view json);

 private:
  struct Children;
  TypeId id_ = TypeId::kNull;
  bool contains_null_ = true;
  int a_ = 0;
  int b_ = 0;
  std::shared_ptr<const Children> children_;
};

// One column of a struct or table. `metadata` is a JSON object kept verbatim ("{}" when empty).
struct StructField {
  std::string name;
  DataType type;
  bool nullable = true;
  std::string metadata = "{}";

  bool operator==(const StructField& other) const = default;
  // String value of one top-level metadata key; empty when absent or not a string.
  std::string MetadataString(std::string_view key) const;
  bool HasMetadata(std::string_view key) const;
  // Integer value of one top-level metadata key; `fallback` when absent or not an integer.
  int64_t MetadataInt(std::string_view key, int64_t fallback) const;
};

// The tree of printSchema(): "root\n |-- id: long (nullable = true)\n…"; `level` < 0 means all levels.
std::string TreeString(const DataType& schema, int level = -1);

// Backtick-quoted when needed ("a b" → `a b`); Spark's quoteIfNeeded.
std::string QuoteIfNeeded(std::string_view name);
// Always backtick-quoted; toSQLId for one part.
std::string QuoteIdentifier(std::string_view name);
// ASCII lower case, for case-insensitive lookups.
std::string ToLower(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace deltic::types
