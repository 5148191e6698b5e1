#include "engine/python_source.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "duckdb/common/arrow/arrow_appender.hpp"
#include "engine/errors.h"
#include "engine/functions/throw.h"
#include "engine/plan/python_relation.h"
#include "nanoarrow/nanoarrow_ipc.h"

namespace deltic::engine {
namespace {

using functions::ThrowStatus;

constexpr int64_t kDefaultBatchRows = 10000;

void ThrowIfError(const Status& status) {
  if (!status.ok()) ThrowStatus(status);
}

// An Arrow array and its end.
struct OwnedArray {
  ArrowArray array{};
  OwnedArray() { array.release = nullptr; }
  OwnedArray(const OwnedArray&) = delete;
  OwnedArray& operator=(const OwnedArray&) = delete;
  ~OwnedArray() {
    if (array.release != nullptr) array.release(&array);
  }
};
using ArrayPtr = std::shared_ptr<OwnedArray>;

std::vector<Column> Select(const std::vector<Column>& columns, const std::vector<int>& which) {
  std::vector<Column> out;
  for (int i : which) out.push_back(columns[static_cast<size_t>(i)]);
  return out;
}

int64_t BatchRows(const PythonTask& task) {
  const auto it = task.conf.find("spark.sql.execution.arrow.maxRecordsPerBatch");
  int64_t rows = kDefaultBatchRows;
  if (it != task.conf.end()) std::from_chars(it->second.data(), it->second.data() + it->second.size(), rows);
  return rows > 0 ? rows : INT64_MAX;
}

// Formats are equal but for the time zone of timestamps, at every level.
bool SameLayout(const ArrowSchema& a, const ArrowSchema& b) {
  const auto layout = [](const ArrowSchema& s) {
    std::string_view format = s.format;
    return format.starts_with("ts") ? format.substr(0, format.find(':')) : format;
  };
  if (layout(a) != layout(b) || a.n_children != b.n_children) return false;
  for (int64_t i = 0; i < a.n_children; ++i) {
    if (!SameLayout(*a.children[i], *b.children[i])) return false;
  }
  return true;
}

// Messages of one Arrow IPC stream, as bytes.
class IpcEncoder {
 public:
  explicit IpcEncoder(const ArrowSchema* schema) : schema_(schema) {
    ArrowBufferInit(&buffer_);
    ArrowIpcOutputStream stream;
    if (ArrowIpcOutputStreamInitBuffer(&stream, &buffer_) != NANOARROW_OK ||
        ArrowIpcWriterInit(&writer_, &stream) != NANOARROW_OK) {
      ThrowStatus(Error("OUT_OF_MEMORY", {}, "out of memory while encoding Arrow"));
    }
  }
  ~IpcEncoder() {
    ArrowIpcWriterReset(&writer_);
    ArrowBufferReset(&buffer_);
  }
  IpcEncoder(const IpcEncoder&) = delete;
  IpcEncoder& operator=(const IpcEncoder&) = delete;

  std::string_view Schema() {
    Begin();
    Check(ArrowIpcWriterWriteSchema(&writer_, schema_, &error_));
    return Bytes();
  }
  std::string_view Batch(const ArrowArray* array) {
    Begin();
    ArrowArrayView view{};
    Check(ArrowArrayViewInitFromSchema(&view, schema_, &error_));
    int code = ArrowArrayViewSetArray(&view, array, &error_);
    if (code == NANOARROW_OK) code = ArrowIpcWriterWriteArrayView(&writer_, &view, &error_);
    ArrowArrayViewReset(&view);
    Check(code);
    return Bytes();
  }
  std::string_view End() {
    Begin();
    Check(ArrowIpcWriterWriteArrayView(&writer_, nullptr, &error_));
    return Bytes();
  }

 private:
  void Begin() { buffer_.size_bytes = 0; }
  void Check(int code) {
    if (code != NANOARROW_OK) ThrowStatus(InternalError(std::string("Arrow encoding: ") + error_.message));
  }
  std::string_view Bytes() const {
    return {reinterpret_cast<const char*>(buffer_.data), static_cast<size_t>(buffer_.size_bytes)};
  }

  const ArrowSchema* schema_;
  ArrowBuffer buffer_{};
  ArrowIpcWriter writer_{};
  ArrowError error_{};
};

// What one run needs of its source.
struct Plan {
  RelPtr child;
  PythonRel::Shape shape;
  std::vector<Column> results;
  std::vector<int> inputs;
  QueryOptions options;
  PythonSource::StartQuery start;
  std::shared_ptr<const BatchTransform> transform;
};

class PythonStream {
 public:
  PythonStream(Plan plan, OwnedSchema schema) : plan_(std::move(plan)), schema_(std::move(schema)) {
    const auto stopped = [this] {
      return stopping_.load() || (plan_.options.interrupted && plan_.options.interrupted());
    };
    auto run = plan_.transform->Start(stopped);
    ThrowIfError(run.status());
    run_ = std::move(run).value();
    feeder_ = std::thread([this] { Feed(); });
  }

