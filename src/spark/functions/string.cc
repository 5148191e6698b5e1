// Rows of the string family: text and binary functions without patterns.
#include "spark/functions/coercion.h"
#include "spark/functions/signature.h"

namespace deltic::spark::functions {
namespace {

using engine::MakeCall;
using engine::MakeInt;
using engine::MakeString;

constexpr auto kString = TypeId::kString;
constexpr auto kInteger = TypeId::kInteger;

// Arguments coerced by `params`; `text_kernel` for strings, `binary_kernel` when the first is binary.
ScalarBuilder TextOrBinary(const char* text_kernel, const char* binary_kernel, std::vector<Arg> params,
                           std::optional<DataType> result = std::nullopt, std::vector<ExprPtr> defaults = {}) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, params, context));
    for (size_t i = args.size(); i < params.size() && !defaults.empty(); i++) {
      args.push_back(defaults[defaults.size() - (params.size() - i)]);
    }
    const bool binary = args[0]->type.Is(TypeId::kBinary);
    const bool nullable = AnyNullable(args);
    const DataType type = result.has_value() ? *result : DataType(binary ? TypeId::kBinary : kString);
    return Exact(binary ? binary_kernel : text_kernel, std::move(args), type, nullable);
  };
}

// contains, startswith, endswith: both sides strings, or both binary.
ScalarBuilder Search(const char* text_kernel, const char* binary_kernel) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    const bool binary = call.args[0]->type.Is(TypeId::kBinary) && call.args[1]->type.Is(TypeId::kBinary);
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, {binary ? Arg::kBinary : Arg::kString}, context));
    const bool nullable = binary || AnyNullable(args);
    return Exact(binary ? binary_kernel : text_kernel, std::move(args), TypeId::kBoolean, nullable);
  };
}

// concat: arrays, all binary, or strings; NULL when any argument is.
Result<ExprPtr> BuildConcat(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.empty()) return MakeString("");
  bool arrays = false;
  bool binary = true;
  for (const auto& arg : call.args) {
    arrays = arrays || arg->type.Is(TypeId::kArray);
    binary = binary && arg->type.Is(TypeId::kBinary);
  }
  std::vector<ExprPtr> args = call.args;
  if (arrays) {
    for (const auto& arg : args) {
      if (!arg->type.Is(TypeId::kNull)) continue;
      std::string types;
      for (const auto& each : args) types += (types.empty() ? "\"" : " or \"") + each->type.Sql() + "\"";
      return Error("DATATYPE_MISMATCH.DATA_DIFF_TYPES",
                   {{"sqlExpr", "\"concat\""}, {"functionName", "`concat`"}, {"dataType", "(" + types + ")"}});
    }
    RETURN_IF_ERROR(CoerceSame(&args, call.name, context));
    bool contains_null = false;
    for (const auto& arg : args) {
      if (!arg->type.Is(TypeId::kArray)) return UnexpectedInputType(call, 0, "(\"STRING\" or \"BINARY\" or \"ARRAY\")");
      contains_null = contains_null || arg->type.contains_null();
    }
    const bool nullable = AnyNullable(args);
    const auto type = DataType::Array(args[0]->type.element(), contains_null);
    return Exact("spark_array_concat", std::move(args), type, nullable);
  }
  if (!binary) {
    ASSIGN_OR_RETURN(args, CoerceAll(call, {Arg::kString}, context));
  }
  const bool nullable = AnyNullable(args);
  return Exact("spark_concat", std::move(args), binary ? TypeId::kBinary : kString, nullable);
}

Result<ExprPtr> BuildConcatWs(const FunctionCall& call, const FunctionContext& context) {
  std::vector<ExprPtr> args;
  for (size_t i = 0; i < call.args.size(); i++) {
    const bool array = i > 0 && call.args[i]->type.Is(TypeId::kArray);
    ASSIGN_OR_RETURN(auto arg, CoerceTo(call, i, array ? Arg::kStringArray : Arg::kString, context));
    args.push_back(std::move(arg));
  }
  const bool nullable = args[0]->nullable;
  return Exact("spark_concat_ws", std::move(args), kString, nullable);
}

