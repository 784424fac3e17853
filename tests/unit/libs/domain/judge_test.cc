#include "libs/domain/judge.h"

#include <gmock/gmock.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <limits>

#include "tests/unit/libs/domain/measurements.h"

namespace loadline::domain {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Change = std::function<void(Measurement&)>;

Verdict Judged(const Change& change) {
  Measurement row = PlausibleMeasurement();
  change(row);
  return Judge(row);
}

/// "REASON field" of each reason.
std::vector<std::string> Reasons(const Change& change) {
  std::vector<std::string> texts;
  for (const auto& reason : Judged(change).reasons) texts.push_back(reason.reason + " " + reason.field);
  return texts;
}

/// Only what the change is about, so that checks of other numbers stay silent.
Measurement Bare(double ttft, double itl, double e2e, double output) {
  Measurement row = {.configuration = PlausibleMeasurement().configuration};
  row.input_lengths.mean = 100;
  row.output_lengths.mean = output;
  row.load.achieved_rps = 1;
  row.ttft[Statistic::kMean] = ttft;
  row.itl[Statistic::kMean] = itl;
  row.e2e[Statistic::kMean] = e2e;
  return row;
}

TEST(Judge, AcceptsAPlausibleMeasurement) {
  const Verdict verdict = Judge(PlausibleMeasurement());
  EXPECT_TRUE(verdict.accepted()) << verdict.reasons.front().message;
  EXPECT_EQ(verdict.measurement, PlausibleMeasurement());
  EXPECT_EQ(verdict.shape, (TrafficShape{512, 256}));
}

TEST(Judge, MakesNamesCanonical) {
  const Verdict verdict = Judged([](Measurement& row) { row.configuration.model = " ORG/Model-8B"; });
  EXPECT_EQ(verdict.measurement.configuration.model, "org/model-8b");
}

TEST(Judge, NamesWhatIsMissing) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.configuration.model = "  "; }),
              ElementsAre("MISSING_FIELD model_hf_repo"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.configuration.hardware = ""; }),
              ElementsAre("MISSING_FIELD hardware"));
  for (const int count : {0, -3}) {
    EXPECT_THAT(Reasons([&](Measurement& row) { row.configuration.hardware_count = count; }),
                ElementsAre("MISSING_FIELD hardware_count"));
  }
  EXPECT_THAT(Reasons([](Measurement& row) { row.input_lengths = {}; }),
              ElementsAre("MISSING_FIELD mean_input_tokens"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.output_lengths = {}; }),
              ElementsAre("MISSING_FIELD mean_output_tokens"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.load.achieved_rps = Reading(); }),
              ElementsAre("MISSING_FIELD responses_per_second"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.ttft = row.itl = row.e2e = {}; }),
              ElementsAre("MISSING_FIELD e2e_mean"));
}

TEST(Judge, WhatIsOptionalMayBeMissing) {
  EXPECT_THAT(Reasons([](Measurement& row) {
                row.configuration.precision = row.configuration.framework = row.configuration.framework_version = "";
                row.input_lengths = {.mean = 500};
                row.output_lengths = {.nominal = 256};
                row.load.offered_rps = row.load.concurrency = row.tokens_per_second = Reading();
                row.ttft = row.e2e = row.tpot = {};
                row.completed_requests = row.failed_requests = std::nullopt;
                row.measured_at = std::nullopt;
                row.provenance = {};
              }),
              IsEmpty());
}

TEST(Judge, ASingleMissingPercentileIsFine) {
  for (const Statistic statistic : kStatistics) {
    EXPECT_THAT(Reasons([&](Measurement& row) { row.ttft[statistic] = row.e2e[statistic] = Reading(); }), IsEmpty())
        << Name(statistic);
  }
}

