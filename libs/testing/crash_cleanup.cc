#include "libs/testing/crash_cleanup.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace loadline::testing {
namespace {

[[noreturn]] void ThrowErrno(int error) { throw std::system_error(error, std::generic_category(), "crash cleanup"); }

// Waits for a line, which says that all is well, or for the end of the input.
constexpr char kScript[] = "read -r _ || eval \"$0\"";

int SpawnShell(const std::string& command, int input) {
  std::array<std::string, 4> words = {"sh", "-c", kScript, command};
  std::array<char*, 5> arguments = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  // Whoever waits for the end of our output must not wait for the shell.
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // A session of its own, so that a signal to our group does not reach it.
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t id = -1;
  const int error = posix_spawn(&id, "/bin/sh", &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) ThrowErrno(error);
  return id;
}

}  // namespace

CrashCleanup::CrashCleanup(const std::string& command) {
  std::array<int, 2> ends = {};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) ThrowErrno(errno);
  id_ = SpawnShell(command, ends[0]);
  ::close(ends[0]);
  alive_ = ends[1];
}

CrashCleanup::~CrashCleanup() {
  if (::write(alive_, "\n", 1) < 0) {
    // The shell was killed: then there is nothing to call off.
  }
  ::close(alive_);
  ::waitpid(id_, nullptr, 0);
}

}  // namespace loadline::testing