// trim(text) removes spaces; trim(characters, text) removes those characters.
ScalarBuilder Trim(const char* kernel) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
    if (args.size() == 1) {
      args.push_back(MakeString(" "));
    } else {
      std::swap(args[0], args[1]);
    }
    const bool nullable = AnyNullable(args);
    return Exact(kernel, std::move(args), kString, nullable);
  };
}

Result<ExprPtr> BuildBtrim(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
  if (args.size() == 1) args.push_back(MakeString(" "));
  const bool nullable = AnyNullable(args);
  return Exact("spark_trim", std::move(args), kString, nullable);
}

// lpad/rpad: binary when the text (and the pad, if given) is binary.
ScalarBuilder Pad(const std::string& kernel) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    const bool binary =
        call.args[0]->type.Is(TypeId::kBinary) && (call.args.size() < 3 || call.args[2]->type.Is(TypeId::kBinary));
    const Arg text = binary ? Arg::kBinary : Arg::kString;
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, {text, Arg::kInt, text}, context));
    if (args.size() < 3) {
      args.push_back(binary ? std::make_shared<engine::Literal>(engine::Value{std::string(1, '\0')}, TypeId::kBinary)
                            : MakeString(" "));
    }
    const bool nullable = AnyNullable(args);
    return Exact(binary ? kernel + "_binary" : kernel, std::move(args), binary ? TypeId::kBinary : kString, nullable);
  };
}

Result<ExprPtr> BuildReverse(const FunctionCall& call, const FunctionContext& context) {
  const auto& type = call.args[0]->type;
  if (type.Is(TypeId::kArray)) return Exact("spark_array_reverse", call.args, type, call.args[0]->nullable);
  ASSIGN_OR_RETURN(auto arg, CoerceTo(call, 0, Arg::kString, context));
  const bool nullable = arg->nullable;
  return Exact("spark_reverse", {std::move(arg)}, kString, nullable);
}

Result<ExprPtr> BuildElt(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto index, CoerceTo(call, 0, Arg::kInt, context));
  bool binary = true;
  for (size_t i = 1; i < call.args.size(); i++) binary = binary && call.args[i]->type.Is(TypeId::kBinary);
  std::vector<ExprPtr> args = {std::move(index)};
  for (size_t i = 1; i < call.args.size(); i++) {
    ASSIGN_OR_RETURN(auto arg, CoerceTo(call, i, binary ? Arg::kBinary : Arg::kString, context));
    args.push_back(std::move(arg));
  }
  args.push_back(engine::MakeBool(context.ansi));
  return Exact("spark_elt", std::move(args), binary ? TypeId::kBinary : kString, true);
}

Result<ExprPtr> BuildLevenshtein(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString, Arg::kString, Arg::kInt}, context));
  const bool nullable = AnyNullable(args);
  const bool bounded = args.size() == 3;
  return Exact(bounded ? "spark_levenshtein_threshold" : "spark_levenshtein", std::move(args), kInteger, nullable);
}

Result<ExprPtr> BuildMask(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
  static const char* const kDefaults[] = {"X", "x", "n"};
  while (args.size() < 4) args.push_back(MakeString(kDefaults[args.size() - 1]));
  if (args.size() < 5) args.push_back(engine::MakeNull(kString));
  for (size_t i = 1; i < args.size(); i++) {
    const auto text = ConstantString(args[i]);
    if (!text.has_value()) {
      if (engine::IsLiteral(args[i])) continue;
      return NonFoldable(call, i, "replacement", "STRING");
    }
    size_t characters = 0;
    for (const char c : *text) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (characters != 1) {
      return Error("DATATYPE_MISMATCH.INPUT_SIZE_NOT_ONE",
                   {{"sqlExpr", "\"" + call.name + "\""}, {"exprName", "replacement"}});
    }
  }
  return Exact("spark_mask", std::move(args), kString, true);
}

Result<ExprPtr> BuildOverlay(const FunctionCall& call, const FunctionContext& context) {
  const bool binary = call.args[0]->type.Is(TypeId::kBinary) && call.args[1]->type.Is(TypeId::kBinary);
  const Arg text = binary ? Arg::kBinary : Arg::kString;
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {text, text, Arg::kInt, Arg::kInt}, context));
  if (args.size() < 4) args.push_back(MakeInt(-1));
  const bool nullable = AnyNullable(args);
  return Exact(binary ? "spark_overlay_binary" : "spark_overlay", std::move(args), binary ? TypeId::kBinary : kString,
               nullable);
}

