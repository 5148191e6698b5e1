// spark.read.json / csv over a DataFrame of strings: from_json or from_csv of its one column, spread out.
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

Result<Node> Binder::BindParse(const plan::ParseText& parse, const Env& env) {
  if (!parse.schema || !parse.schema->Is(TypeId::kStruct)) {
    return Unsupported("reading " + parse.format + " from a DataFrame of strings without a schema");
  }
  ASSIGN_OR_RETURN(Node child, Bind(parse.child, env));
  if (child.rel->output.size() != 1 || !child.rel->output[0].type.IsString()) {
    return Error("INVALID_PLAN_INPUT", {}, "Parsing text needs a relation of one string column.");
  }
  const std::string name = parse.format == "csv" ? "from_csv" : "from_json";
  if (functions::FindFunction(name) == nullptr) return Unsupported(name);
  std::vector<ExprPtr> args{ColumnRef(child.rel->output[0]), engine::MakeString(parse.schema->Json())};
  if (!parse.options.empty()) {
    auto entries = std::make_shared<engine::ValueList>();
    for (const auto& [key, value] : parse.options) {
      auto entry = std::make_shared<const engine::ValueList>(engine::ValueList{{key}, {value}});
      entries->push_back({entry});
    }
    std::shared_ptr<const engine::ValueList> list = entries;
    args.push_back(
        std::make_shared<engine::Literal>(engine::Value{list}, DataType::Map(TypeId::kString, TypeId::kString, false)));
  }
  ASSIGN_OR_RETURN(ExprPtr parsed, CallFunction(name, std::move(args)));
  if (!parsed->type.Is(TypeId::kStruct)) return InternalError(name + " did not give a struct");
  Node whole = Project(child, {{parsed, "parsed"}});
  ExprPtr row = ColumnRef(whole.rel->output[0]);
  std::vector<NamedExpr> items;
  for (const types::StructField& f : parsed->type.fields()) {
    items.push_back({engine::MakeCall("struct_field", {row, engine::MakeString(f.name)}, f.type, true), f.name});
  }
  Node result = Project(whole, std::move(items));
  result.below = nullptr;
  return result;
}

}  // namespace deltic::spark::resolve
