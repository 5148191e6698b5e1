#include "storage/s3/path_login.h"

#include <algorithm>
#include <string>

#include "storage/object_store.h"

namespace deltic::storage::s3 {

Status RefuseLogin(std::string_view path) {
  if (!IsS3Path(path)) return Status::Ok();
  const size_t start = SchemeOf(path).size() + std::string_view("://").size();
  if (path.size() < start || !path.substr(start - 2).starts_with("//")) return Status::Ok();
  const std::string_view rest = path.substr(start);
  const std::string_view authority = rest.substr(0, std::min(rest.find('/'), rest.size()));
  if (authority.find_first_of("@:") == std::string_view::npos) return Status::Ok();
  // A secret may hold a slash: all up to the last @ may belong to it.
  const size_t at = rest.rfind('@');
  std::string shown(path.substr(0, start));
  shown += "*********(redacted)";
  if (at != std::string_view::npos) shown += rest.substr(at);
  return IoError(shown,
                 "The Filesystem URI contains login details. This authentication mechanism is no longer supported. Set "
                 "fs.s3a.access.key and fs.s3a.secret.key instead");
}

}  // namespace deltic::storage::s3
