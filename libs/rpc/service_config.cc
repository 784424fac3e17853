#include "libs/rpc/service_config.h"

#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

namespace loadline::rpc {
namespace {

using nlohmann::json;

struct Method {
  const char* service;
  const char* name;
};

// Not here: what writes (imports, UpsertHardware), since a call whose
// answer was lost may have been carried out; and WatchChanges, which its
// watcher opens again with what it knows by then.
constexpr std::array kCallsThatChangeNothing = {
    Method{"loadline.benchmark.v1.BenchmarkService", "ListBenchmarks"},
    Method{"loadline.benchmark.v1.BenchmarkService", "GetBenchmark"},
    Method{"loadline.benchmark.v1.BenchmarkService", "ListConfigurations"},
    Method{"loadline.benchmark.v1.BenchmarkService", "FindClosestBenchmark"},
    Method{"loadline.benchmark.v1.BenchmarkService", "SearchModels"},
    Method{"loadline.benchmark.v1.BenchmarkService", "ListQuarantined"},
    Method{"loadline.catalog.v1.CatalogService", "ListModels"},
    Method{"loadline.catalog.v1.CatalogService", "ListHardware"},
    Method{"loadline.catalog.v1.CatalogService", "ListUseCases"},
    Method{"loadline.planner.v1.PlannerService", "MatchBenchmark"},
    Method{"loadline.planner.v1.PlannerService", "PlanCapacity"},
    Method{"loadline.planner.v1.PlannerService", "PredictPerformance"},
    Method{"loadline.planner.v1.PlannerService", "ExplainPlan"},
};

json RetriedMethods() {
  json names = json::array();
  for (const auto& method : kCallsThatChangeNothing) {
    names.push_back({{"service", method.service}, {"method", method.name}});
  }
  return names;
}

json RetryPolicy() {
  return {{"maxAttempts", 3},
          {"initialBackoff", "0.05s"},
          {"maxBackoff", "1s"},
          {"backoffMultiplier", 2},
          {"retryableStatusCodes", {"UNAVAILABLE"}}};
}

// A failure takes one token, an answer gives a tenth back; with five or fewer
// left nothing is tried again.
json RetryBudget() { return {{"maxTokens", 10}, {"tokenRatio", 0.1}}; }

bool MayBeMany(std::string_view target) {
  for (const std::string_view scheme : {"dns:", "ipv4:", "ipv6:"}) {
    if (target.starts_with(scheme)) return true;
  }
  return false;
}

}  // namespace

std::string ServiceConfig(const std::string& target) {
  json config = {{"methodConfig", {{{"name", RetriedMethods()}, {"retryPolicy", RetryPolicy()}}}},
                 {"retryThrottling", RetryBudget()}};
  if (MayBeMany(target)) {
    config["loadBalancingConfig"] = {{{"round_robin", json::object()}}};
    // The health of the whole server.
    config["healthCheckConfig"] = {{"serviceName", ""}};
  }
  return config.dump();
}

}  // namespace loadline::rpc