TEST(Judge, NamesEveryNumberThatCannotBe) {
  struct Case {
    std::string field;
    std::function<Reading&(Measurement&)> number;
  };
  const Case cases[] = {
      {"prompt_tokens", [](Measurement& row) -> Reading& { return row.input_lengths.nominal; }},
      {"prompt_tokens_stdev", [](Measurement& row) -> Reading& { return row.input_lengths.stdev; }},
      {"prompt_tokens_min", [](Measurement& row) -> Reading& { return row.input_lengths.min; }},
      {"output_tokens", [](Measurement& row) -> Reading& { return row.output_lengths.nominal; }},
      {"mean_output_tokens", [](Measurement& row) -> Reading& { return row.output_lengths.mean; }},
      {"requests_per_second", [](Measurement& row) -> Reading& { return row.load.offered_rps; }},
      {"responses_per_second", [](Measurement& row) -> Reading& { return row.load.achieved_rps; }},
      {"concurrency", [](Measurement& row) -> Reading& { return row.load.concurrency; }},
      {"ttft_p95", [](Measurement& row) -> Reading& { return row.ttft[Statistic::kP95]; }},
      {"itl_mean", [](Measurement& row) -> Reading& { return row.itl[Statistic::kMean]; }},
      {"e2e_p50", [](Measurement& row) -> Reading& { return row.e2e[Statistic::kP50]; }},
      {"tpot_p99", [](Measurement& row) -> Reading& { return row.tpot[Statistic::kP99]; }},
      {"chunk_gap_p90", [](Measurement& row) -> Reading& { return row.chunk_gap[Statistic::kP90]; }},
      {"tokens_per_second", [](Measurement& row) -> Reading& { return row.tokens_per_second; }},
  };
  for (const auto& [field, number] : cases) {
    EXPECT_THAT(Reasons([&number = number](Measurement& row) { number(row) = -1; }),
                ElementsAre("NEGATIVE_VALUE " + field));
    EXPECT_THAT(
        Reasons([&number = number](Measurement& row) { number(row) = -std::numeric_limits<double>::infinity(); }),
        ElementsAre("NOT_FINITE " + field));
    EXPECT_THAT(
        Reasons([&number = number](Measurement& row) { number(row) = std::numeric_limits<double>::infinity(); }),
        ElementsAre("NOT_FINITE " + field));
  }
}

TEST(Judge, ZeroIsNoLatencyAndNoRateButMayBeALength) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.chunk_gap[Statistic::kP50] = 0; }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.ttft[Statistic::kP99] = 0; }), ElementsAre("OUT_OF_RANGE ttft_p99"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.load.achieved_rps = 0; }),
              ElementsAre("OUT_OF_RANGE responses_per_second"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.input_lengths.mean = 0; }),
              ElementsAre("OUT_OF_RANGE mean_input_tokens"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.input_lengths.mean = 5e-322; }),
              Contains("OUT_OF_RANGE mean_input_tokens"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.input_lengths.stdev = row.input_lengths.min = 0; }), IsEmpty());
}

TEST(Judge, AbsurdNumbersAreOutOfRange) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.tpot[Statistic::kP99] = 86'400'000; }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.tpot[Statistic::kP99] = 86'400'001; }),
              ElementsAre("OUT_OF_RANGE tpot_p99"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.input_lengths.nominal = 10'000'001; }),
              ElementsAre("OUT_OF_RANGE prompt_tokens"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.configuration.hardware_count = 100'001; }),
              ElementsAre("OUT_OF_RANGE hardware_count"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.completed_requests = -1; }),
              ElementsAre("NEGATIVE_VALUE completed_requests"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.failed_requests = -1; }),
              ElementsAre("NEGATIVE_VALUE failed_requests"));
}

TEST(Judge, ATimeOfMeasurementIsOfThisOrTheNextCentury) {
  using std::chrono::sys_days;
  const std::pair<sys_days, bool> cases[] = {{std::chrono::January / 1 / 2000, true},
                                             {std::chrono::December / 31 / 1999, false},
                                             {std::chrono::December / 31 / 2199, true},
                                             {std::chrono::January / 1 / 2200, false}};
  for (const auto& [day, ok] : cases) {
    EXPECT_EQ(Judged([&day = day](Measurement& row) { row.measured_at = day; }).accepted(), ok)
        << day.time_since_epoch().count();
  }
}

TEST(Judge, TextMustBeShortAndPrintable) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.configuration.model = std::string(256, 'm'); }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.configuration.model = std::string(257, 'm'); }),
              ElementsAre("MALFORMED_TEXT model_hf_repo"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.configuration.framework_version = "1\x1B[2J"; }),
              ElementsAre("MALFORMED_TEXT framework_version"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.provenance.source = "a\nb"; }), ElementsAre("MALFORMED_TEXT source"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.provenance.path = std::string(4096, 'p'); }), IsEmpty());
}

TEST(Judge, PercentilesMustNotFall) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.ttft = Latencies(40, 35, 60, 59, 90); }),
              ElementsAre("PERCENTILES_NOT_MONOTONE ttft_p95"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.itl = Latencies(10, 12, 11, 12, 11.5); }),
              ElementsAre("PERCENTILES_NOT_MONOTONE itl_p90", "PERCENTILES_NOT_MONOTONE itl_p99"));
}

TEST(Judge, AbsentPercentilesAreSkippedWhenComparing) {
  EXPECT_THAT(Reasons([](Measurement& row) {
                row.ttft = Latencies(40, 35, 60, 0, 59);
                row.ttft[Statistic::kP95] = Reading();
              }),
              ElementsAre("PERCENTILES_NOT_MONOTONE ttft_p99"));
}

