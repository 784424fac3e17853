#include "cli/output/prediction_view.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/unit/cli/golden.h"
#include "tests/unit/cli/messages.h"

namespace loadline::cli {
namespace {

using ::testing::HasSubstr;

std::string Viewed(const planner_api::PredictPerformanceResponse& prediction) {
  std::ostringstream out;
  PrintPrediction(prediction, out);
  return out.str();
}

planner_api::PredictPerformanceResponse Example() {
  return FromText<planner_api::PredictPerformanceResponse>(R"(
    configuration { model_hf_repo: "acme/sail-7b-instruct" precision: "bf16" hardware: "H100" hardware_count: 2
                    framework: "vllm" framework_version: "0.11.0" }
    shape { input_tokens: 600 output_tokens: 200 }
    requests_per_second: 4 concurrency: 9.75 confidence: 0.9
    ttft { mean { ms: 52.5 basis: BASIS_PREDICTED interval_ms { lower: 48.25 upper: 57.1 } calibration_shape_count: 15 }
           p95 { ms: 96.125 basis: BASIS_PREDICTED interval_ms { lower: 83 upper: 113.4 } calibration_shape_count: 15 } }
    itl { mean { ms: 8.5 basis: BASIS_INTERPOLATED } p50 { ms: 8.25 basis: BASIS_MEASURED } }
    evidence { benchmark_ids: "a" benchmark_ids: "b" shape { input_tokens: 512 output_tokens: 256 } distance: 0.279
               origin: ORIGIN_SIMULATED }
    freshness { revision: 7 })");
}

TEST(PredictionViewTest, ShowsEveryNumberWithWhatItRestsOn) { ExpectGolden("prediction", Viewed(Example())); }

TEST(PredictionViewTest, SaysWhereNoRangeIsKnown) {
  auto prediction = Example();
  prediction.clear_ttft();
  EXPECT_THAT(Viewed(prediction), HasSubstr("No ranges: "));
}

}  // namespace
}  // namespace loadline::cli
