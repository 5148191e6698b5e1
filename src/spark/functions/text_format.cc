// Rows of from_csv, to_csv, schema_of_csv, from_json, to_json and schema_of_json: values of texts and texts of values,
// by the parsers and generators of the CSV and JSON sources. Their options are the engine's (engine/text/options.h).
#include <map>

#include "base/json_writer.h"
#include "spark/functions/coercion.h"
#include "spark/functions/ddl_schema.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeString;

constexpr auto kString = TypeId::kString;

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

Status CheckMode(const Options& options, const std::string& function) {
  const auto mode = options.find("mode");
  if (mode == options.end() || !types::EqualsIgnoreCase(mode->second, "dropmalformed")) return Status::Ok();
  return Error("_LEGACY_ERROR_TEMP_1099", {{"funcName", function},
                                           {"mode", "DROPMALFORMED"},
                                           {"permissiveMode", "PERMISSIVE"},
                                           {"failFastMode", "FAILFAST"}});
}

// The options as the kernels take them, with what the session says.
ExprPtr Encode(const Options& options, const FunctionContext& context) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [name, value] : options) json.Key(name).String(value);
  json.Key("deltic.timezone").String(context.time_zone);
  json.Key("deltic.corruptcolumn").String(context.corrupt_record_column);
  if (context.session_local_timestamp_ntz) json.Key("deltic.timestampntz").String("true");
  json.EndObject();
  return MakeString(json.Take());
}

// One record is all of the text: the noncharacter that Spark puts for the line separator.
ExprPtr EncodeCsv(Options options, const FunctionContext& context) {
  options["linesep"] = "\xEF\xBF\xBF";
  return Encode(options, context);
}

Result<DataType> SchemaArgument(const FunctionCall& call) {
  const auto text = ConstantString(call.args[1]);
  if (!text.has_value()) {
    return Error("INVALID_SCHEMA.NON_STRING_LITERAL", {{"inputSchema", "\"" + ExprSql(call.args[1]) + "\""}});
  }
  return ParseDdlSchema(*text);
}

Result<ExprPtr> BuildFromJson(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto text, CoerceTo(call, 0, Arg::kString, context));
  ASSIGN_OR_RETURN(const auto schema, SchemaArgument(call));
  if (!schema.IsNested() && !schema.Is(TypeId::kVariant)) {
    return Error("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA",
                 {{"sqlExpr", "\"from_json\""}, {"schema", "\"" + schema.Sql() + "\""}});
  }
  ASSIGN_OR_RETURN(const auto options, ReadOptions(call, 2));
  RETURN_IF_ERROR(CheckMode(options, "from_json"));
  const DataType type = schema.AsNullable();
  return Exact("spark_from_json",
               {std::move(text), engine::MakeNull(type), MakeString(type.Json()), Encode(options, context)}, type,
               true);
}

Result<ExprPtr> BuildFromCsv(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto text, CoerceTo(call, 0, Arg::kString, context));
  ASSIGN_OR_RETURN(const auto schema, SchemaArgument(call));
  if (!schema.Is(TypeId::kStruct)) {
    return Error("INVALID_SCHEMA.NON_STRUCT_TYPE",
                 {{"inputSchema", "\"" + ExprSql(call.args[1]) + "\""}, {"dataType", "\"" + schema.Sql() + "\""}});
  }
  ASSIGN_OR_RETURN(const auto options, ReadOptions(call, 2));
  RETURN_IF_ERROR(CheckMode(options, "from_csv"));
  for (const auto& field : schema.fields()) {
    if (field.type.IsNested() || field.type.Is(TypeId::kBinary)) {
      return Unsupported("from_csv of the type " + field.type.SimpleString());
    }
  }
  const DataType type = schema.AsNullable();
  const bool nullable = text->nullable;
  return Exact("spark_from_csv",
               {std::move(text), engine::MakeNull(type), MakeString(type.Json()), EncodeCsv(options, context)}, type,
               nullable);
}

Result<ExprPtr> BuildToCsv(const FunctionCall& call, const FunctionContext& context) {
  const auto& input = call.args[0];
  if (!input->type.Is(TypeId::kStruct)) return UnexpectedInputType(call, 0, "\"STRUCT\"");
  ASSIGN_OR_RETURN(const auto options, ReadOptions(call, 1));
  std::vector<types::StructField> fields = input->type.fields();
  for (auto& field : fields) {
    const bool time =
        field.type.Is(TypeId::kDate) || field.type.Is(TypeId::kTimestamp) || field.type.Is(TypeId::kTimestampNtz);
    if (!time) field.type = kString;
    field.nullable = true;
  }
  const DataType type = DataType::Struct(std::move(fields));
  auto texts = CastTo(input, type, context);
  return Exact("spark_to_csv", {std::move(texts), MakeString(type.Json()), Encode(options, context)}, kString, true);
}

Result<ExprPtr> BuildToJson(const FunctionCall& call, const FunctionContext& context) {
  const auto& input = call.args[0];
  if (!input->type.IsNested() && !input->type.Is(TypeId::kVariant)) {
    return Error("DATATYPE_MISMATCH.INVALID_JSON_SCHEMA", {{"sqlExpr", "\"" + call.name + "(" + ExprSql(input) + ")\""},
                                                           {"schema", "\"" + input->type.Sql() + "\""}});
  }
  ASSIGN_OR_RETURN(const auto options, ReadOptions(call, 1));
  return Exact("spark_to_json", {input, MakeString(input->type.Json()), Encode(options, context)}, kString, true);
}

Result<ExprPtr> BuildSchemaOf(const FunctionCall& call, const FunctionContext& context, const std::string& format) {
  ASSIGN_OR_RETURN(auto text, CoerceTo(call, 0, Arg::kString, context));
  if (!engine::IsLiteral(text)) return NonFoldable(call, 0, format, "STRING");
  if (!ConstantString(text).has_value()) {
    return Error("DATATYPE_MISMATCH.UNEXPECTED_NULL",
                 {{"sqlExpr", "\"" + call.name + "(NULL)\""}, {"exprName", format}});
  }
  ASSIGN_OR_RETURN(const auto options, ReadOptions(call, 1));
  auto encoded = format == "csv" ? EncodeCsv(options, context) : Encode(options, context);
  return Exact("spark_schema_of_" + format, {std::move(text), std::move(encoded)}, kString, false);
}

Result<ExprPtr> BuildSchemaOfCsv(const FunctionCall& call, const FunctionContext& context) {
  return BuildSchemaOf(call, context, "csv");
}
Result<ExprPtr> BuildSchemaOfJson(const FunctionCall& call, const FunctionContext& context) {
  return BuildSchemaOf(call, context, "json");
}

}  // namespace

std::span<const FunctionRow> TextFormatFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Row("from_json", {}, 2, 3, BuildFromJson, "2.2.0", "Value of a JSON text by a schema."),
      Row("to_json", {}, 1, 2, BuildToJson, "2.2.0", "JSON text of a value."),
      Row("schema_of_json", {}, 1, 2, BuildSchemaOfJson, "2.4.0", "DDL schema of a JSON text."),
      Row("from_csv", {}, 2, 3, BuildFromCsv, "3.0.0", "Struct of a CSV record by a schema."),
      Row("to_csv", {}, 1, 2, BuildToCsv, "3.0.0", "CSV record of a struct."),
      Row("schema_of_csv", {}, 1, 2, BuildSchemaOfCsv, "3.0.0", "DDL schema of a CSV record."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
