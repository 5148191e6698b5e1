// Writing single actions without making an Action, which holds a copy, of them first: checkpoints and checksums write
// many. The text is ActionToJson's. Pure; thread-safe.
#pragma once

#include <string>

#include "delta/spec/actions.h"

namespace deltic::delta {

std::string ActionToJson(const AddFile& add);
std::string ActionToJson(const RemoveFile& remove);
std::string ActionToJson(const CommitInfo& info);

// The object alone: the {…} of {"metaData":{…}}.
std::string ActionBody(const Protocol& protocol);
std::string ActionBody(const Metadata& metadata);
std::string ActionBody(const SetTransaction& txn);
std::string ActionBody(const DomainMetadata& domain);

}  // namespace deltic::delta
