// Variants as values of other types: what Spark's VariantGet.cast does, which is its ANSI cast with NULL for a failure.
#include <cmath>
#include <limits>

#include "base/clock.h"
#include "base/json_writer.h"
#include "engine/functions/cast_text.h"
#include "engine/functions/decimal_vector.h"
#include "engine/functions/runtime_errors.h"
#include "engine/functions/throw.h"
#include "engine/variant/json.h"
#include "engine/variant/vectors.h"

namespace deltic::engine::variant {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using functions::kMicrosPerDay;
using functions::kMicrosPerSecond;
using std::string;
using std::string_view;

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// Beyond the range of timestamps: CAST's own error, also where a failed cast is NULL.
int64_t StartOfDay(int64_t days) {
  int64_t micros = 0;
  if (__builtin_mul_overflow(days, kMicrosPerDay, &micros)) functions::ThrowOverflow("long");
  return micros;
}

string UuidText(const VariantView& view, const functions::Zone& zone) {
  const string quoted = ToJson(view, zone);
  return quoted.substr(1, quoted.size() - 2);
}

template <typename T>
std::optional<T> RealToInteger(double value) {
  const double above =
      std::is_same_v<T, int64_t> ? 9223372036854775808.0 : static_cast<double>(std::numeric_limits<T>::max()) + 1.0;
  const auto least = static_cast<double>(std::numeric_limits<T>::min());
  if (!(std::floor(value) < above && std::ceil(value) >= least)) return std::nullopt;
  return static_cast<T>(value);
}

template <typename T, typename From>
std::optional<T> Narrowed(From value) {
  if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) return std::nullopt;
  return static_cast<T>(value);
}

template <typename T>
std::optional<T> AsInteger(const VariantView& view) {
  switch (view.kind()) {
    case Kind::kBoolean: return static_cast<T>(view.Boolean() ? 1 : 0);
    case Kind::kLong: return Narrowed<T>(view.Long());
    case Kind::kString: {
      const auto value = functions::ParseIntegral(view.Text(), false);
      return value ? Narrowed<T>(*value) : std::nullopt;
    }
    case Kind::kDouble: return RealToInteger<T>(view.Double());
    case Kind::kFloat: return RealToInteger<T>(view.Float());
    case Kind::kDecimal: {
      const VariantDecimal value = view.Decimal();
      return Narrowed<T>(value.unscaled / functions::Pow10(value.scale));
    }
    case Kind::kTimestamp: return Narrowed<T>(FloorDivide(view.Long(), kMicrosPerSecond));
    default: return std::nullopt;
  }
}

template <typename T>
std::optional<T> AsReal(const VariantView& view) {
  switch (view.kind()) {
    case Kind::kBoolean: return view.Boolean() ? T{1} : T{0};
    case Kind::kLong: return static_cast<T>(view.Long());
    case Kind::kString:
      if constexpr (std::is_same_v<T, float>)
        return functions::ParseFloat(view.Text());
      else
        return functions::ParseDouble(view.Text());
    case Kind::kDouble: return static_cast<T>(view.Double());
    case Kind::kFloat: return T{view.Float()};
    case Kind::kDecimal: {
      const VariantDecimal value = StripZeros(view.Decimal());
      return static_cast<T>(functions::DecimalToDouble(value.unscaled, value.scale));
    }
    case Kind::kTimestamp: return static_cast<T>(static_cast<double>(view.Long()) / kMicrosPerSecond);
    default: return std::nullopt;
  }
}

std::optional<Int128> AsDecimal(const VariantView& view, DecimalShape shape) {
  const auto of_double = [&](double value) {
    return std::isfinite(value) ? functions::DoubleToDecimal(value, shape) : std::nullopt;
  };
  const auto rescaled = [&](Int128 unscaled, int scale) {
    return functions::Rescale(unscaled, scale, shape.scale, shape.precision);
  };
  switch (view.kind()) {
    case Kind::kBoolean: return rescaled(view.Boolean() ? 1 : 0, 0);
    case Kind::kLong: return rescaled(view.Long(), 0);
    case Kind::kString: {
      bool valid = false;
      return functions::ParseDecimal(functions::TrimAll(view.Text()), shape, &valid);
    }
    case Kind::kDouble: return of_double(view.Double());
    case Kind::kFloat: return of_double(view.Float());
    case Kind::kDecimal: {
      const VariantDecimal value = view.Decimal();
      return rescaled(value.unscaled, value.scale);
    }
    case Kind::kTimestamp: return of_double(static_cast<double>(view.Long()) / kMicrosPerSecond);
    default: return std::nullopt;
  }
}

