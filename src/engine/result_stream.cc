#include "engine/result_stream.h"

#include <algorithm>
#include <utility>

#include "duckdb/common/arrow/arrow_appender.hpp"
#include "duckdb/main/client_context.hpp"
#include "engine/arrow_input.h"
#include "engine/errors.h"
#include "engine/functions/throw.h"
#include "engine/run_query.h"
#include "nanoarrow/nanoarrow_ipc.h"

namespace deltic::engine {
namespace {

using functions::ThrowStatus;

constexpr int64_t kTargetBytes = 2 << 20;  // stop adding chunks here; one chunk more stays below 4 MiB mostly
constexpr int64_t kMaxBatchRows = 128 * 1024;

struct IpcBuffer {
  ArrowBuffer buffer;
  IpcBuffer() { ArrowBufferInit(&buffer); }
  ~IpcBuffer() { ArrowBufferReset(&buffer); }
};

struct IpcWriter {
  ArrowIpcWriter writer{};
  explicit IpcWriter(ArrowBuffer* out) {
    ArrowIpcOutputStream stream;
    if (ArrowIpcOutputStreamInitBuffer(&stream, out) != NANOARROW_OK ||
        ArrowIpcWriterInit(&writer, &stream) != NANOARROW_OK) {
      ThrowStatus(Error("OUT_OF_MEMORY", {}, "out of memory while encoding Arrow"));
    }
  }
  ~IpcWriter() { ArrowIpcWriterReset(&writer); }
};

struct ViewOwner {
  ArrowArrayView view{};
  ~ViewOwner() { ArrowArrayViewReset(&view); }
};

void Check(int code, const ArrowError& error) {
  if (code != NANOARROW_OK) ThrowStatus(InternalError(std::string("Arrow encoding: ") + error.message));
}

int64_t FixedWidth(const duckdb::LogicalType& type) {
  return static_cast<int64_t>(duckdb::GetTypeIdSize(type.InternalType()));
}

// Approximate Arrow bytes of rows [from, to) of a vector.
int64_t EstimateBytes(duckdb::Vector& vector, duckdb::idx_t from, duckdb::idx_t to, duckdb::idx_t count) {
  const auto& type = vector.GetType();
  int64_t rows = static_cast<int64_t>(to - from);
  switch (type.InternalType()) {
    case duckdb::PhysicalType::VARCHAR: {
      duckdb::UnifiedVectorFormat format;
      vector.ToUnifiedFormat(count, format);
      auto strings = duckdb::UnifiedVectorFormat::GetData<duckdb::string_t>(format);
      int64_t bytes = rows * 4;
      for (auto i = from; i < to; ++i) {
        auto at = format.sel->get_index(i);
        if (format.validity.RowIsValid(at)) bytes += static_cast<int64_t>(strings[at].GetSize());
      }
      return bytes;
    }
    case duckdb::PhysicalType::LIST: {
      duckdb::UnifiedVectorFormat format;
      vector.ToUnifiedFormat(count, format);
      auto& child = duckdb::ListVector::GetEntry(vector);
      auto child_count = duckdb::ListVector::GetListSize(vector);
      if (child_count == 0) return rows * 4;
      int64_t total = EstimateBytes(child, 0, child_count, child_count);
      auto entries = duckdb::UnifiedVectorFormat::GetData<duckdb::list_entry_t>(format);
      int64_t elements = 0;
      for (auto i = from; i < to; ++i) {
        auto at = format.sel->get_index(i);
        if (format.validity.RowIsValid(at)) elements += static_cast<int64_t>(entries[at].length);
      }
      return rows * 4 + elements * (total / static_cast<int64_t>(child_count) + 1);
    }
    case duckdb::PhysicalType::STRUCT: {
      int64_t bytes = 0;
      for (auto& child : duckdb::StructVector::GetEntries(vector)) bytes += EstimateBytes(*child, from, to, count);
      return bytes;
    }
    default: return rows * std::max<int64_t>(FixedWidth(type), 1);
  }
}

int64_t EstimateBytes(duckdb::DataChunk& chunk, duckdb::idx_t from, duckdb::idx_t to) {
  int64_t bytes = 0;
  for (auto& vector : chunk.data) bytes += EstimateBytes(vector, from, to, chunk.size());
  return bytes;
}

// A stream of the schema and, unless `array` is null, one batch.
std::string EncodeStream(const ArrowSchema* schema, ArrowArray* array) {
  IpcBuffer out;
  ArrowError error{};
  {
    IpcWriter writer(&out.buffer);
    Check(ArrowIpcWriterWriteSchema(&writer.writer, schema, &error), error);
    if (array != nullptr) {
      ViewOwner owner;
      Check(ArrowArrayViewInitFromSchema(&owner.view, schema, &error), error);
      Check(ArrowArrayViewSetArray(&owner.view, array, &error), error);
      Check(ArrowIpcWriterWriteArrayView(&writer.writer, &owner.view, &error), error);
    }
    Check(ArrowIpcWriterWriteArrayView(&writer.writer, nullptr, &error), error);
  }
  return {reinterpret_cast<const char*>(out.buffer.data), static_cast<size_t>(out.buffer.size_bytes)};
}

class ReadyStream final : public ResultStream {
 public:
  ReadyStream(std::string schema, std::shared_ptr<const std::string> batch, int64_t rows)
      : schema_(std::move(schema)), batch_(std::move(batch)), rows_(rows) {}
  Result<std::string> SchemaIpc() override { return schema_; }
  Result<std::string> NextBatchIpc(int64_t* rows) override {
    *rows = batch_ == nullptr ? 0 : rows_;
    const auto batch = std::exchange(batch_, nullptr);
    return batch == nullptr ? std::string() : *batch;
  }
  double Progress() override { return 1; }
  void Interrupt() override {}

