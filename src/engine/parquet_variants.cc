#include "engine/parquet_variants.h"

#include <algorithm>
#include <atomic>

#include "delta/spec/schema.h"
#include "duckdb/catalog/catalog_entry/copy_function_catalog_entry.hpp"
#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "duckdb/planner/expression/bound_reference_expression.hpp"
#include "engine/type_map.h"
#include "engine/variant/shredding.h"
#include "parquet_reader.hpp"
#include "parquet_writer.hpp"

namespace deltic::engine {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::ParquetColumnSchema;
using duckdb::Vector;
using Definition = duckdb::MultiFileColumnDefinition;

// How a vector as the file has it becomes one of variants.
struct Conversion {
  enum class Kind : uint8_t { kKeep, kVariant, kStruct, kList };  // a map is a list of its entries
  Kind kind = Kind::kKeep;
  LogicalType type;  // of the result
  variant::ShreddedGroup group;
  std::vector<Conversion> parts;

  bool Changes() const { return kind != Kind::kKeep; }
};

void Convert(Vector& in, const Conversion& how, idx_t count, Vector& out) {
  switch (how.kind) {
    case Conversion::Kind::kKeep: return out.Reference(in);
    case Conversion::Kind::kVariant: return variant::Rebuild(in, how.group, count, out);
    case Conversion::Kind::kStruct: {
      in.Flatten(count);
      auto& from = duckdb::StructVector::GetEntries(in);
      auto& to = duckdb::StructVector::GetEntries(out);
      for (size_t i = 0; i < how.parts.size(); i++) Convert(*from[i], how.parts[i], count, *to[i]);
      return FlatVector::SetValidity(out, FlatVector::Validity(in));
    }
    case Conversion::Kind::kList: {
      in.Flatten(count);
      const idx_t size = duckdb::ListVector::GetListSize(in);
      duckdb::ListVector::Reserve(out, size);
      Convert(duckdb::ListVector::GetEntry(in), how.parts[0], size, duckdb::ListVector::GetEntry(out));
      duckdb::ListVector::SetListSize(out, size);
      std::copy_n(FlatVector::GetData<duckdb::list_entry_t>(in), count, FlatVector::GetData<duckdb::list_entry_t>(out));
      return FlatVector::SetValidity(out, FlatVector::Validity(in));
    }
  }
}

// The field id that a file gives a column (DuckDB's schema of groups has none); -1: none.
int64_t FieldIdOf(const Definition& column) {
  const duckdb::Value& id = column.identifier;
  return id.IsNull() || id.type().id() != LogicalTypeId::INTEGER ? -1 : id.GetValue<int32_t>();
}

bool SameName(const std::string& a, const std::string& b) { return duckdb::StringUtil::CIEquals(a, b); }

// An annotated group is a struct again, with whatever it holds.
void Unannotate(ParquetColumnSchema* schema) {
  if (schema->schema_type != duckdb::ParquetColumnSchemaType::VARIANT) return;
  schema->schema_type = duckdb::ParquetColumnSchemaType::COLUMN;
  duckdb::child_list_t<LogicalType> children;
  for (const auto& child : schema->children) children.emplace_back(child.name, child.type);
  schema->type = LogicalType::STRUCT(std::move(children));
}

// Brings `schema`, where `type` is expected, to plain structs and finds out how it becomes that type; `definition` is
// told the result.
Conversion Plan(const DataType& type, ParquetColumnSchema* schema, Definition* definition);

Conversion PlanStruct(const DataType& type, ParquetColumnSchema* schema, Definition* definition) {
  Conversion out;
  duckdb::child_list_t<LogicalType> read;
  duckdb::child_list_t<LogicalType> made;
  for (size_t i = 0; i < schema->children.size(); i++) {
    ParquetColumnSchema& child = schema->children[i];
    Definition* const inner = i < definition->children.size() ? &definition->children[i] : nullptr;
    const int64_t own_id = inner == nullptr ? -1 : FieldIdOf(*inner);
    const auto wanted = std::find_if(type.fields().begin(), type.fields().end(), [&](const types::StructField& field) {
      const int64_t id = field.MetadataInt("delta.columnMapping.id", -1);
      return id >= 0 && own_id >= 0 ? own_id == id : SameName(field.name, child.name);
    });
    Conversion part;
    part.type = child.type;
    if (wanted != type.fields().end() && inner != nullptr) part = Plan(wanted->type, &child, inner);
    if (part.Changes()) out.kind = Conversion::Kind::kStruct;
    read.emplace_back(child.name, child.type);
    made.emplace_back(child.name, part.type);
    out.parts.push_back(std::move(part));
  }
  schema->type = LogicalType::STRUCT(std::move(read));
  out.type = LogicalType::STRUCT(std::move(made));
  return out;
}

Conversion Plan(const DataType& type, ParquetColumnSchema* schema, Definition* definition) {
  Conversion out;
  out.type = schema->type;
  if (!HoldsVariant(type)) return out;
  switch (type.id()) {
    case TypeId::kVariant: {
      Unannotate(schema);
      out.type = variant::VectorType();
      if (schema->type != out.type) {
        out.kind = Conversion::Kind::kVariant;
        out.group = variant::ReadShreddedGroup(schema->type, true);
      }
      definition->children.clear();
      break;
    }
    case TypeId::kStruct:
      if (schema->type.id() != LogicalTypeId::STRUCT) return out;
      out = PlanStruct(type, schema, definition);
      break;
    case TypeId::kArray: {
      if (schema->type.id() != LogicalTypeId::LIST || schema->children.size() != 1) return out;
      Definition none("element", schema->children[0].type);
      Definition* const inner = definition->children.size() == 1 ? &definition->children[0] : &none;
      Conversion element = Plan(type.element(), &schema->children[0], inner);
      schema->type = LogicalType::LIST(schema->children[0].type);
      out.type = LogicalType::LIST(element.type);
      if (element.Changes()) out.kind = Conversion::Kind::kList;
      out.parts.push_back(std::move(element));
      break;
    }
    case TypeId::kMap: {
      if (schema->type.id() != LogicalTypeId::MAP || schema->children.size() != 1) return out;
      ParquetColumnSchema& entry = schema->children[0];
      if (entry.children.size() != 2) return out;
      Definition none("key_value", entry.type);
      Definition* const pair = definition->children.size() == 1 ? &definition->children[0] : &none;
      while (pair->children.size() < 2) {
        const auto& part = entry.children[pair->children.size()];
        pair->children.emplace_back(part.name, part.type);
      }
      Conversion entries;
      entries.kind = Conversion::Kind::kStruct;
      entries.parts.push_back(Plan(type.key(), &entry.children[0], &pair->children[0]));
      entries.parts.push_back(Plan(type.value(), &entry.children[1], &pair->children[1]));
      const bool changes = entries.parts[0].Changes() || entries.parts[1].Changes();
      schema->type = LogicalType::MAP(entry.children[0].type, entry.children[1].type);
      entry.type = LogicalType::STRUCT(
          {{entry.children[0].name, entry.children[0].type}, {entry.children[1].name, entry.children[1].type}});
      out.type = LogicalType::MAP(entries.parts[0].type, entries.parts[1].type);
      entries.type = duckdb::ListType::GetChildType(out.type);
      pair->type = entries.type;
      if (changes) out.kind = Conversion::Kind::kList;
      out.parts.push_back(std::move(entries));
      break;
    }
    default: break;
  }
  definition->type = out.type;
  return out;
}

duckdb::unique_ptr<duckdb::Expression> ConversionOf(const LogicalType& read, Conversion how, idx_t column) {
  const LogicalType made = how.type;
  duckdb::ScalarFunction function("deltic_as_variants", {read}, made,
                                  [how = std::make_shared<const Conversion>(std::move(how))](
                                      duckdb::DataChunk& args, duckdb::ExpressionState&, Vector& result) {
                                    result.SetVectorType(duckdb::VectorType::FLAT_VECTOR);
                                    Convert(args.data[0], *how, args.size(), result);
                                  });
  function.SetFallible();
  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> arguments;
  arguments.push_back(duckdb::make_uniq<duckdb::BoundReferenceExpression>(read, column));
  return duckdb::make_uniq<duckdb::BoundFunctionExpression>(made, std::move(function), std::move(arguments), nullptr);
}

}  // namespace

