#include "spark/streaming/file_source.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/json_writer.h"
#include "spark/catalog/file_source.h"
#include "spark/catalog/table_path.h"
#include "spark/command/query_catalog.h"
#include "spark/resolve/tree.h"
#include "spark/sql/parser.h"
#include "spark/sql/schema_text.h"

namespace deltic::spark::streaming {
namespace {

// Options of Spark's file streams that are not kept here.
constexpr const char* kUnsupportedOptions[] = {
    "latestFirst",        "maxFileAge",     "fileNameOnly",     "cleanSource",
    "maxBytesPerTrigger", "maxCachedFiles", "sourceArchiveDir", "discardCachedInputRatio"};

std::string OffsetText(int64_t batch) { return "{\"logOffset\":" + std::to_string(batch) + "}"; }

Result<int64_t> BatchOf(const std::string& offset) {
  if (offset.empty()) return -1;
  constexpr std::string_view kHead = "{\"logOffset\":";
  int64_t batch = 0;
  if (offset.starts_with(kHead)) {
    const char* begin = offset.data() + kHead.size();
    const auto end = std::from_chars(begin, offset.data() + offset.size(), batch);
    if (end.ec == std::errc() && *end.ptr == '}') return batch;
  }
  return Error("_STREAMING_STATE", {}, "The offset '" + offset + "' is not one of a file stream.");
}

bool IsHidden(std::string_view relative) {
  size_t start = 0;
  while (start <= relative.size()) {
    const size_t end = std::min(relative.find('/', start), relative.size());
    const char first = start < end ? relative[start] : 'x';
    if (first == '_' || first == '.') return true;
    start = end + 1;
  }
  return false;
}

}  // namespace

Result<std::unique_ptr<Source>> FileSource::Open(const SourceContext& context, const engine::StreamRel& relation) {
  const auto& spec = relation.spec;
  for (const char* option : kUnsupportedOptions) {
    if (plan::FindOption(spec->options, option).has_value()) {
      return Unsupported("the option " + std::string(option) + " of file streams");
    }
  }
  if (spec->path.find_first_of("*?[{") != std::string::npos) return Unsupported("glob patterns in file streams");
  ASSIGN_OR_RETURN(auto store, context.session->StoreFor(spec->path));
  std::unique_ptr<FileSource> source(new FileSource(context, spec, std::move(store)));
  if (const auto limit = plan::FindOption(spec->options, "maxFilesPerTrigger")) {
    int64_t files = 0;
    const auto end = std::from_chars(limit->data(), limit->data() + limit->size(), files);
    if (end.ec != std::errc() || end.ptr != limit->data() + limit->size() || files <= 0) {
      return Error("_STREAMING_ARGUMENT", {},
                   "Invalid value '" + *limit + "' for option 'maxFilesPerTrigger', must be a positive integer");
    }
    source->max_files_ = static_cast<size_t>(files);
  }
  ASSIGN_OR_RETURN(source->seen_, source->log_.ReadAll(&source->latest_));
  return std::unique_ptr<Source>(std::move(source));
}

std::string FileSource::description() const { return "FileStreamSource[" + catalog::DisplayPath(spec_->path) + "]"; }

Status FileSource::StopAtLatest() {
  stop_at_latest_ = true;
  return Status::Ok();
}

Result<std::vector<SeenFile>> FileSource::NewFiles() {
  std::set<std::string> known;
  for (const SeenFile& file : seen_) known.insert(file.path);
  ASSIGN_OR_RETURN(const auto objects, store_->ListRecursive(spec_->path));
  std::vector<SeenFile> files;
  for (const auto& object : objects) {
    const std::string path = storage::NormalizePath(object.path);
    const std::string_view relative = std::string_view(path).substr(std::min(path.size(), spec_->path.size() + 1));
    if (IsHidden(relative) || known.contains(path)) continue;
    if (storage::DirName(relative).find('=') != std::string_view::npos) {
      return Unsupported("partitioned directories in file streams");
    }
    files.push_back({path, object.modified_ms, 0});
  }
  std::stable_sort(files.begin(), files.end(),
                   [](const SeenFile& a, const SeenFile& b) { return a.timestamp_ms < b.timestamp_ms; });
  return files;
}

Result<std::string> FileSource::LatestOffset(const std::string& start, ReadLimit limit) {
  std::vector<SeenFile> files;
  if (stop_at_latest_) {
    if (!stop_known_) {
      ASSIGN_OR_RETURN(pending_, NewFiles());
      stop_known_ = true;
    }
    files = pending_;
  } else {
    ASSIGN_OR_RETURN(files, NewFiles());
  }
  // A batch that was listed but not planned before a crash comes first.
  ASSIGN_OR_RETURN(const int64_t from, BatchOf(start));
  if (latest_ > from) return OffsetText(latest_);
  if (files.empty()) return start;
  if (limit == ReadLimit::kDefault && max_files_ > 0 && files.size() > max_files_) files.resize(max_files_);
  for (SeenFile& file : files) file.batch = latest_ + 1;
  RETURN_IF_ERROR(log_.Add(latest_ + 1, files, seen_));
  latest_++;
  seen_.insert(seen_.end(), files.begin(), files.end());
  if (stop_at_latest_) pending_.erase(pending_.begin(), pending_.begin() + static_cast<ptrdiff_t>(files.size()));
  return OffsetText(latest_);
}

Result<SourceRows> FileSource::Read(const std::string& start, const std::string& end) {
  ASSIGN_OR_RETURN(const int64_t from, BatchOf(start));
  ASSIGN_OR_RETURN(const int64_t to, BatchOf(end));
  catalog::FileSource files;
  files.format = *catalog::FileFormatOf(spec_->format);
  for (const SeenFile& file : seen_) {
    if (file.batch > from && file.batch <= to) files.paths.push_back(file.path);
  }
  ASSIGN_OR_RETURN(files.schema, sql::ParseStructSchema(spec_->schema));
  // What is left are the format's own.
  for (const auto& option : spec_->options) {
    const bool ours = types::EqualsIgnoreCase(option.first, "maxFilesPerTrigger");
    if (!ours && !types::EqualsIgnoreCase(option.first, "path")) files.options.push_back(option);
  }
  session::Session* session = context_.session.get();
  command::QueryCatalog catalog(session);
  resolve::Resolver resolver(&catalog, session->server()->engine, session->views(), session->MakeResolveOptions(),
                             false);
  ASSIGN_OR_RETURN(const auto rows, catalog::ScanFileSource(session, files, &resolver));
  resolve::IdMap ids;
  return SourceRows{resolve::CloneWithIds(rows, engine::FreshColumnId, &ids), std::nullopt};
}

}  // namespace deltic::spark::streaming
