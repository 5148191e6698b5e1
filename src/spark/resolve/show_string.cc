// df.show(): the exact text Spark prints, and the HTML table of notebooks. Values are cast to string by the engine;
// quoting of nested values, NULL, binary and decimals follow Spark's ToPrettyString.
#include <algorithm>

#include "spark/functions/variant.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::resolve {

using engine::Value;

namespace {

constexpr int kMaxRows = 2147483631;  // Spark's ByteArrayMethods.MAX_ROUNDED_ARRAY_LENGTH
constexpr size_t kMinimumWidth = 3;

// The type a value is fetched as: leaves become strings, except those rendered here.
DataType FetchType(const DataType& type) {
  switch (type.id()) {
    case TypeId::kArray: return DataType::Array(FetchType(type.element()), true);
    case TypeId::kMap: return DataType::Map(FetchType(type.key()), FetchType(type.value()), true);
    case TypeId::kStruct: {
      std::vector<types::StructField> fields;
      for (const auto& f : type.fields()) fields.push_back({f.name, FetchType(f.type), true, "{}"});
      return DataType::Struct(std::move(fields));
    }
    case TypeId::kBinary:
    case TypeId::kDecimal: return type;
    default: return TypeId::kString;
  }
}

// The type with strings for variants.
DataType WithTexts(const DataType& type) {
  switch (type.id()) {
    case TypeId::kVariant: return TypeId::kString;
    case TypeId::kArray: return DataType::Array(WithTexts(type.element()), type.contains_null());
    case TypeId::kMap: return DataType::Map(WithTexts(type.key()), WithTexts(type.value()), type.contains_null());
    case TypeId::kStruct: {
      std::vector<types::StructField> fields = type.fields();
      for (auto& f : fields) f.type = WithTexts(f.type);
      return DataType::Struct(std::move(fields));
    }
    default: return type;
  }
}

// A column as it is fetched.
ExprPtr Fetched(const Column& column, const DataType& type, const std::string& time_zone) {
  ExprPtr value = ColumnRef(column);
  if (functions::HoldsVariant(column.type)) {
    const DataType texts = WithTexts(column.type);
    std::vector<ExprPtr> args{value, engine::MakeNull(texts), engine::MakeString(column.type.Json())};
    value = engine::MakeCall("spark_variants_as_json", std::move(args), texts, column.nullable, true);
  }
  if (value->type.SameType(type)) return value;
  return std::make_shared<engine::Cast>(value, type, true, engine::CastMode::kLegacy, time_zone);
}

std::string DecimalText(engine::Int128 unscaled, int scale) {
  const bool negative = unscaled < 0;
  unsigned __int128 magnitude =
      negative ? -static_cast<unsigned __int128>(unscaled) : static_cast<unsigned __int128>(unscaled);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(magnitude % 10)));
    magnitude /= 10;
  } while (magnitude != 0);
  if (scale > 0) {
    const auto places = static_cast<size_t>(scale);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, ".");
  }
  return (negative ? "-" : "") + digits;
}

std::string HexText(const std::string& bytes) {
  static const char* const kDigits = "0123456789ABCDEF";
  std::string out = "[";
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto b = static_cast<unsigned char>(bytes[i]);
    if (i > 0) out += ' ';
    out += kDigits[b >> 4];
    out += kDigits[b & 15];
  }
  return out + "]";
}

std::string Text(const Value& value, const DataType& type) {
  if (value.IsNull()) return "NULL";
  if (const auto* s = std::get_if<std::string>(&value.v)) return type.Is(TypeId::kBinary) ? HexText(*s) : *s;
  if (const auto* d = std::get_if<engine::Int128>(&value.v)) return DecimalText(*d, type.scale());
  const auto* list = std::get_if<std::shared_ptr<const engine::ValueList>>(&value.v);
  if (list == nullptr) return "?";
  std::string out;
  const engine::ValueList& items = **list;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    if (type.Is(TypeId::kArray)) {
      out += Text(items[i], type.element());
    } else if (type.Is(TypeId::kStruct)) {
      out += Text(items[i], type.fields()[i].type);
    } else {
      const auto& entry = *std::get<std::shared_ptr<const engine::ValueList>>(items[i].v);
      out += Text(entry[0], type.key()) + " -> " + Text(entry[1], type.value());
    }
  }
  return type.Is(TypeId::kArray) ? "[" + out + "]" : "{" + out + "}";
}

// --- text of cells -----------------------------------------------------------------------------------
// Code points of UTF-8; a broken byte counts as one.
std::vector<uint32_t> CodePoints(std::string_view text) {
  std::vector<uint32_t> out;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80 ? 1 : (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : (lead >> 3) == 30 ? 4 : 1;
    uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    out.push_back(code);
    i += length;
  }
  return out;
}

// Spark's regular expression of full-width characters (Utils.fullWidthRegex).
bool FullWidth(uint32_t c) {
  static constexpr std::pair<uint32_t, uint32_t> kRanges[] = {{0x1100, 0x115F}, {0x2E80, 0xA4CF}, {0xAC00, 0xD7A3},
                                                              {0xF900, 0xFAFF}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF60},
                                                              {0xFFE0, 0xFFE6}};
  return std::any_of(std::begin(kRanges), std::end(kRanges),
                     [c](const auto& r) { return c >= r.first && c <= r.second; });
}

size_t HalfWidth(std::string_view text) {
  size_t width = 0;
  for (uint32_t c : CodePoints(text)) width += (c > 0xFFFF ? 2 : 1) + (FullWidth(c) ? 1 : 0);
  return width;
}

std::string EscapeControls(const std::string& text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\f': out += "\\f"; break;
      case '\b': out += "\\b"; break;
      case '\v': out += "\\v"; break;
      case '\a': out += "\\a"; break;
      default: out += c;
    }
  }
  return out;
}

