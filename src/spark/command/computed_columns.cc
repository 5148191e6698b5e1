#include "spark/command/computed_columns.h"

#include <map>

#include "delta/spec/field_metadata.h"
#include "spark/command/row_completion.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {

using engine::ExprPtr;
using types::StructField;

const StructField* ComputedColumns::Find(const std::string& name) const {
  const int index = metadata_->schema.FieldIndex(name);
  return index < 0 ? nullptr : &metadata_->schema.fields()[static_cast<size_t>(index)];
}

Status ComputedColumns::CheckGiven(const std::set<std::string>& given, bool insert) const {
  for (const StructField& field : metadata_->schema.fields()) {
    if (!IsIdentity(field) || !given.contains(types::ToLower(field.name))) continue;
    if (!insert) return Error("DELTA_IDENTITY_COLUMNS_UPDATE_NOT_SUPPORTED", {{"colName", field.name}});
    const std::string allowed = delta::FieldMetadataJson(field.metadata, delta::kIdentityAllowExplicitInsert);
    if (allowed != "true") {
      return Error("DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED", {{"colName", field.name}});
    }
  }
  return Status::Ok();
}

Result<ExprPtr> ComputedColumns::DefaultOf(const std::string& column) const {
  const StructField* field = Find(column);
  const std::string text = field == nullptr ? "" : field->MetadataString(delta::kCurrentDefault);
  if (text.empty()) return engine::MakeNull(types::TypeId::kNull);
  ASSIGN_OR_RETURN(const auto parsed, expressions_->Parse(text));
  return expressions_->Resolve(parsed, std::make_shared<engine::OneRowRel>());
}

Status ComputedColumns::Fill(const std::vector<StructField>& schema, const std::set<std::string>& given, bool insert,
                             std::vector<ExprPtr>* values) const {
  bool generates = false;
  for (size_t i = 0; i < schema.size(); i++) {
    const StructField* field = Find(schema[i].name);
    if (field == nullptr || given.contains(types::ToLower(schema[i].name))) continue;
    generates = generates || IsGenerated(*field);
    if (!insert || !field->HasMetadata(delta::kCurrentDefault)) continue;
    ASSIGN_OR_RETURN(const ExprPtr value, DefaultOf(field->name));
    ASSIGN_OR_RETURN((*values)[i], CastForColumn(value, schema[i].type, *rules_));
  }
  if (!generates) return Status::Ok();
  // Generation expressions are resolved over columns that stand for the values.
  std::vector<engine::Column> output;
  std::map<engine::ColumnId, ExprPtr> stands_for;
  for (size_t i = 0; i < schema.size(); i++) {
    output.push_back({engine::FreshColumnId(), schema[i].name, schema[i].type, true});
    stands_for[output.back().id] = (*values)[i];
  }
  const engine::RelPtr row =
      std::make_shared<engine::ValuesRel>(std::move(output), std::vector<std::vector<ExprPtr>>());
  for (size_t i = 0; i < schema.size(); i++) {
    const StructField* field = Find(schema[i].name);
    if (field == nullptr || !IsGenerated(*field) || given.contains(types::ToLower(schema[i].name))) continue;
    ASSIGN_OR_RETURN(const auto parsed, expressions_->Parse(field->MetadataString(delta::kGenerationExpression)));
    ASSIGN_OR_RETURN(ExprPtr value, expressions_->Resolve(parsed, row));
    value = resolve::Rewrite(value, [&](const ExprPtr& e) -> ExprPtr {
      if (e->kind != engine::ExprKind::kColumn) return nullptr;
      const auto found = stands_for.find(e->As<engine::ColumnExpr>().id);
      return found == stands_for.end() ? nullptr : found->second;
    });
    ASSIGN_OR_RETURN((*values)[i], CastForColumn(value, schema[i].type, *rules_));
  }
  return Status::Ok();
}

std::vector<size_t> ComputedColumns::Numbered(const std::vector<StructField>& schema,
                                              const std::set<std::string>& given) const {
  std::vector<size_t> out;
  for (size_t i = 0; i < schema.size(); i++) {
    const StructField* field = Find(schema[i].name);
    if (field != nullptr && IsIdentity(*field) && !given.contains(types::ToLower(schema[i].name))) out.push_back(i);
  }
  return out;
}

}  // namespace deltic::spark::command
