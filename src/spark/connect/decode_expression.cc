// Expression messages → unresolved expressions.
#include <algorithm>

#include "spark/connect/decoder.h"
#include "spark/connect/proto_type.h"
#include "spark/sql/parser.h"

namespace deltic::spark::connect {
namespace {

using plan::ExpressionPtr;

Status Missing(const char* message, const char* field) {
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", message}, {"field", field}});
}

ExpressionPtr UnsupportedNode(std::string what) {
  return std::make_shared<plan::UnsupportedExpression>(std::move(what));
}

// Clients spell a few operators otherwise than the function table does.
std::string_view OperatorName(std::string_view name) {
  if (name == "==" || name == "===") return "=";
  if (name == "=!=" || name == "!==") return "!=";
  if (name == "&&") return "and";
  if (name == "||") return "or";
  if (name == "!") return "not";
  return name;
}

std::string FunctionFamily(const proto::CommonInlineUserDefinedFunction& m) {
  switch (m.function_case()) {
    case proto::CommonInlineUserDefinedFunction::kScalarScalaUdf: return "Scala UDF " + m.function_name();
    case proto::CommonInlineUserDefinedFunction::kJavaUdf: return "Java UDF " + m.function_name();
    default: return "user-defined function " + m.function_name();
  }
}

plan::Origin OriginOf(const proto::Expression& m) {
  plan::Origin origin;
  if (m.common().origin().has_jvm_origin()) {
    const auto& jvm = m.common().origin().jvm_origin();
    if (jvm.has_start_index()) origin.start = jvm.start_index();
    if (jvm.has_stop_index()) origin.stop = jvm.stop_index();
  }
  return origin;
}

}  // namespace

Result<std::vector<std::string>> ParseAttributeName(const std::string& name) {
  std::vector<std::string> parts;
  std::string part;
  bool quoted = false;
  const Status invalid = Error("_LEGACY_ERROR_TEMP_1049", {{"name", name}}, "syntax error in attribute name: " + name);
  size_t i = 0;
  while (i < name.size()) {
    const char c = name[i];
    if (quoted) {
      if (c == '`') {
        if (i + 1 < name.size() && name[i + 1] == '`') {
          part += '`';
          i++;
        } else {
          quoted = false;
          if (i + 1 < name.size() && name[i + 1] != '.') return invalid;
        }
      } else {
        part += c;
      }
    } else if (c == '`') {
      if (!part.empty()) return invalid;
      quoted = true;
    } else if (c == '.') {
      if (i == 0 || name[i - 1] == '.' || i + 1 == name.size()) return invalid;
      parts.push_back(std::move(part));
      part.clear();
    } else {
      part += c;
    }
    i++;
  }
  if (quoted) return invalid;
  parts.push_back(std::move(part));
  return parts;
}

Result<ExpressionPtr> Decoder::DecodeExpression(const proto::Expression& message) {
  Nesting nesting(&depth_);
  if (depth_ > kMaxPlanDepth) return Error("CONNECT_INVALID_PLAN.TOO_DEEP", {{"limit", std::to_string(kMaxPlanDepth)}});
  ASSIGN_OR_RETURN(ExpressionPtr out, DecodeExpressionNode(message));
  if (message.has_common()) const_cast<plan::Expression&>(*out).origin = OriginOf(message);
  return out;
}

Result<Decoder::PythonFunctionPtr> Decoder::DecodePythonFunction(const proto::CommonInlineUserDefinedFunction& m) {
  if (!m.has_python_udf()) return Unsupported(FunctionFamily(m));
  const proto::PythonUDF& udf = m.python_udf();
  auto function = std::make_shared<engine::PythonFunction>();
  function->name = m.function_name();
  function->eval = static_cast<engine::PythonEval>(udf.eval_type());
  function->command = udf.command();
  function->python_version = udf.python_ver();
  function->deterministic = m.deterministic();
  ASSIGN_OR_RETURN(function->return_type, DecodeType(udf.output_type()));
  function->return_type = function->return_type.AsNullable();
  return PythonFunctionPtr(std::move(function));
}

Result<Decoder::PythonFunctionPtr> Decoder::DecodePythonTable(const proto::CommonInlineUserDefinedTableFunction& m) {
  if (!m.has_python_udtf()) return Unsupported("user-defined table function " + m.function_name());
  const proto::PythonUDTF& udtf = m.python_udtf();
  auto function = std::make_shared<engine::PythonFunction>();
  function->name = m.function_name();
  function->eval = static_cast<engine::PythonEval>(udtf.eval_type());
  function->command = udtf.command();
  function->python_version = udtf.python_ver();
  function->deterministic = m.deterministic();
  if (udtf.has_return_type()) {
    ASSIGN_OR_RETURN(function->return_type, DecodeType(udtf.return_type()));
  }
  return PythonFunctionPtr(std::move(function));
}

Result<ExpressionPtr> Decoder::DecodeExpressionNode(const proto::Expression& m) {
  using Kind = proto::Expression::ExprTypeCase;
  switch (m.expr_type_case()) {
    case Kind::kLiteral: return DecodeLiteral(m.literal());
    case Kind::kUnresolvedAttribute: return DecodeAttribute(m.unresolved_attribute());
    case Kind::kUnresolvedFunction: return DecodeFunction(m.unresolved_function());
    case Kind::kExpressionString:
      return ExpressionPtr(std::make_shared<plan::ExpressionString>(m.expression_string().expression()));
    case Kind::kUnresolvedStar: return DecodeStar(m.unresolved_star());
    case Kind::kAlias: return DecodeAlias(m.alias());
    case Kind::kCast: return DecodeCast(m.cast());
    case Kind::kUnresolvedRegex: return DecodeRegex(m.unresolved_regex());
    case Kind::kSortOrder: return DecodeSortOrder(m.sort_order());
    case Kind::kLambdaFunction: return DecodeLambda(m.lambda_function());
    case Kind::kWindow: return DecodeWindow(m.window());
    case Kind::kUnresolvedExtractValue: {
      ASSIGN_OR_RETURN(ExpressionPtr child, DecodeExpression(m.unresolved_extract_value().child()));
      ASSIGN_OR_RETURN(ExpressionPtr extraction, DecodeExpression(m.unresolved_extract_value().extraction()));
      return ExpressionPtr(std::make_shared<plan::UnresolvedExtractValue>(std::move(child), std::move(extraction)));
    }
    case Kind::kUpdateFields: {
      const auto& update = m.update_fields();
      ASSIGN_OR_RETURN(ExpressionPtr child, DecodeExpression(update.struct_expression()));
      ExpressionPtr value;
      if (update.has_value_expression()) {
        ASSIGN_OR_RETURN(value, DecodeExpression(update.value_expression()));
      }
      return ExpressionPtr(
          std::make_shared<plan::UpdateFields>(std::move(child), update.field_name(), std::move(value)));
    }
    case Kind::kUnresolvedNamedLambdaVariable: {
      const auto& names = m.unresolved_named_lambda_variable().name_parts();
      return ExpressionPtr(
          std::make_shared<plan::UnresolvedLambdaVariable>(std::vector<std::string>(names.begin(), names.end())));
    }
    case Kind::kCommonInlineUserDefinedFunction: {
      const auto& call = m.common_inline_user_defined_function();
      if (!call.has_python_udf()) return UnsupportedNode(FunctionFamily(call));
      ASSIGN_OR_RETURN(auto function, DecodePythonFunction(call));
      ASSIGN_OR_RETURN(Expressions args, DecodeList(call.arguments()));
      return ExpressionPtr(std::make_shared<plan::PythonUdfCall>(std::move(function), std::move(args)));
    }
    case Kind::kCallFunction: {
      ASSIGN_OR_RETURN(Expressions args, DecodeList(m.call_function().arguments()));
      return ExpressionPtr(
          std::make_shared<plan::UnresolvedFunction>(m.call_function().function_name(), std::move(args)));
    }
    case Kind::kNamedArgumentExpression: {
      ASSIGN_OR_RETURN(ExpressionPtr value, DecodeExpression(m.named_argument_expression().value()));
      return ExpressionPtr(
          std::make_shared<plan::NamedArgument>(m.named_argument_expression().key(), std::move(value)));
    }
    case Kind::kSubqueryExpression: return DecodeSubquery(m.subquery_expression());
    case Kind::kMergeAction: return UnsupportedNode("MergeAction");
    case Kind::kTypedAggregateExpression: return UnsupportedNode("typed Scala aggregate");
    case Kind::kDirectShufflePartitionId: return UnsupportedNode("DirectShufflePartitionID");
    case Kind::kExtension: return UnsupportedNode("Connect expression extension " + m.extension().type_url());
    case Kind::EXPR_TYPE_NOT_SET: break;
  }
  return Missing("Expression", "expr_type");
}

Result<Decoder::Expressions> Decoder::DecodeList(const ExpressionList& list) {
  Expressions out;
  out.reserve(static_cast<size_t>(list.size()));
  for (const auto& item : list) {
    ASSIGN_OR_RETURN(ExpressionPtr one, DecodeExpression(item));
    out.push_back(std::move(one));
  }
  return out;
}

Result<ExpressionPtr> Decoder::DecodeAttribute(const proto::Expression::UnresolvedAttribute& m) {
  ASSIGN_OR_RETURN(std::vector<std::string> parts, ParseAttributeName(m.unparsed_identifier()));
  auto out = std::make_shared<plan::UnresolvedAttribute>(std::move(parts), m.has_plan_id() ? m.plan_id() : -1);
  out->is_metadata_column = m.is_metadata_column();
  return ExpressionPtr(std::move(out));
}

Result<ExpressionPtr> Decoder::DecodeFunction(const proto::Expression::UnresolvedFunction& m) {
  if (m.is_user_defined_function() && m.function_name().empty()) return Missing("UnresolvedFunction", "function_name");
  ASSIGN_OR_RETURN(Expressions args, DecodeList(m.arguments()));
  auto out = std::make_shared<plan::UnresolvedFunction>(std::string(OperatorName(m.function_name())), std::move(args));
  out->is_distinct = m.is_distinct();
  return ExpressionPtr(std::move(out));
}

Result<ExpressionPtr> Decoder::DecodeStar(const proto::Expression::UnresolvedStar& m) {
  auto out = std::make_shared<plan::UnresolvedStar>();
  if (m.has_plan_id()) out->plan_id = m.plan_id();
  if (m.has_unparsed_target()) {
    std::string target = m.unparsed_target();
    if (!target.ends_with(".*")) {
      return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "star target must end with '.*': " + target}});
    }
    target.resize(target.size() - 2);
    ASSIGN_OR_RETURN(out->target, ParseAttributeName(target));
  }
  return ExpressionPtr(std::move(out));
}

