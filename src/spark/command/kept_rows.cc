#include "spark/command/kept_rows.h"

#include "spark/command/dml_relations.h"

namespace deltic::spark::command {
namespace {

using engine::Column;
using engine::ExprPtr;
using engine::RelPtr;
using types::TypeId;

ExprPtr IfElse(ExprPtr condition, ExprPtr value, ExprPtr otherwise, const types::DataType& type) {
  std::vector<std::pair<ExprPtr, ExprPtr>> branches;
  branches.emplace_back(std::move(condition), std::move(value));
  return std::make_shared<engine::Case>(std::move(branches), std::move(otherwise), type, true);
}

bool IsSame(const ExprPtr& value, const Column& column) {
  return value->kind == engine::ExprKind::kColumn && value->As<engine::ColumnExpr>().id == column.id;
}

}  // namespace

bool KeptRows::Fit(const delta::Snapshot& snapshot, const FileSelection& selected) {
  int64_t bytes = 0;
  for (const size_t file : selected.files) {
    bytes += snapshot.files()[file].size_bytes;
    if (bytes > kSmallBytes) return false;
  }
  return true;
}

Result<KeptRows> KeptRows::Read(const DmlWrite& write, const catalog::SnapshotScan& scan, const FileSelection& selected,
                                const ExprPtr& condition, const std::vector<ExprPtr>& values) {
  KeptRows kept;
  kept.outcome_ = LongColumn("__outcome");
  kept.file_ = scan.file_column();
  kept.before_ = scan.columns();
  kept.before_.insert(kept.before_.end(), scan.row_id_columns().begin(), scan.row_id_columns().end());
  kept.after_ = kept.before_;
  ASSIGN_OR_RETURN(RelPtr rows, scan.Over(selected.Rows(), true, /*with_row_ids=*/true));

  // First what becomes of a row, then its values: the condition is computed once, values only where it is true.
  std::vector<Column> output = rows->output;
  std::vector<ExprPtr> exprs;
  for (const Column& column : output) exprs.push_back(Ref(column));
  output.push_back(kept.outcome_);
  exprs.push_back(IfElse(condition, engine::MakeLong(1), engine::MakeLong(0), TypeId::kLong));
  rows = ProjectAs(rows, std::move(output), std::move(exprs));

  const ExprPtr matches = Compare("=", Ref(kept.outcome_), engine::MakeLong(1));
  output = kept.before_;
  exprs.clear();
  for (const Column& column : output) exprs.push_back(Ref(column));
  const auto changed = [&](Column* column, const ExprPtr& value) {
    const Column before = *column;
    column->id = engine::FreshColumnId();
    column->nullable = before.nullable || value->nullable;
    output.push_back(*column);
    exprs.push_back(IfElse(matches, value, Ref(before), before.type));
  };
  for (size_t i = 0; i < values.size(); i++) {
    if (!IsSame(values[i], kept.before_[i])) changed(&kept.after_[i], values[i]);
  }
  if (!values.empty() && !scan.row_id_columns().empty()) changed(&kept.after_.back(), engine::MakeNull(TypeId::kLong));
  TouchedRows touched;
  output.insert(output.end(), {kept.outcome_, kept.file_, LongColumn("__noted_row")});
  exprs.insert(exprs.end(), {Ref(kept.outcome_), Ref(kept.file_)});
  exprs.push_back(IfElse(matches, engine::RecordRow(Ref(kept.file_), Ref(scan.row_column()), &touched),
                         engine::MakeLong(-1), TypeId::kLong));
  engine::QueryOptions options;
  options.time_zone = write.context().session->conf().GetString("spark.sql.session.timeZone", "UTC");
  ASSIGN_OR_RETURN(kept.rows_,
                   write.engine()->Materialize(ProjectAs(rows, std::move(output), std::move(exprs)), options));
  kept.touched_ = touched.Take();
  return kept;
}

RelPtr KeptRows::Rows(const std::vector<int64_t>& outcomes, const std::vector<Column>& columns) const {
  return SelectColumns(Listed(rows_, outcome_, outcomes), columns);
}

RelPtr KeptRows::OfFiles(const std::vector<size_t>& files, const std::vector<int64_t>& outcomes) const {
  const RelPtr listed = Listed(rows_, file_, {files.begin(), files.end()});
  return SelectColumns(Listed(listed, outcome_, outcomes), after_);
}

}  // namespace deltic::spark::command
