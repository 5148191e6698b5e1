#include "engine/variant/schema.h"

#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"

namespace deltic::engine::variant {
namespace {

using types::DataType;
using types::StructField;
using types::TypeId;

constexpr int kMaxPrecision = 38;
constexpr int kLongDigits = 20;  // of a BIGINT beside decimals

DataType OfDecimal(const VariantView& view) {
  const VariantDecimal value = StripZeros(view.Decimal());
  return DataType::Decimal(std::max(DigitsOf(value.unscaled), value.scale), value.scale);
}

DataType OfPart(const VariantView& view, Descent* descent) {
  const Descent::Level level(descent, view);
  const size_t size = view.kind() == Kind::kObject || view.kind() == Kind::kArray ? view.size() : 0;
  switch (view.kind()) {
    case Kind::kObject: {
      std::vector<StructField> fields;
      for (size_t i = 0; i < size; i++) {
        if (i > 0 && CompareJava(view.Key(i - 1), view.Key(i)) >= 0) ThrowMalformedVariant();
        fields.push_back({functions::Sanitize(view.Key(i)), OfPart(view.Field(i), descent)});
      }
      return DataType::Struct(std::move(fields));
    }
    case Kind::kArray: {
      DataType element;
      for (size_t i = 0; i < size; i++) element = MergeSchemas(element, OfPart(view.Element(i), descent));
      return DataType::Array(element);
    }
    case Kind::kNull: return TypeId::kNull;
    case Kind::kBoolean: return TypeId::kBoolean;
    case Kind::kLong: return TypeId::kLong;
    case Kind::kString: return TypeId::kString;
    case Kind::kDouble: return TypeId::kDouble;
    case Kind::kDecimal: return OfDecimal(view);
    case Kind::kDate: return TypeId::kDate;
    case Kind::kTimestamp: return TypeId::kTimestamp;
    case Kind::kTimestampNtz: return TypeId::kTimestampNtz;
    case Kind::kFloat: return TypeId::kFloat;
    case Kind::kBinary: return TypeId::kBinary;
    case Kind::kUuid: break;
  }
  functions::ThrowStatus(Unsupported("the schema of a variant that holds a UUID"));
}

DataType MergeNumbers(const DataType& a, const DataType& b) {
  if (a.Is(TypeId::kDouble) || b.Is(TypeId::kDouble)) return TypeId::kDouble;
  if (a.Is(TypeId::kFloat) || b.Is(TypeId::kFloat)) {
    return a.Is(TypeId::kDecimal) || b.Is(TypeId::kDecimal) ? TypeId::kDouble : TypeId::kFloat;
  }
  const auto shape = [](const DataType& t) { return t.Is(TypeId::kDecimal) ? t : DataType::Decimal(kLongDigits, 0); };
  const DataType x = shape(a);
  const DataType y = shape(b);
  const int scale = std::max(x.scale(), y.scale());
  const int range = std::max(x.precision() - x.scale(), y.precision() - y.scale());
  return range + scale > kMaxPrecision ? DataType(TypeId::kDouble) : DataType::Decimal(range + scale, scale);
}

DataType MergeObjects(const DataType& a, const DataType& b) {
  const auto& left = a.fields();
  const auto& right = b.fields();
  std::vector<StructField> out;
  size_t i = 0;
  size_t j = 0;
  while (i < left.size() || j < right.size()) {
    const int order = i == left.size() ? 1 : j == right.size() ? -1 : CompareJava(left[i].name, right[j].name);
    if (order == 0) {
      out.push_back({left[i].name, MergeSchemas(left[i].type, right[j].type)});
      i++;
      j++;
    } else {
      out.push_back(order < 0 ? left[i++] : right[j++]);
    }
  }
  return DataType::Struct(std::move(out));
}

}  // namespace

DataType SchemaOf(const VariantView& view) {
  Descent descent(view);
  return OfPart(view, &descent);
}

DataType MergeSchemas(const DataType& a, const DataType& b) {
  if (a == b || b.Is(TypeId::kNull)) return a;
  if (a.Is(TypeId::kNull)) return b;
  if (a.IsNumeric() && b.IsNumeric()) return MergeNumbers(a, b);
  if (a.Is(TypeId::kStruct) && b.Is(TypeId::kStruct)) return MergeObjects(a, b);
  if (a.Is(TypeId::kArray) && b.Is(TypeId::kArray)) return DataType::Array(MergeSchemas(a.element(), b.element()));
  const auto is_time = [](const DataType& t) {
    return t.Is(TypeId::kDate) || t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz);
  };
  if (is_time(a) && is_time(b)) {
    const bool instant = a.Is(TypeId::kTimestamp) || b.Is(TypeId::kTimestamp);
    return instant ? TypeId::kTimestamp : TypeId::kTimestampNtz;
  }
  return TypeId::kVariant;
}

std::string SchemaSql(const DataType& type) {
  if (type.Is(TypeId::kArray)) return "ARRAY<" + SchemaSql(type.element()) + ">";
  if (!type.Is(TypeId::kStruct)) return type.Sql();
  std::string out = "OBJECT<";
  for (size_t i = 0; i < type.fields().size(); i++) {
    const auto& field = type.fields()[i];
    out += (i > 0 ? ", " : "") + types::QuoteIfNeeded(field.name) + ": " + SchemaSql(field.type);
  }
  return out + ">";
}

}  // namespace deltic::engine::variant
