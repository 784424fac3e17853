#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "services/planner/planning/lengths.h"
#include "tests/fuzz/expect.h"

namespace loadline::planning {
namespace {

// Each 24 bytes are the three numbers of a bin, as they lie in memory.
std::vector<LengthBin> BinsOf(const std::uint8_t* data, std::size_t size) {
  std::vector<LengthBin> bins;
  for (; size >= 3 * sizeof(double); data += 3 * sizeof(double), size -= 3 * sizeof(double)) {
    LengthBin bin;
    std::memcpy(&bin.input_tokens, data, sizeof(double));
    std::memcpy(&bin.output_tokens, data + sizeof(double), sizeof(double));
    std::memcpy(&bin.weight, data + 2 * sizeof(double), sizeof(double));
    bins.push_back(bin);
  }
  return bins;
}

domain::LatencySummary Ttft() {
  domain::LatencySummary ttft;
  ttft[domain::Statistic::kMean] = 60;
  ttft[domain::Statistic::kP50] = 50;
  ttft[domain::Statistic::kP95] = 120;
  return ttft;
}

void ExpectSound(const LengthHistogram& lengths) {
  double weights = 0;
  for (const LengthBin& bin : lengths.bins()) {
    fuzz::Expect(bin.input_tokens > 0 && bin.output_tokens > 0 && bin.weight >= 0, "a bin is in range");
    weights += bin.weight;
  }
  fuzz::Expect(std::abs(weights - 1) <= LengthHistogram::kWeightTolerance, "weights add up to 1");
  fuzz::Expect(lengths.mean().input_tokens > 0 && lengths.mean().output_tokens > 0, "the mean is a shape");
  double before = 0;
  for (const auto statistic : {domain::Statistic::kP50, domain::Statistic::kP90, domain::Statistic::kP99}) {
    const auto e2e = E2eFromLengths(Ttft(), 10, lengths, statistic);
    fuzz::Expect(e2e.has_value() && std::isfinite(*e2e) && *e2e >= before, "percentiles rise and are finite");
    before = *e2e;
  }
}

}  // namespace
}  // namespace loadline::planning

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace loadline;  // NOLINT
  const auto lengths = planning::LengthHistogram::Make(planning::BinsOf(data, size));
  if (lengths) {
    planning::ExpectSound(*lengths);
  } else {
    fuzz::Expect(!lengths.error().violations.empty(), "what is wrong is named");
  }
  return 0;
}
