// SET, RESET, SET TIME ZONE.
#include "base/log.h"
#include "spark/command/handlers.h"
#include "spark/command/result_rows.h"

namespace deltic::spark::command {
namespace {

using engine::RelPtr;
using types::TypeId;

ResultRows KeyValueRows() {
  ResultRows rows;
  rows.Column("key", TypeId::kString, false).Column("value", TypeId::kString, false);
  return rows;
}

std::string Shown(const std::string& key, const std::string& value) {
  return IsSecretKey(key) ? "*********(redacted)" : value;
}

Result<RelPtr> ShowAll(const CommandContext& context, bool verbose) {
  if (!verbose) {
    ResultRows rows = KeyValueRows();
    for (const auto& [key, value] : context.session->conf().GetAll(""))
      rows.Add({StringValue(key), StringValue(Shown(key, value))});
    return rows.Build();
  }
  ResultRows rows = KeyValueRows();
  rows.Column("meaning", TypeId::kString, false).Column("Since version", TypeId::kString, false);
  for (const auto& row : session::ConfTable()) {
    const std::string key(row.key);
    const std::string value = context.session->conf().Get(key).value_or("<undefined>");
    rows.Add({StringValue(key), StringValue(Shown(key, value)), StringValue(std::string(row.doc)), StringValue("")});
  }
  return rows.Build();
}

}  // namespace

Result<RelPtr> RunSet(const CommandContext& context, const plan::SetCommand& command) {
  session::RuntimeConf& conf = context.session->conf();
  if (command.kind == plan::CommandKind::kReset) {
    if (command.key.has_value()) {
      conf.Unset(*command.key);
    } else {
      for (const auto& [key, value] : conf.GetAll("")) conf.Unset(key);
    }
    return NoRows();
  }
  const bool zone = command.kind == plan::CommandKind::kSetTimeZone;
  const std::optional<std::string> key = zone ? std::optional<std::string>("spark.sql.session.timeZone") : command.key;
  if (!key.has_value()) return ShowAll(context, command.verbose);
  ResultRows rows = KeyValueRows();
  if (command.value.has_value()) {
    if (!conf.IsModifiable(*key) && session::FindConf(*key) != nullptr) {
      return Error("CANNOT_MODIFY_CONFIG",
                   {{"key", "\"" + *key + "\""}, {"docroot", "https://spark.apache.org/docs/latest"}});
    }
    RETURN_IF_ERROR(conf.Set(*key, *command.value));
    rows.Add({StringValue(*key), StringValue(Shown(*key, *command.value))});
    return rows.Build();
  }
  rows.Add({StringValue(*key), StringValue(Shown(*key, conf.Get(*key).value_or("<undefined>")))});
  return rows.Build();
}

}  // namespace deltic::spark::command
