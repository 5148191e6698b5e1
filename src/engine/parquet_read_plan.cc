#include "engine/parquet_read_plan.h"

#include <algorithm>
#include <limits>

#include "duckdb/planner/table_filter.hpp"
#include "duckdb/storage/external_file_cache.hpp"
#include "parquet_file_metadata_cache.hpp"
#include "parquet_reader.hpp"

namespace deltic::engine {
namespace {

using duckdb::idx_t;
using duckdb::ParquetColumnSchema;
using duckdb::ParquetReader;
using Group = storage::ReadAhead::Group;
using Range = storage::ReadAhead::Range;

// As DuckDB finds the first byte of a chunk.
Range RangeOf(const duckdb_parquet::ColumnChunk& chunk) {
  const auto& meta = chunk.meta_data;
  int64_t start = meta.data_page_offset;
  if (meta.__isset.dictionary_page_offset) start = std::min(start, meta.dictionary_page_offset);
  if (meta.__isset.index_page_offset) start = std::min(start, meta.index_page_offset);
  return {start, meta.total_compressed_size};
}

// The chunks of a column; `wanted` names the fields that are read of a struct, all when it names none.
void AddChunks(const ParquetColumnSchema& column, const duckdb::ColumnIndex* wanted,
               const duckdb_parquet::RowGroup& group, std::vector<Range>* out) {
  if (column.children.empty()) {
    if (column.column_index < group.columns.size()) out->push_back(RangeOf(group.columns[column.column_index]));
    return;
  }
  if (wanted != nullptr && wanted->HasChildren() && column.type.id() == duckdb::LogicalTypeId::STRUCT) {
    for (const auto& child : wanted->GetChildIndexes()) {
      if (!child.HasPrimaryIndex() || child.GetPrimaryIndex() >= column.children.size()) continue;
      AddChunks(column.children[child.GetPrimaryIndex()], &child, group, out);
    }
    return;
  }
  for (const auto& child : column.children) AddChunks(child, nullptr, group, out);
}

bool IsRequired(const duckdb::TableFilter& filter) {
  return filter.filter_type != duckdb::TableFilterType::OPTIONAL_FILTER;
}

class Planner {
 public:
  Planner(duckdb::ClientContext& context, const ParquetReader& reader)
      : reader_(reader), cached_(nullptr), filters_(reader.filters.get()) {
    auto& cache = duckdb::ExternalFileCache::Get(context);
    if (cache.IsEnabled()) cached_ = cache.GetOrCreateCachedFile(reader.file.path);
  }

  std::vector<Group> Plan() const {
    const auto& meta = *reader_.metadata->metadata;
    std::vector<Group> groups;
    for (idx_t i = 0; i < meta.row_groups.size(); i++) {
      if (IsExcluded(i)) continue;
      Group group = PlanOf(meta.row_groups[i]);
      Clean(&group.first);
      Clean(&group.then);
      if (!group.first.empty() || !group.then.empty()) groups.push_back(std::move(group));
    }
    return groups;
  }

 private:
  const ParquetColumnSchema* ColumnAt(idx_t i) const {
    const idx_t id = ids_[duckdb::MultiFileLocalIndex(i)].GetId();
    const auto& columns = reader_.root_schema->children;
    return id < columns.size() ? &columns[id] : nullptr;
  }

  bool IsExcluded(idx_t row_group) const {
    if (filters_ == nullptr) return false;
    const auto& meta = *reader_.metadata->metadata;
    for (const auto& [index, filter] : filters_->filters) {
      const ParquetColumnSchema* column = index < reader_.column_ids.size() ? ColumnAt(index) : nullptr;
      if (column == nullptr || column->schema_type != duckdb::ParquetColumnSchemaType::COLUMN) continue;
      // Bounds say nothing about NaN.
      const auto type = column->type.id();
      if (type == duckdb::LogicalTypeId::FLOAT || type == duckdb::LogicalTypeId::DOUBLE) continue;
      const auto stats = column->Stats(meta, reader_.parquet_options, row_group, meta.row_groups[row_group].columns);
      if (stats && filter->CheckStatistics(*stats) == duckdb::FilterPropagateResult::FILTER_ALWAYS_FALSE) return true;
    }
    return false;
  }

