#include "spark/connect/decoder.h"

#include <gtest/gtest.h>

#include "spark/connect/arrow_stream.h"
#include "spark/connect/error_reply.h"
#include "spark/connect/response_buffer.h"

namespace deltic::spark::connect {
namespace {

using types::DataType;
using types::TypeId;

TEST(ProtoTypeTest, RoundTrip) {
  const DataType type = DataType::Struct({
      {"a", DataType::Decimal(10, 2), false, "{\"k\":1}"},
      {"b", DataType::Array(DataType::Map(DataType(TypeId::kString), DataType(TypeId::kLong), false), true)},
      {"c", DataType::Struct({{"d", DataType(TypeId::kTimestampNtz)}, {"e", DataType::Char(3)}})},
      {"f", DataType::DayTimeInterval(1, 2)},
      {"g", DataType(TypeId::kVariant)},
  });
  proto::DataType message;
  EncodeType(type, &message);
  auto decoded = DecodeType(message);
  ASSERT_TRUE(decoded.ok()) << decoded.status().ToString();
  EXPECT_EQ(*decoded, type);
}

TEST(ProtoTypeTest, RefusesUdtAndDeepTypes) {
  proto::DataType udt;
  udt.mutable_udt()->set_type("udt");
  EXPECT_TRUE(DecodeType(udt).status().Is("UNSUPPORTED_DATATYPE"));
  proto::DataType deep;
  proto::DataType* at = &deep;
  for (int i = 0; i < kMaxTypeDepth + 10; i++) at = at->mutable_array()->mutable_element_type();
  at->mutable_long_();
  EXPECT_TRUE(DecodeType(deep).status().Is("CONNECT_INVALID_PLAN.TOO_DEEP"));
}

TEST(AttributeNameTest, SplitsAsSpark) {
  EXPECT_EQ(*ParseAttributeName("a.`b.c`.d e"), (std::vector<std::string>{"a", "b.c", "d e"}));
  EXPECT_EQ(*ParseAttributeName("`a``b`"), (std::vector<std::string>{"a`b"}));
  for (const char* bad : {"a..b", ".a", "a.", "`a", "a`b`", "`a`b"}) {
    EXPECT_TRUE(ParseAttributeName(bad).status().Is("_LEGACY_ERROR_TEMP_1049")) << bad;
  }
}

std::string LiteralRoundTrip(const proto::Expression::Literal& message) {
  auto decoded = DecodeLiteral(message);
  if (!decoded.ok()) return decoded.status().ToString();
  const auto& literal = (*decoded)->As<plan::Literal>();
  proto::Expression::Literal out;
  EncodeLiteral(literal.value, literal.type, &out);
  return literal.type.SimpleString() + " " + out.ShortDebugString();
}

TEST(LiteralTest, Decimals) {
  proto::Expression::Literal message;
  message.mutable_decimal()->set_value("-12.340");
  EXPECT_EQ(LiteralRoundTrip(message), "decimal(5,3) decimal { value: \"-12.340\" precision: 5 scale: 3 }");
  message.mutable_decimal()->set_value("1E+3");
  EXPECT_EQ(LiteralRoundTrip(message), "decimal(4,0) decimal { value: \"1000\" precision: 4 scale: 0 }");
  message.mutable_decimal()->set_value("0.05");
  message.mutable_decimal()->set_precision(10);
  message.mutable_decimal()->set_scale(4);
  EXPECT_EQ(LiteralRoundTrip(message), "decimal(10,4) decimal { value: \"0.0500\" precision: 10 scale: 4 }");
  message.mutable_decimal()->set_value("12x");
  EXPECT_FALSE(DecodeLiteral(message).ok());
}

TEST(LiteralTest, TypedNullOf4xClients) {
  proto::Expression::Literal message;
  message.mutable_data_type()->mutable_date();
  auto decoded = DecodeLiteral(message);
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE((*decoded)->As<plan::Literal>().value.IsNull());
  EXPECT_EQ((*decoded)->As<plan::Literal>().type, DataType(TypeId::kDate));
}

TEST(DecoderTest, OperatorsGetOneSpelling) {
  proto::Expression message;
  auto* function = message.mutable_unresolved_function();
  function->set_function_name("==");
  function->add_arguments()->mutable_unresolved_attribute()->set_unparsed_identifier("a");
  function->add_arguments()->mutable_literal()->set_integer(1);
  auto decoded = Decoder(nullptr).DecodeExpression(message);
  ASSERT_TRUE(decoded.ok());
  const auto& call = (*decoded)->As<plan::UnresolvedFunction>();
  EXPECT_EQ(call.name, "=");
  EXPECT_EQ(call.args.size(), 2U);
}

TEST(DecoderTest, SubqueriesComeFromReferences) {
  proto::Relation message;
  auto* with = message.mutable_with_relations();
  auto* reference = with->add_references();
  reference->mutable_common()->set_plan_id(7);
  reference->mutable_range()->set_end(3);
  auto* filter = with->mutable_root()->mutable_filter();
  filter->mutable_input()->mutable_range()->set_end(5);
  filter->mutable_input()->mutable_range()->set_step(1);
  reference->mutable_range()->set_step(1);
  auto* subquery = filter->mutable_condition()->mutable_subquery_expression();
  subquery->set_plan_id(7);
  subquery->set_subquery_type(proto::SubqueryExpression::SUBQUERY_TYPE_EXISTS);
  auto decoded = Decoder(nullptr).DecodeRelation(message);
  ASSERT_TRUE(decoded.ok()) << decoded.status().ToString();
  const auto& condition = (*decoded)->As<plan::Filter>().condition;
  ASSERT_EQ(condition->kind, plan::ExpressionKind::kSubquery);
  EXPECT_EQ(condition->As<plan::SubqueryExpression>().plan->kind, plan::RelationKind::kRange);
}

TEST(DecoderTest, UnsupportedByName) {
  proto::Relation message;
  message.mutable_as_of_join();
  auto decoded = Decoder(nullptr).DecodeRelation(message);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ((*decoded)->As<plan::UnsupportedRelation>().what, "as-of join");
}

TEST(DecoderTest, MalformedMessagesAreRefused) {
  EXPECT_FALSE(Decoder(nullptr).DecodeRelation(proto::Relation()).ok());
  proto::Relation filter;
  filter.mutable_filter();
  EXPECT_TRUE(Decoder(nullptr).DecodeRelation(filter).status().Is("CONNECT_INVALID_PLAN.MISSING_FIELD"));
}

TEST(DecoderTest, CatalogCallsHaveArgumentsInOrder) {
  proto::Relation message;
  message.mutable_catalog()->mutable_list_columns()->set_table_name("t");
  auto decoded = Decoder(nullptr).DecodeRelation(message);
  ASSERT_TRUE(decoded.ok());
  const auto& call = (*decoded)->As<plan::CommandResult>().command->As<plan::CatalogCall>();
  EXPECT_EQ(call.method, "listColumns");
  ASSERT_EQ(call.args.size(), 2U);
  EXPECT_EQ(call.args[0], "t");
  EXPECT_EQ(call.args[1], std::nullopt);
}

TEST(ErrorReplyTest, StaysSmallAndKeepsHeadAndTail) {
  const std::string text = "head" + std::string(100'000, 'x') + "tail";
  grpc::Status status = ToGrpcStatus(Error("INTERNAL_ERROR", {{"message", text}}), nullptr);
  EXPECT_LT(status.error_message().size() + status.error_details().size(), 6000U);
  EXPECT_NE(status.error_message().find("head"), std::string::npos);
  EXPECT_TRUE(status.error_message().ends_with("tail"));
}

TEST(ErrorReplyTest, DetailsCarrySqlContext) {
  ErrorLog log;
  const std::string id =
      log.Add(Error("TABLE_OR_VIEW_NOT_FOUND", {{"relationName", "`t`"}}).WithPosition(14, 14), "SELECT * FROM t");
  proto::FetchErrorDetailsResponse response;
  ASSERT_TRUE(log.Fill(id, &response));
  const auto& error = response.errors(response.root_error_idx());
  EXPECT_EQ(error.spark_throwable().error_class(), "TABLE_OR_VIEW_NOT_FOUND");
  EXPECT_EQ(error.spark_throwable().query_contexts(0).fragment(), "t");
  EXPECT_NE(error.message().find("; line 1 pos 14"), std::string::npos);
  EXPECT_FALSE(log.Fill("unknown", &response));
}

TEST(ArrowStreamTest, EmptyBatchFollowsTheSchema) {
  auto stream = WithEmptyBatch(EmptySchemaStream());
  ASSERT_TRUE(stream.ok());
  // Schema message, an empty record batch (96 bytes), end of stream.
  EXPECT_EQ(stream->size(), 56U + 96U + 8U);
  auto joined =
      ConcatenateStreams({std::make_shared<const std::string>(*stream), std::make_shared<const std::string>(*stream)});
  ASSERT_TRUE(joined.ok());
  EXPECT_EQ((*joined)->size(), 56U + 96U + 96U + 8U);
  EXPECT_FALSE(WithEmptyBatch("short").ok());
}

class ResponseBufferTest : public ::testing::Test {
 protected:
  using Read = ResponseBuffer::ReadResult;
  bool Push(ResponseBuffer* buffer, size_t bytes) {
    proto::ExecutePlanResponse response;
    response.mutable_arrow_batch()->set_data(std::string(bytes, 'x'));
    return buffer->TryPush(&response);
  }
  static constexpr std::chrono::milliseconds kNoWait{0};
  const std::string prefix_ = "01234567-89ab-4cde-8f01-";
};

TEST_F(ResponseBufferTest, BoundsAndReattach) {
  ResponseBuffer buffer(prefix_, {.unsent_bytes = 1000, .retained_bytes = 400});
  EXPECT_TRUE(Push(&buffer, 600));
  EXPECT_TRUE(Push(&buffer, 600));
  EXPECT_FALSE(Push(&buffer, 1));  // over the limit of unsent bytes
  const int64_t first = buffer.Attach();
  ResponseBuffer::Response bytes;
  EXPECT_EQ(buffer.Read(first, 1, kNoWait, &bytes), Read::kResponse);
  buffer.MarkSent(1);
  buffer.MarkSent(2);
  EXPECT_TRUE(Push(&buffer, 10));
  const int64_t second = buffer.Attach();
  EXPECT_EQ(buffer.Read(first, 3, kNoWait, &bytes), Read::kDetached);
  EXPECT_EQ(buffer.Read(second, 1, kNoWait, &bytes), Read::kGone);  // no longer kept
  EXPECT_EQ(buffer.Read(second, 2, kNoWait, &bytes), Read::kResponse);
  EXPECT_EQ(buffer.IndexOf(prefix_ + "000000000003"), 3);
  EXPECT_EQ(buffer.IndexOf(prefix_ + "000000000004"), std::nullopt);
  EXPECT_EQ(buffer.IndexOf("fedcba98-89ab-4cde-8f01-000000000001"), std::nullopt);
  EXPECT_EQ(buffer.Read(second, 4, kNoWait, &bytes), Read::kTimeout);
  buffer.ReleaseUntil(3);
  buffer.Finish(grpc::Status::OK);
  EXPECT_EQ(buffer.Read(second, 4, kNoWait, &bytes), Read::kEnd);
  EXPECT_TRUE(buffer.drained());
  EXPECT_FALSE(Push(&buffer, 1));
}

TEST_F(ResponseBufferTest, AConsumerThatWasDisplacedDetachesNobody) {
  ResponseBuffer buffer(prefix_, {});
  EXPECT_EQ(buffer.detached_since_nanos(), 0);
  const int64_t first = buffer.Attach();
  const int64_t second = buffer.Attach();
  buffer.Detach(first, 100);
  EXPECT_EQ(buffer.detached_since_nanos(), 0);
  buffer.Detach(second, 200);
  EXPECT_EQ(buffer.detached_since_nanos(), 200);
  buffer.Attach();
  EXPECT_EQ(buffer.detached_since_nanos(), 0);
}

TEST_F(ResponseBufferTest, WhatNobodyHasReadGathersInOneMessage) {
  ResponseBuffer buffer(prefix_, {});
  proto::ExecutePlanResponse schema, metrics, complete;
  schema.mutable_schema()->mutable_long_();
  metrics.mutable_metrics()->add_metrics()->set_name("Query");
  complete.mutable_result_complete();
  EXPECT_TRUE(buffer.TryPush(&schema));
  EXPECT_TRUE(Push(&buffer, 10));
  EXPECT_TRUE(buffer.TryPush(&metrics));
  EXPECT_TRUE(Push(&buffer, 20));  // a second batch has no room beside the first
  const int64_t consumer = buffer.Attach();
  ResponseBuffer::Response read;
  EXPECT_EQ(buffer.Read(consumer, 1, kNoWait, &read), Read::kResponse);
  proto::ExecutePlanResponse first;
  grpc::Slice slice;
  ASSERT_TRUE(read.bytes.DumpToSingleSlice(&slice).ok());
  ASSERT_TRUE(first.ParseFromArray(slice.begin(), static_cast<int>(slice.size())));
  EXPECT_TRUE(first.has_schema());
  EXPECT_EQ(first.arrow_batch().data().size(), 10U);
  EXPECT_EQ(first.metrics().metrics(0).name(), "Query");
  EXPECT_EQ(first.response_id(), prefix_ + "000000000001");
  EXPECT_EQ(buffer.Read(consumer, 2, kNoWait, &read), Read::kResponse);
  EXPECT_FALSE(read.last);
  EXPECT_TRUE(buffer.TryPush(&complete));
  buffer.Finish(grpc::Status::OK);
  EXPECT_EQ(buffer.Read(consumer, 3, kNoWait, &read), Read::kResponse);
  EXPECT_TRUE(read.last);
}

}  // namespace
}  // namespace deltic::spark::connect
