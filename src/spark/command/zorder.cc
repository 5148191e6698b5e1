#include "spark/command/zorder.h"

#include <algorithm>

#include "engine/file_group.h"

namespace deltic::spark::command {
namespace {

using engine::Column;
using engine::ExprPtr;
using engine::RelPtr;
using engine::Value;
using engine::ValueList;
using types::DataType;
using types::TypeId;

// spark.databricks.io.skipping.mdc.rangeId.max: values of one axis.
constexpr int64_t kRangeIds = 1000;
// Rows that ranges are estimated from.
constexpr int64_t kSampleRows = 100000;
constexpr int64_t kSampleSeed = 42;

ExprPtr ColumnRef(const Column& column) {
  return std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable);
}

// A column by its dotted name, whose fields may be nested in structs.
Result<ExprPtr> FindColumn(const engine::Rel& rows, const std::string& name) {
  for (const auto& column : rows.output) {
    if (types::EqualsIgnoreCase(column.name, name)) return ColumnRef(column);
  }
  for (const auto& column : rows.output) {
    const std::string prefix = column.name + ".";
    if (name.size() <= prefix.size() || !types::EqualsIgnoreCase(name.substr(0, prefix.size()), prefix)) continue;
    ExprPtr value = ColumnRef(column);
    std::string rest = name.substr(prefix.size());
    while (!rest.empty() && value->type.Is(TypeId::kStruct)) {
      const std::string part = rest.substr(0, rest.find('.'));
      const int index = value->type.FieldIndex(part);
      if (index < 0) break;
      const types::StructField field = value->type.fields()[static_cast<size_t>(index)];
      value = engine::MakeCall("struct_field", {value, engine::MakeString(field.name)}, field.type, true);
      rest = part.size() == rest.size() ? std::string() : rest.substr(part.size() + 1);
    }
    if (rest.empty()) return value;
  }
  return Error("DELTA_ZORDERING_COLUMN_DOES_NOT_EXIST", {{"columnName", name}});
}

// Bytes that compare as the values do, NULL first. The constant second key makes them bytes for every type.
ExprPtr SortKey(const ExprPtr& value) {
  const auto text = [](const char* t) { return engine::MakeString(t); };
  return engine::MakeCall("create_sort_key", {value, text("ASC NULLS FIRST"), text(""), text("ASC NULLS FIRST")},
                          TypeId::kBinary, false, true);
}

RelPtr Project(const RelPtr& rows, const std::vector<ExprPtr>& exprs) {
  std::vector<Column> output;
  for (const auto& expr : exprs) output.push_back({engine::FreshColumnId(), "key", expr->type, expr->nullable});
  return std::make_shared<engine::ProjectRel>(rows, std::move(output), exprs);
}

// The values of byte columns, column by column.
using Sample = std::vector<std::vector<std::string>>;

Result<Sample> CollectSample(engine::Engine* engine, const RelPtr& rows) {
  ASSIGN_OR_RETURN(const auto values, engine->Collect(rows, {}, 2 * kSampleRows));
  Sample out(rows->output.size());
  for (const auto& row : values) {
    for (size_t i = 0; i < out.size(); i++) out[i].push_back(std::get<std::string>(row[i].v));
  }
  return out;
}

// At most ranges - 1 ascending bounds that split the sample evenly.
std::vector<std::string> BoundsOf(std::vector<std::string> sample, int64_t ranges) {
  std::sort(sample.begin(), sample.end());
  std::vector<std::string> bounds;
  const auto size = static_cast<int64_t>(sample.size());
  for (int64_t i = 1; i < ranges && size > 0; i++) {
    const std::string& bound = sample[static_cast<size_t>(std::min(size - 1, i * size / ranges))];
    if (bounds.empty() || bounds.back() != bound) bounds.push_back(bound);
  }
  return bounds;
}

ExprPtr RangeId(const ExprPtr& key, const std::vector<std::string>& bounds) {
  auto list = std::make_shared<ValueList>();
  for (const auto& bound : bounds) list->emplace_back().v = bound;
  auto literal = std::make_shared<engine::Literal>(Value{std::shared_ptr<const ValueList>(std::move(list))},
                                                   DataType::Array(TypeId::kBinary, false));
  return engine::MakeCall("spark_range_id", {key, literal}, TypeId::kInteger, false, true);
}

int BitsFor(int64_t values) {
  int bits = 1;
  while ((int64_t{1} << bits) < values) bits++;
  return bits;
}

Result<int64_t> CountRows(const CommandContext& context, const RelPtr& rows) {
  auto aggregate = std::make_shared<engine::AggregateRel>(
      rows, std::vector<Column>{{engine::FreshColumnId(), "count", TypeId::kLong, false}});
  aggregate->aggregates.push_back(
      std::make_shared<engine::Aggregate>("count_star", std::vector<ExprPtr>{}, DataType(TypeId::kLong), false));
  ASSIGN_OR_RETURN(const auto values, context.session->server()->engine->Collect(aggregate, {}, 1));
  return std::get<int64_t>(values[0][0].v);
}

}  // namespace