std::optional<bool> AsBoolean(const VariantView& view) {
  switch (view.kind()) {
    case Kind::kBoolean: return view.Boolean();
    case Kind::kLong: return view.Long() != 0;
    case Kind::kString: return functions::ParseBoolean(view.Text());
    case Kind::kDouble: return view.Double() != 0;
    case Kind::kFloat: return view.Float() != 0;
    case Kind::kDecimal: return view.Decimal().unscaled != 0;
    default: return std::nullopt;
  }
}

std::optional<int32_t> AsDate(const VariantView& view, const functions::Zone& zone) {
  switch (view.kind()) {
    case Kind::kString: return functions::ParseDate(view.Text());
    case Kind::kDate: return static_cast<int32_t>(view.Long());
    case Kind::kTimestamp: return static_cast<int32_t>(FloorDivide(zone.ToLocal(view.Long()), kMicrosPerDay));
    case Kind::kTimestampNtz: return static_cast<int32_t>(FloorDivide(view.Long(), kMicrosPerDay));
    default: return std::nullopt;
  }
}

std::optional<int64_t> DecimalSeconds(VariantDecimal value) {
  const auto micros = functions::Rescale(functions::WideProduct(value.unscaled, kMicrosPerSecond), value.scale, 0, 38,
                                         functions::Rounding::kDown);
  return micros ? Narrowed<int64_t>(*micros) : std::nullopt;
}

std::optional<int64_t> AsTimestamp(const VariantView& view, const functions::Zone& zone) {
  switch (view.kind()) {
    case Kind::kString: return functions::ParseTimestamp(view.Text(), zone, Clock::System()->NowMicros());
    case Kind::kDate: return zone.ToUtc(StartOfDay(view.Long()));
    case Kind::kTimestamp: return view.Long();
    case Kind::kTimestampNtz: return zone.ToUtc(view.Long());
    case Kind::kLong: {
      int64_t micros = 0;
      if (__builtin_mul_overflow(view.Long(), kMicrosPerSecond, &micros)) return std::nullopt;
      return micros;
    }
    case Kind::kDecimal: return DecimalSeconds(view.Decimal());
    case Kind::kDouble: return RealToInteger<int64_t>(view.Double() * kMicrosPerSecond);
    case Kind::kFloat: return RealToInteger<int64_t>(double{view.Float()} * kMicrosPerSecond);
    default: return std::nullopt;
  }
}

std::optional<int64_t> AsTimestampNtz(const VariantView& view, const functions::Zone& zone) {
  switch (view.kind()) {
    case Kind::kString: return functions::ParseTimestampNtz(view.Text());
    case Kind::kDate: return StartOfDay(view.Long());
    case Kind::kTimestamp: return zone.ToLocal(view.Long());
    case Kind::kTimestampNtz: return view.Long();
    default: return std::nullopt;
  }
}

string AsText(const VariantView& view, const functions::Zone& zone) {
  switch (view.kind()) {
    case Kind::kString:
    case Kind::kBinary: return string(view.Text());
    case Kind::kDouble: return JavaDoubleToString(view.Double());
    case Kind::kFloat: return JavaFloatToString(view.Float());
    case Kind::kDate: return functions::FormatDate(static_cast<int32_t>(view.Long()));
    case Kind::kTimestamp: return functions::FormatTimestamp(zone.ToLocal(view.Long()));
    case Kind::kTimestampNtz: return functions::FormatTimestamp(view.Long());
    case Kind::kUuid: return UuidText(view, zone);
    default: return ToJson(view, zone);  // numbers and booleans look the same
  }
}

class Caster {
 public:
  Caster(const VariantView& root, const CastOptions& options) : options_(options), descent_(root) {}

  void Store(const VariantView& view, const DataType& type, duckdb::Vector& out, idx_t at) {
    const Kind kind = view.kind();
    if (type.Is(TypeId::kVariant)) {  // its dictionary keeps the names that it has
      builder_.Reset();
      builder_.Append(view, &descent_);
      return StoreVariant(builder_, out, at);
    }
    if (type.Is(TypeId::kString) && (kind == Kind::kObject || kind == Kind::kArray)) {
      return StoreText(ToJson(view, options_.zone, &descent_), out, at);
    }
    const Descent::Level level(&descent_, view);
    if (view.IsNull()) return FlatVector::SetNull(out, at, true);
    if (StoreValue(view, type, out, at)) return;
    if (options_.fail) {
      functions::ThrowStatus(Error("INVALID_VARIANT_CAST",
                                   {{"value", ToJson(view, options_.zone)}, {"dataType", "\"" + type.Sql() + "\""}}));
    }
    FlatVector::SetNull(out, at, true);
  }