  ~PythonStream() {
    stopping_ = true;
    run_->Cancel();
    if (feeder_.joinable()) feeder_.join();
    if (reader_.release != nullptr) reader_.release(&reader_);
  }
  PythonStream(const PythonStream&) = delete;
  PythonStream& operator=(const PythonStream&) = delete;

  const ArrowSchema* schema() const { return schema_.get(); }

  // The next batch; released when there is none. Throws.
  void Next(ArrowArray* out) {
    out->release = nullptr;
    while (!finished_ && (answer_ == nullptr || answer_at_ == answer_->array.length)) ReadAnswer();
    if (finished_) return;
    int64_t rows = answer_->array.length - answer_at_;
    const bool beside = plan_.shape != PythonRel::Shape::kReplace;
    if (beside) {
      while (sent_ == nullptr || sent_at_ == sent_->array.length) TakeSent();
      rows = std::min(rows, sent_->array.length - sent_at_);
    }
    Combine(rows, beside, out);
    answer_at_ += rows;
    if (beside) sent_at_ += rows;
  }

 private:
  // --- the feeding thread -------------------------------------------------------------------------
  void Feed() {
    Status status;
    try {
      if (FeedRows()) (void)run_->FinishInput();
    } catch (const std::exception& e) {
      status = StatusFromException(e);
      run_->Cancel();
    }
    std::lock_guard lock(mutex_);
    feed_status_ = status;
    fed_ = true;
    changed_.notify_all();
  }

  // False: the worker is gone; its own error says why.
  bool FeedRows() {
    RunningQuery query = plan_.start(plan_.child);
    const auto inputs = Select(plan_.child->output, plan_.inputs);
    OwnedSchema schema = ToArrowSchema(inputs, plan_.options.time_zone, false);
    IpcEncoder encoder(schema.get());
    if (!Send(encoder.Schema())) return false;
    duckdb::ClientProperties properties;
    properties.time_zone = plan_.options.time_zone;
    properties.arrow_offset_size = duckdb::ArrowOffsetSize::REGULAR;
    properties.client_context = query.connection->context.get();
    const auto row_limit = static_cast<duckdb::idx_t>(BatchRows(plan_.transform->task()));
    const auto stopped = [this] {
      return stopping_.load() || (plan_.options.interrupted && plan_.options.interrupted());
    };
    auto chunk = FetchChunk(*query.result, stopped);
    duckdb::idx_t at = 0;
    while (chunk) {
      duckdb::ArrowAppender rows(query.result->types, STANDARD_VECTOR_SIZE, properties, {});
      duckdb::ArrowAppender heads(query.result->types, STANDARD_VECTOR_SIZE, properties, {});
      duckdb::idx_t count = 0;
      while (chunk && count < row_limit) {
        const auto to = std::min(chunk->size(), at + (row_limit - count));
        rows.Append(*chunk, at, to, chunk->size());
        if (plan_.shape == PythonRel::Shape::kPerGroup) AppendHeads(*chunk, at, to, &heads);
        count += to - at;
        at = to;
        if (at < chunk->size()) break;
        chunk = FetchChunk(*query.result, stopped);
        at = 0;
      }
      auto batch = std::make_shared<OwnedArray>();
      batch->array = rows.Finalize();
      DropVoids(&batch->array);
      if (plan_.shape == PythonRel::Shape::kPerRow) Remember(batch);
      if (plan_.shape == PythonRel::Shape::kPerGroup) {
        auto first_rows = std::make_shared<OwnedArray>();
        first_rows->array = heads.Finalize();
        DropVoids(&first_rows->array);
        if (first_rows->array.length > 0) Remember(std::move(first_rows));
      }
      std::vector<ArrowArray*> columns;
      for (int i : plan_.inputs) columns.push_back(batch->array.children[i]);
      const void* no_validity = nullptr;
      ArrowArray shown{};
      shown.length = batch->array.length;
      shown.n_buffers = 1;
      shown.buffers = &no_validity;
      shown.n_children = static_cast<int64_t>(columns.size());
      shown.children = columns.data();
      if (!Send(encoder.Batch(&shown))) return false;
    }
    return Send(encoder.End());
  }

