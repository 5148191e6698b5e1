// Test support: a resolver over an engine in memory, temporary views from CREATE TEMP VIEW, and no catalog.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "spark/resolve/resolver.h"

namespace deltic::spark::resolve {

class NoCatalog : public ResolveCatalog {
 public:
  Result<engine::RelPtr> ResolveTable(const plan::TableRelation& table, Resolver*) override {
    std::string name;
    for (const auto& p : table.name) name += (name.empty() ? "" : ".") + types::QuoteIdentifier(p);
    return Error("TABLE_OR_VIEW_NOT_FOUND", {{"relationName", name}});
  }
  Result<engine::RelPtr> ResolveDataSource(const plan::DataSourceRelation&, Resolver*) override {
    return Unsupported("data sources in this test");
  }
  Result<std::optional<engine::RelPtr>> ResolveTableFunction(const plan::TableFunction&,
                                                             const std::vector<engine::ExprPtr>&, Resolver*) override {
    return std::optional<engine::RelPtr>();
  }
  Result<engine::RelPtr> ResolveCachedRemote(const std::string&, Resolver*) override {
    return Unsupported("cached relations in this test");
  }
  Result<engine::RelPtr> RunCommand(const plan::Command&, Resolver*) override {
    return Unsupported("commands in this test");
  }
  std::shared_ptr<const engine::PythonFunction> FindPythonFunction(const std::string&) override { return nullptr; }
  Result<engine::RelPtr> ReadKept(const engine::RelPtr& plan, Resolver*) override { return plan; }
};

// One engine for all tests of the process; it lives until the process ends.
inline engine::Engine* TestEngine() {
  static engine::Engine* const kEngine = [] {
    engine::EngineOptions options;
    options.threads = 1;
    Result<std::unique_ptr<engine::Engine>> opened = engine::Engine::Open(options);
    return opened.ok() ? std::move(opened).value().release() : nullptr;
  }();
  return kEngine;
}

struct Answer {
  Status status;
  types::DataType schema;
  std::vector<std::vector<engine::Value>> rows;
};

class TestSession {
 public:
  TestSession() : views_(std::make_shared<ViewMap>()) {}

  Status CreateView(const std::string& sql) {
    ASSIGN_OR_RETURN(plan::Statement statement, sql::ParseStatement(sql));
    if (statement.command == nullptr || statement.command->kind != plan::CommandKind::kCreateView) {
      return InternalError("not a CREATE VIEW: " + sql);
    }
    const auto& view = statement.command->As<plan::CreateView>();
    auto next = std::make_shared<ViewMap>(*views_);
    TempView definition{view.query, views_, {}};
    for (const auto& [name, comment] : view.column_aliases) definition.column_aliases.push_back(name);
    (*next)[types::ToLower(view.name.back())] = std::move(definition);
    views_ = std::move(next);
    return Status::Ok();
  }

  Answer Run(const plan::RelationPtr& relation) {
    ResolveOptions options;
    Resolver resolver(&catalog_, TestEngine(), views_, options, false);
    Answer answer;
    Result<engine::RelPtr> rel = resolver.Resolve(relation);
    if (!rel.ok()) {
      answer.status = rel.status();
      return answer;
    }
    answer.schema = SchemaOf(*rel.value());
    auto rows = TestEngine()->Collect(rel.value(), engine::QueryOptions{}, 100000);
    if (!rows.ok()) {
      answer.status = rows.status();
    } else {
      answer.rows = std::move(rows).value();
    }
    return answer;
  }

  Answer Sql(const std::string& text) {
    Result<plan::Statement> statement = sql::ParseStatement(text);
    Answer answer;
    if (!statement.ok()) {
      answer.status = statement.status();
      return answer;
    }
    if (statement.value().query == nullptr) {
      answer.status = InternalError("not a query");
      return answer;
    }
    return Run(statement.value().query);
  }

 private:
  NoCatalog catalog_;
  std::shared_ptr<const ViewMap> views_;
};

// A value in the encoding of tests/gold/sql/record_queries.py, as compact JSON.
std::string EncodeValue(const engine::Value& value, const types::DataType& type);

}  // namespace deltic::spark::resolve
