// Messages of other protocols inside Spark Connect's: Delta Connect.
#include "spark/command/delta_table.h"
#include "spark/connect/decoder.h"
#include "spark/delta_connect/decoder.h"

namespace deltic::spark::connect {
namespace {

using RelationNode = std::shared_ptr<plan::Relation>;

Status TooDeep() {
  return Error("CONNECT_INVALID_PLAN.TOO_DEEP", {{"limit", std::to_string(kMaxExtensionDepth) + " extension"}});
}

}  // namespace

Result<RelationNode> Decoder::DecodeRelationExtension(const google::protobuf::Any& m) {
  if (!delta_connect::HoldsDeltaRelation(m)) {
    return RelationNode(std::make_shared<plan::UnsupportedRelation>("the Connect relation extension " + m.type_url()));
  }
  Nesting nesting(&extension_depth_);
  if (extension_depth_ > kMaxExtensionDepth) return TooDeep();
  ASSIGN_OR_RETURN(auto message, delta_connect::ParseRelation(m));
  extensions_.push_back(message);
  return delta_connect::DecodeRelation(*message, this);
}

Result<plan::CommandPtr> Decoder::DecodeCommandExtension(const google::protobuf::Any& m) {
  if (!delta_connect::HoldsDeltaCommand(m)) {
    return plan::CommandPtr(
        std::make_shared<plan::UnsupportedCommand>("the Connect command extension " + m.type_url()));
  }
  Nesting nesting(&extension_depth_);
  ASSIGN_OR_RETURN(auto message, delta_connect::ParseCommand(m));
  extensions_.push_back(message);
  return delta_connect::DecodeCommand(*message, this);
}

Result<bool> Decoder::IsDeltaTable(const plan::NameParts& table) {
  if (session_ == nullptr) return true;
  return command::IsDeltaTable(session_, table);
}

Result<bool> Decoder::IsInDeltaTable(const std::string& path) {
  if (session_ == nullptr) return true;
  return command::IsInDeltaTable(session_, path);
}

}  // namespace deltic::spark::connect
