// Relation messages → unresolved relations: operators.
#include <algorithm>

#include "spark/connect/decoder.h"
#include "spark/plan/relation_stream.h"

namespace deltic::spark::connect {
namespace {

using plan::ExpressionPtr;
using plan::RelationPtr;
using RelationNode = std::shared_ptr<plan::Relation>;
using Kind = proto::Relation::RelTypeCase;

Status Missing(const char* message, const char* field) {
  return Error("CONNECT_INVALID_PLAN.MISSING_FIELD", {{"message", message}, {"field", field}});
}

RelationNode UnsupportedNode(std::string what) { return std::make_shared<plan::UnsupportedRelation>(std::move(what)); }

std::vector<std::string> Strings(const google::protobuf::RepeatedPtrField<std::string>& list) {
  return {list.begin(), list.end()};
}

Result<engine::JoinType> DecodeJoinType(proto::Join::JoinType type) {
  switch (type) {
    case proto::Join::JOIN_TYPE_INNER: return engine::JoinType::kInner;
    case proto::Join::JOIN_TYPE_FULL_OUTER: return engine::JoinType::kFullOuter;
    case proto::Join::JOIN_TYPE_LEFT_OUTER: return engine::JoinType::kLeftOuter;
    case proto::Join::JOIN_TYPE_RIGHT_OUTER: return engine::JoinType::kRightOuter;
    case proto::Join::JOIN_TYPE_LEFT_ANTI: return engine::JoinType::kLeftAnti;
    case proto::Join::JOIN_TYPE_LEFT_SEMI: return engine::JoinType::kLeftSemi;
    case proto::Join::JOIN_TYPE_CROSS: return engine::JoinType::kCross;
    default: return Missing("Join", "join_type");
  }
}

// Relations Spark has and Deltic has not, by their Spark names.
std::string UnsupportedName(const proto::Relation& m) {
  switch (m.rel_type_case()) {
    case Kind::kGroupMap: return "user functions over groups with state or sorting";
    case Kind::kCoGroupMap: return "cogroup user functions";
    case Kind::kApplyInPandasWithState: return "applyInPandasWithState";
    case Kind::kCommonInlineUserDefinedDataSource:
      return "Python data source " + m.common_inline_user_defined_data_source().name();
    case Kind::kAsOfJoin: return "as-of join";
    case Kind::kTranspose: return "transpose";
    case Kind::kRelationChanges: return "changes()";
    case Kind::kNearestByJoin: return "nearest-by join";
    case Kind::kMlRelation: return "Spark ML";
    default: return "relation " + std::to_string(m.rel_type_case());
  }
}

}  // namespace

Result<RelationPtr> Decoder::DecodeRelation(const proto::Relation& message) {
  Nesting nesting(&depth_);
  if (depth_ > kMaxPlanDepth) return Error("CONNECT_INVALID_PLAN.TOO_DEEP", {{"limit", std::to_string(kMaxPlanDepth)}});
  ASSIGN_OR_RETURN(RelationNode out, DecodeRelationNode(message));
  if (message.common().has_plan_id()) out->plan_id = message.common().plan_id();
  return RelationPtr(std::move(out));
}

Result<RelationPtr> Decoder::Input(const proto::Relation& m, bool present, const char* parent) {
  if (!present) return Missing(parent, "input");
  return DecodeRelation(m);
}

Result<RelationNode> Decoder::DecodeRelationNode(const proto::Relation& m) {
  switch (m.rel_type_case()) {
    case Kind::kRead: return DecodeRead(m.read());
    case Kind::kLocalRelation: return DecodeLocal(m.local_relation());
    case Kind::kCachedLocalRelation: return DecodeCachedLocal(m.cached_local_relation());
    case Kind::kChunkedCachedLocalRelation: return DecodeChunkedLocal(m.chunked_cached_local_relation());
    case Kind::kWithRelations: return DecodeWithRelations(m.with_relations());
    case Kind::kParse: return DecodeParse(m.parse());
    case Kind::kJoin: return DecodeJoin(m.join());
    case Kind::kLateralJoin: return DecodeLateralJoin(m.lateral_join());
    case Kind::kSetOp: return DecodeSetOperation(m.set_op());
    case Kind::kAggregate: return DecodeAggregate(m.aggregate());
    case Kind::kUnpivot: return DecodeUnpivot(m.unpivot());
    case Kind::kProject:
    case Kind::kFilter:
    case Kind::kSort:
    case Kind::kLimit:
    case Kind::kOffset:
    case Kind::kTail:
    case Kind::kDeduplicate:
    case Kind::kSample:
    case Kind::kSubqueryAlias:
    case Kind::kHint:
    case Kind::kCollectMetrics: return DecodeSimple(m);
    case Kind::kToDf:
    case Kind::kToSchema:
    case Kind::kWithColumns:
    case Kind::kWithColumnsRenamed:
    case Kind::kDrop: return DecodeColumns(m);
    case Kind::kRepartition:
    case Kind::kRepartitionByExpression: return DecodePartitioning(m);
    case Kind::kFillNa:
    case Kind::kDropNa:
    case Kind::kReplace: return DecodeNa(m);
    case Kind::kSummary:
    case Kind::kCrosstab:
    case Kind::kDescribe:
    case Kind::kCov:
    case Kind::kCorr:
    case Kind::kApproxQuantile:
    case Kind::kFreqItems: return DecodeStatistics(m);
    case Kind::kSampleBy: return DecodeSampleBy(m.sample_by());
    case Kind::kShowString:
    case Kind::kHtmlString: return DecodeShow(m);
    case Kind::kSql: {
      ASSIGN_OR_RETURN(auto sql, DecodeSql(m.sql()));
      return RelationNode(std::move(sql));
    }
    case Kind::kRange: {
      const auto& range = m.range();
      const int64_t step = range.step();
      if (step == 0) return Error("_ILLEGAL_ARGUMENT", {}, "requirement failed: step (0) cannot be 0");
      return RelationNode(std::make_shared<plan::RangeRelation>(range.start(), range.end(), step));
    }
    case Kind::kUnresolvedTableValuedFunction: {
      ASSIGN_OR_RETURN(Expressions args, DecodeList(m.unresolved_table_valued_function().arguments()));
      return RelationNode(std::make_shared<plan::TableFunction>(
          plan::NameParts{m.unresolved_table_valued_function().function_name()}, std::move(args)));
    }
    case Kind::kCachedRemoteRelation:
      return RelationNode(std::make_shared<plan::CachedRemote>(m.cached_remote_relation().relation_id()));
    case Kind::kCatalog: {
      ASSIGN_OR_RETURN(plan::CommandPtr command, DecodeCatalog(m.catalog()));
      return RelationNode(std::make_shared<plan::CommandResult>(std::move(command)));
    }
    case Kind::kExtension: return DecodeRelationExtension(m.extension());
    case Kind::kMapPartitions: {
      const auto& map = m.map_partitions();
      ASSIGN_OR_RETURN(RelationPtr child, Input(map.input(), map.has_input(), "MapPartitions"));
      ASSIGN_OR_RETURN(auto function, DecodePythonFunction(map.func()));
      return RelationNode(std::make_shared<plan::MapPartitions>(std::move(child), std::move(function)));
    }
    case Kind::kGroupMap: {
      const auto& map = m.group_map();
      if (map.has_initial_input() || map.has_transform_with_state_info() || map.sorting_expressions_size() > 0) {
        return UnsupportedNode(UnsupportedName(m));
      }
      ASSIGN_OR_RETURN(RelationPtr child, Input(map.input(), map.has_input(), "GroupMap"));
      ASSIGN_OR_RETURN(Expressions groups, DecodeList(map.grouping_expressions()));
      ASSIGN_OR_RETURN(auto function, DecodePythonFunction(map.func()));
      return RelationNode(std::make_shared<plan::GroupMap>(std::move(child), std::move(groups), std::move(function)));
    }
    case Kind::kWithWatermark: {
      const auto& watermark = m.with_watermark();
      ASSIGN_OR_RETURN(RelationPtr child, Input(watermark.input(), watermark.has_input(), "WithWatermark"));
      return RelationNode(
          std::make_shared<plan::Watermark>(std::move(child), watermark.event_time(), watermark.delay_threshold()));
    }
    case Kind::kCommonInlineUserDefinedTableFunction: {
      ASSIGN_OR_RETURN(auto function, DecodePythonTable(m.common_inline_user_defined_table_function()));
      ASSIGN_OR_RETURN(Expressions args, DecodeList(m.common_inline_user_defined_table_function().arguments()));
      return RelationNode(std::make_shared<plan::PythonTable>(std::move(function), std::move(args)));
    }
    case Kind::kUnknown:
    case Kind::REL_TYPE_NOT_SET: return Missing("Relation", "rel_type");
    default: return UnsupportedNode(UnsupportedName(m));
  }
}

Result<RelationNode> Decoder::DecodeSimple(const proto::Relation& m) {
  switch (m.rel_type_case()) {
    case Kind::kProject: {
      RelationPtr child = std::make_shared<plan::OneRowRelation>();
      if (m.project().has_input()) {
        ASSIGN_OR_RETURN(child, DecodeRelation(m.project().input()));
      }
      ASSIGN_OR_RETURN(Expressions exprs, DecodeList(m.project().expressions()));
      return RelationNode(std::make_shared<plan::Project>(std::move(child), std::move(exprs)));
    }
    case Kind::kFilter: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.filter().input(), m.filter().has_input(), "Filter"));
      ASSIGN_OR_RETURN(ExpressionPtr condition, DecodeExpression(m.filter().condition()));
      return RelationNode(std::make_shared<plan::Filter>(std::move(child), std::move(condition)));
    }
    case Kind::kSort: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.sort().input(), m.sort().has_input(), "Sort"));
      ASSIGN_OR_RETURN(Expressions order, DecodeSortOrders(m.sort().order()));
      const bool global = !m.sort().has_is_global() || m.sort().is_global();
      return RelationNode(std::make_shared<plan::Sort>(std::move(child), std::move(order), global));
    }
    case Kind::kLimit:
    case Kind::kOffset: {
      const bool is_limit = m.rel_type_case() == Kind::kLimit;
      const proto::Relation& input = is_limit ? m.limit().input() : m.offset().input();
      ASSIGN_OR_RETURN(RelationPtr child,
                       Input(input, is_limit ? m.limit().has_input() : m.offset().has_input(), "Limit"));
      ExpressionPtr count = std::make_shared<plan::Literal>(
          engine::Value{static_cast<int64_t>(is_limit ? m.limit().limit() : m.offset().offset())},
          types::DataType(types::TypeId::kInteger));
      return RelationNode(
          std::make_shared<plan::Limit>(std::move(child), is_limit ? count : nullptr, is_limit ? nullptr : count));
    }
    case Kind::kTail: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.tail().input(), m.tail().has_input(), "Tail"));
      return RelationNode(std::make_shared<plan::Tail>(std::move(child), m.tail().limit()));
    }
    case Kind::kDeduplicate: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.deduplicate().input(), m.deduplicate().has_input(), "Deduplicate"));
      auto out = std::make_shared<plan::Deduplicate>(std::move(child));
      out->columns = Strings(m.deduplicate().column_names());
      out->all_columns = m.deduplicate().all_columns_as_keys();
      out->within_watermark = m.deduplicate().within_watermark();
      if (out->columns.empty() && !out->all_columns) return Missing("Deduplicate", "column_names");
      return RelationNode(std::move(out));
    }
    case Kind::kSample: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.sample().input(), m.sample().has_input(), "Sample"));
      auto out = std::make_shared<plan::Sample>(std::move(child));
      out->lower = m.sample().lower_bound();
      out->upper = m.sample().upper_bound();
      out->with_replacement = m.sample().with_replacement();
      if (m.sample().has_seed()) out->seed = m.sample().seed();
      return RelationNode(std::move(out));
    }
    case Kind::kSubqueryAlias: {
      const auto& alias = m.subquery_alias();
      ASSIGN_OR_RETURN(RelationPtr child, Input(alias.input(), alias.has_input(), "SubqueryAlias"));
      auto out = std::make_shared<plan::SubqueryAlias>(std::move(child), alias.alias());
      out->qualifier = Strings(alias.qualifier());
      return RelationNode(std::move(out));
    }
    case Kind::kHint: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.hint().input(), m.hint().has_input(), "Hint"));
      ASSIGN_OR_RETURN(Expressions parameters, DecodeList(m.hint().parameters()));
      return RelationNode(std::make_shared<plan::Hint>(std::move(child), m.hint().name(), std::move(parameters)));
    }
    default: {
      const auto& metrics = m.collect_metrics();
      ASSIGN_OR_RETURN(RelationPtr child, Input(metrics.input(), metrics.has_input(), "CollectMetrics"));
      ASSIGN_OR_RETURN(Expressions exprs, DecodeList(metrics.metrics()));
      return RelationNode(std::make_shared<plan::CollectMetrics>(std::move(child), metrics.name(), std::move(exprs)));
    }
  }
}

