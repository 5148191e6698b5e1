#include "engine/arrow_types.h"

#include "engine/functions/throw.h"

namespace deltic::engine {
namespace {

using functions::ThrowStatus;

void Check(int code, const char* what) {
  if (code != NANOARROW_OK) ThrowStatus(InternalError(std::string("Arrow schema: ") + what));
}

struct SchemaOptions {
  const std::string& time_zone;
  bool large;
};

void SetField(ArrowSchema* out, const std::string& name, const DataType& type, bool nullable,
              const SchemaOptions& options);

void SetSimple(ArrowSchema* out, ArrowType type) { Check(ArrowSchemaSetType(out, type), "type"); }

void SetStruct(ArrowSchema* out, const std::vector<types::StructField>& fields, const SchemaOptions& options) {
  Check(ArrowSchemaSetTypeStruct(out, static_cast<int64_t>(fields.size())), "struct");
  for (size_t i = 0; i < fields.size(); ++i) {
    SetField(out->children[i], fields[i].name, fields[i].type, fields[i].nullable, options);
  }
}

// What tells a variant from a struct of the same parts: metadata of the field "metadata".
constexpr char kVariantMark[] = "variant";

void SetVariant(ArrowSchema* out, const SchemaOptions& options) {
  SetStruct(out, {{"value", TypeId::kBinary, false}, {"metadata", TypeId::kBinary, false}}, options);
  ArrowBuffer mark;
  Check(ArrowMetadataBuilderInit(&mark, nullptr), "metadata");
  int code = ArrowMetadataBuilderAppend(&mark, ArrowCharView(kVariantMark), ArrowCharView("true"));
  if (code == NANOARROW_OK) code = ArrowSchemaSetMetadata(out->children[1], reinterpret_cast<const char*>(mark.data));
  ArrowBufferReset(&mark);
  Check(code, "metadata");
}

bool IsVariant(const ArrowSchema& field) {
  if (field.n_children != 2) return false;
  const auto is_binary = [](const ArrowSchema& part, std::string_view name) {
    return part.name != nullptr && part.name == name && part.dictionary == nullptr &&
           (std::string_view(part.format) == "z" || std::string_view(part.format) == "Z");
  };
  const ArrowSchema& metadata = *field.children[1];
  if (!is_binary(*field.children[0], "value") || !is_binary(metadata, "metadata")) return false;
  ArrowStringView value = ArrowCharView("");
  return ArrowMetadataGetValue(metadata.metadata, ArrowCharView(kVariantMark), &value) == NANOARROW_OK &&
         std::string_view(value.data, static_cast<size_t>(value.size_bytes)) == "true";
}

void SetType(ArrowSchema* out, const DataType& type, const SchemaOptions& options) {
  switch (type.id()) {
    case TypeId::kNull: return SetSimple(out, NANOARROW_TYPE_NA);
    case TypeId::kBoolean: return SetSimple(out, NANOARROW_TYPE_BOOL);
    case TypeId::kByte: return SetSimple(out, NANOARROW_TYPE_INT8);
    case TypeId::kShort: return SetSimple(out, NANOARROW_TYPE_INT16);
    case TypeId::kInteger: return SetSimple(out, NANOARROW_TYPE_INT32);
    case TypeId::kLong: return SetSimple(out, NANOARROW_TYPE_INT64);
    case TypeId::kFloat: return SetSimple(out, NANOARROW_TYPE_FLOAT);
    case TypeId::kDouble: return SetSimple(out, NANOARROW_TYPE_DOUBLE);
    case TypeId::kDecimal:
      return Check(ArrowSchemaSetTypeDecimal(out, NANOARROW_TYPE_DECIMAL128, type.precision(), type.scale()),
                   "decimal");
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar: return SetSimple(out, options.large ? NANOARROW_TYPE_LARGE_STRING : NANOARROW_TYPE_STRING);
    case TypeId::kBinary: return SetSimple(out, options.large ? NANOARROW_TYPE_LARGE_BINARY : NANOARROW_TYPE_BINARY);
    case TypeId::kDate: return SetSimple(out, NANOARROW_TYPE_DATE32);
    case TypeId::kTimestamp:
      return Check(ArrowSchemaSetTypeDateTime(out, NANOARROW_TYPE_TIMESTAMP, NANOARROW_TIME_UNIT_MICRO,
                                              options.time_zone.c_str()),
                   "timestamp");
    case TypeId::kTimestampNtz:
      return Check(ArrowSchemaSetTypeDateTime(out, NANOARROW_TYPE_TIMESTAMP, NANOARROW_TIME_UNIT_MICRO, nullptr),
                   "timestamp_ntz");
    case TypeId::kDayTimeInterval:
      return Check(ArrowSchemaSetTypeDateTime(out, NANOARROW_TYPE_DURATION, NANOARROW_TIME_UNIT_MICRO, nullptr),
                   "duration");
    case TypeId::kYearMonthInterval: return SetSimple(out, NANOARROW_TYPE_INTERVAL_MONTHS);
    case TypeId::kCalendarInterval: return SetSimple(out, NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO);
    case TypeId::kArray: {
      SetSimple(out, options.large ? NANOARROW_TYPE_LARGE_LIST : NANOARROW_TYPE_LIST);
      SetField(out->children[0], "element", type.element(), type.contains_null(), options);
      return;
    }
    case TypeId::kMap: {
      SetSimple(out, NANOARROW_TYPE_MAP);
      ArrowSchema* entries = out->children[0];
      SetField(entries->children[0], "key", type.key(), false, options);
      SetField(entries->children[1], "value", type.value(), type.contains_null(), options);
      return;
    }
    case TypeId::kStruct: return SetStruct(out, type.fields(), options);
    case TypeId::kVariant: return SetVariant(out, options);
  }
  ThrowStatus(Unsupported("Arrow result of type " + type.Sql()));
}

void SetField(ArrowSchema* out, const std::string& name, const DataType& type, bool nullable,
              const SchemaOptions& options) {
  SetType(out, type, options);
  Check(ArrowSchemaSetName(out, name.c_str()), "name");
  if (nullable || type.Is(TypeId::kNull)) {
    out->flags |= ARROW_FLAG_NULLABLE;
  } else {
    out->flags &= ~static_cast<int64_t>(ARROW_FLAG_NULLABLE);
  }
}

}  // namespace

void ThrowInvalidArrow(const std::string& why) {
  ThrowStatus(Error("CONNECT.INVALID_ARROW", {}, "The Arrow data of the local relation is invalid: " + why));
}

OwnedSchema ToArrowSchema(const std::vector<Column>& columns, const std::string& time_zone, bool large) {
  OwnedSchema out;
  ArrowSchemaInit(out.get());
  SchemaOptions options{time_zone, large};
  Check(ArrowSchemaSetTypeStruct(out.get(), static_cast<int64_t>(columns.size())), "struct");
  Check(ArrowSchemaSetName(out.get(), ""), "name");
  for (size_t i = 0; i < columns.size(); ++i) {
    SetField(out.get()->children[i], columns[i].name, columns[i].type, columns[i].nullable, options);
  }
  return out;
}

void DropVoidBuffers(const DataType& type, ArrowArray* array) {
  switch (type.id()) {
    case TypeId::kNull:
      array->n_buffers = 0;
      array->null_count = array->length;
      break;
    case TypeId::kArray: DropVoidBuffers(type.element(), array->children[0]); break;
    case TypeId::kMap:
      DropVoidBuffers(type.key(), array->children[0]->children[0]);
      DropVoidBuffers(type.value(), array->children[0]->children[1]);
      break;
    case TypeId::kStruct:
      for (size_t i = 0; i < type.fields().size(); ++i) {
        DropVoidBuffers(type.fields()[i].type, array->children[i]);
      }
      break;
    default: break;
  }
}

DataType FromArrowField(const ArrowSchema& field) {
  if (field.dictionary != nullptr) return FromArrowField(*field.dictionary);
  ArrowSchemaView view;
  ArrowError error;
  if (ArrowSchemaViewInit(&view, &field, &error) != NANOARROW_OK) ThrowInvalidArrow(error.message);
  auto nullable = [](const ArrowSchema& f) { return (f.flags & ARROW_FLAG_NULLABLE) != 0; };
  switch (view.type) {
    case NANOARROW_TYPE_NA: return TypeId::kNull;
    case NANOARROW_TYPE_BOOL: return TypeId::kBoolean;
    case NANOARROW_TYPE_INT8: return TypeId::kByte;
    case NANOARROW_TYPE_UINT8:
    case NANOARROW_TYPE_INT16: return TypeId::kShort;
    case NANOARROW_TYPE_UINT16:
    case NANOARROW_TYPE_INT32: return TypeId::kInteger;
    case NANOARROW_TYPE_UINT32:
    case NANOARROW_TYPE_INT64: return TypeId::kLong;
    case NANOARROW_TYPE_UINT64: return DataType::Decimal(20, 0);
    case NANOARROW_TYPE_HALF_FLOAT:
    case NANOARROW_TYPE_FLOAT: return TypeId::kFloat;
    case NANOARROW_TYPE_DOUBLE: return TypeId::kDouble;
    case NANOARROW_TYPE_DECIMAL32:
    case NANOARROW_TYPE_DECIMAL64:
    case NANOARROW_TYPE_DECIMAL128: return DataType::Decimal(view.decimal_precision, view.decimal_scale);
    case NANOARROW_TYPE_STRING:
    case NANOARROW_TYPE_LARGE_STRING:
    case NANOARROW_TYPE_STRING_VIEW: return TypeId::kString;
    case NANOARROW_TYPE_BINARY:
    case NANOARROW_TYPE_LARGE_BINARY:
    case NANOARROW_TYPE_BINARY_VIEW:
    case NANOARROW_TYPE_FIXED_SIZE_BINARY: return TypeId::kBinary;
    case NANOARROW_TYPE_DATE32:
    case NANOARROW_TYPE_DATE64: return TypeId::kDate;
    case NANOARROW_TYPE_TIMESTAMP:
      return view.timezone != nullptr && view.timezone[0] != '\0' ? TypeId::kTimestamp : TypeId::kTimestampNtz;
    case NANOARROW_TYPE_DURATION: return DataType::DayTimeInterval();
    case NANOARROW_TYPE_INTERVAL_MONTHS: return DataType::YearMonthInterval();
    case NANOARROW_TYPE_INTERVAL_MONTH_DAY_NANO:
    case NANOARROW_TYPE_INTERVAL_DAY_TIME: return TypeId::kCalendarInterval;
    case NANOARROW_TYPE_LIST:
    case NANOARROW_TYPE_LARGE_LIST:
    case NANOARROW_TYPE_LIST_VIEW:
    case NANOARROW_TYPE_LARGE_LIST_VIEW:
    case NANOARROW_TYPE_FIXED_SIZE_LIST:
      return DataType::Array(FromArrowField(*field.children[0]), nullable(*field.children[0]));
    case NANOARROW_TYPE_MAP: {
      const ArrowSchema& entries = *field.children[0];
      return DataType::Map(FromArrowField(*entries.children[0]), FromArrowField(*entries.children[1]),
                           nullable(*entries.children[1]));
    }
    case NANOARROW_TYPE_STRUCT:
      if (IsVariant(field)) return TypeId::kVariant;
      return DataType::Struct(FromArrowSchema(field));
    default: break;
  }
  ThrowStatus(Error("UNSUPPORTED_ARROWTYPE", {{"typeName", field.format == nullptr ? "" : field.format}},
                    std::string("Unsupported Arrow type ") + ArrowTypeString(view.type)));
}

std::vector<types::StructField> FromArrowSchema(const ArrowSchema& schema) {
  std::vector<types::StructField> out;
  for (int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& child = *schema.children[i];
    out.push_back(
        {child.name == nullptr ? "" : child.name, FromArrowField(child), (child.flags & ARROW_FLAG_NULLABLE) != 0});
  }
  return out;
}

}  // namespace deltic::engine
