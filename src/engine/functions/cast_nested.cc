// Arrays, maps and structs as text: [1, null], {a -> 1}, {1, x}.
#include "base/json_writer.h"
#include "engine/functions/cast_text.h"
#include "engine/functions/decimal_vector.h"
#include "engine/functions/kernel.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"
#include "engine/functions/zoned_kernel.h"
#include "engine/variant/json.h"
#include "types/data_type.h"

namespace deltic::engine::functions {

void RegisterNestedCasts(duckdb::ExtensionLoader& loader);

namespace {

using types::DataType;
using types::TypeId;

class NestedText {
 public:
  NestedText(const Zone& zone, bool plain_decimals) : zone_(zone), plain_decimals_(plain_decimals) {}

  void Append(const duckdb::Value& v, const DataType& type, std::string* out, int depth = 0) {
    constexpr int kMaxDepth = 128;
    if (depth > kMaxDepth) ThrowStatus(Unsupported("text of a value nested more than 128 levels"));
    if (v.IsNull()) {
      *out += "null";
      return;
    }
    switch (type.id()) {
      case TypeId::kArray: {
        const auto& items = duckdb::ListValue::GetChildren(v);
        *out += '[';
        for (size_t i = 0; i < items.size(); ++i) {
          if (i > 0) *out += ", ";
          Append(items[i], type.element(), out, depth + 1);
        }
        *out += ']';
        return;
      }
      case TypeId::kMap: {
        const auto& items = duckdb::MapValue::GetChildren(v);
        *out += '{';
        for (size_t i = 0; i < items.size(); ++i) {
          const auto& pair = duckdb::StructValue::GetChildren(items[i]);
          if (i > 0) *out += ", ";
          Append(pair[0], type.key(), out, depth + 1);
          *out += " -> ";
          Append(pair[1], type.value(), out, depth + 1);
        }
        *out += '}';
        return;
      }
      case TypeId::kStruct: {
        const auto& items = duckdb::StructValue::GetChildren(v);
        *out += '{';
        for (size_t i = 0; i < items.size(); ++i) {
          if (i > 0) *out += ", ";
          Append(items[i], type.fields()[i].type, out, depth + 1);
        }
        *out += '}';
        return;
      }
      default: *out += Leaf(v, type);
    }
  }

 private:
  static Int128 Unscaled(const duckdb::Value& v) {
    switch (v.type().InternalType()) {
      case duckdb::PhysicalType::INT16: return v.GetValueUnsafe<int16_t>();
      case duckdb::PhysicalType::INT32: return v.GetValueUnsafe<int32_t>();
      case duckdb::PhysicalType::INT64: return v.GetValueUnsafe<int64_t>();
      default: return FromHuge(v.GetValueUnsafe<duckdb::hugeint_t>());
    }
  }

  std::string Leaf(const duckdb::Value& v, const DataType& type) {
    switch (type.id()) {
      case TypeId::kFloat: return JavaFloatToString(v.GetValueUnsafe<float>());
      case TypeId::kDouble: return JavaDoubleToString(v.GetValueUnsafe<double>());
      case TypeId::kDecimal:
        return plain_decimals_ ? DecimalToPlainString(Unscaled(v), type.scale())
                               : DecimalToJavaString(Unscaled(v), type.scale());
      case TypeId::kBinary: return Sanitize(duckdb::StringValue::Get(v));
      case TypeId::kVariant: {
        const auto& parts = duckdb::StructValue::GetChildren(v);
        if (parts[0].IsNull() || parts[1].IsNull()) variant::ThrowMalformedVariant();
        return variant::ToJson({duckdb::StringValue::Get(parts[0]), duckdb::StringValue::Get(parts[1])},
                               ZoneOrThrow("UTC"));  // VariantVal.toString
      }
      case TypeId::kString:
      case TypeId::kChar:
      case TypeId::kVarchar: return duckdb::StringValue::Get(v);
      case TypeId::kDate: return FormatDate(v.GetValueUnsafe<int32_t>());
      case TypeId::kTimestamp: return FormatTimestamp(zone_.ToLocal(v.GetValueUnsafe<int64_t>()));
      case TypeId::kTimestampNtz: return FormatTimestamp(v.GetValueUnsafe<int64_t>());
      case TypeId::kDayTimeInterval:
        return FormatDayTime(v.GetValueUnsafe<int64_t>(), type.start_field(), type.end_field());
      case TypeId::kYearMonthInterval:
        return FormatYearMonth(v.GetValueUnsafe<int32_t>(), type.start_field(), type.end_field());
      case TypeId::kCalendarInterval: {
        auto i = v.GetValueUnsafe<duckdb::interval_t>();
        return FormatCalendar(i.months, i.days, i.micros);
      }
      default: return v.ToString();  // boolean and integers
    }
  }

  const Zone& zone_;
  bool plain_decimals_;
};

}  // namespace

void RegisterNestedCasts(duckdb::ExtensionLoader& loader) {
  AddGeneric(
      loader, "spark_nested_to_string", 4,
      [](const duckdb::vector<duckdb::LogicalType>&) { return duckdb::LogicalType::VARCHAR; },
      [](duckdb::DataChunk& args, duckdb::Vector& result) {
        auto* out = duckdb::FlatVector::GetData<duckdb::string_t>(result);
        if (args.size() == 0) return;
        auto type = DataType::FromJson(duckdb::StringValue::Get(args.data[1].GetValue(0)));
        if (!type.ok()) ThrowStatus(type.status());
        NestedText text(ZoneOrThrow(duckdb::StringValue::Get(args.data[2].GetValue(0))),
                        duckdb::BooleanValue::Get(args.data[3].GetValue(0)));
        for (duckdb::idx_t row = 0; row < args.size(); ++row) {
          duckdb::Value v = args.data[0].GetValue(row);
          if (v.IsNull()) {
            duckdb::FlatVector::SetNull(result, row, true);
            continue;
          }
          std::string line;
          text.Append(v, *type, &line);
          out[row] = duckdb::StringVector::AddString(result, line);
        }
      });
}

}  // namespace deltic::engine::functions