Result<RelPtr> GroupAlongCurve(const CommandContext& context, const RelPtr& rows, const CurveOrder& order) {
  engine::Engine* engine = context.session->server()->engine;
  const int64_t ranges = context.session->conf().GetInt("spark.databricks.io.skipping.mdc.rangeId.max", kRangeIds);
  std::vector<ExprPtr> keys;
  for (const auto& name : order.columns) {
    ASSIGN_OR_RETURN(const ExprPtr value, FindColumn(*rows, name));
    if (value->type.Is(TypeId::kVariant)) {
      return Error(
          "DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT",
          {{"sqlExpr", "\"rangepartitionid(" + name + ")\""}, {"msg", "cannot sort data type variant"}, {"hint", ""}});
    }
    keys.push_back(SortKey(value));
  }
  ASSIGN_OR_RETURN(const int64_t row_count, CountRows(context, rows));
  RelPtr sampled = Project(rows, keys);
  if (row_count > kSampleRows) {
    const double fraction = static_cast<double>(kSampleRows) / static_cast<double>(row_count);
    sampled = std::make_shared<engine::SampleRel>(sampled, 0.0, fraction, false, kSampleSeed);
  }
  // Kept, because the ranges of its columns must be known before its positions are.
  ASSIGN_OR_RETURN(const RelPtr sample, engine->Materialize(sampled, {}));
  ASSIGN_OR_RETURN(Sample values, CollectSample(engine, sample));
  std::vector<std::vector<std::string>> bounds;
  for (auto& column : values) bounds.push_back(BoundsOf(std::move(column), ranges));
  const auto position_of = [&](const std::vector<ExprPtr>& from) {
    std::vector<ExprPtr> axes{engine::MakeInt(BitsFor(ranges))};
    for (size_t i = 0; i < from.size(); i++) axes.push_back(RangeId(from[i], bounds[i]));
    const bool hilbert = order.hilbert && from.size() > 1;
    return engine::MakeCall(hilbert ? "spark_hilbert_index" : "spark_interleave_bits", std::move(axes), TypeId::kBinary,
                            false, true);
  };
  std::vector<ExprPtr> sample_keys;
  for (const auto& column : sample->output) sample_keys.push_back(ColumnRef(column));
  ASSIGN_OR_RETURN(Sample positions, CollectSample(engine, Project(sample, {position_of(sample_keys)})));
  const ExprPtr file = RangeId(position_of(keys), BoundsOf(std::move(positions[0]), order.files));

  std::vector<Column> output = rows->output;
  std::vector<ExprPtr> exprs;
  for (const auto& column : rows->output) exprs.push_back(ColumnRef(column));
  output.push_back({engine::FreshColumnId(), engine::kFileGroup, TypeId::kInteger, false});
  exprs.push_back(file);
  return RelPtr(std::make_shared<engine::ProjectRel>(rows, std::move(output), std::move(exprs)));
}

}  // namespace deltic::spark::command
