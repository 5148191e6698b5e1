// Registers every spark_* function in one DuckDB instance. A kernel family lives in one file of this folder (or
// a few with its name as prefix) and has one Register<Family>Kernels(loader); register.cc lists them.
// Called once per instance, before any query; kernels themselves are pure and thread-safe.
#pragma once

#include "duckdb/main/extension/extension_loader.hpp"

namespace duckdb {
class DatabaseInstance;
}

namespace deltic::engine::functions {

// Call inside engine's try/catch for DuckDB exceptions.
void RegisterFunctions(duckdb::DatabaseInstance& db);

void RegisterCastKernels(duckdb::ExtensionLoader& loader);
void RegisterArithmeticKernels(duckdb::ExtensionLoader& loader);
void RegisterPredicateKernels(duckdb::ExtensionLoader& loader);
void RegisterMathKernels(duckdb::ExtensionLoader& loader);
void RegisterAggregateKernels(duckdb::ExtensionLoader& loader);
void RegisterMiscKernels(duckdb::ExtensionLoader& loader);
void RegisterConstraintKernels(duckdb::ExtensionLoader& loader);

void RegisterStringKernels(duckdb::ExtensionLoader& loader);
void RegisterRegexKernels(duckdb::ExtensionLoader& loader);
void RegisterDatetimeKernels(duckdb::ExtensionLoader& loader);
void RegisterJsonKernels(duckdb::ExtensionLoader& loader);
void RegisterUrlKernels(duckdb::ExtensionLoader& loader);
void RegisterHashKernels(duckdb::ExtensionLoader& loader);
void RegisterCollectionKernels(duckdb::ExtensionLoader& loader);

}  // namespace deltic::engine::functions
