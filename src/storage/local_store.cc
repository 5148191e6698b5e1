// Local files. A write is never seen in part: bytes go to an unnamed or hidden temporary file, are synced, and get
// their name in one step (link for put-if-absent, rename for put); then the directory is synced.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "storage/object_store.h"

namespace deltic::storage {
namespace {

// Hidden names of files being written; listings leave them out.
constexpr std::string_view kTempSuffix = ".deltic-tmp";
// Directory nesting below which a recursive walk gives up (a loop of mounts, or an attack).
constexpr int kMaxDepth = 200;

std::string SystemMessage(int error) {
  char buffer[256];
  return strerror_r(error, buffer, sizeof(buffer));
}

Status SystemError(std::string_view path, std::string_view what, int error) {
  if (error == ENOENT) {
    return Error("PATH_NOT_FOUND", {{"path", std::string(path)}}, "Path does not exist: " + std::string(path));
  }
  return IoError(path, std::string(what) + " failed (" + SystemMessage(error) + ")");
}

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

int OpenRetrying(const char* path, int flags, mode_t mode = 0) {
  int fd = -1;
  do {
    fd = ::open(path, flags | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

Status WriteAll(int fd, std::string_view bytes, std::string_view path, bool durable = true) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n < 0) {
      if (errno == EINTR) continue;
      return IoError(path, "write failed (" + SystemMessage(errno) + ")");
    }
    done += static_cast<size_t>(n);
  }
  if (durable && ::fsync(fd) != 0) return IoError(path, "fsync failed (" + SystemMessage(errno) + ")");
  return Status::Ok();
}

Status SyncDirectory(const std::string& dir) {
  Fd fd(OpenRetrying(dir.c_str(), O_RDONLY | O_DIRECTORY));
  if (!fd.ok()) return SystemError(dir, "open of the directory", errno);
  if (::fsync(fd.get()) != 0 && errno != EINVAL && errno != EROFS) {
    return IoError(dir, "fsync of the directory failed (" + SystemMessage(errno) + ")");
  }
  return Status::Ok();
}

// Makes `dir` and its missing parents. *made_in gets the directories that hold a new name: they are synced at the end,
// when the file system has usually written them along with the rest.
Status MakeDirectories(const std::string& dir, std::vector<std::string>* made_in) {
  if (dir.empty()) return Status::Ok();
  for (size_t slash = dir.find('/', 1);; slash = dir.find('/', slash + 1)) {
    const std::string part = dir.substr(0, slash);
    if (::mkdir(part.c_str(), 0777) == 0) {
      const std::string_view parent = DirName(part);
      made_in->emplace_back(parent.empty() ? "." : parent);
    } else if (errno != EEXIST) {
      return IoError(part, "mkdir failed (" + SystemMessage(errno) + ")");
    }
    if (slash == std::string::npos) return Status::Ok();
  }
}

Status SyncDirectories(const std::string& dir, const std::vector<std::string>& made_in) {
  RETURN_IF_ERROR(SyncDirectory(dir));
  for (const auto& parent : made_in) RETURN_IF_ERROR(SyncDirectory(parent));
  return Status::Ok();
}

int64_t ModifiedMs(const struct stat& st) {
  return static_cast<int64_t>(st.st_mtim.tv_sec) * 1000 + st.st_mtim.tv_nsec / 1000000;
}

bool IsTempName(std::string_view name) { return name.starts_with('.') && name.ends_with(kTempSuffix); }

class LocalObjectStore : public ObjectStore {
 public:
  Result<std::string> Get(std::string_view path) override { return Read(path, 0, -1); }

  Result<std::string> GetRange(std::string_view path, int64_t offset, int64_t length) override {
    if (offset < 0 || length < 0) return IoError(path, "a range must not be negative");
    return Read(path, offset, length);
  }

  Result<ObjectMeta> Head(std::string_view path) override {
    const std::string native = NativePath(path);
    struct stat st = {};
    if (::stat(native.c_str(), &st) != 0) return SystemError(path, "stat", errno == ENOTDIR ? ENOENT : errno);
    if (S_ISDIR(st.st_mode)) return SystemError(path, "stat", ENOENT);
    return ObjectMeta{std::string(path), st.st_size, ModifiedMs(st)};
  }

  Status Put(std::string_view path, std::string_view bytes) override { return Replace(path, bytes, true); }
  Status PutDerived(std::string_view path, std::string_view bytes) override { return Replace(path, bytes, false); }

  Status Replace(std::string_view path, std::string_view bytes, bool durable) {
    const std::string native = NativePath(path);
    const std::string temp = TempName(native);
    std::vector<std::string> made_in;
    RETURN_IF_ERROR(WriteTemp(native, temp, bytes, &made_in, durable));
    if (::rename(temp.c_str(), native.c_str()) != 0) {
      const int error = errno;
      ::unlink(temp.c_str());
      return IoError(path, "rename failed (" + SystemMessage(error) + ")");
    }
    return durable ? SyncDirectories(std::string(DirName(native)), made_in) : Status::Ok();
  }

