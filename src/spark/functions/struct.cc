// Rows of the struct family.
#include "spark/functions/coercion.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeCall;
using engine::MakeString;

Result<ExprPtr> BuildNamedStruct(const FunctionCall& call, const FunctionContext&) {
  if (call.args.size() % 2 != 0) {
    return Error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION", {{"functionName", "`named_struct`"},
                                                       {"expectedNum", "2n (n > 0)"},
                                                       {"actualNum", std::to_string(call.args.size())},
                                                       {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  std::vector<types::StructField> fields;
  for (size_t i = 0; i < call.args.size(); i += 2) {
    const auto name = ConstantString(call.args[i]);
    if (!name.has_value()) {
      return Error("DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING",
                   {{"sqlExpr", "\"named_struct\""}, {"inputExprs", "[\"" + ExprSql(call.args[i]) + "\"]"}});
    }
    fields.push_back({*name, call.args[i + 1]->type, call.args[i + 1]->nullable});
  }
  return MakeCall("named_struct", call.args, DataType::Struct(std::move(fields)), false);
}

// struct(…) of expressions without names: col1, col2, … (the resolver names attributes itself).
Result<ExprPtr> BuildStruct(const FunctionCall& call, const FunctionContext& context) {
  FunctionCall named = call;
  named.args.clear();
  for (size_t i = 0; i < call.args.size(); i++) {
    named.args.push_back(MakeString("col" + std::to_string(i + 1)));
    named.args.push_back(call.args[i]);
  }
  return BuildNamedStruct(named, context);
}

}  // namespace

std::span<const FunctionRow> StructFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("named_struct", {}, 2, -1, BuildNamedStruct, "1.5.0", "Struct of names and values."),
      Row("struct", {}, 1, -1, BuildStruct, "1.4.0", "Struct of the arguments."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
