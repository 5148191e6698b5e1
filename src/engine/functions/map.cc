// Map kernels and arrays_zip. Keys are compared by sort keys; duplicates are refused as Spark's default policy does.
#include <unordered_set>

#include "engine/functions/collection_parts.h"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {
namespace {

using duckdb::DataChunk;
using duckdb::FlatVector;
using duckdb::ListType;
using duckdb::LogicalType;
using duckdb::MapType;
using duckdb::Vector;
using std::string_view;

string_view KeyView(const duckdb::string_t& key) { return {key.GetData(), key.GetSize()}; }

[[noreturn]] void DuplicateKey(Vector& keys, idx_t at) {
  ThrowStatus(Error("DUPLICATED_MAP_KEY",
                    {{"key", keys.GetValue(at).ToString()}, {"mapKeyDedupPolicy", "\"spark.sql.mapKeyDedupPolicy\""}}));
}

// Collects the keys and values of a MAP result by their positions in two source vectors.
class MapBuilder {
 public:
  MapBuilder(Vector& result, idx_t rows, Vector& keys, idx_t key_count, Vector& values)
      : result_(result), entries_(rows), keys_(keys), values_(values), sort_keys_(keys, key_count) {
    keys.ToUnifiedFormat(key_count, key_format_);
  }
  void Push(idx_t key, idx_t value) {
    if (!key_format_.validity.RowIsValid(key_format_.sel->get_index(key))) ThrowStatus(Error("NULL_MAP_KEY"));
    if (!seen_.insert(KeyView(sort_keys_[key])).second) DuplicateKey(keys_, key);
    key_sel_.push_back(static_cast<duckdb::sel_t>(key));
    value_sel_.push_back(static_cast<duckdb::sel_t>(value));
  }
  void EndRow(idx_t row) {
    entries_[row] = {start_, key_sel_.size() - start_};
    start_ = key_sel_.size();
    seen_.clear();
  }
  void SetNull(idx_t row) {
    FlatVector::SetNull(result_, row, true);
    EndRow(row);
  }
  void Finish() {
    const idx_t count = key_sel_.size();
    duckdb::ListVector::Reserve(result_, count);
    if (count > 0) {
      duckdb::SelectionVector key_sel(key_sel_.data());
      duckdb::SelectionVector value_sel(value_sel_.data());
      duckdb::VectorOperations::Copy(keys_, duckdb::MapVector::GetKeys(result_), key_sel, count, 0, 0);
      duckdb::VectorOperations::Copy(values_, duckdb::MapVector::GetValues(result_), value_sel, count, 0, 0);
    }
    duckdb::ListVector::SetListSize(result_, count);
    std::copy(entries_.begin(), entries_.end(), FlatVector::GetData<duckdb::list_entry_t>(result_));
  }

 private:
  Vector& result_;
  std::vector<duckdb::list_entry_t> entries_;
  Vector& keys_;
  Vector& values_;
  const SortKeys sort_keys_;
  duckdb::UnifiedVectorFormat key_format_;
  std::vector<duckdb::sel_t> key_sel_, value_sel_;
  std::unordered_set<string_view> seen_;
  idx_t start_ = 0;
};

void MapFromArrays(DataChunk& args, Vector& result) {
  ListAccess keys(args.data[0], args.size());
  ListAccess values(args.data[1], args.size());
  MapBuilder builder(result, args.size(), keys.child(), keys.child_size(), values.child());
  for (idx_t row = 0; row < args.size(); row++) {
    if (keys.IsNull(row) || values.IsNull(row)) {
      builder.SetNull(row);
      continue;
    }
    if (keys.Length(row) != values.Length(row)) {
      ThrowStatus(
          Error("_LEGACY_ERROR_TEMP_2128", {}, "The key array and value array of MapData must have the same length."));
    }
    for (idx_t i = 0; i < keys.Length(row); i++) builder.Push(keys.Position(row, i), values.Position(row, i));
    builder.EndRow(row);
  }
  builder.Finish();
}

void MapFromEntries(DataChunk& args, Vector& result) {
  ListAccess list(args.data[0], args.size());
  list.child().Flatten(list.child_size());
  auto& fields = duckdb::StructVector::GetEntries(list.child());
  MapBuilder builder(result, args.size(), *fields[0], list.child_size(), *fields[1]);
  for (idx_t row = 0; row < args.size(); row++) {
    bool null = list.IsNull(row);
    for (idx_t i = 0; !null && i < list.Length(row); i++) null = list.ElementIsNull(row, i);
    if (null) {
      builder.SetNull(row);
      continue;
    }
    for (idx_t i = 0; i < list.Length(row); i++) builder.Push(list.Position(row, i), list.Position(row, i));
    builder.EndRow(row);
  }
  builder.Finish();
}

enum class Part { kKeys, kValues, kEntries };

void MapPart(DataChunk& args, Vector& result, Part part) {
  ListAccess map(args.data[0], args.size());
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (map.IsNull(row)) {
      builder.SetNull(row);
      continue;
    }
    for (idx_t i = 0; i < map.Length(row); i++) builder.Push(map.Position(row, i));
    builder.EndRow(row);
  }
  map.child().Flatten(map.child_size());
  auto& fields = duckdb::StructVector::GetEntries(map.child());
  Vector& source = part == Part::kEntries ? map.child() : *fields[part == Part::kKeys ? 0 : 1];
  builder.Finish(source, map.child_size());
}

