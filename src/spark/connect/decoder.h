// Connect messages → the unresolved plan. One Decoder per request; not thread-safe. Everything Spark has and Deltic
// has not becomes an Unsupported* node with its Spark name, refused when resolved. Nesting is bounded
// (kMaxPlanDepth); malformed messages are CONNECT_INVALID_PLAN.* errors.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "spark/connect/base.pb.h"
#include "spark/connect/proto_type.h"
#include "spark/delta_connect/plan_decoder.h"
#include "spark/plan/command.h"
#include "spark/session/session.h"

namespace deltic::spark::connect {

inline constexpr int kMaxPlanDepth = 1500;
// Each level is a message inside bytes of its own, so that memory grows with the depth; clients nest two.
inline constexpr int kMaxExtensionDepth = 8;

class Decoder : public delta_connect::PlanDecoder {
 public:
  // `session` gives artifacts that cached local relations refer to, and tables; borrowed, may be null in tests.
  explicit Decoder(session::Session* session) : session_(session) {}

  Result<plan::RelationPtr> DecodeRelation(const proto::Relation& message) override;
  // Commands that spark/command executes. SqlCommand, checkpoints and the like are handled by the operation.
  Result<plan::CommandPtr> DecodeCommand(const proto::Command& message);
  Result<plan::ExpressionPtr> DecodeExpression(const proto::Expression& message) override;
  Result<std::shared_ptr<plan::SqlText>> DecodeSql(const proto::SQL& message);
  Result<std::shared_ptr<plan::SqlText>> DecodeSqlCommand(const proto::SqlCommand& message);
  // Relations that a with_relations message defines: plan id → relation (SubqueryAlias for SQL references).
  void AddReferences(const proto::WithRelations& message);

  // For the messages of Delta Connect (decode_extension.cc).
  Result<types::DataType> DecodeDataType(const proto::DataType& message) override { return DecodeType(message); }
  Result<bool> IsDeltaTable(const plan::NameParts& table) override;
  Result<bool> IsInDeltaTable(const std::string& path) override;

 private:
  using Expressions = std::vector<plan::ExpressionPtr>;
  using ExpressionList = google::protobuf::RepeatedPtrField<proto::Expression>;
  using SortOrders = google::protobuf::RepeatedPtrField<proto::Expression::SortOrder>;

  // Counts one level of nesting for its scope.
  class Nesting {
   public:
    explicit Nesting(int* depth) : depth_(depth) { ++*depth_; }
    ~Nesting() { --*depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    int* depth_;
  };

  // relations (decode_relation.cc, decode_relation_source.cc, decode_relation_stat.cc)
  Result<std::shared_ptr<plan::Relation>> DecodeRelationNode(const proto::Relation& m);
  Result<plan::RelationPtr> Input(const proto::Relation& m, bool present, const char* parent);
  Result<std::shared_ptr<plan::Relation>> DecodeRead(const proto::Read& m);
  Result<std::shared_ptr<plan::Relation>> DecodeLocal(const proto::LocalRelation& m);
  Result<std::shared_ptr<plan::Relation>> DecodeCachedLocal(const proto::CachedLocalRelation& m);
  Result<std::shared_ptr<plan::Relation>> DecodeChunkedLocal(const proto::ChunkedCachedLocalRelation& m);
  Result<std::shared_ptr<plan::Relation>> DecodeWithRelations(const proto::WithRelations& m);
  Result<std::shared_ptr<plan::Relation>> DecodeJoin(const proto::Join& m);
  Result<std::shared_ptr<plan::Relation>> DecodeLateralJoin(const proto::LateralJoin& m);
  Result<std::shared_ptr<plan::Relation>> DecodeSetOperation(const proto::SetOperation& m);
  Result<std::shared_ptr<plan::Relation>> DecodeAggregate(const proto::Aggregate& m);
  Result<std::shared_ptr<plan::Relation>> DecodeSimple(const proto::Relation& m);
  Result<std::shared_ptr<plan::Relation>> DecodeColumns(const proto::Relation& m);
  Result<std::shared_ptr<plan::Relation>> DecodePartitioning(const proto::Relation& m);
  Result<std::shared_ptr<plan::Relation>> DecodeUnpivot(const proto::Unpivot& m);
  Result<std::shared_ptr<plan::Relation>> DecodeParse(const proto::Parse& m);
  Result<std::shared_ptr<plan::Relation>> DecodeStatistics(const proto::Relation& m);
  Result<std::shared_ptr<plan::Relation>> DecodeSampleBy(const proto::StatSampleBy& m);
  Result<std::shared_ptr<plan::Relation>> DecodeNa(const proto::Relation& m);
  Result<std::shared_ptr<plan::Relation>> DecodeShow(const proto::Relation& m);