TEST(Judge, EqualPercentilesAndRoundingAreFine) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.ttft = Latencies(40, 40, 40, 40, 40); }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.ttft = Latencies(40, 40.00003, 40, 40, 40); }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.ttft = Latencies(40, 40.00005, 40, 40, 40); }),
              ElementsAre("PERCENTILES_NOT_MONOTONE ttft_p90"));
}

TEST(Judge, AMeanAboveP90IsFine) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.itl = Latencies(10, 9, 9.1, 9.2, 9.3); }), IsEmpty());
}

TEST(Judge, AMeanMustBeWhatItsPercentilesMakeNecessary) {
  // Half of the requests took 1000 ms and longer, so the mean is at least 500.
  Measurement row = Bare(251, 10, 3000, 250);
  row.ttft[Statistic::kP50] = 1000;
  EXPECT_TRUE(Judge(row).accepted());
  row.ttft[Statistic::kMean] = 249;
  const Verdict verdict = Judge(row);
  ASSERT_EQ(verdict.reasons.size(), 1u);
  EXPECT_EQ(verdict.reasons[0].reason, "CONTRADICTORY");
  EXPECT_EQ(verdict.reasons[0].field, "ttft_mean");
}

TEST(Judge, AMeanLengthIsBetweenTheShortestAndTheLongest) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.input_lengths.min = row.input_lengths.max = 500; }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.input_lengths.min = 501; }),
              ElementsAre("MEAN_OUTSIDE_RANGE mean_input_tokens"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.output_lengths.max = 249; }),
              ElementsAre("MEAN_OUTSIDE_RANGE mean_output_tokens"));
}

TEST(Judge, NoRequestEndsBeforeItsFirstToken) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.ttft = row.e2e; }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.ttft[Statistic::kP99] = 4401; }),
              ElementsAre("E2E_SHORTER_THAN_TTFT e2e_p99"));
}

TEST(Judge, FindsUnitsThatDiffer) {
  // As measured: 40 ms + 249 x 10 ms = 2530 ms.
  EXPECT_TRUE(Judge(Bare(40, 10, 2530, 250)).accepted());
  const Measurement wrong[] = {Bare(40, 10, 2'530'000, 250), Bare(0.04, 0.01, 2530, 250), Bare(40, 0.01, 2530, 250),
                               Bare(0.04, 10, 2.53, 250)};
  for (const auto& row : wrong) {
    const Verdict verdict = Judge(row);
    ASSERT_EQ(verdict.reasons.size(), 1u);
    EXPECT_EQ(verdict.reasons[0].reason, "WRONG_UNIT");
  }
}

TEST(Judge, ChunksOfSeveralTokensAreNoWrongUnit) {
  EXPECT_TRUE(Judge(Bare(40, 100, 2530, 250)).accepted());
  EXPECT_TRUE(Judge(Bare(2000, 10, 2001, 1)).accepted());
  EXPECT_TRUE(Judge(Bare(2000, 10, 2000, 250)).accepted());
}

TEST(Judge, AFactorOf250IsAnotherUnit) {
  // 99 tokens of 1 ms after the first.
  EXPECT_TRUE(Judge(Bare(1, 1, 250 * 99, 100)).accepted());
  EXPECT_FALSE(Judge(Bare(1, 1, 250 * 99 + 1, 100)).accepted());
  EXPECT_TRUE(Judge(Bare(1, 1000, 397, 100)).accepted());
  EXPECT_FALSE(Judge(Bare(1, 1000, 396, 100)).accepted());
}

TEST(Judge, TailsNeedThirtyRequests) {
  EXPECT_THAT(Reasons([](Measurement& row) { row.completed_requests = 30; }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.completed_requests = 29; }),
              ElementsAre("TOO_FEW_REQUESTS completed_requests"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.completed_requests = 1; }),
              ElementsAre("TOO_FEW_REQUESTS completed_requests"));
}

TEST(Judge, ARunThatFailedIsRefusedForThatOnly) {
  EXPECT_THAT(Reasons([](Measurement& row) {
                row.completed_requests = 0;
                row.ttft = row.itl = row.e2e = {};
                row.load.achieved_rps = 0;
              }),
              ElementsAre("ALL_REQUESTS_FAILED completed_requests"));
}

TEST(Judge, NoMoreIsAchievedThanOffered) {
  const auto at = [](double offered, double achieved) {
    Measurement row = Bare(40, 10, 2530, 250);
    row.load = {.offered_rps = offered, .achieved_rps = achieved};
    return Judge(row).accepted();
  };
  EXPECT_TRUE(at(10, 13.5));
  EXPECT_FALSE(at(10, 13.6));
  EXPECT_TRUE(at(0.1, 1.1));
}

