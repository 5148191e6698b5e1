#include <algorithm>
#include <charconv>

#include "engine/functions/datetime_pattern.h"
#include "engine/functions/throw.h"
#include "engine/text/infer.h"
#include "engine/text/json_reader.h"
#include "engine/text/record_reader.h"
#include "engine/text/sampling.h"
#include "engine/text/scalar_text.h"

namespace deltic::engine::text {
namespace {

using std::string;
using std::string_view;

constexpr int kMaxPrecision = 38;

[[noreturn]] void FailInference() {
  functions::ThrowStatus(Error("_LEGACY_ERROR_TEMP_2165", {{"failFastMode", "FAILFAST"}}));
}

// precision and scale of a number as BigDecimal has them; nullopt: no number.
std::optional<DataType> DecimalOf(string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  int64_t exponent = 0;
  if (const size_t e = text.find_first_of("eE"); e != string_view::npos) {
    string_view digits = text.substr(e + 1);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (end.ec != std::errc() || end.ptr != digits.data() + digits.size()) return std::nullopt;
    text = text.substr(0, e);
  }
  string digits;
  int64_t scale = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
    } else if (c >= '0' && c <= '9') {
      if (!digits.empty() || c != '0') digits.push_back(c);
      scale += point ? 1 : 0;
    } else {
      return std::nullopt;
    }
  }
  if (text.empty() || text == ".") return std::nullopt;
  scale -= exponent;
  const int64_t precision = std::max<int64_t>({static_cast<int64_t>(digits.size()), scale, 1});
  if (precision > kMaxPrecision || scale < 0) return DataType(TypeId::kDouble);
  return DataType::Decimal(static_cast<int>(precision), static_cast<int>(scale));
}

// A type being found out. Fields are sorted by name.
struct Shape {
  DataType type = TypeId::kNull;  // kStruct and kArray: see below
  bool is_struct = false;
  bool is_array = false;
  std::vector<std::pair<string, Shape>> fields = {};
  std::vector<Shape> element = {};  // of an array: one

  bool IsNull() const { return !is_struct && !is_array && type.Is(TypeId::kNull); }
  void BecomeString() { *this = Shape{.type = TypeId::kString}; }
};

void Merge(Shape* a, Shape&& b);

void MergeFields(Shape* a, Shape&& b) {
  std::vector<std::pair<string, Shape>> out;
  out.reserve(std::max(a->fields.size(), b.fields.size()));
  size_t i = 0, j = 0;
  while (i < a->fields.size() || j < b.fields.size()) {
    const bool left = j == b.fields.size() || (i < a->fields.size() && a->fields[i].first <= b.fields[j].first);
    const bool both = left && i < a->fields.size() && j < b.fields.size() && a->fields[i].first == b.fields[j].first;
    out.push_back(std::move(left ? a->fields[i++] : b.fields[j++]));
    if (both) Merge(&out.back().second, std::move(b.fields[j++].second));
  }
  a->fields = std::move(out);
}

DataType MergeScalars(const DataType& a, const DataType& b) {
  if (a == b) return a;
  const auto time = [](const DataType& t) { return t.Is(TypeId::kTimestamp) || t.Is(TypeId::kTimestampNtz); };
  if (time(a) && time(b)) return TypeId::kTimestamp;
  if (!a.IsNumeric() || !b.IsNumeric()) return TypeId::kString;
  if (a.Is(TypeId::kDouble) || b.Is(TypeId::kDouble)) return TypeId::kDouble;
  const auto shape = [](const DataType& t) { return t.Is(TypeId::kDecimal) ? t : DataType::Decimal(20, 0); };
  const DataType x = shape(a), y = shape(b);
  const int scale = std::max(x.scale(), y.scale());
  const int range = std::max(x.precision() - x.scale(), y.precision() - y.scale());
  return range + scale > kMaxPrecision ? DataType(TypeId::kDouble) : DataType::Decimal(range + scale, scale);
}

void Merge(Shape* a, Shape&& b) {
  if (b.IsNull()) return;
  if (a->IsNull()) {
    *a = std::move(b);
  } else if (a->is_struct && b.is_struct) {
    MergeFields(a, std::move(b));
  } else if (a->is_array && b.is_array) {
    Merge(&a->element[0], std::move(b.element[0]));
  } else if (a->is_struct || a->is_array || b.is_struct || b.is_array) {
    a->BecomeString();
  } else {
    a->type = MergeScalars(a->type, b.type);
  }
}

class JsonTypes {
 public:
  explicit JsonTypes(const Options& options) : o_(options), reader_(options.json) {}

