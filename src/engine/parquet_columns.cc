#include "engine/parquet_columns.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "duckdb/execution/expression_executor.hpp"
#include "duckdb/function/function_binder.hpp"
#include "duckdb/parallel/task_executor.hpp"
#include "duckdb/planner/expression/bound_reference_expression.hpp"
#include "engine/engine_impl.h"
#include "engine/errors.h"
#include "engine/kept_column.h"
#include "engine/object_file_system.h"
#include "engine/parquet_file.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

using delta::ParquetColumn;
using duckdb::idx_t;
using duckdb::LogicalType;
using duckdb::LogicalTypeId;
using Kind = ParquetColumn::Kind;

bool Fits(Kind kind, const LogicalType& type) {
  switch (kind) {
    case Kind::kInt: return type.IsIntegral() || type.id() == LogicalTypeId::BOOLEAN;
    case Kind::kText: return type.id() == LogicalTypeId::VARCHAR;
    case Kind::kMap:
      return type.id() == LogicalTypeId::MAP && duckdb::MapType::KeyType(type).id() == LogicalTypeId::VARCHAR &&
             duckdb::MapType::ValueType(type).id() == LogicalTypeId::VARCHAR;
    case Kind::kJson: return true;
  }
  return false;
}

std::string_view View(const duckdb::string_t& text) { return {text.GetData(), text.GetSize()}; }

// to_json(#0).
duckdb::unique_ptr<duckdb::Expression> ToJson(duckdb::ClientContext& context, const LogicalType& type) {
  duckdb::vector<duckdb::unique_ptr<duckdb::Expression>> arguments;
  arguments.push_back(duckdb::make_uniq<duckdb::BoundReferenceExpression>(type, 0U));
  duckdb::unique_ptr<duckdb::Expression> out;
  context.RunFunctionInTransaction([&] {
    duckdb::ErrorData error;
    out = duckdb::FunctionBinder(context).BindScalarFunction(DEFAULT_SCHEMA, "to_json", std::move(arguments), error);
    if (out == nullptr) error.Throw();
  });
  return out;
}

// A column asked for, as one file has it.
struct FileColumnRead {
  std::optional<ParquetLeaf> leaf;
  duckdb::unique_ptr<duckdb::Expression> to_json;  // kJson
};

// A file and how its row groups are read.
struct FileRead {
  std::vector<FileColumnRead> columns;
  std::optional<ParquetLeaf> kept;
  duckdb::shared_ptr<duckdb::ParquetReader> first;  // has the footer
  // Row groups that have values in the same columns share a reader.
  std::map<std::vector<bool>, duckdb::shared_ptr<duckdb::ParquetReader>> readers;
};

struct PartRead {
  size_t file = 0;
  idx_t group = 0;
  int64_t first_row = 0;
  std::vector<bool> present;  // by column
  duckdb::ParquetReader* reader = nullptr;
};

// One column in a batch.
class BatchColumn {
 public:
  void Take(Kind kind, duckdb::Vector* column, idx_t count, duckdb::ExpressionExecutor* to_json) {
    absent_ = true;
    if (column->GetVectorType() == duckdb::VectorType::CONSTANT_VECTOR && duckdb::ConstantVector::IsNull(*column)) {
      return;
    }
    column->Flatten(count);
    validity_ = &duckdb::FlatVector::Validity(*column);
    if (validity_->CheckAllInvalid(count)) return;
    absent_ = false;
    if (kind == Kind::kJson) return TakeJson(column, count, to_json);
    data_ = duckdb::FlatVector::GetData(*column);
    type_ = column->GetType().InternalType();
    if (kind != Kind::kMap) return;
    keys_ = &duckdb::MapVector::GetKeys(*column);
    values_ = &duckdb::MapVector::GetValues(*column);
    keys_->Flatten(duckdb::ListVector::GetListSize(*column));
    values_->Flatten(duckdb::ListVector::GetListSize(*column));
  }

