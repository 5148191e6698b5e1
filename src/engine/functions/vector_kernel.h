// Kernels that DuckDB's own executors run over whole vectors: for the hot operators, where the loop must vectorise.
// A NULL argument gives NULL. The callable takes plain values and returns the result or std::optional of it (none:
// NULL). `may_throw` tells DuckDB not to evaluate rows that nobody asked for. Pure; thread-safe.
#pragma once

#include <optional>
#include <string>
#include <type_traits>

#include "duckdb.hpp"
#include "duckdb/common/vector_operations/binary_executor.hpp"
#include "duckdb/common/vector_operations/unary_executor.hpp"
#include "engine/functions/kernel.h"

namespace deltic::engine::functions {

template <typename A, typename R, typename F>
void RunUnary(duckdb::Vector& input, duckdb::Vector& result, duckdb::idx_t count, bool may_throw, const F& f) {
  using Out = std::invoke_result_t<F, A>;
  if constexpr (std::is_same_v<Out, std::optional<R>>) {
    duckdb::UnaryExecutor::ExecuteWithNulls<A, R>(input, result, count,
                                                  [&](A a, duckdb::ValidityMask& mask, duckdb::idx_t row) {
                                                    Out out = f(a);
                                                    if (out) return *out;
                                                    mask.SetInvalid(row);
                                                    return R();
                                                  });
  } else {
    duckdb::UnaryExecutor::Execute<A, R>(
        input, result, count, f,
        may_throw ? duckdb::FunctionErrors::CAN_THROW_RUNTIME_ERROR : duckdb::FunctionErrors::CANNOT_ERROR);
  }
}

template <typename A, typename B, typename R, typename F>
void RunBinary(duckdb::Vector& left, duckdb::Vector& right, duckdb::Vector& result, duckdb::idx_t count, const F& f) {
  using Out = std::invoke_result_t<F, A, B>;
  if constexpr (std::is_same_v<Out, std::optional<R>>) {
    duckdb::BinaryExecutor::ExecuteWithNulls<A, B, R>(left, right, result, count,
                                                      [&](A a, B b, duckdb::ValidityMask& mask, duckdb::idx_t row) {
                                                        Out out = f(a, b);
                                                        if (out) return *out;
                                                        mask.SetInvalid(row);
                                                        return R();
                                                      });
  } else {
    duckdb::BinaryExecutor::Execute<A, B, R>(left, right, result, count, f);
  }
}

template <typename A, typename R = A, typename F>
void AddUnary(KernelSink& sink, const std::string& name, bool may_throw, F f) {
  duckdb::ScalarFunction function(
      name, {KernelType<A>::Sql()}, KernelType<R>::Sql(),
      [f, may_throw](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
        RunUnary<A, R>(args.data[0], result, args.size(), may_throw, f);
      });
  if (may_throw) function.SetFallible();
  sink.RegisterFunction(std::move(function));
}

template <typename A, typename B = A, typename R = A, typename F>
void AddBinary(KernelSink& sink, const std::string& name, bool may_throw, F f) {
  duckdb::ScalarFunction function(name, {KernelType<A>::Sql(), KernelType<B>::Sql()}, KernelType<R>::Sql(),
                                  [f](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
                                    RunBinary<A, B, R>(args.data[0], args.data[1], result, args.size(), f);
                                  });
  if (may_throw) function.SetFallible();
  sink.RegisterFunction(std::move(function));
}

}  // namespace deltic::engine::functions
