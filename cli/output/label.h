#pragma once

#include <map>
#include <string>

#include "cli/api.h"

namespace loadline::cli {

/// "model\n2× H100, bf16, vllm 0.11.0": two lines, so that tables stay narrow.
std::string ConfigurationLines(const benchmark_api::Configuration& configuration);

/// "model on 2× H100, bf16, vllm 0.11.0".
std::string ConfigurationLine(const benchmark_api::Configuration& configuration);

/// "(512, 256)".
std::string ShapeLabel(const benchmark_api::TrafficShape& shape);

/// "measured", "synthetic", ... Not stated counts as measured.
std::string OriginLabel(benchmark_api::Origin origin);

std::string BasisLabel(planner_api::Basis basis);
std::string CapacityLabel(planner_api::CapacityKind kind);
std::string PolicyLabel(planner_api::MatchPolicy policy);
/// "SLO", "memory", ...
std::string RejectionName(planner_api::RejectionReason reason);
/// The same as a clause: "a limit fails at the lowest measured load".
std::string RejectionLabel(planner_api::RejectionReason reason);

/// How many of the things that are shown have each origin.
using OriginCounts = std::map<benchmark_api::Origin, std::size_t>;

/// A sentence that says which of `counts` was not measured, and what that
/// means; "" where all was. `what` is what is counted, such as "evidence".
std::string OriginNote(const OriginCounts& counts, const std::string& what);

}  // namespace loadline::cli
