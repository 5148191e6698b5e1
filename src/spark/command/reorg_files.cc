#include "spark/command/reorg_files.h"

#include <algorithm>
#include <functional>

#include "delta/skipping/file_stats.h"
#include "delta/spec/row_tracking.h"
#include "delta/spec/schema.h"
#include "engine/engine.h"
#include "spark/catalog/delta_columns.h"
#include "spark/catalog/server_catalog.h"

namespace deltic::spark::command {
namespace {

using delta::AddFile;
using delta::Snapshot;
using types::DataType;
using types::StructField;
using types::TypeId;

using FileList = std::vector<const AddFile*>;

// Whether a field of the file, and the table's of the same name (null: it has none), are what is looked for.
using FieldTest = std::function<bool(const DataType& file, const DataType* table)>;

// Some field of the file is; arrays and maps by their parts.
bool AnyField(const DataType& file, const DataType& table, bool case_sensitive, const FieldTest& test) {
  const auto part = [&](const DataType& f, const DataType& t) {
    return test(f, &t) || AnyField(f, t, case_sensitive, test);
  };
  if (file.Is(TypeId::kStruct) && table.Is(TypeId::kStruct)) {
    return std::any_of(file.fields().begin(), file.fields().end(), [&](const StructField& field) {
      const int index = table.FieldIndex(field.name, case_sensitive);
      if (index < 0) return test(field.type, nullptr);
      return part(field.type, table.fields()[static_cast<size_t>(index)].type);
    });
  }
  if (file.Is(TypeId::kArray) && table.Is(TypeId::kArray)) return part(file.element(), table.element());
  if (file.Is(TypeId::kMap) && table.Is(TypeId::kMap)) {
    return part(file.key(), table.key()) || part(file.value(), table.value());
  }
  return false;
}

// The schemas of data files, by their footers.
class Footers {
 public:
  static Result<Footers> Of(const CommandContext& context, const Snapshot& snapshot) {
    ASSIGN_OR_RETURN(const auto io, context.session->server()->catalog->IoFor(context.session, snapshot.table_path()));
    return Footers(context, snapshot, catalog::TableFiles(context.session, io.store, snapshot.table_path()));
  }

  // Without the columns that keep the ids of rows: they are the files', not the table's.
  Result<DataType> SchemaOf(const AddFile& file) const {
    ASSIGN_OR_RETURN(const std::string path, files_.NativePath(file.path));
    ASSIGN_OR_RETURN(auto fields,
                     context_.session->server()->engine->InferSchema(engine::FileFormat::kParquet, {path}, {}));
    std::erase_if(fields, [&](const StructField& field) {
      return ids_.ok() && ids_->has_value() &&
             (field.name == (*ids_)->row_id || field.name == (*ids_)->row_commit_version);
    });
    return DataType::Struct(std::move(fields));
  }

 private:
  Footers(const CommandContext& context, const Snapshot& snapshot, catalog::TableFiles files)
      : context_(context),
        files_(std::move(files)),
        ids_(delta::MaterializedRowColumnsOf(snapshot.protocol(), snapshot.metadata())) {}

  const CommandContext& context_;
  catalog::TableFiles files_;
  Result<std::optional<delta::MaterializedRowColumns>> ids_;
};

DataType PhysicalSchemaOf(const Snapshot& snapshot) {
  return delta::PhysicalSchema(snapshot.schema(), delta::MappingModeOf(snapshot.metadata()));
}

bool HasDeletedRows(const AddFile& file) {
  if (!file.deletion_vector.has_value()) return false;
  return file.deletion_vector->cardinality > 0 || !delta::PhysicalRows(file.stats).has_value();
}

}  // namespace

Result<FileList> FilesToPurge(const CommandContext& context, const Snapshot& snapshot, const FileList& candidates) {
  const DataType table = PhysicalSchemaOf(snapshot);
  ASSIGN_OR_RETURN(const Footers footers, Footers::Of(context, snapshot));
  const FieldTest is_extra = [](const DataType&, const DataType* known) { return known == nullptr; };
  FileList out;
  for (const AddFile* file : candidates) {
    bool purge = HasDeletedRows(*file);
    if (!purge) {
      ASSIGN_OR_RETURN(const DataType schema, footers.SchemaOf(*file));
      purge = AnyField(schema, table, /*case_sensitive=*/false, is_extra);
    }
    if (purge) out.push_back(file);
  }
  return out;
}

Result<FileList> FilesOfOtherTypes(const CommandContext& context, const Snapshot& snapshot,
                                   const FileList& candidates) {
  const DataType table = catalog::StringForChar(PhysicalSchemaOf(snapshot));
  ASSIGN_OR_RETURN(const Footers footers, Footers::Of(context, snapshot));
  const FieldTest differs = [](const DataType& file, const DataType* known) {
    return known != nullptr && file.IsAtomic() && known->IsAtomic() && !file.SameType(*known);
  };
  FileList out;
  for (const AddFile* file : candidates) {
    ASSIGN_OR_RETURN(const DataType schema, footers.SchemaOf(*file));
    if (AnyField(schema, table, /*case_sensitive=*/true, differs)) out.push_back(file);
  }
  return out;
}

}  // namespace deltic::spark::command