  // messages inside Any (decode_extension.cc)
  Result<std::shared_ptr<plan::Relation>> DecodeRelationExtension(const google::protobuf::Any& m);
  Result<plan::CommandPtr> DecodeCommandExtension(const google::protobuf::Any& m);

  // catalog (decode_catalog.cc)
  Result<plan::CommandPtr> DecodeCatalog(const proto::Catalog& m);

  // expressions (decode_expression.cc)
  Result<plan::ExpressionPtr> DecodeExpressionNode(const proto::Expression& m);
  Result<Expressions> DecodeList(const ExpressionList& list);
  Result<plan::ExpressionPtr> DecodeAttribute(const proto::Expression::UnresolvedAttribute& m);
  Result<plan::ExpressionPtr> DecodeFunction(const proto::Expression::UnresolvedFunction& m);
  Result<plan::ExpressionPtr> DecodeStar(const proto::Expression::UnresolvedStar& m);
  Result<plan::ExpressionPtr> DecodeRegex(const proto::Expression::UnresolvedRegex& m);
  Result<plan::ExpressionPtr> DecodeAlias(const proto::Expression::Alias& m);
  Result<plan::ExpressionPtr> DecodeCast(const proto::Expression::Cast& m);
  Result<plan::ExpressionPtr> DecodeSortOrder(const proto::Expression::SortOrder& m);
  Result<Expressions> DecodeSortOrders(const SortOrders& list);
  Result<plan::ExpressionPtr> DecodeWindow(const proto::Expression::Window& m);
  Result<plan::ExpressionPtr> DecodeLambda(const proto::Expression::LambdaFunction& m);
  Result<plan::ExpressionPtr> DecodeSubquery(const proto::SubqueryExpression& m);

  // Python functions (decode_expression.cc)
  using PythonFunctionPtr = std::shared_ptr<const engine::PythonFunction>;
  Result<PythonFunctionPtr> DecodePythonFunction(const proto::CommonInlineUserDefinedFunction& m);
  Result<PythonFunctionPtr> DecodePythonTable(const proto::CommonInlineUserDefinedTableFunction& m);

  // commands (decode_command.cc)
  Result<plan::CommandPtr> DecodeWrite(const proto::WriteOperation& m);
  Result<plan::CommandPtr> DecodeWriteV2(const proto::WriteOperationV2& m);
  Result<plan::CommandPtr> DecodeCreateView(const proto::CreateDataFrameViewCommand& m);
  Result<plan::CommandPtr> DecodeMerge(const proto::MergeIntoTableCommand& m);  // decode_merge.cc

  session::Session* session_;
  int depth_ = 0;
  int extension_depth_ = 0;
  std::vector<std::shared_ptr<const google::protobuf::Message>> extensions_;  // parsed; references_ may point into them
  std::map<int64_t, const proto::Relation*> references_;  // by plan id; messages outlive the decoder
};

// "a.`b.c`.d" → {a, b.c, d}, as Spark reads column names: anything but dots and back-ticks is part of a name.
Result<std::vector<std::string>> ParseAttributeName(const std::string& name);

// A literal message as a plan literal, and a value of a type as a literal message.
Result<plan::ExpressionPtr> DecodeLiteral(const proto::Expression::Literal& message, int depth = 0);
void EncodeLiteral(const engine::Value& value, const types::DataType& type, proto::Expression::Literal* out);

}  // namespace deltic::spark::connect