// A NULL start gives 0, so only the texts make the result nullable.
Result<ExprPtr> BuildLocate(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString, Arg::kString, Arg::kInt}, context));
  if (args.size() < 3) args.push_back(MakeInt(1));
  const bool nullable = args[0]->nullable || args[1]->nullable;
  return Exact("spark_locate", std::move(args), kInteger, nullable);
}

Result<ExprPtr> BuildLength(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto arg, CoerceTo(call, 0, Arg::kStringOrBinary, context));
  const bool nullable = arg->nullable;
  const bool binary = arg->type.Is(TypeId::kBinary);
  return Exact(binary ? "spark_octet_length_binary" : "spark_length", {std::move(arg)}, kInteger, nullable);
}

Result<ExprPtr> BuildSubstring(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kStringOrBinary, Arg::kInt, Arg::kInt}, context));
  if (args.size() < 3) args.push_back(MakeInt(2147483647));
  const bool binary = args[0]->type.Is(TypeId::kBinary);
  const bool nullable = AnyNullable(args);
  return Exact(binary ? "spark_substring_binary" : "spark_substring", std::move(args),
               binary ? TypeId::kBinary : kString, nullable);
}

// decode(binary, charset), or Oracle's decode(expr, search, result, …[, default]) with NULL = NULL.
Result<ExprPtr> BuildDecode(const FunctionCall& call, const FunctionContext& context) {
  if (call.args.size() == 2) {
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kBinary, Arg::kString}, context));
    const bool nullable = AnyNullable(args);
    return Exact("spark_decode", std::move(args), kString, nullable);
  }
  std::vector<ExprPtr> results;
  for (size_t i = 2; i < call.args.size(); i += 2) results.push_back(call.args[i]);
  if (call.args.size() % 2 == 0) results.push_back(call.args.back());
  RETURN_IF_ERROR(CoerceSame(&results, call.name, context));
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  bool nullable = call.args.size() % 2 != 0;
  for (const auto& result : results) nullable = nullable || result->nullable;
  for (size_t i = 1; i + 1 < call.args.size(); i += 2) {
    ExprPtr left = call.args[0];
    ExprPtr right = call.args[i];
    RETURN_IF_ERROR(CoerceComparison(&left, &right, "<=>", context));
    branches.emplace_back(MakeCall("<=>", {left, right}, TypeId::kBoolean, false), results[i / 2]);
  }
  const DataType type = results[0]->type;
  const ExprPtr otherwise = call.args.size() % 2 == 0 ? results.back() : nullptr;
  return ExprPtr(std::make_shared<engine::Case>(std::move(branches), otherwise, type, nullable));
}

// to_binary(text[, 'hex' | 'utf-8' | 'base64']).
ScalarBuilder ToBinary(bool attempt) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
    if (args.size() < 2) args.push_back(MakeString("hex"));
    if (!engine::IsLiteral(args[1])) return NonFoldable(call, 1, "fmt", "STRING");
    if (const auto format = ConstantString(args[1])) {
      const auto lower = types::ToLower(*format);
      if (lower != "hex" && lower != "utf-8" && lower != "utf8" && lower != "base64") {
        return Error("DATATYPE_MISMATCH.INVALID_ARG_VALUE", {{"sqlExpr", "\"" + call.name + "\""},
                                                             {"inputName", "fmt"},
                                                             {"requireType", "case-insensitive \"STRING\""},
                                                             {"validValues", "'hex', 'utf-8', 'utf8', or 'base64'"},
                                                             {"inputValue", "'" + *format + "'"}});
      }
    }
    // unhex may give NULL, for all Spark knows.
    const bool hex = types::EqualsIgnoreCase(ConstantString(args[1]).value_or(""), "hex");
    const bool nullable = attempt || hex || AnyNullable(args);
    args.push_back(engine::MakeBool(attempt));
    return Exact("spark_to_binary", std::move(args), TypeId::kBinary, nullable);
  };
}

