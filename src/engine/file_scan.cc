#include "engine/file_scan.h"

#include "engine/functions/throw.h"
#include "engine/plan/file_source.h"
#include "engine/type_map.h"
#include "storage/object_store.h"

namespace deltic::engine {
namespace {

std::string FileName(const std::string& path) {
  auto slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::string FileUri(const std::string& path) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  if (path.find("://") != std::string::npos) return storage::DisplayOfNative(path);
  std::string out = "file://";
  for (unsigned char c : path) {
    if (c <= 0x20 || c == '%' || c == '"' || c == '<' || c == '>' || c == '\\' || c == '^' || c == '`' || c == '{' ||
        c == '|' || c == '}' || c == '#' || c == '?' || c == 0x7f) {
      out += '%';
      out += kHex[c >> 4];
      out += kHex[c & 15];
    } else {
      out += static_cast<char>(c);
    }
  }
  return out;
}

duckdb::Value PerFileValue(const FileColumn& column, const DataType& type, const ScanFile& file) {
  switch (column.source) {
    case FileColumn::Source::kConstant:
      if (column.constant_index < 0 || static_cast<size_t>(column.constant_index) >= file.constants.size()) {
        functions::ThrowStatus(InternalError("file " + file.path + " lacks a per-file constant"));
      }
      return ToDuckValue(file.constants[static_cast<size_t>(column.constant_index)], type);
    case FileColumn::Source::kFilePath: return duckdb::Value(FileUri(file.path));
    case FileColumn::Source::kFileName: return duckdb::Value(FileName(file.path));
    case FileColumn::Source::kFileSize: return duckdb::Value::BIGINT(file.size_bytes);
    case FileColumn::Source::kFileModified:
      return duckdb::Value::TIMESTAMPTZ(duckdb::timestamp_tz_t(file.modified_ms * 1000));
    default: break;
  }
  functions::ThrowStatus(InternalError("not a per-file column"));
}

FileScan MakeFileScan(const FilesRel& rel) {
  if (rel.source != nullptr ? rel.source->size() == 0 : rel.files == nullptr || rel.files->empty()) return {};
  switch (rel.format) {
    case FileFormat::kParquet: return MakeParquetScan(rel);
    case FileFormat::kCsv:
    case FileFormat::kJson:
    case FileFormat::kText: return MakeTextScan(rel);
  }
  functions::ThrowStatus(InternalError("unknown file format"));
}

}  // namespace deltic::engine
