// Array kernels. Elements are compared by sort keys, so that every type, nested ones included, works alike.
#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "engine/functions/collection_parts.h"
#include "engine/functions/mersenne_twister.h"
#include "engine/functions/register.h"
#include "engine/functions/throw.h"

namespace deltic::engine::functions {
namespace {

using duckdb::DataChunk;
using duckdb::FlatVector;
using duckdb::LogicalType;
using duckdb::Vector;
using std::string;
using std::string_view;

using KeySet = std::unordered_set<string_view>;

string_view KeyView(const duckdb::string_t& key) { return {key.GetData(), key.GetSize()}; }

LogicalType FirstType(const duckdb::vector<LogicalType>& types) { return types[0]; }
LogicalType ElementType(const LogicalType& list) {
  if (list.id() != duckdb::LogicalTypeId::LIST) return LogicalType::SQLNULL;
  return duckdb::ListType::GetChildType(list);
}
LogicalType FirstElementType(const duckdb::vector<LogicalType>& types) { return ElementType(types[0]); }

bool RowIsNull(Vector& vector, idx_t rows, idx_t row) {
  duckdb::UnifiedVectorFormat format;
  vector.ToUnifiedFormat(rows, format);
  return !format.validity.RowIsValid(format.sel->get_index(row));
}

// One scalar argument row by row.
template <typename T>
class Column {
 public:
  Column(Vector& vector, idx_t rows) { vector.ToUnifiedFormat(rows, format_); }
  bool IsNull(idx_t row) const { return !format_.validity.RowIsValid(format_.sel->get_index(row)); }
  const T& operator[](idx_t row) const {
    return duckdb::UnifiedVectorFormat::GetData<T>(format_)[format_.sel->get_index(row)];
  }

 private:
  duckdb::UnifiedVectorFormat format_;
};

// Several vectors of one type end to end, so that a builder can pick from all of them.
class Concatenation {
 public:
  explicit Concatenation(const LogicalType& type, idx_t capacity) : all_(type, std::max<idx_t>(capacity, 1)) {}
  // Returns the offset at which `vector` begins.
  idx_t Append(Vector& vector, idx_t count) {
    const idx_t offset = size_;
    if (count > 0) duckdb::VectorOperations::Copy(vector, all_, count, 0, offset);
    size_ += count;
    return offset;
  }
  Vector& vector() { return all_; }
  idx_t size() const { return size_; }

