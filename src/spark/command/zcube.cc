#include "spark/command/zcube.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/random.h"

namespace deltic::spark::command {
namespace {

using delta::AddFile;

constexpr const char* kCubeId = "ZCUBE_ID";
constexpr const char* kCubeColumns = "ZCUBE_ZORDER_BY";

std::string TagOf(const AddFile& file, const char* key) {
  const auto it = file.tags.find(key);
  return it == file.tags.end() ? std::string() : it->second;
}

// Empty: the file is of no cube.
std::string CubeOf(const AddFile& file) {
  return file.tags.contains(kCubeColumns) ? TagOf(file, kCubeId) : std::string();
}

std::string ColumnsText(const std::vector<std::string>& columns) {
  JsonWriter json;
  json.BeginArray();
  for (const auto& column : columns) json.String(column);
  return json.EndArray().Take();
}

struct Counter {
  FileCount cube_files, other_files;
  int64_t cubes = 0;
  std::string last_cube;

  void Count(const AddFile& file, const std::string& columns, bool full) {
    const std::string cube = CubeOf(file);
    const bool matches = !cube.empty() && (full || TagOf(file, kCubeColumns) == columns);
    if (matches && cube != last_cube) {
      last_cube = cube;
      cubes++;
    }
    FileCount& count = matches ? cube_files : other_files;
    count.files++;
    count.bytes += file.size_bytes;
  }
};

// Without the cubes that are large enough. Files of a cube are neighbours.
std::vector<const AddFile*> WithoutLargeCubes(const std::vector<const AddFile*>& files, int64_t min_cube_bytes) {
  std::vector<const AddFile*> out;
  for (size_t i = 0; i < files.size();) {
    const std::string cube = CubeOf(*files[i]);
    size_t end = i + 1;
    int64_t bytes = files[i]->size_bytes;
    while (!cube.empty() && end < files.size() && CubeOf(*files[end]) == cube) bytes += files[end++]->size_bytes;
    if (cube.empty() || bytes < min_cube_bytes) out.insert(out.end(), files.begin() + i, files.begin() + end);
    i = end;
  }
  return out;
}

bool AreOneCube(const std::vector<const AddFile*>& files) {
  return std::all_of(files.begin(), files.end(), [&](const AddFile* file) {
    return !CubeOf(*file).empty() && CubeOf(*file) == CubeOf(*files.front());
  });
}

}  // namespace

CubeSelection SelectForClustering(std::vector<const AddFile*> files, const std::vector<std::string>& columns,
                                  int64_t min_cube_bytes, bool full) {
  const std::string columns_text = ColumnsText(columns);
  std::stable_sort(files.begin(), files.end(),
                   [](const AddFile* a, const AddFile* b) { return TagOf(*a, kCubeId) < TagOf(*b, kCubeId); });
  CubeSelection out;
  Counter input;
  std::vector<const AddFile*> candidates, others;
  for (const AddFile* file : files) {
    input.Count(*file, columns_text, full);
    const bool ours = file->clustering_provider.value_or(kClusteringProvider) == kClusteringProvider;
    const bool same_columns = CubeOf(*file).empty() || TagOf(*file, kCubeColumns) == columns_text;
    (ours && same_columns ? candidates : others).push_back(file);
  }
  out.files = WithoutLargeCubes(candidates, min_cube_bytes);
  if (full && !others.empty()) {
    out.files.insert(out.files.end(), others.begin(), others.end());
  } else if (AreOneCube(out.files)) {
    out.files.clear();
  }
  Counter merged;
  for (const AddFile* file : out.files) merged.Count(*file, columns_text, full);
  out.counts.input_cube_files = input.cube_files;
  out.counts.input_other_files = input.other_files;
  out.counts.input_cubes = input.cubes;
  out.counts.merged_files = {merged.cube_files.files + merged.other_files.files,
                             merged.cube_files.bytes + merged.other_files.bytes};
  return out;
}

std::map<std::string, std::string> NewCubeTags(const std::vector<std::string>& columns) {
  return {{kCubeId, Random::System()->Uuid()}, {kCubeColumns, ColumnsText(columns)}};
}

}  // namespace deltic::spark::command
