// Preloaded into a program (LD_PRELOAD): its wall clock is ahead of the kernel's
// by as many seconds as the 8 bytes of the file say that SHIFTED_CLOCK_FILE
// names, from the moment that somebody writes them. Monotonic clocks stay.
//
// Waiting until a moment of the wall clock ends as it would on a machine whose
// clock is set: gRPC's timers wait so, on futexes. That is why libfaketime does
// not do here: it leaves these to the kernel's clock, and an hour ahead gRPC
// waits for an hour.

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::int64_t kNanos = 1'000'000'000;
// How soon who waits learns that the clock was set.
constexpr std::int64_t kSlice = 20'000'000;

using Syscall = long (*)(long, ...);

Syscall Real() {
  static const auto real = reinterpret_cast<Syscall>(dlsym(RTLD_NEXT, "syscall"));
  return real;
}

const std::atomic<std::int64_t>* MapShift() {
  const char* path = std::getenv("SHIFTED_CLOCK_FILE");
  const int file = path == nullptr ? -1 : ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  void* mapped = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, file, 0);
  ::close(file);
  return mapped == MAP_FAILED ? nullptr : static_cast<const std::atomic<std::int64_t>*>(mapped);
}

std::int64_t ShiftSeconds() {
  static const auto* const shift = MapShift();
  return shift == nullptr ? 0 : shift->load();
}

std::int64_t NanosOf(const timespec& time) { return time.tv_sec * kNanos + time.tv_nsec; }

timespec TimeOf(std::int64_t nanos) { return {.tv_sec = nanos / kNanos, .tv_nsec = nanos % kNanos}; }

std::int64_t KernelNanos() {
  timespec now = {};
  Real()(SYS_clock_gettime, CLOCK_REALTIME, &now);
  return NanosOf(now);
}

// FUTEX_WAIT_BITSET until a moment of the wall clock, in slices.
long WaitUntil(std::int64_t deadline, long address, long operation, long value, long unused, long bits) {
  while (true) {
    const auto now = KernelNanos();
    const auto left = deadline - (now + ShiftSeconds() * kNanos);
    const auto until = TimeOf(now + std::clamp<std::int64_t>(left, 0, kSlice));
    const long result = Real()(SYS_futex, address, operation, value, &until, unused, bits);
    if (result == 0 || errno != ETIMEDOUT || left <= kSlice) return result;
  }
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) {
  const auto result = static_cast<int>(Real()(SYS_clock_gettime, clock, time));
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += ShiftSeconds();
  return result;
}

int gettimeofday(timeval* time, void*) {
  timespec now = {};
  clock_gettime(CLOCK_REALTIME, &now);
  *time = {.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* result) {
  timespec now = {};
  clock_gettime(CLOCK_REALTIME, &now);
  if (result != nullptr) *result = now.tv_sec;
  return now.tv_sec;
}

long syscall(long number, ...) {
  va_list list;
  va_start(list, number);
  long a[6];
  for (auto& each : a) each = va_arg(list, long);
  va_end(list);
  const bool waits = number == SYS_futex && (a[1] & FUTEX_CLOCK_REALTIME) != 0 &&
                     (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT_BITSET && a[3] != 0;
  if (waits) return WaitUntil(NanosOf(*reinterpret_cast<const timespec*>(a[3])), a[0], a[1], a[2], a[4], a[5]);
  return Real()(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
}
