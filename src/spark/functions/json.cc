// Rows of the JSON family.
#include <map>

#include "spark/functions/coercion.h"
#include "spark/functions/ddl_schema.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeBool;
using engine::MakeString;

constexpr auto kString = TypeId::kString;

// What the JSON reader makes itself; texts of the other types are cast afterwards.
DataType ReadType(const DataType& type) {
  switch (type.id()) {
    case TypeId::kArray: return DataType::Array(ReadType(type.element()), true);
    case TypeId::kMap: return DataType::Map(ReadType(type.key()), ReadType(type.value()), true);
    case TypeId::kStruct: {
      std::vector<types::StructField> fields = type.fields();
      for (auto& field : fields) {
        field.type = ReadType(field.type);
        field.nullable = true;
      }
      return DataType::Struct(std::move(fields));
    }
    case TypeId::kDate:
    case TypeId::kTimestamp:
    case TypeId::kTimestampNtz:
    case TypeId::kDecimal:
    case TypeId::kNull: return kString;
    default: return type;
  }
}

// The first type below that JSON functions cannot handle.
const DataType* FindInterval(const DataType& type) {
  if (type.IsInterval()) return &type;
  if (type.Is(TypeId::kArray)) return FindInterval(type.element());
  if (type.Is(TypeId::kMap)) return FindInterval(type.value());
  if (!type.Is(TypeId::kStruct)) return nullptr;
  for (const auto& field : type.fields()) {
    if (const auto* found = FindInterval(field.type)) return found;
  }
  return nullptr;
}

using Options = std::map<std::string, std::string>;

// The string pairs of an options map argument, keys in lower case.
Result<Options> ReadOptions(const FunctionCall& call, size_t index) {
  Options options;
  if (index >= call.args.size()) return options;
  const auto& arg = call.args[index];
  const auto* list = arg->kind == engine::ExprKind::kCall ? &arg->As<engine::Call>() : nullptr;
  if (list == nullptr || list->function != "spark_map_from_arrays") {
    if (!engine::IsLiteral(arg)) {
      return Error("INVALID_OPTIONS.NON_MAP_FUNCTION", {});
    }
    const auto* entries = std::get_if<std::shared_ptr<const engine::ValueList>>(&arg->As<engine::Literal>().value.v);
    if (entries == nullptr)
      return Error("INVALID_OPTIONS.NON_STRING_TYPE", {{"mapType", "\"" + arg->type.Sql() + "\""}});
    for (const auto& entry : **entries) {
      const auto& pair = *std::get<std::shared_ptr<const engine::ValueList>>(entry.v);
      const auto* key = std::get_if<std::string>(&pair[0].v);
      const auto* value = std::get_if<std::string>(&pair[1].v);
      if (key != nullptr && value != nullptr) options[types::ToLower(*key)] = *value;
    }
    return options;
  }
  const auto& keys = list->args[0]->As<engine::Call>().args;
  const auto& values = list->args[1]->As<engine::Call>().args;
  for (size_t i = 0; i < keys.size(); i++) {
    const auto key = ConstantString(keys[i]);
    const auto value = ConstantString(values[i]);
    if (!key.has_value() || !value.has_value()) {
      return Error("INVALID_OPTIONS.NON_STRING_TYPE", {{"mapType", "\"" + arg->type.Sql() + "\""}});
    }
    options[types::ToLower(*key)] = *value;
  }
  return options;
}

Result<ExprPtr> BuildFromJson(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto text, CoerceTo(call, 0, Arg::kString, context));
  const auto schema_text = ConstantString(call.args[1]);
  if (!schema_text.has_value()) {
    return Error("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", "\"" + ExprSql(call.args[1]) + "\""}});
  }
  ASSIGN_OR_RETURN(const auto schema, ParseDdlSchema(*schema_text));
  if (!schema.Is(TypeId::kStruct) && !schema.Is(TypeId::kArray) && !schema.Is(TypeId::kMap)) {
    return Error("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA",
                 {{"sqlExpr", "\"from_json\""}, {"schema", "\"" + schema.Sql() + "\""}});
  }
  ASSIGN_OR_RETURN(const auto options, ReadOptions(call, 2));
  bool fail_fast = false;
  for (const auto& [key, value] : options) {
    if (key == "mode") {
      const auto mode = types::ToLower(value);
      if (mode != "permissive" && mode != "failfast") {
        return Error("PARSE_MODE_UNSUPPORTED", {{"funcName", "`from_json`"}, {"mode", value}});
      }
      fail_fast = mode == "failfast";
    } else if (key != "allowsinglequotes" && key != "timezone") {
      return Unsupported("from_json option " + key);
    }
  }
  if (const auto* interval = FindInterval(schema)) return Unsupported("from_json of " + interval->Sql());
  const DataType type = schema.AsNullable();
  const DataType read = ReadType(type);
  auto value = Exact("spark_from_json", {std::move(text), engine::MakeNull(read), MakeBool(fail_fast)}, read, true);
  return CastTo(std::move(value), type, context);
}

Result<ExprPtr> BuildToJson(const FunctionCall& call, const FunctionContext& context) {
  const auto& input = call.args[0];
  if (!input->type.IsNested()) {
    return Error("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", {{"sqlExpr", "\"" + call.name + "(" + ExprSql(input) + ")\""},
                                                           {"schema", "\"" + input->type.Sql() + "\""}});
  }
  if (const auto* interval = FindInterval(input->type)) return Unsupported("to_json of " + interval->Sql());
  ASSIGN_OR_RETURN(const auto options, ReadOptions(call, 1));
  std::string timestamp = "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]";
  std::string date = "yyyy-MM-dd";
  std::string ntz = "yyyy-MM-dd'T'HH:mm:ss[.SSS]";
  std::string zone = context.time_zone;
  bool keep_nulls = false;
  for (const auto& [key, value] : options) {
    if (key == "timestampformat")
      timestamp = value;
    else if (key == "dateformat")
      date = value;
    else if (key == "timestampntzformat")
      ntz = value;
    else if (key == "timezone")
      zone = value;
    else if (key == "ignorenullfields")
      keep_nulls = types::EqualsIgnoreCase(value, "false");
    else
      return Unsupported("to_json option " + key);
  }
  return Exact(
      "spark_to_json",
      {input, MakeString(zone), MakeString(timestamp), MakeString(date), MakeString(ntz), MakeBool(keep_nulls)},
      kString, true);
}

Result<ExprPtr> BuildSchemaOfJson(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto text, CoerceTo(call, 0, Arg::kString, context));
  if (!engine::IsLiteral(text)) return NonFoldable(call, 0, "json", "STRING");
  if (call.args.size() > 1) return Unsupported("schema_of_json with options");
  return Exact("spark_schema_of_json", {std::move(text)}, kString, false);
}

}  // namespace

std::span<const FunctionRow> JsonFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("get_json_object", {}, 2, 2, Lower({"spark_get_json_object", {Arg::kString}, kString, Nulls::kAlways}),
          "1.5.0", "The JSON at a path."),
      Row("from_json", {}, 2, 3, BuildFromJson, "2.2.0", "Value of a JSON text by a schema."),
      Row("to_json", {}, 1, 2, BuildToJson, "2.2.0", "JSON text of a value."),
      Row("schema_of_json", {}, 1, 2, BuildSchemaOfJson, "2.4.0", "DDL schema of a JSON text."),
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