  Result<PutOutcome> PutIfAbsent(std::string_view path, std::string_view bytes) override {
    const std::string native = NativePath(path);
    const std::string dir(DirName(native));
    std::vector<std::string> made_in;
    // An unnamed file leaves nothing behind when the process dies before the link.
    int raw = OpenRetrying(dir.c_str(), O_TMPFILE | O_WRONLY, 0666);
    if (raw < 0 && errno == ENOENT) {
      RETURN_IF_ERROR(MakeDirectories(dir, &made_in));
      raw = OpenRetrying(dir.c_str(), O_TMPFILE | O_WRONLY, 0666);
    }
    if (raw < 0) return PutIfAbsentNamed(path, native, dir, bytes, std::move(made_in));
    Fd fd(raw);
    // The usual loser of a race is found out before paying for the write.
    if (::access(native.c_str(), F_OK) == 0) return PutOutcome::kAlreadyExists;
    RETURN_IF_ERROR(WriteAll(fd.get(), bytes, path));
    const std::string self = "/proc/self/fd/" + std::to_string(fd.get());
    if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, native.c_str(), AT_SYMLINK_FOLLOW) != 0) {
      if (errno == EEXIST) return PutOutcome::kAlreadyExists;
      // No /proc, or links across layers are refused.
      return PutIfAbsentNamed(path, native, dir, bytes, std::move(made_in));
    }
    RETURN_IF_ERROR(SyncDirectories(dir, made_in));
    return PutOutcome::kCreated;
  }

  Result<std::vector<ObjectMeta>> List(std::string_view dir, std::string_view from_name) override {
    std::vector<ObjectMeta> out;
    RETURN_IF_ERROR(Visit(
        dir,
        [&](const std::string& name, const struct stat& st) -> Status {
          if (S_ISREG(st.st_mode)) out.push_back({JoinPath(dir, name), st.st_size, ModifiedMs(st)});
          return Status::Ok();
        },
        from_name));
    SortByPath(&out);
    return out;
  }

  Result<std::vector<ObjectMeta>> ListRecursive(std::string_view dir) override {
    std::vector<ObjectMeta> out;
    RETURN_IF_ERROR(Walk(std::string(dir), 0, &out));
    SortByPath(&out);
    return out;
  }

  Result<std::vector<std::string>> ListDirectories(std::string_view dir) override {
    std::vector<std::string> out;
    RETURN_IF_ERROR(Visit(dir, [&](const std::string& name, const struct stat& st) -> Status {
      if (S_ISDIR(st.st_mode)) out.push_back(name);
      return Status::Ok();
    }));
    std::sort(out.begin(), out.end());
    return out;
  }

  Result<bool> HasDirectory(std::string_view dir) override {
    struct stat st;
    return ::stat(NativePath(dir).c_str(), &st) == 0 && S_ISDIR(st.st_mode);
  }

