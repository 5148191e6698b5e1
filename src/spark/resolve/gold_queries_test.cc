// Replays the queries that tests/gold/sql/record_queries.py recorded from real Spark: names, types, nullability,
// rows, and for failures the error condition with its parameters.
#include <simdjson.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "spark/resolve/test_env.h"

namespace deltic::spark::resolve {
namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The views of the block after "-- setup" in queries.sql.
std::vector<std::string> SetupStatements(const std::string& queries) {
  std::vector<std::string> out;
  std::istringstream lines(queries);
  std::string line;
  bool in_setup = false;
  while (std::getline(lines, line)) {
    if (line.rfind("-- ", 0) == 0) {
      in_setup = line == "-- setup";
    } else if (in_setup && !line.empty()) {
      if (line.back() == ';') line.pop_back();
      out.push_back(line);
    }
  }
  return out;
}

std::string RowText(const std::vector<engine::Value>& row, const types::DataType& schema) {
  std::string text = "[";
  for (size_t i = 0; i < row.size(); ++i) text += (i ? "," : "") + EncodeValue(row[i], schema.fields()[i].type);
  return text + "]";
}

std::string Params(const Status& status) {
  std::map<std::string, std::string> sorted(status.params().begin(), status.params().end());
  std::string text;
  for (const auto& [k, v] : sorted) text += k + "=" + v + "; ";
  return text;
}

// What differs from the recorded answer; empty: nothing.
std::string Compare(const simdjson::dom::element& entry, const Answer& answer) {
  simdjson::dom::element error;
  if (entry["error"].get(error) == simdjson::SUCCESS) {
    if (answer.status.ok()) return "Spark refuses this, we answer";
    std::string_view condition;
    if (error["condition"].get(condition) != simdjson::SUCCESS) return "";
    if (answer.status.condition() != condition) {
      return "condition " + answer.status.ToString() + ", expected " + std::string(condition);
    }
    std::map<std::string, std::string> expected;
    simdjson::dom::object params = error["params"];
    for (auto field : params) expected[std::string(field.key)] = std::string(std::string_view(field.value));
    std::string text;
    for (const auto& [k, v] : expected) text += k + "=" + v + "; ";
    return text == Params(answer.status) ? "" : "params " + Params(answer.status) + "\n   expected " + text;
  }
  if (!answer.status.ok() && !answer.schema.Is(types::TypeId::kStruct)) return "refused: " + answer.status.ToString();
  auto schema = types::DataType::FromJson(simdjson::minify(entry["schema"]));
  if (!schema.ok()) return "bad recorded schema";
  if (!(schema.value() == answer.schema)) {
    return "schema " + answer.schema.Json() + "\n   expected " + schema.value().Json();
  }
  if (!answer.status.ok()) return "failed to run: " + answer.status.ToString();
  std::vector<std::string> expected;
  simdjson::dom::array rows = entry["rows"];
  for (auto row : rows) expected.push_back(simdjson::minify(row));
  std::vector<std::string> got;
  for (const auto& row : answer.rows) got.push_back(RowText(row, answer.schema));
  const std::string_view sql = entry["sql"];
  if (sql.find("ORDER BY") == std::string_view::npos || sql.find("OVER") != std::string_view::npos) {
    std::sort(expected.begin(), expected.end());
    std::sort(got.begin(), got.end());
  }
  if (expected == got) return "";
  std::string text = "rows";
  for (const auto& r : got) text += "\n     " + r;
  text += "\n   expected";
  for (const auto& r : expected) text += "\n     " + r;
  return text;
}

TEST(GoldQueries, AnswersAsSpark) {
  ASSERT_NE(TestEngine(), nullptr);
  const std::string folder = std::string(DELTIC_TEST_DATA) + "/../gold/sql/";
  TestSession session;
  for (const std::string& view : SetupStatements(ReadFile(folder + "queries.sql"))) {
    Status created = session.CreateView(view);
    ASSERT_TRUE(created.ok()) << created.ToString();
  }
  simdjson::dom::parser parser;
  const std::string text = ReadFile(folder + "queries.sql.json");
  simdjson::dom::array entries;
  ASSERT_EQ(parser.parse(text).get(entries), simdjson::SUCCESS);
  int failed = 0;
  int total = 0;
  for (auto entry : entries) {
    const std::string name{std::string_view(entry["name"])};
    const std::string sql{std::string_view(entry["sql"])};
    const std::string difference = Compare(entry, session.Sql(sql));
    ++total;
    if (difference.empty()) continue;
    ++failed;
    ADD_FAILURE() << name << ": " << sql << "\n   " << difference;
  }
  EXPECT_EQ(failed, 0) << "of " << total;
}

}  // namespace
}  // namespace deltic::spark::resolve
