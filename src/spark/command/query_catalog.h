// The resolver's view of a session, with commands: what ResolveQuery hands to the Resolver. Per query.
#pragma once

#include "spark/catalog/session_catalog.h"

namespace deltic::spark::command {

class QueryCatalog : public catalog::SessionCatalog {
 public:
  explicit QueryCatalog(session::Session* session) : SessionCatalog(session) {}
  Result<engine::RelPtr> RunCommand(const plan::Command& command, resolve::Resolver* resolver) override;
};

}  // namespace deltic::spark::command
