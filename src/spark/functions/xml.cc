// XPath.
#include "spark/functions/coercion.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

ScalarBuilder XPath(const char* kernel, DataType result) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    std::vector<ExprPtr> args;
    for (size_t i = 0; i < 2; i++) {
      // No implicit casts but of NULL.
      if (!call.args[i]->type.IsString() && !call.args[i]->type.Is(TypeId::kNull)) {
        return UnexpectedInputType(call, i, "\"STRING\"");
      }
      ASSIGN_OR_RETURN(auto arg, CoerceTo(call, i, Arg::kString, context));
      args.push_back(std::move(arg));
    }
    if (!engine::IsLiteral(args[1])) {
      return Error("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT", {{"sqlExpr", "\"" + CallSql(call) + "\""},
                                                            {"inputName", "path"},
                                                            {"inputType", "\"STRING\""},
                                                            {"inputExpr", "\"" + ExprSql(call.args[1]) + "\""}});
    }
    return Exact(kernel, std::move(args), result, true);
  };
}

}  // namespace

std::span<const FunctionRow> XmlFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("xpath", {}, 2, 2, XPath("spark_xpath", DataType::Array(TypeId::kString, true)), "2.0.0",
          "Values of the nodes of an XPath."),
      Row("xpath_boolean", {}, 2, 2, XPath("spark_xpath_boolean", TypeId::kBoolean), "2.0.0",
          "Whether an XPath is true or has nodes."),
      Row("xpath_double", {"xpath_number"}, 2, 2, XPath("spark_xpath_double", TypeId::kDouble), "2.0.0",
          "The number of an XPath."),
      Row("xpath_float", {}, 2, 2, XPath("spark_xpath_float", TypeId::kFloat), "2.0.0", "The number of an XPath."),
      Row("xpath_int", {}, 2, 2, XPath("spark_xpath_int", TypeId::kInteger), "2.0.0", "The number of an XPath."),
      Row("xpath_long", {}, 2, 2, XPath("spark_xpath_long", TypeId::kLong), "2.0.0", "The number of an XPath."),
      Row("xpath_short", {}, 2, 2, XPath("spark_xpath_short", TypeId::kShort), "2.0.0", "The number of an XPath."),
      Row("xpath_string", {}, 2, 2, XPath("spark_xpath_string", TypeId::kString), "2.0.0", "The text of an XPath."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
