#include "libs/rpc/deadline.h"

#include <chrono>

namespace loadline::rpc {
namespace {

using std::chrono::nanoseconds;

bool IsNever(gpr_timespec time) { return gpr_time_cmp(time, gpr_inf_future(time.clock_type)) == 0; }

// As good as never: a client may ask for more than our clock can count.
constexpr std::chrono::seconds kLongest = std::chrono::hours(24 * 365);

// At most kLongest.
nanoseconds LeftUntil(gpr_timespec time) {
  const auto monotonic = gpr_convert_clock_type(time, GPR_CLOCK_MONOTONIC);
  const auto left = gpr_time_sub(monotonic, gpr_now(GPR_CLOCK_MONOTONIC));
  if (left.tv_sec >= kLongest.count()) return kLongest;
  return std::chrono::seconds(left.tv_sec) + nanoseconds(left.tv_nsec);
}

}  // namespace

gpr_timespec ToGrpcTime(base::Instant deadline) {
  if (deadline == base::Instant::max()) return gpr_inf_future(GPR_CLOCK_MONOTONIC);
  const auto left = std::chrono::duration_cast<nanoseconds>(deadline - std::chrono::steady_clock::now());
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_nanos(left.count(), GPR_TIMESPAN));
}

base::Instant DeadlineOf(const grpc::ServerContext& context) {
  const auto deadline = context.raw_deadline();
  if (IsNever(deadline)) return base::Instant::max();
  return std::chrono::steady_clock::now() + LeftUntil(deadline);
}

}  // namespace loadline::rpc
