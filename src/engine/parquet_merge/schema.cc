#include "engine/parquet_merge/schema.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "engine/parquet_merge/cannot_merge.h"

namespace deltic::engine::merge {
namespace {

using duckdb_parquet::ConvertedType;
using duckdb_parquet::FieldRepetitionType;
using duckdb_parquet::FileMetaData;
using duckdb_parquet::SchemaElement;
using duckdb_parquet::Type;

constexpr int kMaxDepth = 64;
constexpr char kOtherType[] = "a column of another type than the table's";
constexpr char kOtherColumns[] = "other columns than the table's";

bool HasConverted(const SchemaElement& e, ConvertedType::type type) {
  return e.__isset.converted_type && e.converted_type == type;
}
bool IsPlain(const SchemaElement& e) { return !e.__isset.converted_type && !e.__isset.logicalType; }

bool IsInteger(const SchemaElement& e, int bits, ConvertedType::type converted) {
  if (e.__isset.logicalType) {
    const auto& logical = e.logicalType;
    return logical.__isset.INTEGER && logical.INTEGER.isSigned && logical.INTEGER.bitWidth == bits;
  }
  return e.__isset.converted_type ? e.converted_type == converted : bits >= 32;
}

bool IsTimestamp(const SchemaElement& e, bool utc) {
  if (e.__isset.logicalType) {
    const auto& logical = e.logicalType;
    return logical.__isset.TIMESTAMP && logical.TIMESTAMP.unit.__isset.MICROS &&
           logical.TIMESTAMP.isAdjustedToUTC == utc;
  }
  return utc && HasConverted(e, ConvertedType::TIMESTAMP_MICROS);
}

bool IsDecimal(const SchemaElement& e, const DataType& type) {
  int precision = e.precision;
  int scale = e.scale;
  if (e.__isset.logicalType) {
    if (!e.logicalType.__isset.DECIMAL) return false;
    precision = e.logicalType.DECIMAL.precision;
    scale = e.logicalType.DECIMAL.scale;
  } else if (!HasConverted(e, ConvertedType::DECIMAL)) {
    return false;
  }
  if (precision != type.precision() || scale != type.scale()) return false;
  if (e.type == Type::INT32) return precision <= 9;
  if (e.type == Type::INT64) return precision <= 18;
  return e.type == Type::FIXED_LEN_BYTE_ARRAY || e.type == Type::BYTE_ARRAY;
}

bool IsOf(const SchemaElement& e, const DataType& type) {
  switch (type.id()) {
    case TypeId::kBoolean: return e.type == Type::BOOLEAN && IsPlain(e);
    case TypeId::kByte: return e.type == Type::INT32 && IsInteger(e, 8, ConvertedType::INT_8);
    case TypeId::kShort: return e.type == Type::INT32 && IsInteger(e, 16, ConvertedType::INT_16);
    case TypeId::kInteger: return e.type == Type::INT32 && IsInteger(e, 32, ConvertedType::INT_32);
    case TypeId::kLong: return e.type == Type::INT64 && IsInteger(e, 64, ConvertedType::INT_64);
    case TypeId::kFloat: return e.type == Type::FLOAT && IsPlain(e);
    case TypeId::kDouble: return e.type == Type::DOUBLE && IsPlain(e);
    case TypeId::kString:
    case TypeId::kChar:
    case TypeId::kVarchar:
      return e.type == Type::BYTE_ARRAY &&
             (e.__isset.logicalType ? bool{e.logicalType.__isset.STRING} : HasConverted(e, ConvertedType::UTF8));
    case TypeId::kBinary: return e.type == Type::BYTE_ARRAY && IsPlain(e);
    case TypeId::kDate:
      return e.type == Type::INT32 &&
             (e.__isset.logicalType ? bool{e.logicalType.__isset.DATE} : HasConverted(e, ConvertedType::DATE));
    case TypeId::kTimestamp: return e.type == Type::INT64 && IsTimestamp(e, true);
    case TypeId::kTimestampNtz: return e.type == Type::INT64 && IsTimestamp(e, false);
    case TypeId::kDecimal: return IsDecimal(e, type);
    default: return false;
  }
}

bool IsList(const SchemaElement& e) {
  return e.__isset.logicalType ? bool{e.logicalType.__isset.LIST} : HasConverted(e, ConvertedType::LIST);
}
bool IsMap(const SchemaElement& e) {
  return e.__isset.logicalType ? bool{e.logicalType.__isset.MAP} : HasConverted(e, ConvertedType::MAP);
}

class SchemaWalk {
 public:
  explicit SchemaWalk(const std::vector<SchemaElement>& elements) : elements_(elements) {}

  std::vector<Leaf> Run(const std::vector<WantedColumn>& wanted) {
    const SchemaElement& root = Next();
    Require(!root.__isset.type, "a schema without a root");
    Fields(root, wanted.size(), 0, 0, 0, [&](const std::string& name) -> const WantedColumn* {
      const auto found = std::find_if(wanted.begin(), wanted.end(), [&](const auto& w) { return w.name == name; });
      return found == wanted.end() ? nullptr : &*found;
    });
    Require(at_ == elements_.size(), "a schema with loose ends");
    return std::move(leaves_);
  }

