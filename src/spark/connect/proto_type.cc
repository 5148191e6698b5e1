#include "spark/connect/proto_type.h"

#include "spark/sql/parser.h"

namespace deltic::spark::connect {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

Status UnsupportedType(const std::string& name) {
  return Error("UNSUPPORTED_DATATYPE", {{"typeName", "\"" + name + "\""}});
}

Result<DataType> DecodeStruct(const proto::DataType::Struct& message, int depth) {
  std::vector<StructField> fields;
  fields.reserve(static_cast<size_t>(message.fields_size()));
  for (const auto& field : message.fields()) {
    StructField out;
    out.name = field.name();
    ASSIGN_OR_RETURN(out.type, DecodeType(field.data_type(), depth + 1));
    out.nullable = field.nullable();
    if (field.has_metadata() && !field.metadata().empty()) out.metadata = field.metadata();
    fields.push_back(std::move(out));
  }
  return DataType::Struct(std::move(fields));
}

Result<DataType> DecodeDecimal(const proto::DataType::Decimal& message) {
  const int precision = message.has_precision() ? message.precision() : 10;
  const int scale = message.has_scale() ? message.scale() : 0;
  if (precision < 1 || precision > 38) {
    return Error("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION",
                 {{"precision", std::to_string(precision)}, {"maxPrecision", "38"}});
  }
  if (scale < 0 || scale > precision)
    return UnsupportedType("DECIMAL(" + std::to_string(precision) + "," + std::to_string(scale) + ")");
  return DataType::Decimal(precision, scale);
}

}  // namespace

Result<DataType> DecodeType(const proto::DataType& message, int depth) {
  using Kind = proto::DataType::KindCase;
  if (depth > kMaxTypeDepth) return Error("CONNECT_INVALID_PLAN.TOO_DEEP", {{"limit", std::to_string(kMaxTypeDepth)}});
  switch (message.kind_case()) {
    case Kind::kNull: return DataType(TypeId::kNull);
    case Kind::kBinary: return DataType(TypeId::kBinary);
    case Kind::kBoolean: return DataType(TypeId::kBoolean);
    case Kind::kByte: return DataType(TypeId::kByte);
    case Kind::kShort: return DataType(TypeId::kShort);
    case Kind::kInteger: return DataType(TypeId::kInteger);
    case Kind::kLong: return DataType(TypeId::kLong);
    case Kind::kFloat: return DataType(TypeId::kFloat);
    case Kind::kDouble: return DataType(TypeId::kDouble);
    case Kind::kDecimal: return DecodeDecimal(message.decimal());
    case Kind::kString: {
      const std::string& collation = message.string().collation();
      if (!collation.empty() && collation != "UTF8_BINARY") return UnsupportedType("STRING COLLATE " + collation);
      return DataType(TypeId::kString);
    }
    case Kind::kChar: return DataType::Char(message.char_().length());
    case Kind::kVarChar: return DataType::Varchar(message.var_char().length());
    case Kind::kDate: return DataType(TypeId::kDate);
    case Kind::kTimestamp: return DataType(TypeId::kTimestamp);
    case Kind::kTimestampNtz: return DataType(TypeId::kTimestampNtz);
    case Kind::kCalendarInterval: return DataType(TypeId::kCalendarInterval);
    case Kind::kYearMonthInterval: {
      const auto& interval = message.year_month_interval();
      return DataType::YearMonthInterval(interval.has_start_field() ? interval.start_field() : 0,
                                         interval.has_end_field() ? interval.end_field() : 1);
    }
    case Kind::kDayTimeInterval: {
      const auto& interval = message.day_time_interval();
      return DataType::DayTimeInterval(interval.has_start_field() ? interval.start_field() : 0,
                                       interval.has_end_field() ? interval.end_field() : 3);
    }
    case Kind::kArray: {
      ASSIGN_OR_RETURN(DataType element, DecodeType(message.array().element_type(), depth + 1));
      return DataType::Array(std::move(element), message.array().contains_null());
    }
    case Kind::kMap: {
      ASSIGN_OR_RETURN(DataType key, DecodeType(message.map().key_type(), depth + 1));
      ASSIGN_OR_RETURN(DataType value, DecodeType(message.map().value_type(), depth + 1));
      return DataType::Map(std::move(key), std::move(value), message.map().value_contains_null());
    }
    case Kind::kStruct: return DecodeStruct(message.struct_(), depth);
    case Kind::kVariant: return DataType(TypeId::kVariant);
    case Kind::kUnparsed: return sql::ParseSchemaString(message.unparsed().data_type_string());
    case Kind::kUdt: return UnsupportedType("UDT " + message.udt().python_class());
    case Kind::kGeometry: return UnsupportedType("GEOMETRY");
    case Kind::kGeography: return UnsupportedType("GEOGRAPHY");
    case Kind::kTime: return UnsupportedType("TIME");
    case Kind::KIND_NOT_SET: break;
  }
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "DataType"}, {"field", "kind"}});
}

void EncodeType(const DataType& type, proto::DataType* out) {
  switch (type.id()) {
    case TypeId::kNull: out->mutable_null(); return;
    case TypeId::kBoolean: out->mutable_boolean(); return;
    case TypeId::kByte: out->mutable_byte(); return;
    case TypeId::kShort: out->mutable_short_(); return;
    case TypeId::kInteger: out->mutable_integer(); return;
    case TypeId::kLong: out->mutable_long_(); return;
    case TypeId::kFloat: out->mutable_float_(); return;
    case TypeId::kDouble: out->mutable_double_(); return;
    case TypeId::kDecimal:
      out->mutable_decimal()->set_precision(type.precision());
      out->mutable_decimal()->set_scale(type.scale());
      return;
    case TypeId::kString: out->mutable_string(); return;
    case TypeId::kChar: out->mutable_char_()->set_length(type.length()); return;
    case TypeId::kVarchar: out->mutable_var_char()->set_length(type.length()); return;
    case TypeId::kBinary: out->mutable_binary(); return;
    case TypeId::kDate: out->mutable_date(); return;
    case TypeId::kTimestamp: out->mutable_timestamp(); return;
    case TypeId::kTimestampNtz: out->mutable_timestamp_ntz(); return;
    case TypeId::kDayTimeInterval:
      out->mutable_day_time_interval()->set_start_field(type.start_field());
      out->mutable_day_time_interval()->set_end_field(type.end_field());
      return;
    case TypeId::kYearMonthInterval:
      out->mutable_year_month_interval()->set_start_field(type.start_field());
      out->mutable_year_month_interval()->set_end_field(type.end_field());
      return;
    case TypeId::kCalendarInterval: out->mutable_calendar_interval(); return;
    case TypeId::kVariant: out->mutable_variant(); return;
    case TypeId::kArray:
      EncodeType(type.element(), out->mutable_array()->mutable_element_type());
      out->mutable_array()->set_contains_null(type.contains_null());
      return;
    case TypeId::kMap:
      EncodeType(type.key(), out->mutable_map()->mutable_key_type());
      EncodeType(type.value(), out->mutable_map()->mutable_value_type());
      out->mutable_map()->set_value_contains_null(type.contains_null());
      return;
    case TypeId::kStruct:
      out->mutable_struct_();
      for (const StructField& field : type.fields()) {
        auto* added = out->mutable_struct_()->add_fields();
        added->set_name(field.name);
        EncodeType(field.type, added->mutable_data_type());
        added->set_nullable(field.nullable);
        if (field.metadata != "{}" && !field.metadata.empty()) added->set_metadata(field.metadata);
      }
      return;
  }
}

}  // namespace deltic::spark::connect
