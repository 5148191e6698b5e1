// Names of one session → tables, views and files. Implements what the resolver asks (resolve::ResolveCatalog) except
// commands, which spark/command adds. Created per query, used by one thread; borrows the session.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "spark/catalog/server_catalog.h"
#include "spark/resolve/resolver.h"
#include "spark/session/session.h"

namespace deltic::spark::catalog {

class SessionCatalog : public resolve::ResolveCatalog {
 public:
  explicit SessionCatalog(session::Session* session) : session_(session) {}

  Result<engine::RelPtr> ResolveTable(const plan::TableRelation& table, resolve::Resolver* resolver) override;
  Result<engine::RelPtr> ResolveDataSource(const plan::DataSourceRelation& source,
                                           resolve::Resolver* resolver) override;
  Result<std::optional<engine::RelPtr>> ResolveTableFunction(const plan::TableFunction& function,
                                                             const std::vector<engine::ExprPtr>& args,
                                                             resolve::Resolver* resolver) override;
  Result<engine::RelPtr> ResolveCachedRemote(const std::string& relation_id, resolve::Resolver* resolver) override;
  std::shared_ptr<const engine::PythonFunction> FindPythonFunction(const std::string& name) override;
  Result<engine::RelPtr> ReadKept(const engine::RelPtr& plan, resolve::Resolver* resolver) override;

  // The persistent views that were resolved so far, also those inside others: database and name.
  const std::set<std::pair<std::string, std::string>>& views_met() const { return views_met_; }

 protected:
  session::Session* const session_;

 private:
  // A persistent view's rows, with the columns it was made with. Its text sees no temporary view (persistent_view.cc).
  Result<engine::RelPtr> ResolveView(const TableEntry& view, resolve::Resolver* resolver);
  // A name as the text at hand means it: inside a view, names without a database are of the view's.
  plan::NameParts InDatabase(plan::NameParts name) const;

  std::set<std::pair<std::string, std::string>> views_met_;
  std::vector<const TableEntry*> open_views_;  // the views whose text is being resolved, outermost first
};

// {"t"}, {"db","t"}, {"spark_catalog","db","t"} → database and table. More parts or another catalog: an error.
Result<TableName> QualifyName(session::Session* session, const plan::NameParts& parts);

// What a table name in a statement stands for.
struct TableTarget {
  bool is_path = false;
  std::string path;                 // location of the data, qualified
  std::string provider;             // delta, parquet, …
  std::optional<TableEntry> entry;  // the catalog's, when it has one
  TableName name;                   // unless is_path
  bool IsView() const { return entry.has_value() && entry->type == TableEntry::Type::kView; }
  // `spark_catalog`.`default`.`t`, or delta.`/path`
  std::string Display() const;
};
// delta.`/p` and friends are paths. nullopt: no such table. Views are found too (entry type kView).
Result<std::optional<TableTarget>> FindTarget(session::Session* session, const plan::NameParts& parts);
// As FindTarget, but TABLE_OR_VIEW_NOT_FOUND when there is none.
Result<TableTarget> RequireTarget(session::Session* session, const plan::NameParts& parts);

std::string QuoteParts(const plan::NameParts& parts);
Status TableNotFound(const plan::NameParts& parts);

}  // namespace deltic::spark::catalog