  Status Delete(std::string_view path) override {
    const std::string native = NativePath(path);
    if (::unlink(native.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return Status::Ok();
    if (errno != EISDIR || (::rmdir(native.c_str()) != 0 && errno != ENOENT)) {
      return IoError(path, "delete failed (" + SystemMessage(errno) + ")");
    }
    return Status::Ok();
  }

  Status DeleteRecursive(std::string_view dir) override { return RemoveTree(NativePath(dir), 0); }

  std::string NativePath(std::string_view path) const override {
    return path.starts_with("file:") ? NormalizePath(path) : std::string(path);
  }

 private:
  static void SortByPath(std::vector<ObjectMeta>* files) {
    std::sort(files->begin(), files->end(), [](const ObjectMeta& a, const ObjectMeta& b) { return a.path < b.path; });
  }

  static std::string TempName(const std::string& native) {
    static std::atomic<uint64_t> counter{0};
    char suffix[64];
    std::snprintf(suffix, sizeof(suffix), ".%d-%llu", static_cast<int>(::getpid()),
                  static_cast<unsigned long long>(counter.fetch_add(1)));
    return JoinPath(DirName(native), "." + std::string(BaseName(native)) + suffix + std::string(kTempSuffix));
  }

  static Status WriteTemp(const std::string& native, const std::string& temp, std::string_view bytes,
                          std::vector<std::string>* made_in, bool durable = true) {
    int raw = OpenRetrying(temp.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (raw < 0 && errno == ENOENT) {
      RETURN_IF_ERROR(MakeDirectories(std::string(DirName(native)), made_in));
      raw = OpenRetrying(temp.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    }
    if (raw < 0) return IoError(native, "create failed (" + SystemMessage(errno) + ")");
    Fd fd(raw);
    Status status = WriteAll(fd.get(), bytes, native, durable);
    if (!status.ok()) ::unlink(temp.c_str());
    return status;
  }

  static Result<PutOutcome> PutIfAbsentNamed(std::string_view path, const std::string& native, const std::string& dir,
                                             std::string_view bytes, std::vector<std::string> made_in) {
    const std::string temp = TempName(native);
    RETURN_IF_ERROR(WriteTemp(native, temp, bytes, &made_in));
    const int linked = ::link(temp.c_str(), native.c_str());
    const int error = errno;
    ::unlink(temp.c_str());
    if (linked != 0) {
      if (error == EEXIST) return PutOutcome::kAlreadyExists;
      return IoError(path, "link failed (" + SystemMessage(error) + ")");
    }
    RETURN_IF_ERROR(SyncDirectories(dir, made_in));
    return PutOutcome::kCreated;
  }

  Result<std::string> Read(std::string_view path, int64_t offset, int64_t length) const {
    const std::string native = NativePath(path);
    Fd fd(OpenRetrying(native.c_str(), O_RDONLY));
    if (!fd.ok()) return SystemError(path, "open", errno == ENOTDIR ? ENOENT : errno);
    struct stat st = {};
    if (::fstat(fd.get(), &st) != 0) return IoError(path, "stat failed (" + SystemMessage(errno) + ")");
    if (S_ISDIR(st.st_mode)) return SystemError(path, "open", ENOENT);
    const int64_t left = std::max<int64_t>(0, st.st_size - offset);
    const int64_t want = length < 0 ? left : std::min(length, left);
    std::string out;
    out.resize(static_cast<size_t>(want));
    size_t done = 0;
    while (done < out.size()) {
      const ssize_t n = ::pread(fd.get(), out.data() + done, out.size() - done,
                                static_cast<off_t>(offset) + static_cast<off_t>(done));
      if (n < 0) {
        if (errno == EINTR) continue;
        return IoError(path, "read failed (" + SystemMessage(errno) + ")");
      }
      if (n == 0) break;
      done += static_cast<size_t>(n);
    }
    out.resize(done);
    return out;
  }

  // Calls visit(name, stat) for each entry but ".", ".." and temporaries. A missing directory has none.
  Status Visit(std::string_view dir, const std::function<Status(const std::string&, const struct stat&)>& visit,
               std::string_view from_name = {}) const {
    const std::string native = NativePath(dir);
    DIR* handle = ::opendir(native.c_str());
    if (handle == nullptr) {
      if (errno == ENOENT || errno == ENOTDIR) return Status::Ok();
      return SystemError(dir, "list", errno);
    }
    Status status;
    while (status.ok()) {
      errno = 0;
      const dirent* entry = ::readdir(handle);
      if (entry == nullptr) {
        if (errno != 0) status = IoError(dir, "list failed (" + SystemMessage(errno) + ")");
        break;
      }
      const std::string name = entry->d_name;
      if (name == "." || name == ".." || name < from_name || IsTempName(name)) continue;
      struct stat st = {};
      if (::fstatat(::dirfd(handle), entry->d_name, &st, 0) != 0) continue;  // deleted meanwhile, or a dangling link
      status = visit(name, st);
    }
    ::closedir(handle);
    return status;
  }

  Status Walk(const std::string& dir, int depth, std::vector<ObjectMeta>* out) const {
    if (depth > kMaxDepth) return IoError(dir, "directories are nested too deep");
    std::vector<std::string> subdirectories;
    RETURN_IF_ERROR(Visit(dir, [&](const std::string& name, const struct stat& st) -> Status {
      const std::string path = JoinPath(dir, name);
      if (S_ISDIR(st.st_mode)) subdirectories.push_back(path);
      if (S_ISREG(st.st_mode)) out->push_back({path, st.st_size, ModifiedMs(st)});
      return Status::Ok();
    }));
    for (const auto& sub : subdirectories) RETURN_IF_ERROR(Walk(sub, depth + 1, out));
    return Status::Ok();
  }

  // Links are removed, not followed.
  static Status RemoveTree(const std::string& path, int depth) {
    if (depth > kMaxDepth) return IoError(path, "directories are nested too deep");
    if (::unlink(path.c_str()) == 0 || errno == ENOENT || errno == ENOTDIR) return Status::Ok();
    if (errno != EISDIR && errno != EPERM) return IoError(path, "delete failed (" + SystemMessage(errno) + ")");
    DIR* handle = ::opendir(path.c_str());
    if (handle == nullptr) return SystemError(path, "list", errno);
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(handle)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(handle);
    for (const auto& name : names) RETURN_IF_ERROR(RemoveTree(JoinPath(path, name), depth + 1));
    if (::rmdir(path.c_str()) != 0 && errno != ENOENT) {
      return IoError(path, "rmdir failed (" + SystemMessage(errno) + ")");
    }
    return Status::Ok();
  }
};

}  // namespace

std::shared_ptr<ObjectStore> LocalStore() {
  static const auto store = std::make_shared<LocalObjectStore>();
  return store;
}

}  // namespace deltic::storage
