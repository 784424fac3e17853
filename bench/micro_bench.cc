// Micro benchmarks of the pure functions and of what every call goes through.

#include <benchmark/benchmark.h>

#include <map>
#include <random>

#include "bench/data_set.h"
#include "bench/search_set.h"
#include "libs/domain/judge.h"
#include "libs/domain/slo.h"
#include "libs/rpc/log.h"
#include "libs/rpc/pipeline.h"
#include "services/benchmark-store/repository/search/model_index.h"
#include "services/planner/planning/calibration.h"
#include "services/planner/planning/explanation.h"
#include "services/planner/planning/match.h"
#include "services/planner/planning/plan.h"
#include "services/planner/planning/shape_fit.h"

namespace loadline::bench {
namespace {

using Evidence = std::vector<std::shared_ptr<const planning::ModelEvidence>>;

constexpr std::uint64_t kSeed = 20261121;
constexpr DataSetSpec kSmall = {.models = 28, .configurations = 83, .curves = 157, .rows = 1383, .seed = kSeed};
constexpr DataSetSpec kLarge = {
    .models = 100, .configurations = 32'400, .curves = 64'800, .rows = 512'800, .seed = kSeed};

Evidence MakeEvidence(const DataSetSpec& spec) {
  std::map<std::string, std::vector<domain::Benchmark>> benchmarks;
  for (auto& row : MakeRows(spec)) {
    auto verdict = domain::Judge(std::move(row));
    const auto id = domain::BenchmarkId::Of(verdict.measurement);
    benchmarks[verdict.measurement.configuration.model].push_back(
        {.id = id, .shape = verdict.shape, .revision = 1, .measurement = std::move(verdict.measurement)});
  }
  Evidence evidence;
  for (const auto& [model, rows] : benchmarks) {
    evidence.push_back(std::make_shared<const planning::ModelEvidence>(planning::BuildModelEvidence(model, rows)));
  }
  return evidence;
}

const Evidence& EvidenceOf(bool large) {
  static const Evidence small_set = MakeEvidence(kSmall);
  if (!large) return small_set;
  static const Evidence large_set = MakeEvidence(kLarge);
  return large_set;
}

// Every GPU type has a price, so that all of the work is done.
planning::PlanningCatalog Catalog(const Evidence& evidence) {
  planning::PlanningCatalog catalog;
  for (const auto& model : evidence) {
    for (const auto& configuration : model->configurations) {
      const auto& name = configuration.configuration.hardware;
      catalog.hardware[name] = {.name = name, .memory_gib = 80, .prices = {{"any", "on_demand", 2.5}}, .aliases = {}};
    }
  }
  return catalog;
}

domain::Slo SomeSlo() { return domain::Slo::Parse("ttft:p95<1s;itl:p95<50ms").value(); }

const domain::Measurement& SomeRow() {
  static const auto rows = MakeRows({.models = 1, .configurations = 1, .curves = 1, .rows = 8, .seed = kSeed});
  return rows[4];
}

const planning::LoadCurve& SomeCurve() { return EvidenceOf(false).front()->configurations.front().curves.front(); }

void BM_SloParse(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(domain::Slo::Parse("ttft:p95<500ms;itl:p95<40ms;e2e:p99<20s"));
}
BENCHMARK(BM_SloParse);

void BM_Judge(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(domain::Judge(SomeRow()));
}
BENCHMARK(BM_Judge);

void BM_BenchmarkIdOf(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(domain::BenchmarkId::Of(SomeRow()));
}
BENCHMARK(BM_BenchmarkIdOf);

void BM_LoadCurveCapacity(benchmark::State& state) {
  const auto slo = SomeSlo();
  for (auto _ : state) benchmark::DoNotOptimize(SomeCurve().Capacity(slo));
}
BENCHMARK(BM_LoadCurveCapacity);

void BM_LoadCurveLatencyAt(benchmark::State& state) {
  const auto rates = SomeCurve().node_rates();
  const double rate = (rates.front() + rates.back()) / 2;
  for (auto _ : state) {
    benchmark::DoNotOptimize(SomeCurve().LatencyAt(domain::Metric::kTtft, domain::Statistic::kP95, rate));
  }
}
BENCHMARK(BM_LoadCurveLatencyAt);

// 0: 1,383 rows; 1: 512,800 rows.
void BM_FindClosest(benchmark::State& state) {
  const auto& evidence = EvidenceOf(state.range(0) == 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(planning::FindClosest(evidence, {}, {.input_tokens = 700, .output_tokens = 300}, 2.0));
  }
}
BENCHMARK(BM_FindClosest)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

void BM_PlanCapacity(benchmark::State& state) {
  const auto& evidence = EvidenceOf(state.range(0) == 1);
  const auto catalog = Catalog(evidence);
  const planning::PlanRequest request{
      .shape = {.input_tokens = 700, .output_tokens = 300}, .rps = 20, .slo = SomeSlo(), .top_n = 10};
  for (auto _ : state) benchmark::DoNotOptimize(planning::PlanCapacity(evidence, catalog, request));
}
BENCHMARK(BM_PlanCapacity)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

// The configuration of a data set with the most shapes.
const planning::ConfigurationEvidence& RichestConfiguration() {
  const planning::ConfigurationEvidence* richest = nullptr;
  for (const auto& model : EvidenceOf(false)) {
    for (const auto& each : model->configurations) {
      if (each.performance == nullptr) continue;
      if (richest == nullptr || each.curves.size() > richest->curves.size()) richest = &each;
    }
  }
  if (richest == nullptr) throw std::runtime_error("no configuration has a fit");
  return *richest;
}

const domain::TrafficShape kUnseen{.input_tokens = 700, .output_tokens = 300};

void BM_PredictPoint(benchmark::State& state) {
  const planning::ShapeFit fit(RichestConfiguration().performance->fit, kUnseen);
  double rps = 0.1;
  for (auto _ : state) {
    const double in_flight = fit.InFlightAt(rps);
    benchmark::DoNotOptimize(fit.LatencyAt(domain::Metric::kTtft, domain::Statistic::kP95, in_flight, rps));
    benchmark::DoNotOptimize(rps);
  }
}
BENCHMARK(BM_PredictPoint);

void BM_FittedCapacity(benchmark::State& state) {
  const auto& fit = RichestConfiguration().performance->fit;
  const auto slo = SomeSlo();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        planning::CapacityOf(planning::ShapeFit(fit, kUnseen), slo.limits(), fit.most_in_flight()));
  }
}
BENCHMARK(BM_FittedCapacity);

// One configuration measured at 16 shapes and 8 loads each.
planning::ConfigurationEvidence SixteenShapes() {
  const auto spec = DataSetSpec{.models = 1, .configurations = 1, .curves = 16, .rows = 128, .seed = kSeed};
  return MakeEvidence(spec).front()->configurations.front();
}

void BM_CalibratedCapacity(benchmark::State& state) {
  const auto configuration = SixteenShapes();
  const auto slo = SomeSlo();
  for (auto _ : state) {
    benchmark::DoNotOptimize(planning::CapacityErrors::At(configuration, slo.limits(), kUnseen).Calibrate(10, 0.88));
  }
  state.counters["shapes"] = static_cast<double>(configuration.curves.size());
}
BENCHMARK(BM_CalibratedCapacity)->Unit(benchmark::kMicrosecond);

// The evidence of 1,000 configurations of 5 shapes and 6 loads each, fits and
// all.
void BM_BuildThousandConfigurations(benchmark::State& state) {
  const DataSetSpec spec = {.models = 1, .configurations = 1000, .curves = 5000, .rows = 30'000, .seed = kSeed};
  std::vector<domain::Benchmark> benchmarks;
  for (auto& row : MakeRows(spec)) {
    auto verdict = domain::Judge(std::move(row));
    const auto id = domain::BenchmarkId::Of(verdict.measurement);
    benchmarks.push_back(
        {.id = id, .shape = verdict.shape, .revision = 1, .measurement = std::move(verdict.measurement)});
  }
  for (auto _ : state) benchmark::DoNotOptimize(planning::BuildModelEvidence("model", benchmarks));
  const auto bytes = planning::BuildModelEvidence("model", benchmarks).bytes;
  state.counters["bytes/row"] = static_cast<double>(bytes) / static_cast<double>(benchmarks.size());
}
BENCHMARK(BM_BuildThousandConfigurations)->Unit(benchmark::kMillisecond);

// All shapes of the data set unseen, so every capacity is predicted.
void BM_PlanCapacityPredicted(benchmark::State& state) {
  const auto& evidence = EvidenceOf(state.range(0) == 1);
  const auto catalog = Catalog(evidence);
  planning::PlanRequest request{.shape = kUnseen, .rps = 20, .slo = SomeSlo(), .top_n = 10};
  request.policy = planning::MatchPolicy::kAuto;
  for (auto _ : state) benchmark::DoNotOptimize(planning::PlanCapacity(evidence, catalog, request));
  double bytes = 0, rows = 0;
  for (const auto& model : evidence) {
    bytes += static_cast<double>(model->bytes);
    rows += static_cast<double>(model->benchmark_count);
  }
  state.counters["bytes/row"] = bytes / rows;
}
BENCHMARK(BM_PlanCapacityPredicted)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

// 4,000 requests/s in bursts over replicas of 5.
void BM_SizeReplicas(benchmark::State& state) {
  const planning::SizingInput input{
      .rps = 4000, .capacity_rps = 5, .wait_budget_ms = 100, .confidence = 0.95, .arrivals = {.inter_arrival_cv = 4}};
  for (auto _ : state) benchmark::DoNotOptimize(planning::SizeReplicas(input));
}
BENCHMARK(BM_SizeReplicas)->Unit(benchmark::kMicrosecond);

planning::LengthHistogram SomeLengths(int bins) {
  std::vector<planning::LengthBin> lengths;
  for (int i = 1; i <= bins; ++i) lengths.push_back({10.0 * i, 5.0 * i, 1.0 / bins});
  return planning::LengthHistogram::Make(std::move(lengths)).value();
}

// By bins of the histogram, with as many different output lengths.
void BM_E2eFromLengths(benchmark::State& state) {
  const auto lengths = SomeLengths(static_cast<int>(state.range(0)));
  domain::LatencySummary ttft;
  ttft.values = {110, 100, 180, 190, 250};
  for (auto _ : state) {
    benchmark::DoNotOptimize(planning::E2eFromLengths(ttft, 12, lengths, domain::Statistic::kP95));
  }
}
BENCHMARK(BM_E2eFromLengths)->Arg(100)->Arg(1000)->Unit(benchmark::kMicrosecond);

planning::PlanRequest Unseen(const domain::Slo& slo) {
  planning::PlanRequest request{.shape = kUnseen, .rps = 20, .slo = slo, .top_n = 10};
  request.policy = planning::MatchPolicy::kAuto;
  return request;
}

void BM_RankingReport(benchmark::State& state) {
  const auto& evidence = EvidenceOf(false);
  const auto request = Unseen(SomeSlo());
  const auto options = planning::PlanCapacity(evidence, Catalog(evidence), request).options;
  for (auto _ : state) benchmark::DoNotOptimize(planning::ReportRanking(options, request));
  state.counters["options"] = static_cast<double>(options.size());
}
BENCHMARK(BM_RankingReport)->Unit(benchmark::kMicrosecond);

// The second: 0, a feasible request; 1, one that no replica keeps.
void BM_Explain(benchmark::State& state) {
  const auto& evidence = EvidenceOf(state.range(0) == 1);
  const auto catalog = Catalog(evidence);
  const auto infeasible = domain::Slo::Parse("ttft:p95<1ms;itl:p95<50ms;e2e:p95<60s").value();
  const auto request = Unseen(state.range(1) == 1 ? infeasible : SomeSlo());
  const auto plan = planning::PlanCapacity(evidence, catalog, request);
  for (auto _ : state) benchmark::DoNotOptimize(planning::Explain(evidence, catalog, request, plan));
}
BENCHMARK(BM_Explain)->ArgsProduct({{0, 1}, {0, 1}})->Unit(benchmark::kMillisecond);

// Among 10,000 models. 0: words as they are; 1: one of them misspelled.
void BM_SearchModels(benchmark::State& state) {
  const store::ModelIndex index(SearchableModels());
  std::mt19937_64 random(kSeed);
  std::size_t found = 0;
  for (auto _ : state) {
    found += index.Find(store::ModelQuery::Parse(AnySearch(random, state.range(0) == 1)).value()).size();
  }
  state.counters["found"] = static_cast<double>(found) / static_cast<double>(state.iterations());
}
BENCHMARK(BM_SearchModels)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

// What the stages cost a call that succeeds, with the log at info.
void BM_Pipeline(benchmark::State& state) {
  rpc::ConfigureLog("bench", "json", "info");
  const base::SystemClock clock;
  const auto pipeline = rpc::MakePipeline(clock, std::chrono::seconds(30));
  grpc::ServerContext context;
  for (auto _ : state) {
    benchmark::DoNotOptimize(pipeline.Run("Method", context, [](rpc::Call&) { return base::Status(); }));
  }
}
BENCHMARK(BM_Pipeline);

}  // namespace
}  // namespace loadline::bench
