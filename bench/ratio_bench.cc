// Measures the services against their own empty call, and their memory. See
// RESULTS.md for what comes out.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "bench/backends.h"
#include "bench/calls.h"
#include "bench/data_set.h"
#include "bench/latency.h"
#include "bench/report.h"
#include "bench/services.h"
#include "libs/testing/temp_dir.h"

namespace loadline::bench {
namespace {

struct Options {
  Installation installation;
  std::uint64_t seed = 20261121;
  bool quick = false;
  std::string output;
  std::string only;
};

struct Case {
  std::string what;
  CallFactory call;
  Effort effort;
  double max_ratio = 0;
  std::optional<double> max_ms = {};
};

/// Runs cases and collects their results.
class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)) {
    report_.seed = options_.seed;
    report_.quick = options_.quick;
  }

  Report Run() {
    MeasureEmpty();
    if (Wanted("store")) MeasureStore();
    if (Wanted("small")) MeasureSmallPlans();
    if (Wanted("large")) MeasureLargePlans();
    if (Wanted("postgres")) report_.backends = CompareBackends(options_.installation, StoreSpec(), options_.quick);
    return report_;
  }

 private:
  static constexpr int kStoreModels = 40;
  static constexpr int kLargeModels = 100;

  bool Wanted(const std::string& part) const { return options_.only.empty() || options_.only == part; }

  DataSetSpec Spec(const DataSetSpec& full) const { return options_.quick ? full.ScaledDown(20) : full; }

  std::filesystem::path Write(const DataSetSpec& spec) const {
    fmt::print(stderr, "generating {} benchmarks of {} configurations\n", spec.rows, spec.configurations);
    auto file = folder_ / (std::to_string(spec.rows) + "-" + std::to_string(spec.configurations) + ".json");
    WriteDataFile(spec, file);
    return file;
  }

  // A store that says that it took every row, so that we know what we measure.
  Service StoreWith(const DataSetSpec& spec) const {
    const auto file = Write(spec);
    auto store = StartStore(options_.installation, file);
    const auto loaded = store.Logged("loaded", "benchmarks");
    std::filesystem::remove(file);
    if (loaded != std::to_string(spec.rows)) throw std::runtime_error("The store took only " + loaded + " rows.");
    return store;
  }

  // What services hold that have no benchmarks.
  void MeasureEmpty() {
    auto store = StartStore(options_.installation, folder_.Write("none.json", R"({"revision":1,"benchmarks":[]})"));
    auto planner = StartPlanner(options_.installation, store.address());
    planner.Logged("serving", "event");
    const auto plan = PlanCapacity(1, false, 1)(Connect(planner.address()), 1);
    for (int i = 0; i < 100; ++i) plan();
    empty_store_bytes_ = store.resident_bytes();
    empty_planner_bytes_ = planner.resident_bytes();
  }

  DataSetSpec StoreSpec() const {
    return Spec({.models = kStoreModels,
                 .configurations = 10'000,
                 .curves = 100'000,
                 .rows = 1'000'000,
                 .seed = options_.seed});
  }

  void MeasureStore() {
    const auto spec = StoreSpec();
    auto store = StoreWith(spec);
    report_.memory.push_back({"benchmark-store", spec.rows, store.resident_bytes() - empty_store_bytes_, 600});
    const auto what = fmt::format("FindClosestBenchmark, {} rows", spec.rows);
    Measure(store, {what, FindClosest(kStoreModels, false), {}, 1.5});
    Measure(store, {what + ", one model", FindClosest(kStoreModels, true), {}, 1.5});
  }

  void MeasureSmallPlans() {
    for (const int configurations : {83, 157}) {
      const DataSetSpec spec = {
          .models = 28, .configurations = configurations, .curves = 157, .rows = 1383, .seed = options_.seed};
      auto store = StoreWith(spec);
      auto planner = WarmPlanner(store, spec.models);
      const auto set = fmt::format("{} rows, {} configurations", spec.rows, configurations);
      Measure(planner, {"PlanCapacity, one model, " + set, PlanCapacity(spec.models, true, 5), {}, 2});
      Measure(planner, {"PlanCapacity, all models, " + set, PlanCapacity(spec.models, false, 5), {}, 8});
    }
  }

  void MeasureLargePlans() {
    const auto spec = Spec(
        {.models = kLargeModels, .configurations = 32'400, .curves = 64'800, .rows = 512'800, .seed = options_.seed});
    auto store = StoreWith(spec);
    report_.memory.push_back({"benchmark-store", spec.rows, store.resident_bytes() - empty_store_bytes_, 600});
    auto planner = WarmPlanner(store, spec.models);
    report_.memory.push_back({"planner", spec.rows, planner.resident_bytes() - empty_planner_bytes_, 300});
    const auto set = fmt::format("{} rows, {} configurations", spec.rows, spec.configurations);
    Measure(planner, {"PlanCapacity, one model, " + set, PlanCapacity(spec.models, true, 5), {.rounds = 20}, 2});
    Measure(planner, {"PlanCapacity, all models, top 10, " + set,
                      PlanCapacity(spec.models, false, 10),
                      {.rounds = 20, .empty_per_round = 100, .measured_per_round = 10},
                      400,
                      60});
  }

  // A planner that has the evidence of all models.
  Service WarmPlanner(Service& store, int models) const {
    auto planner = StartPlanner(options_.installation, store.address());
    planner.Logged("serving", "event");
    PlanCapacity(models, false, 1)(Connect(planner.address()), options_.seed)();
    return planner;
  }

  void Measure(Service& service, const Case& measured) {
    for (const int count : {1, 8}) {
      std::vector<Connection> connections;
      for (int i = 0; i < count; ++i) {
        const auto channel = Connect(service.address());
        connections.push_back({.empty = EmptyCall(channel),
                               .measured = measured.call(channel, options_.seed + static_cast<std::uint64_t>(i))});
      }
      Keep(measured, count, Compare(connections, EffortOf(measured, count)));
    }
  }

  Effort EffortOf(const Case& measured, int connections) const {
    auto effort = measured.effort;
    if (options_.quick) effort.rounds = std::max(1, effort.rounds / 5);
    effort.empty_per_round = std::max(1, effort.empty_per_round / connections);
    effort.measured_per_round = std::max(1, effort.measured_per_round / connections);
    return effort;
  }

  void Keep(const Case& measured, int connections, const Comparison& comparison) {
    report_.latencies.push_back({.what = measured.what,
                                 .connections = connections,
                                 .empty_p50 = comparison.empty.Percentile(0.5),
                                 .empty_p99 = comparison.empty.Percentile(0.99),
                                 .p50 = comparison.measured.Percentile(0.5),
                                 .p99 = comparison.measured.Percentile(0.99),
                                 .max_ratio = measured.max_ratio,
                                 // More calls at once than cores wait for each other.
                                 .max_ms = connections == 1 ? measured.max_ms : std::nullopt});
    const auto& row = report_.latencies.back();
    fmt::print(stderr, "{}, {} connections: p50 {:.0f} us, {:.2f} x Check\n", row.what, connections, row.p50,
               row.ratio());
  }

  const Options options_;
  const testing::TempDir folder_;
  std::int64_t empty_store_bytes_ = 0;
  std::int64_t empty_planner_bytes_ = 0;
  Report report_;
};

}  // namespace
}  // namespace loadline::bench

int main(int argc, char** argv) try {
  using namespace loadline::bench;
  Options options;
  options.installation = {.binaries = LOADLINE_BINARY_DIR "/bin", .data = LOADLINE_SOURCE_DIR "/data"};
  CLI::App app("Measures benchmark-store and planner against their own empty call.");
  app.add_option("--binaries", options.installation.binaries, "The folder of the two programs");
  app.add_option("--data", options.installation.data, "The folder of the catalogue");
  app.add_option("--seed", options.seed, "Seed of the generated data");
  app.add_option("--only", options.only, "Only this part")
      ->check(CLI::IsMember({"store", "small", "large", "postgres"}));
  app.add_option("--output", options.output, "Also writes the report to this file");
  app.add_flag("--quick", options.quick, "A twentieth of the rows and a fifth of the rounds");
  CLI11_PARSE(app, argc, argv);
  const auto text = ToMarkdown(Bench(options).Run());
  std::cout << text;
  if (options.output.empty()) return EXIT_SUCCESS;
  std::ofstream file(options.output);
  file << text;
  return file.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return EXIT_FAILURE;
}