 private:
  Vector all_;
  idx_t size_ = 0;
};

// --- search -----------------------------------------------------------------------------------------------
enum class Find { kContains, kPosition };

void FindValue(DataChunk& args, Vector& result, Find what) {
  ListAccess list(args.data[0], args.size());
  const SortKeys elements(list.child(), list.child_size());
  const SortKeys values(args.data[1], args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (list.IsNull(row) || RowIsNull(args.data[1], args.size(), row)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const string_view wanted = KeyView(values[row]);
    int64_t position = 0;
    bool has_null = false;
    for (idx_t i = 0; i < list.Length(row) && position == 0; i++) {
      if (list.ElementIsNull(row, i))
        has_null = true;
      else if (KeyView(elements[list.Position(row, i)]) == wanted)
        position = static_cast<int64_t>(i) + 1;
    }
    if (what == Find::kPosition) {
      FlatVector::GetData<int64_t>(result)[row] = position;
    } else if (position == 0 && has_null) {
      FlatVector::SetNull(result, row, true);
    } else {
      FlatVector::GetData<bool>(result)[row] = position > 0;
    }
  }
}

void Remove(DataChunk& args, Vector& result) {
  ListAccess list(args.data[0], args.size());
  const SortKeys elements(list.child(), list.child_size());
  const SortKeys values(args.data[1], args.size());
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (list.IsNull(row) || RowIsNull(args.data[1], args.size(), row)) {
      builder.SetNull(row);
      continue;
    }
    for (idx_t i = 0; i < list.Length(row); i++) {
      if (list.ElementIsNull(row, i) || KeyView(elements[list.Position(row, i)]) != KeyView(values[row])) {
        builder.Push(list.Position(row, i));
      }
    }
    builder.EndRow(row);
  }
  builder.Finish(list.child(), list.child_size());
}

void Extreme(DataChunk& args, Vector& result, bool max) {
  ListAccess list(args.data[0], args.size());
  const SortKeys keys(list.child(), list.child_size());
  for (idx_t row = 0; row < args.size(); row++) {
    idx_t best = 0;
    bool found = false;
    for (idx_t i = 0; !list.IsNull(row) && i < list.Length(row); i++) {
      const idx_t at = list.Position(row, i);
      if (list.ElementIsNull(row, i)) continue;
      if (!found || (max ? KeyView(keys[at]) > KeyView(keys[best]) : KeyView(keys[at]) < KeyView(keys[best])))
        best = at;
      found = true;
    }
    if (found) {
      duckdb::VectorOperations::Copy(list.child(), result, best + 1, best, row);
    } else {
      FlatVector::SetNull(result, row, true);
    }
  }
}

// --- sets -------------------------------------------------------------------------------------------------
enum class SetOp { kDistinct, kUnion, kIntersect, kExcept };

void SetOperation(DataChunk& args, Vector& result, SetOp op) {
  const bool binary = op != SetOp::kDistinct;
  ListAccess a(args.data[0], args.size());
  std::optional<ListAccess> b;
  if (binary) b.emplace(args.data[1], args.size());
  Concatenation all(ElementType(args.data[0].GetType()), a.child_size() + (binary ? b->child_size() : 0));
  all.Append(a.child(), a.child_size());
  const idx_t offset = binary ? all.Append(b->child(), b->child_size()) : 0;
  const SortKeys keys(all.vector(), all.size());
  ListBuilder builder(result, args.size());
  KeySet seen;
  KeySet other;
  for (idx_t row = 0; row < args.size(); row++) {
    if (a.IsNull(row) || (binary && b->IsNull(row))) {
      builder.SetNull(row);
      continue;
    }
    seen.clear();
    other.clear();
    if (op == SetOp::kIntersect || op == SetOp::kExcept) {
      for (idx_t i = 0; i < b->Length(row); i++) other.insert(KeyView(keys[offset + b->Position(row, i)]));
    }
    for (idx_t i = 0; i < a.Length(row); i++) {
      const auto key = KeyView(keys[a.Position(row, i)]);
      const bool in_other = other.contains(key);
      if ((op == SetOp::kIntersect && !in_other) || (op == SetOp::kExcept && in_other)) continue;
      if (seen.insert(key).second) builder.Push(a.Position(row, i));
    }
    for (idx_t i = 0; op == SetOp::kUnion && i < b->Length(row); i++) {
      const idx_t at = offset + b->Position(row, i);
      if (seen.insert(KeyView(keys[at])).second) builder.Push(at);
    }
    builder.EndRow(row);
  }
  builder.Finish(all.vector(), all.size());
}

void Overlap(DataChunk& args, Vector& result) {
  ListAccess a(args.data[0], args.size());
  ListAccess b(args.data[1], args.size());
  const SortKeys a_keys(a.child(), a.child_size());
  const SortKeys b_keys(b.child(), b.child_size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (a.IsNull(row) || b.IsNull(row)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    KeySet left;
    bool has_null = false;
    for (idx_t i = 0; i < a.Length(row); i++) {
      if (a.ElementIsNull(row, i))
        has_null = true;
      else
        left.insert(KeyView(a_keys[a.Position(row, i)]));
    }
    bool common = false;
    for (idx_t i = 0; i < b.Length(row); i++) {
      if (b.ElementIsNull(row, i))
        has_null = true;
      else
        common = common || left.contains(KeyView(b_keys[b.Position(row, i)]));
    }
    if (!common && has_null && a.Length(row) > 0 && b.Length(row) > 0)
      FlatVector::SetNull(result, row, true);
    else
      FlatVector::GetData<bool>(result)[row] = common;
  }
}

// --- order and shape ----------------------------------------------------------------------------------------
void Sort(DataChunk& args, Vector& result, bool ascending, bool nulls_first) {
  ListAccess list(args.data[0], args.size());
  const SortKeys keys(list.child(), list.child_size());
  ListBuilder builder(result, args.size());
  std::vector<idx_t> order;
  for (idx_t row = 0; row < args.size(); row++) {
    if (list.IsNull(row)) {
      builder.SetNull(row);
      continue;
    }
    order.clear();
    std::vector<idx_t> nulls;
    for (idx_t i = 0; i < list.Length(row); i++) {
      (list.ElementIsNull(row, i) ? nulls : order).push_back(list.Position(row, i));
    }
    std::stable_sort(order.begin(), order.end(), [&](idx_t x, idx_t y) {
      return ascending ? KeyView(keys[x]) < KeyView(keys[y]) : KeyView(keys[y]) < KeyView(keys[x]);
    });
    for (idx_t at : nulls) {
      if (nulls_first) builder.Push(at);
    }
    for (idx_t at : order) builder.Push(at);
    for (idx_t at : nulls) {
      if (!nulls_first) builder.Push(at);
    }
    builder.EndRow(row);
  }
  builder.Finish(list.child(), list.child_size());
}

void SortArray(DataChunk& args, Vector& result) {
  const Column<bool> ascending(args.data[1], args.size());
  const bool asc = args.size() == 0 || ascending.IsNull(0) || ascending[0];
  Sort(args, result, asc, asc);
}

// Picks elements of each array by a rule over (row, length) that pushes element indexes.
template <typename Rule>
void Reshape(DataChunk& args, Vector& result, Rule rule) {
  ListAccess list(args.data[0], args.size());
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    bool any_null = list.IsNull(row);
    for (idx_t c = 1; c < args.ColumnCount(); c++) any_null = any_null || RowIsNull(args.data[c], args.size(), row);
    if (any_null) {
      builder.SetNull(row);
      continue;
    }
    rule(list, row, [&](idx_t i) { builder.Push(list.Position(row, i)); });
    builder.EndRow(row);
  }
  builder.Finish(list.child(), list.child_size());
}

void Slice(DataChunk& args, Vector& result) {
  const Column<int32_t> starts(args.data[1], args.size());
  const Column<int32_t> lengths(args.data[2], args.size());
  Reshape(args, result, [&](const ListAccess& list, idx_t row, auto push) {
    const int64_t start = starts[row];
    const int64_t length = lengths[row];
    if (start == 0) {
      ThrowStatus(Error("_LEGACY_ERROR_TEMP_2157", {{"prettyName", "slice"}},
                        "Unexpected value for start in function slice: SQL array indices start at 1."));
    }
    if (length < 0) {
      ThrowStatus(Error("_LEGACY_ERROR_TEMP_2158", {{"prettyName", "slice"}, {"length", std::to_string(length)}},
                        "Unexpected value for length in function slice: length must be greater than or equal to 0."));
    }
    const auto size = static_cast<int64_t>(list.Length(row));
    const int64_t begin = start > 0 ? start - 1 : size + start;
    if (begin < 0) return;
    for (int64_t i = begin; i < std::min(size, begin + length); i++) push(static_cast<idx_t>(i));
  });
}

// As Spark permutes the arrays of a partition; here each batch of rows starts anew.
void Shuffle(DataChunk& args, Vector& result) {
  const Column<int64_t> seeds(args.data[1], args.size());
  MersenneTwister random(args.size() == 0 || seeds.IsNull(0) ? 0 : seeds[0]);
  Reshape(args, result, [&](const ListAccess& list, idx_t row, auto push) {
    for (const uint32_t i : random.Permutation(static_cast<uint32_t>(list.Length(row)))) push(i);
  });
}

void Compact(DataChunk& args, Vector& result) {
  Reshape(args, result, [](const ListAccess& list, idx_t row, auto push) {
    for (idx_t i = 0; i < list.Length(row); i++) {
      if (!list.ElementIsNull(row, i)) push(i);
    }
  });
}

void ReverseArray(DataChunk& args, Vector& result) {
  Reshape(args, result, [](const ListAccess& list, idx_t row, auto push) {
    for (idx_t i = list.Length(row); i > 0; i--) push(i - 1);
  });
}

void ConcatArrays(DataChunk& args, Vector& result) {
  std::vector<ListAccess> lists;
  idx_t total = 0;
  lists.reserve(args.ColumnCount());
  for (auto& column : args.data) {
    lists.emplace_back(column, args.size());
    total += lists.back().child_size();
  }
  Concatenation all(ElementType(result.GetType()), total);
  std::vector<idx_t> offsets;
  for (auto& list : lists) offsets.push_back(all.Append(list.child(), list.child_size()));
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    bool null = false;
    for (const auto& list : lists) null = null || list.IsNull(row);
    if (null) {
      builder.SetNull(row);
      continue;
    }
    for (size_t c = 0; c < lists.size(); c++) {
      for (idx_t i = 0; i < lists[c].Length(row); i++) builder.Push(offsets[c] + lists[c].Position(row, i));
    }
    builder.EndRow(row);
  }
  builder.Finish(all.vector(), all.size());
}

void Flatten(DataChunk& args, Vector& result) {
  ListAccess outer(args.data[0], args.size());
  ListAccess inner(outer.child(), outer.child_size());
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    bool null = outer.IsNull(row);
    for (idx_t i = 0; !null && i < outer.Length(row); i++) null = inner.IsNull(outer.Position(row, i));
    if (null) {
      builder.SetNull(row);
      continue;
    }
    for (idx_t i = 0; i < outer.Length(row); i++) {
      const idx_t list = outer.Position(row, i);
      for (idx_t j = 0; j < inner.Length(list); j++) builder.Push(inner.Position(list, j));
    }
    builder.EndRow(row);
  }
  builder.Finish(inner.child(), inner.child_size());
}

