#include "engine/write_stats.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/json_writer.h"
#include "duckdb/common/operator/comparison_operators.hpp"
#include "duckdb/common/types/timestamp.hpp"
#include "engine/functions/cast_text.h"
#include "engine/parquet_file.h"

namespace deltic::engine {
namespace {

constexpr size_t kPrefixChars = 32;  // spark.databricks.io.skipping.stringPrefixLength's default
constexpr size_t kLongestBound = 2 * kPrefixChars;
constexpr char kLastAscii = '\x7f';
constexpr std::string_view kLastCharacter = "\xF4\x8F\xBF\xBF";

size_t CharBytes(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

// Byte offset after `chars` code points from `from`, or the size when there are fewer.
size_t Advance(const std::string& s, size_t from, size_t chars) {
  while (chars > 0 && from < s.size()) {
    from += CharBytes(static_cast<unsigned char>(s[from]));
    --chars;
  }
  return std::min(from, s.size());
}

// What a character counts in UTF-16.
size_t CharUnits(unsigned char lead) { return lead < 0xF0 ? 1 : 2; }

// Types that Delta keeps bounds of.
bool HasBounds(const DataType& type) {
  return type.IsString() || type.IsNumeric() || type.Is(TypeId::kDate) || type.Is(TypeId::kTimestamp) ||
         type.Is(TypeId::kTimestampNtz);
}

// A column whose values the writer told nothing of.
struct UnboundedColumn {
  std::vector<std::string> names;  // through structs
  LeafStats* stats = nullptr;
  ParquetLeaf leaf;
  duckdb::Value min, max;  // NULL: no value yet
};

class UnboundedColumns {
 public:
  UnboundedColumns(int64_t rows, const WriteSpec& spec, std::map<std::string, LeafStats>* leaves)
      : rows_(std::to_string(rows)), spec_(spec), leaves_(leaves) {}

  void Visit(const std::vector<std::string>& names, const std::string& path, const std::string& key,
             const DataType& type) {
    if (type.Is(TypeId::kStruct)) {
      for (const auto& field : type.fields()) {
        auto inner = names;
        inner.push_back(field.name);
        Visit(inner, path + "." + field.name, key + "." + StatsKey(field.name), field.type);
      }
      return;
    }
    if (!IsStatsColumn(spec_, path, seen_++) || !HasBounds(type)) return;
    const auto found = leaves_->find(key);
    if (found == leaves_->end() || found->second.contains("min")) return;
    const auto nulls = found->second.find("null_count");
    if (nulls == found->second.end() || nulls->second == rows_) return;
    columns.push_back({names, &found->second, {}, duckdb::Value(), duckdb::Value()});
  }

  std::vector<UnboundedColumn> columns;

 private:
  const std::string rows_;
  const WriteSpec& spec_;
  std::map<std::string, LeafStats>* const leaves_;
  int seen_ = 0;
};

bool Find(const duckdb::ParquetReader& reader, UnboundedColumn* column) {
  column->leaf.schema = reader.root_schema.get();
  for (const auto& name : column->names) {
    const auto& fields = column->leaf.schema->children;
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
    if (found == fields.end()) return false;
    column->leaf.path.push_back(static_cast<duckdb::idx_t>(found - fields.begin()));
    column->leaf.schema = &*found;
  }
  return true;
}

template <typename T>
void ExtendAs(duckdb::Vector& values, duckdb::idx_t count, UnboundedColumn* column) {
  duckdb::UnifiedVectorFormat format;
  values.ToUnifiedFormat(count, format);
  const T* data = duckdb::UnifiedVectorFormat::GetData<T>(format);
  const T* least = nullptr;
  const T* greatest = nullptr;
  duckdb::idx_t least_row = 0;
  duckdb::idx_t greatest_row = 0;
  for (duckdb::idx_t row = 0; row < count; row++) {
    const auto at = format.sel->get_index(row);
    if (!format.validity.RowIsValid(at)) continue;
    if (least == nullptr || duckdb::LessThan::Operation<T>(data[at], *least)) {
      least = data + at;
      least_row = row;
    }
    if (greatest == nullptr || duckdb::GreaterThan::Operation<T>(data[at], *greatest)) {
      greatest = data + at;
      greatest_row = row;
    }
  }
  if (least == nullptr) return;
  duckdb::Value min = values.GetValue(least_row);
  duckdb::Value max = values.GetValue(greatest_row);
  if (column->min.IsNull() || min < column->min) column->min = std::move(min);
  if (column->max.IsNull() || max > column->max) column->max = std::move(max);
}

void Extend(duckdb::Vector& values, duckdb::idx_t count, UnboundedColumn* column) {
  switch (values.GetType().InternalType()) {
    case duckdb::PhysicalType::INT8: return ExtendAs<int8_t>(values, count, column);
    case duckdb::PhysicalType::INT16: return ExtendAs<int16_t>(values, count, column);
    case duckdb::PhysicalType::INT32: return ExtendAs<int32_t>(values, count, column);
    case duckdb::PhysicalType::INT64: return ExtendAs<int64_t>(values, count, column);
    case duckdb::PhysicalType::INT128: return ExtendAs<duckdb::hugeint_t>(values, count, column);
    case duckdb::PhysicalType::FLOAT: return ExtendAs<float>(values, count, column);
    case duckdb::PhysicalType::DOUBLE: return ExtendAs<double>(values, count, column);
    case duckdb::PhysicalType::VARCHAR: return ExtendAs<duckdb::string_t>(values, count, column);
    default: return;
  }
}

// As the writer tells it.
std::string BoundAsText(const duckdb::Value& bound) {
  if (bound.type().id() != duckdb::LogicalTypeId::TIMESTAMP_TZ) return bound.ToString();
  return duckdb::Value::TIMESTAMP(duckdb::timestamp_t(bound.GetValueUnsafe<int64_t>())).ToString() + "+00";
}

bool IsNan(const duckdb::Value& bound) {
  const auto type = bound.type().id();
  if (type == duckdb::LogicalTypeId::FLOAT) return std::isnan(bound.GetValueUnsafe<float>());
  return type == duckdb::LogicalTypeId::DOUBLE && std::isnan(bound.GetValueUnsafe<double>());
}

std::string IsoMillis(int64_t micros, bool utc) {
  int64_t millis = micros / 1000;
  if (micros % 1000 < 0) --millis;
  auto text = duckdb::Timestamp::ToString(duckdb::timestamp_t(millis * 1000));
  auto space = text.find(' ');
  if (space == std::string::npos) return text;
  text[space] = 'T';
  auto dot = text.find('.');
  std::string fraction = dot == std::string::npos ? "" : text.substr(dot + 1);
  if (dot != std::string::npos) text.resize(dot);
  fraction.resize(3, '0');
  return text + "." + fraction + (utc ? "Z" : "");
}

class StatsBuilder {
 public:
  StatsBuilder(const WriteSpec& spec, const std::map<std::string, LeafStats>& leaves,
               const std::vector<int64_t>& collection_nulls)
      : spec_(spec), leaves_(leaves), collection_nulls_(collection_nulls) {}

  std::string Build(int64_t rows, const std::vector<StatsColumn>& columns) {
    out_.BeginObject().Key("numRecords").Int(rows);
    for (Part part : {Part::kMin, Part::kMax, Part::kNulls}) {
      part_ = part;
      seen_ = 0;
      collection_ = 0;
      out_.Key(part == Part::kMin ? "minValues" : part == Part::kMax ? "maxValues" : "nullCount").BeginObject();
      for (const auto& c : columns) {
        const auto& hidden = spec_.hidden_columns;
        if (std::find(hidden.begin(), hidden.end(), c.name) != hidden.end()) continue;
        Visit(&out_, c.name, c.name, StatsKey(c.name), c.type);
      }
      out_.EndObject();
    }
    return out_.EndObject().Take();
  }

 private:
  enum class Part { kMin, kMax, kNulls };

  // Appends `name` when the column has something to say.
  void Visit(JsonWriter* out, const std::string& name, const std::string& path, const std::string& key,
             const DataType& type) {
    if (type.Is(TypeId::kStruct)) {
      JsonWriter nested;
      nested.BeginObject();
      for (const auto& f : type.fields())
        Visit(&nested, f.name, path + "." + f.name, key + "." + StatsKey(f.name), f.type);
      auto text = nested.EndObject().Take();
      if (text != "{}") out->Key(name).Raw(text);
      return;
    }
    bool selected = IsStatsColumn(spec_, path, seen_);
    ++seen_;
    bool collection = type.Is(TypeId::kArray) || type.Is(TypeId::kMap);
    size_t counter = collection_;
    if (collection) ++collection_;
    if (!selected) return;
    if (part_ == Part::kNulls) {
      if (collection) {
        if (counter < collection_nulls_.size()) out->Key(name).Int(collection_nulls_[counter]);
      } else if (auto n = Stat(type.Is(TypeId::kVariant) ? key + ".\"value\"" : key, "null_count")) {
        out->Key(name).Raw(*n);
      }
      return;
    }
    if (collection) return;
    auto json = Bound(key, type);
    if (json) out->Key(name).Raw(*json);
  }

  std::optional<std::string> Stat(const std::string& key, const char* what) const {
    auto leaf = leaves_.find(key);
    if (leaf == leaves_.end()) return std::nullopt;
    auto value = leaf->second.find(what);
    if (value == leaf->second.end()) return std::nullopt;
    return value->second;
  }

  std::optional<std::string> Bound(const std::string& key, const DataType& type) const {
    bool is_max = part_ == Part::kMax;
    if (auto json = Stat(key, is_max ? kMaxJson : kMinJson)) return json;
    auto text = Stat(key, is_max ? "max" : "min");
    if (!text) return std::nullopt;
    if (type.IsFractional()) return FractionalBound(key, *text, type, is_max);
    switch (type.id()) {
      case TypeId::kByte:
      case TypeId::kShort:
      case TypeId::kInteger:
      case TypeId::kLong:
      case TypeId::kDecimal: return text;
      case TypeId::kDate: {
        duckdb::Value date;  // before the first year DuckDB's text is another
        std::string error;
        if (!duckdb::Value(*text).DefaultTryCastAs(duckdb::LogicalType::DATE, date, &error)) return std::nullopt;
        return JsonQuote(functions::FormatDate(date.GetValueUnsafe<duckdb::date_t>().days));
      }
      case TypeId::kString:
      case TypeId::kChar:
      case TypeId::kVarchar: {
        auto cut = is_max ? TruncateMaxString(*text) : TruncateMinString(*text);
        if (is_max && cut.empty() && !text->empty()) return std::nullopt;
        return JsonQuote(cut);
      }
      case TypeId::kTimestamp:
      case TypeId::kTimestampNtz: {
        duckdb::Value cast;
        std::string error;
        bool utc = type.Is(TypeId::kTimestamp);
        auto target = utc ? duckdb::LogicalType::TIMESTAMP_TZ : duckdb::LogicalType::TIMESTAMP;
        if (!duckdb::Value(*text).DefaultTryCastAs(target, cast, &error) || cast.IsNull()) return std::nullopt;
        return JsonQuote(IsoMillis(cast.GetValueUnsafe<int64_t>(), utc));
      }
      default: return std::nullopt;  // boolean, binary: Delta keeps only null counts
    }
  }

  std::optional<std::string> FractionalBound(const std::string& key, const std::string& text, const DataType& type,
                                             bool is_max) const {
    auto nan = Stat(key, "has_nan");
    // NaN is the greatest value in Spark.
    if (nan && *nan == "true" && is_max) return JsonQuote("NaN");
    double value = std::strtod(text.c_str(), nullptr);
    JsonWriter number;
    if (type.Is(TypeId::kFloat)) {
      std::string shown = JavaFloatToString(static_cast<float>(value));
      bool finite = shown.find_first_of("NI") == std::string::npos;
      return finite ? shown : JsonQuote(shown);
    }
    return number.Double(value).Take();
  }

  const WriteSpec& spec_;
  const std::map<std::string, LeafStats>& leaves_;
  const std::vector<int64_t>& collection_nulls_;
  JsonWriter out_;
  Part part_ = Part::kMin;
  int seen_ = 0;
  size_t collection_ = 0;
};

}  // namespace

std::string StatsKey(const std::string& name) {
  std::string out = "\"";
  for (char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return types::ToLower(out + "\"");
}

bool IsStatsColumn(const WriteSpec& spec, const std::string& path, int position) {
  if (spec.stats_columns.empty()) return spec.stats_column_limit < 0 || position < spec.stats_column_limit;
  for (const auto& wanted : spec.stats_columns) {
    if (types::EqualsIgnoreCase(wanted, path)) return true;
    if (path.size() > wanted.size() && path[wanted.size()] == '.' &&
        types::EqualsIgnoreCase(wanted, path.substr(0, wanted.size()))) {
      return true;
    }
  }
  return false;
}

std::string TruncateMinString(const std::string& value) { return value.substr(0, Advance(value, 0, kPrefixChars)); }

std::string TruncateMaxString(const std::string& value) {
  const auto lead = [&](size_t at) { return static_cast<unsigned char>(value[at]); };
  size_t end = 0;
  size_t units = 0;
  for (; units < kPrefixChars && end < value.size(); end += CharBytes(lead(end))) units += CharUnits(lead(end));
  // A character above the one cut off makes the prefix an upper bound.
  while (units <= kLongestBound) {
    if (end >= value.size()) return value;
    if (lead(end) < static_cast<unsigned char>(kLastAscii)) return value.substr(0, end) + kLastAscii;
    if (!std::string_view(value).substr(end).starts_with(kLastCharacter)) {
      return value.substr(0, end).append(kLastCharacter);
    }
    end += kLastCharacter.size();
    units += 2;
  }
  return {};
}

void AddMissingBounds(duckdb::ClientContext& context, const std::string& path, int64_t rows,
                      const std::vector<StatsColumn>& columns, const WriteSpec& spec,
                      std::map<std::string, LeafStats>* leaves) {
  UnboundedColumns unbounded(rows, spec, leaves);
  for (const auto& column : columns) {
    const auto& hidden = spec.hidden_columns;
    if (std::find(hidden.begin(), hidden.end(), column.name) != hidden.end()) continue;
    unbounded.Visit({column.name}, column.name, StatsKey(column.name), column.type);
  }
  if (unbounded.columns.empty()) return;
  duckdb::ParquetReader reader(context, duckdb::OpenFileInfo(path), duckdb::ParquetOptions(context));
  std::vector<const ParquetLeaf*> wanted;
  for (auto& column : unbounded.columns) {
    if (!Find(reader, &column)) return;
    wanted.push_back(&column.leaf);
  }
  ChooseLeaves(&reader, wanted);
  for (duckdb::idx_t group = 0; group < reader.NumRowGroups(); group++) {
    GroupScan scan(context, &reader, group);
    while (const auto* batch = scan.Next()) {
      for (auto& column : unbounded.columns) Extend(scan.Of(column.leaf), batch->size(), &column);
    }
  }
  for (auto& column : unbounded.columns) {
    if (column.min.IsNull()) continue;
    (*column.stats)["min"] = BoundAsText(column.min);
    (*column.stats)["max"] = BoundAsText(column.max);
    if (IsNan(column.max)) (*column.stats)["has_nan"] = "true";
  }
}

std::string DeltaStats(int64_t rows, const std::vector<StatsColumn>& columns, const WriteSpec& spec,
                       const std::map<std::string, LeafStats>& leaves, const std::vector<int64_t>& collection_nulls) {
  return StatsBuilder(spec, leaves, collection_nulls).Build(rows, columns);
}

}  // namespace deltic::engine
