// Resolves expressions against a Scope: names, types, coercion (through the function table), lambdas, windows,
// subqueries. One instance per operator; not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "spark/resolve/binder.h"

namespace deltic::spark::resolve {

class ExpressionBinder {
 public:
  ExpressionBinder(Binder* binder, Scope* scope) : binder_(binder), scope_(scope) {}

  Result<ExprPtr> Bind(const plan::ExpressionPtr& expr);
  // A select item that is not a star: with its name, as Spark would name it.
  Result<NamedExpr> BindNamed(const plan::ExpressionPtr& expr);
  // A select list; stars and regexes expanded.
  Result<std::vector<NamedExpr>> BindList(const std::vector<plan::ExpressionPtr>& exprs);
  // Only the star or regex: its columns.
  Result<std::vector<NamedExpr>> Expand(const plan::ExpressionPtr& expr);
  Result<engine::SortKey> BindSortKey(const plan::ExpressionPtr& expr);
  // Parses expression strings, fills in SQL parameters, count(*) → count(1): what names are made from.
  Result<plan::ExpressionPtr> Prepare(const plan::ExpressionPtr& expr);
  // Spark's name for an unaliased expression (after Bind: qualifiers that were table names are dropped).
  std::string NameOf(const plan::ExpressionPtr& expr);
  // The same with qualified columns: sum(t.id).
  std::string QualifiedSql(const plan::ExpressionPtr& expr);
  // The function row when `expr` (below aliases) is a generator call.
  static const functions::FunctionRow* GeneratorOf(const plan::ExpressionPtr& expr);
  Result<functions::FunctionCall> BindArguments(const plan::UnresolvedFunction& call,
                                                const functions::FunctionRow* row);
  struct Found {
    ExprPtr expr;
    std::string name;
    std::string metadata = "{}";
    std::vector<std::string> qualifier = {};
    bool attribute = false;
    bool lateral = false;  // name is then lateralAliasReference(alias)
  };
  // nullopt: no such column here.
  Result<std::optional<Found>> Lookup(const std::vector<std::string>& parts, int64_t plan_id, bool metadata_only);
  Status UnresolvedColumn(const plan::UnresolvedAttribute& attribute) const;

 private:
  Result<ExprPtr> BindTree(const plan::ExpressionPtr& expr);
  Result<ExprPtr> BindKind(const plan::ExpressionPtr& expr);
  Result<NamedExpr> BindNamedTree(const plan::ExpressionPtr& expr);
  Result<plan::ExpressionPtr> PrepareNode(const plan::ExpressionPtr& expr);
  Result<std::vector<NamedExpr>> ExpandRegex(const plan::UnresolvedRegex& regex);
  Result<std::vector<NamedExpr>> ExpandStruct(const plan::UnresolvedStar& star);
  Result<Found> BindAttribute(const plan::UnresolvedAttribute& attribute);
  Result<std::optional<Found>> LookupByPlan(const std::vector<std::string>& parts, int64_t plan_id, bool metadata_only);
  Result<std::optional<Found>> LookupHere(const std::vector<std::string>& parts);
  Result<std::optional<Found>> LookupLateral(const std::vector<std::string>& parts);
  Result<std::optional<Found>> LookupBelow(const std::vector<std::string>& parts);
  Result<std::optional<Found>> LookupOuter(const std::vector<std::string>& parts);
  Status CheckFileMetadata(const std::vector<std::string>& parts);
  std::optional<Found> LookupLambda(const std::vector<std::string>& parts);
  Result<std::optional<Found>> MatchNode(const Node& node, const std::vector<std::string>& parts, bool use_index);
  Result<Found> Nested(const Column& column, const std::vector<std::string>& parts, size_t from);
  Result<ExprPtr> LateFunction(const std::vector<std::string>& parts);

  Result<ExprPtr> BindCast(const plan::Cast& cast);
  Result<ExprPtr> BindCall(const plan::UnresolvedFunction& call, bool windowed);
  Result<ExprPtr> InputFile(const std::string& name);
  Status FoldSchema(functions::FunctionCall* call);
  Result<ExprPtr> BindStruct(const plan::UnresolvedFunction& call);
  Result<ExprPtr> BindTimeWindow(const plan::UnresolvedFunction& call);  // time_window.cc
  Result<ExprPtr> BindGrouping(const plan::UnresolvedFunction& call);
  Result<std::string> FieldName(const plan::ExpressionPtr& arg, size_t index, const std::string& fallback);
  Result<ExprPtr> RenameZipped(const plan::UnresolvedFunction& call, const ExprPtr& built);
  Result<ExprPtr> BindLambda(const plan::LambdaFunction& lambda, const std::vector<std::pair<DataType, bool>>& types);
  // python_udf.cc
  Result<ExprPtr> BindPythonUdf(const plan::PythonUdfCall& call);
  Result<ExprPtr> BindPythonUdf(const std::shared_ptr<const engine::PythonFunction>& function,
                                std::vector<ExprPtr> args);
  Result<ExprPtr> BindWindow(const plan::Window& window);
  Result<engine::WindowFrame> BindFrame(const plan::Window& window, const engine::WindowExpr& function,
                                        std::vector<engine::SortKey>* order);
  Result<ExprPtr> BindFrameOffset(const plan::WindowBound& bound, const plan::Window& window,
                                  const std::vector<engine::SortKey>& order, bool* preceding);
  Result<ExprPtr> BindSubquery(const plan::SubqueryExpression& subquery);
  Result<ExprPtr> BindInSubquery(const plan::SubqueryExpression& subquery, Node node);
  Result<ExprPtr> BindUpdateFields(const plan::UpdateFields& update);
  Result<ExprPtr> UpdateField(const ExprPtr& base, const std::vector<std::string>& path, size_t at,
                              const ExprPtr& value, const plan::UpdateFields& update);
  Result<ExprPtr> Extract(const ExprPtr& child, const ExprPtr& key, const plan::ExpressionPtr& origin);

  Binder* const binder_;
  Scope* const scope_;
  // Attributes met while binding → how they read in generated names, and with their full qualifier.
  struct Shown {
    std::string text;
    std::string qualified;
    std::string last;
  };
  void Remember(const plan::UnresolvedAttribute& attribute, const Found& found);
  std::unordered_map<const plan::Expression*, Shown> shown_;
  std::unordered_map<const plan::Expression*, DataType> types_;  // of bound expressions
};

// Field access child.field with Spark's errors; arrays of structs give arrays.
Result<ExprPtr> ExtractField(Binder* binder, const ExprPtr& child, const std::string& field, const std::string& sql);
// The same plan expression with each direct child replaced.
plan::ExpressionPtr MapPlanChildren(const plan::ExpressionPtr& expr,
                                    const std::function<plan::ExpressionPtr(const plan::ExpressionPtr&)>& fn);
// "`a`.`b`"
std::string QuoteParts(const std::vector<std::string>& parts);
// Candidates in the order of Spark's suggestions, quoted and joined.
std::string Suggestions(const std::vector<std::string>& parts, std::vector<std::vector<std::string>> candidates,
                        size_t limit = 5);
// "\"sql\"": an expression inside an error message.
std::string QuotedSql(const plan::ExpressionPtr& expr);
std::string QuotedType(const DataType& type);
// CHAR(n) and VARCHAR(n) read as STRING, at every level.
DataType WithoutCharVarchar(const DataType& type);

}  // namespace deltic::spark::resolve