 private:
  const std::string schema_;
  std::shared_ptr<const std::string> batch_;
  const int64_t rows_;
};

}  // namespace

std::unique_ptr<ResultStream> EncodedRows(const ArrowRel& rel, const QueryOptions& options) {
  constexpr size_t kEndOfStream = 8;
  if (rel.output.empty() || rel.ipc_stream == nullptr || rel.ipc_stream->size() > kTargetBytes) return nullptr;
  OwnedSchema schema(ToArrowSchema(rel.output, options.time_zone, options.large_strings));
  std::string ours = EncodeStream(schema.get(), nullptr);
  if (!rel.ipc_stream->starts_with(std::string_view(ours).substr(0, ours.size() - kEndOfStream))) return nullptr;
  const int64_t rows = ArrowSource::Open(rel.ipc_stream)->ValidateAll();
  if (rows == 0 || (options.batch_rows > 0 && rows > options.batch_rows)) return nullptr;
  return std::make_unique<ReadyStream>(std::move(ours), rel.ipc_stream, rows);
}

ArrowResultStream::ArrowResultStream(RunningQuery query, std::vector<Column> columns, const QueryOptions& options)
    : query_(std::move(query)),
      columns_(std::move(columns)),
      options_(options),
      schema_(ToArrowSchema(columns_, options.time_zone, options.large_strings)) {}

std::string ArrowResultStream::Encode(ArrowArray* array) const { return EncodeStream(schema_.get(), array); }

Result<std::string> ArrowResultStream::SchemaIpc() {
  return Guard([&]() -> Result<std::string> { return Encode(nullptr); });
}

Result<std::string> ArrowResultStream::NextBatchIpc(int64_t* rows) {
  *rows = 0;
  if (interrupted_) return Error("OPERATION_CANCELED", {}, "The operation was cancelled.");
  auto batch = Guard([&]() -> Result<std::string> { return NextBatch(rows); });
  if (!batch.ok()) finished_ = true;
  return batch;
}

bool ArrowResultStream::FetchChunk() {
  // The query starts with the first fetch, so that Interrupt and Progress reach all of it.
  if (query_.statement) {
    query_.result =
        RunStatement(*query_.connection, std::move(query_.statement), duckdb::QueryResultOutputType::ALLOW_STREAMING,
                     [this] { return interrupted_.load(); });
  }
  while (!finished_) {
    if (chunk_ && chunk_offset_ < chunk_->size()) return true;
    chunk_ = engine::FetchChunk(*query_.result);
    chunk_offset_ = 0;
    if (!chunk_) finished_ = true;
  }
  return false;
}

std::string ArrowResultStream::NextBatch(int64_t* rows) {
  if (!FetchChunk()) {
    query_.result.reset();
    return {};
  }
  duckdb::ClientProperties properties;
  properties.time_zone = options_.time_zone;
  properties.arrow_offset_size =
      options_.large_strings ? duckdb::ArrowOffsetSize::LARGE : duckdb::ArrowOffsetSize::REGULAR;
  properties.client_context = query_.connection->context.get();
  const int64_t row_limit = options_.batch_rows > 0 ? options_.batch_rows : kMaxBatchRows;
  duckdb::ArrowAppender appender(query_.result->types, STANDARD_VECTOR_SIZE, properties, {});
  int64_t bytes = 0;
  while (*rows < row_limit && bytes < kTargetBytes && FetchChunk()) {
    auto to = std::min<duckdb::idx_t>(chunk_->size(), chunk_offset_ + static_cast<duckdb::idx_t>(row_limit - *rows));
    int64_t more = EstimateBytes(*chunk_, chunk_offset_, to);
    // Wide rows: take only as many as fit, at least one.
    while (bytes + more > 2 * kTargetBytes && to - chunk_offset_ > 1) {
      if (*rows > 0) break;
      to = chunk_offset_ + (to - chunk_offset_) / 2;
      more = EstimateBytes(*chunk_, chunk_offset_, to);
    }
    if (*rows > 0 && bytes + more > 2 * kTargetBytes) break;
    appender.Append(*chunk_, chunk_offset_, to, chunk_->size());
    *rows += static_cast<int64_t>(to - chunk_offset_);
    chunk_offset_ = to;
    bytes += more;
  }
  ArrowArray array = appender.Finalize();
  struct Releaser {
    ArrowArray* a;
    int64_t children = a->n_children;
    ~Releaser() {
      a->n_children = children;
      if (a->release != nullptr) a->release(a);
    }
  } releaser{&array};
  for (size_t i = 0; i < columns_.size(); ++i) DropVoidBuffers(columns_[i].type, array.children[i]);
  array.n_children = static_cast<int64_t>(columns_.size());  // hides the dummy of a result without columns
  return Encode(&array);
}

double ArrowResultStream::Progress() {
  double percent = query_.connection->context->GetQueryProgress().GetPercentage();
  return percent < 0 ? -1 : std::min(percent / 100.0, 1.0);
}

void ArrowResultStream::Interrupt() {
  interrupted_ = true;
  query_.connection->context->Interrupt();
}

}  // namespace deltic::engine