  // The type of a document's first value; false: malformed.
  bool TypeOf(string_view text, Shape* out) {
    reader_.Reset(text);
    const JsonToken token = reader_.Next();
    if (token == JsonToken::kEnd) return true;
    return Infer(token, out);
  }

  // Does the document say nothing that `known` does not? False on doubt, and for what is malformed.
  bool Covered(const Shape& known, string_view text) {
    reader_.Reset(text);
    const JsonToken token = reader_.Next();
    return token == JsonToken::kEnd || (token == JsonToken::kStartObject && CoveredBy(known, token));
  }

 private:
  bool CoveredBy(const Shape& known, JsonToken token) {
    const bool any = !known.is_struct && !known.is_array && known.type.Is(TypeId::kString);
    switch (token) {
      case JsonToken::kStartObject:
        if (!known.is_struct) return any && reader_.SkipChildren();
        while (true) {
          token = reader_.Next();
          if (token == JsonToken::kEndObject) return true;
          string_view name;
          if (token != JsonToken::kFieldName || !reader_.Name(&name)) return false;
          const auto field = std::lower_bound(known.fields.begin(), known.fields.end(), name,
                                              [](const auto& f, string_view n) { return f.first < n; });
          if (field == known.fields.end() || field->first != name) return false;
          if (!CoveredBy(field->second, reader_.Next())) return false;
        }
      case JsonToken::kStartArray:
        if (!known.is_array) return any && reader_.SkipChildren();
        while (true) {
          token = reader_.Next();
          if (token == JsonToken::kEndArray) return true;
          if (token == JsonToken::kError || !CoveredBy(known.element[0], token)) return false;
        }
      case JsonToken::kNull: return true;
      case JsonToken::kString:
      case JsonToken::kInteger:
      case JsonToken::kFloat:
      case JsonToken::kTrue:
      case JsonToken::kFalse: {
        Shape shape;
        if (known.is_struct || known.is_array || !Infer(token, &shape)) return false;
        const bool wider = known.type.Is(TypeId::kDouble) && shape.type.Is(TypeId::kLong);
        return any || wider || shape.IsNull() || shape.type == known.type;
      }
      default: return false;
    }
  }

  bool Infer(JsonToken token, Shape* out) {
    switch (token) {
      case JsonToken::kStartObject: return InferObject(out);
      case JsonToken::kStartArray:
        out->is_array = true;
        out->element.emplace_back();
        while (true) {
          token = reader_.Next();
          if (token == JsonToken::kEndArray) return true;
          Shape item;
          if (token == JsonToken::kError || token == JsonToken::kEnd || !Infer(token, &item)) return false;
          Merge(&out->element[0], std::move(item));
        }
      case JsonToken::kString: {
        string_view text;
        if (!reader_.Text(&text)) return false;
        out->type = OfString(text);
        return true;
      }
      case JsonToken::kInteger:
      case JsonToken::kFloat: {
        string_view text;
        reader_.Text(&text);
        out->type = o_.primitives_as_string ? DataType(TypeId::kString) : OfNumber(text, token == JsonToken::kFloat);
        return true;
      }
      case JsonToken::kTrue:
      case JsonToken::kFalse: out->type = o_.primitives_as_string ? TypeId::kString : TypeId::kBoolean; return true;
      case JsonToken::kNull: return true;
      default: return false;
    }
  }