  bool absent() const { return absent_; }
  bool IsNull(size_t row) const {
    if (absent_ || !validity_->RowIsValid(row)) return true;
    return json_ != nullptr && Text(row) == "null";
  }
  int64_t Int(size_t row) const {
    switch (type_) {
      case duckdb::PhysicalType::BOOL: return At<bool>(row) ? 1 : 0;
      case duckdb::PhysicalType::INT8: return At<int8_t>(row);
      case duckdb::PhysicalType::INT16: return At<int16_t>(row);
      case duckdb::PhysicalType::INT32: return At<int32_t>(row);
      case duckdb::PhysicalType::UINT8: return At<uint8_t>(row);
      case duckdb::PhysicalType::UINT16: return At<uint16_t>(row);
      case duckdb::PhysicalType::UINT32: return At<uint32_t>(row);
      default: return At<int64_t>(row);
    }
  }
  std::string_view Text(size_t row) const {
    if (json_ == nullptr) return View(At<duckdb::string_t>(row));
    return View(duckdb::FlatVector::GetData<duckdb::string_t>(*json_)[json_rows_[row]]);
  }
  void ForEachEntry(size_t row,
                    const std::function<void(std::string_view, std::optional<std::string_view>)>& each) const {
    const auto entry = At<duckdb::list_entry_t>(row);
    const auto* keys = duckdb::FlatVector::GetData<duckdb::string_t>(*keys_);
    const auto* values = duckdb::FlatVector::GetData<duckdb::string_t>(*values_);
    for (idx_t i = entry.offset; i < entry.offset + entry.length; i++) {
      const bool null = duckdb::FlatVector::IsNull(*values_, i);
      each(View(keys[i]), null ? std::nullopt : std::optional(View(values[i])));
    }
  }

 private:
  template <typename T>
  const T& At(size_t row) const {
    return reinterpret_cast<const T*>(data_)[row];
  }
  // Most rows of a checkpoint have only one action: no text is made for the others.
  void TakeJson(duckdb::Vector* column, idx_t count, duckdb::ExpressionExecutor* to_json) {
    duckdb::SelectionVector some(count);
    json_rows_.assign(count, 0);
    idx_t found = 0;
    for (idx_t row = 0; row < count; row++) {
      if (!validity_->RowIsValid(row)) continue;
      json_rows_[row] = found;
      some.set_index(found++, row);
    }
    duckdb::DataChunk input;
    input.InitializeEmpty({column->GetType()});
    input.data[0].Slice(*column, some, found);
    input.SetCardinality(found);
    json_ = duckdb::make_uniq<duckdb::Vector>(LogicalType::JSON());
    to_json->ExecuteExpression(input, *json_);
    json_->Flatten(found);
  }

  bool absent_ = true;
  const duckdb::ValidityMask* validity_ = nullptr;
  duckdb::const_data_ptr_t data_ = nullptr;
  duckdb::PhysicalType type_ = duckdb::PhysicalType::INVALID;
  duckdb::Vector* keys_ = nullptr;
  duckdb::Vector* values_ = nullptr;
  duckdb::unique_ptr<duckdb::Vector> json_;
  std::vector<idx_t> json_rows_;  // row → its text in json_
};

class BatchRows final : public delta::ParquetRows {
 public:
  explicit BatchRows(size_t columns) : columns_(columns) {}
  void set_size(size_t size) { size_ = size; }
  BatchColumn& column(size_t i) { return columns_[i]; }

  size_t size() const override { return size_; }
  bool IsAbsent(size_t column) const override { return columns_[column].absent(); }
  bool IsNull(size_t column, size_t row) const override { return columns_[column].IsNull(row); }
  int64_t Int(size_t column, size_t row) const override { return columns_[column].Int(row); }
  std::string_view Text(size_t column, size_t row) const override { return columns_[column].Text(row); }
  void ForEachEntry(size_t column, size_t row,
                    const std::function<void(std::string_view, std::optional<std::string_view>)>& each) const override {
    columns_[column].ForEachEntry(row, each);
  }

