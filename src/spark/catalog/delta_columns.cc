#include "spark/catalog/delta_columns.h"

#include <algorithm>

#include "delta/spec/row_tracking.h"
#include "delta/spec/schema.h"
#include "spark/catalog/partition_value.h"
#include "spark/resolve/char_padding.h"

namespace deltic::spark::catalog {
namespace {

using engine::Column;
using engine::FileColumn;
using engine::RelPtr;
using engine::Value;
using types::DataType;
using types::StructField;
using types::TypeId;

// A deletion vector as the engine's row filter.
class DeletedRows : public engine::RowFilter {
 public:
  explicit DeletedRows(std::shared_ptr<const delta::DeletionVector> vector) : vector_(std::move(vector)) {}
  bool IsDeleted(uint64_t row) const override { return vector_->Contains(row); }
  uint64_t Cardinality() const override { return vector_->Cardinality(); }
  void DeletedInRange(uint64_t start, uint64_t count, bool* deleted) const override {
    vector_->ContainsRange(start, count, deleted);
  }

 private:
  std::shared_ptr<const delta::DeletionVector> vector_;
};

// Only the given rows are read: every other row counts as deleted.
class OtherRows : public engine::RowFilter {
 public:
  explicit OtherRows(std::shared_ptr<const delta::DeletionVector> kept) : kept_(std::move(kept)) {}
  bool IsDeleted(uint64_t row) const override { return !kept_->Contains(row); }
  // The file's row count is not known here; any positive number says that rows are filtered.
  uint64_t Cardinality() const override { return 1; }
  void DeletedInRange(uint64_t start, uint64_t count, bool* deleted) const override {
    kept_->ContainsRange(start, count, deleted);
    for (uint64_t i = 0; i < count; i++) deleted[i] = !deleted[i];
  }

