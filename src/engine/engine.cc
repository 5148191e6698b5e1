#include "engine/engine.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "base/log.h"
#include "base/random.h"
#include "duckdb/catalog/catalog.hpp"
#include "duckdb/catalog/catalog_entry/scalar_function_catalog_entry.hpp"
#include "duckdb/common/types/column/column_data_collection.hpp"
#include "duckdb/main/client_config.hpp"
#include "duckdb/main/extension_helper.hpp"
#include "duckdb/main/materialized_query_result.hpp"
#include "duckdb/main/valid_checker.hpp"
#include "duckdb/parser/statement/explain_statement.hpp"
#include "engine/arrow_input.h"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/functions/register.h"
#include "engine/kept_column.h"
#include "engine/object_file_system.h"
#include "engine/parquet_scan.h"
#include "engine/parquet_variants.h"
#include "engine/range_scan.h"
#include "engine/row_sampling.h"
#include "engine/rows_at_hand.h"
#include "engine/run_query.h"
#include "engine/text/kernels.h"
#include "engine/text/scan.h"
#include "engine/type_map.h"
#include "engine/variant/kernels.h"
#include "engine/write_support.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

constexpr char kEnough[] = "COLLECTED_ENOUGH";  // ends a row loop early; never leaves this file

int64_t MachineMemory() {
  return static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<int64_t>(sysconf(_SC_PAGE_SIZE));
}

// A private member of DuckDB's, by way of an explicit instantiation: there is no other.
template <auto Member>
struct Flag {
  friend duckdb::atomic<bool>& InvalidatedFlag(duckdb::ValidChecker& checker) { return checker.*Member; }
};
duckdb::atomic<bool>& InvalidatedFlag(duckdb::ValidChecker& checker);
template struct Flag<&duckdb::ValidChecker::is_invalidated>;

// After an internal error DuckDB refuses all further work, since what it stores may be damaged. It stores nothing here:
// one statement's error is not the end of all others.
void ForgiveInternalError(duckdb::DatabaseInstance& db) {
  auto& checker = duckdb::ValidChecker::Get(db);
  if (!checker.IsInvalidated()) return;
  Log(LogLevel::kError, "engine_internal_error", {{"error", checker.InvalidatedMessage()}});
  InvalidatedFlag(checker) = false;
}

void Configure(duckdb::DBConfig* config, const EngineOptions& options, const std::string& temp_directory) {
  if (options.threads > 0) config->options.maximum_threads = static_cast<duckdb::idx_t>(options.threads);
  int64_t memory = options.memory_limit_bytes > 0 ? options.memory_limit_bytes : MachineMemory() / 10 * 6;
  config->options.maximum_memory = static_cast<duckdb::idx_t>(memory);
  config->options.temporary_directory = temp_directory;
  config->options.load_extensions = false;
  const std::pair<const char*, duckdb::Value> settings[] = {
      {"autoinstall_known_extensions", duckdb::Value::BOOLEAN(false)},
      {"autoload_known_extensions", duckdb::Value::BOOLEAN(false)},
      {"allow_community_extensions", duckdb::Value::BOOLEAN(false)},
      // Spark compares strings by bytes and orders NULLs explicitly.
      {"default_null_order", duckdb::Value("NULLS_FIRST")},
      {"preserve_insertion_order", duckdb::Value::BOOLEAN(true)},
  };
  for (const auto& [name, value] : settings) config->SetOptionByName(name, value);
}

void LoadExtension(duckdb::DuckDB* db, const char* name) {
  if (duckdb::ExtensionHelper::LoadExtension(*db, name) != duckdb::ExtensionLoadResult::LOADED_EXTENSION) {
    throw duckdb::InternalException("%s is not part of this DuckDB", name);
  }
}

