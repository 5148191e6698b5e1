#include "spark/command/dependent_expressions.h"

#include <algorithm>
#include <optional>

#include "delta/spec/features.h"
#include "delta/spec/field_metadata.h"
#include "spark/command/schema_edit.h"
#include "spark/command/table_expression.h"
#include "spark/resolve/expression_binder.h"

namespace deltic::spark::command {
namespace {

using plan::ExpressionKind;
using plan::ExpressionPtr;
using types::DataType;
using types::TypeId;
using Path = std::vector<std::string>;

constexpr std::string_view kConstraintPrefix = "delta.constraints.";

// What an expression is of the table.
struct Place {
  Path path;
  DataType type;
};

// The places of a table that an expression reads, each as deep as it is read.
class PlacesRead {
 public:
  explicit PlacesRead(const DataType& schema) : schema_(schema) {}

  const std::vector<Path>& Of(const ExpressionPtr& expr) {
    if (const auto place = Visit(expr)) read_.push_back(place->path);
    return read_;
  }

 private:
  // The place that the expression is; what it reads besides is noted.
  std::optional<Place> Visit(const ExpressionPtr& expr) {
    if (expr->kind == ExpressionKind::kAttribute) return OfName(expr->As<plan::UnresolvedAttribute>().parts);
    if (expr->kind == ExpressionKind::kExtractValue) return OfExtraction(expr->As<plan::UnresolvedExtractValue>());
    const bool lambda = expr->kind == ExpressionKind::kLambda;
    const size_t outer = parameters_.size();
    if (lambda) {
      const auto& params = expr->As<plan::LambdaFunction>().params;
      parameters_.insert(parameters_.end(), params.begin(), params.end());
    }
    resolve::MapPlanChildren(expr, [&](const ExpressionPtr& child) {
      if (const auto place = Visit(child)) read_.push_back(place->path);
      return child;
    });
    parameters_.resize(outer);
    return std::nullopt;
  }

  std::optional<Place> OfName(const Path& parts) {
    const auto is_first = [&](const std::string& name) { return types::EqualsIgnoreCase(name, parts[0]); };
    if (std::any_of(parameters_.begin(), parameters_.end(), is_first)) return std::nullopt;
    Place place{{}, schema_};
    for (const auto& part : parts) place = Into(std::move(place), part);
    return place;
  }

  std::optional<Place> OfExtraction(const plan::UnresolvedExtractValue& extraction) {
    auto place = Visit(extraction.child);
    if (!place.has_value()) {
      if (const auto key = Visit(extraction.extraction)) read_.push_back(key->path);
      return std::nullopt;
    }
    if (extraction.extraction->kind == ExpressionKind::kLiteral) {
      const auto* name = std::get_if<std::string>(&extraction.extraction->As<plan::Literal>().value.v);
      return Into(std::move(*place), name == nullptr ? "" : *name);
    }
    if (const auto key = Visit(extraction.extraction)) read_.push_back(key->path);
    return Into(std::move(*place), "");
  }

  // A field of a struct or of an array's structs, an element, a map's value by a key.
  Place Into(Place place, const std::string& name) {
    if (place.type.Is(TypeId::kMap)) {
      Path keys = place.path;
      keys.emplace_back("key");
      read_.push_back(std::move(keys));
      place.path.emplace_back("value");
      place.type = DataType(place.type.value());
      return place;
    }
    if (place.type.Is(TypeId::kArray)) {
      place.path.emplace_back("element");
      place.type = DataType(place.type.element());
      if (name.empty() || !place.type.Is(TypeId::kStruct)) return place;
    }
    const int field = place.type.Is(TypeId::kStruct) ? place.type.FieldIndex(name) : -1;
    place.path.push_back(name);
    place.type = field < 0 ? DataType(TypeId::kNull) : DataType(place.type.fields()[static_cast<size_t>(field)].type);
    return place;
  }

