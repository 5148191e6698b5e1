// ALTER TABLE ADD COLUMNS and REPLACE COLUMNS.
#include <algorithm>
#include <set>

#include "base/json_writer.h"
#include "delta/spec/field_metadata.h"
#include "delta/spec/schema.h"
#include "spark/command/alter_table.h"
#include "spark/command/row_completion.h"
#include "spark/command/schema_edit.h"
#include "types/scala_name.h"

namespace deltic::spark::command {
namespace {

using plan::NameParts;
using types::DataType;
using types::StructField;
using types::TypeId;

struct ColumnToAdd {
  const plan::ColumnDefinition& definition;
  const NameParts& path;
  const plan::ColumnPosition& position;
};

std::vector<ColumnToAdd> ColumnsOf(const plan::TableChange& command) {
  std::vector<ColumnToAdd> out;
  for (size_t i = 0; i < command.columns.size(); i++) {
    out.push_back({command.columns[i], command.paths[i], command.positions[i]});
  }
  return out;
}

StructField FieldOf(const ColumnToAdd& column) {
  StructField field{column.definition.name, column.definition.type, column.definition.nullable, "{}"};
  if (column.definition.has_comment) {
    field.metadata = delta::WithFieldText("{}", "comment", column.definition.comment);
  }
  return field;
}

std::string PositionText(const plan::ColumnPosition& position) {
  return position.first ? "FIRST" : "AFTER " + types::QuoteIfNeeded(position.after);
}

// {"column":{"name":…},"position":"FIRST"}
void WriteColumn(const StructField& field, const NameParts& path, const plan::ColumnPosition& position,
                 JsonWriter* json) {
  json->BeginObject().Key("column").BeginObject().Key("name").String(HistoryName(path));
  json->Key("type").Raw(HistoryType(field.type)).Key("nullable").Bool(field.nullable);
  json->Key("metadata").Raw(field.metadata).EndObject();
  if (position.IsGiven()) json->Key("position").String(PositionText(position));
  json->EndObject();
}

Status CheckDefinition(const ColumnToAdd& column) {
  if (!column.definition.default_sql.empty()) {
    return Error("WRONG_COLUMN_DEFAULTS_FOR_DELTA_ALTER_TABLE_ADD_COLUMN_NOT_SUPPORTED");
  }
  if (!column.definition.nullable || delta::HasNotNull(column.definition.type)) {
    return Error("DELTA_OPERATION_NOT_ALLOWED", {{"operation", "NOT NULL in ALTER TABLE ADD COLUMNS"}});
  }
  return Status::Ok();
}

std::string FieldNames(const DataType& type) {
  std::string out;
  if (!type.Is(types::TypeId::kStruct)) return out;
  for (const auto& field : type.fields()) out += (out.empty() ? "" : ", ") + field.name;
  return out;
}

Status AddOne(const Alteration& alter, const ColumnToAdd& column, DataType* schema) {
  const NameParts parent(column.path.begin(), column.path.end() - 1);
  DataType siblings = *schema;
  if (!parent.empty()) {
    const auto found = FindField(*schema, parent);
    if (!found.has_value()) return alter.MissingField(parent);
    siblings = found->type;
  }
  if (FindField(*schema, column.path).has_value()) {
    return Error(
        "FIELDS_ALREADY_EXISTS",
        {{"op", "add"}, {"fieldNames", catalog::QuoteParts(column.path)}, {"struct", "\"" + siblings.Sql() + "\""}});
  }
  if (AddField(schema, parent, FieldOf(column), column.position)) return Status::Ok();
  if (!siblings.Is(types::TypeId::kStruct)) {
    return Error("INVALID_FIELD_NAME", {{"fieldName", catalog::QuoteParts(column.path)},
                                        {"path", catalog::QuoteParts({column.path.begin(), column.path.end() - 1})}});
  }
  return Error("FIELD_NOT_FOUND",
               {{"fieldName", types::QuoteIdentifier(column.path.back())}, {"fields", FieldNames(siblings)}});
}

// What REPLACE COLUMNS may make of the table's columns, at every depth: reorder them, add nullable ones, and where
// columns are mapped drop some (delta-spark's SchemaUtils.canChangeDataType).
class Replacement {
 public:
  explicit Replacement(bool mapped) : mapped_(mapped) {}

  // The message of the first change that it may not make; empty: none.
  std::string Forbidden(const DataType& before, const DataType& after, const NameParts& path) const {
    if (before.Is(TypeId::kArray) && after.Is(TypeId::kArray)) {
      return Forbidden(before.element(), after.element(), Below(path, "element"));
    }
    if (before.Is(TypeId::kMap) && after.Is(TypeId::kMap)) {
      std::string reason = Forbidden(before.key(), after.key(), Below(path, "key"));
      return !reason.empty() ? reason : Forbidden(before.value(), after.value(), Below(path, "value"));
    }
    if (before.Is(TypeId::kStruct) && after.Is(TypeId::kStruct)) return ForbiddenFields(before, after, path);
    if (before.SameType(after)) return {};
    return kCannot + ("changing data type of " + PathText(path) + " from ") + types::ScalaName(before) + " to " +
           types::ScalaName(after);
  }

 private:
  static constexpr const char* kCannot = "[DELTA_CANNOT_CHANGE_DATA_TYPE] Cannot change data type: ";

  static NameParts Below(NameParts path, const std::string& name) {
    path.push_back(name);
    return path;
  }

  static std::string ListOf(const DataType& type) {
    std::string out;
    for (const auto& field : type.fields()) {
      out += (out.empty() ? "" : ",") + types::QuoteIfNeeded(field.name) + " " + field.type.Sql();
    }
    return out;
  }