Result<ExprPtr> BuildFormatString(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto format, CoerceTo(call, 0, Arg::kString, context));
  std::vector<ExprPtr> args = call.args;
  if (const auto text = ConstantString(format); text.has_value() && text->find("%0$") != std::string::npos) {
    return Error("INVALID_PARAMETER_VALUE.ZERO_INDEX",
                 {{"parameter", "`strfmt`"}, {"functionName", "`format_string`"}});
  }
  args[0] = std::move(format);
  for (size_t i = 1; i < args.size(); i++) {
    // Java prints dates, decimals of any scale and nested values by their toString.
    const auto id = args[i]->type.id();
    const bool plain = args[i]->type.IsIntegral() || args[i]->type.IsFractional() || id == TypeId::kBoolean ||
                       id == TypeId::kDecimal || args[i]->type.IsString();
    if (!plain) args[i] = CastTo(args[i], kString, context);
  }
  const bool nullable = args[0]->nullable;
  return Exact("spark_format_string", std::move(args), kString, nullable);
}

Result<ExprPtr> BuildFormatNumber(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto number, CoerceTo(call, 0, Arg::kNumeric, context));
  const bool by_pattern = call.args[1]->type.IsString();
  ASSIGN_OR_RETURN(auto format, CoerceTo(call, 1, by_pattern ? Arg::kString : Arg::kInt, context));
  if (number->type.IsIntegral()) number = CastTo(number, DataType::Decimal(20, 0), context);
  if (number->type.Is(TypeId::kFloat)) number = CastTo(number, TypeId::kDouble, context);
  if (number->type.Is(TypeId::kDecimal)) number = CastTo(number, kString, context);
  const bool nullable = true;
  return Exact(by_pattern ? "spark_format_number_pattern" : "spark_format_number",
               {std::move(number), std::move(format)}, kString, nullable);
}

// to_number/to_char with a constant format; the format fixes the result's precision and scale.
ScalarBuilder ToNumber(bool attempt) {
  return [=](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
    ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
    const auto format = ConstantString(args[1]);
    if (!format.has_value()) return NonFoldable(call, 1, "fmt", "STRING");
    int before = 0;
    int after = 0;
    bool fraction = false;
    for (const char c : *format) {
      if (c == '.' || c == 'D' || c == 'd') fraction = true;
      if (c == '0' || c == '9') (fraction ? after : before)++;
    }
    if (before + after == 0 || before + after > 38) {
      return Error("INVALID_FORMAT.WRONG_NUM_DIGIT", {{"format", "'" + *format + "'"}});
    }
    const bool nullable = attempt || AnyNullable(args);
    args.push_back(engine::MakeBool(attempt));
    const auto type = DataType::Decimal(before + after, after);
    // The text fits the type by its format, so the cast adds no NULLs.
    return ExprPtr(std::make_shared<engine::Cast>(Exact("spark_to_number", std::move(args), kString, nullable), type,
                                                  nullable, engine::CastMode::kLegacy, context.time_zone));
  };
}

Result<ExprPtr> BuildToChar(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto format, CoerceTo(call, 1, Arg::kString, context));
  ASSIGN_OR_RETURN(auto number, CoerceTo(call, 0, Arg::kNumeric, context));
  if (!number->type.Is(TypeId::kDecimal)) number = CastTo(number, DataType::Decimal(38, 18), context);
  const bool nullable = number->nullable || format->nullable;
  return Exact("spark_to_char", {CastTo(number, kString, context), std::move(format)}, kString, nullable);
}

// The language changes nothing for texts without a dictionary of their own.
Result<ExprPtr> BuildSentences(const FunctionCall& call, const FunctionContext& context) {
  ASSIGN_OR_RETURN(auto args, CoerceAll(call, {Arg::kString}, context));
  const DataType words = DataType::Array(DataType::Array(kString, true), true);
  return Exact("spark_sentences", {std::move(args[0])}, words, true);
}

