#include "engine/type_map.h"

#include <utility>

#include "duckdb/common/types/hugeint.hpp"
#include "engine/functions/throw.h"

namespace deltic::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using functions::ThrowStatus;

duckdb::hugeint_t ToHugeint(Int128 v) {
  duckdb::hugeint_t out;
  out.lower = static_cast<uint64_t>(v);
  out.upper = static_cast<int64_t>(v >> 64);
  return out;
}

Int128 FromHugeint(duckdb::hugeint_t v) { return (static_cast<Int128>(v.upper) << 64) | static_cast<Int128>(v.lower); }

duckdb::Value DecimalValue(Int128 v, int precision, int scale) {
  auto width = static_cast<uint8_t>(precision);
  auto digits = static_cast<uint8_t>(scale);
  if (precision <= 4) return duckdb::Value::DECIMAL(static_cast<int16_t>(v), width, digits);
  if (precision <= 9) return duckdb::Value::DECIMAL(static_cast<int32_t>(v), width, digits);
  if (precision <= 18) return duckdb::Value::DECIMAL(static_cast<int64_t>(v), width, digits);
  return duckdb::Value::DECIMAL(ToHugeint(v), width, digits);
}

Int128 DecimalFrom(const duckdb::Value& value) {
  switch (value.type().InternalType()) {
    case duckdb::PhysicalType::INT16: return value.GetValueUnsafe<int16_t>();
    case duckdb::PhysicalType::INT32: return value.GetValueUnsafe<int32_t>();
    case duckdb::PhysicalType::INT64: return value.GetValueUnsafe<int64_t>();
    default: return FromHugeint(value.GetValueUnsafe<duckdb::hugeint_t>());
  }
}

duckdb::Value ToDuckNested(const Value& value, const DataType& type) {
  const auto& items = *std::get<std::shared_ptr<const ValueList>>(value.v);
  duckdb::vector<duckdb::Value> out;
  switch (type.id()) {
    case TypeId::kVariant:
      for (const auto& part : items) out.push_back(ToDuckValue(part, TypeId::kBinary));
      return duckdb::Value::STRUCT(ToDuckType(type), std::move(out));
    case TypeId::kArray:
      for (const auto& item : items) out.push_back(ToDuckValue(item, type.element()));
      return duckdb::Value::LIST(ToDuckType(type.element()), std::move(out));
    case TypeId::kMap: {
      duckdb::vector<duckdb::Value> values;
      for (const auto& item : items) {
        const auto& pair = *std::get<std::shared_ptr<const ValueList>>(item.v);
        out.push_back(ToDuckValue(pair[0], type.key()));
        values.push_back(ToDuckValue(pair[1], type.value()));
      }
      return duckdb::Value::MAP(ToDuckType(type.key()), ToDuckType(type.value()), std::move(out), std::move(values));
    }
    default: {
      const auto& fields = type.fields();
      for (size_t i = 0; i < fields.size(); ++i) out.push_back(ToDuckValue(items[i], fields[i].type));
      return duckdb::Value::STRUCT(ToDuckType(type), std::move(out));
    }
  }
}

Value FromDuckNested(const duckdb::Value& value, const DataType& type) {
  ValueList out;
  switch (type.id()) {
    case TypeId::kVariant:
      for (const auto& part : duckdb::StructValue::GetChildren(value)) {
        out.push_back(FromDuckValue(part, TypeId::kBinary));
      }
      break;
    case TypeId::kArray:
      for (const auto& item : duckdb::ListValue::GetChildren(value)) {
        out.push_back(FromDuckValue(item, type.element()));
      }
      break;
    case TypeId::kMap:
      for (const auto& item : duckdb::MapValue::GetChildren(value)) {
        const auto& pair = duckdb::StructValue::GetChildren(item);
        ValueList kv{FromDuckValue(pair[0], type.key()), FromDuckValue(pair[1], type.value())};
        out.push_back(Value{std::make_shared<const ValueList>(std::move(kv))});
      }
      break;
    default: {
      const auto& children = duckdb::StructValue::GetChildren(value);
      for (size_t i = 0; i < children.size(); ++i) {
        out.push_back(FromDuckValue(children[i], type.fields()[i].type));
      }
    }
  }
  return Value{std::make_shared<const ValueList>(std::move(out))};
}

}  // namespace

std::string ColumnName(ColumnId id) { return "c" + std::to_string(id); }