// The first `count` UTF-16 units, as Java's substring counts.
std::string Prefix(const std::string& text, size_t count) {
  size_t units = 0;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = lead < 0x80 ? 1 : (lead >> 5) == 6 ? 2 : (lead >> 4) == 14 ? 3 : (lead >> 3) == 30 ? 4 : 1;
    units += length == 4 ? 2 : 1;
    if (units > count) return text.substr(0, i);
    i += length;
  }
  return text;
}

size_t Units(const std::string& text) {
  size_t units = 0;
  for (uint32_t c : CodePoints(text)) units += c > 0xFFFF ? 2 : 1;
  return units;
}

std::string Truncate(const std::string& text, int truncate) {
  const auto limit = static_cast<size_t>(truncate);
  if (truncate <= 0 || Units(text) <= limit) return text;
  return truncate < 4 ? Prefix(text, limit) : Prefix(text, limit - 3) + "...";
}

std::string Pad(const std::string& text, size_t width, bool right_aligned) {
  const size_t own = HalfWidth(text);
  const std::string fill(width > own ? width - own : 0, ' ');
  return right_aligned ? fill + text : text + fill;
}

using Table = std::vector<std::vector<std::string>>;  // first the names

std::string Horizontal(const Table& table, bool right_aligned, bool more, int rows) {
  std::vector<size_t> widths(table[0].size(), kMinimumWidth);
  for (const auto& row : table) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], HalfWidth(row[i]));
  }
  std::string line = "+";
  for (size_t w : widths) line += std::string(w, '-') + "+";
  line += "\n";
  std::string out = line;
  for (size_t r = 0; r < table.size(); ++r) {
    out += "|";
    for (size_t i = 0; i < table[r].size(); ++i) out += Pad(table[r][i], widths[i], right_aligned) + "|";
    out += "\n";
    if (r == 0) out += line;
  }
  out += line;
  if (more) out += "only showing top " + std::to_string(rows) + (rows == 1 ? " row\n" : " rows\n");
  return out;
}

std::string Vertical(const Table& table, bool more, int rows) {
  size_t names = kMinimumWidth;
  size_t values = kMinimumWidth;
  for (const std::string& n : table[0]) names = std::max(names, HalfWidth(n));
  for (size_t r = 1; r < table.size(); ++r) {
    for (const std::string& v : table[r]) values = std::max(values, HalfWidth(v));
  }
  std::string out;
  for (size_t r = 1; r < table.size(); ++r) {
    std::string header = "-RECORD " + std::to_string(r - 1);
    const size_t total = names + values + 5;
    if (header.size() < total) header += std::string(total - header.size(), '-');
    out += header + "\n";
    for (size_t i = 0; i < table[r].size(); ++i) {
      out += " " + Pad(table[0][i], names, false) + " | " + Pad(table[r][i], values, false) + " \n";
    }
  }
  if (table.size() == 1) return "(0 rows)\n";
  if (more) out += "only showing top " + std::to_string(rows) + (rows == 1 ? " row\n" : " rows\n");
  return out;
}

std::string EscapeHtml(const std::string& text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string Html(const Table& table, bool more, int rows) {
  std::string out = "<table border='1'>\n";
  for (size_t r = 0; r < table.size(); ++r) {
    const char* open = r == 0 ? "<th>" : "<td>";
    const char* close = r == 0 ? "</th>" : "</td>";
    out += "<tr>";
    for (const std::string& cell : table[r]) out += open + EscapeHtml(cell) + close;
    out += "</tr>\n";
  }
  out += "</table>\n";
  if (more) out += "only showing top " + std::to_string(rows) + (rows == 1 ? " row\n" : " rows\n");
  return out;
}

}  // namespace

Result<Node> Binder::BindShow(const plan::ShowString& show, const Env& env) {
  ASSIGN_OR_RETURN(Node child, Bind(show.child, env));
  const bool html = show.kind == plan::RelationKind::kHtmlString;
  Column result = NewColumn(html ? "html_string" : "show_string", TypeId::kString, false);
  Node node;
  std::vector<std::vector<ExprPtr>> one;
  if (!analyze_only_) {
    const int rows = std::clamp(show.rows, 0, kMaxRows);
    std::vector<NamedExpr> items;
    std::vector<DataType> fetched;
    Table table(1);
    for (const Column& c : child.rel->output) {
      table[0].push_back(EscapeControls(c.name));
      const DataType type = FetchType(c.type);
      fetched.push_back(type);
      items.push_back({Fetched(c, type, context().time_zone), c.name});
    }
    auto limited = std::make_shared<engine::LimitRel>(child.rel, int64_t{rows} + 1, 0);
    Node base{limited, {}, nullptr, nullptr};
    ASSIGN_OR_RETURN(auto values, Run(Project(base, std::move(items)).rel, int64_t{rows} + 1));
    const bool more = values.size() > static_cast<size_t>(rows);
    if (more) values.resize(static_cast<size_t>(rows));
    for (const auto& row : values) {
      table.emplace_back();
      for (size_t i = 0; i < row.size(); ++i) {
        table.back().push_back(Truncate(EscapeControls(Text(row[i], fetched[i])), show.truncate));
      }
    }
    std::string text = html            ? Html(table, more, rows)
                       : show.vertical ? Vertical(table, more, rows)
                                       : Horizontal(table, show.truncate > 0, more, rows);
    one.push_back({engine::MakeString(std::move(text))});
  }
  node.rel = std::make_shared<engine::ValuesRel>(std::vector<Column>{result}, std::move(one));
  return node;
}

}  // namespace deltic::spark::resolve
