#include "spark/python/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <simdjson.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

extern char** environ;

namespace deltic::spark::python {
namespace {

constexpr int kPollMillis = 50;
constexpr int kChildSocket = 3;
constexpr int32_t kMaxFrame = 1 << 20;  // of what the worker sends in frames: greetings and tracebacks

Status Gone() { return Error("_WORKER_GONE", {}, "The Python worker exited unexpectedly (crashed or was killed)."); }
Status Cancelled() { return Error("OPERATION_CANCELED", {}, "Operation has been canceled."); }

Status StartError(const std::string& executable, const std::string& reason) {
  return Error("_PYTHON_WORKER_START", {{"executable", executable}, {"reason", reason}});
}

// Waits until the socket is ready for `events`.
Status WaitFor(int socket, short events, const WorkerProcess::Interrupted& interrupted) {
  while (true) {
    if (interrupted && interrupted()) return Cancelled();
    pollfd waiting{socket, events, 0};
    const int ready = poll(&waiting, 1, kPollMillis);
    if (ready > 0) return Status::Ok();
    if (ready < 0 && errno != EINTR) return Gone();
  }
}

Result<pid_t> Spawn(const std::string& executable, int child_socket) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, child_socket, kChildSocket);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  // What functions print goes to the server's log, never into its own output.
  posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A group of its own: a terminal's Ctrl-C is for the server, which ends its workers.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  const std::string socket = std::to_string(kChildSocket);
  std::string script(kWorkerScript);
  std::string flag_u = "-u", flag_c = "-c", name = executable, number = socket;
  char* argv[] = {name.data(), flag_u.data(), flag_c.data(), script.data(), number.data(), nullptr};
  pid_t pid = -1;
  const int code = posix_spawnp(&pid, executable.c_str(), &actions, &attributes, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (code != 0) return StartError(executable, std::strerror(code));
  return pid;
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::Start(const std::string& executable,
                                                            const Interrupted& interrupted) {
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
    return StartError(executable, std::strerror(errno));
  }
  // dup2 onto itself would leave close-on-exec set.
  if (sockets[1] == kChildSocket) {
    const int moved = fcntl(sockets[1], F_DUPFD_CLOEXEC, kChildSocket + 1);
    close(sockets[1]);
    sockets[1] = moved;
  }
  const auto pid = Spawn(executable, sockets[1]);
  close(sockets[1]);
  if (!pid.ok()) {
    close(sockets[0]);
    return pid.status();
  }
  fcntl(sockets[0], F_SETFL, O_NONBLOCK);
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess(executable, *pid, sockets[0]));
  RETURN_IF_ERROR(worker->Greet(interrupted));
  return worker;
}

Status WorkerProcess::Greet(const Interrupted& interrupted) {
  const auto frame = ReadFrame(interrupted);
  if (!frame.ok()) {
    if (frame.status().Is("OPERATION_CANCELED")) return frame.status();
    return StartError(executable_, "it exited before it could be used; its output is in the server's log");
  }
  simdjson::dom::parser parser;
  simdjson::dom::element greeting;
  std::string_view text;
  if (parser.parse(*frame).get(greeting) != simdjson::SUCCESS) return StartError(executable_, "unexpected greeting");
  if (greeting["error"].get(text) == simdjson::SUCCESS) return StartError(executable_, std::string(text));
  if (greeting["python"].get(text) == simdjson::SUCCESS) python_version_ = text;
  if (greeting["pyspark"].get(text) == simdjson::SUCCESS) pyspark_version_ = text;
  // Its protocol is that of 3.5 or of 4.2 and later.
  if (pyspark_version_.starts_with("3.5.") || (pyspark_version_ >= "4.2" && pyspark_version_ < "5")) {
    return Status::Ok();
  }
  return StartError(executable_, "its PySpark " + pyspark_version_ + " is not supported; 3.5 and 4.2 are");
}

WorkerProcess::~WorkerProcess() {
  close(socket_);
  kill(-pid_, SIGKILL);
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Status WorkerProcess::Write(std::string_view bytes, const Interrupted& interrupted) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      RETURN_IF_ERROR(WaitFor(socket_, POLLOUT, interrupted));
    } else if (errno != EINTR) {
      return Gone();
    }
  }
  return Status::Ok();
}

Status WorkerProcess::WriteFrame(std::string_view bytes, const Interrupted& interrupted) {
  const auto size = static_cast<uint32_t>(bytes.size());
  const char head[] = {static_cast<char>(size >> 24), static_cast<char>(size >> 16), static_cast<char>(size >> 8),
                       static_cast<char>(size)};
  RETURN_IF_ERROR(Write({head, sizeof head}, interrupted));
  return Write(bytes, interrupted);
}

Status WorkerProcess::Read(void* buffer, size_t size, const Interrupted& interrupted) {
  auto* at = static_cast<char*>(buffer);
  while (size > 0) {
    const ssize_t got = recv(socket_, at, size, 0);
    if (got > 0) {
      at += got;
      size -= static_cast<size_t>(got);
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      RETURN_IF_ERROR(WaitFor(socket_, POLLIN, interrupted));
    } else if (got == 0 || errno != EINTR) {
      return Gone();
    }
  }
  return Status::Ok();
}

Result<int32_t> WorkerProcess::ReadInt(const Interrupted& interrupted) {
  unsigned char bytes[4];
  RETURN_IF_ERROR(Read(bytes, sizeof bytes, interrupted));
  return static_cast<int32_t>(uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3]);
}

Result<std::string> WorkerProcess::ReadFrame(const Interrupted& interrupted) {
  ASSIGN_OR_RETURN(const int32_t size, ReadInt(interrupted));
  if (size < 0) return Gone();
  // The rest of a longer text is read and dropped.
  std::string text(static_cast<size_t>(std::min(size, kMaxFrame)), '\0');
  RETURN_IF_ERROR(Read(text.data(), text.size(), interrupted));
  std::vector<char> rest(4096);
  for (auto left = static_cast<size_t>(size) - text.size(); left > 0;) {
    const size_t step = std::min(left, rest.size());
    RETURN_IF_ERROR(Read(rest.data(), step, interrupted));
    left -= step;
  }
  return text;
}

void WorkerProcess::Shutdown() { shutdown(socket_, SHUT_RDWR); }

}  // namespace deltic::spark::python