bool HoldsVariant(const DataType& type) { return delta::HasType(type, TypeId::kVariant); }

void ReadAsVariants(duckdb::BaseFileReader* reader, const std::vector<VariantColumn>& columns) {
  auto& parquet = static_cast<duckdb::ParquetReader&>(*reader);
  auto& schemas = parquet.root_schema->children;
  for (const VariantColumn& column : columns) {
    for (size_t i = 0; i < schemas.size() && i < parquet.columns.size(); i++) {
      ParquetColumnSchema& schema = schemas[i];
      const bool same =
          column.field_id >= 0 ? FieldIdOf(parquet.columns[i]) == column.field_id : SameName(schema.name, column.name);
      if (!same) continue;
      Conversion how = Plan(column.type, &schema, &parquet.columns[i]);
      // DuckDB applies it to what it reads of the column, before filters.
      if (how.Changes()) parquet.expression_map[i] = ConversionOf(schema.type, std::move(how), 0);
      break;
    }
  }
}

// --- writing ------------------------------------------------------------------------------------------------

namespace {

constexpr char kMark[] = "deltic_variant";

using Writers = duckdb::vector<duckdb::unique_ptr<duckdb::ColumnWriter>>;

// DuckDB's writer shows its columns and its footer to nobody: an explicit instantiation may name private members.
Writers& WritersOf(duckdb::ParquetWriter& writer);
duckdb_parquet::FileMetaData& FooterOf(duckdb::ParquetWriter& writer);
template <Writers duckdb::ParquetWriter::* kWriters, duckdb_parquet::FileMetaData duckdb::ParquetWriter::* kFooter>
struct Reach {
  friend Writers& WritersOf(duckdb::ParquetWriter& writer) { return writer.*kWriters; }
  friend duckdb_parquet::FileMetaData& FooterOf(duckdb::ParquetWriter& writer) { return writer.*kFooter; }
};
template struct Reach<&duckdb::ParquetWriter::column_writers, &duckdb::ParquetWriter::file_meta_data>;

// Value and dictionary of a variant are there when the variant is: required fields, one definition level less.
void Require(duckdb::ColumnWriter* part, duckdb_parquet::FileMetaData* footer) {
  ParquetColumnSchema& schema = part->Schema();
  if (schema.repetition_type == duckdb_parquet::FieldRepetitionType::REQUIRED) return;
  schema.repetition_type = duckdb_parquet::FieldRepetitionType::REQUIRED;
  schema.max_define--;
  part->can_have_nulls = false;
  if (!schema.schema_index.IsValid()) return;
  footer->schema.at(schema.schema_index.GetIndex()).repetition_type = duckdb_parquet::FieldRepetitionType::REQUIRED;
}

void RequireParts(duckdb::ColumnWriter* writer, duckdb_parquet::FileMetaData* footer) {
  const bool is_variant = writer->Type().HasAlias() && writer->Type().GetAlias() == kMark;
  for (const auto& child : writer->ChildWriters()) {
    if (is_variant)
      Require(child.get(), footer);
    else
      RequireParts(child.get(), footer);
  }
}

// DuckDB's own; the same for every instance, so that one may set it while another writes.
std::atomic<duckdb::copy_to_initialize_global_t> begin_parquet = nullptr;

duckdb::unique_ptr<duckdb::GlobalFunctionData> BeginParquet(duckdb::ClientContext& context,
                                                            duckdb::FunctionData& bind_data,
                                                            const duckdb::string& path) {
  auto state = begin_parquet.load()(context, bind_data, path);
  duckdb::ParquetWriter& writer = *state->Cast<duckdb::ParquetWriteGlobalState>().writer;
  for (const auto& column : WritersOf(writer)) RequireParts(column.get(), &FooterOf(writer));
  return state;
}

}  // namespace

