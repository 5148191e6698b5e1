// The recursive-descent parser behind parser.h, one instance per text. Private to this folder; its methods are spread
// over parse_*.cc by topic. Every method either consumes its construct or throws ParseFailure. Nesting is counted
// by Depth, so no text can overflow the stack. Not thread-safe (an instance is used by one thread).
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "spark/plan/alter_table.h"
#include "spark/sql/token_stream.h"

namespace deltic::spark::sql {

using plan::ExpressionPtr;
using plan::RelationPtr;

class Parser : private TokenStream {
 public:
  using TokenStream::TokenStream;
  // --- entry points: each parses the whole text -----------------------------------------------------
  plan::Statement SingleStatement();
  ExpressionPtr SingleExpression();
  ExpressionPtr SingleSortOrder();
  NameParts SingleMultipartIdentifier();
  types::DataType SingleDataType();
  types::DataType SingleTableSchema();
  void SetParameterValues(const plan::SqlText* values) { values_ = values; }  // borrowed for the parse; null: none

 private:
  using Options = plan::Options;
  using Expressions = std::vector<ExpressionPtr>;

  // --- references to tables and functions (parse_primary.cc) ----------------------------------------
  NameParts IdentifierReference();  // also IDENTIFIER('a.b')
  NameParts TableOrPath();          // Delta: a name or '/path' → {"delta", "/path"}

  // --- expressions (parse_expression.cc, parse_primary.cc, parse_call.cc) ---------------------------
  ExpressionPtr Expr() { return Boolean(0); }
  ExpressionPtr Boolean(int min_precedence);
  ExpressionPtr NotOrPredicated();
  ExpressionPtr Predicate(ExpressionPtr value, size_t first);
  ExpressionPtr InPredicate(ExpressionPtr value, size_t first);
  ExpressionPtr LikePredicate(ExpressionPtr value, std::string function, bool negated, size_t first);
  ExpressionPtr IsPredicate(ExpressionPtr value, size_t first);
  bool AtPredicate() const;
  ExpressionPtr Value(int min_precedence = 0);
  ExpressionPtr Unary();
  ExpressionPtr Postfix(ExpressionPtr base, size_t first);
  ExpressionPtr Primary();
  ExpressionPtr WordPrimary();
  ExpressionPtr SpecialForm();  // null: the keyword is not used as a special form here
  ExpressionPtr Parenthesized();
  ExpressionPtr LambdaExpression();
  bool AtLambda() const;
  ExpressionPtr NameOrCall();
  ExpressionPtr FunctionCall(NameParts name, size_t first);
  ExpressionPtr FunctionArgument();
  ExpressionPtr FinishCall(ExpressionPtr argument, size_t first);
  void CloseCall();
  bool PlainCallAhead() const;
  size_t CountArguments(size_t open) const;
  ExpressionPtr CallSuffix(std::shared_ptr<plan::UnresolvedFunction> call, size_t first);
  ExpressionPtr CaseExpression();
  ExpressionPtr CastExpression();
  ExpressionPtr DateArithmetic();
  ExpressionPtr FirstLast(std::string name);
  ExpressionPtr ExtractForm();
  ExpressionPtr PositionForm();
  ExpressionPtr SubstringForm();
  ExpressionPtr TrimForm();
  ExpressionPtr OverlayForm();
  ExpressionPtr PercentileForm();
  ExpressionPtr IdentifierForm();
  ExpressionPtr SubqueryForm(plan::SubqueryExpression::Kind kind);
  ExpressionPtr RowConstructor(Expressions items, size_t first);
  ExpressionPtr NamedExpression();
  Expressions NamedExpressionSeq();
  Expressions ExpressionSeq();
  ExpressionPtr SortItem();
  Expressions SortItems();
  ExpressionPtr Fn(std::string name, Expressions args, size_t first) const;
  ExpressionPtr StringLiteral(std::string value, size_t first) const;
  ExpressionPtr IntLiteral(int32_t value, size_t first) const;
  bool StartsExpression(size_t ahead) const;
  bool EndsItem(size_t ahead) const;  // , ) ; or the end: a keyword before it is only a name
  bool StartsClause(size_t ahead) const;

