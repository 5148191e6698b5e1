#include "types/scala_name.h"

namespace deltic::types {
namespace {

std::string Flag(bool value) { return value ? "true" : "false"; }

std::string StructName(const DataType& type) {
  std::string fields;
  for (const StructField& field : type.fields()) {
    fields += (fields.empty() ? "" : ",") + std::string("StructField(") + field.name + "," + ScalaName(field.type) +
              "," + Flag(field.nullable) + ")";
  }
  return "StructType(" + fields + ")";
}

std::string Numbered(const char* name, int first, int second) {
  return std::string(name) + "(" + std::to_string(first) + "," + std::to_string(second) + ")";
}

}  // namespace

std::string ScalaName(const DataType& type) {
  switch (type.id()) {
    case TypeId::kNull: return "NullType";
    case TypeId::kDecimal: return Numbered("DecimalType", type.precision(), type.scale());
    case TypeId::kChar: return "CharType(" + std::to_string(type.length()) + ")";
    case TypeId::kVarchar: return "VarcharType(" + std::to_string(type.length()) + ")";
    case TypeId::kTimestampNtz: return "TimestampNTZType";
    case TypeId::kDayTimeInterval: return Numbered("DayTimeIntervalType", type.start_field(), type.end_field());
    case TypeId::kYearMonthInterval: return Numbered("YearMonthIntervalType", type.start_field(), type.end_field());
    case TypeId::kCalendarInterval: return "CalendarIntervalType";
    case TypeId::kArray: return "ArrayType(" + ScalaName(type.element()) + "," + Flag(type.contains_null()) + ")";
    case TypeId::kMap:
      return "MapType(" + ScalaName(type.key()) + "," + ScalaName(type.value()) + "," + Flag(type.contains_null()) +
             ")";
    case TypeId::kStruct: return StructName(type);
    default: break;
  }
  std::string name = type.Json();  // "integer" with its quotes
  name = name.substr(1, name.size() - 2);
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name + "Type";
}

}  // namespace deltic::types