LogicalType ToDuckType(const DataType& type) {
  switch (type.id()) {
    case TypeId::kNull: return LogicalType::INTEGER;
    case TypeId::kBoolean: return LogicalType::BOOLEAN;
    case TypeId::kByte: return LogicalType::TINYINT;
    case TypeId::kShort: return LogicalType::SMALLINT;
    case TypeId::kInteger: return LogicalType::INTEGER;
    case TypeId::kLong: return LogicalType::BIGINT;
    case TypeId::kFloat: return LogicalType::FLOAT;
    case TypeId::kDouble: return LogicalType::DOUBLE;
    case TypeId::kDecimal:
      return LogicalType::DECIMAL(static_cast<uint8_t>(type.precision()), static_cast<uint8_t>(type.scale()));
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: return LogicalType::VARCHAR;
    case TypeId::kBinary: return LogicalType::BLOB;
    case TypeId::kDate: return LogicalType::DATE;
    case TypeId::kTimestamp: return LogicalType::TIMESTAMP_TZ;
    case TypeId::kTimestampNtz: return LogicalType::TIMESTAMP;
    case TypeId::kDayTimeInterval: return LogicalType::BIGINT;
    case TypeId::kYearMonthInterval: return LogicalType::INTEGER;
    case TypeId::kCalendarInterval: return LogicalType::INTERVAL;
    case TypeId::kArray: return LogicalType::LIST(ToDuckType(type.element()));
    case TypeId::kMap: return LogicalType::MAP(ToDuckType(type.key()), ToDuckType(type.value()));
    case TypeId::kStruct: {
      if (type.fields().empty()) ThrowStatus(Unsupported("struct without fields"));
      duckdb::child_list_t<LogicalType> children;
      for (const auto& f : type.fields()) children.emplace_back(f.name, ToDuckType(f.type));
      return LogicalType::STRUCT(std::move(children));
    }
    case TypeId::kVariant: return LogicalType::STRUCT({{"value", LogicalType::BLOB}, {"metadata", LogicalType::BLOB}});
  }
  ThrowStatus(Unsupported("data type " + type.Sql()));
}

DataType FromDuckType(const LogicalType& type) {
  switch (type.id()) {
    case LogicalTypeId::SQLNULL: return TypeId::kNull;
    case LogicalTypeId::BOOLEAN: return TypeId::kBoolean;
    case LogicalTypeId::TINYINT: return TypeId::kByte;
    case LogicalTypeId::UTINYINT:
    case LogicalTypeId::SMALLINT: return TypeId::kShort;
    case LogicalTypeId::USMALLINT:
    case LogicalTypeId::INTEGER: return TypeId::kInteger;
    case LogicalTypeId::UINTEGER:
    case LogicalTypeId::BIGINT: return TypeId::kLong;
    case LogicalTypeId::UBIGINT: return DataType::Decimal(20, 0);
    case LogicalTypeId::HUGEINT: return DataType::Decimal(38, 0);
    case LogicalTypeId::FLOAT: return TypeId::kFloat;
    case LogicalTypeId::DOUBLE: return TypeId::kDouble;
    case LogicalTypeId::DECIMAL:
      return DataType::Decimal(duckdb::DecimalType::GetWidth(type), duckdb::DecimalType::GetScale(type));
    case LogicalTypeId::VARCHAR:
    case LogicalTypeId::UUID: return TypeId::kString;
    case LogicalTypeId::BLOB: return TypeId::kBinary;
    case LogicalTypeId::DATE: return TypeId::kDate;
    case LogicalTypeId::TIMESTAMP_TZ: return TypeId::kTimestamp;
    case LogicalTypeId::TIMESTAMP:
    case LogicalTypeId::TIMESTAMP_MS:
    case LogicalTypeId::TIMESTAMP_SEC:
    case LogicalTypeId::TIMESTAMP_NS: return TypeId::kTimestampNtz;
    case LogicalTypeId::INTERVAL: return TypeId::kCalendarInterval;
    case LogicalTypeId::VARIANT: return TypeId::kVariant;
    case LogicalTypeId::LIST: return DataType::Array(FromDuckType(duckdb::ListType::GetChildType(type)));
    case LogicalTypeId::ARRAY: return DataType::Array(FromDuckType(duckdb::ArrayType::GetChildType(type)));
    case LogicalTypeId::MAP:
      return DataType::Map(FromDuckType(duckdb::MapType::KeyType(type)),
                           FromDuckType(duckdb::MapType::ValueType(type)));
    case LogicalTypeId::STRUCT: {
      std::vector<types::StructField> fields;
      for (const auto& [name, child] : duckdb::StructType::GetChildTypes(type)) {
        fields.push_back({name, FromDuckType(child)});
      }
      return DataType::Struct(std::move(fields));
    }
    default: break;
  }
  ThrowStatus(Unsupported("data type " + type.ToString()));
}

