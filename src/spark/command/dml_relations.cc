#include "spark/command/dml_relations.h"

#include <map>

#include "spark/command/dml_write.h"
#include "spark/resolve/tree.h"

namespace deltic::spark::command {

using engine::Column;
using engine::ExprPtr;
using engine::JoinType;
using engine::RelPtr;
using types::TypeId;

void CountedRows::Add(const int64_t* files, const int64_t* rows, uint64_t count) {
  added_ += count;
  TouchedRows::Add(files, rows, count);
}

ExprPtr Ref(const Column& column) { return resolve::ColumnRef(column); }

Column LongColumn(const char* name) { return {engine::FreshColumnId(), name, TypeId::kLong, true}; }

ExprPtr Compare(const char* op, ExprPtr a, ExprPtr b) {
  return engine::MakeCall(op, {std::move(a), std::move(b)}, TypeId::kBoolean, true);
}

ExprPtr Both(ExprPtr a, ExprPtr b) { return Compare("and", std::move(a), std::move(b)); }

ExprPtr IsNull(ExprPtr value) { return engine::MakeCall("isnull", {std::move(value)}, TypeId::kBoolean, false); }

RelPtr JoinOn(JoinType type, const RelPtr& left, const RelPtr& right, ExprPtr condition) {
  std::vector<Column> output = left->output;
  if (type != JoinType::kLeftSemi && type != JoinType::kLeftAnti) {
    output.insert(output.end(), right->output.begin(), right->output.end());
  }
  return std::make_shared<engine::JoinRel>(type, left, right, std::move(condition), std::move(output));
}

RelPtr FilterBy(const RelPtr& rows, ExprPtr condition) {
  return std::make_shared<engine::FilterRel>(rows, std::move(condition));
}

RelPtr Listed(const RelPtr& rows, const Column& column, const std::vector<int64_t>& numbers) {
  std::vector<ExprPtr> args{Ref(column)};
  for (const int64_t number : numbers) args.push_back(engine::MakeLong(number));
  return FilterBy(rows, engine::MakeCall("in", std::move(args), TypeId::kBoolean, true));
}

RelPtr ProjectAs(const RelPtr& rows, std::vector<Column> output, std::vector<ExprPtr> exprs) {
  return std::make_shared<engine::ProjectRel>(rows, std::move(output), std::move(exprs));
}

RelPtr Together(const RelPtr& first, const RelPtr& second) {
  if (first == nullptr || second == nullptr) return first == nullptr ? second : first;
  return UnionAll(first, second);
}

std::vector<TouchedFile> UnionOf(const std::vector<const std::vector<TouchedFile>*>& parts) {
  std::map<size_t, std::shared_ptr<const delta::DeletionVector>> files;
  for (const auto* part : parts) {
    for (const TouchedFile& touched : *part) {
      auto& rows = files[touched.file];
      rows = rows == nullptr ? touched.rows : delta::UniteDeletionVectors(rows.get(), touched.rows.get());
    }
  }
  std::vector<TouchedFile> out;
  for (auto& [file, rows] : files) out.push_back({file, std::move(rows)});
  return out;
}

int64_t CountOf(const std::vector<TouchedFile>& touched) {
  int64_t rows = 0;
  for (const TouchedFile& part : touched) rows += static_cast<int64_t>(part.rows->Cardinality());
  return rows;
}

std::vector<size_t> FilesOf(const std::vector<TouchedFile>& touched) {
  std::vector<size_t> files;
  for (const TouchedFile& part : touched) files.push_back(part.file);
  return files;
}

}  // namespace deltic::spark::command
