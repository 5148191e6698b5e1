#include "engine/direct_write.h"

#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/copy_function_catalog_entry.hpp"
#include "duckdb/execution/execution_context.hpp"
#include "duckdb/parallel/thread_context.hpp"

namespace deltic::engine {

DirectlyWritten WriteDirectly(duckdb::ClientContext& context, const duckdb::CopyInfo& copy,
                              const duckdb::vector<std::string>& names,
                              const duckdb::vector<duckdb::LogicalType>& types_of_rows, const Chunks& rows) {
  DirectlyWritten out;
  context.RunFunctionInTransaction([&] {
    const auto& entry = duckdb::Catalog::GetEntry<duckdb::CopyFunctionCatalogEntry>(context, SYSTEM_CATALOG,
                                                                                    DEFAULT_SCHEMA, copy.format);
    const duckdb::CopyFunction& writer = entry.function;
    duckdb::CopyFunctionBindInput input(copy, writer.function_info);
    const auto bound = writer.copy_to_bind(context, input, names, types_of_rows);
    const auto file = writer.copy_to_initialize_global(context, *bound, copy.file_path);
    duckdb::CopyFunctionFileStatistics written;
    writer.copy_to_get_written_statistics(context, *bound, *file, written);
    duckdb::ThreadContext thread(context);
    duckdb::ExecutionContext execution(context, thread, nullptr);
    const auto local = writer.copy_to_initialize_local(execution, *bound);
    for (const auto& chunk : rows) writer.copy_to_sink(execution, *bound, *file, *local, *chunk);
    writer.copy_to_combine(execution, *bound, *file, *local);
    writer.copy_to_finalize(context, *bound, *file);
    out.rows = static_cast<int64_t>(written.row_count);
    out.size_bytes = static_cast<int64_t>(written.file_size_bytes);
    for (const auto& [column, statistics] : written.column_statistics) {
      LeafStats& leaf = out.leaves[types::ToLower(column)];
      for (const auto& [name, value] : statistics) {
        if (!value.IsNull()) leaf[name] = value.ToString();
      }
    }
  });
  return out;
}

}  // namespace deltic::engine