std::vector<FunctionRow> TextRows() {
  const auto text = [](const char* engine, std::vector<Arg> params, DataType result = kString) {
    return Lower({engine, std::move(params), std::move(result)});
  };
  return {
      Row("concat", {}, 0, -1, BuildConcat, "1.5.0", "Concatenation of strings, binaries or arrays."),
      Row("concat_ws", {}, 1, -1, BuildConcatWs, "1.5.0", "Concatenation with a separator, NULLs skipped."),
      Row("upper", {"ucase"}, 1, 1, text("spark_upper", {Arg::kString}), "1.0.1", "Upper case."),
      Row("lower", {"lcase"}, 1, 1, text("spark_lower", {Arg::kString}), "1.0.1", "Lower case."),
      Row("initcap", {}, 1, 1, text("spark_initcap", {Arg::kString}), "1.5.0",
          "First letter of each word in upper case."),
      Row("length", {"char_length", "character_length", "len"}, 1, 1, BuildLength, "1.5.0",
          "Number of characters, or of bytes of a binary."),
      Row("octet_length", {}, 1, 1,
          TextOrBinary("spark_octet_length", "spark_octet_length_binary", {Arg::kStringOrBinary}, kInteger), "2.3.0",
          "Number of bytes."),
      Row("bit_length", {}, 1, 1,
          TextOrBinary("spark_bit_length", "spark_bit_length_binary", {Arg::kStringOrBinary}, kInteger), "2.3.0",
          "Number of bits."),
      Row("substring", {"substr"}, 2, 3, BuildSubstring, "1.5.0", "Part of a string, from a 1-based position."),
      Row("left", {}, 2, 2, TextOrBinary("spark_left", "spark_left_binary", {Arg::kStringOrBinary, Arg::kInt}), "2.3.0",
          "Leftmost characters."),
      Row("right", {}, 2, 2, Lower({"spark_right", {Arg::kString, Arg::kInt}, kString, Nulls::kAlways}), "2.3.0",
          "Rightmost characters."),
      Row("substring_index", {}, 3, 3, text("spark_substring_index", {Arg::kString, Arg::kString, Arg::kInt}), "1.5.0",
          "The text before the n-th delimiter."),
      Row("trim", {}, 1, 2, Trim("spark_trim"), "1.5.0", "Removes characters from both ends."),
      Row("ltrim", {}, 1, 2, Trim("spark_ltrim"), "1.5.0", "Removes leading characters."),
      Row("rtrim", {}, 1, 2, Trim("spark_rtrim"), "1.5.0", "Removes trailing characters."),
      Row("btrim", {}, 1, 2, BuildBtrim, "3.2.0", "Removes characters from both ends."),
      Row("lpad", {}, 2, 3, Pad("spark_lpad"), "1.5.0", "Pads on the left to a length."),
      Row("rpad", {}, 2, 3, Pad("spark_rpad"), "1.5.0", "Pads on the right to a length."),
      Row("repeat", {}, 2, 2, text("spark_repeat", {Arg::kString, Arg::kInt}), "1.5.0", "The text n times."),
      Row("reverse", {}, 1, 1, BuildReverse, "1.5.0", "A string or array backwards."),
      Row("replace", {}, 2, 3,
          Lower({"spark_replace", {Arg::kString, Arg::kString, Arg::kString}, kString, Nulls::kAny, {MakeString("")}}),
          "2.3.0", "Replaces every occurrence."),
      Row("translate", {}, 3, 3, text("spark_translate", {Arg::kString}), "1.5.0", "Replaces single characters."),
      Row("space", {}, 1, 1, text("spark_space", {Arg::kInt}), "1.5.0", "A string of n spaces."),
      Row("elt", {}, 2, -1, BuildElt, "2.0.0", "The n-th argument."),
      Row("overlay", {}, 3, 4, BuildOverlay, "3.0.0", "Replaces a part by position."),
      Row("mask", {}, 1, 5, BuildMask, "3.4.0", "Replaces letters and digits."),
      Row("sentences", {}, 1, 3, BuildSentences, "2.0.0", "The words of every sentence."),
      Row("quote", {}, 1, 1, text("spark_quote", {Arg::kString}), "4.1.0", "The text as a literal in single quotes."),
      Row(
          "collation", {}, 1, 1,
          [](const FunctionCall& call, const FunctionContext& context) -> Result<ExprPtr> {
            RETURN_IF_ERROR(CoerceTo(call, 0, Arg::kString, context).status());
            return MakeString("SYSTEM.BUILTIN.UTF8_BINARY");
          },
          "4.0.0", "The collation of a text."),
      Row("empty2null", {}, 1, 1, Lower({"spark_empty2null", {Arg::kString}, kString, Nulls::kAlways}), "3.4.0",
          "NULL for an empty string."),
  };
}

