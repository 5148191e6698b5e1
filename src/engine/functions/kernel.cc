#include "engine/functions/kernel.h"

namespace deltic::engine::functions {
namespace {

struct GenericInfo : duckdb::ScalarFunctionInfo {
  explicit GenericInfo(TypeRule r) : rule(std::move(r)) {}
  TypeRule rule;
};

duckdb::unique_ptr<duckdb::FunctionData> BindGeneric(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                     duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& args) {
  duckdb::vector<duckdb::LogicalType> types;
  types.reserve(args.size());
  for (const auto& arg : args) types.push_back(arg->return_type);
  function.SetReturnType(function.GetExtraFunctionInfo().Cast<GenericInfo>().rule(types));
  function.arguments = types;
  return nullptr;
}

}  // namespace

void AddGeneric(KernelSink& sink, const char* name, int arity, TypeRule result_type, VectorKernel kernel) {
  duckdb::vector<duckdb::LogicalType> types;
  for (int i = 0; i < arity; i++) types.push_back(duckdb::LogicalType::ANY);
  duckdb::ScalarFunction function(
      name, std::move(types), duckdb::LogicalType::ANY,
      [kernel](duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
        const bool constant = args.ColumnCount() > 0 && args.AllConstant();
        result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
        if (!constant) {
          kernel(args, result);
          return;
        }
        const auto rows = args.size();
        args.SetCardinality(1);
        kernel(args, result);
        args.SetCardinality(rows);
        result.SetVectorType(duckdb::VectorType::CONSTANT_VECTOR);
      },
      BindGeneric);
  if (arity < 0) function.varargs = duckdb::LogicalType::ANY;
  function.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  function.SetFallible();
  function.SetExtraFunctionInfo(duckdb::make_shared_ptr<GenericInfo>(std::move(result_type)));
  sink.RegisterFunction(std::move(function));
}

}  // namespace deltic::engine::functions