  bool InferObject(Shape* out) {
    out->is_struct = true;
    while (true) {
      const JsonToken token = reader_.Next();
      if (token == JsonToken::kEndObject) break;
      if (token != JsonToken::kFieldName) return false;
      string_view name;
      reader_.Name(&name);
      out->fields.emplace_back(string(name), Shape());
      // Deeper fields do not touch this level's vector.
      Shape value;
      if (!Infer(reader_.Next(), &value)) return false;
      out->fields.back().second = std::move(value);
    }
    auto& fields = out->fields;
    std::stable_sort(fields.begin(), fields.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (size_t i = 1; i < fields.size();) {
      if (fields[i].first != fields[i - 1].first) {
        ++i;
        continue;
      }
      Merge(&fields[i - 1].second, std::move(fields[i].second));
      fields.erase(fields.begin() + static_cast<ptrdiff_t>(i));
    }
    return true;
  }

  DataType OfString(string_view text) const {
    if (text.empty()) return TypeId::kNull;
    if (o_.prefers_decimal) {
      string plain(text);
      std::erase(plain, ',');
      if (const auto decimal = DecimalOf(plain); decimal && decimal->Is(TypeId::kDecimal)) return *decimal;
    }
    if (o_.infer_timestamp) {
      Options plain;
      const bool ntz = o_.timestamp_ntz && (o_.timestamp_ntz_format ? Matches(*o_.timestamp_ntz_format, text)
                                                                    : ReadTimestampNtz(text, plain).has_value());
      if (ntz) return TypeId::kTimestampNtz;
      const bool instant =
          o_.timestamp_format ? Matches(*o_.timestamp_format, text) : ReadTimestamp(text, o_).has_value();
      if (instant) return TypeId::kTimestamp;
    }
    return TypeId::kString;
  }

  DataType OfNumber(string_view text, bool real) const {
    int64_t number = 0;
    const char* end = text.data() + text.size();
    if (!real && std::from_chars(text.data(), end, number).ec == std::errc()) return TypeId::kLong;
    if (real && !o_.prefers_decimal) return TypeId::kDouble;
    return DecimalOf(text).value_or(TypeId::kDouble);
  }

  static bool Matches(const string& format, string_view text) {
    return functions::CachedPattern(format, true).Parse(text).has_value();
  }

  const Options& o_;
  JsonReader reader_;
};

// Types never seen are strings or, on demand, dropped; structs without fields disappear.
std::optional<DataType> Finish(const Shape& shape, const Options& options) {
  if (shape.is_array) {
    const auto element = Finish(shape.element[0], options);
    return element ? std::optional(DataType::Array(*element)) : std::nullopt;
  }
  if (shape.is_struct) {
    Fields out;
    for (const auto& [name, field] : shape.fields) {
      if (name.empty()) continue;
      if (const auto type = Finish(field, options)) out.push_back({name, *type, true, "{}"});
    }
    return out.empty() ? std::nullopt : std::optional(DataType::Struct(std::move(out)));
  }
  if (!shape.type.Is(TypeId::kNull)) return shape.type;
  return options.drop_field_if_all_null ? std::nullopt : std::optional<DataType>(TypeId::kString);
}

class JsonSchema {
 public:
  explicit JsonSchema(const Options& options) : o_(options), types_(options), sample_(options.sampling_ratio) {
    root_.is_struct = true;
    // A bad pattern is reported whether it is used or not.
    if (options.timestamp_format) functions::CachedPattern(*options.timestamp_format, true);
  }

  void Add(string_view text, bool valid) {
    if (!sample_.Take()) return;
    if (valid && types_.Covered(root_, text)) return;
    Shape shape;
    if (!valid || !types_.TypeOf(text, &shape)) return AddCorrupt();
    while (shape.is_array) {
      Shape element = std::move(shape.element[0]);
      shape = std::move(element);
    }
    if (shape.IsNull()) return;
    if (shape.is_struct)
      Merge(&root_, std::move(shape));
    else
      AddCorrupt();
  }

  Fields Result() const {
    const auto type = Finish(root_, o_);
    return type ? type->fields() : Fields();
  }

 private:
  void AddCorrupt() {
    if (o_.mode == Mode::kFailFast) FailInference();
    if (o_.mode == Mode::kDropMalformed) return;
    for (const auto& field : root_.fields) {
      if (field.first == o_.corrupt_column) return;
    }
    Shape corrupt;
    corrupt.is_struct = true;
    corrupt.fields.emplace_back(o_.corrupt_column, Shape{.type = TypeId::kString});
    Merge(&root_, std::move(corrupt));
  }

  const Options& o_;
  JsonTypes types_;
  RecordSample sample_;
  Shape root_;
};

}  // namespace

Fields InferJsonFiles(duckdb::FileSystem& fs, const std::vector<string>& paths, const Options& options) {
  CheckSamplingRatio(options);
  JsonSchema schema(options);
  RecordReader reader(FileFormat::kJson, options);
  for (const auto& path : paths) {
    reader.Open(fs, path, 0, duckdb::NumericLimits<duckdb::idx_t>::Maximum());
    string_view text;
    while (reader.Next(&text)) {
      schema.Add(text, options.multi_line || options.encoding_set || reader.raw().data() == text.data());
    }
  }
  return schema.Result();
}

Fields InferJsonLines(const std::vector<string_view>& lines, const Options& options) {
  CheckSamplingRatio(options);
  JsonSchema schema(options);
  for (const auto line : lines) schema.Add(line, true);
  return schema.Result();
}

DataType TypeOfJson(string_view text, const Options& options) {
  Shape shape;
  if (!JsonTypes(options).TypeOf(text, &shape)) {
    functions::ThrowStatus(Error("INVALID_INPUT", {}, "Malformed JSON: " + string(text)));
  }
  const auto type = Finish(shape, options);
  if (type) return *type;
  if (shape.is_struct) return DataType::Struct({});
  if (shape.is_array && shape.element[0].is_struct) return DataType::Array(DataType::Struct({}));
  return TypeId::kString;
}

}  // namespace deltic::engine::text