duckdb::Value ToDuckValue(const Value& value, const DataType& type) {
  if (value.IsNull()) return duckdb::Value(ToDuckType(type));
  auto integer = [&] { return std::get<int64_t>(value.v); };
  switch (type.id()) {
    case TypeId::kNull: return duckdb::Value(LogicalType::INTEGER);
    case TypeId::kBoolean: return duckdb::Value::BOOLEAN(std::get<bool>(value.v));
    case TypeId::kByte: return duckdb::Value::TINYINT(static_cast<int8_t>(integer()));
    case TypeId::kShort: return duckdb::Value::SMALLINT(static_cast<int16_t>(integer()));
    case TypeId::kYearMonthInterval:
    case TypeId::kInteger: return duckdb::Value::INTEGER(static_cast<int32_t>(integer()));
    case TypeId::kDayTimeInterval:
    case TypeId::kLong: return duckdb::Value::BIGINT(integer());
    case TypeId::kFloat: return duckdb::Value::FLOAT(static_cast<float>(std::get<double>(value.v)));
    case TypeId::kDouble: return duckdb::Value::DOUBLE(std::get<double>(value.v));
    case TypeId::kDecimal: return DecimalValue(std::get<Int128>(value.v), type.precision(), type.scale());
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: return duckdb::Value(std::get<std::string>(value.v));
    case TypeId::kBinary: {
      const auto& bytes = std::get<std::string>(value.v);
      return duckdb::Value::BLOB(duckdb::const_data_ptr_cast(bytes.data()), bytes.size());
    }
    case TypeId::kDate: return duckdb::Value::DATE(duckdb::date_t(static_cast<int32_t>(integer())));
    case TypeId::kTimestamp: return duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(integer()));
    case TypeId::kTimestampNtz: return duckdb::Value::TIMESTAMP(duckdb::timestamp_t(integer()));
    case TypeId::kCalendarInterval: {
      const auto& i = std::get<CalendarInterval>(value.v);
      return duckdb::Value::INTERVAL(i.months, i.days, i.micros);
    }
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kVariant:
    case TypeId::kStruct: return ToDuckNested(value, type);
  }
  ThrowStatus(Unsupported("literal of type " + type.Sql()));
}

Value FromDuckValue(const duckdb::Value& value, const DataType& type) {
  if (value.IsNull()) return {};
  switch (type.id()) {
    case TypeId::kNull: return {};
    case TypeId::kBoolean: return Value{value.GetValueUnsafe<bool>()};
    case TypeId::kByte: return Value{int64_t{value.GetValueUnsafe<int8_t>()}};
    case TypeId::kShort: return Value{int64_t{value.GetValueUnsafe<int16_t>()}};
    case TypeId::kYearMonthInterval:
    case TypeId::kInteger: return Value{int64_t{value.GetValueUnsafe<int32_t>()}};
    case TypeId::kDayTimeInterval:
    case TypeId::kLong: return Value{value.GetValueUnsafe<int64_t>()};
    case TypeId::kFloat: return Value{double{value.GetValueUnsafe<float>()}};
    case TypeId::kDouble: return Value{value.GetValueUnsafe<double>()};
    case TypeId::kDecimal: return Value{DecimalFrom(value)};
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kBinary: return Value{std::string(duckdb::StringValue::Get(value))};
    case TypeId::kDate: return Value{int64_t{duckdb::DateValue::Get(value).days}};
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz: return Value{value.GetValueUnsafe<duckdb::timestamp_t>().value};
    case TypeId::kCalendarInterval: {
      auto i = duckdb::IntervalValue::Get(value);
      return Value{CalendarInterval{i.months, i.days, i.micros}};
    }
    case TypeId::kArray:
    case TypeId::kMap:
    case TypeId::kVariant:
    case TypeId::kStruct: return FromDuckNested(value, type);
  }
  ThrowStatus(Unsupported("value of type " + type.Sql()));
}

}  // namespace deltic::engine
