#include "engine/variant/json.h"

#include <charconv>
#include <cmath>
#include <vector>

#include "base/json_writer.h"
#include "engine/functions/cast_text.h"
#include "engine/functions/decimal_math.h"
#include "engine/functions/json_value.h"
#include "engine/functions/string_parts.h"
#include "engine/functions/throw.h"
#include "engine/functions/utf8_text.h"
#include "engine/text/scalar_text.h"

namespace deltic::engine::variant {
namespace {

using std::string;
using std::string_view;
using text::JsonToken;

constexpr size_t kMostText = size_t{1} << 31;  // a Java string's; objects share their names, so that few bytes suffice

void Quote(string_view text, string* out) {
  if (functions::IsValidUtf8(text)) return functions::WriteJsonString(text, out);
  functions::WriteJsonString(functions::Sanitize(text), out);
}

string UuidText(string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  string out;
  for (size_t i = 0; i < bytes.size(); i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    const auto byte = static_cast<uint8_t>(bytes[i]);
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

// ±HH:MM, without the seconds of old local times.
string OffsetText(int64_t seconds) {
  const int64_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
  const auto two = [](int64_t n) { return string(n < 10 ? "0" : "") + std::to_string(n); };
  return (seconds < 0 && minutes > 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60);
}

class Writer {
 public:
  Writer(const functions::Zone& zone, string* out) : zone_(zone), out_(*out) {}

  void Write(const VariantView& view, Descent* descent) {
    const Descent::Level level(descent, view);
    if (out_.size() > kMostText) functions::ThrowStatus(Unsupported("a variant whose JSON is longer than 2 GiB"));
    switch (view.kind()) {
      case Kind::kObject: return Object(view, descent);
      case Kind::kArray: return Array(view, descent);
      default: return Scalar(view);
    }
  }

 private:
  void Object(const VariantView& view, Descent* descent) {
    out_.push_back('{');
    const size_t size = view.size();
    for (size_t i = 0; i < size; i++) {
      if (i > 0) out_.push_back(',');
      Quote(view.Key(i), &out_);
      out_.push_back(':');
      Write(view.Field(i), descent);
    }
    out_.push_back('}');
  }
  void Array(const VariantView& view, Descent* descent) {
    out_.push_back('[');
    const size_t size = view.size();
    for (size_t i = 0; i < size; i++) {
      if (i > 0) out_.push_back(',');
      Write(view.Element(i), descent);
    }
    out_.push_back(']');
  }
  void Quoted(const string& plain) {
    out_.push_back('"');
    out_ += plain;
    out_.push_back('"');
  }
  void Real(double value, const string& plain) {
    if (std::isfinite(value))
      out_ += plain;
    else
      Quoted(plain);
  }
  void Scalar(const VariantView& view) {
    switch (view.kind()) {
      case Kind::kNull: out_ += "null"; break;
      case Kind::kBoolean: out_ += view.Boolean() ? "true" : "false"; break;
      case Kind::kLong: out_ += std::to_string(view.Long()); break;
      case Kind::kString: Quote(view.Text(), &out_); break;
      case Kind::kDouble: Real(view.Double(), JavaDoubleToString(view.Double())); break;
      case Kind::kFloat: Real(view.Float(), JavaFloatToString(view.Float())); break;
      case Kind::kDecimal: {
        const VariantDecimal value = StripZeros(view.Decimal());
        out_ += functions::DecimalToPlainString(value.unscaled, value.scale);
        break;
      }
      case Kind::kDate: Quoted(functions::FormatDate(static_cast<int32_t>(view.Long()))); break;
      case Kind::kTimestamp:
        Quoted(functions::FormatTimestamp(zone_.ToLocal(view.Long())) + OffsetText(zone_.OffsetAt(view.Long())));
        break;
      case Kind::kTimestampNtz: Quoted(functions::FormatTimestamp(view.Long())); break;
      case Kind::kBinary: Quoted(functions::Base64(view.Text())); break;
      case Kind::kUuid: Quoted(UuidText(view.Text())); break;
      case Kind::kObject:
      case Kind::kArray: break;
    }
  }

  const functions::Zone& zone_;
  string& out_;
};

// A number without exponent that a decimal holds.
std::optional<VariantDecimal> ReadDecimal(string_view text) {
  VariantDecimal out;
  int digits = 0;
  bool negative = false;
  bool point = false;
  for (const char c : text) {
    if (c == '-') {
      negative = true;
    } else if (c == '.') {
      point = true;
    } else if (c >= '0' && c <= '9') {
      if (digits > 0 || c != '0') digits++;
      if (point) out.scale++;
      if (digits > 38 || out.scale > 38) return std::nullopt;
      out.unscaled = out.unscaled * 10 + (c - '0');
    } else {
      return std::nullopt;
    }
  }
  if (negative) out.unscaled = -out.unscaled;
  return out;
}

// ParseJson puts the record in.
Status Malformed() {
  return Error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION", {{"badRecord", ""}, {"failFastMode", "FAILFAST"}});
}

Status AppendNumber(text::JsonReader* reader, VariantBuilder* out) {
  string_view text;
  if (!reader->Text(&text)) return Malformed();
  if (reader->current() == JsonToken::kInteger) {
    int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec == std::errc() && read.ptr == end) {
      out->Long(value);
      return Status::Ok();
    }
  }
  if (const auto decimal = ReadDecimal(text)) {
    out->Decimal(*decimal);
    return Status::Ok();
  }
  const auto real = text::ReadJavaDouble(text);
  if (!real) return Malformed();
  out->Double(*real);
  return Status::Ok();
}

Status AppendObject(text::JsonReader* reader, VariantBuilder* out) {
  const size_t start = out->position();
  std::vector<VariantBuilder::Field> fields;
  while (true) {
    const JsonToken token = reader->Next();
    if (token == JsonToken::kEndObject) break;
    string_view name;
    if (token != JsonToken::kFieldName || !reader->Name(&name)) return Malformed();
    fields.push_back({out->KeyId(name), out->position() - start});
    reader->Next();
    RETURN_IF_ERROR(AppendJson(reader, out));
  }
  return out->FinishObject(start, &fields);
}

Status AppendArray(text::JsonReader* reader, VariantBuilder* out) {
  const size_t start = out->position();
  std::vector<size_t> offsets;
  while (reader->Next() != JsonToken::kEndArray) {
    offsets.push_back(out->position() - start);
    RETURN_IF_ERROR(AppendJson(reader, out));
  }
  out->FinishArray(start, offsets);
  return Status::Ok();
}

}  // namespace

string ToJson(const VariantView& view, const functions::Zone& zone) {
  Descent descent(view);
  return ToJson(view, zone, &descent);
}

string ToJson(const VariantView& view, const functions::Zone& zone, Descent* descent) {
  string out;
  Writer(zone, &out).Write(view, descent);
  return out;
}

// The reader bounds the nesting.
Status AppendJson(text::JsonReader* reader, VariantBuilder* out) {
  switch (reader->current()) {
    case JsonToken::kStartObject: return AppendObject(reader, out);
    case JsonToken::kStartArray: return AppendArray(reader, out);
    case JsonToken::kString: {
      string_view text;
      if (!reader->Text(&text)) return Malformed();
      out->String(text);
      break;
    }
    case JsonToken::kInteger:
    case JsonToken::kFloat: return AppendNumber(reader, out);
    case JsonToken::kTrue: out->Boolean(true); break;
    case JsonToken::kFalse: out->Boolean(false); break;
    case JsonToken::kNull: out->Null(); break;
    default: return Malformed();
  }
  return Status::Ok();
}

Status ParseJson(string_view text, string_view function, VariantBuilder* out) {
  functions::JsonSyntax syntax;
  syntax.single_quotes = false;
  text::JsonReader reader(syntax);
  reader.Reset(text);
  reader.Next();
  if (!AppendJson(&reader, out).ok()) {
    return Error("MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
                 {{"badRecord", string(text)}, {"failFastMode", "FAILFAST"}});
  }
  if (out->IsTooLarge()) {
    return Error("VARIANT_SIZE_LIMIT", {{"sizeLimit", "128.0 MiB"}, {"functionName", "`" + string(function) + "`"}});
  }
  return Status::Ok();
}

}  // namespace deltic::engine::variant