Result<RelationNode> Decoder::DecodeJoin(const proto::Join& m) {
  ASSIGN_OR_RETURN(RelationPtr left, Input(m.left(), m.has_left(), "Join"));
  ASSIGN_OR_RETURN(RelationPtr right, Input(m.right(), m.has_right(), "Join"));
  ASSIGN_OR_RETURN(engine::JoinType type, DecodeJoinType(m.join_type()));
  if (m.has_join_data_type()) return UnsupportedNode("joinWith (typed Scala join)");
  auto out = std::make_shared<plan::Join>(std::move(left), std::move(right), type);
  out->using_columns = Strings(m.using_columns());
  if (m.has_join_condition()) {
    if (!out->using_columns.empty()) {
      return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE",
                   {{"errorMsg", "using columns or join condition cannot be set at the same time"}});
    }
    ASSIGN_OR_RETURN(out->condition, DecodeExpression(m.join_condition()));
  }
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeLateralJoin(const proto::LateralJoin& m) {
  ASSIGN_OR_RETURN(RelationPtr left, Input(m.left(), m.has_left(), "LateralJoin"));
  ASSIGN_OR_RETURN(RelationPtr right, Input(m.right(), m.has_right(), "LateralJoin"));
  ASSIGN_OR_RETURN(engine::JoinType type, DecodeJoinType(m.join_type()));
  auto out = std::make_shared<plan::Join>(std::move(left), std::move(right), type);
  out->lateral = true;
  if (m.has_join_condition()) {
    ASSIGN_OR_RETURN(out->condition, DecodeExpression(m.join_condition()));
  }
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeSetOperation(const proto::SetOperation& m) {
  ASSIGN_OR_RETURN(RelationPtr left, Input(m.left_input(), m.has_left_input(), "SetOperation"));
  ASSIGN_OR_RETURN(RelationPtr right, Input(m.right_input(), m.has_right_input(), "SetOperation"));
  auto op = engine::SetOpRel::Op::kUnion;
  switch (m.set_op_type()) {
    case proto::SetOperation::SET_OP_TYPE_UNION: break;
    case proto::SetOperation::SET_OP_TYPE_INTERSECT: op = engine::SetOpRel::Op::kIntersect; break;
    case proto::SetOperation::SET_OP_TYPE_EXCEPT: op = engine::SetOpRel::Op::kExcept; break;
    default: return Missing("SetOperation", "set_op_type");
  }
  auto out = std::make_shared<plan::SetOperation>(op, std::move(left), std::move(right));
  out->all = m.is_all();
  out->by_name = m.by_name();
  out->allow_missing_columns = m.allow_missing_columns();
  if (out->by_name && op != engine::SetOpRel::Op::kUnion) {
    return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "only union supports by_name"}});
  }
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeAggregate(const proto::Aggregate& m) {
  using Group = plan::Aggregate::GroupType;
  ASSIGN_OR_RETURN(RelationPtr child, Input(m.input(), m.has_input(), "Aggregate"));
  auto out = std::make_shared<plan::Aggregate>(std::move(child));
  switch (m.group_type()) {
    case proto::Aggregate::GROUP_TYPE_GROUPBY: out->group_type = Group::kGroupBy; break;
    case proto::Aggregate::GROUP_TYPE_ROLLUP: out->group_type = Group::kRollup; break;
    case proto::Aggregate::GROUP_TYPE_CUBE: out->group_type = Group::kCube; break;
    case proto::Aggregate::GROUP_TYPE_PIVOT: out->group_type = Group::kPivot; break;
    case proto::Aggregate::GROUP_TYPE_GROUPING_SETS: out->group_type = Group::kGroupingSets; break;
    default: return Missing("Aggregate", "group_type");
  }
  ASSIGN_OR_RETURN(out->groups, DecodeList(m.grouping_expressions()));
  ASSIGN_OR_RETURN(out->aggregates, DecodeList(m.aggregate_expressions()));
  for (const auto& set : m.grouping_sets()) {
    ASSIGN_OR_RETURN(Expressions exprs, DecodeList(set.grouping_set()));
    out->grouping_sets.push_back(std::move(exprs));
  }
  if (out->group_type == Group::kPivot) {
    if (!m.has_pivot()) return Missing("Aggregate", "pivot");
    ASSIGN_OR_RETURN(out->pivot_column, DecodeExpression(m.pivot().col()));
    for (const auto& value : m.pivot().values()) {
      ASSIGN_OR_RETURN(ExpressionPtr literal, DecodeLiteral(value));
      out->pivot_values.push_back(std::move(literal));
    }
  }
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeColumns(const proto::Relation& m) {
  switch (m.rel_type_case()) {
    case Kind::kToDf: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.to_df().input(), m.to_df().has_input(), "ToDF"));
      return RelationNode(std::make_shared<plan::ToDf>(std::move(child), Strings(m.to_df().column_names())));
    }
    case Kind::kToSchema: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.to_schema().input(), m.to_schema().has_input(), "ToSchema"));
      ASSIGN_OR_RETURN(types::DataType schema, DecodeType(m.to_schema().schema()));
      if (!schema.Is(types::TypeId::kStruct)) return Missing("ToSchema", "schema");
      return RelationNode(std::make_shared<plan::ToSchema>(std::move(child), std::move(schema)));
    }
    case Kind::kWithColumns: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.with_columns().input(), m.with_columns().has_input(), "WithColumns"));
      Expressions aliases;
      for (const auto& alias : m.with_columns().aliases()) {
        if (alias.name_size() != 1) {
          return Error("CONNECT_INVALID_PLAN.CANNOT_PARSE", {{"errorMsg", "WithColumns requires one name per column"}});
        }
        ASSIGN_OR_RETURN(ExpressionPtr one, DecodeAlias(alias));
        aliases.push_back(std::move(one));
      }
      return RelationNode(std::make_shared<plan::WithColumns>(std::move(child), std::move(aliases)));
    }
    case Kind::kWithColumnsRenamed: {
      const auto& rename = m.with_columns_renamed();
      ASSIGN_OR_RETURN(RelationPtr child, Input(rename.input(), rename.has_input(), "WithColumnsRenamed"));
      std::vector<std::pair<std::string, std::string>> renames;
      for (const auto& item : rename.renames()) renames.emplace_back(item.col_name(), item.new_col_name());
      if (renames.empty()) {  // 3.5 clients: an unordered map
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
        renames.assign(rename.rename_columns_map().begin(), rename.rename_columns_map().end());
#pragma GCC diagnostic pop
        std::sort(renames.begin(), renames.end());
      }
      return RelationNode(std::make_shared<plan::WithColumnsRenamed>(std::move(child), std::move(renames)));
    }
    default: {
      ASSIGN_OR_RETURN(RelationPtr child, Input(m.drop().input(), m.drop().has_input(), "Drop"));
      auto out = std::make_shared<plan::Drop>(std::move(child));
      ASSIGN_OR_RETURN(out->columns, DecodeList(m.drop().columns()));
      out->names = Strings(m.drop().column_names());
      return RelationNode(std::move(out));
    }
  }
}

