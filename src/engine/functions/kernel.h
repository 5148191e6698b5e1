// How scalar kernels are written: a C++ lambda over plain values becomes a DuckDB scalar function.
//
// Add(sink, "spark_name", [](std::string_view s, int32_t n) -> std::optional<std::string> {…}) registers a
// function whose SQL signature follows from the C++ one. A NULL argument gives NULL unless the parameter is
// std::optional. Errors are thrown with ThrowStatus. Kernels must be pure and thread-safe; views into
// arguments are valid during the call only.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "duckdb.hpp"
#include "duckdb/main/extension/extension_loader.hpp"

namespace deltic::engine::functions {

// Where functions go; those of one name must be registered as one set (AddOverloads).
using KernelSink = duckdb::ExtensionLoader;

struct Bytes {  // a BLOB argument
  std::string_view v;
};
struct BytesOut {  // a BLOB result
  std::string v;
};

template <typename T>
struct KernelType {  // fixed-width values are stored as themselves
  using Storage = T;
  static T Read(const T& value) { return value; }
  static void Write(duckdb::Vector&, T* slot, T value) { *slot = value; }
  static duckdb::LogicalType Sql() {
    using duckdb::LogicalType;
    if constexpr (std::is_same_v<T, bool>)
      return LogicalType::BOOLEAN;
    else if constexpr (std::is_same_v<T, int8_t>)
      return LogicalType::TINYINT;
    else if constexpr (std::is_same_v<T, int16_t>)
      return LogicalType::SMALLINT;
    else if constexpr (std::is_same_v<T, int32_t>)
      return LogicalType::INTEGER;
    else if constexpr (std::is_same_v<T, int64_t>)
      return LogicalType::BIGINT;
    else if constexpr (std::is_same_v<T, float>)
      return LogicalType::FLOAT;
    else if constexpr (std::is_same_v<T, double>)
      return LogicalType::DOUBLE;
    else if constexpr (std::is_same_v<T, duckdb::date_t>)
      return LogicalType::DATE;
    else if constexpr (std::is_same_v<T, duckdb::timestamp_t>)
      return LogicalType::TIMESTAMP;
    else if constexpr (std::is_same_v<T, duckdb::timestamp_tz_t>)
      return LogicalType::TIMESTAMP_TZ;
    else if constexpr (std::is_same_v<T, duckdb::interval_t>)
      return LogicalType::INTERVAL;
    else
      static_assert(sizeof(T) == 0, "no SQL type");
  }
};
template <>
struct KernelType<std::string_view> {
  using Storage = duckdb::string_t;
  static std::string_view Read(const duckdb::string_t& s) { return {s.GetData(), s.GetSize()}; }
  static void Write(duckdb::Vector& result, duckdb::string_t* slot, std::string_view v) {
    *slot = duckdb::StringVector::AddStringOrBlob(result, v.data(), v.size());
  }
  static duckdb::LogicalType Sql() { return duckdb::LogicalType::VARCHAR; }
};
template <>
struct KernelType<std::string> : KernelType<std::string_view> {};
template <>
struct KernelType<Bytes> {
  using Storage = duckdb::string_t;
  static Bytes Read(const duckdb::string_t& s) { return {{s.GetData(), s.GetSize()}}; }
  static duckdb::LogicalType Sql() { return duckdb::LogicalType::BLOB; }
};
template <>
struct KernelType<BytesOut> {
  using Storage = duckdb::string_t;
  static void Write(duckdb::Vector& result, duckdb::string_t* slot, const BytesOut& b) {
    *slot = duckdb::StringVector::AddStringOrBlob(result, b.v.data(), b.v.size());
  }
  static duckdb::LogicalType Sql() { return duckdb::LogicalType::BLOB; }
};

template <typename T>
struct OptionalOf {
  using Type = T;
  static constexpr bool kIs = false;
};
template <typename T>
struct OptionalOf<std::optional<T>> {
  using Type = T;
  static constexpr bool kIs = true;
};

template <typename F>
struct LambdaTraits : LambdaTraits<decltype(&F::operator())> {};
template <typename C, typename R, typename... A>
struct LambdaTraits<R (C::*)(A...) const> {
  using Result = R;
  using Args = std::tuple<A...>;
};

template <typename T>
auto ReadArgument(const duckdb::UnifiedVectorFormat& format, duckdb::idx_t row) {
  using Plain = typename OptionalOf<T>::Type;
  const auto index = format.sel->get_index(row);
  const auto* data = duckdb::UnifiedVectorFormat::GetData<typename KernelType<Plain>::Storage>(format);
  if constexpr (OptionalOf<T>::kIs) {
    return format.validity.RowIsValid(index) ? T(KernelType<Plain>::Read(data[index])) : T();
  } else {
    return KernelType<Plain>::Read(data[index]);
  }
}

template <typename F, typename... A, size_t... I>
void RunKernel(const F& f, duckdb::DataChunk& args, duckdb::Vector& result, std::tuple<A...>*,
               std::index_sequence<I...>) {
  using Result = typename LambdaTraits<F>::Result;
  using Plain = typename OptionalOf<Result>::Type;
  using Storage = typename KernelType<Plain>::Storage;
  const bool constant = args.AllConstant();
  const duckdb::idx_t rows = constant ? 1 : args.size();
  std::array<duckdb::UnifiedVectorFormat, sizeof...(A)> formats;
  (args.data[I].ToUnifiedFormat(args.size(), formats[I]), ...);
  result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
  auto* out = duckdb::FlatVector::GetData<Storage>(result);
  for (duckdb::idx_t row = 0; row < rows; row++) {
    const bool valid = ((OptionalOf<A>::kIs || formats[I].validity.RowIsValid(formats[I].sel->get_index(row))) && ...);
    if (!valid) {
      duckdb::FlatVector::SetNull(result, row, true);
      continue;
    }
    if constexpr (OptionalOf<Result>::kIs) {
      Result value = f(ReadArgument<A>(formats[I], row)...);
      if (value.has_value()) {
        KernelType<Plain>::Write(result, &out[row], *value);
      } else {
        duckdb::FlatVector::SetNull(result, row, true);
      }
    } else {
      KernelType<Plain>::Write(result, &out[row], f(ReadArgument<A>(formats[I], row)...));
    }
  }
  if (constant) result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
}

template <typename... A>
duckdb::vector<duckdb::LogicalType> SqlTypesOf(std::tuple<A...>*) {
  return {KernelType<typename OptionalOf<A>::Type>::Sql()...};
}

template <typename F>
void Add(KernelSink& sink, const char* name, F f) {
  using Traits = LambdaTraits<F>;
  using Args = typename Traits::Args;
  constexpr Args* kNoArgs = nullptr;
  duckdb::ScalarFunction function(
      name, SqlTypesOf(kNoArgs), KernelType<typename OptionalOf<typename Traits::Result>::Type>::Sql(),
      [f](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
        RunKernel(f, args, result, static_cast<Args*>(nullptr), std::make_index_sequence<std::tuple_size_v<Args>>());
      });
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  function.SetFallible();
  sink.RegisterFunction(std::move(function));
}

// --- kernels over whole vectors ---------------------------------------------------------------------
using TypeRule = std::function<duckdb::LogicalType(const duckdb::vector<duckdb::LogicalType>& args)>;
using VectorKernel = std::function<void(duckdb::DataChunk& args, duckdb::Vector& result)>;

// A function of `arity` arguments of any type (-1: any number) whose result type follows from theirs. The kernel
// sees flat results of args.size() rows and handles NULLs itself.
void AddGeneric(KernelSink& sink, const char* name, int arity, TypeRule result_type, VectorKernel kernel);

}  // namespace deltic::engine::functions
