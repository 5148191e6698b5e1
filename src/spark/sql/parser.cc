#include "spark/sql/parser.h"

#include "spark/sql/parser_impl.h"
#include "spark/sql/schema_text.h"
#include "spark/sql/sql_text.h"

namespace deltic::spark::sql {
namespace {

// Runs one parse of `text` and turns a failure into its Status.
template <typename T, typename F>
Result<T> Run(std::string_view text, const ParserOptions& options, F parse, const plan::SqlText* values = nullptr) {
  try {
    Parser parser(text, options);
    parser.SetParameterValues(values);
    return parse(&parser);
  } catch (ParseFailure& failure) {
    return std::move(failure.status);
  }
}

bool IsJson(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '"');
}

}  // namespace

Result<plan::Statement> ParseStatement(std::string_view text, const ParserOptions& options) {
  return Run<plan::Statement>(text, options, [](Parser* p) { return p->SingleStatement(); });
}
Result<plan::Statement> ParseSqlText(const plan::SqlText& sql, const ParserOptions& options) {
  return Run<plan::Statement>(sql.query, options, [](Parser* p) { return p->SingleStatement(); }, &sql);
}
Result<plan::ExpressionPtr> ParseExpression(std::string_view text, const ParserOptions& options) {
  return Run<plan::ExpressionPtr>(text, options, [](Parser* p) { return p->SingleExpression(); });
}
Result<plan::ExpressionPtr> ParseSortOrder(std::string_view text, const ParserOptions& options) {
  return Run<plan::ExpressionPtr>(text, options, [](Parser* p) { return p->SingleSortOrder(); });
}
Result<plan::NameParts> ParseMultipartIdentifier(std::string_view text) {
  return Run<plan::NameParts>(text, {}, [](Parser* p) { return p->SingleMultipartIdentifier(); });
}
Result<types::DataType> ParseDataType(std::string_view text) {
  return Run<types::DataType>(text, {}, [](Parser* p) { return p->SingleDataType(); });
}
Result<types::DataType> ParseTableSchema(std::string_view text) {
  Result<types::DataType> schema = Run<types::DataType>(text, {}, [](Parser* p) { return p->SingleTableSchema(); });
  if (schema.ok()) return schema;
  // As DataType.fromDDL: "struct<…>" and plain types are tried next; the first error is the one to report then.
  Result<types::DataType> type = ParseDataType(text);
  if (type.ok() && type->Is(types::TypeId::kStruct)) return type;
  return schema;
}
Result<types::DataType> ParseSchemaString(std::string_view text) {
  if (IsJson(text)) return types::DataType::FromJson(text);
  Result<types::DataType> schema = Run<types::DataType>(text, {}, [](Parser* p) { return p->SingleTableSchema(); });
  if (schema.ok()) return schema;
  Result<types::DataType> type = ParseDataType(text);
  if (type.ok()) return type;
  type = ParseDataType("struct<" + std::string(text) + ">");  // "a: int, b: string"
  return type.ok() ? type : schema;
}
Result<types::DataType> ParseStructSchema(std::string_view text) {
  if (!IsJson(text)) return Run<types::DataType>(text, {}, [](Parser* p) { return p->SingleTableSchema(); });
  ASSIGN_OR_RETURN(types::DataType type, types::DataType::FromJson(text));
  if (type.Is(types::TypeId::kStruct)) return type;
  return Error("INVALID_SCHEMA.NON_STRUCT_TYPE",
               {{"inputSchema", "\"" + std::string(text) + "\""}, {"dataType", "\"" + type.Sql() + "\""}});
}

// --- entry points --------------------------------------------------------------------------------------

plan::Statement Parser::SingleStatement() {
  plan::Statement statement = StatementBody();
  while (AcceptSym(';')) {
  }
  ExpectEnd();
  return statement;
}

ExpressionPtr Parser::SingleExpression() {
  ExpressionPtr expression = NamedExpression();
  ExpectEnd();
  return expression;
}

ExpressionPtr Parser::SingleSortOrder() {
  ExpressionPtr order = SortItem();
  ExpectEnd();
  return order;
}

NameParts Parser::SingleMultipartIdentifier() {
  NameParts parts = MultipartIdentifier();
  ExpectEnd();
  return parts;
}

types::DataType Parser::SingleDataType() {
  types::DataType type = Type();
  ExpectEnd();
  return type;
}

types::DataType Parser::SingleTableSchema() {
  std::vector<types::StructField> fields = ColumnTypes();
  ExpectEnd();
  return types::DataType::Struct(std::move(fields));
}

}  // namespace deltic::spark::sql
