#include "bench/data_set.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <set>
#include <stdexcept>
#include <utility>

#include "libs/json/benchmark_json.h"

namespace loadline::bench {
namespace {

using domain::LatencySummary;
using domain::Measurement;
using domain::Reading;
using domain::Statistic;
using domain::TrafficShape;

struct Gpu {
  const char* name;
  double speed;
};
constexpr std::array<Gpu, 8> kGpus = {Gpu{"H100", 1.0},   Gpu{"H200", 1.2}, Gpu{"A100-80", 0.5}, Gpu{"L40S", 0.3},
                                      Gpu{"MI300X", 0.9}, Gpu{"B200", 2.0}, Gpu{"A100-40", 0.4}, Gpu{"L4", 0.12}};
constexpr std::array kGpuCounts = {1, 2, 4, 8};
constexpr std::array kPrecisions = {"bf16", "fp8"};
constexpr std::array kBillions = {1, 3, 8, 14, 32, 70};
constexpr std::array kGridTokens = {64, 128, 256, 512, 1024, 2048, 4096, 8192};

// The part of `total` that the `index`th of `count` gets.
int Share(int total, int count, int index) { return total / count + (index < total % count ? 1 : 0); }

double ThreeDecimals(double value) { return std::round(value * 1000) / 1000; }

double Uniform(std::mt19937_64& random, double low, double high) {
  return std::uniform_real_distribution(low, high)(random);
}

template <typename Container>
auto Pick(std::mt19937_64& random, const Container& choices) {
  return choices[std::uniform_int_distribution<std::size_t>(0, choices.size() - 1)(random)];
}

LatencySummary Spread(double mean, double tail) {
  LatencySummary summary;
  summary[Statistic::kMean] = ThreeDecimals(mean);
  summary[Statistic::kP50] = ThreeDecimals(mean * 0.97);
  summary[Statistic::kP90] = ThreeDecimals(mean * (1 + 0.5 * tail));
  summary[Statistic::kP95] = ThreeDecimals(mean * (1 + tail));
  summary[Statistic::kP99] = ThreeDecimals(mean * (1 + 2 * tail));
  return summary;
}

// How fast one replica of a configuration is.
struct Replica {
  domain::Configuration configuration;
  /// Tokens/s that it processes at most.
  double tokens_per_second = 0;
  double idle_itl_ms = 0;
  double prefill_ms_per_token = 0;
};

// Every index gives another configuration of the model.
Replica MakeReplica(int model, int index, std::mt19937_64& random) {
  const auto choose = [&](const auto& choices) {
    const auto size = static_cast<int>(choices.size());
    return choices[static_cast<std::size_t>(std::exchange(index, index / size) % size)];
  };
  const auto gpu = choose(kGpus);
  const auto count = choose(kGpuCounts);
  const std::string precision = choose(kPrecisions);
  const double billions = kBillions[static_cast<std::size_t>(model) % kBillions.size()];
  const double speed =
      gpu.speed * std::pow(count, 0.85) * (precision == "fp8" ? 1.5 : 1.0) * Uniform(random, 0.85, 1.15);
  return {.configuration = {.model = ModelName(model),
                            .precision = precision,
                            .hardware = gpu.name,
                            .hardware_count = count,
                            .framework = "vllm",
                            .framework_version = "0." + std::to_string(11 + index) + ".0"},
          .tokens_per_second = 160'000 * speed / (4 + billions),
          .idle_itl_ms = (2 + 0.35 * billions) / speed,
          .prefill_ms_per_token = (0.004 + 0.004 * billions) / speed};
}

// The benchmark at `load`, a fraction of what the replica can do.
Measurement MeasureAt(const Replica& replica, const TrafficShape& shape, double load) {
  const double peak_rps = replica.tokens_per_second / (shape.input_tokens + 4 * shape.output_tokens);
  const double offered = ThreeDecimals(load * peak_rps + 0.001);
  const double achieved = std::min(offered, ThreeDecimals(0.97 * peak_rps + 0.001));
  const double busy = std::min(load, 0.97);
  const double queueing = 1 + 2 * busy * busy * busy / (1.02 - busy) + 40 * std::max(0.0, load - 0.97);
  const double itl = replica.idle_itl_ms * (1 + 1.5 * busy * busy);
  const double ttft = (8 + replica.prefill_ms_per_token * shape.input_tokens) * queueing;
  const double e2e = ttft + itl * (shape.output_tokens - 1);
  Measurement row{.configuration = replica.configuration, .load = {.offered_rps = offered, .achieved_rps = achieved}};
  row.ttft = Spread(ttft, 0.4 + busy);
  row.itl = Spread(itl, 0.1 + 0.3 * busy);
  for (const domain::Statistic statistic : domain::kStatistics) {
    row.e2e[statistic] = ThreeDecimals(*row.ttft[statistic] + *row.itl[statistic] * (shape.output_tokens - 1));
  }
  row.load.concurrency = ThreeDecimals(achieved * e2e / 1000);
  row.tokens_per_second = ThreeDecimals(achieved * shape.output_tokens);
  row.completed_requests = 500;
  row.failed_requests = 0;
  row.provenance.source = "bench";
  row.provenance.origin = domain::Origin::kSynthetic;
  return row;
}

void SetLengths(const TrafficShape& shape, bool nominal, Measurement& row) {
  const auto lengths = [&](double tokens) {
    return domain::TokenLengths{.mean = tokens,
                                .nominal = nominal ? Reading(tokens) : Reading(),
                                .stdev = std::round(tokens / 5),
                                .min = std::ceil(tokens / 2),
                                .max = std::ceil(tokens * 1.5)};
  };
  row.input_lengths = lengths(shape.input_tokens);
  row.output_lengths = lengths(shape.output_tokens);
}

using RowSink = std::function<void(const Measurement&)>;

void EachRowOfCurve(const Replica& replica, const TrafficShape& shape, bool nominal, int points, const RowSink& sink) {
  for (int point = 1; point <= points; ++point) {
    auto row = MeasureAt(replica, shape, 1.15 * point / points);
    SetLengths(shape, nominal, row);
    sink(row);
  }
}

void EachRow(const DataSetSpec& spec, const RowSink& sink) {
  std::mt19937_64 random(spec.seed);
  int curve = 0;
  for (int i = 0; i < spec.configurations; ++i) {
    const auto replica = MakeReplica(i % spec.models, i / spec.models, random);
    std::set<TrafficShape> shapes;
    const auto count = static_cast<std::size_t>(Share(spec.curves, spec.configurations, i));
    while (shapes.size() < count) {
      const auto [shape, added] = shapes.insert(AnyShape(random));
      const bool nominal = std::bernoulli_distribution(0.5)(random);
      if (added) EachRowOfCurve(replica, *shape, nominal, Share(spec.rows, spec.curves, curve++), sink);
    }
  }
}

}  // namespace

DataSetSpec DataSetSpec::ScaledDown(int by) const {
  const auto scaled = [by](int count) { return std::max(1, count / by); };
  return {.models = models,
          .configurations = std::max(models, scaled(configurations)),
          .curves = std::max(models, scaled(curves)),
          .rows = std::max(models, scaled(rows)),
          .seed = seed};
}

std::string ModelName(int index) {
  const auto billions = kBillions[static_cast<std::size_t>(index) % kBillions.size()];
  return "bench/model-" + std::to_string(index) + "-" + std::to_string(billions) + "b-instruct";
}

TrafficShape AnyShape(std::mt19937_64& random) {
  const double input = Pick(random, kGridTokens);
  const double output = Pick(random, kGridTokens) / 4;
  if (std::bernoulli_distribution(0.5)(random)) return {input, output};
  return {std::round(input * Uniform(random, 0.7, 1.4)), std::round(output * Uniform(random, 0.7, 1.4))};
}

std::vector<Measurement> MakeRows(const DataSetSpec& spec) {
  std::vector<Measurement> rows;
  EachRow(spec, [&](const Measurement& row) { rows.push_back(row); });
  return rows;
}

void WriteDataFile(const DataSetSpec& spec, const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::binary);
  out << "{\"revision\":1,\"benchmarks\":[";
  const char* separator = "\n";
  EachRow(spec, [&](const Measurement& row) {
    out << separator << json::WriteMeasurement(row).dump();
    separator = ",\n";
  });
  out << "\n]}\n";
  if (!out.flush()) throw std::runtime_error("Cannot write " + file.string());
}

}  // namespace loadline::bench
