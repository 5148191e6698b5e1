#include "spark/connect/config_rpc.h"

#include "spark/errors/conditions.h"

namespace deltic::spark::connect {
namespace {

// Limits of what a client may record in a session.
constexpr size_t kMaxKey = 1024;
constexpr size_t kMaxValue = size_t{1} << 20;
// Defaults of table properties are no settings of Spark's, which checks them when it makes a table.
constexpr std::string_view kPropertyDefaults = "spark.databricks.delta.properties.defaults.";

void AddPair(proto::ConfigResponse* out, const std::string& key, const std::optional<std::string>& value) {
  auto* pair = out->add_pairs();
  pair->set_key(key);
  if (value) pair->set_value(*value);
}

Status SetOne(session::RuntimeConf* conf, const proto::KeyValue& pair) {
  if (pair.key().empty() || pair.key().size() > kMaxKey || pair.value().size() > kMaxValue) {
    return Error("INVALID_CONF_VALUE.OUT_OF_RANGE", {{"confName", pair.key().substr(0, kMaxKey)},
                                                     {"confValue", pair.value().substr(0, 100)},
                                                     {"requirement", "The key or the value is too long."}});
  }
  return conf->Set(pair.key(), pair.value());
}

Status RunSet(const proto::ConfigRequest::Set& request, session::RuntimeConf* conf, proto::ConfigResponse* out) {
  for (const auto& pair : request.pairs()) {
    Status status = SetOne(conf, pair);
    if (!status.ok()) {
      if (!request.silent()) return status;
      out->add_warnings(errors::Render(status).message);
    }
    // Silent callers (4.x session builders) want every key echoed.
    if (request.silent()) AddPair(out, pair.key(), conf->Get(pair.key()));
  }
  return Status::Ok();
}

}  // namespace

Status RunConfig(const proto::ConfigRequest::Operation& operation, session::RuntimeConf* conf,
                 proto::ConfigResponse* out) {
  using Kind = proto::ConfigRequest::Operation::OpTypeCase;
  switch (operation.op_type_case()) {
    case Kind::kSet: return RunSet(operation.set(), conf, out);
    case Kind::kGet:
      for (const std::string& key : operation.get().keys()) {
        std::optional<std::string> value = conf->Get(key);
        const bool known = session::FindConf(key) != nullptr;
        if (!value && !known) return Error("SQL_CONF_NOT_FOUND", {{"sqlConf", "\"" + key + "\""}});
        AddPair(out, key, value);
      }
      return Status::Ok();
    case Kind::kGetWithDefault:
      for (const auto& pair : operation.get_with_default().pairs()) {
        std::optional<std::string> fallback;
        if (pair.has_value()) fallback = pair.value();
        // As Spark: the caller's default, if it is a value for the setting at all, goes before the setting's own.
        std::optional<std::string> value = conf->Get(pair.key());
        if (fallback && !conf->GetAll(pair.key()).contains(pair.key())) value.reset();
        const bool checked = !pair.key().starts_with(kPropertyDefaults);
        if (!value && fallback && checked) RETURN_IF_ERROR(session::CheckConfValue(pair.key(), *fallback));
        AddPair(out, pair.key(), value ? value : fallback);
      }
      return Status::Ok();
    case Kind::kGetOption:
      for (const std::string& key : operation.get_option().keys()) AddPair(out, key, conf->Get(key));
      return Status::Ok();
    case Kind::kGetAll: {
      // As Spark: the keys lose the prefix.
      const std::string& prefix = operation.get_all().prefix();
      for (const auto& [key, value] : conf->GetAll(prefix)) AddPair(out, key.substr(prefix.size()), value);
      return Status::Ok();
    }
    case Kind::kUnset:
      for (const std::string& key : operation.unset().keys()) {
        const session::ConfRow* row = session::FindConf(key);
        if (row != nullptr && row->scope == session::ConfScope::kStatic) {
          return Error("CANNOT_MODIFY_CONFIG", {{"key", "\"" + key + "\""}});
        }
        conf->Unset(key);
        AddPair(out, key, std::nullopt);
      }
      return Status::Ok();
    case Kind::kIsModifiable:
      for (const std::string& key : operation.is_modifiable().keys()) {
        AddPair(out, key, conf->IsModifiable(key) ? "true" : "false");
      }
      return Status::Ok();
    case Kind::OP_TYPE_NOT_SET: break;
  }
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", "ConfigRequest.Operation"}, {"field", "op_type"}});
}

}  // namespace deltic::spark::connect