 private:
  bool StoreValue(const VariantView& view, const DataType& type, duckdb::Vector& out, idx_t at) {
    const Kind kind = view.kind();
    switch (type.id()) {
      case TypeId::kArray:
        if (kind == Kind::kArray) Array(view, type, out, at);
        return kind == Kind::kArray;
      case TypeId::kMap:
        if (kind == Kind::kObject) Map(view, type, out, at);
        return kind == Kind::kObject;
      case TypeId::kStruct:
        if (kind == Kind::kObject) Struct(view, type, out, at);
        return kind == Kind::kObject;
      case TypeId::kString: StoreText(AsText(view, options_.zone), out, at); return true;
      default:
        if (kind == Kind::kObject || kind == Kind::kArray || kind == Kind::kUuid) return false;
        return Scalar(view, type, out, at);
    }
  }

  void Array(const VariantView& view, const DataType& type, duckdb::Vector& out, idx_t at) {
    const idx_t offset = duckdb::ListVector::GetListSize(out);
    const size_t size = view.size();
    for (size_t i = 0; i < size; i++) {
      const idx_t slot = AppendSlot(out);
      Store(view.Element(i), type.element(), duckdb::ListVector::GetEntry(out), slot);
    }
    FlatVector::GetData<duckdb::list_entry_t>(out)[at] = {offset, size};
  }

  void Map(const VariantView& view, const DataType& type, duckdb::Vector& out, idx_t at) {
    const idx_t offset = duckdb::ListVector::GetListSize(out);
    const size_t size = view.size();
    for (size_t i = 0; i < size; i++) {
      const idx_t slot = AppendSlot(out);
      StoreText(view.Key(i), duckdb::MapVector::GetKeys(out), slot);
      Store(view.Field(i), type.value(), duckdb::MapVector::GetValues(out), slot);
    }
    FlatVector::GetData<duckdb::list_entry_t>(out)[at] = {offset, size};
  }

  void Struct(const VariantView& view, const DataType& type, duckdb::Vector& out, idx_t at) {
    auto& parts = duckdb::StructVector::GetEntries(out);
    for (auto& part : parts) FlatVector::SetNull(*part, at, true);
    const size_t size = view.size();
    for (size_t i = 0; i < size; i++) {
      const string_view key = view.Key(i);
      for (size_t f = 0; f < type.fields().size(); f++) {
        if (type.fields()[f].name != key) continue;
        MakeValid(*parts[f], at);
        Store(view.Field(i), type.fields()[f].type, *parts[f], at);
      }
    }
  }

  template <typename T>
  static bool Put(const std::optional<T>& value, duckdb::Vector& out, idx_t at) {
    if (value) FlatVector::GetData<T>(out)[at] = *value;
    return value.has_value();
  }

  bool Scalar(const VariantView& view, const DataType& type, duckdb::Vector& out, idx_t at) {
    switch (type.id()) {
      case TypeId::kBoolean: return Put(AsBoolean(view), out, at);
      case TypeId::kByte: return Put(AsInteger<int8_t>(view), out, at);
      case TypeId::kShort: return Put(AsInteger<int16_t>(view), out, at);
      case TypeId::kInteger: return Put(AsInteger<int32_t>(view), out, at);
      case TypeId::kLong: return Put(AsInteger<int64_t>(view), out, at);
      case TypeId::kFloat: return Put(AsReal<float>(view), out, at);
      case TypeId::kDouble: return Put(AsReal<double>(view), out, at);
      case TypeId::kDate: return Put(AsDate(view, options_.zone), out, at);
      case TypeId::kTimestamp: return Put(AsTimestamp(view, options_.zone), out, at);
      case TypeId::kTimestampNtz: return Put(AsTimestampNtz(view, options_.zone), out, at);
      case TypeId::kDecimal: {
        const auto value = AsDecimal(view, {type.precision(), type.scale()});
        if (!value) return false;
        functions::WithPhysical(type.precision(), [&](auto physical) {
          using P = decltype(physical);
          FlatVector::GetData<P>(out)[at] = functions::StoreDecimal<P>(*value);
        });
        return true;
      }
      case TypeId::kBinary: {
        if (view.kind() != Kind::kString && view.kind() != Kind::kBinary) return false;
        const string_view bytes = view.Text();
        FlatVector::GetData<duckdb::string_t>(out)[at] =
            duckdb::StringVector::AddStringOrBlob(out, bytes.data(), bytes.size());
        return true;
      }
      default: return false;
    }
  }

  const CastOptions& options_;
  Descent descent_;
  VariantBuilder builder_;
};

}  // namespace

void StoreAs(const VariantView& view, const DataType& type, const CastOptions& options, duckdb::Vector& out, idx_t at) {
  Caster(view, options).Store(view, type, out, at);
}

}  // namespace deltic::engine::variant
