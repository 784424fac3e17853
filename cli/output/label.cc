#include "cli/output/label.h"

#include <fmt/format.h>

#include <vector>

#include "cli/output/number.h"
#include "cli/output/text.h"

namespace loadline::cli {
namespace {

std::string Deployment(const benchmark_api::Configuration& configuration) {
  std::string text = fmt::format("{}× {}", configuration.hardware_count(), configuration.hardware());
  if (!configuration.precision().empty()) text += ", " + configuration.precision();
  if (!configuration.framework().empty()) text += ", " + configuration.framework();
  if (!configuration.framework_version().empty()) text += " " + configuration.framework_version();
  return text;
}

// What an origin other than a measurement means.
std::string Meaning(benchmark_api::Origin origin) {
  switch (origin) {
    case benchmark_api::ORIGIN_SIMULATED: return "a simulator produced it";
    case benchmark_api::ORIGIN_INTERPOLATED: return "interpolated from other configurations";
    case benchmark_api::ORIGIN_ESTIMATED: return "derived by some other method";
    case benchmark_api::ORIGIN_SYNTHETIC: return "generated from a performance model";
    default: return "";
  }
}

bool IsMeasured(benchmark_api::Origin origin) {
  return origin == benchmark_api::ORIGIN_MEASURED || origin == benchmark_api::ORIGIN_UNSPECIFIED;
}

}  // namespace

std::string ConfigurationLines(const benchmark_api::Configuration& configuration) {
  return configuration.model_hf_repo() + "\n" + Deployment(configuration);
}

std::string ConfigurationLine(const benchmark_api::Configuration& configuration) {
  return configuration.model_hf_repo() + " on " + Deployment(configuration);
}

std::string ShapeLabel(const benchmark_api::TrafficShape& shape) {
  return fmt::format("({}, {})", FormatTokens(shape.input_tokens()), FormatTokens(shape.output_tokens()));
}

std::string OriginLabel(benchmark_api::Origin origin) {
  switch (origin) {
    case benchmark_api::ORIGIN_SIMULATED: return "simulated";
    case benchmark_api::ORIGIN_INTERPOLATED: return "interpolated";
    case benchmark_api::ORIGIN_ESTIMATED: return "estimated";
    case benchmark_api::ORIGIN_SYNTHETIC: return "synthetic";
    default: return "measured";
  }
}

std::string BasisLabel(planner_api::Basis basis) {
  switch (basis) {
    case planner_api::BASIS_MEASURED: return "at a measured load";
    case planner_api::BASIS_INTERPOLATED: return "between two measured loads";
    case planner_api::BASIS_PREDICTED: return "from a fitted model";
    case planner_api::BASIS_CLOSEST: return "from the closest shape";
    default: return "not stated";
  }
}

std::string CapacityLabel(planner_api::CapacityKind kind) {
  switch (kind) {
    case planner_api::CAPACITY_KIND_EXACT: return "exact";
    case planner_api::CAPACITY_KIND_LOWER_BOUND: return "lower bound";
    case planner_api::CAPACITY_KIND_PREDICTED: return "predicted";
    case planner_api::CAPACITY_KIND_NONE: return "none";
    default: return "not stated";
  }
}

std::string PolicyLabel(planner_api::MatchPolicy policy) {
  switch (policy) {
    case planner_api::MATCH_POLICY_EXACT: return "exact";
    case planner_api::MATCH_POLICY_CLOSEST: return "closest";
    case planner_api::MATCH_POLICY_CLOSEST_RESCALED: return "closest-rescaled";
    case planner_api::MATCH_POLICY_AUTO: return "auto";
    default: return "not stated";
  }
}

std::string RejectionName(planner_api::RejectionReason reason) {
  switch (reason) {
    case planner_api::REJECTION_REASON_SLO: return "SLO";
    case planner_api::REJECTION_REASON_NOT_MEASURED: return "not measured";
    case planner_api::REJECTION_REASON_SHAPE: return "shape";
    case planner_api::REJECTION_REASON_MEMORY: return "memory";
    case planner_api::REJECTION_REASON_GPU_INVENTORY: return "GPUs";
    case planner_api::REJECTION_REASON_NO_PRICE: return "no price";
    case planner_api::REJECTION_REASON_BUDGET: return "budget";
    default: return "not stated";
  }
}

std::string RejectionLabel(planner_api::RejectionReason reason) {
  switch (reason) {
    case planner_api::REJECTION_REASON_SLO: return "a limit fails at the lowest measured load";
    case planner_api::REJECTION_REASON_NOT_MEASURED: return "a limit's statistic was not measured";
    case planner_api::REJECTION_REASON_SHAPE: return "the shape was not measured";
    case planner_api::REJECTION_REASON_MEMORY: return "the model does not fit into memory";
    case planner_api::REJECTION_REASON_GPU_INVENTORY: return "more GPUs than --max-gpus allows";
    case planner_api::REJECTION_REASON_NO_PRICE: return "no price";
    case planner_api::REJECTION_REASON_BUDGET: return "dearer than --budget allows";
    default: return "not stated";
  }
}

std::string OriginNote(const OriginCounts& counts, const std::string& what) {
  std::vector<std::string> others;
  std::size_t measured = 0;
  for (const auto& [origin, count] : counts) {
    if (IsMeasured(origin)) {
      measured += count;
    } else if (count > 0) {
      others.push_back(fmt::format("{} ({}, not measured)", OriginLabel(origin), Meaning(origin)));
    }
  }
  if (others.empty()) return "";
  if (measured > 0) others.insert(others.begin(), "measured");
  if (others.size() > 1) return fmt::format("The {} is mixed: {}.", what, Join(others));
  return fmt::format("All {} is {}.", what, others.front());
}

}  // namespace loadline::cli
