// CACHE TABLE [LAZY] t [OPTIONS ('storageLevel' …)] [AS query]; UNCACHE TABLE and REFRESH TABLE of what is kept.
#include "spark/catalog/server_catalog.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;

// Names of org.apache.spark.storage.StorageLevel.
Result<session::StorageLevel> ParseLevel(const std::string& name) {
  static const std::map<std::string, session::StorageLevel> kLevels = {
      {"NONE", {false, false, false, false, 1}},
      {"DISK_ONLY", {true, false, false, false, 1}},
      {"DISK_ONLY_2", {true, false, false, false, 2}},
      {"DISK_ONLY_3", {true, false, false, false, 3}},
      {"MEMORY_ONLY", {false, true, false, true, 1}},
      {"MEMORY_ONLY_2", {false, true, false, true, 2}},
      {"MEMORY_ONLY_SER", {false, true, false, false, 1}},
      {"MEMORY_ONLY_SER_2", {false, true, false, false, 2}},
      {"MEMORY_AND_DISK", {true, true, false, true, 1}},
      {"MEMORY_AND_DISK_2", {true, true, false, true, 2}},
      {"MEMORY_AND_DISK_SER", {true, true, false, false, 1}},
      {"MEMORY_AND_DISK_SER_2", {true, true, false, false, 2}},
      {"OFF_HEAP", {true, true, true, false, 1}},
  };
  std::string upper = name;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto found = kLevels.find(upper);
  if (found == kLevels.end()) {
    return Error("INVALID_OPTION", {{"option", "storageLevel"}, {"value", name}}, "Invalid StorageLevel: " + upper);
  }
  return found->second;
}

Result<ResolvedQuery> ResolveTable(const CommandContext& context, const plan::NameParts& table) {
  return ResolveQuery(context.session, std::make_shared<plan::TableRelation>(table), true, context.interrupted);
}

}  // namespace

Result<RelPtr> RunCacheTable(const CommandContext& context, const plan::CacheTable& command) {
  session::StorageLevel level;
  if (const auto name = plan::FindOption(command.options, "storageLevel")) {
    ASSIGN_OR_RETURN(level, ParseLevel(*name));
  }
  if (command.query != nullptr) {
    if (command.table.size() > 1) {
      return Error("_LEGACY_ERROR_TEMP_0037", {{"quoted", catalog::QuoteParts(command.table)}},
                   "It is not allowed to add catalog/namespace prefix " + catalog::QuoteParts(command.table) +
                       " to the table name in CACHE TABLE AS SELECT.");
    }
    RETURN_IF_ERROR(ResolveQuery(context.session, command.query, true).status());
    resolve::TempView view{command.query, context.session->views(), {}};
    RETURN_IF_ERROR(context.session->PutView(command.table.back(), std::move(view), false));
  }
  ASSIGN_OR_RETURN(ResolvedQuery query, ResolveTable(context, command.table));
  context.session->cache().Persist(query.plan, query.now_micros, level);
  if (command.lazy) return NoRows();
  const Status kept = ReadKept(context.session, &query);  // computes the rows
  if (!kept.ok()) {
    context.session->cache().Unpersist(query.plan, query.now_micros);
    return kept;
  }
  return NoRows();
}

Result<RelPtr> RunUncacheTable(const CommandContext& context, const plan::TableCommand& command) {
  const auto query = ResolveTable(context, command.table);
  if (!query.ok()) return command.if_exists ? NoRows() : Result<RelPtr>(query.status());
  context.session->cache().Unpersist(query->plan, query->now_micros);
  return NoRows();
}

Result<bool> IsCached(const CommandContext& context, const plan::NameParts& table) {
  ASSIGN_OR_RETURN(const ResolvedQuery query, ResolveTable(context, table));
  return context.session->cache().Find(query.plan, query.now_micros).has_value();
}

}  // namespace deltic::spark::command
