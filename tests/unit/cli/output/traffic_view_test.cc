#include "cli/output/traffic_view.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/unit/cli/golden.h"

namespace loadline::cli {
namespace {

TEST(TrafficViewTest, ShowsWhatWasDerived) {
  TrafficProfile profile{.format = "BurstGPT",
                         .requests = 12'345,
                         .left_out = 67,
                         .seconds = 50'400,
                         .mean_rps = 0.245,
                         .peak_rps = 1.2,
                         .peak_to_mean = 4.9,
                         .inter_arrival_cv = 1.75,
                         .hourly_rps = {},
                         .input_tokens = {.mean = 621.5, .p50 = 410, .p95 = 1800, .p99 = 2950.25},
                         .output_tokens = {.mean = 126, .p50 = 88.5, .p95 = 420, .p99 = 799},
                         .lengths = std::vector<LengthShare>(321)};
  for (int hour = 0; hour < 14; ++hour) profile.hourly_rps.push_back(0.125 + 0.0625 * hour);
  std::ostringstream out;
  PrintTraffic(profile, out);
  ExpectGolden("traffic", out.str());
}

}  // namespace
}  // namespace loadline::cli
