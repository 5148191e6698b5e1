#include "spark/sql/parse_error.h"

#include <vector>

namespace deltic::spark::sql {
namespace {

// Java's String.split("\n"): trailing empty lines are dropped.
std::vector<std::string_view> SplitLines(std::string_view sql) {
  std::vector<std::string_view> lines;
  size_t begin = 0;
  while (true) {
    size_t end = sql.find('\n', begin);
    if (end == std::string_view::npos) break;
    lines.push_back(sql.substr(begin, end - begin));
    begin = end + 1;
  }
  lines.push_back(sql.substr(begin));
  while (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

std::string FormatParseError(std::string_view message, std::string_view sql, int position) {
  std::string out = "\n" + std::string(message);
  if (position < 0) return out + "\n== SQL ==\n" + std::string(sql);
  size_t line = 1;
  int column = 0;
  int character = -1;
  for (char c : sql) {
    bool starts_character = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (starts_character && ++character == position) break;
    if (c == '\n') {
      line++;
      column = 0;
    } else if (starts_character) {
      column++;
    }
  }
  out += "(line " + std::to_string(line) + ", pos " + std::to_string(column) + ")\n\n== SQL ==\n";
  std::vector<std::string_view> lines = SplitLines(sql);
  size_t above = std::min(line, lines.size());
  for (size_t i = 0; i < above; i++) out += std::string(lines[i]) + "\n";
  out += std::string(static_cast<size_t>(column), '-') + "^^^\n";
  for (size_t i = above; i < lines.size(); i++) out += std::string(lines[i]) + "\n";
  return out;
}

void ThrowParseError(std::string condition, ErrorParams params, std::string_view message, std::string_view sql,
                     int position, int stop) {
  std::string text = condition.starts_with("_LEGACY_") ? "" : "[" + condition + "] ";
  // An empty statement is reported as a syntax error whose condition alone says so.
  if (condition == "PARSE_EMPTY_STATEMENT") text = "[PARSE_SYNTAX_ERROR] ";
  text += message;
  throw ParseFailure{Error(std::move(condition), std::move(params), FormatParseError(text, sql, position))
                         .WithPosition(position, stop)};
}

void ThrowStatus(Status status) { throw ParseFailure{std::move(status)}; }

}  // namespace deltic::spark::sql
