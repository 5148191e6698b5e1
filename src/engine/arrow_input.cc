#include "engine/arrow_input.h"

#include <cstring>

#include "duckdb/common/arrow/arrow_wrapper.hpp"
#include "duckdb/function/table/arrow.hpp"
#include "engine/functions/throw.h"
#include "engine/type_map.h"
#include "nanoarrow/nanoarrow_ipc.h"

namespace deltic::engine {
namespace {

// Column names of a local relation may repeat or be empty; DuckDB only needs positions.
void RetypeForDuck(ArrowSchema* schema) {
  if (std::strcmp(schema->format, "tDu") == 0)
    ArrowSchemaSetFormat(schema, "l");
  else if (std::strcmp(schema->format, "tiM") == 0)
    ArrowSchemaSetFormat(schema, "i");
  for (int64_t i = 0; i < schema->n_children; ++i) RetypeForDuck(schema->children[i]);
  if (schema->dictionary != nullptr) RetypeForDuck(schema->dictionary);
}

duckdb::unique_ptr<duckdb::ArrowArrayStreamWrapper> ProduceStream(uintptr_t source, duckdb::ArrowStreamParameters&) {
  auto wrapper = duckdb::make_uniq<duckdb::ArrowArrayStreamWrapper>();
  reinterpret_cast<const ArrowSource*>(source)->OpenStream(&wrapper->arrow_array_stream);
  wrapper->number_of_rows = -1;
  return wrapper;
}

void ProduceSchema(ArrowArrayStream* source, ArrowSchema& schema) {
  reinterpret_cast<const ArrowSource*>(source)->DuckSchema(&schema);
}

struct StreamOwner {
  ArrowArrayStream stream{};
  ~StreamOwner() {
    if (stream.release != nullptr) stream.release(&stream);
  }
};

std::string LastError(ArrowArrayStream* stream) {
  const char* text = stream->get_last_error(stream);
  return text == nullptr || *text == '\0' ? "unreadable message" : text;
}

class BatchesOfStream final : public ArrowBatches {
 public:
  explicit BatchesOfStream(const ArrowSource& source) { source.OpenStream(&owner_.stream); }

  duckdb::unique_ptr<duckdb::ArrowArrayWrapper> Next() override {
    auto batch = duckdb::make_uniq<duckdb::ArrowArrayWrapper>();
    if (owner_.stream.get_next(&owner_.stream, &batch->arrow_array) != 0) ThrowInvalidArrow(LastError(&owner_.stream));
    return batch->arrow_array.release == nullptr ? nullptr : std::move(batch);
  }

 private:
  StreamOwner owner_;
};

}  // namespace

std::shared_ptr<ArrowSource> ArrowSource::Open(std::shared_ptr<const std::string> ipc_stream) {
  if (ipc_stream == nullptr || ipc_stream->empty()) ThrowInvalidArrow("there is no schema message");
  auto source = std::make_shared<ArrowSource>();
  source->bytes_ = std::move(ipc_stream);
  StreamOwner owner;
  source->OpenStream(&owner.stream);
  OwnedSchema schema;
  if (owner.stream.get_schema(&owner.stream, schema.get()) != 0) ThrowInvalidArrow(LastError(&owner.stream));
  source->SetSchema(*schema.get());
  return source;
}

void ArrowSource::SetSchema(const ArrowSchema& schema) {
  fields_ = FromArrowSchema(schema);
  for (int64_t i = 0; i < schema.n_children; ++i) formats_.emplace_back(schema.children[i]->format);
}

void ArrowSource::OpenStream(ArrowArrayStream* out) const {
  ArrowBuffer buffer;
  ArrowBufferInit(&buffer);
  // A view of our bytes: reallocating never happens, freeing must do nothing.
  buffer.data = reinterpret_cast<uint8_t*>(const_cast<char*>(bytes_->data()));
  buffer.size_bytes = static_cast<int64_t>(bytes_->size());
  buffer.capacity_bytes = buffer.size_bytes;
  buffer.allocator = ArrowBufferDeallocator([](ArrowBufferAllocator*, uint8_t*, int64_t) {}, nullptr);
  ArrowIpcInputStream input;
  if (ArrowIpcInputStreamInitBuffer(&input, &buffer) != NANOARROW_OK ||
      ArrowIpcArrayStreamReaderInit(out, &input, nullptr) != NANOARROW_OK) {
    ThrowInvalidArrow("out of memory");
  }
}

void ArrowSource::StreamSchema(ArrowSchema* out) const {
  StreamOwner owner;
  OpenStream(&owner.stream);
  if (owner.stream.get_schema(&owner.stream, out) != 0) ThrowInvalidArrow(LastError(&owner.stream));
}

void ArrowSource::DuckSchema(ArrowSchema* out) const {
  StreamSchema(out);
  for (int64_t i = 0; i < out->n_children; ++i) {
    RetypeForDuck(out->children[i]);
    ArrowSchemaSetName(out->children[i], ("a" + std::to_string(i)).c_str());
  }
}

std::unique_ptr<ArrowBatches> ArrowSource::Batches() const { return std::make_unique<BatchesOfStream>(*this); }

int64_t ArrowSource::ValidateAll() const {
  int64_t rows = 0;
  const auto batches = Batches();
  while (const auto batch = batches->Next()) {
    rows += batch->arrow_array.length;
    for (size_t i = 0; i < fields_.size(); ++i) {
      if (fields_[i].nullable || batch->arrow_array.children[i]->null_count <= 0) continue;
      functions::ThrowStatus(
          Error("NOT_NULL_ASSERT_VIOLATION", {{"walkedTypePath", fields_[i].name}},
                "[NOT_NULL_ASSERT_VIOLATION] NULL value appeared in non-nullable field: " + fields_[i].name));
    }
  }
  return rows;
}

DuckExpr ArrowSource::ScanCall() const {
  duckdb::vector<DuckExpr> args;
  args.push_back(Constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(this))));
  args.push_back(Constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(&ProduceStream))));
  args.push_back(Constant(duckdb::Value::POINTER(reinterpret_cast<uintptr_t>(&ProduceSchema))));
  // The variant without pushdown: our stream always yields whole batches.
  return Function("arrow_scan_dumb", std::move(args));
}

bool ArrowSource::NeedsCast(size_t index, const duckdb::LogicalType& type) const {
  const std::string& format = formats_[index];
  if (format.starts_with("tD") && format != "tDu") return true;
  return ToDuckType(fields_[index].type) != type || format == "n" || format.starts_with("ts") || format == "C" ||
         format == "S" || format == "I" || format == "L" || format == "e" || format.starts_with("+w");
}

DuckExpr ArrowSource::Converted(size_t index, DuckExpr column, const DataType& type) const {
  const std::string& format = formats_[index];
  if (format.starts_with("tD") && format != "tDu") {
    // DuckDB reads other duration units as INTERVAL; epoch_us gives its microseconds.
    column = MakeFunction("epoch_us", std::move(column));
  }
  return CastTo(std::move(column), ToDuckType(type));
}

}  // namespace deltic::engine