std::vector<FunctionRow> SearchRows() {
  const auto fn = [](const char* engine, std::vector<Arg> params, DataType result) {
    return Lower({engine, std::move(params), std::move(result)});
  };
  return {
      Row("instr", {}, 2, 2, fn("spark_instr", {Arg::kString}, kInteger), "1.5.0", "1-based position of a substring."),
      Row("locate", {"position"}, 2, 3, BuildLocate, "1.5.0", "1-based position of a substring, from a start."),
      Row("contains", {}, 2, 2, Search("contains", "spark_contains_binary"), "3.3.0",
          "Whether the text contains another."),
      Row("startswith", {}, 2, 2, Search("prefix", "spark_startswith_binary"), "3.3.0", "Whether the text starts so."),
      Row("endswith", {}, 2, 2, Search("suffix", "spark_endswith_binary"), "3.3.0", "Whether the text ends so."),
      Row("ascii", {}, 1, 1, fn("spark_ascii", {Arg::kString}, kInteger), "1.5.0",
          "Code point of the first character."),
      Row("char", {"chr"}, 1, 1, fn("spark_chr", {Arg::kLong}, kString), "2.3.0",
          "The character of a code modulo 256."),
      Row("levenshtein", {}, 2, 3, BuildLevenshtein, "1.5.0", "Edit distance."),
      Row("soundex", {}, 1, 1, fn("spark_soundex", {Arg::kString}, kString), "1.5.0", "Soundex code."),
      Row("find_in_set", {}, 2, 2, fn("spark_find_in_set", {Arg::kString}, kInteger), "1.5.0",
          "Position in a comma-separated list."),
      Row("split_part", {}, 3, 3,
          Lower({"spark_split_part", {Arg::kString, Arg::kString, Arg::kInt}, kString, Nulls::kAlways}), "3.3.0",
          "The n-th part between delimiters."),
      Row("luhn_check", {}, 1, 1, Lower({"spark_luhn_check", {Arg::kString}, TypeId::kBoolean, Nulls::kAlways}),
          "3.5.0", "Whether the digits pass the Luhn check."),
  };
}

std::vector<FunctionRow> CodecRows() {
  return {
      Row("base64", {}, 1, 1, Lower({"spark_base64", {Arg::kBinary}, kString}), "1.5.0", "Base 64 of a binary."),
      Row("unbase64", {}, 1, 1, Lower({"spark_unbase64", {Arg::kString}, TypeId::kBinary}), "1.5.0",
          "Binary from base 64."),
      Row("encode", {}, 2, 2, Lower({"spark_encode", {Arg::kString}, TypeId::kBinary}), "1.5.0",
          "Bytes of a string in a character set."),
      Row("decode", {}, 2, -1, BuildDecode, "1.5.0",
          "String from bytes in a character set; or the first matching result."),
      Row("to_binary", {}, 1, 2, ToBinary(false), "3.3.0", "Binary from hex, UTF-8 or base 64 text."),
      Row("try_to_binary", {}, 1, 2, ToBinary(true), "3.3.0", "to_binary, NULL on bad input."),
      Row("format_string", {"printf"}, 1, -1, BuildFormatString, "1.5.0", "printf-style formatting."),
      Row("format_number", {}, 2, 2, BuildFormatNumber, "1.5.0", "Number with grouping and fixed decimals."),
      Row("to_number", {}, 2, 2, ToNumber(false), "3.3.0", "Decimal from formatted text."),
      Row("try_to_number", {}, 2, 2, ToNumber(true), "3.3.0", "to_number, NULL on bad input."),
      Row("to_char", {"to_varchar"}, 2, 2, BuildToChar, "3.4.0", "Formatted text of a number, date or binary."),
  };
}

}  // namespace

std::span<const FunctionRow> StringFunctions() {
  static const std::vector<FunctionRow>* const rows = [] {
    auto* all = new std::vector<FunctionRow>(TextRows());
    for (auto& row : SearchRows()) all->push_back(std::move(row));
    for (auto& row : CodecRows()) all->push_back(std::move(row));
    return all;
  }();
  return *rows;
}

}  // namespace deltic::spark::functions
