// Catalog messages (spark.catalog.*) → CatalogCall, by method name with the arguments in declaration order.
#include <algorithm>

#include "spark/connect/decoder.h"

namespace deltic::spark::connect {
namespace {

using plan::CatalogCall;
using plan::CommandPtr;
using Arg = std::optional<std::string>;
using Kind = proto::Catalog::CatTypeCase;

CommandPtr Call(std::string method, std::vector<Arg> args = {}) {
  auto out = std::make_shared<CatalogCall>(std::move(method));
  out->args = std::move(args);
  return out;
}

Arg Bool(bool value) { return value ? "true" : "false"; }

template <typename Message>
Arg DbName(const Message& m) {
  return m.has_db_name() ? Arg(m.db_name()) : std::nullopt;
}
template <typename Message>
Arg Pattern(const Message& m) {
  return m.has_pattern() ? Arg(m.pattern()) : std::nullopt;
}

template <typename Message>
Result<CommandPtr> CreateTableCall(std::string method, const Message& m, std::vector<Arg> args) {
  auto out = std::make_shared<CatalogCall>(std::move(method));
  out->args = std::move(args);
  out->options.assign(m.options().begin(), m.options().end());
  std::sort(out->options.begin(), out->options.end());
  if (m.has_schema()) {
    ASSIGN_OR_RETURN(out->schema, DecodeType(m.schema()));
  }
  return CommandPtr(std::move(out));
}

// Lookups and listings.
CommandPtr DecodeLookup(const proto::Catalog& m) {
  switch (m.cat_type_case()) {
    case Kind::kCurrentDatabase: return Call("currentDatabase");
    case Kind::kSetCurrentDatabase: return Call("setCurrentDatabase", {m.set_current_database().db_name()});
    case Kind::kListDatabases: return Call("listDatabases", {Pattern(m.list_databases())});
    case Kind::kListTables: return Call("listTables", {DbName(m.list_tables()), Pattern(m.list_tables())});
    case Kind::kListFunctions: return Call("listFunctions", {DbName(m.list_functions()), Pattern(m.list_functions())});
    case Kind::kListColumns: return Call("listColumns", {m.list_columns().table_name(), DbName(m.list_columns())});
    case Kind::kGetDatabase: return Call("getDatabase", {m.get_database().db_name()});
    case Kind::kGetTable: return Call("getTable", {m.get_table().table_name(), DbName(m.get_table())});
    case Kind::kGetFunction: return Call("getFunction", {m.get_function().function_name(), DbName(m.get_function())});
    case Kind::kDatabaseExists: return Call("databaseExists", {m.database_exists().db_name()});
    case Kind::kTableExists: return Call("tableExists", {m.table_exists().table_name(), DbName(m.table_exists())});
    case Kind::kFunctionExists:
      return Call("functionExists", {m.function_exists().function_name(), DbName(m.function_exists())});
    case Kind::kCurrentCatalog: return Call("currentCatalog");
    case Kind::kSetCurrentCatalog: return Call("setCurrentCatalog", {m.set_current_catalog().catalog_name()});
    case Kind::kListCatalogs: return Call("listCatalogs", {Pattern(m.list_catalogs())});
    case Kind::kListPartitions: return Call("listPartitions", {m.list_partitions().table_name()});
    case Kind::kListViews: return Call("listViews", {DbName(m.list_views()), Pattern(m.list_views())});
    case Kind::kGetTableProperties: return Call("getTableProperties", {m.get_table_properties().table_name()});
    case Kind::kGetCreateTableString:
      return Call("getCreateTableString",
                  {m.get_create_table_string().table_name(), Bool(m.get_create_table_string().as_serde())});
    case Kind::kIsCached: return Call("isCached", {m.is_cached().table_name()});
    default: return nullptr;
  }
}

// Changes.
CommandPtr DecodeChange(const proto::Catalog& m) {
  switch (m.cat_type_case()) {
    case Kind::kDropTempView: return Call("dropTempView", {m.drop_temp_view().view_name()});
    case Kind::kDropGlobalTempView: return Call("dropGlobalTempView", {m.drop_global_temp_view().view_name()});
    case Kind::kRecoverPartitions: return Call("recoverPartitions", {m.recover_partitions().table_name()});
    case Kind::kCacheTable: return Call("cacheTable", {m.cache_table().table_name()});
    case Kind::kUncacheTable: return Call("uncacheTable", {m.uncache_table().table_name()});
    case Kind::kClearCache: return Call("clearCache");
    case Kind::kRefreshTable: return Call("refreshTable", {m.refresh_table().table_name()});
    case Kind::kRefreshByPath: return Call("refreshByPath", {m.refresh_by_path().path()});
    case Kind::kDropTable:
      return Call("dropTable",
                  {m.drop_table().table_name(), Bool(m.drop_table().if_exists()), Bool(m.drop_table().purge())});
    case Kind::kDropView: return Call("dropView", {m.drop_view().view_name(), Bool(m.drop_view().if_exists())});
    case Kind::kDropDatabase:
      return Call("dropDatabase", {m.drop_database().db_name(), Bool(m.drop_database().if_exists()),
                                   Bool(m.drop_database().cascade())});
    case Kind::kTruncateTable: return Call("truncateTable", {m.truncate_table().table_name()});
    case Kind::kAnalyzeTable:
      return Call("analyzeTable", {m.analyze_table().table_name(), Bool(m.analyze_table().no_scan())});
    default: return nullptr;
  }
}

}  // namespace

Result<CommandPtr> Decoder::DecodeCatalog(const proto::Catalog& m) {
  if (CommandPtr lookup = DecodeLookup(m)) return lookup;
  if (CommandPtr change = DecodeChange(m)) return change;
  auto optional = [](bool present, const std::string& value) { return present ? Arg(value) : std::nullopt; };
  switch (m.cat_type_case()) {
    case Kind::kCreateDatabase: {
      auto out = std::make_shared<CatalogCall>("createDatabase");
      out->args = {m.create_database().db_name(), Bool(m.create_database().if_not_exists())};
      out->options.assign(m.create_database().properties().begin(), m.create_database().properties().end());
      std::sort(out->options.begin(), out->options.end());
      return CommandPtr(std::move(out));
    }
    case Kind::kCreateExternalTable: {
      const auto& table = m.create_external_table();
      return CreateTableCall(
          "createExternalTable", table,
          {table.table_name(), optional(table.has_path(), table.path()), optional(table.has_source(), table.source())});
    }
    case Kind::kCreateTable: {
      const auto& table = m.create_table();
      return CreateTableCall(
          "createTable", table,
          {table.table_name(), optional(table.has_path(), table.path()), optional(table.has_source(), table.source()),
           optional(table.has_description(), table.description())});
    }
    default: return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "Catalog"}, {"field", "cat_type"}});
  }
}

}  // namespace deltic::spark::connect