void RepeatValue(DataChunk& args, Vector& result) {
  const Column<int32_t> counts(args.data[1], args.size());
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (counts.IsNull(row)) {
      builder.SetNull(row);
      continue;
    }
    for (int32_t i = 0; i < counts[row]; i++) builder.Push(row);
    builder.EndRow(row);
  }
  builder.Finish(args.data[0], args.size());
}

// array_insert(array, position, value): 1-based, negative from the end, gaps filled with NULL.
void Insert(DataChunk& args, Vector& result) {
  ListAccess list(args.data[0], args.size());
  const Column<int32_t> positions(args.data[1], args.size());
  Concatenation all(ElementType(result.GetType()), list.child_size() + args.size() + 1);
  all.Append(list.child(), list.child_size());
  const idx_t values = all.Append(args.data[2], args.size());
  Vector null_value(ElementType(result.GetType()), 1);
  FlatVector::SetNull(null_value, 0, true);
  const idx_t null_at = all.Append(null_value, 1);
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (list.IsNull(row) || positions.IsNull(row)) {
      builder.SetNull(row);
      continue;
    }
    const int64_t position = positions[row];
    const auto size = static_cast<int64_t>(list.Length(row));
    if (position == 0) ThrowStatus(Error("INVALID_INDEX_OF_ZERO"));
    // Spark 3.5: -1 inserts at the end of the array.
    const int64_t at = position > 0 ? position - 1 : size + position + 1;
    if (at < 0) builder.Push(values + row);
    for (int64_t i = at; i < 0; i++) builder.Push(null_at);
    const bool before = at < 0;
    for (int64_t i = 0; i <= std::max(size, before ? 0 : at); i++) {
      if (!before && i == at) builder.Push(values + row);
      if (i < size)
        builder.Push(list.Position(row, static_cast<idx_t>(i)));
      else if (!before && i < at)
        builder.Push(null_at);
    }
    builder.EndRow(row);
  }
  builder.Finish(all.vector(), all.size());
}

