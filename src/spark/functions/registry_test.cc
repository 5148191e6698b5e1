#include "spark/functions/registry.h"

#include <gtest/gtest.h>

#include <set>

#include "spark/functions/coercion.h"

namespace deltic::spark::functions {
namespace {

ExprPtr Column(DataType type) { return std::make_shared<engine::ColumnExpr>(1, std::move(type), true); }

Result<ExprPtr> Build(std::string name, std::vector<ExprPtr> args, bool ansi = false) {
  FunctionContext context;
  context.ansi = ansi;
  FunctionCall call;
  call.name = name;
  call.args = std::move(args);
  const FunctionRow* row = FindFunction(name);
  if (row == nullptr) return InternalError("no function " + name);
  return BuildFunction(*row, call, context);
}

std::string TypeOf(const std::string& name, std::vector<ExprPtr> args, bool ansi = false) {
  auto built = Build(name, std::move(args), ansi);
  return built.ok() ? (*built)->type.SimpleString() : built.status().condition();
}

TEST(Registry, NamesAreUniqueAndDocumented) {
  std::set<std::string_view> names;
  for (const FunctionRow* row : AllFunctions()) {
    EXPECT_TRUE(names.insert(row->name).second) << row->name;
    EXPECT_FALSE(row->doc.empty()) << row->name;
    for (std::string_view alias : row->aliases) EXPECT_TRUE(names.insert(alias).second) << alias;
  }
  EXPECT_EQ(FindFunction("COALESCE"), FindFunction("coalesce"));
  EXPECT_EQ(FindFunction("no_such_function"), nullptr);
}

TEST(Registry, ArgumentCounts) {
  auto built = Build("sqrt", {});
  EXPECT_TRUE(built.status().Is("WRONG_NUM_ARGS.WITHOUT_SUGGESTION"));
  EXPECT_EQ(built.status().Param("expectedNum"), "1");
}

// The expected types are those that Spark 3.5 prints for the same expressions (tests/gold/functions).
TEST(Coercion, ArithmeticTypes) {
  EXPECT_EQ(TypeOf("+", {Column(TypeId::kInteger), Column(TypeId::kLong)}), "bigint");
  EXPECT_EQ(TypeOf("+", {Column(TypeId::kString), Column(TypeId::kInteger)}), "double");
  EXPECT_EQ(TypeOf("+", {Column(DataType::Decimal(2, 1)), engine::MakeInt(2)}), "decimal(3,1)");
  EXPECT_EQ(TypeOf("*", {Column(DataType::Decimal(38, 10)), Column(DataType::Decimal(38, 10))}), "decimal(38,6)");
  EXPECT_EQ(TypeOf("/", {Column(TypeId::kInteger), Column(TypeId::kInteger)}), "double");
  EXPECT_EQ(TypeOf("-", {Column(TypeId::kDate), Column(TypeId::kDate)}), "interval day");
  EXPECT_EQ(TypeOf("+", {Column(TypeId::kBoolean), Column(TypeId::kInteger)}),
            "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
}

TEST(Coercion, CommonTypes) {
  EXPECT_EQ(TypeOf("coalesce", {Column(TypeId::kInteger), Column(TypeId::kString)}), "string");
  EXPECT_EQ(TypeOf("coalesce", {Column(TypeId::kInteger), Column(TypeId::kString)}, true), "bigint");
  EXPECT_EQ(TypeOf("greatest", {Column(TypeId::kInteger), Column(TypeId::kString)}),
            "DATATYPE_MISMATCH.DATA_DIFF_TYPES");
  EXPECT_EQ(*ComparisonType(TypeId::kString, TypeId::kDate, true, false), DataType(TypeId::kDate));
  EXPECT_FALSE(ComparisonType(TypeId::kBoolean, TypeId::kInteger, false, false).has_value());
  EXPECT_FALSE(CanCast(TypeId::kInteger, TypeId::kDate, false));
  EXPECT_FALSE(CanStoreAssign(TypeId::kString, TypeId::kInteger));
}

TEST(Coercion, Aggregates) {
  EXPECT_EQ(TypeOf("sum", {Column(TypeId::kByte)}), "bigint");
  EXPECT_EQ(TypeOf("sum", {Column(DataType::Decimal(3, 2))}), "decimal(13,2)");
  EXPECT_EQ(TypeOf("avg", {Column(DataType::Decimal(3, 2))}), "decimal(7,6)");
  EXPECT_EQ(TypeOf("sum", {Column(TypeId::kBoolean)}), "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
}

}  // namespace
}  // namespace deltic::spark::functions
