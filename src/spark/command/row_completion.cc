#include "spark/command/row_completion.h"

#include <algorithm>

#include "delta/spec/field_metadata.h"
#include "delta/spec/row_tracking.h"
#include "delta/spec/schema.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {
namespace {

using engine::ExprPtr;
using engine::RelPtr;
using types::DataType;
using types::StructField;
using types::TypeId;

const engine::Column* FindColumn(const engine::Rel& rows, const std::string& name) {
  const auto column = std::find_if(rows.output.begin(), rows.output.end(),
                                   [&](const auto& c) { return types::EqualsIgnoreCase(c.name, name); });
  return column == rows.output.end() ? nullptr : &*column;
}

Result<NumberedColumn> NumberingOf(const StructField& field) {
  if (!field.type.Is(TypeId::kLong)) {
    return Error("DELTA_IDENTITY_COLUMNS_UNSUPPORTED_DATA_TYPE", {{"dataType", field.type.Sql()}});
  }
  NumberedColumn out{field.name, field.MetadataInt(delta::kIdentityStart, 1),
                     field.MetadataInt(delta::kIdentityStep, 1)};
  if (!field.HasMetadata(delta::kIdentityHighWaterMark)) return out;
  const int64_t mark = field.MetadataInt(delta::kIdentityHighWaterMark, 0);
  if (__builtin_add_overflow(mark, out.step, &out.first)) return Error("_LONG_OVERFLOW", {}, "long overflow");
  return out;
}

ExprPtr NumberExpr(const NumberedColumn& column) {
  auto row_number = std::make_shared<engine::WindowExpr>("row_number", std::vector<ExprPtr>{}, TypeId::kLong, false);
  return engine::MakeCall("spark_identity", {engine::MakeLong(column.first), engine::MakeLong(column.step), row_number},
                          TypeId::kLong, false);
}

// What an absent column that is not generated holds.
Result<ExprPtr> AbsentValue(const StructField& field, const RelPtr& rows, TableExpressions* expressions) {
  if (const std::string text = field.MetadataString(delta::kCurrentDefault); !text.empty()) {
    ASSIGN_OR_RETURN(const auto parsed, expressions->Parse(text));
    ASSIGN_OR_RETURN(const ExprPtr value, expressions->Resolve(parsed, rows));
    return expressions->StoreAs(value, field.type);
  }
  if (!field.nullable) return Error("DELTA_MISSING_NOT_NULL_COLUMN_VALUE", {{"columnName", field.name}});
  return engine::MakeNull(field.type);
}

// Row ids go along.
void CarryRowIds(const engine::Rel& rows, const delta::Metadata& metadata, std::vector<engine::Column>* output,
                 std::vector<ExprPtr>* exprs) {
  for (const engine::Column& column : rows.output) {
    if (!delta::IsRowIdColumn(metadata, column.name)) continue;
    output->push_back(column);
    output->back().id = engine::FreshColumnId();
    exprs->push_back(resolve::ColumnRef(column));
  }
}

// The columns that are there, numbered or defaulted, in the table's order; generated ones only as far as given.
Result<RelPtr> BaseRows(const RelPtr& rows, const delta::Metadata& metadata, TableExpressions* expressions,
                        std::vector<NumberedColumn>* numbered) {
  std::vector<engine::Column> output;
  std::vector<ExprPtr> exprs;
  for (const StructField& field : metadata.schema.fields()) {
    ExprPtr expr;
    if (const engine::Column* given = FindColumn(*rows, field.name)) {
      expr = resolve::ColumnRef(*given);
    } else if (IsIdentity(field)) {
      ASSIGN_OR_RETURN(NumberedColumn numbering, NumberingOf(field));
      expr = NumberExpr(numbering);
      numbered->push_back(std::move(numbering));
    } else if (IsGenerated(field) || field.type.Is(TypeId::kNull)) {
      continue;
    } else {
      ASSIGN_OR_RETURN(expr, AbsentValue(field, rows, expressions));
    }
    output.push_back({engine::FreshColumnId(), field.name, expr->type, expr->nullable});
    exprs.push_back(std::move(expr));
  }
  CarryRowIds(*rows, metadata, &output, &exprs);
  return RelPtr(std::make_shared<engine::ProjectRel>(rows, std::move(output), std::move(exprs)));
}

// Adds the generated columns that are absent.
Result<RelPtr> Generate(const RelPtr& base, const delta::Metadata& metadata, TableExpressions* expressions) {
  std::vector<engine::Column> output;
  std::vector<ExprPtr> exprs;
  bool any = false;
  for (const StructField& field : metadata.schema.fields()) {
    ExprPtr expr;
    if (const engine::Column* given = FindColumn(*base, field.name)) {
      expr = resolve::ColumnRef(*given);
    } else if (IsGenerated(field)) {
      any = true;
      ASSIGN_OR_RETURN(const auto parsed, expressions->Parse(field.MetadataString(delta::kGenerationExpression)));
      ASSIGN_OR_RETURN(const ExprPtr value, expressions->Resolve(parsed, base));
      expr = expressions->StoreAs(value, field.type);
    } else {
      continue;
    }
    output.push_back({engine::FreshColumnId(), field.name, expr->type, expr->nullable});
    exprs.push_back(std::move(expr));
  }
  if (!any) return base;
  CarryRowIds(*base, metadata, &output, &exprs);
  return RelPtr(std::make_shared<engine::ProjectRel>(base, std::move(output), std::move(exprs)));
}

}  // namespace

