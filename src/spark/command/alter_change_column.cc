// ALTER TABLE ALTER/CHANGE COLUMN: type, nullability, comment, default, position; SYNC IDENTITY.
#include <algorithm>

#include "base/json_writer.h"
#include "base/random.h"
#include "delta/spec/features.h"
#include "delta/spec/field_metadata.h"
#include "delta/spec/type_widening.h"
#include "delta/transaction/transaction.h"
#include "spark/catalog/delta_scan.h"
#include "spark/command/alter_table.h"
#include "spark/command/column_default.h"
#include "spark/command/dependent_expressions.h"
#include "spark/command/row_completion.h"
#include "spark/command/schema_edit.h"
#include "spark/command/version.h"
#include "spark/functions/coercion.h"

namespace deltic::spark::command {
namespace {

using plan::ColumnChange;
using plan::NameParts;
using types::DataType;
using types::StructField;
using types::TypeId;

// The type a user gave the column, CHAR and VARCHAR as such.
DataType DeclaredType(const StructField& field) {
  const std::string text = field.MetadataString(delta::kCharVarcharType);
  if (text.empty()) return field.type;
  const auto parsed = sql::ParseDataType(text);
  return parsed.ok() ? *parsed : field.type;
}

// Spark lets a column be widened in a way that loses nothing (Cast.canUpCast).
bool CanUpCast(const DataType& from, const DataType& to) {
  if (from.SameType(to)) return true;
  if (from.IsString() && to.IsString()) {
    if (to.Is(TypeId::kString)) return true;
    return !from.Is(TypeId::kString) && to.Is(TypeId::kVarchar) && to.length() >= from.length();
  }
  if (from.IsNumeric() && to.IsNumeric()) {
    if (from.Is(TypeId::kDecimal) && to.Is(TypeId::kDecimal)) {
      return to.scale() >= from.scale() && to.precision() - to.scale() >= from.precision() - from.scale();
    }
    if (from.Is(TypeId::kDecimal)) return false;
    if (to.Is(TypeId::kDecimal)) return from.IsIntegral();
    return to.id() > from.id();
  }
  if (to.IsString()) return from.IsAtomic();
  if (from.Is(TypeId::kDate)) return to.Is(TypeId::kTimestamp) || to.Is(TypeId::kTimestampNtz);
  return from.Is(TypeId::kNull);
}

// Delta takes new lengths of CHAR/VARCHAR, VARCHAR and STRING for CHAR, and widened types where widening is on.
bool CanChange(const Alteration& alter, const DataType& from, const DataType& to) {
  if (from.IsString() && to.IsString()) return true;
  return delta::TypeWideningEnabled(alter.snapshot->protocol(), alter.metadata()) && delta::CanWiden(from, to);
}

Status CheckTypeChange(const Alteration& alter, const NameParts& path, const StructField& field, const DataType& to) {
  const DataType from = DeclaredType(field);
  if (!CanUpCast(from, to)) {
    const auto& name = alter.target.name;
    return Error("NOT_SUPPORTED_CHANGE_COLUMN",
                 {{"table", catalog::QuoteParts({"spark_catalog", name.database, name.table})},
                  {"originName", catalog::QuoteParts(path)},
                  {"originType", "\"" + from.Sql() + "\""},
                  {"newName", catalog::QuoteParts(path)},
                  {"newType", "\"" + to.Sql() + "\""}});
  }
  if (!CanChange(alter, from, to)) {
    return Error("DELTA_UNSUPPORTED_ALTER_TABLE_CHANGE_COL_OP",
                 {{"fieldPath", PathText(path)}, {"oldField", from.Sql()}, {"newField", to.Sql()}});
  }
  if (from.IsString()) return Status::Ok();
  return CheckNoDependents(alter.session(), *alter.snapshot, path);
}

void SetType(StructField* field, const DataType& type) {
  field->metadata = delta::WithoutFieldKey(field->metadata, delta::kCharVarcharType);
  if (type.Is(TypeId::kChar) || type.Is(TypeId::kVarchar)) {
    field->metadata = delta::WithFieldText(field->metadata, delta::kCharVarcharType, type.SimpleString());
    field->type = DataType(TypeId::kString);
  } else {
    field->type = type;
  }
}

Status SetDefault(const Alteration& alter, const std::string& sql, StructField* field) {
  if (!delta::IsFeatureSupported(alter.snapshot->protocol(), "allowColumnDefaults")) {
    return Error("WRONG_COLUMN_DEFAULTS_FOR_DELTA_FEATURE_NOT_ENABLED", {{"commandType", "ALTER TABLE"}});
  }
  if (sql.empty()) {
    field->metadata = delta::WithoutFieldKey(field->metadata, delta::kCurrentDefault);
    return Status::Ok();
  }
  TableExpressions expressions(alter.session());
  RETURN_IF_ERROR(CheckDefault(sql, *field, "ALTER TABLE ALTER COLUMN", &expressions).status());
  field->metadata = delta::WithFieldText(field->metadata, delta::kCurrentDefault, sql);
  return Status::Ok();
}

// The field after the change, except for its position.
Result<StructField> Changed(const Alteration& alter, const NameParts& path, const StructField& field) {
  const ColumnChange& change = alter.command.change;
  StructField out = field;
  if (change.type && !change.type->SameType(DeclaredType(field), true)) {
    RETURN_IF_ERROR(CheckTypeChange(alter, path, field, *change.type));
    SetType(&out, *change.type);
  }
  if (change.nullable) {
    if (!*change.nullable && field.nullable) {
      return Error("_LEGACY_ERROR_TEMP_2330", {{"fieldName", PathText(path)}});
    }
    out.nullable = *change.nullable;
  }
  if (change.comment) out.metadata = delta::WithFieldText(out.metadata, "comment", *change.comment);
  if (change.default_sql) RETURN_IF_ERROR(SetDefault(alter, *change.default_sql, &out));
  return out;
}

// As the history shows it: the declared type, the whole path as name.
std::string ColumnJson(const StructField& field, const NameParts& path) {
  const DataType declared = DeclaredType(field);
  JsonWriter json;
  json.BeginObject().Key("name").String(HistoryName(path)).Key("type").Raw(HistoryType(declared));
  json.Key("nullable").Bool(field.nullable);
  json.Key("metadata").Raw(delta::WithoutFieldKey(field.metadata, delta::kCharVarcharType));
  return json.EndObject().Take();
}

}  // namespace

Status AlterChangeColumn(const Alteration& alter) {
  const ColumnChange& change = alter.command.change;
  const DataType& before = alter.metadata().schema;
  NameParts path;
  const auto field = FindField(before, change.path, &path);
  if (!field.has_value()) return alter.MissingField(change.path);
  const NameParts parent(path.begin(), path.end() - 1);
  if (!change.position.after.empty()) {
    NameParts after = parent;
    after.push_back(change.position.after);
    if (!FindField(before, after).has_value()) return alter.MissingField(after);
  }
  ASSIGN_OR_RETURN(const StructField changed, Changed(alter, path, *field));
  if (changed == *field && !change.position.IsGiven() && !change.comment) return Status::Ok();
  DataType schema = EditField(before, path, [&](StructField* f) { *f = changed; });
  std::vector<std::pair<std::string, std::string>> parameters{{"column", ColumnJson(changed, path)}};
  const auto version = delta::RecordedVersion(alter.snapshot->protocol(), alter.snapshot->version() + 1);
  schema = delta::RecordTypeChanges(before, schema, version);
  // After itself a column stays where it is.
  const bool moves = change.position.first || !types::EqualsIgnoreCase(change.position.after, path.back());
  if (change.position.IsGiven() && moves) {
    const auto moved = FindField(schema, path);
    if (!RemoveField(&schema, path) || !AddField(&schema, parent, *moved, change.position)) {
      return alter.MissingField(path);
    }
  }
  if (change.position.IsGiven()) {
    parameters.emplace_back("position",
                            change.position.first ? "FIRST" : "AFTER " + types::QuoteIfNeeded(change.position.after));
  }
  return alter.CommitSchema(std::move(schema), "CHANGE COLUMN", std::move(parameters));
}

namespace {

constexpr char kMayLowerMark[] = "spark.databricks.delta.identityColumn.allowSyncIdentityToLowerHighWaterMark.enabled";

// The high-water mark after a sync, when it changes (delta-spark's IdentityColumn.syncIdentity). `farthest`: of the
// column's values in the direction of the steps. Numbers stay on the grid of start and step, values that never reached
// the start do not count, and a mark does not go back unless it may or had not reached the start itself.
Result<std::optional<int64_t>> SyncedMark(const StructField& field, int64_t farthest, bool may_lower) {
  const int64_t start = field.MetadataInt(delta::kIdentityStart, 1);
  const int64_t step = field.MetadataInt(delta::kIdentityStep, 1);
  const auto is_before = [&](int64_t a, int64_t b) { return step > 0 ? a < b : a > b; };
  engine::Int128 rounded = farthest;
  const auto past = static_cast<int64_t>((rounded - start) % step);
  if (past != 0) rounded += is_before(farthest, start) ? -engine::Int128{past} : engine::Int128{step} - past;
  if (rounded != static_cast<int64_t>(rounded)) return Error("_LONG_OVERFLOW", {}, "long overflow");
  auto mark = static_cast<int64_t>(rounded);
  std::optional<int64_t> old;
  if (field.HasMetadata(delta::kIdentityHighWaterMark)) old = field.MetadataInt(delta::kIdentityHighWaterMark, 0);
  if (old && !may_lower && is_before(mark, *old)) mark = *old;
  const bool was_bad = old && is_before(*old, start);
  if (!was_bad && (is_before(farthest, start) || mark == old)) return std::optional<int64_t>();
  return std::optional(mark);
}

}  // namespace

Status AlterSyncIdentity(const Alteration& alter) {
  NameParts path;
  const auto field = FindField(alter.metadata().schema, alter.command.paths[0], &path);
  if (!field.has_value()) return alter.MissingField(alter.command.paths[0]);
  if (path.size() > 1 || !IsIdentity(*field)) return Error("DELTA_IDENTITY_COLUMNS_ALTER_NON_IDENTITY_COLUMN");
  // The farthest value in the direction of the steps.
  TableExpressions expressions(alter.session());
  ASSIGN_OR_RETURN(const auto rows, catalog::ScanSnapshot(alter.session(), alter.snapshot, {}, expressions.resolver()));
  auto column = std::make_shared<plan::UnresolvedAttribute>(path);
  ASSIGN_OR_RETURN(const auto value, expressions.Resolve(column, rows));
  const int64_t step = field->MetadataInt(delta::kIdentityStep, 1);
  auto farthest = std::make_shared<engine::AggregateRel>(
      rows, std::vector<engine::Column>{{engine::FreshColumnId(), "mark", TypeId::kLong, true}});
  farthest->aggregates.push_back(std::make_shared<engine::Aggregate>(
      step > 0 ? "max" : "min", std::vector<engine::ExprPtr>{value}, TypeId::kLong, true));
  ASSIGN_OR_RETURN(const auto found, alter.session()->server()->engine->Collect(farthest, {}, 1));
  StructField synced = *field;
  if (!found.empty() && !found[0][0].IsNull()) {
    const bool may_lower = alter.session()->conf().GetBool(kMayLowerMark, false);
    ASSIGN_OR_RETURN(const auto mark, SyncedMark(*field, std::get<int64_t>(found[0][0].v), may_lower));
    if (mark) synced.metadata = delta::WithFieldNumber(synced.metadata, delta::kIdentityHighWaterMark, *mark);
  }
  DataType schema = EditField(alter.metadata().schema, path, [&](StructField* f) { *f = synced; });
  delta::Metadata metadata = alter.metadata();
  metadata.schema = std::move(schema);
  metadata.schema_string = metadata.schema.Json();
  ASSIGN_OR_RETURN(const auto io, alter.session()->server()->catalog->IoFor(alter.session(), alter.target.path));
  delta::Transaction txn(io, alter.snapshot, Random::System());
  txn.ReadWholeTable();  // rows added meanwhile may have a value farther on
  RETURN_IF_ERROR(txn.UpdateIdentityMarks(std::move(metadata)));
  delta::CommitOptions options;
  options.operation = "CHANGE COLUMN";
  options.operation_parameters = {{"column", ColumnJson(*field, path)}};
  options.engine_info = EngineInfo();
  return txn.Commit(options).status();
}

}  // namespace deltic::spark::command
