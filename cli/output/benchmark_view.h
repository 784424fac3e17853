#pragma once

#include <ostream>

#include "cli/api.h"

/// Benchmarks as tables made for people, at most 120 columns wide.
namespace loadline::cli {

/// One line a benchmark, under a heading for each configuration.
void PrintBenchmarks(const benchmark_api::ListBenchmarksResponse& listing, std::ostream& out);

void PrintConfigurations(const benchmark_api::ListConfigurationsResponse& listing, std::ostream& out);

void PrintQuarantined(const benchmark_api::ListQuarantinedResponse& listing, std::ostream& out);

/// Everything that is known of one benchmark.
void PrintBenchmark(const benchmark_api::Benchmark& benchmark, std::ostream& out);

/// The benchmark nearest to `asked`, and how near it is.
void PrintMatch(const benchmark_api::TrafficShape& asked, const planner_api::MatchBenchmarkResponse& match,
                std::ostream& out);

}  // namespace loadline::cli
