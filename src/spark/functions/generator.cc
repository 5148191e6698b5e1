// Rows of the generator family: functions that give several rows.
#include "spark/functions/coercion.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

using engine::Column;
using engine::MakeCall;
using engine::MakeString;
using Generator = engine::GenerateRel::Generator;
using Generated = FunctionRow::Generated;

Column Out(std::string name, DataType type, bool nullable) {
  Column column;
  column.name = std::move(name);
  column.type = std::move(type);
  column.nullable = nullable;
  return column;
}

std::function<Result<Generated>(const FunctionCall&, const FunctionContext&)> Explode(bool position, bool outer) {
  return [=](const FunctionCall& call, const FunctionContext&) -> Result<Generated> {
    const auto& type = call.args[0]->type;
    Generated out;
    out.outer = outer;
    out.args = call.args;
    if (position) out.columns.push_back(Out("pos", TypeId::kInteger, outer));
    if (type.Is(TypeId::kArray)) {
      out.generator = position ? Generator::kPosExplodeArray : Generator::kExplodeArray;
      out.columns.push_back(Out("col", type.element(), outer || type.contains_null()));
    } else if (type.Is(TypeId::kMap)) {
      out.generator = position ? Generator::kPosExplodeMap : Generator::kExplodeMap;
      out.columns.push_back(Out("key", type.key(), outer));
      out.columns.push_back(Out("value", type.value(), outer || type.contains_null()));
    } else {
      return UnexpectedInputType(call, 0, "(\"ARRAY\" or \"MAP\")");
    }
    return out;
  };
}

std::function<Result<Generated>(const FunctionCall&, const FunctionContext&)> Inline(bool outer) {
  return [=](const FunctionCall& call, const FunctionContext&) -> Result<Generated> {
    const auto& type = call.args[0]->type;
    if (!type.Is(TypeId::kArray) || !type.element().Is(TypeId::kStruct)) {
      return UnexpectedInputType(call, 0, "\"ARRAY<STRUCT>\"");
    }
    Generated out;
    out.generator = Generator::kInline;
    out.outer = outer;
    out.args = call.args;
    for (const auto& field : type.element().fields()) {
      out.columns.push_back(Out(field.name, field.type, outer || field.nullable || type.contains_null()));
    }
    return out;
  };
}

// stack(n, v1, …): n rows; the last one is padded with NULL.
Result<Generated> Stack(const FunctionCall& call, const FunctionContext& context) {
  const auto rows = ConstantInt(call.args[0]);
  if (!rows.has_value()) return NonFoldable(call, 0, "n", "INT");
  if (*rows <= 0) {
    return Error("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE", {{"sqlExpr", "\"stack\""},
                                                          {"exprName", "`n`"},
                                                          {"valueRange", "(0, 2147483647]"},
                                                          {"currentValue", std::to_string(*rows)}});
  }
  const size_t values = call.args.size() - 1;
  const size_t width = (values + static_cast<size_t>(*rows) - 1) / static_cast<size_t>(*rows);
  Generated out;
  out.generator = Generator::kStack;
  std::vector<std::vector<ExprPtr>> columns(width);
  for (size_t i = 0; i < values; i++) columns[i % width].push_back(call.args[i + 1]);
  for (size_t c = 0; c < width; c++) {
    DataType type = columns[c][0]->type;
    for (const auto& value : columns[c]) {
      if (type.Is(TypeId::kNull)) type = value->type;
      if (!value->type.Is(TypeId::kNull) && !value->type.SameType(type)) {
        return Error("DATATYPE_MISMATCH.STACK_COLUMN_DIFF_TYPES", {{"sqlExpr", "\"stack\""},
                                                                   {"columnIndex", std::to_string(c)},
                                                                   {"leftParamIndex", std::to_string(c + 1)},
                                                                   {"leftType", "\"" + type.Sql() + "\""},
                                                                   {"rightParamIndex", std::to_string(c + 1 + width)},
                                                                   {"rightType", "\"" + value->type.Sql() + "\""}});
      }
    }
    while (columns[c].size() < static_cast<size_t>(*rows)) columns[c].push_back(engine::MakeNull(type));
    for (auto& value : columns[c]) value = CastTo(value, type, context);
    out.columns.push_back(Out("col" + std::to_string(c), type, true));
  }
  out.args.push_back(call.args[0]);
  for (size_t r = 0; r < static_cast<size_t>(*rows); r++) {
    for (size_t c = 0; c < width; c++) out.args.push_back(columns[c][r]);
  }
  return out;
}

// json_tuple(text, field…): an inline of one struct of the fields' texts.
Result<Generated> JsonTuple(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
  std::vector<types::StructField> fields;
  std::vector<ExprPtr> parts;
  Generated out;
  out.generator = Generator::kInline;
  for (size_t i = 1; i < args.size(); i++) {
    const std::string name = "c" + std::to_string(i - 1);
    fields.push_back({name, TypeId::kString, true});
    parts.push_back(MakeString(name));
    parts.push_back(Exact("spark_json_field", {args[0], args[i]}, TypeId::kString, true));
    out.columns.push_back(Out(name, TypeId::kString, true));
  }
  const DataType row = DataType::Struct(std::move(fields));
  auto tuple = MakeCall("named_struct", std::move(parts), row, false);
  out.args.push_back(MakeCall("list_value", {std::move(tuple)}, DataType::Array(row, false), false));
  return out;
}

FunctionRow GeneratorRow(std::string_view name, int min_args, int max_args,
                         std::function<Result<Generated>(const FunctionCall&, const FunctionContext&)> generate,
                         std::string_view since, std::string_view doc) {
  FunctionRow row = Row(name, {}, min_args, max_args, nullptr, since, doc);
  row.kind = FunctionKind::kGenerator;
  row.generate = std::move(generate);
  return row;
}

}  // namespace

std::span<const FunctionRow> GeneratorFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      GeneratorRow("explode", 1, 1, Explode(false, false), "1.0.0", "A row per element or entry."),
      GeneratorRow("explode_outer", 1, 1, Explode(false, true), "1.0.0", "explode that keeps rows without elements."),
      GeneratorRow("posexplode", 1, 1, Explode(true, false), "2.0.0", "explode with positions."),
      GeneratorRow("posexplode_outer", 1, 1, Explode(true, true), "2.0.0",
                   "posexplode that keeps rows without elements."),
      GeneratorRow("inline", 1, 1, Inline(false), "2.0.0", "A row per struct of an array."),
      GeneratorRow("inline_outer", 1, 1, Inline(true), "2.0.0", "inline that keeps rows without elements."),
      GeneratorRow("stack", 2, -1, Stack, "2.0.0", "The arguments as n rows."),
      GeneratorRow("json_tuple", 2, -1, JsonTuple, "1.6.0", "Fields of a JSON object as columns."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
