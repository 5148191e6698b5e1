// Rows of the JSON family: paths, lengths and keys. Values of texts and texts of values are in text_format.cc.
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

constexpr auto kString = TypeId::kString;

}  // namespace

std::span<const FunctionRow> JsonFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("get_json_object", {}, 2, 2, Lower({"spark_get_json_object", {Arg::kString}, kString, Nulls::kAlways}),
          "1.5.0", "The JSON at a path."),
      Row("json_array_length", {}, 1, 1,
          Lower({"spark_json_array_length", {Arg::kString}, TypeId::kInteger, Nulls::kAlways}), "3.1.0",
          "Number of elements of a JSON array."),
      Row("json_object_keys", {}, 1, 1,
          Lower({"spark_json_object_keys", {Arg::kString}, DataType::Array(kString, true), Nulls::kAlways}), "3.1.0",
          "Keys of a JSON object."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
