#include <cmath>
#include <cstdint>
#include <set>
#include <sstream>
#include <string>

#include "cli/traffic/read_trace.h"
#include "libs/domain/text.h"
#include "tests/fuzz/expect.h"

namespace loadline::cli {
namespace {

void ExpectSummary(const LengthSummary& tokens) {
  for (const double value : {tokens.mean, tokens.p50, tokens.p95, tokens.p99}) {
    fuzz::Expect(value >= 1 && value <= 10'000'000 * (1 + 1e-9), "a length is one that requests can have");
  }
  fuzz::Expect(tokens.p50 <= tokens.p95 && tokens.p95 <= tokens.p99, "quantiles rise");
}

void ExpectSound(const TrafficProfile& profile) {
  fuzz::Expect(profile.requests >= 2 && profile.seconds > 0, "a profile is of some requests");
  fuzz::Expect(std::isfinite(profile.peak_rps) && profile.peak_rps >= profile.mean_rps && profile.mean_rps > 0,
               "the peak is at least the mean, and finite");
  fuzz::Expect(profile.peak_to_mean >= 1 && std::isfinite(profile.inter_arrival_cv), "ratios are finite");
  for (const double rate : profile.hourly_rps) fuzz::Expect(rate >= 0 && std::isfinite(rate), "a rate is finite");
  ExpectSummary(profile.input_tokens);
  ExpectSummary(profile.output_tokens);
  double weights = 0;
  for (const auto& share : profile.lengths) weights += share.weight;
  fuzz::Expect(std::abs(weights - 1) <= 1e-6 && profile.lengths.size() <= 10'000, "lengths make a histogram");
}

void ExpectUseful(const base::Error& error) {
  static const std::set<std::string> kReasons = {"NOT_A_TRACE", "EMPTY_TRACE", "MALFORMED_TRACE"};
  fuzz::Expect(kReasons.contains(error.reason), "the reason is one of the contract");
  fuzz::Expect(error.message.size() < 1000 && domain::IsPrintable(error.message), "a short, printable message");
}

}  // namespace
}  // namespace loadline::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  const auto profile = loadline::cli::ReadTrace(in);
  if (profile) {
    loadline::cli::ExpectSound(*profile);
  } else {
    loadline::cli::ExpectUseful(profile.error());
  }
  return 0;
}
