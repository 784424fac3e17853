#include "libs/testing/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "libs/base/environment.h"

namespace loadline::testing {
namespace {

[[noreturn]] void ThrowErrno(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) ThrowErrno(errno, "pipe2");
  }
  int reader() const { return ends[0]; }
  int writer() const { return ends[1]; }
  std::array<int, 2> ends = {};
};

std::vector<std::string> EnvironmentOf(const ProcessOptions& options) {
  std::vector<std::string> environment;
  for (const char* name : {"PATH", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const auto value = base::FromProcess(name)) environment.push_back(std::string(name) + "=" + *value);
  }
  for (const auto& [name, value] : options.environment) environment.push_back(name + "=" + value);
  return environment;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What the child needs, made ready before the fork: after it, only
// async-signal-safe calls are allowed.
struct Launch {
  explicit Launch(const ProcessOptions& options)
      : binary(options.binary),
        folder(options.folder),
        arguments(options.arguments),
        variables(EnvironmentOf(options)),
        max_descriptors(static_cast<rlim_t>(options.max_descriptors)) {
    arguments.insert(arguments.begin(), binary);
    argv = Pointers(arguments);
    envp = Pointers(variables);
  }

  // Runs in the child and never returns. `failure` takes the errno of an exec
  // that failed, and closes by itself in one that did not.
  [[noreturn]] void Run(int output, int error, int failure) const {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(error, STDERR_FILENO);
    const rlimit descriptors{.rlim_cur = max_descriptors, .rlim_max = max_descriptors};
    if (max_descriptors > 0) ::setrlimit(RLIMIT_NOFILE, &descriptors);
    if (folder.empty() || ::chdir(folder.c_str()) == 0) ::execve(binary.c_str(), argv.data(), envp.data());
    const int reason = errno;
    if (::write(failure, &reason, sizeof(reason)) < 0) ::_exit(126);
    ::_exit(127);
  }

  std::string binary;
  std::string folder;
  std::vector<std::string> arguments;
  std::vector<std::string> variables;
  rlim_t max_descriptors;
  std::vector<char*> argv;
  std::vector<char*> envp;
};

// Not <sys/pidfd.h>: Debian 12's lacks C linkage.
int OpenHandle(pid_t id) { return static_cast<int>(::syscall(SYS_pidfd_open, id, 0)); }

int ExitCodeOf(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

}  // namespace

Process::Process(const ProcessOptions& options) {
  const Launch launch(options);
  const Pipe output;
  const Pipe error;
  const Pipe failure;
  id_ = ::fork();
  if (id_ < 0) ThrowErrno(errno, "fork");
  if (id_ == 0) launch.Run(output.writer(), error.writer(), failure.writer());
  for (const int descriptor : {output.writer(), error.writer(), failure.writer()}) ::close(descriptor);
  int reason = 0;
  const bool failed = ::read(failure.reader(), &reason, sizeof(reason)) > 0;
  ::close(failure.reader());
  if (failed) {
    for (const int descriptor : {output.reader(), error.reader()}) ::close(descriptor);
    ::waitpid(id_, nullptr, 0);
    ThrowErrno(reason, launch.binary);
  }
  handle_ = OpenHandle(id_);
  output_.descriptor = output.reader();
  error_.descriptor = error.reader();
  follower_ = std::thread([this] { Follow(); });
}

Process::~Process() {
  Signal(SIGKILL);
  follower_.join();
  for (const int descriptor : {handle_, output_.descriptor, error_.descriptor}) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

// Reads until the program has ended. Its own children may hold the pipes for
// longer, so their end is not waited for.
void Process::Follow() {
  for (const auto* stream : {&output_, &error_}) ::fcntl(stream->descriptor, F_SETFL, O_NONBLOCK);
  bool ended = false;
  while (!ended) {
    std::array<pollfd, 3> watched = {pollfd{output_.descriptor, POLLIN, 0}, pollfd{error_.descriptor, POLLIN, 0},
                                     pollfd{handle_, POLLIN, 0}};
    ::poll(watched.data(), watched.size(), -1);
    ended = watched[2].revents != 0;
    const std::lock_guard lock(mutex_);
    for (auto* stream : {&output_, &error_}) {
      if (stream->descriptor >= 0 && !Drain(*stream)) ::close(std::exchange(stream->descriptor, -1));
    }
    if (ended) Reap();
    changed_.notify_all();
  }
}

// Returns false at the end of the stream.
bool Process::Drain(Stream& stream) {
  std::array<char, 1 << 14> buffer;
  while (true) {
    const auto count = ::read(stream.descriptor, buffer.data(), buffer.size());
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    stream.text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

void Process::Reap() {
  int status = 0;
  ::waitpid(id_, &status, 0);
  exit_code_ = ExitCodeOf(status);
}

std::optional<nlohmann::json> Process::WaitForEvent(std::string_view event, std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  std::vector<nlohmann::json> events;
  changed_.wait_for(lock, patience, [&] {
    events = EventsLocked(event);
    return !events.empty() || exit_code_;
  });
  if (events.empty()) return std::nullopt;
  return events.front();
}

std::vector<nlohmann::json> Process::Events(std::string_view event) const {
  const std::lock_guard lock(mutex_);
  return EventsLocked(event);
}

std::vector<nlohmann::json> Process::EventsLocked(std::string_view event) const {
  std::vector<nlohmann::json> events;
  std::istringstream lines(error_.text);
  for (std::string line; std::getline(lines, line);) {
    auto entry = nlohmann::json::parse(line, nullptr, false);
    if (entry.is_object() && entry.value("event", nlohmann::json()) == event) events.push_back(std::move(entry));
  }
  return events;
}

int Process::Port(std::chrono::milliseconds patience) {
  const auto event = WaitForEvent("listening", patience);
  if (!event) throw std::runtime_error("The program never said where it listens. It wrote:\n" + ErrorOutput());
  return std::stoi(event->at("port").get<std::string>());
}

void Process::Signal(int signal) {
  const std::lock_guard lock(mutex_);
  if (!exit_code_) ::kill(id_, signal);
}

std::optional<int> Process::Wait(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, patience, [&] { return exit_code_.has_value(); });
  return exit_code_;
}

std::string Process::Output() const {
  const std::lock_guard lock(mutex_);
  return output_.text;
}

std::string Process::ErrorOutput() const {
  const std::lock_guard lock(mutex_);
  return error_.text;
}

}  // namespace loadline::testing