void AddElement(DataChunk& args, Vector& result, bool front) {
  ListAccess list(args.data[0], args.size());
  Concatenation all(ElementType(result.GetType()), list.child_size() + args.size());
  all.Append(list.child(), list.child_size());
  const idx_t values = all.Append(args.data[1], args.size());
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (list.IsNull(row)) {
      builder.SetNull(row);
      continue;
    }
    if (front) builder.Push(values + row);
    for (idx_t i = 0; i < list.Length(row); i++) builder.Push(list.Position(row, i));
    if (!front) builder.Push(values + row);
    builder.EndRow(row);
  }
  builder.Finish(all.vector(), all.size());
}

// --- access -------------------------------------------------------------------------------------------------
// array[index]: `base` 0 (getitem, get) or 1 (element_at, negative from the end). Third argument: fail when out of
// range.
void ElementAt(DataChunk& args, Vector& result, int base) {
  ListAccess list(args.data[0], args.size());
  const Column<int64_t> indexes(args.data[1], args.size());
  const Column<bool> fail(args.data[2], args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (list.IsNull(row) || indexes.IsNull(row)) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    const auto size = static_cast<int64_t>(list.Length(row));
    int64_t index = indexes[row];
    if (base == 1 && index == 0) ThrowStatus(Error("INVALID_INDEX_OF_ZERO"));
    if (base == 1) index = index > 0 ? index - 1 : size + index;
    if (index >= 0 && index < size) {
      const idx_t at = list.Position(row, static_cast<idx_t>(index));
      duckdb::VectorOperations::Copy(list.child(), result, at + 1, at, row);
      continue;
    }
    if (fail[row]) {
      ThrowStatus(Error(base == 1 ? "INVALID_ARRAY_INDEX_IN_ELEMENT_AT" : "INVALID_ARRAY_INDEX",
                        {{"indexValue", std::to_string(indexes[row])},
                         {"arraySize", std::to_string(size)},
                         {"ansiConfig", "\"spark.sql.ansi.enabled\""}}));
    }
    FlatVector::SetNull(result, row, true);
  }
}

