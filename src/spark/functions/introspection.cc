// Session facts, type names as functions, identifiers of rows and partitions.
#include "spark/functions/coercion.h"
#include "spark/functions/families.h"

namespace deltic::spark::functions {
namespace {

Result<ExprPtr> CurrentUser(const FunctionCall&, const FunctionContext& context) {
  return engine::MakeString(context.current_user);
}
Result<ExprPtr> CurrentDatabase(const FunctionCall&, const FunctionContext& context) {
  return engine::MakeString(context.current_database);
}
Result<ExprPtr> CurrentCatalog(const FunctionCall&, const FunctionContext& context) {
  return engine::MakeString(context.current_catalog);
}
Result<ExprPtr> Version(const FunctionCall&, const FunctionContext& context) {
  return engine::MakeString(context.spark_version + " deltic");
}
Result<ExprPtr> TypeOf(const FunctionCall& call, const FunctionContext&) {
  return engine::MakeString(call.args[0]->type.Is(TypeId::kNull) ? "void" : call.args[0]->type.SimpleString());
}

// int(x), string(x), …: CAST(x AS type).
Result<ExprPtr> CastBy(const FunctionCall& call, const FunctionContext& context, DataType type) {
  const ExprPtr& arg = call.args[0];
  if (!CanCast(arg->type, type, context.ansi)) {
    return Error("DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION",
                 {{"sqlExpr", "\"CAST(" + ExprSql(arg) + " AS " + type.Sql() + ")\""},
                  {"srcType", "\"" + arg->type.Sql() + "\""},
                  {"targetType", "\"" + type.Sql() + "\""}});
  }
  return CastTo(arg, type, context);
}
template <TypeId kType>
Result<ExprPtr> CastFunction(const FunctionCall& call, const FunctionContext& context) {
  if constexpr (kType == TypeId::kDecimal) return CastBy(call, context, DataType::Decimal(10, 0));
  return CastBy(call, context, kType);
}

Result<ExprPtr> Uuid(const FunctionCall&, const FunctionContext&) {
  return engine::MakeCall("uuid", {}, TypeId::kString, false);
}
Result<ExprPtr> MonotonicallyIncreasingId(const FunctionCall&, const FunctionContext&) {
  return engine::MakeCall("spark_monotonically_increasing_id", {}, TypeId::kLong, false, true);
}
// One partition: the engine's threads are not visible.
Result<ExprPtr> PartitionId(const FunctionCall&, const FunctionContext&) { return engine::MakeInt(0); }

// What they are outside of a file scan; over one the resolver reads the scan's hidden columns.
Result<ExprPtr> NoInputFile(const FunctionCall&, const FunctionContext&) { return engine::MakeString(""); }
Result<ExprPtr> NoInputBlock(const FunctionCall&, const FunctionContext&) { return engine::MakeLong(-1); }

}  // namespace

std::span<const FunctionRow> MiscFunctions() {
  static const auto* const rows = new std::vector<FunctionRow>{
      Scalar("current_user", {"user", "session_user"}, 0, 0, CurrentUser, "3.2.0", "The user of the session."),
      Scalar("current_database", {"current_schema"}, 0, 0, CurrentDatabase, "1.6.0", "The current database."),
      Scalar("current_catalog", {}, 0, 0, CurrentCatalog, "3.1.0", "The current catalog."),
      Scalar("version", {}, 0, 0, Version, "3.0.0", "The Spark version this server speaks."),
      Scalar("typeof", {}, 1, 1, TypeOf, "3.0.0", "The type of the value as text."),
      Scalar("uuid", {}, 0, 0, Uuid, "2.3.0", "A random UUID."),
      Scalar("monotonically_increasing_id", {}, 0, 0, MonotonicallyIncreasingId, "1.4.0", "Unique increasing numbers."),
      Scalar("spark_partition_id", {}, 0, 0, PartitionId, "1.4.0", "The current partition."),
      Scalar("input_file_name", {}, 0, 0, NoInputFile, "1.5.0", "The file that the row is read from."),
      Scalar("input_file_block_start", {}, 0, 0, NoInputBlock, "2.2.0", "The start of the block that is read."),
      Scalar("input_file_block_length", {}, 0, 0, NoInputBlock, "2.2.0", "The length of the block that is read."),
      Scalar("boolean", {}, 1, 1, CastFunction<TypeId::kBoolean>, "2.0.1", "CAST(expr AS BOOLEAN)."),
      Scalar("tinyint", {}, 1, 1, CastFunction<TypeId::kByte>, "2.0.1", "CAST(expr AS TINYINT)."),
      Scalar("smallint", {}, 1, 1, CastFunction<TypeId::kShort>, "2.0.1", "CAST(expr AS SMALLINT)."),
      Scalar("int", {}, 1, 1, CastFunction<TypeId::kInteger>, "2.0.1", "CAST(expr AS INT)."),
      Scalar("bigint", {}, 1, 1, CastFunction<TypeId::kLong>, "2.0.1", "CAST(expr AS BIGINT)."),
      Scalar("float", {}, 1, 1, CastFunction<TypeId::kFloat>, "2.0.1", "CAST(expr AS FLOAT)."),
      Scalar("double", {}, 1, 1, CastFunction<TypeId::kDouble>, "2.0.1", "CAST(expr AS DOUBLE)."),
      Scalar("decimal", {}, 1, 1, CastFunction<TypeId::kDecimal>, "2.0.1", "CAST(expr AS DECIMAL)."),
      Scalar("date", {}, 1, 1, CastFunction<TypeId::kDate>, "2.0.1", "CAST(expr AS DATE)."),
      Scalar("timestamp", {}, 1, 1, CastFunction<TypeId::kTimestamp>, "2.0.1", "CAST(expr AS TIMESTAMP)."),
      Scalar("binary", {}, 1, 1, CastFunction<TypeId::kBinary>, "2.0.1", "CAST(expr AS BINARY)."),
      Scalar("string", {}, 1, 1, CastFunction<TypeId::kString>, "2.0.1", "CAST(expr AS STRING)."),
  };
  return *rows;
}

}  // namespace deltic::spark::functions