 private:
  size_t size_ = 0;
  std::vector<BatchColumn> columns_;
};

class Work final : public duckdb::BaseExecutorTask {
 public:
  Work(duckdb::TaskExecutor& executor, std::function<void()> work)
      : BaseExecutorTask(executor), work_(std::move(work)) {}
  void ExecuteTask() override { work_(); }

 private:
  const std::function<void()> work_;
};

class ColumnsReading {
 public:
  ColumnsReading(EngineImpl* engine, const delta::ParquetRequest& request, delta::ParquetConsumer* consumer)
      : engine_(engine),
        request_(request),
        consumer_(consumer),
        connection_(engine->Connect()),
        context_(*connection_->context),
        files_(request.paths.size()) {}

  Status Run() {
    const auto& paths = request_.paths;
    Each(files_.size(), [&](size_t file) { return NamingFile(paths[file], [&] { return Open(file); }); });
    RETURN_IF_ERROR(status_);
    for (size_t file = 0; file < files_.size(); file++) {
      RETURN_IF_ERROR(NamingFile(paths[file], [&] { return Plan(file); }));
    }
    consumer_->Begin(parts_.size());
    Each(parts_.size(),
         [&](size_t part) { return NamingFile(paths[parts_[part].file], [&] { return ReadPart(part); }); });
    return status_;
  }

 private:
  // Runs `work` for 0…count-1 on all threads; keeps the first error. Throws what it throws.
  void Each(size_t count, const std::function<Status(size_t)>& work) {
    const auto one = [&](size_t i) {
      {
        std::lock_guard lock(mutex_);
        if (!status_.ok()) return;
      }
      Status status = work(i);
      if (status.ok()) return;
      std::lock_guard lock(mutex_);
      if (status_.ok()) status_ = std::move(status);
    };
    if (count == 1) return one(0);
    duckdb::TaskExecutor executor(context_);
    for (size_t i = 0; i < count; i++) executor.ScheduleTask(duckdb::make_uniq<Work>(executor, [&, i] { one(i); }));
    executor.WorkOnTasks();
  }

  duckdb::shared_ptr<duckdb::ParquetReader> ReaderOf(const duckdb::OpenFileInfo& info,
                                                     duckdb::shared_ptr<duckdb::ParquetFileMetadataCache> footer) {
    return duckdb::make_shared_ptr<duckdb::ParquetReader>(context_, info, duckdb::ParquetOptions(), std::move(footer));
  }

  Status Open(size_t index) {
    FileRead& file = files_[index];
    const std::string& path = request_.paths[index];
    file.first = ReaderOf(duckdb::OpenFileInfo(path), nullptr);
    const auto& groups = file.first->GetFileMetadata()->row_groups;
    for (const auto& column : request_.columns) {
      FileColumnRead& found = file.columns.emplace_back();
      if (!column.unless.empty() && FindLeaf(*file.first, column.unless)) continue;
      auto leaf = FindLeaf(*file.first, column.path);
      if (!leaf) continue;
      if (!Fits(column.kind, leaf->type())) {
        return IoError(path, "the column " + column.path + " has the type " + leaf->type().ToString());
      }
      if (!request_.keep.empty() && column.path == request_.keep) {
        size_t bytes = 0;
        for (const auto& group : groups) {
          bytes += static_cast<size_t>(group.columns.at(leaf->schema->column_index).meta_data.total_uncompressed_size);
        }
        if (bytes >= request_.keep_from_bytes) {
          file.kept = std::move(leaf);
          continue;
        }
      }
      found.leaf = std::move(leaf);
    }
    return Status::Ok();
  }

  Status Plan(size_t index) {
    FileRead& file = files_[index];
    int64_t first_row = 0;
    const auto& groups = file.first->GetFileMetadata()->row_groups;
    for (idx_t group = 0; group < groups.size(); group++) {
      PartRead& part = parts_.emplace_back();
      part.file = index;
      part.group = group;
      part.first_row = first_row;
      first_row += groups[group].num_rows;
      for (const auto& column : file.columns) {
        part.present.push_back(column.leaf.has_value() && !IsAllNull(groups[group], *column.leaf->schema));
      }
      auto& reader = file.readers[part.present];
      if (reader == nullptr) reader = ReaderFor(&file, part.present);
      part.reader = reader.get();
    }
    return Status::Ok();
  }