// A regular expression is in back-ticks; anything else is a plain column name.
Result<ExpressionPtr> Decoder::DecodeRegex(const proto::Expression::UnresolvedRegex& m) {
  const std::string& name = m.col_name();
  const int64_t plan_id = m.has_plan_id() ? m.plan_id() : -1;
  if (name.ends_with('`')) return ExpressionPtr(std::make_shared<plan::UnresolvedRegex>(name, plan_id));
  ASSIGN_OR_RETURN(std::vector<std::string> parts, ParseAttributeName(name));
  return ExpressionPtr(std::make_shared<plan::UnresolvedAttribute>(std::move(parts), plan_id));
}

Result<ExpressionPtr> Decoder::DecodeAlias(const proto::Expression::Alias& m) {
  ASSIGN_OR_RETURN(ExpressionPtr child, DecodeExpression(m.expr()));
  auto out =
      std::make_shared<plan::Alias>(std::move(child), std::vector<std::string>(m.name().begin(), m.name().end()));
  if (out->names.empty()) return Missing("Alias", "name");
  if (m.has_metadata() && !m.metadata().empty()) out->metadata = m.metadata();
  return ExpressionPtr(std::move(out));
}

Result<ExpressionPtr> Decoder::DecodeCast(const proto::Expression::Cast& m) {
  ASSIGN_OR_RETURN(ExpressionPtr child, DecodeExpression(m.expr()));
  plan::Cast::Mode mode = plan::Cast::Mode::kDefault;
  switch (m.eval_mode()) {
    case proto::Expression::Cast::EVAL_MODE_LEGACY: mode = plan::Cast::Mode::kLegacy; break;
    case proto::Expression::Cast::EVAL_MODE_ANSI: mode = plan::Cast::Mode::kAnsi; break;
    case proto::Expression::Cast::EVAL_MODE_TRY: mode = plan::Cast::Mode::kTry; break;
    default: break;
  }
  types::DataType type;
  if (m.has_type()) {
    ASSIGN_OR_RETURN(type, DecodeType(m.type()));
  }
  auto out = std::make_shared<plan::Cast>(std::move(child), std::move(type), mode);
  if (!m.has_type()) {
    if (m.type_str().empty()) return Missing("Cast", "cast_to_type");
    out->type_text = m.type_str();
  }
  return ExpressionPtr(std::move(out));
}

