#include "spark/functions/registry.h"

#include <unordered_map>

#include "spark/functions/families.h"
#include "spark/functions/variant.h"

namespace deltic::spark::functions {
namespace {

struct Table {
  std::vector<const FunctionRow*> rows;
  std::unordered_map<std::string_view, const FunctionRow*> by_name;

  void Add(std::span<const FunctionRow> family) {
    for (const FunctionRow& row : family) {
      rows.push_back(&row);
      by_name.emplace(row.name, &row);
      for (std::string_view alias : row.aliases) by_name.emplace(alias, &row);
    }
  }
};

const Table& FunctionTable() {
  static const Table* const table = [] {
    auto* t = new Table();
    t->by_name.reserve(1024);
    t->Add(ArithmeticFunctions());
    t->Add(PredicateFunctions());
    t->Add(ConditionalFunctions());
    t->Add(MathFunctions());
    t->Add(AggregateFunctions());
    t->Add(StatisticalFunctions());
    t->Add(WindowFunctions());
    t->Add(MiscFunctions());
    t->Add(StringFunctions());
    t->Add(RegexFunctions());
    t->Add(DatetimeFunctions());
    t->Add(JsonFunctions());
    t->Add(TextFormatFunctions());
    t->Add(UrlFunctions());
    t->Add(HashFunctions());
    t->Add(CollectionFunctions());
    t->Add(HigherOrderFunctions());
    t->Add(StructFunctions());
    t->Add(GeneratorFunctions());
    t->Add(CryptoFunctions());
    t->Add(SketchFunctions());
    t->Add(XmlFunctions());
    t->Add(VariantFunctions());
    t->Add(TryFunctions());
    return t;
  }();
  return *table;
}

FunctionRow MakeRow(FunctionKind kind, std::string_view name, std::vector<std::string_view> aliases, int min_args,
                    int max_args, Builder build, std::string_view since, std::string_view doc) {
  FunctionRow row;
  row.name = name;
  row.aliases = std::move(aliases);
  row.kind = kind;
  row.min_args = min_args;
  row.max_args = max_args;
  row.build = build;
  row.since = since;
  row.doc = doc;
  return row;
}

// Spark's text for the number of arguments a function takes.
std::string ExpectedCount(const FunctionRow& row) {
  if (row.max_args < 0) return "> " + std::to_string(row.min_args - 1);
  if (row.min_args == row.max_args) return std::to_string(row.min_args);
  std::string text = "[";
  for (int n = row.min_args; n <= row.max_args; ++n) {
    if (n > row.min_args) text += ", ";
    text += std::to_string(n);
  }
  return text + "]";
}

}  // namespace

FunctionRow Scalar(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                   Builder build, std::string_view since, std::string_view doc) {
  return MakeRow(FunctionKind::kScalar, name, std::move(aliases), min_args, max_args, build, since, doc);
}

FunctionRow AggregateRow(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                         Builder build, std::string_view since, std::string_view doc) {
  return MakeRow(FunctionKind::kAggregate, name, std::move(aliases), min_args, max_args, build, since, doc);
}

FunctionRow WindowRow(std::string_view name, std::vector<std::string_view> aliases, int min_args, int max_args,
                      Builder build, std::string_view since, std::string_view doc) {
  return MakeRow(FunctionKind::kWindow, name, std::move(aliases), min_args, max_args, build, since, doc);
}

const FunctionRow* FindFunction(std::string_view name) {
  const Table& table = FunctionTable();
  auto it = table.by_name.find(types::ToLower(name));
  return it == table.by_name.end() ? nullptr : it->second;
}

std::vector<const FunctionRow*> AllFunctions() { return FunctionTable().rows; }

Status CheckArgumentCount(const FunctionRow& row, const FunctionCall& call) {
  int count = static_cast<int>(call.args.size());
  if (count < row.min_args || (row.max_args >= 0 && count > row.max_args)) {
    return Error("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                 {{"functionName", types::QuoteIdentifier(types::ToLower(call.name))},
                  {"expectedNum", ExpectedCount(row)},
                  {"actualNum", std::to_string(count)},
                  {"docroot", "https://spark.apache.org/docs/latest"}});
  }
  return Status::Ok();
}

Result<ExprPtr> BuildFunction(const FunctionRow& row, const FunctionCall& call, const FunctionContext& context) {
  RETURN_IF_ERROR(CheckArgumentCount(row, call));
  return row.build(call, context);
}

}  // namespace deltic::spark::functions