void Size(DataChunk& args, Vector& result) {
  duckdb::UnifiedVectorFormat format;
  args.data[0].ToUnifiedFormat(args.size(), format);
  const auto* entries = duckdb::UnifiedVectorFormat::GetData<duckdb::list_entry_t>(format);
  for (idx_t row = 0; row < args.size(); row++) {
    const auto at = format.sel->get_index(row);
    if (format.validity.RowIsValid(at))
      FlatVector::GetData<int32_t>(result)[row] = static_cast<int32_t>(entries[at].length);
    else
      FlatVector::SetNull(result, row, true);
  }
}

void Join(DataChunk& args, Vector& result) {
  ListAccess list(args.data[0], args.size());
  const Column<duckdb::string_t> delimiters(args.data[1], args.size());
  const Column<duckdb::string_t> replacements(args.data[2], args.size());
  const Column<bool> given(args.data[3], args.size());  // a NULL replacement that was given makes the result NULL
  for (idx_t row = 0; row < args.size(); row++) {
    if (list.IsNull(row) || delimiters.IsNull(row) || (given[row] && replacements.IsNull(row))) {
      FlatVector::SetNull(result, row, true);
      continue;
    }
    string out;
    bool first = true;
    for (idx_t i = 0; i < list.Length(row); i++) {
      const bool null = list.ElementIsNull(row, i);
      if (null && !given[row]) continue;
      if (!first) out += KeyView(delimiters[row]);
      first = false;
      out += KeyView(null ? replacements[row] : list.Element<duckdb::string_t>(row, i));
    }
    FlatVector::GetData<duckdb::string_t>(result)[row] = duckdb::StringVector::AddString(result, out);
  }
}

// Sorts an array by a comparator's answers for all pairs: matrix[i][j] compares element i with element j.
void SortByMatrix(DataChunk& args, Vector& result) {
  ListAccess list(args.data[0], args.size());
  ListAccess rows(args.data[1], args.size());
  ListAccess cells(rows.child(), rows.child_size());
  ListBuilder builder(result, args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    if (list.IsNull(row)) {
      builder.SetNull(row);
      continue;
    }
    std::vector<idx_t> order(list.Length(row));
    std::iota(order.begin(), order.end(), 0);
    const auto less = [&](idx_t a, idx_t b) {
      const idx_t line = rows.Position(row, a);
      if (cells.ElementIsNull(line, b)) {
        ThrowStatus(Error("COMPARATOR_RETURNS_NULL", {{"firstValue", "element " + std::to_string(a)},
                                                      {"secondValue", "element " + std::to_string(b)}}));
      }
      return cells.Element<int32_t>(line, b) < 0;
    };
    // Insertion by binary search: safe (and stable) whatever the comparator answers.
    std::vector<idx_t> sorted;
    for (const idx_t element : order) {
      sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), element, less), element);
    }
    for (const idx_t i : sorted) builder.Push(list.Position(row, i));
    builder.EndRow(row);
  }
  builder.Finish(list.child(), list.child_size());
}

// Three-valued any/all of an array of booleans: the tail of exists and forall.
void Quantify(DataChunk& args, Vector& result, bool any) {
  ListAccess list(args.data[0], args.size());
  for (idx_t row = 0; row < args.size(); row++) {
    bool null = false;
    bool decided = false;
    for (idx_t i = 0; !list.IsNull(row) && i < list.Length(row); i++) {
      if (list.ElementIsNull(row, i))
        null = true;
      else if (list.Element<bool>(row, i) == any)
        decided = true;
    }
    if (list.IsNull(row) || (!decided && null))
      FlatVector::SetNull(result, row, true);
    else
      FlatVector::GetData<bool>(result)[row] = decided == any;
  }
}

// By what nested values are compared and sorted (engine/lower_expression.cc).
void OrderKey(DataChunk& args, Vector& result) {
  const SortKeys keys(args.data[0], args.size());
  duckdb::UnifiedVectorFormat values;
  args.data[0].ToUnifiedFormat(args.size(), values);
  auto* out = FlatVector::GetData<duckdb::string_t>(result);
  for (idx_t row = 0; row < args.size(); row++) {
    if (values.validity.RowIsValid(values.sel->get_index(row))) {
      out[row] = duckdb::StringVector::AddStringOrBlob(result, keys[row]);
    } else {
      FlatVector::SetNull(result, row, true);
    }
  }
}

