#include "engine/parquet_file.h"

#include <algorithm>
#include <map>

namespace deltic::engine {
namespace {

using duckdb::idx_t;

// The chosen leaves below a column; without children: the whole of it.
struct Branch {
  std::map<idx_t, Branch> children;
  bool whole = false;
};

duckdb::vector<duckdb::ColumnIndex> IndexesOf(const Branch& branch) {
  duckdb::vector<duckdb::ColumnIndex> out;
  if (branch.whole) return out;
  for (const auto& [position, child] : branch.children) out.emplace_back(position, IndexesOf(child));
  return out;
}

}  // namespace

std::optional<ParquetLeaf> FindLeaf(const duckdb::ParquetReader& reader, std::string_view path) {
  ParquetLeaf leaf;
  leaf.schema = reader.root_schema.get();
  while (true) {
    const size_t dot = std::min(path.find('.'), path.size());
    const auto& fields = leaf.schema->children;
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& field) { return field.name == path.substr(0, dot); });
    if (found == fields.end()) return std::nullopt;
    leaf.path.push_back(static_cast<idx_t>(found - fields.begin()));
    leaf.schema = &*found;
    if (dot == path.size()) return leaf;
    if (found->type.id() != duckdb::LogicalTypeId::STRUCT) return std::nullopt;
    path.remove_prefix(dot + 1);
  }
}

bool IsAllNull(const duckdb_parquet::RowGroup& group, const duckdb::ParquetColumnSchema& schema) {
  if (!schema.children.empty()) {
    return std::all_of(schema.children.begin(), schema.children.end(),
                       [&](const auto& child) { return IsAllNull(group, child); });
  }
  if (schema.column_index >= group.columns.size()) return false;
  const auto& column = group.columns[schema.column_index].meta_data;
  return column.__isset.statistics && column.statistics.__isset.null_count &&
         column.statistics.null_count == column.num_values;
}

ChunkRange RangeOf(const duckdb_parquet::ColumnMetaData& column) {
  auto offset = column.data_page_offset;
  if (column.__isset.dictionary_page_offset) offset = std::min(offset, column.dictionary_page_offset);
  if (column.__isset.index_page_offset) offset = std::min(offset, column.index_page_offset);
  if (offset < 0 || column.total_compressed_size < 0) throw duckdb::InvalidInputException("Corrupt Parquet footer");
  return {static_cast<idx_t>(offset), static_cast<idx_t>(column.total_compressed_size)};
}

void ChooseLeaves(duckdb::ParquetReader* reader, const std::vector<const ParquetLeaf*>& leaves) {
  Branch root;
  for (const ParquetLeaf* leaf : leaves) {
    Branch* at = &root;
    for (const idx_t position : leaf->path) at = &at->children[position];
    at->whole = true;
  }
  for (const auto& index : IndexesOf(root)) {
    reader->column_ids.push_back(duckdb::MultiFileLocalColumnId(index.GetPrimaryIndex()));
    reader->column_indexes.push_back(index);
  }
}

GroupScan::GroupScan(duckdb::ClientContext& context, duckdb::ParquetReader* reader, idx_t group)
    : context_(context), reader_(reader) {
  reader->InitializeScan(context, state_, {group});
  duckdb::vector<duckdb::LogicalType> types;
  for (const auto& index : reader->column_indexes) {
    types.push_back(reader->root_schema->children[index.GetPrimaryIndex()].type);
  }
  chunk_.Initialize(context, types);
}

duckdb::DataChunk* GroupScan::Next() {
  while (true) {
    const auto result = reader_->Scan(context_, state_, chunk_);
    if (chunk_.size() > 0) return &chunk_;
    if (result.GetResultType() == duckdb::AsyncResultType::FINISHED) return nullptr;
  }
}

duckdb::Vector& GroupScan::Of(const ParquetLeaf& leaf) {
  const auto& indexes = reader_->column_indexes;
  const auto found = std::find_if(indexes.begin(), indexes.end(),
                                  [&](const auto& index) { return index.GetPrimaryIndex() == leaf.path[0]; });
  duckdb::Vector* out = &chunk_.data[static_cast<idx_t>(found - indexes.begin())];
  for (size_t i = 1; i < leaf.path.size(); i++) out = duckdb::StructVector::GetEntries(*out)[leaf.path[i]].get();
  return *out;
}

}  // namespace deltic::engine