Result<ExpressionPtr> Decoder::DecodeSortOrder(const proto::Expression::SortOrder& m) {
  ASSIGN_OR_RETURN(ExpressionPtr child, DecodeExpression(m.child()));
  auto nulls = plan::SortOrder::Nulls::kDefault;
  if (m.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_FIRST) nulls = plan::SortOrder::Nulls::kFirst;
  if (m.null_ordering() == proto::Expression::SortOrder::SORT_NULLS_LAST) nulls = plan::SortOrder::Nulls::kLast;
  const bool ascending = m.direction() != proto::Expression::SortOrder::SORT_DIRECTION_DESCENDING;
  return ExpressionPtr(std::make_shared<plan::SortOrder>(std::move(child), ascending, nulls));
}

Result<Decoder::Expressions> Decoder::DecodeSortOrders(const SortOrders& list) {
  Expressions out;
  for (const auto& item : list) {
    ASSIGN_OR_RETURN(ExpressionPtr one, DecodeSortOrder(item));
    out.push_back(std::move(one));
  }
  return out;
}

Result<ExpressionPtr> Decoder::DecodeWindow(const proto::Expression::Window& m) {
  using Frame = proto::Expression::Window::WindowFrame;
  auto out = std::make_shared<plan::Window>();
  ASSIGN_OR_RETURN(out->function, DecodeExpression(m.window_function()));
  ASSIGN_OR_RETURN(out->partition_by, DecodeList(m.partition_spec()));
  ASSIGN_OR_RETURN(out->order_by, DecodeSortOrders(m.order_spec()));
  if (!m.has_frame_spec()) return ExpressionPtr(std::move(out));
  out->has_frame = true;
  out->rows = m.frame_spec().frame_type() == Frame::FRAME_TYPE_ROW;
  auto decode = [&](const Frame::FrameBoundary& bound, bool lower) -> Result<plan::WindowBound> {
    plan::WindowBound result;
    switch (bound.boundary_case()) {
      case Frame::FrameBoundary::kUnbounded:
        result.kind =
            lower ? plan::WindowBound::Kind::kUnboundedPreceding : plan::WindowBound::Kind::kUnboundedFollowing;
        break;
      case Frame::FrameBoundary::kValue: {
        result.kind = plan::WindowBound::Kind::kValue;
        ASSIGN_OR_RETURN(result.value, DecodeExpression(bound.value()));
        break;
      }
      case Frame::FrameBoundary::kCurrentRow: break;
      case Frame::FrameBoundary::BOUNDARY_NOT_SET: return Missing("FrameBoundary", "boundary");
    }
    return result;
  };
  ASSIGN_OR_RETURN(out->start, decode(m.frame_spec().lower(), true));
  ASSIGN_OR_RETURN(out->end, decode(m.frame_spec().upper(), false));
  return ExpressionPtr(std::move(out));
}