Result<RelationNode> Decoder::DecodePartitioning(const proto::Relation& m) {
  if (m.rel_type_case() == Kind::kRepartition) {
    ASSIGN_OR_RETURN(RelationPtr child, Input(m.repartition().input(), m.repartition().has_input(), "Repartition"));
    auto out = std::make_shared<plan::Repartition>(std::move(child));
    // coalesce(n) says how many at most.
    const bool coalesce = m.repartition().has_shuffle() && !m.repartition().shuffle();
    out->partitions = coalesce ? 0 : m.repartition().num_partitions();
    return RelationNode(std::move(out));
  }
  const auto& by = m.repartition_by_expression();
  ASSIGN_OR_RETURN(RelationPtr child, Input(by.input(), by.has_input(), "RepartitionByExpression"));
  auto out = std::make_shared<plan::Repartition>(std::move(child));
  out->partitions = by.num_partitions();
  ASSIGN_OR_RETURN(out->exprs, DecodeList(by.partition_exprs()));
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeUnpivot(const proto::Unpivot& m) {
  ASSIGN_OR_RETURN(RelationPtr child, Input(m.input(), m.has_input(), "Unpivot"));
  auto out = std::make_shared<plan::Unpivot>(std::move(child));
  ASSIGN_OR_RETURN(out->ids, DecodeList(m.ids()));
  if (m.has_values()) {
    ASSIGN_OR_RETURN(out->values, DecodeList(m.values().values()));
  }
  out->variable_column = m.variable_column_name();
  out->value_column = m.value_column_name();
  return RelationNode(std::move(out));
}

Result<RelationNode> Decoder::DecodeShow(const proto::Relation& m) {
  if (m.rel_type_case() == Kind::kShowString) {
    const auto& show = m.show_string();
    ASSIGN_OR_RETURN(RelationPtr child, Input(show.input(), show.has_input(), "ShowString"));
    auto out = std::make_shared<plan::ShowString>(plan::RelationKind::kShowString, std::move(child));
    out->rows = show.num_rows();
    out->truncate = show.truncate();
    out->vertical = show.vertical();
    return RelationNode(std::move(out));
  }
  const auto& html = m.html_string();
  ASSIGN_OR_RETURN(RelationPtr child, Input(html.input(), html.has_input(), "HtmlString"));
  auto out = std::make_shared<plan::ShowString>(plan::RelationKind::kHtmlString, std::move(child));
  out->rows = html.num_rows();
  out->truncate = html.truncate();
  return RelationNode(std::move(out));
}

}  // namespace deltic::spark::connect
