// The parts that several Delta Connect messages share, and the decoding of each family. Used inside this folder only.
#pragma once

#include <memory>
#include <string>

#include "delta/connect/base.pb.h"
#include "spark/delta_connect/decoder.h"

namespace deltic::spark::delta_connect {

namespace proto = ::delta::connect;
using RelationNode = std::shared_ptr<plan::Relation>;

Status MissingField(const char* message, const char* field);
// The Delta table that `message` names: DELTA_MISSING_DELTA_TABLE when it is none. `parent` is for the error.
Result<plan::NameParts> DecodeTable(const proto::DeltaTable& message, bool present, const char* parent,
                                    PlanDecoder* decoder);
// "db.t", "delta.`/p`" or an absolute path → name parts.
Result<plan::NameParts> ParseTableName(const std::string& name);
// {"delta", path}; a relative path is one to the catalog too.
plan::NameParts PathName(const std::string& path);
plan::ExpressionPtr StringLiteral(std::string text);

// dml.cc
Result<plan::CommandPtr> DecodeDelete(const proto::DeleteFromTable& message, PlanDecoder* decoder);
Result<plan::CommandPtr> DecodeUpdate(const proto::UpdateTable& message, PlanDecoder* decoder);
Result<plan::CommandPtr> DecodeMerge(const proto::MergeIntoTable& message, PlanDecoder* decoder);
// create_table.cc
Result<plan::CommandPtr> DecodeCreate(const proto::CreateDeltaTable& message, PlanDecoder* decoder);

}  // namespace deltic::spark::delta_connect
