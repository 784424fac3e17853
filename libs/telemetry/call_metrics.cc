#include "libs/telemetry/call_metrics.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "libs/telemetry/histogram.h"

namespace loadline::telemetry {
namespace {

// By number, as go-grpc-prometheus writes them.
constexpr std::array<const char*, 17> kCodes = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

// Seconds: plans take less than a millisecond, imports minutes.
std::vector<double> Bounds() {
  return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60};
}

std::size_t CodeOf(const base::Status& outcome) { return outcome ? 0 : static_cast<std::size_t>(outcome.error().code); }

}  // namespace

struct CallMetrics::Counts {
  explicit Counts(Method of) : method(std::move(of)) {}

  Labels labels() const {
    return {{"grpc_method", method.name}, {"grpc_service", method.service}, {"grpc_type", method.type}};
  }
  Labels labels(std::size_t code) const {
    auto all = labels();
    all.insert(all.begin(), {"grpc_code", kCodes[code]});
    return all;
  }

  const Method method;
  std::atomic<std::int64_t> started = 0;
  std::array<std::atomic<std::int64_t>, kCodes.size()> handled = {};
  Histogram seconds{Bounds()};
};

CallMetrics::CallMetrics(const std::vector<Method>& methods, const base::Clock& clock) : clock_(clock) {
  for (const auto& method : methods) counts_.push_back(std::make_unique<Counts>(method));
}

CallMetrics::~CallMetrics() = default;

CallMetrics::Counts* CallMetrics::Find(std::string_view method) const {
  for (const auto& counts : counts_) {
    if (counts->method.name == method) return counts.get();
  }
  return nullptr;
}

base::Status CallMetrics::Handle(rpc::Call& call, const Next& next) const {
  auto* counts = Find(call.method);
  if (counts == nullptr) return next(call);
  counts->started.fetch_add(1, std::memory_order_relaxed);
  const auto start = clock_.Now();
  auto outcome = next(call);
  counts->seconds.Observe(std::chrono::duration<double>(clock_.Now() - start).count());
  counts->handled[CodeOf(outcome)].fetch_add(1, std::memory_order_release);
  return outcome;
}

// Every method is there from the start, with OK at least: a rate needs a zero
// to begin from.
Metrics CallMetrics::Collect() const {
  auto started = Counter("grpc_server_started_total", "Calls that began.", std::vector<Sample>());
  auto handled = Counter("grpc_server_handled_total", "Calls that ended, by status code.", std::vector<Sample>());
  auto seconds =
      Distribution("grpc_server_handling_seconds", "Time from a call's start in the handler's thread to its end.", {});
  auto in_flight = Gauge("grpc_server_in_flight", "Calls that run now.", std::vector<Sample>());
  for (const auto& counts : counts_) {
    std::int64_t ended = 0;
    for (std::size_t code = 0; code < kCodes.size(); ++code) {
      const auto count = counts->handled[code].load(std::memory_order_acquire);
      ended += count;
      if (count == 0 && code != 0) continue;
      handled.samples.push_back({.labels = counts->labels(code), .value = static_cast<double>(count)});
    }
    // Read after what ended, so that it is never less.
    const auto began = counts->started.load(std::memory_order_relaxed);
    started.samples.push_back({.labels = counts->labels(), .value = static_cast<double>(began)});
    in_flight.samples.push_back({.labels = counts->labels(), .value = static_cast<double>(began - ended)});
    seconds.samples.push_back({.labels = counts->labels(), .buckets = counts->seconds.Read()});
  }
  return {std::move(started), std::move(handled), std::move(seconds), std::move(in_flight)};
}

}  // namespace loadline::telemetry
