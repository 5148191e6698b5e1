#include "engine/text_lines.h"

#include <mutex>

#include "duckdb/common/file_system.hpp"
#include "duckdb/function/table_function.hpp"
#include "duckdb/main/extension/extension_loader.hpp"

namespace deltic::engine {
namespace {

constexpr size_t kReadBytes = 1 << 16;
constexpr size_t kMaxLineBytes = size_t{1} << 31;

struct LinesBind final : duckdb::TableFunctionData {
  std::vector<std::string> paths;
  std::string separator;
};

struct LinesState final : duckdb::GlobalTableFunctionState {
  std::mutex mutex;
  size_t file = 0;
  duckdb::unique_ptr<duckdb::FileHandle> handle;
  std::string buffer;
  size_t at = 0;
  bool end_of_file = false;

  // The next line of the current file into *line; false at its end.
  bool NextLine(const std::string& separator, std::string* line) {
    size_t scanned = at;
    while (true) {
      size_t end = std::string::npos, skip = 0;
      if (separator == "\n") {
        end = buffer.find_first_of("\r\n", scanned);
        if (end != std::string::npos) {
          skip = 1;
          // "\r\n" may be split between two reads.
          if (buffer[end] == '\r' && end + 1 == buffer.size() && !end_of_file)
            end = std::string::npos;
          else if (buffer[end] == '\r' && end + 1 < buffer.size() && buffer[end + 1] == '\n')
            skip = 2;
        }
      } else if (!separator.empty()) {
        end = buffer.find(separator, scanned);
        skip = separator.size();
      }
      if (end != std::string::npos) {
        line->assign(buffer, at, end - at);
        at = end + skip;
        return true;
      }
      if (end_of_file) {
        bool rest = at < buffer.size() || (separator.empty() && !whole_done_);
        line->assign(buffer, at);
        at = buffer.size();
        whole_done_ = true;
        return rest;
      }
      buffer.erase(0, at);
      at = 0;
      scanned = buffer.size() > separator.size() + 1 ? buffer.size() - separator.size() - 1 : 0;
      if (buffer.size() > kMaxLineBytes) throw duckdb::InvalidInputException("a line is longer than 2 GiB");
      size_t before = buffer.size();
      buffer.resize(before + kReadBytes);
      auto got = handle->Read(buffer.data() + before, kReadBytes);
      buffer.resize(before + static_cast<size_t>(got));
      end_of_file = got == 0;
    }
  }
  void Start() {
    buffer.clear();
    at = 0;
    end_of_file = whole_done_ = false;
  }

 private:
  bool whole_done_ = false;
};

duckdb::unique_ptr<duckdb::FunctionData> Bind(duckdb::ClientContext&, duckdb::TableFunctionBindInput& input,
                                              duckdb::vector<duckdb::LogicalType>& types,
                                              duckdb::vector<duckdb::string>& names) {
  auto bind = duckdb::make_uniq<LinesBind>();
  for (const auto& p : duckdb::ListValue::GetChildren(input.inputs[0])) {
    bind->paths.push_back(duckdb::StringValue::Get(p));
  }
  bind->separator = duckdb::StringValue::Get(input.inputs[1]);
  types = {duckdb::LogicalType::VARCHAR, duckdb::LogicalType::VARCHAR};
  names = {"deltic_file", "v"};
  return bind;
}

duckdb::unique_ptr<duckdb::GlobalTableFunctionState> Init(duckdb::ClientContext&, duckdb::TableFunctionInitInput&) {
  return duckdb::make_uniq<LinesState>();
}

void Scan(duckdb::ClientContext& context, duckdb::TableFunctionInput& input, duckdb::DataChunk& output) {
  const auto& bind = input.bind_data->Cast<LinesBind>();
  auto& state = input.global_state->Cast<LinesState>();
  std::lock_guard lock(state.mutex);
  auto& fs = duckdb::FileSystem::GetFileSystem(context);
  auto files = duckdb::FlatVector::GetData<duckdb::string_t>(output.data[0]);
  auto lines = duckdb::FlatVector::GetData<duckdb::string_t>(output.data[1]);
  duckdb::idx_t rows = 0;
  std::string line;
  while (rows < STANDARD_VECTOR_SIZE && state.file < bind.paths.size()) {
    const std::string& path = bind.paths[state.file];
    if (!state.handle) {
      state.handle = fs.OpenFile(path, duckdb::FileFlags::FILE_FLAGS_READ | duckdb::FileCompressionType::AUTO_DETECT);
      state.Start();
    }
    if (!state.NextLine(bind.separator, &line)) {
      state.handle.reset();
      ++state.file;
      continue;
    }
    files[rows] = duckdb::StringVector::AddString(output.data[0], path);
    lines[rows] = duckdb::StringVector::AddStringOrBlob(output.data[1], line.data(), line.size());
    ++rows;
  }
  output.SetCardinality(rows);
}

}  // namespace

void RegisterTextLines(duckdb::DatabaseInstance& db) {
  using duckdb::LogicalType;
  duckdb::ExtensionLoader loader(db, "deltic");
  loader.RegisterFunction(duckdb::TableFunction(
      kTextLinesFunction, {LogicalType::LIST(LogicalType::VARCHAR), LogicalType::VARCHAR}, Scan, Bind, Init));
}

}  // namespace deltic::engine