  // The first row of every group, by the number in the last input column.
  void AppendHeads(duckdb::DataChunk& chunk, duckdb::idx_t from, duckdb::idx_t to, duckdb::ArrowAppender* heads) {
    duckdb::UnifiedVectorFormat format;
    chunk.data[static_cast<size_t>(plan_.inputs.back())].ToUnifiedFormat(chunk.size(), format);
    const auto* numbers = duckdb::UnifiedVectorFormat::GetData<int64_t>(format);
    duckdb::SelectionVector first(STANDARD_VECTOR_SIZE);
    duckdb::idx_t count = 0;
    for (auto row = from; row < to; ++row) {
      const int64_t number = numbers[format.sel->get_index(row)];
      if (number != last_group_) first.set_index(count++, row);
      last_group_ = number;
    }
    if (count == 0) return;
    duckdb::DataChunk rows;
    rows.InitializeEmpty(chunk.GetTypes());
    rows.Reference(chunk);
    rows.Slice(first, count);
    heads->Append(rows, 0, count, count);
  }

  void DropVoids(ArrowArray* batch) const {
    for (size_t i = 0; i < plan_.child->output.size(); ++i) {
      DropVoidBuffers(plan_.child->output[i].type, batch->children[i]);
    }
  }

  bool Send(std::string_view bytes) { return run_->Write(bytes).ok(); }

  void Remember(ArrayPtr batch) {
    std::lock_guard lock(mutex_);
    sent_batches_.push_back(std::move(batch));
    changed_.notify_all();
  }

  // --- the scanning thread ------------------------------------------------------------------------
  void TakeSent() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !sent_batches_.empty() || fed_; });
    if (sent_batches_.empty()) {
      lock.unlock();
      ThrowIfError(FeedStatus());
      ThrowStatus(Error("_PYTHON_RESULT_ROWS", {}, "The Python function returned more rows than it was given."));
    }
    sent_ = std::move(sent_batches_.front());
    sent_batches_.pop_front();
    sent_at_ = 0;
  }

  Status FeedStatus() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return fed_; });
    return feed_status_;
  }

  void OpenReader() {
    ArrowIpcInputStream input;
    input.read = [](ArrowIpcInputStream* self, uint8_t* buffer, int64_t size, int64_t* got, ArrowError* error) -> int {
      auto* stream = static_cast<PythonStream*>(self->private_data);
      auto read = stream->run_->Read(buffer, static_cast<size_t>(size));
      if (!read.ok()) {
        stream->read_status_ = read.status();
        ArrowErrorSet(error, "worker failed");
        return EIO;
      }
      *got = static_cast<int64_t>(*read);
      return NANOARROW_OK;
    };
    input.release = [](ArrowIpcInputStream* self) { self->release = nullptr; };
    input.private_data = this;
    if (ArrowIpcArrayStreamReaderInit(&reader_, &input, nullptr) != NANOARROW_OK) {
      ThrowStatus(Error("OUT_OF_MEMORY", {}, "out of memory while decoding Arrow"));
    }
  }

  [[noreturn]] void Fail() {
    const Status own = run_->Finish();
    const Status fed = FeedStatus();
    if (!fed.ok()) ThrowStatus(fed);  // the input failed first
    if (!own.ok()) ThrowStatus(own);
    if (!read_status_.ok()) ThrowStatus(read_status_);
    const char* text = reader_.get_last_error(&reader_);
    ThrowInvalidArrow(text == nullptr ? "the Python worker's answer" : text);
  }

  void CheckSchema() {
    OwnedSchema answered;
    if (reader_.get_schema(&reader_, answered.get()) != 0) {
      // No stream at all: the function had no results.
      if (read_status_.ok() && run_->Finish().ok()) {
        finished_ = true;
        return;
      }
      Fail();
    }
    const size_t first = schema_.get()->n_children - plan_.results.size();
    const auto& children = *answered.get();
    bool same = children.n_children == static_cast<int64_t>(plan_.results.size());
    for (size_t i = 0; same && i < plan_.results.size(); ++i) {
      same = SameLayout(*children.children[i], *schema_.get()->children[first + i]);
    }
    if (same) return;
    std::string found;
    for (int64_t i = 0; i < children.n_children; ++i)
      found += std::string(i > 0 ? ", " : "") + children.children[i]->format;
    ThrowStatus(Error("UNSUPPORTED_ARROWTYPE", {{"typeName", found}},
                      "The Python worker returned Arrow types (" + found + ") other than those declared."));
  }

  void ReadAnswer() {
    if (reader_.release == nullptr) {
      OpenReader();
      CheckSchema();
      if (finished_) return CheckEnd();
    }
    auto batch = std::make_shared<OwnedArray>();
    if (reader_.get_next(&reader_, &batch->array) != 0) Fail();
    if (batch->array.release == nullptr) {
      finished_ = true;
      const Status ended = run_->Finish();
      if (!ended.ok()) Fail();
      return CheckEnd();
    }
    answer_ = std::move(batch);
    answer_at_ = 0;
  }

  void CheckEnd() {
    ThrowIfError(FeedStatus());
    if (plan_.shape == PythonRel::Shape::kReplace) return;
    std::lock_guard lock(mutex_);
    if (!sent_batches_.empty() || (sent_ != nullptr && sent_at_ < sent_->array.length)) {
      ThrowStatus(Error("_PYTHON_RESULT_ROWS", {}, "The Python function returned fewer rows than it was given."));
    }
  }

  // A slice of one column; it keeps the array it is of alive.
  static void Slice(const ArrayPtr& owner, const ArrowArray& column, int64_t offset, int64_t rows, ArrowArray* out) {
    *out = column;
    out->offset += offset;
    out->length = rows;
    if (out->null_count != 0) out->null_count = -1;
    out->private_data = new ArrayPtr(owner);
    out->release = [](ArrowArray* self) {
      delete static_cast<ArrayPtr*>(self->private_data);
      self->release = nullptr;
    };
  }

  struct Combined {
    std::vector<ArrowArray> columns;
    std::vector<ArrowArray*> pointers;
    const void* no_validity = nullptr;
  };

  void Combine(int64_t rows, bool beside, ArrowArray* out) {
    auto combined = std::make_unique<Combined>();
    const size_t before = beside ? plan_.child->output.size() : 0;
    combined->columns.resize(before + plan_.results.size());
    for (size_t i = 0; i < before; ++i) {
      Slice(sent_, *sent_->array.children[i], sent_at_, rows, &combined->columns[i]);
    }
    for (size_t i = 0; i < plan_.results.size(); ++i) {
      Slice(answer_, *answer_->array.children[i], answer_at_, rows, &combined->columns[before + i]);
    }
    for (ArrowArray& column : combined->columns) combined->pointers.push_back(&column);
    *out = ArrowArray{};
    out->length = rows;
    out->n_buffers = 1;
    out->buffers = &combined->no_validity;
    out->n_children = static_cast<int64_t>(combined->pointers.size());
    out->children = combined->pointers.data();
    out->private_data = combined.release();
    out->release = [](ArrowArray* self) {
      std::unique_ptr<Combined> owned(static_cast<Combined*>(self->private_data));
      for (ArrowArray& column : owned->columns) {
        if (column.release != nullptr) column.release(&column);
      }
      self->release = nullptr;
    };
  }

  const Plan plan_;
  OwnedSchema schema_;
  std::unique_ptr<TransformRun> run_;
  std::atomic<bool> stopping_{false};
  std::thread feeder_;
  int64_t last_group_ = -1;  // of the feeding thread

  std::mutex mutex_;  // guards what the two threads share
  std::condition_variable changed_;
  std::deque<ArrayPtr> sent_batches_;
  Status feed_status_;
  bool fed_ = false;

  // Of the scanning thread.
  ArrowArrayStream reader_{};
  Status read_status_;
  ArrayPtr answer_, sent_;
  int64_t answer_at_ = 0, sent_at_ = 0;
  bool finished_ = false;
};