// map[key]: the value, or NULL; `contains`: whether the key is there.
void Lookup(DataChunk& args, Vector& result, bool contains) {
  ListAccess map(args.data[0], args.size());
  map.child().Flatten(map.child_size());
  auto& fields = duckdb::StructVector::GetEntries(map.child());
  const SortKeys keys(*fields[0], map.child_size());
  const SortKeys wanted(args.data[1], args.size());
  duckdb::UnifiedVectorFormat key_format;
  args.data[1].ToUnifiedFormat(args.size(), key_format);
  for (idx_t row = 0; row < args.size(); row++) {
    if (map.IsNull(row) || !key_format.validity.RowIsValid(key_format.sel->get_index(row))) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    std::optional<idx_t> found;
    for (idx_t i = 0; i < map.Length(row) && !found.has_value(); i++) {
      if (KeyView(keys[map.Position(row, i)]) == KeyView(wanted[row])) found = map.Position(row, i);
    }
    if (contains) {
      FlatVector::GetData<bool>(result)[row] = found.has_value();
    } else if (found.has_value()) {
      duckdb::VectorOperations::Copy(*fields[1], result, *found + 1, *found, row);
    } else {
      FlatVector::SetNull(result, row, true);
    }
  }
}

// The union of two maps' keys, in order, with both values: what map_zip_with walks over.
LogicalType ZippedMapType(const duckdb::vector<LogicalType>& types) {
  return LogicalType::LIST(LogicalType::STRUCT(
      {{"key", MapType::KeyType(types[0])}, {"a", MapType::ValueType(types[0])}, {"b", MapType::ValueType(types[1])}}));
}

