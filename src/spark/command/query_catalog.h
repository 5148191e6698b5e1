// The resolver's view of a session, with commands: what ResolveQuery hands to the Resolver. Per query.
#pragma once

#include <functional>
#include <utility>

#include "spark/catalog/session_catalog.h"

namespace deltic::spark::command {

class QueryCatalog : public catalog::SessionCatalog {
 public:
  // `interrupted` may be empty; commands that stand as relations poll it.
  explicit QueryCatalog(session::Session* session, std::function<bool()> interrupted = {})
      : SessionCatalog(session), interrupted_(std::move(interrupted)) {}
  Result<engine::RelPtr> RunCommand(const plan::Command& command, resolve::Resolver* resolver) override;

 private:
  const std::function<bool()> interrupted_;
};

}  // namespace deltic::spark::command
