#include "engine/parquet_column_types.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "engine/file_scan.h"
#include "engine/functions/throw.h"
#include "parquet_reader.hpp"

namespace deltic::engine {
namespace {

using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using duckdb::ParquetColumnSchema;
using Definition = duckdb::MultiFileColumnDefinition;
using Physical = duckdb_parquet::Type;

// DuckDB converts and keeps the value, or fails: no row is wrong.
struct Pair {
  TypeId wanted;
  LogicalTypeId file;
};

// Spark's ParquetVectorUpdaterFactory (3.5, and 4.0 for Delta's type widening), and what readers of other writers'
// files need. Integers and decimals: below.
constexpr Pair kReadable[] = {
    {TypeId::kBoolean, LogicalTypeId::BOOLEAN},
    {TypeId::kFloat, LogicalTypeId::FLOAT},
    {TypeId::kDouble, LogicalTypeId::FLOAT},
    {TypeId::kDouble, LogicalTypeId::DOUBLE},
    {TypeId::kDate, LogicalTypeId::DATE},
    {TypeId::kTimestamp, LogicalTypeId::TIMESTAMP_TZ},
    {TypeId::kTimestamp, LogicalTypeId::TIMESTAMP},
    {TypeId::kTimestamp, LogicalTypeId::TIMESTAMP_SEC},
    {TypeId::kTimestamp, LogicalTypeId::TIMESTAMP_MS},
    {TypeId::kTimestamp, LogicalTypeId::TIMESTAMP_NS},
    {TypeId::kTimestampNtz, LogicalTypeId::TIMESTAMP_TZ},
    {TypeId::kTimestampNtz, LogicalTypeId::TIMESTAMP},
    {TypeId::kTimestampNtz, LogicalTypeId::TIMESTAMP_SEC},
    {TypeId::kTimestampNtz, LogicalTypeId::TIMESTAMP_MS},
    {TypeId::kTimestampNtz, LogicalTypeId::TIMESTAMP_NS},
    {TypeId::kTimestampNtz, LogicalTypeId::DATE},
    {TypeId::kString, LogicalTypeId::VARCHAR},
    {TypeId::kString, LogicalTypeId::BLOB},
    {TypeId::kString, LogicalTypeId::UUID},
    {TypeId::kString, LogicalTypeId::ENUM},
    {TypeId::kBinary, LogicalTypeId::BLOB},
    {TypeId::kBinary, LogicalTypeId::VARCHAR},
    {TypeId::kBinary, LogicalTypeId::UUID},
    {TypeId::kBinary, LogicalTypeId::GEOMETRY},
    {TypeId::kCalendarInterval, LogicalTypeId::INTERVAL},
};

bool IsInteger(LogicalTypeId id) {
  return id == LogicalTypeId::TINYINT || id == LogicalTypeId::UTINYINT || id == LogicalTypeId::SMALLINT ||
         id == LogicalTypeId::USMALLINT || id == LogicalTypeId::INTEGER || id == LogicalTypeId::UINTEGER ||
         id == LogicalTypeId::BIGINT || id == LogicalTypeId::UBIGINT;
}

// Whether a column without parts may be read. Integers and decimals that are too large for what is wanted fail.
bool IsReadableAs(const DataType& wanted, const LogicalType& file) {
  const LogicalTypeId found = file.id();
  const int scale = found == LogicalTypeId::DECIMAL ? duckdb::DecimalType::GetScale(file) : 0;
  switch (wanted.id()) {
    case TypeId::kByte:
    case TypeId::kShort:
    case TypeId::kInteger:
    case TypeId::kLong:
    case TypeId::kYearMonthInterval:
    case TypeId::kDayTimeInterval: return IsInteger(found) || (found == LogicalTypeId::DECIMAL && scale == 0);
    case TypeId::kDecimal: return IsInteger(found) || (found == LogicalTypeId::DECIMAL && scale <= wanted.scale());
    case TypeId::kDouble:
      if (IsInteger(found) && found != LogicalTypeId::BIGINT && found != LogicalTypeId::UBIGINT) return true;
      break;
    default: break;
  }
  const bool text = wanted.Is(TypeId::kChar) || wanted.Is(TypeId::kVarchar);
  const TypeId id = text ? TypeId::kString : wanted.id();
  return std::any_of(std::begin(kReadable), std::end(kReadable),
                     [&](const Pair& pair) { return pair.wanted == id && pair.file == found; });
}

// As Spark names it: the physical type of a column, the kind of a group.
std::string FoundType(const ParquetColumnSchema& file) {
  switch (file.type.id()) {
    case LogicalTypeId::LIST: return "LIST";
    case LogicalTypeId::MAP: return "MAP";
    case LogicalTypeId::STRUCT: return "STRUCT";
    default: break;
  }
  switch (file.parquet_type) {
    case Physical::BOOLEAN: return "BOOLEAN";
    case Physical::INT32: return "INT32";
    case Physical::INT64: return "INT64";
    case Physical::INT96: return "INT96";
    case Physical::FLOAT: return "FLOAT";
    case Physical::DOUBLE: return "DOUBLE";
    case Physical::BYTE_ARRAY: return "BINARY";
    case Physical::FIXED_LEN_BYTE_ARRAY: return "FIXED_LEN_BYTE_ARRAY";
  }
  return file.type.ToString();
}

bool IsSame(const duckdb::Value& identifier, const Definition& file) {
  if (identifier.type().id() != LogicalTypeId::INTEGER) {
    return duckdb::StringUtil::CIEquals(identifier.ToString(), file.name);
  }
  return !file.identifier.IsNull() && file.identifier == identifier;
}

// Looks at one column of a file and at what is in it.
class ColumnCheck {
 public:
  explicit ColumnCheck(std::string path) : path_(std::move(path)) {}