  // --- windows (parse_window.cc) ---------------------------------------------------------------------
  ExpressionPtr WindowSpec(ExpressionPtr function, size_t first);
  std::shared_ptr<plan::Window> WindowDefinition();
  void WindowFrame(plan::Window* window);
  plan::WindowBound FrameBound();
  void WindowClause();
  struct NamedWindow {
    std::string name;
    std::shared_ptr<const plan::Window> definition;
  };
  // The named windows of one SELECT. The clause follows the select list, so it is read ahead of the list and
  // stepped over in its own place.
  struct WindowScope {
    std::vector<NamedWindow> named;
    size_t begin = 0, end = 0;  // tokens of the clause
  };
  void ReadWindowsAhead();
  void SkipWindowClause();
  const plan::Window* FindWindow(std::string_view name) const;

  // --- literals (parse_literal.cc) -------------------------------------------------------------------
  bool AtConstant() const;
  ExpressionPtr Constant();
  ExpressionPtr Number(bool negative, size_t first);
  ExpressionPtr IntegerLiteral(std::string digits, size_t first);
  ExpressionPtr SizedInteger(std::string digits, TokenKind kind, size_t first);
  ExpressionPtr DecimalLiteral(std::string text, size_t first);
  ExpressionPtr DoubleLiteral(std::string text, bool is_float, size_t first);
  ExpressionPtr TypedLiteral();
  ExpressionPtr DateLiteral(const std::string& text, size_t first);
  ExpressionPtr TimestampLiteral(const std::string& text, types::TypeId type, size_t first);
  ExpressionPtr BinaryLiteral(const std::string& text, size_t first);
  bool AtInterval() const;
  ExpressionPtr Interval();
  ExpressionPtr UnitsInterval(size_t first);
  ExpressionPtr RangeInterval(size_t first);
  ExpressionPtr IntervalOfUnits(const std::string& text, const std::vector<std::string>& units, size_t first);
  bool AtIntervalUnit(size_t ahead) const;
  [[noreturn]] void FailTypedLiteral(std::string_view type, std::string_view value, size_t token) const;

  // --- types (parse_type.cc) --------------------------------------------------------------------------
  types::DataType Type();
  types::DataType IntervalType(size_t first);
  types::DataType PrimitiveType();
  types::StructField ComplexColumn();
  types::StructField ColumnType();
  std::vector<types::StructField> ColumnTypes();
  void TypeParameterEnd();
  std::string CommentSpec();

  // --- queries (parse_query.cc, parse_relation.cc, parse_select.cc) ----------------------------------
  RelationPtr Query();
  RelationPtr QueryAfterCtes();
  std::vector<std::pair<std::string, RelationPtr>> Ctes();
  RelationPtr QueryTerm(int min_precedence);
  RelationPtr QueryPrimary();
  RelationPtr QueryOrganization(RelationPtr input);
  RelationPtr Select(RelationPtr from);
  RelationPtr FromStatement();
  RelationPtr SelectTail(RelationPtr input, Expressions list, bool distinct);
  std::vector<std::pair<std::string, Expressions>> Hints();
  RelationPtr Aggregation(RelationPtr input, Expressions list);
  ExpressionPtr GroupingItem();
  ExpressionPtr GroupingAnalyticsItem();
  Expressions GroupingSet();
  std::vector<Expressions> GroupingSetList();
  RelationPtr FromClause();
  RelationPtr RelationWithJoins();
  RelationPtr RelationPrimary();
  RelationPtr ParenthesizedRelation();
  RelationPtr JoinTail(RelationPtr left, bool* found);
  RelationPtr LateralViews(RelationPtr input);
  RelationPtr PivotClause(RelationPtr input);
  RelationPtr UnpivotClause(RelationPtr input);
  RelationPtr TableReference();
  RelationPtr TableFunctionCall(NameParts name, size_t first);
  RelationPtr InlineTable();
  RelationPtr TableSample(RelationPtr input);
  RelationPtr TableAlias(RelationPtr input);
  RelationPtr TransformQuery();
  std::optional<plan::TimeTravel> TemporalClause();
  bool AtTemporal() const;
  bool AtQuery(size_t ahead = 0) const;  // a query starts here, looking through parentheses
  bool AtQueryKeyword(size_t token) const;

