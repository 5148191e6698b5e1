// Lowering of SampleRel and GenerateRel: the relations that need row numbers or unnesting.
#include "engine/functions/throw.h"
#include "engine/lower_relation.h"
#include "engine/row_sampling.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using duckdb::make_uniq;

DuckExpr RowNumber() {
  auto out = make_uniq<duckdb::WindowExpression>(duckdb::ExpressionType::WINDOW_ROW_NUMBER, "", "", "row_number");
  out->start = duckdb::WindowBoundary::UNBOUNDED_PRECEDING;
  out->end = duckdb::WindowBoundary::CURRENT_ROW_ROWS;
  return out;
}

DuckExpr CaseWhen(DuckExpr when, DuckExpr then, DuckExpr otherwise) {
  auto out = make_uniq<duckdb::CaseExpression>();
  duckdb::CaseCheck check;
  check.when_expr = std::move(when);
  check.then_expr = std::move(then);
  out->case_checks.push_back(std::move(check));
  out->else_expr = std::move(otherwise);
  return out;
}

DuckExpr Field(DuckExpr row, int position) {
  return MakeFunction("struct_extract_at", std::move(row), Constant(duckdb::Value::BIGINT(position)));
}

}  // namespace

// The draw of a row depends on the seed and the row's position only, so that samples of one seed with
// adjoining bounds (randomSplit) are disjoint and repeatable.
Lowering::Block Lowering::LowerSample(const SampleRel& rel) {
  Block block = Lower(rel.child);
  const std::string number = NextAlias() + "_row";
  block = Nest(std::move(block), rel.child->output);
  auto node = Close(std::move(block));
  auto row = RowNumber();
  row->SetAlias(number);
  node->select_list.push_back(std::move(row));
  auto inner = Wrap(std::move(node));

  auto seed = Constant(duckdb::Value::BIGINT(rel.seed));
  if (!rel.with_replacement) {
    Block out = Over(std::move(inner), rel.output);
    auto draw = MakeFunction(kSampleDrawFunction, ColumnByName(number), std::move(seed));
    auto draw_again = draw->Copy();
    out.where = Conjoin(Compare(duckdb::ExpressionType::COMPARE_GREATERTHANOREQUALTO, std::move(draw),
                                Constant(duckdb::Value::DOUBLE(rel.lower))),
                        Compare(duckdb::ExpressionType::COMPARE_LESSTHAN, std::move(draw_again),
                                Constant(duckdb::Value::DOUBLE(rel.upper))));
    return out;
  }
  // With replacement: each row appears Poisson(fraction) times.
  auto copies = MakeFunction(kSamplePoissonFunction, ColumnByName(number), std::move(seed),
                             Constant(duckdb::Value::DOUBLE(rel.upper - rel.lower)));
  Block repeated = Over(std::move(inner), rel.output);
  auto copies_node = Close(std::move(repeated));
  auto unnest = MakeFunction("unnest", MakeFunction("range", std::move(copies)));
  unnest->SetAlias(NextAlias() + "_copy");
  copies_node->select_list.push_back(std::move(unnest));
  return Over(Wrap(std::move(copies_node)), rel.output);
}

Lowering::Block Lowering::LowerGenerate(const GenerateRel& rel) {
  using Generator = GenerateRel::Generator;
  const auto& child_output = rel.child->output;
  const size_t width = child_output.size();
  const std::string prefix = NextAlias();
  const std::string list_name = prefix + "_list", item_name = prefix + "_item", pos_name = prefix + "_pos";

  // 1. the child plus the collection as a list
  Block block = Nest(Lower(rel.child), child_output);
  ColumnEnv env = EnvOf(block);
  DuckExpr list;
  bool is_map = rel.generator == Generator::kExplodeMap || rel.generator == Generator::kPosExplodeMap;
  bool with_pos = rel.generator == Generator::kPosExplodeArray || rel.generator == Generator::kPosExplodeMap;
  if (rel.generator == Generator::kStack) {
    // stack(n, v1, v2, …): rows filled left to right, the last padded with NULL
    const size_t columns = rel.output.size() - width;
    duckdb::vector<DuckExpr> rows;
    for (size_t at = 1; at < rel.args.size(); at += columns) {
      duckdb::vector<DuckExpr> fields;
      for (size_t i = 0; i < columns; ++i) {
        auto type = ToDuckType(rel.output[width + i].type);
        auto value =
            at + i < rel.args.size() ? expressions_.Lower(rel.args[at + i], &env) : Constant(duckdb::Value(type));
        value = CastTo(std::move(value), type);
        value->SetAlias("f" + std::to_string(i));
        fields.push_back(std::move(value));
      }
      rows.push_back(Function("struct_pack", std::move(fields)));
    }
    list = Function("list_value", std::move(rows));
  } else {
    list = expressions_.Lower(rel.args[0], &env);
    if (is_map) list = MakeFunction("map_entries", std::move(list));
  }
  auto inner = Close(std::move(block));
  list->SetAlias(list_name);
  inner->select_list.push_back(std::move(list));

  // 2. one row per element; `outer` gives an absent or empty collection one NULL element
  Block unnested = Over(Wrap(std::move(inner)), child_output);
  auto node = Close(std::move(unnested));
  auto empty = [&] {
    auto coalesce = make_uniq<duckdb::OperatorExpression>(duckdb::ExpressionType::OPERATOR_COALESCE);
    coalesce->children.push_back(MakeFunction("len", ColumnByName(list_name)));
    coalesce->children.push_back(Constant(duckdb::Value::BIGINT(0)));
    return Compare(duckdb::ExpressionType::COMPARE_EQUAL, std::move(coalesce), Constant(duckdb::Value::BIGINT(0)));
  };
  auto padded = [&](DuckExpr elements) {
    if (!rel.outer) return elements;
    return CaseWhen(empty(), MakeFunction("list_value", Constant(duckdb::Value())), std::move(elements));
  };
  auto item = MakeFunction("unnest", padded(ColumnByName(list_name)));
  item->SetAlias(item_name);
  node->select_list.push_back(std::move(item));
  if (with_pos) {
    auto positions = MakeFunction("range", MakeFunction("len", ColumnByName(list_name)));
    auto pos = MakeFunction("unnest", padded(std::move(positions)));
    pos->SetAlias(pos_name);
    node->select_list.push_back(std::move(pos));
  }

  // 3. the generator's columns from the element
  Block out = Over(Wrap(std::move(node)), child_output);
  size_t next = width;
  auto add = [&](DuckExpr e) {
    const Column& column = rel.output[next++];
    out.select.emplace_back(column.id, CastTo(std::move(e), ToDuckType(column.type)));
    out.sizes[column.id] = 3;
  };
  if (with_pos) add(ColumnByName(pos_name));
  if (rel.generator == Generator::kExplodeArray || rel.generator == Generator::kPosExplodeArray) {
    add(ColumnByName(item_name));
  } else {
    for (int field = 1; next < rel.output.size(); ++field) add(Field(ColumnByName(item_name), field));
  }
  return out;
}

}  // namespace deltic::engine