TEST(Judge, TokensPerSecondFitTheRate) {
  // 1.95/s x 250 tokens = 487.5/s.
  EXPECT_THAT(Reasons([](Measurement& row) { row.tokens_per_second = 975; }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.tokens_per_second = 976; }),
              ElementsAre("CONTRADICTORY tokens_per_second"));
  EXPECT_THAT(Reasons([](Measurement& row) { row.tokens_per_second = 243.75; }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.tokens_per_second = 243; }),
              ElementsAre("CONTRADICTORY tokens_per_second"));
}

TEST(Judge, RequestsInFlightFitRateAndTime) {
  // 1.95/s x 2.6 s = 5.07 in flight.
  EXPECT_THAT(Reasons([](Measurement& row) { row.load.concurrency = 2.54; }), IsEmpty());
  EXPECT_THAT(Reasons([](Measurement& row) { row.load.concurrency = 2.53; }), ElementsAre("CONTRADICTORY concurrency"));
  // A closed loop's limit may be far above what was in flight.
  EXPECT_THAT(Reasons([](Measurement& row) { row.load.concurrency = 4096; }), IsEmpty());
}

TEST(Judge, AchievedFarBelowOfferedIsSaturated) {
  const auto saturated = [](double achieved) {
    return Judged([&](Measurement& row) { row.load.achieved_rps = achieved; }).measurement.load.saturated;
  };
  // 0.9 x 2/s, less the 2.6 s / 335 s that are still running at the end.
  EXPECT_FALSE(saturated(1.787));
  EXPECT_TRUE(saturated(1.785));
}

TEST(Judge, WhatStillRunsAtTheEndIsNotHeldAgainstARun) {
  const auto saturated = [](std::int64_t completed, double e2e_ms) {
    return Judged([&](Measurement& row) {
             row.load.achieved_rps = 1.6;
             row.load.concurrency = Reading();
             row.completed_requests = completed;
             row.e2e = {};
             row.e2e[Statistic::kMean] = e2e_ms;
           })
        .measurement.load.saturated;
  };
  // 160 requests are 100 s; a request of 12 s leaves 1.76 x 0.9 = 1.584.
  EXPECT_FALSE(saturated(160, 12'000));
  EXPECT_TRUE(saturated(160, 11'000));
  // However long they take, a sixth at most is excused: 1.5.
  EXPECT_FALSE(saturated(160, 90'000));
}

TEST(Judge, ManyFailuresAreSaturated) {
  const auto saturated = [](std::int64_t failed) {
    return Judged([&](Measurement& row) {
             row.completed_requests = 90;
             row.failed_requests = failed;
           })
        .measurement.load.saturated;
  };
  EXPECT_FALSE(saturated(10));
  EXPECT_TRUE(saturated(11));
}

TEST(Judge, AReportThatCallsItselfSaturatedIsBelieved) {
  EXPECT_TRUE(Judged([](Measurement& row) { row.load.saturated = true; }).measurement.load.saturated);
}

TEST(Judge, SaysEverythingThatSpeaksAgainstARow) {
  EXPECT_THAT(Reasons([](Measurement& row) {
                row.configuration.model = "";
                row.itl[Statistic::kP99] = 1;
                row.completed_requests = 3;
              }),
              ElementsAre("MISSING_FIELD model_hf_repo", "PERCENTILES_NOT_MONOTONE itl_p99",
                          "TOO_FEW_REQUESTS completed_requests"));
}

TEST(Judge, AMessageHasTheValue) {
  const Verdict verdict = Judged([](Measurement& row) { row.ttft[Statistic::kMean] = -222574949.0; });
  ASSERT_EQ(verdict.reasons.size(), 1u);
  EXPECT_THAT(verdict.reasons[0].message, HasSubstr("-222574949 is negative"));
}

RC_GTEST_PROP(JudgeProperty, AnAcceptedMeasurementIsAcceptedAgainUnchanged, ()) {
  const auto number = rc::gen::map(rc::gen::inRange(1, 100'000), [](int n) { return n / 100.0; });
  Measurement row = Bare(*number, *number, *number, *number);
  row.configuration.model = *rc::gen::nonEmpty(rc::gen::string<std::string>());
  row.load = {.offered_rps = *number, .achieved_rps = *number, .saturated = *rc::gen::arbitrary<bool>()};
  row.completed_requests = *rc::gen::inRange(0, 100);
  row.failed_requests = *rc::gen::inRange(0, 100);
  const Verdict first = Judge(row);
  const Verdict again = Judge(first.measurement);
  RC_ASSERT(again.measurement == first.measurement);
  RC_ASSERT(again.reasons == first.reasons);
  RC_ASSERT(again.shape == first.shape);
}

}  // namespace
}  // namespace loadline::domain