void RegisterArrays(KernelSink& sink) {
  const auto boolean = [](const auto&) { return LogicalType::BOOLEAN; };
  AddGeneric(sink, "spark_array_contains", 2, boolean, [](auto& a, auto& r) { FindValue(a, r, Find::kContains); });
  AddGeneric(
      sink, "spark_array_position", 2, [](const auto&) { return LogicalType::BIGINT; },
      [](auto& a, auto& r) { FindValue(a, r, Find::kPosition); });
  AddGeneric(sink, "spark_array_remove", 2, FirstType, Remove);
  AddGeneric(sink, "spark_array_max", 1, FirstElementType, [](auto& a, auto& r) { Extreme(a, r, true); });
  AddGeneric(sink, "spark_array_min", 1, FirstElementType, [](auto& a, auto& r) { Extreme(a, r, false); });
  AddGeneric(sink, "spark_array_distinct", 1, FirstType,
             [](auto& a, auto& r) { SetOperation(a, r, SetOp::kDistinct); });
  AddGeneric(sink, "spark_array_union", 2, FirstType, [](auto& a, auto& r) { SetOperation(a, r, SetOp::kUnion); });
  AddGeneric(sink, "spark_array_intersect", 2, FirstType,
             [](auto& a, auto& r) { SetOperation(a, r, SetOp::kIntersect); });
  AddGeneric(sink, "spark_array_except", 2, FirstType, [](auto& a, auto& r) { SetOperation(a, r, SetOp::kExcept); });
  AddGeneric(sink, "spark_arrays_overlap", 2, boolean, Overlap);
  AddGeneric(sink, "spark_sort_array", 2, FirstType, SortArray);
  AddGeneric(sink, "spark_array_sort", 1, FirstType, [](auto& a, auto& r) { Sort(a, r, true, false); });
  AddGeneric(sink, "spark_sort_by_matrix", 2, FirstType, SortByMatrix);
  AddGeneric(sink, "spark_order_key", 1, [](const auto&) { return LogicalType::BLOB; }, OrderKey);
  AddGeneric(sink, "spark_slice", 3, FirstType, Slice);
  AddGeneric(sink, "spark_shuffle", 2, FirstType, Shuffle);
  AddGeneric(sink, "spark_array_compact", 1, FirstType, Compact);
  AddGeneric(sink, "spark_array_reverse", 1, FirstType, ReverseArray);
  AddGeneric(sink, "spark_array_concat", -1, FirstType, ConcatArrays);
  AddGeneric(sink, "spark_flatten", 1, FirstElementType, Flatten);
  AddGeneric(sink, "spark_array_repeat", 2, [](const auto& t) { return LogicalType::LIST(t[0]); }, RepeatValue);
  AddGeneric(sink, "spark_array_insert", 3, FirstType, Insert);
  AddGeneric(sink, "spark_array_append", 2, FirstType, [](auto& a, auto& r) { AddElement(a, r, false); });
  AddGeneric(sink, "spark_array_prepend", 2, FirstType, [](auto& a, auto& r) { AddElement(a, r, true); });
  AddGeneric(sink, "spark_getitem", 3, FirstElementType, [](auto& a, auto& r) { ElementAt(a, r, 0); });
  AddGeneric(sink, "spark_element_at", 3, FirstElementType, [](auto& a, auto& r) { ElementAt(a, r, 1); });
  AddGeneric(sink, "spark_size", 1, [](const auto&) { return LogicalType::INTEGER; }, Size);
  AddGeneric(sink, "spark_array_join", 4, [](const auto&) { return LogicalType::VARCHAR; }, Join);
  AddGeneric(sink, "spark_any_true", 1, boolean, [](auto& a, auto& r) { Quantify(a, r, true); });
  AddGeneric(sink, "spark_all_true", 1, boolean, [](auto& a, auto& r) { Quantify(a, r, false); });
}

}  // namespace

void RegisterCollectionKernels(duckdb::ExtensionLoader& sink) {
  RegisterArrays(sink);
  RegisterMapKernels(sink);
  RegisterSequenceKernels(sink);
}

}  // namespace deltic::engine::functions
