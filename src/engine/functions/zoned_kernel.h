// Kernels that need a time zone: spark_name(value, zone text). The zone is looked up once per vector when it is
// constant, as it is in every plan. Pure; thread-safe.
#pragma once

#include "engine/functions/throw.h"
#include "engine/functions/time_zone.h"
#include "engine/functions/vector_kernel.h"

namespace deltic::engine::functions {

inline const Zone& ZoneOrThrow(std::string_view id) {
  auto zone = Zone::Find(id);
  if (!zone.ok()) ThrowStatus(zone.status());
  return **zone;
}

// f(value, zone, span) → R; `span` caches the zone's offset between rows.
template <typename A, typename R, typename F>
void AddZoned(KernelSink& sink, const std::string& name, F f) {
  duckdb::ScalarFunction function(
      name, {KernelType<A>::Sql(), duckdb::LogicalType::VARCHAR}, KernelType<R>::Sql(),
      [f](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
        duckdb::UnifiedVectorFormat zones;
        args.data[1].ToUnifiedFormat(args.size(), zones);
        if (args.data[1].GetVectorType() != duckdb::VectorType::CONSTANT_VECTOR) {
          RunBinary<A, duckdb::string_t, R>(args.data[0], args.data[1], result, args.size(),
                                            [&f](A a, duckdb::string_t id) {
                                              ZoneSpan span;
                                              return f(a, ZoneOrThrow({id.GetData(), id.GetSize()}), &span);
                                            });
          return;
        }
        if (duckdb::ConstantVector::IsNull(args.data[1])) {
          result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
          duckdb::ConstantVector::SetNull(result, true);
          return;
        }
        const auto& id = duckdb::ConstantVector::GetData<duckdb::string_t>(args.data[1])[0];
        const Zone& zone = ZoneOrThrow({id.GetData(), id.GetSize()});
        ZoneSpan span;
        RunUnary<A, R>(args.data[0], result, args.size(), true, [&](A a) { return f(a, zone, &span); });
      });
  function.SetFallible();
  sink.RegisterFunction(std::move(function));
}

}  // namespace deltic::engine::functions