  // DuckDB reads a row group of which nearly all is wanted as one range, and other columns one by one: those with a
  // filter first, the others once a row has passed.
  Group PlanOf(const duckdb_parquet::RowGroup& row_group) const {
    Group group;
    bool lazy = false;
    if (filters_ != nullptr) {
      for (const auto& [_, filter] : filters_->filters) lazy = lazy || IsRequired(*filter);
    }
    for (idx_t i = 0; i < reader_.column_ids.size(); i++) {
      const ParquetColumnSchema* column = ColumnAt(i);
      if (column == nullptr) continue;
      bool filtered = false;
      if (filters_ != nullptr) {
        const auto it = filters_->filters.find(i);
        filtered = it != filters_->filters.end() && IsRequired(*it->second);
      }
      const duckdb::ColumnIndex* index = i < reader_.column_indexes.size() ? &reader_.column_indexes[i] : nullptr;
      AddChunks(*column, index, row_group, lazy && !filtered ? &group.then : &group.first);
    }
    if (filters_ != nullptr || row_group.columns.empty()) return group;
    int64_t start = std::numeric_limits<int64_t>::max(), end = 0, wanted = 0;
    for (const auto& chunk : row_group.columns) {
      const Range range = RangeOf(chunk);
      start = std::min(start, range.offset);
      end = std::max(end, range.end());
    }
    for (const Range& range : group.first) wanted += range.length;
    const double whole = duckdb::ParquetReaderPrefetchConfig::WHOLE_GROUP_PREFETCH_MINIMUM_SCAN;
    if (static_cast<double>(wanted) > whole * static_cast<double>(end - start)) group.first = {{start, end - start}};
    return group;
  }

  // Without what is impossible or at hand.
  void Clean(std::vector<Range>* ranges) const {
    const auto size = static_cast<int64_t>(size_);
    std::erase_if(*ranges, [&](const Range& r) {
      return r.offset < 0 || r.length <= 0 || r.offset > size - r.length || IsCached(r);
    });
  }

  bool IsCached(const Range& range) const {
    if (cached_ == nullptr) return false;
    const auto guard = cached_->lock.GetSharedLock();
    const auto& held = cached_->Ranges(guard);
    const auto offset = static_cast<idx_t>(range.offset), end = static_cast<idx_t>(range.end());
    auto it = held.upper_bound(offset);
    if (it == held.begin()) return false;
    --it;
    const auto& piece = *it->second;
    return piece.location + piece.nr_bytes >= end && !piece.block_handle->GetMemory().IsUnloaded();
  }

  const ParquetReader& reader_;
  duckdb::shared_ptr<duckdb::ExternalFileCache::CachedFile> cached_;
  const duckdb::TableFilterSet* filters_;
  mutable decltype(reader_.column_ids) ids_ = reader_.column_ids;  // a copy: its operator[] is not const
  const idx_t size_ = reader_.GetFileSize();
};

}  // namespace

std::vector<Group> ParquetReadPlan(duckdb::ClientContext& context, const duckdb::BaseFileReader& reader) {
  return Planner(context, static_cast<const ParquetReader&>(reader)).Plan();
}

bool HasCachedFooter(duckdb::ClientContext& context, const duckdb::OpenFileInfo& file) {
  if (!ParquetReader::MetadataCacheEnabled(context)) return false;
  const auto entry = ParquetReader::GetMetadataCacheEntry(context, file);
  return entry != nullptr && entry->IsValid(file, context) == duckdb::ParquetCacheValidity::VALID;
}

}  // namespace deltic::engine