Result<ExpressionPtr> Decoder::DecodeLambda(const proto::Expression::LambdaFunction& m) {
  ASSIGN_OR_RETURN(ExpressionPtr body, DecodeExpression(m.function()));
  std::vector<std::string> params;
  for (const auto& argument : m.arguments()) {
    if (argument.name_parts_size() != 1) return Missing("LambdaFunction", "name_parts");
    params.push_back(argument.name_parts(0));
  }
  return ExpressionPtr(std::make_shared<plan::LambdaFunction>(std::move(body), std::move(params)));
}

Result<ExpressionPtr> Decoder::DecodeSubquery(const proto::SubqueryExpression& m) {
  auto kind = plan::SubqueryExpression::Kind::kScalar;
  switch (m.subquery_type()) {
    case proto::SubqueryExpression::SUBQUERY_TYPE_SCALAR: break;
    case proto::SubqueryExpression::SUBQUERY_TYPE_EXISTS: kind = plan::SubqueryExpression::Kind::kExists; break;
    case proto::SubqueryExpression::SUBQUERY_TYPE_IN: kind = plan::SubqueryExpression::Kind::kIn; break;
    case proto::SubqueryExpression::SUBQUERY_TYPE_TABLE_ARG: return UnsupportedNode("table argument");
    default: return Missing("SubqueryExpression", "subquery_type");
  }
  auto it = references_.find(m.plan_id());
  if (it == references_.end()) {
    return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE",
                 {{"errorMsg", "subquery refers to an unknown plan " + std::to_string(m.plan_id())}});
  }
  ASSIGN_OR_RETURN(plan::RelationPtr relation, DecodeRelation(*it->second));
  auto out = std::make_shared<plan::SubqueryExpression>(kind, std::move(relation));
  ASSIGN_OR_RETURN(out->values, DecodeList(m.in_subquery_values()));
  return ExpressionPtr(std::move(out));
}

}  // namespace deltic::spark::connect
