// Constant arguments of aggregates, moved from the call into its bind data. They are part of the call's identity: the
// optimiser compares plans by what they serialise to, and would take calls that differ only here for the same. Pure;
// thread-safe.
#pragma once

#include "duckdb.hpp"
#include "duckdb/common/serializer/deserializer.hpp"
#include "duckdb/common/serializer/serializer.hpp"
#include "duckdb/execution/expression_executor.hpp"

namespace deltic::engine::functions {

struct ConstantArguments : duckdb::FunctionData {
  explicit ConstantArguments(duckdb::vector<duckdb::Value> v) : values(std::move(v)) {}
  duckdb::vector<duckdb::Value> values;
  duckdb::unique_ptr<duckdb::FunctionData> Copy() const override {
    return duckdb::make_uniq<ConstantArguments>(values);
  }
  bool Equals(const duckdb::FunctionData& other) const override {
    return values == other.Cast<ConstantArguments>().values;
  }
};

inline const duckdb::vector<duckdb::Value>& ConstantsOf(const duckdb::AggregateInputData& data) {
  return data.bind_data->Cast<ConstantArguments>().values;
}

// Takes the arguments [from, until) out of the call.
template <size_t kFrom, size_t kUntil>
duckdb::unique_ptr<duckdb::FunctionData> BindConstants(duckdb::ClientContext& context,
                                                       duckdb::AggregateFunction& function,
                                                       duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  duckdb::vector<duckdb::Value> values;
  for (size_t i = kFrom; i < kUntil && kFrom < args.size(); i++) {
    values.push_back(duckdb::ExpressionExecutor::EvaluateScalar(context, *args[kFrom]));
    duckdb::Function::EraseArgument(function, args, kFrom);
  }
  return duckdb::make_uniq<ConstantArguments>(std::move(values));
}

inline void SerializeConstants(duckdb::Serializer& out, duckdb::optional_ptr<duckdb::FunctionData> data,
                               const duckdb::AggregateFunction&) {
  out.WriteProperty(100, "constants", data->Cast<ConstantArguments>().values);
}
inline duckdb::unique_ptr<duckdb::FunctionData> DeserializeConstants(duckdb::Deserializer& in,
                                                                     duckdb::AggregateFunction&) {
  return duckdb::make_uniq<ConstantArguments>(in.ReadProperty<duckdb::vector<duckdb::Value>>(100, "constants"));
}

// `function` with the arguments [from, until) constant.
template <size_t kFrom, size_t kUntil>
void TakesConstants(duckdb::AggregateFunction* function) {
  function->SetBindCallback(BindConstants<kFrom, kUntil>);
  function->SetSerializeCallback(SerializeConstants);
  function->SetDeserializeCallback(DeserializeConstants);
}

}  // namespace deltic::engine::functions