LogicalType MarkVariants(const DataType& type) {
  switch (type.id()) {
    case TypeId::kVariant: {
      LogicalType marked = variant::VectorType();
      marked.SetAlias(kMark);
      return marked;
    }
    case TypeId::kArray: return LogicalType::LIST(MarkVariants(type.element()));
    case TypeId::kMap: return LogicalType::MAP(MarkVariants(type.key()), MarkVariants(type.value()));
    case TypeId::kStruct: {
      duckdb::child_list_t<LogicalType> children;
      for (const auto& field : type.fields()) children.emplace_back(field.name, MarkVariants(field.type));
      return LogicalType::STRUCT(std::move(children));
    }
    default: return ToDuckType(type);
  }
}

void RegisterParquetWriter(duckdb::DatabaseInstance& db) {
  duckdb::Connection connection(db);
  connection.BeginTransaction();
  auto& entry = duckdb::Catalog::GetSystemCatalog(db).GetEntry<duckdb::CopyFunctionCatalogEntry>(
      *connection.context, DEFAULT_SCHEMA, "parquet");
  duckdb::CopyFunction function = entry.function;
  connection.Commit();
  begin_parquet = function.copy_to_initialize_global;
  function.name = kParquetFormat;
  function.copy_to_initialize_global = BeginParquet;
  duckdb::ExtensionLoader loader(db, "deltic");
  loader.RegisterFunction(std::move(function));
}

}  // namespace deltic::engine
