// spark.read.json / csv over a DataFrame of strings: every string is a line of a file, read by the reader of files.
#include "base/json_writer.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

namespace {

constexpr int64_t kHeaderSearchRows = 1000;

// The options as the engine's kernels take them (engine/text/options.h).
ExprPtr EncodeOptions(const plan::Options& options, const functions::FunctionContext& context) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [name, value] : options) json.Key(types::ToLower(name)).String(value);
  json.Key("deltic.timezone").String(context.time_zone);
  json.Key("deltic.corruptcolumn").String(context.corrupt_record_column);
  if (context.session_local_timestamp_ntz) json.Key("deltic.timestampntz").String("true");
  json.EndObject();
  return engine::MakeString(json.Take());
}

bool IsBlank(const std::string& line) {
  for (const char c : line) {
    if (static_cast<unsigned char>(c) > ' ') return false;
  }
  return true;
}

}  // namespace

// The schema of all lines together.
Result<DataType> Binder::InferParsed(const Node& child, const std::string& format, const ExprPtr& options) {
  const DataType lines = DataType::Array(TypeId::kString, false);
  auto collect =
      std::make_shared<engine::AggregateRel>(child.rel, std::vector<Column>{NewColumn("lines", lines, true)});
  collect->aggregates.push_back(
      std::make_shared<engine::Aggregate>("list", std::vector<ExprPtr>{ColumnRef(child.rel->output[0])}, lines, true));
  Node all;
  all.rel = std::move(collect);
  ExprPtr inferred =
      engine::MakeCall("spark_infer_rows", {ColumnRef(all.rel->output[0]), engine::MakeString(format), options},
                       TypeId::kString, false, true);
  ASSIGN_OR_RETURN(const auto rows, Run(Project(all, {{inferred, "schema"}}).rel, 1));
  const auto* json = rows.empty() ? nullptr : std::get_if<std::string>(&rows[0][0].v);
  if (json == nullptr) return InternalError("no schema was inferred");
  return DataType::FromJson(*json);
}

// Without the lines like the first one, which is the header.
Result<Node> Binder::WithoutHeader(const Node& child, const std::string& comment) {
  ASSIGN_OR_RETURN(const auto rows,
                   Run(std::make_shared<engine::LimitRel>(child.rel, kHeaderSearchRows, 0), kHeaderSearchRows));
  for (const auto& row : rows) {
    const auto* line = std::get_if<std::string>(&row[0].v);
    if (line == nullptr || IsBlank(*line) || (!comment.empty() && line->starts_with(comment))) continue;
    ASSIGN_OR_RETURN(ExprPtr same, CallFunction("<=>", {ColumnRef(child.rel->output[0]), engine::MakeString(*line)}));
    ASSIGN_OR_RETURN(ExprPtr other, CallFunction("not", {std::move(same)}));
    Node out;
    out.rel = std::make_shared<engine::FilterRel>(child.rel, std::move(other));
    return out;
  }
  return child;
}

Result<Node> Binder::BindParse(const plan::ParseText& parse, const Env& env) {
  if (parse.format != "csv" && parse.format != "json") return Unsupported("parsing a DataFrame as " + parse.format);
  ASSIGN_OR_RETURN(Node child, Bind(parse.child, env));
  if (child.rel->output.size() != 1 || !child.rel->output[0].type.IsString()) {
    return Error("INVALID_PLAN_INPUT", {}, "Parsing text needs a relation of one string column.");
  }
  const ExprPtr options = EncodeOptions(parse.options, context());
  std::optional<DataType> schema = parse.schema;
  if (schema && !schema->Is(TypeId::kStruct)) return InternalError("a schema that is no struct");
  if (!schema) {
    ASSIGN_OR_RETURN(schema, InferParsed(child, parse.format, options));
  }
  const bool header = parse.format == "csv" &&
                      types::EqualsIgnoreCase(plan::FindOption(parse.options, "header").value_or("false"), "true");
  if (header) {
    ASSIGN_OR_RETURN(child, WithoutHeader(child, plan::FindOption(parse.options, "comment").value_or("")));
  }
  const DataType row = schema->AsNullable();
  const DataType rows = DataType::Array(row, false);
  ExprPtr parsed = engine::MakeCall("spark_parse_rows",
                                    {ColumnRef(child.rel->output[0]), engine::MakeNull(rows),
                                     engine::MakeString(parse.format), engine::MakeString(row.Json()), options},
                                    rows, true, true);
  std::vector<Column> output = child.rel->output;
  std::vector<NamedExpr> items;
  for (const types::StructField& f : row.fields()) {
    output.push_back(NewColumn(f.name, f.type, true));
    items.push_back({ColumnRef(output.back()), f.name, "{}", {}, true});
  }
  Node spread;
  spread.rel =
      std::make_shared<engine::GenerateRel>(child.rel, std::move(output), engine::GenerateRel::Generator::kInline,
                                            std::vector<ExprPtr>{std::move(parsed)}, false);
  Node result = Project(spread, std::move(items));
  result.below = nullptr;
  return result;
}

}  // namespace deltic::spark::resolve
