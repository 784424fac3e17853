#include "cli/output/time.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace loadline::cli {

std::string FormatTime(const google::protobuf::Timestamp& time) {
  const std::chrono::sys_time<std::chrono::seconds> seconds{std::chrono::seconds(time.seconds())};
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

std::string FormatAge(std::chrono::milliseconds age) {
  using std::chrono::duration_cast;
  if (age < std::chrono::minutes(2)) return fmt::format("{} s", duration_cast<std::chrono::seconds>(age).count());
  if (age < std::chrono::hours(2)) return fmt::format("{} min", duration_cast<std::chrono::minutes>(age).count());
  return fmt::format("{} h", duration_cast<std::chrono::hours>(age).count());
}

}  // namespace loadline::cli
