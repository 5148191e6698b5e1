// What Delta Connect's messages need from the protocol they travel in: they hold Spark Connect relations, expressions
// and types, and the tables that they name are looked up when they are decoded. Implemented by connect::Decoder, one
// per request; not thread-safe.
#pragma once

#include "base/status.h"
#include "spark/connect/expressions.pb.h"
#include "spark/connect/relations.pb.h"
#include "spark/connect/types.pb.h"
#include "spark/plan/command.h"

namespace deltic::spark::delta_connect {

class PlanDecoder {
 public:
  virtual ~PlanDecoder() = default;
  virtual Result<plan::RelationPtr> DecodeRelation(const ::spark::connect::Relation& message) = 0;
  virtual Result<plan::ExpressionPtr> DecodeExpression(const ::spark::connect::Expression& message) = 0;
  virtual Result<types::DataType> DecodeDataType(const ::spark::connect::DataType& message) = 0;

  // Whether `table`, a name or {"delta", "/path"}, is a Delta table.
  virtual Result<bool> IsDeltaTable(const plan::NameParts& table) = 0;
  // Whether `path` lies in a Delta table: in its folder or below.
  virtual Result<bool> IsInDeltaTable(const std::string& path) = 0;
};

}  // namespace deltic::spark::delta_connect
