#include "libs/domain/benchmark.h"

#include <gmock/gmock.h>

#include <functional>
#include <limits>
#include <set>

#include "libs/testing/matchers.h"
#include "tests/unit/libs/domain/measurements.h"

namespace loadline::domain {
namespace {

using ::loadline::testing::Fails;
using ::loadline::testing::HasViolation;

using Change = std::function<void(Measurement&)>;

BenchmarkId IdAfter(const Change& change) {
  Measurement row = PlausibleMeasurement();
  change(row);
  return BenchmarkId::Of(row);
}

TEST(Origin, NamesAreParsedBack) {
  for (const Origin origin :
       {Origin::kMeasured, Origin::kSimulated, Origin::kInterpolated, Origin::kEstimated, Origin::kSynthetic}) {
    EXPECT_EQ(ParseOrigin(Name(origin)), origin);
  }
  EXPECT_EQ(ParseOrigin("guessed"), std::nullopt);
}

TEST(Measurement, IsIndexedByMetric) {
  Measurement row;
  row[Metric::kTtft][Statistic::kMean] = 1;
  row[Metric::kItl][Statistic::kMean] = 2;
  row[Metric::kE2e][Statistic::kMean] = 3;
  EXPECT_EQ(row.ttft[Statistic::kMean], Reading(1));
  EXPECT_EQ(row.itl[Statistic::kMean], Reading(2));
  EXPECT_EQ(row.e2e[Statistic::kMean], Reading(3));
  const Measurement& same = row;
  EXPECT_EQ(same[Metric::kE2e], row.e2e);
}

TEST(BenchmarkId, OfTheSameMeasurementIsTheSame) {
  EXPECT_EQ(BenchmarkId::Of(PlausibleMeasurement()), BenchmarkId::Of(PlausibleMeasurement()));
}

// The ids are in data files and page tokens: a change of the layout is a
// migration, not an accident.
TEST(BenchmarkId, StaysWhatItIs) {
  EXPECT_EQ(BenchmarkId::Of(PlausibleMeasurement()).ToString(), "b-6cbd0339f7080f42ce4c59e7");
}

TEST(BenchmarkId, EveryMeasuredFieldCounts) {
  const Change changes[] = {
      [](Measurement&) {},
      [](Measurement& row) { row.configuration.model += "x"; },
      [](Measurement& row) { row.configuration.precision += "x"; },
      [](Measurement& row) { row.configuration.hardware += "x"; },
      [](Measurement& row) { row.configuration.hardware_count = 2; },
      [](Measurement& row) { row.configuration.framework += "x"; },
      [](Measurement& row) { row.configuration.framework_version += "x"; },
      [](Measurement& row) { row.input_lengths.mean = 1; },
      [](Measurement& row) { row.input_lengths.nominal = 1; },
      [](Measurement& row) { row.input_lengths.stdev = 1; },
      [](Measurement& row) { row.input_lengths.min = 1; },
      [](Measurement& row) { row.input_lengths.max = 1; },
      [](Measurement& row) { row.output_lengths.mean = 1; },
      [](Measurement& row) { row.output_lengths.max = Reading(); },
      [](Measurement& row) { row.load.offered_rps = 1; },
      [](Measurement& row) { row.load.achieved_rps = 1; },
      [](Measurement& row) { row.load.concurrency = 1; },
      [](Measurement& row) { row.ttft[Statistic::kP99] = Reading(); },
      [](Measurement& row) { row.ttft[Statistic::kP95] = 1; },
      [](Measurement& row) { row.itl[Statistic::kMean] = 1; },
      [](Measurement& row) { row.e2e[Statistic::kP50] = 1; },
      [](Measurement& row) { row.tpot[Statistic::kP90] = 1; },
      [](Measurement& row) { row.chunk_gap[Statistic::kP90] = 1; },
      [](Measurement& row) { row.chunk_gap[Statistic::kP95] = 1; },
      [](Measurement& row) { row.tokens_per_second = 1; },
      [](Measurement& row) { row.completed_requests = 1; },
      [](Measurement& row) { row.completed_requests = std::nullopt; },
      [](Measurement& row) { row.failed_requests = 1; },
      [](Measurement& row) { row.failed_requests = std::nullopt; },
      [](Measurement& row) { row.measured_at = std::nullopt; },
      [](Measurement& row) { *row.measured_at += std::chrono::milliseconds(1); },
      [](Measurement& row) { row.provenance.source = "vllm"; },
      [](Measurement& row) { row.provenance.origin = Origin::kSimulated; },
  };
  std::set<BenchmarkId> ids;
  for (const auto& change : changes) ids.insert(IdAfter(change));
  EXPECT_EQ(ids.size(), std::size(changes));
}

TEST(BenchmarkId, ProvenanceAndConclusionsDoNotCount) {
  const BenchmarkId id = IdAfter([](Measurement&) {});
  EXPECT_EQ(id, IdAfter([](Measurement& row) { row.provenance.path = "renamed.json"; }));
  EXPECT_EQ(id, IdAfter([](Measurement& row) { row.provenance.sha256 = "cd"; }));
  EXPECT_EQ(id, IdAfter([](Measurement& row) { row.provenance.format = "guidellm/v1"; }));
  EXPECT_EQ(id, IdAfter([](Measurement& row) { row.provenance.tool_version = "0.8.0"; }));
  EXPECT_EQ(id, IdAfter([](Measurement& row) { row.provenance.confidence_level = ""; }));
  EXPECT_EQ(id, IdAfter([](Measurement& row) { row.load.saturated = true; }));
}

TEST(BenchmarkId, TextsThatMeetAtABorderAreTold) {
  const auto one = IdAfter([](Measurement& row) {
    row.configuration.model = "ab";
    row.configuration.precision = "c";
  });
  const auto other = IdAfter([](Measurement& row) {
    row.configuration.model = "a";
    row.configuration.precision = "bc";
  });
  EXPECT_NE(one, other);
}

TEST(BenchmarkId, MinusZeroIsZeroAndAbsentIsNeither) {
  const auto zero = IdAfter([](Measurement& row) { row.input_lengths.min = 0.0; });
  const auto minus = IdAfter([](Measurement& row) { row.input_lengths.min = -0.0; });
  const auto absent = IdAfter([](Measurement& row) { row.input_lengths.min = Reading(); });
  const auto nan = IdAfter([](Measurement& row) { row.input_lengths.min = -std::numeric_limits<double>::quiet_NaN(); });
  EXPECT_EQ(zero, minus);
  EXPECT_NE(zero, absent);
  EXPECT_EQ(absent, nan);
}

TEST(BenchmarkId, IsParsedBack) {
  const BenchmarkId id = BenchmarkId::Of(PlausibleMeasurement());
  const auto parsed = BenchmarkId::Parse(id.ToString());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, id);
}

TEST(BenchmarkId, RefusesAnythingElse) {
  const std::string good = "b-0123456789abcdef01234567";
  ASSERT_TRUE(BenchmarkId::Parse(good));
  const std::string wrong[] = {"",
                               "b-",
                               good + "0",
                               good.substr(0, 25),
                               "c" + good.substr(1),
                               " " + good.substr(1),
                               "b-0123456789ABCDEF01234567",
                               "b-0123456789abcdef0123456g"};
  for (const auto& text : wrong) {
    const auto parsed = BenchmarkId::Parse(text, "benchmark.id");
    EXPECT_THAT(parsed, Fails(base::ErrorCode::kInvalidArgument, "INVALID_REQUEST")) << text;
    EXPECT_THAT(parsed, HasViolation("benchmark.id")) << text;
  }
}

Measurement WithLengths(TokenLengths input, TokenLengths output) {
  return {.configuration = {}, .input_lengths = input, .output_lengths = output};
}

TEST(ShapeOf, TakesNominalLengthsWhereBothAreThere) {
  const auto shape = ShapeOf(WithLengths({.mean = 500.4, .nominal = 512}, {.mean = 250, .nominal = 256}));
  EXPECT_EQ(shape.value(), (TrafficShape{512, 256}));
}

TEST(ShapeOf, ElseTakesRoundedMeans) {
  EXPECT_EQ(ShapeOf(WithLengths({.mean = 500.4, .nominal = 512}, {.mean = 250.5})).value(), (TrafficShape{500, 251}));
  EXPECT_EQ(ShapeOf(WithLengths({.mean = 0.2}, {.mean = 3})).value(), (TrafficShape{1, 3}));
}

TEST(ShapeOf, TakesANominalLengthForASideWithoutAMean) {
  EXPECT_EQ(ShapeOf(WithLengths({.nominal = 512}, {.mean = 250.4})).value(), (TrafficShape{512, 250}));
}

TEST(ShapeOf, FailsWhereASideHasNeither) {
  EXPECT_THAT(ShapeOf(WithLengths({.mean = 5}, {})), HasViolation("shape.output_tokens"));
  EXPECT_THAT(ShapeOf(WithLengths({}, {.mean = 5})), HasViolation("shape.input_tokens"));
}

}  // namespace
}  // namespace loadline::domain
