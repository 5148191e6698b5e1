#include "spark/resolve/resolver.h"

#include <algorithm>

#include "spark/resolve/binder.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

struct Resolver::Impl {
  Binder binder;
};

Resolver::Resolver(ResolveCatalog* catalog, engine::Engine* engine, std::shared_ptr<const ViewMap> views,
                   ResolveOptions options, bool analyze_only)
    : impl_(new Impl{Binder(this, catalog, engine, std::move(views), std::move(options), analyze_only)}) {}
Resolver::~Resolver() = default;

Result<RelPtr> Resolver::Resolve(const plan::RelationPtr& relation) {
  Result<Node> node = impl_->binder.Bind(relation, impl_->binder.RootEnv());
  if (node.status().Is("RETRY_WITH_FILE_METADATA")) node = impl_->binder.Bind(relation, impl_->binder.RootEnv());
  if (!node.ok()) return node.status();
  return impl_->binder.ExtractPythonUdfs(node.value().rel);
}

Result<ExprPtr> Resolver::ResolveExpression(const plan::ExpressionPtr& expr, const RelPtr& input) {
  Node node{input, {}, nullptr, nullptr};
  Result<ExprPtr> bound = impl_->binder.BindIn(expr, node, impl_->binder.RootEnv());
  // The input is as it is: it cannot get the column.
  if (bound.status().Is("RETRY_WITH_FILE_METADATA")) return Unsupported("_metadata and input_file_name() here");
  return bound;
}

Result<engine::Value> Resolver::EvaluateConstant(const plan::ExpressionPtr& expr, const types::DataType& type) {
  Node node{std::make_shared<engine::OneRowRel>(), {}, nullptr, nullptr};
  ASSIGN_OR_RETURN(ExprPtr bound, impl_->binder.BindIn(expr, node, impl_->binder.RootEnv()));
  if (!functions::CanCast(bound->type, type, false)) {
    return Error(
        "DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
        {{"sqlExpr", QuotedSql(expr)}, {"srcType", QuotedType(bound->type)}, {"targetType", QuotedType(type)}});
  }
  return impl_->binder.Evaluate(functions::CastTo(bound, type, impl_->binder.context()));
}

engine::ColumnId Resolver::NewColumnId() { return impl_->binder.NewId(); }

RelPtr Resolver::WithFreshIds(const RelPtr& relation) {
  IdMap ids;
  return CloneWithIds(relation, [this] { return impl_->binder.NewId(); }, &ids);
}

const ResolveOptions& Resolver::options() const { return impl_->binder.options(); }
engine::Engine* Resolver::engine() const { return impl_->binder.engine(); }
bool Resolver::analyze_only() const { return impl_->binder.analyze_only(); }
const std::vector<std::pair<std::string, RelPtr>>& Resolver::observed() const { return impl_->binder.observed(); }

types::DataType SchemaOf(const engine::Rel& relation) {
  std::vector<types::StructField> fields;
  fields.reserve(relation.output.size());
  for (const Column& c : relation.output) fields.push_back({c.name, c.type, c.nullable, c.metadata});
  return DataType::Struct(std::move(fields));
}

}  // namespace deltic::spark::resolve