  duckdb::shared_ptr<duckdb::ParquetReader> ReaderFor(FileRead* file, const std::vector<bool>& present) {
    duckdb::shared_ptr<duckdb::ParquetReader> reader;
    if (file->readers.size() == 1) {
      reader = file->first;
    } else {
      duckdb::OpenFileInfo info(file->first->file.path);
      if (storage::IsRemoteNative(info.path)) {  // what is known spares a request
        info.extended_info = duckdb::make_shared_ptr<duckdb::ExtendedOpenFileInfo>();
        auto& options = info.extended_info->options;
        options[kFileSizeOption] = duckdb::Value::BIGINT(static_cast<int64_t>(file->first->GetFileSize()));
        options[kLastModifiedOption] = duckdb::Value::TIMESTAMP(file->first->GetHandle().GetLastModifiedTime());
      }
      reader = ReaderOf(info, file->first->metadata);
    }
    std::vector<const ParquetLeaf*> leaves;
    for (size_t i = 0; i < present.size(); i++) {
      FileColumnRead& column = file->columns[i];
      if (!present[i]) continue;
      leaves.push_back(&*column.leaf);
      if (request_.columns[i].kind == Kind::kJson && column.to_json == nullptr) {
        column.to_json = ToJson(context_, column.leaf->type());
      }
    }
    ChooseLeaves(reader.get(), leaves);
    return reader;
  }

  Status ReadPart(size_t index) {
    const PartRead& part = parts_[index];
    const FileRead& file = files_[part.file];
    std::shared_ptr<const delta::KeptText> kept;
    if (file.kept) kept = KeepColumn(engine_, file.first.get(), *file.kept, part.group);
    consumer_->BeginPart(index, part.file, part.first_row, std::move(kept));
    if (!part.reader->column_indexes.empty()) RETURN_IF_ERROR(ReadRows(index, part, file));
    consumer_->EndPart(index);
    return Status::Ok();
  }

  Status ReadRows(size_t index, const PartRead& part, const FileRead& file) {
    std::vector<std::unique_ptr<duckdb::ExpressionExecutor>> to_json(file.columns.size());
    for (size_t i = 0; i < file.columns.size(); i++) {
      if (!part.present[i] || file.columns[i].to_json == nullptr) continue;
      to_json[i] = std::make_unique<duckdb::ExpressionExecutor>(context_, *file.columns[i].to_json);
    }
    GroupScan scan(context_, part.reader, part.group);
    BatchRows rows(file.columns.size());
    while (auto* batch = scan.Next()) {
      rows.set_size(batch->size());
      for (size_t i = 0; i < file.columns.size(); i++) {
        if (!part.present[i]) continue;
        auto& column = scan.Of(*file.columns[i].leaf);
        rows.column(i).Take(request_.columns[i].kind, &column, batch->size(), to_json[i].get());
      }
      RETURN_IF_ERROR(consumer_->Take(index, rows));
    }
    return Status::Ok();
  }

  EngineImpl* const engine_;
  const delta::ParquetRequest& request_;
  delta::ParquetConsumer* const consumer_;
  const std::shared_ptr<duckdb::Connection> connection_;
  duckdb::ClientContext& context_;
  std::vector<FileRead> files_;
  std::vector<PartRead> parts_;
  std::mutex mutex_;
  Status status_;  // guarded by mutex_ while threads work
};

}  // namespace

Status ReadParquetColumns(Engine* engine, const delta::ParquetRequest& request, delta::ParquetConsumer* consumer) {
  return Guard([&]() -> Status { return ColumnsReading(static_cast<EngineImpl*>(engine), request, consumer).Run(); });
}

}  // namespace deltic::engine