 private:
  const SchemaElement& Next() {
    Require(at_ < elements_.size(), "a schema that ends early");
    return elements_[at_++];
  }
  const SchemaElement& Peek() const {
    Require(at_ < elements_.size(), "a schema that ends early");
    return elements_[at_];
  }

  // The fields of a group, each wanted once.
  template <typename Find>
  void Fields(const SchemaElement& group, size_t count, int definition, int repetition, int depth, const Find& find) {
    Require(group.__isset.num_children && static_cast<size_t>(group.num_children) == count && count > 0, kOtherColumns);
    std::set<std::string> seen;
    for (size_t i = 0; i < count; i++) {
      const std::string name = Peek().name;
      Require(seen.insert(name).second, kOtherColumns);
      const WantedColumn* wanted = find(name);
      Require(wanted != nullptr, kOtherColumns);
      Field(wanted->type, wanted->field_id, definition, repetition, depth + 1);
    }
  }

  void Field(const DataType& type, int field_id, int definition, int repetition, int depth) {
    Require(depth < kMaxDepth, "a schema that is nested too deeply");
    const SchemaElement& e = Next();
    Require(field_id == (e.__isset.field_id ? e.field_id : -1), "other field ids than the table's");
    Require(e.__isset.repetition_type && e.repetition_type != FieldRepetitionType::REPEATED, kOtherType);
    if (e.repetition_type == FieldRepetitionType::OPTIONAL) definition++;
    switch (type.id()) {
      case TypeId::kStruct: return Struct(e, type, definition, repetition, depth);
      case TypeId::kArray:
        Require(IsList(e) && e.num_children == 1 && !e.__isset.type, kOtherType);
        RepeatedGroup("list", 1);
        Named("element");
        return Field(type.element(), -1, definition + 1, repetition + 1, depth + 1);
      case TypeId::kMap:
        Require(IsMap(e) && e.num_children == 1 && !e.__isset.type, kOtherType);
        RepeatedGroup("key_value", 2);
        Named("key");
        Field(type.key(), -1, definition + 1, repetition + 1, depth + 1);
        Named("value");
        return Field(type.value(), -1, definition + 1, repetition + 1, depth + 1);
      default: break;
    }
    Require(e.__isset.type && (!e.__isset.num_children || e.num_children == 0) && IsOf(e, type), kOtherType);
    const bool fixed = e.type == Type::FIXED_LEN_BYTE_ARRAY;
    Require(!fixed || (e.type_length > 0 && e.type_length <= 16), kOtherType);
    leaves_.push_back({e.type, fixed ? e.type_length : 0, type, definition, repetition});
  }

  void Struct(const SchemaElement& e, const DataType& type, int definition, int repetition, int depth) {
    Require(!e.__isset.type && IsPlain(e), kOtherType);
    WantedColumn wanted;
    Fields(e, type.fields().size(), definition, repetition, depth, [&](const std::string& name) -> const WantedColumn* {
      for (const auto& field : type.fields()) {
        if (field.name != name) continue;
        wanted = {name, field.type, MetadataFieldId(field)};
        return &wanted;
      }
      return nullptr;
    });
  }

  void Named(const char* name) { Require(Peek().name == name, "a list or map with names of its own"); }
  void RepeatedGroup(const char* name, int children) {
    Named(name);
    const SchemaElement& e = Next();
    Require(e.__isset.repetition_type && e.repetition_type == FieldRepetitionType::REPEATED && !e.__isset.type &&
                e.num_children == children && !e.__isset.field_id,
            kOtherType);
  }

  const std::vector<SchemaElement>& elements_;
  size_t at_ = 0;
  std::vector<Leaf> leaves_;
};

}  // namespace

size_t Leaf::value_bytes() const {
  switch (physical) {
    case Type::INT32:
    case Type::FLOAT: return 4;
    case Type::INT64:
    case Type::DOUBLE: return 8;
    case Type::FIXED_LEN_BYTE_ARRAY: return static_cast<size_t>(type_length);
    default: return 0;
  }
}

int MetadataFieldId(const types::StructField& field) {
  auto at = field.metadata.find("\"delta.columnMapping.id\"");
  if (at == std::string::npos) return -1;
  at = field.metadata.find(':', at);
  return at == std::string::npos ? -1 : std::atoi(field.metadata.c_str() + at + 1);
}

std::vector<Leaf> MatchSchema(const FileMetaData& footer, const std::vector<WantedColumn>& wanted) {
  return SchemaWalk(footer.schema).Run(wanted);
}

void RequireSameLayout(const FileMetaData& one, const FileMetaData& other) {
  constexpr char kDiffers[] = "files of different schemas";
  Require(one.schema.size() == other.schema.size(), kDiffers);
  for (size_t i = 1; i < one.schema.size(); i++) {  // the root's name means nothing
    const SchemaElement& a = one.schema[i];
    const SchemaElement& b = other.schema[i];
    Require(a.name == b.name && a.__isset.type == b.__isset.type && (!a.__isset.type || a.type == b.type) &&
                a.type_length == b.type_length && a.repetition_type == b.repetition_type,
            kDiffers);
  }
}

}  // namespace deltic::engine::merge