void ZipMaps(DataChunk& args, Vector& result) {
  ListAccess a(args.data[0], args.size());
  ListAccess b(args.data[1], args.size());
  a.child().Flatten(a.child_size());
  b.child().Flatten(b.child_size());
  auto& a_fields = duckdb::StructVector::GetEntries(a.child());
  auto& b_fields = duckdb::StructVector::GetEntries(b.child());
  const SortKeys a_keys(*a_fields[0], a.child_size());
  const SortKeys b_keys(*b_fields[0], b.child_size());
  const auto key_of = [](ListAccess& m, const SortKeys& keys, idx_t row, idx_t i) {
    return KeyView(keys[m.Position(row, i)]);
  };
  for (idx_t row = 0; row < args.size(); row++) {
    auto& entry = FlatVector::GetData<duckdb::list_entry_t>(result)[row];
    entry = {duckdb::ListVector::GetListSize(result), 0};
    if (a.IsNull(row) || b.IsNull(row)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto push = [&](Vector* key_from, idx_t key_at, std::optional<idx_t> x, std::optional<idx_t> y) {
      const idx_t at = duckdb::ListVector::GetListSize(result);
      duckdb::ListVector::Reserve(result, at + 1);
      auto& out = duckdb::StructVector::GetEntries(duckdb::ListVector::GetEntry(result));
      duckdb::VectorOperations::Copy(*key_from, *out[0], key_at + 1, key_at, at);
      if (x.has_value())
        duckdb::VectorOperations::Copy(*a_fields[1], *out[1], *x + 1, *x, at);
      else
        FlatVector::SetNull(*out[1], at, true);
      if (y.has_value())
        duckdb::VectorOperations::Copy(*b_fields[1], *out[2], *y + 1, *y, at);
      else
        FlatVector::SetNull(*out[2], at, true);
      duckdb::ListVector::SetListSize(result, at + 1);
      entry.length++;
    };
    const auto find = [&](ListAccess& m, const SortKeys& keys, string_view key) -> std::optional<idx_t> {
      for (idx_t j = 0; j < m.Length(row); j++) {
        if (key_of(m, keys, row, j) == key) return m.Position(row, j);
      }
      return std::nullopt;
    };
    for (idx_t i = 0; i < a.Length(row); i++) {
      const idx_t at = a.Position(row, i);
      push(a_fields[0].get(), at, at, find(b, b_keys, key_of(a, a_keys, row, i)));
    }
    for (idx_t j = 0; j < b.Length(row); j++) {
      const idx_t at = b.Position(row, j);
      if (!find(a, a_keys, key_of(b, b_keys, row, j)).has_value()) push(b_fields[0].get(), at, std::nullopt, at);
    }
  }
}

// Arrays side by side as structs of fields "0", "1", …; the shorter ones are padded with NULL.
LogicalType ZippedType(const duckdb::vector<LogicalType>& types) {
  duckdb::child_list_t<LogicalType> fields;
  for (size_t i = 0; i < types.size(); i++) {
    const bool list = types[i].id() == duckdb::LogicalTypeId::LIST;
    fields.emplace_back(std::to_string(i), list ? ListType::GetChildType(types[i]) : LogicalType::SQLNULL);
  }
  return LogicalType::LIST(LogicalType::STRUCT(std::move(fields)));
}

void ZipArrays(DataChunk& args, Vector& result) {
  std::vector<ListAccess> lists;
  lists.reserve(args.ColumnCount());
  for (auto& column : args.data) lists.emplace_back(column, args.size());
  idx_t total = 0;
  auto* entries = FlatVector::GetData<duckdb::list_entry_t>(result);
  for (idx_t row = 0; row < args.size(); row++) {
    bool null = false;
    idx_t length = 0;
    for (const auto& list : lists) {
      null = null || list.IsNull(row);
      if (!null) length = std::max(length, list.Length(row));
    }
    if (null) FlatVector::SetNull(result, row, true);
    entries[row] = {total, null ? 0 : length};
    total += entries[row].length;
  }
  duckdb::ListVector::Reserve(result, total);
  duckdb::ListVector::SetListSize(result, total);
  auto& out = duckdb::StructVector::GetEntries(duckdb::ListVector::GetEntry(result));
  for (size_t c = 0; c < lists.size(); c++) {
    for (idx_t row = 0; row < args.size(); row++) {
      const idx_t have = entries[row].length == 0 ? 0 : lists[c].Length(row);
      if (have > 0) {
        const idx_t from = lists[c].Position(row, 0);
        duckdb::VectorOperations::Copy(lists[c].child(), *out[c], from + have, from, entries[row].offset);
      }
      for (idx_t i = have; i < entries[row].length; i++) FlatVector::SetNull(*out[c], entries[row].offset + i, true);
    }
  }
}

}  // namespace

void RegisterMapKernels(KernelSink& sink) {
  AddGeneric(
      sink, "spark_map_from_arrays", 2,
      [](const auto& t) {
        const auto child = [](const LogicalType& list) {
          return list.id() == duckdb::LogicalTypeId::LIST ? ListType::GetChildType(list) : LogicalType::SQLNULL;
        };
        return LogicalType::MAP(child(t[0]), child(t[1]));
      },
      MapFromArrays);
  AddGeneric(
      sink, "spark_map_from_entries", 1,
      [](const auto& t) {
        const auto& fields = duckdb::StructType::GetChildTypes(ListType::GetChildType(t[0]));
        return LogicalType::MAP(fields[0].second, fields[1].second);
      },
      MapFromEntries);
  AddGeneric(
      sink, "spark_map_keys", 1, [](const auto& t) { return LogicalType::LIST(MapType::KeyType(t[0])); },
      [](auto& a, auto& r) { MapPart(a, r, Part::kKeys); });
  AddGeneric(
      sink, "spark_map_values", 1, [](const auto& t) { return LogicalType::LIST(MapType::ValueType(t[0])); },
      [](auto& a, auto& r) { MapPart(a, r, Part::kValues); });
  AddGeneric(
      sink, "spark_map_entries", 1, [](const auto& t) { return LogicalType::LIST(ListType::GetChildType(t[0])); },
      [](auto& a, auto& r) { MapPart(a, r, Part::kEntries); });
  AddGeneric(
      sink, "spark_map_get", 2, [](const auto& t) { return MapType::ValueType(t[0]); },
      [](auto& a, auto& r) { Lookup(a, r, false); });
  AddGeneric(
      sink, "spark_map_contains_key", 2, [](const auto&) { return LogicalType::BOOLEAN; },
      [](auto& a, auto& r) { Lookup(a, r, true); });
  AddGeneric(sink, "spark_zip_maps", 2, ZippedMapType, ZipMaps);
  AddGeneric(sink, "spark_arrays_zip", -1, ZippedType, ZipArrays);
}

}  // namespace deltic::engine::functions