  // `wanted` has children where there are structs in `type`; `definition` is the file's, as far as there is one.
  // `name`: as errors have it, where that is not the file's.
  void Check(const DataType& type, const Definition& wanted, const ParquetColumnSchema& file,
             const Definition* definition, const duckdb::ColumnIndex* parts, const char* name = nullptr) {
    const LogicalTypeId found = file.type.id();
    // A file that has nothing but nulls; a void column, of which nothing is read; variants say themselves what they
    // are.
    if (found == LogicalTypeId::SQLNULL || type.Is(TypeId::kNull) || type.Is(TypeId::kVariant)) return;
    names_.emplace_back(name == nullptr ? file.name : name);
    if (type.Is(TypeId::kStruct)) {
      if (found != LogicalTypeId::STRUCT) Refuse(type, file);
      CheckStruct(type, wanted, file, definition, parts);
    } else if (type.Is(TypeId::kArray)) {
      if (found != LogicalTypeId::LIST) Refuse(type, file);
      if (file.children.size() == 1) {
        names_.push_back("list");
        Check(type.element(), In(wanted, 0), file.children[0], In(definition, 0), nullptr, "element");
        names_.pop_back();
      }
    } else if (type.Is(TypeId::kMap)) {
      if (found != LogicalTypeId::MAP) Refuse(type, file);
      CheckMap(type, wanted, file, definition);
    } else if (file.type.IsNested() || !IsReadableAs(type, file.type)) {
      Refuse(type, file);
    }
    names_.pop_back();
  }

 private:
  void CheckStruct(const DataType& type, const Definition& wanted, const ParquetColumnSchema& file,
                   const Definition* definition, const duckdb::ColumnIndex* parts) {
    if (definition == nullptr) return;
    const auto check = [&](size_t field, const duckdb::ColumnIndex* inner) {
      if (field >= type.fields().size() || field >= wanted.children.size()) return;
      const Definition& part = wanted.children[field];
      for (size_t i = 0; i < std::min<size_t>(file.children.size(), definition->children.size()); i++) {
        if (!IsSame(part.identifier, definition->children[i])) continue;
        Check(type.fields()[field].type, part, file.children[i], &definition->children[i], inner);
        return;
      }
    };
    const bool some = parts != nullptr && parts->HasChildren() &&
                      std::all_of(parts->GetChildIndexes().begin(), parts->GetChildIndexes().end(),
                                  [](const duckdb::ColumnIndex& part) { return part.HasPrimaryIndex(); });
    if (some) {
      for (const auto& part : parts->GetChildIndexes()) check(part.GetPrimaryIndex(), &part);
    } else {
      for (size_t field = 0; field < type.fields().size(); field++) check(field, nullptr);
    }
  }

  void CheckMap(const DataType& type, const Definition& wanted, const ParquetColumnSchema& file,
                const Definition* definition) {
    if (file.children.size() != 1 || file.children[0].children.size() != 2) return;
    const ParquetColumnSchema& entry = file.children[0];
    const Definition* const pair = In(definition, 0);
    names_.push_back(entry.name);
    Check(type.key(), In(wanted, 0), entry.children[0], In(pair, 0), nullptr);
    Check(type.value(), In(wanted, 1), entry.children[1], In(pair, 1), nullptr);
    names_.pop_back();
  }

  static const Definition& In(const Definition& wanted, size_t part) {
    return part < wanted.children.size() ? wanted.children[part] : wanted;
  }
  static const Definition* In(const Definition* definition, size_t part) {
    return definition != nullptr && part < definition->children.size() ? &definition->children[part] : nullptr;
  }

  [[noreturn]] void Refuse(const DataType& wanted, const ParquetColumnSchema& file) const {
    std::string column;
    for (const std::string& name : names_) column += (column.empty() ? "" : ", ") + name;
    functions::ThrowStatus(Error("_LEGACY_ERROR_TEMP_2063", {{"filePath", FileUri(path_)},
                                                             {"column", "[" + column + "]"},
                                                             {"logicalType", wanted.SimpleString()},
                                                             {"physicalType", FoundType(file)}}));
  }

  const std::string path_;
  std::vector<std::string> names_;  // of the column and its parts, down to the one that is looked at
};

}  // namespace

void CheckColumnType(const duckdb::BaseFileReader& reader, const Definition& wanted, const DataType& type,
                     const duckdb::ColumnIndex& parts) {
  const auto& parquet = static_cast<const duckdb::ParquetReader&>(reader);
  const auto& schemas = parquet.root_schema->children;
  for (size_t i = 0; i < std::min<size_t>(schemas.size(), parquet.columns.size()); i++) {
    if (!IsSame(wanted.identifier, parquet.columns[i])) continue;
    ColumnCheck(reader.file.path).Check(type, wanted, schemas[i], &parquet.columns[i], &parts);
    return;
  }
}

}  // namespace deltic::engine