bool IsIdentity(const StructField& field) { return field.metadata != "{}" && field.HasMetadata(delta::kIdentityStart); }

bool IsGenerated(const StructField& field) {
  return field.metadata != "{}" && field.HasMetadata(delta::kGenerationExpression);
}

bool NeedsCompletion(const engine::Rel& rows, const delta::Metadata& metadata) {
  for (const StructField& field : metadata.schema.fields()) {
    if (IsGenerated(field)) return true;
    if (!field.type.Is(TypeId::kNull) && FindColumn(rows, field.name) == nullptr) return true;
  }
  return false;
}

Result<CompletedRows> CompleteRows(const RelPtr& rows, const delta::Metadata& metadata, TableExpressions* expressions) {
  CompletedRows out;
  ASSIGN_OR_RETURN(const RelPtr base, BaseRows(rows, metadata, expressions, &out.numbered));
  ASSIGN_OR_RETURN(out.rows, Generate(base, metadata, expressions));
  for (const StructField& field : metadata.schema.fields()) {
    if (!IsGenerated(field) || FindColumn(*rows, field.name) == nullptr) continue;
    ASSIGN_OR_RETURN(plan::ExpressionPtr expected,
                     expressions->Parse(field.MetadataString(delta::kGenerationExpression)));
    plan::ExpressionPtr column = std::make_shared<plan::UnresolvedAttribute>(std::vector<std::string>{field.name});
    auto same = std::make_shared<plan::UnresolvedFunction>(
        "<=>", std::vector<plan::ExpressionPtr>{std::move(column), std::move(expected)});
    out.constraints.push_back({RowConstraint::Kind::kCheck, "Generated Column", {}, std::move(same)});
  }
  return out;
}

delta::Metadata WithHighWaterMarks(const delta::Metadata& metadata, const std::vector<NumberedColumn>& numbered,
                                   int64_t rows) {
  delta::Metadata out = metadata;
  std::vector<StructField> fields = metadata.schema.fields();
  for (const NumberedColumn& column : numbered) {
    const int index = metadata.schema.FieldIndex(column.name);
    if (index < 0 || rows == 0) continue;
    auto& field = fields[static_cast<size_t>(index)];
    field.metadata =
        delta::WithFieldNumber(field.metadata, delta::kIdentityHighWaterMark, column.first + (rows - 1) * column.step);
  }
  out.schema = DataType::Struct(std::move(fields));
  out.schema_string = out.schema.Json();
  return out;
}

}  // namespace deltic::spark::command
