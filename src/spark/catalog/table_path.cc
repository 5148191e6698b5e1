#include "spark/catalog/table_path.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "storage/object_store.h"
#include "storage/s3/path_login.h"

namespace deltic::spark::catalog {
namespace {

bool AllDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

}  // namespace

std::optional<std::string> StandIn(std::string_view path,
                                   const std::function<std::optional<std::string>(const std::string&)>& conf) {
  const size_t scheme_end = path.find("://");
  if (scheme_end == std::string_view::npos || !storage::IsS3Path(path)) return std::nullopt;
  const std::string_view rest = path.substr(scheme_end + 3);
  const size_t slash = std::min(rest.find('/'), rest.size());
  const auto directory = conf("spark.deltic.storage.standIn." + std::string(rest.substr(0, slash)));
  if (!directory.has_value()) return std::nullopt;
  return storage::NormalizePath(storage::JoinPath(*directory, rest.substr(slash)));
}

Result<std::string> QualifyPath(session::Session* session, std::string_view path) {
  if (path.empty()) return Error("DELTA_PATH_DOES_NOT_EXIST", {{"path", ""}}, "The path is empty.");
  RETURN_IF_ERROR(storage::s3::RefuseLogin(path));
  if (auto local = StandIn(path, [&](const std::string& key) { return session->conf().Get(key); })) return *local;
  // The engine's own form of a path carries the right to use a store; it is never taken from outside.
  if (storage::IsRemoteNative(path))
    return Unsupported("a path with the scheme " + std::string(storage::SchemeOf(path)));
  std::string normal = storage::NormalizePath(path);
  if (normal.find("://") == std::string::npos && (normal.empty() || normal[0] != '/')) {
    normal = storage::NormalizePath(std::filesystem::current_path().string() + "/" + normal);
  }
  return normal;
}

std::string DisplayPath(std::string_view qualified) {
  if (!qualified.empty() && qualified[0] == '/') return "file:" + std::string(qualified);
  return std::string(qualified);
}

PathTimeTravel SplitPathTimeTravel(std::string_view path) {
  PathTimeTravel out;
  out.path = path;
  const size_t at = path.rfind('@');
  if (at == std::string_view::npos) return out;
  const std::string_view suffix = path.substr(at + 1);
  if (suffix.size() > 1 && suffix[0] == 'v' && AllDigits(suffix.substr(1)) && suffix.size() < 20) {
    out.path = path.substr(0, at);
    out.version = std::stoll(std::string(suffix.substr(1)));
  } else if (suffix.size() == 17 && AllDigits(suffix)) {
    const std::string s(suffix);
    out.path = path.substr(0, at);
    out.timestamp = s.substr(0, 4) + "-" + s.substr(4, 2) + "-" + s.substr(6, 2) + " " + s.substr(8, 2) + ":" +
                    s.substr(10, 2) + ":" + s.substr(12, 2) + "." + s.substr(14, 3);
  }
  return out;
}

}  // namespace deltic::spark::catalog
