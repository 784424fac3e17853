#include "libs/json/benchmark_json.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <cmath>

namespace loadline::json {
namespace {

using domain::Measurement;
using domain::Origin;
using domain::Reading;
using domain::Statistic;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;

json Row() {
  return json::parse(R"({
    "model_hf_repo": "org/model-7b", "precision": "fp8", "hardware": "H100", "hardware_count": 2,
    "framework": "vllm", "framework_version": "0.11.0",
    "ttft_mean": 41.5, "ttft_p50": 40, "ttft_p90": 55, "ttft_p95": 61.25, "ttft_p99": 80,
    "itl_mean": 8, "itl_p50": 7.9, "itl_p90": 8.8, "itl_p95": 9.1, "itl_p99": 11,
    "e2e_mean": 2081.5, "e2e_p50": 2000, "e2e_p90": 2500, "e2e_p95": 2700, "e2e_p99": 3100,
    "tpot_mean": 8.1, "tpot_p99": 10,
    "tokens_per_second": 960.5, "requests_per_second": 4, "responses_per_second": 3.75, "concurrency": 7.8,
    "mean_input_tokens": 511.5, "prompt_tokens": 512, "prompt_tokens_stdev": 64, "prompt_tokens_min": 256,
    "prompt_tokens_max": 768, "mean_output_tokens": 256.1, "output_tokens": 256, "output_tokens_stdev": 0,
    "output_tokens_min": 250, "output_tokens_max": 260,
    "completed_requests": 450, "failed_requests": 1, "saturated": true, "measured_at": "2026-03-01T12:30:00Z",
    "source": "lab", "confidence_level": "benchmarked", "note": "no field of ours"})");
}

TEST(ReadMeasurement, ReadsEveryFieldOfToday) {
  const auto [m, problems] = ReadMeasurement(Row());
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(m.configuration, (domain::Configuration{.model = "org/model-7b",
                                                    .precision = "fp8",
                                                    .hardware = "H100",
                                                    .hardware_count = 2,
                                                    .framework = "vllm",
                                                    .framework_version = "0.11.0"}));
  EXPECT_EQ(m.ttft, (domain::LatencySummary{.values = {41.5, 40.0, 55.0, 61.25, 80.0}}));
  EXPECT_EQ(m.itl, (domain::LatencySummary{.values = {8.0, 7.9, 8.8, 9.1, 11.0}}));
  EXPECT_EQ(m.e2e, (domain::LatencySummary{.values = {2081.5, 2000.0, 2500.0, 2700.0, 3100.0}}));
  EXPECT_EQ(m.tpot, (domain::LatencySummary{.values = {8.1, Reading(), Reading(), Reading(), 10.0}}));
  EXPECT_EQ(m.load, (domain::Load{.offered_rps = 4.0, .achieved_rps = 3.75, .concurrency = 7.8, .saturated = true}));
  EXPECT_EQ(m.input_lengths,
            (domain::TokenLengths{.mean = 511.5, .nominal = 512.0, .stdev = 64.0, .min = 256.0, .max = 768.0}));
  EXPECT_EQ(m.output_lengths,
            (domain::TokenLengths{.mean = 256.1, .nominal = 256.0, .stdev = 0.0, .min = 250.0, .max = 260.0}));
  EXPECT_EQ(m.tokens_per_second, Reading(960.5));
  EXPECT_EQ(m.completed_requests, 450);
  EXPECT_EQ(m.failed_requests, 1);
  EXPECT_EQ(m.measured_at, base::Timestamp(std::chrono::milliseconds(1'772'368'200'000)));
  EXPECT_EQ(m.provenance.source, "lab");
  EXPECT_EQ(m.provenance.confidence_level, "benchmarked");
  EXPECT_EQ(m.provenance.origin, Origin::kMeasured);
}

TEST(ReadMeasurement, MapsOlderNames) {
  const auto [m, problems] = ReadMeasurement(json::parse(R"({
    "model_id": "m", "gpu_type": "A100-80", "gpu_count": 4, "tensor_parallel": 2, "ttft_p50_ms": 30,
    "tpot_p95": 9, "throughput_tokens_per_sec": 512, "max_qps": 2.5, "output_tokens": 256})"));
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(m.configuration.model, "m");
  EXPECT_EQ(m.configuration.hardware, "A100-80");
  EXPECT_EQ(m.configuration.hardware_count, 4);
  EXPECT_EQ(m.ttft[Statistic::kP50], Reading(30.0));
  EXPECT_EQ(m.tpot[Statistic::kP95], Reading(9.0));
  EXPECT_EQ(m.tokens_per_second, Reading(512.0));
  EXPECT_EQ(m.load.offered_rps, Reading(2.5));
}

TEST(ReadMeasurement, TakesTheFirstNameThatIsPresent) {
  const auto [m, problems] = ReadMeasurement(json::parse(R"({
    "model_id": "old", "model_hf_repo": "new", "hardware": null, "hardware_type": "L4",
    "tokens_per_second_mean": 1, "tokens_per_second": 2, "ttft_p95_ms": 3, "ttft_p95": 4})"));
  EXPECT_EQ(m.configuration.model, "new");
  EXPECT_EQ(m.configuration.hardware, "L4");
  EXPECT_EQ(m.tokens_per_second, Reading(2.0));
  EXPECT_EQ(m.ttft[Statistic::kP95], Reading(4.0));
}

TEST(ReadMeasurement, TakesTensorParallelForTheGpuCountOnlyWithoutAnother) {
  EXPECT_EQ(ReadMeasurement({{"tensor_parallel", 4}}).measurement.configuration.hardware_count, 4);
  EXPECT_EQ(ReadMeasurement({{"tensor_parallel", 4}, {"gpu_count", 8}}).measurement.configuration.hardware_count, 8);
  EXPECT_EQ(ReadMeasurement({{"tensor_parallel", 4}, {"hardware_count", 1}}).measurement.configuration.hardware_count,
            1);
}

TEST(ReadMeasurement, WithoutAnyGpuCountDoesNotInventOne) {
  EXPECT_EQ(ReadMeasurement(json::object()).measurement.configuration.hardware_count, 0);
}

TEST(ReadMeasurement, DerivesTheAchievedRateFromTokens) {
  json row = {{"tokens_per_second", 512}, {"mean_output_tokens", 128}, {"output_tokens", 256}};
  EXPECT_EQ(ReadMeasurement(row).measurement.load.achieved_rps, Reading(4.0));
  row.erase("mean_output_tokens");
  EXPECT_EQ(ReadMeasurement(row).measurement.load.achieved_rps, Reading(2.0));
  row["responses_per_second"] = 1.5;
  EXPECT_EQ(ReadMeasurement(row).measurement.load.achieved_rps, Reading(1.5));
}

TEST(ReadMeasurement, NeverTakesTheOfferedRateForTheAchieved) {
  const auto m = ReadMeasurement({{"requests_per_second", 5}, {"output_tokens", 256}}).measurement;
  EXPECT_FALSE(m.load.achieved_rps.has_value());
}

TEST(ReadMeasurement, TakesTpotForItlWhereThereIsNoItlAtAll) {
  const auto only_tpot = ReadMeasurement({{"tpot_p95", 9}, {"tpot_mean", 8}}).measurement;
  EXPECT_EQ(only_tpot.itl, only_tpot.tpot);
  const auto both = ReadMeasurement({{"tpot_p95", 9}, {"itl_mean", 7}}).measurement;
  EXPECT_EQ(both.itl, (domain::LatencySummary{.values = {7.0}}));
}

TEST(ReadMeasurement, ARowThatNamesItsOriginIsTakenLiterally) {
  const auto m = ReadMeasurement({{"origin", "simulated"},
                                  {"source", "synthetic"},
                                  {"tokens_per_second", 512},
                                  {"output_tokens", 256},
                                  {"tpot_p95", 9}})
                     .measurement;
  EXPECT_EQ(m.provenance.origin, Origin::kSimulated);
  EXPECT_FALSE(m.load.achieved_rps.has_value());
  EXPECT_TRUE(m.itl.empty());
}

TEST(ReadMeasurement, AcceptsNumbersWrittenAsTexts) {
  const auto [m, problems] =
      ReadMeasurement({{"ttft_mean", "41.5"}, {"hardware_count", "8"}, {"completed_requests", " 100 "}});
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(m.ttft[Statistic::kMean], Reading(41.5));
  EXPECT_EQ(m.configuration.hardware_count, 8);
  EXPECT_EQ(m.completed_requests, 100);
}

TEST(ReadMeasurement, AcceptsAVersionWrittenAsANumber) {
  EXPECT_EQ(ReadMeasurement({{"framework_version", 0.11}}).measurement.configuration.framework_version, "0.11");
}

TEST(ReadMeasurement, KeepsAZeroForTheJudge) {
  const auto [m, problems] = ReadMeasurement({{"ttft_mean", 0}});
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_EQ(m.ttft[Statistic::kMean], Reading(0.0));
}

TEST(ReadMeasurement, TakesNullForAbsent) {
  const auto [m, problems] = ReadMeasurement({{"ttft_mean", nullptr}, {"model_hf_repo", nullptr}});
  EXPECT_THAT(problems, IsEmpty());
  EXPECT_FALSE(m.ttft[Statistic::kMean].has_value());
}

TEST(ReadMeasurement, PrefersTheTimeOfMeasurement) {
  const auto at = [](const json& row) { return ReadMeasurement(row).measurement.measured_at; };
  const base::Timestamp first(std::chrono::sys_days(std::chrono::year(2026) / 1 / 1));
  EXPECT_EQ(at({{"created_at", "2026-01-03"}, {"jbenchmark_created_at", "2026-01-02"}, {"measured_at", "2026-01-01"}}),
            first);
  EXPECT_EQ(at({{"created_at", "2026-01-02"}, {"jbenchmark_created_at", "2026-01-01"}}), first);
  EXPECT_EQ(at({{"created_at", "2026-01-01"}}), first);
}

struct Wrong {
  json row;
  std::string problem;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.row.dump(); }

class WrongValue : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongValue, IsAProblemThatNamesFieldAndValue) {
  EXPECT_THAT(ReadMeasurement(GetParam().row).problems, ElementsAre(StartsWith(GetParam().problem)));
}