 private:
  std::shared_ptr<const delta::DeletionVector> kept_;
};

}  // namespace

DataType StringForChar(const DataType& type) {
  switch (type.id()) {
    case TypeId::kChar:
    case TypeId::kVarchar: return TypeId::kString;
    case TypeId::kArray: return DataType::Array(StringForChar(type.element()), type.contains_null());
    case TypeId::kMap:
      return DataType::Map(StringForChar(type.key()), StringForChar(type.value()), type.contains_null());
    case TypeId::kStruct: {
      std::vector<StructField> fields = type.fields();
      for (auto& field : fields) field.type = StringForChar(field.type);
      return DataType::Struct(std::move(fields));
    }
    default: return type;
  }
}

// CHAR(n) columns are padded to their length when read (spark.sql.readSideCharPadding).
RelPtr PadChars(const RelPtr& scan) {
  const auto is_char = [](const Column& column) {
    return resolve::CharLength(column.metadata) > 0 && column.type.Is(TypeId::kString);
  };
  if (std::none_of(scan->output.begin(), scan->output.end(), is_char)) return scan;
  std::vector<Column> output = scan->output;
  std::vector<engine::ExprPtr> exprs;
  for (auto& column : output) {
    engine::ExprPtr expr = std::make_shared<engine::ColumnExpr>(column.id, column.type, column.nullable);
    if (is_char(column)) {
      const int length = resolve::CharLength(column.metadata);
      const auto long_enough = engine::MakeCall(
          ">=", {engine::MakeCall("length", {expr}, TypeId::kInteger, column.nullable), engine::MakeInt(length)},
          TypeId::kBoolean, column.nullable, true);
      const auto padded = engine::MakeCall("spark_rpad", {expr, engine::MakeInt(length), engine::MakeString(" ")},
                                           TypeId::kString, column.nullable, true);
      expr =
          std::make_shared<engine::Case>(std::vector<std::pair<engine::ExprPtr, engine::ExprPtr>>{{long_enough, expr}},
                                         padded, column.type, column.nullable);
      column.id = engine::FreshColumnId();
    }
    exprs.push_back(std::move(expr));
  }
  return std::make_shared<engine::ProjectRel>(scan, std::move(output), std::move(exprs));
}

TableColumns ColumnsOf(session::Session* session, const delta::Snapshot& snapshot,
                       const std::vector<StructField>& visible, const std::vector<std::string>& qualifier,
                       resolve::Resolver* resolver) {
  TableColumns out;
  out.time_zone = session->conf().GetString("spark.sql.session.timeZone", "UTC");
  const auto mode = delta::MappingModeOf(snapshot.metadata());
  const auto& partitions = snapshot.metadata().partition_columns;
  const auto& fields = snapshot.schema().fields();
  for (size_t i = 0; i < fields.size(); i++) {
    const auto id = resolver != nullptr ? resolver->NewColumnId() : engine::FreshColumnId();
    Column column{id, visible[i].name, visible[i].type, visible[i].nullable, visible[i].metadata, qualifier};
    FileColumn source;
    source.physical_name = delta::PhysicalName(fields[i], mode);
    const bool is_partition = std::any_of(partitions.begin(), partitions.end(), [&](const std::string& name) {
      return types::EqualsIgnoreCase(name, fields[i].name);
    });
    if (is_partition) {
      source.source = FileColumn::Source::kConstant;
      source.constant_index = static_cast<int>(out.constant_keys.size());
      out.constant_keys.push_back(source.physical_name);
      out.constant_types.push_back(column.type);
    } else if (mode != delta::ColumnMappingMode::kNone && column.type.IsNested()) {
      source.physical_type = delta::PhysicalSchema(fields[i].type, mode);
    }
    out.output.push_back(std::move(column));
    out.columns.push_back(std::move(source));
  }
  // A table whose names are missing is read without ids; writers report it.
  const auto stored = delta::MaterializedRowColumnsOf(snapshot.protocol(), snapshot.metadata());
  if (stored.ok() && stored->has_value()) {
    const int next = static_cast<int>(out.constant_keys.size());
    out.row_tracking = {(*stored)->row_id, (*stored)->row_commit_version, next, next + 1};
  }
  return out;
}

PartitionSpelling::PartitionSpelling(session::Session* session, const delta::Metadata& metadata)
    : time_zone_(session->conf().GetString("spark.sql.session.timeZone", "UTC")) {
  const auto mode = delta::MappingModeOf(metadata);
  for (const auto& name : metadata.partition_columns) {
    const int index = metadata.schema.FieldIndex(name);
    if (index < 0) continue;
    const StructField& field = metadata.schema.fields()[static_cast<size_t>(index)];
    types_[delta::PhysicalName(field, mode)] = field.type;
  }
}

delta::PartitionValues PartitionSpelling::Canonical(const delta::PartitionValues& values) const {
  delta::PartitionValues out = values;
  for (auto& [name, text] : out) {
    const auto type = types_.find(name);
    if (type == types_.end()) continue;
    const auto value = ParsePartitionValue(text, type->second, time_zone_);
    if (value.ok()) text = FormatPartitionValue(*value, type->second);
  }
  return out;
}

Result<std::vector<Value>> ConstantsOf(const TableColumns& table, const delta::PartitionValues& values) {
  std::vector<Value> out;
  for (size_t i = 0; i < table.constant_keys.size(); i++) {
    const auto it = values.find(table.constant_keys[i]);
    const std::optional<std::string> text = it == values.end() ? std::nullopt : it->second;
    ASSIGN_OR_RETURN(Value value, ParsePartitionValue(text, table.constant_types[i], table.time_zone));
    out.push_back(std::move(value));
  }
  return out;
}

Result<std::vector<Value>> ConstantsOf(const TableColumns& table, const delta::PackedFile& file) {
  ASSIGN_OR_RETURN(auto out, ConstantsOf(table, *file.partition_values));
  if (!table.row_tracking.has_value()) return out;
  for (const auto& number : {file.base_row_id, file.default_row_commit_version}) {
    out.push_back(number.has_value() ? Value{*number} : Value{});
  }
  return out;
}

std::vector<Column> RowIdColumns(const TableColumns& table) {
  if (!table.row_tracking.has_value()) return {};
  return {{engine::FreshColumnId(), table.row_tracking->row_id, TypeId::kLong, true},
          {engine::FreshColumnId(), table.row_tracking->row_commit_version, TypeId::kLong, true}};
}

// Paths without a scheme, and of the table's, are on the table's store.
Result<std::shared_ptr<storage::ObjectStore>> TableFiles::StoreOf(std::string_view path) const {
  if (storage::SchemeOf(path).empty() || storage::IsS3Path(path) == storage::IsS3Path(table_path_)) return store_;
  return session_->StoreFor(path);
}

Result<std::string> TableFiles::NativePath(std::string_view path) const {
  ASSIGN_OR_RETURN(const auto store, StoreOf(path));
  return store->NativePath(delta::ResolveDataPath(table_path_, path));
}

Result<std::shared_ptr<const delta::DeletionVector>> TableFiles::Load(
    const delta::DeletionVectorDescriptor& vector) const {
  std::shared_ptr<storage::ObjectStore> store = store_;
  if (vector.storage_type == "p") {
    ASSIGN_OR_RETURN(store, StoreOf(vector.path_or_inline));
  }
  return delta::LoadDeletionVector(store.get(), table_path_, vector);
}

Result<std::shared_ptr<const engine::RowFilter>> TableFiles::Deleted(
    const std::optional<delta::DeletionVectorDescriptor>& vector) const {
  if (!vector.has_value()) return std::shared_ptr<const engine::RowFilter>();
  ASSIGN_OR_RETURN(auto rows, Load(*vector));
  return RowsWithout(std::move(rows));
}

void UseFieldIds(const delta::Snapshot& snapshot, engine::FilesRel* scan) {
  scan->by_field_id = delta::MappingModeOf(snapshot.metadata()) == delta::ColumnMappingMode::kId;
  if (!scan->by_field_id) return;
  const auto& fields = snapshot.schema().fields();
  for (size_t i = 0; i < fields.size(); i++) scan->columns[i].field_id = static_cast<int>(delta::ColumnId(fields[i]));
}

std::shared_ptr<const engine::RowFilter> RowsWithout(std::shared_ptr<const delta::DeletionVector> rows) {
  return std::make_shared<DeletedRows>(std::move(rows));
}

std::shared_ptr<const engine::RowFilter> OnlyRows(std::shared_ptr<const delta::DeletionVector> rows) {
  return std::make_shared<OtherRows>(std::move(rows));
}

}  // namespace deltic::spark::catalog
