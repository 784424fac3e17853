#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "data/generate/demo_document.h"
#include "data/generate/demo_matrix.h"
#include "data/generate/demo_row.h"
#include "data/generate/sample_report.h"
#include "libs/domain/judge.h"
#include "libs/json/benchmark_json.h"
#include "tests/data/data_files.h"

namespace loadline {
namespace {

using domain::Measurement;
using domain::Metric;
using domain::Statistic;
using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::SizeIs;

using Curve = std::vector<Measurement>;
using CurveKey = std::pair<domain::Configuration, domain::TrafficShape>;

std::vector<Measurement> Rows() {
  std::vector<Measurement> rows;
  const nlohmann::json document = test::ReadRepositoryJson("data/benchmarks.json");
  for (const auto& row : document.at("benchmarks")) {
    rows.push_back(json::ReadMeasurement(row).measurement);
  }
  return rows;
}

std::map<CurveKey, Curve> Curves() {
  std::map<CurveKey, Curve> curves;
  for (const Measurement& row : Rows()) curves[{row.configuration, *domain::ShapeOf(row)}].push_back(row);
  return curves;
}

TEST(DemoData, IsWhatTheGeneratorWrites) {
  // Not EXPECT_EQ: a megabyte of difference helps nobody.
  EXPECT_TRUE(test::ReadRepositoryFile("data/benchmarks.json") == demo::DemoDocument())
      << "data/benchmarks.json is not what data/generate makes: run `make data`";
}

double TtftP95(const Measurement& row) { return *row.ttft[Statistic::kP95]; }

TEST(SampleReport, IsWhatTheGeneratorWrites) {
  EXPECT_TRUE(test::ReadRepositoryFile("data/samples/guidellm-llama-3.1-8b-mi300x.json") == demo::SampleReport())
      << "data/samples is not what data/generate makes: run `make data`";
}

TEST(DemoData, HasEveryConfigurationAtEveryShapeWithRisingLoads) {
  const auto curves = Curves();
  EXPECT_THAT(curves, SizeIs(24 * demo::kShapes.size()));
  for (const auto& [key, curve] : curves) {
    ASSERT_THAT(curve, SizeIs(demo::kLoads.size())) << key.first.ToString() << key.second.ToString();
    for (std::size_t i = 1; i < curve.size(); ++i) {
      EXPECT_GT(*curve[i].load.offered_rps, *curve[i - 1].load.offered_rps) << key.first.ToString();
    }
  }
}

TEST(DemoData, IsReadWithoutProblemsAndAccepted) {
  const nlohmann::json document = test::ReadRepositoryJson("data/benchmarks.json");
  for (const auto& row : document.at("benchmarks")) {
    const json::ReadRow read = json::ReadMeasurement(row);
    EXPECT_THAT(read.problems, IsEmpty()) << row;
    const domain::Verdict verdict = domain::Judge(read.measurement);
    EXPECT_TRUE(verdict.accepted()) << verdict.reasons.front().message << "\n" << row;
  }
}

TEST(DemoData, UsesTheNamesThatAreWritten) {
  const nlohmann::json document = test::ReadRepositoryJson("data/benchmarks.json");
  const nlohmann::json& row = document.at("benchmarks").front();
  const nlohmann::json written = json::WriteMeasurement(json::ReadMeasurement(row).measurement);
  for (const auto& [name, value] : row.items()) EXPECT_EQ(written.value(name, nlohmann::json()), value) << name;
}

TEST(DemoData, SaysThatItIsSynthetic) {
  for (const Measurement& row : Rows()) {
    EXPECT_EQ(row.provenance.source, "synthetic");
    EXPECT_EQ(row.provenance.origin, domain::Origin::kSynthetic);
  }
}

TEST(DemoData, HasDistinctRows) {
  const std::vector<Measurement> rows = Rows();
  std::set<domain::BenchmarkId> ids;
  for (const Measurement& row : rows) ids.insert(domain::BenchmarkId::Of(row));
  EXPECT_EQ(ids.size(), rows.size());
}

TEST(DemoData, SaturatesAtTheHighestLoadOnly) {
  for (const auto& [key, curve] : Curves()) {
    for (std::size_t i = 0; i < curve.size(); ++i) {
      EXPECT_EQ(domain::Judge(curve[i]).measurement.load.saturated, i + 1 == curve.size()) << key.first.ToString();
    }
  }
}

TEST(DemoData, BendsSoThatTheLastHalfOfTheLoadCostsMoreThanTheFirst) {
  for (const auto& [key, curve] : Curves()) {
    EXPECT_GT(TtftP95(curve[5]) - TtftP95(curve[2]), TtftP95(curve[2]) - TtftP95(curve[0])) << key.first.ToString();
    EXPECT_GT(TtftP95(curve[6]), 5 * TtftP95(curve[0])) << key.first.ToString();
  }
}

TEST(DemoData, HasEndToEndTimesThatFitTheOthers) {
  for (const Measurement& row : Rows()) {
    const double expected = *row.ttft[Statistic::kMean] + *row.itl[Statistic::kMean] * (*row.output_lengths.mean - 1);
    EXPECT_NEAR(*row.e2e[Statistic::kMean] / expected, 1, 0.005);
  }
}

TEST(PerformanceModel, ServesWhatIsOfferedBelowSaturation) {
  const demo::Deployment deployment = demo::Deployments().front();
  const demo::Shape shape{512, 256};
  const double half = demo::SaturationRate(deployment, shape) / 2;
  EXPECT_DOUBLE_EQ(demo::Operate(deployment, shape, half).achieved_rps, half);
  EXPECT_LT(demo::Operate(deployment, shape, 4 * half).achieved_rps, 2 * half);
}

TEST(PerformanceModel, DecodesNoMoreRequestsThanFitIntoMemory) {
  for (const demo::Deployment& deployment : demo::Deployments()) {
    for (const demo::Shape& shape : demo::kShapes) {
      const double most = demo::SaturationRate(deployment, shape);
      const demo::OperatingPoint point = demo::Operate(deployment, shape, 2 * most);
      const double decoding = point.achieved_rps * (point.e2e.mean - point.ttft.mean);
      const double kv_bytes = decoding * (shape.input + shape.output) * deployment.model.kv_bytes_per_token;
      EXPECT_LE(decoding, 256);
      EXPECT_LE(kv_bytes, deployment.gpus * deployment.gpu.memory_gib * 1024 * 1024 * 1024);
    }
  }
}

TEST(PerformanceModel, IsSlowerAtHigherLoad) {
  for (const demo::Deployment& deployment : demo::Deployments()) {
    for (const demo::Shape& shape : demo::kShapes) {
      const double most = demo::SaturationRate(deployment, shape);
      const demo::OperatingPoint low = demo::Operate(deployment, shape, most * 0.3);
      const demo::OperatingPoint high = demo::Operate(deployment, shape, most * 0.9);
      EXPECT_LT(low.itl.mean, high.itl.mean);
      EXPECT_LT(low.ttft.mean, high.ttft.mean);
    }
  }
}

TEST(PerformanceModel, GainsFromMoreGpus) {
  for (demo::Deployment deployment : demo::Deployments()) {
    const double before = demo::SaturationRate(deployment, {1024, 512});
    deployment.gpus *= 2;
    EXPECT_GT(demo::SaturationRate(deployment, {1024, 512}), 1.2 * before) << deployment.model.name;
  }
}

TEST(Noise, StaysWithinItsWidthAndRepeats) {
  demo::Noise first(7);
  demo::Noise second(7);
  std::vector<double> factors;
  for (int i = 0; i < 1000; ++i) {
    factors.push_back(first.Factor(0.02));
    EXPECT_EQ(factors.back(), second.Factor(0.02));
  }
  EXPECT_THAT(factors, Each(AllOf(Ge(0.98), Le(1.02))));
  EXPECT_THAT(std::set<double>(factors.begin(), factors.end()), SizeIs(1000));
}

}  // namespace
}  // namespace loadline