INSTANTIATE_TEST_SUITE_P(
    ReadMeasurement, WrongValue,
    ::testing::Values(Wrong{{{"ttft_mean", "fast"}}, R"(ttft_mean: not a number: "fast")"},
                      Wrong{{{"ttft_p95_ms", true}}, "ttft_p95_ms: not a number: true"},
                      Wrong{{{"itl_p99", "Infinity"}}, R"(itl_p99: not a number: "Infinity")"},
                      Wrong{{{"itl_p99", "NaN"}}, R"(itl_p99: not a number: "NaN")"},
                      Wrong{{{"e2e_mean", json::array({1})}}, "e2e_mean: not a number: [1]"},
                      Wrong{{{"hardware_count", 2.5}}, "hardware_count: not a number of GPUs: 2.5"},
                      Wrong{{{"gpu_count", 5'000'000'000}}, "gpu_count: not a number of GPUs: 5000000000"},
                      Wrong{{{"completed_requests", "many"}}, R"(completed_requests: not a whole number: "many")"},
                      Wrong{{{"model_id", json::object()}}, "model_id: not a text: {}"},
                      Wrong{{{"saturated", "yes"}}, R"(saturated: neither true nor false: "yes")"},
                      Wrong{{{"created_at", "yesterday"}}, R"(created_at: not an ISO 8601 time)"},
                      Wrong{{{"origin", "guessed"}}, "origin: not one of measured, simulated"}));

TEST(ReadMeasurement, CollectsAllProblemsOfARow) {
  const auto read = ReadMeasurement({{"ttft_mean", "x"}, {"itl_mean", "y"}, {"hardware_count", "z"}, {"e2e_mean", 5}});
  EXPECT_EQ(read.problems.size(), 3u);
  EXPECT_EQ(read.measurement.e2e[Statistic::kMean], Reading(5.0));
}

TEST(WriteMeasurement, LeavesOutWhatIsAbsent) {
  Measurement m;
  m.configuration.model = "m";
  m.configuration.hardware = "L4";
  m.ttft[Statistic::kP95] = 12.5;
  EXPECT_EQ(WriteMeasurement(m), json::parse(R"({"model_hf_repo": "m", "hardware": "L4", "hardware_count": 1,
                                                  "origin": "measured", "ttft_p95": 12.5})"));
}

TEST(WriteMeasurement, WritesNamesOfToday) {
  const json written = WriteMeasurement(ReadMeasurement(Row()).measurement);
  json expected = Row();
  expected.erase("note");
  expected["measured_at"] = "2026-03-01T12:30:00.000Z";
  expected["origin"] = "measured";
  for (const auto& [name, value] : expected.items()) {
    ASSERT_TRUE(written.contains(name)) << name;
    EXPECT_EQ(written[name], value) << name;
  }
  EXPECT_EQ(written.size(), expected.size());
}

// --- Every measurement survives ---------------------------------------------

rc::Gen<Reading> AnyReading() {
  return rc::gen::oneOf(rc::gen::just(Reading()), rc::gen::map<double>([](double value) { return Reading(value); }),
                        rc::gen::elementOf(std::vector<Reading>{HUGE_VAL, -HUGE_VAL, 0.0, 0.1, 1e-300, 1e300}));
}

domain::LatencySummary AnyLatency() {
  domain::LatencySummary latency;
  for (Reading& value : latency.values) value = *AnyReading();
  return latency;
}

domain::TokenLengths AnyLengths() {
  return {.mean = *AnyReading(),
          .nominal = *AnyReading(),
          .stdev = *AnyReading(),
          .min = *AnyReading(),
          .max = *AnyReading()};
}

std::string AnyText() {
  static const std::vector<std::string> pieces = {"a", "B",  "\"",   "\\", "\n",  "\t",
                                                  "é", "漢", "\x01", " ",  "1.5", "NaN"};
  std::string text;
  for (const auto& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) text += piece;
  return text;
}

std::optional<std::int64_t> AnyCount() {
  if (!*rc::gen::arbitrary<bool>()) return std::nullopt;
  return *rc::gen::arbitrary<std::int64_t>();
}

Measurement AnyMeasurement() {
  Measurement m;
  m.configuration = {.model = AnyText(),
                     .precision = AnyText(),
                     .hardware = AnyText(),
                     .hardware_count = *rc::gen::arbitrary<int>(),
                     .framework = AnyText(),
                     .framework_version = AnyText()};
  m.input_lengths = AnyLengths();
  m.output_lengths = AnyLengths();
  m.load = {.offered_rps = *AnyReading(),
            .achieved_rps = *AnyReading(),
            .concurrency = *AnyReading(),
            .saturated = *rc::gen::arbitrary<bool>()};
  m.ttft = AnyLatency();
  m.itl = AnyLatency();
  m.e2e = AnyLatency();
  m.tpot = AnyLatency();
  m.chunk_gap = AnyLatency();
  m.tokens_per_second = *AnyReading();
  m.completed_requests = AnyCount();
  m.failed_requests = AnyCount();
  if (*rc::gen::arbitrary<bool>()) {
    m.measured_at =
        base::Timestamp(std::chrono::milliseconds(*rc::gen::inRange(-62'000'000'000'000, 253'000'000'000'000)));
  }
  m.provenance = {.source = AnyText(),
                  .origin = *rc::gen::element(Origin::kMeasured, Origin::kSimulated, Origin::kInterpolated,
                                              Origin::kEstimated, Origin::kSynthetic),
                  .confidence_level = AnyText(),
                  .format = AnyText(),
                  .tool_version = AnyText(),
                  .sha256 = AnyText(),
                  .path = AnyText()};
  return m;
}

RC_GTEST_PROP(WriteMeasurement, IsReadBackAsItWas, ()) {
  const Measurement m = AnyMeasurement();
  RC_ASSERT(ReadMeasurement(WriteMeasurement(m)).measurement == m);
}

RC_GTEST_PROP(WriteMeasurement, IsReadBackAsItWasFromText, ()) {
  const Measurement m = AnyMeasurement();
  RC_ASSERT(ReadMeasurement(json::parse(WriteMeasurement(m).dump())).measurement == m);
}

}  // namespace
}  // namespace loadline::json