  const DataType& schema_;
  Path parameters_;  // of the lambda functions around
  std::vector<Path> read_;
};

// One of them is the other or part of it.
bool Touch(const Path& a, const Path& b) {
  return std::equal(a.begin(), a.begin() + static_cast<ptrdiff_t>(std::min(a.size(), b.size())), b.begin(),
                    [](const std::string& x, const std::string& y) { return types::EqualsIgnoreCase(x, y); });
}

// "name -> expression" for each that uses a column, a line each.
struct Dependents {
  std::string constraints;
  std::string generated;
};

void AddLine(std::string* text, const std::string& name, const std::string& sql) {
  *text += (text->empty() ? "" : "\n") + name + " -> " + sql;
}

Result<Dependents> DependentsOf(session::Session* session, const delta::Snapshot& snapshot, const Path& column) {
  const delta::Metadata& metadata = snapshot.metadata();
  const TableExpressions expressions(session);
  const auto uses = [&](const std::string& sql) -> Result<bool> {
    ASSIGN_OR_RETURN(const auto parsed, expressions.Parse(sql));
    PlacesRead places(metadata.schema);
    const auto& read = places.Of(parsed);
    return std::any_of(read.begin(), read.end(), [&](const Path& path) { return Touch(path, column); });
  };
  Dependents out;
  for (auto it = metadata.configuration.lower_bound(std::string(kConstraintPrefix));
       it != metadata.configuration.end() && it->first.starts_with(kConstraintPrefix); ++it) {
    ASSIGN_OR_RETURN(const bool used, uses(it->second));
    if (used) AddLine(&out.constraints, it->first, it->second);
  }
  if (!delta::IsFeatureSupported(snapshot.protocol(), "generatedColumns")) return out;
  for (const auto& field : metadata.schema.fields()) {
    const std::string sql = field.MetadataString(delta::kGenerationExpression);
    if (sql.empty()) continue;
    ASSIGN_OR_RETURN(const bool used, uses(sql));
    if (used) AddLine(&out.generated, field.name, sql);
  }
  return out;
}

// The columns of `data` that have another type than the table's.
class TypeChanges {
 public:
  TypeChanges(session::Session* session, const delta::Snapshot& snapshot) : session_(session), snapshot_(snapshot) {}

  Status Check(const Path& path, const DataType& table, const DataType& data) {
    if (table.Is(TypeId::kStruct) && data.Is(TypeId::kStruct)) return CheckFields(path, table, data);
    if (table.Is(TypeId::kArray) && data.Is(TypeId::kArray)) {
      return Check(With(path, "element"), table.element(), data.element());
    }
    if (table.Is(TypeId::kMap) && data.Is(TypeId::kMap)) {
      RETURN_IF_ERROR(Check(With(path, "key"), table.key(), data.key()));
      return Check(With(path, "value"), table.value(), data.value());
    }
    // CHAR and VARCHAR are strings in the log, and what has no type takes the table's.
    const bool same = table.SameType(data) || (table.IsString() && data.IsString());
    if (same || table.Is(TypeId::kNull) || data.Is(TypeId::kNull)) return Status::Ok();
    ASSIGN_OR_RETURN(const Dependents found, DependentsOf(session_, snapshot_, path));
    ErrorParams params = {{"columnName", PathText(path)}, {"columnType", table.Sql()}, {"dataType", data.Sql()}};
    if (!found.constraints.empty()) {
      params.emplace_back("constraints", found.constraints);
      return Error("DELTA_CONSTRAINT_DATA_TYPE_MISMATCH", std::move(params));
    }
    if (found.generated.empty()) return Status::Ok();
    params.emplace_back("generatedColumns", found.generated);
    return Error("DELTA_GENERATED_COLUMNS_DATA_TYPE_MISMATCH", std::move(params));
  }

 private:
  static Path With(Path path, const std::string& name) {
    path.push_back(name);
    return path;
  }

  Status CheckFields(const Path& path, const DataType& table, const DataType& data) {
    for (const auto& field : table.fields()) {
      const int given = data.FieldIndex(field.name, /*case_sensitive=*/true);  // as delta-spark looks here
      if (given < 0) continue;
      RETURN_IF_ERROR(Check(With(path, field.name), field.type, data.fields()[static_cast<size_t>(given)].type));
    }
    return Status::Ok();
  }

  session::Session* const session_;
  const delta::Snapshot& snapshot_;
};

}  // namespace

Status CheckNoDependents(session::Session* session, const delta::Snapshot& snapshot, const Path& column) {
  ASSIGN_OR_RETURN(const Dependents found, DependentsOf(session, snapshot, column));
  if (!found.constraints.empty()) {
    return Error("DELTA_CONSTRAINT_DEPENDENT_COLUMN_CHANGE",
                 {{"columnName", PathText(column)}, {"constraints", found.constraints}});
  }
  if (found.generated.empty()) return Status::Ok();
  return Error("DELTA_GENERATED_COLUMNS_DEPENDENT_COLUMN_CHANGE",
               {{"columnName", PathText(column)}, {"generatedColumns", found.generated}});
}

Status CheckDependentTypes(session::Session* session, const delta::Snapshot& snapshot, const DataType& data) {
  return TypeChanges(session, snapshot).Check({}, snapshot.schema(), data);
}

}  // namespace deltic::spark::command
