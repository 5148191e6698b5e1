#include "spark/command/insert.h"

#include <algorithm>

#include "delta/spec/field_metadata.h"
#include "delta/spec/type_widening.h"
#include "spark/catalog/delta_scan.h"
#include "spark/catalog/file_source.h"
#include "spark/catalog/server_catalog.h"
#include "spark/command/column_default.h"
#include "spark/command/delta_schema.h"
#include "spark/command/delta_write.h"
#include "spark/command/file_count.h"
#include "spark/command/file_write.h"
#include "spark/command/query_catalog.h"
#include "spark/command/result_rows.h"
#include "spark/command/row_completion.h"
#include "spark/command/store_cast.h"
#include "spark/functions/coercion.h"
#include "spark/functions/up_cast.h"

namespace deltic::spark::command {
namespace {

using catalog::TableTarget;
using engine::RelPtr;
using types::StructField;

Status ArityMismatch(const TableTarget& target, size_t expected, size_t given) {
  const bool few = given < expected;
  return Error("DELTA_INSERT_COLUMN_ARITY_MISMATCH",
               {{"tableName", target.Display()},
                {"columnName", few ? "not enough data columns" : "too many data columns"},
                {"numColumns", std::to_string(expected)},
                {"insertColumns", std::to_string(given)}});
}

// The data columns renamed to the explicit column list.
Result<RelPtr> NameColumns(const RelPtr& data, const std::vector<std::string>& names,
                           const std::vector<StructField>& schema, const TableTarget& target) {
  if (names.size() != data->output.size()) return ArityMismatch(target, names.size(), data->output.size());
  for (size_t i = 0; i < names.size(); i++) {
    for (size_t j = 0; j < i; j++) {
      if (!types::EqualsIgnoreCase(names[i], names[j])) continue;
      return Error("COLUMN_ALREADY_EXISTS", {{"columnName", types::QuoteIdentifier(types::ToLower(names[i]))}});
    }
  }
  std::vector<engine::Column> output = data->output;
  std::vector<engine::ExprPtr> exprs;
  for (size_t i = 0; i < names.size(); i++) {
    const bool known = std::any_of(schema.begin(), schema.end(),
                                   [&](const StructField& f) { return types::EqualsIgnoreCase(f.name, names[i]); });
    if (!known) {
      std::string proposal;
      for (const auto& field : schema) proposal += (proposal.empty() ? "" : ", ") + types::QuoteIdentifier(field.name);
      return Error("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                   {{"objectName", types::QuoteIdentifier(names[i])}, {"proposal", proposal}});
    }
    exprs.push_back(std::make_shared<engine::ColumnExpr>(output[i].id, output[i].type, output[i].nullable));
    output[i].id = engine::FreshColumnId();
    output[i].name = names[i];
  }
  return RelPtr(std::make_shared<engine::ProjectRel>(data, std::move(output), std::move(exprs)));
}

// Target fields for the data's columns: by position, or by name.
Result<std::vector<StructField>> TargetFields(const TableTarget& target, const RelPtr& data,
                                              const std::vector<StructField>& schema, bool by_name) {
  if (!by_name) {
    const bool may_grow = target.provider == "delta" && data->output.size() > schema.size();
    if (data->output.size() != schema.size() && !may_grow) {
      return ArityMismatch(target, schema.size(), data->output.size());
    }
    // More columns than the table has are new ones: for schema enforcement (or evolution) to judge.
    std::vector<StructField> out = schema;
    for (size_t i = schema.size(); i < data->output.size(); i++) {
      out.push_back({data->output[i].name, data->output[i].type, true, "{}"});
    }
    return out;
  }
  std::vector<StructField> out;
  for (const auto& column : data->output) {
    const auto field = std::find_if(schema.begin(), schema.end(),
                                    [&](const StructField& f) { return types::EqualsIgnoreCase(f.name, column.name); });
    // Unknown names are left for schema enforcement (or evolution) to judge.
    out.push_back(field == schema.end() ? StructField{column.name, column.type, true, "{}"} : *field);
  }
  return out;
}

// Tables of other formats take what ANSI store assignment allows, and name the column that it does not.
Status CheckStorable(const RelPtr& data, const std::vector<StructField>& fields, const TableTarget& target) {
  for (size_t i = 0; i < fields.size(); i++) {
    const types::DataType& from = data->output[i].type;
    if (from.Is(types::TypeId::kNull) || functions::CanStoreAssign(from.AsNullable(), fields[i].type.AsNullable())) {
      continue;
    }
    return Error("INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST",
                 {{"tableName", target.Display()},
                  {"colName", types::QuoteIdentifier(fields[i].name)},
                  {"srcType", "\"" + from.Sql() + "\""},
                  {"targetType", "\"" + fields[i].type.Sql() + "\""}});
  }
  return Status::Ok();
}

std::string StorePolicy(const CommandContext& context) {
  return context.session->conf().GetString("spark.sql.storeAssignmentPolicy", "ANSI");
}

// Whatever the order of struct fields; there may be new ones, and with `widen` wider types
// (SchemaUtils.isReadCompatible).
bool IsSameByName(const types::DataType& from, const types::DataType& to, bool widen) {
  if (from.id() != to.id()) return widen && delta::CanWiden(to, from);
  switch (to.id()) {
    case types::TypeId::kArray: return IsSameByName(from.element(), to.element(), widen);
    case types::TypeId::kMap:
      return IsSameByName(from.key(), to.key(), widen) && IsSameByName(from.value(), to.value(), widen);
    case types::TypeId::kStruct:
      return from.fields().size() >= to.fields().size() &&
             std::all_of(to.fields().begin(), to.fields().end(), [&](const StructField& field) {
               const int at = from.FieldIndex(field.name);
               return at >= 0 && IsSameByName(from.fields()[static_cast<size_t>(at)].type, field.type, widen);
             });
    default: return from.SameType(to);
  }
}

// delta-spark's INSERT casts the rows itself, by position, unless they agree with the table in names and types: then
// all is by name.
bool CastsRows(const RelPtr& data, const std::vector<StructField>& fields, bool by_name, bool widen) {
  for (size_t i = 0; i < fields.size(); i++) {
    const engine::Column& column = data->output[i];
    if (!IsSameByName(column.type, fields[i].type, widen) || (!by_name && column.name != fields[i].name)) return true;
  }
  return false;
}

// What a column is cast to: its type, and what structs have beyond it, for schema enforcement (or evolution) to judge.
// Structs go by position here; one that lacks fields is refused. With `widen` wider values stay as they are, but for
// those of arrays (DeltaAnalysis.addCastToColumn). `name` is the column's or field's, for the error.
Result<types::DataType> Grown(const types::DataType& from, const types::DataType& to, const std::string& name,
                              const TableTarget& target, bool widen) {
  if (from.id() != to.id()) return widen && delta::CanWiden(to, from) ? from : to;
  if (to.Is(types::TypeId::kArray)) {
    const bool structs = to.element().Is(types::TypeId::kStruct);
    ASSIGN_OR_RETURN(auto element, Grown(from.element(), to.element(), name, target, widen && structs));
    return types::DataType::Array(std::move(element), to.contains_null());
  }
  if (to.Is(types::TypeId::kMap)) {
    ASSIGN_OR_RETURN(auto key, Grown(from.key(), to.key(), name, target, widen));
    ASSIGN_OR_RETURN(auto value, Grown(from.value(), to.value(), name, target, widen));
    return types::DataType::Map(std::move(key), std::move(value), to.contains_null());
  }
  if (!to.Is(types::TypeId::kStruct)) return to;
  if (from.fields().size() < to.fields().size()) {
    return Error("DELTA_INSERT_COLUMN_ARITY_MISMATCH", {{"tableName", target.Display()},
                                                        {"columnName", "not enough nested fields in " + name},
                                                        {"numColumns", std::to_string(to.fields().size())},
                                                        {"insertColumns", std::to_string(from.fields().size())}});
  }
  std::vector<StructField> fields = to.fields();
  for (size_t i = 0; i < fields.size(); i++) {
    ASSIGN_OR_RETURN(fields[i].type,
                     Grown(from.fields()[i].type, fields[i].type, name + "." + fields[i].name, target, widen));
  }
  for (size_t i = fields.size(); i < from.fields().size(); i++) fields.push_back(from.fields()[i]);
  return types::DataType::Struct(std::move(fields));
}

bool IsBuiltAnew(const types::DataType& from, const types::DataType& to) {
  return from.Is(types::TypeId::kStruct) && to.Is(types::TypeId::kStruct) && from.fields().size() == to.fields().size();
}

// A struct field by field, which makes a struct of NULLs of a NULL.
Result<engine::ExprPtr> BuiltAnew(const engine::ExprPtr& value, const types::DataType& target,
                                  const std::string& policy, const std::string& zone) {
  std::vector<engine::ExprPtr> args;
  for (size_t i = 0; i < target.fields().size(); i++) {
    const StructField& from = value->type.fields()[i];
    const StructField& to = target.fields()[i];
    const auto field = engine::MakeCall("struct_field", {value, engine::MakeString(from.name)}, from.type, true);
    args.push_back(engine::MakeString(to.name));
    if (IsBuiltAnew(from.type, to.type)) {
      ASSIGN_OR_RETURN(args.emplace_back(), BuiltAnew(field, to.type, policy, zone));
    } else {
      ASSIGN_OR_RETURN(args.emplace_back(), StoredInColumn(field, to.name, to.type, policy, zone));
    }
  }
  return engine::MakeCall("named_struct", std::move(args), target, false);
}

// The rows with their structs built anew as delta-spark's casts do: all that are not of the column's very type.
Result<RelPtr> WithStructsBuiltAnew(const RelPtr& data, const std::vector<StructField>& fields,
                                    const std::string& policy, const std::string& zone) {
  std::vector<engine::Column> output = data->output;
  std::vector<engine::ExprPtr> exprs;
  bool any = false;
  for (size_t i = 0; i < output.size(); i++) {
    engine::ExprPtr value = std::make_shared<engine::ColumnExpr>(output[i].id, output[i].type, output[i].nullable);
    if (i < fields.size() && IsBuiltAnew(output[i].type, fields[i].type) && !(output[i].type == fields[i].type)) {
      any = true;
      ASSIGN_OR_RETURN(value, BuiltAnew(value, fields[i].type, policy, zone));
      output[i].type = fields[i].type;
      output[i].nullable = false;
    }
    output[i].id = engine::FreshColumnId();
    exprs.push_back(std::move(value));
  }
  if (!any) return data;
  return RelPtr(std::make_shared<engine::ProjectRel>(data, std::move(output), std::move(exprs)));
}

// The kernel that overflows knows types only: the column is the first that is given such a value.
Status NamingColumn(Status status, const RelPtr& data, const std::vector<StructField>& fields) {
  if (status.Is("NUMERIC_VALUE_OUT_OF_RANGE")) {
    const std::string type =
        "DECIMAL(" + std::string(status.Param("precision")) + "," + std::string(status.Param("scale")) + ")";
    for (size_t i = 0; i < fields.size(); i++) {
      const auto& from = data->output[i].type;
      if (fields[i].type.Sql() != type || functions::CanUpCast(from, fields[i].type)) continue;
      return Error("CAST_OVERFLOW_IN_TABLE_INSERT", {{"sourceType", "\"" + from.Sql() + "\""},
                                                     {"targetType", "\"" + type + "\""},
                                                     {"columnName", types::QuoteIdentifier(fields[i].name)}});
    }
  }
  if (!status.Is("CAST_OVERFLOW_IN_TABLE_INSERT")) return status;
  for (size_t i = 0; i < fields.size(); i++) {
    if (status.Param("sourceType") != "\"" + data->output[i].type.Sql() + "\"") continue;
    if (status.Param("targetType") != "\"" + fields[i].type.Sql() + "\"") continue;
    return Error("CAST_OVERFLOW_IN_TABLE_INSERT", {{"sourceType", std::string(status.Param("sourceType"))},
                                                   {"targetType", std::string(status.Param("targetType"))},
                                                   {"columnName", types::QuoteIdentifier(fields[i].name)}});
  }
  return status;
}

// The columns that a statement's values go to, by position; empty when they go by name.
std::vector<StructField> ValueColumns(const plan::Insert& command, const std::vector<StructField>& schema) {
  std::vector<StructField> out;
  if (command.by_name) return out;
  for (const auto& name : command.columns) {
    const auto field = std::find_if(schema.begin(), schema.end(),
                                    [&](const StructField& f) { return types::EqualsIgnoreCase(f.name, name); });
    out.push_back(field == schema.end() ? StructField{name, types::DataType(), true, "{}"} : *field);
  }
  if (!command.columns.empty()) return out;
  for (const auto& field : schema) {
    const bool constant = std::any_of(command.partition.begin(), command.partition.end(), [&](const auto& item) {
      return item.second != nullptr && types::EqualsIgnoreCase(item.first, field.name);
    });
    if (!constant) out.push_back(field);
  }
  return out;
}

// The query with the table's defaults for the keyword DEFAULT.
Result<plan::RelationPtr> WithDefaults(const CommandContext& context, const TableTarget& target,
                                       const plan::Insert& command) {
  if (target.provider != "delta" || !MayHaveDefaults(command.query)) return command.query;
  const auto snapshot = context.session->server()->catalog->LatestSnapshot(context.session, target.path);
  if (!snapshot.ok()) return command.query;  // found out where the rows are written
  std::vector<StructField> columns = ValueColumns(command, (*snapshot)->schema().fields());
  const TableExpressions expressions(context.session);
  return ReplaceDefaults(command.query, columns, expressions);
}

// A column list must have what cannot be left out.
Status CheckInsertColumns(const std::vector<std::string>& columns, const types::DataType& schema) {
  if (columns.empty()) return Status::Ok();
  for (const auto& field : schema.fields()) {
    if (field.nullable || IsGenerated(field) || IsIdentity(field) || field.HasMetadata(delta::kCurrentDefault)) {
      continue;
    }
    const bool listed = std::any_of(columns.begin(), columns.end(),
                                    [&](const std::string& name) { return types::EqualsIgnoreCase(name, field.name); });
    if (!listed) return Error("DELTA_INSERT_COLUMN_MISMATCH", {{"columnName", field.name}});
  }
  return Status::Ok();
}

Result<RelPtr> InsertIntoFiles(const CommandContext& context, const TableTarget& target, RelPtr data,
                               const InsertOptions& options) {
  const std::vector<StructField> schema =
      target.entry.has_value() ? target.entry->schema.fields() : std::vector<StructField>();
  if (schema.empty()) return Unsupported("INSERT into a path of format " + target.provider);
  if (!options.columns.empty()) {
    ASSIGN_OR_RETURN(data, NameColumns(data, options.columns, schema, target));
  }
  ASSIGN_OR_RETURN(const auto fields, TargetFields(target, data, schema, options.by_name || !options.columns.empty()));
  const std::string zone = context.session->conf().GetString("spark.sql.session.timeZone", "UTC");
  const std::string policy = StorePolicy(context);
  if (types::EqualsIgnoreCase(policy, "ANSI")) RETURN_IF_ERROR(CheckStorable(data, fields, target));
  ASSIGN_OR_RETURN(data, StoreAssign(data, fields, policy, zone));
  ASSIGN_OR_RETURN(data, AlignByName(data, target.entry->schema));
  FileWrite write;
  write.path = target.path;
  write.format = *catalog::FileFormatOf(target.provider);
  write.data = std::move(data);
  write.mode = options.overwrite ? plan::SaveMode::kOverwrite : plan::SaveMode::kAppend;
  write.partition_by = target.entry->partition_columns;
  write.options = target.entry->options;
  RETURN_IF_ERROR(WriteFilesTo(context.session, write, context.interrupted));
  return NoRows();
}

// The schema evolves, and the table lets its types become wider (DeltaAnalysis.allowTypeWidening).
bool WidensTypes(const CommandContext& context, const InsertOptions& options, const delta::Snapshot& snapshot) {
  const bool merge =
      plan::FindFlag(options.options, "mergeSchema",
                     context.session->conf().GetBool("spark.databricks.delta.schema.autoMerge.enabled", false));
  return merge && delta::TypeWideningEnabled(snapshot.protocol(), snapshot.metadata());
}

}  // namespace

bool IsTrueLiteral(const plan::ExpressionPtr& expr) {
  if (expr->kind != plan::ExpressionKind::kLiteral) return false;
  const auto* value = std::get_if<bool>(&expr->As<plan::Literal>().value.v);
  return value != nullptr && *value;
}

Result<RelPtr> InsertRows(const CommandContext& context, const TableTarget& target, RelPtr data,
                          const InsertOptions& options) {
  if (target.IsView()) {
    return Error("_LEGACY_ERROR_TEMP_1010",
                 {{"identifier", catalog::QuoteParts({"spark_catalog", target.name.database, target.name.table})}});
  }
  if (target.provider != "delta") return InsertIntoFiles(context, target, std::move(data), options);
  auto snapshot = context.session->server()->catalog->LatestSnapshot(context.session, target.path);
  if (!snapshot.ok()) {
    if (!snapshot.status().Is("DELTA_MISSING_TRANSACTION_LOG")) return snapshot.status();
    return Error("DELTA_TABLE_NOT_FOUND", {{"tableName", types::QuoteIdentifier(target.path)}});
  }
  const std::vector<StructField> schema = catalog::ReadSchema(**snapshot);
  if (!options.columns.empty()) {
    ASSIGN_OR_RETURN(data, NameColumns(data, options.columns, schema, target));
    RETURN_IF_ERROR(CheckInsertColumns(options.columns, (*snapshot)->schema()));
  }
  ASSIGN_OR_RETURN(auto fields, TargetFields(target, data, schema, options.by_name || !options.columns.empty()));
  const std::string zone = context.session->conf().GetString("spark.sql.session.timeZone", "UTC");
  DeltaWrite write;
  write.path = target.path;
  write.snapshot = *snapshot;
  RelPtr rows = data;
  const bool widen = WidensTypes(context, options, **snapshot);
  if (CastsRows(data, fields, options.by_name || !options.columns.empty(), widen)) {
    for (size_t i = 0; i < fields.size(); i++) {
      ASSIGN_OR_RETURN(fields[i].type, Grown(data->output[i].type, fields[i].type, fields[i].name, target, widen));
    }
    ASSIGN_OR_RETURN(rows, WithStructsBuiltAnew(data, fields, StorePolicy(context), zone));
  } else {
    for (size_t i = 0; i < fields.size(); i++) {  // WriteDelta goes by name
      const types::DataType& from = data->output[i].type;
      if (fields[i].type.IsNested() || (widen && delta::CanWiden(fields[i].type, from))) fields[i].type = from;
    }
  }
  ASSIGN_OR_RETURN(write.data, StoreAssign(rows, fields, StorePolicy(context), zone));
  write.mode = options.overwrite ? plan::SaveMode::kOverwrite : plan::SaveMode::kAppend;
  write.options = options.options;
  write.replace_where = options.replace_where;
  write.files = options.files;
  RETURN_IF_ERROR(NamingColumn(WriteDelta(context.session, write, context.interrupted).status(), data, fields));
  return NoRows();
}

namespace {

// What PARTITION (…) means for an insert.
struct PartitionClause {
  RelPtr data;                           // with the constant partition values as its last columns
  std::vector<std::string> columns;      // what its columns are
  plan::ExpressionPtr static_condition;  // the rows of those partitions; null: no constant value
};

Status CheckPartitionColumns(const plan::Insert& command, const TableTarget& target,
                             const std::vector<std::string>& partition_columns) {
  for (const auto& [name, value] : command.partition) {
    const bool known = std::any_of(partition_columns.begin(), partition_columns.end(),
                                   [&](const auto& column) { return types::EqualsIgnoreCase(column, name); });
    if (!known) return Error("NON_PARTITION_COLUMN", {{"columnName", types::QuoteIdentifier(name)}});
  }
  if (command.if_partition_not_exists) {
    return Error("UNSUPPORTED_FEATURE.INSERT_PARTITION_SPEC_IF_NOT_EXISTS",
                 {{"tableName", catalog::QuoteParts({"spark_catalog", target.name.database, target.name.table})}});
  }
  return Status::Ok();
}

Result<PartitionClause> ReadPartitionClause(const CommandContext& context, const plan::Insert& command,
                                            const TableTarget& target, const std::vector<StructField>& schema,
                                            const std::vector<std::string>& partition_columns, const RelPtr& data) {
  RETURN_IF_ERROR(CheckPartitionColumns(command, target, partition_columns));
  QueryCatalog catalog(context.session);
  resolve::Resolver resolver(&catalog, context.session->server()->engine, context.session->views(),
                             context.session->MakeResolveOptions(), false);
  PartitionClause out;
  std::vector<engine::Column> output = data->output;
  std::vector<engine::ExprPtr> exprs;
  for (auto& column : output) {
    exprs.push_back(std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable));
    column.id = engine::FreshColumnId();
  }
  const auto constant_of = [&](const std::string& column) {
    return std::find_if(command.partition.begin(), command.partition.end(), [&](const auto& item) {
      return item.second != nullptr && types::EqualsIgnoreCase(item.first, column);
    });
  };
  if (command.by_name) {
    for (const auto& column : data->output) out.columns.push_back(column.name);
  } else if (!command.columns.empty()) {
    out.columns = command.columns;
  } else {
    for (const auto& field : schema) {
      if (constant_of(field.name) == command.partition.end()) out.columns.push_back(field.name);
    }
  }
  if (out.columns.size() != data->output.size()) {
    const auto constants = static_cast<size_t>(std::count_if(command.partition.begin(), command.partition.end(),
                                                             [](const auto& item) { return item.second != nullptr; }));
    return ArityMismatch(target, out.columns.size() + constants, data->output.size() + constants);
  }
  for (const auto& name : partition_columns) {
    const auto constant = constant_of(name);
    if (constant == command.partition.end()) continue;
    ASSIGN_OR_RETURN(const auto value,
                     resolver.ResolveExpression(constant->second, std::make_shared<engine::OneRowRel>()));
    output.push_back({engine::FreshColumnId(), name, value->type, value->nullable});
    exprs.push_back(value);
    out.columns.push_back(name);
    const plan::ExpressionPtr column = std::make_shared<plan::UnresolvedAttribute>(std::vector<std::string>{name});
    const plan::ExpressionPtr equal =
        std::make_shared<plan::UnresolvedFunction>("<=>", std::vector<plan::ExpressionPtr>{column, constant->second});
    out.static_condition = out.static_condition == nullptr
                               ? equal
                               : std::make_shared<plan::UnresolvedFunction>(
                                     "and", std::vector<plan::ExpressionPtr>{out.static_condition, equal});
  }
  out.data = std::make_shared<engine::ProjectRel>(data, std::move(output), std::move(exprs));
  return out;
}

bool OverwritesDynamically(const CommandContext& context) {
  const auto mode = context.session->conf().GetString("spark.sql.sources.partitionOverwriteMode", "static");
  return types::EqualsIgnoreCase(mode, "dynamic");
}

}  // namespace

Result<RelPtr> RunInsert(const CommandContext& context, const plan::Insert& command) {
  if (command.table.size() == 1 && context.session->views()->contains(types::ToLower(command.table[0]))) {
    return Error("_LEGACY_ERROR_TEMP_1010", {{"identifier", catalog::QuoteParts(command.table)}});
  }
  ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.table));
  InsertOptions options;
  options.by_name = command.by_name;
  options.overwrite = command.overwrite;
  options.columns = command.columns;
  if (command.with_schema_evolution) options.options.emplace_back("mergeSchema", "true");
  ASSIGN_OR_RETURN(const auto query, WithDefaults(context, target, command));
  ASSIGN_OR_RETURN(RelPtr data, ResolveInput(context, query));
  options.files = FilesAskedFor(query);
  if (command.replace_where != nullptr) {
    if (target.provider != "delta") return Unsupported("INSERT INTO … REPLACE WHERE of format " + target.provider);
    options.overwrite = true;
    if (!IsTrueLiteral(command.replace_where)) options.replace_where = command.replace_where;
  }
  if (!command.partition.empty()) {
    if (target.provider != "delta") return Unsupported("INSERT … PARTITION (…) of format " + target.provider);
    ASSIGN_OR_RETURN(const auto snapshot,
                     context.session->server()->catalog->LatestSnapshot(context.session, target.path));
    ASSIGN_OR_RETURN(auto clause, ReadPartitionClause(context, command, target, catalog::ReadSchema(*snapshot),
                                                      snapshot->metadata().partition_columns, data));
    data = std::move(clause.data);
    options.columns = std::move(clause.columns);
    options.by_name = false;
    if (command.overwrite && !OverwritesDynamically(context)) options.replace_where = clause.static_condition;
  }
  return InsertRows(context, target, std::move(data), options);
}

Result<RelPtr> RunInsertMany(const CommandContext& context, const plan::InsertMany& command) {
  for (const auto& insert : command.inserts) {
    RETURN_IF_ERROR(RunInsert(context, insert->As<plan::Insert>()).status());
  }
  return NoRows();
}

}  // namespace deltic::spark::command