  std::string ForbiddenFields(const DataType& before, const DataType& after, const NameParts& path) const {
    bool added = false;
    for (const auto& field : after.fields()) {
      const NameParts below = Below(path, field.name);
      const int index = before.FieldIndex(field.name);
      if (index < 0) {
        added = true;
        if (!field.nullable) return kCannot + ("adding non-nullable column " + PathText(below));
        continue;
      }
      const StructField& old = before.fields()[static_cast<size_t>(index)];
      if (old.nullable && !field.nullable) return kCannot + ("tightening nullability of " + PathText(below));
      if (std::string reason = Forbidden(old.type, field.type, below); !reason.empty()) return reason;
    }
    std::string dropped;
    for (const auto& field : before.fields()) {
      if (after.FieldIndex(field.name) < 0) dropped += (dropped.empty() ? "" : ", ") + field.name;
    }
    if (dropped.empty()) return {};
    if (added) {
      return "[DELTA_AMBIGUOUS_DATA_TYPE_CHANGE] Cannot change data type of " + PathText(path) + " from " +
             ListOf(before) + " to " + ListOf(after) +
             ". This change contains column removals and additions, therefore they are ambiguous. Please make these "
             "changes individually using ALTER TABLE [ADD | DROP | RENAME] COLUMN.";
    }
    if (mapped_) return {};
    return kCannot + ("dropping column(s) [" + dropped + "]") + (path.empty() ? "" : " from " + PathText(path));
  }

  const bool mapped_;
};

// `after` with what `before` knows of its fields: their metadata in files and to writers, and their types.
DataType Taking(const DataType& before, const DataType& after) {
  if (before.Is(TypeId::kArray) && after.Is(TypeId::kArray)) {
    return DataType::Array(Taking(before.element(), after.element()), before.contains_null());
  }
  if (before.Is(TypeId::kMap) && after.Is(TypeId::kMap)) {
    return DataType::Map(Taking(before.key(), after.key()), Taking(before.value(), after.value()),
                         before.contains_null());
  }
  if (!before.Is(TypeId::kStruct) || !after.Is(TypeId::kStruct)) return before;
  std::vector<StructField> fields = after.fields();
  for (StructField& field : fields) {
    const int index = before.FieldIndex(field.name);
    if (index < 0) continue;
    const StructField& old = before.fields()[static_cast<size_t>(index)];
    const std::string comment = delta::FieldMetadataJson(field.metadata, "comment");
    field.metadata = comment.empty() ? old.metadata : delta::WithFieldMetadata(old.metadata, "comment", comment);
    field.type = Taking(old.type, field.type);
  }
  return DataType::Struct(std::move(fields));
}

}  // namespace

Status AlterAddColumns(const Alteration& alter) {
  std::set<std::string> names;
  for (const auto& column : ColumnsOf(alter.command)) {
    const std::string name = types::ToLower(PathText(column.path));
    if (!names.insert(name).second) {
      return Error("COLUMN_ALREADY_EXISTS", {{"columnName", types::QuoteIdentifier(name)}});
    }
  }
  DataType schema = alter.metadata().schema;
  JsonWriter added;
  added.BeginArray();
  for (const auto& column : ColumnsOf(alter.command)) {
    RETURN_IF_ERROR(CheckDefinition(column));
    RETURN_IF_ERROR(AddOne(alter, column, &schema));
    WriteColumn(FieldOf(column), column.path, column.position, &added);
  }
  return alter.CommitSchema(std::move(schema), "ADD COLUMNS", {{"columns", added.EndArray().Take()}});
}

Status AlterReplaceColumns(const Alteration& alter) {
  const DataType& before = alter.metadata().schema;
  std::vector<StructField> fields;
  JsonWriter shown;
  shown.BeginArray();
  for (const auto& old : before.fields()) {
    if (IsIdentity(old)) return Error("DELTA_IDENTITY_COLUMNS_REPLACE_COLUMN_NOT_SUPPORTED");
  }
  for (const auto& column : ColumnsOf(alter.command)) {
    StructField field = FieldOf(column);
    shown.BeginObject().Key("name").String(field.name).Key("type").Raw(HistoryType(field.type));
    shown.Key("nullable").Bool(field.nullable).Key("metadata").Raw(field.metadata).EndObject();
    fields.push_back(std::move(field));
  }
  const DataType given = DataType::Struct(fields);
  const bool mapped = delta::MappingModeOf(alter.metadata()) != delta::ColumnMappingMode::kNone;
  if (const std::string reason = Replacement(mapped).Forbidden(before, given, {}); !reason.empty()) {
    return Error(
        "DELTA_UNSUPPORTED_ALTER_TABLE_REPLACE_COL_OP",
        {{"details", reason}, {"oldSchema", types::TreeString(before)}, {"newSchema", types::TreeString(given)}});
  }
  for (auto& field : fields) {
    const int index = before.FieldIndex(field.name);
    if (index < 0) continue;
    // What the table knows of the column stays, its comment too unless there is a new one.
    const StructField& old = before.fields()[static_cast<size_t>(index)];
    const std::string comment = delta::FieldMetadataJson(field.metadata, "comment");
    field.metadata = comment.empty() ? old.metadata : delta::WithFieldMetadata(old.metadata, "comment", comment);
    field.type = Taking(old.type, field.type);
  }
  return alter.CommitSchema(DataType::Struct(std::move(fields)), "REPLACE COLUMNS",
                            {{"columns", shown.EndArray().Take()}});
}

}  // namespace deltic::spark::command
