#include "engine/rows_at_hand.h"

#include <algorithm>

#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/function/table/arrow.hpp"
#include "duckdb/main/materialized_query_result.hpp"
#include "engine/arrow_input.h"
#include "engine/type_map.h"

namespace deltic::engine {
namespace {

using duckdb::DataChunk;
using duckdb::make_uniq;

duckdb::vector<duckdb::LogicalType> TypesOf(const Rel& rel) {
  duckdb::vector<duckdb::LogicalType> types;
  for (const Column& column : rel.output) types.push_back(ToDuckType(column.type));
  return types;
}

// A chunk that is to refer to what others hold.
duckdb::unique_ptr<DataChunk> References(const duckdb::vector<duckdb::LogicalType>& types, duckdb::idx_t rows) {
  auto chunk = make_uniq<DataChunk>();
  chunk->InitializeEmpty(types);
  chunk->SetCardinality(rows);
  return chunk;
}

std::optional<Chunks> LiteralRows(const ValuesRel& rel) {
  const bool literals = std::all_of(rel.rows.begin(), rel.rows.end(), [](const std::vector<ExprPtr>& row) {
    return std::all_of(row.begin(), row.end(), [](const ExprPtr& e) { return e->kind == ExprKind::kLiteral; });
  });
  if (!literals) return std::nullopt;
  const auto types = TypesOf(rel);
  Chunks chunks;
  for (const auto& row : rel.rows) {
    if (chunks.empty() || chunks.back()->size() == STANDARD_VECTOR_SIZE) {
      chunks.push_back(make_uniq<DataChunk>());
      chunks.back()->Initialize(duckdb::Allocator::DefaultAllocator(), types);
    }
    DataChunk& chunk = *chunks.back();
    const duckdb::idx_t at = chunk.size();
    chunk.SetCardinality(at + 1);
    for (size_t i = 0; i < row.size(); i++) {
      chunk.SetValue(i, at, ToDuckValue(row[i]->As<Literal>().value, rel.output[i].type));
    }
  }
  return chunks;
}

std::optional<Chunks> KeptRows(const CachedRel& rel) {
  auto& rows = *static_cast<duckdb::ColumnDataCollection*>(rel.table.get());
  if (rows.Count() > kMaxKeptRowsAtHand || rows.Types() != TypesOf(rel)) return std::nullopt;
  Chunks chunks;
  duckdb::ColumnDataScanState state;
  rows.InitializeScan(state);  // copies: what is returned does not hold the collection's blocks
  while (true) {
    auto chunk = make_uniq<DataChunk>();
    rows.InitializeScanChunk(*chunk);
    if (!rows.Scan(state, *chunk)) return chunks;
    chunks.push_back(std::move(chunk));
  }
}

// What a client sent, as DuckDB's own scan of Arrow reads it. Columns that a scan would cast want a query.
std::optional<Chunks> ClientRows(duckdb::ClientContext& context, const ArrowRel& rel) {
  if (rel.ipc_stream == nullptr || rel.ipc_stream->size() > kMaxClientBytesAtHand) return std::nullopt;
  const auto types = TypesOf(rel);
  const auto source = ArrowSource::Open(rel.ipc_stream);
  if (source->Schema().size() != types.size()) return std::nullopt;
  for (size_t i = 0; i < types.size(); i++) {
    if (source->NeedsCast(i, types[i])) return std::nullopt;
  }
  OwnedSchema schema;
  source->DuckSchema(schema.get());
  duckdb::ArrowTableSchema table;
  duckdb::ArrowTableFunction::PopulateArrowTableSchema(context, table, *schema.get());
  if (table.GetTypes() != types) return std::nullopt;
  Chunks chunks;
  const auto batches = source->Batches();
  while (auto batch = batches->Next()) {
    const auto rows = static_cast<duckdb::idx_t>(batch->arrow_array.length);
    duckdb::ArrowScanLocalState state(std::move(batch), context);
    while (state.chunk_offset < rows) {
      DataChunk scanned;
      scanned.Initialize(duckdb::Allocator::DefaultAllocator(), types);
      scanned.SetCardinality(std::min<duckdb::idx_t>(rows - state.chunk_offset, STANDARD_VECTOR_SIZE));
      duckdb::ArrowTableFunction::ArrowToDuckDB(state, table.GetColumns(), scanned, false);
      // What was scanned refers to the batch.
      chunks.push_back(make_uniq<DataChunk>());
      chunks.back()->Initialize(duckdb::Allocator::DefaultAllocator(), types);
      scanned.Copy(*chunks.back());
      state.chunk_offset += scanned.size();
    }
  }
  return chunks;
}

// Where the child has this column; nothing: nowhere.
std::optional<size_t> PositionOf(const Rel& child, const Expr& expr) {
  if (expr.kind != ExprKind::kColumn) return std::nullopt;
  for (size_t i = 0; i < child.output.size(); i++) {
    if (child.output[i].id == expr.As<ColumnExpr>().id) return i;
  }
  return std::nullopt;
}

std::optional<Chunks> ProjectedRows(duckdb::ClientContext& context, const ProjectRel& rel) {
  const auto types = TypesOf(rel);
  const auto child_types = TypesOf(*rel.child);
  std::vector<std::optional<size_t>> positions;
  for (size_t i = 0; i < rel.exprs.size(); i++) {
    positions.push_back(PositionOf(*rel.child, *rel.exprs[i]));
    const bool plain = positions[i] ? child_types[*positions[i]] == types[i] : rel.exprs[i]->kind == ExprKind::kLiteral;
    if (!plain) return std::nullopt;
  }
  auto rows = RowsAtHand(context, *rel.child);
  if (!rows) return std::nullopt;
  for (auto& chunk : *rows) {
    auto projected = References(types, chunk->size());
    for (size_t i = 0; i < types.size(); i++) {
      if (positions[i]) {
        projected->data[i].Reference(chunk->data[*positions[i]]);
      } else {
        projected->data[i].Reference(ToDuckValue(rel.exprs[i]->As<Literal>().value, rel.output[i].type));
      }
    }
    chunk = std::move(projected);
  }
  return rows;
}

// The numbers that `column IN (number, …)` lists; nothing: the predicate is something else.
std::optional<std::vector<int64_t>> ListedNumbers(const Call& call) {
  if (call.function != "in" || call.args.empty() || !call.args[0]->type.Is(TypeId::kLong)) return std::nullopt;
  std::vector<int64_t> numbers;
  for (size_t i = 1; i < call.args.size(); i++) {
    if (call.args[i]->kind != ExprKind::kLiteral) return std::nullopt;
    const auto* number = std::get_if<int64_t>(&call.args[i]->As<Literal>().value.v);
    if (number == nullptr) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<Chunks> FilteredRows(duckdb::ClientContext& context, const FilterRel& rel) {
  if (rel.predicate->kind != ExprKind::kCall) return std::nullopt;
  const auto& call = rel.predicate->As<Call>();
  const auto numbers = ListedNumbers(call);
  if (!numbers) return std::nullopt;
  const auto position = PositionOf(*rel.child, *call.args[0]);
  if (!position) return std::nullopt;
  auto rows = RowsAtHand(context, *rel.child);
  if (!rows) return std::nullopt;
  for (auto& chunk : *rows) {
    duckdb::UnifiedVectorFormat format;
    chunk->data[*position].ToUnifiedFormat(chunk->size(), format);
    const auto* values = duckdb::UnifiedVectorFormat::GetData<int64_t>(format);
    duckdb::SelectionVector kept(STANDARD_VECTOR_SIZE);
    duckdb::idx_t count = 0;
    for (duckdb::idx_t row = 0; row < chunk->size(); row++) {
      const auto at = format.sel->get_index(row);
      const bool listed =
          format.validity.RowIsValid(at) && std::find(numbers->begin(), numbers->end(), values[at]) != numbers->end();
      if (listed) kept.set_index(count++, row);
    }
    auto filtered = References(chunk->GetTypes(), count);
    filtered->Slice(*chunk, kept, count);
    chunk = std::move(filtered);
  }
  std::erase_if(*rows, [](const auto& chunk) { return chunk->size() == 0; });
  return rows;
}

std::optional<Chunks> UnitedRows(duckdb::ClientContext& context, const SetOpRel& rel) {
  const auto types = TypesOf(rel);
  if (rel.op != SetOpRel::Op::kUnion || !rel.all || TypesOf(*rel.left) != types || TypesOf(*rel.right) != types) {
    return std::nullopt;
  }
  auto rows = RowsAtHand(context, *rel.left);
  if (!rows) return std::nullopt;
  auto more = RowsAtHand(context, *rel.right);
  if (!more) return std::nullopt;
  for (auto& chunk : *more) rows->push_back(std::move(chunk));
  return rows;
}

}  // namespace

std::optional<Chunks> RowsAtHand(duckdb::ClientContext& context, const Rel& rel) {
  if (rel.output.empty()) return std::nullopt;
  switch (rel.kind) {
    case RelKind::kValues: return LiteralRows(rel.As<ValuesRel>());
    case RelKind::kArrow: return ClientRows(context, rel.As<ArrowRel>());
    case RelKind::kCached: return KeptRows(rel.As<CachedRel>());
    case RelKind::kProject: return ProjectedRows(context, rel.As<ProjectRel>());
    case RelKind::kFilter: return FilteredRows(context, rel.As<FilterRel>());
    case RelKind::kSetOp: return UnitedRows(context, rel.As<SetOpRel>());
    default: return std::nullopt;
  }
}

duckdb::unique_ptr<duckdb::QueryResult> ResultAtHand(duckdb::ClientContext& context, const Rel& rel) {
  const auto rows = RowsAtHand(context, rel);
  if (!rows) return nullptr;
  duckdb::vector<duckdb::string> names;
  for (const Column& column : rel.output) names.push_back(column.name);
  auto collection = make_uniq<duckdb::ColumnDataCollection>(duckdb::Allocator::DefaultAllocator(), TypesOf(rel));
  for (const auto& chunk : *rows) collection->Append(*chunk);
  return make_uniq<duckdb::MaterializedQueryResult>(duckdb::StatementType::SELECT_STATEMENT,
                                                    duckdb::StatementProperties(), std::move(names),
                                                    std::move(collection), context.GetClientProperties());
}

}  // namespace deltic::engine
