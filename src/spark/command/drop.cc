// DROP TABLE/VIEW, TRUNCATE, REFRESH, UNCACHE, CLEAR CACHE.
#include "spark/command/delta_write.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

using catalog::TableEntry;
using engine::RelPtr;
using plan::CommandKind;

Status DropNotFound(const CommandContext& context, const plan::NameParts& parts) {
  const auto name = catalog::QualifyName(context.session, parts);
  if (!name.ok()) return catalog::TableNotFound(parts);
  return catalog::TableNotFound({"spark_catalog", name->database, name->table});
}

std::string TempViewKey(const plan::NameParts& parts) {
  if (parts.size() == 1) return parts[0];
  if (parts.size() == 2 && types::EqualsIgnoreCase(parts[0], "global_temp")) return "global_temp." + parts[1];
  return {};
}

Result<RelPtr> Drop(const CommandContext& context, const plan::TableCommand& command) {
  const std::string view = TempViewKey(command.table);
  if (!view.empty() && context.session->DropView(view)) return NoRows();
  ASSIGN_OR_RETURN(const auto target, catalog::FindTarget(context.session, command.table));
  if (!target.has_value()) {
    if (command.if_exists) return NoRows();
    return DropNotFound(context, command.table);
  }
  if (target->is_path) {
    ASSIGN_OR_RETURN(const auto store, context.session->StoreFor(target->path));
    ASSIGN_OR_RETURN(const bool exists, delta::IsDeltaTable(store.get(), target->path));
    if (!exists && !command.if_exists) return catalog::TableNotFound(command.table);
    RETURN_IF_ERROR(store->DeleteRecursive(target->path));
    context.session->server()->catalog->ForgetSnapshot(target->path);
    context.session->cache().Uncache(target->path);
    context.session->server()->catalog->writes().Note(target->path);
    return NoRows();
  }
  const bool is_view = target->entry->type == TableEntry::Type::kView;
  if (command.kind == CommandKind::kDropView && !is_view) {
    return Error("WRONG_COMMAND_FOR_OBJECT_TYPE",
                 {{"operation", "DROP VIEW"},
                  {"requiredType", "VIEW"},
                  {"objectName", target->Display()},
                  {"foundType", target->entry->type == TableEntry::Type::kManaged ? "MANAGED" : "EXTERNAL"},
                  {"alternative", "DROP TABLE"}});
  }
  if (command.kind == CommandKind::kDropTable && is_view) {
    return Error("WRONG_COMMAND_FOR_OBJECT_TYPE", {{"operation", "DROP TABLE"},
                                                   {"requiredType", "EXTERNAL or MANAGED"},
                                                   {"objectName", target->Display()},
                                                   {"foundType", "VIEW"},
                                                   {"alternative", "DROP VIEW"}});
  }
  context.session->cache().Uncache(target->path);
  RETURN_IF_ERROR(context.session->server()->catalog->DropTable(target->name));
  return NoRows();
}

}  // namespace

Result<RelPtr> RunTableCommand(const CommandContext& context, const plan::TableCommand& command) {
  switch (command.kind) {
    case CommandKind::kDropTable:
    case CommandKind::kDropView: return Drop(context, command);
    case CommandKind::kTruncate: {
      ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.table));
      return Error("_LEGACY_ERROR_TEMP_1121", {{"cmd", "truncates"}, {"table", target.Display()}},
                   "Table does not support truncates: " + target.Display() + ".");
    }
    case CommandKind::kRefresh: {
      const std::string view = TempViewKey(command.table);
      if (!view.empty() && context.session->views()->contains(types::ToLower(view))) return NoRows();
      ASSIGN_OR_RETURN(const auto target, catalog::RequireTarget(context.session, command.table));
      context.session->server()->catalog->ForgetSnapshot(target.path);
      context.session->server()->catalog->writes().Note(target.path);  // kept rows are computed anew
      return NoRows();
    }
    case CommandKind::kUncacheTable: return RunUncacheTable(context, command);
    case CommandKind::kClearCache: context.session->cache().Clear(); return NoRows();
    default: return InternalError("not a table command");
  }
}

}  // namespace deltic::spark::command
