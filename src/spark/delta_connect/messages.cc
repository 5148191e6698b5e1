#include "spark/delta_connect/messages.h"

#include <google/protobuf/io/coded_stream.h>

#include <limits>

#include "spark/sql/parser.h"

namespace deltic::spark::delta_connect {
namespace {

// As deep as Spark Connect's own messages may be: three levels of messages for each of a thousand levels of plan.
constexpr int kMaxMessageDepth = 3 * 1024;

// Spark's name of the table in DELTA_MISSING_DELTA_TABLE.
std::string ShownName(const plan::NameParts& parts) {
  std::string out;
  for (const auto& part : parts) out += (out.empty() ? "" : ".") + types::QuoteIdentifier(part);
  return out;
}

template <typename M>
Result<std::shared_ptr<const M>> Parse(const google::protobuf::Any& extension) {
  auto message = std::make_shared<M>();
  const std::string& bytes = extension.value();
  google::protobuf::io::CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                                               static_cast<int>(bytes.size()));
  input.SetTotalBytesLimit(std::numeric_limits<int>::max());
  input.SetRecursionLimit(kMaxMessageDepth);
  if (!message->ParseFromCodedStream(&input) || !input.ConsumedEntireMessage()) {
    return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE",
                 {{"errorMsg", "the extension " + M::descriptor()->full_name() + " is malformed or nested too deep"}});
  }
  return std::shared_ptr<const M>(std::move(message));
}

}  // namespace

bool HoldsDeltaRelation(const google::protobuf::Any& extension) { return extension.Is<proto::DeltaRelation>(); }
bool HoldsDeltaCommand(const google::protobuf::Any& extension) { return extension.Is<proto::DeltaCommand>(); }

Result<std::shared_ptr<const proto::DeltaRelation>> ParseRelation(const google::protobuf::Any& extension) {
  return Parse<proto::DeltaRelation>(extension);
}

Result<std::shared_ptr<const proto::DeltaCommand>> ParseCommand(const google::protobuf::Any& extension) {
  return Parse<proto::DeltaCommand>(extension);
}

Status MissingField(const char* message, const char* field) {
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", message}, {"field", field}});
}

Result<plan::NameParts> ParseTableName(const std::string& name) {
  // DeltaTable.clone to a path gives the client a table of that "name".
  if (name.starts_with('/') || name.find("://") != std::string::npos) return PathName(name);
  return sql::ParseMultipartIdentifier(name);
}

plan::NameParts PathName(const std::string& path) {
  return {"delta", path.find('/') == std::string::npos ? "./" + path : path};
}

plan::ExpressionPtr StringLiteral(std::string text) {
  return std::make_shared<plan::Literal>(engine::Value{std::move(text)}, types::DataType(types::TypeId::kString));
}

Result<plan::NameParts> DecodeTable(const proto::DeltaTable& message, bool present, const char* parent,
                                    PlanDecoder* decoder) {
  if (!present) return MissingField(parent, "table");
  plan::NameParts parts;
  std::string shown;
  switch (message.access_type_case()) {
    case proto::DeltaTable::kPath: {
      if (message.path().path().empty()) return MissingField("DeltaTable.Path", "path");
      // Of file systems that are not here nothing is looked up.
      for (const auto& [key, value] : message.path().hadoop_conf()) {
        if (key.starts_with("fs.s3")) return Unsupported("DeltaTable.forPath with a Hadoop configuration: " + key);
      }
      parts = PathName(message.path().path());
      shown = types::QuoteIdentifier(message.path().path());
      break;
    }
    case proto::DeltaTable::kTableOrViewName: {
      ASSIGN_OR_RETURN(parts, ParseTableName(message.table_or_view_name()));
      shown = ShownName(parts);
      break;
    }
    case proto::DeltaTable::ACCESS_TYPE_NOT_SET: return MissingField("DeltaTable", "access_type");
  }
  ASSIGN_OR_RETURN(const bool is_delta, decoder->IsDeltaTable(parts));
  if (!is_delta) return Error("DELTA_MISSING_DELTA_TABLE", {{"tableName", shown}});
  return parts;
}

}  // namespace deltic::spark::delta_connect
