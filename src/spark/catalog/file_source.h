// Parquet, CSV, JSON and text files by path as typed scans: listing, Hive partition discovery, schema inference.
// Free functions, thread-safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "engine/plan/relation.h"
#include "spark/plan/relation.h"
#include "spark/resolve/resolver.h"
#include "spark/session/session.h"

namespace deltic::spark::catalog {

// parquet, csv, json, text; nullopt for any other name.
std::optional<engine::FileFormat> FileFormatOf(std::string_view name);

struct FileSource {
  engine::FileFormat format = engine::FileFormat::kParquet;
  std::vector<std::string> paths;         // as the user gave them: files, directories or globs
  std::optional<types::DataType> schema;  // a struct; nullopt: inferred
  plan::Options options;
  std::vector<std::string> qualifier;
};

// Missing path: PATH_NOT_FOUND. Nothing to infer from: UNABLE_TO_INFER_SCHEMA.
Result<engine::RelPtr> ScanFileSource(session::Session* session, const FileSource& source, resolve::Resolver* resolver);

}  // namespace deltic::spark::catalog
