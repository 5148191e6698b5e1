#include "spark/resolve/char_padding.h"

#include <algorithm>
#include <charconv>

namespace deltic::spark::resolve {
namespace {

using engine::ExprKind;
using engine::ExprPtr;
using types::TypeId;

bool IsComparison(std::string_view name) {
  static constexpr std::string_view kNames[] = {"=", "==", "<=>", "<", "<=", ">", ">=", "<>", "!=", "in"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

const std::string* TextOf(const ExprPtr& expr) {
  if (!engine::IsLiteral(expr) || !expr->type.Is(TypeId::kString)) return nullptr;
  return std::get_if<std::string>(&expr->As<engine::Literal>().value.v);
}

bool IsNull(const ExprPtr& expr) { return engine::IsLiteral(expr) && expr->As<engine::Literal>().value.IsNull(); }

int Characters(const std::string& utf8) {
  return static_cast<int>(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// 0: neither a CHAR column nor a text.
int LengthOf(const ExprPtr& expr, const std::function<int(engine::ColumnId)>& length_of) {
  if (expr->kind == ExprKind::kColumn && expr->type.Is(TypeId::kString)) {
    return length_of(expr->As<engine::ColumnExpr>().id);
  }
  const std::string* text = TextOf(expr);
  return text == nullptr ? 0 : Characters(*text);
}

ExprPtr Padded(const ExprPtr& expr, int from, int to) {
  if (const std::string* text = TextOf(expr)) {
    return engine::MakeString(*text + std::string(static_cast<size_t>(to - from), ' '));
  }
  return engine::MakeCall("spark_rpad", {expr, engine::MakeInt(to), engine::MakeString(" ")}, TypeId::kString,
                          expr->nullable, true);
}

}  // namespace

int CharLength(const std::string& metadata) {
  if (metadata.find("__CHAR_VARCHAR_TYPE_STRING") == std::string::npos) return 0;
  const std::string text =
      types::StructField{"", TypeId::kString, true, metadata}.MetadataString("__CHAR_VARCHAR_TYPE_STRING");
  if (!text.starts_with("char(")) return 0;
  int length = 0;
  std::from_chars(text.data() + 5, text.data() + text.size(), length);
  return length;
}

void PadComparedChars(std::string_view function, const std::function<int(engine::ColumnId)>& length_of,
                      std::vector<ExprPtr>* args) {
  if (args->size() < 2 || !IsComparison(function)) return;
  const auto is_char = [&](const ExprPtr& arg) {
    return arg->kind == ExprKind::kColumn && LengthOf(arg, length_of) > 0;
  };
  if (function == "in" ? !is_char(args->front()) : std::none_of(args->begin(), args->end(), is_char)) return;
  int longest = 0;
  for (const ExprPtr& arg : *args) {
    const int length = LengthOf(arg, length_of);
    if (length == 0 && TextOf(arg) == nullptr && !IsNull(arg)) return;  // something else: compared as it is
    longest = std::max(longest, length);
  }
  for (ExprPtr& arg : *args) {
    const int length = LengthOf(arg, length_of);
    if (length < longest && !IsNull(arg)) arg = Padded(arg, length, longest);
  }
}

}  // namespace deltic::spark::resolve