  // --- statements (parse_statement.cc, _create.cc, _dml.cc, _show.cc, _set.cc) --------
  plan::Statement StatementBody();
  plan::CommandPtr CommandStatement();  // null: a query
  plan::CommandPtr CreateStatement();
  plan::CommandPtr CreateTableStatement(size_t first, bool replace, bool create);
  bool CreateTableClause(plan::CreateTable* table, std::vector<std::string>* seen, size_t clauses);
  void PartitionFields(plan::CreateTable* table, std::vector<std::string>* seen);
  plan::ColumnDefinition ColumnDefinitionItem();
  bool ColumnOption(plan::ColumnDefinition* column, std::vector<std::string>* seen);
  void GeneratedColumn(plan::ColumnDefinition* column);
  plan::CommandPtr CreateViewStatement(size_t first, bool replace);
  plan::CommandPtr CreateDatabase();
  plan::CommandPtr DropStatement();
  plan::CommandPtr AlterStatement();
  plan::CommandPtr AlterTableAction(std::shared_ptr<plan::TableChange> alter, size_t first);
  // --- parse_alter.cc; false: none of these
  bool AlterProperties(plan::TableChange* alter);
  bool AlterColumns(plan::TableChange* alter, size_t first);
  bool AlterDelta(plan::TableChange* alter);
  void ColumnsToAdd(plan::TableChange* alter);
  bool Position(plan::ColumnPosition* position);
  void HiveChange(plan::ColumnChange* change, size_t first);
  void ColumnAction(plan::TableChange* alter, size_t first);
  plan::CommandPtr CommentStatement();
  std::shared_ptr<plan::Insert> InsertHead();
  plan::CommandPtr InsertStatement(std::vector<std::pair<std::string, RelationPtr>> ctes);
  plan::CommandPtr MultiInsert(std::vector<std::pair<std::string, RelationPtr>> ctes);
  plan::CommandPtr DmlStatement();
  plan::DmlTarget DmlTargetClause(std::string_view statement);
  std::string DmlAlias(std::string_view statement);
  std::vector<plan::Assignment> Assignments();
  plan::CommandPtr MergeStatement(std::vector<std::pair<std::string, RelationPtr>> ctes);
  std::vector<plan::MergeClause> MergeClauses(size_t first);
  void MergeAction(plan::MergeClause* clause);
  plan::CommandPtr ShowStatement();
  plan::CommandPtr DescribeStatement();
  plan::CommandPtr ExplainStatement();
  plan::CommandPtr SetStatement();
  plan::CommandPtr ResetStatement();
  plan::CommandPtr SetTimeZone(size_t first);
  plan::CommandPtr CacheStatement();
  plan::CommandPtr RefreshStatement();
  plan::CommandPtr UseStatement();
  plan::CommandPtr TruncateStatement();
  plan::CommandPtr UnsupportedUntilEnd(std::string what);
  void FailNativeCommand();  // Hive commands that Spark refuses by name

  // --- Delta's own statements (parse_delta.cc); null: the text is none ---------------------------------
  plan::CommandPtr DeltaStatement();
  plan::CommandPtr VacuumStatement();
  plan::CommandPtr OptimizeStatement();
  plan::CommandPtr ReorgStatement();
  plan::CommandPtr RestoreStatement();
  plan::CommandPtr ConvertStatement();
  plan::CommandPtr CloneTail(const plan::CreateTable& header, size_t first);
  std::string PartitionPredicateText(std::string_view end_word);
  bool DeltaTemporalClause(std::optional<int64_t>* version, ExpressionPtr* timestamp);
  bool AtNamespace(size_t ahead = 0) const;
  bool AcceptIfExists();
  bool AcceptIfNotExists();
  Options PropertyList(bool need_values);
  std::string PropertyKey();
  void RefuseReservedProperties(const Options& properties, size_t token) const;
  std::vector<std::pair<std::string, ExpressionPtr>> PartitionSpec();
  const plan::SqlText* values_ = nullptr;
  std::vector<WindowScope> windows_;
  std::set<size_t> case_names_;  // tokens CASE known to be a column name: no text is tried twice
};

// Joins `terms` by a two-argument function into a balanced tree, so that long AND/OR chains stay shallow.
ExpressionPtr BalancedTree(const std::string& function, std::vector<ExpressionPtr> terms);

}  // namespace deltic::spark::sql