OwnedSchema OutputSchema(const std::vector<Column>& output, const std::string& time_zone) {
  return ToArrowSchema(output, time_zone, false);
}

}  // namespace

PythonSource::PythonSource(const PythonRel& rel, QueryOptions options, StartQuery start)
    : child_(rel.child),
      shape_(rel.shape),
      output_(rel.output),
      inputs_(rel.inputs),
      transform_(rel.transform),
      options_(std::move(options)),
      start_(std::move(start)) {
  OwnedSchema schema = OutputSchema(output_, options_.time_zone);
  SetSchema(*schema.get());
}

void PythonSource::StreamSchema(ArrowSchema* out) const {
  OwnedSchema schema = OutputSchema(output_, options_.time_zone);
  *out = *schema.get();
  schema.get()->release = nullptr;
}

void PythonSource::OpenStream(ArrowArrayStream* out) const {
  const size_t before = shape_ == PythonRel::Shape::kReplace ? 0 : child_->output.size();
  Plan plan{child_, shape_,    {output_.begin() + static_cast<ptrdiff_t>(before), output_.end()}, inputs_, options_,
            start_, transform_};
  out->private_data = new PythonStream(std::move(plan), OutputSchema(output_, options_.time_zone));
  out->get_schema = [](ArrowArrayStream* self, ArrowSchema* schema) -> int {
    return ArrowSchemaDeepCopy(static_cast<PythonStream*>(self->private_data)->schema(), schema);
  };
  // Errors are thrown through DuckDB, so that they keep their condition.
  out->get_next = [](ArrowArrayStream* self, ArrowArray* array) -> int {
    static_cast<PythonStream*>(self->private_data)->Next(array);
    return 0;
  };
  out->get_last_error = [](ArrowArrayStream*) -> const char* { return nullptr; };
  out->release = [](ArrowArrayStream* self) {
    delete static_cast<PythonStream*>(self->private_data);
    self->release = nullptr;
  };
}

}  // namespace deltic::engine
