#include "storage/move_directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace deltic::storage {
namespace {

Status SyncParent(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const int fd = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return IoError(parent, std::strerror(errno));
  const int done = ::fsync(fd);
  const int why = errno;
  ::close(fd);
  return done == 0 ? Status::Ok() : IoError(parent, std::strerror(why));
}

}  // namespace

Status MoveDirectory(const ObjectStore& store, std::string_view from, std::string_view to, const std::string& what) {
  const std::string source = store.NativePath(from);
  const std::string target = store.NativePath(to);
  if (!source.starts_with('/') || !target.starts_with('/')) return Unsupported(what);
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(target).parent_path(), ignored);
  if (::renameat2(AT_FDCWD, source.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST || errno == ENOTEMPTY) {
      return Error("LOCATION_ALREADY_EXISTS", {{"location", target}, {"identifier", what}});
    }
    if (errno == ENOENT) return Error("PATH_NOT_FOUND", {{"path", source}});
    return IoError(source, std::strerror(errno));
  }
  RETURN_IF_ERROR(SyncParent(source));
  return SyncParent(target);
}

}  // namespace deltic::storage
