#include "engine/variant/kernels.h"

#include <algorithm>

#include "delta/spec/schema.h"
#include "engine/functions/kernel.h"
#include "engine/functions/list_access.h"
#include "engine/functions/throw.h"
#include "engine/functions/zoned_kernel.h"
#include "engine/variant/json.h"
#include "engine/variant/path.h"
#include "engine/variant/schema.h"
#include "engine/variant/vectors.h"

namespace deltic::engine::variant {
namespace {

using duckdb::FlatVector;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::Vector;
using functions::ThrowStatus;
using std::string;
using std::string_view;

string ConstantText(duckdb::DataChunk& args, idx_t column) {
  return duckdb::StringValue::Get(args.data[column].GetValue(0));
}
bool ConstantBool(duckdb::DataChunk& args, idx_t column) {
  return duckdb::BooleanValue::Get(args.data[column].GetValue(0));
}
DataType ConstantType(duckdb::DataChunk& args, idx_t column) {
  auto type = DataType::FromJson(ConstantText(args, column));
  if (!type.ok()) ThrowStatus(type.status());
  return *std::move(type);
}

// spark_parse_json(text, fail): a document that is none is an error or NULL.
void ParseJsonKernel(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const bool fail = ConstantBool(args, 1);
  duckdb::UnifiedVectorFormat texts;
  args.data[0].ToUnifiedFormat(args.size(), texts);
  const auto* data = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(texts);
  VariantBuilder builder;
  for (idx_t row = 0; row < args.size(); ++row) {
    const auto at = texts.sel->get_index(row);
    if (!texts.validity.RowIsValid(at)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    builder.Reset();
    const Status status = ParseJson({data[at].GetData(), data[at].GetSize()}, "parse_json", &builder);
    if (status.ok())
      StoreVariant(builder, result, row);
    else if (fail)
      ThrowStatus(status);
    else
      FlatVector::SetNull(result, row, true);
  }
}

// The path of the last row that had another one.
class Paths {
 public:
  explicit Paths(string function) : function_(std::move(function)) {}
  const Path& Of(string_view text) {
    if (path_ && text == text_) return *path_;
    text_ = text;
    path_ = ParsePath(text);
    if (!path_) {
      ThrowStatus(Error("INVALID_VARIANT_GET_PATH", {{"path", text_}, {"functionName", "`" + function_ + "`"}}));
    }
    return *path_;
  }

 private:
  const string function_;
  string text_;
  std::optional<Path> path_;
};

// spark_variant_get(variant, path, typed NULL, type, zone, fail).
void GetKernel(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const DataType type = ConstantType(args, 3);
  const CastOptions options{functions::ZoneOrThrow(ConstantText(args, 4)), ConstantBool(args, 5)};
  duckdb::UnifiedVectorFormat texts;
  args.data[1].ToUnifiedFormat(args.size(), texts);
  const auto* data = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(texts);
  Paths paths(options.fail ? "variant_get" : "try_variant_get");
  ForEachVariant(args, result, [&](const VariantView& view, idx_t row) {
    const auto at = texts.sel->get_index(row);
    if (!texts.validity.RowIsValid(at)) return FlatVector::SetNull(result, row, true);
    const auto found = Follow(view, paths.Of({data[at].GetData(), data[at].GetSize()}));
    if (found)
      StoreAs(*found, type, options, result, row);
    else
      FlatVector::SetNull(result, row, true);
  });
}

// spark_variant_cast(variant, typed NULL, type, zone, fail).
void CastKernel(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const DataType type = ConstantType(args, 2);
  const CastOptions options{functions::ZoneOrThrow(ConstantText(args, 3)), ConstantBool(args, 4)};
  ForEachVariant(args, result, [&](const VariantView& view, idx_t row) { StoreAs(view, type, options, result, row); });
}

// spark_to_variant(value, type).
void ToVariantKernel(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  const DataType type = ConstantType(args, 1);
  Format values;
  Vector::RecursiveToUnifiedFormat(args.data[0], args.size(), values);
  VariantBuilder builder;
  for (idx_t row = 0; row < args.size(); ++row) {
    if (IsNullAt(values, row)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    builder.Reset();
    AppendValue(values, type, row, &builder);
    StoreVariant(builder, result, row);
  }
}

// spark_is_variant_null(variant): false for NULL.
void IsVariantNullKernel(duckdb::DataChunk& args, Vector& result) {
  Format variants;
  Vector::RecursiveToUnifiedFormat(args.data[0], args.size(), variants);
  for (idx_t row = 0; row < args.size(); ++row) {
    FlatVector::GetData<bool>(result)[row] = !IsNullAt(variants, row) && ViewAt(variants, row).IsNull();
  }
}

// spark_schema_of_variant(variant).
void SchemaOfKernel(duckdb::DataChunk& args, Vector& result) {
  ForEachVariant(args, result,
                 [&](const VariantView& view, idx_t row) { StoreText(SchemaSql(SchemaOf(view)), result, row); });
}

// spark_variant_schema(variant): the type's JSON, for spark_variant_schema_sql.
void SchemaKernel(duckdb::DataChunk& args, Vector& result) {
  ForEachVariant(args, result,
                 [&](const VariantView& view, idx_t row) { StoreText(SchemaOf(view).Json(), result, row); });
}

// spark_variant_schema_sql(list of types): what holds them all; VOID for none.
void SchemaSqlKernel(duckdb::DataChunk& args, Vector& result) {
  functions::ListAccess lists(args.data[0], args.size());
  for (idx_t row = 0; row < args.size(); ++row) {
    DataType merged;
    const idx_t size = lists.IsNull(row) ? 0 : lists.Length(row);
    for (idx_t i = 0; i < size; ++i) {
      if (lists.ElementIsNull(row, i)) continue;
      const auto& json = lists.Element<duckdb::string_t>(row, i);
      auto type = DataType::FromJson({json.GetData(), json.GetSize()});
      if (!type.ok()) ThrowStatus(type.status());
      merged = MergeSchemas(merged, *type);
    }
    StoreText(SchemaSql(merged), result, row);
  }
}

LogicalType ItemType() {
  return LogicalType::STRUCT({{"pos", LogicalType::INTEGER}, {"key", LogicalType::VARCHAR}, {"value", VectorType()}});
}

// spark_variant_items(variant): position, name (of fields) and value of its parts; none of a scalar.
void ItemsKernel(duckdb::DataChunk& args, Vector& result) {
  ForEachVariant(args, result, [&](const VariantView& view, idx_t row) {
    const bool object = view.kind() == Kind::kObject;
    const size_t size = object || view.kind() == Kind::kArray ? view.size() : 0;
    const idx_t offset = duckdb::ListVector::GetListSize(result);
    size_t bytes = 0;
    for (size_t i = 0; i < size; i++) {
      const idx_t slot = AppendSlot(result);
      auto& parts = duckdb::StructVector::GetEntries(duckdb::ListVector::GetEntry(result));
      FlatVector::GetData<int32_t>(*parts[0])[slot] = static_cast<int32_t>(i);
      if (object)
        StoreText(view.Key(i), *parts[1], slot);
      else
        FlatVector::SetNull(*parts[1], slot, true);
      const VariantView part = object ? view.Field(i) : view.Element(i);
      bytes += part.own_bytes().size();
      if (bytes > kSizeLimit) ThrowMalformedVariant();  // damaged parts share theirs
      StoreVariant(part.own_bytes(), part.metadata(), *parts[2], slot);
    }
    FlatVector::GetData<duckdb::list_entry_t>(result)[row] = {offset, size};
  });
}

// `in` with the JSON of its variants in their place.
void JsonTexts(Vector& in, const DataType& type, idx_t count, Vector& out) {
  if (!delta::HasType(type, TypeId::kVariant)) return out.Reference(in);
  in.Flatten(count);
  if (type.Is(TypeId::kVariant)) {
    const functions::Zone& utc = functions::ZoneOrThrow("UTC");
    Format variants;
    Vector::RecursiveToUnifiedFormat(in, count, variants);
    for (idx_t row = 0; row < count; ++row) {
      if (IsNullAt(variants, row))
        FlatVector::SetNull(out, row, true);
      else
        StoreText(ToJson(ViewAt(variants, row), utc), out, row);
    }
    return;
  }
  FlatVector::SetValidity(out, FlatVector::Validity(in));
  if (type.Is(TypeId::kStruct)) {
    auto& from = duckdb::StructVector::GetEntries(in);
    auto& to = duckdb::StructVector::GetEntries(out);
    for (size_t i = 0; i < from.size(); i++) JsonTexts(*from[i], type.fields()[i].type, count, *to[i]);
    return;
  }
  const idx_t size = duckdb::ListVector::GetListSize(in);
  duckdb::ListVector::Reserve(out, size);
  auto& from = duckdb::ListVector::GetEntry(in);
  auto& to = duckdb::ListVector::GetEntry(out);
  if (type.Is(TypeId::kArray)) {
    JsonTexts(from, type.element(), size, to);
  } else {
    JsonTexts(from, DataType::Struct({{"key", type.key()}, {"value", type.value()}}), size, to);
  }
  duckdb::ListVector::SetListSize(out, size);
  std::copy_n(FlatVector::GetData<duckdb::list_entry_t>(in), count, FlatVector::GetData<duckdb::list_entry_t>(out));
}

// spark_variants_as_json(value, typed NULL, type): as show() prints them.
void AsJsonKernel(duckdb::DataChunk& args, Vector& result) {
  if (args.size() == 0) return;
  JsonTexts(args.data[0], ConstantType(args, 2), args.size(), result);
}

}  // namespace

void RegisterVariantKernels(duckdb::DatabaseInstance& db) {
  duckdb::ExtensionLoader sink(db, "deltic");
  using functions::AddGeneric;
  const auto variant = [](const auto&) { return VectorType(); };
  const auto text = [](const auto&) { return LogicalType::VARCHAR; };
  const auto flag = [](const auto&) { return LogicalType::BOOLEAN; };
  AddGeneric(sink, "spark_parse_json", 2, variant, ParseJsonKernel);
  AddGeneric(sink, "spark_variant_get", 6, [](const auto& types) { return types[2]; }, GetKernel);
  AddGeneric(sink, "spark_variant_cast", 5, [](const auto& types) { return types[1]; }, CastKernel);
  AddGeneric(sink, "spark_to_variant", 2, variant, ToVariantKernel);
  AddGeneric(sink, "spark_is_variant_null", 1, flag, IsVariantNullKernel);
  AddGeneric(sink, "spark_schema_of_variant", 1, text, SchemaOfKernel);
  AddGeneric(sink, "spark_variant_schema", 1, text, SchemaKernel);
  AddGeneric(sink, "spark_variant_schema_sql", 1, text, SchemaSqlKernel);
  AddGeneric(sink, "spark_variants_as_json", 3, [](const auto& types) { return types[1]; }, AsJsonKernel);
  AddGeneric(sink, "spark_variant_items", 1, [](const auto&) { return LogicalType::LIST(ItemType()); }, ItemsKernel);
}

}  // namespace deltic::engine::variant
