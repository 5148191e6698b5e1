// Named relations: CTEs, temporary views, catalog tables, aliases; SQL text with parameters.
#include <algorithm>

#include "engine/plan/row_tracking.h"
#include "spark/resolve/expression_binder.h"
#include "spark/sql/sql_text.h"

namespace deltic::spark::resolve {

namespace {

constexpr int kMaxViewDepth = 100;

RelPtr WithQualifier(const RelPtr& rel, const std::vector<std::string>& qualifier) {
  return RebuildRel(
      rel, ChildrenOf(*rel), [](const ExprPtr& e) { return e; },
      [&](const Column& c) {
        Column copy = c;
        copy.qualifier = qualifier;
        return copy;
      });
}

// The scan with its hidden columns, as one struct column `_metadata` of a projection above it.
RelPtr AttachMetadata(Binder* binder, const RelPtr& rel, Column* metadata) {
  if (rel->kind == RelKind::kFiles) {
    auto files = std::make_shared<engine::FilesRel>(rel->As<engine::FilesRel>());
    std::vector<NamedExpr> items;
    for (const Column& c : files->output) items.push_back({ColumnRef(c), c.name, c.metadata, c.qualifier, true});
    auto add = [&](const char* name, DataType type, engine::FileColumn::Source source) {
      Column c = binder->NewColumn(name, std::move(type), false);
      files->output.push_back(c);
      files->columns.push_back({source, "", -1, -1, std::nullopt});
      return ColumnRef(c);
    };
    using Source = engine::FileColumn::Source;
    ExprPtr path = add("file_path", TypeId::kString, Source::kFilePath);
    ExprPtr name = add("file_name", TypeId::kString, Source::kFileName);
    ExprPtr size = add("file_size", TypeId::kLong, Source::kFileSize);
    ExprPtr modified = add("file_modification_time", TypeId::kTimestamp, Source::kFileModified);
    std::vector<std::pair<std::string, ExprPtr>> parts{
        {"file_path", path},         {"file_name", name},
        {"file_size", size},         {"file_block_start", engine::MakeLong(0)},
        {"file_block_length", size}, {"file_modification_time", modified}};
    if (files->format == engine::FileFormat::kParquet) {
      parts.emplace_back("row_index", add("row_index", TypeId::kLong, Source::kRowIndex));
    }
    if (files->row_tracking.has_value()) {
      const engine::TrackedRow row = engine::AddRowTracking(files.get(), parts.back().second);
      parts.emplace_back("row_id", row.row_id);
      parts.emplace_back("base_row_id", row.base_row_id);
      parts.emplace_back("default_row_commit_version", row.default_row_commit_version);
      parts.emplace_back("row_commit_version", row.row_commit_version);
    }
    std::vector<ExprPtr> args;
    std::vector<types::StructField> fields;
    for (auto& [part, value] : parts) {
      args.push_back(engine::MakeString(part));
      fields.push_back({part, value->type, false, "{}"});
      args.push_back(value);
    }
    NamedExpr item{engine::MakeCall("named_struct", std::move(args), DataType::Struct(std::move(fields)), false),
                   "_metadata"};
    *metadata = binder->NewColumn("_metadata", item.expr->type, false);
    item.id = metadata->id;
    items.push_back(std::move(item));
    Node base;
    base.rel = files;
    return binder->Project(base, std::move(items)).rel;
  }
  const std::vector<RelPtr> children = ChildrenOf(*rel);
  if (children.size() != 1) return nullptr;
  if (rel->kind != RelKind::kProject && rel->kind != RelKind::kFilter) return nullptr;
  RelPtr child = AttachMetadata(binder, children[0], metadata);
  if (child == nullptr) return nullptr;
  RelPtr rebuilt = RebuildRel(rel, {child}, [](const ExprPtr& e) { return e; }, [](const Column& c) { return c; });
  if (rel->kind == RelKind::kFilter) std::const_pointer_cast<engine::Rel>(rebuilt)->output = child->output;
  return rebuilt;
}

}  // namespace

Node Binder::WithFileMetadata(RelPtr rel) {
  Node node;
  node.rel = rel;
  const bool named = std::any_of(rel->output.begin(), rel->output.end(),
                                 [&](const Column& c) { return SameName(c.name, "_metadata"); });
  if (!with_file_metadata_ || named) return node;
  Column metadata;
  RelPtr attached = AttachMetadata(this, rel, &metadata);
  if (attached == nullptr) return node;
  attached = ExposeColumns(attached, {metadata.id});
  if (attached == nullptr) return node;
  node.rel = ProjectTo(attached, rel->output);
  node.hidden.push_back({std::move(metadata), false});
  return node;
}

Result<Node> Binder::BindView(const TempView& view, std::vector<std::string> qualifier) {
  if (view_depth_ >= kMaxViewDepth) {
    return Error("_LEGACY_ERROR_TEMP_1009", {{"identifier", qualifier.back()},
                                             {"maxNestedViewDepth", std::to_string(kMaxViewDepth)},
                                             {"config", "spark.sql.view.maxNestedViewDepth"}});
  }
  Env env;
  env.views = view.scope != nullptr ? view.scope : std::make_shared<const ViewMap>();
  ++view_depth_;
  Result<Node> bound = Bind(view.plan, env);
  --view_depth_;
  if (!bound.ok()) return bound;
  Node node = std::move(bound).value();
  node.below = nullptr;
  node.aggregate = nullptr;
  std::erase_if(node.hidden, [](const HiddenColumn& h) { return h.qualified_only; });
  if (!view.column_aliases.empty()) {
    const std::vector<Column>& output = node.rel->output;
    if (view.column_aliases.size() != output.size()) {
      return Error("_LEGACY_ERROR_TEMP_1028", {{"columnSize", std::to_string(view.column_aliases.size())},
                                               {"outputSize", std::to_string(output.size())}});
    }
    std::vector<NamedExpr> items;
    for (size_t i = 0; i < output.size(); ++i) {
      items.push_back({ColumnRef(output[i]), view.column_aliases[i], output[i].metadata});
    }
    node = Project(node, std::move(items));
    node.below = nullptr;
  }
  node.rel = WithQualifier(node.rel, qualifier);
  return node;
}

Result<Node> Binder::BindTable(const plan::TableRelation& table, const Env& env) {
  if (table.name.size() == 1) {
    const std::string key = types::ToLower(table.name[0]);
    for (const CteDefinition* c = env.ctes.get(); c != nullptr; c = c->next.get()) {
      if (c->name != key) continue;
      c->used = true;
      ASSIGN_OR_RETURN(Node node, Bind(c->plan, c->env));
      node.below = nullptr;
      node.aggregate = nullptr;
      std::erase_if(node.hidden, [](const HiddenColumn& h) { return h.qualified_only; });
      node.rel = WithQualifier(node.rel, {table.name[0]});
      for (HiddenColumn& h : node.hidden) h.column.qualifier = {table.name[0]};
      return node;
    }
  }
  if (env.views != nullptr && table.name.size() <= 2) {
    std::string key = types::ToLower(table.name[0]);
    const bool global = table.name.size() == 2 && key == "global_temp";
    if (table.name.size() == 2) key += "." + types::ToLower(table.name[1]);
    if (table.name.size() == 1 || global) {
      auto it = env.views->find(key);
      if (it != env.views->end()) {
        if (table.time_travel) {
          return Error("UNSUPPORTED_FEATURE.TIME_TRAVEL", {{"relationId", QuoteParts(table.name)}});
        }
        return BindView(it->second, table.name);
      }
    }
  }
  ASSIGN_OR_RETURN(RelPtr rel, catalog_->ResolveTable(table, owner_));
  const bool qualified =
      std::any_of(rel->output.begin(), rel->output.end(), [](const Column& c) { return !c.qualifier.empty(); });
  if (!qualified) {
    std::vector<std::string> qualifier = table.name;
    if (qualifier.size() == 1) qualifier.insert(qualifier.begin(), context().current_database);
    if (qualifier.size() == 2) qualifier.insert(qualifier.begin(), context().current_catalog);
    rel = WithQualifier(rel, qualifier);
  }
  return WithFileMetadata(std::move(rel));
}

Result<Node> Binder::BindWith(const plan::With& with, const Env& env) {
  Env inner = env;
  std::set<std::string> names;
  std::vector<std::shared_ptr<const CteDefinition>> definitions;
  for (const auto& [name, plan] : with.ctes) {
    const std::string key = types::ToLower(name);
    if (!names.insert(key).second) {
      return Error("_LEGACY_ERROR_TEMP_0038", {{"duplicateNames", "'" + key + "'"}});
    }
    auto definition = std::make_shared<CteDefinition>();
    definition->name = key;
    definition->plan = plan;
    definition->env = inner;
    definition->next = inner.ctes;
    inner.ctes = definition;
    definitions.push_back(std::move(definition));
  }
  ASSIGN_OR_RETURN(Node result, Bind(with.child, inner));
  // Those that nothing uses have to be right all the same; the last first, which may be all that uses another.
  for (auto it = definitions.rbegin(); it != definitions.rend(); ++it) {
    if (!(*it)->used) RETURN_IF_ERROR(Bind((*it)->plan, (*it)->env).status());
  }
  return result;
}

Result<Node> Binder::BindSqlText(const plan::SqlText& sql, const Env& env) {
  ASSIGN_OR_RETURN(plan::Statement statement, sql::ParseSqlText(sql, options_.parser));
  if (statement.query == nullptr) {
    ASSIGN_OR_RETURN(RelPtr rows, catalog_->RunCommand(*statement.command, owner_));
    return Node{rows, {}, nullptr, nullptr};
  }
  Env inner;
  inner.views = env.views;
  ASSIGN_OR_RETURN(Node node, Bind(statement.query, inner));
  node.below = nullptr;
  return node;
}

Result<Node> Binder::BindSubqueryAlias(const plan::SubqueryAlias& alias, const Env& env) {
  const bool inline_table = alias.child->kind == plan::RelationKind::kInlineTable && !alias.column_aliases.empty();
  ASSIGN_OR_RETURN(Node node, inline_table
                                  ? BindInlineTable(alias.child->As<plan::InlineTable>(), alias.column_aliases, env)
                                  : Bind(alias.child, env));
  node.below = nullptr;
  node.aggregate = nullptr;
  std::erase_if(node.hidden, [](const HiddenColumn& h) { return h.qualified_only; });
  if (!alias.column_aliases.empty() && !(inline_table && node.rel->output.size() == alias.column_aliases.size())) {
    const std::vector<Column>& output = node.rel->output;
    if (alias.column_aliases.size() != output.size()) {
      return Error("_LEGACY_ERROR_TEMP_1028", {{"columnSize", std::to_string(alias.column_aliases.size())},
                                               {"outputSize", std::to_string(output.size())}});
    }
    std::vector<NamedExpr> items;
    for (size_t i = 0; i < output.size(); ++i) {
      items.push_back({ColumnRef(output[i]), alias.column_aliases[i], output[i].metadata});
    }
    node = Project(node, std::move(items));
    node.below = nullptr;
  }
  if (alias.alias.empty()) return node;
  std::vector<std::string> qualifier = alias.qualifier;
  qualifier.push_back(alias.alias);
  node.rel = WithQualifier(node.rel, qualifier);
  for (HiddenColumn& h : node.hidden) h.column.qualifier = qualifier;
  return node;
}

}  // namespace deltic::spark::resolve
