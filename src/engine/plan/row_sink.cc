#include "engine/plan/row_sink.h"

namespace deltic::engine {

ExprPtr RecordRow(ExprPtr file, ExprPtr row, RowSink* sink) {
  const auto address = static_cast<int64_t>(reinterpret_cast<uintptr_t>(sink));
  return MakeCall(kRecordRowFunction, {std::move(file), std::move(row), MakeLong(address)}, TypeId::kLong, true, true);
}

}  // namespace deltic::engine