// What DuckDB has linked in and the engine uses, and all that is ours. ICU is not used: time zones are ours
// (functions/), and DuckDB's casts between TIMESTAMP and TIMESTAMP WITH TIME ZONE must not see the machine's zone.
void RegisterAll(duckdb::DuckDB* db) {
  for (const char* name : {"core_functions", "json", "parquet"}) LoadExtension(db, name);
  duckdb::DatabaseInstance& instance = *db->instance;
  duckdb::DBConfig::GetConfig(instance).SetOptionByName("parquet_metadata_cache", duckdb::Value::BOOLEAN(true));
  RegisterObjectFileSystem(instance);
  RegisterKeptColumns(instance);
  RegisterParquetScan(instance);
  RegisterParquetWriter(instance);
  RegisterRangeScan(instance);
  RegisterRowSampling(instance);
  RegisterWriteSupport(instance);
  text::RegisterTextScan(instance);
  functions::RegisterFunctions(instance);
  text::RegisterTextKernels(instance);
  variant::RegisterVariantKernels(instance);
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Open(const EngineOptions& options) {
  return Guard([&]() -> Result<std::unique_ptr<Engine>> {
    std::string own_temp, temp = options.temp_directory;
    if (temp.empty()) {
      // DuckDB creates it on first spill; it is ours alone, so it is removed with the engine.
      own_temp = (std::filesystem::temp_directory_path() / ("deltic-" + Random::System()->Uuid())).string();
      temp = own_temp;
    }
    duckdb::DBConfig config;
    Configure(&config, options, temp);
    auto db = std::make_shared<duckdb::DuckDB>(nullptr, &config);
    RegisterAll(db.get());
    return std::unique_ptr<Engine>(new EngineImpl(std::move(db), own_temp));
  });
}

EngineImpl::EngineImpl(std::shared_ptr<duckdb::DuckDB> db, std::string own_temp_directory)
    : db_(std::move(db)), own_temp_directory_(std::move(own_temp_directory)) {}

EngineImpl::~EngineImpl() {
  db_.reset();
  std::error_code ignored;
  if (!own_temp_directory_.empty()) std::filesystem::remove_all(own_temp_directory_, ignored);
}

std::string EngineImpl::TempDirectory() const {
  return duckdb::DBConfig::GetConfig(*db_->instance).options.temporary_directory;
}

std::shared_ptr<duckdb::Connection> EngineImpl::Connect() {
  ForgiveInternalError(*db_->instance);
  auto connection = std::make_shared<duckdb::Connection>(*db_);
  auto& config = duckdb::ClientConfig::GetConfig(*connection->context);
  config.enable_progress_bar = true;  // keeps GetQueryProgress current; nothing is printed
  config.print_progress_bar = false;
  config.wait_time = 0;
  return connection;
}

bool EngineImpl::IsVolatile(duckdb::ClientContext& context, const std::string& function) {
  {
    std::lock_guard lock(mutex_);
    auto it = volatile_functions_.find(function);
    if (it != volatile_functions_.end()) return it->second;
  }
  bool is_volatile = false;
  auto entry = duckdb::Catalog::GetSystemCatalog(context).GetEntry(context, duckdb::CatalogType::SCALAR_FUNCTION_ENTRY,
                                                                   DEFAULT_SCHEMA, function,
                                                                   duckdb::OnEntryNotFound::RETURN_NULL);
  if (entry && entry->type == duckdb::CatalogType::SCALAR_FUNCTION_ENTRY) {
    for (const auto& f : entry->Cast<duckdb::ScalarFunctionCatalogEntry>().functions.functions) {
      is_volatile = is_volatile || f.GetStability() == duckdb::FunctionStability::VOLATILE;
    }
  }
  std::lock_guard lock(mutex_);
  volatile_functions_[function] = is_volatile;
  return is_volatile;
}

duckdb::unique_ptr<duckdb::SelectStatement> EngineImpl::Lower(duckdb::Connection& connection, const RelPtr& plan,
                                                              std::vector<std::shared_ptr<void>>* keep_alive,
                                                              const QueryOptions& options) {
  duckdb::unique_ptr<duckdb::SelectStatement> statement;
  auto& context = *connection.context;
  context.RunFunctionInTransaction([&] {
    LoweringContext lowering_context;
    lowering_context.is_volatile = [&](const std::string& name) { return IsVolatile(context, name); };
    lowering_context.options = options;
    lowering_context.start = [this, options](const RelPtr& child) {
      return Start(child, duckdb::QueryResultOutputType::ALLOW_STREAMING, options);
    };
    Lowering lowering(std::move(lowering_context));
    statement = lowering.LowerQuery(plan);
    *keep_alive = lowering.TakeKeepAlive();
  });
  return statement;
}

RunningQuery EngineImpl::Start(const RelPtr& plan, duckdb::QueryParameters parameters, const QueryOptions& options) {
  RunningQuery query;
  query.connection = Connect();
  auto statement = Lower(*query.connection, plan, &query.keep_alive, options);
  query.result = RunStatement(*query.connection, std::move(statement), parameters, options.interrupted);
  return query;
}

Result<std::unique_ptr<ResultStream>> EngineImpl::Execute(const RelPtr& plan, const QueryOptions& options) {
  return Guard([&]() -> Result<std::unique_ptr<ResultStream>> {
    if (plan->kind == RelKind::kArrow) {
      if (auto rows = EncodedRows(plan->As<ArrowRel>(), options)) return rows;
    }
    RunningQuery query;
    query.connection = Connect();
    query.result = ResultAtHand(*query.connection->context, *plan);
    if (query.result == nullptr) query.statement = Lower(*query.connection, plan, &query.keep_alive, options);
    return std::unique_ptr<ResultStream>(new ArrowResultStream(std::move(query), plan->output, options));
  });
}

Result<std::vector<std::vector<Value>>> EngineImpl::Collect(const RelPtr& plan, const QueryOptions& options,
                                                            int64_t max_rows) {
  return Guard([&]() -> Result<std::vector<std::vector<Value>>> {
    std::vector<std::vector<Value>> rows;
    if (max_rows <= 0) return rows;
    const auto keep = [&](const std::vector<Value>& row) {
      rows.push_back(row);
      return static_cast<int64_t>(rows.size()) < max_rows ? Status::Ok() : Error(kEnough);
    };
    Status status = ForEachRow(plan, keep, options);
    if (!status.ok() && !status.Is(kEnough)) return status;
    return rows;
  });
}

Status EngineImpl::ForEachRow(const RelPtr& plan, const RowSink& sink, const QueryOptions& options) {
  auto query = Start(plan, duckdb::QueryResultOutputType::ALLOW_STREAMING, options);
  std::vector<Value> row(plan->output.size());
  while (true) {
    auto chunk = FetchChunk(*query.result, options.interrupted);
    if (!chunk) return Status::Ok();
    for (duckdb::idx_t r = 0; r < chunk->size(); ++r) {
      for (size_t c = 0; c < row.size(); ++c) row[c] = FromDuckValue(chunk->GetValue(c, r), plan->output[c].type);
      RETURN_IF_ERROR(sink(row));
    }
  }
}

Result<RelPtr> EngineImpl::Materialize(const RelPtr& plan, const QueryOptions& options) {
  return Guard([&]() -> Result<RelPtr> {
    duckdb::QueryParameters parameters(duckdb::QueryResultOutputType::FORCE_MATERIALIZED);
    parameters.memory_type = duckdb::QueryResultMemoryType::BUFFER_MANAGED;  // spills
    auto query = Start(plan, parameters, options);
    auto rows = query.result->Cast<duckdb::MaterializedQueryResult>().TakeCollection();
    // The rows live in the instance's buffer manager, so they keep the instance alive.
    std::shared_ptr<void> table(rows.release(), [db = db_](void* p) mutable {
      delete static_cast<duckdb::ColumnDataCollection*>(p);
      db.reset();
    });
    return std::static_pointer_cast<const Rel>(
        std::make_shared<const CachedRel>(plan->output, std::move(table), "materialized"));
  });
}

Result<std::vector<types::StructField>> EngineImpl::ArrowSchemaOf(const std::string& ipc_stream) {
  return Guard([&]() -> Result<std::vector<types::StructField>> {
    auto source = ArrowSource::Open(std::make_shared<const std::string>(ipc_stream));
    source->ValidateAll();
    return source->Schema();
  });
}

Result<std::string> EngineImpl::Explain(const RelPtr& plan, const QueryOptions&) {
  return Guard([&]() -> Result<std::string> {
    std::vector<std::shared_ptr<void>> keep_alive;
    auto connection = Connect();
    auto statement = Lower(*connection, plan, &keep_alive);
    auto explain =
        duckdb::make_uniq<duckdb::ExplainStatement>(std::move(statement), duckdb::ExplainType::EXPLAIN_STANDARD);
    auto result = RunStatement(*connection, std::move(explain), duckdb::QueryParameters());
    std::string text;
    for (auto& row : *result) text += row.GetValue<std::string>(1);
    return storage::WithoutNativePaths(std::move(text));
  });
}

}  // namespace deltic::engine
