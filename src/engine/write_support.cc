#include "engine/write_support.h"

#include "duckdb/main/extension/extension_loader.hpp"
#include "duckdb/planner/expression/bound_function_expression.hpp"
#include "engine/plan/row_sink.h"

namespace deltic::engine {
namespace {

duckdb::unique_ptr<duckdb::FunctionData> BindRetype(duckdb::ClientContext&, duckdb::ScalarFunction& function,
                                                    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.arguments[1] = arguments[1]->return_type;
  function.SetReturnType(arguments[1]->return_type);
  return nullptr;
}

void Retype(duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
  result.Reinterpret(args.data[0]);
}

duckdb::unique_ptr<duckdb::FunctionData> BindCountNulls(
    duckdb::ClientContext&, duckdb::ScalarFunction& function,
    duckdb::vector<duckdb::unique_ptr<duckdb::Expression>>& arguments) {
  function.arguments[0] = arguments[0]->return_type;
  function.SetReturnType(arguments[0]->return_type);
  return nullptr;
}

void Count(duckdb::Vector& vector, duckdb::idx_t rows, NullCounters* counters, size_t* next) {
  switch (vector.GetType().id()) {
    case duckdb::LogicalTypeId::LIST:
    case duckdb::LogicalTypeId::MAP: {
      const auto& validity = duckdb::FlatVector::Validity(vector);
      int64_t nulls = static_cast<int64_t>(rows - validity.CountValid(rows));
      counters->counts[(*next)++] += nulls;
      break;
    }
    case duckdb::LogicalTypeId::STRUCT:
      for (auto& child : duckdb::StructVector::GetEntries(vector)) Count(*child, rows, counters, next);
      break;
    default: break;
  }
}

void CountNullsAndPass(duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
  auto address = args.data[1].GetValue(0).GetValue<int64_t>();
  auto* counters = reinterpret_cast<NullCounters*>(static_cast<uintptr_t>(address));
  CountNulls(args.data[0], args.size(), counters);
  result.Reference(args.data[0]);
}

void RecordRows(duckdb::DataChunk& args, duckdb::ExpressionState&, duckdb::Vector& result) {
  const auto address = args.data[2].GetValue(0).GetValue<int64_t>();
  auto* sink = reinterpret_cast<RowSink*>(static_cast<uintptr_t>(address));
  duckdb::Vector files(args.data[0]);
  duckdb::Vector rows(args.data[1]);
  files.Flatten(args.size());
  rows.Flatten(args.size());
  sink->Add(duckdb::FlatVector::GetData<int64_t>(files), duckdb::FlatVector::GetData<int64_t>(rows), args.size());
  result.Reference(args.data[1]);
}

}  // namespace

int CountedCollections(const DataType& type) {
  if (type.Is(TypeId::kArray) || type.Is(TypeId::kMap)) return 1;
  if (!type.Is(TypeId::kStruct)) return 0;
  int n = 0;
  for (const auto& f : type.fields()) n += CountedCollections(f.type);
  return n;
}

void CountNulls(duckdb::Vector& vector, duckdb::idx_t rows, NullCounters* counters) {
  duckdb::Vector flat(vector);
  flat.Flatten(rows);
  size_t next = 0;
  Count(flat, rows, counters, &next);
}

void RegisterWriteSupport(duckdb::DatabaseInstance& db) {
  using duckdb::LogicalType;
  duckdb::ExtensionLoader loader(db, "deltic");
  duckdb::ScalarFunction retype(kRetypeFunction, {LogicalType::ANY, LogicalType::ANY}, LogicalType::ANY, Retype,
                                BindRetype);
  retype.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  loader.RegisterFunction(retype);
  duckdb::ScalarFunction count(kCountNullsFunction, {LogicalType::ANY, LogicalType::BIGINT}, LogicalType::ANY,
                               CountNullsAndPass, BindCountNulls);
  count.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  count.SetStability(duckdb::FunctionStability::VOLATILE);  // every row counts exactly once
  loader.RegisterFunction(count);
  duckdb::ScalarFunction record(kRecordRowFunction, {LogicalType::BIGINT, LogicalType::BIGINT, LogicalType::BIGINT},
                                LogicalType::BIGINT, RecordRows);
  record.SetNullHandling(duckdb::FunctionNullHandling::SPECIAL_HANDLING);
  record.SetStability(duckdb::FunctionStability::VOLATILE);  // every row is recorded exactly once
  loader.RegisterFunction(record);
}

}  // namespace deltic::engine
